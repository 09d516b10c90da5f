//! How many samples each group has.

use super::axis::{Axis, Grid, Panel, counting};
use super::colour::PALETTE;
use super::{Drawn, Pane};
use plotters::coord::Shift;
use plotters::prelude::*;

/// More bars than this are too thin to see; the JSON report has them all.
const MOST_BARS: usize = 64;

/// The sizes of groups, which are counted from 0.
#[derive(Debug)]
pub(crate) struct Sizes {
    pub(crate) sizes: Vec<usize>,
}

impl Pane for Sizes {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        let shown = self.sizes.len().min(MOST_BARS);
        let sizes: Vec<f64> = self.sizes[..shown].iter().map(|&size| size as f64).collect();
        let largest = sizes.iter().copied().fold(1.0, f64::max);
        let mut y = Axis::around(&[0.0, largest], 6);
        y.range.start = 0.0;
        y.ticks.retain(|tick| *tick >= 0.0 && tick.fract() == 0.0);
        let title = match self.sizes.len() {
            all if all > shown => format!("Samples in each cluster (first {shown} of {all})"),
            _ => "Samples in each cluster".to_owned(),
        };
        let mut chart = Panel {
            title: &title,
            grid: Grid::Horizontal,
            x_title: "Cluster",
            y_title: "Samples",
            x: counting(0, shown),
            y,
        }
        .draw(area)?;
        chart.draw_series(sizes.into_iter().enumerate().map(|(cluster, size)| {
            let centre = cluster as f64;
            Rectangle::new([(centre - 0.4, 0.0), (centre + 0.4, size)], PALETTE[0].filled())
        }))?;
        Ok(())
    }
}
