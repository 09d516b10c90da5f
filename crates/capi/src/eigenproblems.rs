//! Eigenvalues, Schur and Hessenberg forms of one general matrix; those of pencils are in [`crate::pencils`].

#![allow(clippy::too_many_arguments, reason = "C programs name every output")]

use lapwing_lapack::{
    Balancing, ComplexSchur, ConditionNumbers, Error, GeneralEigen, Hessenberg, Region, Scalar, Schur,
};
use ndarray::{Array2, ArrayRef2, ArrayView2, Axis};
use num_complex::Complex;

use crate::arguments::{column, order, require_separate};
use crate::guard::{guard, require_pointer};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// Eigenvalues stay in the order in which LAPACK finds them.
pub const LAPWING_ANYWHERE: i32 = 0;
/// Eigenvalues with a negative real part come first: those that are stable in continuous time.
pub const LAPWING_LEFT_HALF_PLANE: i32 = 1;
/// Eigenvalues with a positive real part come first.
pub const LAPWING_RIGHT_HALF_PLANE: i32 = 2;
/// Eigenvalues of modulus below one come first: those that are stable in discrete time.
pub const LAPWING_INSIDE_UNIT_CIRCLE: i32 = 3;
/// Eigenvalues of modulus above one come first.
pub const LAPWING_OUTSIDE_UNIT_CIRCLE: i32 = 4;

/// The matrix is permuted and scaled before its eigenvalues are computed. The default of LAPACK, NumPy and SciPy.
pub const LAPWING_BALANCE_BOTH: i32 = 0;
/// The matrix is left as it is.
pub const LAPWING_BALANCE_NONE: i32 = 1;
/// The matrix is permuted only.
pub const LAPWING_BALANCE_PERMUTE: i32 = 2;
/// The matrix is scaled only.
pub const LAPWING_BALANCE_SCALE: i32 = 3;

/// The region that a constant of C names; `None` for no preference.
pub(crate) fn region(region: i32) -> Result<Option<Region>, Failure> {
    Ok(match region {
        LAPWING_ANYWHERE => None,
        LAPWING_LEFT_HALF_PLANE => Some(Region::LeftHalfPlane),
        LAPWING_RIGHT_HALF_PLANE => Some(Region::RightHalfPlane),
        LAPWING_INSIDE_UNIT_CIRCLE => Some(Region::InsideUnitCircle),
        LAPWING_OUTSIDE_UNIT_CIRCLE => Some(Region::OutsideUnitCircle),
        _ => {
            return Err(unknown("region", region, "LAPWING_ANYWHERE (0) to LAPWING_OUTSIDE_UNIT_CIRCLE (4)"));
        }
    })
}

fn balancing(balancing: i32) -> Result<Balancing, Failure> {
    Ok(match balancing {
        LAPWING_BALANCE_BOTH => Balancing::PermuteAndScale,
        LAPWING_BALANCE_NONE => Balancing::None,
        LAPWING_BALANCE_PERMUTE => Balancing::Permute,
        LAPWING_BALANCE_SCALE => Balancing::Scale,
        _ => {
            let domain = "LAPWING_BALANCE_BOTH (0) to LAPWING_BALANCE_SCALE (3)";
            return Err(unknown("balancing", balancing, domain));
        }
    })
}

/// A constant that is none of its kind.
pub(crate) fn unknown(parameter: &'static str, value: i32, domain: &str) -> Failure {
    let (value, requirement) = (value.to_string(), domain.to_owned());
    Error::InvalidParameter { parameter, value, requirement }.into()
}

