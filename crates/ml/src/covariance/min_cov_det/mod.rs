//! The minimum covariance determinant: location and covariance that outliers cannot move.
//!
//! Of all subsets of h samples, the one whose covariance has the least determinant is sought by the algorithm FAST-MCD
//! (Rousseeuw and Van Driessen, "A fast algorithm for the minimum covariance determinant estimator", Technometrics 41,
//! 1999). Its mean and covariance are the raw estimates. The covariance is made consistent for normal data (Croux and
//! Haesbroeck, Journal of Multivariate Analysis 71, 1999), and the estimates are then made again from all samples whose
//! squared distance is below the 0.975 quantile of χ² with p degrees of freedom. As scikit-learn's `MinCovDet`, but:
//!
//! - Of more than 1500 samples, five random subsets of 300 are searched, and then the 1500 together, as in the paper;
//!   scikit-learn makes a subset of each 300, and its time grows by far more than the samples.
//! - Half of the random starts have p + 1 samples, as in the paper, and half are as large as the support, as
//!   scikit-learn's: some of the former are without outliers where the latter never are.
//! - The best support is improved further, by the exchange of single samples as long as that lowers the determinant. It
//!   ends in a lower one than scikit-learn's where that finds one of many local minima, and depends less on the seed: of the
//!   wines in `examples/data`, 30 seeds of scikit-learn 1.9.1 find logarithms of the determinant from -7.498 to -7.374, and 40
//!   to 55 outliers beyond the 0.975 quantile; exchanges lead to -7.516, and 56. So a single run of scikit-learn's may answer
//!   otherwise. From the same support, both answer the same (`tests/parity/covariance.py`).
//! - Data that lies on a hyperplane as a whole (a constant column, duplicated columns, no more samples than features) is
//!   searched within it. scikit-learn takes its first random subset for the answer.
//! - Where h samples lie on a hyperplane and others do not, the least determinant is zero, and the search ends there
//!   ([`SupportScatter::OnHyperplane`]). Distances off the hyperplane are then measured by the least variance that could be
//!   told from zero, so that samples off it are outliers, as in the paper. scikit-learn's distances do not see them.

mod exchange;
mod fast_mcd;
mod params;
mod search;
#[cfg(test)]
mod tests;
mod univariate;

use std::fmt;
use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::{Array1, ArrayView1, ArrayView2};

pub use params::MinCovDetParams;

use super::{FittedCovariance, persistence};

/// Whether the raw support spans all dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupportScatter {
    /// Its covariance is regular.
    Regular,
    /// Its covariance has determinant zero, the least there is: at least as many samples as the support has lie on a
    /// hyperplane. Where all of them do, leave out constant and duplicated columns; where only most of them do, the plane
    /// is a finding about the data.
    OnHyperplane {
        /// Of how many dimensions.
        dimension: usize,
    },
}

impl fmt::Display for SupportScatter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SupportScatter::Regular => out.pad("regular"),
            SupportScatter::OnHyperplane { dimension } => {
                write!(out, "on a hyperplane of dimension {dimension}")
            }
        }
    }
}

/// A robust location and covariance: those of the samples that lie closest together.
///
/// ```
/// use lapwing_lapack::random::standard_normal;
/// use lapwing_ml::covariance::MinCovDet;
/// let mut x = standard_normal(100, 2, 1);
/// x.row_mut(7).fill(1e3);
/// let model = MinCovDet::params().fit(&x)?;
/// assert!(model.location()[0].abs() < 0.5);
/// assert!(!model.support()[7] && model.distances()[7] > 1e5);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It dereferences to the [`FittedCovariance`] of the final estimates; [`n_samples`](FittedCovariance::n_samples) is how
/// many those were made from. It serializes with serde, under a format name and version that are checked when it is read
/// back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::StoredMinCovDet", into = "persistence::StoredMinCovDet")]
#[serde(bound = "T: Scalar")]
pub struct MinCovDet<T: Scalar> {
    pub(super) fitted: FittedCovariance<T>,
    pub(super) raw: FittedCovariance<T>,
    pub(super) raw_support: Array1<bool>,
    pub(super) support: Array1<bool>,
    pub(super) distances: Array1<T>,
    pub(super) support_scatter: SupportScatter,
}

impl MinCovDet<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> MinCovDetParams {
        MinCovDetParams::default()
    }
}

impl<T: Scalar> MinCovDet<T> {
    /// The mean of the raw support, p. For one feature, the middle of the shortest interval that holds it.
    pub fn raw_location(&self) -> ArrayView1<'_, T> {
        self.raw.location()
    }

    /// The covariance of the raw support, p x p, not corrected for consistency.
    pub fn raw_covariance(&self) -> ArrayView2<'_, T> {
        self.raw.covariance()
    }

    /// Which samples the raw estimates were made from, one entry for each.
    pub fn raw_support(&self) -> ArrayView1<'_, bool> {
        self.raw_support.view()
    }

    /// Which samples the final estimates were made from, one entry for each.
    pub fn support(&self) -> ArrayView1<'_, bool> {
        self.support.view()
    }

    /// The squared Mahalanobis distance of each sample by the final estimates. scikit-learn's `dist_`.
    pub fn distances(&self) -> ArrayView1<'_, T> {
        self.distances.view()
    }

    /// Whether the raw support spans all dimensions.
    pub fn support_scatter(&self) -> SupportScatter {
        self.support_scatter
    }
}

impl<T: Scalar> Deref for MinCovDet<T> {
    type Target = FittedCovariance<T>;

    fn deref(&self) -> &Self::Target {
        &self.fitted
    }
}
