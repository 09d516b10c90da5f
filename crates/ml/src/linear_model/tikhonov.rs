//! Tikhonov regularization in general form: a penalty on what a linear operator makes of the coefficients.
//!
//! `‖y − X b‖² + α ‖L b‖²`. With the identity for L it is [ridge regression](super::Ridge); differences of neighbours for L
//! make the coefficients smooth, and let what they leave alone, a constant, go unpenalized.
//!
//! A dense L is stacked below the centred features, and the whole solved by least squares, by QR or by the singular values
//! as the condition demands ([`lstsq`]). A [`LinearOperator`] is multiplied with only, by LSQR.

use std::ops::Deref;

use lapwing_iterative::{Centred, LinearOperator, Lsqr};
use lapwing_lapack::least_squares::lstsq;
use lapwing_lapack::{Error as LapackError, Scalar, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef, ArrayRef2, Axis, Ix1, concatenate, s};

use super::centred_system::CentredSystem;
use super::predictor::{LinearPredictor, StoredPredictor};
use super::regression::{Intercept, Regression, check_extents, check_targets};
use super::ridge::check_penalty;
use super::targets::Targets;
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::stored::{Format, StoredError};

const METHOD: &str = "Tikhonov regularization";

/// A fitted Tikhonov regularization, which dereferences to its [`LinearPredictor`].
///
/// ```
/// use lapwing_ml::Tikhonov;
/// use lapwing_ml::linear_model::Intercept;
/// use ndarray::{Array1, Array2};
/// // Four of nine values are seen; second differences of zero put the others on a line.
/// let seen = [0, 3, 5, 8];
/// let x = Array2::from_shape_fn((4, 9), |(i, j)| if seen[i] == j { 1.0 } else { 0.0 });
/// let y = Array1::from_shape_fn(4, |i| 2.0 * seen[i] as f64 + 1.0);
/// let second = Array2::from_shape_fn((7, 9), |(i, j)| match j.checked_sub(i) {
///     Some(0 | 2) => 1.0,
///     Some(1) => -2.0,
///     _ => 0.0,
/// });
/// let smooth = Tikhonov::params().intercept(Intercept::Zero).fit(&x, &y, &second)?;
/// assert!((smooth.coefficients()[4] - 9.0f64).abs() < 1e-10);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Stored<T>", into = "Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct Tikhonov<T: Scalar, D: Targets = Ix1> {
    predictor: LinearPredictor<T, D>,
    iterations: Vec<usize>,
}

/// The choices of a Tikhonov regularization. Made by [`Tikhonov::params`].
#[derive(Clone, Copy, Debug)]
pub struct TikhonovParams {
    alpha: f64,
    intercept: Intercept,
    tolerance: f64,
    max_iterations: Option<usize>,
}

impl Default for TikhonovParams {
    fn default() -> Self {
        Self { alpha: 1.0, intercept: Intercept::Fitted, tolerance: 1e-6, max_iterations: None }
    }
}

impl Tikhonov<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> TikhonovParams {
        TikhonovParams::default()
    }
}

impl<T: Scalar, D: Targets> Tikhonov<T, D> {
    /// How many iterations each target took; empty for a dense operator.
    pub fn iterations(&self) -> &[usize] {
        &self.iterations
    }
}

impl<T: Scalar, D: Targets> Deref for Tikhonov<T, D> {
    type Target = LinearPredictor<T, D>;

    fn deref(&self) -> &Self::Target {
        &self.predictor
    }
}

