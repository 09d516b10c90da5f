//! What can go wrong, with the place and the remedy in every message.

/// The error of every fallible function of this crate.
///
/// Rows, columns, pivots and minors are counted as their documentation says; each message names the
/// argument at fault and what to do about it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An entry that the routine would read is NaN or infinite. `row` and `col` count from 0; for a
    /// vector, `row` is the index and `col` is 0.
    #[error("{argument}[{row}, {col}] is NaN or infinite; remove or impute that entry")]
    NonFinite {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// The row, from 0.
        row: usize,
        /// The column, from 0.
        col: usize,
    },

    /// A routine for square matrices was given a rectangular one.
    #[error("{argument} is {rows} x {cols}, but must be square")]
    NotSquare {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// Its number of rows.
        rows: usize,
        /// Its number of columns.
        cols: usize,
    },

    /// Two extents that must agree do not.
    #[error("{argument} has {found} {extent}, but must have {expected}: {reason}")]
    Shape {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// Which extent: `rows`, `columns` or `entries`.
        extent: &'static str,
        /// What it is.
        found: usize,
        /// What it must be.
        expected: usize,
        /// What it must agree with.
        reason: &'static str,
    },

    /// A parameter lies outside its domain.
    #[error("{parameter} is {value}, but must be {requirement}")]
    InvalidParameter {
        /// The parameter's name.
        parameter: &'static str,
        /// Its value, printed.
        value: String,
        /// The domain.
        requirement: String,
    },

    /// The factorization stopped: the leading minor of this order (counted from 1) is not positive.
    #[error(
        "the matrix is not positive definite: its leading minor of order {minor} is not positive; \
         add a multiple of the identity, or check that it is symmetric"
    )]
    NotPositiveDefinite {
        /// The order of the first leading minor that is not positive, from 1.
        minor: usize,
    },

    /// A triangular factor has an exactly zero (or overflowing) pivot at this index, counted from 0.
    #[error("the matrix is singular: pivot {pivot} (counted from 0) is zero; use a rank-revealing method")]
    Singular {
        /// The index of the pivot, from 0.
        pivot: usize,
    },

    /// A matrix that must be symmetric is not: the entry at `(row, col)` and its mirror differ by more than
    /// rounding explains.
    #[error(
        "{argument} is not symmetric: [{row}, {col}] and [{col}, {row}] differ by {difference:e}; \
         symmetrize it, or use a method for general matrices"
    )]
    NotSymmetric {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// The row of the entry that differs most from its mirror, from 0.
        row: usize,
        /// Its column, from 0; less than `row`.
        col: usize,
        /// By how much the two differ.
        difference: f64,
    },

    /// A method that needs full rank met less.
    #[error("{argument} has rank {rank}, but the method needs {needed}; use a rank-revealing method")]
    RankDeficient {
        /// The matrix, as the function's documentation names it.
        argument: &'static str,
        /// Its numerical rank, or an upper bound on it.
        rank: usize,
        /// The rank that the method needs.
        needed: usize,
    },

    /// A method that needs independent columns met one that those before it contain, up to rounding.
    #[error(
        "column {column} (counted from 0) of {argument} depends on the columns before it; leave it out, or use a \
         rank-revealing method"
    )]
    DependentColumn {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// The column, from 0.
        column: usize,
    },

    /// What was asked for does not exist, or not in real numbers.
    #[error("{what} does not exist: {reason}")]
    DoesNotExist {
        /// What was asked for.
        what: &'static str,
        /// Why there is none, and what to do instead, separated by "; ".
        reason: String,
    },

    /// An iteration inside LAPACK gave up, and so did its fallback.
    #[error(
        "{routine} did not converge: {unconverged} off-diagonal entries remain; scale the matrix to unit norm and retry"
    )]
    NoConvergence {
        /// The LAPACK routine, without its precision letter.
        routine: &'static str,
        /// How many off-diagonal entries of the intermediate form did not converge. For `syevd` with vectors,
        /// LAPACK's `info`, which encodes the submatrix that it gave up on.
        unconverged: usize,
    },

    /// A size does not fit LAPACK's 32-bit integers. Nothing was allocated.
    #[error(
        "{what} is {value}, over the limit of {limit} that LAPACK's 32-bit integers set; split the problem or use an iterative method"
    )]
    TooLarge {
        /// Which size.
        what: &'static str,
        /// Its value.
        value: u128,
        /// The largest value that works.
        limit: u64,
    },

    /// The operating system refused the memory.
    #[error("cannot allocate {bytes} bytes; free memory, or split the problem")]
    OutOfMemory {
        /// The size of the allocation that failed.
        bytes: u128,
    },

    /// Finite input led to a result beyond the scalar's range.
    #[error("the result of {routine} overflows {scalar}; scale the matrix down and scale the result back")]
    Overflow {
        /// The LAPACK routine, without its precision letter.
        routine: &'static str,
        /// The scalar type, `f32` or `f64`.
        scalar: &'static str,
    },

    /// LAPACK rejected an argument: a bug in this crate or in the installed library, never bad data.
    #[error(
        "{routine} returned info = {info}: please report this with the matrix's shape and the LAPACK version"
    )]
    Internal {
        /// The LAPACK routine, without its precision letter.
        routine: &'static str,
        /// LAPACK's `info`.
        info: i32,
    },
}
