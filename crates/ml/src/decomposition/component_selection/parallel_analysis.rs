//! Parallel analysis: the variances of the data beside those of data of the same shape without structure.

use lapwing_lapack::{Scalar, SymmetricEigen, Triangle, syrk, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayViewMut1, s};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use crate::error::Error;
use crate::moments::{Diagonal, Moments, variance_overflows};

/// What data without structure is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NullModel {
    /// The data, with the entries of each column in random order: each feature keeps its distribution.
    #[default]
    Permuted,
    /// Independent normal variables with the variances of the features, as Horn had them.
    Normal,
}

/// Of which matrix the variances are the eigenvalues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Association {
    /// The covariance, as in [`Pca`](crate::Pca).
    #[default]
    Covariance,
    /// The correlation: for features in different units. A feature that does not vary correlates with nothing.
    Correlation,
}

/// Horn's parallel analysis ("A rationale and test for the number of factors in factor analysis", Psychometrika 30, 1965):
/// components are kept as long as their variance exceeds what chance gives a component of the same rank.
///
/// ```
/// use lapwing_lapack::random::standard_normal;
/// use lapwing_ml::ParallelAnalysis;
/// // Two factors behind ten features.
/// let x = standard_normal(200, 2, 1).dot(&standard_normal(2, 10, 2)) + standard_normal(200, 10, 3) * 0.3;
/// let analysis = ParallelAnalysis::params().fit(&x)?;
/// assert_eq!(analysis.n_components(), 2);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ParallelAnalysis {
    observed: Array1<f64>,
    thresholds: Array1<f64>,
}

impl ParallelAnalysis {
    /// The choices, to change before fitting.
    pub fn params() -> ParallelAnalysisParams {
        ParallelAnalysisParams {
            null_model: NullModel::Permuted,
            association: Association::Covariance,
            iterations: 100,
            quantile: 0.95,
            seed: 0,
        }
    }

    /// How many leading components exceed their thresholds.
    pub fn n_components(&self) -> usize {
        self.observed
            .iter()
            .zip(&self.thresholds)
            .take_while(|(observed, threshold)| observed > threshold)
            .count()
    }

    /// The variances along the components of the data, min(n, p), largest first.
    pub fn observed(&self) -> ArrayView1<'_, f64> {
        self.observed.view()
    }

    /// What they must exceed: the quantile, for each rank, of those of data without structure.
    pub fn thresholds(&self) -> ArrayView1<'_, f64> {
        self.thresholds.view()
    }
}

/// The choices of a parallel analysis. Made by [`ParallelAnalysis::params`].
#[derive(Clone, Copy, Debug)]
pub struct ParallelAnalysisParams {
    null_model: NullModel,
    association: Association,
    iterations: usize,
    quantile: f64,
    seed: u64,
}

impl ParallelAnalysisParams {
    /// What data without structure is. Default: [`NullModel::Permuted`].
    pub fn null_model(mut self, null_model: NullModel) -> Self {
        self.null_model = null_model;
        self
    }

    /// Of which matrix the variances are the eigenvalues. Default: [`Association::Covariance`].
    pub fn association(mut self, association: Association) -> Self {
        self.association = association;
        self
    }

    /// How many times to draw data without structure. Default: 100.
    pub fn iterations(mut self, iterations: usize) -> Self {
        self.iterations = iterations;
        self
    }

    /// Which quantile of their variances the data must exceed, between 0 and 1. Default: 0.95. Horn took the mean, which is
    /// about the median, 0.5, and keeps more.
    pub fn quantile(mut self, quantile: f64) -> Self {
        self.quantile = quantile;
        self
    }

