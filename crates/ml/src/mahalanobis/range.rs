//! Distances by a singular covariance: in its range, by its eigenvectors.

use lapwing_lapack::{PivotedQr, Scalar, matmul};
use ndarray::{Array2, ArrayRef1, ArrayRef2, ArrayView2, Axis, s};

use super::factor::{eigenvalue_tolerance, equilibrated, semidefinite_eigen};
use super::{Mahalanobis, WhitenerShape};
use crate::error::Error;

/// The pseudo-inverse of `Σ = D C D`, without forming it. The rank is decided on C, which knows no units, and C's eigenvectors
/// `C = V Λ Vᵀ` give distances in the range of Σ by `Λ^{-½} Vᵀ D⁻¹`. What lies outside is taken off first; it is spanned by
/// D⁻¹ times the eigenvectors of zero.
pub(super) fn in_the_range<T: Scalar>(
    location: &ArrayRef1<f64>,
    covariance: &ArrayRef2<f64>,
    resolution: f64,
) -> Result<Mahalanobis<T>, Error> {
    let (scales, scaled) = equilibrated("covariance", covariance, resolution)?;
    let (values, vectors) = semidefinite_eigen("covariance", &scaled, resolution)?.into_factors();
    let p = values.len();
    let tolerance = eigenvalue_tolerance(p, values[p - 1], resolution);
    let nullity = values.iter().filter(|&&value| value <= tolerance).count();

    let inverse_scales = scales.mapv(f64::recip).insert_axis(Axis(1));
    let null_space = orthonormal(&(&vectors.slice(s![.., ..nullity]) * &inverse_scales).view())?;
    let axes =
        &vectors.slice(s![.., nullity..]) * &inverse_scales / &values.slice(s![nullity..]).mapv(f64::sqrt);
    let mut whitener = axes.reversed_axes();
    whitener -= &matmul(&matmul(&whitener, &null_space)?, &null_space.t())?;
    let reciprocal_condition = if nullity < p { values[nullity] / values[p - 1] } else { 1.0 };
    Ok(Mahalanobis {
        location: location.mapv(T::from_f64),
        centre: location.to_owned(),
        whitener: whitener.as_standard_layout().into_owned(),
        shape: WhitenerShape::Full,
        null_space,
        reciprocal_condition,
    })
}

/// An orthonormal basis of the span of independent columns.
///
/// The rows have the sizes of one over the units of their features. Sorted by size, and with pivoting, the reflections keep
/// the digits of each row (Cox and Higham, "Stability of Householder QR factorization for weighted least squares problems",
/// 1998).
fn orthonormal(columns: &ArrayView2<f64>) -> Result<Array2<f64>, Error> {
    let size = |row: usize| columns.row(row).iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    let mut order: Vec<usize> = (0..columns.nrows()).collect();
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    let q = PivotedQr::new(&columns.select(Axis(0), &order))?.q()?;
    let mut basis = Array2::zeros(columns.dim());
    for (row, &original) in q.outer_iter().zip(&order) {
        basis.row_mut(original).assign(&row);
    }
    Ok(basis)
}
