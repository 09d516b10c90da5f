//! Figures: a title, a line under it, and two panes side by side.
//!
//! Everything is drawn once, in units of a quarter of a pixel: an SVG keeps the fractions, which its
//! backend would round to whole pixels, and a PNG is averaged down to twice the nominal size, which
//! smooths every edge.

mod axis;
mod canvas;
mod coefficient_path;
mod colour;
mod distances;
mod legend;
mod lettering;
mod points;
mod predictions;
mod scores;
mod scree;
mod sequence;
mod sizes;

pub(crate) use coefficient_path::CoefficientPath;
pub(crate) use distances::{Distances, Quantiles};
pub(crate) use predictions::{Predictions, Residuals};
pub(crate) use scores::Scores;
pub(crate) use scree::Scree;
pub(crate) use sequence::Sequence;
pub(crate) use sizes::Sizes;

use crate::arguments::PlotFormat;
use axis::{UNIT, printable, text};
use plotters::coord::Shift;
use plotters::prelude::*;
use std::io::{self, Write};

/// Nominal size in pixels.
const SIZE: (i32, i32) = (1280, 620);

/// The result of drawing on a backend.
pub(crate) type Drawn<DB, T = ()> =
    std::result::Result<T, DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// What is shown side by side.
#[derive(Debug)]
pub(crate) struct Figure<L, R> {
    /// The large first line: the file.
    pub(crate) title: String,
    /// The line under it.
    pub(crate) subtitle: String,
    pub(crate) left: L,
    pub(crate) right: R,
    /// Nominal pixels of the left pane; the rest of the width is the right one's.
    pub(crate) left_width: i32,
}

/// One side of a figure: data, and how to draw them.
pub(crate) trait Pane {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB>;
}

