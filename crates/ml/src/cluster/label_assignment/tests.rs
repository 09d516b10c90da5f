use lapwing_lapack::random::rotation;
use ndarray::{Array2, array};

use super::*;

/// The indicators of three clusters of 5, 20 and 35 rows as an embedding has them, turned, and off by `noise`.
fn turned_indicators(noise: f64) -> (Array2<f64>, Vec<usize>) {
    let truth: Vec<usize> = (0..60).map(|i| if i < 5 { 0 } else { 1 + usize::from(i < 25) }).collect();
    let indicators = Array2::from_shape_fn((60, 3), |(i, j)| {
        f64::from(u8::from(truth[i] == j)) * 0.3 + noise * ((7 * i + 5 * j) as f64).sin()
    });
    (indicators.dot(&rotation::<f64>(3, 8).unwrap()), truth)
}

fn same_partition(a: &Array1<usize>, b: &[usize]) -> bool {
    (0..b.len()).all(|i| (0..i).all(|j| (a[i] == a[j]) == (b[i] == b[j])))
}

#[test]
fn planted_clusters_are_found() {
    for noise in [0.0, 0.03] {
        let (vectors, truth) = turned_indicators(noise);
        assert!(same_partition(&cluster_qr(&vectors).unwrap(), &truth));
        for seed in 0..5 {
            assert!(same_partition(&discretize(&vectors, seed).unwrap(), &truth));
        }
    }
}

/// Numbers whose squares leave the range are as good as others.
#[test]
fn the_unit_does_not_matter() {
    let (vectors, truth) = turned_indicators(0.03);
    for unit in [1e-300, 1e300] {
        assert!(same_partition(&cluster_qr(&(&vectors * unit)).unwrap(), &truth));
        assert!(same_partition(&discretize(&(&vectors * unit), 1).unwrap(), &truth));
    }
}

#[test]
fn degenerate_coordinates_have_labels() {
    for vectors in [array![[1.0], [1.0]], Array2::zeros((4, 3)), Array2::ones((4, 4)), Array2::eye(3)] {
        let k = vectors.ncols();
        for labels in [cluster_qr(&vectors).unwrap(), discretize(&vectors, 0).unwrap()] {
            assert!(labels.len() == vectors.nrows() && labels.iter().all(|&label| label < k));
        }
    }
    assert!(same_partition(&cluster_qr(&Array2::eye(5)).unwrap(), &[0, 1, 2, 3, 4]));
}

#[test]
fn bad_coordinates_are_refused() {
    for assign in [cluster_qr, |vectors: &ArrayRef2<f64>| discretize(vectors, 0)] {
        assert!(matches!(
            assign(&Array2::zeros((2, 3))),
            Err(Error::TooFewSamples { found: 2, least: 3, .. })
        ));
        assert!(matches!(assign(&Array2::zeros((2, 0))), Err(Error::NoFeatures { .. })));
        let bad = assign(&array![[0.0, 1.0], [f64::NAN, 0.0]]).unwrap_err();
        assert_eq!(bad, lapwing_lapack::Error::NonFinite { argument: "vectors", row: 1, col: 0 }.into());
    }
}
