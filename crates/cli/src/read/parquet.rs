//! Parquet: columns of numbers become features. Behind the cargo feature `parquet`, for the size of its reader.
//!
//! Columns are read one after the other, through all row groups, so that the table is held once, in columns.

use super::{Apart, Column, Features, Labels, NOT_FINITE_REMEDY, Observed, Table, suggestion};
use crate::error::{Error, Result};
use crate::number::Number;
use crate::progress::ByteCount;
use ::parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;
use ndarray::{Array2, ShapeBuilder};
use std::cell::Cell;
use std::fmt::Display;
use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// Values that are read at a time.
const BATCH: usize = 1 << 14;

/// Reads the table in `file`, which messages call `name`.
pub(super) fn read(file: File, name: &str, apart: Apart<'_>, count: &ByteCount) -> Result<Table> {
    caught(|| table(file, name, apart, count))
        .unwrap_or_else(|| Err(damaged(name, "its parts do not fit together")))
}

/// What `work` returns, or nothing if it panics, in silence: the parquet crate does so on some damaged files.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    thread_local! {
        static EXPECTED: Cell<bool> = const { Cell::new(false) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !EXPECTED.get() {
                previous(panic)
            }
        }));
    });
    EXPECTED.set(true);
    // Nothing that `work` has touched is used after a panic.
    let result = panic::catch_unwind(AssertUnwindSafe(work)).ok();
    EXPECTED.set(false);
    result
}

fn table(file: File, name: &str, apart: Apart<'_>, count: &ByteCount) -> Result<Table> {
    let reader = SerializedFileReader::new(file).map_err(|error| damaged(name, error))?;
    let source = Source { reader, name, count };
    let columns = source.columns();
    let taken = apart.column().map(|column| find(column, &source)).transpose()?;
    let features: Vec<usize> = (0..columns.len()).filter(|&column| Some(column) != taken).collect();
    if features.is_empty() {
        return Err(Error::new(format!("{name} has no column of numbers"))
            .remedy(format!("it needs at least one besides the {}", apart.role())));
    }
    let kinds =
        features.iter().map(|&column| source.number_kind(column, apart)).collect::<Result<Vec<_>>>()?;
    let taken = taken.map(|column| source.apart(column, apart)).transpose()?;
    let rows = taken.as_ref().map(|taken| match taken {
        Column::Label(labels) => labels.values.len(),
        Column::Target(observed) => observed.values.len(),
    });
    let names = features.iter().map(|&column| source.column_name(column)).collect();
    let single = kinds.iter().all(|&kind| kind == Kind::Single);
    let features = if single {
        Features::Single(source.features(&features, &kinds, rows)?)
    } else {
        Features::Double(source.features(&features, &kinds, rows)?)
    };
    Ok(Table { features, names, apart: taken })
}

/// What the numbers of a column are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Signed,
    /// Stored in the bits of signed ones.
    Unsigned,
    Single,
    Double,
}

struct Source<'a> {
    reader: SerializedFileReader<File>,
    name: &'a str,
    count: &'a ByteCount,
}

