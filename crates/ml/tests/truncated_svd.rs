//! What truncated SVD, and PCA of sparse data, promise: properties, edges and errors. Agreement with scikit-learn is
//! tested for the whole workspace.

use lapwing_lapack::Svd;
use lapwing_lapack::random::standard_normal;
use lapwing_ml::sprs::{CsMat, TriMat};
use lapwing_ml::{
    DataMatrix, Error, NComponents, Pca, PcaSolver, TruncatedSvd, TruncatedSvdAlgorithm, Whitening,
};
use ndarray::{Array2, Axis};

/// A tenth of the entries, with a spectrum that decays.
fn data(rows: usize, cols: usize) -> (CsMat<f64>, Array2<f64>) {
    let mut dense =
        standard_normal(rows, cols, 1) * standard_normal(rows, cols, 2).mapv(|x| f64::from(x > 1.3));
    for (j, mut column) in dense.columns_mut().into_iter().enumerate() {
        column *= 10.0 / (1 + j) as f64;
    }
    let mut triplets = TriMat::new((rows, cols));
    for ((i, j), &value) in dense.indexed_iter().filter(|(_, value)| **value != 0.0) {
        triplets.add_triplet(i, j, value);
    }
    (triplets.to_csr(), dense)
}

/// The triplets are those of LAPACK's SVD: with 30 iterations, what the random block misses is far below rounding, and
/// rounding is 300 ε of the largest singular value, over gaps above a hundredth of it for vectors.
#[test]
fn the_leading_triplets_are_those_of_the_whole_decomposition() {
    let (sparse, dense) = data(300, 60);
    let exact = Svd::thin(&dense).unwrap();
    let params = TruncatedSvd::params().n_components(4).power_iterations(30);
    let (svd, scores) = params.fit_transform(&sparse).unwrap();
    for i in 0..4 {
        let (found, expected) = (svd.singular_values()[i], exact.singular_values()[i]);
        assert!((found - expected).abs() <= 300.0 * f64::EPSILON * exact.singular_values()[0]);
        assert!((svd.components().row(i).dot(&exact.vt().row(i)).abs() - 1.0).abs() < 1e-12);
        // The largest entry decides the sign.
        let row = svd.components().row(i).to_vec();
        let largest = row.iter().copied().fold(0.0, |a: f64, b: f64| if b.abs() > a.abs() { b } else { a });
        assert!(largest > 0.0);
    }
    let by_definition = dense.dot(&svd.components().t());
    let difference = &scores - &by_definition;
    assert!(difference.iter().all(|d| d.abs() <= 60.0 * f64::EPSILON * exact.singular_values()[0]));
    let variance = by_definition.var_axis(Axis(0), 0.0);
    let total = dense.var_axis(Axis(0), 0.0).sum();
    for ((found, ratio), expected) in
        svd.explained_variance().iter().zip(svd.explained_variance_ratio()).zip(&variance)
    {
        // A sum of 300 squares.
        assert!((found - expected).abs() <= 600.0 * f64::EPSILON * expected);
        assert!((ratio - expected / total).abs() <= 1200.0 * f64::EPSILON);
    }
    assert_eq!(svd.transform(&sparse).unwrap(), scores);
}

#[test]
fn sparse_pca_is_that_of_the_dense_data() {
    let (sparse, dense) = data(300, 60);
    let params = Pca::params().n_components(NComponents::Count(4)).whitening(Whitening::UnitVariance);
    let expected = params.solver(PcaSolver::Full).fit(&dense).unwrap();
    let found = params.power_iterations(30).fit_sparse(&sparse).unwrap();
    assert_eq!((found.solver(), found.n_samples()), (PcaSolver::Randomized, 300));
    // 300 roundings, over a gap of a hundredth for vectors.
    let near = |a: f64, b: f64, scale: f64| assert!((a - b).abs() <= 300.0 * f64::EPSILON * scale, "{a} {b}");
    let scale = expected.explained_variance()[0];
    for (found, expected) in found.explained_variance().iter().zip(expected.explained_variance()) {
        near(*found, expected.to_owned(), 2.0 * scale);
    }
    near(found.noise_variance(), expected.noise_variance(), 2.0 * scale);
    for (found, expected) in found.components().iter().zip(expected.components()) {
        near(*found, *expected, 100.0);
    }
    let scores = found.transform(&dense).unwrap();
    for (found, expected) in found.transform_sparse(&sparse).unwrap().iter().zip(&scores) {
        near(*found, *expected, 100.0);
    }
}