    /// The seed of the random data. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Analyses `x` (n x p). Each draw costs a product with the smaller extent, np·min(n, p), and the eigenvalues of its
    /// order.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for fewer than 2; [`Error::NoFeatures`]; [`Error::InvalidParameter`] for no iterations or a
    /// quantile outside of [0, 1]; [`Error::Lapack`] with `NonFinite`, `Overflow`, `OutOfMemory`, `TooLarge` or
    /// `NoConvergence`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<ParallelAnalysis, Error> {
        self.check(x)?;
        let moments = Moments::<Diagonal>::of_rows("x", x)?;
        let deviations = (moments.scatter.0 / (x.nrows() - 1) as f64).mapv(f64::sqrt);
        let scales = match self.association {
            Association::Covariance => Array1::ones(x.ncols()),
            Association::Correlation => deviations.mapv(|d| if d > 0.0 { d.recip() } else { 0.0 }),
        };
        // Column-major, because columns are what is permuted.
        let mut data: Array2<f64> = zeros(x.ncols(), x.nrows())?.reversed_axes();
        for (j, mut column) in data.columns_mut().into_iter().enumerate() {
            column.zip_mut_with(&x.column(j), |entry, x| *entry = (x.as_f64() - moments.mean[j]) * scales[j]);
        }
        let order = x.nrows().min(x.ncols());
        let mut gram = zeros(order, order)?;
        let observed = variances(&data, &mut gram)?;

        let mut generator = Pcg64::seed_from_u64(self.seed);
        let mut draws = zeros(self.iterations, order)?;
        for mut draw in draws.outer_iter_mut() {
            for (j, mut column) in data.columns_mut().into_iter().enumerate() {
                match (self.null_model, column.as_slice_mut()) {
                    (NullModel::Permuted, Some(column)) => column.shuffle(&mut generator),
                    _ => {
                        let deviation = deviations[j] * scales[j];
                        column.mapv_inplace(|_| {
                            let normal: f64 = StandardNormal.sample(&mut generator);
                            deviation * normal
                        });
                        let mean = column.sum() / column.len() as f64;
                        column -= mean;
                        self.restore_unit_variance(column);
                    }
                }
            }
            draw.assign(&variances(&data, &mut gram)?);
        }
        let thresholds = draws.columns().into_iter().map(|draws| quantile(draws, self.quantile)).collect();
        Ok(ParallelAnalysis { observed, thresholds })
    }

    /// The features of a correlation have variance 1, also where they were drawn.
    fn restore_unit_variance(&self, mut column: ArrayViewMut1<f64>) {
        let variance = column.dot(&column) / (column.len() - 1) as f64;
        if self.association == Association::Correlation && variance > 0.0 {
            column /= variance.sqrt();
        }
    }

    fn check<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<(), Error> {
        let invalid = |parameter, value: String, requirement: &str| {
            Err(Error::InvalidParameter { parameter, value, requirement: requirement.to_owned() })
        };
        if x.ncols() == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        if x.nrows() < 2 {
            let (method, found) = ("parallel analysis", x.nrows());
            return Err(Error::TooFewSamples { argument: "x", method, found, least: 2 });
        }
        if self.iterations == 0 {
            return invalid("iterations", "0".to_owned(), "at least 1");
        }
        if !(0.0..=1.0).contains(&self.quantile) {
            return invalid("quantile", self.quantile.to_string(), "between 0 and 1");
        }
        Ok(())
    }
}

/// The eigenvalues of the covariance of centred data, as many as its smaller extent, largest first.
fn variances(centred: &ArrayRef2<f64>, gram: &mut Array2<f64>) -> Result<Array1<f64>, Error> {
    let (rows, cols) = centred.dim();
    let narrow = if cols <= rows { centred.t() } else { centred.view() };
    syrk(Triangle::Lower, 1.0, &narrow, 0.0, gram)?;
    if gram.diag().iter().any(|variance| !variance.is_finite()) {
        return Err(variance_overflows());
    }
    let values = SymmetricEigen::eigenvalues(gram)?.values;
    Ok(values.slice(s![..;-1]).mapv(|value| value.max(0.0) / (rows - 1) as f64))
}

/// The quantile of some numbers, interpolated between neighbours as NumPy does.
fn quantile(values: ArrayView1<f64>, share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * (place - place.floor())
}
