//! The nearest matrix of low rank, the nearest orthogonal one, the nearest motion: one generic function each, and its two
//! exports.

use lapwing_lapack::rank::Tolerance;
use lapwing_lapack::{Error, LowRank, Polar, Procrustes, Scalar, Truncation};

use crate::arguments::{column, require_separate};
use crate::guard::guard;
use crate::numbers::{Numbers, constant};
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// Keep this many singular values: a whole number, at least 0.
pub const LAPWING_KEEP_RANK: i32 = 0;
/// Keep the singular values above this number, which so bounds the error in the 2-norm.
pub const LAPWING_KEEP_ABOVE: i32 = 1;
/// Keep the singular values above this number times the largest.
pub const LAPWING_KEEP_ABOVE_RELATIVE: i32 = 2;
/// Keep the fewest singular values whose squares hold this share of the sum of all, above 0 and at most 1.
pub const LAPWING_KEEP_ENERGY: i32 = 3;

/// a = u * p, with p on the right.
pub const LAPWING_POLAR_RIGHT: i32 = 0;
/// a = p * u, with p on the left.
pub const LAPWING_POLAR_LEFT: i32 = 1;

/// Reflections are excluded: the determinant is +1.
pub const LAPWING_PROCRUSTES_ROTATION_ONLY: i32 = 1;
/// The scale is fitted.
pub const LAPWING_PROCRUSTES_SCALE: i32 = 2;
/// The translation is fitted.
pub const LAPWING_PROCRUSTES_TRANSLATION: i32 = 4;

/// The best approximation of a matrix by one of low rank, u * diag(s) * vt: no other of that rank is nearer, in the 2-norm
/// or in the Frobenius norm.
///
///  a          m x n, any strides; read only.
///  keep       how to choose the rank: LAPWING_KEEP_RANK, LAPWING_KEEP_ABOVE, LAPWING_KEEP_ABOVE_RELATIVE or
///             LAPWING_KEEP_ENERGY.
///  value      the number for that.
///  u          m x min(m,n), of which the first rank columns are written; a view with NULL data when not wanted.
///  s          min(m,n) entries, of which the first rank are written, largest first; likewise.
///  vt         min(m,n) x n, of which the first rank rows are written; likewise.
///  product    m x n, the approximation itself; likewise.
///  rank       its rank.
///  spectral   its error in the 2-norm; NULL when not wanted.
///  frobenius  its error in the Frobenius norm; likewise.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (keep, value), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_low_rank_f64(
    a: lapwing_mat_f64,
    keep: i32,
    value: f64,
    u: lapwing_mat_mut_f64,
    s: lapwing_vec_mut_f64,
    vt: lapwing_mat_mut_f64,
    product: lapwing_mat_mut_f64,
    rank: *mut i64,
    spectral: *mut f64,
    frobenius: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        low_rank::<f64>(
            a.into(),
            keep,
            value,
            u.into(),
            s.into(),
            vt.into(),
            product.into(),
            rank,
            spectral,
            frobenius,
        )
    })
}

/// As lapwing_low_rank_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_low_rank_f32(
    a: lapwing_mat_f32,
    keep: i32,
    value: f64,
    u: lapwing_mat_mut_f32,
    s: lapwing_vec_mut_f32,
    vt: lapwing_mat_mut_f32,
    product: lapwing_mat_mut_f32,
    rank: *mut i64,
    spectral: *mut f32,
    frobenius: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        low_rank::<f32>(
            a.into(),
            keep,
            value,
            u.into(),
            s.into(),
            vt.into(),
            product.into(),
            rank,
            spectral,
            frobenius,
        )
    })
}