impl Source<'_> {
    fn columns(&self) -> &[std::sync::Arc<ColumnDescriptor>] {
        self.reader.metadata().file_metadata().schema_descr().columns()
    }

    /// The column's name, with those of the groups it is in.
    fn column_name(&self, column: usize) -> String {
        self.columns()[column].path().string()
    }

    /// How to read a column, if it is one of numbers.
    fn number_kind(&self, column: usize, apart: Apart<'_>) -> Result<Kind> {
        let descriptor = &self.columns()[column];
        let what = match kind(descriptor) {
            Ok(kind) if descriptor.max_rep_level() == 0 => return Ok(kind),
            Ok(_) => "lists",
            Err(what) => what,
        };
        Err(Error::new(format!(
            "{}, column {:?} holds {what}, not numbers",
            self.name,
            self.column_name(column)
        ))
        .remedy(match apart {
            Apart::Label(_) => {
                "convert it to numbers or leave it out of the file, or name it with --label if it is a class"
            }
            Apart::Target(_) => "convert it to numbers or leave it out of the file",
        }))
    }

    /// Hands every value of a column to `each`, with its row, from 0; returns the number of rows.
    fn each(
        &self,
        column: usize,
        mut each: impl FnMut(usize, Option<Value<'_>>) -> Result<()>,
    ) -> Result<usize> {
        let levels = self.columns()[column].max_def_level();
        let mut row = 0;
        for index in 0..self.reader.num_row_groups() {
            let failed = |error: ParquetError| damaged(self.name, error);
            let group = self.reader.get_row_group(index).map_err(failed)?;
            let mut pass = Pass { name: self.name, levels, row: &mut row, each: &mut each };
            match group.get_column_reader(column).map_err(failed)? {
                ColumnReader::BoolColumnReader(reader) => pass.read(reader, |&x| Value::Truth(x))?,
                ColumnReader::Int32ColumnReader(reader) => pass.read(reader, |&x| Value::Int32(x))?,
                ColumnReader::Int64ColumnReader(reader) => pass.read(reader, |&x| Value::Int64(x))?,
                ColumnReader::FloatColumnReader(reader) => pass.read(reader, |&x| Value::Single(x))?,
                ColumnReader::DoubleColumnReader(reader) => pass.read(reader, |&x| Value::Double(x))?,
                ColumnReader::ByteArrayColumnReader(reader) => {
                    pass.read(reader, |x| Value::Text(x.data()))?
                }
                // Neither numbers nor text: not asked for.
                ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {}
            }
            let bytes = group.metadata().column(column).compressed_size();
            self.count.add(usize::try_from(bytes).unwrap_or(0));
        }
        Ok(row)
    }

    fn apart(&self, column: usize, apart: Apart<'_>) -> Result<Column> {
        match apart {
            Apart::Label(_) => self.labels(column).map(Column::Label),
            Apart::Target(_) => {
                let kind = self.number_kind(column, apart)?;
                let mut values = Vec::new();
                self.numbers(column, kind, &mut values)?;
                Ok(Column::Target(Observed { name: self.column_name(column), values }))
            }
        }
    }

    fn labels(&self, column: usize) -> Result<Labels> {
        let descriptor = &self.columns()[column];
        let physical = descriptor.physical_type();
        let name = self.column_name(column);
        if descriptor.max_rep_level() > 0
            || matches!(physical, Physical::INT96 | Physical::FIXED_LEN_BYTE_ARRAY)
        {
            return Err(Error::new(format!("{}, column {name:?} holds no text and no numbers", self.name))
                .remedy("convert the label to text"));
        }
        let unsigned = kind(descriptor) == Ok(Kind::Unsigned);
        let mut values = Vec::new();
        self.each(column, |_, value| {
            values.push(value.map_or_else(String::new, |value| value.text(unsigned)));
            Ok(())
        })?;
        Ok(Labels { name, values })
    }

    /// The numbers of these columns, of as many rows as another one has.
    fn features<T: Number>(
        &self,
        columns: &[usize],
        kinds: &[Kind],
        mut rows: Option<usize>,
    ) -> Result<Array2<T>> {
        let mut values: Vec<T> = Vec::new();
        for (&column, &kind) in columns.iter().zip(kinds) {
            let found = self.numbers(column, kind, &mut values)?;
            if *rows.get_or_insert(found) != found {
                return Err(Error::new(format!("{} is damaged: its columns differ in length", self.name))
                    .remedy("write it anew"));
            }
        }
        let rows = rows.unwrap_or(0);
        if rows == 0 {
            return Err(Error::new(format!("{} has no rows", self.name))
                .remedy("it needs a row per sample and a column per feature"));
        }
        Array2::from_shape_vec((rows, columns.len()).f(), values)
            .map_err(|error| Error::new(format!("cannot hold {}: {error}", self.name)))
    }

    /// Adds the numbers of a column to `values`; returns how many there were.
    fn numbers<T: Number>(&self, column: usize, kind: Kind, values: &mut Vec<T>) -> Result<usize> {
        let place = |row: usize| {
            format!("{}, column {:?}, row {} (counted from 1)", self.name, self.column_name(column), row + 1)
        };
        self.each(column, |row, value| {
            let Some(value) = value else {
                return Err(Error::new(format!("{}: there is no value (null)", place(row)))
                    .remedy("fill the value in or remove the row"));
            };
            let number = value.number(kind);
            if !number.is_finite() {
                return Err(Error::new(format!("{}: {number} is not a finite number", place(row)))
                    .remedy(NOT_FINITE_REMEDY));
            }
            // The rows that a file claims to have are no reason to set memory aside; those that come are.
            if values.len() == values.capacity() && values.try_reserve(values.len().max(BATCH)).is_err() {
                return Err(Error::new(format!("{} does not fit into memory", self.name))
                    .remedy("convert it to .npy, which --batch-rows reads in blocks"));
            }
            values.push(T::from_f64(number));
            Ok(())
        })
    }
}

