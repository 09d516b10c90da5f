//! The three ways to linear discriminants: one function each, of one signature.

use lapwing_lapack::least_squares::lstsq;
use lapwing_lapack::{Scalar, Svd, SymmetricEigen, matmul, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, s};

use super::groups::Groups;
use super::linear::LinearDiscriminantAnalysisParams;
use super::shrinkage::{Shrinkage, mean_and_covariance};
use crate::decomposition::{largest_entries_positive, right_factors};
use crate::error::Error;
use crate::mahalanobis::CovarianceFactor;
use crate::moments::{Diagonal, Moments};

/// What an error calls the average of the covariances of the classes.
const WITHIN: &str = "the within-class covariance";

/// What a solver finds.
pub(super) struct Solved {
    /// The mean of each class, K x p.
    pub(super) means: Array2<f64>,
    /// The mean of the class means, by the priors, p.
    pub(super) centre: Array1<f64>,
    /// For each class, the inverse of the covariance times the distance of its mean from the centre, K x p.
    pub(super) discriminants: Array2<f64>,
    /// The squared length of that distance in the metric of the covariance, K.
    pub(super) squared: Array1<f64>,
    pub(super) projection: Option<Projection>,
    pub(super) covariance: Option<Array2<f64>>,
}

/// Axes that separate the classes, by decreasing share of what there is to separate.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Projection {
    /// One axis per row, r x p.
    pub(super) axes: Array2<f64>,
    /// The share of the variance between classes along each.
    pub(super) ratio: Array1<f64>,
}

/// SVD of the rows less their class means, then of the class means in the coordinates that it gives. It needs a copy of the
/// rows, and no covariance.
pub(super) fn svd<T: Scalar, L>(
    x: &ArrayRef2<T>,
    groups: &Groups<L>,
    priors: &ArrayRef1<f64>,
    params: &LinearDiscriminantAnalysisParams,
) -> Result<Solved, Error> {
    let (n, p) = x.dim();
    let mut within = zeros(n, p)?;
    let mut means = zeros(groups.rows.len(), p)?;
    let mut first = 0;
    for (rows, mut mean) in groups.rows.iter().zip(means.outer_iter_mut()) {
        let mut part = within.slice_mut(s![first..first + rows.len(), ..]);
        mean.assign(&centred_rows(x, rows, &mut part)?);
        first += rows.len();
    }
    let (centre, distances) = centred_means(&means, priors);

    let lengths: Array1<f64> = within.columns().into_iter().map(|column| nonzero_length(&column)).collect();
    within /= &lengths;
    let (values, axes) = right_factors(within)?;
    let rank = values.iter().filter(|&&value| value > params.tolerance).count();
    if rank == 0 {
        let remedy = "no feature varies within a class, so that there is no covariance to compare classes by";
        return Err(Error::DependentFeature { argument: WITHIN, feature: 0, remedy });
    }
    // Rows times this have the identity for a covariance within the classes.
    let scale = (n as f64).sqrt();
    let whitener =
        &axes.slice(s![..rank, ..]) / &values.slice(s![..rank]).insert_axis(Axis(1)) / &lengths * scale;
    let coordinates = matmul(&distances, &whitener.t())?;

    let classes = groups.rows.len() as f64;
    let weights = priors.mapv(|prior| (n as f64 * prior / (classes - 1.0)).sqrt()).insert_axis(Axis(1));
    let (_, values, axes) = Svd::thin(&(&coordinates * &weights))?.into_factors();
    let largest = values.first().copied().unwrap_or(0.0);
    let rank = values.iter().filter(|&&value| value > params.tolerance * largest).count();
    let mut axes = matmul(&axes.slice(s![..rank, ..]), &whitener)?;
    largest_entries_positive(&mut axes.view_mut());
    let coordinates = matmul(&distances, &axes.t())?;
    let ratio = shares(&values.mapv(|value| (value / largest.max(f64::MIN_POSITIVE)).powi(2)));
    Ok(Solved {
        discriminants: matmul(&coordinates, &axes)?,
        squared: squared_lengths(&coordinates.view()),
        means,
        centre,
        projection: Some(Projection { axes, ratio }),
        covariance: None,
    })
}

