//! Bayesian ridge regression: a ridge regression that reads its own penalty from the data.
//!
//! The semantics are those of scikit-learn's `sklearn.linear_model.BayesianRidge` (MacKay, "Bayesian interpolation", 1992;
//! Tipping, 2001): coefficients are normal with precision λ, the noise with precision α, both with gamma priors, and both
//! precisions are moved up the marginal likelihood until the coefficients rest. The penalty is λ / α. Differences:
//!
//! - One eigendecomposition, of the products of the features or, where these outnumber the samples, of the rows, instead of
//!   a singular value decomposition; an iteration costs O(p min(n, p)).
//! - `scores` are always there: they cost nothing beside the rest. The last is that of the coefficients returned, where
//!   scikit-learn's takes the residuals of these and the length of those before.
//! - Where the noise vanishes and the priors let its precision be infinite, that is an error.

mod evidence;
mod persistence;
#[cfg(test)]
mod tests;

use std::ops::Deref;

use lapwing_lapack::{Scalar, kernel};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, Axis, Ix1};

use self::evidence::Evidence;
use super::predictor::LinearPredictor;
use super::regression::{Intercept, Regression};
use crate::error::Error;
use crate::row_blocks::map_centred;

/// A fitted Bayesian ridge regression, which dereferences to its [`LinearPredictor`].
///
/// ```
/// use lapwing_ml::BayesianRidge;
/// use ndarray::{Array1, array};
/// let x = array![[0.0], [1.0], [2.0], [3.0], [4.0]];
/// let y = array![0.1, 0.9, 2.1, 2.9, 4.0];
/// let model = BayesianRidge::params().fit(&x, &y)?;
/// let (mean, deviation): (Array1<f64>, Array1<f64>) = model.predict_with_deviation(&array![[2.0], [40.0]])?;
/// assert!((mean[0] - 2.0).abs() < 0.1 && deviation[0] < 0.2);
/// // Far from the data, the slope's own uncertainty shows.
/// assert!(deviation[1] > deviation[0]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct BayesianRidge<T: Scalar> {
    predictor: LinearPredictor<T, Ix1>,
    alpha: f64,
    lambda: f64,
    sigma: Array2<f64>,
    centre: Array1<f64>,
    scores: Array1<f64>,
    converged: bool,
}

/// The choices of a Bayesian ridge regression. Made by [`BayesianRidge::params`].
#[derive(Clone, Copy, Debug)]
pub struct BayesianRidgeParams {
    intercept: Intercept,
    max_iterations: usize,
    tolerance: f64,
    alpha_1: f64,
    alpha_2: f64,
    lambda_1: f64,
    lambda_2: f64,
    alpha_init: Option<f64>,
    lambda_init: f64,
}

impl Default for BayesianRidgeParams {
    fn default() -> Self {
        Self {
            intercept: Intercept::Fitted,
            max_iterations: 300,
            tolerance: 1e-3,
            alpha_1: 1e-6,
            alpha_2: 1e-6,
            lambda_1: 1e-6,
            lambda_2: 1e-6,
            alpha_init: None,
            lambda_init: 1.0,
        }
    }
}

impl BayesianRidge<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> BayesianRidgeParams {
        BayesianRidgeParams::default()
    }
}

impl<T: Scalar> BayesianRidge<T> {
    /// The estimated precision of the noise.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The estimated precision of the coefficients.
    pub fn lambda(&self) -> f64 {
        self.lambda
    }

