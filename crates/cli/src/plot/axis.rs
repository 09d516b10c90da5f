//! Axes: their ranges, ticks and lettering.

use super::Drawn;
use super::colour::{FAINT_INK, GRID, INK};
use plotters::chart::ChartContext;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::ops::Range;

/// Drawing units per nominal pixel.
pub(super) const UNIT: i32 = 4;

/// The style of text of a nominal height.
pub(super) fn text(size: i32, colour: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size * UNIT).into_font().color(&colour)
}

/// `words` with a replacement character for each that XML 1.0 forbids, and for other control characters,
/// which show as nothing.
pub(super) fn printable(words: &str) -> String {
    let replaced = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    words.chars().map(|c| if replaced(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A style of text, centred on its anchor in the vertical.
pub(super) fn centred(style: TextStyle<'static>, horizontal: HPos) -> TextStyle<'static> {
    style.pos(Pos::new(horizontal, VPos::Center))
}

/// The range of an axis and where its ticks are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) range: Range<f64>,
    pub(super) ticks: Vec<f64>,
    pub(super) lettering: Lettering,
}

/// What stands at a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lettering {
    Number,
    Percent,
    /// The power of ten that the tick is the exponent of: the axis is logarithmic.
    Power,
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let part = (value - self.range.start) / (self.range.end - self.range.start);
        // What lies far outside is not drawn, but must not overflow either.
        from + (f64::from(to - from) * part.clamp(-1.0, 2.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // Light points are those of a finer grid, which there is none of.
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format(tick: &f64) -> String {
        tick.to_string()
    }

    fn format_ext(&self, tick: &f64) -> String {
        self.label(*tick)
    }
}

impl Axis {
    /// An axis around `values` with a margin of 5 % on both sides and about `count` round ticks.
    pub(super) fn around(values: &[f64], count: usize) -> Self {
        let finite = values.iter().copied().filter(|value| value.is_finite());
        let low = finite.clone().fold(f64::INFINITY, f64::min);
        let high = finite.fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = if low > high { (0.0, 0.0) } else { (low, high) };
        // Kept small enough that differences stay finite, and large enough that they are not zero.
        let (low, high) = (low.max(-f64::MAX / 8.0), high.min(f64::MAX / 8.0));
        let margin = if high - low > 1e-12 * low.abs().max(high.abs()) && high - low > 1e-290 {
            0.05 * (high - low)
        } else {
            (0.1 * high.abs()).max(1.0)
        };
        let range = low - margin..high + margin;
        let ticks = round_ticks(&range, count);
        Self { range, ticks, lettering: Lettering::Number }
    }

    /// What a tick of this axis is labelled.
    pub(super) fn label(&self, tick: f64) -> String {
        if self.lettering == Lettering::Power {
            return self.power(tick);
        }
        let step = match self.ticks[..] {
            [first, second, ..] => second - first,
            _ => 1.0,
        };
        let largest = self.range.start.abs().max(self.range.end.abs());
        let label = if !(1e-3..1e6).contains(&largest) {
            let digits = (largest.log10().floor() - step.log10().floor()).clamp(0.0, 15.0) as usize;
            if tick == 0.0 { "0".to_owned() } else { format!("{tick:.digits$e}") }
        } else {
            // A step such as 2.5 needs one digit more than its magnitude tells.
            let digits = (0..15).find(|&d| is_whole(step * 10_f64.powi(d))).unwrap_or(15) as usize;
            format!("{tick:.digits$}")
        };
        let suffix = if self.lettering == Lettering::Percent { " %" } else { "" };
        label.replace('-', "\u{2212}") + suffix
    }

    /// A logarithmic axis around `values`, which are positive; places on it are decimal logarithms.
    pub(super) fn logarithmic(values: &[f64], count: usize) -> Self {
        let exponents: Vec<f64> = values.iter().map(|value| value.log10()).collect();
        let range = Self::around(&exponents, count).range;
        let (first, last) = (range.start.ceil(), range.end.floor());
        let step = ((last - first) / count.max(1) as f64).ceil().max(1.0);
        let ticks = (0..=2 * count).map(|i| first + i as f64 * step).take_while(|&tick| tick <= last);
        Self { ticks: ticks.collect(), range, lettering: Lettering::Power }
    }

    /// The power of ten in full, unless one of the axis would take more than a few digits.
    fn power(&self, exponent: f64) -> String {
        let short = |exponent: &f64| (-3.0..=4.0).contains(exponent);
        if self.ticks.iter().all(short) {
            format!("{}", 10_f64.powf(exponent))
        } else {
            format!("1e{exponent}").replace('-', "\u{2212}")
        }
    }
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6
}

/// About `count` multiples of 1, 2 or 5 times a power of ten within `range`.
pub(super) fn round_ticks(range: &Range<f64>, count: usize) -> Vec<f64> {
    let step = round_step((range.end - range.start) / count.max(1) as f64);
    if !(step.is_finite() && step > 0.0) {
        return Vec::new();
    }
    let (first, last) = ((range.start / step).ceil(), (range.end / step).floor());
    // Zero is added to turn a negative zero into a positive one.
    (0..=4 * count).map(|i| first + i as f64).take_while(|&i| i <= last).map(|i| i * step + 0.0).collect()
}

/// The number of the form 1, 2 or 5 times a power of ten nearest to `step`, by ratio.
pub(super) fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let lead = step / power;
    // Between neighbours the line is drawn at their geometric mean.
    power
        * [1.0_f64, 2.0, 5.0]
            .into_iter()
            .zip([2.0_f64, 5.0, 10.0])
            .find(|(low, high)| lead < (low * high).sqrt())
            .map_or(10.0, |(low, _)| low)
}

/// Which ticks draw a line across the panel.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Grid {
    /// Those of the vertical axis: for bars, whose place on the other axis is plain.
    Horizontal,
    Both,
}

/// A system of axes with its titles.
pub(super) struct Panel<'a> {
    pub(super) title: &'a str,
    pub(super) grid: Grid,
    pub(super) x_title: &'a str,
    pub(super) y_title: &'a str,
    pub(super) x: Axis,
    pub(super) y: Axis,
}

impl Panel<'_> {
    /// Draws titles, grid and ticks; series are then drawn on the chart returned.
    pub(super) fn draw<'a, DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
    ) -> Drawn<DB, ChartContext<'a, DB, Cartesian2d<Axis, Axis>>> {
        area.draw_text(self.title, &text(20, INK), (28 * UNIT, 0))?;
        let mut chart = ChartBuilder::on(area)
            .margin_top(36 * UNIT)
            .margin_right(18 * UNIT)
            .margin_left(14 * UNIT)
            .x_label_area_size(52 * UNIT)
            .y_label_area_size(78 * UNIT)
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        let mut mesh = chart.configure_mesh();
        if self.grid == Grid::Horizontal {
            mesh.disable_x_mesh();
        }
        mesh.bold_line_style(GRID.stroke_width(UNIT.unsigned_abs()))
            .light_line_style(TRANSPARENT)
            .axis_style(FAINT_INK.stroke_width(UNIT.unsigned_abs()))
            .set_all_tick_mark_size(5 * UNIT)
            .label_style(text(16, INK))
            .axis_desc_style(text(18, INK))
            .x_desc(self.x_title)
            .y_desc(self.y_title)
            .draw()?;
        Ok(chart)
    }
}

