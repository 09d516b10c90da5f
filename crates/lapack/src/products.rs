//! Matrix products and triangular solves: the one road to BLAS level 3.
//!
//! | function   | f32     | f64     | what                                 | flops   |
//! |------------|---------|---------|--------------------------------------|---------|
//! | [`gemm()`]   | `sgemm` | `dgemm` | `C := alpha A B + beta C`            | 2mnk    |
//! | [`matmul`] | `sgemm` | `dgemm` | `A B` in a new matrix                | 2mnk    |
//! | [`syrk`]   | `ssyrk` | `dsyrk` | `C := alpha A Aᵀ + beta C`, half     | n²k     |
//! | [`trsm`]   | `strsm` | `dtrsm` | `A⁻¹ B` or `B A⁻¹`, `A` triangular   | n²·rhs  |
//!
//! There are no transposition flags: pass `a.t()`, which costs nothing. A matrix with a unit stride in
//! either direction is handed over as it is; any other is packed first. Entries are not checked: NaN
//! and infinities spread by the rules of IEEE 754.

use ndarray::{Array2, ArrayRef2};

use crate::error::Error;
use crate::ffi::blas::{Operand, Target};
use crate::ffi::lapack::to_int;
use crate::layout::{checked_area, column_major, zeros};
use crate::scalar::Scalar;
use crate::triangle::Triangle;

/// On which side of the unknown the triangular matrix stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// `A X = alpha B`.
    Left,
    /// `X A = alpha B`.
    Right,
}

/// Whether the diagonal of a triangular matrix is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Diagonal {
    /// The diagonal is read.
    General,
    /// The diagonal is taken to be all ones, whatever is stored there.
    Unit,
}

/// `c := alpha a b + beta c`, for `a` (m x k), `b` (k x n), `c` (m x n). With `beta = 0`, `c` is not read.
///
/// ```
/// use lapwing_lapack::gemm;
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// let mut c = array![[1.0, 0.0], [0.0, 1.0]];
/// gemm(1.0, &a, &a.t(), -1.0, &mut c)?;
/// assert_eq!(c, array![[4.0, 11.0], [11.0, 24.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`] when extents disagree; [`Error::TooLarge`] past 2³¹ - 1; [`Error::OutOfMemory`]
/// when an operand had to be packed.
pub fn gemm<T: Scalar>(
    alpha: T,
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    beta: T,
    c: &mut ArrayRef2<T>,
) -> Result<(), Error> {
    let (m, n) = c.dim();
    same("a", "rows", a.nrows(), m, "as many as c has rows")?;
    same("b", "columns", b.ncols(), n, "as many as c has columns")?;
    same("b", "rows", b.nrows(), a.ncols(), "as many as a has columns")?;
    check_extents(&[m, n, a.ncols()])?;
    with_operand(a, |a| with_operand(b, |b| with_target(c, |c| T::gemm(alpha, a, b, beta, c))))
}

/// `a b` for `a` (m x k) and `b` (k x n), as a new row-major matrix.
///
/// # Errors
/// As [`gemm()`].
pub fn matmul<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    same("b", "rows", b.nrows(), a.ncols(), "as many as a has columns")?;
    check_extents(&[a.nrows(), b.ncols(), a.ncols()])?;
    let mut c = zeros(a.nrows(), b.ncols())?;
    gemm(T::one(), a, b, T::zero(), &mut c)?;
    Ok(c)
}

/// `c := alpha a aᵀ + beta c` on one triangle of `c` (n x n), for `a` (n x k); the other triangle is left alone.
///
/// The Gram matrix of the *columns* of `x` is `syrk(.., &x.t(), ..)`.
///
/// # Errors
/// As [`gemm()`], and [`Error::NotSquare`] for `c`.
pub fn syrk<T: Scalar>(
    triangle: Triangle,
    alpha: T,
    a: &ArrayRef2<T>,
    beta: T,
    c: &mut ArrayRef2<T>,
) -> Result<(), Error> {
    square("c", c)?;
    same("a", "rows", a.nrows(), c.nrows(), "as many as c has")?;
    check_extents(&[c.nrows(), a.ncols()])?;
    with_operand(a, |a| with_target(c, |c| T::syrk(triangle, alpha, a, beta, c)))
}

