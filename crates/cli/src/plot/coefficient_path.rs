//! How the coefficients of a regression shrink as its penalty grows.

use super::axis::{Axis, Grid, Panel, UNIT, letter};
use super::colour::{Colouring, GREY, INK, PALETTE};
use super::{Drawn, Pane, legend};
use crate::report::shortest;
use plotters::coord::Shift;
use plotters::prelude::*;

/// More lines than this are a surface.
const MOST_LINES: usize = 500;

/// The effects of the features for each of a series of penalties.
#[derive(Debug)]
pub(crate) struct CoefficientPath {
    /// The penalties, positive, in any order.
    pub(crate) alphas: Vec<f64>,
    /// For each feature, what one of its standard deviations changes in the prediction, for each penalty. Coefficients
    /// themselves depend on units, and could not be seen beside one another.
    pub(crate) effects: Vec<Vec<f64>>,
    /// The names of the features.
    pub(crate) names: Vec<String>,
    /// The penalty of the model.
    pub(crate) chosen: f64,
}

impl Pane for CoefficientPath {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        let largest = self.largest();
        let named = self.named(&largest);
        let names = named.iter().map(|&feature| self.names[feature].clone()).collect();
        let title = match self.names.len() {
            all if all > named.len() => format!("{} of {all} named", named.len()),
            _ => "feature".to_owned(),
        };
        let colouring = Colouring::Classes { title, names, class_of: Vec::new() };
        let area = legend::beside(area, &colouring)?;
        let marked = Some(self.chosen).filter(|&alpha| alpha > 0.0);
        let places: Vec<f64> = self.alphas.iter().copied().chain(marked).collect();
        let values: Vec<f64> = self.effects.iter().flatten().copied().chain([0.0]).collect();
        let (x, y) = (Axis::logarithmic(&places, 6), Axis::around(&values, 6));
        let mut chart = Panel {
            title: "Coefficients by penalty",
            grid: Grid::Both,
            x_title: "Penalty \u{3b1}",
            y_title: "Effect of one standard deviation",
            x,
            y: y.clone(),
        }
        .draw(&area)?;
        if let Some(alpha) = marked {
            let line = [(alpha.log10(), y.range.start), (alpha.log10(), y.range.end)];
            chart.draw_series(LineSeries::new(line, INK.stroke_width(UNIT.unsigned_abs())))?;
        }
        let mut order: Vec<usize> = (0..self.alphas.len()).collect();
        order.sort_by(|&a, &b| self.alphas[a].total_cmp(&self.alphas[b]));
        // What has a name lies above what has none.
        let nameless = largest.iter().copied().filter(|feature| !named.contains(feature)).rev();
        let rank = |feature: &usize| named.iter().position(|other| other == feature);
        for feature in nameless.chain(named.iter().copied()) {
            let colour = rank(&feature).map_or(GREY, |rank| PALETTE[rank]);
            let width = UNIT.unsigned_abs() * if colour == GREY { 1 } else { 2 };
            let effects = &self.effects[feature];
            let line = order.iter().map(|&i| (self.alphas[i].log10(), effects[i]));
            chart.draw_series(LineSeries::new(line, colour.stroke_width(width)))?;
        }
        match marked {
            Some(alpha) => key(&area, alpha),
            None => Ok(()),
        }
    }
}

impl CoefficientPath {
    /// The features to draw, the largest effect first.
    fn largest(&self) -> Vec<usize> {
        let effect = |feature: usize| self.effects[feature].iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let mut features: Vec<(f64, usize)> = (0..self.names.len()).map(|i| (effect(i), i)).collect();
        features.sort_by(|a, b| b.0.total_cmp(&a.0));
        features.into_iter().take(MOST_LINES).map(|(_, feature)| feature).collect()
    }

    /// As many of them as there are colours, in the order in which their lines begin.
    fn named(&self, largest: &[usize]) -> Vec<usize> {
        let mut named: Vec<usize> = largest.iter().copied().take(PALETTE.len()).collect();
        let least = (0..self.alphas.len()).min_by(|&a, &b| self.alphas[a].total_cmp(&self.alphas[b]));
        if let Some(least) = least {
            named.sort_by(|&a, &b| self.effects[b][least].total_cmp(&self.effects[a][least]));
        }
        named
    }
}

/// What the vertical line stands for, at the right of the panel's title.
fn key<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, alpha: f64) -> Drawn<DB> {
    let at = |x: i32, y: i32| (x * UNIT, y * UNIT);
    area.draw(&PathElement::new([at(300, 4), at(300, 20)], INK.stroke_width(UNIT.unsigned_abs())))?;
    letter(area, &format!("\u{3b1} = {}", shortest(alpha)), 16, (308, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_features_of_the_largest_effects_from_the_highest_line_down() {
        let path = |count: usize| CoefficientPath {
            alphas: vec![10.0, 1.0],
            effects: (0..count).map(|i| vec![0.1 * i as f64, i as f64 * (-1_f64).powi(i as i32)]).collect(),
            names: (0..count).map(|i| format!("x{i}")).collect(),
            chosen: 3.0,
        };
        let named = |count: usize| path(count).named(&path(count).largest());
        assert_eq!(named(3), [2, 0, 1]);
        assert_eq!(named(12), [10, 8, 6, 4, 2, 3, 5, 7, 9, 11]);
        assert_eq!(named(0), [0; 0]);
        assert_eq!(path(1000).largest().len(), MOST_LINES);
    }
}
