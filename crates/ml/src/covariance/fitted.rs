//! What every fitted covariance answers.

use std::f64::consts::PI;

use lapwing_lapack::{Scalar, SymmetricEigen, kernel, matmul, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, CowArray, Ix2};

use super::centring::Sample;
use super::correlation;
use super::whitener::resolution;
use crate::error::Error;
use crate::mahalanobis::{CovarianceFactor, Mahalanobis, SingularCovariance};
use crate::row_blocks::sum_over_centred;

/// A location and a covariance of p features: the part that the models of this module share, and dereference to.
///
/// ```
/// use lapwing_ml::covariance::EmpiricalCovariance;
/// use ndarray::array;
/// let model = EmpiricalCovariance::params().fit(&array![[1.0, 0.0], [3.0, 0.0], [2.0, 3.0]])?;
/// assert_eq!(model.location(), array![2.0, 1.0]);
/// assert!((model.covariance()[[1, 1]] - 2.0f64).abs() < 1e-15);
/// let identity = model.precision()?.dot(&model.covariance());
/// assert!((identity[[0, 0]] - 1.0).abs() < 1e-14);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FittedCovariance<T: Scalar> {
    location: Array1<T>,
    /// The location before it was rounded to the scalar.
    centre: Array1<f64>,
    covariance: Array2<T>,
    /// The covariance before it was rounded to the scalar; nothing where the scalar is as precise.
    unrounded: Option<Array2<f64>>,
    n_samples: usize,
}

impl<T: Scalar> FittedCovariance<T> {
    pub(super) fn new(sample: Sample) -> Result<Self, Error> {
        let covariance = sample.covariance.mapv(T::from_f64);
        // Finite in double precision may not be so in single.
        if !covariance.iter().all(|entry| entry.is_finite()) {
            return Err(overflow::<T>("the covariance"));
        }
        let rounds = T::UNIT_ROUNDOFF.as_f64() > f64::UNIT_ROUNDOFF;
        Ok(Self {
            location: sample.location.mapv(T::from_f64),
            centre: sample.location,
            covariance,
            unrounded: rounds.then_some(sample.covariance),
            n_samples: sample.count,
        })
    }

