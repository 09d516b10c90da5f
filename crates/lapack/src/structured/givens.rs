//! Givens rotations, as LAPACK's `lartg` makes them.

use ndarray::{Array2, ArrayRef2, ArrayViewMut1, Axis, array};

use super::invalid;
use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::finite::require_finite_result;
use crate::scalar::Scalar;
use crate::structured::fourier::{exponent, scaled};

/// The rotation `[c s; -s c]` with `[c s; -s c] [f; g] = [r; 0]`: it annihilates one entry against another, and so
/// brings a matrix that is nearly triangular to that form, or adds a row to a QR factorization.
///
/// `c² + s² = 1` and `r² = f² + g²` hold for any f and g, however far apart; `c ≥ 0` and r has the sign of f, unless f is 0,
/// where c is 0 and `r = |g|`. With g = 0 it is the identity.
///
/// ```
/// use lapwing_lapack::structured::Givens;
/// let rotation = Givens::new(3.0, 4.0)?;
/// assert!((rotation.r() - 5.0f64).abs() < 1e-15 && (rotation.c() - 0.6).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "lartg")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Givens<T: Scalar> {
    c: T,
    s: T,
    r: T,
}

impl<T: Scalar> Givens<T> {
    /// The rotation that takes (f, g) to (r, 0).
    ///
    /// # Errors
    /// [`Error::NonFinite`], and [`Error::Overflow`] when r does.
    pub fn new(f: T, g: T) -> Result<Self, Error> {
        for (argument, x) in [("f", f), ("g", g)] {
            if !x.is_finite() {
                return Err(Error::NonFinite { argument, row: 0, col: 0 });
            }
        }
        if g == T::zero() {
            return Ok(Self { c: T::one(), s: T::zero(), r: f });
        }
        if f == T::zero() {
            return Ok(Self { c: T::zero(), s: g.signum(), r: g.abs() });
        }
        let common = exponent([f, g].into_iter());
        let (f, g) = (scaled(f, -common), scaled(g, -common));
        let r = f.hypot(g).copysign(f);
        let unscaled = scaled(r, common);
        if unscaled.is_finite() {
            Ok(Self { c: f / r, s: g / r, r: unscaled })
        } else {
            Err(Error::Overflow { routine: "lartg", scalar: T::NAME })
        }
    }

    /// The cosine.
    pub fn c(&self) -> T {
        self.c
    }

    /// The sine.
    pub fn s(&self) -> T {
        self.s
    }

    /// What is left of the two in the first.
    pub fn r(&self) -> T {
        self.r
    }

    /// The rotation as a matrix, 2 x 2.
    pub fn to_dense(&self) -> Array2<T> {
        array![[self.c, self.s], [-self.s, self.c]]
    }

    /// Rotates the rows `i` and `k` of `a` in place: `a := G a`, where G is the identity but for the rotation in the rows
    /// and columns i and k. LAPACK: `rot`.
    ///
    /// ```
    /// use lapwing_lapack::structured::Givens;
    /// use ndarray::array;
    /// let mut a = array![[3.0, 1.0], [4.0, 2.0]];
    /// Givens::new(a[[0, 0]], a[[1, 0]])?.rotate_rows(&mut a, 0, 1)?;
    /// assert!((a[[0, 0]] - 5.0f64).abs() < 1e-14 && a[[1, 0]].abs() < 1e-14);
    /// # Ok::<(), lapwing_lapack::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when i or k is out of range or both are the same, [`Error::NonFinite`] for the rows that
    /// are rotated, [`Error::Overflow`]. `a` is then as it was.
    pub fn rotate_rows(&self, a: &mut ArrayRef2<T>, i: usize, k: usize) -> Result<(), Error> {
        check_pair("rows", a.nrows(), i, k)?;
        let at = |lane: usize, offset: usize| Error::NonFinite { argument: "a", row: lane, col: offset };
        let (mut first, mut second) = pair(a, Axis(0), i, k);
        self.rotate(&mut first, &mut second, |second_lane, offset| {
            at(if second_lane { k } else { i }, offset)
        })
    }

