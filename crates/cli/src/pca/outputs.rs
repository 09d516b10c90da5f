//! What `lapwing pca` writes: the names of the scores, the figure, the model.

use crate::columns::Heading;
use crate::error::Result;
use crate::model_run::{ModelRun, Written};
use crate::number::Number;
use crate::plot::{Figure, Scores, Scree};
use crate::read::{self, Labels};
use lapwing::Pca;
use ndarray::Array2;

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

/// The names of the columns of scores.
pub(super) fn headings<T: Number>(pca: &Pca<T>) -> Vec<Heading> {
    (1..=pca.n_components()).map(|component| Heading::real(format!("pc{component}"))).collect()
}

/// Draws the figure and saves the model, as far as they are asked for, and puts everything in its place.
pub(super) fn complete<T: Number>(
    mut written: Written,
    run: &ModelRun<'_>,
    pca: &Pca<T>,
    samples: usize,
    plotted: Plotted,
) -> Result<Vec<String>> {
    written.figure(run, || figure(read::file_name(&run.arguments.input), pca, samples, plotted))?;
    written.model(run, pca)?;
    written.commit()
}

fn figure<T: Number>(title: String, pca: &Pca<T>, samples: usize, plotted: Plotted) -> Figure<Scree, Scores> {
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
        right: Scores {
            names: Scores::component_names(&shares),
            first: plotted.first,
            second: (kept > 1).then_some(plotted.second),
            labels: plotted.labels,
        },
        left: Scree { shares },
        left_width: 520,
    }
}
