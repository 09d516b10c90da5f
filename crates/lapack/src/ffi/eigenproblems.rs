//! General eigenproblems, Schur and Hessenberg forms; those of pencils are in [`super::pencils`].

use lapacke::Layout::ColumnMajor;

use super::lapack::{Columns, length};
use super::pencils::Pencils;
use super::{Int, with_stack};

/// LAPACK for the eigenproblem of one general matrix. Each method returns LAPACK's `info` first; each `_optimum`
/// the workspace length that LAPACK suggests, as the scalar that it reports it in ([`crate::size`] makes a length
/// of it).
pub trait Eigenproblems: Pencils {
    /// Eigenvalues and eigenvectors, packed as real columns. `balance` is `N`, `P`, `S` or `B`; vectors are computed
    /// where `vl` or `vr` has columns; `sense` is `N`, `E` or `B`, the latter two with both kinds of vectors.
    #[expect(clippy::too_many_arguments, reason = "LAPACK's own argument list")]
    fn geevx(
        balance: u8,
        sense: u8,
        a: Columns<Self>,
        wr: &mut [Self],
        wi: &mut [Self],
        vl: Columns<Self>,
        vr: Columns<Self>,
        scale: &mut [Self],
        rconde: &mut [Self],
        rcondv: &mut [Self],
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> Int;
    fn geevx_optimum(balance: u8, sense: u8, left: bool, right: bool, order: Int) -> Self;
    /// Hessenberg form; `tau` receives the scalars of the reflectors that stand below it.
    fn gehrd(a: Columns<Self>, tau: &mut [Self], work: &mut [Self]) -> Int;
    fn gehrd_optimum(order: Int) -> Self;
    /// Forms Q from the reflectors of [`Eigenproblems::gehrd`], in their place.
    fn orghr(q: Columns<Self>, tau: &[Self], work: &mut [Self]) -> Int;
    fn orghr_optimum(order: Int) -> Self;
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

/// LAPACK's letter for vectors that are wanted or not.
pub(super) fn wanted(vectors: bool) -> u8 {
    if vectors { b'V' } else { b'N' }
}

macro_rules! implement_eigenproblems {
    ($scalar:ty: $geevx:ident $gehrd:ident $orghr:ident $gees:ident $trsen:ident) => {
        impl Eigenproblems for $scalar {
            fn geevx(
                balance: u8,
                sense: u8,
                a: Columns<Self>,
                wr: &mut [Self],
                wi: &mut [Self],
                vl: Columns<Self>,
                vr: Columns<Self>,
                scale: &mut [Self],
                rconde: &mut [Self],
                rcondv: &mut [Self],
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> Int {
                let order = a.rows as usize;
                assert!(a.rows == a.cols && wr.len() >= order && wi.len() >= order && scale.len() >= order);
                for vectors in [&vl, &vr] {
                    assert!(vectors.rows == a.rows && (vectors.cols == 0 || vectors.cols == a.rows));
                }
                match sense {
                    b'N' => {}
                    _ => assert!(vl.cols == a.rows && vr.cols == a.rows && rconde.len() >= order),
                }
                assert!(sense != b'B' || (rcondv.len() >= order && iwork.len() >= 2 * order.max(1) - 2));
                with_stack(order, || {
                    // SAFETY: `a` is square with as many values and scales; vectors are asked for where there is
                    // room for all of them, and condition numbers where their slices were found to hold as many;
                    // `work` carries its length.
                    unsafe {
                        lapacke::$geevx(
                            ColumnMajor,
                            balance,
                            wanted(vl.cols > 0),
                            wanted(vr.cols > 0),
                            sense,
                            a.rows,
                            a.data,
                            a.ld(),
                            wr,
                            wi,
                            vl.data,
                            vl.ld(),
                            vr.data,
                            vr.ld(),
                            &mut 0,
                            &mut 0,
                            scale,
                            &mut 0.0,
                            rconde,
                            rcondv,
                            work,
                            length(work),
                            iwork,
                        )
                    }
                })
            }

            fn geevx_optimum(balance: u8, sense: u8, left: bool, right: bool, order: Int) -> Self {
                let (mut size, ld) = ([0.0], order.max(1));
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$geevx(
                        ColumnMajor,
                        balance,
                        wanted(left),
                        wanted(right),
                        sense,
                        order,
                        &mut [],
                        ld,
                        &mut [],
                        &mut [],
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut 0,
                        &mut 0,
                        &mut [],
                        &mut 0.0,
                        &mut [],
                        &mut [],
                        &mut size,
                        -1,
                        &mut [],
                    )
                };
                size[0]
            }

            fn gehrd(a: Columns<Self>, tau: &mut [Self], work: &mut [Self]) -> Int {
                assert!(a.rows == a.cols && tau.len() + 1 >= a.rows as usize);
                with_stack(a.extent(), || {
                    // SAFETY: `a` is square, `tau` holds one scalar less than its order; `work` carries its length.
                    unsafe {
                        lapacke::$gehrd(
                            ColumnMajor,
                            a.rows,
                            1,
                            a.rows,
                            a.data,
                            a.ld(),
                            tau,
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn gehrd_optimum(order: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$gehrd(
                        ColumnMajor,
                        order,
                        1,
                        order,
                        &mut [],
                        order.max(1),
                        &mut [],
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn orghr(q: Columns<Self>, tau: &[Self], work: &mut [Self]) -> Int {
                assert!(q.rows == q.cols && tau.len() + 1 >= q.rows as usize);
                with_stack(q.extent(), || {
                    // SAFETY: as for `gehrd`, whose reflectors and scalars these are.
                    unsafe {
                        lapacke::$orghr(
                            ColumnMajor,
                            q.rows,
                            1,
                            q.rows,
                            q.data,
                            q.ld(),
                            tau,
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn orghr_optimum(order: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$orghr(ColumnMajor, order, 1, order, &mut [], order.max(1), &[], &mut size, -1)
                };
                size[0]
            }

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

implement_eigenproblems!(f32: sgeevx_work sgehrd_work sorghr_work sgees_work strsen_work);
implement_eigenproblems!(f64: dgeevx_work dgehrd_work dorghr_work dgees_work dtrsen_work);
