//! LOBPCG.

use std::f64::consts::PI;
use std::ops::ControlFlow;

use lapwing_iterative::{
    Error, Extreme, FunctionOperator, IterationError, LinearOperator, Lobpcg, LobpcgParams, Progress, Shifted,
};
use lapwing_lapack::{GeneralizedSymmetricEigen, Scalar, random};
use ndarray::{Array1, Array2, ArrayRef2, array, azip};

use crate::problems::{Reference, grid, path, sparse};

/// The square root of the machine epsilon, the default.
const TOLERANCE: f64 = 1.4901161193847656e-8;

/// The residuals, recomputed, are to be within `tolerance (norm + |λ|)`, and `Xᵀ B X` is to be the identity.
fn assert_eigenpairs<T: Scalar>(
    a: &(impl LinearOperator<T> + ?Sized),
    b: Option<&Array2<T>>,
    eigen: &Lobpcg<T>,
    norm: f64,
    tolerance: f64,
) {
    let (x, values) = (eigen.vectors(), eigen.values());
    let bx = b.map_or_else(|| x.to_owned(), |b| b.dot(&x));
    let residuals = a.apply(&x).unwrap() - &bx * &values;
    let length =
        |column: ndarray::ArrayView1<T>| column.iter().map(|r| r.as_f64().powi(2)).sum::<f64>().sqrt();
    for (i, residual) in residuals.columns().into_iter().enumerate() {
        let relative = length(residual) / length(x.column(i));
        assert!(relative <= tolerance * norm, "residual {i}: {relative:e} of {norm:e}");
    }
    for ((i, j), entry) in x.t().dot(&bx).indexed_iter() {
        let exact = if i == j { 1.0 } else { 0.0 };
        // Orthonormalized once more at the end: a small multiple of the order of rounding.
        assert!((entry.as_f64() - exact).abs() < 1000.0 * T::epsilon().as_f64(), "{i}, {j}: {entry:e}");
    }
    assert!(values.windows(2).into_iter().all(|pair| pair[0] <= pair[1]), "ascending");
}

fn diagonal(entries: Array1<f64>) -> impl LinearOperator<f64> {
    FunctionOperator::symmetric(entries.len(), move |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
        azip!((mut r in result.rows_mut(), x in x.rows(), &d in &entries) r.assign(&(&x * d)));
        Ok(())
    })
}

/// The error of a value is the square of the residual over the gap: far below the bound of Weyl used here.
#[test]
fn multiple_eigenvalues_of_the_grid_are_all_found() {
    let side = 20;
    let a = grid(side);
    let of_path = |j: usize| 2.0 - 2.0 * (PI * j as f64 / side as f64).cos();
    let mut exact: Vec<f64> =
        (0..side).flat_map(|i| (0..side).map(move |j| of_path(i) + of_path(j))).collect();
    exact.sort_by(f64::total_cmp);
    let constant = Array2::ones((side * side, 1));
    for seed in 0..3 {
        let eigen = Lobpcg::params(5).constraints(&constant).seed(seed).compute(&a).unwrap();
        assert_eigenpairs(&a, None, &eigen, 16.0, TOLERANCE);
        for (value, exact) in eigen.values().iter().zip(&exact[1..]) {
            assert!((value - exact).abs() <= 16.0 * TOLERANCE, "{value} is not {exact}");
        }
        let largest = Lobpcg::params(4).which(Extreme::Largest).seed(seed).compute(&a).unwrap();
        for (value, exact) in largest.values().iter().zip(&exact[side * side - 4..]) {
            assert!((value - exact).abs() <= 16.0 * TOLERANCE, "{value} is not {exact}");
        }
    }
}

