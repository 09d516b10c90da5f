use ndarray::{Array1, Array2, Axis, array, concatenate, s};

use super::{RegressionSummary, Term};
use crate::error::Error;
use crate::linear_model::{Intercept, LinearRegression, LinearRegressionSolver};

fn data(rows: usize) -> (Array2<f64>, Array1<f64>) {
    let x = Array2::from_shape_fn((rows, 3), |(i, j)| ((i * (7 + 6 * j) + i * i * (j + 1)) % 101) as f64);
    let noise = Array1::from_shape_fn(rows, |i| ((i * 29 + i * i * 5) % 97) as f64 / 8.0);
    let y = x.dot(&array![2.0, 0.0, -1.0]) + noise;
    (x, y)
}

fn summarize(x: &Array2<f64>, y: &Array1<f64>) -> RegressionSummary {
    LinearRegression::params().summarize(x, y).unwrap()
}

fn close(found: f64, expected: f64, bound: f64) {
    assert!((found - expected).abs() <= bound * expected.abs(), "{found} is not {expected}");
}

/// The straight line through (1, 2), (2, 1), (3, 4), (4, 3): slope 3/5, Σ r² = 16/5, s² = 8/5, and the rest by hand.
#[test]
fn a_line_through_four_points_is_as_by_hand() {
    let summary = summarize(&array![[1.0], [2.0], [3.0], [4.0]], &array![2.0, 1.0, 4.0, 3.0]);
    let eps = 8.0 * f64::EPSILON;
    assert_eq!(summary.terms(), [Term::Intercept, Term::Feature(0)]);
    close(summary.coefficients()[0], 1.0, eps);
    close(summary.coefficients()[1], 0.6, eps);
    close(summary.residual_sum_of_squares(), 3.2, eps);
    close(summary.standard_errors()[0], (1.6f64 * 1.5).sqrt(), eps);
    close(summary.standard_errors()[1], (1.6f64 / 5.0).sqrt(), eps);
    close(summary.r_squared(), 0.36, 2.0 * eps);
    close(summary.adjusted_r_squared(), 0.04, 40.0 * eps);
    close(summary.f_statistic().unwrap(), 1.125, 4.0 * eps);
    // With one feature F is the square of t.
    close(summary.f_p_value().unwrap(), summary.p_values()[1], 1e-13);
    assert_eq!((summary.residual_degrees_of_freedom(), summary.model_degrees_of_freedom()), (2, 1));
    for (found, expected) in summary.influence().leverages().iter().zip([0.7, 0.3, 0.3, 0.7]) {
        close(*found, expected, eps);
    }
    close(summary.variance_inflation_factors()[0].unwrap(), 1.0, eps);
    // [1 x]ᵀ[1 x] = [4 10; 10 30], with eigenvalues 17 ± √269.
    close(summary.condition_number().powi(2), (17.0 + 269f64.sqrt()) / (17.0 - 269f64.sqrt()), 100.0 * eps);
}

/// Leverages add up to the rank, and a deleted residual is what a fit without the sample leaves of it.
#[test]
fn influence_is_what_a_fit_without_the_sample_says() {
    let (x, y) = data(30);
    let summary = summarize(&x, &y);
    let influence = summary.influence();
    close(influence.leverages().sum(), 4.0, 1e-14);
    for i in [0, 13, 29] {
        let rest: Vec<usize> = (0..30).filter(|&k| k != i).collect();
        let without = summarize(&x.select(Axis(0), &rest), &y.select(Axis(0), &rest));
        let row = concatenate![Axis(0), array![1.0], x.row(i)];
        let deleted = y[i] - row.dot(&without.coefficients());
        let (leverage, residual) = (influence.leverages()[i], influence.residuals()[i]);
        close(residual / (1.0 - leverage), deleted, 1e-10);
        let external = residual / (without.residual_standard_deviation() * (1.0 - leverage).sqrt());
        close(influence.externally_studentized()[i].unwrap(), external, 1e-10);
        let all = concatenate![Axis(1), Array2::ones((30, 1)), x];
        let moved = all.dot(&(&summary.coefficients() - &without.coefficients()));
        let cook = moved.dot(&moved) / (4.0 * summary.residual_standard_deviation().powi(2));
        close(influence.cooks_distances()[i].unwrap(), cook, 1e-9);
    }
}

/// Data at 10⁸ times its spread: slopes, errors and leverages are those of the data at zero.
#[test]
fn where_the_data_lies_changes_only_the_intercept() {
    let (x, y) = data(40);
    let (near, far) = (summarize(&x, &y), summarize(&x.mapv(|x| x + 3e9), &y));
    for j in 1..4 {
        close(far.coefficients()[j], near.coefficients()[j], 1e-11);
        close(far.standard_errors()[j], near.standard_errors()[j], 1e-12);
    }
    close(far.residual_sum_of_squares(), near.residual_sum_of_squares(), 1e-12);
    close(far.influence().leverages()[3], near.influence().leverages()[3], 1e-12);
    let warning = far.collinearity().unwrap();
    assert_eq!((warning.dependencies, warning.terms.len()), (3, 4));
}

