//! Ridge regression whose penalty is chosen by cross-validation.
//!
//! The semantics are those of scikit-learn's `sklearn.linear_model.RidgeCV`: every penalty's errors with each sample left out
//! come exactly from one decomposition, that of the products of the features or, where these outnumber the samples, of the
//! rows. Differences:
//!
//! - With an intercept, the direction that centring takes out of the products of the rows is taken out of the sums, where
//!   scikit-learn subtracts it in the end: small penalties lose no digit.
//! - What is kept of single samples is their squared error, whatever the scoring.
//! - With folds, a penalty's fits come from sums over the folds, each summed once.

mod folds;
mod leave_one_out;
mod path;
mod persistence;
mod spectral_form;
#[cfg(test)]
mod tests;

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::{
    Array1, Array2, Array3, ArrayRef, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, ArrayView3, Axis, Ix1,
};

pub use path::{RidgePath, ridge_path};
pub(crate) use spectral_form::{Side, SpectralForm};

use self::leave_one_out::Keep;
use super::predictor::LinearPredictor;
use super::regression::{Intercept, Regression};
use super::targets::Targets;
use crate::error::Error;
use crate::model_selection::KFold;

/// By what a penalty is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RidgeScoring {
    /// The mean of the squared errors, with its sign changed: scikit-learn's default with each sample left out.
    #[default]
    MeanSquaredError,
    /// R², of all left-out samples together, or the mean over folds: scikit-learn's default with folds.
    R2,
}

/// Which samples are left out at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CrossValidation {
    /// Each by itself.
    #[default]
    LeaveOneOut,
    /// A fold of them. As in scikit-learn, the weights of samples count in the fits, not in the scores.
    Folds(KFold),
}

/// For whom a penalty is chosen. scikit-learn's `alpha_per_target`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PenaltyChoice {
    /// One for all targets, by their mean score.
    #[default]
    Common,
    /// One for each target. Leave-one-out only, as in scikit-learn.
    PerTarget,
}

/// What is kept of the cross-validation. scikit-learn's `store_cv_results`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CvResults {
    /// The score of each penalty.
    #[default]
    Scores,
    /// The squared error of each sample as well, n x t x penalties. Leave-one-out only, as in scikit-learn.
    PerSample,
}

/// A fitted ridge regression with the best penalty of a grid, which dereferences to its [`LinearPredictor`].
///
/// ```
/// use lapwing_ml::RidgeCv;
/// use ndarray::{Array1, Array2};
/// let x = Array2::from_shape_fn((20, 3), |(i, j)| ((i * (j + 3) * 7) % 11) as f64);
/// let y = Array1::from_shape_fn(20, |i| x[[i, 0]] - 2.0 * x[[i, 2]] + (i % 3) as f64);
/// let model = RidgeCv::params().alphas(&[0.01, 1.0, 100.0]).fit(&x, &y)?;
/// assert!(model.alpha() < 100.0 && model.best_score() > -1.5);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct RidgeCv<T: Scalar, D: Targets = Ix1> {
    predictor: LinearPredictor<T, D>,
    alphas: Array1<f64>,
    /// The chosen penalty of each target.
    chosen: Array1<f64>,
    /// penalties x t.
    scores: Array2<f64>,
    best_score: f64,
    cv_results: Option<Array3<f64>>,
}

/// The choices of a cross-validated ridge regression. Made by [`RidgeCv::params`].
#[derive(Clone, Debug)]
pub struct RidgeCvParams {
    alphas: Vec<f64>,
    intercept: Intercept,
    scoring: Option<RidgeScoring>,
    cross_validation: CrossValidation,
    penalty_choice: PenaltyChoice,
    cv_results: CvResults,
}

impl Default for RidgeCvParams {
    fn default() -> Self {
        Self {
            alphas: vec![0.1, 1.0, 10.0],
            intercept: Intercept::Fitted,
            scoring: None,
            cross_validation: CrossValidation::LeaveOneOut,
            penalty_choice: PenaltyChoice::Common,
            cv_results: CvResults::Scores,
        }
    }
}

impl RidgeCv<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> RidgeCvParams {
        RidgeCvParams::default()
    }
}

