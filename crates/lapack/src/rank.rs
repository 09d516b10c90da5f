//! The rank of a matrix, and how far to believe it.
//!
//! | to                                                | use                   | from                 |
//! |---------------------------------------------------|-----------------------|----------------------|
//! | count the singular values that are not rounding   | [`numerical_rank`]    | `gesdd`, values only |
//! | see the decision with its margin                  | [`analyze_rank`]      | `gesdd`, values only |
//! | weigh all directions instead of counting them     | [`effective_rank`], [`stable_rank`] | `gesdd`, values only |
//! | keep a share of the energy                        | [`energy_rank`]       | `gesdd`, values only |
//! | find the column that the others already contain   | [`analyze_columns`]   | Gram–Schmidt, `gemm` |
//!
//! In floating point a rank is a decision, not a property: rounding makes almost every singular matrix
//! regular. [`Tolerance`] says where the line is drawn; [`RankReport`] says whether it matters where.
//! All of it costs one computation of singular values, about 4mn² − 4n³/3 flops for m ≥ n.

mod columns;
#[cfg(test)]
mod tests;

use std::fmt;

use ndarray::{Array1, ArrayRef1, ArrayRef2, ArrayView1};

use crate::error::Error;
use crate::scalar::Scalar;
use crate::svd::Svd;

pub use columns::{ColumnReport, DependentColumn, analyze_columns};

/// Where a singular value counts as zero: at this threshold, and below it.
///
/// `ε` is the machine epsilon, twice the unit roundoff: Rust's and NumPy's `EPSILON`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Tolerance {
    /// `σ₁ max(m, n) ε`: what rounding may make of a zero. The default of NumPy's `matrix_rank` and `pinv`, of
    /// SciPy's `null_space`, `orth` and `pinv`, and of MATLAB's `rank`.
    #[default]
    Standard,
    /// This value, whatever the matrix: the size of the errors in the entries, where it is known.
    Absolute(f64),
    /// This multiple of the largest singular value: NumPy's and SciPy's `rcond` and `rtol`.
    Relative(f64),
}

impl Tolerance {
    /// The threshold for a matrix of this shape with this largest singular value.
    pub(crate) fn threshold<T: Scalar>(self, (m, n): (usize, usize), largest: T) -> Result<f64, Error> {
        self.validate()?;
        Ok(match self {
            Tolerance::Standard => largest.as_f64() * rounding::<T>(m, n),
            Tolerance::Absolute(value) => value,
            Tolerance::Relative(factor) => largest.as_f64() * factor,
        })
    }

    /// [`Error::InvalidParameter`] unless the number that it holds makes sense.
    pub(crate) fn validate(self) -> Result<(), Error> {
        match self {
            Tolerance::Absolute(value) | Tolerance::Relative(value)
                if !(0.0..f64::INFINITY).contains(&value) =>
            {
                Err(invalid("tolerance", value, "finite and at least 0"))
            }
            _ => Ok(()),
        }
    }
}

/// `max(m, n) ε`, the relative size of what rounding leaves of a zero singular value.
pub(crate) fn rounding<T: Scalar>(m: usize, n: usize) -> f64 {
    m.max(n) as f64 * 2.0 * T::UNIT_ROUNDOFF.as_f64()
}

pub(crate) fn invalid(parameter: &'static str, value: f64, requirement: &str) -> Error {
    Error::InvalidParameter { parameter, value: value.to_string(), requirement: requirement.to_owned() }
}

