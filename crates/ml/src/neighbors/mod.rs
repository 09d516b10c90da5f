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
use self::candidates::{Collector, Nearest, Within};
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

    /// Prepares the samples, the rows of `x` (n x p), for searches. A tree copies them; for `Brute` they are read where they
    /// are, in any layout.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a leaf size of 0; [`Error::TooFewSamples`] for none; [`Error::NoFeatures`];
    /// [`Error::Lapack`] with `NonFinite` or `OutOfMemory`.
    pub fn fit<T: Scalar>(self, x: &ArrayRef2<T>) -> Result<NearestNeighbors<'_, T>, Error> {
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
        let tree = match self.algorithm {
            NeighborAlgorithm::Auto => p <= TREE_FEATURES,
            NeighborAlgorithm::KdTree => true,
            NeighborAlgorithm::Brute => false,
        };
        let index = if tree {
            Index::Tree(KdTree::new(entries(&unit.measure(x)?), p, self.leaf_size))
        } else {
            Index::Brute(Brute::new(x, unit)?)
        };
        Ok(NearestNeighbors { index, unit, n_samples: n, n_features: p })
    }
}

/// Samples, prepared for searches among them. They are borrowed; [`into_owned`](Self::into_owned) takes them along.
///
/// ```
/// use lapwing_ml::neighbors::{EdgeWeights, NearestNeighbors, OwnNeighbor};
/// use ndarray::array;
/// let x = array![[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]];
/// let samples = NearestNeighbors::params().fit(&x)?;
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
pub struct NearestNeighbors<'a, T: Scalar> {
    index: Index<'a, T>,
    unit: Unit,
    n_samples: usize,
    n_features: usize,
}

/// The samples, in the unit.
#[derive(Clone, Debug)]
enum Index<'a, T: Scalar> {
    Tree(KdTree),
    Brute(Brute<'a, T>),
}

// For any samples: the scalar is what `fit` is given.
impl NearestNeighbors<'_, f64> {
    /// The choices, to change before fitting.
    pub fn params() -> NearestNeighborsParams {
        NearestNeighborsParams::default()
    }
}

impl<T: Scalar> NearestNeighbors<'_, T> {
    /// The same, with a copy of the samples where they are borrowed.
    pub fn into_owned(self) -> NearestNeighbors<'static, T> {
        let Self { index, unit, n_samples, n_features } = self;
        let index = match index {
            Index::Tree(tree) => Index::Tree(tree),
            Index::Brute(brute) => Index::Brute(brute.into_owned()),
        };
        NearestNeighbors { index, unit, n_samples, n_features }
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
    pub fn k_neighbors<U: Scalar>(&self, queries: &ArrayRef2<U>, k: usize) -> Result<Neighbors, Error> {
        self.require_k(k, self.n_samples, "samples")?;
        Neighbors::find((queries.nrows(), k), self.unit, |answers| {
            self.search(queries, |_| Nearest::new(k, None), answers)
        })
    }

    /// The k nearest other samples of each sample: scikit-learn's `kneighbors(None)`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a `k` of 0 or above n − 1; [`Error::Lapack`] with `Overflow` or `OutOfMemory`.
    pub fn k_neighbors_of_samples(&self, k: usize) -> Result<Neighbors, Error> {
        self.require_k(k, self.n_samples - 1, "other samples")?;
        Neighbors::find((self.n_samples, k), self.unit, |answers| {
            self.search_samples(|i| Nearest::new(k, Some(i)), answers)
        })
    }

    /// The samples within `radius` of each row of `queries` (m x p), those at the radius too.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a radius that is negative or NaN; otherwise as [`k_neighbors`](Self::k_neighbors).
    pub fn within_radius<U: Scalar>(
        &self,
        queries: &ArrayRef2<U>,
        radius: f64,
    ) -> Result<RadiusNeighbors, Error> {
        let radius = self.radius_in_unit(radius)?;
        RadiusNeighbors::find(queries.nrows(), self.unit, |answers| {
            self.search(queries, |_| Within::new(radius, None), answers)
        })
    }

    /// The other samples within `radius` of each sample, those at the radius too.
    ///
    /// # Errors
    /// As [`within_radius`](Self::within_radius).
    pub fn within_radius_of_samples(&self, radius: f64) -> Result<RadiusNeighbors, Error> {
        let radius = self.radius_in_unit(radius)?;
        RadiusNeighbors::find(self.n_samples, self.unit, |answers| {
            self.search_samples(|i| Within::new(radius, Some(i)), answers)
        })
    }

    /// The graph (m x n, in rows) from each row of `queries` to its k nearest samples.
    ///
    /// # Errors
    /// As [`k_neighbors`](Self::k_neighbors).
    pub fn k_neighbors_graph<U: Scalar>(
        &self,
        queries: &ArrayRef2<U>,
        k: usize,
        weights: EdgeWeights,
    ) -> Result<CsMat<f64>, Error> {
        let found = self.k_neighbors(queries, k)?.into_lists();
        Ok(results::graph(&found, self.n_samples, weights, OwnNeighbor::Excluded))
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
        if own == OwnNeighbor::Included {
            self.require_k(k, self.n_samples, "samples")?;
        }
        let found = match (own, k) {
            (OwnNeighbor::Excluded, _) => self.k_neighbors_of_samples(k)?.into_lists(),
            (OwnNeighbor::Included, 1) => RadiusNeighbors::none(self.n_samples),
            (OwnNeighbor::Included, _) => self.k_neighbors_of_samples(k - 1)?.into_lists(),
        };
        Ok(results::graph(&found, self.n_samples, weights, own))
    }

    /// The graph (m x n, in rows) from each row of `queries` to the samples within `radius`.
    ///
    /// # Errors
    /// As [`within_radius`](Self::within_radius).
    pub fn radius_graph<U: Scalar>(
        &self,
        queries: &ArrayRef2<U>,
        radius: f64,
        weights: EdgeWeights,
    ) -> Result<CsMat<f64>, Error> {
        let found = self.within_radius(queries, radius)?;
        Ok(results::graph(&found, self.n_samples, weights, OwnNeighbor::Excluded))
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
        let found = self.within_radius_of_samples(radius)?;
        Ok(results::graph(&found, self.n_samples, weights, own))
    }

    fn search<U: Scalar, C: Collector>(
        &self,
        queries: &ArrayRef2<U>,
        collector: impl Fn(usize) -> C + Sync,
        answers: &mut [C::Answer<'_>],
    ) -> Result<(), Error> {
        let (found, expected) = (queries.ncols(), self.n_features);
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "queries", found, expected });
        }
        require_finite("queries", queries)?;
        match &self.index {
            Index::Tree(tree) => tree.search(entries(&self.unit.measure(queries)?), collector, answers),
            Index::Brute(brute) => {
                self.unit.require_in_range(queries)?;
                brute.search(queries, collector, answers)?;
            }
        }
        Ok(())
    }

    fn search_samples<C: Collector>(
        &self,
        collector: impl Fn(usize) -> C + Sync,
        answers: &mut [C::Answer<'_>],
    ) -> Result<(), Error> {
        match &self.index {
            Index::Tree(tree) => tree.search_samples(collector, answers),
            Index::Brute(brute) => brute.search(&brute.samples(), collector, answers)?,
        }
        Ok(())
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
