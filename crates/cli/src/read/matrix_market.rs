//! Matrix Market's text format, as a person meets it: with the name of the file in every message.

use super::{Features, Matrix, NOT_FINITE_REMEDY, sparse_from_triplets};
use crate::error::{Error, Result};
use lapwing::iterative::matrix_market::{self, MatrixMarket, ReadError};
use std::io::BufRead;

pub(super) use lapwing::iterative::matrix_market::MAGIC;

/// Reads a matrix from `input`, which messages call `name`.
pub(super) fn read(input: impl BufRead, name: &str) -> Result<Matrix> {
    match matrix_market::read(input).map_err(|error| refusal(&error, name))? {
        MatrixMarket::Array(dense) => Ok(Matrix::Dense(Features::Double(dense))),
        MatrixMarket::Coordinate { shape, entries } => {
            Ok(Matrix::Sparse(sparse_from_triplets(shape, &entries, name)?))
        }
    }
}

fn refusal(error: &ReadError, name: &str) -> Error {
    match error {
        ReadError::Ends { line, entries } => {
            let ends = Error::new(format!("{name} ends before line {line}"));
            match entries {
                Some((announced, seen)) => {
                    ends.remedy(format!("the size line announces {announced} entries, and {seen} are there"))
                }
                None => ends,
            }
        }
        ReadError::NonFinite { .. } => Error::new(format!("{name}, {error}")).remedy(NOT_FINITE_REMEDY),
        _ => Error::new(format!("{name}, {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        read(text.as_bytes(), "a.mtx").unwrap_err().to_string()
    }

    #[test]
    fn names_the_file_and_the_remedy() {
        let head = "%%MatrixMarket matrix coordinate real general\n";
        assert_eq!(message(&format!("{head}%\n")), "a.mtx ends before line 3");
        assert_eq!(
            message(&format!("{head}2 2 9999999999999\n1 1 1\n")),
            "a.mtx ends before line 4\n  the size line announces 9999999999999 entries, and 1 are there"
        );
        assert_eq!(
            message(&format!("{head}2 2 1\n3 1 1\n")),
            "a.mtx, line 3: entry (3, 1) lies outside the 2 x 2 matrix"
        );
        assert!(
            message(&format!("{head}2 2 1\n1 1 nan\n"))
                .starts_with("a.mtx, line 3: NaN is not a finite number\n")
        );
    }
}
