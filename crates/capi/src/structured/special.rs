//! Matrices made of lists of numbers and of blocks.

use lapwing_lapack::structured::PowerOrder;
use lapwing_lapack::{Scalar, structured};

use super::{choice, count, extents, fill, list};
use crate::arguments::require_separate;
use crate::guard::guard;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64,
};

/// Powers from the highest to the constant.
pub const LAPWING_POWERS_DECREASING: i32 = 0;
/// Powers from the constant up.
pub const LAPWING_POWERS_INCREASING: i32 = 1;

fn power_order(order: i32) -> Result<PowerOrder, Failure> {
    let requirement = "LAPWING_POWERS_DECREASING (0) or LAPWING_POWERS_INCREASING (1)";
    choice(
        "order",
        order,
        requirement,
        &[
            (LAPWING_POWERS_DECREASING, PowerOrder::Decreasing),
            (LAPWING_POWERS_INCREASING, PowerOrder::Increasing),
        ],
    )
}

/// The Vandermonde matrix: row i of out (m x n) holds the powers 0 to n - 1 of entry i of x (m entries).
///
///  order  LAPWING_POWERS_DECREASING or LAPWING_POWERS_INCREASING.
///
/// Returns LAPWING_ERR_ARGUMENT (order), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_vandermonde_f64(
    x: lapwing_vec_f64,
    order: i32,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { vandermonde::<f64>(x.into(), order, out.into()) })
}

/// As lapwing_vandermonde_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_vandermonde_f32(
    x: lapwing_vec_f32,
    order: i32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { vandermonde::<f32>(x.into(), order, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn vandermonde<T: Scalar>(x: Unchecked<T>, order: i32, out: Unchecked<T>) -> Result<(), Failure> {
    let (order, (_, n)) = (power_order(order)?, extents("out", &out)?);
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("x", x)],
            ("out", out),
            |[x]| [(x[0], "the entries of x"), (n, "its own columns")],
            |[x]| structured::vandermonde(&x.column(0), n, order),
        )
    }
}

/// The companion matrix of the polynomial with the coefficients a (n + 1 entries, highest power first), n x n: its eigenvalues
/// are the roots.
///
/// Returns LAPWING_ERR_ARGUMENT (a[0] is 0, or a has less than two entries), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_companion_f64(
    a: lapwing_vec_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { companion::<f64>(a.into(), out.into()) })
}

/// As lapwing_companion_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_companion_f32(
    a: lapwing_vec_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { companion::<f32>(a.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn companion<T: Scalar>(a: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a)],
            ("out", out),
            |[a]| {
                [
                    (a[0].saturating_sub(1), "the degree of the polynomial"),
                    (a[0].saturating_sub(1), "the degree of the polynomial"),
                ]
            },
            |[a]| structured::companion(&a.column(0)),
        )
    }
}

/// The Hilbert matrix, n x n: 1 / (i + j + 1), with i and j from 0.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hilbert_f64(out: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hilbert::<f64>(out.into()) })
}

/// As lapwing_hilbert_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hilbert_f32(out: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hilbert::<f32>(out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn hilbert<T: Scalar>(out: Unchecked<T>) -> Result<(), Failure> {
    let (n, _) = extents("out", &out)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill([], ("out", out), |_| [(n, "its own rows"), (n, "its own rows")], |_| structured::hilbert(n))
    }
}

/// The matrix with the blocks along its diagonal and zeros elsewhere. Entries may be NaN.
///
///  blocks  count matrices of any shape.
///  out     as many rows as the blocks together, and as many columns.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_ARGUMENT (count is negative),
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_block_diagonal_f64(
    blocks: *const lapwing_mat_f64,
    count: i64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the blocks and for the memory behind the views.
    guard(|| unsafe { block_diagonal::<f64, _>(blocks, count, out.into()) })
}

/// As lapwing_block_diagonal_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_block_diagonal_f32(
    blocks: *const lapwing_mat_f32,
    count: i64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the blocks and for the memory behind the views.
    guard(|| unsafe { block_diagonal::<f32, _>(blocks, count, out.into()) })
}

/// # Safety
/// As [`fill`]; `blocks` is NULL or has `number` views.
unsafe fn block_diagonal<T: Scalar, M: Copy + Into<Unchecked<T>>>(
    blocks: *const M,
    number: i64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let number = count("count", number)?;
    let out = out.output("out")?;
    // SAFETY: this function's own condition.
    let blocks = unsafe { list("blocks", blocks, number) }?;
    let blocks =
        blocks.iter().map(|&block| block.into().input("a block")).collect::<Result<Vec<_>, Failure>>()?;
    let total = |axis: usize| blocks.iter().map(|block| block.shape()[axis]).fold(0, usize::saturating_add);
    out.require_shape(&[(total(0), "the rows of the blocks"), (total(1), "the columns of the blocks")])?;
    require_separate(&blocks.iter().collect::<Vec<_>>(), &[Some(&out)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    unsafe {
        let views: Vec<_> = blocks.iter().map(|block| block.view()).collect();
        out.write(&structured::block_diagonal(&views)?);
    }
    Ok(())
}
