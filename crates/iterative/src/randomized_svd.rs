//! Randomized singular value decomposition: the leading triplets from a few products.
//!
//! Halko, Martinsson, Tropp, "Finding structure with randomness", SIAM Review 53 (2011), algorithms 4.4
//! and 5.1: multiply by a Gaussian block, iterate with `A Aᵀ` to sharpen the spectrum, orthonormalizing
//! after every product, and decompose the small matrix `Qᵀ A`. Cost: (2q + 2) products with k + p vectors.

use lapwing_lapack::{Error, Qr, Scalar, Svd, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, s};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use crate::operator::{LinearOperator, require_finite_product};

/// The leading k singular triplets of an operator of m rows and n columns, approximately.
///
/// ```
/// use lapwing_iterative::RandomizedSvd;
/// use ndarray::Array2;
/// // Rank two, so that two triplets are all there is.
/// let a = Array2::from_shape_fn((40, 30), |(i, j)| (i + j) as f64);
/// let svd = RandomizedSvd::params(2).seed(7).compute(&*a)?;
/// let exact = lapwing_lapack::Svd::values(&a)?.values;
/// assert!((svd.singular_values()[0] - exact[0]).abs() < 1e-12 * exact[0]);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RandomizedSvd<T: Scalar> {
    u: Array2<T>,
    singular_values: Array1<T>,
    vt: Array2<T>,
}

impl<T: Scalar> RandomizedSvd<T> {
    /// The left singular vectors in columns, m x k.
    pub fn u(&self) -> ArrayView2<'_, T> {
        self.u.view()
    }

    /// The k singular values, largest first.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.singular_values.view()
    }

    /// The right singular vectors in rows, k x n.
    pub fn vt(&self) -> ArrayView2<'_, T> {
        self.vt.view()
    }

    /// `(U, s, Vᵀ)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array1<T>, Array2<T>) {
        (self.u, self.singular_values, self.vt)
    }
}

impl RandomizedSvd<f64> {
    /// The choices for `k` triplets, to change before computing.
    pub fn params(k: usize) -> RandomizedSvdParams {
        RandomizedSvdParams { k, oversampling: 10, power_iterations: None, seed: 0 }
    }
}

/// The choices of a randomized singular value decomposition. Made by [`RandomizedSvd::params`].
#[derive(Clone, Copy, Debug)]
pub struct RandomizedSvdParams {
    k: usize,
    oversampling: usize,
    power_iterations: Option<usize>,
    seed: u64,
}

impl RandomizedSvdParams {
    /// How many vectors beyond k take part. Default: 10, as scikit-learn's `n_oversamples`.
    pub fn oversampling(mut self, vectors: usize) -> Self {
        self.oversampling = vectors;
        self
    }

    /// How many times to multiply by `A Aᵀ`. Default: 7 when k is under a tenth of min(m, n), otherwise
    /// 4, as scikit-learn's `n_iter="auto"`.
    pub fn power_iterations(mut self, iterations: usize) -> Self {
        self.power_iterations = Some(iterations);
        self
    }

    /// The seed of the Gaussian block. The same seed gives the same bits for the same number of threads.
    /// Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The leading triplets of `a`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when k exceeds min(m, n); [`Error::Overflow`] when a product is not finite,
    /// because it overflows or because the operator holds NaN or an infinity; [`Error::Shape`] when a product has
    /// not the operator's own dimensions; [`Error::OutOfMemory`]; [`Error::NoConvergence`].
    pub fn compute<T: Scalar, A: LinearOperator<T> + ?Sized>(self, a: &A) -> Result<RandomizedSvd<T>, Error> {
        let (m, n) = a.dimensions();
        let most = m.min(n);
        if self.k > most {
            let requirement = format!("at most {most}, the smaller extent of the matrix");
            return Err(Error::InvalidParameter { parameter: "k", value: self.k.to_string(), requirement });
        }
        if self.k == 0 {
            let (u, vt) = (Array2::zeros((m, 0)), Array2::zeros((0, n)));
            return Ok(RandomizedSvd { u, singular_values: Array1::zeros(0), vt });
        }
        let automatic = if self.k * 10 < most { 7 } else { 4 };
        let iterations = self.power_iterations.unwrap_or(automatic);
        let width = self.k.saturating_add(self.oversampling).min(most);

        let forward = |x: &ArrayRef2<T>| checked(a.apply(x)?, (m, width));
        let backward = |y: &ArrayRef2<T>| checked(a.apply_transposed(y)?, (n, width));
        let mut range = orthonormal(forward(&gaussian(n, width, self.seed)?)?)?;
        for _ in 0..iterations {
            let domain = orthonormal(backward(&range)?)?;
            range = orthonormal(forward(&domain)?)?;
        }
        // (Qᵀ A)ᵀ = V Σ Wᵀ, so A ≈ Q W Σ Vᵀ.
        let (v, singular_values, wt) = Svd::thin(&backward(&range)?)?.into_factors();
        let u = lapwing_lapack::matmul(&range, &wt.slice(s![..self.k, ..]).t())?;
        let vt = v.slice_move(s![.., ..self.k]).reversed_axes();
        Ok(RandomizedSvd { u, singular_values: singular_values.slice_move(s![..self.k]), vt })
    }
}

