//! The low-rank update: the SVD of the components so far, weighted by their singular values, above a new block.

use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayViewMut2, Axis, s};

use super::super::pca::{Pca, PcaSolver, Principal, Whitening, right_factors};
use crate::error::Error;
use crate::moments::{Diagonal, Moments, variance_overflows};

/// The leading components so far, and the mean and the variances of the features, which are exact.
#[derive(Clone, Debug)]
pub(super) struct LowRank<T: Scalar> {
    pub(super) moments: Moments<Diagonal>,
    /// k x p.
    pub(super) axes: Array2<T>,
    pub(super) singular_values: Array1<f64>,
    /// The mean square of the singular values that the last update dropped.
    pub(super) dropped: f64,
}

impl<T: Scalar> LowRank<T> {
    /// The leading `count` components of a first block; as many as it has when no number is given.
    pub(super) fn of_block(block: &ArrayRef2<T>, count: Option<usize>) -> Result<Self, Error> {
        let (found, least) = (block.nrows(), count.unwrap_or(0));
        if found < least {
            let method = "the first block of the low-rank method, which takes all components from it,";
            return Err(Error::TooFewSamples { argument: "block", method, found, least });
        }
        let moments = Moments::<Diagonal>::of_rows("block", block)?;
        let mut centred = zeros(block.ncols(), block.nrows())?.reversed_axes();
        centre(block, &moments.mean, centred.view_mut());
        Self::of_stack(moments, centred, count.unwrap_or(block.nrows().min(block.ncols())))
    }

    /// What is known with the rows of `block` added.
    pub(super) fn with_block(&self, block: &ArrayRef2<T>) -> Result<Self, Error> {
        let added = Moments::<Diagonal>::of_rows("block", block)?;
        let k = self.axes.nrows();
        let mut stack = self.stack(block.nrows(), &added)?;
        centre(block, &added.mean, stack.slice_mut(s![k..k + block.nrows(), ..]));
        Self::of_stack(self.merged_moments(&added)?, stack, k)
    }

    /// What is known with what another knows added.
    pub(super) fn merged(&self, other: &Self) -> Result<Self, Error> {
        let (k, others) = (self.axes.nrows(), other.axes.nrows());
        let mut stack = self.stack(others, &other.moments)?;
        stack.slice_mut(s![k..k + others, ..]).assign(&other.weighted_axes());
        Self::of_stack(self.merged_moments(&other.moments)?, stack, k)
    }

    /// The weighted components above `rows` rows yet to be filled, and below them the row by which the distance of the
    /// two means enters the scatter.
    fn stack(&self, rows: usize, added: &Moments<Diagonal>) -> Result<Array2<T>, Error> {
        let (k, p) = self.axes.dim();
        let mut stack: Array2<T> = zeros(p, k + rows + 1)?.reversed_axes();
        stack.slice_mut(s![..k, ..]).assign(&self.weighted_axes());
        let (weight, shift) = self.moments.shift(added.count, &added.mean);
        let weight = weight.sqrt();
        stack.row_mut(k + rows).assign(&shift.mapv(|shift| T::from_f64(weight * shift)));
        Ok(stack)
    }

    fn weighted_axes(&self) -> Array2<T> {
        &self.axes * &self.singular_values.mapv(T::from_f64).insert_axis(Axis(1))
    }

    fn merged_moments(&self, added: &Moments<Diagonal>) -> Result<Moments<Diagonal>, Error> {
        let mut moments = self.moments.clone();
        moments.merge(added);
        if moments.is_finite() { Ok(moments) } else { Err(variance_overflows()) }
    }

    fn of_stack(moments: Moments<Diagonal>, stack: Array2<T>, count: usize) -> Result<Self, Error> {
        let (singular_values, axes) = right_factors(stack)?;
        let count = count.min(singular_values.len());
        let rest = singular_values.slice(s![count..]);
        let dropped = if rest.is_empty() { 0.0 } else { rest.dot(&rest) / rest.len() as f64 };
        Ok(Self {
            moments,
            axes: axes.slice_move(s![..count, ..]),
            singular_values: singular_values.slice_move(s![..count]),
            dropped,
        })
    }

    pub(super) fn to_pca(&self, whitening: Whitening) -> Result<Pca<T>, Error> {
        let divisor = (self.moments.count - 1) as f64;
        let principal = Principal {
            mean: self.moments.mean.clone(),
            axes: self.axes.clone(),
            singular_values: self.singular_values.clone(),
            total_variance: self.moments.scatter.0.sum() / divisor,
        };
        let (count, n_samples) = (self.axes.nrows(), self.moments.count);
        Pca::with_noise(principal, count, n_samples, self.dropped / divisor, PcaSolver::Full, whitening)
    }

    /// That as many components are kept as are wanted: what was dropped does not come back.
    pub(super) fn require_components(&self, wanted: usize) -> Result<(), Error> {
        let found = self.axes.nrows();
        if found == wanted {
            return Ok(());
        }
        let requirement = format!("{wanted}, as in the model it is merged into");
        let parameter = "n_components of other";
        Err(Error::InvalidParameter { parameter, value: found.to_string(), requirement })
    }

    pub(super) fn count(&self) -> usize {
        self.moments.count
    }

    pub(super) fn features(&self) -> usize {
        self.moments.mean.len()
    }

    pub(super) fn mean(&self) -> &Array1<f64> {
        &self.moments.mean
    }
}

/// Writes `block` less `mean` into `centred`; the difference is taken in double precision.
fn centre<T: Scalar>(block: &ArrayRef2<T>, mean: &Array1<f64>, mut centred: ArrayViewMut2<T>) {
    for ((source, mut column), mean) in block.columns().into_iter().zip(centred.columns_mut()).zip(mean) {
        column.zip_mut_with(&source, |entry, x| *entry = T::from_f64(x.as_f64() - mean));
    }
}
