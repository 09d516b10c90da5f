//! Inner products, the norms that they induce, and angles.
//!
//! | function or method                 | what                                 | cost      |
//! |------------------------------------|--------------------------------------|-----------|
//! | [`inner_product`]                  | `xᵀ y`                               | 2n        |
//! | [`angle`]                          | the angle between x and y            | 10n       |
//! | [`frobenius_inner_product`]        | `tr(Aᵀ B)`                           | 2mn       |
//! | [`WeightedInnerProduct`]           | `xᵀ W y`, its norm and its angles    | n² each   |
//!
//! Sums run in double precision for both scalars, so that those of `f32` are rounded once. The angle is found by
//! Kahan's formula: the arc cosine of `xᵀ y / (‖x‖ ‖y‖)` cannot tell angles below `√ε` from zero.

use ndarray::{Array1, ArrayRef1, ArrayRef2, Axis};

use crate::cholesky::Cholesky;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::require_finite;
use crate::norms::{two_norm, vector_norm};
use crate::products::{same, square};
use crate::scalar::Scalar;
use crate::symmetry::require_symmetric;

/// The standard inner product `xᵀ y` of two vectors of n entries. Off by at most `n ε |x|ᵀ|y|`, with `ε` that of
/// double precision, and one rounding to the scalar. The norm that it induces is
/// [`vector_norm`] with p = 2.
///
/// ```
/// use lapwing_lapack::inner_products::inner_product;
/// use ndarray::array;
/// assert_eq!(inner_product(&array![1.0, 2.0, 3.0], &array![4.0, 5.0, 6.0])?, 32.0);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`] when `y` is not as long as `x`; [`Error::NonFinite`]; [`Error::Overflow`].
#[doc(alias = "dot")]
pub fn inner_product<T: Scalar>(x: &ArrayRef1<T>, y: &ArrayRef1<T>) -> Result<T, Error> {
    require_pair(x, y)?;
    rounded(dot(x.iter().zip(y)))
}

/// The Frobenius inner product `tr(Aᵀ B)` of two matrices of the same shape (m x n): the sum of the products of their
/// entries. The norm that it induces is [`Norm::Frobenius`](crate::norms::Norm::Frobenius).
///
/// ```
/// use lapwing_lapack::inner_products::frobenius_inner_product;
/// use ndarray::array;
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[0.0, 1.0], [1.0, 0.0]]);
/// assert_eq!(frobenius_inner_product(&a, &b)?, 5.0);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`], [`Error::NonFinite`], [`Error::Overflow`].
pub fn frobenius_inner_product<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<T, Error> {
    same("b", "rows", b.nrows(), a.nrows(), "as many as a has")?;
    same("b", "columns", b.ncols(), a.ncols(), "as many as a has")?;
    require_finite("a", a)?;
    require_finite("b", b)?;
    rounded(a.outer_iter().zip(b.outer_iter()).map(|(a, b)| dot(a.iter().zip(b))).sum())
}

/// The angle between two vectors of n entries, in radians from 0 to π. Off by a few units of rounding, however small
/// it is or near π (Kahan 2006): `2 atan2(‖x/‖x‖ − y/‖y‖‖, ‖x/‖x‖ + y/‖y‖‖)`.
///
/// ```
/// use lapwing_lapack::inner_products::angle;
/// use ndarray::array;
/// let tiny = angle(&array![1.0, 0.0], &array![1.0, 1e-12])?;
/// assert!((tiny - 1e-12f64).abs() < 1e-27);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::DoesNotExist`] when a vector is zero; [`Error::Shape`], [`Error::NonFinite`].
pub fn angle<T: Scalar>(x: &ArrayRef1<T>, y: &ArrayRef1<T>) -> Result<T, Error> {
    require_pair(x, y)?;
    let (x, y) = (direction(x)?, direction(y)?);
    let length = |x: Array1<f64>| two_norm(x.view());
    Ok(T::from_f64(2.0 * length(&x - &y).atan2(length(x + y))))
}

