//! How far samples lie from their middle: one after the other, and against what a Gaussian would give.

use super::axis::{Axis, Grid, Panel, UNIT, centred, letter, printable, text};
use super::colour::{Colouring, GREY, INK};
use super::points::{point_style, thinned};
use super::{Drawn, Pane, legend};
use crate::read::Labels;
use crate::report::significant;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use std::collections::BTreeSet;
use std::ops::Range;

/// More names than this would hide the points.
const MOST_NAMES: usize = 20;
/// A longer name is cut.
const LONGEST_NAME: usize = 20;

/// The distance of each sample, with the outliers named.
#[derive(Debug)]
pub(crate) struct Distances {
    pub(crate) distances: Vec<f64>,
    /// The distance that counts as too far.
    pub(crate) cutoff: f64,
    /// What the samples are coloured by; where each has a label of its own, the outliers are called by it instead.
    pub(crate) labels: Option<Labels>,
}

/// The distances in ascending order against those that as many samples of a Gaussian would be expected to have.
#[derive(Debug)]
pub(crate) struct Quantiles {
    pub(crate) expected: Vec<f64>,
    pub(crate) distances: Vec<f64>,
    pub(crate) cutoff: f64,
}

impl Pane for Distances {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        let names = self.labels.as_ref().filter(|labels| are_distinct(&labels.values));
        let colouring = Colouring::of(self.labels.as_ref().filter(|_| names.is_none()));
        let area = legend::beside(area, &colouring)?;
        let samples = self.distances.len();
        let rows = [0.0, samples.saturating_sub(1) as f64];
        let (mut x, y) = (Axis::around(&rows, 6), axis(&self.distances, self.cutoff));
        x.ticks.retain(|tick| *tick >= 0.0 && tick.fract() == 0.0);
        let mut chart = Panel {
            title: "Mahalanobis distance of each sample",
            grid: Grid::Horizontal,
            x_title: "Row, from 0",
            y_title: "Distance",
            x: x.clone(),
            y: y.clone(),
        }
        .draw(&area)?;
        let cutoff = [x.range.start, x.range.end].map(|end| (end, self.cutoff));
        chart.draw_series(LineSeries::new(cutoff, INK.stroke_width(UNIT.unsigned_abs())))?;
        let finite = |&i: &usize| self.distances[i].is_finite();
        let outlies = |i: &usize| self.distances[*i] > self.cutoff;
        // Outliers are what the figure is for: none of them is left out unless they are very many themselves.
        let mut shown: BTreeSet<usize> = thinned(samples).filter(finite).collect();
        let outliers: Vec<usize> = (0..samples).filter(outlies).filter(finite).collect();
        shown.extend(thinned(outliers.len()).map(|i| outliers[i]));
        let (radius, opacity) = point_style(shown.len());
        chart.draw_series(shown.iter().map(|&i| {
            Circle::new((i as f64, self.distances[i]), radius, colouring.colour(i).mix(opacity).filled())
        }))?;
        let mut farthest = outliers;
        farthest.sort_by(|&a, &b| self.distances[b].total_cmp(&self.distances[a]));
        let place = |sample: usize| chart.backend_coord(&(sample as f64, self.distances[sample]));
        let (across, down) = chart.plotting_area().get_pixel_range();
        let line = chart.backend_coord(&(0.0, self.cutoff)).1;
        // Neither points nor the line may be written over.
        let mut taken: Vec<Space> =
            shown.iter().map(|&sample| Space::around(place(sample), (radius, radius))).collect();
        taken.push(Space { left: across.start, right: across.end, top: line - UNIT, bottom: line + UNIT });
        let mut names_placed = Vec::new();
        for sample in farthest.into_iter().take(MOST_NAMES) {
            let name = names.map_or_else(|| sample.to_string(), |names| cut(&names.values[sample]));
            let (width, height) = area.estimate_text_size(&name, &text(15, INK))?;
            // A viewer may set an SVG in a wider typeface.
            let half = ((f64::from(width) * 0.55) as i32, height as i32 / 2);
            let (beside, beyond) = (radius + UNIT + half.0, radius + UNIT + half.1);
            let moves = [(beside, 0), (-beside, 0), (0, -beyond), (0, beyond)];
            let point = place(sample);
            let free = moves.into_iter().find(|&(x, y)| {
                let space = Space::around((point.0 + x, point.1 + y), half);
                space.is_within(&across, &down) && !taken.iter().any(|other| other.meets(&space))
            });
            if let Some((x, y)) = free {
                taken.push(Space::around((point.0 + x, point.1 + y), half));
                names_placed.push((sample, name, (x, y)));
            }
        }
        chart.draw_series(names_placed.into_iter().map(|(sample, name, offset)| {
            let name = Text::new(name, offset, centred(text(15, INK), HPos::Center));
            EmptyElement::at((sample as f64, self.distances[sample])) + name
        }))?;
        key(&area, 350, self.cutoff)
    }
}

