//! Cholesky factorization with complete pivoting, `Pᵀ A P ≈ L Lᵀ`, of a positive semidefinite matrix.
//!
//! | step   | f32      | f64      | cost, rank r        |
//! |--------|----------|----------|---------------------|
//! | factor | `spstrf` | `dpstrf` | r²n − 2r³/3         |
//! | check  | `ssyrk`  | `dsyrk`  | r(n − r)²           |
//!
//! For Gram, covariance and kernel matrices that may be singular, where [`Cholesky`](crate::Cholesky) stops:
//! it takes the largest remaining diagonal entry at each step, so it finds the numerical rank, a subset of the rows
//! that spans the others, and a factor of r columns (the best cheap low-rank approximation of a kernel matrix).
//!
//! `pstrf` looks at the diagonal alone. It reports rank 0 and nothing amiss for `[[0, 1], [1, 0]]`, rank 1 for
//! `diag(1, −5)`, and leaves the part that it did not factor in the memory of the factor. Here that part is computed,
//! and when it is not small, the smallest eigenvalue decides whether the matrix is refused.

use ndarray::{Array2, ArrayRef2, ArrayView2, s};

use crate::certificate::{Certificate, Ratio, backward_error, balancing_scale, one_norm, residual};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{FiniteCheck, require_finite_result, require_finite_triangle};
use crate::layout::{checked_area, copy_triangle, from_columns, symmetric, zeros};
use crate::products::{same, square, syrk};
use crate::qr::THRESHOLD;
use crate::scalar::Scalar;
use crate::size::checked_length;
use crate::symmetric_eigen::SymmetricEigen;
use crate::triangle::Triangle;

/// How many times n ε of the largest diagonal entry rounding may add to an entry of the unfactored part, before
/// eigenvalues are asked whether the matrix is semidefinite. In exact arithmetic no entry of that part exceeds the
/// tolerance. Rounding adds `r ε (1 + ‖W‖)²`, where the rows that were left out are `W` times those that were taken
/// (Higham 2002, theorem 10.14), and complete pivoting keeps `W` near 1 in norm except on matrices made to prevent it.
const SLACK: f64 = 8.0;

/// The pivoted Cholesky factorization of a positive semidefinite matrix of order n.
///
/// ```
/// use lapwing_lapack::PivotedCholesky;
/// use ndarray::array;
/// // The Gram matrix of (1, 0), (0, 2) and their sum.
/// let gram = array![[1.0, 0.0, 1.0], [0.0, 4.0, 4.0], [1.0, 4.0, 5.0]];
/// let factorization = PivotedCholesky::new(&gram)?;
/// assert_eq!(factorization.rank(), 2);
/// assert_eq!(factorization.permutation()[0], 2, "the longest of them comes first");
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "pstrf")]
#[derive(Clone, Debug)]
pub struct PivotedCholesky<T: Scalar> {
    factor: Array2<T>,
    permutation: Vec<usize>,
    triangle: Triangle,
    /// The part of a given tolerance that the backward error may have; 0 with the default.
    truncation: T,
}

impl<T: Scalar> PivotedCholesky<T> {
    /// Factors `a` (n x n), reading its lower triangle only, with the default tolerance for the rank.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] when `a` is not positive semidefinite, to within rounding; [`Error::NonFinite`],
    /// [`Error::NotSquare`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        PivotedCholeskyParams::default().compute(a)
    }

    /// The numerical rank r: how many pivots exceeded the tolerance.
    pub fn rank(&self) -> usize {
        self.factor.ncols()
    }

    /// Row and column `i` of `Pᵀ A P` are row and column `permutation()[i]` of `A`, counted from 0. The rows of `A`
    /// named first, [`rank`](Self::rank) of them, span the others.
    pub fn permutation(&self) -> &[usize] {
        &self.permutation
    }

    /// L, n x r, lower trapezoidal, with a positive diagonal that does not increase.
    pub fn factor(&self) -> ArrayView2<'_, T> {
        self.factor.view()
    }

    /// `P L`, n x r: the rows of L in the order of `A`, so that `A ≈ (P L)(P L)ᵀ`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn unpermuted_factor(&self) -> Result<Array2<T>, Error> {
        let mut unpermuted = zeros(self.factor.nrows(), self.factor.ncols())?;
        for (row, &place) in self.factor.outer_iter().zip(&self.permutation) {
            unpermuted.row_mut(place).assign(&row);
        }
        Ok(unpermuted)
    }

    /// How far the factor is from that of a matrix that rounds to `a`; the factored triangle of `a` is read.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was factored, [`Error::NotSquare`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.permutation.len(), "the order of the matrix that was factored")?;
        let full = symmetric(a, self.triangle)?;
        let scale = balancing_scale(&full);
        let left = self.unpermuted_factor()?;
        let defect = residual(scale, &full, &left.mapv(|x| x * scale), &left.t())?;
        let norm = one_norm(&full.mapv(|x| x * scale));
        let bound = norm.max(scale * self.truncation / T::UNIT_ROUNDOFF);
        let error = backward_error(&defect, bound, n);
        Ok(Certificate::new(vec![Ratio::new(
            "‖Pᵀ A P − L Lᵀ‖ / (n max(‖A‖ ε, tolerance))",
            error,
            THRESHOLD,
        )]))
    }
}

