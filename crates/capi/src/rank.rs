//! Ranks of a matrix and of its columns: one generic function each, and its two exports.

use lapwing_lapack::rank::{RankReport, Tolerance, analyze_columns, analyze_rank, energy_rank};
use lapwing_lapack::{Error, Scalar, zeros};

use crate::arguments::{column, require_separate};
use crate::guard::guard;
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// A singular value counts as zero up to max(m,n) machine epsilons times the largest: the default of NumPy and SciPy.
pub const LAPWING_TOLERANCE_STANDARD: i32 = 0;
/// A singular value counts as zero up to the number that is given.
pub const LAPWING_TOLERANCE_ABSOLUTE: i32 = 1;
/// A singular value counts as zero up to the number that is given, times the largest.
pub const LAPWING_TOLERANCE_RELATIVE: i32 = 2;

/// The tolerance that a rule and a number stand for.
pub(crate) fn tolerance_of(rule: i32, tolerance: f64) -> Result<Tolerance, Failure> {
    match rule {
        LAPWING_TOLERANCE_STANDARD => Ok(Tolerance::Standard),
        LAPWING_TOLERANCE_ABSOLUTE => Ok(Tolerance::Absolute(tolerance)),
        LAPWING_TOLERANCE_RELATIVE => Ok(Tolerance::Relative(tolerance)),
        _ => Err(Error::InvalidParameter {
            parameter: "rule",
            value: rule.to_string(),
            requirement: "LAPWING_TOLERANCE_STANDARD (0), _ABSOLUTE (1) or _RELATIVE (2)".to_owned(),
        }
        .into()),
    }
}

/// The numerical rank of a matrix: how many of its singular values are above the tolerance.
///
///  a          m x n, any strides; read only.
///  rule       where a singular value counts as zero: LAPWING_TOLERANCE_STANDARD, _ABSOLUTE or _RELATIVE.
///  tolerance  the number for that rule, finite and at least 0; not read for the standard one.
///  s          min(m,n) singular values, largest first; a view with NULL data when not wanted.
///  rank       their number above the tolerance.
///  clear_cut  1 if a tolerance a hundred times larger or smaller would have led to the same rank, 0 if the rank is
///             open to doubt; NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_rank_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    s: lapwing_vec_mut_f64,
    rank: *mut i64,
    clear_cut: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { numerical_rank::<f64>(a.into(), rule, tolerance, s.into(), rank, clear_cut) })
}

/// As lapwing_rank_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_rank_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    s: lapwing_vec_mut_f32,
    rank: *mut i64,
    clear_cut: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { numerical_rank::<f32>(a.into(), rule, tolerance, s.into(), rank, clear_cut) })
}

/// # Safety
/// The memory that the views and pointers describe is there, as [`Strided::view`], [`Strided::write`] and
/// [`Numbers::write`] require.
///
/// [`Strided::view`]: crate::strided::Strided::view
/// [`Strided::write`]: crate::strided::Strided::write
unsafe fn numerical_rank<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    s: Unchecked<T>,
    rank: *mut i64,
    clear_cut: *mut i32,
) -> Result<(), Failure> {
    let tolerance = tolerance_of(rule, tolerance)?;
    let (a, s) = (a.input("a")?, s.optional_output("s")?);
    let rank = Numbers::needed("rank", rank, 1)?;
    let clear_cut = Numbers::optional("clear_cut", clear_cut, 1)?;
    if let Some(s) = &s {
        s.require_shape(&[(a.shape()[0].min(a.shape()[1]), "the smaller extent of a")])?;
    }
    require_separate(&[&a], &[s.as_ref()])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let report = analyze_rank(&unsafe { a.view() }, tolerance)?;
    // SAFETY: as above.
    unsafe {
        if let Some(s) = s {
            s.write(&column(&report.singular_values()));
        }
        rank.write([report.rank() as i64]);
        clear_cut.write([i32::from(report.is_clear_cut())]);
    }
    Ok(())
}

/// How many directions a matrix uses, each counted by its weight. No tolerance is needed.
///
///  a          m x n, any strides; read only.
///  effective  exp of the entropy of the singular values over their sum, between 1 and the rank (Roy and Vetterli); 0 for
///             a matrix of zeros. NULL when not wanted.
///  stable     the square of the Frobenius norm over that of the 2-norm, between 1 and the rank; likewise.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched.
/// Thread-safe. LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_effective_rank_f64(
    a: lapwing_mat_f64,
    effective: *mut f64,
    stable: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { effective_rank::<f64>(a.into(), effective, stable) })
}

/// As lapwing_effective_rank_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_effective_rank_f32(
    a: lapwing_mat_f32,
    effective: *mut f64,
    stable: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { effective_rank::<f32>(a.into(), effective, stable) })
}

/// # Safety
/// As [`numerical_rank`].
unsafe fn effective_rank<T: Scalar>(
    a: Unchecked<T>,
    effective: *mut f64,
    stable: *mut f64,
) -> Result<(), Failure> {
    let a = a.input("a")?;
    let (effective, stable) =
        (Numbers::optional("effective", effective, 1)?, Numbers::optional("stable", stable, 1)?);
    // SAFETY: this function's own condition.
    let report: RankReport<T> = analyze_rank(&unsafe { a.view() }, Tolerance::Standard)?;
    // SAFETY: as above.
    unsafe {
        effective.write([report.effective_rank()]);
        stable.write([report.stable_rank()]);
    }
    Ok(())
}

