//! Nearest neighbours, exactly, by Euclidean distance.
//!
//! | [`NeighborAlgorithm`] | how                                         | when `Auto` takes it   | cost of a query                       |
//! |-----------------------|---------------------------------------------|------------------------|---------------------------------------|
//! | `KdTree`              | a tree of bounding boxes                    | at most 15 features    | O(p log n) for few features, or O(pn) |
//! | `Brute`               | products of blocks of rows, single-threaded | otherwise              | 2pn                                   |
//!
//! Both measure distances by differences and give the same bits: the true neighbours, sorted by distance and, where
//! distances are equal, by index. Answers do not depend on the number of threads.
//!
//! The semantics are those of scikit-learn's `sklearn.neighbors.NearestNeighbors`, with these differences:
//!
//! - Distances are computed and returned in double precision whatever the scalar of the data.
//! - Neighbours at equal distances come by index; scikit-learn's order is that of its search.
//! - A search for the samples' own neighbours leaves out the sample itself also among its duplicates, and
//!   [`OwnNeighbor::Included`] always includes it: scikit-learn's `include_self` may give a duplicate instead.
//! - A sample is within a radius when its distance as returned is at most the radius. scikit-learn compares squares.
//! - Data whose squares would leave the range is measured in another unit, a power of two. In the unit, differences below
//!   10⁻¹⁵⁴ lose their digits.

mod brute;
mod candidates;
mod kd_tree;
mod results;
#[cfg(test)]
mod tests;
mod units;

use std::fmt;

use lapwing_iterative::sprs::CsMat;
use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array2, ArrayRef2};

pub use results::{EdgeWeights, Neighbors, OwnNeighbor, RadiusNeighbors};

use self::brute::Brute;
pub(crate) use self::candidates::squared_distance;
use self::candidates::{Answers, Collector, Nearest, Within};
use self::kd_tree::KdTree;
pub(crate) use self::units::Unit;
use crate::error::Error;

/// Up to this many features a tree leaves out most of the samples; above, next to none. scikit-learn's number too.
const TREE_FEATURES: usize = 15;

/// How neighbours are searched for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeighborAlgorithm {
    /// `KdTree` for at most 15 features, otherwise `Brute`.
    #[default]
    Auto,
    /// A k-d tree, built in O(n log n).
    KdTree,
    /// All distances, by products of blocks.
    Brute,
}

impl fmt::Display for NeighborAlgorithm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            NeighborAlgorithm::Auto => "auto",
            NeighborAlgorithm::KdTree => "kd_tree",
            NeighborAlgorithm::Brute => "brute",
        })
    }
}

/// The choices of a search for neighbours. Made by [`NearestNeighbors::params`].
#[derive(Clone, Copy, Debug)]
pub struct NearestNeighborsParams {
    algorithm: NeighborAlgorithm,
    leaf_size: usize,
}

impl Default for NearestNeighborsParams {
    fn default() -> Self {
        Self { algorithm: NeighborAlgorithm::Auto, leaf_size: 30 }
    }
}

