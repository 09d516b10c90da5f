//! `lapwing mahalanobis`: how far each row lies from the middle of the data, and which rows are outliers.

mod report;

use crate::arguments::{CovarianceMethod, MahalanobisArguments};
use crate::columns::Heading;
use crate::error::{Error, Result};
use crate::model_run::{ModelRun, Written};
use crate::number::Number;
use crate::plot::{Distances, Figure, Quantiles};
use crate::read::{self, Apart, Column, Features, Labels, Table};
use lapwing::ml::covariance::{EmpiricalCovariance, FittedCovariance, LedoitWolf, MinCovDet, Oas};
use lapwing::ml::{self, Mahalanobis, Outliers};
use ndarray::{Array1, Array2, Axis, stack};
use report::Report;
use std::time::Instant;

pub(crate) fn run(arguments: &MahalanobisArguments) -> Result<()> {
    let run = ModelRun::start(&arguments.model)?;
    let label = Apart::Label(arguments.label.as_deref());
    let Table { features, names, apart } = read::table(&arguments.model.input, label, &run.progress)?;
    let labels = apart.and_then(Column::label);
    let command = Command { arguments, run, names, labels };
    match features {
        Features::Single(x) => command.of_table(&x),
        Features::Double(x) => command.of_table(&x),
    }
}

struct Command<'a> {
    arguments: &'a MahalanobisArguments,
    run: ModelRun<'a>,
    /// What the features are called.
    names: Vec<String>,
    labels: Option<Labels>,
}

/// What distances are measured by, and where it comes from.
struct Model<T: Number> {
    metric: Mahalanobis<T>,
    /// Unknown where a model measures by a pseudo-inverse.
    covariance: Option<Array2<T>>,
    /// Of a model that was fitted.
    fitted: Option<Fitted>,
}

struct Fitted {
    method: CovarianceMethod,
    /// How far the covariance was drawn towards a sphere.
    shrinkage: Option<f64>,
    support: Option<Support>,
}

/// The samples that a robust covariance is of.
struct Support {
    /// The share of all samples that was searched for.
    fraction: f64,
    /// How many samples the covariance was finally made from.
    samples: usize,
}

