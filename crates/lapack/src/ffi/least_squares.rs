//! Least squares, with and without constraints.

use lapacke::Layout::ColumnMajor;

use super::lapack::{Columns, length};
use super::{Int, with_stack};

/// Least squares, with and without constraints. Each method returns LAPACK's `info`, some with a result; each
/// `_optimum` the workspace length that LAPACK itself suggests.
pub trait LeastSquares: Sized {
    /// Full-rank least squares (`N`), or the solution of least norm of the transposed system (`T`), for a tall
    /// `a`; the solution replaces the leading rows of `b`, which has those of `a`. R is left in `a`.
    fn gels(transpose: u8, a: Columns<Self>, b: Columns<Self>, work: &mut [Self]) -> Int;
    fn gels_optimum(transpose: u8, rows: Int, cols: Int, right_hand_sides: Int) -> Self;
    /// Least squares of least norm for a square `a`, by a complete orthogonal factorization; returns `info` and
    /// the rank. The solution replaces `b`.
    fn gelsy(a: Columns<Self>, b: Columns<Self>, rcond: Self, work: &mut [Self]) -> (Int, Int);
    fn gelsy_optimum(order: Int, right_hand_sides: Int) -> Self;
    /// Least squares of least norm for a square `a`, by its SVD; returns `info` and the rank. The solution replaces
    /// `b`, and `iwork` holds what `gelsd` documents, which it does not check.
    fn gelsd(
        a: Columns<Self>,
        b: Columns<Self>,
        s: &mut [Self],
        rcond: Self,
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Int);
    fn gelsd_optimum(order: Int, right_hand_sides: Int) -> Self;
    /// `min ‖a x − c‖` subject to `b x = d`. Leaves the triangles that it solved with in `a` and `b`.
    fn gglse(
        a: Columns<Self>,
        b: Columns<Self>,
        c: &mut [Self],
        d: &mut [Self],
        x: &mut [Self],
        work: &mut [Self],
    ) -> Int;
    fn gglse_optimum(rows: Int, cols: Int, constraints: Int) -> Self;
    /// `min ‖y‖` subject to `a x + b y = d`. Leaves the triangles that it solved with in `a` and `b`.
    fn ggglm(
        a: Columns<Self>,
        b: Columns<Self>,
        d: &mut [Self],
        x: &mut [Self],
        y: &mut [Self],
        work: &mut [Self],
    ) -> Int;
    fn ggglm_optimum(rows: Int, unknowns: Int, noises: Int) -> Self;
    /// The reciprocal condition number in the 1-norm of the upper triangle of order `order` whose entry (0, 0) is
    /// the first of `a`, with columns `ld` apart.
    fn upper_trcon(order: Int, a: &[Self], ld: Int, work: &mut [Self], iwork: &mut [Int]) -> (Int, Self);
}

