//! `lapwing pca`: read, fit or load, verify, write, report.

use crate::arguments::{Components, PcaArguments, ReportFormat, Solver};
use crate::atomic_write::{Outputs, Target};
use crate::error::{Error, Result};
use crate::number::Number;
use crate::plot::Figure;
use crate::progress::{Progress, Visibility};
use crate::read::{self, Features, Labels, Table};
use crate::report::{self, Check, Context, Summary};
use crate::scores;
use lapwing::{NComponents, Pca, PcaSolver, Whitening};
use ndarray::Array2;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(crate) fn run(arguments: &PcaArguments) -> Result<()> {
    let targets = Targets::check(arguments)?;
    if let Some(threads) = arguments.threads {
        lapwing::threads::set(threads);
    }
    let visibility = if arguments.quiet { Visibility::Silent } else { Visibility::Terminal };
    let progress = Progress::start(visibility);
    let file = read::display_name(&arguments.input);
    progress.phase(format!("reading {file}"));
    let Table { features, labels } = read::table(&arguments.input, arguments.label.as_deref())?;
    let analysis = Analysis { arguments, targets, file, labels, progress };
    match features {
        Features::Single(x) => analysis.run(&x),
        Features::Double(x) => analysis.run(&x),
    }
}

/// The files to write, found to be writable before the work begins.
struct Targets {
    scores: Option<Target>,
    plot: Option<Target>,
    model: Option<Target>,
}

impl Targets {
    fn check(arguments: &PcaArguments) -> Result<Self> {
        let check = |path: Option<&PathBuf>| path.map(|path| Target::check(path)).transpose();
        let targets = Self {
            scores: check(arguments.output.as_ref().map(|file| &file.path))?,
            plot: check(arguments.plot.as_ref().map(|file| &file.path))?,
            model: check(arguments.save_model.as_ref())?,
        };
        let all: Vec<_> = [&targets.scores, &targets.plot, &targets.model].into_iter().flatten().collect();
        for (i, target) in all.iter().enumerate() {
            if all[..i].iter().any(|other| other.is_same_as(target)) {
                return Err(Error::new(format!("two outputs would go to {}", target.path().display()))
                    .remedy("give each a file of its own"));
            }
            let read = [Some(&arguments.input), arguments.load_model.as_ref()];
            if read.into_iter().flatten().any(|path| target.is_file(path)) {
                return Err(Error::new(format!("{} is read from and written to", target.path().display()))
                    .remedy("choose another name for the output"));
            }
        }
        Ok(targets)
    }
}

/// A table read, and what is to be done with it.
struct Analysis<'a> {
    arguments: &'a PcaArguments,
    targets: Targets,
    /// The name of the input, for people.
    file: String,
    labels: Option<Labels>,
    progress: Progress,
}

