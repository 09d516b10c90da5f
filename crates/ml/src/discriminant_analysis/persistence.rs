//! How discriminant analyses are stored: plain numbers under a format name and a version, with the labels as they are.

use std::marker::PhantomData;

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2};

use super::linear::{LinearDiscriminantAnalysis, LinearDiscriminantSolver};
use super::quadratic::{ClassGaussian, QuadraticDiscriminantAnalysis};
use super::solvers::Projection;
use crate::stored::{Format, StoredError, matrix, vector};

const LINEAR: Format = Format {
    model: "a linear discriminant analysis",
    name: "lapwing.linear_discriminant_analysis",
    version: 1,
};

const QUADRATIC: Format = Format {
    model: "a quadratic discriminant analysis",
    name: "lapwing.quadratic_discriminant_analysis",
    version: 1,
};

/// The stored form of a linear analysis, in double precision whatever the scalar; matrices row after row.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct StoredLinear<L> {
    format: String,
    version: u32,
    solver: LinearDiscriminantSolver,
    n_features: usize,
    classes: Vec<L>,
    priors: Vec<f64>,
    means: Vec<f64>,
    overall_mean: Vec<f64>,
    discriminants: Vec<f64>,
    offsets: Vec<f64>,
    n_axes: Option<usize>,
    axes: Vec<f64>,
    explained_variance_ratio: Vec<f64>,
    covariance: Option<Vec<f64>>,
}

/// The stored form of a quadratic analysis.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct StoredQuadratic<L> {
    format: String,
    version: u32,
    n_features: usize,
    classes: Vec<L>,
    priors: Vec<f64>,
    gaussians: Vec<StoredGaussian>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct StoredGaussian {
    mean: Vec<f64>,
    axes: Vec<f64>,
    variances: Vec<f64>,
}

impl<T: Scalar, L> From<LinearDiscriminantAnalysis<T, L>> for StoredLinear<L> {
    fn from(model: LinearDiscriminantAnalysis<T, L>) -> Self {
        let (n_axes, axes, ratio) = match model.projection {
            Some(Projection { axes, ratio }) => (Some(axes.nrows()), flat(axes), ratio.to_vec()),
            None => (None, Vec::new(), Vec::new()),
        };
        Self {
            format: LINEAR.name.to_owned(),
            version: LINEAR.version,
            solver: model.solver,
            n_features: model.centre.len(),
            classes: model.classes,
            priors: model.priors.to_vec(),
            means: flat(model.means),
            overall_mean: model.centre.to_vec(),
            discriminants: flat(model.discriminants),
            offsets: model.offsets.to_vec(),
            n_axes,
            axes,
            explained_variance_ratio: ratio,
            covariance: model.covariance.map(flat),
        }
    }
}

impl<T: Scalar, L: Ord> TryFrom<StoredLinear<L>> for LinearDiscriminantAnalysis<T, L> {
    type Error = StoredError;

    fn try_from(stored: StoredLinear<L>) -> Result<Self, StoredError> {
        LINEAR.check(stored.format, stored.version)?;
        let (k, p) = (stored.classes.len(), stored.n_features);
        let projection = match stored.n_axes {
            Some(axes) => {
                let found = stored.explained_variance_ratio.len();
                Some(Projection {
                    axes: matrix("axes", stored.axes, (axes, p))?,
                    ratio: vector("explained_variance_ratio", stored.explained_variance_ratio, found)?,
                })
            }
            None => None,
        };
        Ok(Self {
            priors: priors(stored.priors, &stored.classes)?,
            classes: stored.classes,
            means: matrix("means", stored.means, (k, p))?,
            centre: vector("overall_mean", stored.overall_mean, p)?,
            discriminants: matrix("discriminants", stored.discriminants, (k, p))?,
            offsets: vector("offsets", stored.offsets, k)?,
            projection,
            covariance: stored.covariance.map(|entries| matrix("covariance", entries, (p, p))).transpose()?,
            solver: stored.solver,
            scalar: PhantomData,
        })
    }
}

impl<T: Scalar, L: Ord + Clone> From<QuadraticDiscriminantAnalysis<T, L>> for StoredQuadratic<L> {
    fn from(model: QuadraticDiscriminantAnalysis<T, L>) -> Self {
        let n_features = model.n_features();
        let gaussians = model.gaussians.into_iter().map(|gaussian| StoredGaussian {
            mean: gaussian.mean.to_vec(),
            axes: flat(gaussian.axes),
            variances: gaussian.variances.to_vec(),
        });
        Self {
            format: QUADRATIC.name.to_owned(),
            version: QUADRATIC.version,
            n_features,
            classes: model.classes,
            priors: model.priors.to_vec(),
            gaussians: gaussians.collect(),
        }
    }
}

impl<T: Scalar, L: Ord> TryFrom<StoredQuadratic<L>> for QuadraticDiscriminantAnalysis<T, L> {
    type Error = StoredError;

    fn try_from(stored: StoredQuadratic<L>) -> Result<Self, StoredError> {
        QUADRATIC.check(stored.format, stored.version)?;
        let p = stored.n_features;
        let priors = priors(stored.priors, &stored.classes)?;
        if stored.gaussians.len() != stored.classes.len() {
            return Err(StoredError::Inconsistent("there are not as many Gaussians as classes"));
        }
        let gaussian = |stored: StoredGaussian| {
            let variances = positive("variances", stored.variances, p)?;
            let (mean, axes) = (vector("mean", stored.mean, p)?, matrix("axes", stored.axes, (p, p))?);
            ClassGaussian::new(mean, axes, variances).map_err(|_| StoredError::Value { field: "variances" })
        };
        let gaussians = stored.gaussians.into_iter().map(gaussian).collect::<Result<_, _>>()?;
        Ok(Self { classes: stored.classes, priors, gaussians })
    }
}

fn priors<L: Ord>(priors: Vec<f64>, classes: &[L]) -> Result<Array1<f64>, StoredError> {
    if classes.len() < 2 || !classes.is_sorted_by(|a, b| a < b) {
        return Err(StoredError::Inconsistent(
            "the classes are not two or more different ones in ascending order",
        ));
    }
    positive("priors", priors, classes.len())
}

/// `len` finite numbers, all positive.
fn positive(field: &'static str, values: Vec<f64>, len: usize) -> Result<Array1<f64>, StoredError> {
    let values = vector(field, values, len)?;
    if values.iter().all(|&value| value > 0.0) { Ok(values) } else { Err(StoredError::Value { field }) }
}

/// Row after row.
fn flat(a: Array2<f64>) -> Vec<f64> {
    a.iter().copied().collect()
}
