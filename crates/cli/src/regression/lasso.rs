//! The lasso, with a penalty that is given or chosen in five folds.

use super::{Data, Fit, Method, Path, Search};
use crate::arguments::{Alpha, LassoArguments};
use crate::error::{Error, Result};
use crate::number::Number;
use lapwing::ml::linear_model::{Alphas, ElasticNet, Lasso, LassoCv};
use lapwing::ml::{self, FitError};
use ndarray::Axis;

/// Columns of a file come in units of their own, in which a descent may take long; it ends where it would with fewer.
const MOST_ITERATIONS: usize = 100_000;

impl Method for LassoArguments {
    type Model<T: Number> = ElasticNet<T>;

    const NAME: &'static str = "lasso";

    fn fit<T: Number>(&self, data: &Data<'_, T>) -> Result<Fit<ElasticNet<T>>> {
        let params = Lasso::params().intercept(data.intercept).max_iterations(MOST_ITERATIONS);
        let (model, search) = match self.alpha {
            Alpha::Given(alpha) => {
                let model = params.alpha(alpha).fit(data.x, data.y);
                (model.map_err(|error| explained(data, error))?, None)
            }
            Alpha::Auto => {
                let params = LassoCv::params().intercept(data.intercept).max_iterations(MOST_ITERATIONS);
                let chosen = params.fit(data.x, data.y).map_err(|error| explained(data, error))?;
                // One share of the penalty on magnitudes, for each alpha and each fold.
                let errors = chosen.mean_squared_errors().index_axis(Axis(0), 0).to_owned();
                let means = errors.rows().into_iter().map(|folds| folds.sum() / folds.len() as f64).collect();
                let alphas = chosen.alphas().row(0).to_vec();
                let search = Search::new("five-fold cross-validation", alphas, means, chosen.alpha());
                (ElasticNet::clone(&chosen), Some(search))
            }
        };
        let path = data.wants_path.then(|| path(data, search.as_ref())).transpose()?;
        Ok(Fit { model, search, summary: None, path })
    }

    fn solver<T: Number>(_: &ElasticNet<T>) -> String {
        "coordinate_descent".to_owned()
    }

    fn alpha<T: Number>(model: &ElasticNet<T>) -> Option<f64> {
        Some(model.alpha())
    }
}

fn path<T: Number>(data: &Data<'_, T>, search: Option<&Search>) -> Result<Path> {
    let alphas = search.map_or_else(Alphas::default, |search| Alphas::Given(search.alphas.clone()));
    let models = Lasso::params()
        .intercept(data.intercept)
        .max_iterations(MOST_ITERATIONS)
        .path(data.x, data.y, &alphas)?;
    Ok(Path {
        alphas: models.iter().map(ElasticNet::alpha).collect(),
        coefficients: models
            .iter()
            .map(|model| model.coefficients().iter().map(|&coefficient| coefficient.into()).collect())
            .collect(),
    })
}

fn explained<T: Number, M>(data: &Data<'_, T>, error: FitError<M>) -> Error {
    match error {
        FitError::NotConverged { iterations, .. } => {
            Error::new(format!("the lasso of {} did not converge in {iterations} iterations", data.run.file))
                .remedy("scale the columns alike, or give a larger --alpha")
        }
        refused => ml::Error::from(refused).into(),
    }
}
