//! Comma-separated text, with or without a header line.

use super::{Features, Labels, NOT_FINITE_REMEDY, Table, suggestion};
mod guard;

use crate::error::{Error, Result};
use ::csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use guard::Guard;
use ndarray::Array2;
use std::io::Read;

/// Reads the table from `input`, which messages call `name`; `label` names or numbers the column to
/// leave out of the features.
pub(super) fn read(input: impl Read, name: &str, label: Option<&str>) -> Result<Table> {
    Parser::open(Guard::new(input), name, label)?.table()
}

/// The text of a cell without the blanks around it.
fn trimmed(cell: &[u8]) -> &[u8] {
    cell.trim_ascii()
}

fn line_feeds(text: &[u8]) -> u64 {
    text.iter().filter(|&&byte| byte == b'\n').count() as u64
}

fn number(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(trimmed(cell)).ok()?.parse().ok()
}

/// The cell as text for a message, cut to a length that fits a line.
fn quoted(cell: &[u8]) -> String {
    const LONGEST: usize = 40;
    let text = String::from_utf8_lossy(trimmed(cell));
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}", format!("{}...", &text[..end])),
        None => format!("{text:?}"),
    }
}

struct Parser<'a, R> {
    reader: Reader<Guard<R>>,
    name: &'a str,
    /// The names of all columns, empty when the file has no header.
    header: Vec<String>,
    /// The record read last; after `open`, the first row of data.
    record: ByteRecord,
    /// Whether `record` holds a row.
    more: bool,
    /// The line on which the first record stands, for ragged rows.
    first_line: u64,
    columns: usize,
    /// Index of the label column.
    label: Option<usize>,
}

impl<'a, R: Read> Parser<'a, R> {
    /// Reads the first line, decides whether it is a header, and finds the label column.
    fn open(input: Guard<R>, name: &'a str, label: Option<&str>) -> Result<Self> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            // A carriage return before the line feed is trimmed with the blanks; letting the reader take
            // it for an end of line would put its count of lines one behind.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(input);
        let mut parser = Self {
            reader,
            name,
            header: Vec::new(),
            record: ByteRecord::new(),
            more: true,
            first_line: 0,
            columns: 0,
            label: None,
        };
        parser.advance()?;
        if !parser.more {
            return Err(Error::new(format!("{name} is empty"))
                .remedy("it needs a line of comma-separated numbers per sample"));
        }
        parser.first_line = parser.line();
        parser.columns = parser.record.len();
        let header = is_header(&parser.record, label);
        if header {
            parser.header = parser
                .record
                .iter()
                .map(|cell| String::from_utf8_lossy(trimmed(cell)).into_owned())
                .collect();
        }
        parser.label = label.map(|label| parser.find_label(label)).transpose()?;
        if header {
            parser.advance()?;
            if !parser.more {
                return Err(Error::new(format!("{name} has a header but no rows"))
                    .remedy("it needs a line of comma-separated numbers per sample"));
            }
        }
        if parser.columns == parser.label.iter().count() {
            return Err(Error::new(format!("{name} has no column besides the label"))
                .remedy("it needs at least one column of numbers"));
        }
        Ok(parser)
    }

    /// Moves to the next row, over blank lines.
    fn advance(&mut self) -> Result<()> {
        loop {
            let start = self.reader.position().clone();
            self.reader.get_mut().begin_record(start.byte());
            self.more = match self.reader.read_byte_record(&mut self.record) {
                Ok(more) => more,
                Err(_) if self.reader.get_ref().is_overlong() => {
                    return Err(Error::new(format!(
                        "{}, from line {}: a row of more than {} MiB",
                        self.name,
                        start.line(),
                        guard::LONGEST_RECORD >> 20
                    ))
                    .remedy("end every row with a line feed, and close every quote"));
                }
                Err(error) => return Err(Error::new(format!("cannot read {}: {error}", self.name))),
            };
            if self.more && self.reader.get_ref().is_exhausted(self.reader.position().byte()) {
                return Err(self.unclosed());
            }
            let blank = self.record.len() == 1 && trimmed(&self.record[0]).is_empty();
            if !self.more || !blank {
                return Ok(());
            }
        }
    }

    /// The line on which the current record begins, counted from 1 as editors do.
    fn line(&self) -> u64 {
        self.reader.position().line() - 1 - line_feeds(self.record.as_slice())
    }

    fn table(mut self) -> Result<Table> {
        let mut values = Vec::new();
        let mut labels = Vec::new();
        let mut rows = 0;
        while self.more {
            if self.record.len() != self.columns {
                return Err(self.ragged());
            }
            for (column, cell) in self.record.iter().enumerate() {
                if self.label == Some(column) {
                    labels.push(String::from_utf8_lossy(trimmed(cell)).into_owned());
                    continue;
                }
                match number(cell) {
                    Some(value) if value.is_finite() => values.push(value),
                    _ => return Err(self.unusable(column)),
                }
            }
            rows += 1;
            self.advance()?;
        }
        let columns = self.columns - self.label.iter().count();
        let features = Array2::from_shape_vec((rows, columns), values)
            .map_err(|error| Error::new(format!("cannot hold {}: {error}", self.name)))?;
        let labels = self.label.map(|column| Labels { name: self.label_name(column), values: labels });
        Ok(Table { features: Features::Double(features), labels })
    }

