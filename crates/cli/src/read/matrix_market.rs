//! Matrix Market's text format (`.mtx`): sparse in coordinates, or dense in columns.
//!
//! Read here rather than by sprs, whose reader never returns from a file that ends in its comments, sets aside as much
//! memory as a damaged header asks for, and does not say on which line it gave up.

use super::{Features, Matrix, NOT_FINITE_REMEDY, sparse_from_triplets};
use crate::error::{Error, Result};
use ndarray::{Array2, ShapeBuilder};
use std::io::BufRead;

/// What every such file begins with.
pub(super) const MAGIC: &[u8] = b"%%MatrixMarket";

/// Entries that a header is believed to announce before they are seen.
const BELIEVED: usize = 1 << 20;

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

/// Reads a matrix from `input`, which messages call `name`.
pub(super) fn read(input: impl BufRead, name: &str) -> Result<Matrix> {
    let mut lines = Lines { input, name, number: 0, text: String::new() };
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
) -> Result<Matrix> {
    let mut triplets = Vec::with_capacity(entries.min(BELIEVED));
    for seen in 0..entries {
        let line = lines.next_content().map_err(|error| {
            error.remedy(format!("the size line announces {entries} entries, and {seen} are there"))
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
            return Err(lines.wrong(&format!("{value} is not a finite number")).remedy(NOT_FINITE_REMEDY));
        }
        triplets.push((row - 1, col - 1, value));
        match symmetry {
            Symmetry::Symmetric if row != col => triplets.push((col - 1, row - 1, value)),
            Symmetry::SkewSymmetric if row != col => triplets.push((col - 1, row - 1, -value)),
            _ => {}
        }
    }
    Ok(Matrix::Sparse(sparse_from_triplets((rows, cols), &triplets, lines.name)?))
}

/// Column after column; of a symmetric matrix the lower triangle, of a skew-symmetric one without the diagonal.
fn columns<R: BufRead>(
    mut lines: Lines<R>,
    (rows, cols): (usize, usize),
    symmetry: Symmetry,
) -> Result<Matrix> {
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
                Ok(value) => {
                    return Err(lines
                        .wrong(&format!("{value} is not a finite number"))
                        .remedy(NOT_FINITE_REMEDY));
                }
                Err(_) => return Err(lines.wrong("the line is not one number")),
            }
        }
    }
    let dense = Array2::from_shape_vec((rows, cols).f(), values)
        .map_err(|error| Error::new(format!("cannot hold {}: {error}", lines.name)))?;
    Ok(Matrix::Dense(Features::Double(dense)))
}

/// The lines of a file, counted from 1.
struct Lines<'a, R> {
    input: R,
    name: &'a str,
    number: usize,
    text: String,
}

impl<R: BufRead> Lines<'_, R> {
    fn next_line(&mut self) -> Result<&str> {
        self.text.clear();
        self.number += 1;
        match self.input.read_line(&mut self.text) {
            Ok(0) => Err(Error::new(format!("{} ends before line {}", self.name, self.number))),
            Ok(_) => Ok(&self.text),
            Err(error) => {
                Err(Error::new(format!("cannot read {}, line {}: {error}", self.name, self.number)))
            }
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

    fn wrong(&self, what: &str) -> Error {
        Error::new(format!("{}, line {}: {what}", self.name, self.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn dense(text: &str) -> Array2<f64> {
        match read(text.as_bytes(), "a.mtx").unwrap() {
            Matrix::Dense(Features::Double(dense)) => dense,
            Matrix::Sparse(sparse) => sparse.to_dense(),
            Matrix::Dense(Features::Single(_)) => panic!("text is read in double precision"),
        }
    }

    fn refusal(text: &str) -> String {
        read(text.as_bytes(), "a.mtx").unwrap_err().to_string()
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
        assert_eq!(refusal(&format!("{head}%\n")), "a.mtx ends before line 3");
        assert_eq!(
            refusal(&format!("{head}2 2 9999999999999\n1 1 1\n")),
            "a.mtx ends before line 4\n  the size line announces 9999999999999 entries, and 1 are there"
        );
        assert_eq!(
            refusal(&format!("{head}2 2 1\n3 1 1\n")),
            "a.mtx, line 3: entry (3, 1) lies outside the 2 x 2 matrix"
        );
        assert_eq!(
            refusal(&format!("{head}2 2 1\n1 1 x\n")),
            "a.mtx, line 3: the entry has no value that is a number"
        );
        assert!(
            refusal(&format!("{head}2 2 1\n1 1 nan\n"))
                .starts_with("a.mtx, line 3: NaN is not a finite number\n")
        );
        assert!(refusal(&format!("{head}2 x\n")).contains("line 2: \"2 x\" is not a size line"));
        assert!(refusal("%%MatrixMarket matrix coordinate complex general\n").contains("complex in"));
        assert!(
            refusal("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n")
                .contains("cannot be symmetric")
        );
    }
}