    /// Rotates the columns `i` and `k` of `a` in place: `a := a Gᵀ`, so that (f, g) in a row of those columns becomes
    /// (r, 0).
    ///
    /// # Errors
    /// As [`Givens::rotate_rows`].
    pub fn rotate_columns(&self, a: &mut ArrayRef2<T>, i: usize, k: usize) -> Result<(), Error> {
        check_pair("columns", a.ncols(), i, k)?;
        let at = |lane: usize, offset: usize| Error::NonFinite { argument: "a", row: offset, col: lane };
        let (mut first, mut second) = pair(a, Axis(1), i, k);
        self.rotate(&mut first, &mut second, |second_lane, offset| {
            at(if second_lane { k } else { i }, offset)
        })
    }

    fn rotate(
        &self,
        first: &mut ArrayViewMut1<T>,
        second: &mut ArrayViewMut1<T>,
        not_finite: impl Fn(bool, usize) -> Error,
    ) -> Result<(), Error> {
        let length = first.len();
        let mut rotated = zeroed(2 * length)?;
        let (new_first, new_second) = rotated.split_at_mut(length);
        for (offset, (&x, &y)) in first.iter().zip(second.iter()).enumerate() {
            if !x.is_finite() || !y.is_finite() {
                return Err(not_finite(x.is_finite(), offset));
            }
            new_first[offset] = self.c * x + self.s * y;
            new_second[offset] = self.c * y - self.s * x;
        }
        require_finite_result("rot", &rotated)?;
        let (new_first, new_second) = rotated.split_at(length);
        first.iter_mut().zip(new_first).for_each(|(entry, &x)| *entry = x);
        second.iter_mut().zip(new_second).for_each(|(entry, &y)| *entry = y);
        Ok(())
    }
}

/// Two different lanes of `a`, which are in range.
fn pair<T>(
    a: &mut ArrayRef2<T>,
    axis: Axis,
    i: usize,
    k: usize,
) -> (ArrayViewMut1<'_, T>, ArrayViewMut1<'_, T>) {
    let (low, high) = (i.min(k), i.max(k));
    let (before, after) = a.view_mut().split_at(axis, high);
    let (low, high) = (before.index_axis_move(axis, low), after.index_axis_move(axis, 0));
    if i < k { (low, high) } else { (high, low) }
}

