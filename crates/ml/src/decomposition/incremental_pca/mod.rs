//! Principal component analysis of data that arrives in blocks, and need never be in memory at once.
//!
//! | [`IncrementalMethod`] | keeps                                | a block of m rows costs | result                      |
//! |-----------------------|--------------------------------------|-------------------------|-----------------------------|
//! | `Exact`               | mean and scatter, p x p              | m p²                    | that of [`Pca`] on all rows |
//! | `LowRank`             | mean and k components, k x p         | 2 (k + m)² p            | an approximation            |
//!
//! The low-rank method is scikit-learn's `IncrementalPCA`: after each block, what lies outside the k leading directions is
//! forgotten, so that its answer depends on the order and the size of the blocks (Ross, Lim, Lin, Yang, "Incremental
//! learning for robust visual tracking", IJCV 77, 2008). The exact method has no such loss, and for as many features as
//! it can hold the scatter of it is the faster one as well. Its differences from scikit-learn:
//!
//! - The exact method is the default up to [`IncrementalMethod::MOST_EXACT_FEATURES`] features.
//! - With the low-rank method, the noise variance is always the mean over what the last block made it forget.
//!   scikit-learn takes 0 where the number of components happens to be that of the rows of the block.
//! - An empty block changes nothing, and is not an error.
//!
//! Blocks are views of any memory: of a `.npy` file that the caller has mapped, `ArrayView2::view_npy` of the crate
//! ndarray-npy makes one of the whole, which [`IncrementalPcaParams::fit`] walks through once. A mapped file that another
//! program shortens ends the process, so that nothing here maps files by itself.

mod blocks;
mod low_rank;
mod params;
mod persistence;

use std::ops::Deref;

use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array1, ArrayRef2, Axis};

pub use blocks::BlocksError;
pub use params::{IncrementalMethod, IncrementalPcaParams};

use self::low_rank::LowRank;
use super::pca::Pca;
use crate::error::Error;
use crate::running_moments::RunningMoments;

/// A principal component analysis in the making: what is known of the rows so far.
///
/// ```
/// use lapwing_ml::{IncrementalPca, NComponents, Pca};
/// use ndarray::{Array2, s};
/// let x = Array2::from_shape_fn((60, 3), |(i, j)| ((i * (j + 2)) % 17) as f64);
/// let mut incremental = IncrementalPca::params().n_components(NComponents::Count(2)).start();
/// for first in (0..60).step_by(20) {
///     incremental.partial_fit(&x.slice(s![first..first + 20, ..]))?;
/// }
/// let pca = incremental.to_pca()?;
/// let whole = Pca::params().n_components(NComponents::Count(2)).fit(&x)?;
/// assert!((pca.explained_variance()[1] - whole.explained_variance()[1]).abs() < 1e-12);
/// assert_eq!(pca.transform(&x)?.dim(), (60, 2));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back: a long pass over the
/// data can be interrupted, and parts of it made elsewhere can be [merged](Self::merge).
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct IncrementalPca<T: Scalar> {
    params: IncrementalPcaParams,
    state: State<T>,
}

/// What is kept of the rows.
#[derive(Clone, Debug)]
enum State<T: Scalar> {
    /// No row has come, so that the number of features is not known.
    Empty,
    Exact(RunningMoments),
    LowRank(LowRank<T>),
}

impl<T: Scalar> State<T> {
    fn n_samples(&self) -> usize {
        match self {
            State::Empty => 0,
            State::Exact(moments) => moments.count(),
            State::LowRank(state) => state.count(),
        }
    }
}

impl IncrementalPca<f64> {
    /// The choices, to change before starting; the scalar is that of the blocks given to it.
    pub fn params() -> IncrementalPcaParams {
        IncrementalPcaParams::default()
    }
}

impl<T: Scalar> IncrementalPca<T> {
    fn new(params: IncrementalPcaParams) -> Self {
        Self { params, state: State::Empty }
    }

    /// Adds the rows of `block` (m x p) to what is known.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`] when the blocks before it had another number of columns; [`Error::NoFeatures`];
    /// [`Error::InvalidParameter`] for a number of components that the features or the method do not allow;
    /// [`Error::TooFewSamples`] when the low-rank method's first block has fewer rows than there are to be components;
    /// [`Error::Lapack`] with `NonFinite` (rows count from the beginning of the block), `Overflow`, `OutOfMemory`,
    /// `TooLarge` or `NoConvergence`. After an error, it is as if the block had not come.
    pub fn partial_fit(&mut self, block: &ArrayRef2<T>) -> Result<(), Error> {
        if block.ncols() == 0 {
            return Err(Error::NoFeatures { argument: "block" });
        }
        if let Some(expected) = self.n_features()
            && block.ncols() != expected
        {
            return Err(Error::FeatureMismatch { argument: "block", found: block.ncols(), expected });
        }
        if block.nrows() == 0 {
            return Ok(());
        }
        match &mut self.state {
            State::Exact(moments) => moments.add_rows("block", block)?,
            State::LowRank(state) => *state = state.with_block(block)?,
            State::Empty => {
                let method = self.params.resolve_method(block.ncols())?;
                self.state = if method == IncrementalMethod::LowRank {
                    State::LowRank(LowRank::of_block(block, self.params.count())?)
                } else {
                    // The first row is what all others are counted from.
                    require_finite("block", &block.row(0).insert_axis(Axis(0)))?;
                    let mut moments = RunningMoments::new(block.row(0))?;
                    moments.add_rows("block", block)?;
                    State::Exact(moments)
                };
            }
        }
        Ok(())
    }

