//! The data of a fit in the form that its descent reads, and the descent down a list of penalties.

use std::ops::Deref;

use lapwing_iterative::sprs::{CsMatBase, SpIndex};
use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array1, ArrayRef, ArrayRef1, ArrayRef2};

use super::columns::Columns;
use super::covariance::{Covariance, mirror};
use super::descent::{Outcome, Penalty, Problem, descend};
use super::params::{ElasticNetParams, Updates};
use super::sparse_columns::SparseColumns;
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::linear_model::check_weights;
use crate::linear_model::cross_moments::CrossMoments;
use crate::linear_model::regression::{Intercept, Regression, check_targets};
use crate::linear_model::targets::Targets;
use crate::moments::variance_overflows;

/// Features and targets, around their means.
pub(super) enum Design {
    Covariance(CrossMoments),
    Columns { columns: Columns, weight: f64 },
    Sparse { columns: SparseColumns, weight: f64 },
}

/// What a descent to one penalty has found.
pub(super) struct Descent {
    pub(super) alpha: f64,
    pub(super) coefficients: Vec<f64>,
    /// Gap and tolerance per unit of weight, as the objective is documented.
    pub(super) outcome: Outcome,
}

impl Design {
    pub(super) fn dense<T: Scalar, D: Targets>(
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
        params: &ElasticNetParams,
    ) -> Result<Self, Error> {
        check_shape(x.dim(), D::as_columns(y).ncols())?;
        if params.updates.by_covariance(x.dim()) {
            let data = Regression::new("coordinate descent", x, y, weights, params.intercept)?;
            return Ok(Self::from_moments(data.moments()?));
        }
        require_finite("x", x)?;
        check_targets(x.nrows(), y)?;
        let (weight, factors) = factors(weights, x.nrows())?;
        let centred = params.intercept == Intercept::Fitted;
        let columns = Columns::new(x, &D::as_columns(y), factors.as_ref(), centred)?;
        if columns.is_finite() { Ok(Self::Columns { columns, weight }) } else { Err(variance_overflows()) }
    }

    pub(super) fn from_moments(mut moments: CrossMoments) -> Self {
        mirror(&mut moments);
        Self::Covariance(moments)
    }

    pub(super) fn sparse<T, D, I, Pointers, Indices, Data, Pointer>(
        x: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
        params: &ElasticNetParams,
    ) -> Result<Self, Error>
    where
        T: Scalar,
        D: Targets,
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        check_shape(x.shape(), D::as_columns(y).ncols())?;
        x.require_finite_entries("x")?;
        check_targets(x.rows(), y)?;
        let (weight, factors) = factors(weights, x.rows())?;
        let centred = params.intercept == Intercept::Fitted;
        let columns = SparseColumns::new(x, &D::as_columns(y), factors.as_ref(), centred);
        if columns.is_finite() { Ok(Self::Sparse { columns, weight }) } else { Err(variance_overflows()) }
    }

    pub(super) fn x_mean(&self) -> &Array1<f64> {
        match self {
            Design::Covariance(moments) => &moments.x_mean,
            Design::Columns { columns, .. } => &columns.x_mean,
            Design::Sparse { columns, .. } => &columns.x_mean,
        }
    }

    pub(super) fn y_mean(&self) -> &Array1<f64> {
        match self {
            Design::Covariance(moments) => &moments.y_mean,
            Design::Columns { columns, .. } => &columns.y_mean,
            Design::Sparse { columns, .. } => &columns.y_mean,
        }
    }

    fn weight(&self) -> f64 {
        match self {
            Design::Covariance(moments) => moments.weight,
            Design::Columns { weight, .. } | Design::Sparse { weight, .. } => *weight,
        }
    }

    fn problem(&self, target: usize) -> Box<dyn Problem + '_> {
        match self {
            Design::Covariance(moments) => Box::new(Covariance::new(moments, target)),
            Design::Columns { columns, .. } => Box::new(columns.problem(target)),
            Design::Sparse { columns, .. } => Box::new(columns.problem(target)),
        }
    }

    /// `Xᵀy / n` for one target: where a penalty on the magnitudes begins to leave something.
    pub(super) fn correlations(&self, target: usize) -> Vec<f64> {
        let mut correlations = vec![0.0; self.x_mean().len()];
        self.problem(target).correlations(&mut correlations);
        correlations.iter_mut().for_each(|correlation| *correlation /= self.weight());
        correlations
    }

    /// The minima at `alphas` for one target, each descent beginning at the minimum before it.
    pub(super) fn path(
        &self,
        target: usize,
        alphas: &[f64],
        l1_ratio: f64,
        params: &ElasticNetParams,
    ) -> Vec<Descent> {
        let weight = self.weight();
        let mut problem = self.problem(target);
        let mut coefficients = vec![0.0; self.x_mean().len()];
        let descents = alphas.iter().map(|&alpha| {
            // No product with a coefficient of zero may be infinite.
            let of_weight = |share: f64| (alpha * share * weight).min(f64::MAX);
            let penalty = Penalty { l1: of_weight(l1_ratio), l2: of_weight(1.0 - l1_ratio) };
            let found = descend(&mut *problem, &mut coefficients, penalty, params);
            let Outcome { iterations, gap, tolerance } = found;
            let outcome = Outcome { iterations, gap: gap / weight, tolerance: tolerance / weight };
            Descent { alpha, coefficients: coefficients.clone(), outcome }
        });
        descents.collect()
    }
}

impl Updates {
    /// Whether a Gram matrix is worth its making: when it is smaller than the data.
    pub(super) fn by_covariance(self, (rows, features): (usize, usize)) -> bool {
        match self {
            Updates::Auto => rows > features,
            Updates::Covariance => true,
            Updates::Residual => false,
        }
    }
}

/// The sum of the weights, and their roots.
fn factors<T: Scalar>(
    weights: Option<&ArrayRef1<T>>,
    rows: usize,
) -> Result<(f64, Option<Array1<f64>>), Error> {
    let Some(weights) = weights else { return Ok((rows as f64, None)) };
    let weight = check_weights(weights, rows)?;
    Ok((weight, Some(weights.mapv(|weight| weight.as_f64().sqrt()))))
}

fn check_shape((rows, features): (usize, usize), targets: usize) -> Result<(), Error> {
    if features == 0 {
        return Err(Error::NoFeatures { argument: "x" });
    }
    if rows == 0 {
        return Err(Error::TooFewSamples { argument: "x", method: "ElasticNet", found: 0, least: 1 });
    }
    if targets == 0 {
        let (argument, extent, reason) = ("y", "columns", "at least one target");
        return Err(lapwing_lapack::Error::Shape { argument, extent, found: 0, expected: 1, reason }.into());
    }
    Ok(())
}
