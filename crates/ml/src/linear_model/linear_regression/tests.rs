use lapwing_iterative::sprs::{CsMat, TriMat};
use lapwing_lapack::Error as LapackError;
use ndarray::{Array1, Array2, Axis, Ix2, array, concatenate, s};

use super::LinearRegressionSolver::{Auto, Cholesky, Lsqr, Qr, Refined, Svd};
use super::{LinearRegression, LinearRegressionSolver};
use crate::error::Error;
use crate::linear_model::Intercept;

const DENSE: [LinearRegressionSolver; 5] = [Auto, Cholesky, Qr, Svd, Refined];

/// Integers around `offset`, in columns that are nearly orthogonal: a condition number below 2.
fn features(rows: usize, offset: f64) -> Array2<f64> {
    Array2::from_shape_fn((rows, 3), |(i, j)| offset + ((i * (7 + 6 * j) + i * i * (j + 1)) % 101) as f64)
}

fn target(rows: usize) -> Array1<f64> {
    Array1::from_shape_fn(rows, |i| ((i * 29 + i * i * 5) % 97) as f64)
}

/// The coefficients by Cramer's rule on exact normal equations, for integers and whole weights; and the means.
fn exact(x: &Array2<f64>, y: &Array1<f64>, weights: &Array1<f64>) -> (Array1<f64>, Array1<f64>, f64) {
    let (base, y_base) = (x.row(0).to_owned(), y[0]);
    let units = |value: f64| value as i128;
    let columns: Vec<Vec<i128>> = (0..3)
        .map(|j| x.column(j).iter().map(|&x| units(x - base[j])).collect())
        .chain([y.iter().map(|&y| units(y - y_base)).collect()])
        .collect();
    let weights: Vec<i128> = weights.iter().map(|&w| units(w)).collect();
    let total: i128 = weights.iter().sum();
    let sum = |a: &[i128]| -> i128 { a.iter().zip(&weights).map(|(a, w)| a * w).sum() };
    let moment = |a: usize, b: usize| {
        let product: Vec<i128> = columns[a].iter().zip(&columns[b]).map(|(a, b)| a * b).collect();
        total * sum(&product) - sum(&columns[a]) * sum(&columns[b])
    };
    let determinant = |m: [[i128; 3]; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    let gram = [0, 1, 2].map(|i| [0, 1, 2].map(|j| moment(i, j)));
    let whole = determinant(gram);
    let coefficient = |k: usize| {
        let mut replaced = gram;
        (0..3).for_each(|i| replaced[i][k] = moment(i, 3));
        determinant(replaced) as f64 / whole as f64
    };
    let mean = |j: usize| sum(&columns[j]) as f64 / total as f64;
    ((0..3).map(coefficient).collect(), (0..3).map(mean).collect(), mean(3))
}

fn close(found: &Array1<f64>, expected: &Array1<f64>, bound: f64) -> bool {
    let size = expected.iter().fold(0.0f64, |size, x| size.max(x.abs()));
    found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() <= bound * size)
}

/// The error of each is a few roundoffs times the rows, because the condition number is below 2: also at 10⁸ times the
/// spread, where centring is exact, and in the predictions, for which the mean is not a number of double precision.
#[test]
fn every_solver_finds_the_exact_solution_wherever_the_data_lies() {
    let n = 250;
    let y = target(n);
    for offset in [0.0, 3e9] {
        let x = features(n, offset);
        let strided = concatenate![Axis(1), x, x].slice(s![..;-1, ..;2]).to_owned();
        let strided = strided.slice(s![..;-1, ..]);
        assert_eq!(strided.ncols(), 3);
        let column_major = x.t().as_standard_layout().into_owned().reversed_axes();
        for weights in [Array1::ones(n), Array1::from_shape_fn(n, |i| (i % 4) as f64)] {
            let (expected, means, level) = exact(&x, &y, &weights);
            for solver in DENSE {
                let params = LinearRegression::params().solver(solver);
                let model = params.fit_weighted(&x, &y, &weights).unwrap();
                let ran = if solver == Auto { Qr } else { solver };
                assert_eq!((model.solver(), model.rank()), (ran, Some(3)));
                let found = model.coefficients().to_owned();
                assert!(close(&found, &expected, 1e-13), "{solver} {offset}: {found} is not {expected}");
                let other = params.fit_weighted(&column_major, &y, &weights).unwrap();
                assert!(close(&other.coefficients().to_owned(), &expected, 1e-13), "{solver}");
                // From the exact means, counted from the first row.
                let deviations = &x - &x.row(0) - &means;
                let predictions = deviations.dot(&expected) + level + y[0];
                let predicted = model.predict(&x).unwrap();
                assert!(close(&predicted, &predictions, 1e-13), "{solver} {offset}");
                let intercept = level + y[0] - (&means + &x.row(0)).dot(&expected);
                let bound = 1e-13 * (offset + 100.0);
                assert!((model.intercept() - intercept).abs() <= bound, "{solver} {offset}");
            }
        }
        let unweighted = LinearRegression::params().fit(&strided, &y.slice(s![..])).unwrap();
        assert_eq!(unweighted.n_features(), 3);
    }
}

