//! Writing what was computed of the samples: a row per sample, and columns with names.

use crate::arguments::ColumnsFormat;
use ndarray::Array2;
use ndarray_npy::WritableElement;
use std::fmt::{Debug, Display, Write as _};
use std::io::{self, Write};

/// A column of numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heading {
    name: String,
    notation: Notation,
}

/// How CSV writes the numbers of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Notation {
    /// With a point or an exponent, so that readers take every column of them for the same type.
    Real,
    /// Without.
    Whole,
}

impl Heading {
    pub(crate) fn real(name: impl Into<String>) -> Self {
        Self { name: name.into(), notation: Notation::Real }
    }

    pub(crate) fn whole(name: impl Into<String>) -> Self {
        Self { name: name.into(), notation: Notation::Whole }
    }
}

/// A file to which rows are added in blocks. CSV ends with the label column, if there is one; `.npy` holds numbers only.
pub(crate) struct ColumnsWriter<W: Write> {
    sink: Sink<W>,
    /// The text of a number, used again and again.
    cell: String,
}

enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>, Vec<Notation>),
    Npy(W),
}

impl<W: Write> ColumnsWriter<W> {
    /// Begins a file of `rows` rows.
    pub(crate) fn begin<T: WritableElement>(
        mut out: W,
        format: ColumnsFormat,
        rows: usize,
        headings: &[Heading],
        label: Option<&str>,
    ) -> io::Result<Self> {
        let sink = match format {
            ColumnsFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(headings.iter().map(|heading| heading.name.as_str()).chain(label))?;
                Sink::Csv(Box::new(writer), headings.iter().map(|heading| heading.notation).collect())
            }
            ColumnsFormat::Npy => {
                out.write_all(&npy_header::<T>(rows, headings.len()))?;
                Sink::Npy(out)
            }
        };
        Ok(Self { sink, cell: String::new() })
    }

    /// Adds rows, and the label of each when there are labels.
    pub(crate) fn append<T: WritableElement + Clone + Debug + Display>(
        &mut self,
        rows: &Array2<T>,
        labels: Option<&[String]>,
    ) -> io::Result<()> {
        let (writer, notations) = match &mut self.sink {
            Sink::Csv(writer, notations) => (writer, notations),
            Sink::Npy(out) => {
                let rows = rows.as_standard_layout();
                return T::write_slice(rows.as_slice().unwrap_or_default(), out).map_err(io::Error::other);
            }
        };
        for (sample, row) in rows.rows().into_iter().enumerate() {
            for (number, notation) in row.iter().zip(&*notations) {
                self.cell.clear();
                match notation {
                    // Debug writes the shortest decimals that read back as the same number, like Display, and
                    // turns to exponents where Display would write hundreds of zeros.
                    Notation::Real => write!(self.cell, "{number:?}"),
                    Notation::Whole => write!(self.cell, "{number}"),
                }
                .map_err(io::Error::other)?;
                writer.write_field(&self.cell)?;
            }
            if let Some(labels) = labels {
                writer.write_field(&labels[sample])?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    /// Hands everything on to the file.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.sink {
            Sink::Csv(mut writer, _) => writer.flush(),
            Sink::Npy(mut out) => out.flush(),
        }
    }
}