impl<T: Scalar, D: Targets> RidgeCv<T, D> {
    /// The best penalty: a number for one target, a vector with an entry for each of several. The first of the best on a tie.
    pub fn alpha(&self) -> D::Intercept<'_, f64> {
        D::intercept(&self.chosen)
    }

    /// The grid of penalties, as it was given.
    pub fn alphas(&self) -> ArrayView1<'_, f64> {
        self.alphas.view()
    }

    /// The score of the chosen penalties, the mean over the targets; the larger the better, so that a mean squared error has
    /// its sign changed.
    pub fn best_score(&self) -> f64 {
        self.best_score
    }

    /// The scores of each penalty (rows) for each target (columns).
    pub fn scores(&self) -> ArrayView2<'_, f64> {
        self.scores.view()
    }

    /// The squared error of each sample, times its weight, in the fit of the others: n x t x penalties.
    ///
    /// # Errors
    /// [`Error::Unavailable`] unless fitted with [`CvResults::PerSample`].
    pub fn cv_results(&self) -> Result<ArrayView3<'_, f64>, Error> {
        let (what, remedy) = ("the error of each sample", "fit with CvResults::PerSample");
        self.cv_results.as_ref().map(|results| results.view()).ok_or(Error::Unavailable { what, remedy })
    }
}

impl<T: Scalar, D: Targets> Deref for RidgeCv<T, D> {
    type Target = LinearPredictor<T, D>;

    fn deref(&self) -> &Self::Target {
        &self.predictor
    }
}

impl RidgeCvParams {
    /// The grid of penalties. Default: 0.1, 1, 10.
    pub fn alphas(mut self, alphas: &[f64]) -> Self {
        self.alphas = alphas.to_vec();
        self
    }

    /// Whether an intercept is fitted. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// By what a penalty is judged. Default: the mean squared error with each sample left out, R² with folds.
    pub fn scoring(mut self, scoring: RidgeScoring) -> Self {
        self.scoring = Some(scoring);
        self
    }

    /// Which samples are left out at a time. Default: [`CrossValidation::LeaveOneOut`].
    pub fn cross_validation(mut self, cross_validation: CrossValidation) -> Self {
        self.cross_validation = cross_validation;
        self
    }

    /// For whom a penalty is chosen. Default: [`PenaltyChoice::Common`].
    pub fn penalty_choice(mut self, choice: PenaltyChoice) -> Self {
        self.penalty_choice = choice;
        self
    }

    /// What is kept of the cross-validation. Default: [`CvResults::Scores`].
    pub fn cv_results(mut self, results: CvResults) -> Self {
        self.cv_results = results;
        self
    }