#[test]
fn without_an_intercept_the_fit_goes_through_zero() {
    // y = 2 x exactly, beside a column that is orthogonal to it.
    let x = array![[1.0, 2.0], [2.0, -1.0], [3.0, 0.0], [0.0, 0.0]];
    let y = array![2.0, 4.0, 6.0, 0.0];
    for solver in DENSE {
        let params = LinearRegression::params().solver(solver).intercept(Intercept::Zero);
        let model = params.fit(&x, &y).unwrap();
        assert!(close(&model.coefficients().to_owned(), &array![2.0, 0.0], 1e-15), "{solver}");
        assert_eq!(model.intercept(), 0.0);
    }
}

/// The same sums in another order: a few roundoffs.
#[test]
fn a_whole_weight_is_as_good_as_repetition() {
    let (x, y) = (features(60, 5.0), target(60));
    let weights = Array1::from_shape_fn(60, |i| (i % 3) as f64);
    let rows: Vec<usize> = (0..60).flat_map(|i| vec![i; i % 3]).collect();
    let (repeated, of_repeated) = (x.select(Axis(0), &rows), y.select(Axis(0), &rows));
    for solver in DENSE {
        let params = LinearRegression::params().solver(solver);
        let weighted = params.fit_weighted(&x, &y, &weights).unwrap();
        let plain = params.fit(&repeated, &of_repeated).unwrap();
        let (found, expected) = (weighted.coefficients().to_owned(), plain.coefficients().to_owned());
        assert!(close(&found, &expected, 1e-13), "{solver}");
        assert!((weighted.intercept() - plain.intercept()).abs() <= 1e-12 * plain.intercept().abs());
        let scores = (weighted.score_weighted(&x, &y, &weights), plain.score(&repeated, &of_repeated));
        assert!((scores.0.unwrap() - scores.1.unwrap()).abs() <= 1e-14, "{solver}");
    }
}

#[test]
fn several_targets_are_fitted_as_one_by_one() {
    let x = features(80, 0.0);
    let y = concatenate![Axis(1), target(80).insert_axis(Axis(1)), x.slice(s![.., ..1]).mapv(|x| x * x)];
    for solver in DENSE {
        let params = LinearRegression::params().solver(solver);
        let together: LinearRegression<f64, Ix2> = params.fit(&x, &y).unwrap();
        assert_eq!(
            (together.coefficients().dim(), together.solver()),
            ((2, 3), params.fit(&x, &y).unwrap().solver())
        );
        for t in 0..2 {
            let alone = params.fit(&x, &y.column(t)).unwrap();
            let row = together.coefficients().row(t).to_owned();
            assert!(close(&row, &alone.coefficients().to_owned(), 1e-14), "{solver}");
        }
        assert_eq!(together.predict(&x).unwrap().dim(), (80, 2));
        assert!(together.score(&x, &y).unwrap() > 0.4);
    }
}

/// Equal columns share a coefficient equally, a constant one has none: that is the shortest solution.
#[test]
fn dependent_columns_share_in_the_least_norm() {
    let base = features(50, 0.0);
    let y = target(50);
    let alone = LinearRegression::params().fit(&base.slice(s![.., ..1]), &y).unwrap();
    let (column, constant) = (base.slice(s![.., ..1]), Array2::from_elem((50, 1), 7.5));
    let x = concatenate![Axis(1), column, constant, column];
    let half = alone.coefficients()[0] / 2.0;
    for solver in DENSE {
        let model = LinearRegression::params().solver(solver).fit(&x, &y).unwrap();
        assert_eq!((model.solver(), model.rank()), (Svd, Some(1)), "{solver}");
        assert!(close(&model.coefficients().to_owned(), &array![half, 0.0, half], 1e-14), "{solver}");
        assert!((model.intercept() - alone.intercept()).abs() <= 1e-13 * alone.intercept().abs());
        // ‖[c c]‖ = √2 ‖c‖.
        let length = (2.0 * alone.singular_values().map_or_else(|| squares(&column), |s| s[0] * s[0])).sqrt();
        assert!((model.singular_values().unwrap()[0] - length).abs() <= 1e-13 * length);
    }
}

