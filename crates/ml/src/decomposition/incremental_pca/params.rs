//! What the caller of an incremental PCA chooses.

use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::{ArrayRef2, ArrayView2, s};

use super::super::pca::{NComponents, Whitening};
use super::{BlocksError, IncrementalPca};
use crate::error::Error;

/// What to keep of the rows that have gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncrementalMethod {
    /// `Exact` up to [`MOST_EXACT_FEATURES`](Self::MOST_EXACT_FEATURES) features, `LowRank` beyond.
    #[default]
    Auto,
    /// The mean and the scatter matrix, from which the components of all rows follow as if they had come at once.
    Exact,
    /// The leading components alone, updated by an SVD with each block: scikit-learn's `IncrementalPCA`.
    LowRank,
}

impl IncrementalMethod {
    /// Up to so many features, [`Auto`](Self::Auto) keeps the scatter matrix: 200 MB of numbers.
    pub const MOST_EXACT_FEATURES: usize = 5000;

    /// The method that runs for so many features; never [`Auto`](Self::Auto).
    pub fn resolve(self, n_features: usize) -> Self {
        match self {
            Self::Auto if n_features <= Self::MOST_EXACT_FEATURES => Self::Exact,
            Self::Auto => Self::LowRank,
            method => method,
        }
    }
}

impl fmt::Display for IncrementalMethod {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            IncrementalMethod::Auto => "auto",
            IncrementalMethod::Exact => "exact",
            IncrementalMethod::LowRank => "low_rank",
        })
    }
}

/// The choices of an incremental principal component analysis. Made by [`IncrementalPca::params`].
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct IncrementalPcaParams {
    pub(super) n_components: NComponents,
    pub(super) whitening: Whitening,
    pub(super) method: IncrementalMethod,
    batch_rows: Option<usize>,
}

impl IncrementalPcaParams {
    /// How many components to keep. Default: [`NComponents::All`], which for the low-rank method is the smaller extent of
    /// the first block. A share of the variance and the MLE need the whole spectrum, which only the exact method has.
    pub fn n_components(mut self, n_components: NComponents) -> Self {
        self.n_components = n_components;
        self
    }

    /// Whether scores are scaled to unit variance. Default: [`Whitening::None`].
    pub fn whitening(mut self, whitening: Whitening) -> Self {
        self.whitening = whitening;
        self
    }

    /// What to keep of the rows that have gone. Default: [`IncrementalMethod::Auto`].
    pub fn method(mut self, method: IncrementalMethod) -> Self {
        self.method = method;
        self
    }

    /// How many rows [`fit`](Self::fit) takes at a time. Default: five times the features, as scikit-learn's
    /// `batch_size`.
    pub fn batch_rows(mut self, rows: usize) -> Self {
        self.batch_rows = Some(rows);
        self
    }

    /// The analysis of no rows, to which blocks are added by
    /// [`partial_fit`](IncrementalPca::partial_fit).
    pub fn start<T: Scalar>(&self) -> IncrementalPca<T> {
        IncrementalPca::new(*self)
    }

    /// The analysis of all rows of `x`, taken [`batch_rows`](Self::batch_rows) at a time. A last block of fewer rows than
    /// there are components is taken together with the one before it.
    ///
    /// # Errors
    /// As [`IncrementalPca::partial_fit`], with rows counted from the first of `x`; [`Error::InvalidParameter`] for
    /// blocks of no rows.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<IncrementalPca<T>, Error> {
        let height = self.batch_rows.unwrap_or(5 * x.ncols().max(1));
        if height == 0 {
            return Err(Error::InvalidParameter {
                parameter: "batch_rows",
                value: "0".to_owned(),
                requirement: "at least 1".to_owned(),
            });
        }
        let least = self.count().unwrap_or(0);
        let mut first = 0;
        let blocks = std::iter::from_fn(|| {
            if first >= x.nrows() {
                return None;
            }
            let mut end = x.nrows().min(first.saturating_add(height));
            if x.nrows() - end < least {
                end = x.nrows();
            }
            let block = x.slice(s![first..end, ..]);
            first = end;
            Some(Ok::<ArrayView2<T>, Infallible>(block))
        });
        if x.ncols() == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        self.fit_blocks(blocks).map_err(|error| match error {
            BlocksError::Reader(never) => match never {},
            BlocksError::Block { first_row, error, .. } => in_whole(error, first_row),
        })
    }

    /// The analysis of all rows of all blocks that a reader makes one after the other.
    ///
    /// ```
    /// use lapwing_ml::IncrementalPca;
    /// use ndarray::Array2;
    /// // What stands for a file: ten blocks, each read when the one before it is done with.
    /// let blocks = (0..10).map(|block| {
    ///     Ok::<_, std::io::Error>(Array2::from_shape_fn((50, 4), |(i, j)| ((block + i * (j + 3)) % 23) as f64))
    /// });
    /// let pca = IncrementalPca::params().fit_blocks(blocks)?.to_pca()?;
    /// assert_eq!(pca.n_samples(), 500);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`IncrementalPca::partial_fit_blocks`].
    pub fn fit_blocks<T, A, E>(
        &self,
        blocks: impl IntoIterator<Item = Result<A, E>>,
    ) -> Result<IncrementalPca<T>, BlocksError<E>>
    where
        T: Scalar,
        A: Deref<Target = ArrayRef2<T>>,
    {
        let mut incremental = self.start();
        incremental.partial_fit_blocks(blocks)?;
        Ok(incremental)
    }

    /// The number of components, where it was given.
    pub(super) fn count(&self) -> Option<usize> {
        match self.n_components {
            NComponents::Count(count) => Some(count),
            _ => None,
        }
    }

    /// The method that runs, if the number of components goes with it.
    pub(super) fn resolve_method(&self, n_features: usize) -> Result<IncrementalMethod, Error> {
        let method = self.method.resolve(n_features);
        let invalid = |value: String, requirement: String| {
            Err(Error::InvalidParameter { parameter: "n_components", value, requirement })
        };
        let whole_spectrum = "a count, or All, with the low-rank method, which forgets the rest of the spectrum; \
                              or choose the exact method";
        match self.n_components {
            NComponents::Count(count) if count > n_features => {
                invalid(count.to_string(), format!("at most {n_features}, the number of features"))
            }
            NComponents::Variance(share) if share.is_nan() || share <= 0.0 || share >= 1.0 => invalid(
                share.to_string(),
                "strictly between 0 and 1 when it is a share of variance".to_owned(),
            ),
            NComponents::Variance(share) if method == IncrementalMethod::LowRank => {
                invalid(share.to_string(), whole_spectrum.to_owned())
            }
            NComponents::Mle if method == IncrementalMethod::LowRank => {
                invalid("mle".to_owned(), whole_spectrum.to_owned())
            }
            _ => Ok(method),
        }
    }
}

/// An error of a block of `x`, with the row counted from the first of `x`.
fn in_whole(error: Error, first_row: usize) -> Error {
    match error {
        Error::Lapack(lapwing_lapack::Error::NonFinite { row, col, .. }) => {
            lapwing_lapack::Error::NonFinite { argument: "x", row: first_row + row, col }.into()
        }
        error => error,
    }
}
