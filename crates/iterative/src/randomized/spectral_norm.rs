//! Bounds of the spectral norm from products with random vectors.

use lapwing_lapack::{Error, Scalar};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayViewMut1};

use super::range::{gaussian, product, product_transposed};
use crate::operator::LinearOperator;

/// Vectors that are tried at once.
const VECTORS: usize = 6;
/// Times that `A Aᵀ` is applied before the last product with `A`.
const ITERATIONS: i32 = 4;
/// How much the image of a random vector is trusted to fall short by. The bound fails with a probability of at most this
/// to the power of minus the number of vectors: one in a million.
const FACTOR: f64 = 10.0;

/// Between these lies a spectral norm.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct NormBounds {
    /// Reached: some vector is stretched by this much.
    pub lower: f64,
    /// Not exceeded, but for one in a million seeds. At most 1.26 times the norm as the random vectors see it, which for
    /// matrices of a million columns is less than 3 times the norm itself.
    pub upper: f64,
}

/// Bounds of the spectral norm `‖A‖₂`, the largest singular value, within a quarter or so of it.
///
/// From 9 products with 6 random vectors each: M = `(A Aᵀ)⁴ A` has the norm `‖A‖⁹`, and for standard normal vectors ω
/// `‖M‖ ≤ 10 √(2/π) maxᵢ ‖M ωᵢ‖` but for a probability of 10⁻⁶ (Halko, Martinsson, Tropp 2011, lemma 4.1). The root of
/// order 9 brings the factor close to 1. Rounding limits what is seen to `ε` times the norms that cancel in the
/// operator.
///
/// ```
/// use lapwing_iterative::randomized::spectral_norm_bounds;
/// use ndarray::Array2;
/// let bounds = spectral_norm_bounds(&*Array2::from_diag_elem(50, 3.0), 0)?;
/// assert!(bounds.lower <= 3.0 * (1.0 + 1e-14) && 3.0 <= bounds.upper && bounds.upper < 5.0);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
///
/// # Errors
/// [`Error::Overflow`] when a product is not finite; what the operator fails with.
pub fn spectral_norm_bounds<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    seed: u64,
) -> Result<NormBounds, Error> {
    let mut vectors = gaussian::<T>(a.dimensions().1, VECTORS, seed)?;
    // The logarithm of what each vector was stretched by, its own length included.
    let mut logarithms = normalize(&mut vectors).mapv(f64::ln);
    let mut lower = 0.0;
    let mut stretch = |vectors: &mut Array2<T>, image: Array2<T>| {
        *vectors = image;
        let stretched = normalize(vectors);
        lower = stretched.iter().fold(lower, |lower: f64, &norm| lower.max(norm));
        logarithms += &stretched.mapv(f64::ln);
    };
    for _ in 0..ITERATIONS {
        let image = product(a, &vectors)?;
        stretch(&mut vectors, image);
        let image = product_transposed(a, &vectors)?;
        stretch(&mut vectors, image);
    }
    let image = product(a, &vectors)?;
    stretch(&mut vectors, image);
    let largest = logarithms.iter().fold(f64::NEG_INFINITY, |largest, &logarithm| largest.max(logarithm));
    let factor = FACTOR * std::f64::consts::FRAC_2_PI.sqrt();
    let upper = ((largest + factor.ln()) / f64::from(2 * ITERATIONS + 1)).exp();
    Ok(NormBounds { lower, upper: upper.max(lower) })
}

/// Divides each column that is not zero by its norm, and returns the norms.
fn normalize<T: Scalar>(columns: &mut ArrayRef2<T>) -> Array1<f64> {
    let norm = |column: ArrayView1<T>| {
        let largest = column.iter().fold(0.0, |largest: f64, x| largest.max(x.as_f64().abs()));
        let sum: f64 = column.iter().map(|x| (x.as_f64() / largest).powi(2)).sum();
        if largest == 0.0 { 0.0 } else { largest * sum.sqrt() }
    };
    let normalized = |mut column: ArrayViewMut1<T>| {
        let norm = norm(column.view());
        if norm > 0.0 {
            column.mapv_inplace(|x| T::from_f64(x.as_f64() / norm));
        }
        norm
    };
    columns.columns_mut().into_iter().map(normalized).collect()
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::with_singular_values;

    use super::*;

    /// Of a flat spectrum, a slow one and a fast one; near the ends of the range; of a single entry and of none.
    #[test]
    fn the_norm_lies_between_the_bounds() {
        let spectra: [fn(usize) -> f64; 3] = [|_| 1.0, |i| 1.0 / (1.0 + i as f64), |i| 0.1f64.powi(i as i32)];
        for spectrum in spectra {
            for scale in [1.0, 1e300, 1e-300] {
                let values = Array1::from_shape_fn(40, |i| scale * spectrum(i));
                let a: Array2<f64> = with_singular_values(70, 40, &values, 3).unwrap();
                for seed in 0..20 {
                    let bounds = spectral_norm_bounds(&*a, seed).unwrap();
                    // Rounding in a chain of products of 70 terms.
                    let rounding = 1.0 + 100.0 * f64::EPSILON;
                    assert!(bounds.lower <= scale * rounding && scale <= bounds.upper, "{bounds:?} {scale}");
                    assert!(bounds.upper < 2.0 * scale && bounds.lower > 0.5 * scale, "{bounds:?} {scale}");
                }
            }
        }
        let one = spectral_norm_bounds(&*ndarray::array![[-2.0f32]], 1).unwrap();
        assert!((one.lower - 2.0).abs() < 1e-6);
        for empty in [(0, 3), (3, 0), (3, 4)] {
            let bounds = spectral_norm_bounds(&*Array2::<f64>::zeros(empty), 1).unwrap();
            assert_eq!((bounds.lower, bounds.upper), (0.0, 0.0));
        }
    }
}
