//! What the caller of k-means chooses, and how the choices become a fit.

use std::fmt;

use lapwing_lapack::{Error as LapackError, Scalar, require_finite};
use ndarray::{Array2, ArrayRef1, ArrayRef2};
use rand::SeedableRng;
use rand_pcg::Pcg64;

use super::KMeans;
use super::hamerly::hamerly;
use super::initialization::{plus_plus, random_samples};
use super::lloyd::{Stopping, lloyd};
use super::samples::Samples;
use crate::error::Error;
use crate::linear_model::check_weights;

/// Where the centres start.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum KMeansInit {
    /// Greedy k-means++: samples that lie far from the centres so far are likelier.
    #[default]
    PlusPlus,
    /// Samples drawn at random, each at most once.
    Random,
    /// These (k x p), whatever the scalar of the data. scikit-learn's `init=array`.
    Centers(Array2<f64>),
}

/// How the iterations are computed. All have the same answer, but where samples lie between centres to rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KMeansAlgorithm {
    /// `Hamerly`, but `Lloyd` for one cluster.
    #[default]
    Auto,
    /// All distances, by blocks of products. No memory beside the labels, and the inertia of every iteration is known.
    Lloyd,
    /// Distances of those samples only that may have come closer to another centre, by two bounds for each (Hamerly,
    /// "Making k-means even faster", SDM 2010), in the same blocks of products. 2n numbers of memory.
    Hamerly,
    /// Random batches, of a model that [`MiniBatchKMeans`](super::MiniBatchKMeans) has made; no choice for
    /// [`KMeansParams`].
    MiniBatch,
}

impl fmt::Display for KMeansAlgorithm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            KMeansAlgorithm::Auto => "auto",
            KMeansAlgorithm::Lloyd => "lloyd",
            KMeansAlgorithm::Hamerly => "hamerly",
            KMeansAlgorithm::MiniBatch => "mini_batch",
        })
    }
}

/// The choices of a k-means clustering. Made by [`KMeans::params`].
#[derive(Clone, Debug)]
pub struct KMeansParams {
    n_clusters: usize,
    init: KMeansInit,
    n_init: Option<usize>,
    max_iterations: usize,
    tolerance: f64,
    algorithm: KMeansAlgorithm,
    seed: u64,
}

impl Default for KMeansParams {
    fn default() -> Self {
        Self {
            n_clusters: 8,
            init: KMeansInit::default(),
            n_init: None,
            max_iterations: 300,
            tolerance: 1e-4,
            algorithm: KMeansAlgorithm::default(),
            seed: 0,
        }
    }
}

impl KMeansParams {
    /// k, how many clusters: from 1 to the number of samples. Default: 8.
    pub fn n_clusters(mut self, n_clusters: usize) -> Self {
        self.n_clusters = n_clusters;
        self
    }

    /// Where the centres start. Default: [`KMeansInit::PlusPlus`].
    pub fn init(mut self, init: KMeansInit) -> Self {
        self.init = init;
        self
    }

    /// How many starts, of which the one that ends in the least inertia is kept, the first of those with the same clusters.
    /// Default: 10 for [`KMeansInit::Random`], otherwise 1, as scikit-learn's `n_init="auto"`. Given centres are one start,
    /// however many are asked for.
    pub fn n_init(mut self, n_init: usize) -> Self {
        self.n_init = Some(n_init);
        self
    }

    /// How many iterations from each start, at least 1. Default: 300.
    pub fn max_iterations(mut self, max_iterations: usize) -> Self {
        self.max_iterations = max_iterations;
        self
    }

    /// The centres rest once the squares of their movements sum up to at most this times the mean variance of the features.
    /// Zero iterates until no label changes. Default: 1e-4.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// How the iterations are computed. Default: [`KMeansAlgorithm::Auto`].
    pub fn algorithm(mut self, algorithm: KMeansAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// The seed of the starts. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Clusters `x` (n x p).
    ///
    /// An iteration costs 2npk in one pass over the data, or less by [`KMeansAlgorithm::Hamerly`]; a start by k-means++ costs
    /// 3npk (2 + ln k), and n (2 + ln k) numbers of memory. Beside the data there are n labels, the bounds of Hamerly's
    /// algorithm, and sums of k x p numbers for each of at most 16 groups of rows, in all no more than a quarter of the data
    /// or two sets.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for no clusters, starts or iterations, or a tolerance that is negative or not finite;
    /// [`Error::TooFewSamples`] for fewer samples than clusters; [`Error::NoFeatures`]; [`Error::Lapack`] with `NonFinite`,
    /// `Shape` for given centres that are not k x p, `OutOfMemory`, or `Overflow` when the inertia is out of range.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<KMeans<T>, Error> {
        self.fit_samples(x, None)
    }

