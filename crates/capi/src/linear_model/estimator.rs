//! The estimators behind a linear model: which one it is, and what all of them can do.

use lapwing_lapack::Scalar;
use lapwing_ml::linear_model::{
    BayesianRidge, ElasticNet, ElasticNetCv, LinearPredictor, LinearRegression, Ridge, RidgeCv, Tikhonov,
    TotalLeastSquares, TruncatedSvdRegression,
};
use lapwing_ml::{DataMatrix, Error};
use ndarray::{Array1, Array2, ArrayView2, Axis, Ix1, Ix2};

use super::problem::Problem;
use crate::status::{Failure, LAPWING_ERR_ARGUMENT};

/// Least squares: lapwing_linear_regression_fit_f64.
pub const LAPWING_LINEAR_REGRESSION: i32 = 0;
/// Least squares with a penalty on squares: lapwing_ridge_fit_f64.
pub const LAPWING_RIDGE: i32 = 1;
/// The lasso or an elastic net: lapwing_lasso_fit_f64, lapwing_elastic_net_fit_f64.
pub const LAPWING_ELASTIC_NET: i32 = 2;
/// One whose penalty was chosen by cross-validation: lapwing_lasso_cv_fit_f64, lapwing_elastic_net_cv_fit_f64.
pub const LAPWING_ELASTIC_NET_CV: i32 = 3;
/// Ridge regression whose penalty was chosen by cross-validation: lapwing_ridge_cv_fit_f64.
pub const LAPWING_RIDGE_CV: i32 = 4;
/// Ridge regression whose penalty was estimated: lapwing_bayesian_ridge_fit_f64.
pub const LAPWING_BAYESIAN_RIDGE: i32 = 5;
/// Least squares on singular vectors: lapwing_truncated_svd_regression_fit_f64.
pub const LAPWING_TRUNCATED_SVD_REGRESSION: i32 = 6;
/// Least squares with errors in the features: lapwing_total_least_squares_fit_f64.
pub const LAPWING_TOTAL_LEAST_SQUARES: i32 = 7;
/// Least squares with a penalty on an operator times the coefficients: lapwing_tikhonov_fit_f64.
pub const LAPWING_TIKHONOV: i32 = 8;

/// What an estimator fitted. Those for several targets at once are always fitted to a matrix of them.
#[derive(serde::Serialize)]
#[serde(untagged, bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub(crate) enum Estimator<T: Scalar> {
    LinearRegression(LinearRegression<T, Ix2>),
    Ridge(Ridge<T, Ix2>),
    ElasticNet(ElasticNet<T, Ix2>),
    ElasticNetCv(ElasticNetCv<T>),
    RidgeCv(RidgeCv<T, Ix2>),
    BayesianRidge(BayesianRidge<T>),
    TruncatedSvdRegression(TruncatedSvdRegression<T, Ix2>),
    TotalLeastSquares(TotalLeastSquares<T, Ix2>),
    Tikhonov(Tikhonov<T, Ix2>),
}

/// What is behind the opaque type.
#[derive(serde::Serialize)]
#[serde(transparent, bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub(crate) struct LinearModel<T: Scalar> {
    pub(super) estimator: Estimator<T>,
    /// A number for each target, which an estimator of one gives away as a copy, without a place to view.
    #[serde(skip)]
    pub(super) intercept: Array1<T>,
}

impl<T: Scalar> From<Estimator<T>> for LinearModel<T> {
    fn from(estimator: Estimator<T>) -> Self {
        let intercept = match estimator.predictor() {
            Predictor::One(predictor) => Array1::from_elem(1, predictor.intercept()),
            Predictor::Several(predictor) => predictor.intercept().to_owned(),
        };
        Self { estimator, intercept }
    }
}

impl<T: Scalar> LinearModel<T> {
    pub(super) fn predictor(&self) -> Predictor<'_, T> {
        self.estimator.predictor()
    }

    /// The failure to give what this estimator does not have.
    pub(super) fn has_no(&self, what: &str) -> Failure {
        let name = self.estimator.name();
        Failure::new(LAPWING_ERR_ARGUMENT, format!("the model is {name}, which has no {what}"))
    }

    /// The entry of one target.
    pub(super) fn of_target<V: Copy>(&self, what: &str, values: &[V], target: i64) -> Result<V, Failure> {
        self.require_target(target)?;
        // An estimator that did not iterate has no entries.
        usize::try_from(target)
            .ok()
            .and_then(|target| values.get(target))
            .copied()
            .ok_or_else(|| self.has_no(what))
    }

    /// That there is such a target.
    pub(super) fn require_target(&self, target: i64) -> Result<(), Failure> {
        let count = self.predictor().n_targets();
        if usize::try_from(target).is_ok_and(|target| target < count) {
            return Ok(());
        }
        let requirement = format!("at least 0 and less than {count}, the model's targets");
        Err(Error::InvalidParameter { parameter: "target", value: target.to_string(), requirement }.into())
    }
}

