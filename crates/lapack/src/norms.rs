//! Norms of matrices and vectors, with NumPy's meaning and without overflow on the way.
//!
//! | norm                    | of a matrix                               | routine            | cost      |
//! |-------------------------|-------------------------------------------|--------------------|-----------|
//! | [`Norm::One`]           | largest absolute column sum               | one pass           | mn        |
//! | [`Norm::Infinity`]      | largest absolute row sum                  | one pass           | mn        |
//! | [`Norm::Max`]           | largest absolute entry                    | one pass           | mn        |
//! | [`Norm::Frobenius`]     | root of the sum of squares                | one or two passes  | 2mn       |
//! | [`Norm::Two`]           | largest singular value                    | `sgesdd`, `dgesdd` | O(mn²)    |
//! | [`Norm::Nuclear`]       | sum of the singular values                | `sgesdd`, `dgesdd` | O(mn²)    |
//! | [`Norm::Schatten`]      | p-norm of the singular values             | `sgesdd`, `dgesdd` | O(mn²)    |
//!
//! They are `numpy.linalg.norm(a, ord)` for `ord` 1, `inf`, `"fro"`, 2 and `"nuc"`. The norms by entries are LAPACK's
//! `lange`, computed here in place over any layout, which `lange` cannot; sums run in double precision for both
//! scalars, so that those of `f32` are rounded once. A norm of a matrix without entries is 0.
//!
//! When in doubt: [`Norm::Frobenius`] measures a residual, [`Norm::Two`] what the matrix does to a vector, and
//! [`Norm::One`] is the cheap stand-in for it, within a factor √n.

use ndarray::{ArrayRef1, ArrayRef2, ArrayView1, Axis};

use crate::error::Error;
use crate::finite::require_finite;
use crate::layout::{MemoryOrder, memory_order};
use crate::scalar::Scalar;
use crate::svd::Svd;

/// A matrix norm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Norm {
    /// The largest absolute column sum: the norm that the 1-norm of vectors induces.
    One,
    /// The largest singular value: the norm that the Euclidean norm of vectors induces; the spectral norm.
    Two,
    /// The largest absolute row sum: the norm that the maximum norm of vectors induces.
    Infinity,
    /// The root of the sum of squares of the entries, which is that of the singular values. The default, as in NumPy.
    #[default]
    Frobenius,
    /// The sum of the singular values, also the trace norm: the convex stand-in for the rank.
    Nuclear,
    /// The largest absolute entry. Not submultiplicative: ‖A B‖ may exceed ‖A‖ ‖B‖.
    Max,
    /// The p-norm of the singular values, `p ≥ 1`: 1 is [`Nuclear`](Norm::Nuclear), 2 is
    /// [`Frobenius`](Norm::Frobenius), infinity is [`Two`](Norm::Two).
    Schatten(f64),
}

/// A norm of the matrix `a` (m x n).
///
/// Relative error: `(m + n) ε` for the norms by entries, with `ε` the unit roundoff of double precision, and one
/// rounding to the scalar; a modest multiple of `max(m, n) ε`, now of the scalar, for those by singular values.
///
/// ```
/// use lapwing_lapack::norms::{Norm, norm};
/// use ndarray::array;
/// let a = array![[3.0, 0.0], [-4.0, 0.0]];
/// assert_eq!(norm(&a, Norm::Frobenius)?, 5.0);
/// assert_eq!(norm(&a, Norm::One)?, 7.0);
/// assert_eq!(norm(&a, Norm::Infinity)?, 4.0);
/// assert!((norm(&a, Norm::Two)? - 5.0f64).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NonFinite`]; [`Error::InvalidParameter`] when a Schatten p is less than 1 or NaN; [`Error::Overflow`]
/// when the norm itself is out of range, as a sum may be; for the norms by singular values also those of
/// [`Svd::values`].
#[doc(alias = "lange")]
pub fn norm<T: Scalar>(a: &ArrayRef2<T>, norm: Norm) -> Result<T, Error> {
    let by_entries = |of: &dyn Fn() -> f64| require_finite("a", a).map(|()| of());
    let by_singular_values = |p| Ok(p_norm(Svd::values(a)?.values.view(), p));
    rounded(match norm {
        Norm::One => by_entries(&|| largest_sum(a, Axis(0))),
        Norm::Infinity => by_entries(&|| largest_sum(a, Axis(1))),
        Norm::Max => by_entries(&|| largest(lanes(a))),
        Norm::Frobenius => by_entries(&|| euclidean(|| lanes(a))),
        Norm::Two => by_singular_values(f64::INFINITY),
        Norm::Nuclear => by_singular_values(1.0),
        Norm::Schatten(p) => by_singular_values(exponent(p)?),
    }?)
}