#[test]
fn edges_are_answered() {
    // Everything zero: no variance, no NaN.
    let zero = CsMat::<f64>::zero((5, 3));
    let (svd, scores) = TruncatedSvd::params().n_components(3).fit_transform(&zero).unwrap();
    assert!(scores.iter().chain(svd.singular_values()).all(|&x| x == 0.0));
    assert!(svd.explained_variance_ratio().iter().all(|&x| x == 0.0));
    let lanczos = TruncatedSvd::params().algorithm(TruncatedSvdAlgorithm::Lanczos);
    let (svd, _) = lanczos.n_components(3).fit_transform(&zero).unwrap();
    assert!(svd.singular_values().iter().all(|&x| x == 0.0));
    let pca = Pca::params().fit_sparse(&zero).unwrap();
    assert!(pca.explained_variance_ratio().iter().all(|&x| x == 0.0));
    // One row, one column.
    let single = CsMat::new((1, 1), vec![0, 1], vec![0], vec![-2.0f32]);
    let (svd, scores) = TruncatedSvd::params().n_components(1).fit_transform(&single).unwrap();
    assert_eq!((svd.singular_values()[0], scores[[0, 0]], svd.components()[[0, 0]]), (2.0, -2.0, 1.0));
    assert_eq!(svd.inverse_transform(&scores).unwrap()[[0, 0]], -2.0);
    assert_eq!(svd.transform(&CsMat::zero((0, 1))).unwrap().dim(), (0, 1));
}

#[test]
fn every_error_says_what_and_what_to_do() {
    let (sparse, dense) = data(20, 6);
    for count in [0, 7] {
        let error = TruncatedSvd::params().n_components(count).fit(&sparse).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter: "n_components", .. }), "{error}");
    }
    let bad = CsMat::new((3, 2), vec![0, 0, 1, 2], vec![1, 0], vec![f64::INFINITY, 1.0]);
    let located = Error::from(lapwing_lapack::Error::NonFinite { argument: "x", row: 1, col: 1 });
    assert_eq!(TruncatedSvd::params().fit(&bad).unwrap_err(), located);
    assert_eq!(Pca::params().fit_sparse(&bad).unwrap_err(), located);
    let lanczos = TruncatedSvd::params().algorithm(TruncatedSvdAlgorithm::Lanczos);
    assert_eq!(lanczos.fit(&bad).unwrap_err(), located);
    let error = lanczos.tolerance(f64::NAN).fit(&sparse).unwrap_err();
    assert!(matches!(error, Error::Lapack(lapwing_lapack::Error::InvalidParameter { .. })), "{error}");
    let svd = TruncatedSvd::params().fit(&sparse).unwrap();
    let mismatch = Error::FeatureMismatch { argument: "x", found: 2, expected: 6 };
    assert_eq!(svd.transform(&bad).unwrap_err(), mismatch);
    let pca = Pca::params().fit_sparse(&sparse).unwrap();
    assert_eq!(pca.transform_sparse(&bad).unwrap_err(), mismatch);
    let narrow = Pca::params().fit_sparse(&CsMat::<f64>::eye(2)).unwrap();
    assert_eq!(narrow.transform_sparse(&bad).unwrap_err(), located);
    assert!(matches!(
        svd.inverse_transform(&dense),
        Err(Error::Lapack(lapwing_lapack::Error::Shape { argument: "scores", found: 6, expected: 2, .. }))
    ));
    let none = CsMat::<f64>::zero((0, 4));
    assert!(matches!(TruncatedSvd::params().fit(&none), Err(Error::TooFewSamples { .. })));
    assert!(matches!(Pca::params().fit_sparse(&none), Err(Error::TooFewSamples { least: 2, .. })));
    let featureless = CsMat::<f64>::zero((4, 0));
    assert!(matches!(TruncatedSvd::params().fit(&featureless), Err(Error::NoFeatures { .. })));
    assert!(matches!(Pca::params().fit_sparse(&featureless), Err(Error::NoFeatures { .. })));
    for (params, name) in [
        (Pca::params().solver(PcaSolver::Full), "solver"),
        (Pca::params().solver(PcaSolver::CovarianceEigh), "solver"),
        (Pca::params().n_components(NComponents::Variance(0.5)), "n_components"),
        (Pca::params().n_components(NComponents::Mle), "n_components"),
        (Pca::params().n_components(NComponents::Count(7)), "n_components"),
    ] {
        let error = params.fit_sparse(&sparse).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter, .. } if parameter == name), "{error}");
    }
    let huge = CsMat::new((2, 1), vec![0, 1, 2], vec![0, 0], vec![1e300, -1e300]);
    assert!(matches!(huge.column_moments("x"), Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))));
}

#[test]
fn a_stored_model_comes_back_bit_for_bit() {
    let (sparse, _) = data(30, 8);
    let svd = TruncatedSvd::params().n_components(3).fit(&sparse).unwrap();
    let text = serde_json::to_string(&svd).unwrap();
    assert!(text.starts_with(r#"{"format":"lapwing.truncated_svd","version":1,"#));
    let restored: TruncatedSvd<f64> = serde_json::from_str(&text).unwrap();
    assert_eq!(restored, svd);
    assert_eq!(restored.transform(&sparse).unwrap(), svd.transform(&sparse).unwrap());
    for (from, to, reason) in [
        ("lapwing.truncated_svd", "lapwing.pca", "not a model of truncated SVD"),
        ("\"n_features\":8", "\"n_features\":9", "must have"),
        ("\"singular_values\":[", "\"singular_values\":[-", "singular_values holds"),
    ] {
        let error =
            serde_json::from_str::<TruncatedSvd<f64>>(&text.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