/// The fewest singular values whose squares hold a share of the sum of all squares.
///
///  a      m x n, any strides; read only.
///  share  above 0 and at most 1, as 0.95.
///  rank   their number; 0 for a matrix of zeros.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (share), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the output is untouched. Thread-safe. LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_energy_rank_f64(
    a: lapwing_mat_f64,
    share: f64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { energy_rank_of::<f64>(a.into(), share, rank) })
}

/// As lapwing_energy_rank_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_energy_rank_f32(
    a: lapwing_mat_f32,
    share: f64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { energy_rank_of::<f32>(a.into(), share, rank) })
}

/// # Safety
/// As [`numerical_rank`].
unsafe fn energy_rank_of<T: Scalar>(a: Unchecked<T>, share: f64, rank: *mut i64) -> Result<(), Failure> {
    let (a, rank) = (a.input("a")?, Numbers::needed("rank", rank, 1)?);
    // SAFETY: this function's own condition.
    let found = energy_rank(&unsafe { a.view() }, share)?;
    // SAFETY: as above.
    unsafe { rank.write([found as i64]) };
    Ok(())
}

/// Which columns of a matrix are not in the span of those before them.
///
///  a          m x n, any strides; read only.
///  rule       as for lapwing_rank_f64, but for the distance of a column from the span: with LAPWING_TOLERANCE_STANDARD and
///             LAPWING_TOLERANCE_RELATIVE the number is a relative change of every column that makes it dependent.
///  tolerance  the number for that rule, finite and at least 0; not read for the standard one.
///  columns    room for min(m,n) integers: the first count are the columns, counted from 0 and ascending.
///  count      how many there are.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_independent_columns_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    columns: *mut i64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { independent_columns::<f64>(a.into(), rule, tolerance, columns, count) })
}

/// As lapwing_independent_columns_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_independent_columns_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    columns: *mut i64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { independent_columns::<f32>(a.into(), rule, tolerance, columns, count) })
}

/// # Safety
/// As [`numerical_rank`].
unsafe fn independent_columns<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    columns: *mut i64,
    count: *mut i64,
) -> Result<(), Failure> {
    let tolerance = tolerance_of(rule, tolerance)?;
    let a = a.input("a")?;
    let columns = Numbers::needed("columns", columns, a.shape()[0].min(a.shape()[1]))?;
    let count = Numbers::needed("count", count, 1)?;
    // SAFETY: this function's own condition.
    let report = analyze_columns(&unsafe { a.view() }, tolerance)?;
    // SAFETY: as above.
    unsafe {
        count.write([report.independent().len() as i64]);
        columns.write(report.independent().iter().map(|&column| column as i64));
    }
    Ok(())
}

/// How every column of a matrix is made of the independent ones before it: a is a * coefficients, but for the
/// distances.
///
///  a             m x n, any strides; read only.
///  rule          as for lapwing_independent_columns_f64.
///  tolerance     the number for that rule, finite and at least 0; not read for the standard one.
///  coefficients  n x n: column j has a 1 at j when column j of a is independent, and otherwise the coefficients of the
///                independent columns that make it up, each in its row; 0 elsewhere.
///  distances     n entries, how far each column is from what makes it up: 0 for an independent one; a view with NULL
///                data when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs
/// are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_column_combinations_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    coefficients: lapwing_mat_mut_f64,
    distances: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        column_combinations::<f64>(a.into(), rule, tolerance, coefficients.into(), distances.into())
    })
}

/// As lapwing_column_combinations_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_column_combinations_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    coefficients: lapwing_mat_mut_f32,
    distances: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        column_combinations::<f32>(a.into(), rule, tolerance, coefficients.into(), distances.into())
    })
}

/// # Safety
/// As [`numerical_rank`].
unsafe fn column_combinations<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    coefficients: Unchecked<T>,
    distances: Unchecked<T>,
) -> Result<(), Failure> {
    let tolerance = tolerance_of(rule, tolerance)?;
    let (a, coefficients) = (a.input("a")?, coefficients.output("coefficients")?);
    let distances = distances.optional_output("distances")?;
    let [_, n] = a.shape();
    coefficients.require_shape(&[(n, "the columns of a"), (n, "the columns of a")])?;
    if let Some(distances) = &distances {
        distances.require_shape(&[(n, "the columns of a")])?;
    }
    require_separate(&[&a], &[Some(&coefficients), distances.as_ref()])?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let report = analyze_columns(&unsafe { a.view() }, tolerance)?;
    let (mut made_of, mut apart) = (zeros(n, n)?, zeros(n, 1)?);
    for &column in report.independent() {
        made_of[[column, column]] = T::one();
    }
    for dependence in report.dependent() {
        apart[[dependence.column, 0]] = T::from_f64(dependence.distance);
        for &(column, coefficient) in &dependence.combination {
            made_of[[column, dependence.column]] = coefficient;
        }
    }
    // SAFETY: as above.
    unsafe {
        coefficients.write(&made_of);
        if let Some(distances) = distances {
            distances.write(&apart);
        }
    }
    Ok(())
}
