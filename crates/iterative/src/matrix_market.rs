//! Matrix Market's text format (`.mtx`): sparse in coordinates, or dense in columns.
//!
//! Read here rather than by sprs, whose reader never returns from a file that ends in its comments, sets aside as much
//! memory as a damaged header asks for, and does not say on which line it gave up.

use std::io::{self, BufRead};

use ndarray::{Array2, ShapeBuilder};

/// What every such text begins with.
pub const MAGIC: &[u8] = b"%%MatrixMarket";

/// Entries that a header is believed to announce before they are seen.
const BELIEVED: usize = 1 << 20;

/// A matrix as the text has it: of symmetric ones both triangles.
#[derive(Clone, Debug, PartialEq)]
pub enum MatrixMarket {
    /// Entries in coordinates.
    Coordinate {
        /// Rows and columns.
        shape: (usize, usize),
        /// Row and column, from 0, and value, in the order of the text. Those at one place are meant to be added up.
        entries: Vec<(usize, usize, f64)>,
    },
    /// All entries.
    Array(Array2<f64>),
}

/// Why a text is not a matrix.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The text ends too early.
    #[error("the text ends before line {line}")]
    Ends {
        /// The line, from 1, that is not there.
        line: usize,
        /// How many entries the size line announces and how many are there, if that is what is missing.
        entries: Option<(usize, usize)>,
    },

    /// A line is not what the format asks for in its place.
    #[error("line {line}: {reason}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },

    /// An entry is NaN or infinite.
    #[error("line {line}: {value} is not a finite number")]
    NonFinite {
        /// The line, from 1.
        line: usize,
        /// The entry.
        value: f64,
    },

    /// Reading failed.
    #[error("line {line} cannot be read: {source}")]
    Io {
        /// The line, from 1.
        line: usize,
        /// What the reader said.
        source: io::Error,
    },
}

type Result<T> = std::result::Result<T, ReadError>;

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Coordinate,
    Array,
}

#[derive(Clone, Copy, PartialEq)]
enum Symmetry {
    General,
    Symmetric,
    SkewSymmetric,
}

/// Reads a matrix of real or whole numbers, or a pattern, whose entries are then 1.
///
/// ```
/// use lapwing_iterative::matrix_market::{MatrixMarket, read};
/// let text = "%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n1 1 4\n2 1 0.5\n";
/// let matrix = read(text.as_bytes())?;
/// let entries = vec![(0, 0, 4.0), (1, 0, 0.5), (0, 1, 0.5)];
/// assert_eq!(matrix, MatrixMarket::Coordinate { shape: (3, 3), entries });
/// # Ok::<(), lapwing_iterative::matrix_market::ReadError>(())
/// ```
///
/// # Errors
/// [`ReadError`], with the line. Memory is taken for what has been read, and not for what a header announces.
pub fn read(input: impl BufRead) -> Result<MatrixMarket> {
    let mut lines = Lines { input, number: 0, text: String::new() };
    let (layout, pattern, symmetry) = banner(&mut lines)?;
    let sizes = lines.next_content()?.to_owned();
    let mut sizes_of = sizes.split_whitespace().map(|word| word.parse::<usize>().ok());
    let mut size = || {
        sizes_of
            .next()
            .flatten()
            .ok_or_else(|| lines.wrong(&format!("{:?} is not a size line", sizes.trim())))
    };
    let (rows, cols) = (size()?, size()?);
    let entries = if layout == Layout::Coordinate { size()? } else { 0 };
    if symmetry != Symmetry::General && rows != cols {
        return Err(lines.wrong(&format!("a {rows} x {cols} matrix cannot be symmetric")));
    }
    match layout {
        Layout::Coordinate => coordinates(lines, (rows, cols), entries, pattern, symmetry),
        Layout::Array => columns(lines, (rows, cols), symmetry),
    }
}

