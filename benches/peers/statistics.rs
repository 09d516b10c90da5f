//! Regressions and covariances as `lapwing_worker.rs` calls them.

use lapwing::ml::linear_model::{Alphas, ElasticNet};
use lapwing::{Cholesky, EmpiricalCovariance, Lasso, LinearRegression, MinCovDet, Ridge, RidgeCv};
use ndarray::{Array1, ArrayView1, s};
use serde_json::Value;

use super::protocol::{Digest, Input, Outcome, probe};

pub(crate) enum Call {
    LinearRegression,
    Ridge,
    RidgeCv,
    LassoPath,
    Mahalanobis,
    MinCovDet,
}

pub(crate) enum Fitted {
    LinearRegression(LinearRegression<f64>),
    Ridge(Ridge<f64>),
    RidgeCv(RidgeCv<f64>),
    LassoPath(Vec<ElasticNet<f64>>),
    Distances(Array1<f64>),
    MinCovDet(Box<MinCovDet<f64>>),
}

/// The call of this name in `cases.py`, if it is one of these.
pub(crate) fn call(name: &str) -> Option<Call> {
    Some(match name {
        "linear_regression" => Call::LinearRegression,
        "ridge" => Call::Ridge,
        "ridge_cv" => Call::RidgeCv,
        "lasso_path" => Call::LassoPath,
        "mahalanobis" => Call::Mahalanobis,
        "min_cov_det" => Call::MinCovDet,
        _ => return None,
    })
}

/// The response of regressions, as `right_hand_side` of `python_worker.py` makes it.
pub(crate) fn prepare(options: &Value, input: &mut Input) -> Outcome<()> {
    if let Some(informative) = options["informative"].as_u64() {
        let informative = usize::try_from(informative)?;
        let signal = input.matrix.slice(s![.., ..informative]).dot(&probe(informative));
        input.right_hand_side = signal + 3.0 * &input.right_hand_side;
    }
    Ok(())
}

pub(crate) fn run(call: &Call, Input { matrix: x, right_hand_side: y }: &Input) -> Outcome<Fitted> {
    Ok(match call {
        Call::LinearRegression => Fitted::LinearRegression(LinearRegression::params().fit(x, y)?),
        Call::Ridge => Fitted::Ridge(Ridge::params().fit(x, y)?),
        Call::RidgeCv => Fitted::RidgeCv(RidgeCv::params().fit(x, y)?),
        Call::LassoPath => Fitted::LassoPath(Lasso::params().path(x, y, &Alphas::default())?),
        Call::Mahalanobis => {
            let covariance = EmpiricalCovariance::params().fit(x)?;
            Fitted::Distances(covariance.mahalanobis()?.squared_distances(x)?)
        }
        Call::MinCovDet => Fitted::MinCovDet(Box::new(MinCovDet::params().fit(x)?)),
    })
}

pub(crate) fn digest(fitted: &Fitted) -> Outcome<Digest> {
    Ok(match fitted {
        Fitted::LinearRegression(model) => linear(model.coefficients(), model.intercept()),
        Fitted::Ridge(model) => linear(model.coefficients(), model.intercept()),
        Fitted::RidgeCv(model) => {
            linear(model.coefficients(), model.intercept()).put("alpha", [model.alpha()])
        }
        Fitted::LassoPath(path) => {
            let features = path.first().map_or(0, |model| model.n_features());
            let coefficients =
                (0..features).flat_map(|feature| path.iter().map(move |model| model.coefficients()[feature]));
            Digest::default()
                .put("alphas", path.iter().map(|model| model.alpha()))
                .put("coefficients", coefficients)
        }
        Fitted::Distances(distances) => Digest::default().put("distances", distances.iter().copied()),
        Fitted::MinCovDet(model) => robust(model)?,
    })
}

/// The location beside a one, in units of the deviations, which is what its error is a share of.
fn robust(model: &MinCovDet<f64>) -> Outcome<Digest> {
    let deviations = model.covariance().diag().mapv(f64::sqrt);
    let raw = Cholesky::new(&model.raw_covariance())?;
    Ok(Digest::default()
        .put("one_and_location", 1.0 + &model.location() / &deviations)
        .put("covariance", model.covariance().iter().copied())
        .put("raw_log_determinant", [raw.log_determinant()]))
}

fn linear(coefficients: ArrayView1<f64>, intercept: f64) -> Digest {
    Digest::default().put("coefficients", coefficients.iter().copied()).put("intercept", [intercept])
}