/// The p-norm of the vector `x`, `(Σ |xᵢ|ᵖ)^(1/p)`, for `p ≥ 1`; with `p` infinite, the largest absolute entry.
///
/// For `p` less than 1 this is not a norm, and refused; count nonzero entries for NumPy's `ord=0`.
///
/// ```
/// use lapwing_lapack::norms::vector_norm;
/// use ndarray::array;
/// let x = array![3e200, -4e200];
/// assert_eq!(vector_norm(&x, 1.0)?, 7e200);
/// assert!((vector_norm(&x, 2.0)? / 5e200 - 1.0f64).abs() < 1e-15);
/// assert_eq!(vector_norm(&x, f64::INFINITY)?, 4e200);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NonFinite`]; [`Error::InvalidParameter`] when `p` is less than 1 or NaN; [`Error::Overflow`] when the
/// norm itself is out of range.
#[doc(alias = "nrm2")]
pub fn vector_norm<T: Scalar>(x: &ArrayRef1<T>, p: f64) -> Result<T, Error> {
    let p = exponent(p)?;
    require_finite("x", &x.view().insert_axis(Axis(1)))?;
    rounded(p_norm(x.view(), p))
}

/// The Euclidean norm of finite entries, which neither over- nor underflows unless the norm itself does.
pub(crate) fn two_norm<T: Scalar>(x: ArrayView1<T>) -> f64 {
    euclidean(|| std::iter::once(x))
}

/// The p-norm of finite entries, with `p ≥ 1`, infinite where it overflows.
fn p_norm<T: Scalar>(x: ArrayView1<T>, p: f64) -> f64 {
    let sum = |power: &dyn Fn(f64) -> f64| x.iter().map(|x| power(x.as_f64().abs())).sum::<f64>();
    if p == 1.0 {
        return sum(&|x| x);
    }
    if p == 2.0 {
        return two_norm(x);
    }
    let largest = largest(std::iter::once(x));
    if largest == 0.0 || p == f64::INFINITY {
        return largest;
    }
    // Divided by the largest, every power is at most 1 and their sum at least 1.
    largest * sum(&|x| (x / largest).powf(p)).powf(1.0 / p)
}

fn exponent(p: f64) -> Result<f64, Error> {
    if p >= 1.0 {
        return Ok(p);
    }
    let requirement = "at least 1: below, the triangle inequality fails".to_owned();
    Err(Error::InvalidParameter { parameter: "p", value: p.to_string(), requirement })
}

fn rounded<T: Scalar>(value: f64) -> Result<T, Error> {
    let value = T::from_f64(value);
    if value.is_finite() { Ok(value) } else { Err(Error::Overflow { routine: "norm", scalar: T::NAME }) }
}

/// The rows or the columns of `a`, whichever are cheaper to walk.
fn lanes<T>(a: &ArrayRef2<T>) -> impl Iterator<Item = ArrayView1<'_, T>> {
    let axis = if memory_order(a) == MemoryOrder::Rows { Axis(0) } else { Axis(1) };
    a.axis_iter(axis)
}

fn largest<'a, T: Scalar>(lanes: impl Iterator<Item = ArrayView1<'a, T>>) -> f64 {
    lanes.fold(T::zero(), |most, lane| lane.iter().fold(most, |most, x| most.max(x.abs()))).as_f64()
}

/// The largest of the absolute sums along `axis`. Either way, memory is walked once and in its own order.
fn largest_sum<T: Scalar>(a: &ArrayRef2<T>, axis: Axis) -> f64 {
    let along_memory = (memory_order(a) == MemoryOrder::Rows) == (axis == Axis(1));
    let mut sums = vec![0.0; if along_memory { 0 } else { a.len_of(Axis(1 - axis.0)) }];
    let mut most = 0.0f64;
    for lane in lanes(a) {
        if along_memory {
            most = most.max(lane.iter().map(|x| x.abs().as_f64()).sum());
        } else {
            sums.iter_mut().zip(lane).for_each(|(sum, x)| *sum += x.abs().as_f64());
        }
    }
    sums.into_iter().fold(most, f64::max)
}

