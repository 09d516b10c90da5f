//! What every linear model owes its caller, whatever it minimizes.

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, array, s};

use super::*;

/// Every estimator of the crate with an intercept, on one target.
macro_rules! for_each_model {
    ($scalar:ty, |$fit:ident, $name:ident| $work:block) => {{
        type X = Array2<$scalar>;
        type Y = Array1<$scalar>;
        type Predictor = LinearPredictor<$scalar>;
        type Fit = fn(&X, &Y) -> Result<Predictor, crate::Error>;
        let models: [(&str, Fit); 9] = [
            ("least squares", |x, y| Ok(predictor(LinearRegression::params().fit(x, y)?))),
            ("ridge", |x, y| Ok(predictor(Ridge::params().fit(x, y)?))),
            ("ridge by the SVD", |x, y| {
                Ok(predictor(Ridge::params().solver(RidgeSolver::Svd).fit(x, y)?))
            }),
            ("cross-validated ridge", |x, y| Ok(predictor(RidgeCv::params().fit(x, y)?))),
            ("elastic net", |x, y| {
                let params = ElasticNet::params().alpha(1e-3).tolerance(1e-12).max_iterations(100_000);
                Ok(predictor(params.fit(x, y).map_err(crate::Error::from)?))
            }),
            ("Bayesian ridge", |x, y| Ok(predictor(BayesianRidge::params().fit(x, y)?))),
            ("Tikhonov", |x, y| {
                Ok(predictor(Tikhonov::params().alpha(0.5).fit(x, y, &X::eye(x.ncols()))?))
            }),
            ("truncated SVD", |x, y| {
                Ok(predictor(TruncatedSvdRegression::params(Truncation::Rank(2)).fit(x, y)?))
            }),
            ("total least squares", |x, y| {
                Ok(predictor(TotalLeastSquares::params().fit(x, y)?))
            }),
        ];
        for ($name, $fit) in models $work
    }};
}

fn predictor<T: Scalar>(model: impl Deref<Target = LinearPredictor<T>>) -> LinearPredictor<T> {
    LinearPredictor::clone(&model)
}

/// Multiples of 1/1024, to which 10⁸ is added without rounding.
fn data() -> (Array2<f64>, Array1<f64>) {
    let x = Array2::from_shape_fn((60, 3), |(i, j)| {
        ((i * 37 + j * 101 + i * i * (j + 3)) % 1009) as f64 / 1024.0
    });
    let noise = |i: usize| ((i * 53) % 97) as f64 / 1024.0;
    let y = Array1::from_shape_fn(60, |i| 2.0 * x[[i, 0]] - x[[i, 1]] + 0.5 * x[[i, 2]] + noise(i));
    (x, y)
}

/// The means of the features are rounded to ε 10⁸, which is as if each had moved by as much, and the coefficients, at most 3
/// in sum, multiply it; elsewhere only deviations are used.
#[test]
fn data_far_from_the_origin_is_predicted_like_data_near_it() {
    let (x, y) = data();
    let (far, up) = (&x + 1e8, &y + 1024.0);
    let bound = 4.0 * 3.0 * f64::EPSILON * 1e8;
    for_each_model!(f64, |fit, name| {
        let (near, moved) = (fit(&x, &y).unwrap(), fit(&far, &up).unwrap());
        for (a, b) in near.coefficients().iter().zip(&moved.coefficients()) {
            assert!((a - b).abs() < bound, "{name}: {a} {b}");
        }
        for (a, b) in near.predict(&x).unwrap().iter().zip(&moved.predict(&far).unwrap()) {
            assert!((a + 1024.0 - b).abs() < bound, "{name}: {a} {b}");
        }
    });
}

/// The data is exact in single precision, and so are all sums in double: what differs is the rounding of the answer.
#[test]
fn single_precision_is_computed_in_double() {
    let (x, y) = data();
    let mut expected = Vec::new();
    for_each_model!(f64, |fit, name| {
        expected.push((name, fit(&x, &y).unwrap().coefficients().to_vec()));
    });
    let (x, y) = (x.mapv(|x| x as f32), y.mapv(|y| y as f32));
    let mut expected = expected.into_iter();
    for_each_model!(f32, |fit, name| {
        let (same, coefficients) = expected.next().unwrap();
        assert_eq!(same, name);
        for (found, expected) in fit(&x, &y).unwrap().coefficients().iter().zip(coefficients) {
            // The targets were rounded, by half an ε of at most 4.
            assert!((f64::from(*found) - expected).abs() < 20.0 * f64::from(f32::EPSILON), "{name}: {found}");
        }
    });
}

#[test]
fn what_is_not_finite_or_does_not_fit_is_located() {
    let (x, y) = data();
    let mut holed = x.clone();
    holed[[7, 2]] = f64::NAN;
    let mut infinite = y.clone();
    infinite[5] = f64::INFINITY;
    let short = y.slice(s![..59]).to_owned();
    for_each_model!(f64, |fit, name| {
        for (error, expected) in [
            (fit(&holed, &y), "x[7, 2] is NaN or infinite"),
            (fit(&x, &infinite), "y[5, 0] is NaN or infinite"),
            (fit(&x, &short), "y has 59 rows"),
            (fit(&x.slice(s![..0, ..]).to_owned(), &array![]), "x has 0 samples"),
            (fit(&x.slice(s![.., ..0]).to_owned(), &y), "x has no features"),
        ] {
            let told = error.unwrap_err().to_string();
            assert!(told.starts_with(expected), "{name}: {told}");
        }
    });
}
