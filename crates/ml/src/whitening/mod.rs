//! Whitening: a linear map after which the features of data are uncorrelated and of variance 1.
//!
//! There are as many as rotations, since `z = W (x − μ)` is white when `Wᵀ W = Σ⁻¹`. These are the five of Kessy, Lewin and Strimmer
//! ("Optimal whitening and decorrelation", The American Statistician 72, 2018), with their conventions. `Σ = U Λ Uᵀ = R Rᵀ` is
//! the covariance, with n − 1 in the denominator, V its diagonal, and `P = G Θ Gᵀ` the correlation:
//!
//! | [`WhiteningMethod`] | W                | of all                                                                   |
//! |---------------------|------------------|--------------------------------------------------------------------------|
//! | `Zca`               | `Σ^{-½}`         | moves the data least                                                     |
//! | `ZcaCorrelation`    | `P^{-½} V^{-½}`  | correlates most with the features, each with its own                     |
//! | `Pca`               | `Λ^{-½} Uᵀ`      | puts most of the variance into the first features                        |
//! | `PcaCorrelation`    | `Θ^{-½} Gᵀ V^{-½}` | puts most of the correlation into the first features                   |
//! | `Cholesky`          | `R⁻¹`            | upper triangular: each feature needs only itself and those after it      |
//!
//! The axes in the rows of the PCA methods have a positive entry on the diagonal. Neither scikit-learn nor SciPy has such a class;
//! [`Pca`](crate::Pca) with [`Whitening`](crate::Whitening) is the way to fewer features.

mod persistence;
#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use lapwing_lapack::{Scalar, SymmetricEigen, kernel, matmul, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef2, Axis, s};

use crate::error::Error;
use crate::mahalanobis::CovarianceFactor;
use crate::moments::{Full, Moments};
use crate::row_blocks::map_centred;

/// A fitted whitening of p features.
///
/// ```
/// use lapwing_ml::{WhiteningMethod, WhiteningTransform};
/// use ndarray::array;
/// let x = array![[2.0, 1.0], [-2.0, -1.0], [1.0, -2.0], [5.0, 3.0], [0.0, 0.5]];
/// let whitening = WhiteningTransform::params().method(WhiteningMethod::Cholesky).fit(&x)?;
/// let z = whitening.transform(&x)?;
/// let covariance = z.t().dot(&z) / 4.0;
/// assert!((covariance[[0, 0]] - 1.0f64).abs() < 1e-14 && covariance[[0, 1]].abs() < 1e-14);
/// let restored = whitening.inverse_transform(&z)?;
/// assert!((&restored - &x).iter().all(|error: &f64| error.abs() < 1e-14));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored", into = "persistence::Stored")]
#[serde(bound = "T: Scalar")]
pub struct WhiteningTransform<T: Scalar> {
    method: WhiteningMethod,
    mean: Array1<f64>,
    matrix: Array2<f64>,
    inverse: Array2<f64>,
    n_samples: usize,
    scalar: PhantomData<T>,
}

/// Which of the whitenings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhiteningMethod {
    /// The symmetric root of the inverse covariance: zero-phase component analysis.
    #[default]
    Zca,
    /// The symmetric root of the inverse correlation, of features scaled to variance 1.
    ZcaCorrelation,
    /// The principal components, scaled to variance 1.
    Pca,
    /// The principal components of features scaled to variance 1, themselves scaled to variance 1.
    PcaCorrelation,
    /// The upper triangular factor.
    Cholesky,
}

/// The choices of a whitening. Made by [`WhiteningTransform::params`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WhiteningTransformParams {
    method: WhiteningMethod,
    floor: Option<f64>,
}

impl WhiteningTransform<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> WhiteningTransformParams {
        WhiteningTransformParams::default()
    }
}

impl WhiteningTransformParams {
    /// Which whitening. Default: [`WhiteningMethod::Zca`].
    pub fn method(mut self, method: WhiteningMethod) -> Self {
        self.method = method;
        self
    }

