//! How fitted covariances are stored: one form of what they share, beside what is each model's own.
//!
//! Numbers are stored in double precision for either scalar: a model keeps its location and covariance so.

use std::marker::PhantomData;

use lapwing_lapack::Scalar;

use super::centring::{Sample, mirror_lower};
use super::{
    EmpiricalCovariance, FittedCovariance, LedoitWolf, MinCovDet, Oas, RunningCovariance, ShrunkCovariance,
    SupportScatter,
};
use crate::running_moments::RunningMoments;
use crate::stored::{Format, StoredError, lower_triangle, packed_lower, sizes, vector};

const EMPIRICAL: Format =
    Format { model: "an empirical covariance", name: "lapwing.covariance.empirical", version: 1 };
const SHRUNK: Format = Format { model: "a shrunk covariance", name: "lapwing.covariance.shrunk", version: 1 };
const LEDOIT_WOLF: Format =
    Format { model: "a Ledoit-Wolf covariance", name: "lapwing.covariance.ledoit_wolf", version: 1 };
const OAS: Format = Format { model: "an OAS covariance", name: "lapwing.covariance.oas", version: 1 };
const MIN_COV_DET: Format =
    Format { model: "a minimum covariance determinant", name: "lapwing.covariance.min_cov_det", version: 1 };
const RUNNING: Format =
    Format { model: "a running covariance", name: "lapwing.covariance.running", version: 1 };

/// What every fitted model stores.
#[derive(serde::Serialize, serde::Deserialize)]
struct StoredFitted {
    n_samples: usize,
    location: Vec<f64>,
    /// The lower triangle, row after row.
    covariance: Vec<f64>,
}

impl StoredFitted {
    fn new<T: Scalar>(fitted: &FittedCovariance<T>) -> Self {
        Self {
            n_samples: fitted.n_samples(),
            location: fitted.centre().to_vec(),
            covariance: packed_lower(&fitted.exact_covariance()),
        }
    }

    fn restore<T: Scalar>(self) -> Result<FittedCovariance<T>, StoredError> {
        let features = self.location.len();
        let mut covariance = lower_triangle("covariance", self.covariance, features)?;
        mirror_lower(&mut covariance);
        let sample = Sample {
            count: self.n_samples,
            location: vector("location", self.location, features)?,
            covariance,
        };
        FittedCovariance::new(sample)
            .map_err(|_| StoredError::Inconsistent("its covariance is out of the scalar's range"))
    }
}

/// The stored form of an [`EmpiricalCovariance`].
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct StoredEmpirical {
    format: String,
    version: u32,
    fitted: StoredFitted,
}

impl<T: Scalar> From<EmpiricalCovariance<T>> for StoredEmpirical {
    fn from(model: EmpiricalCovariance<T>) -> Self {
        let (format, version) = (EMPIRICAL.name.to_owned(), EMPIRICAL.version);
        Self { format, version, fitted: StoredFitted::new(&model.fitted) }
    }
}

impl<T: Scalar> TryFrom<StoredEmpirical> for EmpiricalCovariance<T> {
    type Error = StoredError;

    fn try_from(stored: StoredEmpirical) -> Result<Self, StoredError> {
        EMPIRICAL.check(stored.format, stored.version)?;
        Ok(Self { fitted: stored.fitted.restore()? })
    }
}

/// The stored form of the models that shrink.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct StoredShrunk {
    format: String,
    version: u32,
    fitted: StoredFitted,
    shrinkage: f64,
}

impl StoredShrunk {
    fn new<T: Scalar>(format: &Format, fitted: &FittedCovariance<T>, shrinkage: f64) -> Self {
        let (name, version) = (format.name.to_owned(), format.version);
        Self { format: name, version, fitted: StoredFitted::new(fitted), shrinkage }
    }

    fn restore<T: Scalar>(self, format: &Format) -> Result<(FittedCovariance<T>, f64), StoredError> {
        format.check(self.format, self.version)?;
        if !(0.0..=1.0).contains(&self.shrinkage) {
            return Err(StoredError::Value { field: "shrinkage" });
        }
        Ok((self.fitted.restore()?, self.shrinkage))
    }
}

impl<T: Scalar> From<ShrunkCovariance<T>> for StoredShrunk {
    fn from(model: ShrunkCovariance<T>) -> Self {
        Self::new(&SHRUNK, &model.fitted, model.shrinkage)
    }
}

impl<T: Scalar> TryFrom<StoredShrunk> for ShrunkCovariance<T> {
    type Error = StoredError;

    fn try_from(stored: StoredShrunk) -> Result<Self, StoredError> {
        let (fitted, shrinkage) = stored.restore(&SHRUNK)?;
        Ok(Self { fitted, shrinkage })
    }
}

