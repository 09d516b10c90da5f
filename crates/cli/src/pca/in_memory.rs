//! The analysis of a table that is read as a whole.

use super::outputs::{Plotted, complete, headings};
use super::{Analysis, Found, approximate};
use crate::arguments::Solver;
use crate::error::Result;
use crate::model_run::Written;
use crate::number::Number;
use crate::read::{self, Apart, Column, Features, Labels, Table};
use crate::report::Check;
use lapwing::{Pca, PcaSolver};
use ndarray::Array2;
use std::time::Instant;

pub(super) fn run(analysis: Analysis<'_>) -> Result<()> {
    let arguments = analysis.arguments;
    let Table { features, apart, .. } = read::table(
        &arguments.model.input,
        Apart::Label(arguments.label.as_deref()),
        &analysis.run.progress,
    )?;
    let labels = apart.and_then(Column::label);
    match features {
        Features::Single(x) => of_table(analysis, &x, labels),
        Features::Double(x) => of_table(analysis, &x, labels),
    }
}

fn of_table<T: Number>(analysis: Analysis<'_>, x: &Array2<T>, labels: Option<Labels>) -> Result<()> {
    let started = Instant::now();
    let pca = match &analysis.arguments.model.load_model {
        Some(model) => analysis.load::<T>(model, x.ncols())?,
        None => fit(&analysis, x)?,
    };
    // Transformed, rather than taken from the decomposition, so that the model loaded gives the
    // same bits as the model fitted.
    let scores = if analysis.wants_scores() {
        analysis.require_components(&pca)?;
        Some(pca.transform(x)?)
    } else {
        None
    };
    let seconds = started.elapsed().as_secs_f64();
    let certificate = if analysis.arguments.verify {
        analysis.run.progress.phase("verifying");
        Some(Check::list(&pca.certificate(x)?))
    } else {
        None
    };
    let label = labels.as_ref().map(|labels| labels.name.clone());
    let found = Found {
        pca: &pca,
        solver: pca.solver().to_string(),
        approximate: approximate(&pca),
        shape: x.dim(),
        label: label.as_deref(),
        batch_rows: None,
        seconds,
        certificate,
    };
    analysis.conclude(found, |analysis| write(analysis, &pca, x.nrows(), scores.as_ref(), labels))
}

fn fit<T: Number>(analysis: &Analysis<'_>, x: &Array2<T>) -> Result<Pca<T>> {
    let (samples, features) = x.dim();
    let arguments = analysis.arguments;
    analysis.run.progress.phase(format!("decomposing {samples} x {features}"));
    let n_components = analysis.components(samples, features)?;
    let solver = match arguments.solver.unwrap_or(Solver::Auto) {
        // The incremental solver reads for itself.
        Solver::Auto | Solver::Incremental => PcaSolver::Auto,
        Solver::Full => PcaSolver::Full,
        Solver::Covariance => PcaSolver::CovarianceEigh,
        Solver::Randomized => PcaSolver::Randomized,
    };
    let params = Pca::params().n_components(n_components).solver(solver).whitening(analysis.whitening());
    Ok(params.seed(arguments.seed.unwrap_or(0)).fit(x)?)
}

/// Writes every file asked for and tells what was written.
fn write<T: Number>(
    analysis: &Analysis<'_>,
    pca: &Pca<T>,
    samples: usize,
    scores: Option<&Array2<T>>,
    labels: Option<Labels>,
) -> Result<Vec<String>> {
    let run = &analysis.run;
    let mut written = Written::default();
    let mut plotted = Plotted::default();
    if let Some(scores) = scores {
        written.columns(run, "scores", &headings(pca), scores, labels.as_ref())?;
        if run.targets.plot.is_some() {
            plotted.extend(scores);
        }
    }
    plotted.labels = labels;
    complete(written, run, pca, samples, plotted)
}