    /// The location of each feature, p.
    pub fn location(&self) -> ArrayView1<'_, T> {
        self.location.view()
    }

    /// The covariance, p x p, both triangles.
    pub fn covariance(&self) -> ArrayView2<'_, T> {
        self.covariance.view()
    }

    /// How many samples the model was fitted on.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.location.len()
    }

    /// The inverse of the covariance, p x p; where it is singular, the pseudo-inverse, as SciPy's `pinvh`: eigenvalues up
    /// to p ε of the largest count as zero. It is computed on each call, in O(p³).
    ///
    /// # Errors
    /// [`Error::Lapack`] with `NoConvergence`, `TooLarge`, `OutOfMemory` or `Overflow`.
    pub fn precision(&self) -> Result<Array2<T>, Error> {
        let (values, vectors) = SymmetricEigen::new(&self.exact_covariance())?.into_factors();
        let least = threshold(values.view());
        let inverse = |&value: &f64| if value.abs() > least { 1.0 / value } else { 0.0 };
        let inverses: Array1<f64> = values.iter().map(inverse).collect();
        let precision = matmul(&(&vectors * &inverses), &vectors.t())?.mapv(T::from_f64);
        require_finite("precision", &precision).map_err(|_| overflow::<T>("precision"))?;
        Ok(precision)
    }

    /// The rank of the covariance, by the eigenvalues that [`precision`](Self::precision) inverts. O(p³).
    ///
    /// # Errors
    /// [`Error::Lapack`] with `NoConvergence`, `TooLarge` or `OutOfMemory`.
    pub fn rank(&self) -> Result<usize, Error> {
        let values = SymmetricEigen::eigenvalues(&self.exact_covariance())?.values;
        let least = threshold(values.view());
        Ok(values.iter().filter(|value| value.abs() > least).count())
    }

    /// The mean log-likelihood of the rows of `x` (n x p) under the normal distribution with this location and
    /// covariance. np² + O(p³).
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::TooFewSamples`] for no rows; [`Error::DependentFeature`], where there is no
    /// density; [`Error::Lapack`] with `NonFinite`, `Overflow`, `OutOfMemory` or `NoConvergence`.
    pub fn score(&self, x: &ArrayRef2<T>) -> Result<T, Error> {
        self.check_data(x)?;
        let factor = self.factor()?;
        let whitener = factor.whitener()?;
        let sum = sum_over_centred(x, &self.centre, (1, 1), |block, sum| {
            let mut scores = zeros(block.nrows(), block.ncols())?;
            kernel::gemm(1.0, block, &whitener.t(), 0.0, &mut scores)?;
            sum[[0, 0]] += scores.iter().map(|z| z * z).sum::<f64>();
            Ok(())
        })?;
        self.likelihood(sum[[0, 0]] / x.nrows() as f64, &factor)
    }

    /// The mean log-likelihood of samples with this covariance (p x p, symmetric) about the location: what
    /// [`score`](Self::score) answers for them, and scikit-learn's function of that name. O(p³).
    ///
    /// # Errors
    /// [`Error::DependentFeature`]; [`Error::Lapack`] with `Shape`, `NonFinite`, `Overflow`, `OutOfMemory` or
    /// `NoConvergence`.
    pub fn log_likelihood(&self, covariance: &ArrayRef2<T>) -> Result<T, Error> {
        self.check_shape("covariance", covariance)?;
        require_finite("covariance", covariance)?;
        let factor = self.factor()?;
        let whitener = factor.whitener()?;
        // tr(C Wᵀ W) = tr((W C) Wᵀ), the sum of products of entries.
        let whitened = matmul(&whitener, &covariance.mapv(T::as_f64))?;
        let distance = whitened.iter().zip(&whitener).map(|(a, b)| a * b).sum();
        self.likelihood(distance, &factor)
    }

    /// The distances that this location and covariance measure. scikit-learn's `mahalanobis(x)` is
    /// [`squared_distances`](Mahalanobis::squared_distances) of it. 2/3 p³.
    ///
    /// Where the covariance is singular, scikit-learn takes the pseudo-inverse; here that is asked for, by
    /// [`Mahalanobis::params`] on [`location`](Self::location) and [`covariance`](Self::covariance).
    ///
    /// # Errors
    /// [`Error::DependentFeature`] where the covariance is singular; [`Error::Lapack`] with `OutOfMemory`.
    pub fn mahalanobis(&self) -> Result<Mahalanobis<T>, Error> {
        let covariance = self.exact_covariance();
        Mahalanobis::from_double(&self.centre, &covariance, SingularCovariance::Refuse, f64::EPSILON)
    }

    /// The correlations, p x p, with ones on the diagonal.
    ///
    /// # Errors
    /// [`Error::ConstantColumn`] for a feature without variance.
    pub fn correlation(&self) -> Result<Array2<T>, Error> {
        let correlation = correlation::normalized("x", self.exact_covariance().into_owned())?;
        Ok(correlation.mapv(T::from_f64))
    }

    /// The correlation of each pair of features when all others are held fixed, p x p, with ones on the diagonal. O(p³).
    ///
    /// # Errors
    /// [`Error::ConstantColumn`]; [`Error::DependentFeature`] where features determine one another;
    /// [`Error::Lapack`] with `OutOfMemory` or `NoConvergence`.
    pub fn partial_correlation(&self) -> Result<Array2<T>, Error> {
        let correlation = correlation::normalized("x", self.exact_covariance().into_owned())?;
        Ok(correlation::partial(&correlation)?.mapv(T::from_f64))
    }

    /// The covariance in double precision.
    pub(super) fn exact_covariance(&self) -> CowArray<'_, f64, Ix2> {
        match &self.unrounded {
            Some(covariance) => covariance.view().into(),
            None => self.covariance.mapv(T::as_f64).into(),
        }
    }

    /// The location in double precision.
    pub(super) fn centre(&self) -> &Array1<f64> {
        &self.centre
    }

    pub(super) fn check_shape(&self, argument: &'static str, a: &ArrayRef2<T>) -> Result<(), Error> {
        let expected = self.n_features();
        for (extent, found) in [("rows", a.nrows()), ("columns", a.ncols())] {
            if found != expected {
                let reason = "one for each feature of the model";
                return Err(lapwing_lapack::Error::Shape { argument, extent, found, expected, reason }.into());
            }
        }
        Ok(())
    }

    fn check_data(&self, x: &ArrayRef2<T>) -> Result<(), Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        if x.nrows() == 0 {
            let method = "a mean log-likelihood";
            return Err(Error::TooFewSamples { argument: "x", method, found: 0, least: 1 });
        }
        Ok(require_finite("x", x)?)
    }

    /// The factor of a covariance that has a density.
    fn factor(&self) -> Result<CovarianceFactor, Error> {
        let remedy = "leave it out, or shrink the covariance";
        CovarianceFactor::new("the covariance of the model", &self.exact_covariance(), f64::EPSILON, remedy)
    }

    /// From the mean squared distance.
    fn likelihood(&self, distance: f64, factor: &CovarianceFactor) -> Result<T, Error> {
        let constant = self.n_features() as f64 * (2.0 * PI).ln();
        let result = T::from_f64(-0.5 * (distance + factor.log_determinant() + constant));
        if result.is_finite() { Ok(result) } else { Err(overflow::<T>("a log-likelihood")) }
    }
}

/// Up to where the size of an eigenvalue is rounding, by SciPy's rule.
fn threshold(values: ArrayView1<f64>) -> f64 {
    values.iter().fold(0.0f64, |largest, value| largest.max(value.abs())) * resolution(values.len())
}

/// Finite input led to a result beyond the scalar's range.
fn overflow<T: Scalar>(routine: &'static str) -> Error {
    lapwing_lapack::Error::Overflow { routine, scalar: T::NAME }.into()
}
