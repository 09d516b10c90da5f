//! Reference numbers that other programs wrote, and how near to them an answer is.

use std::path::Path;

use ndarray::{Array2, ArrayRef1, ArrayRef2, Axis, aview1};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A section of a file beside this one.
pub(crate) fn section<T: DeserializeOwned>(file: &str, name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity").join(file);
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    let mut document: Value = serde_json::from_str(&text).expect("the reference is JSON");
    serde_json::from_value(document[name].take()).expect("the section has the fields that are read")
}

pub(crate) fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    let cols = rows.first().map_or(0, Vec::len);
    Array2::from_shape_fn((rows.len(), cols), |(i, j)| rows[i][j])
}

/// That no entry differs by more than `bound` times the largest of the expected ones.
pub(crate) fn near(what: &str, found: &ArrayRef2<f64>, expected: &ArrayRef2<f64>, bound: f64) {
    assert_eq!(found.dim(), expected.dim(), "{what}");
    let scale = expected.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    for ((place, found), expected) in found.indexed_iter().zip(expected) {
        let difference = (found - expected).abs();
        assert!(
            difference <= bound * scale,
            "{what} {place:?}: {found} is {difference:e} from {expected}, over {bound:e} of {scale}"
        );
    }
}

pub(crate) fn near_vector(what: &str, found: &ArrayRef1<f64>, expected: &[f64], bound: f64) {
    near(what, &found.view().insert_axis(Axis(0)), &aview1(expected).insert_axis(Axis(0)), bound);
}
