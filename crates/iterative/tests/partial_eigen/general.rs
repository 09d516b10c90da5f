//! Krylov-Schur.

use std::f64::consts::PI;
use std::ops::ControlFlow;

use lapwing_iterative::sprs::{CsMat, TriMat};
use lapwing_iterative::{
    ComplexExtreme, Error, FunctionOperator, IterationError, LinearOperator, PartialGeneralEigen,
    PartialGeneralEigenParams, Progress, Shifted,
};
use lapwing_lapack::{GeneralEigen, Scalar, Svd, random};
use ndarray::{Array1, Array2, ArrayRef2, Axis, array, concatenate, s};
use num_complex::Complex;

use crate::problems::{Reference, sparse};

fn least(n: usize) -> f64 {
    f64::EPSILON * (n as f64).sqrt().max(100.0)
}

/// Residuals recomputed in real arithmetic, unit vectors, and conjugates side by side.
fn assert_eigenpairs<T: Scalar>(
    a: &(impl LinearOperator<T> + ?Sized),
    eigen: &PartialGeneralEigen<T>,
    tolerance: f64,
) {
    let (re, im) = (eigen.vectors().mapv(|z| z.re), eigen.vectors().mapv(|z| z.im));
    let (a_re, a_im) = (a.apply(&re).unwrap(), a.apply(&im).unwrap());
    let scale = eigen.norm_estimate().as_f64();
    // Of the recomputed product and of the norm: ε √n at most.
    let rounding = T::epsilon().as_f64() * (re.nrows() as f64).sqrt().max(10.0);
    for (j, value) in eigen.values().iter().enumerate() {
        let (mut square, mut length) = (0.0, 0.0);
        for i in 0..re.nrows() {
            let (x, y) = (re[[i, j]], im[[i, j]]);
            let real = a_re[[i, j]] - (value.re * x - value.im * y);
            let imaginary = a_im[[i, j]] - (value.re * y + value.im * x);
            square += real.as_f64().powi(2) + imaginary.as_f64().powi(2);
            length += x.as_f64().powi(2) + y.as_f64().powi(2);
        }
        assert!(square.sqrt() <= (tolerance + rounding) * scale, "residual {j}: {:e}", square.sqrt());
        assert!((square.sqrt() - eigen.residual_norms()[j].as_f64()).abs() <= rounding * scale);
        assert!((length.sqrt() - 1.0).abs() <= rounding, "length {j}: {length}");
    }
    let mut values = eigen.values().into_iter();
    while let Some(value) = values.next() {
        if value.im != T::zero() {
            assert!(value.im > T::zero());
            assert_eq!(values.next(), Some(&value.conj()), "pairs are whole");
        }
    }
}

/// `circulant(c)` has the eigenvalues `Σ cᵣ ω^(r j)`: those of convection on a ring lie on an ellipse.
fn ring(n: usize, forward: f64, backward: f64) -> impl LinearOperator<f64> {
    let product = move |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>, ahead: f64, behind: f64| {
        for i in 0..n {
            for j in 0..x.ncols() {
                result[[i, j]] = ahead * x[[(i + n - 1) % n, j]] + behind * x[[(i + 1) % n, j]];
            }
        }
        Ok(())
    };
    FunctionOperator::new(
        (n, n),
        move |x: &ArrayRef2<f64>, r: &mut ArrayRef2<f64>| product(x, r, forward, backward),
        move |x: &ArrayRef2<f64>, r: &mut ArrayRef2<f64>| product(x, r, backward, forward),
    )
}

/// A normal operator: values are as exact as residuals are small. The flat sides of its ellipse are out of reach of
/// restarted Krylov methods.
#[test]
fn the_ring_has_its_closed_form_at_both_ends() {
    let (n, forward, backward) = (101, 1.0, 0.3);
    // Moved to the right, so that not both ends are farthest out.
    let a = Shifted::new(ring(n, forward, backward), 1.0, 0.5).unwrap();
    let exact = |j: usize| {
        let angle = 2.0 * PI * j as f64 / n as f64;
        Complex::new(0.5 + (forward + backward) * angle.cos(), (forward - backward) * angle.sin())
    };
    let all: Vec<Complex<f64>> = (0..n).map(exact).collect();
    for (which, key) in [
        (ComplexExtreme::LargestMagnitude, (|z| z.norm()) as fn(Complex<f64>) -> f64),
        (ComplexExtreme::LargestReal, |z| z.re),
        (ComplexExtreme::SmallestReal, |z| -z.re),
    ] {
        let eigen = PartialGeneralEigen::params(5).which(which).subspace(30).compute(&a).unwrap();
        assert_eigenpairs(&a, &eigen, least(n));
        assert!((5..=6).contains(&eigen.values().len()));
        let mut keys: Vec<f64> = all.iter().map(|&z| key(z)).collect();
        keys.sort_by(|a, b| b.total_cmp(a));
        for (value, exact) in eigen.values().iter().zip(&keys) {
            let nearest = all.iter().map(|z| (z - value).norm()).fold(f64::INFINITY, f64::min);
            assert!(nearest <= 3.0 * least(n), "{which:?}: {value} is {nearest:e} off");
            assert!((key(*value) - exact).abs() <= 3.0 * least(n), "{which:?}: {value} is not at {exact}");
        }
    }
}