impl<T: Scalar> Estimator<T> {
    /// What messages call it.
    fn name(&self) -> &'static str {
        match self {
            Estimator::LinearRegression(_) => "a linear regression",
            Estimator::Ridge(_) => "a ridge regression",
            Estimator::ElasticNet(_) => "an elastic net",
            Estimator::ElasticNetCv(_) => "a cross-validated elastic net",
            Estimator::RidgeCv(_) => "a cross-validated ridge regression",
            Estimator::BayesianRidge(_) => "a Bayesian ridge regression",
            Estimator::TruncatedSvdRegression(_) => "a regression on singular vectors",
            Estimator::TotalLeastSquares(_) => "total least squares",
            Estimator::Tikhonov(_) => "a Tikhonov regularization",
        }
    }

    pub(super) fn constant(&self) -> i32 {
        match self {
            Estimator::LinearRegression(_) => LAPWING_LINEAR_REGRESSION,
            Estimator::Ridge(_) => LAPWING_RIDGE,
            Estimator::ElasticNet(_) => LAPWING_ELASTIC_NET,
            Estimator::ElasticNetCv(_) => LAPWING_ELASTIC_NET_CV,
            Estimator::RidgeCv(_) => LAPWING_RIDGE_CV,
            Estimator::BayesianRidge(_) => LAPWING_BAYESIAN_RIDGE,
            Estimator::TruncatedSvdRegression(_) => LAPWING_TRUNCATED_SVD_REGRESSION,
            Estimator::TotalLeastSquares(_) => LAPWING_TOTAL_LEAST_SQUARES,
            Estimator::Tikhonov(_) => LAPWING_TIKHONOV,
        }
    }

    fn predictor(&self) -> Predictor<'_, T> {
        match self {
            Estimator::LinearRegression(model) => Predictor::Several(model),
            Estimator::Ridge(model) => Predictor::Several(model),
            Estimator::ElasticNet(model) => Predictor::Several(model),
            Estimator::ElasticNetCv(model) => Predictor::One(model),
            Estimator::RidgeCv(model) => Predictor::Several(model),
            Estimator::BayesianRidge(model) => Predictor::One(model),
            Estimator::TruncatedSvdRegression(model) => Predictor::Several(model),
            Estimator::TotalLeastSquares(model) => Predictor::Several(model),
            Estimator::Tikhonov(model) => Predictor::Several(model),
        }
    }
}

/// The predictor of an estimator for one target alone, or for a matrix of them.
pub(super) enum Predictor<'a, T: Scalar> {
    One(&'a LinearPredictor<T, Ix1>),
    Several(&'a LinearPredictor<T, Ix2>),
}

impl<'a, T: Scalar> Predictor<'a, T> {
    /// t x p.
    pub(super) fn coefficients(&self) -> ArrayView2<'a, T> {
        match self {
            Predictor::One(predictor) => predictor.coefficients().insert_axis(Axis(0)),
            Predictor::Several(predictor) => predictor.coefficients(),
        }
    }

    pub(super) fn n_features(&self) -> usize {
        self.coefficients().ncols()
    }

    pub(super) fn n_targets(&self) -> usize {
        self.coefficients().nrows()
    }

    /// m x t.
    pub(super) fn predict<X: DataMatrix<T> + ?Sized>(&self, x: &X) -> Result<Array2<T>, Error> {
        match self {
            Predictor::One(predictor) => Ok(predictor.predict_sparse(x)?.insert_axis(Axis(1))),
            Predictor::Several(predictor) => predictor.predict_sparse(x),
        }
    }

    pub(super) fn score(&self, problem: &Problem<'_, ArrayView2<'_, T>, T>) -> Result<f64, Failure> {
        let Problem { x, y, weights } = problem;
        Ok(match (self, weights) {
            (Predictor::One(predictor), None) => predictor.score(x, &problem.target()?)?,
            (Predictor::One(predictor), Some(weights)) => {
                predictor.score_weighted(x, &problem.target()?, weights)?
            }
            (Predictor::Several(predictor), None) => predictor.score(x, y)?,
            (Predictor::Several(predictor), Some(weights)) => predictor.score_weighted(x, y, weights)?,
        })
    }
}
