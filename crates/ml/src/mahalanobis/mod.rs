//! Mahalanobis distances: how far a row lies from a location in units of a covariance, `√((x − μ)ᵀ Σ⁻¹ (x − μ))`.
//!
//! The semantics are those of `sklearn.covariance.EmpiricalCovariance.mahalanobis`, with these differences:
//!
//! - Σ is never inverted. Its features are first scaled by powers of two, which rounds nothing, to variances between 1
//!   and 4, so that their units do not matter; then `C = L Lᵀ`, and a squared distance is the sum of the squares of `L⁻¹ z`,
//!   never negative.
//! - A singular Σ is an error that names a feature, or on request ([`SingularCovariance::PseudoInverse`]) an answer in its
//!   range. scikit-learn answers by the pseudo-inverse without a word, and takes small units for dependence.
//! - Everything is computed in double precision for `f32` too: the smallest variance amplifies the rounding of `z` by
//!   the square root of the condition number of `C`, and single precision would have few digits left.
//! - Rows are centred, multiplied and squared in blocks in the cache, on all cores: there is no copy of the data.
//!
//! The product with `L⁻¹` instead of a solve with L, three times as fast, costs no accuracy to speak of. With ε the unit
//! roundoff, the solve changes a squared distance by at most about `2 p ε cond(L)` of it, the product by `2 p ε cond(L)²`
//! (Higham, "Accuracy and stability of numerical algorithms", 2002, section 14.2), and `cond(L)² = cond(C)`. But
//! the factorization, and every other way to use a rounded Σ, has changed it by up to `p ε cond(C)` already.

mod distances;
mod factor;
mod persistence;
mod range;
#[cfg(test)]
mod tests;

use lapwing_lapack::{Diagonal, Scalar, Triangle, matmul, triangular};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2};

pub use self::distances::Outliers;
pub(crate) use self::factor::{CovarianceFactor, check_location, in_double};
use crate::error::Error;

/// A location (p) and a covariance (p x p), ready to measure distances with.
///
/// ```
/// use lapwing_ml::Mahalanobis;
/// use ndarray::{array, s};
/// let metric = Mahalanobis::new(&array![1.0, 2.0], &array![[4.0, 0.0], [0.0, 0.25]])?;
/// let x = array![[3.0, 2.0], [1.0, 3.0], [1.0, 2.0]];
/// assert_eq!(metric.squared_distances(&x)?, array![1.0, 4.0, 0.0]);
/// assert_eq!(metric.distances_between(&x.slice(s![1..2, ..]), &x.slice(s![2.., ..]))?, array![[2.0]]);
/// assert_eq!(metric.rank(), 2);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored", into = "persistence::Stored")]
#[serde(bound = "T: Scalar")]
pub struct Mahalanobis<T: Scalar> {
    location: Array1<T>,
    /// The location before it was rounded to the scalar: what rows are centred on.
    centre: Array1<f64>,
    /// r x p: the squared distance of a centred row is the squared length of its product with this.
    whitener: Array2<f64>,
    shape: WhitenerShape,
    /// An orthonormal basis of what the covariance maps to zero, p x (p − r).
    null_space: Array2<f64>,
    reciprocal_condition: f64,
}

/// Where the whitener has entries.
#[derive(Clone, Copy, Debug, PartialEq)]
enum WhitenerShape {
    /// The inverse of a Cholesky factor.
    LowerTriangular,
    Full,
}

/// What to do with a covariance that has no inverse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SingularCovariance {
    /// [`Error::DependentFeature`].
    #[default]
    Refuse,
    /// Distances by the pseudo-inverse (Moore and Penrose): only what lies in the range of the covariance counts, and its
    /// dimension is the [rank](Mahalanobis::rank). How far a row is from that range, where the distribution has no mass,
    /// is what [`off_support`](Mahalanobis::off_support) answers.
    PseudoInverse,
}

/// The choices of [`Mahalanobis`]. Made by [`Mahalanobis::params`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MahalanobisParams {
    singular: SingularCovariance,
}

impl Mahalanobis<f64> {
    /// The choices, to change before computing; the scalar is that of the covariance given to them.
    pub fn params() -> MahalanobisParams {
        MahalanobisParams::default()
    }
}

impl<T: Scalar> Mahalanobis<T> {
    /// Distances from `location` (p) by `covariance` (p x p), which must have an inverse. Costs 2/3 p³.
    ///
    /// # Errors
    /// [`Error::DependentFeature`] when the covariance is singular to working precision: a pivot of its Cholesky
    /// factorization is at most p roundings of the variance that it began with, or the reciprocal condition number is no
    /// more than one; [`Error::InvalidCovariance`] when it is no covariance; [`Error::NoFeatures`]; [`Error::Lapack`] with
    /// `NotSquare`, `NotSymmetric`, `NonFinite`, `Shape` or `OutOfMemory`.
    pub fn new(location: &ArrayRef1<T>, covariance: &ArrayRef2<T>) -> Result<Self, Error> {
        MahalanobisParams::default().compute(location, covariance)
    }

