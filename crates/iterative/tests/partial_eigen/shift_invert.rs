//! Eigenpairs nearest a shift.

use std::f64::consts::PI;
use std::ops::ControlFlow;

use lapwing_iterative::sprs::{CsMat, TriMat};
use lapwing_iterative::{
    Error, IterationError, LinearOperator, PartialGeneralEigen, PartialSymmetricEigen, Progress, ShiftInverse,
};
use lapwing_lapack::random;
use ndarray::{Array1, Array2, array};

use crate::problems::{grid, path};

/// `exact` is sorted by distance from the shift here. The error of a value is at most the residual, by Weyl's theorem;
/// residuals are solves with a matrix whose condition these tests keep below 10⁴, times rounding.
fn assert_nearest<A: LinearOperator<f64> + ?Sized>(
    inverse: &ShiftInverse<'_, f64, A>,
    k: usize,
    mut exact: Vec<f64>,
) -> PartialSymmetricEigen<f64> {
    let eigen = PartialSymmetricEigen::params(k).nearest(inverse).unwrap();
    exact.sort_by(|a, b| (a - inverse.shift()).abs().total_cmp(&(b - inverse.shift()).abs()));
    exact.truncate(k);
    exact.sort_by(f64::total_cmp);
    let bound = 1e4 * f64::EPSILON * inverse.norm();
    for (value, exact) in eigen.values().iter().zip(&exact) {
        assert!((value - exact).abs() <= bound, "{value} is not {exact}");
    }
    let residuals = inverse.operator().apply(&eigen.vectors()).unwrap() - &eigen.vectors() * &eigen.values();
    for (residual, reported) in residuals.columns().into_iter().zip(eigen.residual_norms()) {
        let norm = residual.dot(&residual).sqrt();
        assert!(
            norm <= bound && (norm - reported).abs() <= bound,
            "residual {norm:e}, reported {reported:e}"
        );
    }
    let gram = eigen.vectors().t().dot(&eigen.vectors()) - Array2::<f64>::eye(k);
    assert!(gram.iter().all(|entry| entry.abs() < 100.0 * f64::EPSILON));
    eigen
}

fn of_grid(side: usize) -> Vec<f64> {
    let of_path = |j: usize| 2.0 - 2.0 * (PI * j as f64 / side as f64).cos();
    (0..side).flat_map(|i| (0..side).map(move |j| of_path(i) + of_path(j))).collect()
}

/// In the midst of the spectrum, double eigenvalues included.
#[test]
fn interior_eigenvalues_of_the_grid_are_found() {
    let a = grid(30);
    for shift in [-0.1, 1.2345, 4.01] {
        let inverse = ShiftInverse::sparse(&a, shift).unwrap();
        assert_nearest(&inverse, 6, of_grid(30));
    }
    let dense = grid(12).to_dense();
    for shift in [-0.1, 1.2345] {
        assert_nearest(&ShiftInverse::symmetric(&*dense, shift).unwrap(), 5, of_grid(12));
        assert_nearest(&ShiftInverse::general(&*dense, shift).unwrap(), 5, of_grid(12));
    }
}

#[test]
fn a_dense_spectrum_is_entered_anywhere() {
    let spectrum = Array1::from_shape_fn(80, |i| (i as f64 - 40.0) / 8.0);
    let a = random::symmetric_with_spectrum::<f64>(&spectrum, 1).unwrap();
    for shift in [-5.3, 0.03, 2.97, 10.0] {
        let inverse = ShiftInverse::symmetric(&*a, shift).unwrap();
        assert_nearest(&inverse, 3, spectrum.to_vec());
    }
}

