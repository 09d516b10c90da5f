//! The result in print: a table to read, or JSON with every number in full.

use crate::arguments::ReportFormat;
use crate::error::{Error, Result};
use crate::number::Number;
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use lapwing::Certificate;
use ndarray::ArrayRef1;
use serde::Serialize;
use std::io::{self, Write};

/// Rows of the table; JSON has all components.
pub(crate) const MOST_ROWS: usize = 20;

/// What a fitted model says of itself. The JSON report has these fields, in this order.
#[derive(Debug, Serialize)]
pub(crate) struct Summary<T> {
    pub(crate) n_samples: usize,
    pub(crate) n_features: usize,
    pub(crate) n_components: usize,
    pub(crate) solver: String,
    pub(crate) mean: Vec<T>,
    pub(crate) components: Vec<Vec<T>>,
    pub(crate) explained_variance: Vec<T>,
    pub(crate) explained_variance_ratio: Vec<T>,
    pub(crate) singular_values: Vec<T>,
    pub(crate) noise_variance: T,
    pub(crate) seconds: f64,
    pub(crate) threads: usize,
    pub(crate) backend: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<Vec<Check>>,
}

/// One line of the certificate.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Check {
    pub(crate) what: &'static str,
    pub(crate) value: f64,
    pub(crate) threshold: f64,
    pub(crate) holds: bool,
}

impl Check {
    /// The lines of a certificate.
    pub(crate) fn list(certificate: &Certificate) -> Vec<Self> {
        let check = |ratio: &lapwing::Ratio| Self {
            what: ratio.what,
            value: ratio.value,
            threshold: ratio.threshold,
            holds: ratio.holds(),
        };
        certificate.ratios().iter().map(check).collect()
    }

    /// The largest of some residual norms, in units of what rounding leaves of a matrix of this norm and extent.
    pub(crate) fn of_residuals<T: Number>(
        what: &'static str,
        residuals: &ArrayRef1<T>,
        norm: f64,
        extent: usize,
    ) -> Self {
        let worst = residuals.iter().fold(0.0, |worst: f64, &residual| worst.max(residual.into()));
        let unit = Into::<f64>::into(T::UNIT_ROUNDOFF) * extent as f64 * norm;
        let value = if worst == 0.0 { 0.0 } else { worst / unit };
        // LAPACK's threshold for singular values and vectors.
        let threshold = 50.0;
        Self { what, value, threshold, holds: value < threshold }
    }
}

/// What the readable report says besides the summary.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// Lines above the table, such as the file and its shape: a name and what it is.
    pub(crate) heading: Vec<(&'static str, String)>,
    /// Lines below it, such as files written.
    pub(crate) notes: Vec<String>,
}

impl Context {
    /// The table between its heading and its certificate and notes.
    pub(crate) fn around(&self, table: &str, certificate: Option<&[Check]>) -> String {
        let mut parts = vec![aligned(&self.heading), table.to_owned()];
        if let Some(checks) = certificate {
            parts.push(certificate_table(checks));
        }
        if !self.notes.is_empty() {
            parts.push(self.notes.join("\n") + "\n");
        }
        parts.join("\n")
    }
}

/// Anything as pretty JSON.
pub(crate) fn json(report: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(report)
        .map_err(|error| Error::new(format!("cannot write the report as JSON: {error}")))?;
    Ok(text + "\n")
}

/// Singular values with their shares of `squares`, the sum of the squares of all of them.
pub(crate) fn singular_value_table(values: &[f64], squares: f64) -> String {
    let mut table = plain_table(&["number", "singular value", "share", "cumulative"]);
    let mut cumulative = 0.0;
    for (i, &value) in values.iter().enumerate().take(MOST_ROWS) {
        let share = if squares > 0.0 { value * value / squares } else { 0.0 };
        cumulative += share;
        table.add_row([(i + 1).to_string(), significant(value), percent(share), percent(cumulative)]);
    }
    finished(table, CellAlignment::Right) + &and_more(values.len())
}

/// Eigenvalues, of which a general matrix has complex ones, and what is left of `A v − λ v`, where vectors were computed.
pub(crate) fn eigenvalue_table(values: &[(f64, f64)], general: bool, residuals: Option<&[f64]>) -> String {
    let mut header = vec!["number", "eigenvalue"];
    header.extend(general.then_some("imaginary part"));
    header.extend(residuals.map(|_| "residual"));
    let mut table = plain_table(&header);
    for (i, &(real, imaginary)) in values.iter().enumerate().take(MOST_ROWS) {
        let mut row = vec![(i + 1).to_string(), significant(real)];
        row.extend(general.then(|| significant(imaginary)));
        row.extend(residuals.map(|residuals| significant(residuals[i])));
        table.add_row(row);
    }
    finished(table, CellAlignment::Right) + &and_more(values.len())
}

impl<T: Copy + Into<f64> + Serialize> Summary<T> {
    /// The summary as pretty JSON.
    pub(crate) fn json(&self) -> Result<String> {
        json(self)
    }

    /// The summary as a table between its heading and its notes.
    pub(crate) fn text(&self, context: &Context) -> String {
        context.around(&self.component_table(), self.certificate.as_deref())
    }

    fn component_table(&self) -> String {
        let mut table = plain_table(&["component", "variance", "share", "cumulative", "singular value"]);
        let mut cumulative = 0.0;
        for i in 0..self.n_components.min(MOST_ROWS) {
            let share: f64 = self.explained_variance_ratio[i].into();
            cumulative += share;
            table.add_row([
                (i + 1).to_string(),
                significant(self.explained_variance[i].into()),
                percent(share),
                percent(cumulative),
                significant(self.singular_values[i].into()),
            ]);
        }
        let mut text = finished(table, CellAlignment::Right);
        if let Some(more @ 1..) = self.n_components.checked_sub(MOST_ROWS) {
            let all: f64 = self.explained_variance_ratio.iter().map(|&share| share.into()).sum();
            text += &format!("and {more} more, {} in all; --format json has them\n", percent(all).trim());
        }
        text
    }
}

