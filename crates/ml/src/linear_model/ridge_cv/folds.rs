//! Cross-validation in folds: the fit of all folds but one from sums over each.

use lapwing_lapack::{Scalar, matmul};
use ndarray::{Array1, Array2, ArrayView2, Axis, Ix2, s};

use super::spectral_form::SpectralForm;
use super::{CvResults, PenaltyChoice, RidgeCv, RidgeCvParams, RidgeScoring, Zero, check_grid};
use crate::error::Error;
use crate::linear_model::cross_moments::CrossMoments;
use crate::linear_model::predictor::LinearPredictor;
use crate::linear_model::regression::{Intercept, Regression};
use crate::linear_model::ridge::{Ridge, RidgeParams};
use crate::linear_model::targets::Targets;
use crate::metrics::PredictionErrors;
use crate::model_selection::{KFold, Split};

/// Some rows of a regression in double precision, with an intercept counted from the first row of all.
struct Rows {
    x: Array2<f64>,
    y: Array2<f64>,
    weights: Option<Array1<f64>>,
}

impl Rows {
    fn gather<T: Scalar>(data: &Regression<'_, T>, rows: &[usize]) -> Self {
        let weights = data.weights.map(|weights| weights.select(Axis(0), rows).mapv(T::as_f64));
        Self {
            x: differences(data.x.view(), rows, data.intercept),
            y: differences(data.y, rows, data.intercept),
            weights,
        }
    }

    fn is_weightless(&self) -> bool {
        self.weights.as_ref().is_some_and(|weights| weights.iter().all(|&weight| weight == 0.0))
    }

    fn moments(&self, intercept: Intercept) -> Result<CrossMoments, Error> {
        let weights = self.weights.as_deref();
        Regression::new::<Ix2>("ridge regression", &self.x, &self.y, weights, intercept)?.moments()
    }
}

/// The given rows less the first row, whose differences are exact to a rounding wherever the data lies.
fn differences<T: Scalar>(all: ArrayView2<T>, rows: &[usize], intercept: Intercept) -> Array2<f64> {
    let mut gathered = match rows {
        // Neighbours, as the folds of consecutive rows are, need no gathering.
        [first, .., last] if last - first + 1 == rows.len() => {
            all.slice(s![*first..=*last, ..]).mapv(T::as_f64)
        }
        _ => all.select(Axis(0), rows).mapv(T::as_f64),
    };
    if intercept == Intercept::Fitted {
        gathered -= &all.row(0).mapv(T::as_f64);
    }
    gathered
}

impl RidgeCvParams {
    /// The best penalty by its mean score over the folds, and the fit of all rows with it.
    pub(super) fn in_folds<T: Scalar, D: Targets>(
        &self,
        data: &Regression<'_, T>,
        folds: KFold,
    ) -> Result<RidgeCv<T, D>, Error> {
        check_grid(&self.alphas, Zero::Accepted)?;
        let refused = |parameter, value: &str| {
            let requirement = "left at its default with folds".to_owned();
            Err(Error::InvalidParameter { parameter, value: value.to_owned(), requirement })
        };
        if self.penalty_choice == PenaltyChoice::PerTarget {
            return refused("penalty_choice", "per target");
        }
        if self.cv_results == CvResults::PerSample {
            return refused("cv_results", "per sample");
        }
        lapwing_lapack::require_finite("x", data.x)?;
        let splits: Vec<Split> = folds.split(data.x.nrows())?.collect();
        let longest = splits.iter().map(|split| split.test.len()).max().unwrap_or(0);
        // Where the rows of a fit are fewer than its features, sums over features are the larger ones.
        let tall = data.x.nrows() - longest > data.x.ncols();
        let moments = if tall {
            splits.iter().map(|split| fold_moments(data, split)).collect::<Result<Vec<_>, _>>()?
        } else {
            Vec::new()
        };
        let mut scores = Array2::zeros((self.alphas.len(), data.y.ncols()));
        for (f, split) in splits.iter().enumerate() {
            let (form, coefficients) = if tall {
                let mut sums = CrossMoments::empty(data.x.ncols(), data.y.ncols())?;
                let others = moments.iter().enumerate().filter(|(g, _)| *g != f);
                others.filter_map(|(_, moments)| moments.as_ref()).for_each(|moments| sums.merge(moments));
                require_weight(sums.weight)?;
                let form = SpectralForm::of_features(&sums, split.train.len())?;
                let filtered = form.filtered(&self.alphas, |alpha| form.reciprocals(alpha));
                let coefficients = matmul(&form.vectors, &filtered)?.reversed_axes();
                (form, coefficients)
            } else {
                let rows = Rows::gather(data, &split.train);
                require_weight(if rows.is_weightless() { 0.0 } else { 1.0 })?;
                let weights = rows.weights.as_deref();
                let train =
                    Regression::new::<Ix2>("ridge regression", &rows.x, &rows.y, weights, self.intercept)?;
                let form = SpectralForm::new(&train)?;
                let coefficients = form.coefficients(&train, &self.alphas)?;
                (form, coefficients)
            };
            scores += &self.fold_scores(&Rows::gather(data, &split.test), &form, &coefficients)?;
        }
        scores /= splits.len() as f64;
        let best = self.choose(&scores);
        let chosen = best.mapv(|a| self.alphas[a]);
        let params: RidgeParams = Ridge::params().alpha(chosen[0]).intercept(self.intercept);
        let predictor: LinearPredictor<T, D> = params.fit_regression(data)?;
        Ok(self.model(predictor, chosen, scores, best, None))
    }

    /// The scores of each penalty (rows) for each target, in the rows that were left out.
    fn fold_scores(
        &self,
        test: &Rows,
        form: &SpectralForm,
        coefficients: &Array2<f64>,
    ) -> Result<Array2<f64>, Error> {
        let targets = test.y.ncols();
        let mut scores = Array2::zeros((self.alphas.len(), targets));
        let predictions = matmul(&(&test.x - &form.x_mean), &coefficients.t())?;
        for (mut row, predicted) in
            scores.outer_iter_mut().zip(predictions.axis_chunks_iter(Axis(1), targets))
        {
            let errors = PredictionErrors::new::<f64, Ix2>(&test.y, &(&predicted + &form.y_mean))?;
            row.assign(&match self.scoring.unwrap_or(RidgeScoring::R2) {
                RidgeScoring::R2 => errors.r2_scores()?,
                RidgeScoring::MeanSquaredError => -errors.mean_squared_errors(),
            });
        }
        Ok(scores)
    }
}

/// The sums over the rows of a fold, with means counted from the first row of all; none where no row has a weight.
fn fold_moments<T: Scalar>(data: &Regression<'_, T>, split: &Split) -> Result<Option<CrossMoments>, Error> {
    let rows = Rows::gather(data, &split.test);
    if rows.is_weightless() { Ok(None) } else { rows.moments(data.intercept).map(Some) }
}

fn require_weight(weight: f64) -> Result<(), Error> {
    if weight > 0.0 {
        return Ok(());
    }
    let requirement = "not all 0 in the rows outside of a fold".to_owned();
    Err(Error::InvalidParameter { parameter: "weights", value: "0 in sum".to_owned(), requirement })
}