/// # Safety
/// The memory that the views and pointers describe is there, as [`Strided::view`], [`Strided::write`] and
/// [`Numbers::write`] require.
///
/// [`Strided::view`]: crate::strided::Strided::view
/// [`Strided::write`]: crate::strided::Strided::write
#[expect(clippy::too_many_arguments, reason = "an export's own arguments")]
unsafe fn low_rank<T: Scalar>(
    a: Unchecked<T>,
    keep: i32,
    value: f64,
    u: Unchecked<T>,
    s: Unchecked<T>,
    vt: Unchecked<T>,
    product: Unchecked<T>,
    rank: *mut i64,
    spectral: *mut T,
    frobenius: *mut T,
) -> Result<(), Failure> {
    let truncation = truncation(keep, value)?;
    let (a, u, s) = (a.input("a")?, u.optional_output("u")?, s.optional_output("s")?);
    let (vt, product) = (vt.optional_output("vt")?, product.optional_output("product")?);
    let rank = Numbers::needed("rank", rank, 1)?;
    let spectral = Numbers::optional("spectral", spectral, 1)?;
    let frobenius = Numbers::optional("frobenius", frobenius, 1)?;
    let [rows, cols] = a.shape();
    let (of_rows, of_cols) = ((rows, "the rows of a"), (cols, "the columns of a"));
    let smaller = (rows.min(cols), "the smaller extent of a");
    let shapes = [(&u, [of_rows, smaller]), (&vt, [smaller, of_cols]), (&product, [of_rows, of_cols])];
    for (output, shape) in shapes {
        output.as_ref().map_or(Ok(()), |output| output.require_shape(&shape))?;
    }
    s.as_ref().map_or(Ok(()), |s| s.require_shape(&[smaller]))?;
    require_separate(&[&a], &[u.as_ref(), s.as_ref(), vt.as_ref(), product.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let best = LowRank::new(&unsafe { a.view() }, truncation)?;
    let whole = product.as_ref().map(|_| best.to_matrix()).transpose()?;
    let values = best.singular_values();
    let (u_values, s_values, vt_values) = (best.u(), column(&values), best.vt());
    for (output, values) in [(u, u_values), (s, s_values), (vt, vt_values)] {
        if let Some(output) = output {
            // SAFETY: as above.
            unsafe { output.write_leading(&values) };
        }
    }
    // SAFETY: as above.
    unsafe {
        if let (Some(product), Some(whole)) = (product, whole) {
            product.write(&whole);
        }
        rank.write([best.rank() as i64]);
        spectral.write([best.spectral_error()]);
        frobenius.write([best.frobenius_error()]);
    }
    Ok(())
}

/// The truncation that a constant and a number stand for.
fn truncation(keep: i32, value: f64) -> Result<Truncation, Failure> {
    let invalid = |parameter, value: String, requirement: &str| {
        Err(Error::InvalidParameter { parameter, value, requirement: requirement.to_owned() }.into())
    };
    match keep {
        // Whole numbers up to 2⁵³ are exact.
        LAPWING_KEEP_RANK if value >= 0.0 && value.fract() == 0.0 && value <= 9007199254740992.0 => {
            Ok(Truncation::Rank(value as usize))
        }
        LAPWING_KEEP_RANK => invalid("value", value.to_string(), "a whole number, at least 0"),
        LAPWING_KEEP_ABOVE => Ok(Truncation::Tolerance(Tolerance::Absolute(value))),
        LAPWING_KEEP_ABOVE_RELATIVE => Ok(Truncation::Tolerance(Tolerance::Relative(value))),
        LAPWING_KEEP_ENERGY => Ok(Truncation::Energy(value)),
        _ => invalid(
            "keep",
            keep.to_string(),
            "LAPWING_KEEP_RANK (0), _ABOVE (1), _ABOVE_RELATIVE (2) or _ENERGY (3)",
        ),
    }
}

/// Polar decomposition, a = u * p or a = p * u: u is the nearest matrix with orthonormal columns (or rows, if m < n), and p
/// is symmetric and positive semidefinite.
///
///  a     m x n, any strides; read only.
///  side  LAPWING_POLAR_RIGHT or LAPWING_POLAR_LEFT.
///  u     m x n; a view with NULL data when not wanted.
///  p     n x n when on the right, m x m when on the left; likewise.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (side), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polar_f64(
    a: lapwing_mat_f64,
    side: i32,
    u: lapwing_mat_mut_f64,
    p: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { polar::<f64>(a.into(), side, u.into(), p.into()) })
}

/// As lapwing_polar_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polar_f32(
    a: lapwing_mat_f32,
    side: i32,
    u: lapwing_mat_mut_f32,
    p: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { polar::<f32>(a.into(), side, u.into(), p.into()) })
}