/// The number of singular values of `a` (m x n) above the tolerance. NumPy's `matrix_rank`.
///
/// ```
/// use lapwing_lapack::rank::{Tolerance, numerical_rank};
/// use ndarray::array;
/// let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
/// assert_eq!(numerical_rank(&a, Tolerance::Standard)?, 2);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] for a tolerance that is negative or not finite; [`Error::NonFinite`],
/// [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
#[doc(alias = "matrix_rank")]
pub fn numerical_rank<T: Scalar>(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<usize, Error> {
    analyze_rank(a, tolerance).map(|report| report.rank())
}

/// The rank of `a` (m x n) with everything that the decision rests on.
///
/// ```
/// use lapwing_lapack::rank::{Tolerance, analyze_rank};
/// use ndarray::array;
/// let report = analyze_rank(&array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], Tolerance::Standard)?;
/// assert!(report.rank() == 1 && report.is_clear_cut());
/// println!("{report}");
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`numerical_rank`].
pub fn analyze_rank<T: Scalar>(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<RankReport<T>, Error> {
    tolerance.validate()?;
    RankReport::new(a.dim(), Svd::values(a)?.values, tolerance)
}

/// How many directions `a` (m x n) uses, each counted by its weight: `exp(−Σ pᵢ ln pᵢ)` with
/// `pᵢ = σᵢ / Σ σ` (Roy and Vetterli, "The effective rank", EUSIPCO 2007).
///
/// Between 1 and the rank, and equal to the rank when all singular values that are not zero agree; 0 for a zero
/// matrix. It needs no tolerance.
///
/// ```
/// use lapwing_lapack::rank::effective_rank;
/// use ndarray::array;
/// assert!((effective_rank(&array![[5.0, 0.0], [0.0, -5.0]])? - 2.0).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`numerical_rank`].
pub fn effective_rank<T: Scalar>(a: &ArrayRef2<T>) -> Result<f64, Error> {
    analyze_rank(a, Tolerance::Standard).map(|report| report.effective_rank())
}

/// The stable rank `‖a‖_F² / ‖a‖₂²` of `a` (m x n): at most the rank, and, unlike it, hardly changed by small
/// singular values. 0 for a zero matrix.
///
/// ```
/// use lapwing_lapack::rank::stable_rank;
/// use ndarray::array;
/// assert!((stable_rank(&array![[2.0, 0.0], [0.0, 1.0]])? - 1.25).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`numerical_rank`].
pub fn stable_rank<T: Scalar>(a: &ArrayRef2<T>) -> Result<f64, Error> {
    analyze_rank(a, Tolerance::Standard).map(|report| report.stable_rank())
}

/// The least k whose k largest singular values hold this `share` of `‖a‖_F²`: how many principal directions
/// explain, say, 0.95 of a centred data matrix. Shares are compared to within ε.
///
/// ```
/// use lapwing_lapack::rank::energy_rank;
/// use ndarray::array;
/// let a = array![[3.0, 0.0], [0.0, 1.0]];
/// assert_eq!((energy_rank(&a, 0.9)?, energy_rank(&a, 0.91)?), (1, 2));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`numerical_rank`]; [`Error::InvalidParameter`] unless `0 < share ≤ 1`.
pub fn energy_rank<T: Scalar>(a: &ArrayRef2<T>, share: f64) -> Result<usize, Error> {
    require_share(share)?;
    analyze_rank(a, Tolerance::Standard)?.energy_rank(share)
}

/// A rank, and what the decision rests on. Made by [`analyze_rank`]; printed, it explains itself.
#[derive(Clone, Debug, PartialEq)]
pub struct RankReport<T: Scalar> {
    shape: (usize, usize),
    singular_values: Array1<T>,
    tolerance: f64,
    rank: usize,
}

impl<T: Scalar> RankReport<T> {
    fn new(shape: (usize, usize), singular_values: Array1<T>, tolerance: Tolerance) -> Result<Self, Error> {
        let (rank, tolerance) = decide(shape, &singular_values, tolerance)?;
        Ok(Self { shape, singular_values, tolerance, rank })
    }

    /// The number of singular values above [`tolerance`](Self::tolerance).
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The threshold that was used, in the units of the singular values.
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// All min(m, n) singular values, largest first.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.singular_values.view()
    }

    /// Whether the rank is as large as the shape allows.
    pub fn is_full(&self) -> bool {
        self.rank == self.singular_values.len()
    }

    /// The last singular value that counts over the first that does not, infinite when that is zero; `None`
    /// when the one or the other is missing.
    pub fn gap(&self) -> Option<f64> {
        let last = *self.singular_values.get(self.rank.checked_sub(1)?)?;
        let next = *self.singular_values.get(self.rank)?;
        Some(last.as_f64() / next.as_f64())
    }

    /// The condition number in the 2-norm, `σ₁ / σ_min`: infinite for a singular matrix, 1 for an empty one.
    pub fn condition(&self) -> f64 {
        match (self.singular_values.first(), self.singular_values.last()) {
            (Some(_), Some(&least)) if least == T::zero() => f64::INFINITY,
            (Some(first), Some(least)) => first.as_f64() / least.as_f64(),
            _ => 1.0,
        }
    }

    /// Whether a tolerance a hundred times larger or smaller would have led to the same rank. What lies below the
    /// level of rounding, `σ₁ max(m, n) ε`, is no reason for doubt when it was not counted, and one when it was.
    pub fn is_clear_cut(&self) -> bool {
        const FACTOR: f64 = 100.0;
        let largest = self.singular_values.first().map_or(0.0, |s| s.as_f64());
        let noise = largest * rounding::<T>(self.shape.0, self.shape.1);
        let counted = self.rank.checked_sub(1).and_then(|last| self.singular_values.get(last));
        let clearly_counted = counted.is_none_or(|s| s.as_f64() > FACTOR * self.tolerance.max(noise));
        let next = self.singular_values.get(self.rank);
        let clearly_not = next.is_none_or(|s| s.as_f64() <= noise.max(self.tolerance / FACTOR));
        clearly_counted && clearly_not
    }

    /// As the function [`effective_rank`].
    pub fn effective_rank(&self) -> f64 {
        let relative = self.relative();
        let sum: f64 = relative.iter().sum();
        if sum == 0.0 {
            return 0.0;
        }
        let entropy: f64 = relative.iter().map(|s| s / sum).filter(|&p| p > 0.0).map(|p| -p * p.ln()).sum();
        entropy.exp()
    }

    /// As the function [`stable_rank`].
    pub fn stable_rank(&self) -> f64 {
        self.relative().iter().map(|s| s * s).sum()
    }

    /// As the function [`energy_rank`].
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] unless `0 < share ≤ 1`.
    pub fn energy_rank(&self, share: f64) -> Result<usize, Error> {
        require_share(share)?;
        Ok(count_energy(&self.singular_values, share))
    }

    /// The singular values over the largest, so that no square over- or underflows; none for a zero matrix.
    fn relative(&self) -> Vec<f64> {
        relative(&self.singular_values)
    }
}

