//! The penalty of a ridge regression from the data, and the coefficients for many penalties at once.

use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use lapwing_ml::linear_model::penalty_choice::{ChosenPenalty, generalized_cross_validation, l_curve};
use lapwing_ml::linear_model::{Intercept, Ridge};
use ndarray::{ArrayRef1, ArrayRef2};

use super::choices::intercept as intercept_of;
use crate::arguments::{column, vector};
use crate::eigenproblems::{output_of, write};
use crate::guard::{guard, require_pointer};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, Strided, require_disjoint};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f64, lapwing_vec_f32, lapwing_vec_f64,
    lapwing_vec_mut_f64,
};

/// How many penalties the curve of lapwing_generalized_cross_validation_f64 and of lapwing_l_curve_f64 has.
pub const LAPWING_PENALTY_CURVE: i64 = 160;

/// The penalty of a ridge regression with the least error by generalized cross-validation (Golub, Heath and Wahba 1979), from
/// one singular value decomposition. For independent errors of equal variance.
///
///  x               n x p, any strides; read only. n at least 2.
///  y               n entries; read only.
///  intercept       LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
///  alpha           receives the penalty, for lapwing_ridge_fit_f64.
///  alphas          the LAPWING_PENALTY_CURVE penalties of the curve, ascending; a view with NULL data when not wanted, as
///                  each of the following.
///  residual_norms  norm(y - x * b) for each of them.
///  solution_norms  norm(b) for each of them.
///  criterion       the error, relative to the squared length of the centred target, for each of them.
///
/// Returns LAPWING_ERR_NON_FINITE (x or y holds NaN or an infinity), LAPWING_ERR_ARGUMENT (intercept; features that do not
/// vary, or have no part in y; fewer than 2 samples), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_cross_validation_f64(
    x: lapwing_mat_f64,
    y: lapwing_vec_f64,
    intercept: i32,
    alpha: *mut f64,
    alphas: lapwing_vec_mut_f64,
    residual_norms: lapwing_vec_mut_f64,
    solution_norms: lapwing_vec_mut_f64,
    criterion: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        let curve = [alphas, residual_norms, solution_norms, criterion].map(Unchecked::from);
        choose::<f64>((x.into(), y.into()), intercept, alpha, curve, generalized_cross_validation)
    })
}

/// As lapwing_generalized_cross_validation_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_cross_validation_f32(
    x: lapwing_mat_f32,
    y: lapwing_vec_f32,
    intercept: i32,
    alpha: *mut f64,
    alphas: lapwing_vec_mut_f64,
    residual_norms: lapwing_vec_mut_f64,
    solution_norms: lapwing_vec_mut_f64,
    criterion: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        let curve = [alphas, residual_norms, solution_norms, criterion].map(Unchecked::from);
        choose::<f32>((x.into(), y.into()), intercept, alpha, curve, generalized_cross_validation)
    })
}

/// The penalty at the corner of the L-curve (Hansen 1998), where residuals stop falling and coefficients begin to rise. For
/// errors that may be correlated.
///
/// Arguments and what is returned are those of lapwing_generalized_cross_validation_f64; criterion is the curvature, which is
/// largest at alpha.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_l_curve_f64(
    x: lapwing_mat_f64,
    y: lapwing_vec_f64,
    intercept: i32,
    alpha: *mut f64,
    alphas: lapwing_vec_mut_f64,
    residual_norms: lapwing_vec_mut_f64,
    solution_norms: lapwing_vec_mut_f64,
    criterion: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        let curve = [alphas, residual_norms, solution_norms, criterion].map(Unchecked::from);
        choose::<f64>((x.into(), y.into()), intercept, alpha, curve, l_curve)
    })
}

/// As lapwing_l_curve_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_l_curve_f32(
    x: lapwing_mat_f32,
    y: lapwing_vec_f32,
    intercept: i32,
    alpha: *mut f64,
    alphas: lapwing_vec_mut_f64,
    residual_norms: lapwing_vec_mut_f64,
    solution_norms: lapwing_vec_mut_f64,
    criterion: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        let curve = [alphas, residual_norms, solution_norms, criterion].map(Unchecked::from);
        choose::<f32>((x.into(), y.into()), intercept, alpha, curve, l_curve)
    })
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require; `alpha` is NULL or
/// writable.
unsafe fn choose<T: Scalar>(
    (x, y): (Unchecked<T>, Unchecked<T>),
    intercept: i32,
    alpha: *mut f64,
    curve: [Unchecked<f64>; 4],
    choice: impl FnOnce(&ArrayRef2<T>, &ArrayRef1<T>, Intercept) -> Result<ChosenPenalty, Error>,
) -> Result<(), Failure> {
    let intercept = intercept_of(intercept)?;
    require_pointer("alpha", alpha)?;
    let (x, y) = (x.input("x")?, y.input("y")?);
    let mut places = Vec::with_capacity(curve.len());
    for (output, name) in curve.into_iter().zip(["alphas", "residual_norms", "solution_norms", "criterion"]) {
        places.push(output_of(output, name, &[(LAPWING_PENALTY_CURVE as usize, "LAPWING_PENALTY_CURVE")])?);
    }
    let regions: Vec<Region> = places.iter().flatten().map(Strided::region).collect();
    require_disjoint(&[x.region(), y.region()], &regions)?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    unsafe {
        let found = choice(&x.view(), &vector(&y), intercept)?;
        let curve = [found.alphas(), found.residual_norms(), found.solution_norms(), found.criterion()];
        for (place, values) in places.iter().zip(&curve) {
            write(place, &column(values));
        }
        alpha.write(found.alpha());
    }
    Ok(())
}

