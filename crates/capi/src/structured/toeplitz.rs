//! Toeplitz, Hankel and circulant matrices, and convolutions.

use lapwing_lapack::structured::{Circulant, ConvolutionMode, Hankel, Toeplitz};
use lapwing_lapack::{Scalar, structured};

use super::{choice, extents, fill};
use crate::arguments::{column, require_separate};
use crate::guard::guard;
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// All m + n - 1 entries of the convolution of m numbers with n.
pub const LAPWING_CONVOLUTION_FULL: i32 = 0;
/// The middle max(m, n) of them.
pub const LAPWING_CONVOLUTION_SAME: i32 = 1;
/// Those where the shorter lies within the longer.
pub const LAPWING_CONVOLUTION_VALID: i32 = 2;

fn convolution_mode(mode: i32) -> Result<ConvolutionMode, Failure> {
    let requirement =
        "LAPWING_CONVOLUTION_FULL (0), LAPWING_CONVOLUTION_SAME (1) or LAPWING_CONVOLUTION_VALID (2)";
    choice(
        "mode",
        mode,
        requirement,
        &[
            (LAPWING_CONVOLUTION_FULL, ConvolutionMode::Full),
            (LAPWING_CONVOLUTION_SAME, ConvolutionMode::Same),
            (LAPWING_CONVOLUTION_VALID, ConvolutionMode::Valid),
        ],
    )
}

/// How many entries the mode keeps; of nothing, which is refused later, none.
fn rows_of_convolution(mode: ConvolutionMode, m: usize, n: usize) -> usize {
    let (shorter, longer) = (m.min(n), m.max(n));
    match mode {
        _ if shorter == 0 => 0,
        ConvolutionMode::Full => longer.saturating_add(shorter - 1),
        ConvolutionMode::Same => longer,
        ConvolutionMode::Valid => longer - (shorter - 1),
    }
}

/// The Toeplitz matrix with first column c (m entries) and first row r (n entries, the first of which is ignored), m x n.
/// Entries may be NaN.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_toeplitz_f64(
    c: lapwing_vec_f64,
    r: lapwing_vec_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { toeplitz::<f64>(c.into(), r.into(), out.into()) })
}

/// As lapwing_toeplitz_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_toeplitz_f32(
    c: lapwing_vec_f32,
    r: lapwing_vec_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { toeplitz::<f32>(c.into(), r.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn toeplitz<T: Scalar>(c: Unchecked<T>, r: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("r", r)],
            ("out", out),
            |[c, r]| [(c[0], "the entries of c"), (r[0], "the entries of r")],
            |[c, r]| structured::toeplitz(&c.column(0), &r.column(0)),
        )
    }
}

/// The product of a Toeplitz matrix with the columns of x, by fast Fourier transforms.
///
///  c  m entries: the first column.
///  r  n entries: the first row; its first entry is ignored.
///  x  n x k.
///  y  m x k.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_toeplitz_apply_f64(
    c: lapwing_vec_f64,
    r: lapwing_vec_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { toeplitz_apply::<f64>(c.into(), r.into(), x.into(), y.into()) })
}

/// As lapwing_toeplitz_apply_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_toeplitz_apply_f32(
    c: lapwing_vec_f32,
    r: lapwing_vec_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { toeplitz_apply::<f32>(c.into(), r.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn toeplitz_apply<T: Scalar>(
    c: Unchecked<T>,
    r: Unchecked<T>,
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("r", r), ("x", x)],
            ("y", y),
            |[c, _r, x]| [(c[0], "the entries of c"), (x[1], "the columns of x")],
            |[c, r, x]| Toeplitz::new(&c.column(0), &r.column(0))?.apply(&x),
        )
    }
}

/// The Hankel matrix with first column c (m entries) and last row r (n entries, the first of which is ignored), m x n.
/// Entries may be NaN.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hankel_f64(
    c: lapwing_vec_f64,
    r: lapwing_vec_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hankel::<f64>(c.into(), r.into(), out.into()) })
}

/// As lapwing_hankel_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hankel_f32(
    c: lapwing_vec_f32,
    r: lapwing_vec_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hankel::<f32>(c.into(), r.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn hankel<T: Scalar>(c: Unchecked<T>, r: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("r", r)],
            ("out", out),
            |[c, r]| [(c[0], "the entries of c"), (r[0], "the entries of r")],
            |[c, r]| structured::hankel(&c.column(0), &r.column(0)),
        )
    }
}

