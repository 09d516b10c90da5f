//! Thick-restart Lanczos.

use std::f64::consts::PI;
use std::ops::ControlFlow;

use crate::problems::{Reference, grid, path, sparse};
use lapwing_iterative::{
    Error, Extreme, FunctionOperator, IterationError, LinearOperator, Multiplicity, PartialSymmetricEigen,
    PartialSymmetricEigenParams, Progress,
};
use lapwing_lapack::{Scalar, random};
use ndarray::{Array1, Array2, ArrayRef2, array};

type Failure = IterationError<PartialSymmetricEigen<f64>>;

/// The residuals and the orthonormality, recomputed: the former are promised to be within `tolerance · ‖A‖`, the latter
/// is that of Gram-Schmidt done twice, a small multiple of `m ε`.
fn assert_eigenpairs<T: Scalar>(
    a: &(impl LinearOperator<T> + ?Sized),
    eigen: &PartialSymmetricEigen<T>,
    tolerance: f64,
) {
    let (x, values) = (eigen.vectors(), eigen.values());
    let residuals = a.apply(&x).unwrap() - &x * &values;
    for (residual, reported) in residuals.columns().into_iter().zip(eigen.residual_norms()) {
        let norm = residual.iter().map(|r| r.as_f64() * r.as_f64()).sum::<f64>().sqrt();
        let scale = eigen.norm_estimate().as_f64();
        // Computed twice in different order: rounding of one product, ε √n at most.
        let rounding = T::epsilon().as_f64() * (x.nrows() as f64).sqrt() * scale;
        assert!(norm <= tolerance * scale + rounding, "residual {norm:e} of {scale:e}");
        assert!((norm - reported.as_f64()).abs() <= rounding, "{norm:e} was reported as {reported:e}");
    }
    let gram = x.t().dot(&x);
    for ((i, j), entry) in gram.indexed_iter() {
        let exact = if i == j { 1.0 } else { 0.0 };
        assert!((entry.as_f64() - exact).abs() < 100.0 * T::epsilon().as_f64(), "{i}, {j}: {entry:e}");
    }
    assert!(values.windows(2).into_iter().all(|pair| pair[0] <= pair[1]), "ascending");
}

fn least(n: usize) -> f64 {
    f64::EPSILON * (n as f64).sqrt().max(100.0)
}

/// By Weyl's theorem a residual bounds the error of the value.
fn assert_values(found: &PartialSymmetricEigen<f64>, exact: &[f64], tolerance: f64) {
    let exact = Array1::from(exact.to_vec());
    let bound = 2.0 * tolerance * found.norm_estimate();
    assert!((&found.values() - &exact).iter().all(|e| e.abs() <= bound), "{} is not {exact}", found.values());
}

#[test]
fn the_path_has_its_closed_form_at_every_end() {
    let n = 200;
    let a = path(n);
    let exact = |j: usize| 2.0 - 2.0 * (PI * j as f64 / n as f64).cos();
    for (which, positions) in [
        (Extreme::Largest, vec![n - 4, n - 3, n - 2, n - 1]),
        (Extreme::Smallest, vec![0, 1, 2, 3]),
        (Extreme::Both, vec![0, 1, n - 2, n - 1]),
        (Extreme::LargestMagnitude, vec![n - 4, n - 3, n - 2, n - 1]),
    ] {
        let eigen = PartialSymmetricEigen::params(4).which(which).compute(&a).unwrap();
        assert_eigenpairs(&a, &eigen, least(n));
        assert_values(&eigen, &positions.iter().map(|&j| exact(j)).collect::<Vec<_>>(), least(n));
        assert_eq!(eigen.history().len(), eigen.iterations());
    }
}

