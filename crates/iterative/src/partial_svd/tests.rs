use std::ops::ControlFlow;

use lapwing_lapack::random::{standard_normal, with_singular_values};
use ndarray::{ArrayRef2, array};
use sprs::TriMat;

use super::*;
use crate::operator::FunctionOperator;

/// The residuals of both relations and the orthonormality, computed anew: at most `tolerance` times the largest
/// value, and what rounding adds in products of this length.
fn assert_triplets(a: &Array2<f64>, svd: &PartialSvd<f64>, tolerance: f64) {
    let rounding = 10.0 * (a.nrows() + a.ncols()) as f64 * f64::EPSILON;
    let (u, v, values) = (svd.u(), svd.vt().reversed_axes(), svd.singular_values());
    let largest = values.first().copied().unwrap_or(0.0);
    let within = |defect: Array2<f64>, bound: f64| {
        assert!(
            defect.columns().into_iter().all(|column| column.dot(&column).sqrt() <= bound),
            "{defect} over {bound}"
        );
    };
    within(a.dot(&v) - &u * &values, (tolerance + rounding) * largest);
    within(a.t().dot(&u) - &v * &values, (tolerance + rounding) * largest);
    for basis in [u, v] {
        within(basis.t().dot(&basis) - Array2::<f64>::eye(values.len()), rounding);
    }
}

/// A spectrum that decays slowly, one with clusters, one with multiples, one graded to rounding: the triplets are those
/// that the matrix was made with.
#[test]
fn the_triplets_are_the_largest_ones() {
    let n = 60;
    let spectra: [fn(usize) -> f64; 4] = [
        |i| 1.0 / (1.0 + i as f64).sqrt(),
        |i| if i < 3 { 1.0 - 1e-7 * i as f64 } else { 0.9 - 0.01 * i as f64 },
        |i| (2.0 - (i / 3) as f64 / 10.0).max(0.0),
        |i| 10f64.powi(-(i as i32)),
    ];
    for (case, spectrum) in spectra.into_iter().enumerate() {
        let expected = Array1::from_shape_fn(n, spectrum);
        for (rows, cols) in [(n, n), (150, n), (n, 130)] {
            let a: Array2<f64> = with_singular_values(rows, cols, &expected, 5).unwrap();
            for k in [1, 4, 9] {
                let svd = PartialSvd::params(k).compute(&*a).unwrap();
                assert_triplets(&a, &svd, 100.0 * f64::UNIT_ROUNDOFF);
                let bound = 10.0 * n as f64 * f64::EPSILON * expected[0];
                for (value, expected) in svd.singular_values().iter().zip(&expected) {
                    assert!(
                        (value - expected).abs() <= bound,
                        "{case} {rows}x{cols} {k}: {value} {expected}"
                    );
                }
                assert!(svd.residuals().iter().all(|&x| x <= 1e-12 * expected[0]));
            }
        }
    }
}

#[test]
fn the_whole_spectrum_may_be_asked_for() {
    for (m, n) in [(1, 1), (5, 3), (3, 5), (12, 12)] {
        let a = standard_normal(m, n, 3);
        let svd = PartialSvd::params(m.min(n)).compute(&*a).unwrap();
        assert_triplets(&a, &svd, 100.0 * f64::UNIT_ROUNDOFF);
    }
    assert_eq!(PartialSvd::params(0).compute(&*Array2::<f64>::zeros((0, 4))).unwrap().u().dim(), (0, 0));
    assert_eq!(PartialSvd::params(0).compute(&*Array2::<f64>::zeros((4, 3))).unwrap().vt().dim(), (0, 3));
}

/// Invariant subspaces at the first steps, and no others to leave to: ones in exact arithmetic.
#[test]
fn a_matrix_of_low_rank_and_a_multiple_of_the_identity_are_exhausted() {
    let zero = PartialSvd::params(2).compute(&*Array2::<f64>::zeros((50, 40))).unwrap();
    assert_eq!(zero.singular_values(), array![0.0, 0.0]);
    let ones = Array2::<f64>::ones((80, 50));
    let svd = PartialSvd::params(3).compute(&*ones).unwrap();
    assert_triplets(&ones, &svd, 100.0 * f64::UNIT_ROUNDOFF);
    assert!((svd.singular_values()[0] - 4000f64.sqrt()).abs() < 1e-12);
    let identity = Array2::<f64>::eye(70) * 3.0;
    let svd = PartialSvd::params(5).compute(&*identity).unwrap();
    assert!(svd.singular_values().iter().all(|value| (value - 3.0).abs() < 1e-13));
    assert_triplets(&identity, &svd, 100.0 * f64::UNIT_ROUNDOFF);
}