/// The product of a Hankel matrix with the columns of x, by fast Fourier transforms.
///
///  c  m entries: the first column.
///  r  n entries: the last row; its first entry is ignored.
///  x  n x k.
///  y  m x k.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hankel_apply_f64(
    c: lapwing_vec_f64,
    r: lapwing_vec_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hankel_apply::<f64>(c.into(), r.into(), x.into(), y.into()) })
}

/// As lapwing_hankel_apply_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hankel_apply_f32(
    c: lapwing_vec_f32,
    r: lapwing_vec_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hankel_apply::<f32>(c.into(), r.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn hankel_apply<T: Scalar>(
    c: Unchecked<T>,
    r: Unchecked<T>,
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("r", r), ("x", x)],
            ("y", y),
            |[c, _r, x]| [(c[0], "the entries of c"), (x[1], "the columns of x")],
            |[c, r, x]| Hankel::new(&c.column(0), &r.column(0))?.apply(&x),
        )
    }
}

/// The circulant matrix with first column c (n entries), n x n. Entries may be NaN.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_f64(
    c: lapwing_vec_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant::<f64>(c.into(), out.into()) })
}

/// As lapwing_circulant_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_f32(
    c: lapwing_vec_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant::<f32>(c.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn circulant<T: Scalar>(c: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c)],
            ("out", out),
            |[c]| [(c[0], "the entries of c"), (c[0], "the entries of c")],
            |[c]| structured::circulant(&c.column(0)),
        )
    }
}

/// The product of the circulant matrix with first column c (n entries) with the columns of x, by fast Fourier transforms.
///
///  x  n x k.
///  y  n x k.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_apply_f64(
    c: lapwing_vec_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant_apply::<f64>(c.into(), x.into(), y.into()) })
}

/// As lapwing_circulant_apply_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_apply_f32(
    c: lapwing_vec_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant_apply::<f32>(c.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn circulant_apply<T: Scalar>(
    c: Unchecked<T>,
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("x", x)],
            ("y", y),
            |[c, x]| [(c[0], "the entries of c"), (x[1], "the columns of x")],
            |[c, x]| Circulant::new(&c.column(0))?.apply(&x),
        )
    }
}

/// The solution x of circulant(c) * x = b, for every column of b, by fast Fourier transforms.
///
///  c  n entries: the first column.
///  b  n x k.
///  x  n x k.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (an eigenvalue is 0 to rounding), and as lapwing_circulant_apply_f64.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_solve_f64(
    c: lapwing_vec_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant_solve::<f64>(c.into(), b.into(), x.into()) })
}

/// As lapwing_circulant_solve_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_solve_f32(
    c: lapwing_vec_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant_solve::<f32>(c.into(), b.into(), x.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn circulant_solve<T: Scalar>(
    c: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("b", b)],
            ("x", x),
            |[c, b]| [(c[0], "the entries of c"), (b[1], "the columns of b")],
            |[c, b]| Circulant::new(&c.column(0))?.solve(&b),
        )
    }
}

/// The matrix that convolves a vector of n entries with a (m entries): its columns are n.
///
///  mode  LAPWING_CONVOLUTION_FULL for m + n - 1 rows, LAPWING_CONVOLUTION_SAME for the middle max(m,n) of them,
///        LAPWING_CONVOLUTION_VALID for the max(m,n) - min(m,n) + 1 where the shorter lies within the longer.
///
/// Returns LAPWING_ERR_ARGUMENT (mode, or m or n is 0), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_convolution_matrix_f64(
    a: lapwing_vec_f64,
    mode: i32,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { convolution_matrix::<f64>(a.into(), mode, out.into()) })
}

/// As lapwing_convolution_matrix_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_convolution_matrix_f32(
    a: lapwing_vec_f32,
    mode: i32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { convolution_matrix::<f32>(a.into(), mode, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn convolution_matrix<T: Scalar>(
    a: Unchecked<T>,
    mode: i32,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let (mode, (_, n)) = (convolution_mode(mode)?, extents("out", &out)?);
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a)],
            ("out", out),
            |[a]| [(rows_of_convolution(mode, a[0], n), "what the mode keeps"), (n, "its own columns")],
            |[a]| structured::convolution_matrix(&a.column(0), n, mode),
        )
    }
}