/// # Safety
/// As [`low_rank`].
unsafe fn polar<T: Scalar>(
    a: Unchecked<T>,
    side: i32,
    u: Unchecked<T>,
    p: Unchecked<T>,
) -> Result<(), Failure> {
    let sides = [LAPWING_POLAR_RIGHT, LAPWING_POLAR_LEFT];
    let side = constant("side", side, &sides, "LAPWING_POLAR_RIGHT (0) or LAPWING_POLAR_LEFT (1)")?;
    let (a, u, p) = (a.input("a")?, u.optional_output("u")?, p.optional_output("p")?);
    let [rows, cols] = a.shape();
    let (of_rows, of_cols) = ((rows, "the rows of a"), (cols, "the columns of a"));
    let order = if side == LAPWING_POLAR_RIGHT { of_cols } else { of_rows };
    u.as_ref().map_or(Ok(()), |u| u.require_shape(&[of_rows, of_cols]))?;
    p.as_ref().map_or(Ok(()), |p| p.require_shape(&[order, order]))?;
    require_separate(&[&a], &[u.as_ref(), p.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let polar = Polar::new(&unsafe { a.view() })?;
    let stretch = || if side == LAPWING_POLAR_RIGHT { polar.right() } else { polar.left() };
    let values = p.as_ref().map(|_| stretch()).transpose()?;
    // SAFETY: as above.
    unsafe {
        if let Some(u) = u {
            u.write(&polar.orthogonal());
        }
        if let (Some(p), Some(values)) = (p, values) {
            p.write(&values);
        }
    }
    Ok(())
}

/// The orthogonal matrix, and if wanted the scale and the translation, that take the rows of one matrix nearest to those
/// of another: they minimize the Frobenius norm of scale * a * rotation + translation - b.
///
///  a            m x n, any strides; read only.
///  b            m x n, any strides; read only.
///  choices      0, or a sum of LAPWING_PROCRUSTES_ROTATION_ONLY, LAPWING_PROCRUSTES_SCALE and
///               LAPWING_PROCRUSTES_TRANSLATION.
///  rotation     n x n.
///  translation  n entries, 0 unless fitted; a view with NULL data when not wanted.
///  scale        1 unless fitted; NULL when not wanted.
///  residual     what remains, in the Frobenius norm; likewise.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (no scale fits points that are all the same), LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_ARGUMENT (choices), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_procrustes_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    choices: i32,
    rotation: lapwing_mat_mut_f64,
    translation: lapwing_vec_mut_f64,
    scale: *mut f64,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        procrustes::<f64>(a.into(), b.into(), choices, rotation.into(), translation.into(), scale, residual)
    })
}

/// As lapwing_procrustes_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_procrustes_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    choices: i32,
    rotation: lapwing_mat_mut_f32,
    translation: lapwing_vec_mut_f32,
    scale: *mut f32,
    residual: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        procrustes::<f32>(a.into(), b.into(), choices, rotation.into(), translation.into(), scale, residual)
    })
}

/// # Safety
/// As [`low_rank`].
unsafe fn procrustes<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    choices: i32,
    rotation: Unchecked<T>,
    translation: Unchecked<T>,
    scale: *mut T,
    residual: *mut T,
) -> Result<(), Failure> {
    if !(0..8).contains(&choices) {
        let requirement = "a sum of the LAPWING_PROCRUSTES_ constants, 0 to 7".to_owned();
        let (parameter, value) = ("choices", choices.to_string());
        return Err(Error::InvalidParameter { parameter, value, requirement }.into());
    }
    let mut params = Procrustes::params();
    if choices & LAPWING_PROCRUSTES_ROTATION_ONLY != 0 {
        params = params.rotation_only();
    }
    if choices & LAPWING_PROCRUSTES_SCALE != 0 {
        params = params.fit_scale();
    }
    if choices & LAPWING_PROCRUSTES_TRANSLATION != 0 {
        params = params.fit_translation();
    }
    let (a, b, rotation) = (a.input("a")?, b.input("b")?, rotation.output("rotation")?);
    let translation = translation.optional_output("translation")?;
    let scale = Numbers::optional("scale", scale, 1)?;
    let residual = Numbers::optional("residual", residual, 1)?;
    let of_cols = (a.shape()[1], "the columns of a");
    b.require_shape(&[(a.shape()[0], "the rows of a"), of_cols])?;
    rotation.require_shape(&[of_cols, of_cols])?;
    translation.as_ref().map_or(Ok(()), |translation| translation.require_shape(&[of_cols]))?;
    require_separate(&[&a, &b], &[Some(&rotation), translation.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let fit = params.fit(&unsafe { a.view() }, &unsafe { b.view() })?;
    // SAFETY: as above.
    unsafe {
        rotation.write(&fit.rotation());
        if let Some(translation) = translation {
            translation.write(&column(&fit.translation()));
        }
        scale.write([fit.scale()]);
        residual.write([fit.residual()]);
    }
    Ok(())
}