/// The inner product `⟨x, y⟩ = xᵀ W y` of a symmetric positive definite weight W, with the norm and the angles that
/// it induces: Mahalanobis distances, energy norms, generalized least squares.
///
/// W is factored once, `W = L Lᵀ`, so that `⟨x, y⟩` is the standard inner product of `Lᵀ x` and `Lᵀ y`, and the norm
/// is never the root of a negative number.
///
/// ```
/// use lapwing_lapack::inner_products::WeightedInnerProduct;
/// use ndarray::array;
/// let weighted = WeightedInnerProduct::new(&array![[4.0, 0.0], [0.0, 1.0]])?;
/// let (x, y) = (array![1.0, 2.0], array![1.0, -2.0]);
/// assert_eq!(weighted.inner_product(&x, &y)?, 0.0);
/// assert!((weighted.norm(&x)? - 8f64.sqrt()).abs() < 1e-15);
/// assert!((weighted.angle(&x, &y)? - std::f64::consts::FRAC_PI_2).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct WeightedInnerProduct<T: Scalar> {
    cholesky: Cholesky<T>,
}

impl<T: Scalar> WeightedInnerProduct<T> {
    /// The inner product of this weight (n x n), of which both triangles are read, and must agree to
    /// `2 n ε max|w|`.
    ///
    /// # Errors
    /// [`Error::NotSymmetric`]; [`Error::NotPositiveDefinite`]; [`Error::NotSquare`], [`Error::NonFinite`],
    /// [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn new(weight: &ArrayRef2<T>) -> Result<Self, Error> {
        to_int("the order of the weight", square("weight", weight)?)?;
        require_finite("weight", weight)?;
        require_symmetric("weight", weight)?;
        Ok(Self { cholesky: Cholesky::new(weight)? })
    }

    /// `xᵀ W y`.
    ///
    /// # Errors
    /// [`Error::Shape`] when a vector has not n entries; [`Error::NonFinite`]; [`Error::Overflow`].
    pub fn inner_product(&self, x: &ArrayRef1<T>, y: &ArrayRef1<T>) -> Result<T, Error> {
        let (x, y) = (self.transformed("x", x)?, self.transformed("y", y)?);
        rounded(dot(x.iter().zip(&y)))
    }

    /// `√(xᵀ W x)`.
    ///
    /// # Errors
    /// As [`inner_product`](Self::inner_product).
    pub fn norm(&self, x: &ArrayRef1<T>) -> Result<T, Error> {
        rounded(vector_norm(&self.transformed("x", x)?, 2.0)?)
    }

    /// The angle between two vectors in this inner product, in radians from 0 to π, as [`angle`].
    ///
    /// # Errors
    /// As [`inner_product`](Self::inner_product); [`Error::DoesNotExist`] when a vector is zero.
    pub fn angle(&self, x: &ArrayRef1<T>, y: &ArrayRef1<T>) -> Result<T, Error> {
        let angle = angle(&self.transformed("x", x)?, &self.transformed("y", y)?)?;
        Ok(T::from_f64(angle))
    }

    /// `Lᵀ x`, in double precision.
    fn transformed(&self, argument: &'static str, x: &ArrayRef1<T>) -> Result<Array1<f64>, Error> {
        let factor = self.cholesky.factor();
        same(argument, "entries", x.len(), factor.nrows(), "the order of the weight")?;
        require_finite(argument, &x.view().insert_axis(Axis(1)))?;
        let mut transformed = Array1::zeros(x.len());
        for (i, (row, x)) in factor.outer_iter().zip(x).enumerate() {
            for (sum, entry) in transformed.iter_mut().zip(row).take(i + 1) {
                *sum += entry.as_f64() * x.as_f64();
            }
        }
        if transformed.iter().all(|x: &f64| x.is_finite()) {
            Ok(transformed)
        } else {
            Err(Error::Overflow { routine: "the weighted inner product", scalar: T::NAME })
        }
    }
}

