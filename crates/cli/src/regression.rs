//! `lapwing ols`, `ridge` and `lasso`: read, fit or load, predict, write, report.

mod figure;
mod lasso;
mod ols;
mod report;
mod ridge;

use crate::arguments::RegressionArguments;
use crate::columns::Heading;
use crate::error::{Error, Result};
use crate::model_run::{ModelRun, Written};
use crate::number::Number;
use crate::read::{self, Apart, Column, Features, Observed, Table};
use lapwing::ml::metrics::{Averaging, PredictionErrors};
use lapwing::ml::{Intercept, LinearPredictor};
use ndarray::{Array1, Array2, Axis, stack};
use report::{Report, Summary};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Deref;
use std::time::Instant;

/// What one of the regressions does of its own.
pub(crate) trait Method {
    /// What is fitted, saved and loaded.
    type Model<T: Number>: Deref<Target = LinearPredictor<T>> + Serialize + DeserializeOwned;

    /// What it is called in reports.
    const NAME: &'static str;

    fn fit<T: Number>(&self, data: &Data<'_, T>) -> Result<Fit<Self::Model<T>>>;

    /// What computed the model.
    fn solver<T: Number>(model: &Self::Model<T>) -> String;

    /// The penalty, of a method that has one.
    fn alpha<T: Number>(model: &Self::Model<T>) -> Option<f64>;
}

/// A table with a target.
pub(crate) struct Data<'a, T> {
    run: &'a ModelRun<'a>,
    x: &'a Array2<T>,
    y: &'a Array1<T>,
    /// What the columns of x are called.
    names: &'a [String],
    intercept: Intercept,
    /// Whether the coefficients for other penalties are to be drawn.
    wants_path: bool,
}

/// A model, and what was found on the way.
pub(crate) struct Fit<M> {
    model: M,
    /// How the penalty was chosen, where it was.
    search: Option<Search>,
    /// Where it was asked for.
    summary: Option<Summary>,
    /// Where it is to be drawn.
    path: Option<Path>,
}

/// A choice among penalties.
#[derive(Debug, Serialize)]
struct Search {
    /// How their errors were found.
    method: &'static str,
    alphas: Vec<f64>,
    /// Of what was left out, for each penalty.
    mean_squared_errors: Vec<f64>,
    at_end: Option<End>,
}

/// An end of the grid of penalties: the best of all may lie beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum End {
    Smallest,
    Largest,
}

impl Search {
    fn new(method: &'static str, alphas: Vec<f64>, mean_squared_errors: Vec<f64>, chosen: f64) -> Self {
        let at_end = if alphas.iter().all(|&alpha| alpha >= chosen) {
            Some(End::Smallest)
        } else if alphas.iter().all(|&alpha| alpha <= chosen) {
            Some(End::Largest)
        } else {
            None
        };
        Self { method, alphas, mean_squared_errors, at_end }
    }
}

/// The coefficients for each of a series of penalties.
struct Path {
    alphas: Vec<f64>,
    /// For each penalty, one for each feature.
    coefficients: Vec<Vec<f64>>,
}

/// How far predictions lie from what was observed.
struct Scores {
    /// There is none of a single sample.
    r2: Option<f64>,
    rmse: f64,
    mae: f64,
}

pub(crate) fn run<M: Method>(method: &M, arguments: &RegressionArguments) -> Result<()> {
    if arguments.model.plot.is_some() && arguments.target.is_none() {
        return Err(Error::new("--plot shows predictions against what was observed")
            .remedy("name the column of the target with --target"));
    }
    let run = ModelRun::start(&arguments.model)?;
    let apart = Apart::Target(arguments.target.as_deref());
    let Table { features, names, apart } = read::table(&arguments.model.input, apart, &run.progress)?;
    let command = Command { method, arguments, run, names, observed: apart.and_then(Column::target) };
    match features {
        Features::Single(x) => command.of_table(&x),
        Features::Double(x) => command.of_table(&x),
    }
}

/// A regression, and the table that it is of.
struct Command<'a, M> {
    method: &'a M,
    arguments: &'a RegressionArguments,
    run: ModelRun<'a>,
    /// What the features are called.
    names: Vec<String>,
    observed: Option<Observed>,
}

/// What a table and a model make together.
struct Outcome<'a, T> {
    x: &'a Array2<T>,
    y: Option<&'a Array1<T>>,
    predictions: Array1<T>,
    scores: Option<Scores>,
    /// Of the features.
    deviations: Vec<f64>,
    seconds: f64,
}

