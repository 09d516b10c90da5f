use lapwing_iterative::sprs::{CsMat, TriMat};
use lapwing_lapack::random::standard_normal;
use ndarray::{Array1, Array2, ArrayRef2, Axis, Ix1, Ix2, array, concatenate, s};

use super::*;
use crate::error::Error;
use crate::linear_model::regression::Intercept;

const SOLVERS: [RidgeSolver; 4] =
    [RidgeSolver::Cholesky, RidgeSolver::Svd, RidgeSolver::Lsqr, RidgeSolver::ConjugateGradient];

fn data(rows: usize, columns: usize, targets: usize) -> (Array2<f64>, Array2<f64>) {
    let x = standard_normal(rows, columns, 1) + 3.0;
    let y = x.dot(&standard_normal(columns, targets, 2)) + standard_normal(rows, targets, 3) + 5.0;
    (x, y)
}

/// Strict enough for an iterative solver to be compared with a direct one.
fn strict() -> RidgeParams {
    Ridge::params().tolerance(1e-13).max_iterations(10_000)
}

fn near(found: &ArrayRef2<f64>, expected: &ArrayRef2<f64>, bound: f64, what: &str) {
    let scale = expected.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst <= bound * scale, "{what}: {worst:e} of {scale:e}");
}

/// `X̃ᵀ W (y − X b − b₀) = α b` and `Σ w (y − X b − b₀) = 0`: what makes the objective least.
fn satisfies_its_equations(
    ridge: &Ridge<f64, Ix2>,
    (x, y): (&Array2<f64>, &Array2<f64>),
    weights: &Array1<f64>,
    penalties: &[f64],
    intercept: Intercept,
) -> bool {
    let residuals = (y - &ridge.predict(x).unwrap()) * weights.view().insert_axis(Axis(1));
    let gradient =
        x.t().dot(&residuals) - &(ridge.coefficients().t().to_owned() * Array1::from(penalties.to_vec()));
    // A sum of n products of numbers of about 5 is right to n · 25 roundings; the solution adds its own.
    let bound = 1e-10 * (x.nrows() + x.ncols()) as f64;
    let sums = residuals.sum_axis(Axis(0));
    gradient.iter().all(|g| g.abs() <= bound)
        && (intercept == Intercept::Zero || sums.iter().all(|sum| sum.abs() <= bound))
}

#[test]
fn every_solver_meets_the_equations_of_the_objective() {
    for (rows, columns) in [(40, 6), (6, 40), (5, 5), (1, 3)] {
        let (x, y) = data(rows, columns, 2);
        let weights = Array1::from_shape_fn(rows, |i| 0.5 + (i % 3) as f64);
        for solver in SOLVERS {
            for intercept in [Intercept::Fitted, Intercept::Zero] {
                let penalties = [0.7, 3.0];
                let params = strict().penalties(&penalties).solver(solver).intercept(intercept);
                let ridge = params.fit_weighted(&x, &y, &weights).unwrap();
                assert_eq!(ridge.solver(), solver);
                let good = satisfies_its_equations(&ridge, (&x, &y), &weights, &penalties, intercept);
                assert!(good, "{rows} x {columns} {solver} {intercept:?}");
                let plain = params.fit(&x, &y).unwrap();
                assert!(satisfies_its_equations(
                    &plain,
                    (&x, &y),
                    &Array1::ones(rows),
                    &penalties,
                    intercept
                ));
            }
        }
    }
}

#[test]
fn several_targets_are_fitted_as_one_by_one() {
    let (x, y) = data(30, 4, 3);
    let all = Ridge::params().penalties(&[0.1, 1.0, 0.1]).fit(&x, &y).unwrap();
    for (t, alpha) in [0.1, 1.0, 0.1].into_iter().enumerate() {
        let one = Ridge::params().alpha(alpha).fit(&x, &y.column(t)).unwrap();
        let worst = (&all.coefficients().row(t) - &one.coefficients()).mapv(f64::abs).sum();
        assert!(worst < 1e-13, "{worst:e}");
        assert!((all.intercept()[t] - one.intercept()).abs() < 1e-12);
    }
}

/// The sums are the same but for rounding, which the condition of the equations, here under 100, multiplies.
#[test]
fn a_weight_counts_as_repetition() {
    for (rows, columns) in [(20, 3), (5, 20)] {
        let (x, y) = data(rows, columns, 1);
        let counts: Vec<usize> = (0..rows).map(|i| i % 4).collect();
        let repeated: Vec<usize> = (0..rows).flat_map(|i| std::iter::repeat_n(i, counts[i])).collect();
        let weights: Array1<f64> = counts.iter().map(|&count| count as f64).collect();
        for solver in SOLVERS {
            let params = strict().solver(solver);
            let weighted = params.fit_weighted(&x, &y, &weights).unwrap();
            let plain = params.fit(&x.select(Axis(0), &repeated), &y.select(Axis(0), &repeated)).unwrap();
            near(&weighted.coefficients(), &plain.coefficients(), 1e-10, &solver.to_string());
        }
    }
}

