//! The best approximation of a matrix by one of low rank.
//!
//! | step      | LAPACK  | cost, m ≥ n            |
//! |-----------|---------|------------------------|
//! | decompose | `gesdd` | ≈ 4mn² + 8n³           |
//! | multiply  | `gemm`  | 2mnk, for rank k       |
//!
//! For compression, denoising, and matrices too large to keep: k(m + n + 1) numbers stand for mn. That no matrix of
//! rank k is closer, in the 2-norm and in the Frobenius norm alike, is the theorem of Eckart and Young
//! (Psychometrika 1, 1936), and of Mirsky (1960) for all norms of singular values.

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis, s};

use crate::error::Error;
use crate::finite::require_finite_result;
use crate::norms::two_norm;
use crate::products::matmul;
use crate::rank::{Tolerance, count_energy, require_share};
use crate::scalar::Scalar;
use crate::svd::Svd;

/// Where to cut the singular values off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Truncation {
    /// Keep this many, or all of them when there are fewer.
    Rank(usize),
    /// Keep those above the tolerance, which so bounds the error in the 2-norm.
    Tolerance(Tolerance),
    /// Keep the fewest that hold this share of `‖A‖_F²`, above 0 and at most 1.
    Energy(f64),
}

/// The best approximation `U Σ Vᵀ` of rank k to a matrix of m rows and n columns, and its errors.
///
/// ```
/// use lapwing_lapack::{LowRank, Truncation};
/// use ndarray::array;
/// let a = array![[3.0, 0.0], [0.0, 0.0], [0.0, 4.0]];
/// let line = LowRank::new(&a, Truncation::Rank(1))?;
/// assert_eq!((line.spectral_error(), line.frobenius_error()), (3.0, 3.0));
/// assert_eq!(line.energy(), 0.64);
/// assert_eq!(line.to_matrix()?, array![[0.0, 0.0], [0.0, 0.0], [0.0, 4.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "truncated SVD")]
#[derive(Clone, Debug)]
pub struct LowRank<T: Scalar> {
    /// m x k.
    u: Array2<T>,
    /// All min(m, n), kept and dropped.
    singular_values: Array1<T>,
    /// k x n.
    vt: Array2<T>,
}

/// One term `σ u vᵀ` of an approximation.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RankOne<'a, T> {
    /// The singular value σ, the 2-norm of the term.
    pub singular_value: T,
    /// The left singular vector u, m entries.
    pub left: ArrayView1<'a, T>,
    /// The right singular vector v, n entries.
    pub right: ArrayView1<'a, T>,
}

impl<T: Scalar> RankOne<'_, T> {
    /// The outer product `σ u vᵀ`, m x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_matrix(&self) -> Result<Array2<T>, Error> {
        let left = &self.left * self.singular_value;
        matmul(&left.insert_axis(Axis(1)), &self.right.insert_axis(Axis(0)))
    }
}

