//! What the caller of a cross-validated elastic net chooses.

use std::ops::Deref;

use lapwing_iterative::sprs::{CsMatBase, SpIndex};
use lapwing_lapack::Scalar;
use ndarray::{Array2, Array3, ArrayRef1, ArrayRef2, Axis};

use super::super::design::Design;
use super::super::params::{CoefficientSign, ElasticNetParams, Selection, Updates, check_l1_ratio};
use super::folds::{FoldMoments, Grid, Scores, by_masking};
use super::{Alphas, ElasticNetCv, KFold};
use crate::error::{Error, FitError};
use crate::linear_model::check_weights;
use crate::linear_model::regression::{Intercept, check_targets};
use crate::moments::variance_overflows;

/// The choices of an elastic net with cross-validation. Made by [`ElasticNetCv::params`], or by
/// [`LassoCv::params`](super::LassoCv::params).
#[derive(Clone, Debug, PartialEq)]
pub struct ElasticNetCvParams {
    descent: ElasticNetParams,
    l1_ratios: Vec<f64>,
    alphas: Alphas,
    folds: KFold,
}

type Fit<T> = Result<ElasticNetCv<T>, FitError<ElasticNetCv<T>>>;

impl ElasticNetCvParams {
    pub(super) fn new(l1_ratio: f64) -> Self {
        Self {
            descent: ElasticNetParams::new(l1_ratio),
            l1_ratios: vec![l1_ratio],
            alphas: Alphas::default(),
            folds: KFold::default(),
        }
    }

    /// The shares of the penalty on magnitudes to try, in \[0, 1\]. Default: 0.5 alone; 1 for the lasso.
    pub fn l1_ratios(mut self, l1_ratios: &[f64]) -> Self {
        self.l1_ratios = l1_ratios.to_vec();
        self
    }

    /// The penalties to try. Default: 100 for each of the `l1_ratios`, down to a thousandth of the largest.
    pub fn alphas(mut self, alphas: Alphas) -> Self {
        self.alphas = alphas;
        self
    }

    /// The folds. Default: 5 of consecutive rows.
    pub fn folds(mut self, folds: KFold) -> Self {
        self.folds = folds;
        self
    }