/// `%%MatrixMarket matrix coordinate real general`: the layout, whether entries have no values, and the symmetry.
fn banner<R: BufRead>(lines: &mut Lines<R>) -> Result<(Layout, bool, Symmetry)> {
    let banner = lines.next_line()?.to_lowercase();
    let words: Vec<&str> = banner.split_whitespace().collect();
    let unknown = |what: &str| lines.wrong(&format!("{what} in {:?} is not supported", banner.trim()));
    let [_, "matrix", layout, field, symmetry] = words[..] else {
        return Err(lines.wrong("the first line does not read %%MatrixMarket matrix LAYOUT FIELD SYMMETRY"));
    };
    let layout = match layout {
        "coordinate" => Layout::Coordinate,
        "array" => Layout::Array,
        other => return Err(unknown(other)),
    };
    let pattern = match field {
        "real" | "integer" | "double" => false,
        "pattern" if layout == Layout::Coordinate => true,
        other => return Err(unknown(other)),
    };
    let symmetry = match symmetry {
        "general" => Symmetry::General,
        "symmetric" => Symmetry::Symmetric,
        "skew-symmetric" => Symmetry::SkewSymmetric,
        other => return Err(unknown(other)),
    };
    Ok((layout, pattern, symmetry))
}

fn coordinates<R: BufRead>(
    mut lines: Lines<R>,
    (rows, cols): (usize, usize),
    entries: usize,
    pattern: bool,
    symmetry: Symmetry,
) -> Result<MatrixMarket> {
    let mut triplets = Vec::with_capacity(entries.min(BELIEVED));
    for seen in 0..entries {
        let line = lines.next_content().map_err(|error| match error {
            ReadError::Ends { line, .. } => ReadError::Ends { line, entries: Some((entries, seen)) },
            error => error,
        })?;
        let mut words = line.split_whitespace();
        let mut index = || words.next().and_then(|word| word.parse::<usize>().ok());
        let (Some(row), Some(col)) = (index(), index()) else {
            return Err(lines.wrong("a row and a column number must come first"));
        };
        let value = if pattern { Some(1.0) } else { words.next().and_then(|word| word.parse::<f64>().ok()) };
        let Some(value) = value else {
            return Err(lines.wrong("the entry has no value that is a number"));
        };
        if !(1..=rows).contains(&row) || !(1..=cols).contains(&col) {
            return Err(lines.wrong(&format!("entry ({row}, {col}) lies outside the {rows} x {cols} matrix")));
        }
        if !value.is_finite() {
            return Err(ReadError::NonFinite { line: lines.number, value });
        }
        triplets.push((row - 1, col - 1, value));
        match symmetry {
            Symmetry::Symmetric if row != col => triplets.push((col - 1, row - 1, value)),
            Symmetry::SkewSymmetric if row != col => triplets.push((col - 1, row - 1, -value)),
            _ => {}
        }
    }
    Ok(MatrixMarket::Coordinate { shape: (rows, cols), entries: triplets })
}

/// Column after column; of a symmetric matrix the lower triangle, of a skew-symmetric one without the diagonal.
fn columns<R: BufRead>(
    mut lines: Lines<R>,
    (rows, cols): (usize, usize),
    symmetry: Symmetry,
) -> Result<MatrixMarket> {
    let mut values = Vec::with_capacity(rows.saturating_mul(cols).min(BELIEVED));
    // Without rows there is no entry whose absence would end the loop.
    for col in 0..if rows == 0 { 0 } else { cols } {
        let first = match symmetry {
            Symmetry::General => 0,
            Symmetry::Symmetric => col,
            Symmetry::SkewSymmetric => col + 1,
        };
        for row in 0..rows {
            if row < first {
                // Already there, on the other side of the diagonal.
                let mirrored = if row == col { 0.0 } else { values[row * rows + col] };
                values.push(if symmetry == Symmetry::SkewSymmetric { -mirrored } else { mirrored });
                continue;
            }
            let value = lines.next_content()?.trim().parse::<f64>();
            match value {
                Ok(value) if value.is_finite() => values.push(value),
                Ok(value) => return Err(ReadError::NonFinite { line: lines.number, value }),
                Err(_) => return Err(lines.wrong("the line is not one number")),
            }
        }
    }
    let dense =
        Array2::from_shape_vec((rows, cols).f(), values).map_err(|error| lines.wrong(&error.to_string()))?;
    Ok(MatrixMarket::Array(dense))
}