impl<T: Scalar> LowRank<T> {
    /// Approximates `a` (m x n).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a tolerance that is negative or not finite, or a share of energy outside
    /// (0, 1]; [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`],
    /// [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>, truncation: Truncation) -> Result<Self, Error> {
        match truncation {
            Truncation::Tolerance(tolerance) => tolerance.validate()?,
            Truncation::Energy(share) => require_share(share)?,
            Truncation::Rank(_) => {}
        }
        Self::from_svd(Svd::thin(a)?, truncation)
    }

    /// Truncates a decomposition that is already there, without a copy.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], as [`LowRank::new`].
    pub fn from_svd(svd: Svd<T>, truncation: Truncation) -> Result<Self, Error> {
        let rank = match truncation {
            Truncation::Rank(rank) => rank.min(svd.singular_values().len()),
            Truncation::Tolerance(tolerance) => svd.rank(tolerance)?,
            Truncation::Energy(share) => {
                require_share(share)?;
                count_energy(&svd.singular_values(), share)
            }
        };
        let (u, singular_values, vt) = svd.into_factors();
        let (u, vt) = (u.slice_move(s![.., ..rank]), vt.slice_move(s![..rank, ..]));
        Ok(Self { u, singular_values, vt })
    }

    /// The number of terms, k.
    pub fn rank(&self) -> usize {
        self.u.ncols()
    }

    /// The left singular vectors in columns, m x k.
    pub fn u(&self) -> ArrayView2<'_, T> {
        self.u.view()
    }

    /// The k singular values that were kept, largest first.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.singular_values.slice(s![..self.rank()])
    }

    /// The right singular vectors in rows, k x n.
    pub fn vt(&self) -> ArrayView2<'_, T> {
        self.vt.view()
    }

    /// The approximation, m x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn to_matrix(&self) -> Result<Array2<T>, Error> {
        let product = matmul(&(&self.u * &self.singular_values()), &self.vt)?;
        require_finite_result("gemm", product.as_slice_memory_order().expect("a new matrix is packed"))?;
        Ok(product)
    }

    /// The terms whose sum is the approximation, largest first.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = RankOne<'_, T>> {
        (0..self.rank()).map(|i| RankOne {
            singular_value: self.singular_values[i],
            left: self.u.column(i),
            right: self.vt.row(i),
        })
    }

    /// `‖A − U Σ Vᵀ‖₂`: the first singular value that was dropped, 0 when there is none. No matrix of rank k is closer.
    pub fn spectral_error(&self) -> T {
        self.dropped().first().copied().unwrap_or_else(T::zero)
    }

    /// `‖A − U Σ Vᵀ‖_F`: the root of the sum of squares of those that were dropped. No matrix of rank k is closer.
    pub fn frobenius_error(&self) -> T {
        T::from_f64(two_norm(self.dropped()))
    }

    /// The share of `‖A‖_F²` that was kept, between 0 and 1; 1 for a zero matrix.
    pub fn energy(&self) -> f64 {
        let whole = two_norm(self.singular_values.view());
        if whole == 0.0 { 1.0 } else { 1.0 - (two_norm(self.dropped()) / whole).powi(2) }
    }

    fn dropped(&self) -> ArrayView1<'_, T> {
        self.singular_values.slice(s![self.rank()..])
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayView, array};

    use super::*;
    use crate::norms::{Norm, norm};
    use crate::testing::{Kind, Layout, Mode, matrix, randsvd};

    /// Singular values 5, 4, 3, 0: every way to cut them.
    #[test]
    fn truncations_keep_what_they_say() {
        let a = Array2::from_diag(&array![3.0f64, 5.0, 0.0, 4.0]);
        let cases = [
            (Truncation::Rank(0), 0, 5.0, 50f64.sqrt()),
            (Truncation::Rank(2), 2, 3.0, 3.0),
            (Truncation::Rank(9), 4, 0.0, 0.0),
            (Truncation::Tolerance(Tolerance::Standard), 3, 0.0, 0.0),
            (Truncation::Tolerance(Tolerance::Absolute(3.0)), 2, 3.0, 3.0),
            (Truncation::Tolerance(Tolerance::Relative(0.8)), 1, 4.0, 5.0),
            (Truncation::Energy(0.5), 1, 4.0, 5.0),
            (Truncation::Energy(0.82), 2, 3.0, 3.0),
            (Truncation::Energy(0.83), 3, 0.0, 0.0),
        ];
        for (truncation, rank, spectral, frobenius) in cases {
            let found = LowRank::new(&a, truncation).unwrap();
            assert_eq!(found.rank(), rank, "{truncation:?}");
            assert_eq!((found.u().dim(), found.vt().dim()), ((4, rank), (rank, 4)));
            assert!((found.spectral_error() - spectral).abs() < 1e-14, "{truncation:?}");
            assert!((found.frobenius_error() - frobenius).abs() < 1e-14, "{truncation:?}");
            assert!((found.energy() - (1.0 - frobenius * frobenius / 50.0)).abs() < 1e-14);
        }
    }

    /// Eckart and Young: the errors are those of the matrices themselves, and no other matrix of that rank that is at
    /// hand does better.
    #[test]
    fn errors_are_those_of_the_matrices() {
        for (m, n) in [(12, 7), (7, 12), (30, 30)] {
            let a = randsvd::<f64>(m, n, 1e6, Mode::Geometric, 3);
            let bound = 50.0 * m.max(n) as f64 * f64::EPSILON;
            for rank in 0..=m.min(n) {
                let best = LowRank::new(&a, Truncation::Rank(rank)).unwrap();
                let rest = &a - &best.to_matrix().unwrap();
                let (two, frobenius) =
                    (norm(&rest, Norm::Two).unwrap(), norm(&rest, Norm::Frobenius).unwrap());
                assert!((two - best.spectral_error()).abs() <= bound, "{m}x{n} {rank}");
                assert!((frobenius - best.frobenius_error()).abs() <= bound, "{m}x{n} {rank}");
                // The first columns, which have rank at most `rank`.
                let mut columns = a.clone();
                columns.slice_mut(s![.., ..rank]).fill(0.0);
                assert!(norm(&columns, Norm::Two).unwrap() >= best.spectral_error() - bound);
            }
        }
    }

    /// The terms are orthogonal, of rank one, descend, and sum to the approximation, in every layout.
    #[test]
    fn terms_sum_to_the_approximation() {
        let a = matrix::<f64>(Kind::Random, 9, 6);
        for layout in Layout::ALL {
            let best = layout.with(&a, |a| LowRank::new(&a, Truncation::Rank(4))).unwrap();
            assert_eq!(best.terms().len(), 4);
            let zero = Array2::<f64>::zeros(a.dim());
            let sum = best.terms().fold(zero, |sum, term| sum + term.to_matrix().unwrap());
            let matrix = best.to_matrix().unwrap();
            assert!((&sum - &matrix).iter().all(|x| x.abs() < 1e-13), "{layout:?}");
            let values: Vec<f64> =
                best.terms().map(|term| norm(&term.to_matrix().unwrap(), Norm::Two).unwrap()).collect();
            assert!(values.iter().zip(best.singular_values()).all(|(x, y)| (x - y).abs() < 1e-13));
        }
    }

    #[test]
    fn nothing_is_approximated_by_nothing() {
        for (m, n) in [(0, 0), (0, 3), (3, 0), (2, 2)] {
            let none = LowRank::new(&Array2::<f32>::zeros((m, n)), Truncation::Energy(1.0)).unwrap();
            assert_eq!((none.rank(), none.spectral_error(), none.frobenius_error()), (0, 0.0, 0.0));
            assert_eq!((none.energy(), none.to_matrix().unwrap()), (1.0, Array2::zeros((m, n))));
        }
    }

    /// Squares of singular values would leave the range here.
    #[test]
    fn errors_stay_in_range() {
        for scale in [1e300, 1e-300] {
            let best =
                LowRank::new(&(array![[3.0f64, 0.0], [0.0, 4.0]] * scale), Truncation::Rank(1)).unwrap();
            assert!((best.frobenius_error() / scale - 3.0).abs() < 1e-14);
            assert!((best.energy() - 0.64).abs() < 1e-14);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let a = Array2::<f64>::eye(2);
        for share in [0.0, 1.5, f64::NAN] {
            let refused = LowRank::new(&a, Truncation::Energy(share)).unwrap_err();
            assert!(matches!(refused, Error::InvalidParameter { parameter: "share", .. }));
        }
        let refused = LowRank::new(&a, Truncation::Tolerance(Tolerance::Absolute(-1.0))).unwrap_err();
        assert!(matches!(refused, Error::InvalidParameter { parameter: "tolerance", .. }));
        let refused = LowRank::new(&array![[1.0, f64::NAN]], Truncation::Rank(1)).unwrap_err();
        assert_eq!(refused, Error::NonFinite { argument: "a", row: 0, col: 1 });
        let one = [1.0f64];
        let tall = ArrayView::from(&one).into_shape_with_order((1, 1)).unwrap();
        let refused = LowRank::new(&tall.broadcast((1 << 31, 1)).unwrap(), Truncation::Rank(1)).unwrap_err();
        assert!(matches!(refused, Error::TooLarge { .. }));
    }
}
