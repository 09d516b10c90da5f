//! The samples along the first two components, or the distribution along the only one.

use super::axis::{Axis, Grid, Panel};
use super::colour::{Colouring, PALETTE};
use super::points::{point_style, thinned};
use super::{Drawn, Pane, legend};
use crate::read::Labels;
use plotters::coord::Shift;
use plotters::prelude::*;

/// The samples in the coordinates of an analysis.
#[derive(Debug)]
pub(crate) struct Scores {
    /// What the axes are called.
    pub(crate) names: Vec<String>,
    /// Score of each sample on the first component.
    pub(crate) first: Vec<f64>,
    /// Score on the second, when there is one.
    pub(crate) second: Option<Vec<f64>>,
    /// What the samples are coloured by.
    pub(crate) labels: Option<Labels>,
}

impl Pane for Scores {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        let colouring = Colouring::of(self.labels.as_ref());
        match &self.second {
            Some(second) => scatter(area, &self.names, (&self.first, second), &colouring),
            None => histogram(area, &self.names, &self.first, &colouring),
        }
    }
}

impl Scores {
    /// `PC1 (14.9 %)` and so on, for the first two components with these shares of the variance, from 0 to 1.
    pub(crate) fn component_names(shares: &[f64]) -> Vec<String> {
        let name = |(i, share): (usize, &f64)| format!("PC{} ({:.1} %)", i + 1, 100.0 * share);
        shares.iter().take(2).enumerate().map(name).collect()
    }
}

fn scatter<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    names: &[String],
    (first, second): (&[f64], &[f64]),
    colouring: &Colouring,
) -> Drawn<DB> {
    let panel_area = legend::beside(area, colouring)?;
    let samples = first.len().min(second.len());
    let finite = |&i: &usize| first[i].is_finite() && second[i].is_finite();
    let shown: Vec<usize> = thinned(samples).filter(finite).collect();
    let title = match shown.len() {
        all if all == samples => "Samples on the first two components".to_owned(),
        some => format!("{some} of {samples} samples on the first two components"),
    };
    let (radius, opacity) = point_style(shown.len());
    let (x, y) = (Axis::around(first, 7), Axis::around(second, 6));
    let panel =
        Panel { title: &title, grid: Grid::Both, x_title: name(names, 0), y_title: name(names, 1), x, y };
    panel.draw(&panel_area)?.draw_series(
        shown
            .into_iter()
            .map(|i| Circle::new((first[i], second[i]), radius, colouring.colour(i).mix(opacity).filled())),
    )?;
    Ok(())
}

/// Counts of the samples along a single component, classes stacked upon each other.
fn histogram<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    names: &[String],
    first: &[f64],
    colouring: &Colouring,
) -> Drawn<DB> {
    // The colour of a number cannot be stacked: those labels are left out.
    let plain = Colouring::Plain;
    let colouring = if matches!(colouring, Colouring::Classes { .. }) { colouring } else { &plain };
    let panel_area = legend::beside(area, colouring)?;
    let x = Axis::around(first, 7);
    let bins = (first.len() as f64).sqrt().ceil().clamp(5.0, 40.0) as usize;
    let width = (x.range.end - x.range.start) / bins as f64;
    let classes = if let Colouring::Classes { names, .. } = colouring { names.len().max(1) } else { 1 };
    let mut counts = vec![vec![0_usize; classes]; bins];
    for (i, &score) in first.iter().enumerate() {
        let bin = ((score - x.range.start) / width) as usize;
        let class = if let Colouring::Classes { class_of, .. } = colouring { class_of[i] } else { 0 };
        counts[bin.min(bins - 1)][class] += 1;
    }
    let tallest = counts.iter().map(|bin| bin.iter().sum::<usize>()).max().unwrap_or(0);
    let mut y = Axis::around(&[0.0, tallest.max(1) as f64], 6);
    y.range.start = 0.0;
    y.ticks.retain(|tick| *tick >= 0.0 && tick.fract() == 0.0);
    let left = x.range.start;
    let mut chart = Panel {
        title: "Samples along the first component",
        grid: Grid::Horizontal,
        x_title: name(names, 0),
        y_title: "Samples",
        x,
        y,
    }
    .draw(&panel_area)?;
    for (bin, counts) in counts.iter().enumerate() {
        let (from, to) = (left + bin as f64 * width, left + (bin + 1) as f64 * width);
        let mut below = 0.0;
        for (class, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
            let above = below + count as f64;
            let bar = Rectangle::new([(from, below), (to, above)], PALETTE[class].filled());
            chart.draw_series([bar])?;
            below = above;
        }
    }
    Ok(())
}

fn name(names: &[String], component: usize) -> &str {
    names.get(component).map_or("", String::as_str)
}
