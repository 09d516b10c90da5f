//! k-means: k centres such that the squared distances of the samples from their nearest centre have the least sum.
//!
//! The semantics are those of scikit-learn's `sklearn.cluster.KMeans`, with these differences:
//!
//! - Labels and inertia are always those of the centres that are returned, as [`KMeans::predict`] gives them. scikit-learn
//!   returns the labels of the iteration before where those had come to rest.
//! - The same seed gives the same bits on any number of threads: sums are added in an order that depends on the shape of
//!   the data alone. It is not scikit-learn's random stream.
//! - Distances are taken in double precision from centred data, for `f32` too, and in a unit in which none
//!   overflows: data far from the origin, or near the end of the range, loses no digits.
//! - A sample without weight never becomes the centre of an empty cluster.
//! - Fewer distinct samples than clusters are no warning: [`KMeans::n_distinct_clusters`] says how many clusters hold a
//!   sample. The centres of the others repeat one of those.
//! - The limit of iterations is a state of the model ([`KMeans::converged`]), not a warning.

mod assignment;
mod batches;
mod hamerly;
mod initialization;
mod lloyd;
mod mini_batch;
mod n_clusters;
mod params;
mod persistence;
mod samples;
#[cfg(test)]
mod tests;
mod update;

use lapwing_lapack::{Error as LapackError, Scalar, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2};

pub use mini_batch::{MiniBatchKMeans, MiniBatchKMeansParams};
pub use n_clusters::{GapReference, GapStatistic, GapStatisticParams, InertiaCurve};
pub use params::{KMeansAlgorithm, KMeansInit, KMeansParams};

use self::assignment::{labels_and_inertia, positions};
use self::lloyd::Run;
pub(super) use self::samples::map_items;
use self::samples::{Samples, groups, squared_distance};
use crate::error::Error;
use crate::linear_model::check_weights;

/// A fitted k-means clustering: k centres of p features.
///
/// ```
/// use lapwing_ml::KMeans;
/// use ndarray::array;
/// let x = array![[1.0, 2.0], [1.0, 4.0], [1.0, 0.0], [10.0, 2.0], [10.0, 4.0], [10.0, 0.0]];
/// let clusters = KMeans::params().n_clusters(2).fit(&x)?;
/// assert_eq!(clusters.labels()[0], clusters.labels()[2]);
/// assert_ne!(clusters.labels()[0], clusters.labels()[3]);
/// assert_eq!(clusters.inertia(), 16.0);
/// assert_eq!(clusters.predict(&array![[12.0, 3.0]])?[0], clusters.labels()[4]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct KMeans<T: Scalar> {
    cluster_centers: Array2<T>,
    labels: Array1<usize>,
    inertia: f64,
    inertia_history: Option<Array1<f64>>,
    n_iterations: usize,
    converged: bool,
    algorithm: KMeansAlgorithm,
}

impl KMeans<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> KMeansParams {
        KMeansParams::default()
    }
}

impl<T: Scalar> KMeans<T> {
    /// The model of where a run has ended.
    fn from_run(
        samples: &Samples<T>,
        run: Run,
        algorithm: KMeansAlgorithm,
        x: &ArrayRef2<T>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<Self, Error> {
        let cluster_centers = samples.outward(&run.centres).mapv(T::from_f64);
        let (labels, inertia) = assign_to(x, weights, &cluster_centers)?;
        let unit = samples.unit();
        let inertia_history: Option<Array1<f64>> =
            run.inertia_history.map(|history| history.iter().map(|inertia| inertia * unit * unit).collect());
        if !inertia_history.iter().flatten().chain([&inertia]).all(|inertia| inertia.is_finite()) {
            return Err(LapackError::Overflow { routine: "the inertia", scalar: "f64" }.into());
        }
        Ok(Self {
            cluster_centers,
            labels: labels.into(),
            inertia,
            inertia_history,
            n_iterations: run.iterations,
            converged: run.converged,
            algorithm,
        })
    }

    /// The centres in rows, k x p.
    pub fn cluster_centers(&self) -> ArrayView2<'_, T> {
        self.cluster_centers.view()
    }