/// What stands before the numbers of a matrix in C order, as numpy writes it.
fn npy_header<T: WritableElement>(rows: usize, columns: usize) -> Vec<u8> {
    let descriptor = T::type_descriptor();
    let dictionary =
        format!("{{'descr': {descriptor}, 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    // The numbers begin at a multiple of 64 bytes, after ten of magic, version and length and a line feed: the length of
    // two numbers of twenty digits stays within the sixteen bits of version 1.
    let length = (dictionary.len() + 11).next_multiple_of(64) - 10;
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend((length as u16).to_le_bytes());
    header.extend(dictionary.bytes());
    header.resize(10 + length - 1, b' ');
    header.push(b'\n');
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Axis, array};
    use ndarray_npy::ReadNpyExt;

    /// The file, with its rows added `height` at a time.
    fn written<T: WritableElement + Clone + Debug + Display>(
        rows: &Array2<T>,
        labels: Option<(&str, &[String])>,
        format: ColumnsFormat,
        height: usize,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let name = labels.map(|(name, _)| name);
        let headings: Vec<_> = (1..=rows.ncols()).map(|i| Heading::real(format!("x{i}"))).collect();
        let mut writer =
            ColumnsWriter::begin::<T>(&mut bytes, format, rows.nrows(), &headings, name).unwrap();
        let mut first = 0;
        for block in rows.axis_chunks_iter(Axis(0), height) {
            let labels = labels.map(|(_, values)| &values[first..first + block.nrows()]);
            writer.append(&block.to_owned(), labels).unwrap();
            first += block.nrows();
        }
        writer.finish().unwrap();
        bytes
    }

    fn text<T: WritableElement + Clone + Debug + Display>(
        rows: &Array2<T>,
        labels: Option<(&str, &[String])>,
    ) -> String {
        String::from_utf8(written(rows, labels, ColumnsFormat::Csv, 1)).unwrap()
    }

    /// What numpy 2.4.6 saves of this matrix.
    #[test]
    fn npy_has_the_header_of_numpy() {
        let header = "\x01\0v\0{'descr': '<f8', 'fortran_order': False, 'shape': (1234, 17), }";
        let expected = [&b"\x93NUMPY"[..], format!("{header:121}\n").as_bytes()].concat();
        assert_eq!(npy_header::<f64>(1234, 17), expected);
        assert_eq!(npy_header::<f32>(1, 1)[..24], b"\x93NUMPY\x01\0v\0{'descr': '<f4'"[..24]);
    }

    #[test]
    fn npy_reads_back_whatever_the_blocks() {
        for (rows, columns) in [(1, 1), (5, 3), (1234, 17)] {
            let scores = Array2::from_shape_fn((rows, columns), |(i, j)| i as f64 - 0.1 * j as f64);
            let single = scores.mapv(|x| x as f32);
            for height in [1, 2, 5000] {
                let bytes = written(&scores, None, ColumnsFormat::Npy, height);
                assert_eq!(Array2::<f64>::read_npy(&*bytes).unwrap(), scores);
                let bytes = written(&single, None, ColumnsFormat::Npy, height);
                assert_eq!(Array2::<f32>::read_npy(&*bytes).unwrap(), single);
            }
        }
    }

    #[test]
    fn csv_reads_back_as_the_same_numbers() {
        let scores = array![[0.1, -1e-300], [1.0 / 3.0, f64::MAX]];
        let text = text(&scores, None);
        assert_eq!(text, "x1,x2\n0.1,-1e-300\n0.3333333333333333,1.7976931348623157e308\n");
        let read: Vec<f64> =
            text.lines().skip(1).flat_map(|line| line.split(',')).map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(read, scores.as_slice().unwrap());
    }

    #[test]
    fn single_precision_is_as_short_as_it_can_be() {
        assert_eq!(text(&array![[0.1_f32]], None), "x1\n0.1\n");
    }

    #[test]
    fn whole_numbers_have_no_point_in_csv_and_any_name() {
        let mut bytes = Vec::new();
        let headings = [Heading::real("a, b"), Heading::whole("flag")];
        let mut writer =
            ColumnsWriter::begin::<f64>(&mut bytes, ColumnsFormat::Csv, 1, &headings, None).unwrap();
        writer.append(&array![[1.0, 1.0]], None).unwrap();
        writer.finish().unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\"a, b\",flag\n1.0,1\n");
    }

    #[test]
    fn the_label_comes_last_under_its_own_name() {
        let labels = ["a, b".to_owned(), String::new()];
        assert_eq!(text(&array![[1.0], [2.0]], Some(("kind", &labels))), "x1,kind\n1.0,\"a, b\"\n2.0,\n");
    }
}
