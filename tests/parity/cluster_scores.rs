//! Scores of clusters next to scikit-learn's: `cluster_scores.json`, made by `cluster_scores.py`.

use std::path::Path;

use lapwing::ml::metrics::{
    ContingencyTable, EntropyAverage, calinski_harabasz_score, davies_bouldin_score, silhouette_samples,
    silhouette_score,
};
use ndarray::Array2;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn section<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/cluster_scores.json");
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    let mut document: Value = serde_json::from_str(&text).expect("the reference is JSON");
    serde_json::from_value(document[name].take()).expect("the section has the fields that are read")
}

fn near(what: &str, found: f64, expected: f64, bound: f64) {
    assert!((found - expected).abs() <= bound, "{what}: {found} is not {expected}");
}

#[derive(Deserialize)]
struct Agreement {
    labels_true: Vec<i64>,
    labels_pred: Vec<i64>,
    rand_score: f64,
    adjusted_rand_score: f64,
    fowlkes_mallows_score: f64,
    mutual_info_score: f64,
    homogeneity_score: f64,
    completeness_score: f64,
    normalized_mutual_info_score: Vec<f64>,
    adjusted_mutual_info_score: Vec<f64>,
    v_measure_score: Vec<f64>,
}

/// Scores of at most ln 60. scikit-learn's expected information is a sum of up to 25 x 60 products of factorials, whose
/// logarithms are near 200: it is right to 200 ε each, and the adjusted score divides it by a difference of order 1.
#[test]
fn scores_of_labels_are_those_of_scikit_learn() {
    let cases: Vec<Agreement> = section("agreement");
    let (exact, expectation) = (60.0 * f64::EPSILON, 4.0 * 200.0 * f64::EPSILON * 60f64.ln());
    for case in cases {
        let table = ContingencyTable::new(&case.labels_true, &case.labels_pred).unwrap();
        near("rand", table.rand_score(), case.rand_score, exact);
        near("adjusted rand", table.adjusted_rand_score(), case.adjusted_rand_score, exact);
        near("Fowlkes-Mallows", table.fowlkes_mallows_score(), case.fowlkes_mallows_score, exact);
        near("mutual information", table.mutual_info_score(), case.mutual_info_score, exact);
        near("homogeneity", table.homogeneity_score(), case.homogeneity_score, exact);
        near("completeness", table.completeness_score(), case.completeness_score, exact);
        for (i, average) in [
            EntropyAverage::Minimum,
            EntropyAverage::Geometric,
            EntropyAverage::Arithmetic,
            EntropyAverage::Maximum,
        ]
        .into_iter()
        .enumerate()
        {
            let normalized = table.normalized_mutual_info_score(average);
            near("normalized", normalized, case.normalized_mutual_info_score[i], exact);
            let adjusted = table.adjusted_mutual_info_score(average);
            // With a label for each sample chance leaves nothing of the smaller entropy: scikit-learn divides what
            // rounding left by as much.
            let by_chance = case.labels_pred.last() == Some(&59) && average == EntropyAverage::Minimum;
            let expected = if by_chance { 0.0 } else { case.adjusted_mutual_info_score[i] };
            near(&format!("adjusted, {average:?}"), adjusted, expected, expectation);
        }
        for (beta, expected) in [1.0, 0.5, 3.0].into_iter().zip(case.v_measure_score) {
            near("V", table.v_measure_score(beta).unwrap(), expected, exact);
        }
    }
}

#[derive(Deserialize)]
struct Separation {
    x: Vec<Vec<f64>>,
    labels: Vec<i64>,
    silhouette_samples: Vec<f64>,
    silhouette_score: f64,
    davies_bouldin_score: f64,
    calinski_harabasz_score: f64,
}

/// Squared distances cancel to ε times the largest, some 400; the smallest of the means that they enter are above 0.1.
#[test]
fn scores_of_points_are_those_of_scikit_learn() {
    let cases: Vec<Separation> = section("separation");
    let bound = 400.0 / 0.1 * f64::EPSILON;
    for case in cases {
        let x = Array2::from_shape_fn((case.x.len(), case.x[0].len()), |(i, j)| case.x[i][j]);
        let found = silhouette_samples(&x, &case.labels).unwrap();
        for (found, expected) in found.iter().zip(&case.silhouette_samples) {
            near("silhouette", *found, *expected, bound);
        }
        near("mean", silhouette_score(&x, &case.labels).unwrap(), case.silhouette_score, bound);
        let found = davies_bouldin_score(&x, &case.labels).unwrap();
        near("Davies-Bouldin", found, case.davies_bouldin_score, bound);
        let found = calinski_harabasz_score(&x, &case.labels).unwrap();
        near("Calinski-Harabasz", found / case.calinski_harabasz_score, 1.0, bound);
    }
}
