//! Which triangle of a symmetric or triangular matrix is read.

/// A triangle of a square matrix, diagonal included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Triangle {
    /// Entries on and below the diagonal. The default, as in NumPy.
    #[default]
    Lower,
    /// Entries on and above the diagonal.
    Upper,
}

impl Triangle {
    /// The other triangle: the same one of the transpose.
    pub fn transposed(self) -> Triangle {
        match self {
            Triangle::Lower => Triangle::Upper,
            Triangle::Upper => Triangle::Lower,
        }
    }

    /// LAPACK's `uplo` letter.
    pub(crate) fn letter(self) -> u8 {
        match self {
            Triangle::Lower => b'L',
            Triangle::Upper => b'U',
        }
    }

    /// The columns of row `row` that belong to this triangle of a matrix of order `order`.
    pub(crate) fn columns(self, row: usize, order: usize) -> std::ops::Range<usize> {
        match self {
            Triangle::Lower => 0..row + 1,
            Triangle::Upper => row..order,
        }
    }
}
