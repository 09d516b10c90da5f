//! A matrix of `.npy` in blocks of rows, one after the other: the file may be larger than the memory.
//!
//! A thread reads and checks the next block while the caller works on the one before, and the two blocks change places.
//! Nothing else of the file is in memory.

use super::{Header, find, not_finite};
use crate::error::{Error, Result};
use crate::number::Number;
use crate::progress::ByteCount;
use crate::read::{Apart, numbered};
use ndarray::{Array2, ArrayView2, Axis};
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

/// Bytes that are read and converted at a time.
const PIECE: usize = 1 << 20;

/// A file that holds a matrix in C order, found to be as long as it says.
#[derive(Debug)]
pub(crate) struct NpyBlocks {
    file: File,
    /// The name of the file, for messages.
    name: String,
    /// Where the numbers begin.
    start: u64,
    rows: usize,
    columns: usize,
    label: Option<usize>,
    precision: Precision,
    byte_order: ByteOrder,
}

/// The scalar of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Precision {
    Single,
    Double,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

/// A number of a file.
pub(crate) trait Element: Number + Display {
    /// Makes numbers of bytes, as many as both slices hold.
    fn decode(bytes: &[u8], byte_order: ByteOrder, numbers: &mut [Self]);
}

/// Consecutive rows of the file.
pub(crate) struct Block<'a, T> {
    /// The numbers without the label column, all of them finite; m x p.
    pub(crate) features: ArrayView2<'a, T>,
    /// The entries of the label column, if there is one: m, or none.
    pub(crate) labels: &'a [T],
}

/// The memory of a block, used again and again.
struct Buffer<T> {
    features: Array2<T>,
    labels: Vec<T>,
    /// How many rows of `features` are those of the file.
    rows: usize,
}

