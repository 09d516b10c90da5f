//! numpy's `.npy`: a matrix of `f4` or `f8`, in C or Fortran order, of either byte order.
//!
//! ndarray-npy reads the data. It believes the header, though: it would set aside as much memory as a
//! damaged one asks for, and parse as deep as it nests. So the header is first read here, by a parser
//! that knows no more than what numpy writes for such matrices, and held against the length of the file.

mod blocks;

use super::{Apart, Column, Features, Labels, NOT_FINITE_REMEDY, Observed, Table, numbered};
use crate::error::{Error, Result};
use ndarray::{Array2, Axis};
use ndarray_npy::{ReadNpyExt, ReadableElement};
use std::fmt::Display;
use std::io::{self, Read};

pub(crate) use blocks::{Element, NpyBlocks, Precision};

/// What every `.npy` file begins with.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// numpy pads a matrix's header to 128 bytes; a structured type may need more, but is refused anyway.
const LONGEST_HEADER: usize = 1 << 16;

/// Reads the table from `input`, a file of `length` bytes that messages call `name`.
pub(super) fn read(mut input: impl Read, length: u64, name: &str, apart: Apart<'_>) -> Result<Table> {
    let (bytes, header) = Header::read(&mut input, name)?;
    let (_, columns) = header.matrix(length.saturating_sub(bytes.len() as u64), name)?;
    let column = apart.column().map(|column| find(column, columns, name, apart)).transpose()?;
    let input = bytes.chain(input);
    let (features, apart) = if header.element_size() == 4 {
        let (x, apart) = split::<f32>(input, name, column, apart)?;
        (Features::Single(x), apart)
    } else {
        let (x, apart) = split::<f64>(input, name, column, apart)?;
        (Features::Double(x), apart)
    };
    let names = (0..columns).filter(|&feature| column != Some(feature)).map(numbered).collect();
    Ok(Table { features, names, apart })
}

/// The index of the column that `wanted` numbers from 1.
fn find(wanted: &str, columns: usize, name: &str, apart: Apart<'_>) -> Result<usize> {
    match wanted.parse::<usize>() {
        Ok(_) if columns == 1 => {
            Err(Error::new(format!("{name} has no column besides the {}", apart.role()))
                .remedy("it needs at least one column of numbers"))
        }
        Ok(number) if (1..=columns).contains(&number) => Ok(number - 1),
        Ok(number) => Err(Error::new(format!("there is no column {number} in {name}: it has {columns}"))
            .remedy("columns are counted from 1")),
        Err(_) => {
            Err(Error::new(format!("there is no column {wanted:?} in {name}: .npy has no column names"))
                .remedy(format!("give the number of the column, from 1 to {columns}")))
        }
    }
}

/// The matrix without the column that is apart, and that column.
fn split<T>(
    input: impl Read,
    name: &str,
    column: Option<usize>,
    apart: Apart<'_>,
) -> Result<(Array2<T>, Option<Column>)>
where
    T: ReadableElement + Copy + Display + Into<f64>,
{
    let mut x =
        Array2::<T>::read_npy(input).map_err(|error| Error::new(format!("cannot read {name}: {error}")))?;
    // A label may be anything; a target must be a number, like a feature.
    let label = column.filter(|_| matches!(apart, Apart::Label(_)));
    let finite = |value: T| Into::<f64>::into(value).is_finite();
    let unusable = x.indexed_iter().find(|&((_, column), &value)| label != Some(column) && !finite(value));
    if let Some(((row, column), value)) = unusable {
        return Err(not_finite(name, row, column, value));
    }
    let taken = column.map(|column| {
        let (name, values) = (numbered(column), x.column(column));
        match apart {
            Apart::Label(_) => {
                Column::Label(Labels { name, values: values.iter().map(T::to_string).collect() })
            }
            Apart::Target(_) => {
                Column::Target(Observed { name, values: values.iter().map(|&value| value.into()).collect() })
            }
        }
    });
    if let Some(column) = column {
        x.remove_index(Axis(1), column);
    }
    Ok((x, taken))
}