fn require_pair<T: Scalar>(x: &ArrayRef1<T>, y: &ArrayRef1<T>) -> Result<(), Error> {
    same("y", "entries", y.len(), x.len(), "as many as x has")?;
    require_finite("x", &x.view().insert_axis(Axis(1)))?;
    require_finite("y", &y.view().insert_axis(Axis(1)))
}

fn dot<'a, T: Scalar>(pairs: impl Iterator<Item = (&'a T, &'a T)>) -> f64 {
    pairs.map(|(x, y)| x.as_f64() * y.as_f64()).sum()
}

fn rounded<T: Scalar>(value: f64) -> Result<T, Error> {
    let value = T::from_f64(value);
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Error::Overflow { routine: "the inner product", scalar: T::NAME })
    }
}

/// `x / ‖x‖` in double precision.
fn direction<T: Scalar>(x: &ArrayRef1<T>) -> Result<Array1<f64>, Error> {
    let largest = x.iter().fold(0.0, |largest: f64, x| largest.max(x.as_f64().abs()));
    if largest == 0.0 {
        let reason = "one of the vectors is zero; leave it out".to_owned();
        return Err(Error::DoesNotExist { what: "the angle", reason });
    }
    // First by the largest entry, so that a subnormal length does not cost digits.
    let scaled = x.mapv(|x| x.as_f64() / largest);
    let length = two_norm(scaled.view());
    Ok(scaled / length)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, PI};

    use ndarray::{Array2, array, s};

    use super::*;
    use crate::random::standard_normal;
    use crate::testing::Layout;

    /// Small integers have exact inner products, in every layout.
    #[test]
    fn inner_products_of_integers_are_exact() {
        let a = Array2::from_shape_fn((5, 7), |(i, j)| (i * 3 + j) as f64 - 8.0);
        let b = Array2::from_shape_fn((5, 7), |(i, j)| (i + j * 2) as f64 - 6.0);
        let exact: i64 =
            (0..5).flat_map(|i| (0..7).map(move |j| ((i * 3 + j) - 8) * ((i + j * 2) - 6))).sum();
        for (la, lb) in Layout::ALL.into_iter().flat_map(|la| Layout::ALL.map(|lb| (la, lb))) {
            let found = la.with(&a, |a| lb.with(&b, |b| frobenius_inner_product(&a, &b))).unwrap();
            assert_eq!(found, exact as f64, "{la:?} {lb:?}");
            let rows = la.with(&a, |a| lb.with(&b, |b| inner_product(&a.row(2), &b.row(3)))).unwrap();
            assert_eq!(rows, a.row(2).iter().zip(b.row(3)).map(|(x, y)| x * y).sum::<f64>());
        }
        let weight = array![[2.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 2.0]];
        let (x, y) = (array![1.0, 2.0, 3.0], array![3.0, -1.0, 1.0]);
        for layout in Layout::ALL {
            let weighted = layout.with(&weight, |w| WeightedInnerProduct::new(&w)).unwrap();
            // W y = (7, −6, 3), W x = (0, 0, 4).
            assert!((weighted.inner_product(&x, &y).unwrap() - 4.0f64).abs() < 1e-14);
            assert!((weighted.norm(&x).unwrap() - 12f64.sqrt()).abs() < 1e-14);
        }
    }

    /// The angle to `(cos t, sin t)` is `t`, down to angles whose cosine rounds to 1 and up to π.
    #[test]
    fn angles_are_right_to_rounding_at_both_ends() {
        for t in [0.0, 1e-300, 1e-20, 1e-9, 1e-5, 0.1, 1.0, FRAC_PI_2, 3.0, PI - 1e-7, PI] {
            let y = array![f64::cos(t), f64::sin(t)];
            for scale in [1.0, 1e300, 1e-300] {
                let found = angle(&(array![1.0, 0.0] * scale), &(&y * 3.0)).unwrap();
                // A rounding of either entry of y turns it by ε at most, relative for small t.
                let bound = 4.0 * f64::EPSILON * if t < 1.0 { t } else { 1.0 };
                assert!((found - t).abs() <= bound + 1e-305, "{t}: {found}");
                let single = angle(&array![1.0f32, 0.0], &y.mapv(|x| x as f32)).unwrap();
                assert!((f64::from(single) - t).abs() <= 2.0 * f64::from(f32::EPSILON) * t + 1e-37, "{t}");
            }
        }
        // In a common rotation, the difference of unit vectors carries the rounding of both.
        let q = crate::Qr::new(&standard_normal(30, 2, 1)).unwrap().q().unwrap();
        for t in [1e-12f64, 1e-8, 1e-3, 2.0] {
            let y = &q.column(0) * t.cos() + &q.column(1) * t.sin();
            assert!((angle(&q.column(0), &y).unwrap() - t).abs() < 4.0 * f64::EPSILON, "{t}");
        }
        let (x, y) = (array![1.0, 1.0], array![1.0, -1.0]);
        let weighted = WeightedInnerProduct::new(&array![[1.0, 0.0], [0.0, 3.0]]).unwrap();
        // cos = (1 − 3) / 4.
        assert!((weighted.angle(&x, &y).unwrap() - 2.0 * PI / 3.0).abs() < 1e-15);
        assert!(weighted.angle(&x, &x).unwrap() == 0.0);
    }

    /// Symmetry, and the inequalities of Cauchy and Schwarz and of the triangle, for a random weight.
    #[test]
    fn a_weighted_inner_product_is_one() {
        let x = standard_normal(8, 10, 2);
        let weight = x.dot(&x.t());
        let weighted = WeightedInnerProduct::new(&weight).unwrap();
        for seed in 0..20 {
            let v = standard_normal(2, 8, 100 + seed);
            let (u, v) = (v.row(0), v.row(1));
            let product = weighted.inner_product(&u, &v).unwrap();
            assert_eq!(product, weighted.inner_product(&v, &u).unwrap());
            let exact = u.dot(&weight.dot(&v));
            let (nu, nv) = (weighted.norm(&u).unwrap(), weighted.norm(&v).unwrap());
            assert!((product - exact).abs() <= 1e-14 * nu * nv * 8.0);
            assert!(product.abs() <= nu * nv && weighted.norm(&(&u + &v)).unwrap() <= nu + nv);
            let cosine = weighted.angle(&u, &v).unwrap().cos();
            assert!((cosine - product / (nu * nv)).abs() < 1e-14);
        }
    }

    #[test]
    fn bad_arguments_are_named() {
        let (x, zero) = (array![1.0, 2.0], array![0.0, 0.0]);
        assert!(matches!(angle(&x, &zero), Err(Error::DoesNotExist { what: "the angle", .. })));
        assert!(matches!(inner_product(&x, &array![1.0]), Err(Error::Shape { argument: "y", .. })));
        let nan = array![1.0, f64::NAN];
        let expected = Err(Error::NonFinite { argument: "y", row: 1, col: 0 });
        assert_eq!(inner_product(&x, &nan), expected);
        assert_eq!(angle(&x, &nan), expected);
        let square = Array2::<f64>::eye(2);
        assert!(matches!(
            frobenius_inner_product(&square, &square.slice(s![.., ..1])),
            Err(Error::Shape { argument: "b", extent: "columns", .. })
        ));
        assert!(matches!(
            WeightedInnerProduct::new(&array![[1.0, 2.0], [0.0, 1.0]]),
            Err(Error::NotSymmetric { argument: "weight", .. })
        ));
        assert_eq!(
            WeightedInnerProduct::new(&array![[1.0, 2.0], [2.0, 1.0]]).unwrap_err(),
            Error::NotPositiveDefinite { minor: 2 }
        );
        let weighted = WeightedInnerProduct::new(&square).unwrap();
        assert!(matches!(weighted.norm(&array![1.0]), Err(Error::Shape { argument: "x", .. })));
        assert_eq!(weighted.inner_product(&x, &nan), expected);
        assert!(matches!(inner_product(&(&x * 1e200), &(&x * 1e200)), Err(Error::Overflow { .. })));
        assert_eq!(inner_product(&zero.slice(s![..0]), &zero.slice(s![..0])), Ok(0.0));
    }
}
