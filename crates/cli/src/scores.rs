//! Writing the scores of the samples: a row per sample, a column per component.

use crate::arguments::ScoresFormat;
use ndarray::Array2;
use ndarray_npy::WritableElement;
use std::fmt::{Debug, Write as _};
use std::io::{self, Write};

/// A file of scores, to which rows are added in blocks. CSV ends with the label column, if there is one; `.npy` holds
/// numbers only.
pub(crate) struct ScoresWriter<W: Write> {
    sink: Sink<W>,
    /// The text of a number, used again and again.
    cell: String,
}

enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Npy(W),
}

impl<W: Write> ScoresWriter<W> {
    /// Begins a file of `rows` scores on `components` components.
    pub(crate) fn begin<T: WritableElement>(
        mut out: W,
        format: ScoresFormat,
        (rows, components): (usize, usize),
        label: Option<&str>,
    ) -> io::Result<Self> {
        let sink = match format {
            ScoresFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                let names = (1..=components).map(|component| format!("pc{component}"));
                writer.write_record(names.chain(label.map(str::to_owned)))?;
                Sink::Csv(Box::new(writer))
            }
            ScoresFormat::Npy => {
                out.write_all(&npy_header::<T>(rows, components))?;
                Sink::Npy(out)
            }
        };
        Ok(Self { sink, cell: String::new() })
    }

    /// Adds rows, and the label of each when there are labels.
    pub(crate) fn append<T: WritableElement + Clone + Debug>(
        &mut self,
        scores: &Array2<T>,
        labels: Option<&[String]>,
    ) -> io::Result<()> {
        let writer = match &mut self.sink {
            Sink::Csv(writer) => writer,
            Sink::Npy(out) => {
                let rows = scores.as_standard_layout();
                return T::write_slice(rows.as_slice().unwrap_or_default(), out).map_err(io::Error::other);
            }
        };
        for (sample, row) in scores.rows().into_iter().enumerate() {
            for score in row {
                self.cell.clear();
                // Debug writes the shortest decimals that read back as the same number, like Display, and
                // turns to exponents where Display would write hundreds of zeros.
                write!(self.cell, "{score:?}").map_err(io::Error::other)?;
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
            Sink::Csv(mut writer) => writer.flush(),
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
    fn written<T: WritableElement + Clone + Debug>(
        scores: &Array2<T>,
        labels: Option<(&str, &[String])>,
        format: ScoresFormat,
        height: usize,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let name = labels.map(|(name, _)| name);
        let mut writer = ScoresWriter::begin::<T>(&mut bytes, format, scores.dim(), name).unwrap();
        let mut first = 0;
        for block in scores.axis_chunks_iter(Axis(0), height) {
            let labels = labels.map(|(_, values)| &values[first..first + block.nrows()]);
            writer.append(&block.to_owned(), labels).unwrap();
            first += block.nrows();
        }
        writer.finish().unwrap();
        bytes
    }

    fn text<T: WritableElement + Clone + Debug>(
        scores: &Array2<T>,
        labels: Option<(&str, &[String])>,
    ) -> String {
        String::from_utf8(written(scores, labels, ScoresFormat::Csv, 1)).unwrap()
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
                let bytes = written(&scores, None, ScoresFormat::Npy, height);
                assert_eq!(Array2::<f64>::read_npy(&*bytes).unwrap(), scores);
                let bytes = written(&single, None, ScoresFormat::Npy, height);
                assert_eq!(Array2::<f32>::read_npy(&*bytes).unwrap(), single);
            }
        }
    }

    #[test]
    fn csv_reads_back_as_the_same_numbers() {
        let scores = array![[0.1, -1e-300], [1.0 / 3.0, f64::MAX]];
        let text = text(&scores, None);
        assert_eq!(text, "pc1,pc2\n0.1,-1e-300\n0.3333333333333333,1.7976931348623157e308\n");
        let read: Vec<f64> =
            text.lines().skip(1).flat_map(|line| line.split(',')).map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(read, scores.as_slice().unwrap());
    }

    #[test]
    fn single_precision_is_as_short_as_it_can_be() {
        assert_eq!(text(&array![[0.1_f32]], None), "pc1\n0.1\n");
    }

    #[test]
    fn the_label_comes_last_under_its_own_name() {
        let labels = ["a, b".to_owned(), String::new()];
        assert_eq!(text(&array![[1.0], [2.0]], Some(("kind", &labels))), "pc1,kind\n1.0,\"a, b\"\n2.0,\n");
    }
}
