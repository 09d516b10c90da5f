//! Householder reflectors, as LAPACK's `larfg` makes them.
//!
//! The building block of QR and of every two-sided reduction: one reflector annihilates all entries of a vector but the
//! first. Unlike `larfg`, which rescales in a loop, the vector is scaled by a power of two once, so that neither
//! 1e300 nor 1e-310 is lost.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef1, ArrayRef2, ArrayView1, Axis};

use super::{finite_result, require_finite_vector};
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::ffi::memory::zeroed;
use crate::finite::require_finite;
use crate::layout::{checked_area, zeros};
use crate::products::same;
use crate::qr::check_extents;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::structured::fourier::{exponent, scaled};

/// The reflector `H = I - tau v vᵀ` with `H x = beta e₁`: orthogonal, symmetric, `v[0] = 1`, and `1 ≤ tau ≤ 2`, or
/// `tau = 0` and `H = I` where x already has that form.
///
/// `|beta| = ‖x‖₂`, of the sign opposite to `x[0]` (negative where that is 0), which is what keeps `v` free of cancellation.
///
/// ```
/// use lapwing_lapack::structured::Householder;
/// use ndarray::array;
/// let x = array![3.0, 0.0, 4.0];
/// let h = Householder::new(&x)?;
/// assert_eq!(h.beta(), -5.0);
/// let image = h.apply(&x)?;
/// assert!((image[0] + 5.0f64).abs() < 1e-14 && image[2].abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "larfg")]
#[derive(Clone, Debug)]
pub struct Householder<T: Scalar> {
    v: Array1<T>,
    tau: T,
    beta: T,
}

impl<T: Scalar> Householder<T> {
    /// The reflector that annihilates all entries of `x` but the first.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when `x` is empty, [`Error::TooLarge`], [`Error::NonFinite`], [`Error::OutOfMemory`], and
    /// [`Error::Overflow`] when the norm of `x` does.
    pub fn new(x: &ArrayRef1<T>) -> Result<Self, Error> {
        if x.is_empty() {
            return super::invalid("x", "of length 0", "of length 1 at least");
        }
        to_int("the length of x", x.len())?;
        let mut v = Array1::from(zeroed::<T>(checked_area::<T>(x.len(), 1)?)?);
        require_finite_vector("x", x)?;
        v[0] = T::one();
        let tail = || x.iter().skip(1).copied();
        if tail().all(|entry| entry == T::zero()) {
            return Ok(Self { v, tau: T::zero(), beta: x[0] });
        }
        // The tail is measured on its own scale, where its squares are neither 0 nor infinite.
        let (whole, of_tail) = (exponent(x.iter().copied()), exponent(tail()));
        let squares: T = tail().map(|entry| scaled(entry, -of_tail)).map(|entry| entry * entry).sum();
        let alpha = scaled(x[0], -whole);
        let norm = alpha.hypot(scaled(squares.sqrt(), of_tail - whole));
        // By the sign of the entry itself: scaled, it may have vanished.
        let beta = if x[0] < T::zero() { norm } else { -norm };
        // |alpha - beta| is at least the largest entry, so that no entry of v passes 1.
        v.iter_mut().zip(x).skip(1).for_each(|(v, &entry)| *v = scaled(entry, -whole) / (alpha - beta));
        let tau = (beta - alpha) / beta;
        let beta = scaled(beta, whole);
        if beta.is_finite() {
            Ok(Self { v, tau, beta })
        } else {
            Err(Error::Overflow { routine: "larfg", scalar: T::NAME })
        }
    }

    /// n.
    pub fn order(&self) -> usize {
        self.v.len()
    }

    /// The vector, of n entries, with `v[0] = 1`.
    pub fn v(&self) -> ArrayView1<'_, T> {
        self.v.view()
    }

    /// The factor: 0, or from 1 to 2.
    pub fn tau(&self) -> T {
        self.tau
    }

    /// What is left of the vector in its first entry.
    pub fn beta(&self) -> T {
        self.beta
    }

    /// `H a`, for a vector of n entries or a matrix of n rows: 4n operations per column. LAPACK: `larf`.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::TooLarge`], [`Error::NonFinite`], [`Error::OutOfMemory`], and [`Error::Overflow`], which entries within a
    /// factor of 2n of the largest number may cause on the way.
    pub fn apply<D: RightHandSide>(&self, a: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let a = D::as_columns(a);
        same("a", "rows", a.nrows(), self.order(), "the order of the reflector")?;
        check_extents(&a)?;
        let mut image = zeros(a.nrows(), a.ncols())?;
        require_finite("a", &a)?;
        image.assign(&a);
        subtract_projection(&self.v, self.tau, &mut image)?;
        Ok(D::from_columns(finite_result("larf", image)?))
    }

    /// `a H`, for a matrix of n columns.
    ///
    /// # Errors
    /// As [`Householder::apply`].
    pub fn apply_right(&self, a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        same("a", "columns", a.ncols(), self.order(), "the order of the reflector")?;
        check_extents(a)?;
        let mut image = zeros(a.nrows(), a.ncols())?;
        require_finite("a", a)?;
        image.assign(a);
        // a H is the transpose of H aᵀ.
        subtract_projection(&self.v, self.tau, &mut image.view_mut().reversed_axes())?;
        finite_result("larf", image)
    }

    /// The matrix, n x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_dense(&self) -> Result<Array2<T>, Error> {
        let mut dense = zeros(self.order(), self.order())?;
        dense.diag_mut().fill(T::one());
        for ((i, j), entry) in dense.indexed_iter_mut() {
            *entry -= self.tau * self.v[i] * self.v[j];
        }
        Ok(dense)
    }
}