    /// The posterior covariance of the coefficients, p x p.
    pub fn sigma(&self) -> ArrayView2<'_, f64> {
        self.sigma.view()
    }

    /// The logarithm of the marginal likelihood before each iteration, and of the result.
    pub fn scores(&self) -> ArrayView1<'_, f64> {
        self.scores.view()
    }

    /// How many iterations were made.
    pub fn iterations(&self) -> usize {
        self.scores.len() - 1
    }

    /// Whether the coefficients came to rest within the allowed iterations.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// The mean and the standard deviation of what is predicted for each row of `x` (n x p), noise included.
    ///
    /// # Errors
    /// As [`predict`](LinearPredictor::predict).
    pub fn predict_with_deviation(&self, x: &ArrayRef2<T>) -> Result<(Array1<T>, Array1<T>), Error> {
        let mean = self.predict(x)?;
        let mut spread = Array2::<f64>::zeros((x.nrows(), 1));
        map_centred(x, &self.centre, &mut spread, |block: &ArrayRef2<f64>, mut rows| {
            let mut product = Array2::zeros(block.dim());
            kernel::gemm(1.0, block, &self.sigma, 0.0, &mut product)?;
            product *= &block.view();
            rows.assign(&product.sum_axis(Axis(1)).insert_axis(Axis(1)));
            Ok(())
        })?;
        // Rounding may leave a variance of zero below it.
        let deviation =
            spread.column(0).mapv(|variance| T::from_f64((variance.max(0.0) + 1.0 / self.alpha).sqrt()));
        if deviation.iter().all(|deviation| deviation.is_finite()) {
            return Ok((mean, deviation));
        }
        Err(lapwing_lapack::Error::Overflow { routine: "predict_with_deviation", scalar: T::NAME }.into())
    }
}

impl<T: Scalar> Deref for BayesianRidge<T> {
    type Target = LinearPredictor<T, Ix1>;

    fn deref(&self) -> &Self::Target {
        &self.predictor
    }
}

