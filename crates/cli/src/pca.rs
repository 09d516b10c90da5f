//! `lapwing pca`: read, fit or load, verify, write, report.

mod in_memory;
mod outputs;
mod streaming;

use crate::arguments::{Components, PcaArguments, Solver};
use crate::error::{Error, Result};
use crate::model_run::ModelRun;
use crate::number::Number;
use crate::report::{Check, Context, Summary};
use lapwing::{NComponents, Pca, PcaSolver, Whitening};
use std::path::Path;

pub(crate) fn run(arguments: &PcaArguments) -> Result<()> {
    let method = streaming::method(arguments)?;
    let analysis = Analysis { arguments, run: ModelRun::start(&arguments.model)? };
    match method {
        Some(method) => streaming::run(analysis, method),
        None => in_memory::run(analysis),
    }
}

/// What is to be done, whether the table is in memory or comes in blocks.
struct Analysis<'a> {
    arguments: &'a PcaArguments,
    run: ModelRun<'a>,
}

/// A model, fitted or loaded, and how it came about.
struct Found<'a, T: Number> {
    pca: &'a Pca<T>,
    solver: String,
    /// What approximates by design, if something does: its certificate says how well, and is no verdict.
    approximate: Option<&'static str>,
    /// Samples and features of the table.
    shape: (usize, usize),
    label: Option<&'a str>,
    /// Where it came in blocks.
    batch_rows: Option<usize>,
    seconds: f64,
    certificate: Option<Vec<Check>>,
}

impl Analysis<'_> {
    /// Whether the scores of the samples are asked for.
    fn wants_scores(&self) -> bool {
        self.run.targets.columns.is_some() || self.run.targets.plot.is_some()
    }

    fn whitening(&self) -> Whitening {
        if self.arguments.whiten { Whitening::UnitVariance } else { Whitening::None }
    }

    /// The number of components asked for, if the table and the solver allow it.
    fn components(&self, samples: usize, features: usize) -> Result<NComponents> {
        let file = &self.run.file;
        let most = samples.min(features);
        if samples < 2 {
            return Err(Error::new(format!("{file} has a single sample")).remedy("variance takes at least 2"));
        }
        let components = self.arguments.components.unwrap_or(Components::All);
        if self.arguments.solver == Some(Solver::Randomized)
            && matches!(components, Components::Share(_) | Components::Mle)
        {
            return Err(Error::new("the randomized solver does not see all of the variance")
                .remedy("give --components a count, or choose another solver"));
        }
        match components {
            Components::Count(count) if count > most => Err(Error::new(format!(
                "{count} components are more than {file} can have: {samples} samples of {features} features"
            ))
            .remedy(format!("--components takes a count from 1 to {most}"))),
            Components::Mle if samples < features => Err(Error::new(format!(
                "--components mle needs as many samples as features, and {file} has {samples} of {features}"
            ))
            .remedy("give a count or a share of the variance")),
            Components::All => Ok(NComponents::All),
            Components::Count(count) => Ok(NComponents::Count(count)),
            Components::Share(share) => Ok(NComponents::Variance(share)),
            Components::Mle => Ok(NComponents::Mle),
        }
    }

    /// That there is something to write or draw: an estimate of the dimension may be 0.
    fn require_components<T: Number>(&self, pca: &Pca<T>) -> Result<()> {
        if pca.n_components() > 0 {
            return Ok(());
        }
        Err(match &self.arguments.model.load_model {
            Some(model) => Error::new(format!("the model in {} has no components", model.display()))
                .remedy("fit one to data that vary"),
            None => Error::new(format!("no component is kept: the data in {} do not vary", self.run.file))
                .remedy("give rows that differ, or leave --output and --plot out"),
        })
    }

    /// Reads a model, which must be of as many features as the table has.
    fn load<T: Number>(&self, model: &Path, features: usize) -> Result<Pca<T>> {
        self.run.load(model, features, Pca::n_features, "--label")
    }

    /// Lets `write` put the files in their place and tell of them, if the certificate holds, and prints the report; fails
    /// when it does not hold.
    fn conclude<T: Number>(
        self,
        mut found: Found<T>,
        write: impl FnOnce(&Self) -> Result<Vec<String>>,
    ) -> Result<()> {
        let summary = summarize(&mut found);
        // What fails its own test is shown, but not handed on.
        let holds = summary.certificate.iter().flatten().all(|check| check.holds);
        let trusted = found.approximate.is_some() || holds;
        let mut notes = if trusted { write(&self)? } else { Vec::new() };
        if let Some(approximate) = found.approximate.filter(|_| self.arguments.verify) {
            notes.insert(0, format!("{approximate} approximates: its first ratio tells how closely"));
        }
        let context = Context { heading: self.heading(&found, &summary), notes };
        let file = self.run.file.clone();
        self.run.report(|| summary.json(), || summary.text(&context))?;
        if trusted {
            return Ok(());
        }
        let remedy = if found.batch_rows.is_some() {
            "no file was written; scale the columns, or try --solver full if the file fits into memory"
        } else {
            "no file was written; try --solver full, or scale the columns"
        };
        Err(Error::new(format!("the decomposition of {file} does not pass its own test")).remedy(remedy))
    }

    /// The lines above the table.
    fn heading<T: Number>(&self, found: &Found<T>, summary: &Summary<T>) -> Vec<(&'static str, String)> {
        let mut lines = vec![("file", self.run.file.clone())];
        if let Some(label) = found.label {
            lines.push(("label", label.to_owned()));
        }
        lines.push(("samples x features", format!("{} x {}", found.shape.0, found.shape.1)));
        if let Some(model) = &self.arguments.model.load_model {
            lines.push(("model", format!("{}, fitted to {} samples", model.display(), summary.n_samples)));
        }
        lines.push(("solver", summary.solver.clone()));
        if let Some(rows) = found.batch_rows {
            lines.push(("rows at a time", rows.to_string()));
        }
        lines.push(("components", summary.n_components.to_string()));
        lines.push(("seconds", format!("{:.3}", summary.seconds)));
        lines.push(("threads", summary.threads.to_string()));
        lines.push(("backend", summary.backend.clone()));
        lines
    }
}

/// What the randomized solver is called in a report.
fn approximate<T: Number>(pca: &Pca<T>) -> Option<&'static str> {
    (pca.solver() == PcaSolver::Randomized).then_some("the randomized solver")
}

fn summarize<T: Number>(found: &mut Found<T>) -> Summary<T> {
    let pca = found.pca;
    Summary {
        n_samples: pca.n_samples(),
        n_features: pca.n_features(),
        n_components: pca.n_components(),
        solver: found.solver.clone(),
        mean: pca.mean().to_vec(),
        components: pca.components().rows().into_iter().map(|row| row.to_vec()).collect(),
        explained_variance: pca.explained_variance().to_vec(),
        explained_variance_ratio: pca.explained_variance_ratio().to_vec(),
        singular_values: pca.singular_values().to_vec(),
        noise_variance: pca.noise_variance(),
        seconds: found.seconds,
        threads: lapwing::threads::get(),
        backend: lapwing::backend::info().to_string(),
        certificate: found.certificate.take(),
    }
}