fn squares(column: &ndarray::ArrayView2<f64>) -> f64 {
    let mean = column.mean().unwrap();
    column.iter().map(|x| (x - mean) * (x - mean)).sum()
}

/// Of two samples the centred rows are ± half of their difference d: the shortest solution is d (y₁ − y₀) / ‖d‖².
#[test]
fn wide_data_has_the_shortest_of_all_exact_fits() {
    let x = array![[1.0, 2.0, 3.0, 0.0], [2.0, 0.0, 5.0, 4.0]];
    for (scale, of_y) in [(1.0, 1.0), (1e300, 1e-5), (2f64.powi(-1030), 2f64.powi(-1030))] {
        let (scaled, y) = (&x * scale, array![3.0, 8.0] * of_y);
        for solver in DENSE {
            let model = LinearRegression::params().solver(solver).fit(&scaled, &y).unwrap();
            assert_eq!((model.solver(), model.rank()), (Svd, Some(1)), "{solver}");
            // Divided before multiplied: the product may be out of range.
            let expected = array![0.2, -0.4, 0.4, 0.8] * (of_y / scale);
            assert!(close(&model.coefficients().to_owned(), &expected, 1e-14), "{solver} {scale:e}");
            assert!(close(&model.predict(&scaled).unwrap(), &y, 1e-14), "{solver} {scale:e}");
        }
    }
}

#[test]
fn one_sample_is_predicted_by_itself() {
    for solver in DENSE {
        let model = LinearRegression::params().solver(solver).fit(&array![[2.0, 5.0]], &array![3.0]).unwrap();
        assert_eq!(
            (model.coefficients().to_vec(), model.intercept(), model.rank()),
            (vec![0.0; 2], 3.0, Some(0))
        );
    }
}

/// Scaling by powers of two rounds nothing, so that coefficients scale exactly; what Cholesky's squares have no room for is
/// left to QR.
#[test]
fn units_from_the_smallest_to_the_largest_numbers_change_nothing() {
    let (x, y) = (features(40, 0.0), target(40));
    for (powers, of_y) in
        [([900, 0, -1030], 0), ([0, 0, 0], -1030), ([0, 1010, 0], 900), ([-600, -600, -600], -600)]
    {
        let scale = |x: f64, power: i32| x * 2f64.powi(power / 2) * 2f64.powi(power - power / 2);
        let scaled = Array2::from_shape_fn(x.dim(), |(i, j)| scale(x[[i, j]], powers[j]));
        let y_scaled = y.mapv(|y| scale(y, of_y));
        for solver in DENSE {
            let params = LinearRegression::params().solver(solver);
            let plain = params.fit(&x, &y).unwrap();
            let model = params.fit(&scaled, &y_scaled);
            if powers[2] == -1030 {
                // A coefficient of 10³⁰⁹ is not a number.
                assert!(model.is_err() || model.unwrap().solver() == Svd, "{solver}");
                continue;
            }
            let model = model.unwrap();
            assert!(model.solver() != Cholesky);
            let restored: Array1<f64> =
                model.coefficients().iter().zip(powers).map(|(b, power)| scale(*b, power - of_y)).collect();
            assert!(close(&restored, &plain.coefficients().to_owned(), 1e-13), "{solver} {powers:?} {of_y}");
        }
    }
}

/// Everything is computed in double precision and rounded once: the exact solution to half of a unit.
#[test]
fn single_precision_loses_nothing_but_the_last_rounding() {
    let (x, y) = (features(90, 1e4), target(90));
    let (expected, _, _) = exact(&x, &y, &Array1::ones(90));
    let (x, y) = (x.mapv(|x| x as f32), y.mapv(|y| y as f32));
    for solver in DENSE {
        let model = LinearRegression::params().solver(solver).fit(&x, &y).unwrap();
        for (found, expected) in model.coefficients().iter().zip(&expected) {
            assert!((f64::from(*found) - expected).abs() <= 0.51 * f64::from(f32::EPSILON) * expected.abs());
        }
    }
    // Columns that single precision cannot tell apart: a sum that was rounded to it.
    let sum = (&x.column(0) * 0.3f32 + x.column(1)).insert_axis(Axis(1));
    let dependent = concatenate![Axis(1), x.slice(s![.., ..2]).mapv(|x| x - 1e4), sum.mapv(|x| x - 1.3e4)];
    assert!(
        LinearRegression::params().fit(&dependent, &y).unwrap().coefficients().iter().all(|b| b.abs() < 1e5)
    );
}