/// The operator is the inverse: product and solve cancel.
#[test]
fn a_solve_undoes_a_product() {
    let sparse = grid(9);
    let dense = sparse.to_dense();
    let x = Array2::from_shape_fn((81, 3), |(i, j)| ((i * 7 + j) % 5) as f64 - 2.0);
    let shifted = dense.dot(&x) - &x * 0.7;
    let lower = Array2::from_shape_fn((81, 81), |(i, j)| if j <= i { dense[[i, j]] } else { 0.0 });
    let symmetric = ShiftInverse::symmetric(&*lower, 0.7).unwrap();
    let general = ShiftInverse::general(&*dense, 0.7).unwrap();
    let thin = ShiftInverse::sparse(&sparse, 0.7).unwrap();
    let operators: [&dyn LinearOperator<f64>; 3] = [&symmetric, &general, &thin];
    for operator in operators {
        for found in [operator.apply(&shifted).unwrap(), operator.apply_transposed(&shifted).unwrap()] {
            // The condition of the shifted grid is below 1000.
            assert!((found - &x).iter().all(|e| e.abs() < 1000.0 * 81.0 * f64::EPSILON));
        }
        assert!(matches!(operator.apply(&Array2::zeros((80, 1))), Err(Error::Shape { .. })));
    }
    let skew = array![[1.0f64, 2.0], [-3.0, 1.0]];
    let inverse = ShiftInverse::general(&*skew, 0.0).unwrap();
    let solution = inverse.apply_transposed(&array![[7.0], [0.0]]).unwrap();
    assert!((solution - array![[1.0], [-2.0]]).iter().all(|e: &f64| e.abs() < 1e-14));
}

#[test]
fn an_eigenvalue_is_no_shift() {
    let refused = |error: Error| match error {
        Error::InvalidParameter { parameter, .. } => parameter,
        error => panic!("{error}"),
    };
    let a = path(20);
    let dense = a.to_dense();
    assert_eq!(refused(ShiftInverse::sparse(&a, 0.0).unwrap_err()), "shift");
    assert_eq!(refused(ShiftInverse::symmetric(&*dense, 0.0).unwrap_err()), "shift");
    assert_eq!(refused(ShiftInverse::general(&*dense, 0.0).unwrap_err()), "shift");
    for shift in [f64::NAN, f64::INFINITY] {
        assert_eq!(refused(ShiftInverse::sparse(&a, shift).unwrap_err()), "shift");
        assert_eq!(refused(ShiftInverse::symmetric(&*dense, shift).unwrap_err()), "shift");
    }
    let rectangular = CsMat::<f64>::zero((2, 3));
    assert!(matches!(
        ShiftInverse::sparse(&rectangular, 1.0),
        Err(Error::NotSquare { rows: 2, cols: 3, .. })
    ));
    let mut bad = TriMat::new((2, 2));
    bad.add_triplet(1, 1, f64::NAN);
    let bad: CsMat<f64> = bad.to_csr();
    assert!(matches!(ShiftInverse::sparse(&bad, 1.0), Err(Error::NonFinite { row: 1, col: 1, .. })));
}

/// `[ε 1; 1 ε]` needs an interchange of rows: without, the residual tells.
#[test]
fn an_unstable_factorization_is_noticed() {
    let mut pairs = TriMat::new((40, 40));
    for i in (0..40).step_by(2) {
        pairs.add_triplet(i, i, 1e-13);
        pairs.add_triplet(i + 1, i + 1, 1e-13);
        pairs.add_triplet(i, i + 1, 1.0 + i as f64);
        pairs.add_triplet(i + 1, i, 1.0 + i as f64);
    }
    let a: CsMat<f64> = pairs.to_csr();
    match ShiftInverse::sparse(&a, 0.0) {
        Err(Error::InvalidParameter { parameter: "shift", .. }) => {}
        Ok(inverse) => {
            let x = Array2::from_shape_fn((40, 1), |(i, _)| (i as f64).sin());
            match inverse.apply(&x) {
                Err(Error::DoesNotExist { .. }) => {}
                // Refinement may have repaired it; then it is right.
                Ok(solution) => assert!((a.apply(&solution).unwrap() - x).iter().all(|e| e.abs() < 1e-6)),
                Err(error) => panic!("{error}"),
            }
        }
        Err(error) => panic!("{error}"),
    }
    let dense = a.to_dense();
    let exact = (0..20).flat_map(|i| [1.0, -1.0].map(|sign| sign * (1.0 + 2.0 * f64::from(i)))).collect();
    assert_nearest(&ShiftInverse::symmetric(&*dense, 0.4).unwrap(), 3, exact);
}

