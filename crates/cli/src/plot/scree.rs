//! The share of the variance that each component holds, and that they hold together.

use super::axis::{Axis, Grid, Lettering, Panel, UNIT, counting, letter, round_step, round_ticks};
use super::colour::PALETTE;
use super::{Drawn, Pane};
use plotters::coord::Shift;
use plotters::prelude::*;

/// More bars than this are too thin to see; the table and the JSON report have them all.
const MOST_BARS: usize = 64;
/// More points than this on the line of sums run into each other.
const MOST_POINTS: usize = 30;

const BAR: RGBColor = PALETTE[0];
const LINE: RGBColor = PALETTE[6];

/// The components of an analysis.
#[derive(Debug)]
pub(crate) struct Scree {
    /// Share of the variance of each, from 0 to 1.
    pub(crate) shares: Vec<f64>,
}

impl Pane for Scree {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        draw(area, &self.shares)
    }
}

fn draw<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, shares: &[f64]) -> Drawn<DB> {
    let shown = shares.len().min(MOST_BARS);
    let percent: Vec<f64> =
        shares[..shown].iter().map(|s| if s.is_finite() { 100.0 * s } else { 0.0 }).collect();
    let mut sum = 0.0;
    let sums: Vec<f64> = percent
        .iter()
        .map(|share| {
            sum += share;
            sum
        })
        .collect();
    let title = match shares.len() {
        all if all > shown => format!("Variance (first {shown} of {all} components)"),
        _ => "Variance of the components".to_owned(),
    };
    let mut chart = Panel {
        title: &title,
        grid: Grid::Horizontal,
        x_title: "Component",
        y_title: "Share of variance",
        x: counting(1, shown),
        y: percent_axis(sums.last().copied().unwrap_or(0.0)),
    }
    .draw(area)?;

    // Few bars are kept as slender as five would be.
    let half = 0.4 * (shown as f64 / 5.0).min(1.0);
    chart.draw_series((1..).zip(&percent).map(|(component, &share)| {
        let centre = f64::from(component);
        Rectangle::new([(centre - half, 0.0), (centre + half, share)], BAR.filled())
    }))?;
    let line: Vec<(f64, f64)> = (1..).map(f64::from).zip(sums).collect();
    chart.draw_series(LineSeries::new(line.iter().copied(), LINE.stroke_width(2 * UNIT.unsigned_abs())))?;
    if shown <= MOST_POINTS {
        chart.draw_series(line.into_iter().map(|point| Circle::new(point, 4 * UNIT, LINE.filled())))?;
    }
    key(area)
}

/// What bars and line stand for, at the right of the panel's title.
fn key<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
    let at = |x: i32, y: i32| (x * UNIT, y * UNIT);
    area.draw(&Rectangle::new([at(328, 6), at(340, 18)], BAR.filled()))?;
    letter(area, "each", 16, (346, 12))?;
    area.draw(&PathElement::new([at(392, 12), at(412, 12)], LINE.stroke_width(2 * UNIT.unsigned_abs())))?;
    area.draw(&Circle::new(at(402, 12), 4 * UNIT, LINE.filled()))?;
    letter(area, "cumulative", 16, (418, 12))
}

/// From zero to the round number above the sum; all of the variance is 100 % and never more.
fn percent_axis(sum: f64) -> Axis {
    // Rounding errors may carry the sum a little past the whole.
    let sum = if sum.is_finite() { sum.clamp(1.0, 100.0) } else { 100.0 };
    let step = round_step(sum / 5.0);
    let top = (sum / step).ceil() * step;
    Axis {
        range: 0.0..top * 1.03,
        ticks: round_ticks(&(0.0..top), (top / step).round() as usize),
        lettering: Lettering::Percent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_of_shares_ends_at_the_round_number_above_the_sum() {
        assert_eq!(percent_axis(100.0 + 1e-12).ticks, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(percent_axis(73.8).ticks, [0.0, 20.0, 40.0, 60.0, 80.0]);
        assert_eq!(percent_axis(f64::NAN).range.start, 0.0);
    }
}