/// At α the answer is off the limit by α / σ² of itself; rounding is 1e-14.
#[test]
fn a_vanishing_penalty_meets_the_solution_of_least_norm() {
    let collinear = |x: &Array2<f64>| concatenate![Axis(1), x.view(), x.slice(s![.., ..2])];
    let (tall, y) = data(30, 4, 1);
    let (wide, y_wide) = data(4, 30, 1);
    let constant = concatenate![Axis(1), tall, Array2::ones((30, 1))];
    for (x, y) in [
        (&tall, &y),
        (&collinear(&tall), &y),
        (&constant, &y),
        (&wide, &y_wide),
        (&collinear(&wide), &y_wide),
    ] {
        let mean = x.mean_axis(Axis(0)).unwrap();
        let y_centred = y - &y.mean_axis(Axis(0)).unwrap();
        let least = lapwing_lapack::least_squares::lstsq(&(x - &mean), &y_centred).unwrap();
        for alpha in [0.0, 1e-300, 1e-30, 1e-15, 1e-11] {
            let found = Ridge::params().alpha(alpha).fit(x, y).unwrap();
            near(&found.coefficients().t(), &least.solution(), 1e-8, &format!("{alpha:e} {:?}", x.dim()));
        }
    }
}

#[test]
fn an_enormous_penalty_meets_zero_without_overflow() {
    for (rows, columns) in [(20, 3), (3, 20)] {
        let (x, y) = data(rows, columns, 1);
        for solver in SOLVERS {
            for alpha in [1e300, f64::MAX] {
                let ridge = Ridge::params().alpha(alpha).solver(solver).fit(&x, &y).unwrap();
                assert!(ridge.coefficients().iter().all(|b| b.abs() < 1e-290), "{solver} {alpha:e}");
                assert!((ridge.intercept()[0] - y.mean().unwrap()).abs() < 1e-12);
            }
        }
    }
}

/// The numbers are exact in both places, and so are the differences: what is lost is in the products alone.
#[test]
fn data_far_from_the_origin_loses_no_digit() {
    for (rows, columns) in [(50, 3), (4, 12)] {
        let x = standard_normal(rows, columns, 1).mapv(|x: f64| (x * 1024.0).round() / 1024.0);
        let y = standard_normal(rows, 1, 2).mapv(|x: f64| (x * 1024.0).round() / 1024.0);
        for solver in SOLVERS {
            let params = strict().solver(solver);
            let here = params.fit(&x, &y).unwrap();
            let there = params.fit(&(&x + 1e8), &(&y - 1e8)).unwrap();
            near(&there.coefficients(), &here.coefficients(), 1e-11, &solver.to_string());
        }
    }
}

#[test]
fn an_ill_conditioned_system_goes_to_the_singular_values() {
    let (x, y) = data(30, 3, 1);
    let twin = &x.column(0) + &(standard_normal(30, 1, 9).column(0).to_owned() * 1e-6);
    let near_twin = concatenate![Axis(1), x, twin.insert_axis(Axis(1))];
    let solver = |alpha: f64| Ridge::params().alpha(alpha).fit(&near_twin, &y).unwrap().solver();
    assert_eq!([solver(1.0), solver(1e-9)], [RidgeSolver::Cholesky, RidgeSolver::Svd]);
    // Units alone are not ill-conditioned.
    let units = &x * &array![1e-7, 1.0, 1e9];
    assert_eq!(Ridge::params().alpha(1e-20).fit(&units, &y).unwrap().solver(), RidgeSolver::Cholesky);
}

fn csr(x: &Array2<f64>) -> CsMat<f64> {
    let mut triplets = TriMat::new(x.dim());
    x.indexed_iter().filter(|(_, x)| **x != 0.0).for_each(|((i, j), &x)| triplets.add_triplet(i, j, x));
    triplets.to_csr()
}

#[test]
fn sparse_data_is_fitted_as_the_same_dense_data() {
    for (rows, columns) in [(40, 6), (6, 40)] {
        let (x, y) = data(rows, columns, 2);
        let x = x.mapv(|x| if x > 3.0 { x } else { 0.0 });
        let weights = Array1::from_shape_fn(rows, |i| 1.0 + (i % 2) as f64);
        for intercept in [Intercept::Fitted, Intercept::Zero] {
            let params = strict().intercept(intercept);
            let dense = params.fit_weighted(&x, &y, &weights).unwrap();
            let plain = params.fit(&x, &y).unwrap();
            for solver in [RidgeSolver::Auto, RidgeSolver::ConjugateGradient] {
                let params = params.clone().solver(solver);
                let sparse = params.fit_sparse_weighted(&csr(&x), &y, &weights).unwrap();
                near(&sparse.coefficients(), &dense.coefficients(), 1e-10, &solver.to_string());
                let sparse = params.fit_sparse(&csr(&x).to_csc(), &y).unwrap();
                near(&sparse.coefficients(), &plain.coefficients(), 1e-10, &solver.to_string());
                assert_eq!(sparse.iterations().len(), 2);
            }
        }
        let direct = Ridge::params().solver(RidgeSolver::Svd).fit_sparse(&csr(&x), &y);
        assert!(matches!(direct, Err(Error::InvalidParameter { parameter: "solver", .. })));
    }
}

