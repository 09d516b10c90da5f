//! The errors on each fold of the models of the others.

use lapwing_lapack::{Scalar, threads, zeros};
use ndarray::{Array1, Array2, Array3, ArrayRef1, ArrayRef2, Axis, Ix1};

use super::super::design::{Descent, Design};
use super::super::params::ElasticNetParams;
use super::KFold;
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::linear_model::cross_moments::CrossMoments;
use crate::linear_model::regression::{Intercept, Regression};
use crate::model_selection::Split;
use crate::moments::variance_overflows;

/// The penalties to try: a list of alphas, all of the same length, for each share.
pub(super) struct Grid {
    pub(super) l1_ratios: Vec<f64>,
    pub(super) alphas: Vec<Vec<f64>>,
}

/// The mean squared error for each share, alpha and fold, and how many descents have not converged.
pub(super) struct Scores {
    pub(super) errors: Array3<f64>,
    pub(super) unconverged: usize,
}

/// The moments of each fold, with means counted from the first row of all, so that merging them loses no digit.
pub(super) struct FoldMoments {
    folds: Vec<CrossMoments>,
    /// The first row and its target; zero without an intercept.
    x_reference: Array1<f64>,
    y_reference: f64,
}

impl FoldMoments {
    /// One pass over the rows, fold after fold: of each fold a copy is made, and only of it.
    pub(super) fn new<T: Scalar>(
        x: &ArrayRef2<T>,
        y: &ArrayRef1<T>,
        weights: Option<&ArrayRef1<T>>,
        folds: KFold,
        intercept: Intercept,
    ) -> Result<Self, Error> {
        let splits = folds.split(x.nrows())?;
        lapwing_lapack::require_finite("x", x)?;
        let (x_reference, y_reference) = match intercept {
            Intercept::Fitted => (x.row(0).mapv(T::as_f64), y[0].as_f64()),
            Intercept::Zero => (Array1::zeros(x.ncols()), 0.0),
        };
        let moments = splits.map(|Split { test, .. }| {
            let mut rows = zeros(test.len(), x.ncols())?;
            for (mut copy, &i) in rows.outer_iter_mut().zip(&test) {
                let row = x.row(i);
                copy.iter_mut().zip(row).zip(&x_reference).for_each(|((c, x), r)| *c = x.as_f64() - r);
            }
            let targets: Array1<f64> = test.iter().map(|&i| y[i].as_f64() - y_reference).collect();
            let weights: Option<Array1<f64>> =
                weights.map(|weights| test.iter().map(|&i| weights[i].as_f64()).collect());
            let overflow = |error| match error {
                // The data is finite, so that only its differences can not be.
                Error::Lapack(lapwing_lapack::Error::NonFinite { .. }) => variance_overflows(),
                error => error,
            };
            Regression::new::<Ix1>("a fold", &rows, &targets, weights.as_deref(), intercept)
                .and_then(|data| data.moments())
                .map_err(overflow)
        });
        Ok(Self { folds: moments.collect::<Result<_, _>>()?, x_reference, y_reference })
    }

    /// The moments of all rows.
    pub(super) fn total(&self) -> CrossMoments {
        let mut total = self.without(self.folds.len());
        total.x_mean += &self.x_reference;
        total.y_mean += self.y_reference;
        total
    }

    /// The moments of all folds but one, with means counted from the first row.
    fn without(&self, fold: usize) -> CrossMoments {
        let first = usize::from(fold == 0);
        let mut total = self.folds[first].clone();
        for (_, others) in self.folds.iter().enumerate().filter(|&(i, _)| i != fold && i != first) {
            total.merge(others);
        }
        total
    }