impl PivotedCholesky<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> PivotedCholeskyParams {
        PivotedCholeskyParams::default()
    }
}

/// The choices of a pivoted Cholesky factorization. Made by [`PivotedCholesky::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct PivotedCholeskyParams {
    tolerance: Option<f64>,
    triangle: Triangle,
    check: FiniteCheck,
}

impl PivotedCholeskyParams {
    /// The factorization stops when no remaining diagonal entry exceeds this times the largest diagonal entry of
    /// the matrix. Default: n unit roundoffs, which is LAPACK's. A larger one makes a low-rank approximation, each
    /// of whose entries is off by at most the tolerance.
    pub fn tolerance(mut self, relative: f64) -> Self {
        self.tolerance = Some(relative);
        self
    }

    /// Which triangle of the matrix to read. Default: [`Triangle::Lower`].
    pub fn triangle(mut self, triangle: Triangle) -> Self {
        self.triangle = triangle;
        self
    }

    /// Skips the scan for NaN and infinities. The result may then be garbage if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Factors `a` (n x n).
    ///
    /// # Errors
    /// As [`PivotedCholesky::new`]; [`Error::InvalidParameter`] when the tolerance is negative, NaN, or 1 and more.
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<PivotedCholesky<T>, Error> {
        let n = square("a", a)?;
        if let Some(tolerance) = self.tolerance.filter(|tolerance| !(0.0..1.0).contains(tolerance)) {
            let requirement = "at least 0 and less than 1".to_owned();
            let value = tolerance.to_string();
            return Err(Error::InvalidParameter { parameter: "tolerance", value, requirement });
        }
        to_int("the order of the matrix", n)?;
        let work = checked_length("the workspace of pstrf", 2 * n as u128)?;
        require_finite_triangle(self.check, "a", a, self.triangle)?;
        if n == 0 {
            let factor = zeros(0, 0)?;
            let (permutation, truncation) = (Vec::new(), T::zero());
            return Ok(PivotedCholesky { factor, permutation, triangle: self.triangle, truncation });
        }

        let largest = a.diag().iter().fold(T::zero(), |largest, &x| largest.max(x));
        let rounding = T::from_f64(n as f64) * T::UNIT_ROUNDOFF * largest;
        let given = self.tolerance.map(|relative| T::from_f64(relative) * largest);
        let mut entries = zeroed(checked_area::<T>(n, n)?)?;
        let (_, uplo) = copy_triangle(a, self.triangle, &mut entries);
        let mut pivots: Vec<Int> = vec![0; n];
        let (info, rank) = T::pstrf(
            uplo,
            Columns::new(&mut entries, n, n)?,
            &mut pivots,
            given.unwrap_or(rounding),
            &mut zeroed(work)?,
        );
        // 1: some pivots were not taken, which the rank says better.
        if !(0..=1).contains(&info) {
            return Err(Error::Internal { routine: "pstrf", info });
        }
        let rank = rank as usize;
        let permutation: Vec<usize> = pivots.iter().map(|&pivot| pivot as usize - 1).collect();
        let stored = from_columns(entries, n, n);
        let stored = if uplo == Triangle::Lower.letter() { stored.view() } else { stored.t() };
        let mut factor = zeros(n, rank)?;
        for (i, mut row) in factor.outer_iter_mut().enumerate() {
            let taken = ..rank.min(i + 1);
            row.slice_mut(s![taken]).assign(&stored.slice(s![i, taken]));
        }
        require_finite_result("pstrf", factor.as_slice().expect("it was just made"))?;

        let remainder = remainder(a, self.triangle, &factor, &permutation[rank..])?;
        let noise = T::from_f64(SLACK) * rounding + T::min_positive_value();
        let most = given.unwrap_or(rounding).max(rounding) + noise;
        let small = |(i, j): (usize, usize), entry: T| entry.abs() <= most && (i != j || entry >= -noise);
        if !remainder.indexed_iter().all(|(place, &entry)| small(place, entry)) {
            require_semidefinite(a, self.triangle, T::from_f64(n as f64) * noise)?;
        }
        let truncation = given.unwrap_or(T::zero());
        Ok(PivotedCholesky { factor, permutation, triangle: self.triangle, truncation })
    }
}