fn orthonormal<T: Scalar>(block: Array2<T>) -> Result<Array2<T>, Error> {
    Ok(Qr::from_owned(block)?.into_thin()?.0)
}

/// A product of the operator, if it is finite and of the shape that the operator promised.
fn checked<T: Scalar>(product: Array2<T>, (rows, cols): (usize, usize)) -> Result<Array2<T>, Error> {
    let (argument, reason) = ("the product of the operator", "the operator's own dimensions");
    for (extent, found, expected) in [("rows", product.nrows(), rows), ("columns", product.ncols(), cols)] {
        if found != expected {
            return Err(Error::Shape { argument, extent, found, expected, reason });
        }
    }
    require_finite_product(&product)?;
    Ok(product)
}

fn gaussian<T: Scalar>(rows: usize, cols: usize, seed: u64) -> Result<Array2<T>, Error> {
    let mut generator = Pcg64::seed_from_u64(seed);
    let mut block = zeros(rows, cols)?;
    block.mapv_inplace(|_: T| T::from_f64(StandardNormal.sample(&mut generator)));
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix with singular values 2^-i: with q iterations the error of value k decays like the ratio of
    /// neighbours to the power 4q + 2 over the oversampled gap, far below rounding here.
    #[test]
    fn finds_a_decaying_spectrum_to_rounding() {
        let (m, n, k) = (120, 80, 5);
        let u = orthonormal(gaussian::<f64>(m, n, 1).unwrap()).unwrap();
        let v = orthonormal(gaussian::<f64>(n, n, 2).unwrap()).unwrap();
        let scaled = &u * &Array1::from_shape_fn(n, |i| 0.5f64.powi(i as i32));
        let a = scaled.dot(&v.t());
        let svd = RandomizedSvd::params(k).seed(3).compute(&*a).unwrap();
        let bound = 4.0 * (m as f64) * f64::EPSILON;
        for (i, &value) in svd.singular_values().iter().enumerate() {
            assert!((value - 0.5f64.powi(i as i32)).abs() < bound, "{i}: {value}");
        }
        let residual = a.dot(&svd.vt().t()) - &svd.u() * &svd.singular_values();
        assert!(residual.iter().all(|x| x.abs() < bound));
    }

    #[test]
    fn the_seed_decides_every_bit() {
        let a = gaussian::<f32>(50, 40, 1).unwrap();
        let run = |seed| RandomizedSvd::params(4).power_iterations(0).seed(seed).compute(&*a).unwrap();
        assert_eq!(run(5).singular_values(), run(5).singular_values());
        assert_ne!(run(5).singular_values(), run(6).singular_values());
    }

    #[test]
    fn degenerate_requests_are_answered() {
        let a = Array2::<f64>::zeros((4, 3));
        assert!(matches!(
            RandomizedSvd::params(4).compute(&*a),
            Err(Error::InvalidParameter { parameter: "k", .. })
        ));
        assert_eq!(RandomizedSvd::params(0).compute(&*a).unwrap().u().dim(), (4, 0));
        assert_eq!(
            RandomizedSvd::params(3).compute(&*a).unwrap().singular_values(),
            ndarray::array![0.0, 0.0, 0.0]
        );
        let infinite = Array2::from_elem((4, 3), f64::INFINITY);
        assert!(matches!(RandomizedSvd::params(2).compute(&*infinite), Err(Error::Overflow { .. })));
    }
}