/// y is an exact combination of columns that differ by a thousandth part, so that the condition number κ is about 3·10³: the
/// normal equations alone lose 10⁻¹⁶ κ², corrected they lose what QR does, some 10⁻¹⁶ κ.
#[test]
fn corrections_bring_the_normal_equations_to_the_accuracy_of_qr() {
    let base = features(300, 0.0);
    let x = Array2::from_shape_fn((300, 2), |(i, j)| 1000.0 * base[[i, 0]] + j as f64 * base[[i, 1]]);
    let y = x.dot(&array![3.0, -2.0]);
    for solver in [Cholesky, Qr] {
        let model = LinearRegression::params().solver(solver).fit(&x, &y).unwrap();
        assert_eq!(model.solver(), solver);
        assert!(close(&model.coefficients().to_owned(), &array![3.0, -2.0], 1e-12), "{solver}");
    }
}

#[test]
fn cholesky_refuses_what_squares_to_singular() {
    let x = Array2::from_shape_fn((40, 9), |(i, j)| 1.0 / (i + j + 1) as f64);
    let y = x.dot(&Array1::ones(9));
    let model = LinearRegression::params().solver(Cholesky).fit(&x, &y).unwrap();
    assert!([Qr, Svd].contains(&model.solver()));
    let residual = &model.predict(&x).unwrap() - &y;
    assert!(residual.iter().all(|r| r.abs() <= 1e-13));
}

#[test]
fn auto_takes_the_safest_route_that_is_fast() {
    let rule = |shape| LinearRegression::params().resolve_solver(shape);
    assert_eq!([(10, 10), (11, 10), (442, 10), (100_000, 100)].map(rule), [Svd, Qr, Qr, Cholesky]);
    let zero = LinearRegression::params().intercept(Intercept::Zero);
    assert_eq!(zero.resolve_solver((10, 10)), Qr);
    // Where Auto meets a large problem, it is solved by the route of that name.
    let x = Array2::from_shape_fn((4000, 120), |(i, j)| ((i * (j + 3) + i * i * (j + 1)) % 1013) as f64);
    let y = x.dot(&Array1::from_shape_fn(120, |j| j as f64));
    let model = LinearRegression::params().fit(&x, &y).unwrap();
    assert_eq!(model.solver(), Cholesky);
    assert!(close(&model.coefficients().to_owned(), &Array1::from_shape_fn(120, |j| j as f64), 1e-12));
}

fn sparse(x: &Array2<f64>) -> (CsMat<f64>, CsMat<f64>) {
    let mut triplets = TriMat::new(x.dim());
    for ((i, j), &value) in x.indexed_iter().filter(|(_, value)| **value != 0.0) {
        triplets.add_triplet(i, j, value);
    }
    (triplets.to_csr(), triplets.to_csc())
}