/// An output of this shape, or `None` when NULL data says that it is not wanted.
pub(crate) fn output_of<T>(
    view: Unchecked<T>,
    name: &'static str,
    shape: &[(usize, &'static str)],
) -> Result<Option<Strided<T>>, Failure> {
    let view = view.optional_output(name)?;
    if let Some(view) = &view {
        view.require_shape(shape)?;
    }
    Ok(view)
}

/// Writes an output where it is wanted.
///
/// # Safety
/// As [`Strided::write`].
pub(crate) unsafe fn write<T: Copy>(view: &Option<Strided<T>>, values: &ArrayRef2<T>) {
    if let Some(view) = view {
        // SAFETY: this function's own condition.
        unsafe { view.write(values) };
    }
}

/// The real and the imaginary part of complex numbers, which C programs get one by one.
pub(crate) fn parts<T: Scalar>(values: ArrayView2<Complex<T>>) -> (Array2<T>, Array2<T>) {
    (values.mapv(|z| z.re), values.mapv(|z| z.im))
}

/// Real Schur form, a = q * t * transpose(q), with the eigenvalues of one region first.
///
///  a        n x n, any strides; read only.
///  region   LAPWING_ANYWHERE, or which eigenvalues to move to the top: LAPWING_LEFT_HALF_PLANE,
///           LAPWING_RIGHT_HALF_PLANE, LAPWING_INSIDE_UNIT_CIRCLE or LAPWING_OUTSIDE_UNIT_CIRCLE.
///  w_re     the real parts of the n eigenvalues, in the order of the diagonal of t.
///  w_im     their imaginary parts. Conjugate ones are neighbours, the positive one first.
///  t        n x n, triangular but for a 2 x 2 block on the diagonal for each conjugate pair.
///  q        n x n, orthogonal; its first leading columns span the invariant subspace of the region's eigenvalues.
///  leading  receives how many eigenvalues were moved to the top; 0 for LAPWING_ANYWHERE.
///
/// Each output but leading may be a view with NULL data when it is not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_ARGUMENT (region),
/// LAPWING_ERR_DOES_NOT_EXIST (two eigenvalues are too close to change places), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgees, dtrsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_schur_f64(
    a: lapwing_mat_f64,
    region: i32,
    w_re: lapwing_vec_mut_f64,
    w_im: lapwing_vec_mut_f64,
    t: lapwing_mat_mut_f64,
    q: lapwing_mat_mut_f64,
    leading: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        schur::<f64>(a.into(), region, [w_re.into(), w_im.into()], t.into(), q.into(), leading)
    })
}

/// As lapwing_schur_f64, in single precision. LAPACK: sgees, strsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_schur_f32(
    a: lapwing_mat_f32,
    region: i32,
    w_re: lapwing_vec_mut_f32,
    w_im: lapwing_vec_mut_f32,
    t: lapwing_mat_mut_f32,
    q: lapwing_mat_mut_f32,
    leading: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        schur::<f32>(a.into(), region, [w_re.into(), w_im.into()], t.into(), q.into(), leading)
    })
}
/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require; `leading` is NULL
/// or writable.
unsafe fn schur<T: Scalar>(
    a: Unchecked<T>,
    region_of_c: i32,
    w: [Unchecked<T>; 2],
    t: Unchecked<T>,
    q: Unchecked<T>,
    leading: *mut i64,
) -> Result<(), Failure> {
    let region = region(region_of_c)?;
    require_pointer("leading", leading)?;
    let a = a.input("a")?;
    let side = (order(&a)?, "the order of a");
    let w_re = output_of(w[0], "w_re", &[side])?;
    let w_im = output_of(w[1], "w_im", &[side])?;
    let t = output_of(t, "t", &[side, side])?;
    let q = output_of(q, "q", &[side, side])?;
    require_separate(&[&a], &[w_re.as_ref(), w_im.as_ref(), t.as_ref(), q.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let mut schur = Schur::new(&unsafe { a.view() })?;
    if let Some(region) = region {
        schur = schur.reordered(|value| region.contains(value))?;
    }
    let (re, im) = parts(schur.eigenvalues().insert_axis(Axis(1)));
    // SAFETY: as above.
    unsafe {
        write(&w_re, &re);
        write(&w_im, &im);
        write(&t, &schur.t());
        write(&q, &schur.q());
        leading.write(schur.leading() as i64);
    }
    Ok(())
}

/// How sensitive the eigenvalues of one region and their invariant subspace, as lapwing_schur_f64 finds them, are to
/// perturbations of the matrix.
///
///  a           n x n, any strides; read only.
///  region      LAPWING_LEFT_HALF_PLANE, LAPWING_RIGHT_HALF_PLANE, LAPWING_INSIDE_UNIT_CIRCLE or
///              LAPWING_OUTSIDE_UNIT_CIRCLE; LAPWING_ANYWHERE counts as none of them.
///  mean        receives the reciprocal condition number of the mean of those eigenvalues, at most 1: a perturbation
///              e moves it by at most norm(e) over this, to first order; 1 when all or none are in the region. NULL
///              when not wanted.
///  separation  receives an estimate of the separation of those eigenvalues from the others: a perturbation e turns
///              the subspace by an angle of about norm(e) over this; the 1-norm of the matrix when all or none are in
///              the region. Rarely more than 3 times too large. NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_ARGUMENT (region),
/// LAPWING_ERR_DOES_NOT_EXIST (two eigenvalues are too close to change places), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error
/// the outputs are untouched. Thread-safe. LAPACK: dgees, dtrsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_schur_condition_f64(
    a: lapwing_mat_f64,
    region: i32,
    mean: *mut f64,
    separation: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { schur_condition::<f64>(a.into(), region, mean, separation) })
}