/// The line under a table that has been cut.
pub(crate) fn and_more(rows: usize) -> String {
    match rows.checked_sub(MOST_ROWS) {
        Some(more @ 1..) => format!("and {more} more; --format json has them\n"),
        _ => String::new(),
    }
}

fn certificate_table(checks: &[Check]) -> String {
    let mut table = plain_table(&["certificate", "ratio", "threshold", "holds"]);
    for check in checks {
        table.add_row([
            check.what.to_owned(),
            significant(check.value),
            check.threshold.to_string(),
            if check.holds { "ok" } else { "no" }.to_owned(),
        ]);
    }
    finished(table, CellAlignment::Left)
}

/// A table without borders or colours, its columns under a rule.
pub(crate) fn plain_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')));
    table.set_header(header.iter().copied());
    table
}

/// The table as text, its first column set to the given side and the others, numbers, to the right.
pub(crate) fn finished(mut table: Table, first: CellAlignment) -> String {
    for (i, column) in table.column_iter_mut().enumerate() {
        column.set_padding(if i == 0 { (0, 0) } else { (3, 0) });
        column.set_cell_alignment(if i == 0 { first } else { CellAlignment::Right });
    }
    table.trim_fmt() + "\n"
}

/// `name  value` lines, the values under each other.
pub(crate) fn aligned(lines: &[(&str, String)]) -> String {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    lines.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

pub(crate) fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// Five significant digits, with an exponent when there would be too many zeros.
pub(crate) fn significant(value: f64) -> String {
    const DIGITS: i32 = 5;
    if value == 0.0 || !value.is_finite() {
        return value.abs().to_string();
    }
    let magnitude = value.abs().log10().floor() as i32;
    if (-3..7).contains(&magnitude) {
        format!("{value:.*}", (DIGITS - 1 - magnitude).max(0) as usize)
    } else {
        format!("{value:.*e}", DIGITS as usize - 1)
    }
}

/// The same without zeros at its end, for what a person may have chosen.
pub(crate) fn shortest(value: f64) -> String {
    let text = significant(value);
    if text.contains('e') || !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Prints the report in the format asked for; text can be silenced.
pub(crate) fn show(
    format: ReportFormat,
    quiet: bool,
    json: impl FnOnce() -> Result<String>,
    text: impl FnOnce() -> String,
) -> Result<()> {
    match format {
        ReportFormat::Json => print(&json()?),
        ReportFormat::Text if !quiet => print(&text()),
        ReportFormat::Text => Ok(()),
    }
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no failure.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(components: usize) -> Summary<f64> {
        let falling =
            |first: f64| (0..components).map(|i| first * 0.5_f64.powi(i as i32)).collect::<Vec<_>>();
        Summary {
            n_samples: 100,
            n_features: components,
            n_components: components,
            solver: "full".into(),
            mean: vec![0.0; components],
            components: vec![vec![0.0; components]; components],
            explained_variance: falling(1234.5),
            explained_variance_ratio: falling(0.5),
            singular_values: falling(1e8),
            noise_variance: 0.1 + 0.2,
            seconds: 0.25,
            threads: 2,
            backend: "OpenBLAS".into(),
            certificate: None,
        }
    }

    #[test]
    fn the_table_reads_well() {
        let mut summary = summary(2);
        summary.certificate = Some(vec![
            Check { what: "residual", value: 0.0123456, threshold: 50.0, holds: true },
            Check { what: "orthogonality", value: 1e9, threshold: 50.0, holds: false },
        ]);
        let context = Context {
            heading: vec![("file", "a.csv".into()), ("samples x features", "100 x 2".into())],
            notes: vec!["wrote b.csv".into()],
        };
        let expected = "\
file                a.csv
samples x features  100 x 2

component   variance     share   cumulative   singular value
────────────────────────────────────────────────────────────
        1     1234.5   50.00 %      50.00 %         1.0000e8
        2     617.25   25.00 %      75.00 %         5.0000e7

certificate        ratio   threshold   holds
────────────────────────────────────────────
residual        0.012346          50      ok
orthogonality   1.0000e9          50      no

wrote b.csv
";
        assert_eq!(summary.text(&context), expected, "{}", summary.text(&context));
    }

    #[test]
    fn a_long_table_is_cut_and_says_so() {
        let text = summary(23).text(&Context::default());
        assert!(text.contains("\n       20  ") && !text.contains("\n       21  "));
        assert!(text.ends_with("and 3 more, 100.00 % in all; --format json has them\n"), "{text}");
        assert!(!summary(20).text(&Context::default()).contains("more"));
    }

    #[test]
    fn json_numbers_read_back_as_the_same_bits() {
        let value: serde_json::Value = serde_json::from_str(&summary(2).json().unwrap()).unwrap();
        assert_eq!(value["noise_variance"].as_f64().unwrap().to_bits(), (0.1_f64 + 0.2).to_bits());
        assert!(value.get("certificate").is_none());
    }

    #[test]
    fn numbers_keep_five_digits() {
        for (value, text) in [
            (0.0, "0"),
            (179.006930, "179.01"),
            (0.00123456, "0.0012346"),
            (1e-9, "1.0000e-9"),
            (1234567.0, "1234567"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(significant(value), text);
        }
        for (value, text) in
            [(1.0, "1"), (0.01, "0.01"), (0.5644043, "0.5644"), (1e9, "1.0000e9"), (100.0, "100")]
        {
            assert_eq!(shortest(value), text);
        }
    }
}
