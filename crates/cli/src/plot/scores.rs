//! The right panel: the samples along the first two components, or the distribution along the only one.

use super::Drawn;
use super::axis::{Axis, Grid, Panel};
use super::colour::{Colouring, PALETTE};
use super::legend;
use plotters::coord::Shift;
use plotters::prelude::*;

/// More points than this add bytes and no picture.
const MOST_POINTS: usize = 100_000;

/// The look of the points of `count` samples: nominal radius in units, and opacity.
fn point_style(count: usize) -> (i32, f64) {
    match count {
        0..=500 => (18, 0.8),
        501..=3_000 => (13, 0.7),
        3_001..=20_000 => (9, 0.5),
        _ => (6, 0.25),
    }
}

/// All samples, or about `MOST_POINTS` of them. Multiples of the golden ratio, taken modulo 1, are
/// spread evenly and keep step with no period in the order of the rows, as every second row would.
fn thinned(samples: usize) -> impl Iterator<Item = usize> {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let share = MOST_POINTS as f64 / samples.max(1) as f64;
    // The conversion saturates: every sample is taken when the share is 1 or more.
    let limit = (share * u64::MAX as f64) as u64;
    (0..samples).filter(move |&i| (i as u64).wrapping_mul(GOLDEN) <= limit)
}

pub(super) fn scatter<DB: DrawingBackend>(
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
pub(super) fn histogram<DB: DrawingBackend>(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_takes_an_even_share_of_every_period() {
        assert_eq!(thinned(MOST_POINTS).count(), MOST_POINTS);
        let samples = 4 * MOST_POINTS;
        let taken: Vec<usize> = thinned(samples).collect();
        // The discrepancy of n multiples of the golden ratio is below ln(n): far less than a hundredth.
        let near = |count: usize, expected: usize| count.abs_diff(expected) <= expected / 100;
        assert!(near(taken.len(), MOST_POINTS), "{}", taken.len());
        for period in [2, 3, 4, 5, 7, 10] {
            let in_phase = taken.iter().filter(|&&i| i % period == 1).count();
            assert!(near(in_phase, MOST_POINTS / period), "{period}: {in_phase}");
        }
    }
}