/// `a := a - factor v (vᵀ a)`.
pub(super) fn subtract_projection<T: Scalar>(
    v: &ArrayRef1<T>,
    factor: T,
    a: &mut ArrayRef2<T>,
) -> Result<(), Error> {
    let mut products = Array1::from(zeroed(a.ncols())?);
    for (row, &v) in a.axis_iter(Axis(0)).zip(v) {
        products.scaled_add(v, &row);
    }
    for (mut row, &v) in a.axis_iter_mut(Axis(0)).zip(v) {
        row.scaled_add(-(factor * v), &products);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::random::standard_normal;
    use crate::testing::Layout;

    fn norm(x: &ArrayRef1<f64>) -> f64 {
        x.dot(x).sqrt()
    }

    /// H is orthogonal and takes x to beta e₁, both to a few n ε, from one end of the range to the other.
    #[test]
    fn annihilates_and_keeps_the_norm_at_every_scale() {
        for n in [1, 2, 3, 10, 100] {
            for scale in [1.0, 1e300, 1e-300, 1e-310] {
                let x = standard_normal(n, 1, n as u64).column(0).to_owned();
                let h = Householder::new(&(&x * scale)).unwrap();
                let bound = 8.0 * n as f64 * f64::EPSILON;
                // A subnormal number carries fewer digits: 1e-310 / 5e-324 of them, 2e13.
                let digits = if scale == 1e-310 { 1e-11 } else { bound };
                assert!((h.beta() / scale).abs() - norm(&x) <= digits * norm(&x), "{n} {scale:e}");
                assert!(n == 1 || (1.0..=2.0).contains(&h.tau()));
                assert!(n == 1 || h.beta() * x[0] < 0.0);
                assert!(h.v().iter().all(|v| v.abs() <= 1.0) && h.v()[0] == 1.0);
                let image = h.apply(&x).unwrap();
                assert!((image[0] * scale - h.beta()).abs() <= digits * norm(&x) * scale + 2e-323);
                assert!(image.iter().skip(1).all(|y| y.abs() <= digits * norm(&x)), "{n} {scale:e}");
                let dense = h.to_dense().unwrap();
                let defect = dense.dot(&dense) - Array2::<f64>::eye(n);
                assert!(defect.iter().all(|x| x.abs() <= bound));
                let a = standard_normal(n, 3, 1);
                let (left, right) = (dense.dot(&a), a.t().dot(&dense));
                for layout in Layout::ALL {
                    let image = layout.with(&a, |a| h.apply(&a).unwrap());
                    assert!((image - &left).iter().all(|x| x.abs() <= 4.0 * bound));
                    let image = layout.with(&a, |a| h.apply_right(&a.t()).unwrap());
                    assert!((image - &right).iter().all(|x| x.abs() <= 4.0 * bound));
                }
            }
        }
    }

    /// A tail that vanishes beside the head, whose square underflows, and one beside which the head vanishes.
    #[test]
    fn scales_within_a_vector_may_differ_by_the_whole_range() {
        let h = Householder::new(&array![1.0, 1e-310]).unwrap();
        assert_eq!((h.beta(), h.tau()), (-1.0, 2.0));
        let h = Householder::new(&array![1e-310, 1e300]).unwrap();
        assert_eq!((h.beta(), h.tau(), h.v()[1]), (-1e300, 1.0, 1.0));
        let h = Householder::new(&array![-3e300f64, 4e300]).unwrap();
        assert!((h.beta() / 5e300 - 1.0).abs() < 1e-15);
        assert!(matches!(Householder::new(&array![1.5e308, 1.5e308]), Err(Error::Overflow { .. })));
    }

    #[test]
    fn what_needs_no_reflection_gets_the_identity() {
        for x in [array![0.0f32, 0.0], array![-2.0, 0.0], array![5.0]] {
            let h = Householder::new(&x).unwrap();
            assert_eq!((h.tau(), h.beta()), (0.0, x[0]));
            assert_eq!(h.apply(&x).unwrap(), x);
        }
    }

    #[test]
    fn bad_arguments_are_named() {
        assert!(matches!(
            Householder::<f64>::new(&Array1::zeros(0)),
            Err(Error::InvalidParameter { parameter: "x", .. })
        ));
        let bad = array![1.0, f64::NAN];
        assert_eq!(Householder::new(&bad).unwrap_err(), Error::NonFinite { argument: "x", row: 1, col: 0 });
        let h = Householder::new(&array![1.0, 1.0]).unwrap();
        assert_eq!(h.apply(&bad).unwrap_err(), Error::NonFinite { argument: "a", row: 1, col: 0 });
        assert!(matches!(h.apply(&array![1.0]), Err(Error::Shape { found: 1, expected: 2, .. })));
        assert!(matches!(h.apply_right(&array![[1.0]]), Err(Error::Shape { extent: "columns", .. })));
        assert!(matches!(h.apply(&array![f64::MAX, f64::MAX]), Err(Error::Overflow { .. })));
        let one = array![1.0];
        assert!(matches!(Householder::new(&one.broadcast(1 << 60).unwrap()), Err(Error::TooLarge { .. })));
    }
}