/// The eigenvalues of a square grid are sums of two of a path's, and all but those of equal summands double: each must be
/// found twice, whatever the random vectors.
#[test]
fn multiple_eigenvalues_are_found_as_often_as_they_are_there() {
    let side = 15;
    let a = grid(side);
    let of_path = |j: usize| 2.0 - 2.0 * (PI * j as f64 / side as f64).cos();
    let mut exact: Vec<f64> =
        (0..side).flat_map(|i| (0..side).map(move |j| of_path(i) + of_path(j))).collect();
    exact.sort_by(f64::total_cmp);
    for seed in 0..5 {
        for k in [2, 6, 11] {
            let params = PartialSymmetricEigen::params(k).seed(seed);
            let smallest = params.which(Extreme::Smallest).compute(&a).unwrap();
            assert_eigenpairs(&a, &smallest, least(side * side));
            assert_values(&smallest, &exact[..k], least(side * side));
            let largest = PartialSymmetricEigen::params(k).seed(seed).compute(&a).unwrap();
            assert_values(&largest, &exact[side * side - k..], least(side * side));
        }
    }
}

/// A start that lies in an invariant subspace finds nothing else by itself; the search finds the rest.
#[test]
fn what_the_start_lacks_is_found() {
    let a = Array2::from_diag(&Array1::from_shape_fn(60, |i| if i < 3 { 5.0 } else { 1.0 / i as f64 }));
    let mut start = Array1::zeros(60);
    start[40] = 1.0;
    start[41] = -1.0;
    let eigen = PartialSymmetricEigen::params(4).start(&start).compute(&*a).unwrap();
    assert_eigenpairs(&*a, &eigen, least(60));
    assert_values(&eigen, &[1.0 / 3.0, 5.0, 5.0, 5.0], least(60));
}

#[test]
fn invariant_subspaces_end_in_the_answer() {
    for n in [1, 2, 25, 40] {
        let identity = Array2::<f64>::eye(n);
        let zero = Array2::<f64>::zeros((n, n));
        for k in [1, n.min(3), n] {
            let eigen = PartialSymmetricEigen::params(k).compute(&*identity).unwrap();
            assert_eigenpairs(&*identity, &eigen, least(n));
            assert_values(&eigen, &vec![1.0; k], least(n));
            let eigen = PartialSymmetricEigen::params(k).which(Extreme::Both).compute(&*zero).unwrap();
            assert_eq!(eigen.values(), Array1::<f64>::zeros(k));
        }
    }
    let rank_one = Array2::<f64>::ones((50, 50));
    let eigen =
        PartialSymmetricEigen::params(3).which(Extreme::LargestMagnitude).compute(&*rank_one).unwrap();
    assert_values(&eigen, &[0.0, 0.0, 50.0], least(50));
}

/// Clustered to a part in a million, and graded over ten decades, behind a random orthogonal similarity.
#[test]
fn clusters_and_grades_behind_a_similarity() {
    let n = 120;
    let spectra = [
        Array1::from_shape_fn(n, |i| if i < 5 { 1.0 - 1e-6 * i as f64 } else { 0.5 / i as f64 }),
        Array1::from_shape_fn(n, |i| 10f64.powf(-10.0 * i as f64 / n as f64)),
        Array1::from_shape_fn(n, |i| (-1f64).powi(i as i32) / (1.0 + i as f64)),
    ];
    for (case, spectrum) in spectra.iter().enumerate() {
        let a = random::symmetric_with_spectrum::<f64>(spectrum, case as u64).unwrap();
        let mut exact = spectrum.to_vec();
        exact.sort_by(f64::total_cmp);
        // The lower end of the graded one is one cluster to ten digits, which no Krylov space resolves.
        let (which, below) = if case == 1 { (Extreme::Largest, 0) } else { (Extreme::Both, 3) };
        let eigen = PartialSymmetricEigen::params(7).which(which).compute(&*a).unwrap();
        assert_eigenpairs(&*a, &eigen, least(n));
        // The matrix itself carries the rounding of its construction, n ε.
        let ends: Vec<f64> = exact[..below].iter().chain(&exact[n + below - 7..]).copied().collect();
        assert_values(&eigen, &ends, least(n) + n as f64 * f64::EPSILON);
    }
}

