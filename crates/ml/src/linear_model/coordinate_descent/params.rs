//! What the caller of an elastic net chooses.

use std::ops::Deref;

use lapwing_iterative::sprs::{CsMatBase, SpIndex};
use lapwing_lapack::Scalar;
use ndarray::{ArrayRef, ArrayRef1, ArrayRef2};

use super::ElasticNet;
use super::design::Design;
use super::path::Alphas;
use crate::error::{Error, FitError};
use crate::linear_model::regression::Intercept;
use crate::linear_model::targets::Targets;

/// Which signs coefficients may have. scikit-learn's `positive`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CoefficientSign {
    /// Both.
    #[default]
    Any,
    /// They are positive or zero.
    NonNegative,
}

/// In which order coordinates are visited. scikit-learn's `selection`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Selection {
    /// One after the other.
    #[default]
    Cyclic,
    /// Each at random, by this seed.
    Random(u64),
}

/// What a descent keeps up to date. scikit-learn's `precompute`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Updates {
    /// `Covariance` for dense data with more samples than features; otherwise `Residual`.
    #[default]
    Auto,
    /// The products of residual and features, by their p x p Gram matrix, which one pass over the data makes. Gaps are right
    /// to the rounding of ‖y‖²: a tolerance below some 10⁻¹³ may not be reached.
    Covariance,
    /// The residual, by the columns of a copy of the data: for tolerances near rounding, and more features than samples.
    Residual,
}

/// The choices of an elastic net. Made by [`ElasticNet::params`], or by [`Lasso::params`](super::Lasso::params).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElasticNetParams {
    pub(super) alpha: f64,
    pub(super) l1_ratio: f64,
    pub(super) intercept: Intercept,
    pub(super) max_iterations: usize,
    pub(super) tolerance: f64,
    pub(super) sign: CoefficientSign,
    pub(super) selection: Selection,
    pub(super) updates: Updates,
}

impl ElasticNetParams {
    pub(super) fn new(l1_ratio: f64) -> Self {
        Self {
            alpha: 1.0,
            l1_ratio,
            intercept: Intercept::Fitted,
            max_iterations: 1000,
            tolerance: 1e-4,
            sign: CoefficientSign::Any,
            selection: Selection::Cyclic,
            updates: Updates::Auto,
        }
    }

    /// The weight of the penalty, at least 0. Default: 1. With 0, this is a slow way to least squares.
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    /// The share of the penalty on magnitudes, in \[0, 1\]; the rest is on squares. Default: 0.5; 1 for the lasso.
    pub fn l1_ratio(mut self, l1_ratio: f64) -> Self {
        self.l1_ratio = l1_ratio;
        self
    }

    /// Whether there is an intercept. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// How often every coordinate may be visited. Default: 1000.
    pub fn max_iterations(mut self, max_iterations: usize) -> Self {
        self.max_iterations = max_iterations;
        self
    }

    /// The duality gap to end at, as a share of ‖y − ȳ‖². Default: 10⁻⁴.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Which signs coefficients may have. Default: [`CoefficientSign::Any`].
    pub fn sign(mut self, sign: CoefficientSign) -> Self {
        self.sign = sign;
        self
    }

    /// In which order coordinates are visited. Default: [`Selection::Cyclic`].
    pub fn selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// What a descent keeps up to date. Default: [`Updates::Auto`].
    pub fn updates(mut self, updates: Updates) -> Self {
        self.updates = updates;
        self
    }