/// The coefficients of ridge regression for many penalties, from one decomposition, with the errors that each would make.
///
///  x                     n x p, any strides; read only. n at least 2.
///  y                     n x t: one target per column; read only.
///  alphas                k penalties, positive; read only.
///  intercept             LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
///  coefficients          k*t x p: those of all targets for the first penalty, and so on; a view with NULL data when not
///                        wanted, as each of the following.
///  leave_one_out_errors  k x t, the mean of the squared errors with each sample left out.
///  generalized_errors    k x t, the same with the mean leverage instead of each sample's own.
///  effective_parameters  k, how many parameters each fit really has, the intercept among them where there is one.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or alphas holds NaN or an infinity), LAPWING_ERR_ARGUMENT (intercept, a penalty that
/// is not positive, fewer than 2 samples), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ridge_path_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    alphas: lapwing_vec_f64,
    intercept: i32,
    coefficients: lapwing_mat_mut_f64,
    leave_one_out_errors: lapwing_mat_mut_f64,
    generalized_errors: lapwing_mat_mut_f64,
    effective_parameters: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        let errors = [leave_one_out_errors.into(), generalized_errors.into()];
        let outputs = (coefficients.into(), errors, effective_parameters.into());
        ridge_path::<f64>((x.into(), y.into()), alphas.into(), intercept, outputs)
    })
}

/// As lapwing_ridge_path_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ridge_path_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    alphas: lapwing_vec_f64,
    intercept: i32,
    coefficients: lapwing_mat_mut_f64,
    leave_one_out_errors: lapwing_mat_mut_f64,
    generalized_errors: lapwing_mat_mut_f64,
    effective_parameters: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        let errors = [leave_one_out_errors.into(), generalized_errors.into()];
        let outputs = (coefficients.into(), errors, effective_parameters.into());
        ridge_path::<f32>((x.into(), y.into()), alphas.into(), intercept, outputs)
    })
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require.
unsafe fn ridge_path<T: Scalar>(
    (x, y): (Unchecked<T>, Unchecked<T>),
    alphas: Unchecked<f64>,
    intercept: i32,
    (coefficients, [leave_one_out_errors, generalized_errors], effective_parameters): (
        Unchecked<f64>,
        [Unchecked<f64>; 2],
        Unchecked<f64>,
    ),
) -> Result<(), Failure> {
    let params = Ridge::params().intercept(intercept_of(intercept)?);
    let (x, y, alphas) = (x.input("x")?, y.input("y")?, alphas.input("alphas")?);
    let (penalties, targets) =
        ((alphas.shape()[0], "the entries of alphas"), (y.shape()[1], "the columns of y"));
    let fits = (penalties.0.saturating_mul(targets.0), "the penalties times the targets");
    let features = (x.shape()[1], "the columns of x");
    let coefficients = output_of(coefficients, "coefficients", &[fits, features])?;
    let leave_one_out_errors =
        output_of(leave_one_out_errors, "leave_one_out_errors", &[penalties, targets])?;
    let generalized_errors = output_of(generalized_errors, "generalized_errors", &[penalties, targets])?;
    let effective_parameters = output_of(effective_parameters, "effective_parameters", &[penalties])?;
    let outputs = [&coefficients, &leave_one_out_errors, &generalized_errors, &effective_parameters];
    let regions: Vec<Region> = outputs.into_iter().flatten().map(Strided::region).collect();
    require_disjoint(&[x.region(), y.region(), alphas.region()], &regions)?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    unsafe {
        let path = params.path(&x.view(), &y.view(), &vector(&alphas).to_vec())?;
        let stacked = path.coefficients().into_shape_with_order((fits.0, features.0));
        // A new array is packed in the order in which it is stacked here.
        let stacked =
            stacked.map_err(|_| lapwing_lapack::Error::Internal { routine: "ridge path", info: -1 })?;
        write(&coefficients, &stacked);
        write(&leave_one_out_errors, &path.leave_one_out_errors());
        write(&generalized_errors, &path.generalized_errors());
        write(&effective_parameters, &column(&path.effective_parameters()));
    }
    Ok(())
}
