//! The level 3 products of CBLAS, over operands with one unit stride, straight from `ndarray`.
//!
//! `cblas-sys` is called with raw pointers rather than through slices: the padding between the rows of
//! a strided view may belong to somebody else's mutable view, and no slice may span it.

use std::marker::PhantomData;

use cblas_sys::{
    CBLAS_DIAG, CBLAS_LAYOUT::CblasColMajor, CBLAS_SIDE, CBLAS_TRANSPOSE, CBLAS_UPLO, CblasLeft, CblasLower,
    CblasNoTrans, CblasNonUnit, CblasRight, CblasTrans, CblasUnit, CblasUpper,
};
use ndarray::ArrayRef2;

use super::{Int, with_stack};
use crate::products::{Diagonal, Side};
use crate::triangle::Triangle;

/// How a matrix lies in memory, seen as BLAS sees it: column-major with a leading dimension, either
/// as it is or as its transpose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Storage {
    ld: Int,
    transposed: bool,
}

impl Storage {
    /// `None` when neither stride is 1, or when rows overlap (a broadcast view).
    pub(crate) fn of<T>(a: &ArrayRef2<T>) -> Option<Storage> {
        let (rows, cols) = a.dim();
        if a.is_empty() {
            // ndarray gives an empty matrix strides of zero.
            return Some(Storage { ld: Int::try_from(rows.max(1)).ok()?, transposed: false });
        }
        let (row_stride, col_stride) = (a.strides()[0], a.strides()[1]);
        let leading = |extent: usize, count: usize, stride: isize| -> Option<Int> {
            let least = extent.max(1);
            let ld = if count <= 1 { least } else { usize::try_from(stride).ok().filter(|&s| s >= least)? };
            Int::try_from(ld).ok()
        };
        if (row_stride == 1 || rows <= 1)
            && let Some(ld) = leading(rows, cols, col_stride)
        {
            return Some(Storage { ld, transposed: false });
        }
        if (col_stride == 1 || cols <= 1)
            && let Some(ld) = leading(cols, rows, row_stride)
        {
            return Some(Storage { ld, transposed: true });
        }
        None
    }
}

/// A matrix that BLAS reads.
pub struct Operand<'a, T> {
    pointer: *const T,
    storage: Storage,
    rows: usize,
    cols: usize,
    borrow: PhantomData<&'a T>,
}

impl<'a, T> Operand<'a, T> {
    /// `None` when the layout is not one that BLAS takes.
    pub(crate) fn new(a: &'a ArrayRef2<T>) -> Option<Self> {
        let (rows, cols) = a.dim();
        Some(Self { pointer: a.as_ptr(), storage: Storage::of(a)?, rows, cols, borrow: PhantomData })
    }

    fn transposed(self) -> Self {
        let storage = Storage { transposed: !self.storage.transposed, ..self.storage };
        Self { storage, rows: self.cols, cols: self.rows, ..self }
    }

    fn letter(&self) -> CBLAS_TRANSPOSE {
        if self.storage.transposed { CblasTrans } else { CblasNoTrans }
    }
}

/// A matrix that BLAS writes.
pub struct Target<'a, T> {
    pointer: *mut T,
    storage: Storage,
    rows: usize,
    cols: usize,
    borrow: PhantomData<&'a mut T>,
}

impl<'a, T> Target<'a, T> {
    /// `None` when the layout is not one that BLAS takes.
    pub(crate) fn new(a: &'a mut ArrayRef2<T>) -> Option<Self> {
        let (rows, cols) = a.dim();
        let storage = Storage::of(a)?;
        Some(Self { pointer: a.as_mut_ptr(), storage, rows, cols, borrow: PhantomData })
    }
}

/// The triangle as BLAS counts it: that of the stored matrix, which may be the transpose.
fn uplo(triangle: Triangle, transposed: bool) -> CBLAS_UPLO {
    match (triangle, transposed) {
        (Triangle::Lower, false) | (Triangle::Upper, true) => CblasLower,
        (Triangle::Upper, false) | (Triangle::Lower, true) => CblasUpper,
    }
}

/// An extent as BLAS's integer. The callers in `products` have returned an error for larger ones.
fn int(extent: usize) -> Int {
    Int::try_from(extent).expect("extents are checked before BLAS is called")
}

/// BLAS level 3 for one scalar.
pub trait Blas: Sized {
    /// `c := alpha a b + beta c`.
    fn gemm(alpha: Self, a: Operand<Self>, b: Operand<Self>, beta: Self, c: Target<Self>);
    /// `c := alpha a aᵀ + beta c` on one triangle of `c`.
    fn syrk(triangle: Triangle, alpha: Self, a: Operand<Self>, beta: Self, c: Target<Self>);
    /// `b := alpha a⁻¹ b` (left) or `alpha b a⁻¹` (right), `a` triangular.
    fn trsm(
        side: Side,
        triangle: Triangle,
        diagonal: Diagonal,
        alpha: Self,
        a: Operand<Self>,
        b: Target<Self>,
    );
}

