//! Randomized singular value decomposition: the leading triplets from a few products.
//!
//! Halko, Martinsson, Tropp 2011, algorithms 4.4 and 5.1: multiply by a Gaussian block, iterate with `A Aᵀ` to sharpen the
//! spectrum, orthonormalizing after every product, and decompose the small matrix `Qᵀ A`.

use lapwing_lapack::{Error, Scalar, Svd, gemm, matmul};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, s};

use super::range::{Sketch, block_krylov, product_transposed, subspace_iteration};
use super::single_pass::single_pass;
use super::spectral_norm::{NormBounds, spectral_norm_bounds};
use crate::operator::{FunctionOperator, LinearOperator};

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

    /// Bounds of the error `‖A − U Σ Vᵀ‖₂` in the spectral norm, where `a` is the operator that was decomposed. No
    /// matrix of rank k comes closer than the first singular value that was left out, `σₖ₊₁`. Costs 9 products with 6
    /// vectors; see [`spectral_norm_bounds`].
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` has not the dimensions of what was decomposed; as [`spectral_norm_bounds`].
    pub fn error_bounds<A: LinearOperator<T> + ?Sized>(&self, a: &A, seed: u64) -> Result<NormBounds, Error> {
        let us = &self.u * &self.singular_values;
        let forward = |x: &ArrayRef2<T>, result: &mut ArrayRef2<T>| {
            a.apply_into(x, result)?;
            gemm(-T::one(), &us, &matmul(&self.vt, x)?, T::one(), result)
        };
        let backward = |y: &ArrayRef2<T>, result: &mut ArrayRef2<T>| {
            a.apply_transposed_into(y, result)?;
            gemm(-T::one(), &self.vt.t(), &matmul(&us.t(), y)?, T::one(), result)
        };
        spectral_norm_bounds(&FunctionOperator::new(a.dimensions(), forward, backward), seed)
    }

    /// `(U, s, Vᵀ)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array1<T>, Array2<T>) {
        (self.u, self.singular_values, self.vt)
    }
}

impl RandomizedSvd<f64> {
    /// The choices for `k` triplets, to change before computing.
    pub fn params(k: usize) -> RandomizedSvdParams {
        RandomizedSvdParams {
            k,
            oversampling: 10,
            power_iterations: None,
            sketch: Sketch::default(),
            seed: 0,
        }
    }
}

/// The choices of a randomized singular value decomposition. Made by [`RandomizedSvd::params`].
#[derive(Clone, Copy, Debug)]
pub struct RandomizedSvdParams {
    k: usize,
    oversampling: usize,
    power_iterations: Option<usize>,
    sketch: Sketch,
    seed: u64,
}

impl RandomizedSvdParams {
    /// How many vectors beyond k take part. Default: 10, as scikit-learn's `n_oversamples`.
    pub fn oversampling(mut self, vectors: usize) -> Self {
        self.oversampling = vectors;
        self
    }

    /// How many times to multiply by `A Aᵀ`. Default: 7 when k is under a tenth of min(m, n), otherwise
    /// 4, as scikit-learn's `n_iter="auto"`; 3 for [`Sketch::BlockKrylov`]. [`Sketch::SinglePass`] makes none.
    pub fn power_iterations(mut self, iterations: usize) -> Self {
        self.power_iterations = Some(iterations);
        self
    }

    /// How to look at the matrix. Default: [`Sketch::SubspaceIteration`].
    pub fn sketch(mut self, sketch: Sketch) -> Self {
        self.sketch = sketch;
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
        let automatic = match self.sketch {
            Sketch::BlockKrylov => 3,
            _ if self.k * 10 < most => 7,
            _ => 4,
        };
        let iterations = self.power_iterations.unwrap_or(automatic);
        let width = self.k.saturating_add(self.oversampling).min(most);
        let range = match self.sketch {
            Sketch::SubspaceIteration => subspace_iteration(a, width, iterations, self.seed)?,
            Sketch::BlockKrylov => block_krylov(a, width, iterations, self.seed)?,
            Sketch::SinglePass => {
                let (range, svd) = single_pass(a, self.k, self.seed)?;
                let (u, singular_values, vt) = svd.into_factors();
                let u = matmul(&range, &u.slice(s![.., ..self.k]))?;
                let vt = vt.slice_move(s![..self.k, ..]);
                return Ok(RandomizedSvd {
                    u,
                    singular_values: singular_values.slice_move(s![..self.k]),
                    vt,
                });
            }
        };
        // (Qᵀ A)ᵀ = V Σ Wᵀ, so A ≈ Q W Σ Vᵀ.
        let (v, singular_values, wt) = Svd::thin(&product_transposed(a, &range)?)?.into_factors();
        let u = matmul(&range, &wt.slice(s![..self.k, ..]).t())?;
        let vt = v.slice_move(s![.., ..self.k]).reversed_axes();
        Ok(RandomizedSvd { u, singular_values: singular_values.slice_move(s![..self.k]), vt })
    }
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::with_singular_values;

    use super::super::orthonormal::orthonormal;
    use super::super::range::gaussian;
    use super::*;

    /// Fast, slow and no decay: every sketch's error lies within its bounds, and is what the theory lets one expect of it.
    #[test]
    fn the_error_lies_within_its_bounds() {
        let (n, k) = (80, 6);
        let spectra: [fn(usize) -> f64; 3] =
            [|i| 0.5f64.powi(i as i32), |i| 1.0 / (1.0 + i as f64).sqrt(), |_| 1.0];
        for spectrum in spectra {
            let values = Array1::from_shape_fn(n, spectrum);
            for (rows, cols) in [(120, n), (n, 120)] {
                let a: Array2<f64> = with_singular_values(rows, cols, &values, 9).unwrap();
                for (sketch, worse) in
                    [(Sketch::SubspaceIteration, 1.2), (Sketch::BlockKrylov, 1.1), (Sketch::SinglePass, 12.0)]
                {
                    let svd = RandomizedSvd::params(k).sketch(sketch).seed(4).compute(&*a).unwrap();
                    let left = &a - (&svd.u() * &svd.singular_values()).dot(&svd.vt());
                    let error = Svd::values(&left).unwrap().values[0];
                    let bounds = svd.error_bounds(&*a, 5).unwrap();
                    assert!(
                        bounds.lower <= error * (1.0 + 1e-12) && error <= bounds.upper,
                        "{sketch:?}: {bounds:?}"
                    );
                    assert!(bounds.upper < 2.0 * error, "{sketch:?}: {bounds:?} {error}");
                    assert!(error < worse * values[k], "{sketch:?}: {error} {}", values[k]);
                    let gram = svd.u().t().dot(&svd.u()) - Array2::<f64>::eye(k);
                    assert!(gram.iter().all(|x| x.abs() < 100.0 * f64::EPSILON));
                }
            }
        }
    }

    /// With as many products, all blocks together see more than the last one.
    #[test]
    fn krylov_is_closer_where_the_spectrum_decays_slowly() {
        let values = Array1::from_shape_fn(300, |i| 1.0 / (1.0 + i as f64).sqrt());
        let a: Array2<f64> = with_singular_values(400, 300, &values, 1).unwrap();
        let error = |sketch| {
            let params = RandomizedSvd::params(10).power_iterations(3).sketch(sketch);
            let found = params.compute(&*a).unwrap();
            (found.singular_values()[9] - values[9]).abs()
        };
        assert!(error(Sketch::BlockKrylov) < 0.1 * error(Sketch::SubspaceIteration));
    }

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
