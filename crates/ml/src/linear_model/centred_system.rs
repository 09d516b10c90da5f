//! A regression's features and targets less their (weighted) means, each row times the root of its weight: as a copy, in
//! panels of columns, or as the products of its rows with each other.

use std::ops::Range;

use lapwing_lapack::{Scalar, Triangle, gemm, require_finite, syrk, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView2, s};

use super::cross_moments::Block;
use super::regression::{Intercept, Regression};
use crate::error::Error;
use crate::moments::variance_overflows;

/// Entries of a panel of columns: 8 MB, enough columns for a product over them to run at full speed.
const PANEL_ENTRIES: usize = 1 << 20;

impl<T: Scalar> Regression<'_, T> {
    /// The targets less their means, times the roots of the weights; and the means.
    pub(crate) fn centred_targets(&self) -> Result<(Array2<f64>, Array1<f64>), Error> {
        let mut block = Block::like(self.y, self.y.nrows())?;
        let mean = self.fill(&mut block, self.y);
        Ok((block.rows(self.y.nrows()).to_owned(), mean))
    }

    /// Calls `work` with panels of the features, centred and weighted; returns the means of all of them.
    pub(crate) fn for_each_panel(
        &self,
        mut work: impl FnMut(Range<usize>, ArrayView2<f64>) -> Result<(), Error>,
    ) -> Result<Array1<f64>, Error> {
        let (rows, columns) = self.x.dim();
        let width = (PANEL_ENTRIES / rows).clamp(128, 4096).min(columns);
        let mut mean = Array1::zeros(columns);
        let mut block = Block::like(self.x.slice(s![.., ..width]), rows)?;
        for start in (0..columns).step_by(width) {
            let panel = start..(start + width).min(columns);
            let source = self.x.slice(s![.., panel.clone()]);
            if panel.len() < width {
                block = Block::like(source, rows)?;
            }
            mean.slice_mut(s![panel.clone()]).assign(&self.fill(&mut block, source));
            work(panel, block.rows(rows))?;
        }
        Ok(mean)
    }

    /// `X̃ᵀ c`, p x k, for the centred and weighted features and `c` (n x k).
    pub(crate) fn transposed_product(&self, c: &ArrayRef2<f64>) -> Result<Array2<f64>, Error> {
        let mut product = zeros(self.x.ncols(), c.ncols())?;
        self.for_each_panel(|columns, panel| {
            Ok(gemm(1.0, &panel.t(), c, 0.0, &mut product.slice_mut(s![columns, ..]))?)
        })?;
        Ok(product)
    }

    fn fill(&self, block: &mut Block, source: ArrayView2<T>) -> Array1<f64> {
        let weights = self.weights.map(|weights| weights.mapv(T::as_f64));
        match self.intercept {
            Intercept::Fitted => {
                let reference = source.row(0).mapv(T::as_f64);
                reference.clone() + block.fill(source, Some(&reference), weights.as_ref(), self.weight)
            }
            Intercept::Zero => block.fill(source, None, weights.as_ref(), self.weight),
        }
    }
}

/// A copy of the data, centred and weighted, in double precision.
pub(crate) struct CentredSystem {
    /// n x p.
    pub(crate) x: Array2<f64>,
    /// n x t.
    pub(crate) y: Array2<f64>,
    pub(crate) x_mean: Array1<f64>,
    pub(crate) y_mean: Array1<f64>,
}

impl CentredSystem {
    pub(crate) fn new<T: Scalar>(data: &Regression<'_, T>) -> Result<Self, Error> {
        require_finite("x", data.x)?;
        let (rows, columns) = data.x.dim();
        let column_major = data.x.strides()[1] != 1;
        let mut x = if column_major { zeros(columns, rows)?.reversed_axes() } else { zeros(rows, columns)? };
        let x_mean = data.for_each_panel(|columns, panel| {
            x.slice_mut(s![.., columns]).assign(&panel);
            Ok(())
        })?;
        let (y, y_mean) = data.centred_targets()?;
        let finite = x.iter().chain(&x_mean).chain(&y).chain(&y_mean).all(|entry| entry.is_finite());
        if finite { Ok(Self { x, y, x_mean, y_mean }) } else { Err(variance_overflows()) }
    }
}

/// The products of the centred and weighted rows with each other, for data of more features than samples.
pub(crate) struct CentredKernel {
    /// n x n; only the lower triangle is meaningful.
    pub(crate) kernel: Array2<f64>,
    /// The targets, centred and weighted, n x t.
    pub(crate) y: Array2<f64>,
    pub(crate) x_mean: Array1<f64>,
    pub(crate) y_mean: Array1<f64>,
    /// With an intercept, the unit vector whose product with the centred features is zero: the roots of the weights.
    null_vector: Option<Array1<f64>>,
}

impl CentredKernel {
    /// n² p operations by BLAS's threads; the copies are panels of columns.
    pub(crate) fn new<T: Scalar>(data: &Regression<'_, T>) -> Result<Self, Error> {
        let mut kernel = zeros(data.x.nrows(), data.x.nrows())?;
        let x_mean =
            data.for_each_panel(|_, panel| Ok(syrk(Triangle::Lower, 1.0, &panel, 1.0, &mut kernel)?))?;
        // The diagonal bounds the rest.
        if !kernel.diag().iter().chain(&x_mean).all(|entry| entry.is_finite()) {
            require_finite("x", data.x)?;
            return Err(variance_overflows());
        }
        let (y, y_mean) = data.centred_targets()?;
        let null_vector = match data.intercept {
            Intercept::Fitted => {
                let roots = data.root_weights().unwrap_or_else(|| Array1::ones(data.x.nrows()));
                Some(roots / data.weight.sqrt())
            }
            Intercept::Zero => None,
        };
        Ok(Self { kernel, y, x_mean, y_mean, null_vector })
    }

    /// Adds `size` times the projection on the null vector, which the centred targets have no part in: no solution
    /// changes, and the eigenvalue that is zero by centring, not by the data, is out of the way.
    pub(crate) fn lift_null_vector(&mut self, size: f64) {
        if let Some(null) = &self.null_vector {
            for (i, mut row) in self.kernel.outer_iter_mut().enumerate() {
                row.slice_mut(s![..=i]).scaled_add(size * null[i], &null.slice(s![..=i]));
            }
        }
    }

    pub(crate) fn has_null_vector(&self) -> bool {
        self.null_vector.is_some()
    }
}