impl Analysis<'_> {
    fn run<T: Number>(self, x: &Array2<T>) -> Result<()> {
        let started = Instant::now();
        let pca = match &self.arguments.load_model {
            Some(model) => self.load::<T>(model, x)?,
            None => self.fit(x)?,
        };
        // Transformed, rather than taken from the decomposition, so that the model loaded gives the
        // same bits as the model fitted.
        let wanted = self.targets.scores.is_some() || self.targets.plot.is_some();
        if wanted && pca.n_components() == 0 {
            return Err(self.without_components());
        }
        let scores = if wanted { Some(pca.transform(x)?) } else { None };
        let seconds = started.elapsed().as_secs_f64();

        let certificate = if self.arguments.verify {
            self.progress.phase("verifying");
            Some(Check::list(&pca.certificate(x)?))
        } else {
            None
        };
        let summary = summarize(&pca, seconds, certificate);
        // What fails its own test is shown, but not handed on. The randomized solver approximates by
        // design: its certificate says how well, and is no verdict.
        let exact = pca.solver() != PcaSolver::Randomized;
        let trusted = !exact || summary.certificate.iter().flatten().all(|check| check.holds);
        let mut notes = if trusted { self.write(x, &pca, scores.as_ref())? } else { Vec::new() };
        if !exact && self.arguments.verify {
            notes.insert(
                0,
                "the randomized solver approximates: its first ratio tells how closely".to_owned(),
            );
        }
        let context = Context { heading: self.heading(x, &summary), notes };
        // The spinner leaves before the report comes.
        drop(self.progress);
        match self.arguments.format {
            ReportFormat::Json => report::print(&summary.json()?)?,
            ReportFormat::Text if !self.arguments.quiet => report::print(&summary.text(&context))?,
            ReportFormat::Text => (),
        }
        if trusted {
            Ok(())
        } else {
            Err(Error::new(format!("the decomposition of {} does not pass its own test", self.file))
                .remedy("no file was written; try --solver full, or scale the columns"))
        }
    }

    fn fit<T: Number>(&self, x: &Array2<T>) -> Result<Pca<T>> {
        let (samples, features) = x.dim();
        let arguments = self.arguments;
        self.progress.phase(format!("decomposing {samples} x {features}"));
        let n_components = self.components(samples, features)?;
        let solver = match arguments.solver.unwrap_or(Solver::Auto) {
            Solver::Auto => PcaSolver::Auto,
            Solver::Full => PcaSolver::Full,
            Solver::Covariance => PcaSolver::CovarianceEigh,
            Solver::Randomized => PcaSolver::Randomized,
        };
        let whitening = if arguments.whiten { Whitening::UnitVariance } else { Whitening::None };
        let params = Pca::params().n_components(n_components).solver(solver).whitening(whitening);
        Ok(params.seed(arguments.seed.unwrap_or(0)).fit(x)?)
    }

    /// The number of components asked for, if the table and the solver allow it.
    fn components(&self, samples: usize, features: usize) -> Result<NComponents> {
        let file = &self.file;
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

    /// Why there is nothing to write or draw: an estimate of the dimension may be 0.
    fn without_components(&self) -> Error {
        match &self.arguments.load_model {
            Some(model) => Error::new(format!("the model in {} has no components", model.display()))
                .remedy("fit one to data that vary"),
            None => Error::new(format!("no component is kept: the data in {} do not vary", self.file))
                .remedy("give rows that differ, or leave --output and --plot out"),
        }
    }

    fn load<T: Number>(&self, model: &Path, x: &Array2<T>) -> Result<Pca<T>> {
        self.progress.phase(format!("reading {}", model.display()));
        let file = File::open(model).map_err(|error| Error::file("read", model, &error))?;
        let pca: Pca<T> = serde_json::from_reader(BufReader::new(file)).map_err(|error| {
            Error::new(format!("{} is not a saved model: {error}", model.display()))
                .remedy("give a file that --save-model wrote")
        })?;
        if pca.n_features() != x.ncols() {
            return Err(Error::new(format!(
                "{} has {} features, and the model in {} was fitted to {}",
                self.file,
                x.ncols(),
                model.display(),
                pca.n_features()
            ))
            .remedy("give the same columns in the same order; --label leaves one out"));
        }
        Ok(pca)
    }

    /// Writes every file asked for and tells what was written.
    fn write<T: Number>(
        &self,
        x: &Array2<T>,
        pca: &Pca<T>,
        scores: Option<&Array2<T>>,
    ) -> Result<Vec<String>> {
        let mut outputs = Outputs::default();
        let mut notes = Vec::new();
        let mut wrote = |what: String, target: &Target| {
            notes.push(format!("wrote {} ({what})", target.path().display()));
        };
        if let (Some(target), Some(file), Some(scores)) =
            (&self.targets.scores, &self.arguments.output, scores)
        {
            self.progress.phase(format!("writing {}", target.path().display()));
            outputs.write(target, |out| scores::write(scores, self.labels.as_ref(), file.format, out))?;
            wrote(format!("scores, {} x {}", scores.nrows(), scores.ncols()), target);
        }
        if let (Some(target), Some(file), Some(scores)) = (&self.targets.plot, &self.arguments.plot, scores) {
            self.progress.phase(format!("drawing {}", target.path().display()));
            let figure = self.figure(x, pca, scores);
            outputs.write(target, |out| figure.write(file.format, out))?;
            wrote("figure".into(), target);
        }
        if let Some(target) = &self.targets.model {
            self.progress.phase(format!("writing {}", target.path().display()));
            outputs.write(target, |out| Ok(serde_json::to_writer(out, pca)?))?;
            wrote("model".into(), target);
        }
        outputs.commit()?;
        Ok(notes)
    }

    fn figure<T: Number>(&self, x: &Array2<T>, pca: &Pca<T>, scores: &Array2<T>) -> Figure<'_> {
        let column = |i: usize| scores.column(i).iter().map(|&score| score.into()).collect::<Vec<f64>>();
        let shares: Vec<f64> = pca.explained_variance_ratio().iter().map(|&share| share.into()).collect();
        let kept = pca.n_components();
        let held = 100.0 * shares.iter().sum::<f64>();
        Figure {
            title: read::file_name(&self.arguments.input),
            subtitle: format!(
                "{} samples, {} features; {} {held:.1} % of the variance",
                x.nrows(),
                x.ncols(),
                if kept == 1 { "1 component holds".to_owned() } else { format!("{kept} components hold") }
            ),
            shares,
            first: if kept > 0 { column(0) } else { Vec::new() },
            second: (kept > 1).then(|| column(1)),
            labels: self.labels.as_ref(),
        }
    }

    /// The lines above the table.
    fn heading<T: Number>(&self, x: &Array2<T>, summary: &Summary<T>) -> Vec<(&'static str, String)> {
        let mut lines = vec![("file", self.file.clone())];
        if let Some(labels) = &self.labels {
            lines.push(("label", labels.name.clone()));
        }
        lines.push(("samples x features", format!("{} x {}", x.nrows(), x.ncols())));
        if let Some(model) = &self.arguments.load_model {
            lines.push(("model", format!("{}, fitted to {} samples", model.display(), summary.n_samples)));
        }
        lines.push(("solver", summary.solver.clone()));
        lines.push(("components", summary.n_components.to_string()));
        lines.push(("seconds", format!("{:.3}", summary.seconds)));
        lines.push(("threads", summary.threads.to_string()));
        lines.push(("backend", summary.backend.clone()));
        lines
    }
}

fn summarize<T: Number>(pca: &Pca<T>, seconds: f64, certificate: Option<Vec<Check>>) -> Summary<T> {
    Summary {
        n_samples: pca.n_samples(),
        n_features: pca.n_features(),
        n_components: pca.n_components(),
        solver: pca.solver().to_string(),
        mean: pca.mean().to_vec(),
        components: pca.components().rows().into_iter().map(|row| row.to_vec()).collect(),
        explained_variance: pca.explained_variance().to_vec(),
        explained_variance_ratio: pca.explained_variance_ratio().to_vec(),
        singular_values: pca.singular_values().to_vec(),
        noise_variance: pca.noise_variance(),
        seconds,
        threads: lapwing::threads::get(),
        backend: lapwing::backend::info().to_string(),
        certificate,
    }
}