/// Twelve decades on the diagonal and a perturbation: without the preconditioner it takes for ever, with it a moment.
#[test]
fn a_preconditioner_bridges_decades() {
    let n = 300;
    let scales = Array1::from_shape_fn(n, |i| 10f64.powf(12.0 * i as f64 / n as f64));
    let noise =
        random::symmetric_with_spectrum::<f64>(&Array1::from_shape_fn(n, |i| 0.1 * (i as f64).sin()), 3)
            .unwrap();
    let a = Array2::from_diag(&scales) + &noise;
    let inverse = diagonal(scales.mapv(|d| 1.0 / d));
    let eigen = Lobpcg::params(3).preconditioner(&inverse).tolerance(1e-14).compute(&*a).unwrap();
    assert!(eigen.iterations() < 60, "{}", eigen.iterations());
    let exact = lapwing_lapack::SymmetricEigen::new(&a).unwrap();
    // Both are right to rounding relative to ‖A‖ = 10¹².
    for (value, exact) in eigen.values().iter().zip(exact.values()) {
        assert!((value - exact).abs() < 1e-14 * 1e12, "{value} is not {exact}");
    }
    assert_eigenpairs(&*a, None, &eigen, 2e12, 1e-14);
}

#[test]
fn the_pencil_is_scipys() {
    let reference = Reference::load();
    let pencil = &reference.pencil;
    let laplacian = sparse(&reference.laplacian);
    let a = Shifted::new(&laplacian, 1.0, pencil.shift).unwrap();
    let mass = Array1::from(pencil.mass.clone());
    let b = diagonal(mass.clone());
    let degrees = laplacian.diag().to_dense();
    let inverse = diagonal(degrees.mapv(|d| 1.0 / (d + pencil.shift)));
    let params = Lobpcg::params(pencil.smallest.k).b(&b).preconditioner(&inverse).tolerance(1e-11);
    let eigen = params.compute(&a).unwrap();
    // A Laplacian's norm is at most twice its largest degree.
    let norm = 2.0 * degrees.iter().fold(0.0, |most: f64, &d| most.max(d)) + 2.0;
    assert_eigenpairs(&a, Some(&Array2::from_diag(&mass)), &eigen, norm, 1e-11);
    for (value, scipys) in eigen.values().iter().zip(&pencil.smallest.values) {
        let bound = pencil.smallest.difference + 1e-11 * norm / 0.5;
        assert!((value - scipys).abs() <= bound, "{value} is not {scipys}");
    }
}

#[test]
fn a_dense_pencil_is_lapacks() {
    let n = 60;
    let a =
        random::symmetric_with_spectrum::<f64>(&Array1::from_shape_fn(n, |i| i as f64 - 10.0), 1).unwrap();
    let b = random::positive_definite_with_spectrum::<f64>(
        &Array1::from_shape_fn(n, |i| 1.0 + (i % 7) as f64),
        2,
    )
    .unwrap();
    let exact = GeneralizedSymmetricEigen::new(&a, &b).unwrap();
    let operator = &*b;
    for which in [Extreme::Smallest, Extreme::Largest] {
        let eigen = Lobpcg::params(4).which(which).b(&operator).tolerance(1e-12).compute(&*a).unwrap();
        assert_eigenpairs(&*a, Some(&b), &eigen, 49.0 + 49.0 * 7.0, 1e-12);
        let first = if which == Extreme::Smallest { 0 } else { n - 4 };
        for (i, value) in eigen.values().iter().enumerate() {
            // Weyl, in the inner product of B, whose smallest eigenvalue is 1.
            assert!((value - exact.values()[first + i]).abs() < 1e-12 * 49.0 * 8.0);
        }
    }
}

#[test]
fn small_orders_end_in_the_answer() {
    for n in 1..9 {
        let a = path(n);
        for k in 1..=n {
            let eigen = Lobpcg::params(k).tolerance(1e-13).compute(&a).unwrap();
            assert_eigenpairs(&a, None, &eigen, 8.0, 1e-13);
            for (j, value) in eigen.values().iter().enumerate() {
                assert!((value - (2.0 - 2.0 * (PI * j as f64 / n as f64).cos())).abs() < 8e-13);
            }
        }
    }
    let none = Lobpcg::params(0).compute(&*Array2::<f64>::zeros((0, 0))).unwrap();
    assert_eq!(none.vectors().dim(), (0, 0));
    for operator in [Array2::<f64>::zeros((30, 30)), Array2::eye(30)] {
        let eigen = Lobpcg::params(4).compute(&*operator).unwrap();
        assert_eigenpairs(&*operator, None, &eigen, 1.0, TOLERANCE);
    }
}

