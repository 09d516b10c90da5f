//! Any system, by its structure: one generic function, and its two exports.

use std::ffi::c_char;

use lapwing_lapack::{Method, Scalar, Structure, Triangle};

use crate::arguments::require_separate;
use crate::guard::{copy_text, guard, require_pointer};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// There are no equations or no unknowns.
pub const LAPWING_STRUCTURE_EMPTY: i32 = 0;
/// Zero off the diagonal.
pub const LAPWING_STRUCTURE_DIAGONAL: i32 = 1;
/// Zero above the diagonal.
pub const LAPWING_STRUCTURE_LOWER_TRIANGULAR: i32 = 2;
/// Zero below the diagonal.
pub const LAPWING_STRUCTURE_UPPER_TRIANGULAR: i32 = 3;
/// Zero but for three diagonals.
pub const LAPWING_STRUCTURE_TRIDIAGONAL: i32 = 4;
/// Zero but for a band narrow enough to pay.
pub const LAPWING_STRUCTURE_BANDED: i32 = 5;
/// Symmetric, with positive eigenvalues.
pub const LAPWING_STRUCTURE_POSITIVE_DEFINITE: i32 = 6;
/// Symmetric, with eigenvalues of both signs.
pub const LAPWING_STRUCTURE_INDEFINITE: i32 = 7;
/// Square, with no structure.
pub const LAPWING_STRUCTURE_GENERAL: i32 = 8;
/// More rows than columns, of full column rank.
pub const LAPWING_STRUCTURE_OVERDETERMINED: i32 = 9;
/// More columns than rows, of full row rank.
pub const LAPWING_STRUCTURE_UNDERDETERMINED: i32 = 10;
/// Of less than full rank, to working precision.
pub const LAPWING_STRUCTURE_RANK_DEFICIENT: i32 = 11;

/// Zeros: there was nothing to solve.
pub const LAPWING_METHOD_NOTHING: i32 = 0;
/// Division by the diagonal.
pub const LAPWING_METHOD_DIVISION: i32 = 1;
/// Forward or backward substitution.
pub const LAPWING_METHOD_SUBSTITUTION: i32 = 2;
/// L * D * transpose(L) of three diagonals.
pub const LAPWING_METHOD_TRIDIAGONAL_CHOLESKY: i32 = 3;
/// LU of three diagonals.
pub const LAPWING_METHOD_TRIDIAGONAL_LU: i32 = 4;
/// Cholesky within the band.
pub const LAPWING_METHOD_BANDED_CHOLESKY: i32 = 5;
/// LU within the band.
pub const LAPWING_METHOD_BANDED_LU: i32 = 6;
/// Cholesky.
pub const LAPWING_METHOD_CHOLESKY: i32 = 7;
/// L * D * transpose(L) with rook pivoting.
pub const LAPWING_METHOD_LDLT: i32 = 8;
/// LU with row interchanges.
pub const LAPWING_METHOD_LU: i32 = 9;
/// QR, least squares.
pub const LAPWING_METHOD_QR: i32 = 10;
/// QR of the transpose, least norm.
pub const LAPWING_METHOD_QR_OF_TRANSPOSE: i32 = 11;
/// Singular values, least squares of least norm.
pub const LAPWING_METHOD_SVD: i32 = 12;

fn structure_constant(structure: Structure) -> i32 {
    match structure {
        Structure::Empty => LAPWING_STRUCTURE_EMPTY,
        Structure::Diagonal => LAPWING_STRUCTURE_DIAGONAL,
        Structure::Triangular(Triangle::Lower) => LAPWING_STRUCTURE_LOWER_TRIANGULAR,
        Structure::Triangular(Triangle::Upper) => LAPWING_STRUCTURE_UPPER_TRIANGULAR,
        Structure::Tridiagonal => LAPWING_STRUCTURE_TRIDIAGONAL,
        Structure::Banded { .. } => LAPWING_STRUCTURE_BANDED,
        Structure::PositiveDefinite => LAPWING_STRUCTURE_POSITIVE_DEFINITE,
        Structure::Indefinite => LAPWING_STRUCTURE_INDEFINITE,
        Structure::General => LAPWING_STRUCTURE_GENERAL,
        Structure::Overdetermined => LAPWING_STRUCTURE_OVERDETERMINED,
        Structure::Underdetermined => LAPWING_STRUCTURE_UNDERDETERMINED,
        Structure::RankDeficient => LAPWING_STRUCTURE_RANK_DEFICIENT,
        _ => -1,
    }
}