    /// Clusters `x` (n x p) with a weight for each sample, as if it was there so many times. Given and random starts count
    /// it too; a sample of weight zero has a label, and no influence.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::InvalidParameter`] for weights that are negative, not finite, or all zero;
    /// [`Error::Lapack`] with `Shape` for another number of weights than samples.
    pub fn fit_weighted<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        weights: &ArrayRef1<T>,
    ) -> Result<KMeans<T>, Error> {
        check_weights(weights, x.nrows())?;
        self.fit_samples(x, Some(weights))
    }

    fn fit_samples<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<KMeans<T>, Error> {
        self.check(x.dim())?;
        let given: Option<&ArrayRef2<f64>> = match &self.init {
            KMeansInit::Centers(centres) => Some(check_centres(centres, (self.n_clusters, x.ncols()))?),
            _ => None,
        };
        let samples = Samples::centred(x, weights, given)?;
        let tolerance = if self.tolerance > 0.0 { self.tolerance * samples.mean_variance() } else { 0.0 };
        let stopping = Stopping { max_iterations: self.max_iterations, tolerance };
        let algorithm = self.resolve_algorithm();
        let mut random = Pcg64::seed_from_u64(self.seed);
        let mut best: Option<KMeans<T>> = None;
        for _ in 0..self.starts() {
            let start = match given {
                Some(centres) => samples.inward(centres),
                None if self.init == KMeansInit::Random => {
                    random_samples(&samples, self.n_clusters, &mut random)?
                }
                None => plus_plus(&samples, self.n_clusters, &mut random)?,
            };
            let run = match algorithm {
                KMeansAlgorithm::Hamerly => hamerly(&samples, start, stopping)?,
                _ => lloyd(&samples, start, stopping)?,
            };
            let model = KMeans::from_run(&samples, run, algorithm, x, weights)?;
            // Of the same clusters under other numbers the inertia differs by rounding alone, which must not choose between them.
            let is_better = |best: &KMeans<T>| {
                model.inertia < best.inertia && !same_clusters(&model.labels, &best.labels, self.n_clusters)
            };
            if best.as_ref().is_none_or(is_better) {
                best = Some(model);
            }
        }
        best.ok_or_else(|| invalid("n_init", 0, "at least 1"))
    }

    fn resolve_algorithm(&self) -> KMeansAlgorithm {
        match self.algorithm {
            KMeansAlgorithm::Auto if self.n_clusters > 1 => KMeansAlgorithm::Hamerly,
            KMeansAlgorithm::Auto => KMeansAlgorithm::Lloyd,
            chosen => chosen,
        }
    }

    fn starts(&self) -> usize {
        match self.init {
            KMeansInit::PlusPlus => self.n_init.unwrap_or(1),
            KMeansInit::Random => self.n_init.unwrap_or(10),
            KMeansInit::Centers(_) => self.n_init.unwrap_or(1).min(1),
        }
    }

    fn check(&self, shape: (usize, usize)) -> Result<(), Error> {
        for (parameter, value) in [
            ("n_clusters", self.n_clusters),
            ("n_init", self.starts()),
            ("max_iterations", self.max_iterations),
        ] {
            if value == 0 {
                return Err(invalid(parameter, value, "at least 1"));
            }
        }
        if !(self.tolerance.is_finite() && self.tolerance >= 0.0) {
            return Err(invalid("tolerance", self.tolerance, "finite and at least 0"));
        }
        if self.algorithm == KMeansAlgorithm::MiniBatch {
            return Err(invalid(
                "algorithm",
                self.algorithm,
                "another; for batches, fit with MiniBatchKMeans::params()",
            ));
        }
        check_shape(shape, self.n_clusters)
    }
}

/// Whether two labellings differ in the numbers of the clusters only.
fn same_clusters(a: &ArrayRef1<usize>, b: &ArrayRef1<usize>, clusters: usize) -> bool {
    let (mut ahead, mut back) = (vec![None; clusters], vec![None; clusters]);
    a.iter().zip(b).all(|(&a, &b)| *ahead[a].get_or_insert(b) == b && *back[b].get_or_insert(a) == a)
}

/// That n x p data can have so many clusters.
pub(super) fn check_shape((n, p): (usize, usize), clusters: usize) -> Result<(), Error> {
    if p == 0 {
        return Err(Error::NoFeatures { argument: "x" });
    }
    if n < clusters {
        let method = "k-means with so many clusters";
        return Err(Error::TooFewSamples { argument: "x", method, found: n, least: clusters });
    }
    Ok(())
}

pub(super) fn invalid(parameter: &'static str, value: impl fmt::Display, requirement: &str) -> Error {
    Error::InvalidParameter { parameter, value: value.to_string(), requirement: requirement.to_owned() }
}

/// That given centres are finite and k x p.
pub(super) fn check_centres(centres: &Array2<f64>, (k, p): (usize, usize)) -> Result<&Array2<f64>, Error> {
    let (argument, (rows, cols)) = ("init", centres.dim());
    if rows != k {
        let (extent, reason) = ("rows", "one for each of n_clusters");
        return Err(LapackError::Shape { argument, extent, found: rows, expected: k, reason }.into());
    }
    if cols != p {
        let (extent, reason) = ("columns", "one for each feature of x");
        return Err(LapackError::Shape { argument, extent, found: cols, expected: p, reason }.into());
    }
    require_finite(argument, centres)?;
    Ok(centres)
}