impl<T: Scalar> From<LedoitWolf<T>> for StoredShrunk {
    fn from(model: LedoitWolf<T>) -> Self {
        Self::new(&LEDOIT_WOLF, &model.fitted, model.shrinkage)
    }
}

impl<T: Scalar> TryFrom<StoredShrunk> for LedoitWolf<T> {
    type Error = StoredError;

    fn try_from(stored: StoredShrunk) -> Result<Self, StoredError> {
        let (fitted, shrinkage) = stored.restore(&LEDOIT_WOLF)?;
        Ok(Self { fitted, shrinkage })
    }
}

impl<T: Scalar> From<Oas<T>> for StoredShrunk {
    fn from(model: Oas<T>) -> Self {
        Self::new(&OAS, &model.fitted, model.shrinkage)
    }
}

impl<T: Scalar> TryFrom<StoredShrunk> for Oas<T> {
    type Error = StoredError;

    fn try_from(stored: StoredShrunk) -> Result<Self, StoredError> {
        let (fitted, shrinkage) = stored.restore(&OAS)?;
        Ok(Self { fitted, shrinkage })
    }
}

/// The stored form of a [`MinCovDet`].
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct StoredMinCovDet {
    format: String,
    version: u32,
    fitted: StoredFitted,
    raw: StoredFitted,
    raw_support: Vec<bool>,
    support: Vec<bool>,
    distances: Vec<f64>,
    support_scatter: SupportScatter,
}

impl<T: Scalar> From<MinCovDet<T>> for StoredMinCovDet {
    fn from(model: MinCovDet<T>) -> Self {
        Self {
            format: MIN_COV_DET.name.to_owned(),
            version: MIN_COV_DET.version,
            fitted: StoredFitted::new(&model.fitted),
            raw: StoredFitted::new(&model.raw),
            raw_support: model.raw_support.to_vec(),
            support: model.support.to_vec(),
            distances: model.distances.iter().map(|distance| distance.as_f64()).collect(),
            support_scatter: model.support_scatter,
        }
    }
}

impl<T: Scalar> TryFrom<StoredMinCovDet> for MinCovDet<T> {
    type Error = StoredError;

    fn try_from(stored: StoredMinCovDet) -> Result<Self, StoredError> {
        MIN_COV_DET.check(stored.format, stored.version)?;
        let (fitted, raw) = (stored.fitted.restore::<T>()?, stored.raw.restore::<T>()?);
        if fitted.n_features() != raw.n_features() {
            return Err(StoredError::Inconsistent("its two estimates have different features"));
        }
        let samples = stored.distances.len();
        for (field, support) in [("raw_support", &stored.raw_support), ("support", &stored.support)] {
            if support.len() != samples {
                return Err(StoredError::Length { field, found: support.len(), expected: samples });
            }
        }
        let distances = stored.distances.into_iter().map(T::from_f64).collect();
        Ok(Self {
            fitted,
            raw,
            raw_support: stored.raw_support.into(),
            support: stored.support.into(),
            distances: sizes("distances", distances, samples)?,
            support_scatter: stored.support_scatter,
        })
    }
}

/// The stored form of a [`RunningCovariance`].
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct StoredRunning {
    format: String,
    version: u32,
    n_samples: usize,
    mean: Vec<f64>,
    /// The lower triangle, row after row.
    scatter: Vec<f64>,
}

impl<T: Scalar> From<RunningCovariance<T>> for StoredRunning {
    fn from(running: RunningCovariance<T>) -> Self {
        let (mean, scatter) = match &running.moments {
            Some(moments) => (moments.mean().to_vec(), packed_lower(moments.scatter())),
            None => (Vec::new(), Vec::new()),
        };
        let (format, version) = (RUNNING.name.to_owned(), RUNNING.version);
        Self { format, version, n_samples: running.n_samples(), mean, scatter }
    }
}

impl<T: Scalar> TryFrom<StoredRunning> for RunningCovariance<T> {
    type Error = StoredError;

    fn try_from(stored: StoredRunning) -> Result<Self, StoredError> {
        RUNNING.check(stored.format, stored.version)?;
        let features = stored.mean.len();
        if (features == 0) != (stored.n_samples == 0) {
            return Err(StoredError::Inconsistent(
                "it has samples without features, or features without samples",
            ));
        }
        let mean = vector("mean", stored.mean, features)?;
        let scatter = lower_triangle("scatter", stored.scatter, features)?;
        let moments = match stored.n_samples {
            0 => None,
            count => Some(
                RunningMoments::from_parts(count, mean, scatter)
                    .map_err(|_| StoredError::Inconsistent("it is larger than the memory"))?,
            ),
        };
        Ok(Self { moments, scalar: PhantomData })
    }
}
