//! Numbers in their order, such as eigenvalues, and where they are cut.

use super::axis::{Axis, Grid, Panel, UNIT, counting};
use super::colour::{INK, PALETTE};
use super::{Drawn, Pane};
use plotters::coord::Shift;
use plotters::prelude::*;

/// Numbers, the first of which is number 1.
#[derive(Debug)]
pub(crate) struct Sequence {
    pub(crate) title: String,
    /// What they are numbers of.
    pub(crate) counted: &'static str,
    /// What each of them is.
    pub(crate) measured: &'static str,
    pub(crate) values: Vec<f64>,
    /// After how many of them a line stands.
    pub(crate) cut_after: usize,
}

impl Pane for Sequence {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        let finite = |value: &f64| if value.is_finite() { *value } else { 0.0 };
        let values: Vec<f64> = self.values.iter().map(finite).collect();
        let y = Axis::around(&values, 6);
        let across = y.range.clone();
        let mut chart = Panel {
            title: &self.title,
            grid: Grid::Horizontal,
            x_title: self.counted,
            y_title: self.measured,
            x: counting(1, values.len()),
            y,
        }
        .draw(area)?;
        let between = self.cut_after as f64 + 0.5;
        let line = [across.start, across.end].map(|end| (between, end));
        chart.draw_series(LineSeries::new(line, INK.stroke_width(UNIT.unsigned_abs())))?;
        let points: Vec<(f64, f64)> = (1..).map(f64::from).zip(values).collect();
        let width = 2 * UNIT.unsigned_abs();
        chart.draw_series(LineSeries::new(points.iter().copied(), PALETTE[0].stroke_width(width)))?;
        chart
            .draw_series(points.into_iter().map(|point| Circle::new(point, 4 * UNIT, PALETTE[0].filled())))?;
        Ok(())
    }
}