impl NearestNeighborsParams {
    /// How to search. Default: [`NeighborAlgorithm::Auto`].
    pub fn algorithm(mut self, algorithm: NeighborAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// How many samples a leaf of the tree holds at most; it changes the time, not the answers. Default: 30.
    pub fn leaf_size(mut self, leaf_size: usize) -> Self {
        self.leaf_size = leaf_size;
        self
    }

    /// Prepares the samples, the rows of `x` (n x p), for searches. They are copied.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a leaf size of 0; [`Error::TooFewSamples`] for none; [`Error::NoFeatures`];
    /// [`Error::Lapack`] with `NonFinite` or `OutOfMemory`.
    pub fn fit<T: Scalar>(self, x: &ArrayRef2<T>) -> Result<NearestNeighbors, Error> {
        if self.leaf_size == 0 {
            return Err(invalid("leaf_size", "0", "at least 1".to_owned()));
        }
        let (n, p) = x.dim();
        if n == 0 {
            return Err(Error::TooFewSamples {
                argument: "x",
                method: "a search for neighbours",
                found: 0,
                least: 1,
            });
        }
        if p == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        require_finite("x", x)?;
        let unit = Unit::of(x);
        let samples = unit.measure(x)?;
        let tree = match self.algorithm {
            NeighborAlgorithm::Auto => p <= TREE_FEATURES,
            NeighborAlgorithm::KdTree => true,
            NeighborAlgorithm::Brute => false,
        };
        let index = if tree {
            Index::Tree(KdTree::new(entries(&samples), p, self.leaf_size))
        } else {
            Index::Brute(Brute::new(samples))
        };
        Ok(NearestNeighbors { index, unit, n_samples: n, n_features: p })
    }
}

/// Samples, prepared for searches among them.
///
/// ```
/// use lapwing_ml::neighbors::{EdgeWeights, NearestNeighbors, OwnNeighbor};
/// use ndarray::array;
/// let samples = NearestNeighbors::params().fit(&array![[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])?;
///
/// let nearest = samples.k_neighbors(&array![[3.0, 3.0]], 2)?;
/// assert_eq!(nearest.indices, array![[1, 2]]);
/// assert_eq!(nearest.distances, array![[1.0, 13f64.sqrt()]]);
///
/// let graph = samples.k_neighbors_graph_of_samples(1, EdgeWeights::Distance, OwnNeighbor::Excluded)?;
/// assert_eq!(graph.get(0, 2), Some(&1.0));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct NearestNeighbors {
    index: Index,
    unit: Unit,
    n_samples: usize,
    n_features: usize,
}

/// The samples, in the unit.
#[derive(Clone, Debug)]
enum Index {
    Tree(KdTree),
    Brute(Brute),
}

impl NearestNeighbors {
    /// The choices, to change before fitting.
    pub fn params() -> NearestNeighborsParams {
        NearestNeighborsParams::default()
    }

    /// n, the number of samples.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    /// The algorithm that was taken.
    pub fn algorithm(&self) -> NeighborAlgorithm {
        match self.index {
            Index::Tree(_) => NeighborAlgorithm::KdTree,
            Index::Brute(_) => NeighborAlgorithm::Brute,
        }
    }

    /// The k nearest samples of each row of `queries` (m x p).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a `k` of 0 or above n; [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`,
    /// `Overflow` when distances are out of range, or `OutOfMemory`.
    pub fn k_neighbors<T: Scalar>(&self, queries: &ArrayRef2<T>, k: usize) -> Result<Neighbors, Error> {
        self.require_k(k, self.n_samples, "samples")?;
        results::k_nearest(&self.search(queries, |_| Nearest::new(k, None))?, k, self.unit)
    }

    /// The k nearest other samples of each sample: scikit-learn's `kneighbors(None)`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a `k` of 0 or above n − 1; [`Error::Lapack`] with `Overflow` or `OutOfMemory`.
    pub fn k_neighbors_of_samples(&self, k: usize) -> Result<Neighbors, Error> {
        self.require_k(k, self.n_samples - 1, "other samples")?;
        results::k_nearest(&self.search_samples(|i| Nearest::new(k, Some(i)))?, k, self.unit)
    }

    /// The samples within `radius` of each row of `queries` (m x p), those at the radius too.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a radius that is negative or NaN; otherwise as [`k_neighbors`](Self::k_neighbors).
    pub fn within_radius<T: Scalar>(
        &self,
        queries: &ArrayRef2<T>,
        radius: f64,
    ) -> Result<RadiusNeighbors, Error> {
        let radius = self.radius_in_unit(radius)?;
        results::within(self.search(queries, |_| Within::new(radius, None))?, self.unit)
    }

    /// The other samples within `radius` of each sample, those at the radius too.
    ///
    /// # Errors
    /// As [`within_radius`](Self::within_radius).
    pub fn within_radius_of_samples(&self, radius: f64) -> Result<RadiusNeighbors, Error> {
        let radius = self.radius_in_unit(radius)?;
        results::within(self.search_samples(|i| Within::new(radius, Some(i)))?, self.unit)
    }

    /// The graph (m x n, in rows) from each row of `queries` to its k nearest samples.
    ///
    /// # Errors
    /// As [`k_neighbors`](Self::k_neighbors).
    pub fn k_neighbors_graph<T: Scalar>(
        &self,
        queries: &ArrayRef2<T>,
        k: usize,
        weights: EdgeWeights,
    ) -> Result<CsMat<f64>, Error> {
        self.require_k(k, self.n_samples, "samples")?;
        let answers = self.search(queries, |_| Nearest::new(k, None))?;
        results::graph(&answers, self.n_samples, weights, OwnNeighbor::Excluded, self.unit)
    }

