//! The files that `lapwing pca` writes: scores, figure, model.

use crate::arguments::PcaArguments;
use crate::atomic_write::{Outputs, Target};
use crate::error::{Error, Result};
use crate::number::Number;
use crate::plot::Figure;
use crate::progress::Progress;
use crate::read::{self, Labels};
use lapwing::Pca;
use ndarray::Array2;
use std::path::PathBuf;

/// The files to write, found to be writable before the work begins.
pub(super) struct Targets {
    pub(super) scores: Option<Target>,
    pub(super) plot: Option<Target>,
    pub(super) model: Option<Target>,
}

impl Targets {
    pub(super) fn check(arguments: &PcaArguments) -> Result<Self> {
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

/// What has been written, not yet in its place, and what is to be told of it.
#[derive(Default)]
pub(super) struct Written {
    pub(super) outputs: Outputs,
    notes: Vec<String>,
}

/// The first two scores of the samples, and what colours them.
#[derive(Default)]
pub(super) struct Plotted {
    pub(super) first: Vec<f64>,
    /// Empty when there is one component.
    pub(super) second: Vec<f64>,
    pub(super) labels: Option<Labels>,
}

impl Plotted {
    /// Adds rows of scores on at least one component.
    pub(super) fn extend<T: Number>(&mut self, scores: &Array2<T>) {
        self.first.extend(scores.column(0).iter().map(|&score| Into::<f64>::into(score)));
        if scores.ncols() > 1 {
            self.second.extend(scores.column(1).iter().map(|&score| Into::<f64>::into(score)));
        }
    }
}

impl Written {
    pub(super) fn note_scores(&mut self, target: &Target, (rows, components): (usize, usize)) {
        self.note(&format!("scores, {rows} x {components}"), target);
    }

    fn note(&mut self, what: &str, target: &Target) {
        self.notes.push(format!("wrote {} ({what})", target.path().display()));
    }

    /// Draws the figure and saves the model, as far as they are asked for, and puts everything in its place.
    pub(super) fn complete<T: Number>(
        mut self,
        arguments: &PcaArguments,
        targets: &Targets,
        progress: &Progress,
        pca: &Pca<T>,
        samples: usize,
        plotted: Plotted,
    ) -> Result<Vec<String>> {
        if let (Some(target), Some(file)) = (&targets.plot, &arguments.plot) {
            progress.phase(format!("drawing {}", target.path().display()));
            let figure = figure(read::file_name(&arguments.input), pca, samples, plotted);
            self.outputs.write(target, |out| figure.write(file.format, out))?;
            self.note("figure", target);
        }
        if let Some(target) = &targets.model {
            progress.phase(format!("writing {}", target.path().display()));
            self.outputs.write(target, |out| Ok(serde_json::to_writer(out, pca)?))?;
            self.note("model", target);
        }
        self.outputs.commit()?;
        Ok(self.notes)
    }
}

fn figure<T: Number>(title: String, pca: &Pca<T>, samples: usize, plotted: Plotted) -> Figure {
    let shares: Vec<f64> = pca.explained_variance_ratio().iter().map(|&share| share.into()).collect();
    let kept = pca.n_components();
    let held = 100.0 * shares.iter().sum::<f64>();
    Figure {
        title,
        subtitle: format!(
            "{samples} samples, {} features; {} {held:.1} % of the variance",
            pca.n_features(),
            if kept == 1 { "1 component holds".to_owned() } else { format!("{kept} components hold") }
        ),
        shares,
        first: plotted.first,
        second: (kept > 1).then_some(plotted.second),
        labels: plotted.labels,
    }
}