/// Solutions with the covariance within the classes: those of least norm where it is singular.
pub(super) fn least_squares<T: Scalar, L>(
    x: &ArrayRef2<T>,
    groups: &Groups<L>,
    priors: &ArrayRef1<f64>,
    params: &LinearDiscriminantAnalysisParams,
) -> Result<Solved, Error> {
    let (means, covariance) = within_classes(x, groups, priors, params.shrinkage)?;
    let (centre, distances) = centred_means(&means, priors);
    // The factor knows no units, where a singular value decomposition takes small ones for dependence.
    let (discriminants, squared) = match CovarianceFactor::new(WITHIN, &covariance, f64::EPSILON, "") {
        Ok(factor) => {
            let whitener = factor.whitener()?;
            let coordinates = matmul(&distances, &whitener.t())?;
            (matmul(&coordinates, &whitener)?, squared_lengths(&coordinates.view()))
        }
        Err(Error::DependentFeature { .. }) => {
            let discriminants = lstsq(&covariance, &distances.t().to_owned())?.solution().t().to_owned();
            let squared = (&discriminants * &distances).sum_axis(Axis(1));
            (discriminants, squared)
        }
        Err(error) => return Err(error),
    };
    Ok(Solved { means, centre, discriminants, squared, projection: None, covariance: Some(covariance) })
}

/// The directions of largest covariance between the classes over that within them, which must have an inverse.
pub(super) fn eigen<T: Scalar, L>(
    x: &ArrayRef2<T>,
    groups: &Groups<L>,
    priors: &ArrayRef1<f64>,
    params: &LinearDiscriminantAnalysisParams,
) -> Result<Solved, Error> {
    let (means, covariance) = within_classes(x, groups, priors, params.shrinkage)?;
    let (centre, distances) = centred_means(&means, priors);
    let remedy = "leave it out, shrink the covariance, or choose the svd solver";
    let factor = CovarianceFactor::new(WITHIN, &covariance, f64::EPSILON, remedy)?;
    let whitener = factor.whitener()?;
    let all: Vec<usize> = (0..x.nrows()).collect();
    let between = mean_and_covariance(x, &all, params.shrinkage)?.1 - &covariance;
    let between = matmul(&matmul(&whitener, &between)?, &whitener.t())?;
    let (values, vectors) = SymmetricEigen::new(&between)?.into_factors();
    let mut axes = matmul(&vectors.slice(s![.., ..;-1]).t(), &whitener)?;
    largest_entries_positive(&mut axes.view_mut());
    let ratio = shares(&values.slice(s![..;-1]).to_owned());
    let coordinates = matmul(&distances, &whitener.t())?;
    Ok(Solved {
        discriminants: matmul(&coordinates, &whitener)?,
        squared: squared_lengths(&coordinates.view()),
        means,
        centre,
        projection: Some(Projection { axes, ratio }),
        covariance: Some(covariance),
    })
}

/// The mean of each class, K x p, and the covariances of the classes averaged by the priors.
fn within_classes<T: Scalar, L>(
    x: &ArrayRef2<T>,
    groups: &Groups<L>,
    priors: &ArrayRef1<f64>,
    shrinkage: Shrinkage,
) -> Result<(Array2<f64>, Array2<f64>), Error> {
    let p = x.ncols();
    let (mut means, mut within) = (zeros(groups.rows.len(), p)?, zeros(p, p)?);
    for ((rows, mut mean), &prior) in groups.rows.iter().zip(means.outer_iter_mut()).zip(priors) {
        let (centre, covariance) = mean_and_covariance(x, rows, shrinkage)?;
        mean.assign(&centre);
        within.scaled_add(prior, &covariance);
    }
    Ok((means, within))
}

/// Writes some rows of `x` less their mean into `part`, and returns the mean.
pub(super) fn centred_rows<T: Scalar>(
    x: &ArrayRef2<T>,
    rows: &[usize],
    part: &mut ArrayViewMut2<f64>,
) -> Result<Array1<f64>, Error> {
    for (&row, mut copy) in rows.iter().zip(part.outer_iter_mut()) {
        copy.zip_mut_with(&x.row(row), |copy, x| *copy = x.as_f64());
    }
    let mean = Moments::<Diagonal>::of_rows("x", part)?.mean;
    *part -= &mean;
    Ok(mean)
}

/// The mean of the means by the priors, counted from the first so that an offset of all costs no digit, and the distances from it.
fn centred_means(means: &ArrayRef2<f64>, priors: &ArrayRef1<f64>) -> (Array1<f64>, Array2<f64>) {
    let from_first = means.to_owned() - means.row(0);
    let shift = priors.dot(&from_first);
    (&means.row(0) + &shift, from_first - &shift)
}

/// The Euclidean length of a column without over- or underflow; 1 when it is zero.
fn nonzero_length(column: &ArrayRef1<f64>) -> f64 {
    let largest = column.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    if largest == 0.0 {
        return 1.0;
    }
    largest * column.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

fn squared_lengths(rows: &ArrayView2<f64>) -> Array1<f64> {
    rows.outer_iter().map(|row| row.dot(&row)).collect()
}

/// Each as a share of the sum; all zero where there is nothing.
fn shares(values: &Array1<f64>) -> Array1<f64> {
    let sum = values.sum();
    values.mapv(|value| if sum > 0.0 { value / sum } else { 0.0 })
}