    /// As [`MahalanobisParams::compute`], from numbers in double precision that are as exact as `resolution` says.
    pub(crate) fn from_double(
        location: &ArrayRef1<f64>,
        covariance: &ArrayRef2<f64>,
        singular: SingularCovariance,
        resolution: f64,
    ) -> Result<Self, Error> {
        check_location(location, covariance)?;
        let remedy = "remove it, shrink the covariance, or choose SingularCovariance::PseudoInverse";
        match CovarianceFactor::new("covariance", covariance, resolution, remedy) {
            Ok(factor) => Self::from_factor(location, &factor),
            Err(Error::DependentFeature { .. }) if singular == SingularCovariance::PseudoInverse => {
                range::in_the_range(location, covariance, resolution)
            }
            Err(error) => Err(error),
        }
    }

    /// Of a covariance that has been factored, and a location of as many features.
    pub(crate) fn from_factor(location: &ArrayRef1<f64>, factor: &CovarianceFactor) -> Result<Self, Error> {
        Ok(Self {
            location: location.mapv(T::from_f64),
            centre: location.to_owned(),
            whitener: factor.whitener()?,
            shape: WhitenerShape::LowerTriangular,
            null_space: Array2::zeros((location.len(), 0)),
            reciprocal_condition: factor.reciprocal_condition(),
        })
    }

    /// Of a `whitener` that turns the distances to be into lengths (p x p).
    pub(crate) fn from_whitener(
        location: &ArrayRef1<f64>,
        whitener: Array2<f64>,
        reciprocal_condition: f64,
    ) -> Self {
        Self {
            location: location.mapv(T::from_f64),
            centre: location.to_owned(),
            whitener,
            shape: WhitenerShape::Full,
            null_space: Array2::zeros((location.len(), 0)),
            reciprocal_condition,
        }
    }

    /// What a centred row is multiplied by to become of unit covariance, r x p; of full rank, the inverse of the Cholesky factor.
    pub(crate) fn whitener(&self) -> ArrayView2<'_, f64> {
        self.whitener.view()
    }

    /// Where distances are measured from, p.
    pub fn location(&self) -> ArrayView1<'_, T> {
        self.location.view()
    }

    /// The covariance that distances are by, p x p. Only the inverse of its Cholesky factor is kept, and it is made again from
    /// that on each call, in O(p³): each entry is exact to about p ε divided by the
    /// [reciprocal condition](Self::reciprocal_condition), as a share of the deviations of its features.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where distances are by a pseudo-inverse, of which only what measures in its range is kept;
    /// [`Error::Lapack`] with `Overflow`, `TooLarge` or `OutOfMemory`; with `Singular` of a model that was damaged before it was
    /// read.
    pub fn covariance(&self) -> Result<Array2<T>, Error> {
        if self.shape == WhitenerShape::Full {
            let remedy = "keep the covariance that the pseudo-inverse was computed from";
            return Err(Error::Unavailable { what: "a covariance", remedy });
        }
        let lower = triangular::inverse(&self.whitener, Triangle::Lower, Diagonal::General)?;
        let covariance = matmul(&lower, &lower.t())?.mapv(T::from_f64);
        distances::require_in_range("the covariance", &covariance)?;
        Ok(covariance)
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.centre.len()
    }

    /// r, the rank of the covariance: p, unless it is singular and its pseudo-inverse was asked for. The degrees of freedom
    /// of the squared distances of Gaussian rows.
    pub fn rank(&self) -> usize {
        self.whitener.nrows()
    }

    /// An estimate of one over the condition number of the covariance, once its features are scaled alike (of its range, when
    /// the pseudo-inverse is used). Squared distances are exact to about p ε divided by this, as a share of each.
    pub fn reciprocal_condition(&self) -> f64 {
        self.reciprocal_condition
    }
}

impl MahalanobisParams {
    /// What to do with a covariance that has no inverse. Default: [`SingularCovariance::Refuse`].
    pub fn singular(mut self, singular: SingularCovariance) -> Self {
        self.singular = singular;
        self
    }

    /// Distances from `location` (p) by `covariance` (p x p).
    ///
    /// ```
    /// use lapwing_ml::{Mahalanobis, SingularCovariance};
    /// use ndarray::array;
    /// let twice = array![[1.0, 1.0], [1.0, 1.0]]; // the second feature repeats the first
    /// let metric = Mahalanobis::params()
    ///     .singular(SingularCovariance::PseudoInverse)
    ///     .compute(&array![0.0, 0.0], &twice)?;
    /// assert_eq!(metric.rank(), 1);
    /// let distance: f64 = metric.squared_distance(&array![3.0, 3.0])?;
    /// assert!((distance - 9.0).abs() < 1e-14);
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Mahalanobis::new`]; with [`SingularCovariance::PseudoInverse`], also [`Error::Lapack`] with `NoConvergence`, and
    /// no `DependentFeature`.
    pub fn compute<T: Scalar>(
        &self,
        location: &ArrayRef1<T>,
        covariance: &ArrayRef2<T>,
    ) -> Result<Mahalanobis<T>, Error> {
        let (location, covariance) = (location.mapv(T::as_f64), in_double(covariance)?);
        Mahalanobis::from_double(&location, &covariance, self.singular, T::epsilon().as_f64())
    }
}
