//! What kernel PCA promises, whatever the kernel: properties, edges and errors. Agreement with scikit-learn is tested for
//! the whole workspace.

use lapwing_lapack::random::standard_normal;
use lapwing_ml::{Error, Kernel, KernelPca, NComponents, Pca, PcaSolver, ZeroEigenvalues};
use ndarray::{Array2, array, s};

fn largest(a: &Array2<f64>) -> f64 {
    a.iter().fold(0.0, |largest, x| largest.max(x.abs()))
}

/// With the linear kernel, the scores are those of PCA up to the sign of each. The kernel matrix squares the data, so
/// that its eigenvalues hold to n ε of the largest, and their vectors to that over the gaps, which are above a hundredth.
#[test]
fn the_linear_kernel_is_pca() {
    let x = standard_normal(50, 4, 3) * &array![4.0, 3.0, 2.0, 1.0] + 7.0;
    let (kernel_pca, scores) = KernelPca::params().fit_transform(&x).unwrap();
    let params = Pca::params().n_components(NComponents::All).solver(PcaSolver::Full);
    let (pca, expected) = params.fit_transform(&x).unwrap();
    assert_eq!(kernel_pca.n_components(), 4, "what has no variance is removed");
    for (k, (&eigenvalue, &s)) in kernel_pca.eigenvalues().iter().zip(&pca.singular_values()).enumerate() {
        assert!((eigenvalue - s * s).abs() <= 50.0 * 10.0 * f64::EPSILON * kernel_pca.eigenvalues()[0]);
        let sign = scores.column(k).dot(&expected.column(k)).signum();
        let difference = &scores.column(k) * sign - expected.column(k);
        assert!(difference.iter().all(|d| d.abs() < 1e-10));
    }
}

/// The scores' inner products are the centred kernel matrix, computed here from its definition.
#[test]
fn scores_reproduce_the_centred_kernel() {
    let x = standard_normal(30, 3, 5);
    for kernel in [Kernel::rbf(), Kernel::polynomial(2), Kernel::Cosine, Kernel::Linear] {
        let values = kernel.matrix(&x).unwrap();
        let centring = Array2::<f64>::eye(30) - 1.0 / 30.0;
        let centred = centring.dot(&values).dot(&centring);
        let (model, scores) = KernelPca::params().kernel(kernel).fit_transform(&x).unwrap();
        // What was removed is below 1e-12 of the largest eigenvalue, for each of 30 components.
        let bound = 40.0 * 1e-12 * model.eigenvalues()[0];
        assert!(largest(&(scores.dot(&scores.t()) - &centred)) <= bound, "{kernel}");
        // New rows are projected on unit vectors of the kernel's space: at the fitted rows, these are the same scores.
        // An eigenvalue λ holds to n ε of the largest, and a score, its root, to that over the root of λ.
        let again = model.transform(&x).unwrap();
        let least = model.eigenvalues()[model.n_components() - 1];
        let bound = 30.0 * 20.0 * f64::EPSILON * model.eigenvalues()[0] / least.sqrt();
        assert!(largest(&(again - &scores)) <= bound, "{kernel}");
        let gram = model.eigenvectors().t().dot(&model.eigenvectors());
        assert!(largest(&(gram - Array2::<f64>::eye(model.n_components()))) <= 60.0 * 30.0 * f64::EPSILON);
    }
}

/// A ridge that vanishes makes the regression interpolate: the fitted rows come back.
#[test]
fn the_inverse_returns_the_fitted_rows() {
    let x = standard_normal(25, 2, 8);
    let params =
        KernelPca::params().kernel(Kernel::Rbf { gamma: Some(1.0) }).fit_inverse_transform().alpha(1e-9);
    let (model, scores) = params.fit_transform(&x).unwrap();
    let restored = model.inverse_transform(&scores).unwrap();
    // What a ridge of 1e-9 changes, over the smallest eigenvalue of the scores' kernel matrix.
    assert!(largest(&(restored - &x)) < 1e-5);
    assert_eq!(model.dual_coef().unwrap().dim(), (25, 2));
}

#[test]
fn components_without_variance_are_kept_or_removed() {
    let x = standard_normal(10, 2, 1);
    let params = KernelPca::params().n_components(5);
    let kept = params.fit(&x).unwrap();
    assert_eq!(kept.n_components(), 5);
    assert_eq!(kept.eigenvalues().slice(s![2..]), array![0.0, 0.0, 0.0]);
    assert!(kept.transform(&x).unwrap().slice(s![.., 2..]).iter().all(|&score| score == 0.0));
    assert_eq!(params.zero_eigenvalues(ZeroEigenvalues::Remove).fit(&x).unwrap().n_components(), 2);
    // One row, or rows that are all the same, have no variance: no components, and no scores.
    for rows in [1, 3] {
        let constant = Array2::from_elem((rows, 2), 3.0);
        for kernel in [Kernel::Linear, Kernel::rbf(), Kernel::Cosine] {
            let params = KernelPca::params().kernel(kernel).fit_inverse_transform();
            let (model, scores) = params.fit_transform(&constant).unwrap();
            assert_eq!(scores.dim(), (rows, 0));
            assert_eq!(model.transform(&x).unwrap().dim(), (10, 0));
            assert_eq!(model.inverse_transform(&scores).unwrap(), Array2::<f64>::zeros((rows, 2)));
        }
    }
}