    /// Adds every block of `blocks`, which a reader makes one after the other.
    ///
    /// # Errors
    /// [`BlocksError::Reader`] with the reader's own error; [`BlocksError::Block`] with that of
    /// [`partial_fit`](Self::partial_fit), the number of the block and that of its first row. The blocks before it have
    /// been added.
    pub fn partial_fit_blocks<A, E>(
        &mut self,
        blocks: impl IntoIterator<Item = Result<A, E>>,
    ) -> Result<(), BlocksError<E>>
    where
        A: Deref<Target = ArrayRef2<T>>,
    {
        let mut first_row = 0;
        for (index, block) in blocks.into_iter().enumerate() {
            let block = block.map_err(BlocksError::Reader)?;
            self.partial_fit(&block).map_err(|error| BlocksError::Block {
                block: index,
                first_row,
                error,
            })?;
            first_row += block.nrows();
        }
        Ok(())
    }

    /// Adds the rows that `other` has seen, as if they had come in blocks here. The choices remain those of `self`.
    ///
    /// With the exact method, the result is that of all rows in one pass, up to rounding.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::InvalidParameter`] when the two use different methods, or when nothing has come
    /// here yet and `other` keeps another number of components by the low-rank method; [`Error::Lapack`] as in
    /// [`partial_fit`](Self::partial_fit). After an error, `self` is as it was.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if let (Some(expected), Some(found)) = (self.n_features(), other.n_features())
            && expected != found
        {
            return Err(Error::FeatureMismatch { argument: "other", found, expected });
        }
        match (&mut self.state, &other.state) {
            (_, State::Empty) => {}
            (State::Empty, state) => {
                let features = other.n_features().unwrap_or(0);
                if self.params.resolve_method(features)? != other.method() {
                    return Err(different_methods(other.method()));
                }
                if let (State::LowRank(state), Some(count)) = (state, self.params.count()) {
                    state.require_components(count)?;
                }
                self.state = state.clone();
            }
            (State::Exact(moments), State::Exact(others)) => moments.merge(others)?,
            (State::LowRank(state), State::LowRank(others)) => *state = state.merged(others)?,
            _ => return Err(different_methods(other.method())),
        }
        Ok(())
    }

    /// The fitted model of the rows so far; more may follow.
    ///
    /// [`Pca::solver`] is `CovarianceEigh` for the exact method, which ends in the eigenproblem of the covariance, and
    /// `Full` for the low-rank method, which has decomposed its blocks by SVD.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for fewer than 2 rows; [`Error::InvalidParameter`] when more components are wanted than
    /// there are rows; [`Error::Lapack`] with `OutOfMemory`, `NoConvergence` or `Overflow`.
    pub fn to_pca(&self) -> Result<Pca<T>, Error> {
        let found = self.n_samples();
        match &self.state {
            State::LowRank(state) if found >= 2 => state.to_pca(self.params.whitening),
            State::Exact(moments) if found >= 2 => {
                let params =
                    Pca::params().n_components(self.params.n_components).whitening(self.params.whitening);
                params.fit_scatter(moments.mean(), moments.scatter(), moments.count())
            }
            _ => Err(Error::TooFewSamples { argument: "blocks", method: "PCA", found, least: 2 }),
        }
    }

    /// How many rows have come.
    pub fn n_samples(&self) -> usize {
        self.state.n_samples()
    }

    /// How many columns the blocks have, once one has come.
    pub fn n_features(&self) -> Option<usize> {
        match &self.state {
            State::Empty => None,
            State::Exact(moments) => Some(moments.features()),
            State::LowRank(state) => Some(state.features()),
        }
    }

    /// The mean of each feature so far, p; nothing before the first row.
    pub fn mean(&self) -> Option<Array1<T>> {
        match &self.state {
            State::Empty => None,
            State::Exact(moments) => Some(moments.mean().mapv(T::from_f64)),
            State::LowRank(state) => Some(state.mean().mapv(T::from_f64)),
        }
    }

    /// The method that runs, once a row has come; until then, the one that was chosen.
    pub fn method(&self) -> IncrementalMethod {
        match &self.state {
            State::Empty => self.params.method,
            State::Exact(_) => IncrementalMethod::Exact,
            State::LowRank(_) => IncrementalMethod::LowRank,
        }
    }
}

fn different_methods(found: IncrementalMethod) -> Error {
    let requirement = "that of the model it is merged into; choose the same method for both".to_owned();
    Error::InvalidParameter { parameter: "the method of other", value: found.to_string(), requirement }
}