    /// Fits `y` (n, or n x t) on `x` (n x p).
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for fewer than 2, or fewer than folds, or for R² of a fold of one; [`Error::NoFeatures`];
    /// [`Error::InvalidParameter`] for an empty grid, a penalty that is not positive (negative, with folds) or not finite,
    /// and for a choice per target or errors of samples with folds; [`Error::Lapack`] with `NonFinite`, `Shape` for lengths
    /// that differ, `Overflow` or `OutOfMemory`.
    pub fn fit<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
    ) -> Result<RidgeCv<T, D>, Error> {
        self.fit_rows(x, y, None)
    }

    /// The same with a weight for each sample (n), not negative.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for a negative weight, or none that is positive.
    pub fn fit_weighted<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<RidgeCv<T, D>, Error> {
        self.fit_rows(x, y, Some(weights))
    }

    fn fit_rows<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<RidgeCv<T, D>, Error> {
        let data = Regression::new("ridge regression", x, y, weights, self.intercept)?;
        match self.cross_validation {
            CrossValidation::LeaveOneOut => self.leave_one_out(&data),
            CrossValidation::Folds(folds) => self.in_folds(&data, folds),
        }
    }

    fn leave_one_out<T: Scalar, D: Targets>(&self, data: &Regression<'_, T>) -> Result<RidgeCv<T, D>, Error> {
        check_grid(&self.alphas, Zero::Refused)?;
        let (samples, targets) = data.y.dim();
        require_two_samples(samples)?;
        let keep = match self.cv_results {
            CvResults::Scores => Keep::Sums,
            CvResults::PerSample => Keep::Rows,
        };
        let form = SpectralForm::new(data)?;
        let left_out = form.leave_one_out(data, &self.alphas, keep)?;
        let scores = match self.scoring.unwrap_or(RidgeScoring::MeanSquaredError) {
            RidgeScoring::MeanSquaredError => left_out.squared_errors.mapv(|sum| -sum / samples as f64),
            RidgeScoring::R2 => shares_explained(data, &left_out.squared_errors)?,
        };
        if !scores.iter().all(|score| score.is_finite()) {
            return Err(crate::moments::variance_overflows());
        }
        let best = self.choose(&scores);
        let chosen = best.mapv(|a| self.alphas[a]);
        let coefficients = if best.iter().all(|&a| a == best[0]) {
            form.coefficients(data, &[self.alphas[best[0]]])?
        } else {
            let all = form.coefficients(data, &self.alphas)?;
            let rows: Vec<usize> = best.iter().enumerate().map(|(t, a)| a * targets + t).collect();
            all.select(Axis(0), &rows)
        };
        let predictor = LinearPredictor::new(&coefficients, form.x_mean, form.y_mean)?;
        let cv_results = left_out.per_row.map(|rows| {
            Array3::from_shape_fn((samples, targets, self.alphas.len()), |(i, t, a)| {
                rows[[i, a * targets + t]]
            })
        });
        Ok(self.model(predictor, chosen, scores, best, cv_results))
    }

    fn model<T: Scalar, D: Targets>(
        &self,
        predictor: LinearPredictor<T, D>,
        chosen: Array1<f64>,
        scores: Array2<f64>,
        best: Array1<usize>,
        cv_results: Option<Array3<f64>>,
    ) -> RidgeCv<T, D> {
        let best_score =
            best.iter().enumerate().map(|(t, &a)| scores[[a, t]]).sum::<f64>() / best.len() as f64;
        RidgeCv { predictor, alphas: self.alphas.clone().into(), chosen, scores, best_score, cv_results }
    }

    /// The position of the best penalty of each target.
    fn choose(&self, scores: &Array2<f64>) -> Array1<usize> {
        let first_best = |scores: ArrayView1<f64>| {
            let better = |best: usize, a: usize| if scores[a] > scores[best] { a } else { best };
            (0..scores.len()).fold(0, better)
        };
        match self.penalty_choice {
            PenaltyChoice::PerTarget => scores.columns().into_iter().map(first_best).collect(),
            PenaltyChoice::Common => {
                let means = scores.sum_axis(Axis(1)) / scores.ncols() as f64;
                Array1::from_elem(scores.ncols(), first_best(means.view()))
            }
        }
    }
}

/// Whether a penalty may be zero.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zero {
    Accepted,
    /// Without a penalty, a sample may be the only one to determine its own prediction.
    Refused,
}

fn check_grid(alphas: &[f64], zero: Zero) -> Result<(), Error> {
    let refused = |value: String, requirement: &str| {
        Err(Error::InvalidParameter { parameter: "alphas", value, requirement: requirement.to_owned() })
    };
    if alphas.is_empty() {
        return refused("empty".to_owned(), "at least one penalty");
    }
    let requirement = match zero {
        Zero::Accepted => "finite and at least 0",
        Zero::Refused => "finite and greater than 0",
    };
    let good = |alpha: f64| alpha.is_finite() && (alpha > 0.0 || (alpha == 0.0 && zero == Zero::Accepted));
    match alphas.iter().position(|&alpha| !good(alpha)) {
        Some(i) => refused(format!("{} at position {i}", alphas[i]), requirement),
        None => Ok(()),
    }
}

fn require_two_samples(found: usize) -> Result<(), Error> {
    if found >= 2 {
        return Ok(());
    }
    let method = "a fit with one sample left out";
    Err(Error::TooFewSamples { argument: "x", method, found, least: 2 })
}

/// R² from sums of squared errors, penalties x t: 1 less their share of the targets' own squared deviations. A target that
/// does not vary has the score 1 when it is predicted exactly, and 0 when not.
fn shares_explained<T: Scalar>(
    data: &Regression<'_, T>,
    squared_errors: &Array2<f64>,
) -> Result<Array2<f64>, Error> {
    let around_mean = Regression { intercept: Intercept::Fitted, ..*data };
    let deviations = around_mean.centred_targets()?.0.map_axis(Axis(0), |column| column.dot(&column));
    Ok(Array2::from_shape_fn(squared_errors.dim(), |(a, t)| match (squared_errors[[a, t]], deviations[t]) {
        (0.0, 0.0) => 1.0,
        (_, 0.0) => 0.0,
        (errors, deviations) => 1.0 - errors / deviations,
    }))
}
