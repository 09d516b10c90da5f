use lapwing_lapack::random::standard_normal;
use ndarray::{Array2, array};

use super::*;
use crate::linear_model::ridge_cv::ridge_path;

fn data(rows: usize, columns: usize) -> (Array2<f64>, Array1<f64>) {
    let x = standard_normal(rows, columns, 1) + 3.0;
    let y = x.dot(&standard_normal(columns, 1, 2)) + standard_normal(rows, 1, 3) * 4.0;
    (x, y.column(0).to_owned())
}

/// The curve of the singular values is that of the eigenvalues, which come from other sums.
#[test]
fn generalized_errors_are_those_of_the_path_and_the_choice_is_their_least() {
    for (rows, columns) in [(40, 5), (12, 30)] {
        let (x, y) = data(rows, columns);
        let chosen = generalized_cross_validation(&x, &y, Intercept::Fitted).unwrap();
        // In the middle, where neither loses digits.
        let alphas: Vec<f64> =
            chosen.alphas().iter().copied().filter(|alpha| (1e-3..1e3).contains(alpha)).collect();
        let path = ridge_path(&x, &y, &alphas).unwrap();
        let variance = y.dot(&y) - y.len() as f64 * y.mean().unwrap().powi(2);
        let first = chosen.alphas().iter().position(|alpha| *alpha == alphas[0]).unwrap();
        for (i, expected) in path.generalized_errors().column(0).iter().enumerate() {
            let found = chosen.criterion()[first + i] * variance;
            assert!((found - expected).abs() < 1e-8 * expected, "{found} {expected}");
        }
        let least = ridge_path(&x, &y, &[chosen.alpha()]).unwrap().generalized_errors()[[0, 0]];
        assert!(path.generalized_errors().iter().all(|error| *error >= least * (1.0 - 1e-9)));
    }
}

/// The analytic curvature against that of a parabola through three near points of the curve.
#[test]
fn the_curvature_is_that_of_the_curve() {
    let (x, y) = data(40, 5);
    let chosen = l_curve(&x, &y, Intercept::Zero).unwrap();
    let (residuals, norms) = (chosen.residual_norms().mapv(f64::ln), chosen.solution_norms().mapv(f64::ln));
    let mut compared = 0;
    for i in 1..chosen.alphas().len() - 1 {
        let slope = |v: &Array1<f64>| (v[i + 1] - v[i - 1]) / 2.0;
        let bend = |v: &Array1<f64>| v[i + 1] - 2.0 * v[i] + v[i - 1];
        let size = slope(&residuals).hypot(slope(&norms)).powi(3);
        // Where the points are too close, the differences are rounding.
        if size > 1e-6 {
            let expected = (slope(&residuals) * bend(&norms) - bend(&residuals) * slope(&norms)) / size;
            let found = chosen.criterion()[i];
            assert!((found - expected).abs() < 0.05 * found.abs().max(0.1), "{i}: {found} {expected}");
            compared += 1;
        }
    }
    assert!(compared > 10);
}

/// A smoothing kernel whose inverse amplifies noise: both choices must recover the solution to within the noise that a
/// penalty of zero would bury. For a draw of the noise in which the criteria do not fail by themselves, as the module's
/// header counts.
#[test]
fn both_choices_tame_an_ill_posed_problem() {
    let n = 64;
    let place = |i: usize| i as f64 / n as f64;
    let x = Array2::from_shape_fn((n, n), |(i, j)| (-30.0 * (place(i) - place(j)).powi(2)).exp() / n as f64);
    let truth = Array1::from_shape_fn(n, |i| (3.0 * place(i)).sin());
    let noise = standard_normal(n, 1, 6).column(0).to_owned() * 1e-5;
    let y = x.dot(&truth) + noise;
    for choose in [generalized_cross_validation::<f64>, l_curve::<f64>] {
        let alpha = choose(&x, &y, Intercept::Zero).unwrap().alpha();
        let ridge = crate::Ridge::params().alpha(alpha).intercept(Intercept::Zero).fit(&x, &y).unwrap();
        let error = &ridge.coefficients() - &truth;
        assert!(error.dot(&error).sqrt() < 0.2 * truth.dot(&truth).sqrt(), "{alpha:e}");
    }
}

#[test]
fn units_change_the_penalty_by_their_square() {
    let (x, y) = data(20, 3);
    for choose in [generalized_cross_validation::<f64>, l_curve::<f64>] {
        let here = choose(&x, &y, Intercept::Fitted).unwrap().alpha();
        let there = choose(&(&x * 1024.0), &(&y * 1e100), Intercept::Fitted).unwrap().alpha();
        assert!((there / here / 1048576.0 - 1.0).abs() < 1e-5, "{here} {there}");
    }
}

#[test]
fn what_has_no_best_penalty_is_refused() {
    let y = array![1.0, 2.0, 4.0];
    let constant = Array2::<f64>::ones((3, 2));
    let refused = generalized_cross_validation(&constant, &y, Intercept::Fitted);
    assert!(matches!(refused, Err(Error::InvalidParameter { parameter: "x", .. })));
    let flat = l_curve(&array![[1.0], [2.0], [3.0]], &Array1::ones(3), Intercept::Fitted);
    assert!(matches!(flat, Err(Error::InvalidParameter { .. })));
    let one = l_curve(&constant.slice(ndarray::s![..1, ..]), &array![1.0], Intercept::Zero);
    assert!(matches!(one, Err(Error::TooFewSamples { .. })));
    let short = l_curve(&constant, &array![1.0], Intercept::Zero);
    assert!(matches!(short, Err(Error::Lapack(lapwing_lapack::Error::Shape { .. }))));
}