#[test]
fn small_orders_and_endings() {
    let one: CsMat<f64> = CsMat::eye(1);
    let inverse = ShiftInverse::sparse(&one, 3.0).unwrap();
    assert_eq!(PartialSymmetricEigen::params(1).nearest(&inverse).unwrap().values(), array![1.0]);
    let empty = Array2::<f64>::zeros((0, 0));
    let inverse = ShiftInverse::symmetric(&*empty, 3.0).unwrap();
    assert_eq!(PartialSymmetricEigen::params(0).nearest(&inverse).unwrap().values().len(), 0);

    let error = PartialSymmetricEigen::params(1).tolerance(f64::NAN).nearest(&inverse).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::InvalidParameter { parameter: "tolerance", .. })));

    let a = path(300);
    let inverse = ShiftInverse::sparse(&a, 2.0001).unwrap();
    let mut observer = |_: Progress| ControlFlow::Break(());
    let error = PartialSymmetricEigen::params(12).observer(&mut observer).nearest(&inverse).unwrap_err();
    let IterationError::Cancelled { best, .. } = error else { panic!("{error}") };
    assert!(best.values().iter().all(|value| (0.0..=4.0).contains(value)), "mapped back");
}

/// The complex eigenvalues of a convection on a ring, `(1.3 cos t, 0.7 sin t)`, next to a real number inside the ellipse:
/// a normal matrix, so that values are as good as residuals.
#[test]
fn complex_pairs_nearest_a_shift_are_found() {
    let n = 60;
    let mut a = Array2::zeros((n, n));
    for i in 0..n {
        a[[i, (i + n - 1) % n]] = 1.0;
        a[[i, (i + 1) % n]] = 0.3;
    }
    let shift = 1.21;
    let mut exact: Vec<(f64, f64)> = (0..n)
        .map(|j| 2.0 * PI * j as f64 / n as f64)
        .map(|angle| (1.3 * angle.cos(), 0.7 * angle.sin()))
        .collect();
    let distance = |z: &(f64, f64)| (z.0 - shift).hypot(z.1);
    exact.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    let inverse = ShiftInverse::general(&*a, shift).unwrap();
    let eigen = PartialGeneralEigen::params(5).nearest(&inverse).unwrap();
    assert!(eigen.values().len() >= 5);
    // As above: a condition number below 10⁴, times rounding.
    let bound = 1e4 * f64::EPSILON * inverse.norm();
    assert!(eigen.residual_norms().iter().all(|&norm| norm <= bound), "{}", eigen.residual_norms());
    for value in eigen.values() {
        let near = &exact[..eigen.values().len()];
        let off = near.iter().map(|z| (z.0 - value.re).hypot(z.1 - value.im)).fold(f64::INFINITY, f64::min);
        assert!(off <= bound, "{value} is {off:e} off");
    }
    let mut values = eigen.values().into_iter().filter(|value| value.im != 0.0);
    while let Some(value) = values.next() {
        assert!(value.im > 0.0 && values.next() == Some(&value.conj()), "{value}");
    }
    let vectors = eigen.vectors();
    let (re, im) = (vectors.mapv(|z| z.re), vectors.mapv(|z| z.im));
    let (a_re, a_im) = (a.dot(&re), a.dot(&im));
    for (j, z) in eigen.values().iter().enumerate() {
        for i in 0..n {
            assert!((a_re[[i, j]] - z.re * re[[i, j]] + z.im * im[[i, j]]).abs() <= bound);
            assert!((a_im[[i, j]] - z.re * im[[i, j]] - z.im * re[[i, j]]).abs() <= bound);
        }
    }
}
