//! Definiteness, quadratic forms and inner products: one generic function each, and its two exports.

use lapwing_lapack::Scalar;
use lapwing_lapack::definiteness::{Definiteness, Direction, bilinear_form, definiteness, quadratic_form};
use lapwing_lapack::inner_products::{WeightedInnerProduct, angle, frobenius_inner_product, inner_product};
use ndarray::{Array1, ArrayView2};

use crate::arguments::{column, order, require_separate};
use crate::guard::guard;
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64, lapwing_vec_mut_f32,
    lapwing_vec_mut_f64,
};

/// The quadratic form is positive in every direction: proven.
pub const LAPWING_POSITIVE_DEFINITE: i32 = 0;
/// No direction is provably negative; also the verdict on a zero matrix.
pub const LAPWING_POSITIVE_SEMIDEFINITE: i32 = 1;
/// The quadratic form is negative in every direction: proven.
pub const LAPWING_NEGATIVE_DEFINITE: i32 = 2;
/// No direction is provably positive.
pub const LAPWING_NEGATIVE_SEMIDEFINITE: i32 = 3;
/// Some directions are provably positive and some provably negative.
pub const LAPWING_INDEFINITE: i32 = 4;

/// The sign of the quadratic form of a symmetric matrix, with directions that prove it.
///
///  a              n x n, any strides; read only. Both triangles are read, and must agree up to rounding.
///  verdict        a constant from LAPWING_POSITIVE_DEFINITE to LAPWING_INDEFINITE.
///  failing_minor  the order of the first leading minor that is not positive, from 1, or 0; NULL when not wanted.
///  positive       n entries, a direction of unit length in which the form is provably positive, for the verdicts
///                 semidefinite and indefinite; zeros where there is none. A view with NULL data when not wanted.
///  negative       likewise, provably negative.
///
/// Returns LAPWING_ERR_NOT_SYMMETRIC, LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_NO_CONVERGENCE. On any error the outputs are
/// untouched. Thread-safe. LAPACK: dpotrf, dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_definiteness_f64(
    a: lapwing_mat_f64,
    verdict: *mut i32,
    failing_minor: *mut i64,
    positive: lapwing_vec_mut_f64,
    negative: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        definiteness_of::<f64>(a.into(), verdict, failing_minor, positive.into(), negative.into())
    })
}

/// As lapwing_definiteness_f64, in single precision. LAPACK: spotrf, ssyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_definiteness_f32(
    a: lapwing_mat_f32,
    verdict: *mut i32,
    failing_minor: *mut i64,
    positive: lapwing_vec_mut_f32,
    negative: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        definiteness_of::<f32>(a.into(), verdict, failing_minor, positive.into(), negative.into())
    })
}

/// # Safety
/// The memory that the views and pointers describe is there, as [`Strided::view`], [`Strided::write`] and
/// [`Numbers::write`] require.
///
/// [`Strided::view`]: crate::strided::Strided::view
/// [`Strided::write`]: crate::strided::Strided::write
unsafe fn definiteness_of<T: Scalar>(
    a: Unchecked<T>,
    verdict: *mut i32,
    failing_minor: *mut i64,
    positive: Unchecked<T>,
    negative: Unchecked<T>,
) -> Result<(), Failure> {
    let a = a.input("a")?;
    let verdict = Numbers::needed("verdict", verdict, 1)?;
    let failing_minor = Numbers::optional("failing_minor", failing_minor, 1)?;
    let (positive, negative) = (positive.optional_output("positive")?, negative.optional_output("negative")?);
    let order = order(&a)?;
    for direction in [&positive, &negative].into_iter().flatten() {
        direction.require_shape(&[(order, "the order of a")])?;
    }
    require_separate(&[&a], &[positive.as_ref(), negative.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let report = definiteness(&unsafe { a.view() })?;
    let found = match report.definiteness {
        Definiteness::PositiveDefinite => LAPWING_POSITIVE_DEFINITE,
        Definiteness::PositiveSemidefinite => LAPWING_POSITIVE_SEMIDEFINITE,
        Definiteness::NegativeDefinite => LAPWING_NEGATIVE_DEFINITE,
        Definiteness::NegativeSemidefinite => LAPWING_NEGATIVE_SEMIDEFINITE,
        Definiteness::Indefinite => LAPWING_INDEFINITE,
    };
    let vector = |direction: Option<Direction<T>>| match direction {
        Some(direction) => direction.vector,
        None => Array1::zeros(order),
    };
    // SAFETY: as above.
    unsafe {
        verdict.write([found]);
        failing_minor.write([report.failing_minor.unwrap_or(0) as i64]);
        if let Some(positive) = positive {
            positive.write(&column(&vector(report.positive_direction)));
        }
        if let Some(negative) = negative {
            negative.write(&column(&vector(report.negative_direction)));
        }
    }
    Ok(())
}

/// transpose(x) * a * x, for a square matrix, symmetric or not.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_OVERFLOW. On any error the
/// output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_quadratic_form_f64(
    a: lapwing_mat_f64,
    x: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f64, _>([("a", a.into()), ("x", x.into())], value, |[a, x]| {
            Ok(quadratic_form(&a, &x.column(0))?)
        })
    })
}