    /// The cluster of each sample, from 0: that of the nearest centre, the lowest on a tie.
    pub fn labels(&self) -> ArrayView1<'_, usize> {
        self.labels.view()
    }

    /// The sum of the squared distances of the samples from their centres, times their weights. Below 10⁻³⁰⁸ it
    /// underflows.
    pub fn inertia(&self) -> f64 {
        self.inertia
    }

    /// The inertia of the centres that each iteration started from: it never increases, up to rounding.
    ///
    /// # Errors
    /// [`Error::Unavailable`] after another algorithm than [`KMeansAlgorithm::Lloyd`], which spares most of the distances.
    pub fn inertia_history(&self) -> Result<ArrayView1<'_, f64>, Error> {
        self.inertia_history.as_ref().map(|history| history.view()).ok_or(Error::Unavailable {
            what: "the inertia of each iteration",
            remedy: "fit with KMeansAlgorithm::Lloyd",
        })
    }

    /// How many iterations the best start took, the one that found everything at rest included.
    pub fn n_iterations(&self) -> usize {
        self.n_iterations
    }

    /// Whether the labels or the centres had come to rest within the iterations allowed. The centres are good for use
    /// either way; more iterations may lower the inertia.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// The algorithm that ran; never [`KMeansAlgorithm::Auto`].
    pub fn algorithm(&self) -> KMeansAlgorithm {
        self.algorithm
    }

    /// k, the number of centres.
    pub fn n_clusters(&self) -> usize {
        self.cluster_centers.nrows()
    }

    /// How many clusters hold a sample: fewer than k when the data has fewer distinct samples.
    pub fn n_distinct_clusters(&self) -> usize {
        let mut held = vec![false; self.n_clusters()];
        self.labels.iter().for_each(|&label| held[label] = true);
        held.into_iter().filter(|held| *held).count()
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.cluster_centers.ncols()
    }

    /// The label of the nearest centre for each row of `x` (n x p), the lowest on a tie. Costs 2npk.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite` or `OutOfMemory`.
    pub fn predict(&self, x: &ArrayRef2<T>) -> Result<Array1<usize>, Error> {
        self.check_features(x)?;
        let samples = Samples::around(x, None, &self.cluster_centers)?;
        let (labels, _) = labels_and_inertia(&samples, &samples.inward(&self.cluster_centers))?;
        Ok(labels.into())
    }

    /// The distance of each row of `x` (n x p) from each centre, n x k. Costs 3npk: by differences, so that a small one has
    /// all its digits.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `OutOfMemory`, or `Overflow` when a distance is out of
    /// range.
    pub fn transform(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        self.check_features(x)?;
        let (n, k) = (x.nrows(), self.n_clusters());
        let samples = Samples::around(x, None, &self.cluster_centers)?;
        let centres = positions(&samples.inward(&self.cluster_centers));
        let mut distances: Array2<T> = zeros(n, k)?;
        let ranges = groups(n, x.ncols(), k);
        let outputs =
            lapwing_lapack::threads::split(distances.as_slice_mut().unwrap_or_default(), &ranges, k);
        map_items(
            ranges.into_iter().zip(outputs).collect(),
            || (),
            |(), (rows, output)| {
                for (i, output) in rows.zip(output.chunks_exact_mut(k)) {
                    let row = samples.row(i);
                    for (distance, centre) in output.iter_mut().zip(centres.chunks_exact(x.ncols())) {
                        let squared = squared_distance(row.as_slice().unwrap_or_default(), centre);
                        *distance = T::from_f64(squared.sqrt() * samples.unit());
                    }
                }
            },
        );
        if distances.iter().all(|distance| distance.is_finite()) {
            return Ok(distances);
        }
        Err(LapackError::Overflow { routine: "a distance", scalar: T::NAME }.into())
    }

    /// Minus the inertia of the rows of `x` (n x p): the larger, the closer they lie to the centres.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `OutOfMemory` or `Overflow`.
    pub fn score(&self, x: &ArrayRef2<T>) -> Result<f64, Error> {
        self.check_features(x)?;
        self.negative_inertia(x, None)
    }

    /// As [`score`](Self::score), with a weight for each row.
    ///
    /// # Errors
    /// As [`score`](Self::score), and as [`KMeansParams::fit_weighted`] for the weights.
    pub fn score_weighted(&self, x: &ArrayRef2<T>, weights: &ArrayRef1<T>) -> Result<f64, Error> {
        self.check_features(x)?;
        check_weights(weights, x.nrows())?;
        self.negative_inertia(x, Some(weights))
    }

    fn negative_inertia(&self, x: &ArrayRef2<T>, weights: Option<&ArrayRef1<T>>) -> Result<f64, Error> {
        let (_, inertia) = assign_to(x, weights, &self.cluster_centers)?;
        if inertia.is_finite() {
            return Ok(-inertia);
        }
        Err(LapackError::Overflow { routine: "the inertia", scalar: "f64" }.into())
    }

    fn check_features(&self, x: &ArrayRef2<T>) -> Result<(), Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found == expected {
            return Ok(());
        }
        Err(Error::FeatureMismatch { argument: "x", found, expected })
    }
}

/// The labels of the rows of `x` and their inertia, infinite when it is out of range.
fn assign_to<T: Scalar>(
    x: &ArrayRef2<T>,
    weights: Option<&ArrayRef1<T>>,
    centres: &Array2<T>,
) -> Result<(Vec<usize>, f64), Error> {
    let samples = Samples::around(x, weights, centres)?;
    let (labels, inertia) = labels_and_inertia(&samples, &samples.inward(centres))?;
    Ok((labels, inertia * samples.unit() * samples.unit()))
}
