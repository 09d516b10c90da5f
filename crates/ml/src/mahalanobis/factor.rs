//! The Cholesky factor of a covariance, whatever the units of its features.

use lapwing_lapack::{
    Cholesky, Diagonal, Scalar, SymmetricEigen, Triangle, require_finite, triangular, zeros,
};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

use crate::error::Error;

/// `Σ = D L Lᵀ D`, with a diagonal D of powers of two.
#[derive(Clone, Debug)]
pub(crate) struct CovarianceFactor {
    scales: Array1<f64>,
    /// L.
    lower: Array2<f64>,
    reciprocal_condition: f64,
}

impl CovarianceFactor {
    /// Factors `covariance` (p x p), whose entries are exact to `resolution` of the deviations of their features. The lower
    /// triangle is read, once the matrix is known to be symmetric. `argument` is its name in an error, and `remedy` what to
    /// do when it is singular.
    pub(crate) fn new(
        argument: &'static str,
        covariance: &ArrayRef2<f64>,
        resolution: f64,
        remedy: &'static str,
    ) -> Result<Self, Error> {
        let (scales, scaled) = equilibrated(argument, covariance, resolution)?;
        let dependent = |feature| Error::DependentFeature { argument, feature, remedy };
        let cholesky = match Cholesky::new(&scaled) {
            Ok(cholesky) => cholesky,
            Err(lapwing_lapack::Error::NotPositiveDefinite { minor }) => {
                // A pivot that is not positive is rounding where no eigenvalue is clearly negative.
                semidefinite_eigen(argument, &scaled, resolution)?;
                return Err(dependent(minor - 1));
            }
            Err(error) => return Err(error.into()),
        };
        let reciprocal_condition = cholesky.reciprocal_condition(&scaled)?;
        let lower = cholesky.into_factor();
        // What is left of each variance, given the features before it.
        let shares: Vec<f64> = lower
            .diag()
            .iter()
            .zip(scaled.diag())
            .map(|(pivot, variance)| pivot * pivot / variance)
            .collect();
        let (least, share) = shares
            .iter()
            .enumerate()
            .fold((0, 1.0), |least, (j, &share)| if share < least.1 { (j, share) } else { least });
        if share <= scales.len() as f64 * resolution || reciprocal_condition <= resolution {
            return Err(dependent(least));
        }
        Ok(Self { scales, lower, reciprocal_condition })
    }

    /// `L⁻¹ D⁻¹`, lower triangular, p x p.
    pub(crate) fn whitener(&self) -> Result<Array2<f64>, Error> {
        let inverse = triangular::inverse(&self.lower, Triangle::Lower, Diagonal::General)?;
        Ok(inverse / &self.scales)
    }

    /// `D L`, the Cholesky factor of Σ itself, lower triangular, p x p.
    pub(crate) fn lower(&self) -> Array2<f64> {
        &self.lower * &self.scales.view().insert_axis(Axis(1))
    }

    /// `ln det Σ`.
    pub(crate) fn log_determinant(&self) -> f64 {
        2.0 * self
            .lower
            .diag()
            .iter()
            .zip(&self.scales)
            .map(|(pivot, scale)| pivot.ln() + scale.ln())
            .sum::<f64>()
    }

    /// An estimate of the reciprocal condition number of `L Lᵀ`.
    pub(crate) fn reciprocal_condition(&self) -> f64 {
        self.reciprocal_condition
    }
}

/// That a location and a covariance are finite and of one number of features, at least one.
pub(crate) fn check_location(location: &ArrayRef1<f64>, covariance: &ArrayRef2<f64>) -> Result<(), Error> {
    let (rows, cols) = covariance.dim();
    if rows != cols {
        return Err(lapwing_lapack::Error::NotSquare { argument: "covariance", rows, cols }.into());
    }
    if cols == 0 {
        return Err(Error::NoFeatures { argument: "covariance" });
    }
    if location.len() != cols {
        return Err(lapwing_lapack::Error::Shape {
            argument: "location",
            extent: "entries",
            found: location.len(),
            expected: cols,
            reason: "one for each feature of the covariance",
        }
        .into());
    }
    Ok(require_finite("location", &location.view().insert_axis(Axis(1)))?)
}

/// D and `D⁻¹ Σ D⁻¹`, whose diagonal lies between 1 and 4, or is 0.
pub(super) fn equilibrated(
    argument: &'static str,
    covariance: &ArrayRef2<f64>,
    resolution: f64,
) -> Result<(Array1<f64>, Array2<f64>), Error> {
    require_finite(argument, covariance)?;
    let invalid = |reason| Error::InvalidCovariance { argument, reason };
    if let Some((feature, variance)) =
        covariance.diag().iter().enumerate().find(|(_, variance)| **variance < 0.0)
    {
        return Err(invalid(format!(
            "the variance of feature {feature} (counted from 0) is negative, {variance:e}"
        )));
    }
    let scale = |&variance: &f64| {
        if variance > 0.0 { 2f64.powi((variance.log2() / 2.0).floor() as i32) } else { 1.0 }
    };
    let scales: Array1<f64> = covariance.diag().iter().map(scale).collect();
    // Divided one after the other, because the product of two scales may underflow.
    let scaled = covariance.to_owned() / &scales / scales.view().insert_axis(Axis(1));
    let tolerance = 4.0 * scales.len() as f64 * resolution;
    for ((i, j), entry) in scaled.indexed_iter().filter(|((i, j), _)| j < i) {
        let mirror = scaled[[j, i]];
        // A product of deviations below 2 exceeds neither 4 nor, where one is zero, 0.
        let most = if scaled[[i, i]] == 0.0 || scaled[[j, j]] == 0.0 { 0.0 } else { 4.0 + tolerance };
        if !(entry.abs() <= most && mirror.abs() <= most) {
            let reason = format!("features {j} and {i} (counted from 0) vary together more than each alone");
            return Err(invalid(reason));
        }
        if (entry - mirror).abs() > tolerance {
            let difference = (covariance[[i, j]] - covariance[[j, i]]).abs();
            return Err(lapwing_lapack::Error::NotSymmetric { argument, row: i, col: j, difference }.into());
        }
    }
    Ok((scales, scaled))
}

/// The eigendecomposition of an equilibrated matrix, none of whose eigenvalues may be negative beyond rounding.
pub(super) fn semidefinite_eigen(
    argument: &'static str,
    scaled: &ArrayRef2<f64>,
    resolution: f64,
) -> Result<SymmetricEigen<f64>, Error> {
    let eigen = SymmetricEigen::new(scaled)?;
    let values = eigen.values();
    let (least, largest) = (values[0], values[values.len() - 1]);
    if least < -eigenvalue_tolerance(values.len(), largest, resolution) {
        let reason = format!(
            "it is indefinite: once its features are scaled alike it has the eigenvalue {least:e}, beside a largest of {largest:e}"
        );
        return Err(Error::InvalidCovariance { argument, reason });
    }
    Ok(eigen)
}

/// What is zero to rounding among the eigenvalues: as in SciPy's `pinvh`.
pub(super) fn eigenvalue_tolerance(order: usize, largest: f64, resolution: f64) -> f64 {
    order as f64 * resolution * largest.max(0.0)
}
/// A copy in double precision.
pub(crate) fn in_double<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
    let mut wide = zeros(a.nrows(), a.ncols())?;
    wide.zip_mut_with(a, |wide, a| *wide = a.as_f64());
    Ok(wide)
}