#[test]
fn collinear_columns_are_named_and_others_are_not() {
    let (x, y) = data(60);
    assert!(summarize(&x, &y).collinearity().is_none());
    for part in [1e-5, 0.0] {
        let noise = Array1::from_shape_fn(60, |i| ((i * i * i) % 17) as f64);
        let near = &x.column(0) + &(noise * (100.0 * part));
        let x = concatenate![Axis(1), x, near.insert_axis(Axis(1)), Array2::from_elem((60, 1), part)];
        let x = if part == 0.0 { x } else { x.slice(s![.., ..4]).to_owned() };
        let summary = summarize(&x, &y);
        let warning = summary.collinearity().unwrap();
        assert_eq!(warning.terms[..2], [Term::Feature(0), Term::Feature(3)], "{warning}");
        let text = warning.to_string();
        assert!(text.starts_with("column 0, column 3"), "{text}");
        let inflation = summary.variance_inflation_factors();
        if part == 0.0 {
            assert_eq!((summary.rank(), warning.dependencies), (4, 2));
            assert_eq!([inflation[0], inflation[3], inflation[4]], [None; 3]);
            close(
                inflation[1].unwrap(),
                summarize(&x.slice(s![.., ..3]).to_owned(), &y).variance_inflation_factors()[1].unwrap(),
                1e-12,
            );
        } else {
            assert!(inflation[0].unwrap() > 1e5 && inflation[1].unwrap() < 3.0);
        }
    }
}

/// What does not depend on which of the solutions is taken is as without the column too many.
#[test]
fn a_dependent_column_changes_nothing_but_its_share() {
    let (x, y) = data(50);
    let dependent = concatenate![Axis(1), x, x.slice(s![.., ..1])];
    let (plain, summary) = (summarize(&x, &y), summarize(&dependent, &y));
    close(summary.coefficients()[1], plain.coefficients()[1] / 2.0, 1e-12);
    close(summary.standard_errors()[1], plain.standard_errors()[1] / 2.0, 1e-12);
    close(summary.log_likelihood(), plain.log_likelihood(), 1e-13);
    close(summary.f_statistic().unwrap(), plain.f_statistic().unwrap(), 1e-12);
    close(
        summary.influence().cooks_distances()[7].unwrap(),
        plain.influence().cooks_distances()[7].unwrap(),
        1e-10,
    );
    // Five samples of one direction in six columns have a summary, too.
    let wide = Array2::from_shape_fn((5, 6), |(i, j)| (i * i) as f64 * (j as f64 - 2.0));
    let summary = summarize(&wide, &array![1.0, 3.0, 2.0, 5.0, 4.0]);
    assert_eq!((summary.rank(), summary.residual_degrees_of_freedom()), (2, 3));
    close(summary.influence().leverages().sum(), 2.0, 1e-13);
}

#[test]
fn what_does_not_exist_is_none_and_nothing_is_nan() {
    // Only the last sample has the second feature: the fit meets it, whatever it is.
    let x = array![[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 1.0]];
    let summary = summarize(&x, &array![1.0, 3.0, 2.0, 9.0]);
    let influence = summary.influence();
    assert_eq!((influence.internally_studentized()[3], influence.cooks_distances()[3]), (None, None));
    assert!(influence.internally_studentized()[0].is_some());
    // One degree of freedom is none without the sample.
    assert_eq!(influence.externally_studentized()[0], None);
    let exact = summarize(&array![[-1.0], [0.0], [1.0]], &array![0.0, 0.0, 0.0]);
    assert_eq!((exact.r_squared(), exact.f_statistic()), (1.0, None));
    assert!(exact.t_statistics().iter().chain(&exact.p_values()).all(|x| !x.is_nan()));
    let text = serde_json::to_string(&exact).unwrap();
    assert!(text.contains("\"terms\":[\"intercept\",{\"feature\":0}]"), "{text}");
}

#[test]
fn refined_summaries_and_other_refusals() {
    let (x, y) = data(20);
    let params = LinearRegression::params();
    let refined = params.solver(LinearRegressionSolver::Refined).summarize(&x, &y).unwrap();
    let plain = summarize(&x, &y);
    for j in 0..4 {
        close(refined.coefficients()[j], plain.coefficients()[j], 1e-12);
        close(refined.standard_errors()[j], plain.standard_errors()[j], 1e-12);
    }
    let few = params.summarize(&x.slice(s![7..11, ..]), &y.slice(s![7..11])).unwrap_err();
    assert!(matches!(few, Error::TooFewSamples { found: 4, least: 5, .. }), "{few}");
    assert!(
        params.intercept(Intercept::Zero).summarize(&x.slice(s![7..11, ..]), &y.slice(s![7..11])).is_ok()
    );
    let mut weights = Array1::ones(20);
    weights[3] = 0.0;
    let error = params.summarize_weighted(&x, &y, &weights).unwrap_err();
    assert!(error.to_string().starts_with("weights is 0 at position 3"), "{error}");
    assert!(plain.confidence_intervals(1.0).is_err());
    assert!(params.solver(LinearRegressionSolver::Lsqr).summarize(&x, &y).is_err());
}