    fn label_name(&self, column: usize) -> String {
        match self.header.get(column) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => format!("column {}", column + 1),
        }
    }

    /// Only a record within quotes takes in the line feeds that the guard adds at the end: the last cell
    /// then reaches from the quote that opens it to the end of the file.
    fn unclosed(&self) -> Error {
        let cell = self.record.iter().next_back().unwrap_or_default();
        let line = self.reader.position().line() - line_feeds(cell);
        Error::new(format!("{}, line {line}: a quote is opened and never closed", self.name))
            .remedy("close the quote or remove it")
    }

    fn ragged(&self) -> Error {
        let cells = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
        Error::new(format!(
            "{}, line {}: {} where line {} has {}",
            self.name,
            self.line(),
            cells(self.record.len()),
            self.first_line,
            self.columns
        ))
        .remedy("give every line the same number of cells, and quote cells that contain a comma")
    }

    fn unusable(&self, column: usize) -> Error {
        let cell = &self.record[column];
        let place = match self.header.get(column) {
            Some(name) if !name.is_empty() => format!("column {name:?}"),
            _ => format!("column {}", column + 1),
        };
        let line = self.line();
        let fail = |what: String| Error::new(format!("{}, line {line}, {place}: {what}", self.name));
        if trimmed(cell).is_empty() {
            return fail("the cell is empty".to_owned()).remedy("fill the cell in or remove the row");
        }
        if number(cell).is_some() {
            return fail(format!("{} is not a finite number", quoted(cell))).remedy(NOT_FINITE_REMEDY);
        }
        let error = fail(format!("{} is not a number", quoted(cell)));
        let decimal_comma: Vec<u8> = cell.iter().map(|&b| if b == b',' { b'.' } else { b }).collect();
        if cell.contains(&b';') || cell.contains(&b'\t') {
            error.remedy("separate the columns with commas")
        } else if number(&decimal_comma).is_some() {
            error.remedy("write decimals with a point")
        } else if line == self.first_line {
            error.remedy(format!(
                "name the column with --label {} if it is a class; if the line is a header, its names must \
                 not be numbers",
                column + 1
            ))
        } else if self.label.is_none() {
            error.remedy("remove the row, or name the column with --label if it is a class")
        } else {
            error.remedy("correct the cell or remove the row")
        }
    }

    /// The index of the column that `label` names in the header, or numbers from 1.
    fn find_label(&self, label: &str) -> Result<usize> {
        let named: Vec<usize> = (0..self.header.len()).filter(|&i| self.header[i] == label).collect();
        match (named.as_slice(), label.parse::<usize>()) {
            (&[column], _) => Ok(column),
            (&[first, second, ..], _) => Err(Error::new(format!(
                "{} has several columns named {label:?}: {} and {}",
                self.name,
                first + 1,
                second + 1
            ))
            .remedy("give the number of the column instead")),
            ([], Ok(number)) if (1..=self.columns).contains(&number) => Ok(number - 1),
            ([], Ok(number)) => Err(Error::new(format!(
                "there is no column {number} in {}: it has {}",
                self.name, self.columns
            ))
            .remedy("columns are counted from 1")),
            ([], Err(_)) if self.header.is_empty() => {
                Err(Error::new(format!("there is no column {label:?} in {}: it has no header", self.name))
                    .remedy(format!("give the number of the column, from 1 to {}", self.columns)))
            }
            ([], Err(_)) => Err(Error::new(format!("there is no column {label:?} in {}", self.name))
                .remedy(suggestion(label, &self.header))),
        }
    }
}

/// Whether the first line of a file names its columns.
///
/// It does when none of its cells is a number; the label column, whose cells need not be numbers, has
/// no say. A mixed line is taken for data, so that a bad cell there is reported and not lost as a
/// header. A label named in the line settles it: a header may then consist of years.
fn is_header(first: &ByteRecord, label: Option<&str>) -> bool {
    let label_number = label.and_then(|label| label.parse::<usize>().ok());
    if label_number.is_none()
        && label.is_some_and(|label| first.iter().any(|c| trimmed(c) == label.as_bytes()))
    {
        return true;
    }
    let mut cells =
        first.iter().enumerate().filter(|(i, _)| Some(i + 1) != label_number).map(|(_, cell)| cell);
    let mut named = false;
    cells.all(|cell| {
        named |= !trimmed(cell).is_empty();
        number(cell).is_none()
    }) && named
}

#[cfg(test)]
mod tests;
