//! Hessenberg form `A = Q H Qᵀ` of a general matrix: orthogonal Q, H zero below its first subdiagonal.
//!
//! | step   | f32      | f64      | cost    |
//! |--------|----------|----------|---------|
//! | reduce | `sgehrd` | `dgehrd` | 10n³/3  |
//! | form Q | `sorghr` | `dorghr` | 4n³/3   |
//!
//! What every eigenvalue iteration starts from, and worth having by itself where many shifted systems
//! `(A − σ I) x = b` are to be solved: each costs O(n²) with H. The form of a symmetric matrix is tridiagonal. Nothing
//! is balanced, so that Q is orthogonal.

use ndarray::{Array2, ArrayRef2, ArrayView2};

use crate::certificate::{
    Certificate, Ratio, backward_error, balancing_scale, one_norm, orthogonality, residual,
};
use crate::error::Error;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{checked_area, column_major, from_columns};
use crate::products::{matmul, same, square};
use crate::qr::{THRESHOLD, expect_success, into_columns};
use crate::scalar::Scalar;
use crate::size::workspace_length;

/// The Hessenberg form of a matrix of order n.
///
/// ```
/// use lapwing_lapack::Hessenberg;
/// use ndarray::array;
/// let a = array![[1.0f64, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]];
/// let form = Hessenberg::new(&a)?;
/// assert_eq!(form.h()[[2, 0]], 0.0);
/// // Below the diagonal stands the norm of what was eliminated: √(4² + 7²).
/// assert!((form.h()[[1, 0]].abs() - 65f64.sqrt()).abs() < 1e-14);
/// assert!(form.certificate(&a)?.holds());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "gehrd")]
#[derive(Clone, Debug)]
pub struct Hessenberg<T: Scalar> {
    /// Column-major and packed, as is `q`.
    h: Array2<T>,
    q: Array2<T>,
}

impl<T: Scalar> Hessenberg<T> {
    /// Reduces `a` (n x n). SciPy's `hessenberg(a, calc_q=True)`.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        let n = square("a", a)?;
        let order = to_int("the order of the matrix", n)?;
        checked_area::<T>(n, n)?;
        require_finite("a", a)?;
        if n == 0 {
            return Ok(Self { h: Array2::zeros((0, 0)), q: Array2::zeros((0, 0)) });
        }
        let mut h = into_columns(column_major(a)?);
        let mut tau = zeroed(n - 1)?;
        let optimum = || T::gehrd_optimum(order);
        let mut work = zeroed(workspace_length("the workspace of gehrd", n as u128, optimum)?)?;
        expect_success("gehrd", T::gehrd(Columns::new(&mut h, n, n)?, &mut tau, &mut work))?;
        require_finite_result("gehrd", &h)?;

        let mut q = zeroed(n * n)?;
        q.copy_from_slice(&h);
        let optimum = || T::orghr_optimum(order);
        let mut work = zeroed(workspace_length("the workspace of orghr", n as u128, optimum)?)?;
        expect_success("orghr", T::orghr(Columns::new(&mut q, n, n)?, &tau, &mut work))?;
        for (j, column) in h.chunks_exact_mut(n).enumerate() {
            column[(j + 2).min(n)..].fill(T::zero());
        }
        Ok(Self { h: from_columns(h, n, n), q: from_columns(q, n, n) })
    }

    /// H, n x n, zero below the first subdiagonal.
    pub fn h(&self) -> ArrayView2<'_, T> {
        self.h.view()
    }

    /// Q, n x n, orthogonal. Its first column is that of the identity.
    pub fn q(&self) -> ArrayView2<'_, T> {
        self.q.view()
    }

    /// `(H, Q)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array2<T>) {
        (self.h, self.q)
    }

    /// How far this is from an exact Hessenberg form of `a`, and Q from orthogonal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was reduced, [`Error::NotSquare`],
    /// [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.h.nrows(), "the order of the matrix that was reduced")?;
        let scale = balancing_scale(a);
        let product = matmul(&self.q, &self.h.mapv(|x| x * scale))?;
        let defect = residual(scale, a, &product, &self.q.t())?;
        let norm = one_norm(&a.mapv(|x| x * scale));
        Ok(Certificate::new(vec![
            Ratio::new("‖A − Q H Qᵀ‖ / (n ‖A‖ ε)", backward_error(&defect, norm, n), THRESHOLD),
            Ratio::new("‖I − Qᵀ Q‖ / (n ε)", orthogonality(&self.q, n)?, THRESHOLD),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array;

    use super::*;
    use crate::testing::{Kind, matrix, symmetric};

    /// The form of a symmetric matrix is symmetric, hence tridiagonal, to rounding.
    #[test]
    fn a_symmetric_matrix_becomes_tridiagonal() {
        let a = symmetric::<f64>(Kind::Random, 12);
        let form = Hessenberg::new(&a).unwrap();
        let bound = 30.0 * 12.0 * f64::UNIT_ROUNDOFF * one_norm(&a);
        assert!(form.h().indexed_iter().all(|((i, j), x)| j <= i + 1 || x.abs() <= bound));
        assert!(form.q().column(0).iter().enumerate().all(|(i, &x)| x == if i == 0 { 1.0 } else { 0.0 }));
    }

    #[test]
    fn bad_input_is_refused_before_any_work() {
        for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let mut a = Array2::<f64>::eye(3);
            a[[row, col]] = f64::NAN;
            assert_eq!(Hessenberg::new(&a).unwrap_err(), Error::NonFinite { argument: "a", row, col });
        }
        assert!(matches!(Hessenberg::new(&Array2::<f32>::zeros((3, 1))), Err(Error::NotSquare { .. })));
        let one = Array::from_elem((1, 1), 1.0f32);
        let huge = one.broadcast((1 << 31, 1 << 31)).unwrap();
        assert!(matches!(Hessenberg::new(&huge), Err(Error::TooLarge { .. })));
        // Reflections do not scale: at the end of the range the result leaves it.
        let overflowing = Hessenberg::new(&Array2::from_elem((4, 4), f64::MAX)).unwrap_err();
        assert_eq!(overflowing, Error::Overflow { routine: "gehrd", scalar: "f64" });
    }

    #[test]
    fn empty_single_and_two() {
        for n in 0..3 {
            let a = matrix::<f32>(Kind::Random, n, n);
            let form = Hessenberg::new(&a).unwrap();
            assert_eq!((form.h(), form.q()), (a.view(), Array2::eye(n).view()), "already of that form");
        }
    }

    /// A Rust thread has 2 MiB of stack, which OpenBLAS's threaded products overflow.
    #[test]
    fn runs_on_a_small_stack() {
        let work = || {
            let a = matrix::<f64>(Kind::Random, 300, 300);
            assert!(Hessenberg::new(&a).unwrap().certificate(&a).unwrap().holds());
        };
        std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
    }
}