#[test]
fn the_values_are_scipys() {
    let reference = Reference::load();
    let a = sparse(&reference.general);
    let dense = a.to_dense();
    let exact = GeneralEigen::new(&dense).unwrap();
    // Bauer and Fike: a residual moves a value by at most the condition of the vectors times itself.
    let condition = exact.vector_condition().unwrap();
    for (name, which) in [
        ("magnitude", ComplexExtreme::LargestMagnitude),
        ("largest_real", ComplexExtreme::LargestReal),
        ("smallest_real", ComplexExtreme::SmallestReal),
        ("largest_imaginary", ComplexExtreme::LargestImaginary),
    ] {
        let case = &reference.unsymmetric[name];
        let eigen = PartialGeneralEigen::params(case.k).which(which).compute(&a).unwrap();
        assert_eigenpairs(&a, &eigen, least(dense.nrows()));
        assert_eq!(eigen.values().len(), case.k, "{name}");
        let bound = case.difference + condition * least(dense.nrows()) * eigen.norm_estimate();
        for (&re, &im) in case.real.iter().zip(&case.imaginary) {
            let scipys = Complex::new(re, im);
            let nearest = eigen.values().iter().map(|z| (z - scipys).norm()).fold(f64::INFINITY, f64::min);
            assert!(nearest <= bound, "{name}: {scipys} is {nearest:e} off, bound {bound:e}");
        }
    }
}

/// One step along either direction of a torus: the eigenvalues are `ωⁱ + ωʲ` for the roots of 1, all but those with i = j
/// double, and the operator is normal.
#[test]
fn multiple_eigenvalues_are_found_as_often_as_they_are_there() {
    let side = 14;
    let mut steps = TriMat::new((side * side, side * side));
    for (i, j) in (0..side).flat_map(|i| (0..side).map(move |j| (i, j))) {
        steps.add_triplet(i * side + j, (i + 1) % side * side + j, 1.0);
        steps.add_triplet(i * side + j, i * side + (j + 1) % side, 1.0);
    }
    let torus: CsMat<f64> = steps.to_csr();
    let root = |i: usize| Complex::from_polar(1.0, 2.0 * PI * i as f64 / side as f64);
    let mut exact: Vec<Complex<f64>> =
        (0..side).flat_map(|i| (0..side).map(move |j| root(i) + root(j))).collect();
    exact.sort_by(|a, b| b.re.total_cmp(&a.re));
    // 2, then 1 + ω and its conjugate twice each, then ω + ω² and so on.
    for (k, seed) in [(1, 1), (3, 2), (5, 3), (9, 4)] {
        let params = PartialGeneralEigen::params(k).which(ComplexExtreme::LargestReal).seed(seed);
        let eigen = params.compute(&torus).unwrap();
        assert_eigenpairs(&torus, &eigen, least(side * side));
        for (value, exact) in eigen.values().iter().zip(&exact) {
            assert!((value.re - exact.re).abs() <= 2.0 * 3.0 * least(side * side), "{k}: {value}, {exact}");
        }
        // Copies have vectors of their own: as real columns, [X, i X] has full rank.
        let (re, im) = (eigen.vectors().mapv(|z| z.re), eigen.vectors().mapv(|z| z.im));
        let columns = concatenate![Axis(0), concatenate![Axis(1), re, -&im], concatenate![Axis(1), im, re]];
        let values = Svd::values(&columns).unwrap().values;
        assert!(values[columns.ncols() - 1] > 1e-3, "{k}: {values}");
    }
}

/// The values of opposite directions are as far out as each other: a start in which one is weak must not lose it.
#[test]
fn what_lags_behind_is_found() {
    let n = 200;
    let entries = Array1::from_shape_fn(n, |i| match i {
        0 => 1.0,
        1 => -0.9999,
        _ => 0.9 * (1.0 - i as f64 / n as f64),
    });
    let similarity = Array2::from_shape_fn((n, n), |(i, j)| match j {
        _ if j == i => 1.0,
        _ if j == i + 1 => 0.3,
        _ => 0.0,
    });
    let inverse = lapwing_lapack::inverse::inverse(&similarity).unwrap();
    let a = similarity.dot(&(&entries.insert_axis(Axis(1)) * &inverse));
    // All but without a part in the second direction.
    let mut start = &similarity.column(0) + &similarity.slice(s![.., 2..]).sum_axis(Axis(1));
    start.scaled_add(1e-16, &similarity.column(1));
    let eigen = PartialGeneralEigen::params(2).start(&start).compute(&*a).unwrap();
    assert_eigenpairs(&*a, &eigen, least(n));
    // ‖S‖ ‖S⁻¹‖ < 4 magnifies residuals in the values.
    for (value, exact) in eigen.values().iter().zip([1.0, -0.9999]) {
        assert!((value - exact).norm() <= 4.0 * 3.0 * least(n), "{value}");
    }
}