#[test]
fn single_precision_is_answered_in_any_layout() {
    let x = standard_normal(60, 3, 2);
    let single = x.mapv(|x| x as f32);
    let columns = single.t().as_standard_layout().into_owned().reversed_axes();
    let params = KernelPca::params().kernel(Kernel::rbf()).n_components(3);
    let (expected, found) = (params.fit(&x).unwrap(), params.fit(&columns).unwrap());
    for (found, expected) in found.eigenvalues().iter().zip(expected.eigenvalues()) {
        // n roundings of the largest eigenvalue.
        assert!((f64::from(*found) - expected).abs() <= 60.0 * f64::from(f32::EPSILON) * 30.0);
    }
    assert_eq!(params.fit(&single).unwrap(), found);
}

#[test]
fn every_error_says_what_and_what_to_do() {
    let x = standard_normal(6, 2, 4);
    let precomputed = KernelPca::params().kernel(Kernel::Precomputed);
    let indefinite = array![[0.0, 1.0, -2.0], [1.0, 0.0, 5.0], [-2.0, 5.0, 0.0]];
    let error = precomputed.fit(&indefinite).unwrap_err();
    assert!(matches!(error, Error::IndefiniteKernel { eigenvalue, .. } if eigenvalue < 0.0), "{error}");
    assert!(matches!(
        precomputed.fit(&x),
        Err(Error::Lapack(lapwing_lapack::Error::NotSquare { argument: "x", rows: 6, cols: 2 }))
    ));
    assert!(matches!(
        precomputed.fit(&array![[1.0, 0.5], [0.25, 1.0]]),
        Err(Error::Lapack(lapwing_lapack::Error::NotSymmetric { row: 1, col: 0, .. }))
    ));
    let with_inverse = precomputed.fit_inverse_transform().fit(&Array2::<f64>::eye(3)).unwrap_err();
    assert!(matches!(with_inverse, Error::InvalidParameter { parameter: "kernel", .. }));
    for (params, name) in [
        (KernelPca::params().n_components(0), "n_components"),
        (KernelPca::params().alpha(-1.0), "alpha"),
        (KernelPca::params().alpha(f64::NAN), "alpha"),
        (KernelPca::params().kernel(Kernel::Rbf { gamma: Some(-1.0) }), "gamma"),
    ] {
        let error = params.fit(&x).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter, .. } if parameter == name), "{error}");
    }
    let mut bad = x.clone();
    bad[[3, 1]] = f64::NAN;
    let located = Error::from(lapwing_lapack::Error::NonFinite { argument: "x", row: 3, col: 1 });
    assert_eq!(KernelPca::params().fit(&bad).unwrap_err(), located);
    let model = KernelPca::params().n_components(2).fit(&x).unwrap();
    assert_eq!(model.transform(&bad).unwrap_err(), located);
    assert!(matches!(
        model.transform(&Array2::zeros((1, 3))),
        Err(Error::FeatureMismatch { argument: "x", found: 3, expected: 2 })
    ));
    let error = model.inverse_transform(&Array2::zeros((1, 2))).unwrap_err();
    assert!(error.to_string().contains("fit_inverse_transform"), "{error}");
    assert!(matches!(
        KernelPca::params().fit(&Array2::<f64>::zeros((0, 3))),
        Err(Error::TooFewSamples { least: 1, .. })
    ));
    assert!(matches!(KernelPca::params().fit(&Array2::<f32>::zeros((3, 0))), Err(Error::NoFeatures { .. })));
}

#[test]
fn a_stored_model_comes_back_bit_for_bit() {
    let x = standard_normal(12, 3, 6);
    let params = KernelPca::params().kernel(Kernel::polynomial(2)).n_components(3).fit_inverse_transform();
    let model = params.fit(&x).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert!(text.starts_with(r#"{"format":"lapwing.kernel_pca","version":1,"#));
    let restored: KernelPca<f64> = serde_json::from_str(&text).unwrap();
    assert_eq!(restored, model);
    assert_eq!(restored.transform(&x).unwrap(), model.transform(&x).unwrap());
    for (from, to, reason) in [
        ("lapwing.kernel_pca", "lapwing.pca", "not a model of kernel PCA"),
        ("\"n_samples\":12", "\"n_samples\":11", "must have"),
        ("\"gamma\":0.3", "\"gamma\":-0.3", "gamma"),
        ("\"eigenvalues\":[", "\"eigenvalues\":[-1.0,", "must have"),
    ] {
        assert!(text.contains(from), "{from} is not in {text}");
        let error = serde_json::from_str::<KernelPca<f64>>(&text.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let precomputed = KernelPca::params().kernel(Kernel::Precomputed).fit(&x.dot(&x.t())).unwrap();
    let text = serde_json::to_string(&precomputed).unwrap();
    assert_eq!(serde_json::from_str::<KernelPca<f64>>(&text).unwrap(), precomputed);
}
