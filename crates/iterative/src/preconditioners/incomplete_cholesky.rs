//! Incomplete Cholesky factorization without fill: IC(0).

use std::ops::Deref;

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef2;
use sprs::{CsMatBase, SpIndex};

use super::splitting::{Rows, Splitting, reciprocals, solve_columns};
use crate::operator::LinearOperator;

const WHAT: &str = "the incomplete Cholesky factorization";

/// The first shift that is tried when a pivot is not positive.
const FIRST_SHIFT: f64 = 1e-3;

/// The inverse of `L Lᵀ`, whose factor has the pattern of the lower triangle of a symmetric positive definite matrix, and
/// whose product agrees with the matrix there.
///
/// It exists for M-matrices (Meijerink and van der Vorst, Math. Comp. 31, 1977), but not for every positive definite
/// matrix. When a pivot is not positive, `A + σ D` is factored instead, with the diagonal D and σ doubled until it succeeds,
/// as it must when the matrix is dominated by its diagonal (Manteuffel, Math. Comp. 34, 1980).
///
/// ```
/// use lapwing_iterative::{LinearOperator, preconditioners::IncompleteCholesky, sprs::CsMat};
/// use ndarray::array;
/// // A tridiagonal matrix has no fill: this is its inverse.
/// let a = CsMat::new((2, 2), vec![0, 2, 4], vec![0, 1, 0, 1], vec![4.0, 2.0, 2.0, 5.0]);
/// let factorization = IncompleteCholesky::new(&a)?;
/// assert_eq!(factorization.shift(), 0.0);
/// assert_eq!(factorization.apply(&array![[6.0], [7.0]])?, array![[1.0], [1.0]]);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct IncompleteCholesky<T> {
    /// The strictly lower triangle of L.
    lower: Rows<T>,
    /// The reciprocals of its diagonal.
    inverse: Vec<T>,
    shift: f64,
}

impl<T: Scalar> IncompleteCholesky<T> {
    /// Factors `a` (n x n), which must be symmetric up to rounding.
    ///
    /// # Errors
    /// [`Error::NotSymmetric`] at the entry that differs most from its mirror; [`Error::DoesNotExist`] when an entry of the
    /// diagonal is not positive, with its row; [`Error::Overflow`]; [`Error::NonFinite`]; [`Error::NotSquare`];
    /// [`Error::InvalidParameter`] when n exceeds 32 bits.
    pub fn new<I, Pointers, Indices, Data, Pointer>(
        a: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
    ) -> Result<Self, Error>
    where
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        let splitting = Splitting::of(a)?;
        require_symmetric(&splitting)?;
        let Splitting { lower, diagonal, .. } = splitting;
        if let Some(row) = diagonal.iter().position(|&entry| entry <= T::zero()) {
            let reason = format!(
                "the diagonal entry of row {row} is not positive, so that the matrix is not positive definite; use an \
                 incomplete LU factorization"
            );
            return Err(Error::DoesNotExist { what: WHAT, reason });
        }
        let (mut factor, mut shift) = (lower.clone(), 0.0);
        // The last shift that can be needed: the diagonal then dominates every row after scaling it to 1.
        let enough = 2.0 * scaled_row_sum(&lower, &diagonal) + FIRST_SHIFT;
        loop {
            if let Some(pivots) = factorize(&mut factor, &diagonal, T::from_f64(1.0 + shift)) {
                return Ok(Self { lower: factor, inverse: reciprocals(WHAT, &pivots)?, shift });
            }
            if shift > enough || shift.is_infinite() {
                return Err(Error::Overflow {
                    routine: "incomplete Cholesky factorization",
                    scalar: T::NAME,
                });
            }
            shift = if shift == 0.0 { FIRST_SHIFT } else { 2.0 * shift };
            factor.entries_mut().copy_from_slice(lower.entries());
        }
    }

    /// The σ of the matrix `A + σ D` that was factored; 0 when it is A itself.
    pub fn shift(&self) -> f64 {
        self.shift
    }
}

