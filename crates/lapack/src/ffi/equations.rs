//! Matrix equations.

use lapacke::Layout::ColumnMajor;
use num_complex::Complex;

use super::lapack::Columns;
use super::{Int, with_stack};

/// Matrix equations in Schur form.
pub trait Equations: Sized {
    /// `A X + sign · X op(B) = scale · C`, with `op` the identity (`N`) or the transpose (`T`): `a` and `b` are
    /// quasi-triangular, packed, of the orders that `c` has rows and columns, and X replaces `c`. Returns `info`,
    /// which is 1 when A and −sign · B have an eigenvalue in common up to rounding, and `scale`, which keeps X
    /// within range.
    fn trsyl(op: u8, sign: Int, a: &[Self], b: &[Self], c: Columns<Self>) -> (Int, Self);
    /// `A X + X B = scale · C` with complex triangular matrices. The routine reads them by dot products, so that
    /// OpenBLAS's defective complex matrix-vector product is not involved.
    fn trsyl_complex(a: &[Complex<Self>], b: &[Complex<Self>], c: Columns<Complex<Self>>) -> (Int, Self);
}

macro_rules! implement_equations {
    ($scalar:ty: $trsyl:ident $trsyl_complex:ident) => {
        impl Equations for $scalar {
            fn trsyl(op: u8, sign: Int, a: &[Self], b: &[Self], c: Columns<Self>) -> (Int, Self) {
                check_orders(a, b, &c);
                let mut scale = [1.0];
                // SAFETY: `a` and `b` are square of the orders that `c` has rows and columns, all packed.
                let info = with_stack(c.extent(), || unsafe {
                    lapacke::$trsyl(
                        ColumnMajor,
                        b'N',
                        op,
                        sign,
                        c.rows,
                        c.cols,
                        a,
                        c.ld(),
                        b,
                        c.cols.max(1),
                        c.data,
                        c.rows.max(1),
                        &mut scale,
                    )
                });
                (info, scale[0])
            }

            fn trsyl_complex(
                a: &[Complex<Self>],
                b: &[Complex<Self>],
                c: Columns<Complex<Self>>,
            ) -> (Int, Self) {
                check_orders(a, b, &c);
                let mut scale = [1.0];
                // SAFETY: as for `trsyl`.
                let info = with_stack(c.extent(), || unsafe {
                    lapacke::$trsyl_complex(
                        ColumnMajor,
                        b'N',
                        b'N',
                        1,
                        c.rows,
                        c.cols,
                        a,
                        c.ld(),
                        b,
                        c.cols.max(1),
                        c.data,
                        c.rows.max(1),
                        &mut scale,
                    )
                });
                (info, scale[0])
            }
        }
    };
}

fn check_orders<T>(a: &[T], b: &[T], c: &Columns<T>) {
    let (m, n) = (c.rows as usize, c.cols as usize);
    assert!(a.len() >= m * m && b.len() >= n * n);
}

implement_equations!(f32: strsyl_work ctrsyl_work);
implement_equations!(f64: dtrsyl_work ztrsyl_work);
