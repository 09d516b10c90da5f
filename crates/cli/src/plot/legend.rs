//! What the colours mean, at the right edge of the figure.

use super::Drawn;
use super::axis::{Axis, Lettering, UNIT, letter, printable, round_ticks, text};
use super::colour::{Colouring, INK, PALETTE, ramp};
use plotters::coord::Shift;
use plotters::prelude::*;

/// A longer text is cut.
const LONGEST_NAME: usize = 16;

/// Draws the legend at the right edge, if there is something to explain, and returns the rest.
pub(super) fn beside<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    colouring: &Colouring,
) -> Drawn<DB, DrawingArea<DB, Shift>> {
    let (title, marks) = match colouring {
        Colouring::Plain => return Ok(area.clone()),
        Colouring::Classes { title, names, .. } => {
            (cut(title), names.iter().map(|name| (0.0, class_name(name))).collect())
        }
        Colouring::Ramp { title, range, ends, .. } => (cut(title), bar_marks(*range, ends.as_ref())),
    };
    let mut width = area.estimate_text_size(&title, &text(17, INK))?.0;
    for (_, word) in &marks {
        width = width.max(area.estimate_text_size(word, &text(16, INK))?.0 + 34 * UNIT as u32);
    }
    // A viewer may set an SVG in a wider typeface.
    let width = (f64::from(width) * 1.15) as i32 + 16 * UNIT;
    let (panel, legend) = area.split_horizontally(area.dim_in_pixel().0 as i32 - width);
    letter(&legend, &title, 17, (4, 46))?;
    match colouring {
        Colouring::Ramp { .. } => bar(&legend, &marks)?,
        _ => {
            for (y, (class, (_, word))) in (76..).step_by(26).zip(marks.iter().enumerate()) {
                legend.draw(&Circle::new((11 * UNIT, y * UNIT), 6 * UNIT, PALETTE[class].filled()))?;
                letter(&legend, word, 16, (26, y))?;
            }
        }
    }
    Ok(panel)
}

/// What the legend calls a class.
fn class_name(name: &str) -> String {
    if name.is_empty() { "(none)".to_owned() } else { cut(name) }
}

/// What stands beside the colour bar, and at which part of its height.
fn bar_marks((low, high): (f64, f64), ends: Option<&(String, String)>) -> Vec<(f64, String)> {
    if let Some((first, last)) = ends {
        return vec![(0.02, cut(first)), (0.98, cut(last))];
    }
    let axis = Axis { range: low..high, ticks: round_ticks(&(low..high), 6), lettering: Lettering::Number };
    // Halves, because the width of the range may exceed the largest number.
    let part = |tick: f64| (tick / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
    axis.ticks.iter().map(|&tick| (part(tick), axis.label(tick))).collect()
}

/// The colour bar, from the lowest value at its foot to the highest.
fn bar<DB: DrawingBackend>(legend: &DrawingArea<DB, Shift>, marks: &[(f64, String)]) -> Drawn<DB> {
    const LEFT: i32 = 4;
    const RIGHT: i32 = 22;
    const TOP: i32 = 72;
    const HEIGHT: i32 = 300;
    for y in 0..HEIGHT {
        let colour = ramp(1.0 - f64::from(y) / f64::from(HEIGHT - 1));
        let slice = [(LEFT * UNIT, (TOP + y) * UNIT), (RIGHT * UNIT, (TOP + y + 1) * UNIT)];
        legend.draw(&Rectangle::new(slice, colour.filled()))?;
    }
    for (part, word) in marks {
        let y = TOP + HEIGHT - (part * f64::from(HEIGHT)).round() as i32;
        letter(legend, word, 16, (RIGHT + 8, y))?;
    }
    Ok(())
}

/// A name fit to print and short enough for the legend.
fn cut(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => printable(&name[..end]) + "\u{2026}",
        None => printable(name),
    }
}