/// As lapwing_quadratic_form_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_quadratic_form_f32(
    a: lapwing_mat_f32,
    x: lapwing_vec_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f32, _>([("a", a.into()), ("x", x.into())], value, |[a, x]| {
            Ok(quadratic_form(&a, &x.column(0))?)
        })
    })
}

/// transpose(x) * a * y, for x of m entries, a of m x n, and y of n entries.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_OVERFLOW. On any error the
/// output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_bilinear_form_f64(
    x: lapwing_vec_f64,
    a: lapwing_mat_f64,
    y: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f64, _>([("x", x.into()), ("a", a.into()), ("y", y.into())], value, |[x, a, y]| {
            Ok(bilinear_form(&x.column(0), &a, &y.column(0))?)
        })
    })
}

/// As lapwing_bilinear_form_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_bilinear_form_f32(
    x: lapwing_vec_f32,
    a: lapwing_mat_f32,
    y: lapwing_vec_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f32, _>([("x", x.into()), ("a", a.into()), ("y", y.into())], value, |[x, a, y]| {
            Ok(bilinear_form(&x.column(0), &a, &y.column(0))?)
        })
    })
}

/// The standard inner product of two vectors.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_OVERFLOW. On any error the
/// output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_inner_product_f64(
    x: lapwing_vec_f64,
    y: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f64, _>([("x", x.into()), ("y", y.into())], value, |[x, y]| {
            Ok(inner_product(&x.column(0), &y.column(0))?)
        })
    })
}

/// As lapwing_inner_product_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_inner_product_f32(
    x: lapwing_vec_f32,
    y: lapwing_vec_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f32, _>([("x", x.into()), ("y", y.into())], value, |[x, y]| {
            Ok(inner_product(&x.column(0), &y.column(0))?)
        })
    })
}

/// The sum of the products of the entries of two matrices of the same shape, trace(transpose(a) * b).
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_OVERFLOW. On any error the
/// output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_frobenius_inner_product_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f64, _>([("a", a.into()), ("b", b.into())], value, |[a, b]| {
            Ok(frobenius_inner_product(&a, &b)?)
        })
    })
}

/// As lapwing_frobenius_inner_product_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_frobenius_inner_product_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f32, _>([("a", a.into()), ("b", b.into())], value, |[a, b]| {
            Ok(frobenius_inner_product(&a, &b)?)
        })
    })
}

/// The angle between two vectors in radians, from 0 to pi, right to rounding however small it is.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a vector is zero), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL.
/// On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_angle_f64(
    x: lapwing_vec_f64,
    y: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f64, _>([("x", x.into()), ("y", y.into())], value, |[x, y]| {
            Ok(angle(&x.column(0), &y.column(0))?)
        })
    })
}

/// As lapwing_angle_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_angle_f32(
    x: lapwing_vec_f32,
    y: lapwing_vec_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f32, _>([("x", x.into()), ("y", y.into())], value, |[x, y]| {
            Ok(angle(&x.column(0), &y.column(0))?)
        })
    })
}

