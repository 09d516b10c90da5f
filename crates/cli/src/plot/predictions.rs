//! How well predictions fit: against what was observed, and what is left of it.

use super::axis::{Axis, Grid, Panel, UNIT};
use super::colour::{INK, PALETTE};
use super::points::{point_style, thinned};
use super::{Drawn, Pane};
use plotters::coord::Shift;
use plotters::prelude::*;

/// Predictions against observations, which they would equal on the diagonal.
#[derive(Debug)]
pub(crate) struct Predictions {
    pub(crate) observed: Vec<f64>,
    pub(crate) predicted: Vec<f64>,
    /// The name of the target.
    pub(crate) target: String,
}

/// Residuals against predictions: a pattern is what the model does not see.
#[derive(Debug)]
pub(crate) struct Residuals {
    pub(crate) predicted: Vec<f64>,
    pub(crate) residuals: Vec<f64>,
}

impl Pane for Predictions {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        // One range for both, so that the diagonal is one.
        let both: Vec<f64> = self.observed.iter().chain(&self.predicted).copied().collect();
        let axis = Axis::around(&both, 6);
        let diagonal = [axis.range.start, axis.range.end].map(|end| (end, end));
        let target = super::printable(&self.target);
        let panel = Panel {
            title: "Predicted against observed",
            grid: Grid::Both,
            x_title: &format!("Observed {target}"),
            y_title: &format!("Predicted {target}"),
            x: axis.clone(),
            y: axis,
        };
        scatter(area, &panel, diagonal, (&self.observed, &self.predicted))
    }
}

impl Pane for Residuals {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        let (x, y) = (Axis::around(&self.predicted, 6), Axis::around(&self.residuals, 6));
        let zero = [x.range.start, x.range.end].map(|end| (end, 0.0));
        let panel = Panel {
            title: "Residuals against predictions",
            grid: Grid::Both,
            x_title: "Predicted",
            y_title: "Observed \u{2212} predicted",
            x,
            y,
        };
        scatter(area, &panel, zero, (&self.predicted, &self.residuals))
    }
}

/// Points over the line that a perfect fit would lie on.
fn scatter<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    panel: &Panel<'_>,
    line: [(f64, f64); 2],
    (x, y): (&[f64], &[f64]),
) -> Drawn<DB> {
    let shown: Vec<usize> = thinned(x.len().min(y.len())).collect();
    let (radius, opacity) = point_style(shown.len());
    let mut chart = panel.draw(area)?;
    chart.draw_series(LineSeries::new(line, INK.stroke_width(UNIT.unsigned_abs())))?;
    chart.draw_series(
        shown.into_iter().map(|i| Circle::new((x[i], y[i]), radius, PALETTE[0].mix(opacity).filled())),
    )?;
    Ok(())
}