impl BayesianRidgeParams {
    /// Whether an intercept is fitted. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// The most iterations, at least 1. Default: 300. Where they are used up, the model is the last one, and
    /// [`converged`](BayesianRidge::converged) says so.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = iterations;
        self
    }

    /// The sum of the coefficients' changes below which they rest. Default: 1e-3.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Shape and rate of the gamma prior of the noise's precision. Default: 1e-6 each. scikit-learn's `alpha_1`, `alpha_2`.
    pub fn noise_prior(mut self, shape: f64, rate: f64) -> Self {
        (self.alpha_1, self.alpha_2) = (shape, rate);
        self
    }

    /// Shape and rate of the gamma prior of the coefficients' precision. Default: 1e-6 each. scikit-learn's `lambda_1`,
    /// `lambda_2`.
    pub fn coefficient_prior(mut self, shape: f64, rate: f64) -> Self {
        (self.lambda_1, self.lambda_2) = (shape, rate);
        self
    }

    /// The noise's precision to begin with. Default: 1 / (variance of y + 2⁻⁵²).
    pub fn alpha_init(mut self, alpha: f64) -> Self {
        self.alpha_init = Some(alpha);
        self
    }

    /// The coefficients' precision to begin with. Default: 1.
    pub fn lambda_init(mut self, lambda: f64) -> Self {
        self.lambda_init = lambda;
        self
    }

    /// Fits `y` (n) on `x` (n x p).
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for none; [`Error::NoFeatures`]; [`Error::InvalidParameter`] for a prior that is negative, an
    /// initial precision that is not positive, no iterations, or priors of rate 0 where the data leaves a precision
    /// infinite; [`Error::Lapack`] with `NonFinite`, `Shape` for lengths that differ, `Overflow` or `OutOfMemory`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>, y: &ArrayRef1<T>) -> Result<BayesianRidge<T>, Error> {
        self.fit_rows(x, y, None)
    }

    /// The same with a weight for each sample (n), not negative.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for a negative weight, or none that is positive.
    pub fn fit_weighted<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef1<T>,
        weights: &ArrayRef1<T>,
    ) -> Result<BayesianRidge<T>, Error> {
        self.fit_rows(x, y, Some(weights))
    }

    fn fit_rows<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef1<T>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<BayesianRidge<T>, Error> {
        let data = Regression::new::<Ix1>("Bayesian ridge regression", x, y, weights, self.intercept)?;
        self.check()?;
        let evidence = Evidence::new(&data)?;
        let mut lambda = self.lambda_init;
        let mut alpha = self.alpha_init.unwrap_or(1.0 / (evidence.variance + f64::EPSILON));
        let (mut scores, mut last) = (Vec::new(), None);
        let mut converged = false;
        for _ in 0..self.max_iterations {
            let fit = evidence.fit(lambda / alpha);
            scores.push(self.score(&evidence, &fit, alpha, lambda));
            let (more_alpha, more_lambda) = self.precisions(&evidence, &fit, alpha, lambda)?;
            (alpha, lambda) = (more_alpha, more_lambda);
            let coefficients = evidence.axes.dot(&fit.coordinates);
            converged = last.is_some_and(|last: Array1<f64>| {
                (&last - &coefficients).mapv(f64::abs).sum() < self.tolerance
            });
            if converged {
                break;
            }
            last = Some(coefficients);
        }
        let fit = evidence.fit(lambda / alpha);
        scores.push(self.score(&evidence, &fit, alpha, lambda));
        let coefficients = evidence.axes.dot(&fit.coordinates).insert_axis(Axis(0));
        let sigma = evidence.posterior_covariance(alpha, lambda)?;
        let scores = Array1::from(scores);
        if !(sigma.iter().chain(&scores).all(|number| number.is_finite())) {
            return Err(crate::moments::variance_overflows());
        }
        let centre = evidence.x_mean.clone();
        let predictor = LinearPredictor::new(&coefficients, evidence.x_mean, evidence.y_mean)?;
        Ok(BayesianRidge { predictor, alpha, lambda, sigma, centre, scores, converged })
    }

    /// The next precisions, of the noise and of the coefficients.
    fn precisions(
        &self,
        evidence: &Evidence,
        fit: &evidence::Fit,
        alpha: f64,
        lambda: f64,
    ) -> Result<(f64, f64), Error> {
        let determined = evidence.determined_parameters(alpha, lambda);
        let next_lambda = (determined + 2.0 * self.lambda_1) / (fit.square + 2.0 * self.lambda_2);
        let next_alpha = (evidence.weight - determined + 2.0 * self.alpha_1)
            / (fit.squared_residuals + 2.0 * self.alpha_2);
        for (parameter, precision) in [("noise_prior", next_alpha), ("coefficient_prior", next_lambda)] {
            if !(precision.is_finite() && precision > 0.0) {
                let requirement =
                    "of positive shape and rate, where the data leaves a precision zero or infinite"
                        .to_owned();
                let value = format!("such that a precision is {precision}");
                return Err(Error::InvalidParameter { parameter, value, requirement });
            }
        }
        Ok((next_alpha, next_lambda))
    }

    /// The logarithm of the marginal likelihood.
    fn score(&self, evidence: &Evidence, fit: &evidence::Fit, alpha: f64, lambda: f64) -> f64 {
        let priors = self.lambda_1 * lambda.ln() - self.lambda_2 * lambda + self.alpha_1 * alpha.ln()
            - self.alpha_2 * alpha;
        let features = evidence.axes.nrows() as f64;
        let likelihood = features * lambda.ln() + evidence.weight * (alpha / std::f64::consts::TAU).ln()
            - alpha * fit.squared_residuals
            - lambda * fit.square
            - evidence.log_determinant(alpha, lambda);
        priors + 0.5 * likelihood
    }

    fn check(&self) -> Result<(), Error> {
        let refused = |parameter, value: f64, requirement: &str| {
            Err(Error::InvalidParameter {
                parameter,
                value: value.to_string(),
                requirement: requirement.to_owned(),
            })
        };
        for (parameter, value) in [
            ("noise_prior", self.alpha_1),
            ("noise_prior", self.alpha_2),
            ("coefficient_prior", self.lambda_1),
            ("coefficient_prior", self.lambda_2),
            ("tolerance", self.tolerance),
        ] {
            if !(value.is_finite() && value >= 0.0) {
                return refused(parameter, value, "finite and at least 0");
            }
        }
        for (parameter, value) in
            [("alpha_init", self.alpha_init.unwrap_or(1.0)), ("lambda_init", self.lambda_init)]
        {
            if !(value.is_finite() && value > 0.0) {
                return refused(parameter, value, "finite and greater than 0");
            }
        }
        if self.max_iterations == 0 {
            return refused("max_iterations", 0.0, "at least 1");
        }
        Ok(())
    }
}