    /// Counts a variance along a principal axis as no less than this share, in (0, 1], of the largest, so that a singular covariance
    /// can be whitened: what does not vary is left small. Not with [`WhiteningMethod::Cholesky`]. Default: none, and a singular
    /// covariance is an error.
    pub fn floor(mut self, share: f64) -> Self {
        self.floor = Some(share);
        self
    }

    /// Fits the whitening of the rows of `x` (n x p). Costs n p² + O(p³).
    ///
    /// # Errors
    /// [`Error::SingularCovariance`] when the variance along a principal axis is at most p roundings of the largest, and
    /// [`Error::DependentFeature`] with `Cholesky`, unless there is a floor; [`Error::TooFewSamples`] for fewer than 2;
    /// [`Error::NoFeatures`]; [`Error::InvalidParameter`] for a floor outside its domain; [`Error::Lapack`] with `NonFinite`,
    /// `Overflow`, `OutOfMemory` or `NoConvergence`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<WhiteningTransform<T>, Error> {
        let (n_samples, p) = x.dim();
        if p == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        if n_samples < 2 {
            return Err(Error::TooFewSamples {
                argument: "x",
                method: "whitening",
                found: n_samples,
                least: 2,
            });
        }
        self.check()?;
        let moments = Moments::<Full>::of_rows("x", x)?;
        let lower = moments.scatter.0 / (n_samples - 1) as f64;
        let covariance =
            Array2::from_shape_fn((p, p), |(i, j)| if j <= i { lower[[i, j]] } else { lower[[j, i]] });
        let (matrix, inverse) = match self.method {
            WhiteningMethod::Cholesky => upper_triangular(&covariance)?,
            method => by_eigenvectors(method, covariance, self.floor)?,
        };
        if !matrix.iter().chain(&inverse).all(|entry| entry.is_finite()) {
            return Err(overflow("whitening", "f64"));
        }
        let (method, mean) = (self.method, moments.mean);
        Ok(WhiteningTransform { method, mean, matrix, inverse, n_samples, scalar: PhantomData })
    }

    fn check(&self) -> Result<(), Error> {
        let Some(floor) = self.floor else { return Ok(()) };
        let invalid = |requirement: &str| {
            let (value, requirement) = (floor.to_string(), requirement.to_owned());
            Err(Error::InvalidParameter { parameter: "floor", value, requirement })
        };
        if self.method == WhiteningMethod::Cholesky {
            return invalid("left out with the Cholesky method, which knows no principal axes");
        }
        if floor > 0.0 && floor <= 1.0 { Ok(()) } else { invalid("above 0, and at most 1") }
    }
}

/// `R⁻¹` and R: the Cholesky factor of the features in reverse order, turned around.
fn upper_triangular(covariance: &Array2<f64>) -> Result<(Array2<f64>, Array2<f64>), Error> {
    let remedy = "leave it out, or choose another method with a floor";
    let reversed = covariance.slice(s![..;-1, ..;-1]);
    let factor = CovarianceFactor::new("the covariance of x", &reversed, f64::EPSILON, remedy);
    let factor = factor.map_err(|error| match error {
        Error::DependentFeature { argument, feature, remedy } => {
            Error::DependentFeature { argument, feature: covariance.nrows() - 1 - feature, remedy }
        }
        error => error,
    })?;
    let turned = |a: Array2<f64>| a.slice(s![..;-1, ..;-1]).as_standard_layout().into_owned();
    Ok((turned(factor.whitener()?), turned(factor.lower())))
}