/// As lapwing_schur_condition_f64, in single precision. LAPACK: sgees, strsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_schur_condition_f32(
    a: lapwing_mat_f32,
    region: i32,
    mean: *mut f32,
    separation: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { schur_condition::<f32>(a.into(), region, mean, separation) })
}

/// # Safety
/// As [`schur`].
unsafe fn schur_condition<T: Scalar>(
    a: Unchecked<T>,
    region_of_c: i32,
    mean: *mut T,
    separation: *mut T,
) -> Result<(), Failure> {
    let region = region(region_of_c)?;
    let (mean, separation) =
        (Numbers::optional("mean", mean, 1)?, Numbers::optional("separation", separation, 1)?);
    let a = a.input("a")?;
    order(&a)?;
    // SAFETY: this function's own condition.
    let mut schur = Schur::new(&unsafe { a.view() })?;
    if let Some(region) = region {
        schur = schur.reordered(|value| region.contains(value))?;
    }
    let condition = schur.leading_condition()?;
    // SAFETY: as above.
    unsafe {
        mean.write([condition.mean]);
        separation.write([condition.separation]);
    }
    Ok(())
}

/// Complex Schur form of a real matrix, a = q * t * adjoint(q).
///
///  a           n x n, any strides; read only.
///  t_re, t_im  the parts of t, n x n, upper triangular; the eigenvalues are its diagonal.
///  q_re, q_im  the parts of q, n x n, unitary.
///
/// Each output may be a view with NULL data when it is not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgees.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_complex_schur_f64(
    a: lapwing_mat_f64,
    t_re: lapwing_mat_mut_f64,
    t_im: lapwing_mat_mut_f64,
    q_re: lapwing_mat_mut_f64,
    q_im: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        complex_schur::<f64>(a.into(), [t_re.into(), t_im.into()], [q_re.into(), q_im.into()])
    })
}