fn method_constant(method: Method) -> i32 {
    match method {
        Method::Nothing => LAPWING_METHOD_NOTHING,
        Method::Division => LAPWING_METHOD_DIVISION,
        Method::Substitution => LAPWING_METHOD_SUBSTITUTION,
        Method::TridiagonalCholesky => LAPWING_METHOD_TRIDIAGONAL_CHOLESKY,
        Method::TridiagonalLu => LAPWING_METHOD_TRIDIAGONAL_LU,
        Method::BandedCholesky => LAPWING_METHOD_BANDED_CHOLESKY,
        Method::BandedLu => LAPWING_METHOD_BANDED_LU,
        Method::Cholesky => LAPWING_METHOD_CHOLESKY,
        Method::Ldlt => LAPWING_METHOD_LDLT,
        Method::Lu => LAPWING_METHOD_LU,
        Method::Qr => LAPWING_METHOD_QR,
        Method::QrOfTranspose => LAPWING_METHOD_QR_OF_TRANSPOSE,
        Method::Svd => LAPWING_METHOD_SVD,
        _ => -1,
    }
}

/// Solves a * x = b for any matrix, by the method that its structure deserves: diagonal, triangular, tridiagonal, banded,
/// symmetric, general, overdetermined, underdetermined, rank-deficient. Always the least squares solution of least norm,
/// which for a regular matrix is the solution.
///
///  a           m x n, any strides; read only.
///  b           m x k, one right-hand side per column; a vector is m x 1.
///  x           n x k.
///  structure   receives one of the LAPWING_STRUCTURE_ constants, -1 for one that this header does not know; or NULL.
///  method      receives one of the LAPWING_METHOD_ constants, -1 likewise; or NULL.
///  rank        receives the rank of a to working precision; or NULL. Below min(m,n), x is one of many solutions, or none.
///  reciprocal  receives an estimate of the reciprocal condition number, 0 of a rank-deficient matrix; or NULL.
///  text        receives the explanation in words, as lapwing_last_error gives its message; or NULL.
///  capacity    how many bytes text has room for.
///  length      receives the length of the whole explanation without its terminating NUL; or NULL.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_NO_CONVERGENCE,
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, dgetrf, dpotrf, dsytrf_rook, dgeqrf, dgbtrf, dgttrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
    structure: *mut i32,
    method: *mut i32,
    rank: *mut i64,
    reciprocal: *mut f64,
    text: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        solve::<f64>(
            a.into(),
            b.into(),
            x.into(),
            structure,
            method,
            rank,
            reciprocal,
            text,
            capacity,
            length,
        )
    })
}

/// As lapwing_solve_f64, in single precision. LAPACK: sgesdd, sgetrf, spotrf, ssytrf_rook, sgeqrf, sgbtrf, sgttrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
    structure: *mut i32,
    method: *mut i32,
    rank: *mut i64,
    reciprocal: *mut f32,
    text: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        solve::<f32>(
            a.into(),
            b.into(),
            x.into(),
            structure,
            method,
            rank,
            reciprocal,
            text,
            capacity,
            length,
        )
    })
}

/// # Safety
/// The memory that the views describe is there, as `Strided::view` and `Strided::write` require; that behind the pointers
/// likewise, unless they are NULL; `text` has room for `capacity` bytes.
#[expect(clippy::too_many_arguments, reason = "the export's own list")]
unsafe fn solve<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
    structure: *mut i32,
    method: *mut i32,
    rank: *mut i64,
    reciprocal: *mut T,
    text: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> Result<(), Failure> {
    require_aligned("structure", structure)?;
    require_aligned("method", method)?;
    require_aligned("rank", rank)?;
    require_aligned("reciprocal", reciprocal)?;
    require_aligned("length", length)?;
    let (a, b, x) = (a.input("a")?, b.input("b")?, x.output("x")?);
    let [rows, cols] = a.shape();
    b.require_shape(&[(rows, "the rows of a")])?;
    x.require_shape(&[(cols, "the columns of a"), (b.shape()[1], "the columns of b")])?;
    require_separate(&[&a, &b], &[Some(&x)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let solution = lapwing_lapack::solve(&unsafe { a.view() }, &unsafe { b.view() })?;
    let plan = solution.plan();
    // SAFETY: as above.
    unsafe {
        x.write(solution.x());
        write_unless_null(structure, structure_constant(plan.structure));
        write_unless_null(method, method_constant(plan.method));
        write_unless_null(rank, plan.rank as i64);
        write_unless_null(reciprocal, T::from_f64(plan.reciprocal_condition));
        write_unless_null(length, copy_text(&solution.explain(), text, capacity));
    }
    Ok(())
}

fn require_aligned<T>(name: &str, pointer: *const T) -> Result<(), Failure> {
    if pointer.is_null() { Ok(()) } else { require_pointer(name, pointer) }
}

/// # Safety
/// `pointer`, unless NULL, may be written to.
unsafe fn write_unless_null<T>(pointer: *mut T, value: T) {
    if !pointer.is_null() {
        // SAFETY: this function's own condition.
        unsafe { pointer.write(value) };
    }
}