#[test]
fn a_null_space_is_deflated() {
    let n = 100;
    let a = path(n);
    // Twice the same, and not of unit length.
    let constant = Array2::from_elem((n, 2), 3.0);
    let eigen =
        PartialSymmetricEigen::params(2).which(Extreme::Smallest).deflate(&constant).compute(&a).unwrap();
    assert_eigenpairs(&a, &eigen, least(n));
    assert_values(&eigen, &[1, 2].map(|j| 2.0 - 2.0 * (PI * f64::from(j) / n as f64).cos()), least(n));
    assert!(eigen.vectors().sum_axis(ndarray::Axis(0)).iter().all(|sum| sum.abs() < 1e-13 * n as f64));
    // All that is left: k may be the order less what is deflated.
    let small = path(6);
    let constant = Array2::ones((6, 1));
    assert_eq!(
        PartialSymmetricEigen::params(5).deflate(&constant).compute(&small).unwrap().values().len(),
        5
    );
    let error = PartialSymmetricEigen::params(6).deflate(&constant).compute(&small).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::InvalidParameter { parameter: "k", .. })));
}

#[test]
fn the_values_are_scipys() {
    let reference = Reference::load();
    let a = sparse(&reference.laplacian);
    for (name, which) in [
        ("largest", Extreme::Largest),
        ("smallest", Extreme::Smallest),
        ("both", Extreme::Both),
        ("magnitude", Extreme::LargestMagnitude),
    ] {
        let case = &reference.symmetric[name];
        let eigen = PartialSymmetricEigen::params(case.k).which(which).compute(&a).unwrap();
        assert_eigenpairs(&a, &eigen, least(reference.laplacian.order));
        let bound = case.difference + 2.0 * least(reference.laplacian.order) * eigen.norm_estimate();
        for (value, scipys) in eigen.values().iter().zip(&case.values) {
            assert!((value - scipys).abs() <= bound, "{name}: {value} is not {scipys}");
        }
    }
}

#[test]
fn single_precision_keeps_its_promise() {
    let n = 400;
    let exact = Array1::from_shape_fn(n, |i| 1.0 / (1.0 + i as f32));
    let a = Array2::from_diag(&exact);
    let eigen = PartialSymmetricEigen::params(5).compute(&*a).unwrap();
    let tolerance = f64::from(f32::EPSILON) * 100.0;
    assert_eigenpairs(&*a, &eigen, tolerance);
    for (i, value) in eigen.values().iter().rev().enumerate() {
        assert!(f64::from((value - exact[i]).abs()) <= tolerance, "{value}");
    }
}

/// Powers of two change no digit, even where squares over- and underflow.
#[test]
fn the_scale_does_not_matter() {
    let a = random::symmetric_with_spectrum::<f64>(&Array1::from_shape_fn(40, |i| 1.0 / (1.0 + i as f64)), 5)
        .unwrap();
    let plain = PartialSymmetricEigen::params(3).compute(&*a).unwrap();
    for scale in [2f64.powi(700), 2f64.powi(-700)] {
        let eigen = PartialSymmetricEigen::params(3).compute(&*(&a * scale)).unwrap();
        for (value, plain) in eigen.values().iter().zip(plain.values()) {
            assert!((value / scale - plain).abs() < least(40));
        }
    }
}

#[test]
fn the_seed_decides_every_bit() {
    let a = path(300);
    let run = |seed| PartialSymmetricEigen::params(2).seed(seed).tolerance(1e-6).compute(&a).unwrap();
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).vectors(), run(2).vectors());
}

#[test]
fn nan_in_the_middle_is_an_overflow() {
    let calls = std::cell::Cell::new(0);
    let a = FunctionOperator::symmetric(100, |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
        calls.set(calls.get() + 1);
        for (i, mut row) in result.rows_mut().into_iter().enumerate() {
            row.assign(&(&x.row(i) * (i as f64).sqrt()));
        }
        if calls.get() == 30 {
            result[[50, 0]] = f64::NAN;
        }
        Ok(())
    });
    let error = PartialSymmetricEigen::params(3).compute(&a).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::Overflow { scalar: "f64", .. })), "{error}");
    let infinite = Array2::from_elem((30, 30), f64::INFINITY);
    let error = PartialSymmetricEigen::params(3).compute(&*infinite).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::Overflow { .. })), "{error}");
}

