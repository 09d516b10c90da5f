//! How an incremental PCA is stored between two blocks.

use lapwing_lapack::Scalar;

use super::low_rank::LowRank;
use super::{IncrementalPca, IncrementalPcaParams, State};
use crate::moments::{Diagonal, Moments};
use crate::running_moments::RunningMoments;
use crate::stored::{Format, StoredError, lower_triangle, matrix, packed_lower, sizes, vector};

const FORMAT: Format = Format { model: "incremental PCA", name: "lapwing.incremental_pca", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    params: IncrementalPcaParams,
    state: StoredState<T>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredState<T> {
    Empty,
    Exact {
        n_samples: usize,
        mean: Vec<f64>,
        /// The lower triangle, row after row.
        scatter: Vec<f64>,
    },
    LowRank {
        n_samples: usize,
        n_components: usize,
        mean: Vec<f64>,
        /// The sum of squared deviations of each feature.
        scatter: Vec<f64>,
        /// Row after row.
        components: Vec<T>,
        singular_values: Vec<f64>,
        dropped: f64,
    },
}

impl<T: Scalar> From<IncrementalPca<T>> for Stored<T> {
    fn from(incremental: IncrementalPca<T>) -> Self {
        let state = match incremental.state {
            State::Empty => StoredState::Empty,
            State::Exact(moments) => StoredState::Exact {
                n_samples: moments.count(),
                mean: moments.mean().to_vec(),
                scatter: packed_lower(moments.scatter()),
            },
            State::LowRank(state) => StoredState::LowRank {
                n_samples: state.moments.count,
                n_components: state.axes.nrows(),
                mean: state.moments.mean.to_vec(),
                scatter: state.moments.scatter.0.to_vec(),
                components: state.axes.into_iter().collect(),
                singular_values: state.singular_values.to_vec(),
                dropped: state.dropped,
            },
        };
        Self { format: FORMAT.name.to_owned(), version: FORMAT.version, params: incremental.params, state }
    }
}

impl<T: Scalar> TryFrom<Stored<T>> for IncrementalPca<T> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let state = match stored.state {
            StoredState::Empty => State::Empty,
            StoredState::Exact { n_samples, mean, scatter } => {
                let p = mean.len();
                let mean = vector("mean", mean, p)?;
                let scatter = lower_triangle("scatter", scatter, p)?;
                let moments = RunningMoments::from_parts(n_samples, mean, scatter);
                State::Exact(moments.map_err(|_| StoredError::Inconsistent("it is larger than the memory"))?)
            }
            StoredState::LowRank {
                n_samples,
                n_components,
                mean,
                scatter,
                components,
                singular_values,
                dropped,
            } => {
                let p = mean.len();
                if n_components > p {
                    return Err(StoredError::Inconsistent("it has more components than features"));
                }
                let mean = vector("mean", mean, p)?;
                let scatter = Diagonal(sizes("scatter", scatter, p)?);
                State::LowRank(LowRank {
                    moments: Moments { count: n_samples, mean, scatter },
                    axes: matrix("components", components, (n_components, p))?,
                    singular_values: sizes("singular_values", singular_values, n_components)?,
                    dropped: sizes("dropped", vec![dropped], 1)?[0],
                })
            }
        };
        if !matches!(state, State::Empty) && state.n_samples() == 0 {
            return Err(StoredError::Inconsistent("it has a state, but no samples"));
        }
        Ok(Self { params: stored.params, state })
    }
}