/// Names the place of `value`.
fn not_finite(name: &str, row: usize, column: usize, value: impl Display) -> Error {
    Error::new(format!(
        "{name}, row {} and column {} (both counted from 1): {value} is not a finite number",
        row + 1,
        column + 1
    ))
    .remedy(NOT_FINITE_REMEDY)
}

/// What the header says, as far as a matrix of floating-point numbers needs it.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    /// numpy's name of the element type, such as `<f8`.
    pub(super) descriptor: String,
    /// Whether columns, not rows, follow upon each other.
    fortran_order: bool,
    shape: Vec<usize>,
}

impl Header {
    /// Reads and parses the header; its bytes are handed back for the reader of the data.
    pub(super) fn read(input: &mut impl Read, name: &str) -> Result<(Vec<u8>, Self)> {
        let damaged = |what: &str| {
            Error::new(format!("{name} is not a readable .npy file: {what}"))
                .remedy("write the file anew with numpy.save")
        };
        let short = |error: io::Error| match error.kind() {
            io::ErrorKind::UnexpectedEof => damaged("it ends within its header"),
            _ => Error::new(format!("cannot read {name}: {error}")),
        };
        let mut bytes = vec![0; 10];
        input.read_exact(&mut bytes).map_err(short)?;
        let length = match bytes[6..8] {
            [1, 0] => usize::from(u16::from_le_bytes([bytes[8], bytes[9]])),
            [2 | 3, 0] => {
                bytes.resize(12, 0);
                input.read_exact(&mut bytes[10..]).map_err(short)?;
                u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize
            }
            [major, minor] => return Err(damaged(&format!("its format version is {major}.{minor}"))),
            _ => return Err(damaged("it ends within its header")),
        };
        if length > LONGEST_HEADER {
            return Err(damaged(&format!("its header claims to be {length} bytes long")));
        }
        let start = bytes.len();
        bytes.resize(start + length, 0);
        input.read_exact(&mut bytes[start..]).map_err(short)?;
        let header = std::str::from_utf8(&bytes[start..]).ok().and_then(Self::parse);
        match header {
            Some(header) => Ok((bytes, header)),
            None => Err(damaged("its header does not describe an array of one number type")
                .remedy("a structured array must be saved as a plain matrix")),
        }
    }

    /// Parses `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`, keys in any order.
    fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_suffix('\n')?.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
        let (mut descriptor, mut fortran_order, mut shape) = (None, None, None);
        while !rest.is_empty() {
            let (key, value) = quoted(rest)?;
            let value = value.trim_start().strip_prefix(':')?.trim_start();
            let after = match key {
                "descr" => {
                    let (text, after) = quoted(value)?;
                    descriptor = Some(text.to_owned());
                    after
                }
                "fortran_order" => {
                    let after_true = value.strip_prefix("True");
                    fortran_order = Some(after_true.is_some());
                    after_true.or_else(|| value.strip_prefix("False"))?
                }
                "shape" => {
                    let (inside, after) = value.strip_prefix('(')?.split_once(')')?;
                    let extents = inside.strip_suffix(',').unwrap_or(inside).split(',').map(str::trim);
                    let extents = extents.filter(|_| !inside.trim().is_empty());
                    shape = Some(extents.map(|extent| extent.parse().ok()).collect::<Option<_>>()?);
                    after
                }
                _ => return None,
            };
            rest = after.trim_start();
            rest = if rest.is_empty() { rest } else { rest.strip_prefix(',')?.trim_start() };
        }
        Some(Self { descriptor: descriptor?, fortran_order: fortran_order?, shape: shape? })
    }

    fn element_size(&self) -> usize {
        if self.descriptor.ends_with("f4") { 4 } else { 8 }
    }

    /// The extents, if this is a matrix of `f4` or `f8` that has entries, and as many as the `held` bytes after the header.
    fn matrix(&self, held: u64, name: &str) -> Result<(usize, usize)> {
        if !["<f4", ">f4", "<f8", ">f8"].contains(&self.descriptor.as_str()) {
            return Err(Error::new(format!("{name} holds numbers of type {:?}", self.descriptor))
                .remedy("convert it with .astype(\"float64\"), or \"float32\", before numpy.save"));
        }
        let [rows, columns] = self.shape[..] else {
            let dimensions = self.shape.len();
            return Err(Error::new(format!(
                "{name} holds an array of {dimensions} dimensions, not a matrix"
            ))
            .remedy("reshape it to a row per sample and a column per feature"));
        };
        let promised = rows as u128 * columns as u128 * self.element_size() as u128;
        if promised != u128::from(held) {
            return Err(Error::new(format!(
                "{name} is damaged: its header promises {rows} x {columns} numbers, {promised} bytes, and {held} follow"
            ))
            .remedy("write the file anew with numpy.save"));
        }
        if rows == 0 || columns == 0 {
            return Err(Error::new(format!("{name} is empty: its matrix is {rows} x {columns}"))
                .remedy("it needs a row per sample and a column per feature"));
        }
        Ok((rows, columns))
    }
}