/// As lapwing_complex_schur_f64, in single precision. LAPACK: sgees.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_complex_schur_f32(
    a: lapwing_mat_f32,
    t_re: lapwing_mat_mut_f32,
    t_im: lapwing_mat_mut_f32,
    q_re: lapwing_mat_mut_f32,
    q_im: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        complex_schur::<f32>(a.into(), [t_re.into(), t_im.into()], [q_re.into(), q_im.into()])
    })
}
/// # Safety
/// As [`schur`].
unsafe fn complex_schur<T: Scalar>(
    a: Unchecked<T>,
    t: [Unchecked<T>; 2],
    q: [Unchecked<T>; 2],
) -> Result<(), Failure> {
    let a = a.input("a")?;
    let side = (order(&a)?, "the order of a");
    let t_re = output_of(t[0], "t_re", &[side, side])?;
    let t_im = output_of(t[1], "t_im", &[side, side])?;
    let q_re = output_of(q[0], "q_re", &[side, side])?;
    let q_im = output_of(q[1], "q_im", &[side, side])?;
    require_separate(&[&a], &[t_re.as_ref(), t_im.as_ref(), q_re.as_ref(), q_im.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let schur = ComplexSchur::new(&unsafe { a.view() })?;
    let (t, q) = (parts(schur.t()), parts(schur.q()));
    // SAFETY: as above.
    unsafe {
        write(&t_re, &t.0);
        write(&t_im, &t.1);
        write(&q_re, &q.0);
        write(&q_im, &q.1);
    }
    Ok(())
}

/// Eigenvalues and eigenvectors of a general matrix, a * v = v * diag(w).
///
///  a                  n x n, any strides; read only.
///  balancing          LAPWING_BALANCE_BOTH (0), the default of LAPACK; _NONE, _PERMUTE or _SCALE.
///  w_re, w_im         the parts of the n eigenvalues. Conjugate ones are neighbours, the positive one first.
///  right_re, right_im the parts of the right eigenvectors, n x n, in columns of 2-norm 1.
///  left_re, left_im   the parts of the left eigenvectors u, adjoint(u) * a = w * adjoint(u), likewise.
///  value_conditions   n reciprocal condition numbers of the eigenvalues, after balancing.
///  vector_conditions  n reciprocal condition numbers of the right eigenvectors, after balancing; several times the
///                     cost.
///  vector_condition   receives the condition number of the matrix of right eigenvectors, infinity where they are
///                     dependent: a matrix is nearly defective from about 1e7 on (4e2 in single precision). NULL
///                     when not wanted.
///
/// Each other output but w_re and w_im may be a view with NULL data when it is not wanted. With none, values alone
/// cost less than half.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_ARGUMENT (balancing), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgeevx.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eig_f64(
    a: lapwing_mat_f64,
    balancing: i32,
    w_re: lapwing_vec_mut_f64,
    w_im: lapwing_vec_mut_f64,
    right_re: lapwing_mat_mut_f64,
    right_im: lapwing_mat_mut_f64,
    left_re: lapwing_mat_mut_f64,
    left_im: lapwing_mat_mut_f64,
    value_conditions: lapwing_vec_mut_f64,
    vector_conditions: lapwing_vec_mut_f64,
    vector_condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        eig::<f64>(
            a.into(),
            balancing,
            [w_re.into(), w_im.into()],
            [right_re.into(), right_im.into(), left_re.into(), left_im.into()],
            [value_conditions.into(), vector_conditions.into()],
            vector_condition,
        )
    })
}