impl NpyBlocks {
    /// Checks the header against `length`, that of the file, and that the rows follow upon each other; `label` numbers the
    /// column to leave out of the features.
    pub(crate) fn open(mut file: File, length: u64, name: &str, label: Option<&str>) -> Result<Self> {
        let unreadable = |error: io::Error| Error::new(format!("cannot read {name}: {error}"));
        file.rewind().map_err(unreadable)?;
        let (bytes, header) = Header::read(&mut BufReader::new(&file), name)?;
        let start = bytes.len() as u64;
        let (rows, columns) = header.matrix(length.saturating_sub(start), name)?;
        // A single row or column looks the same in both orders.
        if header.fortran_order && rows > 1 && columns > 1 {
            return Err(Error::new(format!(
                "{name} is in Fortran order: its rows are scattered, and cannot be read in blocks"
            ))
            .remedy(
                "write it with numpy.save(file, numpy.ascontiguousarray(x)); or leave --batch-rows and \
                 --solver incremental out, to read all of it",
            ));
        }
        let label = label.map(|label| find(label, columns, name, Apart::Label(Some(label)))).transpose()?;
        let precision = if header.element_size() == 4 { Precision::Single } else { Precision::Double };
        let byte_order = if header.descriptor.starts_with('>') { ByteOrder::Big } else { ByteOrder::Little };
        Ok(Self { file, name: name.to_owned(), start, rows, columns, label, precision, byte_order })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns there are without the label.
    pub(crate) fn features(&self) -> usize {
        self.columns - self.label.iter().count()
    }

    pub(crate) fn label_name(&self) -> Option<String> {
        self.label.map(numbered)
    }

    pub(crate) fn precision(&self) -> Precision {
        self.precision
    }

    /// How many bytes a pass reads.
    pub(crate) fn bytes(&self) -> u64 {
        (self.rows * self.row_bytes()) as u64
    }

    fn row_bytes(&self) -> usize {
        let size = match self.precision {
            Precision::Single => 4,
            Precision::Double => 8,
        };
        self.columns * size
    }

    /// Hands all rows to `work`, `height` of them at a time, the last block having those that are left. `T` is the scalar
    /// of the file.
    ///
    /// Ends at the first entry that is not finite, and at the first failure of `work`.
    pub(crate) fn each<T: Element>(
        &self,
        height: usize,
        count: &ByteCount,
        mut work: impl FnMut(Block<'_, T>) -> Result<()>,
    ) -> Result<()> {
        let height = height.clamp(1, self.rows);
        thread::scope(|scope| {
            let (filled, arriving) = mpsc::sync_channel(1);
            let (spent, empty) = mpsc::channel();
            for _ in 0..self.rows.div_ceil(height).min(2) {
                // The receiver is in scope.
                let _ = spent.send(self.buffer(height)?);
            }
            thread::Builder::new()
                .spawn_scoped(scope, move || self.read_all(height, count, &empty, &filled))
                .map_err(|error| {
                    Error::new(format!("cannot start a thread to read {}: {error}", self.name))
                })?;
            for buffer in arriving {
                let buffer: Buffer<T> = buffer?;
                let features = buffer.features.slice_axis(Axis(0), (..buffer.rows).into());
                work(Block { features, labels: &buffer.labels })?;
                // After its last block the reader is gone.
                let _ = spent.send(buffer);
            }
            Ok(())
        })
    }

    fn buffer<T: Element>(&self, height: usize) -> Result<Buffer<T>> {
        match lapwing::zeros(height, self.features()) {
            Ok(features) => Ok(Buffer { features, labels: Vec::new(), rows: 0 }),
            Err(_) => Err(Error::new(format!(
                "a block of {height} rows of {} needs more memory than there is",
                self.name
            ))
            .remedy("give --batch-rows a smaller number")),
        }
    }

    /// Fills empty buffers until the file or the interest in it ends.
    fn read_all<T: Element>(
        &self,
        height: usize,
        count: &ByteCount,
        empty: &Receiver<Buffer<T>>,
        filled: &SyncSender<Result<Buffer<T>>>,
    ) {
        let mut input = &self.file;
        let mut bytes = vec![0; (PIECE / self.row_bytes()).max(1) * self.row_bytes()];
        let mut first_row = 0;
        while first_row < self.rows {
            // Whoever works on the blocks has failed, and is gone.
            let Ok(mut buffer) = empty.recv() else { return };
            buffer.rows = height.min(self.rows - first_row);
            let begun =
                if first_row == 0 { input.seek(SeekFrom::Start(self.start)).map(drop) } else { Ok(()) };
            let read = begun
                .map_err(|error| self.interrupted(&error))
                .and_then(|()| self.fill(&mut buffer, first_row, input, &mut bytes, count));
            first_row += buffer.rows;
            let failed = read.is_err();
            if filled.send(read.map(|()| buffer)).is_err() || failed {
                return;
            }
        }
    }

    /// Reads the next rows of `input` into `buffer`, by way of `bytes`.
    fn fill<T: Element>(
        &self,
        buffer: &mut Buffer<T>,
        first_row: usize,
        mut input: impl Read,
        bytes: &mut [u8],
        count: &ByteCount,
    ) -> Result<()> {
        let Buffer { features, labels, rows } = buffer;
        labels.clear();
        let mut whole_row = vec![T::zero(); if self.label.is_some() { self.columns } else { 0 }];
        let mut filled = 0;
        while filled < *rows {
            let height = (bytes.len() / self.row_bytes()).min(*rows - filled);
            let bytes = &mut bytes[..height * self.row_bytes()];
            input.read_exact(bytes).map_err(|error| self.interrupted(&error))?;
            count.add(bytes.len());
            let mut piece = features.slice_axis_mut(Axis(0), (filled..filled + height).into());
            for (row, (bytes, mut into)) in
                bytes.chunks_exact(self.row_bytes()).zip(piece.rows_mut()).enumerate()
            {
                // The buffer is row-major.
                let Some(into) = into.as_slice_mut() else { continue };
                match self.label {
                    None => T::decode(bytes, self.byte_order, into),
                    Some(label) => {
                        T::decode(bytes, self.byte_order, &mut whole_row);
                        into[..label].copy_from_slice(&whole_row[..label]);
                        into[label..].copy_from_slice(&whole_row[label + 1..]);
                        labels.push(whole_row[label]);
                    }
                }
                // Without a branch at each number, several are looked at in one step.
                if !into.iter().fold(true, |finite, x| finite & x.is_finite()) {
                    let feature = into.iter().position(|x| !x.is_finite()).unwrap_or(0);
                    let row = first_row + filled + row;
                    // Columns are numbered as in the file, where the label still stands among the features.
                    let column = feature + usize::from(self.label.is_some_and(|label| label <= feature));
                    return Err(not_finite(&self.name, row, column, into[feature]));
                }
            }
            filled += height;
        }
        Ok(())
    }

    fn interrupted(&self, error: &io::Error) -> Error {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Error::new(format!("{} has become shorter while it was read", self.name))
                .remedy("run again when the file is complete")
        } else {
            Error::new(format!("cannot read {}: {error}", self.name))
        }
    }
}

impl Element for f32 {
    fn decode(bytes: &[u8], byte_order: ByteOrder, numbers: &mut [Self]) {
        let entries = numbers.iter_mut().zip(bytes.as_chunks().0);
        match byte_order {
            ByteOrder::Little => entries.for_each(|(number, &bytes)| *number = Self::from_le_bytes(bytes)),
            ByteOrder::Big => entries.for_each(|(number, &bytes)| *number = Self::from_be_bytes(bytes)),
        }
    }
}

impl Element for f64 {
    fn decode(bytes: &[u8], byte_order: ByteOrder, numbers: &mut [Self]) {
        let entries = numbers.iter_mut().zip(bytes.as_chunks().0);
        match byte_order {
            ByteOrder::Little => entries.for_each(|(number, &bytes)| *number = Self::from_le_bytes(bytes)),
            ByteOrder::Big => entries.for_each(|(number, &bytes)| *number = Self::from_be_bytes(bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::npy::read;
    use crate::read::{Column, Features};
    use std::io::Write;

    /// A file of this header and these bytes.
    fn file(order: &str, descriptor: &str, (rows, columns): (usize, usize), numbers: &[u8]) -> File {
        let header = format!(
            "{{'descr': '{descriptor}', 'fortran_order': {order}, 'shape': ({rows}, {columns}), }}\n"
        );
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"\x93NUMPY\x01\x00").unwrap();
        file.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
        file.write_all(header.as_bytes()).unwrap();
        file.write_all(numbers).unwrap();
        file
    }

    fn open(file: &File, label: Option<&str>) -> Result<NpyBlocks> {
        NpyBlocks::open(file.try_clone().unwrap(), file.metadata().unwrap().len(), "x.npy", label)
    }

    /// All rows and labels, and the height of each block.
    fn gathered<T: Element>(blocks: &NpyBlocks, height: usize) -> (Vec<T>, Vec<T>, Vec<usize>) {
        let (mut features, mut labels, mut heights) = (Vec::new(), Vec::new(), Vec::new());
        let keep = |block: Block<T>| {
            heights.push(block.features.nrows());
            features.extend(&block.features);
            labels.extend(block.labels);
            Ok(())
        };
        blocks.each(height, &ByteCount::default(), keep).unwrap();
        (features, labels, heights)
    }

    /// The reader of whole files, which ndarray-npy does the reading for, is the reference.
    #[test]
    fn blocks_of_any_height_hold_what_the_whole_file_holds() {
        // Rows of 24 KiB, so that a piece ends within a block.
        let (rows, columns) = (101, 3 << 10);
        let value = |i: usize| ((i * 37) % 1001) as f64 / 7.0;
        for (descriptor, bytes) in [
            ("<f8", (0..rows * columns).flat_map(|i| value(i).to_le_bytes()).collect::<Vec<u8>>()),
            (">f8", (0..rows * columns).flat_map(|i| value(i).to_be_bytes()).collect()),
        ] {
            let file = file("False", descriptor, (rows, columns), &bytes);
            for label in [None, Some("1"), Some("17"), Some("3072")] {
                let mut whole = &file;
                whole.rewind().unwrap();
                let length = file.metadata().unwrap().len();
                let table = read(whole, length, "x.npy", Apart::Label(label)).unwrap();
                let Features::Double(expected) = &table.features else { panic!("in single precision") };
                let expected = expected.clone();
                let labels = table.apart.and_then(Column::label);
                let blocks = open(&file, label).unwrap();
                assert_eq!((blocks.rows(), blocks.features()), expected.dim());
                for (height, heights) in
                    [(1, vec![1; rows]), (45, vec![45, 45, 11]), (101, vec![101]), (usize::MAX, vec![101])]
                {
                    let (features, found, seen) = gathered::<f64>(&blocks, height);
                    assert!(features.iter().eq(&expected), "{descriptor} {label:?} {height}");
                    let found: Vec<String> = found.iter().map(f64::to_string).collect();
                    assert_eq!(found, labels.as_ref().map(|l| l.values.clone()).unwrap_or_default());
                    assert_eq!(seen, heights);
                }
            }
        }
    }

    #[test]
    fn single_precision_is_read_in_both_byte_orders() {
        let numbers = [1.5_f32, -2.0, 3e-40, f32::MAX];
        for (descriptor, bytes) in [
            ("<f4", numbers.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>()),
            (">f4", numbers.iter().flat_map(|x| x.to_be_bytes()).collect()),
        ] {
            let blocks = open(&file("False", descriptor, (2, 2), &bytes), None).unwrap();
            assert_eq!((blocks.precision(), blocks.bytes()), (Precision::Single, 16));
            assert_eq!(gathered::<f32>(&blocks, 1).0, numbers);
        }
    }

    #[test]
    fn a_single_row_or_column_has_no_order() {
        let bytes: Vec<u8> = [1.0_f64, 2.0, 3.0].iter().flat_map(|x| x.to_le_bytes()).collect();
        for shape in [(1, 3), (3, 1)] {
            let blocks = open(&file("True", "<f8", shape, &bytes), None).unwrap();
            assert_eq!(gathered::<f64>(&blocks, 2).0, [1.0, 2.0, 3.0]);
        }
    }

    #[test]
    fn the_failure_of_the_work_ends_the_reading() {
        let bytes: Vec<u8> = (0..1000).flat_map(|i| f64::from(i).to_le_bytes()).collect();
        let blocks = open(&file("False", "<f8", (1000, 1), &bytes), None).unwrap();
        let mut seen = 0;
        let failed = blocks.each::<f64>(10, &ByteCount::default(), |_| {
            seen += 1;
            if seen == 3 { Err(Error::new("enough")) } else { Ok(()) }
        });
        assert_eq!((failed, seen), (Err(Error::new("enough")), 3));
        assert_eq!(gathered::<f64>(&blocks, 10).0.len(), 1000, "and a second pass begins at the beginning");
    }

    /// The length was right when the file was opened.
    #[test]
    fn a_file_cut_while_it_is_read_is_an_error() {
        let bytes: Vec<u8> = (0..100).flat_map(|i| f64::from(i).to_le_bytes()).collect();
        let file = file("False", "<f8", (100, 1), &bytes);
        let blocks = open(&file, None).unwrap();
        file.set_len(file.metadata().unwrap().len() - 1).unwrap();
        let error = blocks.each::<f64>(10, &ByteCount::default(), |_| Ok(())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.npy has become shorter while it was read\n  run again when the file is complete"
        );
    }
}
