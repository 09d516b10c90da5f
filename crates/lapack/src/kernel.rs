//! Single-threaded products for use inside parallel loops.
//!
//! OpenBLAS has one process-wide pool of threads: called from several threads at once they queue for
//! it, and after each call the pool keeps spinning. A loop that is parallel itself therefore multiplies
//! with the pure-Rust `gemm` crate, which reaches OpenBLAS's speed on one thread and shares nothing.

use gemm::Parallelism;
use ndarray::{ArrayRef2, s};

use crate::error::Error;
use crate::products::{same, square};
use crate::scalar::Scalar;

/// Columns of the result per product in [`gram`]: wide enough for the product to run at full speed,
/// narrow enough that little is computed above the diagonal.
const PANEL: usize = 32;

/// `c := alpha a b + beta c` on the calling thread alone, for any strides.
///
/// With `beta = 0`, `c` is not read.
///
/// # Errors
/// [`Error::Shape`] when extents disagree.
pub fn gemm<T: Scalar>(
    alpha: T,
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    beta: T,
    c: &mut ArrayRef2<T>,
) -> Result<(), Error> {
    let (m, n) = c.dim();
    let k = a.ncols();
    same("a", "rows", a.nrows(), m, "as many as c has rows")?;
    same("b", "columns", b.ncols(), n, "as many as c has columns")?;
    same("b", "rows", b.nrows(), k, "as many as a has columns")?;
    let (a_strides, b_strides) = ((a.strides()[0], a.strides()[1]), (b.strides()[0], b.strides()[1]));
    let c_strides = (c.strides()[0], c.strides()[1]);
    // SAFETY: the pointers, extents and strides come from live ndarray views whose extents were compared
    // above, and `c` is a mutable borrow, so neither operand overlaps it. `T` is f32 or f64, which the
    // crate has kernels for. With `read_dst` false, `c` is written only.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            c_strides.1,
            c_strides.0,
            beta != T::zero(),
            a.as_ptr(),
            a_strides.1,
            a_strides.0,
            b.as_ptr(),
            b_strides.1,
            b_strides.0,
            beta,
            alpha,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
    Ok(())
}

/// `c := aᵀ a + c` on the lower triangle of `c` (n x n), for `a` (m x n), on the calling thread alone.
///
/// What lies above the diagonal of `c` is unspecified afterwards.
///
/// # Errors
/// [`Error::Shape`], [`Error::NotSquare`].
pub fn gram<T: Scalar>(a: &ArrayRef2<T>, c: &mut ArrayRef2<T>) -> Result<(), Error> {
    let order = square("c", c)?;
    same("a", "columns", a.ncols(), order, "the order of c")?;
    for first in (0..order).step_by(PANEL) {
        let last = (first + PANEL).min(order);
        let (below, panel) = (a.slice(s![.., first..]), a.slice(s![.., first..last]));
        gemm(T::one(), &below.t(), &panel, T::one(), &mut c.slice_mut(s![first.., first..last]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn multiplies_any_strides() {
        let a = array![[1.0f32, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let mut c = array![[1.0f32, 1.0], [1.0, 1.0]];
        gemm(
            2.0,
            &a.slice(s![..;-1, ..;2]),
            &a.t().slice(s![..;2, ..]),
            -1.0,
            &mut c.slice_mut(s![.., ..;-1]),
        )
        .unwrap();
        // [4 6; 1 3] [1 4; 3 6] = [22 52; 10 22], stored with its columns reversed.
        assert_eq!(c, array![[103.0, 43.0], [43.0, 19.0]]);
    }

    /// Small integers make the Gram matrix exact.
    #[test]
    fn gram_is_exact_below_the_diagonal() {
        for order in [0, 1, 5, PANEL, 2 * PANEL + 7] {
            let a = Array2::from_shape_fn((11, order), |(i, j)| ((i * 7 + j * 13) % 9) as f64 - 4.0);
            let mut c = Array2::ones((order, order));
            gram(&a, &mut c).unwrap();
            for i in 0..order {
                for j in 0..=i {
                    let exact: f64 = (0..11).map(|k| a[[k, i]] * a[[k, j]]).sum();
                    assert_eq!(c[[i, j]], exact + 1.0);
                }
            }
        }
    }
}