    /// The graph (n x n, in rows) from each sample to its k nearest, of which itself is the first where it is included. Not
    /// symmetric: a neighbour's neighbours may be others.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a `k` of 0, or above n, or above n − 1 where the sample itself is excluded;
    /// [`Error::Lapack`] with `Overflow` or `OutOfMemory`.
    pub fn k_neighbors_graph_of_samples(
        &self,
        k: usize,
        weights: EdgeWeights,
        own: OwnNeighbor,
    ) -> Result<CsMat<f64>, Error> {
        let others = match own {
            OwnNeighbor::Excluded => {
                self.require_k(k, self.n_samples - 1, "other samples")?;
                k
            }
            OwnNeighbor::Included => {
                self.require_k(k, self.n_samples, "samples")?;
                k - 1
            }
        };
        let answers = self.search_samples(|i| Nearest::new(others, Some(i)))?;
        results::graph(&answers, self.n_samples, weights, own, self.unit)
    }

    /// The graph (m x n, in rows) from each row of `queries` to the samples within `radius`.
    ///
    /// # Errors
    /// As [`within_radius`](Self::within_radius).
    pub fn radius_graph<T: Scalar>(
        &self,
        queries: &ArrayRef2<T>,
        radius: f64,
        weights: EdgeWeights,
    ) -> Result<CsMat<f64>, Error> {
        let radius = self.radius_in_unit(radius)?;
        let answers = self.search(queries, |_| Within::new(radius, None))?;
        results::graph(&answers, self.n_samples, weights, OwnNeighbor::Excluded, self.unit)
    }

    /// The graph (n x n, in rows) from each sample to those within `radius`: symmetric, as distances are.
    ///
    /// # Errors
    /// As [`within_radius`](Self::within_radius).
    pub fn radius_graph_of_samples(
        &self,
        radius: f64,
        weights: EdgeWeights,
        own: OwnNeighbor,
    ) -> Result<CsMat<f64>, Error> {
        let radius = self.radius_in_unit(radius)?;
        let answers = self.search_samples(|i| Within::new(radius, Some(i)))?;
        results::graph(&answers, self.n_samples, weights, own, self.unit)
    }

    fn search<T: Scalar, C: Collector>(
        &self,
        queries: &ArrayRef2<T>,
        collector: impl Fn(usize) -> C + Sync,
    ) -> Result<Answers, Error> {
        let (found, expected) = (queries.ncols(), self.n_features);
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "queries", found, expected });
        }
        require_finite("queries", queries)?;
        let queries = self.unit.measure(queries)?;
        match &self.index {
            Index::Tree(tree) => Ok(tree.search(entries(&queries), collector)),
            Index::Brute(brute) => brute.search(&queries.view(), collector),
        }
    }

    fn search_samples<C: Collector>(&self, collector: impl Fn(usize) -> C + Sync) -> Result<Answers, Error> {
        match &self.index {
            Index::Tree(tree) => Ok(tree.search_samples(collector)),
            Index::Brute(brute) => brute.search(&brute.samples(), collector),
        }
    }

    fn require_k(&self, k: usize, most: usize, of: &str) -> Result<(), Error> {
        if (1..=most).contains(&k) {
            return Ok(());
        }
        Err(invalid("k", k, format!("at least 1 and at most the number of {of}, {most}")))
    }

    fn radius_in_unit(&self, radius: f64) -> Result<f64, Error> {
        if radius >= 0.0 {
            return Ok(self.unit.divide(radius));
        }
        Err(invalid("radius", radius, "a number of at least 0".to_owned()))
    }
}

pub(crate) fn invalid(parameter: &'static str, value: impl fmt::Display, requirement: String) -> Error {
    Error::InvalidParameter { parameter, value: value.to_string(), requirement }
}

/// The entries of an array in rows, as [`Unit::measure`] makes it.
pub(crate) fn entries(a: &Array2<f64>) -> &[f64] {
    a.as_slice().unwrap_or(&[])
}