impl Command<'_> {
    fn of_table<T: Number>(self, x: &Array2<T>) -> Result<()> {
        let started = Instant::now();
        let model = match &self.arguments.model.load_model {
            Some(path) => {
                let metric: Mahalanobis<T> =
                    self.run.load(path, x.ncols(), Mahalanobis::n_features, "--label")?;
                let covariance = match metric.covariance() {
                    Err(ml::Error::Unavailable { .. }) => None,
                    covariance => Some(covariance?),
                };
                Model { metric, covariance, fitted: None }
            }
            None => self.fit(x)?,
        };
        self.run.progress.phase(format!("measuring {} rows", x.nrows()));
        let outliers = model.metric.outliers(x, self.arguments.quantile)?;
        let seconds = started.elapsed().as_secs_f64();
        let distances = outliers.squared_distances.mapv(|squared| squared.sqrt());
        let notes = self.write(&model, &outliers, &distances)?;
        let report = Report::new(&self, &model, &outliers, seconds);
        let text = report.text(&self, &outliers, &distances, notes);
        let json = report.json();
        self.run.report(|| json, || text)
    }

    fn fit<T: Number>(&self, x: &Array2<T>) -> Result<Model<T>> {
        let (samples, features) = x.dim();
        if samples < 2 {
            return Err(Error::new(format!("{} has a single sample", self.run.file))
                .remedy("variance takes at least 2"));
        }
        self.run.progress.phase(format!("estimating the covariance of {features} features"));
        let method = self.arguments.covariance.unwrap_or(CovarianceMethod::Empirical);
        let model = |covariance: &FittedCovariance<T>, shrinkage, support| -> Result<Model<T>> {
            let metric = covariance.mahalanobis().map_err(|error| self.explained(error, method))?;
            let covariance = Some(covariance.covariance().to_owned());
            Ok(Model { metric, covariance, fitted: Some(Fitted { method, shrinkage, support }) })
        };
        match method {
            CovarianceMethod::Empirical => model(&*EmpiricalCovariance::params().fit(x)?, None, None),
            CovarianceMethod::LedoitWolf => {
                let fitted = LedoitWolf::params().fit(x)?;
                model(&fitted, Some(fitted.shrinkage()), None)
            }
            CovarianceMethod::Oas => {
                let fitted = Oas::params().fit(x)?;
                model(&fitted, Some(fitted.shrinkage()), None)
            }
            CovarianceMethod::Mcd => {
                let fitted = MinCovDet::params().seed(self.arguments.seed.unwrap_or(0)).fit(x)?;
                let count =
                    |support: &ndarray::ArrayRef1<bool>| support.iter().filter(|&&inside| inside).count();
                let support = Support {
                    fraction: count(&fitted.raw_support()) as f64 / samples as f64,
                    samples: count(&fitted.support()),
                };
                model(&fitted, None, Some(support))
            }
        }
    }

    /// A covariance without an inverse, in terms of the columns and the options that there are.
    fn explained(&self, error: ml::Error, method: CovarianceMethod) -> Error {
        let ml::Error::DependentFeature { feature, .. } = error else { return error.into() };
        let name = self.names.get(feature).map_or_else(|| feature.to_string(), |name| format!("{name:?}"));
        let error = Error::new(format!(
            "the covariance of {} is singular: column {name} is constant, or follows from the columns before it",
            self.run.file
        ));
        error.remedy(match method {
            CovarianceMethod::Empirical | CovarianceMethod::Mcd => {
                "leave the column out, or choose --covariance ledoit-wolf"
            }
            CovarianceMethod::LedoitWolf | CovarianceMethod::Oas => "leave the column out",
        })
    }

    /// Writes every file asked for and tells what was written.
    fn write<T: Number>(
        &self,
        model: &Model<T>,
        outliers: &Outliers<T>,
        distances: &Array1<T>,
    ) -> Result<Vec<String>> {
        let mut written = Written::default();
        if self.run.targets.columns.is_some() {
            let outlies = |squared: T| if squared > outliers.cutoff { T::one() } else { T::zero() };
            let flags = outliers.squared_distances.mapv(outlies);
            let columns = [distances, &outliers.squared_distances, &outliers.p_values, &flags];
            let rows = stack(Axis(1), &columns.map(|column| column.view()))
                .map_err(|error| Error::new(format!("cannot hold the distances: {error}")))?;
            let headings = [
                Heading::real("distance"),
                Heading::real("squared_distance"),
                Heading::real("p_value"),
                Heading::whole("outlier"),
            ];
            written.columns(&self.run, "distances", &headings, &rows, self.labels.as_ref())?;
        }
        if self.run.targets.plot.is_some() {
            let expected = expected_distances(&model.metric, distances)?;
            written.figure(&self.run, || self.figure(model, outliers, distances, expected))?;
        }
        written.model(&self.run, &model.metric)?;
        written.commit()
    }

    fn figure<T: Number>(
        &self,
        model: &Model<T>,
        outliers: &Outliers<T>,
        distances: &Array1<T>,
        right: Ranked,
    ) -> Figure<Distances, Quantiles> {
        let cutoff = Into::<f64>::into(outliers.cutoff).sqrt();
        let by = match &model.fitted {
            Some(fitted) => format!("{} covariance", fitted.method.name()),
            None => "a saved model".to_owned(),
        };
        Figure {
            title: read::file_name(&self.arguments.model.input),
            subtitle: format!(
                "{} samples, {} features, by {by}; {} beyond the cut-off at {} % of a Gaussian",
                distances.len(),
                model.metric.n_features(),
                outliers.indices.len(),
                shortest_percent(self.arguments.quantile)
            ),
            left: Distances {
                distances: distances.iter().map(|&distance| distance.into()).collect(),
                cutoff,
                labels: self.labels.clone(),
            },
            right: Quantiles { expected: right.expected, distances: right.distances, cutoff },
            left_width: 760,
        }
    }
}

/// Distances in ascending order, and what they would be for a Gaussian.
struct Ranked {
    expected: Vec<f64>,
    distances: Vec<f64>,
}

/// The distances, against the quantiles of their ranks; of very many, the farthest and some of the others.
fn expected_distances<T: Number>(metric: &Mahalanobis<T>, distances: &Array1<T>) -> Result<Ranked> {
    const FARTHEST: usize = 500;
    const OTHERS: usize = 1500;
    let mut sorted: Vec<f64> = distances.iter().map(|&distance| distance.into()).collect();
    sorted.sort_by(f64::total_cmp);
    let samples = sorted.len();
    let near = samples.saturating_sub(FARTHEST);
    let step = near.div_ceil(OTHERS).max(1);
    let ranks = (0..near).step_by(step).chain(near..samples);
    let mut ranked = Ranked { expected: Vec::new(), distances: Vec::new() };
    for rank in ranks {
        let cutoff = metric.cutoff((rank as f64 + 0.5) / samples as f64)?;
        ranked.expected.push(Into::<f64>::into(cutoff).sqrt());
        ranked.distances.push(sorted[rank]);
    }
    Ok(ranked)
}

/// `97.5` for 0.975, without the digits that the multiplication leaves.
fn shortest_percent(share: f64) -> String {
    let rounded = format!("{:.10}", 100.0 * share);
    rounded.trim_end_matches('0').trim_end_matches('.').to_owned()
}
