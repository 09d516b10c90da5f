use ndarray::Array2;

use super::tests::{moons, same_partition};
use super::*;

const SELECTIONS: [LandmarkSelection; 2] = [LandmarkSelection::KMeans, LandmarkSelection::Random];

#[test]
fn landmarks_tell_moons_apart() {
    let (x, truth) = moons(1000);
    for selection in SELECTIONS {
        let params = LandmarkSpectralClustering::params().n_clusters(2).n_landmarks(120).selection(selection);
        let model = params.fit(&x).unwrap();
        assert!(same_partition(model.labels(), &truth), "{selection:?}");
        assert_eq!(model.predict(&x).unwrap(), model.labels());
        // Of the same samples in single precision, and far from the origin.
        let moved = x.mapv(|entry| (entry * 1024.0).round() / 1024.0 + 4096.0);
        assert!(same_partition(params.fit(&moved).unwrap().labels(), &truth));
        assert!(same_partition(params.fit(&moved.mapv(|entry| entry as f32)).unwrap().labels(), &truth));
    }
}

/// Coordinates are orthonormal eigenvectors of the affinity `Z D⁻¹ Zᵀ`, which is formed here from them all: with as many as
/// landmarks, `Σ (1 − λ) b bᵀ` has rows that sum to 1.
#[test]
fn coordinates_by_landmarks_are_eigenvectors() {
    let (x, _) = moons(90);
    let params = LandmarkSpectralClustering::params().n_clusters(12).n_landmarks(12).bandwidth(0.3);
    let model = params.fit(&x).unwrap();
    let k = model.embedding().ncols();
    let gram = model.embedding().t().dot(&model.embedding()) - Array2::<f64>::eye(k);
    // The smallest singular value is not small here, and its reciprocal does not magnify rounding much.
    assert!(gram.iter().all(|entry| entry.abs() < 1e-9));
    let weighted = &model.embedding() * &model.eigenvalues().mapv(|value| 1.0 - value);
    let affinity = weighted.dot(&model.embedding().t());
    assert!(affinity.sum_axis(ndarray::Axis(1)).iter().all(|sum| (sum - 1.0).abs() < 1e-12));
}

/// The same bits whatever the number of threads.
#[test]
fn landmarks_do_not_depend_on_threads() {
    let (x, _) = moons(3000);
    let params = LandmarkSpectralClustering::params().n_clusters(3).n_landmarks(40).seed(5);
    let fit =
        |threads| lapwing_lapack::threads::with(threads, || params.fit(&x).unwrap().labels().to_owned());
    assert_eq!(fit(1), fit(2));
}

#[test]
fn degenerate_samples_have_landmarks() {
    for (x, clusters) in [
        (Array2::zeros((20, 2)), 1),
        (Array2::from_shape_fn((20, 1), |(i, _)| (i % 3) as f64), 3),
        (Array2::from_shape_fn((20, 1), |(i, _)| (i % 3) as f64 * 1e150), 3),
        (Array2::from_shape_fn((20, 1), |(i, _)| (i % 3) as f64 * 1e-160), 3),
        (Array2::from_elem((1, 1), 5.0), 1),
    ] {
        for selection in SELECTIONS {
            let params = LandmarkSpectralClustering::params().n_clusters(clusters).selection(selection);
            let model = params.fit(&x).unwrap();
            assert!(model.labels().iter().all(|&label| label < clusters));
            assert!(model.embedding().iter().all(|entry| entry.is_finite()));
            let expected: Vec<usize> = (0..x.nrows()).map(|i| i % clusters).collect();
            assert!(same_partition(model.labels(), &expected), "{x} {selection:?}");
        }
    }
    // Nothing tells equal samples apart, and so they share a cluster.
    let equal =
        LandmarkSpectralClustering::params().n_clusters(2).fit(&Array2::<f64>::zeros((20, 2))).unwrap();
    assert!(equal.labels().iter().all(|&label| label == equal.labels()[0]));
}

#[test]
fn bad_choices_of_landmarks_are_refused() {
    let (x, _) = moons(30);
    let params = LandmarkSpectralClustering::params().n_clusters(2);
    for (params, name) in [
        (params.n_landmarks(31), "n_landmarks"),
        (params.n_landmarks(4), "n_neighbors"),
        (params.n_neighbors(0), "n_neighbors"),
        (params.n_clusters(31), "n_clusters"),
        (params.bandwidth(-1.0), "bandwidth"),
    ] {
        let error = params.fit(&x).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter, .. } if parameter == name), "{error}");
    }
    assert!(matches!(params.fit(&Array2::<f64>::zeros((0, 2))), Err(Error::TooFewSamples { .. })));
    assert!(matches!(params.fit(&Array2::<f64>::zeros((3, 0))), Err(Error::NoFeatures { .. })));
    let error = params.fit(&ndarray::array![[0.0], [f64::NAN]]).unwrap_err();
    assert_eq!(error, lapwing_lapack::Error::NonFinite { argument: "x", row: 1, col: 0 }.into());
    let model = params.fit(&x).unwrap();
    assert!(matches!(model.predict(&Array2::<f64>::zeros((1, 3))), Err(Error::FeatureMismatch { .. })));
}

/// What is read back is what was stored, and damage is noticed.
#[test]
fn models_are_stored() {
    let (x, _) = moons(60);
    let params = LandmarkSpectralClustering::params().n_clusters(3).n_landmarks(20);
    let model = params.fit(&x).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<LandmarkSpectralClustering>(&text).unwrap(), model);
    for (good, bad) in [
        ("lapwing.landmark_spectral_clustering", "lapwing.pca"),
        ("\"version\":1", "\"version\":2"),
        ("\"n_samples\":60", "\"n_samples\":61"),
        ("\"n_clusters\":3", "\"n_clusters\":1"),
        ("\"n_neighbors\":5", "\"n_neighbors\":0"),
        ("\"unit\":", "\"unit\":-"),
        ("\"bandwidth\":", "\"bandwidth\":-"),
    ] {
        assert!(text.contains(good), "{good}");
        let damaged = serde_json::from_str::<LandmarkSpectralClustering>(&text.replace(good, bad));
        assert!(damaged.is_err(), "{bad}");
    }
}