/// Two different indices below the extent.
pub(super) fn check_pair(what: &str, extent: usize, i: usize, k: usize) -> Result<(), Error> {
    for (parameter, index) in [("i", i), ("k", k)] {
        if index >= extent {
            return invalid(parameter, index, format!("below {extent}, the number of {what}"));
        }
    }
    if i == k { invalid("k", k, "another index than i") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use ndarray::s;

    use super::*;
    use crate::testing::Layout;

    /// To a few ε, wherever the two lie in the range, and whatever their signs.
    #[test]
    fn annihilates_at_every_scale() {
        let magnitudes = [1.0, 3.0, 1e300, 1e-300, 1e-310, f64::MIN_POSITIVE, 1e154, 1e-170];
        for f in magnitudes.into_iter().flat_map(|x| [x, -x]) {
            for g in magnitudes.into_iter().flat_map(|x| [x, -x]) {
                let rotation = Givens::new(f, g).unwrap();
                let (c, s, r) = (rotation.c(), rotation.s(), rotation.r());
                assert!((c * c + s * s - 1.0).abs() <= 4.0 * f64::EPSILON, "{f:e} {g:e}");
                assert!(c >= 0.0 && r * f.signum() > 0.0, "{f:e} {g:e}");
                // Half an ulp of a subnormal number is 2.5e-324, whatever its size.
                let bound = 4.0 * f64::EPSILON * r.abs() + 1e-323;
                assert!((c * f + s * g - r).abs() <= bound, "{f:e} {g:e}");
                assert!((c * g - s * f).abs() <= bound, "{f:e} {g:e}");
                assert!((r.abs() - f.hypot(g)).abs() <= bound, "{f:e} {g:e}");
            }
        }
        assert!(matches!(Givens::new(1.5e308, -1.5e308), Err(Error::Overflow { .. })));
        assert!(Givens::new(f32::MAX, 1.0f32).is_ok());
    }

    #[test]
    fn zeros_have_exact_rotations() {
        let of = |f: f64, g: f64| Givens::new(f, g).map(|x| (x.c(), x.s(), x.r())).unwrap();
        assert_eq!(of(2.0, 0.0), (1.0, 0.0, 2.0));
        assert_eq!(of(-2.0, 0.0), (1.0, 0.0, -2.0));
        assert_eq!(of(0.0, 0.0), (1.0, 0.0, 0.0));
        assert_eq!(of(0.0, 3.0), (0.0, 1.0, 3.0));
        assert_eq!(of(0.0, -3.0), (0.0, -1.0, 3.0));
    }

    #[test]
    fn rows_and_columns_are_rotated_in_place_in_every_layout() {
        let a = Array2::from_shape_fn((4, 5), |(i, j)| (3 * i + 7 * j) as f64 - 10.0);
        let rotation = Givens::new(1.0, 2.0).unwrap();
        for (i, k) in [(0, 1), (3, 1), (2, 3), (1, 0)] {
            let mut g = Array2::<f64>::eye(4);
            g[[i, i]] = rotation.c();
            g[[k, k]] = rotation.c();
            g[[i, k]] = rotation.s();
            g[[k, i]] = -rotation.s();
            for layout in Layout::ALL {
                // Into the layout, and back: `with` gives views to read only.
                let mut rotated = layout.with(&a, |a| a.to_owned());
                rotation.rotate_rows(&mut rotated, i, k).unwrap();
                assert!((&rotated - &g.dot(&a)).iter().all(|x| x.abs() < 1e-14), "{i} {k}");
                let mut wide = Array2::from_elem((10, 8), f64::NAN);
                let mut view = wide.slice_mut(s![..;-2, ..;2]);
                view.assign(&a.t());
                rotation.rotate_columns(&mut view, i, k).unwrap();
                assert!((&view - &a.t().dot(&g.t())).iter().all(|x| x.abs() < 1e-14), "{i} {k}");
                assert_eq!(wide.iter().filter(|x| x.is_nan()).count(), 60, "what lies between is untouched");
            }
        }
        assert_eq!(rotation.to_dense()[[0, 1]], rotation.s());
    }

    #[test]
    fn an_error_leaves_the_matrix_as_it_was() {
        let rotation = Givens::new(1.0, 1.0).unwrap();
        let mut a = array![[1.0, 2.0], [3.0, f64::NAN], [f64::MAX, f64::MAX], [f64::MAX, 0.0]];
        let before = format!("{a}");
        let error = rotation.rotate_rows(&mut a, 0, 1).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "a", row: 1, col: 1 });
        let error = rotation.rotate_columns(&mut a, 1, 0).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "a", row: 1, col: 1 });
        assert!(matches!(rotation.rotate_rows(&mut a, 2, 3), Err(Error::Overflow { .. })));
        for (i, k, named) in [(4, 0, "i"), (0, 4, "k"), (2, 2, "k")] {
            let error = rotation.rotate_rows(&mut a, i, k).unwrap_err();
            assert!(matches!(error, Error::InvalidParameter { parameter, .. } if parameter == named));
        }
        assert!(rotation.rotate_columns(&mut a, 0, 2).is_err());
        assert_eq!(format!("{a}"), before);
        assert_eq!(Givens::new(f64::NAN, 1.0), Err(Error::NonFinite { argument: "f", row: 0, col: 0 }));
        assert_eq!(Givens::new(1.0, f64::INFINITY), Err(Error::NonFinite { argument: "g", row: 0, col: 0 }));
    }
}