impl TikhonovParams {
    /// The penalty α, at least 0. Default: 1.
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    /// Whether an intercept is fitted. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// Both of LSQR's tolerances. Default: 1e-6.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// LSQR's most iterations for each target. Default: ten times the number of features, or fewer where there are fewer
    /// rows.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = Some(iterations);
        self
    }

    /// Fits `y` (n, or n x t) on `x` (n x p), with the penalty on `operator` (l x p) times the coefficients: about
    /// 2 (n + l) p² operations, on a copy of both.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `RankDeficient` when some coefficients are seen neither by `x` (centred, with an intercept) nor
    /// by `operator`, to rounding; [`Error::TooFewSamples`] for none; [`Error::NoFeatures`]; [`Error::InvalidParameter`] for
    /// a penalty that is negative or not finite; [`Error::Lapack`] with `NonFinite`, `Shape`, `Overflow` or `OutOfMemory`.
    pub fn fit<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        operator: &ArrayRef2<T>,
    ) -> Result<Tikhonov<T, D>, Error> {
        let data = Regression::new(METHOD, x, y, None, self.intercept)?;
        check_penalty("alpha", self.alpha)?;
        check_columns(operator.ncols(), x.ncols())?;
        require_finite("operator", operator)?;
        let CentredSystem { x, y, x_mean, y_mean } = CentredSystem::new(&data)?;
        let root = self.alpha.sqrt();
        let stacked = concatenate![Axis(0), x, operator.mapv(|entry| root * entry.as_f64())];
        let targets = concatenate![Axis(0), y, zeros(operator.nrows(), y.ncols())?];
        let fit = lstsq(&stacked, &targets)?;
        if fit.rank() < x.ncols() {
            let (rank, needed) = (fit.rank(), x.ncols());
            let argument = "the features above the operator times the root of alpha";
            return Err(LapackError::RankDeficient { argument, rank, needed }.into());
        }
        let coefficients = fit.into_solution().reversed_axes();
        let predictor = LinearPredictor::new(&coefficients, x_mean, y_mean)?;
        Ok(Tikhonov { predictor, iterations: Vec::new() })
    }

    /// The same for an operator (l x p) that is known by its products, and data (n x p) that is dense or sparse: two
    /// products with each an iteration. Among coefficients that neither sees, the answer is the shortest.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), without `RankDeficient`; [`Error::Iteration`] when LSQR has not converged.
    pub fn fit_operator<T: Scalar, D: Targets, X: DataMatrix<T> + ?Sized, L: LinearOperator<T> + ?Sized>(
        &self,
        x: &X,
        y: &ArrayRef<T, D>,
        operator: &L,
    ) -> Result<Tikhonov<T, D>, Error> {
        let y_columns = D::as_columns(y);
        let (rows, features) = x.dimensions();
        check_extents(METHOD, (rows, features), y_columns.ncols())?;
        check_targets(rows, y)?;
        check_penalty("alpha", self.alpha)?;
        check_columns(operator.dimensions().1, features)?;
        x.require_finite_entries("x")?;
        let (x_mean, y_mean) = match self.intercept {
            Intercept::Zero => (Array1::zeros(features), Array1::zeros(y_columns.ncols())),
            Intercept::Fitted => {
                let y = y_columns.mapv(|entry| entry.as_f64() / rows as f64);
                (x.column_moments("x")?.mean, y.sum_axis(Axis(0)))
            }
        };
        let rounded = x_mean.mapv(T::from_f64);
        let root = T::from_f64(self.alpha.sqrt());
        let stacked = Stacked { above: Centred::new(x, &rounded)?, below: operator, root };
        let mut coefficients = zeros(y_columns.ncols(), features)?;
        let mut iterations = Vec::new();
        for ((column, mean), mut row) in
            y_columns.columns().into_iter().zip(&y_mean).zip(coefficients.outer_iter_mut())
        {
            let mut target = Array1::zeros(stacked.dimensions().0);
            let centred = column.iter().map(|y| T::from_f64(y.as_f64() - mean));
            target.iter_mut().zip(centred).for_each(|(entry, y)| *entry = y);
            let mut params = Lsqr::params()
                .matrix_tolerance(self.tolerance)
                .right_hand_side_tolerance(self.tolerance)
                .condition_limit(f64::INFINITY);
            if let Some(most) = self.max_iterations {
                params = params.max_iterations(most);
            }
            let solution = params.solve(&stacked, &target)?;
            row.assign(&solution.x().mapv(T::as_f64));
            iterations.push(solution.iterations());
        }
        Ok(Tikhonov { predictor: LinearPredictor::new(&coefficients, x_mean, y_mean)?, iterations })
    }
}

fn check_columns(found: usize, expected: usize) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    let (argument, extent, reason) = ("operator", "columns", "one for each feature");
    Err(LapackError::Shape { argument, extent, found, expected, reason }.into())
}

/// Two operators, the second times a number, one above the other.
struct Stacked<T, A, B> {
    above: A,
    below: B,
    root: T,
}

impl<T: Scalar, A: LinearOperator<T>, B: LinearOperator<T>> LinearOperator<T> for Stacked<T, A, B> {
    fn dimensions(&self) -> (usize, usize) {
        let (rows, columns) = self.above.dimensions();
        (rows + self.below.dimensions().0, columns)
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), LapackError> {
        let rows = self.above.dimensions().0;
        let (mut above, mut below) = result.view_mut().split_at(Axis(0), rows);
        self.above.apply_into(x, &mut above)?;
        self.below.apply_into(x, &mut below)?;
        below.mapv_inplace(|entry| entry * self.root);
        Ok(())
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), LapackError> {
        let rows = self.above.dimensions().0;
        self.above.apply_transposed_into(&y.slice(s![..rows, ..]), result)?;
        let below: Array2<T> = self.below.apply_transposed(&y.slice(s![rows.., ..]))?;
        result.view_mut().scaled_add(self.root, &below);
        Ok(())
    }
}