/// The inner product transpose(x) * weight * y of a symmetric positive definite weight (n x n).
///
/// Returns LAPWING_ERR_NOT_SYMMETRIC or LAPWING_ERR_NOT_POSITIVE_DEFINITE (weight), LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// output is untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_weighted_inner_product_f64(
    weight: lapwing_mat_f64,
    x: lapwing_vec_f64,
    y: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f64, _>(
            [("weight", weight.into()), ("x", x.into()), ("y", y.into())],
            value,
            |[weight, x, y]| {
                Ok(WeightedInnerProduct::new(&weight)?.inner_product(&x.column(0), &y.column(0))?)
            },
        )
    })
}

/// As lapwing_weighted_inner_product_f64, in single precision. LAPACK: spotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_weighted_inner_product_f32(
    weight: lapwing_mat_f32,
    x: lapwing_vec_f32,
    y: lapwing_vec_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f32, _>(
            [("weight", weight.into()), ("x", x.into()), ("y", y.into())],
            value,
            |[weight, x, y]| {
                Ok(WeightedInnerProduct::new(&weight)?.inner_product(&x.column(0), &y.column(0))?)
            },
        )
    })
}

/// The norm sqrt(transpose(x) * weight * x) of a symmetric positive definite weight (n x n).
///
/// Returns LAPWING_ERR_NOT_SYMMETRIC or LAPWING_ERR_NOT_POSITIVE_DEFINITE (weight), LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// output is untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_weighted_norm_f64(
    weight: lapwing_mat_f64,
    x: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f64, _>([("weight", weight.into()), ("x", x.into())], value, |[weight, x]| {
            Ok(WeightedInnerProduct::new(&weight)?.norm(&x.column(0))?)
        })
    })
}

/// As lapwing_weighted_norm_f64, in single precision. LAPACK: spotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_weighted_norm_f32(
    weight: lapwing_mat_f32,
    x: lapwing_vec_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f32, _>([("weight", weight.into()), ("x", x.into())], value, |[weight, x]| {
            Ok(WeightedInnerProduct::new(&weight)?.norm(&x.column(0))?)
        })
    })
}

/// The angle between two vectors in the inner product of a symmetric positive definite weight (n x n), in radians.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a vector is zero), LAPWING_ERR_NOT_SYMMETRIC or
/// LAPWING_ERR_NOT_POSITIVE_DEFINITE (weight), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// output is untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_weighted_angle_f64(
    weight: lapwing_mat_f64,
    x: lapwing_vec_f64,
    y: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f64, _>(
            [("weight", weight.into()), ("x", x.into()), ("y", y.into())],
            value,
            |[weight, x, y]| Ok(WeightedInnerProduct::new(&weight)?.angle(&x.column(0), &y.column(0))?),
        )
    })
}

/// As lapwing_weighted_angle_f64, in single precision. LAPACK: spotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_weighted_angle_f32(
    weight: lapwing_mat_f32,
    x: lapwing_vec_f32,
    y: lapwing_vec_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_views::<f32, _>(
            [("weight", weight.into()), ("x", x.into()), ("y", y.into())],
            value,
            |[weight, x, y]| Ok(WeightedInnerProduct::new(&weight)?.angle(&x.column(0), &y.column(0))?),
        )
    })
}

/// One number made from matrices and vectors, which are matrices of one column.
///
/// # Safety
/// As [`definiteness_of`].
unsafe fn of_views<T: Scalar, const COUNT: usize>(
    views: [(&'static str, Unchecked<T>); COUNT],
    value: *mut T,
    compute: impl FnOnce([ArrayView2<T>; COUNT]) -> Result<T, Failure>,
) -> Result<(), Failure> {
    let mut checked = Vec::with_capacity(COUNT);
    for (name, view) in views {
        checked.push(view.input(name)?);
    }
    let value = Numbers::needed("value", value, 1)?;
    // SAFETY: this function's own condition.
    let found = compute(std::array::from_fn(|i| unsafe { checked[i].view() }))?;
    // SAFETY: as above.
    unsafe { value.write([found]) };
    Ok(())
}