    /// Whether there is an intercept. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.descent = self.descent.intercept(intercept);
        self
    }

    /// How often every coordinate may be visited in each descent. Default: 1000.
    pub fn max_iterations(mut self, max_iterations: usize) -> Self {
        self.descent = self.descent.max_iterations(max_iterations);
        self
    }

    /// The duality gap to end at, as a share of ‖y − ȳ‖². Default: 10⁻⁴.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.descent = self.descent.tolerance(tolerance);
        self
    }

    /// Which signs coefficients may have. Default: [`CoefficientSign::Any`].
    pub fn sign(mut self, sign: CoefficientSign) -> Self {
        self.descent = self.descent.sign(sign);
        self
    }

    /// In which order coordinates are visited. Default: [`Selection::Cyclic`].
    pub fn selection(mut self, selection: Selection) -> Self {
        self.descent = self.descent.selection(selection);
        self
    }

    /// What a descent keeps up to date. Default: [`Updates::Auto`].
    pub fn updates(mut self, updates: Updates) -> Self {
        self.descent = self.descent.updates(updates);
        self
    }

    /// Chooses among the penalties by their errors on what was left out of the rows of `x` (n x p) and `y` (n), and fits all
    /// rows with the best: that with the least mean of the folds' mean squared errors, the first of them on a tie.
    ///
    /// Cost: with covariance updates one pass over the data, and a path of at most p² an iteration for each fold, the folds
    /// in parallel; with residual updates a pass over all the data for each iteration of each fold.
    ///
    /// # Errors
    /// [`FitError::NotConverged`] with the model, when the last fit, to all rows, has not converged; [`FitError::Refused`] as
    /// in [`ElasticNetParams::path`], and with [`Error::TooFewSamples`] for more folds than rows.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>, y: &ArrayRef1<T>) -> Fit<T> {
        self.fit_dense(x, y, None)
    }

    /// The same with a weight for each sample, n, in the fits and in the errors.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for weights that are negative, not finite, or all zero in a fold or
    /// in the others.
    pub fn fit_weighted<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef1<T>,
        weights: &ArrayRef1<T>,
    ) -> Fit<T> {
        self.fit_dense(x, y, Some(weights))
    }

    /// The same for a CSR or CSC matrix; `weights` may be none.
    ///
    /// # Errors
    /// As [`fit_weighted`](Self::fit_weighted).
    pub fn fit_sparse<T, I, Pointers, Indices, Data, Pointer>(
        &self,
        x: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
        y: &ArrayRef1<T>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Fit<T>
    where
        T: Scalar,
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        self.check()?;
        let design = Design::sparse(x, y, weights, &self.descent)?;
        let grid = self.grid(&design);
        let scores = by_masking(x, y, weights, self.folds, &grid, &self.descent, |weights| {
            Design::sparse(x, y, Some(weights), &self.descent)
        })?;
        self.choose(&design, grid, scores)
    }

    fn fit_dense<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef1<T>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Fit<T> {
        self.check()?;
        if x.ncols() > 0 && self.descent.updates.by_covariance(x.dim()) {
            check_targets(x.nrows(), y)?;
            weights.map(|weights| check_weights(weights, x.nrows())).transpose()?;
            let moments = FoldMoments::new(x, y, weights, self.folds, self.descent.intercept)?;
            let design = Design::from_moments(moments.total());
            let grid = self.grid(&design);
            let scores = moments.score(&grid, &self.descent);
            return self.choose(&design, grid, scores);
        }
        let design = Design::dense(x, y, weights, &self.descent)?;
        let grid = self.grid(&design);
        let scores = by_masking(x, y, weights, self.folds, &grid, &self.descent, |weights| {
            Design::dense(x, y, Some(weights), &self.descent)
        })?;
        self.choose(&design, grid, scores)
    }

    fn check(&self) -> Result<(), Error> {
        self.descent.check()?;
        if self.l1_ratios.is_empty() {
            return Err(Error::InvalidParameter {
                parameter: "l1_ratios",
                value: "empty".to_owned(),
                requirement: "at least one number".to_owned(),
            });
        }
        for &l1_ratio in &self.l1_ratios {
            check_l1_ratio(l1_ratio)?;
            self.alphas.check(l1_ratio)?;
        }
        Ok(())
    }

    fn grid(&self, design: &Design) -> Grid {
        let alphas = |&l1_ratio: &f64| self.alphas.of_design(design, l1_ratio, self.descent.sign);
        Grid { l1_ratios: self.l1_ratios.clone(), alphas: self.l1_ratios.iter().map(alphas).collect() }
    }

    /// The model of all rows with the best penalty of the grid.
    fn choose<T: Scalar>(&self, design: &Design, grid: Grid, scores: Scores) -> Fit<T> {
        let Scores { errors, unconverged } = scores;
        if !errors.iter().all(|error| error.is_finite()) {
            return Err(variance_overflows().into());
        }
        let mut best = (f64::INFINITY, 0, 0);
        let means = errors.sum_axis(Axis(2)) / errors.dim().2 as f64;
        for ((ratio, alpha), &error) in means.indexed_iter() {
            if error < best.0 {
                best = (error, ratio, alpha);
            }
        }
        let (l1_ratio, alpha) = (grid.l1_ratios[best.1], grid.alphas[best.1][best.2]);
        let (alphas, l1_ratios) = (grid.matrix(), grid.l1_ratios);
        let with = |model| ElasticNetCv { model, l1_ratios, alphas, errors, unconverged };
        match self.descent.l1_ratio(l1_ratio).alpha(alpha).fit_design(design) {
            Ok(model) => Ok(with(model)),
            Err(FitError::Refused(error)) => Err(FitError::Refused(error)),
            Err(FitError::NotConverged { method, iterations, residual, tolerance, best }) => {
                let best = Box::new(with(*best));
                Err(FitError::NotConverged { method, iterations, residual, tolerance, best })
            }
        }
    }
}

impl Grid {
    fn matrix(&self) -> Array2<f64> {
        let count = self.alphas.first().map_or(0, Vec::len);
        Array2::from_shape_fn((self.alphas.len(), count), |(ratio, alpha)| self.alphas[ratio][alpha])
    }

    /// Room for an error for each penalty and fold.
    pub(super) fn errors(&self, folds: usize) -> Array3<f64> {
        Array3::zeros((self.alphas.len(), self.alphas.first().map_or(0, Vec::len), folds))
    }
}