/// The convolution of a (m entries) with x (n entries), by fast Fourier transforms where both are long. The entries of y
/// are the rows of lapwing_convolution_matrix_f64 with the same mode.
///
/// Returns LAPWING_ERR_ARGUMENT (mode, or m or n is 0), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_convolve_f64(
    a: lapwing_vec_f64,
    x: lapwing_vec_f64,
    mode: i32,
    y: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { convolve::<f64>(a.into(), x.into(), mode, y.into()) })
}

/// As lapwing_convolve_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_convolve_f32(
    a: lapwing_vec_f32,
    x: lapwing_vec_f32,
    mode: i32,
    y: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { convolve::<f32>(a.into(), x.into(), mode, y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn convolve<T: Scalar>(
    a: Unchecked<T>,
    x: Unchecked<T>,
    mode: i32,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    let mode = convolution_mode(mode)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a), ("x", x)],
            ("y", y),
            |[a, x]| [(rows_of_convolution(mode, a[0], x[0]), "what the mode keeps"), (1, "a vector")],
            |[a, x]| structured::convolve(&a.column(0), &x, mode),
        )
    }
}

/// The eigenvalues of the circulant matrix with first column c (n entries): entry k is the sum over j of c[j] times the
/// exponential of -2 pi i j k / n. The eigenvector of k is the exponential of 2 pi i j k / n.
///
///  re, im  n entries each: the real and the imaginary parts.
///
/// Returns as lapwing_circulant_apply_f64.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_eigenvalues_f64(
    c: lapwing_vec_f64,
    re: lapwing_vec_mut_f64,
    im: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant_eigenvalues::<f64>(c.into(), re.into(), im.into()) })
}

/// As lapwing_circulant_eigenvalues_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_eigenvalues_f32(
    c: lapwing_vec_f32,
    re: lapwing_vec_mut_f32,
    im: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant_eigenvalues::<f32>(c.into(), re.into(), im.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn circulant_eigenvalues<T: Scalar>(
    c: Unchecked<T>,
    re: Unchecked<T>,
    im: Unchecked<T>,
) -> Result<(), Failure> {
    let (c, re, im) = (c.input("c")?, re.output("re")?, im.output("im")?);
    let [n, _] = c.shape();
    re.require_shape(&[(n, "the entries of c")])?;
    im.require_shape(&[(n, "the entries of c")])?;
    require_separate(&[&c], &[Some(&re), Some(&im)])?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let values = Circulant::new(&unsafe { c.view() }.column(0))?.eigenvalues()?;
    // SAFETY: as above.
    unsafe {
        re.write(&column(&values.mapv(|z| z.re)));
        im.write(&column(&values.mapv(|z| z.im)));
    }
    Ok(())
}

/// The reciprocal condition number, in the 2-norm, of the circulant matrix with first column c (n entries): the least
/// modulus of an eigenvalue over the largest. 1 for an empty matrix, 0 for one of zeros.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error reciprocal is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_reciprocal_condition_f64(
    c: lapwing_vec_f64,
    reciprocal: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { circulant_reciprocal_condition::<f64>(c.into(), reciprocal) })
}

/// As lapwing_circulant_reciprocal_condition_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_reciprocal_condition_f32(
    c: lapwing_vec_f32,
    reciprocal: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { circulant_reciprocal_condition::<f32>(c.into(), reciprocal) })
}

/// # Safety
/// As [`fill`]; `reciprocal` is NULL or can be written to.
unsafe fn circulant_reciprocal_condition<T: Scalar>(
    c: Unchecked<T>,
    reciprocal: *mut T,
) -> Result<(), Failure> {
    let (c, reciprocal) = (c.input("c")?, Numbers::needed("reciprocal", reciprocal, 1)?);
    // SAFETY: this function's own condition.
    let condition = Circulant::new(&unsafe { c.view() }.column(0))?.reciprocal_condition();
    // SAFETY: as above.
    unsafe { reciprocal.write([condition]) };
    Ok(())
}
