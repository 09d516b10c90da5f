//! Inverses, one-sided inverses and pseudoinverses.
//!
//! | to get                                        | use                         | from             | cost, m ≥ n      |
//! |-----------------------------------------------|-----------------------------|------------------|------------------|
//! | `X` with `A X = X A = I`                      | [`inverse`]                 | `getrf`, `getri` | 2n³              |
//! | `X` with `X A = I`, for independent columns   | [`left_inverse`]            | `gesdd`, `gemm`  | ≈ 6mn² + 8n³     |
//! | `X` with `A X = I`, for independent rows      | [`right_inverse`]           | `gesdd`, `gemm`  | as much          |
//! | the Moore–Penrose inverse of any matrix       | [`pseudoinverse`]           | `gesdd`, `gemm`  | as much          |
//! | the same of a symmetric matrix                | [`symmetric_pseudoinverse`] | `syevd`, `gemm`  | O(n³)            |
//!
//! To solve a system, no inverse is needed: [`Lu`], [`Qr`](crate::Qr) and [`Cholesky`](crate::Cholesky) do
//! it in less time and with smaller errors. An inverse is for where its entries themselves are
//! wanted, such as variances, sensitivities and projections.

use ndarray::{Array2, ArrayRef2, Axis, s};

use crate::error::Error;
use crate::finite::require_finite_result;
use crate::layout::symmetric;
use crate::lu::{ConditionNorm, Lu};
use crate::norms::{Norm, norm};
use crate::products::{gemm, matmul, square};
use crate::rank::Tolerance;
use crate::scalar::Scalar;
use crate::svd::Svd;
use crate::symmetric_eigen::SymmetricEigen;
use crate::triangle::Triangle;

/// The inverse of `a` (n x n). NumPy's `inv`, except that a matrix that is singular to working precision is
/// refused.
///
/// ```
/// use lapwing_lapack::inverse::inverse;
/// use ndarray::array;
/// let x = inverse(&array![[2.0, 1.0], [4.0, 4.0]])?;
/// assert_eq!(x, array![[1.0, -0.25], [-1.0, 0.5]]);
/// // NumPy inverts this matrix of rank 2 to entries of size 1e15.
/// assert!(inverse(&array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]).is_err());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Singular`] at a pivot that is exactly zero, or too small to divide by; [`Error::RankDeficient`] when
/// the condition exceeds 1/(n ε), so that no digit is certain, unless it is the units of rows or columns that make it
/// large: then `‖I − X A‖` or `‖I − A X‖` is below √ε all the same, and `X` is returned. [`Error::NotSquare`],
/// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
#[doc(alias = "inv")]
pub fn inverse<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    let n = square("a", a)?;
    let lu = Lu::new(a)?;
    let x = lu.inverse()?;
    // A large condition may be no more than a matter of units, as in a diagonal matrix: the residual decides then.
    let condition = lu.reciprocal_condition(ConditionNorm::One)?;
    let doubtful = condition.as_f64() < n as f64 * 2.0 * T::UNIT_ROUNDOFF.as_f64();
    if doubtful && misses_identity(&x, a)? && misses_identity(a, &x)? {
        return Err(Error::RankDeficient { argument: "a", rank: n - 1, needed: n });
    }
    Ok(x)
}

/// Whether `‖I − left right‖₁` passes the root of the roundoff, or leaves the range.
fn misses_identity<T: Scalar>(left: &ArrayRef2<T>, right: &ArrayRef2<T>) -> Result<bool, Error> {
    let mut defect = Array2::eye(left.nrows());
    gemm(-T::one(), left, right, T::one(), &mut defect)?;
    Ok(norm(&defect, Norm::One).map_or(true, |defect| defect >= T::UNIT_ROUNDOFF.sqrt()))
}

/// The left inverse of least norm of `a` (m x n): the n x m matrix `(Aᵀ A)⁻¹ Aᵀ`, which takes `a x` back to `x`. It
/// exists when the columns are independent.
///
/// ```
/// use lapwing_lapack::inverse::left_inverse;
/// use ndarray::array;
/// let a = array![[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]];
/// assert_eq!(left_inverse(&a)?, array![[1.0, 0.0, 0.0], [0.0, 0.5, 0.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::RankDeficient`] when the numerical rank, by [`Tolerance::Standard`], is below n; those of
/// [`pseudoinverse`].
pub fn left_inverse<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    one_sided(a, a.ncols())
}

