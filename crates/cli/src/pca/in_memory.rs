//! The analysis of a table that is read as a whole.

use super::outputs::{Plotted, Written};
use super::{Analysis, Found, approximate};
use crate::arguments::Solver;
use crate::error::Result;
use crate::number::Number;
use crate::read::{self, Features, Labels, Table};
use crate::report::Check;
use crate::scores::ScoresWriter;
use lapwing::{Pca, PcaSolver};
use ndarray::Array2;
use std::time::Instant;

pub(super) fn run(analysis: Analysis<'_>) -> Result<()> {
    let arguments = analysis.arguments;
    let Table { features, labels } =
        read::table(&arguments.input, arguments.label.as_deref(), &analysis.progress)?;
    match features {
        Features::Single(x) => of_table(analysis, &x, labels),
        Features::Double(x) => of_table(analysis, &x, labels),
    }
}

fn of_table<T: Number>(analysis: Analysis<'_>, x: &Array2<T>, labels: Option<Labels>) -> Result<()> {
    let started = Instant::now();
    let pca = match &analysis.arguments.load_model {
        Some(model) => analysis.load::<T>(model, x.ncols())?,
        None => fit(&analysis, x)?,
    };
    // Transformed, rather than taken from the decomposition, so that the model loaded gives the
    // same bits as the model fitted.
    let scores = if analysis.wants_scores() {
        analysis.require_components(&pca)?;
        Some(pca.transform(x)?)
    } else {
        None
    };
    let seconds = started.elapsed().as_secs_f64();
    let certificate = if analysis.arguments.verify {
        analysis.progress.phase("verifying");
        Some(Check::list(&pca.certificate(x)?))
    } else {
        None
    };
    let label = labels.as_ref().map(|labels| labels.name.clone());
    let found = Found {
        pca: &pca,
        solver: pca.solver().to_string(),
        approximate: approximate(&pca),
        shape: x.dim(),
        label: label.as_deref(),
        batch_rows: None,
        seconds,
        certificate,
    };
    analysis.conclude(found, |analysis| write(analysis, &pca, x.nrows(), scores.as_ref(), labels))
}

fn fit<T: Number>(analysis: &Analysis<'_>, x: &Array2<T>) -> Result<Pca<T>> {
    let (samples, features) = x.dim();
    let arguments = analysis.arguments;
    analysis.progress.phase(format!("decomposing {samples} x {features}"));
    let n_components = analysis.components(samples, features)?;
    let solver = match arguments.solver.unwrap_or(Solver::Auto) {
        // The incremental solver reads for itself.
        Solver::Auto | Solver::Incremental => PcaSolver::Auto,
        Solver::Full => PcaSolver::Full,
        Solver::Covariance => PcaSolver::CovarianceEigh,
        Solver::Randomized => PcaSolver::Randomized,
    };
    let params = Pca::params().n_components(n_components).solver(solver).whitening(analysis.whitening());
    Ok(params.seed(arguments.seed.unwrap_or(0)).fit(x)?)
}

/// Writes every file asked for and tells what was written.
fn write<T: Number>(
    analysis: &Analysis<'_>,
    pca: &Pca<T>,
    samples: usize,
    scores: Option<&Array2<T>>,
    labels: Option<Labels>,
) -> Result<Vec<String>> {
    let Analysis { arguments, targets, progress, .. } = analysis;
    let mut written = Written::default();
    let mut plotted = Plotted::default();
    if let Some(scores) = scores {
        if let (Some(target), Some(file)) = (&targets.scores, &arguments.output) {
            progress.phase(format!("writing {}", target.path().display()));
            let name = labels.as_ref().map(|labels| labels.name.as_str());
            written.outputs.write(target, |out| {
                let mut writer = ScoresWriter::begin::<T>(out, file.format, scores.dim(), name)?;
                writer.append(scores, labels.as_ref().map(|labels| labels.values.as_slice()))?;
                writer.finish()
            })?;
            written.note_scores(target, scores.dim());
        }
        if targets.plot.is_some() {
            plotted.extend(scores);
        }
    }
    plotted.labels = labels;
    written.complete(arguments, targets, progress, pca, samples, plotted)
}