#[test]
fn single_precision_keeps_its_promise() {
    let a = Array2::from_diag(&Array1::from_shape_fn(100, |i| 1.0 + i as f32));
    let eigen = Lobpcg::params(3).compute(&*a).unwrap();
    assert_eigenpairs(&*a, None, &eigen, 200.0, f64::from(f32::EPSILON).sqrt());
}

/// The exact vectors need no iteration, also when they come with copies.
#[test]
fn a_start_is_used() {
    let a = Array2::from_diag(&Array1::from_shape_fn(50, |i| 1.0 + i as f64));
    let mut start = Array2::zeros((50, 3));
    (start[[0, 0]], start[[0, 1]], start[[1, 2]]) = (2.0, 1.0, -1.0);
    let eigen = Lobpcg::params(2).start(&start).compute(&*a).unwrap();
    assert_eq!((eigen.iterations(), eigen.values()), (0, array![1.0, 2.0].view()));
    let run = |seed| Lobpcg::params(2).seed(seed).compute(&*a).unwrap();
    assert_eq!(run(1), run(1));
}

#[test]
fn endings_without_convergence_are_typed() {
    let a = path(400);
    let error = Lobpcg::params(3).max_iterations(4).compute(&a).unwrap_err();
    let IterationError::NotConverged { iterations: 4, best, .. } = error else { panic!("{error}") };
    assert_eigenpairs(&a, None, &best, f64::INFINITY, 1.0);

    let mut seen = 0;
    let mut observer = |progress: Progress| {
        seen += 1;
        if progress.iterations < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let error = Lobpcg::params(3).observer(&mut observer).compute(&a).unwrap_err();
    assert!(matches!(error, IterationError::Cancelled { iterations: 3, .. }), "{error}");
    assert_eq!(seen, 4);

    let calls = std::cell::Cell::new(0);
    let a = FunctionOperator::symmetric(100, |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
        calls.set(calls.get() + 1);
        azip!((index (i, _), r in &mut *result, &x in x) *r = x * (i as f64).sqrt());
        if calls.get() == 5 {
            result[[50, 0]] = f64::NAN;
        }
        Ok(())
    });
    let error = Lobpcg::params(3).compute(&a).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::Overflow { .. })), "{error}");
}

#[test]
fn bad_arguments_are_refused_by_name() {
    fn few<'a>(k: usize) -> LobpcgParams<'a, f64> {
        Lobpcg::params(k)
    }
    let a = Array2::<f64>::eye(20);
    let refused = |params: LobpcgParams<'_, f64>| match params.compute(&*a).unwrap_err() {
        IterationError::Matrix(Error::InvalidParameter { parameter, .. }) => parameter,
        IterationError::Matrix(Error::Shape { argument, .. } | Error::NonFinite { argument, .. }) => argument,
        error => panic!("{error}"),
    };
    assert_eq!(refused(few(21)), "k");
    assert_eq!(refused(few(20).constraints(&Array2::ones((20, 1)))), "k");
    assert_eq!(refused(few(3).block(2)), "block");
    assert_eq!(refused(few(3).tolerance(0.0)), "tolerance");
    assert_eq!(refused(few(3).which(Extreme::Both)), "which");
    assert_eq!(refused(few(3).start(&Array2::ones((19, 3)))), "start");
    assert_eq!(refused(few(3).constraints(&Array2::from_elem((20, 1), f64::NAN))), "constraints");
    let wide = Array2::<f64>::zeros((20, 21));
    assert_eq!(refused(few(3).preconditioner(&&*wide)), "preconditioner");
    let indefinite = diagonal(Array1::from_shape_fn(20, |i| if i < 10 { 1.0 } else { -1.0 }));
    assert_eq!(refused(few(3).b(&indefinite)), "b");
    let error = few(1).compute(&*wide).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::NotSquare { rows: 20, cols: 21, .. })));
}
