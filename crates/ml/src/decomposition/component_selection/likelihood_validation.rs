//! Cross-validation of the likelihood: which number of components makes rows that were left out most likely.

use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis};

use super::super::pca::{Pca, PcaSolver, Whitening, covariance_eigh, full_svd};
use crate::error::Error;
use crate::model_selection::{FoldOrder, KFold, Split};

/// The mean log-likelihood of rows that a PCA with so many components has not seen ([`Pca::score`]), for each of several
/// numbers. More components fit the data that were seen ever better; those that were not, up to a point.
///
/// ```
/// use lapwing_lapack::random::standard_normal;
/// use lapwing_ml::LikelihoodValidation;
/// // Two factors behind eight features.
/// let x = standard_normal(150, 2, 1).dot(&standard_normal(2, 8, 2)) + standard_normal(150, 8, 3) * 0.5;
/// let validation = LikelihoodValidation::params().fit(&x, &[1, 2, 3, 5])?;
/// assert_eq!(validation.n_components(), 2);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LikelihoodValidation {
    candidates: Vec<usize>,
    scores: Array2<f64>,
    mean_scores: Array1<f64>,
}

impl LikelihoodValidation {
    /// The choices, to change before fitting.
    pub fn params() -> LikelihoodValidationParams {
        LikelihoodValidationParams { folds: 5, order: FoldOrder::Consecutive }
    }

    /// The candidate with the largest mean score; the first of them on a tie.
    pub fn n_components(&self) -> usize {
        let mut best = (0, f64::NEG_INFINITY);
        for (index, &score) in self.mean_scores.iter().enumerate() {
            if score > best.1 {
                best = (index, score);
            }
        }
        self.candidates.get(best.0).copied().unwrap_or(0)
    }

    /// The numbers of components that were tried.
    pub fn candidates(&self) -> &[usize] {
        &self.candidates
    }

    /// The mean log-likelihood of each candidate (row) on each fold (column). Minus infinity where the model's
    /// covariance is singular: what lies outside its components is impossible.
    pub fn scores(&self) -> ArrayView2<'_, f64> {
        self.scores.view()
    }

    /// The mean of the scores over the folds, for each candidate.
    pub fn mean_scores(&self) -> ArrayView1<'_, f64> {
        self.mean_scores.view()
    }
}

/// The choices of a cross-validation of the likelihood. Made by [`LikelihoodValidation::params`].
#[derive(Clone, Copy, Debug)]
pub struct LikelihoodValidationParams {
    folds: usize,
    order: FoldOrder,
}

impl LikelihoodValidationParams {
    /// Into how many parts the rows are cut, of which each is left out once. Default: 5.
    pub fn folds(mut self, folds: usize) -> Self {
        self.folds = folds;
        self
    }

    /// Which rows make a fold. Default: [`FoldOrder::Consecutive`].
    pub fn order(mut self, order: FoldOrder) -> Self {
        self.order = order;
        self
    }

    /// Scores each of the `candidates` on `x` (n x p). One decomposition for each fold serves all of them.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for fewer than 2 folds, or more than rows; for no candidates, or one that is more than
    /// the features or the rows of n less a fold; [`Error::NoFeatures`]; [`Error::TooFewSamples`] when a fold leaves fewer
    /// than 2 rows; [`Error::Lapack`] as in [`PcaParams::fit`](crate::PcaParams::fit).
    pub fn fit<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        candidates: &[usize],
    ) -> Result<LikelihoodValidation, Error> {
        self.check(x, candidates)?;
        lapwing_lapack::require_finite("x", x)?;
        let (n, p) = x.dim();
        let folds = KFold::new(self.folds).order(self.order).split(n)?;
        let mut scores = zeros(candidates.len(), self.folds)?;
        for (mut scores, Split { train, test }) in scores.columns_mut().into_iter().zip(folds) {
            let (left_out, seen) = (rows(x, &test)?, rows(x, &train)?);
            let most = seen.nrows().min(p);
            let solver =
                if p <= 1000 && seen.nrows() >= 10 * p { PcaSolver::CovarianceEigh } else { PcaSolver::Full };
            let principal = match solver {
                PcaSolver::CovarianceEigh => covariance_eigh(&seen, most)?,
                _ => full_svd(&seen)?,
            };
            for (&count, score) in candidates.iter().zip(&mut scores) {
                let principal = principal.clone();
                let pca = Pca::from_principal(principal, count, seen.nrows(), solver, Whitening::None)?;
                *score = match pca.score(&left_out) {
                    Ok(score) => score.as_f64(),
                    Err(Error::SingularCovariance { .. }) => f64::NEG_INFINITY,
                    Err(error) => return Err(error),
                };
            }
        }
        let mean_scores = scores.sum_axis(Axis(1)) / self.folds as f64;
        Ok(LikelihoodValidation { candidates: candidates.to_vec(), scores, mean_scores })
    }

    fn check<T: Scalar>(&self, x: &ArrayRef2<T>, candidates: &[usize]) -> Result<(), Error> {
        let (n, p) = x.dim();
        let invalid = |parameter, value: String, requirement: String| {
            Err(Error::InvalidParameter { parameter, value, requirement })
        };
        if p == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        if self.folds < 2 || self.folds > n {
            let requirement = format!("between 2 and {n}, the number of rows");
            return invalid("folds", self.folds.to_string(), requirement);
        }
        let seen = n - n.div_ceil(self.folds);
        if seen < 2 {
            let method = "cross-validation, which fits with one fold left out,";
            return Err(Error::TooFewSamples { argument: "x", method, found: n, least: n + 2 - seen });
        }
        let most = seen.min(p);
        if candidates.is_empty() {
            return invalid("candidates", "empty".to_owned(), "at least one number".to_owned());
        }
        match candidates.iter().find(|&&count| count > most) {
            Some(count) => {
                let requirement =
                    format!("at most {most}, the smaller of n_features and the rows of the other folds");
                invalid("candidates", count.to_string(), requirement)
            }
            None => Ok(()),
        }
    }
}

/// Some of the rows of `x`.
fn rows<T: Scalar>(x: &ArrayRef2<T>, indices: &[usize]) -> Result<Array2<T>, Error> {
    let mut chosen = zeros(indices.len(), x.ncols())?;
    chosen.outer_iter_mut().zip(indices).for_each(|(mut row, &index)| row.assign(&x.row(index)));
    Ok(chosen)
}