    /// The errors of the paths of the other folds on each fold, the folds in parallel.
    pub(super) fn score(&self, grid: &Grid, params: &ElasticNetParams) -> Scores {
        let score_fold = |fold: usize| {
            let design = Design::from_moments(self.without(fold));
            let mut columns = Vec::new();
            let mut unconverged = 0;
            for (alphas, &l1_ratio) in grid.alphas.iter().zip(&grid.l1_ratios) {
                for descent in design.path(0, alphas, l1_ratio, params) {
                    unconverged += usize::from(!descent.outcome.has_converged());
                    columns.push(squared_error(&self.folds[fold], &design, &descent));
                }
            }
            (columns, unconverged)
        };
        let ranges = threads::partition(self.folds.len(), 1);
        let parts = threads::map(ranges, |folds| folds.map(score_fold).collect::<Vec<_>>());
        let mut errors = grid.errors(self.folds.len());
        let mut unconverged = 0;
        for (fold, (column, count)) in parts.into_iter().flatten().enumerate() {
            errors.index_axis_mut(Axis(2), fold).iter_mut().zip(column).for_each(|(e, error)| *e = error);
            unconverged += count;
        }
        Scores { errors, unconverged }
    }
}

/// The mean squared error on rows of these moments: that around their own means, and the square of how far the model misses
/// those. Right to the rounding of the targets' variance.
fn squared_error(fold: &CrossMoments, design: &Design, descent: &Descent) -> f64 {
    let support: Vec<(usize, f64)> = descent
        .coefficients
        .iter()
        .copied()
        .enumerate()
        .filter(|&(_, coefficient)| coefficient != 0.0)
        .collect();
    let mut sum = fold.y_squares[0];
    let mut miss = fold.y_mean[0] - design.y_mean()[0];
    for (position, &(i, coefficient)) in support.iter().enumerate() {
        let before: f64 = support[..position].iter().map(|&(j, other)| fold.gram[[i, j]] * other).sum();
        sum += coefficient * (fold.gram[[i, i]] * coefficient + 2.0 * (before - fold.cross[[i, 0]]));
        miss -= coefficient * (fold.x_mean[i] - design.x_mean()[i]);
    }
    sum.max(0.0) / fold.weight + miss * miss
}

/// The errors where there are no moments to share: the rows of each fold weigh nothing in the design that `design_of` makes of
/// the weights, and are then predicted. One fold after the other, because products of the data have threads of their own.
pub(super) fn by_masking<T: Scalar, X: DataMatrix<T> + ?Sized>(
    x: &X,
    y: &ArrayRef1<T>,
    weights: Option<&ArrayRef1<T>>,
    folds: KFold,
    grid: &Grid,
    params: &ElasticNetParams,
    design_of: impl Fn(&ArrayRef1<T>) -> Result<Design, Error>,
) -> Result<Scores, Error> {
    let (rows, features) = x.dimensions();
    let mut errors = grid.errors(folds.n_splits());
    let mut unconverged = 0;
    for (fold, Split { test, .. }) in folds.split(rows)?.enumerate() {
        let all = weights.map_or_else(|| Array1::ones(rows), |weights| weights.to_owned());
        let left_out: Array1<f64> = test.iter().map(|&i| all[i].as_f64()).collect();
        crate::linear_model::check_weights(&left_out, test.len())?;
        let mut masked = all;
        test.iter().for_each(|&i| masked[i] = T::zero());
        let design = design_of(&masked)?;
        for (ratio, (alphas, &l1_ratio)) in grid.alphas.iter().zip(&grid.l1_ratios).enumerate() {
            let descents = design.path(0, alphas, l1_ratio, params);
            let mut coefficients: Array2<T> = zeros(features, descents.len())?;
            for (mut column, descent) in coefficients.columns_mut().into_iter().zip(&descents) {
                unconverged += usize::from(!descent.outcome.has_converged());
                column.iter_mut().zip(&descent.coefficients).for_each(|(to, &from)| *to = T::from_f64(from));
            }
            let predictions = x.centred_product(design.x_mean(), &coefficients)?;
            for (alpha, predictions) in predictions.columns().into_iter().enumerate() {
                let squares = test.iter().zip(&left_out).map(|(&i, weight)| {
                    let residual = (y[i].as_f64() - design.y_mean()[0]) - predictions[i].as_f64();
                    weight * residual * residual
                });
                errors[[ratio, alpha, fold]] = squares.sum::<f64>() / left_out.sum();
            }
        }
    }
    Ok(Scores { errors, unconverged })
}