/// The lines of a file, counted from 1.
struct Lines<R> {
    input: R,
    number: usize,
    text: String,
}

impl<R: BufRead> Lines<R> {
    fn next_line(&mut self) -> Result<&str> {
        self.text.clear();
        self.number += 1;
        match self.input.read_line(&mut self.text) {
            Ok(0) => Err(ReadError::Ends { line: self.number, entries: None }),
            Ok(_) => Ok(&self.text),
            Err(source) => Err(ReadError::Io { line: self.number, source }),
        }
    }

    /// The next line that is neither empty nor a comment.
    fn next_content(&mut self) -> Result<&str> {
        loop {
            let line = self.next_line()?.trim_start();
            if !line.is_empty() && !line.starts_with('%') {
                return Ok(&self.text);
            }
        }
    }

    fn wrong(&self, reason: &str) -> ReadError {
        ReadError::Syntax { line: self.number, reason: reason.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn dense(text: &str) -> Array2<f64> {
        match read(text.as_bytes()).unwrap() {
            MatrixMarket::Array(dense) => dense,
            MatrixMarket::Coordinate { shape, entries } => {
                let mut dense = Array2::zeros(shape);
                entries.iter().for_each(|&(row, col, value)| dense[[row, col]] += value);
                dense
            }
        }
    }

    fn refusal(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn reads_every_layout() {
        let coordinate =
            "%%MatrixMarket matrix coordinate real general\n% a comment\n\n2 3 3\n1 1 1.5\n2 3 -2e0\n1 1 1\n";
        assert_eq!(dense(coordinate), array![[2.5, 0.0, 0.0], [0.0, 0.0, -2.0]]);
        let symmetric = "%%MatrixMarket MATRIX coordinate integer symmetric\n2 2 2\n1 1 4\n2 1 3\n";
        assert_eq!(dense(symmetric), array![[4.0, 3.0], [3.0, 0.0]]);
        let skew = "%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 3\n";
        assert_eq!(dense(skew), array![[0.0, -3.0], [3.0, 0.0]]);
        let pattern = "%%MatrixMarket matrix coordinate pattern general\n1 2 1\n1 2\n";
        assert_eq!(dense(pattern), array![[0.0, 1.0]]);
        let array = "%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n";
        assert_eq!(dense(array), array![[1.0, 3.0], [2.0, 4.0]]);
        let lower = "%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n4\n";
        assert_eq!(dense(lower), array![[1.0, 2.0], [2.0, 4.0]]);
        let strictly = "%%MatrixMarket matrix array real skew-symmetric\n2 2\n5\n";
        assert_eq!(dense(strictly), array![[0.0, -5.0], [5.0, 0.0]]);
    }

    #[test]
    fn says_on_which_line_it_stopped() {
        let head = "%%MatrixMarket matrix coordinate real general\n";
        assert_eq!(refusal(&format!("{head}%\n")), "the text ends before line 3");
        let short = format!("{head}2 2 9999999999999\n1 1 1\n");
        assert!(matches!(
            read(short.as_bytes()),
            Err(ReadError::Ends { line: 4, entries: Some((9_999_999_999_999, 1)) })
        ));
        assert_eq!(
            refusal(&format!("{head}2 2 1\n3 1 1\n")),
            "line 3: entry (3, 1) lies outside the 2 x 2 matrix"
        );
        assert_eq!(
            refusal(&format!("{head}2 2 1\n1 1 x\n")),
            "line 3: the entry has no value that is a number"
        );
        assert_eq!(refusal(&format!("{head}2 2 1\n1 1 nan\n")), "line 3: NaN is not a finite number");
        assert!(refusal(&format!("{head}2 x\n")).contains("line 2: \"2 x\" is not a size line"));
        assert!(refusal("%%MatrixMarket matrix coordinate complex general\n").contains("complex in"));
        assert!(
            refusal("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n")
                .contains("cannot be symmetric")
        );
    }
}
