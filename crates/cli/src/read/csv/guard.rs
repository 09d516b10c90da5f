//! Between the file and the reader of CSV: where the file ends, and how much one record may take.

use std::io::{self, Read};

/// More than this in one row is no table: a device that never ends, or a file without line feeds.
pub(super) const LONGEST_RECORD: u64 = 64 << 20;

/// What stands after the last byte of the file. The first line feed ends a last line that has no end, so
/// that lines can be counted back from the reader's position. The second is then left over, unless a
/// quote still open takes in both.
const END: &[u8] = b"\n\n";

/// Passes a file on to the reader of CSV and fails when a record grows too long: the reader would hold
/// all of it.
pub(super) struct Guard<R> {
    input: io::Chain<R, &'static [u8]>,
    /// How many bytes were passed on, and how many of them before the current record.
    passed: u64,
    record_start: u64,
    ended: bool,
}

impl<R: Read> Guard<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: input.chain(END), passed: 0, record_start: 0, ended: false }
    }

    /// Notes that the next record starts at this byte.
    pub(super) fn begin_record(&mut self, position: u64) {
        self.record_start = position;
    }

    /// Whether the current record is too long to be one.
    pub(super) fn is_overlong(&self) -> bool {
        self.passed - self.record_start > LONGEST_RECORD
    }

    /// Whether a reader at this byte has read everything, the added end included.
    pub(super) fn is_exhausted(&self, position: u64) -> bool {
        self.ended && position == self.passed
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_overlong() {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        let count = self.input.read(buffer)?;
        self.passed += count as u64;
        self.ended = count == 0;
        Ok(count)
    }
}