/// Single precision is rounded once, at the end: the answer is that of the same numbers in double precision.
#[test]
fn single_precision_is_computed_in_double() {
    let (x, y) = data(200, 5, 1);
    let (x, y) = (x.mapv(|x| x as f32), y.mapv(|y| y as f32));
    let wide = Ridge::params().fit(&x.mapv(f64::from), &y.mapv(f64::from)).unwrap();
    let narrow = Ridge::params().fit(&x, &y).unwrap();
    for (narrow, wide) in narrow.coefficients().iter().zip(wide.coefficients()) {
        assert!((f64::from(*narrow) - wide).abs() <= f64::from(f32::EPSILON) * wide.abs());
    }
}

#[test]
fn every_layout_gives_the_same_fit() {
    for (rows, columns) in [(30, 4), (4, 30)] {
        let (x, y) = data(rows, columns, 1);
        let expected = Ridge::params().fit(&x, &y).unwrap();
        let column_major = x.t().as_standard_layout().into_owned().reversed_axes();
        let mut padded = Array2::zeros((2 * rows, 3 * columns));
        padded.slice_mut(s![..;-2, ..;3]).assign(&x);
        for x in [column_major.view(), padded.slice(s![..;-2, ..;3])] {
            let found = Ridge::params().fit(&x, &y).unwrap();
            near(&found.coefficients(), &expected.coefficients(), 1e-13, "layout");
        }
    }
}

#[test]
fn what_is_wrong_is_named() {
    let (x, y) = data(5, 2, 1);
    let fit = |params: RidgeParams| params.fit(&x, &y).map(|_| ()).unwrap_err().to_string();
    for (params, expected) in [
        (Ridge::params().alpha(-1.0), "alpha is -1"),
        (Ridge::params().alpha(f64::NAN), "alpha is NaN"),
        (Ridge::params().penalties(&[1.0, 2.0]), "penalties has 2 entries"),
        (Ridge::params().penalties(&[f64::INFINITY]), "penalties is inf"),
        (Ridge::params().tolerance(f64::NAN), "tolerance is NaN"),
        (Ridge::params().solver(RidgeSolver::Lsqr).tolerance(0.0).max_iterations(1), "did not converge"),
    ] {
        let text = fit(params);
        assert!(text.contains(expected), "{text}");
    }
    let fit = |x: &Array2<f64>, y: &Array2<f64>| Ridge::params().fit(x, y).map(|_| ()).unwrap_err();
    assert!(matches!(fit(&Array2::zeros((0, 2)), &Array2::zeros((0, 1))), Error::TooFewSamples { .. }));
    assert!(matches!(fit(&Array2::zeros((5, 0)), &y), Error::NoFeatures { .. }));
    assert!(fit(&x, &Array2::zeros((5, 0))).to_string().contains("at least one target"));
    assert!(fit(&x, &Array2::zeros((4, 1))).to_string().contains("y has 4 rows"));
    for solver in SOLVERS {
        for (rows, columns) in [(5, 2), (2, 5)] {
            let (mut x, y) = data(rows, columns, 1);
            x[[1, 1]] = f64::NAN;
            let error = Ridge::params().solver(solver).fit(&x, &y).unwrap_err();
            assert!(error.to_string().starts_with("x[1, 1]"), "{solver}: {error}");
            x[[1, 1]] = f64::MAX;
            x[[0, 1]] = -f64::MAX;
            assert!(matches!(
                Ridge::params().solver(solver).fit(&x, &y),
                Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
            ));
        }
    }
}

/// Subnormal features cannot overcome a penalty, and without one the answer is that of the scaled problem.
#[test]
fn tiny_data_is_not_taken_for_zero() {
    let (x, y) = data(20, 2, 1);
    let expected = Ridge::params().alpha(0.0).fit(&x, &y).unwrap();
    let tiny = Ridge::params().alpha(0.0).fit(&(&x * 1e-200), &y).unwrap();
    near(&(&tiny.coefficients() * 1e-200), &expected.coefficients(), 1e-11, "scaled");
    let one = Ridge::params().fit(&array![[1e-310], [3e-310]], &array![1.0, 2.0]).unwrap();
    assert!((0.5..2.0).contains(&(one.coefficients()[0] / 1e-310)) && one.intercept() == 1.5);
}

#[test]
fn a_model_survives_storage_and_damage_is_found() {
    let (x, y) = data(20, 3, 2);
    let model = Ridge::params().fit(&x, &y).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<Ridge<f64, Ix2>>(&text).unwrap(), model);
    assert!(serde_json::from_str::<Ridge<f64, Ix1>>(&text).is_err());
    for (from, to) in [
        ("lapwing.ridge", "lapwing.pca"),
        ("\"version\":1", "\"version\":2"),
        ("cholesky", "auto"),
        ("\"n_features\":3", "\"n_features\":4"),
    ] {
        assert!(text.contains(from), "{text}");
        assert!(serde_json::from_str::<Ridge<f64, Ix2>>(&text.replace(from, to)).is_err());
    }
}