impl<T: Scalar> fmt::Display for RankReport<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (m, n) = self.shape;
        let verdict = if self.is_clear_cut() { "clear-cut" } else { "depends on the tolerance" };
        writeln!(out, "rank {} of {m} x {n}, at most {}: {verdict}", self.rank, self.singular_values.len())?;
        let mut around = Vec::new();
        for (i, s) in self.singular_values.iter().enumerate() {
            // The ends, and those on both sides of the decision.
            if i == 0 || i + 1 == self.singular_values.len() || i + 1 == self.rank || i == self.rank {
                around.push(format!("σ{} = {:.3e}", i + 1, s.as_f64()));
            }
        }
        writeln!(out, "singular values  {}", around.join(", "))?;
        writeln!(out, "tolerance        {:.3e}", self.tolerance)?;
        if let Some(gap) = self.gap() {
            writeln!(out, "gap              {gap:.3e}")?;
        }
        writeln!(out, "condition        {:.3e}", self.condition())?;
        write!(out, "effective rank   {:.3}, stable rank {:.3}", self.effective_rank(), self.stable_rank())
    }
}

impl<T: Scalar> Svd<T> {
    /// The numerical rank of the matrix that was decomposed, as [`numerical_rank`].
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a tolerance that is negative or not finite.
    pub fn rank(&self, tolerance: Tolerance) -> Result<usize, Error> {
        let shape = (self.u().nrows(), self.vt().ncols());
        decide(shape, &self.singular_values(), tolerance).map(|(rank, _)| rank)
    }
}

/// The rank of a matrix of this shape with these singular values, and the threshold that it was found with.
pub(crate) fn decide<T: Scalar>(
    shape: (usize, usize),
    descending: &ArrayRef1<T>,
    tolerance: Tolerance,
) -> Result<(usize, f64), Error> {
    let largest = descending.first().copied().unwrap_or_else(T::zero);
    let threshold = tolerance.threshold(shape, largest)?;
    Ok((descending.iter().take_while(|s| s.as_f64() > threshold).count(), threshold))
}

/// The least number of leading singular values whose squares hold this share of the sum of all.
pub(crate) fn count_energy<T: Scalar>(descending: &ArrayRef1<T>, share: f64) -> usize {
    let squares: Vec<f64> = relative(descending).iter().map(|s| s * s).collect();
    let total: f64 = squares.iter().sum();
    // The squares of computed singular values are known to a rounding of the whole, and no better.
    let spare = (1.0 - share + 2.0 * T::UNIT_ROUNDOFF.as_f64()) * total;
    let mut tail = 0.0;
    let dropped = squares.iter().rev().take_while(|&&square| {
        tail += square;
        tail <= spare
    });
    squares.len() - dropped.count()
}

pub(crate) fn require_share(share: f64) -> Result<(), Error> {
    if share > 0.0 && share <= 1.0 { Ok(()) } else { Err(invalid("share", share, "above 0 and at most 1")) }
}

fn relative<T: Scalar>(descending: &ArrayRef1<T>) -> Vec<f64> {
    match descending.first().map(|s| s.as_f64()) {
        Some(largest) if largest > 0.0 => descending.iter().map(|s| s.as_f64() / largest).collect(),
        _ => Vec::new(),
    }
}
