//! Ordinary least squares, and the statistics of the fit.

use super::report::Summary;
use super::{Data, Fit, Method};
use crate::arguments::OlsArguments;
use crate::error::Result;
use crate::number::Number;
use lapwing::ml::LinearRegression;

impl Method for OlsArguments {
    type Model<T: Number> = LinearRegression<T>;

    const NAME: &'static str = "ols";

    fn fit<T: Number>(&self, data: &Data<'_, T>) -> Result<Fit<LinearRegression<T>>> {
        let params = LinearRegression::params().intercept(data.intercept);
        let model = params.fit(data.x, data.y)?;
        let summary = if self.summary {
            data.run.progress.phase("summarizing");
            Some(Summary::of_least_squares(params.summarize(data.x, data.y)?, data.names)?)
        } else {
            None
        };
        Ok(Fit { model, search: None, summary, path: None })
    }

    fn solver<T: Number>(model: &LinearRegression<T>) -> String {
        model.solver().to_string()
    }

    fn alpha<T: Number>(_: &LinearRegression<T>) -> Option<f64> {
        None
    }
}
