//! What [`solve`](fn@crate::solve) saw and what it did about it, to read and to print.

use std::fmt;

use crate::triangle::Triangle;

/// What [`solve`](fn@crate::solve) found a matrix to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Structure {
    /// No rows or no columns.
    Empty,
    /// Zero off the diagonal.
    Diagonal,
    /// Zero on the other side of the diagonal.
    Triangular(Triangle),
    /// Zero but for the diagonal and its two neighbours.
    Tridiagonal,
    /// Zero but for a band narrow enough to pay.
    Banded {
        /// How many diagonals lie below the main one.
        lower: usize,
        /// How many lie above it.
        upper: usize,
    },
    /// Equal to its transpose, with positive eigenvalues.
    PositiveDefinite,
    /// Equal to its transpose, with eigenvalues of both signs.
    Indefinite,
    /// Square, with none of the above.
    General,
    /// More rows than columns, of full column rank.
    Overdetermined,
    /// More columns than rows, of full row rank.
    Underdetermined,
    /// Of less than full rank, to working precision.
    RankDeficient,
}

impl fmt::Display for Structure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Structure::Empty => out.write_str("empty"),
            Structure::Diagonal => out.write_str("diagonal"),
            Structure::Triangular(Triangle::Lower) => out.write_str("lower triangular"),
            Structure::Triangular(Triangle::Upper) => out.write_str("upper triangular"),
            Structure::Tridiagonal => out.write_str("tridiagonal"),
            Structure::Banded { lower, upper } => {
                write!(out, "banded, {lower} diagonals below the main one and {upper} above")
            }
            Structure::PositiveDefinite => out.write_str("symmetric positive definite"),
            Structure::Indefinite => out.write_str("symmetric indefinite"),
            Structure::General => out.write_str("general"),
            Structure::Overdetermined => out.write_str("overdetermined, of full column rank"),
            Structure::Underdetermined => out.write_str("underdetermined, of full row rank"),
            Structure::RankDeficient => out.write_str("rank-deficient"),
        }
    }
}

/// How [`solve`](fn@crate::solve) solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// Zeros: there is nothing to solve.
    Nothing,
    /// Division by each entry of the diagonal.
    Division,
    /// Forward or backward substitution.
    Substitution,
    /// `L D Lᵀ` of a positive definite tridiagonal matrix.
    TridiagonalCholesky,
    /// LU of a tridiagonal matrix.
    TridiagonalLu,
    /// Cholesky within the band.
    BandedCholesky,
    /// LU within the band.
    BandedLu,
    /// Cholesky.
    Cholesky,
    /// `L D Lᵀ` with rook pivoting.
    Ldlt,
    /// LU with row interchanges.
    Lu,
    /// QR: least squares.
    Qr,
    /// QR of the transpose: the solution of least norm.
    QrOfTranspose,
    /// Singular values: least squares, of least norm.
    Svd,
}

impl Method {
    /// The LAPACK routines, without their precision letter.
    pub fn routines(self) -> &'static str {
        match self {
            Method::Nothing | Method::Division => "none",
            Method::Substitution => "trtrs",
            Method::TridiagonalCholesky => "pttrf, pttrs",
            Method::TridiagonalLu => "gttrf, gttrs",
            Method::BandedCholesky => "pbtrf, pbtrs",
            Method::BandedLu => "gbtrf, gbtrs",
            Method::Cholesky => "potrf, potrs",
            Method::Ldlt => "sytrf_rook, sytrs_rook",
            Method::Lu => "getrf, getrs",
            Method::Qr | Method::QrOfTranspose => "geqrf, ormqr, trtrs",
            Method::Svd => "gesdd",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Method::Nothing => "nothing to solve",
            Method::Division => "division by the diagonal",
            Method::Substitution => "substitution",
            Method::TridiagonalCholesky => "L D Lᵀ of three diagonals",
            Method::TridiagonalLu => "LU of three diagonals",
            Method::BandedCholesky => "Cholesky within the band",
            Method::BandedLu => "LU within the band",
            Method::Cholesky => "Cholesky",
            Method::Ldlt => "L D Lᵀ with rook pivoting",
            Method::Lu => "LU with row interchanges",
            Method::Qr => "QR, least squares",
            Method::QrOfTranspose => "QR of the transpose, the solution of least norm",
            Method::Svd => "singular values, least squares of least norm",
        })
    }
}

/// What was seen, what was done and why. Made by [`solve`](fn@crate::solve); prints as the explanation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// The rows of the matrix.
    pub rows: usize,
    /// Its columns.
    pub cols: usize,
    /// What it is.
    pub structure: Structure,
    /// How the system was solved.
    pub method: Method,
    /// Why so.
    pub reason: String,
    /// About how many floating-point operations that took, attempts that failed included.
    pub flops: f64,
    /// Its rank, to working precision.
    pub rank: usize,
    /// An estimate of its reciprocal condition number: in the 1-norm, from the singular values where those were
    /// computed, and for the triangle R where QR was. 0 of a rank-deficient matrix, 1 of an empty one.
    pub reciprocal_condition: f64,
    /// How far `a x` is from `b`: the largest `‖b − a x‖ / (‖a‖ ‖x‖ + ‖b‖)` of the right-hand sides, in the
    /// 1-norm. At the unit roundoff the equations hold; what is much larger is the misfit of least squares. NaN
    /// where it overflows.
    pub residual: f64,
    /// The rounding unit of the scalar, by which [`Plan::digits`] counts.
    pub(super) unit_roundoff: f64,
}

impl Plan {
    /// About how many decimal digits of the solution the condition number leaves; 0 when the rank is deficient.
    pub fn digits(&self) -> usize {
        let digits = (self.reciprocal_condition / self.unit_roundoff).log10().floor();
        // A saturating conversion: NaN and −∞ are 0.
        digits as usize
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "matrix     {} x {}, {}", self.rows, self.cols, self.structure)?;
        writeln!(out, "method     {} ({})", self.method, self.method.routines())?;
        writeln!(out, "because    {}", self.reason)?;
        writeln!(out, "work       {:.2e} operations", self.flops)?;
        writeln!(out, "rank       {} of {}", self.rank, self.rows.min(self.cols))?;
        let digits = -self.unit_roundoff.log10();
        writeln!(
            out,
            "condition  reciprocal {:.1e}: about {} of {:.0} digits",
            self.reciprocal_condition,
            self.digits(),
            digits.floor()
        )?;
        write!(out, "residual   {:.1e} of ‖a‖ ‖x‖ + ‖b‖", self.residual)
    }
}