/// W and its inverse by the principal axes, of the covariance or of the correlation.
fn by_eigenvectors(
    method: WhiteningMethod,
    mut covariance: Array2<f64>,
    floor: Option<f64>,
) -> Result<(Array2<f64>, Array2<f64>), Error> {
    use WhiteningMethod::{Pca, PcaCorrelation, ZcaCorrelation};
    let p = covariance.nrows();
    // A constant feature keeps its unit: it has no variance in any.
    let scales: Array1<f64> = match method {
        PcaCorrelation | ZcaCorrelation => {
            covariance.diag().mapv(|variance| if variance > 0.0 { variance.sqrt() } else { 1.0 })
        }
        _ => Array1::ones(p),
    };
    covariance = covariance / &scales / scales.view().insert_axis(Axis(1));
    let (values, vectors) = SymmetricEigen::new(&covariance)?.into_factors();
    let (mut variances, mut axes) =
        (values.slice(s![..;-1]).to_owned(), vectors.slice(s![.., ..;-1]).t().to_owned());
    for (k, mut axis) in axes.outer_iter_mut().enumerate() {
        if axis[k] < 0.0 {
            axis.mapv_inplace(|entry| -entry);
        }
    }
    let largest = variances[0];
    let least = floor.unwrap_or(p as f64 * f64::EPSILON) * largest;
    if largest <= 0.0 {
        return Err(Error::SingularCovariance { direction: "every feature".to_owned() });
    }
    match floor {
        Some(_) => variances.mapv_inplace(|variance| variance.max(least)),
        None => {
            if let Some(k) = variances.iter().position(|&variance| variance <= least) {
                let direction = format!("principal axis {} (counted from 1)", k + 1);
                return Err(Error::SingularCovariance { direction });
            }
        }
    }
    let deviations = variances.mapv_into(f64::sqrt).insert_axis(Axis(1));
    let (whitened, coloured) = (&axes / &deviations, &axes * &deviations);
    let (matrix, inverse) = match method {
        Pca | PcaCorrelation => (whitened, coloured.reversed_axes()),
        _ => (matmul(&axes.t(), &whitened)?, matmul(&axes.t(), &coloured)?),
    };
    Ok((matrix / &scales, inverse * scales.insert_axis(Axis(1))))
}

impl<T: Scalar> WhiteningTransform<T> {
    /// The mean of each feature, p.
    pub fn mean(&self) -> Array1<T> {
        self.mean.mapv(T::from_f64)
    }

    /// W, p x p: what a column of centred features is multiplied by.
    pub fn matrix(&self) -> Array2<T> {
        self.matrix.mapv(T::from_f64)
    }

    /// The inverse of W, p x p.
    pub fn inverse_matrix(&self) -> Array2<T> {
        self.inverse.mapv(T::from_f64)
    }

    /// Which whitening this is.
    pub fn method(&self) -> WhiteningMethod {
        self.method
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.mean.len()
    }

    /// The number of samples that it was fitted on.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// The whitened features (n x p) of `x` (n x p).
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn transform(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        self.product("transform", "x", x, &self.mean, &self.matrix)
    }

    /// The data (n x p) of which `z` (n x p) are the whitened features.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn inverse_transform(&self, z: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let none = Array1::zeros(self.n_features());
        let mut x = self.product("inverse_transform", "z", z, &none, &self.inverse)?;
        for mut row in x.outer_iter_mut() {
            row.zip_mut_with(&self.mean, |x, mean| *x = T::from_f64(x.as_f64() + mean));
        }
        in_range("inverse_transform", x)
    }

    /// The rows of `x` less `centre` times the transpose of `matrix`.
    fn product(
        &self,
        routine: &'static str,
        argument: &'static str,
        x: &ArrayRef2<T>,
        centre: &Array1<f64>,
        matrix: &Array2<f64>,
    ) -> Result<Array2<T>, Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument, found, expected });
        }
        require_finite(argument, x)?;
        let matrix = matrix.mapv(T::from_f64);
        let mut out = zeros(x.nrows(), expected)?;
        map_centred(x, centre, &mut out, |block, mut out| {
            Ok(kernel::gemm(T::one(), block, &matrix.t(), T::zero(), &mut out)?)
        })?;
        in_range(routine, out)
    }
}

fn in_range<T: Scalar>(routine: &'static str, result: Array2<T>) -> Result<Array2<T>, Error> {
    require_finite(routine, &result).map_err(|_| overflow(routine, T::NAME))?;
    Ok(result)
}

/// Finite input led to a result beyond the scalar's range.
fn overflow(routine: &'static str, scalar: &'static str) -> Error {
    lapwing_lapack::Error::Overflow { routine, scalar }.into()
}