/// Replaces the strictly lower triangle of a matrix by that of its factor, and returns the diagonal of the factor, if its
/// pivots are positive. `growth` multiplies the diagonal of the matrix.
fn factorize<T: Scalar>(lower: &mut Rows<T>, diagonal: &[T], growth: T) -> Option<Vec<T>> {
    let n = diagonal.len();
    let mut pivots = Vec::with_capacity(n);
    // The part of row i of the factor that is known, spread out; zeros elsewhere.
    let mut known = vec![T::zero(); n];
    for (i, &entry) in diagonal.iter().enumerate() {
        let mut square = entry * growth;
        for position in lower.range(i) {
            let k = lower.column(position);
            let sum: T = lower.row(k).map(|(j, entry)| entry * known[j]).sum();
            let entry = (lower.entries()[position] - sum) / pivots[k];
            lower.entries_mut()[position] = entry;
            known[k] = entry;
            square -= entry * entry;
        }
        lower.row(i).for_each(|(j, _)| known[j] = T::zero());
        // A pivot that cancels to rounding is as bad as one that is not positive.
        let negligible = T::UNIT_ROUNDOFF * entry;
        if square.is_nan() || square <= negligible {
            return None;
        }
        pivots.push(square.sqrt());
    }
    pivots.iter().chain(lower.entries()).all(|entry| entry.is_finite()).then_some(pivots)
}

/// The largest sum of a row of magnitudes of `D^(-1/2) (L + Lᵀ) D^(-1/2)`.
fn scaled_row_sum<T: Scalar>(lower: &Rows<T>, diagonal: &[T]) -> f64 {
    let mut sums = vec![0.0; diagonal.len()];
    for i in 0..diagonal.len() {
        for (j, entry) in lower.row(i) {
            let scaled = entry.as_f64().abs() / (diagonal[i].as_f64().sqrt() * diagonal[j].as_f64().sqrt());
            sums[i] += scaled;
            sums[j] += scaled;
        }
    }
    sums.into_iter().fold(0.0, f64::max)
}

/// That `|aᵢⱼ − aⱼᵢ| ≤ 2 n ε max|a|`, as the dense routines demand. An entry that is not stored is 0.
fn require_symmetric<T: Scalar>(splitting: &Splitting<T>) -> Result<(), Error> {
    let mirror = splitting.upper.transposed();
    let (mut largest, mut worst, mut place) = (0.0f64, 0.0f64, (0, 0));
    splitting.diagonal.iter().for_each(|entry| largest = largest.max(entry.as_f64().abs()));
    for row in 0..splitting.diagonal.len() {
        let (mut below, mut above) = (splitting.lower.row(row).peekable(), mirror.row(row).peekable());
        while let Some(col) = below.peek().into_iter().chain(above.peek()).map(|entry| entry.0).min() {
            let at = |entry: Option<(usize, T)>| entry.map_or(0.0, |(_, entry)| entry.as_f64());
            let (entry, other) =
                (at(below.next_if(|entry| entry.0 == col)), at(above.next_if(|entry| entry.0 == col)));
            largest = largest.max(entry.abs()).max(other.abs());
            if (entry - other).abs() > worst {
                (worst, place) = ((entry - other).abs(), (row, col));
            }
        }
    }
    let bound = 2.0 * splitting.diagonal.len() as f64 * T::UNIT_ROUNDOFF.as_f64();
    if worst == 0.0 || worst / largest <= bound {
        return Ok(());
    }
    Err(Error::NotSymmetric { argument: "a", row: place.0, col: place.1, difference: worst })
}

impl<T: Scalar> LinearOperator<T> for IncompleteCholesky<T> {
    fn dimensions(&self) -> (usize, usize) {
        (self.inverse.len(), self.inverse.len())
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        solve_columns(self.inverse.len(), x, result, |x| {
            self.lower.solve_lower(&self.inverse, x);
            self.lower.solve_lower_transposed(&self.inverse, x);
        })
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.apply_into(y, result)
    }
}
