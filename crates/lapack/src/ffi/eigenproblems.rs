//! General eigenproblems, Schur and Hessenberg forms; those of pencils are in [`super::pencils`].

use lapacke::Layout::ColumnMajor;

use super::lapack::{Columns, length};
use super::pencils::Pencils;
use super::{Int, with_stack};

/// LAPACK for the eigenproblem of one general matrix. Each method returns LAPACK's `info` first; each `_optimum`
/// the workspace length that LAPACK suggests, as the scalar that it reports it in ([`crate::size`] makes a length
/// of it).
pub trait Eigenproblems: Pencils {
    /// Real Schur form: T replaces `a`, the Schur vectors go to `q`, the eigenvalues' parts to `wr` and `wi`.
    fn gees(a: Columns<Self>, wr: &mut [Self], wi: &mut [Self], q: Columns<Self>, work: &mut [Self]) -> Int;
    fn gees_optimum(order: Int) -> Self;
    /// Moves the eigenvalues whose `select` is not zero to the top of a Schur form and updates its vectors; returns
    /// `info` and how many were moved.
    fn trsen(
        select: &[Int],
        t: Columns<Self>,
        q: Columns<Self>,
        wr: &mut [Self],
        wi: &mut [Self],
        work: &mut [Self],
    ) -> (Int, Int);
    /// Of the leading `count` eigenvalues: `info`, the reciprocal condition number of their mean, and an estimate of
    /// their separation from the others. `t` is overwritten.
    fn trsen_condition(
        count: usize,
        t: Columns<Self>,
        wr: &mut [Self],
        wi: &mut [Self],
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Self, Self);
}

macro_rules! implement_eigenproblems {
    ($scalar:ty: $gees:ident $trsen:ident) => {
        impl Eigenproblems for $scalar {
            fn gees(
                a: Columns<Self>,
                wr: &mut [Self],
                wi: &mut [Self],
                q: Columns<Self>,
                work: &mut [Self],
            ) -> Int {
                assert!(a.rows == a.cols && q.rows == a.rows && q.cols == a.rows);
                assert!(wr.len() >= a.rows as usize && wi.len() >= a.rows as usize);
                with_stack(a.extent(), || {
                    // SAFETY: `a` and `q` are square of one order, with as many values in `wr` and `wi`; `work`
                    // carries its length. Without sorting, neither `select` nor `bwork` is referenced.
                    unsafe {
                        lapacke::$gees(
                            ColumnMajor,
                            b'V',
                            b'N',
                            None,
                            a.rows,
                            a.data,
                            a.ld(),
                            &mut 0,
                            wr,
                            wi,
                            q.data,
                            q.ld(),
                            work,
                            length(work),
                            &mut [],
                        )
                    }
                })
            }

            fn gees_optimum(order: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$gees(
                        ColumnMajor,
                        b'V',
                        b'N',
                        None,
                        order,
                        &mut [],
                        order.max(1),
                        &mut 0,
                        &mut [],
                        &mut [],
                        &mut [],
                        order.max(1),
                        &mut size,
                        -1,
                        &mut [],
                    )
                };
                size[0]
            }

            fn trsen(
                select: &[Int],
                t: Columns<Self>,
                q: Columns<Self>,
                wr: &mut [Self],
                wi: &mut [Self],
                work: &mut [Self],
            ) -> (Int, Int) {
                let order = t.rows as usize;
                assert!(t.rows == t.cols && q.rows == t.rows && q.cols == t.rows && select.len() >= order);
                assert!(wr.len() >= order && wi.len() >= order && !work.is_empty());
                let mut moved = 0;
                let info = with_stack(order, || {
                    // SAFETY: `t` and `q` are square of one order, with as many flags and values; `work` carries its
                    // length, and `iwork` has the one entry that is written when no condition is asked for.
                    unsafe {
                        lapacke::$trsen(
                            ColumnMajor,
                            b'N',
                            b'V',
                            select,
                            t.rows,
                            t.data,
                            t.ld(),
                            q.data,
                            q.ld(),
                            wr,
                            wi,
                            &mut moved,
                            &mut [0.0],
                            &mut [0.0],
                            work,
                            length(work),
                            &mut [0],
                            1,
                        )
                    }
                });
                (info, moved)
            }

            fn trsen_condition(
                count: usize,
                t: Columns<Self>,
                wr: &mut [Self],
                wi: &mut [Self],
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Self, Self) {
                let order = t.rows as usize;
                assert!(t.rows == t.cols && count <= order && wr.len() >= order && wi.len() >= order);
                assert!(!work.is_empty() && !iwork.is_empty());
                let select: Vec<Int> = (0..order).map(|i| Int::from(i < count)).collect();
                let (mut s, mut separation) = ([0.0], [0.0]);
                let info = with_stack(order, || {
                    // SAFETY: `t` is square with as many flags and values; without Schur vectors `q` is not
                    // referenced; both workspaces carry their lengths, which LAPACK checks.
                    unsafe {
                        lapacke::$trsen(
                            ColumnMajor,
                            b'B',
                            b'N',
                            &select,
                            t.rows,
                            t.data,
                            t.ld(),
                            &mut [],
                            t.ld(),
                            wr,
                            wi,
                            &mut 0,
                            &mut s,
                            &mut separation,
                            work,
                            length(work),
                            iwork,
                            length(iwork),
                        )
                    }
                });
                (info, s[0], separation[0])
            }
        }
    };
}

implement_eigenproblems!(f32: sgees_work strsen_work);
implement_eigenproblems!(f64: dgees_work dtrsen_work);
