//! What the commands that fit a model to a table have in common: the files they write, saved models, the report.

use crate::arguments::{ColumnsFile, ModelArguments};
use crate::atomic_write::{Outputs, Target};
use crate::columns::{ColumnsWriter, Heading};
use crate::error::{Error, Result};
use crate::number::Number;
use crate::plot::{Figure, Pane};
use crate::progress::{Progress, Visibility};
use crate::read::{self, Labels};
use crate::report;
use ndarray::Array2;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// A model is fitted or loaded, and its results go to files and to the report.
pub(crate) struct ModelRun<'a> {
    pub(crate) arguments: &'a ModelArguments,
    pub(crate) targets: Targets,
    /// The name of the input, for people.
    pub(crate) file: String,
    pub(crate) progress: Progress,
}

impl<'a> ModelRun<'a> {
    /// Checks the outputs, before anything is read.
    pub(crate) fn start(arguments: &'a ModelArguments) -> Result<Self> {
        let targets = Targets::check(arguments)?;
        if let Some(threads) = arguments.threads {
            lapwing::threads::set(threads);
        }
        let visibility = if arguments.quiet { Visibility::Silent } else { Visibility::Terminal };
        let file = read::display_name(&arguments.input);
        Ok(Self { arguments, targets, file, progress: Progress::start(visibility) })
    }

    /// Reads a model, which must be of as many features as the table has; `apart` is the option that leaves a column out.
    pub(crate) fn load<M: DeserializeOwned>(
        &self,
        path: &Path,
        features: usize,
        n_features: impl Fn(&M) -> usize,
        apart: &str,
    ) -> Result<M> {
        self.progress.phase(format!("reading {}", path.display()));
        let file = File::open(path).map_err(|error| Error::file("read", path, &error))?;
        let model: M = serde_json::from_reader(BufReader::new(file)).map_err(|error| {
            Error::new(format!("{} is not a saved model: {error}", path.display()))
                .remedy("give a file that --save-model wrote")
        })?;
        if n_features(&model) != features {
            return Err(Error::new(format!(
                "{} has {features} features, and the model in {} was fitted to {}",
                self.file,
                path.display(),
                n_features(&model)
            ))
            .remedy(format!("give the same columns in the same order; {apart} leaves one out")));
        }
        Ok(model)
    }

    /// Prints the report.
    pub(crate) fn report(
        self,
        json: impl FnOnce() -> Result<String>,
        text: impl FnOnce() -> String,
    ) -> Result<()> {
        // The spinner leaves before the report comes.
        drop(self.progress);
        report::show(self.arguments.format, self.arguments.quiet, json, text)
    }
}

/// The files to write, found to be writable before the work begins.
pub(crate) struct Targets {
    pub(crate) columns: Option<Target>,
    pub(crate) plot: Option<Target>,
    pub(crate) model: Option<Target>,
}

impl Targets {
    fn check(arguments: &ModelArguments) -> Result<Self> {
        let check = |path: Option<&PathBuf>| path.map(|path| Target::check(path)).transpose();
        let targets = Self {
            columns: check(arguments.output.as_ref().map(|file| &file.path))?,
            plot: check(arguments.plot.as_ref().map(|file| &file.path))?,
            model: check(arguments.save_model.as_ref())?,
        };
        let all: Vec<_> = [&targets.columns, &targets.plot, &targets.model].into_iter().flatten().collect();
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

/// What has been written, not yet in its place, and what is to be told of it.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) outputs: Outputs,
    notes: Vec<String>,
}

impl Written {
    pub(crate) fn note(&mut self, what: &str, target: &Target) {
        self.notes.push(format!("wrote {} ({what})", target.path().display()));
    }

    /// Writes a row of numbers per sample, if that is asked for; `what` they are is told.
    pub(crate) fn columns<T: Number>(
        &mut self,
        run: &ModelRun<'_>,
        what: &str,
        headings: &[Heading],
        rows: &Array2<T>,
        labels: Option<&Labels>,
    ) -> Result<()> {
        let (Some(target), Some(ColumnsFile { format, .. })) = (&run.targets.columns, &run.arguments.output)
        else {
            return Ok(());
        };
        run.progress.phase(format!("writing {}", target.path().display()));
        self.outputs.write(target, |out| {
            let name = labels.map(|labels| labels.name.as_str());
            let mut writer = ColumnsWriter::begin::<T>(out, *format, rows.nrows(), headings, name)?;
            writer.append(rows, labels.map(|labels| labels.values.as_slice()))?;
            writer.finish()
        })?;
        self.note(&format!("{what}, {} x {}", rows.nrows(), rows.ncols()), target);
        Ok(())
    }

    /// Draws the figure, if one is asked for.
    pub(crate) fn figure<L: Pane, R: Pane>(
        &mut self,
        run: &ModelRun<'_>,
        figure: impl FnOnce() -> Figure<L, R>,
    ) -> Result<()> {
        if let (Some(target), Some(file)) = (&run.targets.plot, &run.arguments.plot) {
            run.progress.phase(format!("drawing {}", target.path().display()));
            let figure = figure();
            self.outputs.write(target, |out| figure.write(file.format, out))?;
            self.note("figure", target);
        }
        Ok(())
    }

    /// Saves the model, if that is asked for.
    pub(crate) fn model(&mut self, run: &ModelRun<'_>, model: &impl Serialize) -> Result<()> {
        if let Some(target) = &run.targets.model {
            run.progress.phase(format!("writing {}", target.path().display()));
            self.outputs.write(target, |out| Ok(serde_json::to_writer(out, model)?))?;
            self.note("model", target);
        }
        Ok(())
    }

    /// Puts everything in its place and tells of it.
    pub(crate) fn commit(self) -> Result<Vec<String>> {
        self.outputs.commit()?;
        Ok(self.notes)
    }
}