/// As lapwing_eig_f64, in single precision. LAPACK: sgeevx.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eig_f32(
    a: lapwing_mat_f32,
    balancing: i32,
    w_re: lapwing_vec_mut_f32,
    w_im: lapwing_vec_mut_f32,
    right_re: lapwing_mat_mut_f32,
    right_im: lapwing_mat_mut_f32,
    left_re: lapwing_mat_mut_f32,
    left_im: lapwing_mat_mut_f32,
    value_conditions: lapwing_vec_mut_f32,
    vector_conditions: lapwing_vec_mut_f32,
    vector_condition: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        eig::<f32>(
            a.into(),
            balancing,
            [w_re.into(), w_im.into()],
            [right_re.into(), right_im.into(), left_re.into(), left_im.into()],
            [value_conditions.into(), vector_conditions.into()],
            vector_condition,
        )
    })
}
/// # Safety
/// As [`schur`]; `vector_condition` is NULL or writable.
unsafe fn eig<T: Scalar>(
    a: Unchecked<T>,
    balancing_of_c: i32,
    w: [Unchecked<T>; 2],
    vectors: [Unchecked<T>; 4],
    conditions: [Unchecked<T>; 2],
    vector_condition: *mut T,
) -> Result<(), Failure> {
    let mut params = GeneralEigen::params().balancing(balancing(balancing_of_c)?);
    let (a, w_re, w_im) = (a.input("a")?, w[0].output("w_re")?, w[1].output("w_im")?);
    let side = (order(&a)?, "the order of a");
    w_re.require_shape(&[side])?;
    w_im.require_shape(&[side])?;
    let right_re = output_of(vectors[0], "right_re", &[side, side])?;
    let right_im = output_of(vectors[1], "right_im", &[side, side])?;
    let left_re = output_of(vectors[2], "left_re", &[side, side])?;
    let left_im = output_of(vectors[3], "left_im", &[side, side])?;
    let of_values = output_of(conditions[0], "value_conditions", &[side])?;
    let of_vectors = output_of(conditions[1], "vector_conditions", &[side])?;
    let optional = [&right_re, &right_im, &left_re, &left_im, &of_values, &of_vectors];
    let mut outputs = vec![Some(&w_re), Some(&w_im)];
    outputs.extend(optional.map(|output| output.as_ref()));
    require_separate(&[&a], &outputs)?;
    if !vector_condition.is_null() {
        require_pointer("vector_condition", vector_condition)?;
    }

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let matrix = unsafe { a.view() };
    if optional.iter().all(|output| output.is_none()) && vector_condition.is_null() {
        let values = params.values(&matrix)?;
        let (re, im) = parts(values.view().insert_axis(Axis(1)));
        // SAFETY: as above.
        unsafe {
            w_re.write(&re);
            w_im.write(&im);
        }
        return Ok(());
    }
    if left_re.is_some() || left_im.is_some() {
        params = params.left_vectors();
    }
    if of_vectors.is_some() {
        params = params.conditions(ConditionNumbers::ValuesAndVectors);
    } else if of_values.is_some() {
        params = params.conditions(ConditionNumbers::Values);
    }
    let eigen = params.compute(&matrix)?;
    let condition = if vector_condition.is_null() { None } else { Some(eigen.vector_condition()?) };
    let (re, im) = parts(eigen.values().insert_axis(Axis(1)));
    let right = parts(eigen.vectors());
    let left = eigen.left_vectors().map(parts);
    // SAFETY: as above; the pointer was found not to be NULL where there is a condition to write.
    unsafe {
        w_re.write(&re);
        w_im.write(&im);
        write(&right_re, &right.0);
        write(&right_im, &right.1);
        if let Some(left) = left {
            write(&left_re, &left.0);
            write(&left_im, &left.1);
        }
        if let Some(conditions) = eigen.conditions() {
            write(&of_values, &column(&conditions.values));
            write(&of_vectors, &column(&conditions.vectors));
        }
        if let Some(condition) = condition {
            vector_condition.write(condition);
        }
    }
    Ok(())
}

/// Hessenberg form, a = q * h * transpose(q).
///
///  a  n x n, any strides; read only.
///  h  n x n, zero below its first subdiagonal.
///  q  n x n, orthogonal.
///
/// Each output may be a view with NULL data when it is not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs
/// are untouched. Thread-safe. LAPACK: dgehrd, dorghr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hessenberg_f64(
    a: lapwing_mat_f64,
    h: lapwing_mat_mut_f64,
    q: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { hessenberg::<f64>(a.into(), h.into(), q.into()) })
}

/// As lapwing_hessenberg_f64, in single precision. LAPACK: sgehrd, sorghr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hessenberg_f32(
    a: lapwing_mat_f32,
    h: lapwing_mat_mut_f32,
    q: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { hessenberg::<f32>(a.into(), h.into(), q.into()) })
}
/// # Safety
/// As [`schur`].
unsafe fn hessenberg<T: Scalar>(a: Unchecked<T>, h: Unchecked<T>, q: Unchecked<T>) -> Result<(), Failure> {
    let a = a.input("a")?;
    let side = (order(&a)?, "the order of a");
    let h = output_of(h, "h", &[side, side])?;
    let q = output_of(q, "q", &[side, side])?;
    require_separate(&[&a], &[h.as_ref(), q.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let form = Hessenberg::new(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe {
        write(&h, &form.h());
        write(&q, &form.q());
    }
    Ok(())
}