/// What the factor leaves of the rows and columns of `a` that it does not take; the lower triangle, zeros above.
fn remainder<T: Scalar>(
    a: &ArrayRef2<T>,
    triangle: Triangle,
    factor: &Array2<T>,
    left: &[usize],
) -> Result<Array2<T>, Error> {
    let a = if triangle == Triangle::Lower { a.view() } else { a.t() };
    let mut remainder = zeros(left.len(), left.len())?;
    for (i, mut row) in remainder.outer_iter_mut().enumerate() {
        for (j, entry) in row.iter_mut().enumerate().take(i + 1) {
            *entry = a[[left[i].max(left[j]), left[i].min(left[j])]];
        }
    }
    let rows = factor.slice(s![factor.ncols().., ..]);
    syrk(Triangle::Lower, -T::one(), &rows, T::one(), &mut remainder)?;
    Ok(remainder)
}

/// The last word, from the eigenvalues: a remainder may be large because rounding was amplified, too.
fn require_semidefinite<T: Scalar>(a: &ArrayRef2<T>, triangle: Triangle, bound: T) -> Result<(), Error> {
    let eigenvalues = SymmetricEigen::params().triangle(triangle).values(a)?.values;
    let least = eigenvalues[0];
    if least >= -bound {
        return Ok(());
    }
    let reason = format!(
        "the matrix is not positive semidefinite, with an eigenvalue of {least:e}; \
         check that it is symmetric, or use a method for indefinite matrices"
    );
    Err(Error::DoesNotExist { what: "the pivoted Cholesky factorization", reason })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::testing::{Kind, Layout, matrix};

    fn gram(n: usize, rank: usize) -> Array2<f64> {
        let x = matrix::<f64>(Kind::Random, n, rank);
        x.dot(&x.t())
    }

    /// The rank that was built in is found in every layout and from either triangle, and the other triangle may hold
    /// anything.
    #[test]
    fn finds_the_rank_from_one_triangle() {
        for (n, rank) in [(1, 0), (1, 1), (2, 1), (10, 3), (10, 10), (100, 37), (130, 129)] {
            let a = gram(n, rank);
            for triangle in [Triangle::Lower, Triangle::Upper] {
                let half = Array2::from_shape_fn((n, n), |(i, j)| {
                    if triangle.columns(i, n).contains(&j) { a[[i, j]] } else { f64::NAN }
                });
                for layout in Layout::ALL {
                    let params = PivotedCholesky::params().triangle(triangle);
                    let found = layout.with(&half, |half| params.compute(&half)).unwrap();
                    assert_eq!((found.rank(), found.factor().dim()), (rank, (n, rank)), "{n} {layout:?}");
                    assert!(found.certificate(&half).unwrap().holds());
                    let mut sorted = found.permutation().to_vec();
                    sorted.sort_unstable();
                    assert!(sorted.into_iter().eq(0..n));
                    let factor = found.factor();
                    let diagonal = factor.diag();
                    assert!(diagonal.iter().all(|&x| x > 0.0));
                    assert!(diagonal.windows(2).into_iter().all(|pair| pair[1] <= pair[0] * (1.0 + 1e-13)));
                    assert!(factor.indexed_iter().all(|((i, j), &x)| j <= i || x == 0.0));
                }
            }
        }
    }

    /// What `pstrf` reports as a success of low rank is no success.
    #[test]
    fn an_indefinite_matrix_is_refused() {
        let refused = [
            array![[0.0, 1.0], [1.0, 0.0]],
            array![[1.0, 0.0], [0.0, -5.0]],
            array![[-1.0]],
            array![[1.0, 2.0], [2.0, 1.0]],
            array![[4.0, 0.0, 0.0], [0.0, 0.0, 1e-10], [0.0, 1e-10, 0.0]],
            array![[0.0, 1e-300], [1e-300, 0.0]],
        ];
        for a in refused {
            assert!(matches!(PivotedCholesky::new(&a), Err(Error::DoesNotExist { .. })), "{a}");
        }
        // A tolerance excuses what is left of the diagonal, never what is below it.
        let coarse = PivotedCholesky::params().tolerance(0.9).compute(&array![[4.0f32, 0.0], [0.0, -3.0]]);
        assert!(
            coarse
                .unwrap_err()
                .to_string()
                .contains("not positive semidefinite, with an eigenvalue of -3e0;")
        );
    }

    /// Kahan's matrices are made to defeat pivoting: rounding leaves a negative diagonal of 1e-11. Their Gram
    /// matrices are semidefinite all the same.
    #[test]
    fn kahans_matrices_are_accepted() {
        for n in [10, 30, 100] {
            for sine in [0.3f64, 0.6, 0.9] {
                let cosine = (1.0 - sine * sine).sqrt();
                let above = |i: usize, j: usize| if i < j { -cosine } else { f64::from(i == j) };
                let r = Array2::from_shape_fn((n, n), |(i, j)| sine.powi(i as i32) * above(i, j));
                let found = PivotedCholesky::new(&r.t().dot(&r)).unwrap();
                assert!((1..=n).contains(&found.rank()), "{n} {sine}");
            }
        }
    }

    /// A larger tolerance makes a low-rank approximation, off by at most the tolerance in every entry.
    #[test]
    fn the_tolerance_bounds_the_error_of_every_entry() {
        let n = 60;
        let a = Array2::from_shape_fn((n, n), |(i, j)| (-(i as f64 - j as f64).powi(2) / 200.0).exp());
        let mut last = n + 1;
        for tolerance in [1e-14, 1e-10, 1e-6, 1e-2, 0.9] {
            let found = PivotedCholesky::params().tolerance(tolerance).compute(&a).unwrap();
            assert!(found.rank() < last, "{tolerance}");
            last = found.rank();
            let left = found.unpermuted_factor().unwrap();
            let worst = (&a - &left.dot(&left.t())).iter().fold(0.0, |worst: f64, x| worst.max(x.abs()));
            assert!(worst <= tolerance + n as f64 * f64::EPSILON, "{tolerance}: {worst:e}");
            assert!(found.certificate(&a).unwrap().holds());
            assert!(!PivotedCholesky::new(&(&a * 1.01)).unwrap().certificate(&a).unwrap().holds());
        }
    }

    #[test]
    fn the_ends_of_the_range_and_of_the_sizes() {
        for scale in [1e300, 1e-290, 1e-310, 5e-324] {
            let a = array![[2.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 1.0]] * scale;
            let found = PivotedCholesky::new(&a).unwrap();
            assert_eq!(found.rank(), 2, "{scale:e}");
        }
        assert_eq!(PivotedCholesky::new(&Array2::<f64>::zeros((0, 0))).unwrap().rank(), 0);
        let zero = PivotedCholesky::new(&Array2::<f32>::zeros((4, 4))).unwrap();
        assert_eq!((zero.rank(), zero.permutation()), (0, &[0, 1, 2, 3][..]));
    }

    #[test]
    fn bad_arguments_are_named() {
        let a = array![[1.0, 0.0], [0.0, 1.0]];
        for bad in [f64::NAN, -1.0, 1.0, f64::INFINITY] {
            let error = PivotedCholesky::params().tolerance(bad).compute(&a).unwrap_err();
            assert!(matches!(error, Error::InvalidParameter { parameter: "tolerance", .. }));
        }
        assert!(matches!(PivotedCholesky::new(&Array2::<f64>::zeros((2, 3))), Err(Error::NotSquare { .. })));
        for (row, col) in [(0, 0), (1, 0), (1, 1)] {
            for bad in [f64::NAN, f64::INFINITY] {
                let mut a = a.clone();
                a[[row, col]] = bad;
                assert_eq!(
                    PivotedCholesky::new(&a).unwrap_err(),
                    Error::NonFinite { argument: "a", row, col }
                );
            }
        }
        let one = array![[1.0f32]];
        for (n, limit) in [(1 << 31, "order"), (1 << 30, "workspace")] {
            let error = PivotedCholesky::new(&one.broadcast((n, n)).unwrap()).unwrap_err();
            assert!(matches!(error, Error::TooLarge { what, .. } if what.contains(limit)), "{error}");
        }
    }

    #[test]
    fn runs_on_a_small_stack() {
        let a = gram(300, 200);
        let run = move || PivotedCholesky::new(&a).unwrap().rank();
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap();
        assert_eq!(thread.join().unwrap(), 200);
    }
}
