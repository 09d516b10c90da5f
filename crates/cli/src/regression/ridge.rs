//! Ridge regression, with a penalty that is given or chosen by exact leave-one-out errors.

use super::report::Summary;
use super::{Data, Fit, Method, Path, Search};
use crate::arguments::{Alpha, RidgeArguments};
use crate::error::{Error, Result};
use crate::number::Number;
use lapwing::ml::linear_model::ridge_path;
use lapwing::ml::{Intercept, Ridge, RidgeCv};
use ndarray::Axis;

/// Penalties to choose among: five to each power of ten, `numpy.logspace(-6, 6, 61)`.
const GRID: usize = 61;

impl Method for RidgeArguments {
    type Model<T: Number> = Ridge<T>;

    const NAME: &'static str = "ridge";

    fn fit<T: Number>(&self, data: &Data<'_, T>) -> Result<Fit<Ridge<T>>> {
        let grid: Vec<f64> = (0..GRID).map(|i| 10_f64.powf(i as f64 / 5.0 - 6.0)).collect();
        let (alpha, search) = match self.alpha {
            Alpha::Given(alpha) => (alpha, None),
            Alpha::Auto => {
                let chosen = RidgeCv::params().intercept(data.intercept).alphas(&grid).fit(data.x, data.y)?;
                let errors = chosen.scores().column(0).iter().map(|score| -score).collect();
                (chosen.alpha(), Some(Search::new("leave-one-out", grid.clone(), errors, chosen.alpha())))
            }
        };
        // Whoever chose the penalty, the model is saved and loaded as one type.
        let model = Ridge::params().intercept(data.intercept).alpha(alpha).fit(data.x, data.y)?;
        let summary = self.summary.then(|| summarize(data, alpha)).transpose()?;
        let path = data.wants_path.then(|| path(data, grid)).transpose()?;
        Ok(Fit { model, search, summary, path })
    }

    fn solver<T: Number>(model: &Ridge<T>) -> String {
        model.solver().to_string()
    }

    fn alpha<T: Number>(model: &Ridge<T>) -> Option<f64> {
        Some(model.alpha())
    }
}

fn summarize<T: Number>(data: &Data<'_, T>, alpha: f64) -> Result<Summary> {
    if alpha == 0.0 {
        return Err(Error::new("without a penalty, a sample may be all that its own prediction rests on")
            .remedy("give a larger --alpha with --summary, or take lapwing ols --summary"));
    }
    let left_out = RidgeCv::params().intercept(data.intercept).alphas(&[alpha]).fit(data.x, data.y)?;
    let effective = match data.intercept {
        Intercept::Fitted => ridge_path(data.x, data.y, &[alpha])?.effective_parameters()[0],
        // Along a direction of singular value s, a share of s² / (s² + α) of the target is followed.
        Intercept::Zero => {
            let values = lapwing::Svd::values(data.x)?.values;
            let share = |&value: &T| 1.0 / (1.0 + alpha / Into::<f64>::into(value).powi(2));
            values.iter().map(share).sum()
        }
    };
    Ok(Summary::of_ridge(effective, -left_out.best_score()))
}

fn path<T: Number>(data: &Data<'_, T>, alphas: Vec<f64>) -> Result<Path> {
    data.run.progress.phase("fitting all penalties");
    let coefficients = match data.intercept {
        Intercept::Fitted => {
            let path = ridge_path(data.x, data.y, &alphas)?;
            path.coefficients().index_axis(Axis(1), 0).rows().into_iter().map(|row| row.to_vec()).collect()
        }
        Intercept::Zero => {
            let params = Ridge::params().intercept(Intercept::Zero);
            let at = |&alpha: &f64| -> Result<Vec<f64>> {
                let model = params.clone().alpha(alpha).fit(data.x, data.y)?;
                Ok(model.coefficients().iter().map(|&coefficient| coefficient.into()).collect())
            };
            alphas.iter().map(at).collect::<Result<_>>()?
        }
    };
    Ok(Path { alphas, coefficients })
}