    /// Fits coefficients of `x` (n x p) to `y` (n, or n x t: one target after the other).
    ///
    /// Cost: with covariance updates n p (p + 2t) once, then at most p² an iteration; with residual updates at most 2np an
    /// iteration.
    ///
    /// # Errors
    /// [`FitError::NotConverged`] with the model that was reached; [`FitError::Refused`] with [`Error::InvalidParameter`],
    /// [`Error::NoFeatures`], [`Error::TooFewSamples`] for no rows, or [`Error::Lapack`] with `Shape`, `NonFinite`,
    /// `OutOfMemory` or `Overflow`.
    pub fn fit<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
    ) -> Result<ElasticNet<T, D>, FitError<ElasticNet<T, D>>> {
        self.check()?;
        self.fit_design(&Design::dense(x, y, None, self)?)
    }

    /// The same with a weight for each sample, n. Only their ratios matter.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for weights that are negative, not finite or all zero.
    pub fn fit_weighted<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<ElasticNet<T, D>, FitError<ElasticNet<T, D>>> {
        self.check()?;
        self.fit_design(&Design::dense(x, y, Some(weights), self)?)
    }

    /// The same for a CSR or CSC matrix, by residual updates of a copy of its entries, centred implicitly; `weights` may be
    /// none.
    ///
    /// # Errors
    /// As [`fit_weighted`](Self::fit_weighted).
    pub fn fit_sparse<T, D, I, Pointers, Indices, Data, Pointer>(
        &self,
        x: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<ElasticNet<T, D>, FitError<ElasticNet<T, D>>>
    where
        T: Scalar,
        D: Targets,
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        self.check()?;
        self.fit_design(&Design::sparse(x, y, weights, self)?)
    }

    /// The models of `x` (n x p) and one target `y` (n) at each of `alphas`, from the largest penalty down, each descent
    /// beginning where the one before it ended. scikit-learn's `lasso_path` and `enet_path`, around the means unless
    /// [`Intercept::Zero`] is chosen, as theirs are.
    ///
    /// A model that has not converged is a model of the path, and [says so](ElasticNet::has_converged).
    ///
    /// ```
    /// use lapwing_ml::linear_model::{Alphas, Lasso};
    /// use ndarray::{Array1, Array2};
    /// let x = Array2::from_shape_fn((40, 3), |(i, j)| ((i * (2 * j + 3)) % 11) as f64);
    /// let y = Array1::from_shape_fn(40, |i| 3.0 * x[[i, 0]] + ((i * 5) % 7) as f64);
    /// let path = Lasso::params().path(&x, &y, &Alphas::default())?;
    /// assert_eq!(path.len(), 100);
    /// assert!(path[0].coefficients().iter().all(|w| w.abs() < 1e-12));
    /// assert!(path[99].coefficients()[0] > 2.8);
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`FitError::Refused`] of [`fit`](Self::fit); [`Error::InvalidParameter`] for alphas that are negative or not
    /// finite, or that would follow from an `l1_ratio` of 0.
    pub fn path<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef1<T>,
        alphas: &Alphas,
    ) -> Result<Vec<ElasticNet<T>>, Error> {
        self.check()?;
        alphas.check(self.l1_ratio)?;
        let design = Design::dense(x, y, None, self)?;
        let alphas = alphas.of_design(&design, self.l1_ratio, self.sign);
        let descents = design.path(0, &alphas, self.l1_ratio, self);
        descents
            .into_iter()
            .map(|descent| ElasticNet::of_descents(&design, vec![descent], self.l1_ratio))
            .collect()
    }

    pub(super) fn fit_design<T: Scalar, D: Targets>(
        &self,
        design: &Design,
    ) -> Result<ElasticNet<T, D>, FitError<ElasticNet<T, D>>> {
        let targets = 0..design.y_mean().len();
        let descents = targets.flat_map(|t| design.path(t, &[self.alpha], self.l1_ratio, self)).collect();
        ElasticNet::of_descents(design, descents, self.l1_ratio)?.or_not_converged()
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        check_alpha(self.alpha)?;
        check_l1_ratio(self.l1_ratio)?;
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return Err(invalid("tolerance", self.tolerance, "finite and at least 0"));
        }
        if self.max_iterations == 0 {
            return Err(invalid("max_iterations", 0.0, "at least 1"));
        }
        Ok(())
    }
}

pub(super) fn check_alpha(alpha: f64) -> Result<(), Error> {
    if alpha >= 0.0 && alpha.is_finite() {
        Ok(())
    } else {
        Err(invalid("alpha", alpha, "finite and at least 0"))
    }
}

pub(super) fn check_l1_ratio(l1_ratio: f64) -> Result<(), Error> {
    if (0.0..=1.0).contains(&l1_ratio) {
        Ok(())
    } else {
        Err(invalid("l1_ratio", l1_ratio, "between 0 and 1"))
    }
}

pub(super) fn invalid(parameter: &'static str, value: f64, requirement: &str) -> Error {
    Error::InvalidParameter { parameter, value: value.to_string(), requirement: requirement.to_owned() }
}