/// One chunk of a column.
struct Pass<'a, F> {
    name: &'a str,
    /// The level of a value that is there; those below it are of nulls.
    levels: i16,
    row: &'a mut usize,
    each: &'a mut F,
}

impl<F: FnMut(usize, Option<Value<'_>>) -> Result<()>> Pass<'_, F> {
    fn read<D: DataType>(
        &mut self,
        mut reader: ColumnReaderImpl<D>,
        value_of: impl Fn(&D::T) -> Value<'_>,
    ) -> Result<()> {
        let (mut values, mut levels) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
        loop {
            values.clear();
            levels.clear();
            let (records, _, _) = reader
                .read_records(BATCH, Some(&mut levels), None, &mut values)
                .map_err(|error| damaged(self.name, error))?;
            if records == 0 {
                return Ok(());
            }
            let mut present = values.iter();
            for record in 0..records {
                let is_null = self.levels > 0 && levels.get(record).is_none_or(|&level| level < self.levels);
                let value = if is_null { None } else { present.next().map(&value_of) };
                (self.each)(*self.row, value)?;
                *self.row += 1;
            }
        }
    }
}

/// A value as it is stored.
#[derive(Clone, Copy)]
enum Value<'a> {
    Truth(bool),
    Int32(i32),
    Int64(i64),
    Single(f32),
    Double(f64),
    Text(&'a [u8]),
}

impl Value<'_> {
    /// Integers beyond 2⁵³ are rounded, as numbers with as many digits are in CSV.
    fn number(&self, kind: Kind) -> f64 {
        match (*self, kind) {
            (Self::Int32(x), Kind::Unsigned) => f64::from(x.cast_unsigned()),
            (Self::Int64(x), Kind::Unsigned) => x.cast_unsigned() as f64,
            (Self::Int32(x), _) => f64::from(x),
            (Self::Int64(x), _) => x as f64,
            (Self::Single(x), _) => f64::from(x),
            (Self::Double(x), _) => x,
            // Columns of these have no kind of number.
            (Self::Truth(_) | Self::Text(_), _) => f64::NAN,
        }
    }

    fn text(&self, unsigned: bool) -> String {
        match *self {
            Self::Truth(x) => x.to_string(),
            Self::Int32(x) if unsigned => x.cast_unsigned().to_string(),
            Self::Int64(x) if unsigned => x.cast_unsigned().to_string(),
            Self::Int32(x) => x.to_string(),
            Self::Int64(x) => x.to_string(),
            Self::Single(x) => x.to_string(),
            Self::Double(x) => x.to_string(),
            Self::Text(bytes) => String::from_utf8_lossy(bytes).trim().to_owned(),
        }
    }
}

/// What numbers a column holds, or what it holds instead.
fn kind(column: &ColumnDescriptor) -> std::result::Result<Kind, &'static str> {
    let what = match (column.logical_type_ref(), column.converted_type()) {
        (None, ConvertedType::NONE) => None,
        (Some(LogicalType::Integer(int)), _) => Some(int.is_signed),
        (
            None,
            ConvertedType::INT_8 | ConvertedType::INT_16 | ConvertedType::INT_32 | ConvertedType::INT_64,
        ) => Some(true),
        (
            None,
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64,
        ) => Some(false),
        (Some(LogicalType::String), _) | (None, ConvertedType::UTF8) => return Err("text"),
        (Some(LogicalType::Date | LogicalType::Time(_) | LogicalType::Timestamp(_)), _)
        | (
            None,
            ConvertedType::DATE
            | ConvertedType::TIME_MILLIS
            | ConvertedType::TIME_MICROS
            | ConvertedType::TIMESTAMP_MILLIS
            | ConvertedType::TIMESTAMP_MICROS,
        ) => return Err("dates or times"),
        (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => return Err("decimals"),
        _ => return Err("something else"),
    };
    match column.physical_type() {
        Physical::INT32 | Physical::INT64 if what == Some(false) => Ok(Kind::Unsigned),
        Physical::INT32 | Physical::INT64 => Ok(Kind::Signed),
        Physical::FLOAT => Ok(Kind::Single),
        Physical::DOUBLE => Ok(Kind::Double),
        Physical::BOOLEAN => Err("truth values"),
        Physical::INT96 => Err("dates or times"),
        Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Err("bytes"),
    }
}

