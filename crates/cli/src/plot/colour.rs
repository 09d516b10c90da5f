//! Which colour a sample gets.

use crate::read::Labels;
use plotters::style::RGBColor;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub(super) const INK: RGBColor = RGBColor(38, 38, 42);
pub(super) const FAINT_INK: RGBColor = RGBColor(98, 98, 106);
pub(super) const GRID: RGBColor = RGBColor(228, 228, 232);
/// Of samples whose label is missing, and of lines that are too many to tell apart.
pub(super) const GREY: RGBColor = RGBColor(170, 170, 170);

/// Ten colours that stay apart under the common kinds of colour blindness, in Petroff's order ("Accessible
/// color sequences for data visualization", 2021).
pub(super) const PALETTE: [RGBColor; 10] = [
    RGBColor(63, 144, 218),
    RGBColor(255, 169, 14),
    RGBColor(189, 31, 1),
    RGBColor(148, 164, 162),
    RGBColor(131, 45, 182),
    RGBColor(169, 107, 89),
    RGBColor(231, 99, 0),
    RGBColor(185, 172, 112),
    RGBColor(113, 117, 129),
    RGBColor(146, 218, 221),
];

/// Viridis in steps of an eighth, without its last: pale yellow does not show on white.
const RAMP: [RGBColor; 8] = [
    RGBColor(68, 1, 84),
    RGBColor(71, 44, 122),
    RGBColor(59, 81, 139),
    RGBColor(44, 113, 142),
    RGBColor(33, 144, 141),
    RGBColor(39, 173, 129),
    RGBColor(92, 200, 99),
    RGBColor(170, 220, 50),
];

/// The colour at `position` of the ramp, from 0 to 1; a range without width has no positions (NaN) and
/// shows its lowest colour.
pub(super) fn ramp(position: f64) -> RGBColor {
    let position = if position > 0.0 { position.min(1.0) } else { 0.0 };
    let place = position * (RAMP.len() - 1) as f64;
    let below = (place as usize).min(RAMP.len() - 2);
    let part = place - below as f64;
    let (a, b) = (RAMP[below], RAMP[below + 1]);
    let mix = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

/// How the labels colour the samples.
#[derive(Debug, PartialEq)]
pub(super) enum Colouring {
    /// There are no labels: one colour.
    Plain,
    /// Up to ten classes, a colour each.
    Classes { title: String, names: Vec<String>, class_of: Vec<usize> },
    /// Numbers, or more classes than the eye tells apart: a ramp. For classes the value is the rank.
    Ramp { title: String, values: Vec<Option<f64>>, range: (f64, f64), ends: Option<(String, String)> },
}

impl Colouring {
    pub(super) fn of(labels: Option<&Labels>) -> Self {
        let Some(labels) = labels else { return Self::Plain };
        let title = labels.name.clone();
        let mut names: Vec<String> =
            labels.values.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
        names.sort_by(|a, b| natural_order(a, b));
        let rank = |value: &String| names.binary_search_by(|name| natural_order(name, value)).ok();
        if names.len() <= PALETTE.len() {
            let class_of = labels.values.iter().map(|value| rank(value).unwrap_or(0)).collect();
            return Self::Classes { title, names, class_of };
        }
        let written = |name: &&String| !name.is_empty();
        let numeric = names.iter().filter(written).all(|name| finite(name).is_some());
        let (values, ends): (Vec<_>, _) = if numeric {
            (labels.values.iter().map(|value| finite(value)).collect(), None)
        } else {
            let of = |value: &String| if value.is_empty() { None } else { rank(value).map(|r| r as f64) };
            let ends = names.iter().find(written).cloned().zip(names.iter().rfind(written).cloned());
            (labels.values.iter().map(of).collect(), ends)
        };
        let present = values.iter().flatten();
        let range = (
            present.clone().fold(f64::INFINITY, |a, &b| a.min(b)),
            present.fold(f64::NEG_INFINITY, |a, &b| a.max(b)),
        );
        Self::Ramp { title, values, range, ends }
    }

    /// The colour of a sample.
    pub(super) fn colour(&self, sample: usize) -> RGBColor {
        match self {
            Self::Plain => PALETTE[0],
            Self::Classes { class_of, .. } => PALETTE[class_of.get(sample).copied().unwrap_or(0)],
            Self::Ramp { values, range: (low, high), .. } => match values.get(sample).copied().flatten() {
                // Halves, because the width of the range may exceed the largest number.
                Some(value) => ramp((value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0)),
                None => GREY,
            },
        }
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Numbers by value and before words, words by letter, so that class 10 follows class 9. Spellings
/// of one number are told apart by letter.
fn natural_order(a: &str, b: &str) -> Ordering {
    match (finite(a), finite(b)) {
        (Some(x), Some(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colouring(values: &[&str]) -> Colouring {
        let values = values.iter().map(|&v| v.to_owned()).collect();
        Colouring::of(Some(&Labels { name: "kind".into(), values }))
    }

    #[test]
    fn classes_are_in_their_natural_order() {
        let Colouring::Classes { names, class_of, .. } = colouring(&["10", "b", "9", "a", "10"]) else {
            panic!("five classes fit the palette")
        };
        assert_eq!(names, ["9", "10", "a", "b"]);
        assert_eq!(class_of, [1, 3, 0, 2, 1]);
    }

    #[test]
    fn more_than_ten_numbers_are_a_ramp_by_value() {
        let texts: Vec<String> = (0..12).map(|i| format!("{}", i * i)).collect();
        let mut all: Vec<&str> = texts.iter().map(String::as_str).collect();
        all.push("");
        let colouring = colouring(&all);
        assert!(matches!(&colouring, Colouring::Ramp { range: (0.0, 121.0), ends: None, .. }));
        assert_eq!(colouring.colour(0), ramp(0.0));
        assert_eq!(colouring.colour(11), ramp(1.0));
        assert_eq!(colouring.colour(12), GREY);
    }

    #[test]
    fn more_than_ten_words_are_a_ramp_by_rank() {
        let words: Vec<&str> = "k j i h g f e d c b a".split(' ').collect();
        let colouring = colouring(&words);
        let Colouring::Ramp { range, ends, .. } = &colouring else { panic!("eleven exceed the palette") };
        assert_eq!((*range, ends.clone()), ((0.0, 10.0), Some(("a".into(), "k".into()))));
        assert_eq!(colouring.colour(10), ramp(0.0));
    }

    #[test]
    fn the_ramp_passes_through_its_anchors() {
        assert_eq!(ramp(0.0), RAMP[0]);
        assert_eq!(ramp(3.0 / 7.0), RAMP[3]);
        assert_eq!(ramp(1.0), RAMP[7]);
        assert_eq!(ramp(f64::NAN), RAMP[0]);
    }
}
