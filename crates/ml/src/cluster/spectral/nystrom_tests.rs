use ndarray::{Array2, Axis};

use super::tests::{moons, same_partition};
use super::*;
use crate::affinity::{Affinity, AffinityMatrix, Gamma};

fn params(gamma: f64) -> NystromSpectralClusteringParams {
    NystromSpectralClustering::params().gamma(Gamma::Value(gamma))
}

#[test]
fn nystrom_tells_moons_apart() {
    let (x, truth) = moons(1000);
    for selection in [LandmarkSelection::KMeans, LandmarkSelection::Random] {
        let params = params(30.0).n_clusters(2).n_landmarks(200).selection(selection);
        let model = params.fit(&x).unwrap();
        assert!(same_partition(model.labels(), &truth), "{selection:?}");
        assert_eq!(model.predict(&x).unwrap(), model.labels());
        let moved = x.mapv(|entry| (entry * 1024.0).round() / 1024.0 + 4096.0);
        assert!(same_partition(params.fit(&moved).unwrap().labels(), &truth));
        assert!(same_partition(params.fit(&moved.mapv(|entry| entry as f32)).unwrap().labels(), &truth));
    }
}

/// With every sample as a landmark nothing is approximated but what eigenvalues below `ε^⅔ λ` hold: the coordinates are those
/// of the affinities themselves, with their diagonal, up to signs, and the eigenvalues as many times `n ε^⅔` apart at most.
#[test]
fn all_samples_as_landmarks_leave_nothing_to_approximate() {
    let (x, _) = moons(60);
    let k = 4;
    let choices = params(3.0).n_clusters(k).n_landmarks(60).selection(LandmarkSelection::Random);
    let model = choices.fit(&x).unwrap();
    let affinity = Affinity::Rbf { gamma: Gamma::Value(3.0) }.matrix(&x).unwrap();
    let AffinityMatrix::Dense(affinity) = affinity else { panic!("Gaussians are dense") };
    let degrees = affinity.sum_axis(Axis(1));
    let roots = degrees.mapv(f64::sqrt);
    let normalized = &affinity / &roots.view().insert_axis(Axis(0)) / roots.view().insert_axis(Axis(1));
    let eigen = lapwing_lapack::SymmetricEigen::new(&normalized).unwrap();
    let bound = 60.0 * f64::EPSILON.powf(2.0 / 3.0);
    for j in 0..k {
        assert!((model.eigenvalues()[j] - (1.0 - eigen.values()[59 - j])).abs() < bound);
        let product = normalized.dot(&(&model.embedding().column(j) * &roots));
        let residual = product - &(&model.embedding().column(j) * &roots) * (1.0 - model.eigenvalues()[j]);
        assert!(residual.dot(&residual).sqrt() < 10.0 * bound, "{j}");
    }
}

/// Whatever the landmarks, the coordinates are eigenvectors of the approximation: orthonormal with the degrees as weights, and
/// the first, whose eigenvalue is 0, constant.
#[test]
fn the_first_coordinate_is_constant() {
    let (x, _) = moons(300);
    let model = params(2.0).n_clusters(3).n_landmarks(30).fit(&x).unwrap();
    let first = model.embedding().column(0).to_owned();
    // F errs by ε over the root of ε^⅔, and so does what is made of it.
    let bound = 100.0 * f64::EPSILON.powf(2.0 / 3.0);
    assert!(model.eigenvalues()[0] < bound);
    assert!(first.iter().all(|entry| (entry / first[0] - 1.0).abs() < bound), "{first}");
}

/// The same bits whatever the number of threads.
#[test]
fn nystrom_does_not_depend_on_threads() {
    let (x, _) = moons(3000);
    let params = params(10.0).n_clusters(3).n_landmarks(40).seed(5);
    let fit = |threads| {
        let model = lapwing_lapack::threads::with(threads, || params.fit(&x).unwrap());
        (model.labels().to_owned(), model.predict(&x).unwrap())
    };
    assert_eq!(fit(1), fit(2));
}

#[test]
fn samples_like_no_landmark_and_equal_samples_have_labels() {
    // The last lies out of reach of the Gaussian.
    let mut x = Array2::from_shape_fn((41, 1), |(i, _)| (i % 2) as f64 * 3.0 + 0.01 * i as f64);
    x[[40, 0]] = 1e6;
    let model =
        params(1.0).n_clusters(2).n_landmarks(12).selection(LandmarkSelection::Random).seed(1).fit(&x);
    let model = model.unwrap();
    assert!(model.embedding().iter().all(|entry| entry.is_finite()));
    assert!(model.embedding().row(40).iter().all(|&entry| entry == 0.0));
    let far = ndarray::array![[-1e150], [1e200]];
    assert_eq!(model.transform(&far).unwrap(), Array2::<f64>::zeros((2, 2)));

    let equal = Array2::<f64>::from_elem((20, 2), 7.0);
    assert!(params(1.0).n_clusters(1).fit(&equal).unwrap().labels().iter().all(|&label| label == 0));
    let error = params(1.0).n_clusters(2).fit(&equal).unwrap_err();
    assert!(error.to_string().contains("at most 1, the rank"), "{error}");
    assert_eq!(params(1.0).n_clusters(1).fit(&ndarray::array![[3.0f32]]).unwrap().labels().to_vec(), [0]);
}

#[test]
fn bad_choices_of_nystrom_are_refused() {
    let (x, _) = moons(30);
    for (params, name) in [
        (params(1.0).n_landmarks(31), "n_landmarks"),
        (params(1.0).n_landmarks(0), "n_landmarks"),
        (params(1.0).n_clusters(31), "n_clusters"),
        (params(1.0).n_clusters(0), "n_clusters"),
        (params(-1.0).n_clusters(2), "gamma"),
    ] {
        let error = params.fit(&x).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter, .. } if parameter == name), "{error}");
    }
    let params = params(1.0).n_clusters(2);
    assert!(matches!(params.fit(&Array2::<f64>::zeros((0, 2))), Err(Error::TooFewSamples { .. })));
    assert!(matches!(params.fit(&Array2::<f64>::zeros((3, 0))), Err(Error::NoFeatures { .. })));
    let error = params.fit(&ndarray::array![[0.0], [f64::NAN]]).unwrap_err();
    assert_eq!(error, lapwing_lapack::Error::NonFinite { argument: "x", row: 1, col: 0 }.into());
    let error = params.fit(&ndarray::array![[1e200], [-1e200], [0.0]]).unwrap_err();
    assert!(matches!(error, Error::Lapack(lapwing_lapack::Error::Overflow { .. })), "{error}");
    let model = params.fit(&x).unwrap();
    assert!(matches!(model.predict(&Array2::<f64>::zeros((1, 3))), Err(Error::FeatureMismatch { .. })));
}
