//! Comma-separated text, with or without a header line.

use super::{Apart, Column, Features, Labels, NOT_FINITE_REMEDY, Observed, Table, numbered, suggestion};
mod guard;

use crate::error::{Error, Result};
use ::csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use guard::Guard;
use ndarray::Array2;
use std::io::Read;

/// Reads the table from `input`, which messages call `name`.
pub(super) fn read(input: impl Read, name: &str, apart: Apart<'_>) -> Result<Table> {
    Parser::open(Guard::new(input), name, apart)?.table()
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
    apart: Apart<'a>,
    /// Index of the column that is apart.
    apart_column: Option<usize>,
}

impl<'a, R: Read> Parser<'a, R> {
    /// Reads the first line, decides whether it is a header, and finds the column that is apart.
    fn open(input: Guard<R>, name: &'a str, apart: Apart<'a>) -> Result<Self> {
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
            apart,
            apart_column: None,
        };
        parser.advance()?;
        if !parser.more {
            return Err(Error::new(format!("{name} is empty"))
                .remedy("it needs a line of comma-separated numbers per sample"));
        }
        parser.first_line = parser.line();
        parser.columns = parser.record.len();
        let header = is_header(&parser.record, apart.column());
        if header {
            parser.header = parser
                .record
                .iter()
                .map(|cell| String::from_utf8_lossy(trimmed(cell)).into_owned())
                .collect();
        }
        parser.apart_column = apart.column().map(|column| parser.find(column)).transpose()?;
        if header {
            parser.advance()?;
            if !parser.more {
                return Err(Error::new(format!("{name} has a header but no rows"))
                    .remedy("it needs a line of comma-separated numbers per sample"));
            }
        }
        if parser.columns == parser.apart_column.iter().count() {
            return Err(Error::new(format!("{name} has no column besides the {}", apart.role()))
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
        let (mut labels, mut observed) = (Vec::new(), Vec::new());
        let mut rows = 0;
        while self.more {
            if self.record.len() != self.columns {
                return Err(self.ragged());
            }
            for (column, cell) in self.record.iter().enumerate() {
                let apart = self.apart_column == Some(column);
                if apart && matches!(self.apart, Apart::Label(_)) {
                    labels.push(String::from_utf8_lossy(trimmed(cell)).into_owned());
                    continue;
                }
                match number(cell) {
                    Some(value) if !value.is_finite() => return Err(self.unusable(column)),
                    Some(value) if apart => observed.push(value),
                    Some(value) => values.push(value),
                    None => return Err(self.unusable(column)),
                }
            }
            rows += 1;
            self.advance()?;
        }
        let features: Vec<usize> =
            (0..self.columns).filter(|&column| self.apart_column != Some(column)).collect();
        let x = Array2::from_shape_vec((rows, features.len()), values)
            .map_err(|error| Error::new(format!("cannot hold {}: {error}", self.name)))?;
        let apart = self.apart_column.map(|column| match (self.column_name(column), self.apart) {
            (name, Apart::Label(_)) => Column::Label(Labels { name, values: labels }),
            (name, Apart::Target(_)) => Column::Target(Observed { name, values: observed }),
        });
        let names = features.into_iter().map(|column| self.column_name(column)).collect();
        Ok(Table { features: Features::Double(x), names, apart })
    }

    fn column_name(&self, column: usize) -> String {
        match self.header.get(column) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => numbered(column),
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
        } else {
            error.remedy(match self.apart {
                Apart::Label(_) if line == self.first_line => format!(
                    "name the column with --label {} if it is a class; if the line is a header, its names \
                     must not be numbers",
                    column + 1
                ),
                Apart::Target(_) if line == self.first_line => {
                    "write numbers for its words, or leave the column out; if the line is a header, its \
                     names must not be numbers"
                        .to_owned()
                }
                Apart::Label(None) => {
                    "remove the row, or name the column with --label if it is a class".to_owned()
                }
                Apart::Label(Some(_)) | Apart::Target(_) => "correct the cell or remove the row".to_owned(),
            })
        }
    }

    /// The index of the column that `wanted` names in the header, or numbers from 1.
    fn find(&self, wanted: &str) -> Result<usize> {
        let named: Vec<usize> = (0..self.header.len()).filter(|&i| self.header[i] == wanted).collect();
        match (named.as_slice(), wanted.parse::<usize>()) {
            (&[column], _) => Ok(column),
            (&[first, second, ..], _) => Err(Error::new(format!(
                "{} has several columns named {wanted:?}: {} and {}",
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
                Err(Error::new(format!("there is no column {wanted:?} in {}: it has no header", self.name))
                    .remedy(format!("give the number of the column, from 1 to {}", self.columns)))
            }
            ([], Err(_)) => Err(Error::new(format!("there is no column {wanted:?} in {}", self.name))
                .remedy(suggestion(wanted, &self.header))),
        }
    }
}

/// Whether the first line of a file names its columns.
///
/// It does when none of its cells is a number; the column that is apart, whose cells need not be numbers,
/// has no say. A mixed line is taken for data, so that a bad cell there is reported and not lost as a
/// header. A column named in the line settles it: a header may then consist of years.
fn is_header(first: &ByteRecord, apart: Option<&str>) -> bool {
    let number_of_apart = apart.and_then(|apart| apart.parse::<usize>().ok());
    if number_of_apart.is_none()
        && apart.is_some_and(|apart| first.iter().any(|c| trimmed(c) == apart.as_bytes()))
    {
        return true;
    }
    let mut cells =
        first.iter().enumerate().filter(|(i, _)| Some(i + 1) != number_of_apart).map(|(_, cell)| cell);
    let mut named = false;
    cells.all(|cell| {
        named |= !trimmed(cell).is_empty();
        number(cell).is_none()
    }) && named
}

#[cfg(test)]
mod tests;