impl Pane for Quantiles {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        let (x, y) = (axis(&self.expected, 0.0), axis(&self.distances, self.cutoff));
        let corner = x.range.end.min(y.range.end);
        let mut chart = Panel {
            title: "Against those of a Gaussian",
            grid: Grid::Both,
            x_title: "Expected distance (\u{221a}\u{3c7}\u{b2} quantile)",
            y_title: "Distance",
            x: x.clone(),
            y,
        }
        .draw(area)?;
        let cutoff = [0.0, x.range.end].map(|end| (end, self.cutoff));
        let thin = INK.stroke_width(UNIT.unsigned_abs());
        chart.draw_series(LineSeries::new(cutoff, thin))?;
        chart.draw_series(LineSeries::new(
            [(0.0, 0.0), (corner, corner)],
            GREY.stroke_width(thin.stroke_width),
        ))?;
        let (radius, opacity) = point_style(self.distances.len());
        chart.draw_series(self.expected.iter().zip(&self.distances).map(|(&expected, &distance)| {
            Circle::new((expected, distance), radius, Colouring::Plain.colour(0).mix(opacity).filled())
        }))?;
        Ok(())
    }
}

/// What a name, a point or a line covers, in units.
#[derive(Debug)]
struct Space {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

impl Space {
    /// A rectangle by its centre, and half of its width and height.
    fn around((x, y): (i32, i32), half: (i32, i32)) -> Self {
        Self { left: x - half.0, right: x + half.0, top: y - half.1, bottom: y + half.1 }
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is_within(&self, across: &Range<i32>, down: &Range<i32>) -> bool {
        self.left >= across.start
            && self.right <= across.end
            && self.top >= down.start
            && self.bottom <= down.end
    }
}

/// From zero to the largest of these and the cut-off.
fn axis(distances: &[f64], cutoff: f64) -> Axis {
    let values: Vec<f64> = distances.iter().copied().chain([0.0, cutoff]).collect();
    let mut axis = Axis::around(&values, 6);
    axis.range.start = 0.0;
    axis.ticks.retain(|&tick| tick >= 0.0);
    axis
}

fn are_distinct(values: &[String]) -> bool {
    values.iter().collect::<BTreeSet<_>>().len() == values.len()
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => printable(&name[..end]) + "\u{2026}",
        None => printable(name),
    }
}

/// What the horizontal line stands for, at the right of the panel's title.
fn key<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, left: i32, cutoff: f64) -> Drawn<DB> {
    let at = |x: i32, y: i32| (x * UNIT, y * UNIT);
    let line = [at(left, 12), at(left + 20, 12)];
    area.draw(&PathElement::new(line, INK.stroke_width(UNIT.unsigned_abs())))?;
    letter(area, &format!("cut-off {}", significant(cutoff)), 16, (left + 26, 12))
}