impl<M: Method> Command<'_, M> {
    fn of_table<T: Number>(self, x: &Array2<T>) -> Result<()> {
        let started = Instant::now();
        // Numbers of a file in single precision were exact in double, and are so again.
        let y = self
            .observed
            .as_ref()
            .map(|observed| observed.values.iter().map(|&value| T::from_f64(value)).collect::<Array1<T>>());
        let fit = self.model(x, y.as_ref())?;
        let predictions = fit.model.predict(x)?;
        let seconds = started.elapsed().as_secs_f64();
        let scores = y.as_ref().map(|y| Scores::of(y, &predictions)).transpose()?;
        let deviations = x.columns().into_iter().map(|column| deviation(column.iter().copied())).collect();
        let outcome = Outcome { x, y: y.as_ref(), predictions, scores, deviations, seconds };
        let notes = self.write(&fit, &outcome)?;
        let report = Report::new(&self, &fit, &outcome);
        let (json, text) = (report.json(), report.text(&self, &fit, &outcome, notes));
        self.run.report(|| json, || text)
    }

    fn model<T: Number>(&self, x: &Array2<T>, y: Option<&Array1<T>>) -> Result<Fit<M::Model<T>>> {
        let Self { run, arguments, .. } = self;
        if let Some(path) = &arguments.model.load_model {
            let model = run.load(path, x.ncols(), |model: &M::Model<T>| model.n_features(), "--target")?;
            return Ok(Fit { model, search: None, summary: None, path: None });
        }
        // The arguments ask for a target, unless a model is loaded.
        let Some(y) = y else { return Err(Error::new("there is no target").remedy("name it with --target")) };
        run.progress.phase(format!("fitting {} x {}", x.nrows(), x.ncols()));
        self.method.fit(&Data {
            run,
            x,
            y,
            names: &self.names,
            intercept: arguments.intercept(),
            wants_path: run.targets.plot.is_some(),
        })
    }

    /// Writes every file asked for and tells what was written.
    fn write<T: Number>(&self, fit: &Fit<M::Model<T>>, outcome: &Outcome<'_, T>) -> Result<Vec<String>> {
        let mut written = Written::default();
        if self.run.targets.columns.is_some() {
            let predictions = &outcome.predictions;
            let mut headings = vec![Heading::real("prediction")];
            let mut columns = vec![predictions.view()];
            let residuals = outcome.y.map(|y| y - predictions);
            if let (Some(y), Some(residuals)) = (outcome.y, &residuals) {
                headings.extend([Heading::real("observed"), Heading::real("residual")]);
                columns.extend([y.view(), residuals.view()]);
            }
            let rows = stack(Axis(1), &columns)
                .map_err(|error| Error::new(format!("cannot hold the predictions: {error}")))?;
            written.columns(&self.run, "predictions", &headings, &rows, None)?;
        }
        figure::draw(self, fit, outcome, &mut written)?;
        written.model(&self.run, &fit.model)?;
        written.commit()
    }
}

impl Scores {
    fn of<T: Number>(observed: &Array1<T>, predictions: &Array1<T>) -> Result<Self> {
        let errors = PredictionErrors::new(observed, predictions)?;
        let r2 = (observed.len() > 1).then(|| errors.r2_score(Averaging::Uniform)).transpose()?;
        Ok(Self { r2, rmse: errors.root_mean_squared_error(), mae: errors.mean_absolute_error() })
    }
}

/// The standard deviation, by which coefficients of features in different units can be compared.
fn deviation<T: Number>(values: impl ExactSizeIterator<Item = T> + Clone) -> f64 {
    let count = values.len() as f64;
    let mean = values.clone().map(|value| Into::<f64>::into(value) / count).sum::<f64>();
    // Of squares, so that none overflows where the values do not: divided by the largest.
    let largest = values.clone().fold(0.0, |most: f64, value| most.max((value.into() - mean).abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let squares = values.map(|value| ((value.into() - mean) / largest).powi(2)).sum::<f64>();
    largest * (squares / count).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_at_the_end_of_the_grid_is_told() {
        let at_end = |chosen| Search::new("", vec![10.0, 1.0, 0.1], Vec::new(), chosen).at_end;
        assert_eq!((at_end(0.1), at_end(1.0), at_end(10.0)), (Some(End::Smallest), None, Some(End::Largest)));
    }

    #[test]
    fn deviations_are_those_of_the_population_at_any_scale() {
        assert_eq!(deviation([1.0, 3.0].into_iter()), 1.0);
        assert_eq!(deviation([5.0; 3].into_iter()), 0.0);
        assert_eq!(deviation([1e200, 3e200].into_iter()), 1e200);
    }
}