/// The root of the sum of squares. The plain sum is right unless it leaves the range in which every square that
/// matters has all its digits; then the entries are scaled by a power of two and summed again.
fn euclidean<'a, T: Scalar, I: Iterator<Item = ArrayView1<'a, T>>>(lanes: impl Fn() -> I) -> f64 {
    // A square that underflows loses at most 2⁻¹⁰⁷⁵: below 2⁻⁹⁶⁰ of a sum this is 2⁻¹¹⁵ each, or nothing.
    const SMALLEST: f64 = 1e-289;
    let sum = |scale: f64| {
        let squares = |lane: ArrayView1<T>| lane.iter().map(|x| (x.as_f64() * scale).powi(2)).sum::<f64>();
        lanes().map(squares).sum::<f64>()
    };
    let plain = sum(1.0);
    if (SMALLEST..=f64::MAX).contains(&plain) {
        return plain.sqrt();
    }
    let largest = largest(lanes());
    if largest == 0.0 {
        return 0.0;
    }
    let scale = if plain > 1.0 { 2f64.powi(-600) } else { 2f64.powi(600) };
    sum(scale).sqrt() / scale
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array, s};

    use super::*;
    use crate::testing::{Kind, Layout, matrix};

    const ALL: [Norm; 7] = [
        Norm::One,
        Norm::Two,
        Norm::Infinity,
        Norm::Frobenius,
        Norm::Nuclear,
        Norm::Max,
        Norm::Schatten(3.0),
    ];

    /// Integer matrices with rational singular values: every norm is known exactly.
    #[test]
    fn norms_of_integer_matrices_are_exact() {
        // Orthogonal rows of lengths 10 and 5, which are the singular values.
        let a = array![[6.0, 8.0], [-4.0, 3.0], [0.0, 0.0]];
        let expected = [
            (Norm::One, 11.0),
            (Norm::Two, 10.0),
            (Norm::Infinity, 14.0),
            (Norm::Frobenius, 125f64.sqrt()),
            (Norm::Nuclear, 15.0),
            (Norm::Max, 8.0),
            (Norm::Schatten(1.0), 15.0),
            (Norm::Schatten(2.0), 125f64.sqrt()),
            (Norm::Schatten(3.0), 1125f64.cbrt()),
            (Norm::Schatten(f64::INFINITY), 10.0),
        ];
        for (which, exact) in expected {
            for layout in Layout::ALL {
                let found = layout.with(&a, |a| norm(&a, which)).unwrap();
                assert!((found - exact).abs() <= 8.0 * f64::EPSILON * exact, "{which:?} {layout:?}: {found}");
                let transposed = match which {
                    Norm::One => Norm::Infinity,
                    Norm::Infinity => Norm::One,
                    other => other,
                };
                let mirrored = layout.with(&a, |a| norm(&a.t(), transposed)).unwrap();
                assert!((mirrored - exact).abs() <= 8.0 * f64::EPSILON * exact, "{which:?} {layout:?}");
            }
        }
    }

    /// Sums of integers below 2⁵³ have no rounding: the norms by entries are the integers themselves.
    #[test]
    fn sums_of_integers_are_exact_in_every_layout() {
        let a = Array2::from_shape_fn((37, 53), |(i, j)| ((i * 31 + j * 17) % 23) as f64 - 11.0);
        let at = |i: usize, j: usize| ((i * 31 + j * 17) % 23) as i64 - 11;
        let column = (0..53).map(|j| (0..37).map(|i| at(i, j).abs()).sum::<i64>()).max().unwrap() as f64;
        let row = (0..37).map(|i| (0..53).map(|j| at(i, j).abs()).sum::<i64>()).max().unwrap() as f64;
        let squares = (0..37).flat_map(|i| (0..53).map(move |j| at(i, j).pow(2))).sum::<i64>() as f64;
        for layout in Layout::ALL {
            layout.with(&a, |a| {
                assert_eq!(norm(&a, Norm::One), Ok(column));
                assert_eq!(norm(&a, Norm::Infinity), Ok(row));
                assert_eq!(norm(&a, Norm::Max), Ok(11.0));
                assert_eq!(norm(&a, Norm::Frobenius), Ok(squares.sqrt()));
            });
            layout.with(&a.mapv(|x| x as f32), |a| {
                assert_eq!(norm(&a, Norm::One), Ok(column as f32));
                assert_eq!(norm(&a, Norm::Frobenius), Ok(squares.sqrt() as f32));
            });
        }
    }

    /// Only a norm that is itself out of range may overflow, and none may underflow to 0.
    #[test]
    fn scale_does_not_matter() {
        for scale in [0.0, 1000.0, -1000.0, -1072.0, 511.0].map(f64::exp2) {
            let a = array![[3.0, 0.0], [-4.0, 0.0]] * scale;
            assert_eq!(norm(&a, Norm::Frobenius), Ok(5.0 * scale), "{scale:e}");
            assert_eq!(norm(&a, Norm::One), Ok(7.0 * scale), "{scale:e}");
            assert_eq!(vector_norm(&a.column(0), 2.0), Ok(5.0 * scale), "{scale:e}");
            let cubic = vector_norm(&a.column(0), 3.0).unwrap() / scale;
            // (27 + 64)^(1/3). At the bottom of the range numbers are a quarter of the scale apart.
            let bound = if scale < 1e-320 { 0.13 } else { 40.0 * f64::EPSILON };
            assert!((cubic - 91f64.cbrt()).abs() <= bound, "{scale:e}: {cubic}");
        }
        let huge = Array2::from_elem((2, 2), f64::MAX);
        let overflow = Err(Error::Overflow { routine: "norm", scalar: "f64" });
        for which in [Norm::One, Norm::Infinity, Norm::Frobenius] {
            assert_eq!(norm(&huge, which), overflow);
        }
        assert_eq!(norm(&huge, Norm::Max), Ok(f64::MAX));
        assert_eq!(norm(&Array2::from_elem((1, 4), 1e38f32), Norm::Frobenius), Ok(2e38));
        assert!(norm(&Array2::from_elem((4, 4), 1e38f32), Norm::Frobenius).is_err());
    }

    /// ‖x‖ falls with p, from the sum to the largest entry, and never passes either.
    #[test]
    fn vector_norms_fall_with_p() {
        let x = matrix::<f64>(Kind::Random, 100, 1);
        let x = x.column(0);
        let exponents = [1.0, 1.5, 2.0, 3.0, 10.0, 1e3, 1e300, f64::INFINITY];
        let norms = exponents.map(|p| vector_norm(&x, p).unwrap());
        assert!(norms.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-13)), "{norms:?}");
        // Three equal entries: 3^(1/p) exactly.
        for p in exponents {
            let found = vector_norm(&array![-2.0, 2.0, 2.0], p).unwrap();
            assert!((found - 2.0 * 3f64.powf(1.0 / p)).abs() < 1e-14, "{p}");
        }
    }

    #[test]
    fn what_is_no_norm_or_no_number_is_refused() {
        let a = array![[1.0, 2.0]];
        for p in [0.5, 0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert!(matches!(
                norm(&a, Norm::Schatten(p)),
                Err(Error::InvalidParameter { parameter: "p", .. })
            ));
            assert!(matches!(vector_norm(&a.row(0), p), Err(Error::InvalidParameter { parameter: "p", .. })));
        }
        for (row, col) in (0..3).flat_map(|i| (0..2).map(move |j| (i, j))) {
            for bad in [f64::NAN, f64::INFINITY] {
                let mut a = Array2::<f64>::zeros((3, 2));
                a[[row, col]] = bad;
                for which in ALL {
                    assert_eq!(norm(&a, which), Err(Error::NonFinite { argument: "a", row, col }));
                }
                let x = a.column(col);
                assert_eq!(vector_norm(&x, 2.0), Err(Error::NonFinite { argument: "x", row, col: 0 }));
            }
        }
    }

    #[test]
    fn the_norm_of_nothing_is_zero() {
        for shape in [(0, 0), (0, 3), (3, 0)] {
            for which in ALL {
                assert_eq!(norm(&Array2::<f64>::zeros(shape), which), Ok(0.0), "{shape:?} {which:?}");
            }
        }
        assert_eq!(vector_norm(&Array2::<f32>::zeros((0, 1)).column(0), 2.0), Ok(0.0));
    }

    /// One number broadcast past 32 bits costs no memory: the norms by entries walk it, those by singular values
    /// refuse it before they allocate.
    #[test]
    fn extents_past_32_bits_are_refused_where_lapack_would_wrap() {
        let one = array![1.0f32];
        let long = one.broadcast((1, 1 << 31)).unwrap();
        assert!(matches!(norm(&long, Norm::Two), Err(Error::TooLarge { .. })));
        assert_eq!(norm(&long.slice(s![.., ..1 << 20]), Norm::One), Ok(1.0));
    }
}