/// LSQR stops at a relative error of 100 ε of the data, which a condition number below 10 turns into less than 10⁻¹².
#[test]
fn sparse_data_has_the_solution_of_dense_data() {
    let x = features(120, 0.0).mapv(|x| if x > 60.0 { x - 60.0 } else { 0.0 });
    let y = concatenate![Axis(1), target(120).insert_axis(Axis(1)), Array2::zeros((120, 1))];
    let weights = Array1::from_shape_fn(120, |i| (i % 5) as f64 / 4.0);
    let (csr, csc) = sparse(&x);
    for intercept in [Intercept::Fitted, Intercept::Zero] {
        let params = LinearRegression::params().intercept(intercept);
        let dense = [params.fit(&x, &y).unwrap(), params.fit_weighted(&x, &y, &weights).unwrap()];
        let found =
            [params.fit_sparse(&csr, &y).unwrap(), params.fit_sparse_weighted(&csc, &y, &weights).unwrap()];
        let by_products = params.solver(Lsqr).fit(&x, &y).unwrap();
        for (found, dense) in found.iter().zip(&dense).chain([(&by_products, &dense[0])]) {
            assert_eq!((found.solver(), found.rank()), (Lsqr, None));
            for t in 0..2 {
                let (found, dense) =
                    (found.coefficients().row(t).to_owned(), dense.coefficients().row(t).to_owned());
                assert!(close(&found, &dense, 1e-12), "{found} is not {dense}");
            }
            assert!((&found.intercept() - &dense.intercept()).iter().all(|x| x.abs() <= 1e-11));
        }
        let predicted = found[0].predict_sparse(&csr).unwrap();
        assert!((&predicted - &dense[0].predict(&x).unwrap()).iter().all(|x| x.abs() <= 1e-10));
    }
    // Equal columns: the shortest solution, as by the SVD.
    let twice = concatenate![Axis(1), x, x];
    let found = LinearRegression::params().fit_sparse(&sparse(&twice).0, &y).unwrap();
    let dense = LinearRegression::params().fit(&twice, &y).unwrap();
    let row = |model: &LinearRegression<f64, Ix2>| model.coefficients().row(0).to_owned();
    assert!(close(&row(&found), &row(&dense), 1e-11));
    let params = LinearRegression::params();
    assert!(matches!(
        params.solver(Qr).fit_sparse(&csr, &y),
        Err(Error::InvalidParameter { parameter: "solver", .. })
    ));
    assert!(matches!(params.max_iterations(1).fit_sparse(&csr, &y), Err(Error::Iteration(_))));
    assert!(params.tolerance(0.0).fit_sparse(&csr, &y).is_err());
}

#[test]
fn bad_input_is_named() {
    let params = LinearRegression::params();
    let (x, y) = (array![[1.0, 2.0], [3.0, 5.0], [4.0, 4.0]], array![1.0, 2.0, 3.0]);
    for solver in DENSE {
        let params = params.solver(solver);
        let text = |x: &Array2<f64>, y: &Array1<f64>| params.fit(x, y).unwrap_err().to_string();
        assert!(text(&Array2::zeros((3, 0)), &y).contains("no features"));
        assert!(text(&Array2::zeros((0, 2)), &array![]).contains("0 samples"));
        assert!(text(&x, &array![1.0]).contains("y has 1 rows"));
        assert!(text(&x, &array![1.0, f64::NAN, 0.0]).starts_with("y[1, 0]"));
        let mut bad = x.clone();
        bad[[2, 1]] = f64::INFINITY;
        assert!(text(&bad, &y).starts_with("x[2, 1]"), "{solver}");
        let weighted = params.fit_weighted(&x, &y, &array![1.0, -1.0, 1.0]);
        assert!(matches!(weighted, Err(Error::InvalidParameter { parameter: "weights", .. })));
        let large = array![[f64::MAX, 1.0], [-f64::MAX, 2.0], [0.0, 5.0]];
        match params.fit(&large, &y) {
            Ok(model) => assert!(solver == Refined || model.coefficients().iter().all(|b| b.is_finite())),
            Err(error) => {
                assert!(matches!(error, Error::Lapack(LapackError::Overflow { .. })), "{solver} {error}")
            }
        }
    }
}

#[test]
fn a_stored_model_is_the_model_and_damage_is_refused() {
    let (x, y) = (features(30, 1e6), target(30));
    for solver in [Cholesky, Svd, Refined] {
        let model = LinearRegression::params().solver(solver).fit(&x, &y).unwrap();
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<LinearRegression<f64>>(&text).unwrap(), model);
    }
    let several: LinearRegression<f32, Ix2> = LinearRegression::params()
        .fit(&x.mapv(|x| x as f32), &y.mapv(|y| y as f32).insert_axis(Axis(1)))
        .unwrap();
    let text = serde_json::to_string(&several).unwrap();
    assert_eq!(serde_json::from_str::<LinearRegression<f32, Ix2>>(&text).unwrap(), several);
    for (from, to, reason) in [
        ("lapwing.linear_regression", "lapwing.pca", "not a model of linear regression"),
        ("\"version\":1", "\"version\":2", "version 2"),
        ("\"solver\":\"qr\"", "\"solver\":\"auto\"", "never runs"),
        ("\"rank\":3", "\"rank\":4", "rank exceeds"),
        ("\"n_features\":3", "\"n_features\":2", "coefficients has 3 numbers"),
        ("\"intercepts\":[", "\"intercepts\":[1.0,", "intercepts has 2 numbers"),
    ] {
        let damaged = text.replace(from, to);
        assert_ne!(damaged, text, "{from}");
        let error = serde_json::from_str::<LinearRegression<f32, Ix2>>(&damaged).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