fn find(wanted: &str, source: &Source<'_>) -> Result<usize> {
    let names: Vec<String> = (0..source.columns().len()).map(|column| source.column_name(column)).collect();
    let name = source.name;
    match (names.iter().position(|name| name == wanted), wanted.parse::<usize>()) {
        (Some(column), _) => Ok(column),
        (None, Ok(number)) if (1..=names.len()).contains(&number) => Ok(number - 1),
        (None, Ok(number)) => {
            Err(Error::new(format!("there is no column {number} in {name}: it has {}", names.len()))
                .remedy("columns are counted from 1"))
        }
        (None, Err(_)) => {
            Err(Error::new(format!("there is no column {wanted:?} in {name}"))
                .remedy(suggestion(wanted, &names)))
        }
    }
}

fn damaged(name: &str, error: impl Display) -> Error {
    Error::new(format!("{name} is not a readable Parquet file: {error}")).remedy("write it anew, or as .npy")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use std::io::Write;
    use std::path::Path;

    /// A file that `tests/data/make_parquet.py` wrote, with pyarrow 26.0.1.
    fn data(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
    }

    fn load(name: &str, label: Option<&str>) -> Result<Table> {
        read(File::open(data(name)).unwrap(), name, Apart::Label(label), &ByteCount::default())
    }

    #[test]
    fn reads_every_type_of_number_exactly() {
        let expected = array![
            [-128.0, -9007199254740992.0, 0.0, 9223372036854775808.0, 0.5, 0.1],
            [127.0, 2.0, 4294967295.0, 1.0, -1.5, -1e300],
            [3.0, 3.0, 7.0, 2.0, 2f64.powi(-126), 5e-324],
            [4.0, 9007199254740992.0, 8.0, 3.0, 2.25, 2.0],
            [5.0, 5.0, 9.0, 4.0, 3.0, 3.0],
        ];
        for label in ["kind", "3"] {
            let table = load("table.parquet", Some(label)).unwrap();
            assert!(matches!(&table.features, Features::Double(x) if *x == expected));
            assert!(!table.names.contains(&"kind".to_owned()) && table.names.len() == 6);
            let values = ["a", "b, c", "", "", "a"].map(str::to_owned).to_vec();
            assert_eq!(table.apart.and_then(Column::label), Some(Labels { name: "kind".into(), values }));
        }
    }

    #[test]
    fn single_precision_stays_single_and_any_column_may_be_the_label() {
        let single = load("single.parquet", Some("kind")).unwrap().features;
        let expected = array![[0.5f32], [-1.5], [2f32.powi(-126)], [2.25], [3.0]];
        assert!(matches!(single, Features::Single(x) if x == expected));
        let labels = load("null.parquet", Some("x")).unwrap().apart.and_then(Column::label).unwrap();
        assert_eq!(labels.values, ["1", "2", "3", "4", ""]);
        let labels = load("nan.parquet", Some("x")).unwrap().apart.and_then(Column::label).unwrap();
        assert_eq!(labels.values, ["1", "2", "NaN"]);
    }

    /// Every prefix of a good file, and every file with a byte changed, ends in a table or in a message.
    #[test]
    fn damaged_files_are_answered() {
        let whole = std::fs::read(data("table.parquet")).unwrap();
        let answered = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            read(file, "t.parquet", Apart::Label(Some("kind")), &ByteCount::default())
        };
        for length in (0..whole.len()).step_by(7) {
            assert!(answered(&whole[..length]).is_err(), "{length}");
        }
        for place in 0..whole.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[place] ^= change;
                // Another value may be the consequence, or none: the file has no checksums.
                let _ = answered(&bytes);
            }
        }
    }
}