/// `b := alpha a⁻¹ b` (left) or `b := alpha b a⁻¹` (right), for a triangular `a`.
///
/// Only the named triangle of `a` is read. A zero on its diagonal is not detected here and divides to
/// infinities; the factorizations of this crate report it when they factor.
///
/// # Errors
/// As [`gemm()`], and [`Error::NotSquare`] for `a`.
pub fn trsm<T: Scalar>(
    side: Side,
    triangle: Triangle,
    diagonal: Diagonal,
    alpha: T,
    a: &ArrayRef2<T>,
    b: &mut ArrayRef2<T>,
) -> Result<(), Error> {
    square("a", a)?;
    let (extent, order) = if side == Side::Left { ("rows", b.nrows()) } else { ("columns", b.ncols()) };
    same("b", extent, order, a.nrows(), "the order of a")?;
    check_extents(&[b.nrows(), b.ncols()])?;
    with_operand(a, |a| with_target(b, |b| T::trsm(side, triangle, diagonal, alpha, a, b)))
}

/// [`Error::Shape`] unless `found` is `expected`.
pub(crate) fn same(
    argument: &'static str,
    extent: &'static str,
    found: usize,
    expected: usize,
    reason: &'static str,
) -> Result<(), Error> {
    if found == expected { Ok(()) } else { Err(Error::Shape { argument, extent, found, expected, reason }) }
}

/// [`Error::NotSquare`] unless `a` is square; its order.
pub(crate) fn square<T>(argument: &'static str, a: &ArrayRef2<T>) -> Result<usize, Error> {
    let (rows, cols) = a.dim();
    if rows == cols { Ok(rows) } else { Err(Error::NotSquare { argument, rows, cols }) }
}

fn check_extents(extents: &[usize]) -> Result<(), Error> {
    extents.iter().try_for_each(|&extent| to_int("an extent of a matrix product", extent).map(|_| ()))
}

fn with_operand<T: Scalar, R>(
    a: &ArrayRef2<T>,
    call: impl FnOnce(Operand<T>) -> Result<R, Error>,
) -> Result<R, Error> {
    match Operand::new(a) {
        Some(operand) => call(operand),
        None => {
            let packed = column_major(a)?;
            call(Operand::new(&packed).expect("a packed matrix has a unit stride"))
        }
    }
}