const FORMAT: Format = Format { model: METHOD, name: "lapwing.tikhonov", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
struct Stored<T> {
    format: String,
    version: u32,
    iterations: Vec<usize>,
    #[serde(flatten)]
    predictor: StoredPredictor<T>,
}

impl<T: Scalar, D: Targets> From<Tikhonov<T, D>> for Stored<T> {
    fn from(model: Tikhonov<T, D>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            iterations: model.iterations,
            predictor: model.predictor.into(),
        }
    }
}

impl<T: Scalar, D: Targets> TryFrom<Stored<T>> for Tikhonov<T, D> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        Ok(Self { predictor: stored.predictor.try_into()?, iterations: stored.iterations })
    }
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::standard_normal;
    use ndarray::{Ix2, array};

    use super::*;
    use crate::linear_model::ridge::Ridge;

    fn data(rows: usize, columns: usize) -> (Array2<f64>, Array2<f64>) {
        let x = standard_normal(rows, columns, 1) + 3.0;
        let y = x.dot(&standard_normal(columns, 2, 2)) + standard_normal(rows, 2, 3) + 5.0;
        (x, y)
    }

    fn near(found: &ArrayRef2<f64>, expected: &ArrayRef2<f64>, bound: f64) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < bound), "{found:?} {expected:?}");
    }

    #[test]
    fn the_identity_gives_ridge_regression() {
        for (rows, columns) in [(30, 4), (4, 10)] {
            let (x, y) = data(rows, columns);
            let identity = Array2::eye(columns);
            let ridge = Ridge::params().alpha(0.7).fit(&x, &y).unwrap();
            let params = Tikhonov::params().alpha(0.7).tolerance(1e-14).max_iterations(1000);
            near(&params.fit(&x, &y, &identity).unwrap().coefficients(), &ridge.coefficients(), 1e-10);
            let iterated = params.fit_operator(&*x, &y, &*identity).unwrap();
            near(&iterated.coefficients(), &ridge.coefficients(), 1e-9);
            assert_eq!(iterated.iterations().len(), 2);
        }
    }

    /// `Xᵀ(y − X b) = α LᵀL b`, where nothing is centred.
    #[test]
    fn the_equations_of_the_objective_hold() {
        let (x, y) = data(3, 6);
        let operator = standard_normal(4, 6, 9);
        let params = Tikhonov::params().alpha(0.3).intercept(Intercept::Zero);
        let model = params.fit(&x, &y, &operator).unwrap();
        let b = model.coefficients().t().to_owned();
        let gradient = x.t().dot(&(&y - &x.dot(&b))) - operator.t().dot(&operator.dot(&b)) * 0.3;
        assert!(gradient.iter().all(|g| g.abs() < 1e-10));
    }

    #[test]
    fn coefficients_that_nothing_sees_are_an_error() {
        let y = array![1.0, 2.0, 4.0];
        let x = array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.0]];
        let operator = array![[1.0, -1.0, 0.0]];
        let refused = Tikhonov::params().intercept(Intercept::Zero).fit(&x, &y, &operator);
        let expected = Err(Error::Lapack(LapackError::RankDeficient {
            argument: "the features above the operator times the root of alpha",
            rank: 2,
            needed: 3,
        }));
        assert_eq!(refused.map(|_| ()), expected);
        let params = Tikhonov::params();
        assert!(
            params.fit(&x, &y, &array![[1.0]]).unwrap_err().to_string().contains("operator has 1 columns")
        );
        assert!(params.alpha(-1.0).fit(&x, &y, &operator).unwrap_err().to_string().contains("alpha is -1"));
        let nan = params.fit(&x, &y, &array![[f64::NAN, 0.0, 0.0]]).unwrap_err();
        assert!(nan.to_string().starts_with("operator[0, 0]"));
    }

    #[test]
    fn a_model_survives_storage() {
        let (x, y) = data(20, 3);
        let model = Tikhonov::params().fit(&x, &y, &Array2::eye(3)).unwrap();
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<Tikhonov<f64, Ix2>>(&text).unwrap(), model);
        assert!(serde_json::from_str::<Tikhonov<f64, Ix2>>(&text.replace("tikhonov", "ridge")).is_err());
    }
}