/// The right inverse of least norm of `a` (m x n): the n x m matrix `Aᵀ (A Aᵀ)⁻¹`, with which `a X = I`. It exists
/// when the rows are independent.
///
/// ```
/// use lapwing_lapack::inverse::right_inverse;
/// use ndarray::array;
/// let a = array![[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]];
/// assert_eq!(right_inverse(&a)?, array![[1.0, 0.0], [0.0, 0.5], [0.0, 0.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::RankDeficient`] when the numerical rank, by [`Tolerance::Standard`], is below m; those of
/// [`pseudoinverse`].
pub fn right_inverse<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    one_sided(a, a.nrows())
}

fn one_sided<T: Scalar>(a: &ArrayRef2<T>, needed: usize) -> Result<Array2<T>, Error> {
    let svd = Svd::thin(a)?;
    let rank = svd.rank(Tolerance::Standard)?;
    if rank < needed {
        return Err(Error::RankDeficient { argument: "a", rank, needed });
    }
    svd.pseudoinverse(Tolerance::Standard)
}

/// The Moore–Penrose inverse of `a` (m x n): the n x m matrix `V₁ Σ₁⁻¹ U₁ᵀ` of the singular values above the
/// tolerance. `pseudoinverse(a) b` is the least squares solution of least norm.
///
/// [`Tolerance::Standard`] is the default of SciPy's `pinv`, and of NumPy's from version 2 on (`rtol`, before that
/// `rcond`, is max(m, n) ε); [`Tolerance::Relative`] is `rtol` or `rcond`, and [`Tolerance::Absolute`] SciPy's
/// `atol`. Its norm is the reciprocal of the last value that counts, so that the tolerance is also a bound on
/// what errors in `b` become.
///
/// ```
/// use lapwing_lapack::inverse::pseudoinverse;
/// use lapwing_lapack::rank::Tolerance;
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [1.0, 2.0]];
/// let x = pseudoinverse(&a, Tolerance::Standard)?;
/// let exact = array![[0.1, 0.1], [0.2, 0.2]];
/// assert!((&x - &exact).iter().all(|error: &f64| error.abs() < 1e-15));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] for a tolerance that is negative or not finite; [`Error::NonFinite`],
/// [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`]; [`Error::Overflow`] when an entry of the
/// result is out of range.
#[doc(alias = "pinv")]
pub fn pseudoinverse<T: Scalar>(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<Array2<T>, Error> {
    tolerance.validate()?;
    Svd::thin(a)?.pseudoinverse(tolerance)
}

impl<T: Scalar> Svd<T> {
    /// The Moore–Penrose inverse, n x m, of the matrix that was decomposed, as
    /// [`pseudoinverse`](crate::inverse::pseudoinverse).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a tolerance that is negative or not finite; [`Error::OutOfMemory`],
    /// [`Error::Overflow`].
    pub fn pseudoinverse(&self, tolerance: Tolerance) -> Result<Array2<T>, Error> {
        let rank = self.rank(tolerance)?;
        let (u, vt) = (self.u().slice_move(s![.., ..rank]), self.vt().slice_move(s![..rank, ..]));
        let values = self.singular_values().slice_move(s![..rank]).insert_axis(Axis(1));
        // The smaller of the two factors is copied.
        let inverse = if u.nrows() < vt.ncols() {
            matmul(&vt.t(), &(&u.t() / &values))?
        } else {
            matmul(&(&vt / &values).t(), &u.t())?
        };
        require_finite_result("gemm", inverse.as_slice_memory_order().expect("a new matrix is packed"))?;
        Ok(inverse)
    }
}

/// The Moore–Penrose inverse of a symmetric matrix `a` (n x n), of which one triangle is read; exactly symmetric.
/// SciPy's `pinvh`. Eigenvalues count when their magnitude is above the tolerance, as singular values do in
/// [`pseudoinverse`]; they cost less.
///
/// ```
/// use lapwing_lapack::Triangle;
/// use lapwing_lapack::inverse::symmetric_pseudoinverse;
/// use lapwing_lapack::rank::Tolerance;
/// use ndarray::array;
/// let a = array![[2.0, 2.0], [2.0, 2.0]];
/// let x = symmetric_pseudoinverse(&a, Triangle::Lower, Tolerance::Standard)?;
/// assert!(x.iter().all(|entry: &f64| (entry - 0.125).abs() < 1e-15));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// Those of [`pseudoinverse`], and [`Error::NotSquare`].
#[doc(alias = "pinvh")]
pub fn symmetric_pseudoinverse<T: Scalar>(
    a: &ArrayRef2<T>,
    triangle: Triangle,
    tolerance: Tolerance,
) -> Result<Array2<T>, Error> {
    tolerance.validate()?;
    let (values, vectors) = SymmetricEigen::params().triangle(triangle).compute(a)?.into_factors();
    let largest = values.iter().fold(T::zero(), |largest, value| largest.max(value.abs()));
    let threshold = tolerance.threshold(a.dim(), largest)?;
    let counted: Vec<usize> = (0..values.len()).filter(|&i| values[i].abs().as_f64() > threshold).collect();
    let (values, vectors) = (values.select(Axis(0), &counted), vectors.select(Axis(1), &counted));
    let product = matmul(&(&vectors / &values), &vectors.t())?;
    require_finite_result("gemm", product.as_slice_memory_order().expect("a new matrix is packed"))?;
    symmetric(&product, Triangle::Lower)
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayView, array};

    use super::*;
    use crate::testing::gallery::{graded, hilbert, inverse_hilbert, kahan, pascal};
    use crate::testing::{Kind, Layout, matrix};

    const STANDARD: Tolerance = Tolerance::Standard;

    fn largest(a: &Array2<f64>) -> f64 {
        a.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()))
    }

    /// `‖X − A⁻¹‖ ≤ c n ε κ ‖A⁻¹‖`, against inverses of integers that are known exactly.
    #[test]
    fn inverses_of_hard_matrices_are_as_exact_as_their_condition_allows() {
        for n in 1..8 {
            let exact = inverse_hilbert::<f64>(n);
            let condition = n as f64 * largest(&exact);
            let bound = 10.0 * n as f64 * f64::EPSILON * condition * largest(&exact);
            let a = hilbert::<f64>(n);
            for layout in Layout::ALL {
                let inverses = layout.with(&a, |a| {
                    [
                        inverse(&a).unwrap(),
                        pseudoinverse(&a, STANDARD).unwrap(),
                        symmetric_pseudoinverse(&a, Triangle::Upper, STANDARD).unwrap(),
                        left_inverse(&a).unwrap(),
                    ]
                });
                for x in inverses {
                    let error = largest(&(&x - &exact));
                    assert!(error <= bound, "{n} {layout:?}: {error:e} over {bound:e}");
                }
            }
        }
        // Pascal's matrix is exact, and so is the check that its inverse is one of integers.
        let x = inverse(&pascal::<f64>(6)).unwrap();
        assert!(largest(&(&x - &x.mapv(f64::round))) < 1e-8);
    }

    /// What the units of rows and columns make of the condition is no reason to refuse; a matrix that rounding made
    /// regular is.
    #[test]
    fn only_matrices_without_an_inverse_are_refused() {
        let power = 2f64.powi(-100);
        let scaled = array![[1.0, 0.0], [0.0, power]];
        assert_eq!(inverse(&scaled).unwrap(), array![[1.0, 0.0], [0.0, 1.0 / power]]);
        let rows = array![[3e100, 1e100], [1e-100, 2e-100]];
        let x = inverse(&rows).unwrap();
        let exact = array![[0.4e-100, -0.2e100], [-0.2e-100, 0.6e100]];
        assert!(x.iter().zip(&exact).all(|(x, y): (&f64, &f64)| (x / y - 1.0).abs() < 1e-14), "{x}");
        // Where products of the units leave the range, elimination loses digits, and the residual shows it.
        let beyond = array![[3e200, 1e200], [1e-200, 2e-200]];
        assert!(matches!(inverse(&beyond), Err(Error::RankDeficient { .. })));
        let steep = graded::<f64>(6, 12);
        assert!(largest(&(inverse(&steep).unwrap().dot(&steep) - Array2::<f64>::eye(6))) < 1e-3);

        let rounded = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]] / 10.0;
        let error = inverse(&rounded).unwrap_err();
        assert!(
            matches!(error, Error::RankDeficient { rank: 2, needed: 3, .. } | Error::Singular { .. }),
            "{error}"
        );
        assert!(matches!(inverse(&hilbert::<f64>(20)), Err(Error::RankDeficient { .. })));
        assert_eq!(inverse(&Array2::<f32>::zeros((2, 2))), Err(Error::Singular { pivot: 0 }));
        assert!(matches!(inverse(&Array2::<f32>::zeros((2, 3))), Err(Error::NotSquare { .. })));
    }

    #[test]
    fn one_sided_inverses_exist_exactly_when_the_rank_does() {
        for (m, n) in [(1, 1), (5, 3), (40, 40), (150, 20)] {
            let a = matrix::<f64>(Kind::Random, m, n);
            let wide = a.t().to_owned();
            let bound = 1e-10;
            assert!(largest(&(left_inverse(&a).unwrap().dot(&a) - Array2::<f64>::eye(n))) < bound);
            assert!(largest(&(wide.dot(&right_inverse(&wide).unwrap()) - Array2::<f64>::eye(n))) < bound);
            if m > n {
                let none = |rank, needed| Err(Error::RankDeficient { argument: "a", rank, needed });
                assert_eq!(right_inverse(&a), none(n, m));
                assert_eq!(left_inverse(&wide), none(n, m));
            }
        }
        let dependent = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]];
        let none = Err(Error::RankDeficient { argument: "a", rank: 1, needed: 2 });
        assert_eq!(left_inverse(&dependent), none);
        assert_eq!(right_inverse(&dependent.t()), none);
        assert!(left_inverse(&kahan::<f64>(90, 1.2, 25.0)).is_err());
    }

    /// The tolerance decides what is inverted: σ = 4, 2, 1.
    #[test]
    fn a_tolerance_cuts_singular_values_off() {
        let a = Array2::from_diag(&array![2.0, -4.0, 1.0]);
        let cases = [
            (STANDARD, [0.5, -0.25, 1.0]),
            (Tolerance::Absolute(1.0), [0.5, -0.25, 0.0]),
            (Tolerance::Relative(0.5), [0.0, -0.25, 0.0]),
            (Tolerance::Relative(1.0), [0.0, 0.0, 0.0]),
        ];
        for (tolerance, diagonal) in cases {
            let exact = Array2::from_diag(&Array2::from(vec![diagonal]).row(0));
            assert_eq!(pseudoinverse(&a, tolerance).unwrap(), exact, "{tolerance:?}");
            for triangle in [Triangle::Lower, Triangle::Upper] {
                assert_eq!(symmetric_pseudoinverse(&a, triangle, tolerance).unwrap(), exact, "{tolerance:?}");
            }
        }
    }

    #[test]
    fn nothing_and_zero_have_inverses_too() {
        for (m, n) in [(0, 0), (0, 3), (3, 0), (2, 3)] {
            let a = Array2::<f64>::zeros((m, n));
            assert_eq!(pseudoinverse(&a, STANDARD).unwrap(), Array2::<f64>::zeros((n, m)));
        }
        assert_eq!(inverse(&Array2::<f64>::zeros((0, 0))).unwrap().dim(), (0, 0));
        assert_eq!(left_inverse(&Array2::<f64>::zeros((3, 0))).unwrap().dim(), (0, 3));
        let none = symmetric_pseudoinverse(&Array2::<f64>::zeros((2, 2)), Triangle::Lower, STANDARD);
        assert_eq!(none.unwrap(), Array2::<f64>::zeros((2, 2)));
        assert_eq!(inverse(&array![[4.0f32]]).unwrap(), array![[0.25]]);
    }

    #[test]
    fn what_has_no_inverse_in_range_overflows() {
        let tiny = array![[1e-310, 0.0], [0.0, 1e-310]];
        assert!(matches!(pseudoinverse(&tiny, STANDARD), Err(Error::Overflow { .. })));
        assert!(inverse(&tiny).is_err());
        let large = array![[1e300, 0.0], [0.0, 2e300]];
        assert!(
            largest(&(pseudoinverse(&large, STANDARD).unwrap() * 1e300 - array![[1.0, 0.0], [0.0, 0.5]]))
                < 1e-15
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            for bad in [f64::NAN, f64::INFINITY] {
                let mut a = matrix::<f64>(Kind::Random, 3, 3);
                a[[row, col]] = bad;
                let expected = Err(Error::NonFinite { argument: "a", row, col });
                assert_eq!(inverse(&a), expected);
                assert_eq!(pseudoinverse(&a, STANDARD), expected);
                assert_eq!(left_inverse(&a), expected);
            }
        }
        let a = Array2::<f64>::eye(2);
        for tolerance in [Tolerance::Absolute(-1.0), Tolerance::Relative(f64::NAN)] {
            let refused =
                [pseudoinverse(&a, tolerance), symmetric_pseudoinverse(&a, Triangle::Lower, tolerance)];
            for result in refused {
                assert!(matches!(result, Err(Error::InvalidParameter { parameter: "tolerance", .. })));
            }
        }
        let one = [1.0f64];
        let one = ArrayView::from(&one).into_shape_with_order((1, 1)).unwrap();
        assert!(matches!(inverse(&one.broadcast((1 << 31, 1 << 31)).unwrap()), Err(Error::TooLarge { .. })));
        assert!(matches!(left_inverse(&one.broadcast((1 << 31, 1)).unwrap()), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn a_thread_with_a_small_stack_is_enough() {
        let work = || {
            let a = matrix::<f64>(Kind::Random, 300, 300);
            largest(&(&inverse(&a).unwrap() - &pseudoinverse(&a, STANDARD).unwrap()))
        };
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap();
        assert!(thread.join().unwrap() < 1e-8);
    }
}