impl<L: Pane, R: Pane> Figure<L, R> {
    /// Draws the figure and writes it in the given format.
    pub(crate) fn write(&self, format: PlotFormat, out: &mut dyn Write) -> io::Result<()> {
        match format {
            PlotFormat::Svg => {
                let mut svg = canvas::Svg::new(SIZE);
                self.draw(&svg.area()).map_err(io::Error::other)?;
                svg.write(out)
            }
            PlotFormat::Png => {
                let mut png = canvas::Png::new(SIZE);
                self.draw(&png.area()).map_err(io::Error::other)?;
                png.write(out)
            }
        }
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        area.fill(&WHITE)?;
        area.draw_text(&printable(&self.title), &text(26, colour::INK), (28 * UNIT, 20 * UNIT))?;
        area.draw_text(&self.subtitle, &text(17, colour::FAINT_INK), (28 * UNIT, 54 * UNIT))?;
        let below = area.margin(88 * UNIT, 14 * UNIT, 0, 0);
        let (left, right) = below.split_horizontally(self.left_width * UNIT);
        self.left.draw(&left)?;
        self.right.draw(&right)?;
        area.present()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Labels;

    fn figure(samples: usize, labels: Option<&Labels>) -> Figure<Scree, Scores> {
        let score = |i: usize, speed: f64| (i as f64 * speed).sin();
        Figure {
            title: "a & b.csv".into(),
            subtitle: format!("{samples} samples"),
            left: Scree { shares: vec![0.5, 0.25, 0.125] },
            right: Scores {
                names: Scores::component_names(&[0.5, 0.25]),
                first: (0..samples).map(|i| score(i, 1.0)).collect(),
                second: Some((0..samples).map(|i| score(i, 1.7)).collect()),
                labels: labels.cloned(),
            },
            left_width: 520,
        }
    }

    fn beside<L: Pane, R: Pane>(left: L, right: R) -> Figure<L, R> {
        Figure { title: String::new(), subtitle: String::new(), left, right, left_width: 640 }
    }

    fn svg<L: Pane, R: Pane>(figure: &Figure<L, R>) -> String {
        let mut bytes = Vec::new();
        figure.write(PlotFormat::Svg, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn labels(samples: usize, label: impl Fn(usize) -> String) -> Labels {
        Labels { name: "kind".into(), values: (0..samples).map(label).collect() }
    }

    #[test]
    fn an_svg_has_its_nominal_size_and_a_point_per_sample() {
        let picture = svg(&figure(100, None));
        assert!(picture.starts_with("<svg width=\"1280\" height=\"620\" viewBox=\"0 0 5120 2480\""));
        assert!(picture.trim_end().ends_with("</svg>"));
        // And one point per component on the line of sums, and one in its key.
        assert_eq!(picture.matches("<circle").count(), 100 + 3 + 1);
        for words in ["a &amp; b.csv", "100 samples", "PC1 (50.0 %)", "PC2 (25.0 %)"] {
            assert!(picture.contains(words), "{words}");
        }
    }

    #[test]
    fn a_png_has_twice_the_nominal_size() {
        let mut bytes = Vec::new();
        figure(10, None).write(PlotFormat::Png, &mut bytes).unwrap();
        let decoder = png::Decoder::new(io::Cursor::new(bytes));
        let reader = decoder.read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (2560, 1240));
    }

    #[test]
    fn few_classes_get_a_legend_and_many_a_bar() {
        let few = labels(100, |i| format!("class {}", i % 3));
        let picture = svg(&figure(100, Some(&few)));
        for words in ["kind", "class 0", "class 1", "class 2"] {
            assert!(picture.contains(words), "{words}");
        }
        let many = labels(100, |i| format!("{}.5", i));
        let picture = svg(&figure(100, Some(&many)));
        assert!(picture.contains("kind") && !picture.contains("99.5"));
    }

    #[test]
    fn control_characters_are_replaced_so_that_the_svg_is_well_formed() {
        for classes in [3, 20] {
            let name = "ki\u{1}nd".to_owned();
            let labels = Labels { name, ..labels(100, |i| format!("\u{1b}\u{ffff}{}", i % classes)) };
            let picture = svg(&Figure { title: "a\u{8}\u{85}.csv".into(), ..figure(100, Some(&labels)) });
            assert!(picture.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{ffff}')));
            for words in ["ki\u{fffd}nd", "\u{fffd}\u{fffd}0", "a\u{fffd}\u{fffd}.csv"] {
                assert!(picture.contains(words), "{words}");
            }
        }
    }

    #[test]
    fn thins_the_points_of_very_many_samples_and_says_so() {
        let picture = svg(&figure(250_000, None));
        // The points on the line of sums are circles as well, and so is the one in its key.
        let points = picture.matches("<circle").count() - 3 - 1;
        assert!((99_000..=101_000).contains(&points), "{points}");
        assert!(picture.contains(&format!("{points} of 250000 samples on the first two components")));
    }

    /// Whatever the decomposition hands over, drawing ends.
    #[test]
    fn draws_degenerate_data() {
        let extremes = [0.0, -0.0, 1e308, -1e308, 5e-324, f64::NAN, f64::INFINITY, 1.0];
        for &a in &extremes {
            for &b in &extremes {
                let with = |first: Vec<f64>, second| Figure {
                    right: Scores { names: Scores::component_names(&[a, b]), first, second, labels: None },
                    ..figure(0, None)
                };
                svg(&with(vec![a, b], Some(vec![b, a])));
                svg(&with(vec![a, b], None));
                svg(&Figure { left: Scree { shares: vec![a, b] }, ..figure(2, None) });
                let values = labels(12, |i| format!("{}", if i % 2 == 0 { a } else { b * i as f64 }));
                svg(&figure(12, Some(&values)));
            }
        }
        let nothing = Scores { names: vec![], first: vec![], second: None, labels: None };
        svg(&Figure { left: Scree { shares: vec![] }, right: nothing, ..figure(0, None) });
        svg(&figure(0, Some(&labels(0, |_| String::new()))));
        svg(&figure(3, Some(&labels(3, |_| String::new()))));
    }
    /// The same of the panes of the other commands.
    #[test]
    fn draws_degenerate_regressions_and_distances() {
        let extremes = [0.0, 1e308, -1e308, 5e-324, f64::NAN, f64::INFINITY, 1.0];
        for &a in &extremes {
            for &b in &extremes {
                let values = || vec![a, b, 1.0];
                let path = CoefficientPath {
                    alphas: vec![1e-300, a.abs().max(1e-300), 1e300],
                    effects: vec![values()],
                    names: vec!["x".into()],
                    chosen: b,
                };
                let target = "y".to_owned();
                svg(&beside(path, Predictions { observed: values(), predicted: values(), target }));
            }
        }
        for &a in &extremes {
            for &b in &extremes {
                let distances = || vec![a.abs(), b.abs(), 1.0];
                let labels = Some(labels(3, |i| i.to_string()));
                let left = Distances { distances: distances(), cutoff: b, labels };
                let right = Quantiles { expected: distances(), distances: distances(), cutoff: b };
                svg(&beside(left, right));
            }
        }
        for &a in &extremes {
            for cut_after in [0, 1, 9] {
                let sequence = |values| Sequence {
                    title: "Eigenvalues".into(),
                    counted: "Number",
                    measured: "Eigenvalue",
                    values,
                    cut_after,
                };
                svg(&beside(sequence(vec![a, 1.0]), sequence(vec![])));
            }
        }
        svg(&beside(Sizes { sizes: vec![] }, Sizes { sizes: vec![0; 100] }));
        let nothing = Predictions { observed: vec![], predicted: vec![], target: String::new() };
        svg(&beside(nothing, Residuals { predicted: vec![], residuals: vec![] }));
    }
}