/// Splits `'text' rest` into text and rest.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| "'\"".contains(*c))?;
    text[1..].split_once(quote)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ShapeBuilder, array};
    use ndarray_npy::WriteNpyExt;

    fn bytes_of<T: ndarray_npy::WritableElement>(x: &Array2<T>) -> Vec<u8> {
        let mut bytes = Vec::new();
        x.write_npy(&mut bytes).unwrap();
        bytes
    }

    /// A file with the given header text and this many bytes of zeros.
    fn file(header: &str, zeros: usize) -> Vec<u8> {
        let mut bytes = [MAGIC, &[1, 0], &(header.len() as u16 + 1).to_le_bytes()].concat();
        bytes.extend(header.bytes().chain([b'\n']));
        bytes.resize(bytes.len() + zeros, 0);
        bytes
    }

    fn load(bytes: &[u8], label: Option<&str>) -> Result<Table> {
        read(bytes, bytes.len() as u64, "x.npy", Apart::Label(label))
    }

    fn refusal(bytes: &[u8], label: Option<&str>) -> String {
        load(bytes, label).unwrap_err().to_string()
    }

    #[test]
    fn reads_both_orders_both_precisions_and_both_byte_orders() {
        let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]];
        let mut fortran = Array2::<f64>::zeros((2, 3).f());
        fortran.assign(&x);
        for bytes in [bytes_of(&x), bytes_of(&fortran)] {
            assert!(matches!(load(&bytes, None).unwrap().features, Features::Double(y) if y == x));
        }
        let single = x.mapv(|v| v as f32);
        assert!(
            matches!(load(&bytes_of(&single), None).unwrap().features, Features::Single(y) if y == single)
        );
        let mut big = file("{'descr': '>f8', 'fortran_order': False, 'shape': (1, 2), }", 0);
        big.extend([1.5_f64, -2.0].iter().flat_map(|v| v.to_be_bytes()));
        assert!(
            matches!(load(&big, None).unwrap().features, Features::Double(y) if y == array![[1.5, -2.0]])
        );
    }

    #[test]
    fn takes_a_numbered_column_for_the_label() {
        let table = load(&bytes_of(&array![[1.0, 7.0, 2.0], [3.0, 8.5, 4.0]]), Some("2")).unwrap();
        assert!(matches!(table.features, Features::Double(x) if x == array![[1.0, 2.0], [3.0, 4.0]]));
        let expected = Labels { name: "column 2".into(), values: vec!["7".into(), "8.5".into()] };
        assert_eq!(table.names, ["column 1", "column 3"]);
        assert_eq!(table.apart.and_then(Column::label), Some(expected));
    }

    #[test]
    fn parses_what_numpy_writes_and_nothing_stranger() {
        let header = |text: &str| Header::parse(&format!("{text}\n"));
        let in_order = |fortran_order: bool, shape: &[usize]| {
            Some(Header { descriptor: "<f8".into(), fortran_order, shape: shape.to_vec() })
        };
        let expected = |shape: &[usize]| in_order(false, shape);
        let with_shape = |shape: &str| {
            header(&format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}   "))
        };
        assert_eq!(with_shape("(3, 4)"), expected(&[3, 4]));
        assert_eq!(with_shape("(3,)"), expected(&[3]));
        assert_eq!(with_shape("()"), expected(&[]));
        assert_eq!(
            header("{\"shape\":(3,4),\"descr\":\"<f8\",\"fortran_order\":True}"),
            in_order(true, &[3, 4])
        );
        for strange in ["(3, -4)", "(3, 4", "((3, 4))", "[3, 4]", "(99999999999999999999999, 1)", "(3 4)"] {
            assert_eq!(with_shape(strange), None, "{strange}");
        }
        assert_eq!(header("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3, )}"), None);
        assert_eq!(header("{'descr': '<f8', 'shape': (3, )}"), None);
        assert_eq!(header(""), None);
        assert_eq!(header("{\u{e9}"), None);
    }

    #[test]
    fn refuses_other_types_and_dimensions() {
        assert_eq!(
            refusal(&file("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2), }", 16), None),
            "x.npy holds numbers of type \"<i8\"\n  \
             convert it with .astype(\"float64\"), or \"float32\", before numpy.save"
        );
        assert_eq!(
            refusal(&file("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", 16), None),
            "x.npy holds an array of 1 dimensions, not a matrix\n  \
             reshape it to a row per sample and a column per feature"
        );
        assert_eq!(
            refusal(&file("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", 0), None),
            "x.npy is empty: its matrix is 0 x 3\n  it needs a row per sample and a column per feature"
        );
        assert_eq!(
            refusal(&file("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", 16), None),
            "x.npy is not a readable .npy file: its header does not describe an array of one number type\n  \
             a structured array must be saved as a plain matrix"
        );
    }

    /// Every prefix of a good file, and headers that promise more than there is, end in a message and
    /// not in memory exhausted.
    #[test]
    fn refuses_truncated_and_lying_files() {
        let whole = bytes_of(&array![[1.0, 2.0], [3.0, 4.0]]);
        for length in MAGIC.len()..whole.len() {
            let message = refusal(&whole[..length], None);
            assert!(message.starts_with("x.npy is "), "{length}: {message}");
        }
        let anew = "write the file anew with numpy.save";
        assert_eq!(
            refusal(&whole[..whole.len() - 1], None),
            format!("x.npy is damaged: its header promises 2 x 2 numbers, 32 bytes, and 31 follow\n  {anew}")
        );
        assert_eq!(
            refusal(&whole[..40], None),
            format!("x.npy is not a readable .npy file: it ends within its header\n  {anew}")
        );
        let vast = "{'descr': '<f8', 'fortran_order': False, 'shape': (18446744073709551615, 3), }";
        assert!(
            refusal(&file(vast, 16), None)
                .contains("is damaged: its header promises 18446744073709551615 x 3")
        );
        let mut long = [MAGIC, &[2, 0], &u32::MAX.to_le_bytes()].concat();
        long.resize(64, b' ');
        assert_eq!(
            refusal(&long, None),
            format!(
                "x.npy is not a readable .npy file: its header claims to be 4294967295 bytes long\n  {anew}"
            )
        );
        assert_eq!(
            refusal(&[MAGIC, &[9, 1, 0, 0]].concat(), None),
            format!("x.npy is not a readable .npy file: its format version is 9.1\n  {anew}")
        );
    }

    #[test]
    fn names_the_place_of_a_number_that_is_not_finite() {
        let remedy = "remove the row or fill the value in: the analysis needs finite numbers";
        let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, f64::NAN]];
        assert_eq!(
            refusal(&bytes_of(&x), None),
            format!(
                "x.npy, row 2 and column 3 (both counted from 1): NaN is not a finite number\n  {remedy}"
            )
        );
        assert_eq!(
            refusal(&bytes_of(&x), Some("2")),
            format!(
                "x.npy, row 2 and column 3 (both counted from 1): NaN is not a finite number\n  {remedy}"
            )
        );
    }

    #[test]
    fn says_why_a_label_cannot_be_found() {
        let bytes = bytes_of(&array![[1.0, 2.0]]);
        assert_eq!(
            refusal(&bytes, Some("kind")),
            "there is no column \"kind\" in x.npy: .npy has no column names\n  \
             give the number of the column, from 1 to 2"
        );
        assert_eq!(
            refusal(&bytes, Some("3")),
            "there is no column 3 in x.npy: it has 2\n  columns are counted from 1"
        );
    }
}