fn with_target<T: Scalar>(c: &mut ArrayRef2<T>, call: impl FnOnce(Target<T>)) -> Result<(), Error> {
    if let Some(target) = Target::new(c) {
        call(target);
        return Ok(());
    }
    checked_area::<T>(c.nrows(), c.ncols())?;
    let mut packed = column_major(c)?;
    call(Target::new(&mut packed).expect("a packed matrix has a unit stride"));
    c.assign(&packed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array, s};
    use proptest::prelude::*;

    use super::*;

    /// Entries that are small integers make every product exact, so equality is the test.
    fn integers(rows: usize, cols: usize, seed: u32) -> Array2<f64> {
        let mut state = seed.wrapping_mul(2654435761).wrapping_add(12345);
        Array2::from_shape_simple_fn((rows, cols), || {
            state = state.wrapping_mul(1664525).wrapping_add(1013904223);
            f64::from(state >> 28) - 8.0
        })
    }

    fn naive(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Array2<f64> {
        Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
            (0..a.ncols()).map(|k| a[[i, k]] * b[[k, j]]).sum()
        })
    }

    /// The same matrix in six layouts: row-major, column-major, padded, strided, reversed, both.
    fn in_layout(a: &Array2<f64>, layout: usize, check: impl FnOnce(&ArrayRef2<f64>)) {
        let (m, n) = a.dim();
        match layout {
            0 => check(a),
            1 => check(&a.t().as_standard_layout().into_owned().reversed_axes()),
            2 => {
                let mut wide = Array2::from_elem((m, n + 3), f64::NAN);
                wide.slice_mut(s![.., 1..n + 1]).assign(a);
                check(&wide.slice(s![.., 1..n + 1]));
            }
            3 => {
                let mut wide = Array2::from_elem((2 * m, 2 * n), f64::NAN);
                wide.slice_mut(s![..;2, ..;2]).assign(a);
                check(&wide.slice(s![..;2, ..;2]));
            }
            4 => check(&a.slice(s![..;-1, ..]).to_owned().slice(s![..;-1, ..])),
            _ => check(&a.slice(s![..;-1, ..;-1]).to_owned().slice(s![..;-1, ..;-1])),
        }
    }

    proptest! {
        #[test]
        fn gemm_is_exact_on_integers_in_every_layout(
            m in 0usize..9, n in 0usize..9, k in 0usize..9, la in 0usize..6, lb in 0usize..6, lc in 0usize..3, seed in 0u32..1000
        ) {
            let (a, b, c) = (integers(m, k, seed), integers(k, n, seed + 1), integers(m, n, seed + 2));
            let expected = naive(&a, &b) * 2.0 + &c * 3.0;
            in_layout(&a, la, |a| in_layout(&b, lb, |b| {
                let mut target = Array2::zeros((2 * m, 2 * n));
                let mut view = match lc {
                    0 => target.slice_mut(s![..m, ..n]),
                    1 => target.slice_mut(s![..;2, ..;2]),
                    _ => target.slice_mut(s![..m;-1, ..n]),
                };
                view.assign(&c);
                gemm(2.0, a, b, 3.0, &mut view).unwrap();
                assert_eq!(view, expected);
            }));
        }

        #[test]
        fn syrk_writes_one_triangle_and_leaves_the_other(n in 0usize..9, k in 0usize..9, layout in 0usize..6, upper: bool, flip: bool, seed in 0u32..1000) {
            let a = integers(n, k, seed);
            let triangle = if upper { Triangle::Upper } else { Triangle::Lower };
            let expected = naive(&a, &a.t());
            in_layout(&a, layout, |a| {
                let mut c = Array2::from_elem((n, n), 99.0);
                if flip { c = c.reversed_axes(); }
                syrk(triangle, 1.0, a, 0.0, &mut c).unwrap();
                for ((i, j), &value) in c.indexed_iter() {
                    let written = triangle.columns(i, n).contains(&j);
                    assert_eq!(value, if written { expected[[i, j]] } else { 99.0 });
                }
            });
        }

        /// A unit triangular matrix of integers has an integer inverse: the product must come back exactly.
        #[test]
        fn trsm_undoes_the_product(n in 0usize..6, rhs in 0usize..5, layout in 0usize..6, upper: bool, right: bool, flip: bool, seed in 0u32..1000) {
            let triangle = if upper { Triangle::Upper } else { Triangle::Lower };
            let stored = integers(n, n, seed);
            let triangular = Array2::from_shape_fn((n, n), |(i, j)| {
                if i == j { 1.0 } else if triangle.columns(i, n).contains(&j) { stored[[i, j]] } else { 0.0 }
            });
            let x = if right { integers(rhs, n, seed + 1) } else { integers(n, rhs, seed + 1) };
            let (side, b) = if right { (Side::Right, naive(&x, &triangular)) } else { (Side::Left, naive(&triangular, &x)) };
            in_layout(&stored, layout, |stored| {
                let mut b = if flip { b.t().as_standard_layout().into_owned().reversed_axes() } else { b.clone() };
                trsm(side, triangle, Diagonal::Unit, 1.0, stored, &mut b).unwrap();
                assert_eq!(b, x);
            });
        }
    }

    #[test]
    fn disagreeing_extents_are_named() {
        let (a, b) = (Array2::<f64>::zeros((2, 3)), Array2::<f64>::zeros((4, 2)));
        let error = matmul(&a, &b).unwrap_err();
        assert_eq!(error.to_string(), "b has 4 rows, but must have 3: as many as a has columns");
        assert!(matches!(
            syrk(Triangle::Lower, 1.0, &a, 0.0, &mut b.clone()),
            Err(Error::NotSquare { argument: "c", .. })
        ));
    }

    #[test]
    fn an_empty_inner_extent_scales_the_target() {
        let mut c = array![[1.0f32, 2.0]];
        gemm(1.0, &Array2::zeros((1, 0)), &Array2::zeros((0, 2)), 0.5, &mut c).unwrap();
        assert_eq!(c, array![[0.5, 1.0]]);
    }
}