/// Writes `words` at a nominal place, centred in the vertical.
pub(super) fn letter<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    words: &str,
    size: i32,
    (x, y): (i32, i32),
) -> Drawn<DB> {
    area.draw_text(words, &centred(text(size, INK), HPos::Left), (x * UNIT, y * UNIT))
}

/// An axis of so many whole numbers from `first` on, half a unit wider on both sides.
pub(super) fn counting(first: usize, count: usize) -> Axis {
    let (first, last) = (first as f64, (first + count.max(1)) as f64 - 1.0);
    let step = round_step((last / 8.0).max(1.0));
    let ticks = (0..=(last / step) as usize).map(|tick| tick as f64 * step);
    Axis {
        range: first - 0.5..last + 0.5,
        ticks: ticks.filter(|&tick| tick >= first).collect(),
        lettering: Lettering::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within_the_range() {
        assert_eq!(round_ticks(&(0.0..100.0), 5), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(round_ticks(&(-3.1..3.9), 7), [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(round_ticks(&(0.12..0.18), 3), [0.12, 0.14, 0.16, 0.18]);
        assert!(round_ticks(&(1.0..1.0), 5).is_empty());
    }

    #[test]
    fn labels_show_the_digits_that_tell_ticks_apart() {
        let labels = |low: f64, high: f64| {
            let axis =
                Axis { range: low..high, ticks: round_ticks(&(low..high), 4), lettering: Lettering::Number };
            axis.ticks.iter().map(|&tick| axis.label(tick)).collect::<Vec<_>>()
        };
        assert_eq!(labels(-1.0, 1.0), ["\u{2212}1.0", "\u{2212}0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels(0.0, 40.0), ["0", "10", "20", "30", "40"]);
        assert_eq!(labels(0.0, 4e9), ["0", "1e9", "2e9", "3e9", "4e9"]);
        assert_eq!(labels(0.0, 4e-9), ["0", "1e\u{2212}9", "2e\u{2212}9", "3e\u{2212}9", "4e\u{2212}9"]);
    }

    #[test]
    fn a_logarithmic_axis_has_powers_of_ten() {
        let labels = |low: f64, high: f64| {
            let axis = Axis::logarithmic(&[low, high], 6);
            axis.ticks.iter().map(|&tick| axis.label(tick)).collect::<Vec<_>>()
        };
        assert_eq!(labels(1e-3, 1e2), ["0.001", "0.01", "0.1", "1", "10", "100"]);
        assert_eq!(
            labels(1e-6, 1e6),
            ["1e\u{2212}6", "1e\u{2212}4", "1e\u{2212}2", "1e0", "1e2", "1e4", "1e6"]
        );
    }

    #[test]
    fn an_axis_has_width_whatever_it_surrounds() {
        for values in [&[][..], &[0.0], &[1e308, -1e308], &[5e-324], &[1e20, 1e20], &[f64::NAN, 3.0]] {
            let axis = Axis::around(values, 5);
            assert!(axis.range.end > axis.range.start, "{values:?}");
            assert!((axis.range.end - axis.range.start).is_finite(), "{values:?}");
        }
    }

    #[test]
    fn an_axis_that_counts_has_whole_numbers() {
        assert_eq!(counting(1, 4).ticks, [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(counting(1, 60).ticks, [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);
        assert_eq!(counting(1, 1).ticks, [1.0]);
        assert_eq!(counting(0, 3).ticks, [0.0, 1.0, 2.0]);
        assert_eq!(counting(0, 1).ticks, [0.0]);
    }
}