/// Asked for three of two pairs, it gives both.
#[test]
fn conjugates_are_never_split() {
    let blocks: Vec<(f64, f64)> = (0..30).map(|i| (10.0 - i as f64 / 4.0, 1.0 + i as f64 / 50.0)).collect();
    let mut a = Array2::zeros((60, 60));
    for (i, &(re, im)) in blocks.iter().enumerate() {
        let (p, q) = (2 * i, 2 * i + 1);
        (a[[p, p]], a[[q, q]], a[[p, q]], a[[q, p]]) = (re, re, im, -im);
    }
    let q = random::orthogonal::<f64>(60, 4).unwrap();
    let a = q.t().dot(&a).dot(&q);
    for (k, found) in [(1, 2), (2, 2), (3, 4), (4, 4)] {
        let eigen = PartialGeneralEigen::params(k).which(ComplexExtreme::LargestReal).compute(&*a).unwrap();
        assert_eigenpairs(&*a, &eigen, least(60));
        assert_eq!(eigen.values().len(), found);
        for (pair, &(re, im)) in eigen.values().to_vec().chunks(2).zip(&blocks) {
            // A normal matrix, up to the rounding of the similarity.
            assert!((pair[0] - Complex::new(re, im)).norm() < 60.0 * f64::EPSILON * 20.0);
        }
    }
}

/// A Jordan block: its one vector is found, though the eigenvalue is as ill-conditioned as can be.
#[test]
fn defective_and_invariant_cases_end_in_the_answer() {
    let jordan = Array2::from_shape_fn((30, 30), |(i, j)| if i == j || j == i + 1 { 1.0 } else { 0.0 });
    let eigen = PartialGeneralEigen::params(2).subspace(30).compute(&*jordan).unwrap();
    assert_eigenpairs(&*jordan, &eigen, least(30));
    for n in [1, 2, 30, 40] {
        for operator in [Array2::<f64>::zeros((n, n)), Array2::eye(n)] {
            let eigen = PartialGeneralEigen::params(n.min(3)).compute(&*operator).unwrap();
            assert_eigenpairs(&*operator, &eigen, least(n));
            assert_eq!(eigen.values().len(), n.min(3));
        }
    }
    let rotation = array![[0.0, -1.0], [1.0, 0.0]];
    let eigen = PartialGeneralEigen::params(1).compute(&*rotation).unwrap();
    assert_eq!(eigen.values(), array![Complex::new(0.0, 1.0), Complex::new(0.0, -1.0)]);
    let none = PartialGeneralEigen::params(0).compute(&*Array2::<f64>::zeros((0, 0))).unwrap();
    assert_eq!(none.vectors().dim(), (0, 0));
}

#[test]
fn single_precision_keeps_its_promise() {
    let a = Array2::from_shape_fn((120, 120), |(i, j)| {
        if i == j {
            1.0 / (1.0 + i as f32)
        } else if j == i + 1 {
            0.05
        } else {
            0.0
        }
    });
    let eigen = PartialGeneralEigen::params(3).compute(&*a).unwrap();
    assert_eigenpairs(&*a, &eigen, 100.0 * f64::from(f32::EPSILON));
}

#[test]
fn endings_without_convergence_are_typed() {
    let a = ring(400, 1.0, 0.5);
    let error = PartialGeneralEigen::params(3).max_iterations(2).compute(&a).unwrap_err();
    let IterationError::NotConverged { iterations: 2, best, .. } = error else { panic!("{error}") };
    assert_eigenpairs(&a, &best, 1.0);

    let mut observer = |progress: Progress| {
        if progress.iterations < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let error = PartialGeneralEigen::params(3).observer(&mut observer).compute(&a).unwrap_err();
    assert!(matches!(error, IterationError::Cancelled { iterations: 3, .. }), "{error}");

    let infinite = Array2::from_elem((30, 30), f64::INFINITY);
    let error = PartialGeneralEigen::params(3).compute(&*infinite).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::Overflow { .. })), "{error}");
}

#[test]
fn bad_arguments_are_refused_by_name() {
    fn few<'a>(k: usize) -> PartialGeneralEigenParams<'a, f64> {
        PartialGeneralEigen::params(k)
    }
    let a = Array2::<f64>::eye(30);
    let refused = |params: PartialGeneralEigenParams<'_, f64>| match params.compute(&*a).unwrap_err() {
        IterationError::Matrix(Error::InvalidParameter { parameter, .. }) => parameter,
        IterationError::Matrix(Error::Shape { argument, .. } | Error::NonFinite { argument, .. }) => argument,
        error => panic!("{error}"),
    };
    assert_eq!(refused(few(31)), "k");
    assert_eq!(refused(few(5).subspace(7)), "subspace");
    assert_eq!(refused(few(5).tolerance(f64::NAN)), "tolerance");
    assert_eq!(refused(few(5).start(&Array1::zeros(30))), "start");
    assert_eq!(refused(few(5).start(&Array1::ones(31))), "start");
    assert_eq!(refused(few(5).start(&Array1::from_elem(30, f64::INFINITY))), "start");
    let error = few(1).compute(&*Array2::<f64>::zeros((2, 3))).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::NotSquare { rows: 2, cols: 3, .. })));
}