macro_rules! implement_least_squares {
    ($scalar:ty: $gels:ident $gelsy:ident $gelsd:ident $gglse:ident $ggglm:ident $trcon:ident) => {
        impl LeastSquares for $scalar {
            fn gels(transpose: u8, a: Columns<Self>, b: Columns<Self>, work: &mut [Self]) -> Int {
                assert!(a.rows >= a.cols && b.rows == a.rows);
                with_stack(a.extent(), || {
                    // SAFETY: `b` has max(m, n) rows for either letter; `work` carries its length.
                    unsafe {
                        lapacke::$gels(
                            ColumnMajor,
                            transpose,
                            a.rows,
                            a.cols,
                            b.cols,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn gels_optimum(transpose: u8, rows: Int, cols: Int, right_hand_sides: Int) -> Self {
                let (mut size, ld) = ([0.0], rows.max(1));
                // SAFETY: a query (lwork = -1) writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$gels(
                        ColumnMajor,
                        transpose,
                        rows,
                        cols,
                        right_hand_sides,
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn gelsy(a: Columns<Self>, b: Columns<Self>, rcond: Self, work: &mut [Self]) -> (Int, Int) {
                assert!(a.rows == a.cols && b.rows == a.rows);
                // Zero leaves every column free to move.
                let mut pivots = vec![0; a.cols as usize];
                let mut rank = 0;
                let info = with_stack(a.extent(), || {
                    // SAFETY: `a` is square, `b` has its rows and `pivots` an index for each column; `work`
                    // carries its length.
                    unsafe {
                        lapacke::$gelsy(
                            ColumnMajor,
                            a.rows,
                            a.cols,
                            b.cols,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            &mut pivots,
                            rcond,
                            &mut rank,
                            work,
                            length(work),
                        )
                    }
                });
                (info, rank)
            }

            fn gelsy_optimum(order: Int, right_hand_sides: Int) -> Self {
                let (mut size, ld) = ([0.0], order.max(1));
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$gelsy(
                        ColumnMajor,
                        order,
                        order,
                        right_hand_sides,
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut [],
                        0.0,
                        &mut 0,
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn gelsd(
                a: Columns<Self>,
                b: Columns<Self>,
                s: &mut [Self],
                rcond: Self,
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Int) {
                assert!(a.rows == a.cols && b.rows == a.rows && s.len() >= a.cols as usize);
                // 3 n NLVL + 11 n, where the number of levels is at most 1 + log2 n whatever SMLSIZ is.
                let levels = a.cols.max(1).ilog2() as usize + 1;
                assert!(iwork.len() >= a.cols as usize * (3 * levels + 11));
                let mut rank = 0;
                let info = with_stack(a.extent(), || {
                    // SAFETY: `a` is square, `b` has its rows and `s` a value for each column; `iwork` holds the
                    // documented length for any SMLSIZ, and `work` carries its own.
                    unsafe {
                        lapacke::$gelsd(
                            ColumnMajor,
                            a.rows,
                            a.cols,
                            b.cols,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            s,
                            rcond,
                            &mut rank,
                            work,
                            length(work),
                            iwork,
                        )
                    }
                });
                (info, rank)
            }

            fn gelsd_optimum(order: Int, right_hand_sides: Int) -> Self {
                let (mut size, mut isize, ld) = ([0.0], [0], order.max(1));
                // SAFETY: a query writes `work[0]` and `iwork[0]` and references no other array.
                unsafe {
                    lapacke::$gelsd(
                        ColumnMajor,
                        order,
                        order,
                        right_hand_sides,
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut [],
                        0.0,
                        &mut 0,
                        &mut size,
                        -1,
                        &mut isize,
                    )
                };
                size[0]
            }

            fn gglse(
                a: Columns<Self>,
                b: Columns<Self>,
                c: &mut [Self],
                d: &mut [Self],
                x: &mut [Self],
                work: &mut [Self],
            ) -> Int {
                assert!(a.cols == b.cols && b.rows <= a.cols && a.cols <= a.rows + b.rows);
                assert!(length(c) >= a.rows && length(d) >= b.rows && length(x) >= a.cols);
                with_stack(a.extent(), || {
                    // SAFETY: p <= n <= m + p as LAPACK requires, and the vectors hold m, p and n entries;
                    // `work` carries its length.
                    unsafe {
                        lapacke::$gglse(
                            ColumnMajor,
                            a.rows,
                            a.cols,
                            b.rows,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            c,
                            d,
                            x,
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn gglse_optimum(rows: Int, cols: Int, constraints: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$gglse(
                        ColumnMajor,
                        rows,
                        cols,
                        constraints,
                        &mut [],
                        rows.max(1),
                        &mut [],
                        constraints.max(1),
                        &mut [],
                        &mut [],
                        &mut [],
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn ggglm(
                a: Columns<Self>,
                b: Columns<Self>,
                d: &mut [Self],
                x: &mut [Self],
                y: &mut [Self],
                work: &mut [Self],
            ) -> Int {
                assert!(a.rows == b.rows && a.cols <= a.rows && a.rows <= a.cols + b.cols);
                assert!(length(d) >= a.rows && length(x) >= a.cols && length(y) >= b.cols);
                with_stack(a.extent().max(b.extent()), || {
                    // SAFETY: m <= n <= m + p as LAPACK requires, and the vectors hold n, m and p entries;
                    // `work` carries its length.
                    unsafe {
                        lapacke::$ggglm(
                            ColumnMajor,
                            a.rows,
                            a.cols,
                            b.cols,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            d,
                            x,
                            y,
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn ggglm_optimum(rows: Int, unknowns: Int, noises: Int) -> Self {
                let (mut size, ld) = ([0.0], rows.max(1));
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$ggglm(
                        ColumnMajor,
                        rows,
                        unknowns,
                        noises,
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut [],
                        &mut [],
                        &mut [],
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn upper_trcon(
                order: Int,
                a: &[Self],
                ld: Int,
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Self) {
                let (n, ld_entries) = (order.max(0) as usize, ld.max(0) as usize);
                assert!(ld >= order.max(1) && work.len() >= 3 * n && iwork.len() >= n);
                assert!(n == 0 || a.len() >= (n - 1) * ld_entries + n);
                let mut reciprocal = 0.0;
                let info = with_stack(n, || {
                    // SAFETY: `a` reaches to entry (n - 1, n - 1), `work` holds 3n scalars and `iwork` n integers.
                    unsafe {
                        lapacke::$trcon(
                            ColumnMajor,
                            b'1',
                            b'U',
                            b'N',
                            order,
                            a,
                            ld,
                            &mut reciprocal,
                            work,
                            iwork,
                        )
                    }
                });
                (info, reciprocal)
            }
        }
    };
}

implement_least_squares!(f32: sgels_work sgelsy_work sgelsd_work sgglse_work sggglm_work strcon_work);
implement_least_squares!(f64: dgels_work dgelsy_work dgelsd_work dgglse_work dggglm_work dtrcon_work);