macro_rules! implement_blas {
    ($scalar:ty: $gemm:ident $syrk:ident $trsm:ident) => {
        impl Blas for $scalar {
            fn gemm(alpha: Self, a: Operand<Self>, b: Operand<Self>, beta: Self, c: Target<Self>) {
                assert!(a.rows == c.rows && b.cols == c.cols && a.cols == b.rows);
                // A row-major target is the column-major transpose: cᵀ = bᵀ aᵀ.
                let (a, b, m, n) = if c.storage.transposed {
                    (b.transposed(), a.transposed(), c.cols, c.rows)
                } else {
                    (a, b, c.rows, c.cols)
                };
                let (m, n, k) = (int(m), int(n), int(a.cols));
                with_stack(c.rows.max(c.cols).max(a.cols), || {
                    // SAFETY: the pointers, extents and leading dimensions come from live ndarray
                    // views whose extents were compared above; `c` is a mutable borrow, so neither
                    // operand overlaps it.
                    unsafe {
                        cblas_sys::$gemm(
                            CblasColMajor,
                            a.letter(),
                            b.letter(),
                            m,
                            n,
                            k,
                            alpha,
                            a.pointer,
                            a.storage.ld,
                            b.pointer,
                            b.storage.ld,
                            beta,
                            c.pointer,
                            c.storage.ld,
                        )
                    }
                });
            }

            fn syrk(triangle: Triangle, alpha: Self, a: Operand<Self>, beta: Self, c: Target<Self>) {
                assert!(c.rows == c.cols && a.rows == c.rows);
                let uplo = uplo(triangle, c.storage.transposed);
                let (n, k) = (int(c.rows), int(a.cols));
                with_stack(c.rows.max(a.cols), || {
                    // SAFETY: as for `gemm`.
                    unsafe {
                        cblas_sys::$syrk(
                            CblasColMajor,
                            uplo,
                            a.letter(),
                            n,
                            k,
                            alpha,
                            a.pointer,
                            a.storage.ld,
                            beta,
                            c.pointer,
                            c.storage.ld,
                        )
                    }
                });
            }

            fn trsm(
                side: Side,
                triangle: Triangle,
                diagonal: Diagonal,
                alpha: Self,
                a: Operand<Self>,
                b: Target<Self>,
            ) {
                assert!(a.rows == a.cols && a.rows == if side == Side::Left { b.rows } else { b.cols });
                let uplo = uplo(triangle, a.storage.transposed);
                // For a row-major target, solve for its transpose from the other side.
                let flip = b.storage.transposed;
                let (a, m, n) = if flip { (a.transposed(), b.cols, b.rows) } else { (a, b.rows, b.cols) };
                let side: CBLAS_SIDE = if (side == Side::Left) != flip { CblasLeft } else { CblasRight };
                let diagonal: CBLAS_DIAG = if diagonal == Diagonal::Unit { CblasUnit } else { CblasNonUnit };
                let (m, n) = (int(m), int(n));
                with_stack(b.rows.max(b.cols), || {
                    // SAFETY: as for `gemm`; `a` is square of the order that the side asks for.
                    unsafe {
                        cblas_sys::$trsm(
                            CblasColMajor,
                            side,
                            uplo,
                            a.letter(),
                            diagonal,
                            m,
                            n,
                            alpha,
                            a.pointer,
                            a.storage.ld,
                            b.pointer,
                            b.storage.ld,
                        )
                    }
                });
            }
        }
    };
}

implement_blas!(f32: cblas_sgemm cblas_ssyrk cblas_strsm);
implement_blas!(f64: cblas_dgemm cblas_dsyrk cblas_dtrsm);

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder, s};

    use super::*;

    /// Every layout with a unit stride is passed as it is; only the rest must be packed.
    #[test]
    fn recognizes_the_layouts_that_blas_takes() {
        let row_major = Array2::<f64>::zeros((3, 4));
        let column_major = Array2::<f64>::zeros((3, 4).f());
        let storage = |ld, transposed| Some(Storage { ld, transposed });
        assert_eq!(Storage::of(&row_major), storage(4, true));
        assert_eq!(Storage::of(&column_major), storage(3, false));
        assert_eq!(Storage::of(&row_major.slice(s![.., 1..3])), storage(4, true), "padded");
        assert_eq!(Storage::of(&row_major.slice(s![..;2, ..])), storage(8, true), "every second row");
        assert_eq!(Storage::of(&row_major.slice(s![.., ..;2])), None, "no unit stride");
        assert_eq!(Storage::of(&row_major.slice(s![..;-1, ..])), None, "reversed");
        assert_eq!(Storage::of(&row_major.slice(s![.., ..1])), storage(4, true), "one column");
        assert_eq!(Storage::of(&Array2::<f64>::zeros((0, 0))), storage(1, false));
        let row = Array2::<f64>::zeros((1, 4));
        assert_eq!(Storage::of(&row.broadcast((3, 4)).unwrap()), None, "overlapping rows");
    }
}