#[test]
fn an_observer_sees_every_iteration_and_may_cancel() {
    let a = path(500);
    let mut seen = Vec::new();
    let mut observer = |progress: Progress| {
        seen.push(progress.iterations);
        if seen.len() < 4 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let error = PartialSymmetricEigen::params(3).observer(&mut observer).compute(&a).unwrap_err();
    let Failure::Cancelled { iterations: 4, best, .. } = error else { panic!("{error}") };
    assert_eq!(seen, [1, 2, 3, 4]);
    // As good as they are: they are what their residuals say.
    assert_eigenpairs(&a, &best, f64::INFINITY);
    assert_eq!(best.values().len(), 3);
}

#[test]
fn too_few_iterations_end_with_the_best() {
    let a = path(500);
    let error =
        PartialSymmetricEigen::params(3).which(Extreme::Smallest).max_iterations(2).compute(&a).unwrap_err();
    let Failure::NotConverged { iterations: 2, residual, tolerance, best, .. } = error else {
        panic!("{error}")
    };
    assert!(residual > tolerance);
    assert_eigenpairs(&a, &best, f64::INFINITY);
}

#[test]
fn an_operator_that_is_not_symmetric_is_found_out() {
    let a = Array2::from_shape_fn(
        (40, 40),
        |(i, j)| if j > i { 1.0 } else { 0.0 } + if i == j { i as f64 } else { 0.0 },
    );
    let error = PartialSymmetricEigen::params(2).compute(&*a).unwrap_err();
    assert!(
        matches!(error, IterationError::Breakdown { .. } | IterationError::NotConverged { .. }),
        "{error}"
    );
}

fn few<'a>(k: usize) -> PartialSymmetricEigenParams<'a, f64> {
    PartialSymmetricEigen::params(k)
}

#[test]
fn bad_parameters_are_refused_by_name() {
    let a = Array2::<f64>::eye(30);
    let refused = |error: Failure| match error {
        IterationError::Matrix(Error::InvalidParameter { parameter, .. }) => parameter,
        error => panic!("{error}"),
    };
    assert_eq!(refused(few(31).compute(&*a).unwrap_err()), "k");
    assert_eq!(refused(few(5).subspace(5).compute(&*a).unwrap_err()), "subspace");
    for tolerance in [-1.0, f64::NAN] {
        assert_eq!(refused(few(5).tolerance(tolerance).compute(&*a).unwrap_err()), "tolerance");
    }
    assert_eq!(refused(few(5).start(&Array1::zeros(30)).compute(&*a).unwrap_err()), "start");
    let error = few(5).start(&Array1::ones(29)).compute(&*a).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::Shape { argument: "start", .. })));
    let error = few(5).deflate(&Array2::ones((29, 1))).compute(&*a).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::Shape { argument: "vectors", .. })));
    let error = few(5).deflate(&Array2::from_elem((30, 1), f64::NAN)).compute(&*a).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::NonFinite { argument: "vectors", .. })));
    let error = few(1).compute(&*Array2::<f64>::zeros((2, 3))).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::NotSquare { rows: 2, cols: 3, .. })));
}

#[test]
fn nothing_asked_for_is_nothing_found() {
    let empty = PartialSymmetricEigen::params(0).compute(&*Array2::<f64>::zeros((0, 0))).unwrap();
    assert_eq!((empty.vectors().dim(), empty.products()), ((0, 0), 0));
    let none = PartialSymmetricEigen::params(0).compute(&*Array2::<f64>::eye(4)).unwrap();
    assert_eq!(none.vectors().dim(), (4, 0));
    let one = PartialSymmetricEigen::params(1).compute(&*array![[-7.0]]).unwrap();
    assert_eq!(one.values(), array![-7.0]);
}

/// Without the search nothing is spent on it.
#[test]
fn the_search_can_be_left_out() {
    let a = path(200);
    let run = |multiplicity| PartialSymmetricEigen::params(3).multiplicity(multiplicity).compute(&a).unwrap();
    let (searched, found) = (run(Multiplicity::Searched), run(Multiplicity::AsFound));
    assert!(found.products() < searched.products());
    assert_values(&found, &searched.values().to_vec(), least(200));
}