/// Near the ends of the range nothing overflows or vanishes.
#[test]
fn scaling_the_matrix_scales_the_values() {
    let a = standard_normal(90, 60, 4);
    let plain = PartialSvd::params(3).compute(&*a).unwrap();
    for scale in [2f64.powi(980), 2f64.powi(-980)] {
        let svd = PartialSvd::params(3).compute(&*(&a * scale)).unwrap();
        for (value, plain) in svd.singular_values().iter().zip(plain.singular_values()) {
            assert!((value / scale - plain).abs() < 1e-12 * plain);
        }
    }
}

/// The second difference of n = 2000 points, `σ = 2 + 2 cos(π j / (n + 1))`: gaps of 1e-6, in single precision too.
#[test]
fn a_large_sparse_matrix_has_its_closed_form() {
    let n = 2000;
    let mut triplets = TriMat::new((n, n));
    for i in 0..n {
        triplets.add_triplet(i, i, 2.0);
        if i > 0 {
            triplets.add_triplet(i, i - 1, -1.0);
            triplets.add_triplet(i - 1, i, -1.0);
        }
    }
    let expected = |j: usize| 2.0 + 2.0 * (std::f64::consts::PI * j as f64 / (n + 1) as f64).cos();
    let svd = PartialSvd::params(4).tolerance(1e-8).subspace(60).compute(&triplets.to_csc::<u32>()).unwrap();
    for (j, value) in svd.singular_values().iter().enumerate() {
        assert!((value - expected(j + 1)).abs() < 4e-8, "{j}: {value}");
    }
    let mut single = TriMat::new((n, n));
    triplets.triplet_iter().for_each(|(&x, (i, j))| single.add_triplet(i, j, x as f32));
    let svd = PartialSvd::params(2).tolerance(1e-4).compute(&single.to_csr::<usize>()).unwrap();
    assert!(svd.singular_values().iter().all(|value| (value - 4.0).abs() < 4e-4));
}

#[test]
fn what_stops_early_hands_over_what_it_has() {
    let a = standard_normal(300, 200, 6);
    let error = PartialSvd::params(5).subspace(8).max_iterations(2).compute(&*a).unwrap_err();
    assert!(error.to_string().contains("did not converge in 2 iterations"), "{error}");
    let best = error.into_best().unwrap();
    assert_eq!((best.singular_values().len(), best.iterations()), (5, 2));
    assert!(best.history()[1] < best.history()[0] && best.history()[1] > 1e-14);

    let mut seen = Vec::new();
    let mut observer = |progress: Progress| {
        seen.push(progress.iterations);
        if progress.iterations == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let error = PartialSvd::params(5).subspace(8).observer(&mut observer).compute(&*a).unwrap_err();
    assert!(matches!(error, IterationError::Cancelled { iterations: 3, .. }), "{error}");
    assert_eq!(seen, [1, 2, 3]);
}

#[test]
fn bad_requests_and_bad_products_are_errors() {
    let a = standard_normal(6, 4, 1);
    for params in
        [PartialSvd::params(5), PartialSvd::params(2).subspace(2), PartialSvd::params(2).tolerance(-1.0)]
    {
        let error = params.compute(&*a).unwrap_err();
        assert!(matches!(error, IterationError::Matrix(Error::InvalidParameter { .. })), "{error}");
    }
    // NaN in the middle of an iteration.
    let calls = std::cell::Cell::new(0);
    let failing = FunctionOperator::symmetric(30, |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
        calls.set(calls.get() + 1);
        result.assign(x);
        if calls.get() > 7 {
            result[[3, 0]] = f64::NAN;
        }
        Ok(())
    });
    let error = PartialSvd::params(3).compute(&failing).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::Overflow { .. })), "{error}");
}

#[test]
fn the_seed_decides_every_bit() {
    let a = standard_normal(80, 50, 2);
    let run = |seed| PartialSvd::params(3).seed(seed).compute(&*a).unwrap();
    assert_eq!(run(5), run(5));
}
