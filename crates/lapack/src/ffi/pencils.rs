//! Generalized eigenproblems: pencils of two matrices.

use lapacke::Layout::ColumnMajor;

use super::eigenproblems::wanted;
use super::lapack::{Columns, length};
use super::{Int, with_stack};

/// The eigenvalues of a pencil as LAPACK returns them: `(alpha_re + i alpha_im) / beta`.
pub struct Fractions<'a, T> {
    pub alpha_re: &'a mut [T],
    pub alpha_im: &'a mut [T],
    pub beta: &'a mut [T],
}

impl<T> Fractions<'_, T> {
    fn hold(&self, order: Int) -> bool {
        [&self.alpha_re, &self.alpha_im, &self.beta].iter().all(|part| part.len() >= order as usize)
    }
}

/// LAPACK for pencils. Each method returns LAPACK's `info` first; each `_optimum` the workspace length that LAPACK
/// suggests, as the scalar that it reports it in ([`crate::size`] makes a length of it).
pub trait Pencils: Sized {
    /// Generalized Schur form: S and T replace `a` and `b`, the Schur vectors go to `q` and `z`.
    fn gges(
        a: Columns<Self>,
        b: Columns<Self>,
        values: Fractions<Self>,
        q: Columns<Self>,
        z: Columns<Self>,
        work: &mut [Self],
    ) -> Int;
    fn gges_optimum(order: Int) -> Self;
    /// Moves the eigenvalues whose `select` is not zero to the top of a generalized Schur form and updates its
    /// vectors; returns `info` and how many were moved.
    fn tgsen(
        select: &[Int],
        s: Columns<Self>,
        t: Columns<Self>,
        values: Fractions<Self>,
        q: Columns<Self>,
        z: Columns<Self>,
        work: &mut [Self],
    ) -> (Int, Int);
    /// Eigenvalues and eigenvectors of a pencil, packed as real columns; vectors are computed where `vl` or `vr` has
    /// columns.
    fn ggev(
        a: Columns<Self>,
        b: Columns<Self>,
        values: Fractions<Self>,
        vl: Columns<Self>,
        vr: Columns<Self>,
        work: &mut [Self],
    ) -> Int;
    fn ggev_optimum(left: bool, right: bool, order: Int) -> Self;
    /// Symmetric-definite eigenproblem of type `problem` (1, 2 or 3); the vectors replace `a`, a Cholesky factor `b`.
    #[expect(clippy::too_many_arguments, reason = "LAPACK's own argument list")]
    fn sygvd(
        problem: Int,
        job: u8,
        uplo: u8,
        a: Columns<Self>,
        b: Columns<Self>,
        w: &mut [Self],
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> Int;
    fn sygvd_optimum(problem: Int, job: u8, uplo: u8, order: Int) -> Self;
    /// Reduces `a` and `b` by orthogonal matrices to triangular forms, whose ranks it decides by the two tolerances; returns
    /// `info` and the orders `k` and `l` of the forms.
    #[expect(clippy::too_many_arguments, reason = "LAPACK's own argument list")]
    fn ggsvp3(
        a: Columns<Self>,
        b: Columns<Self>,
        tolerances: [Self; 2],
        u: Columns<Self>,
        v: Columns<Self>,
        q: Columns<Self>,
        iwork: &mut [Int],
        tau: &mut [Self],
        work: &mut [Self],
    ) -> (Int, [Int; 2]);
    fn ggsvp3_optimum(rows_of_a: Int, rows_of_b: Int, cols: Int) -> Self;
    /// The generalized SVD of what [`ggsvp3`](Pencils::ggsvp3) has left, where `a` and `b` end up holding R; updates U, V and Q,
    /// and returns `info`.
    #[expect(clippy::too_many_arguments, reason = "LAPACK's own argument list")]
    fn tgsja(
        orders: [Int; 2],
        a: Columns<Self>,
        b: Columns<Self>,
        tolerances: [Self; 2],
        alpha: &mut [Self],
        beta: &mut [Self],
        u: Columns<Self>,
        v: Columns<Self>,
        q: Columns<Self>,
        work: &mut [Self],
    ) -> Int;
}

/// Whether the matrices are all square and of one order.
fn square_alike<T>(matrices: &[&Columns<T>]) -> bool {
    matrices.iter().all(|matrix| matrix.rows == matrices[0].rows && matrix.cols == matrix.rows)
}

macro_rules! implement_pencils {
    ($scalar:ty: $gges:ident $tgsen:ident $ggev:ident $sygvd:ident $ggsvp3:ident $tgsja:ident) => {
        impl Pencils for $scalar {
            fn gges(
                a: Columns<Self>,
                b: Columns<Self>,
                values: Fractions<Self>,
                q: Columns<Self>,
                z: Columns<Self>,
                work: &mut [Self],
            ) -> Int {
                assert!(square_alike(&[&a, &b, &q, &z]) && values.hold(a.rows));
                with_stack(a.extent(), || {
                    // SAFETY: the four matrices are square of one order, with as many values; `work` carries its
                    // length. Without sorting, neither `selctg` nor `bwork` is referenced.
                    unsafe {
                        lapacke::$gges(
                            ColumnMajor,
                            b'V',
                            b'V',
                            b'N',
                            None,
                            a.rows,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            &mut 0,
                            values.alpha_re,
                            values.alpha_im,
                            values.beta,
                            q.data,
                            q.ld(),
                            z.data,
                            z.ld(),
                            work,
                            length(work),
                            &mut [],
                        )
                    }
                })
            }

            fn gges_optimum(order: Int) -> Self {
                let (mut size, ld) = ([0.0], order.max(1));
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$gges(
                        ColumnMajor,
                        b'V',
                        b'V',
                        b'N',
                        None,
                        order,
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut 0,
                        &mut [],
                        &mut [],
                        &mut [],
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut size,
                        -1,
                        &mut [],
                    )
                };
                size[0]
            }

            fn tgsen(
                select: &[Int],
                s: Columns<Self>,
                t: Columns<Self>,
                values: Fractions<Self>,
                q: Columns<Self>,
                z: Columns<Self>,
                work: &mut [Self],
            ) -> (Int, Int) {
                assert!(square_alike(&[&s, &t, &q, &z]) && values.hold(s.rows));
                assert!(select.len() >= s.rows as usize);
                let mut moved = 0;
                let info = with_stack(s.extent(), || {
                    // SAFETY: the four matrices are square of one order, with as many flags and values; `work`
                    // carries its length, and `iwork` has the one entry that is written when no condition is
                    // asked for; `pl`, `pr` and `dif` are then not referenced.
                    unsafe {
                        lapacke::$tgsen(
                            ColumnMajor,
                            0,
                            1,
                            1,
                            select,
                            s.rows,
                            s.data,
                            s.ld(),
                            t.data,
                            t.ld(),
                            values.alpha_re,
                            values.alpha_im,
                            values.beta,
                            q.data,
                            q.ld(),
                            z.data,
                            z.ld(),
                            &mut moved,
                            &mut [0.0],
                            &mut [0.0],
                            &mut [0.0; 2],
                            work,
                            length(work),
                            &mut [0],
                            1,
                        )
                    }
                });
                (info, moved)
            }

            fn ggev(
                a: Columns<Self>,
                b: Columns<Self>,
                values: Fractions<Self>,
                vl: Columns<Self>,
                vr: Columns<Self>,
                work: &mut [Self],
            ) -> Int {
                assert!(square_alike(&[&a, &b]) && values.hold(a.rows));
                for vectors in [&vl, &vr] {
                    assert!(vectors.rows == a.rows && (vectors.cols == 0 || vectors.cols == a.rows));
                }
                with_stack(a.extent(), || {
                    // SAFETY: `a` and `b` are square of one order, with as many values; vectors are asked for where
                    // there is room for all of them; `work` carries its length.
                    unsafe {
                        lapacke::$ggev(
                            ColumnMajor,
                            wanted(vl.cols > 0),
                            wanted(vr.cols > 0),
                            a.rows,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            values.alpha_re,
                            values.alpha_im,
                            values.beta,
                            vl.data,
                            vl.ld(),
                            vr.data,
                            vr.ld(),
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn ggev_optimum(left: bool, right: bool, order: Int) -> Self {
                let (mut size, ld) = ([0.0], order.max(1));
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$ggev(
                        ColumnMajor,
                        wanted(left),
                        wanted(right),
                        order,
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut [],
                        &mut [],
                        &mut [],
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

            fn sygvd(
                problem: Int,
                job: u8,
                uplo: u8,
                a: Columns<Self>,
                b: Columns<Self>,
                w: &mut [Self],
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> Int {
                assert!(square_alike(&[&a, &b]) && w.len() >= a.rows as usize);
                with_stack(a.extent(), || {
                    // SAFETY: `a` and `b` are square of one order, with as many values; both workspaces carry their
                    // lengths, which LAPACK checks against what it needs.
                    unsafe {
                        lapacke::$sygvd(
                            ColumnMajor,
                            problem,
                            job,
                            uplo,
                            a.rows,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            w,
                            work,
                            length(work),
                            iwork,
                            length(iwork),
                        )
                    }
                })
            }

            fn sygvd_optimum(problem: Int, job: u8, uplo: u8, order: Int) -> Self {
                let (mut size, mut isize, ld) = ([0.0], [0], order.max(1));
                // SAFETY: a query writes `work[0]` and `iwork[0]` and references no other array.
                unsafe {
                    lapacke::$sygvd(
                        ColumnMajor,
                        problem,
                        job,
                        uplo,
                        order,
                        &mut [],
                        ld,
                        &mut [],
                        ld,
                        &mut [],
                        &mut size,
                        -1,
                        &mut isize,
                        -1,
                    )
                };
                size[0]
            }

            fn ggsvp3(
                a: Columns<Self>,
                b: Columns<Self>,
                tolerances: [Self; 2],
                u: Columns<Self>,
                v: Columns<Self>,
                q: Columns<Self>,
                iwork: &mut [Int],
                tau: &mut [Self],
                work: &mut [Self],
            ) -> (Int, [Int; 2]) {
                let cols = a.cols as usize;
                assert!(b.cols == a.cols && iwork.len() >= cols && tau.len() >= cols);
                for (vectors, order) in [(&u, a.rows), (&v, b.rows), (&q, a.cols)] {
                    assert!(vectors.rows == order && vectors.cols == order);
                }
                let [mut k, mut l] = [0; 2];
                let info = with_stack(a.extent().max(b.extent()), || {
                    // SAFETY: `a` and `b` have the same columns, with as many indices and reflectors; U, V and Q are square of
                    // the orders that they multiply; `work` carries its length.
                    unsafe {
                        lapacke::$ggsvp3(
                            ColumnMajor,
                            b'U',
                            b'V',
                            b'Q',
                            a.rows,
                            b.rows,
                            a.cols,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            tolerances[0],
                            tolerances[1],
                            &mut k,
                            &mut l,
                            u.data,
                            u.ld(),
                            v.data,
                            v.ld(),
                            q.data,
                            q.ld(),
                            iwork,
                            tau,
                            work,
                            length(work),
                        )
                    }
                });
                (info, [k, l])
            }

            fn ggsvp3_optimum(rows_of_a: Int, rows_of_b: Int, cols: Int) -> Self {
                let mut size = [0.0];
                let [of_a, of_b, of_q] = [rows_of_a, rows_of_b, cols].map(|extent| extent.max(1));
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$ggsvp3(
                        ColumnMajor,
                        b'U',
                        b'V',
                        b'Q',
                        rows_of_a,
                        rows_of_b,
                        cols,
                        &mut [],
                        of_a,
                        &mut [],
                        of_b,
                        0.0,
                        0.0,
                        &mut 0,
                        &mut 0,
                        &mut [],
                        of_a,
                        &mut [],
                        of_b,
                        &mut [],
                        of_q,
                        &mut [],
                        &mut [],
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn tgsja(
                [k, l]: [Int; 2],
                a: Columns<Self>,
                b: Columns<Self>,
                tolerances: [Self; 2],
                alpha: &mut [Self],
                beta: &mut [Self],
                u: Columns<Self>,
                v: Columns<Self>,
                q: Columns<Self>,
                work: &mut [Self],
            ) -> Int {
                let cols = a.cols as usize;
                assert!(
                    b.cols == a.cols && alpha.len() >= cols && beta.len() >= cols && work.len() >= 2 * cols
                );
                assert!(k >= 0 && l >= 0 && k + l <= a.cols && l <= b.rows);
                for (vectors, order) in [(&u, a.rows), (&v, b.rows), (&q, a.cols)] {
                    assert!(vectors.rows == order && vectors.cols == order);
                }
                let mut cycles = [0];
                with_stack(a.extent().max(b.extent()), || {
                    // SAFETY: `a` and `b` have the same columns, with as many values and twice the work; the orders fit in
                    // them; U, V and Q are square of the orders that they multiply; there is a place for the cycles.
                    unsafe {
                        lapacke::$tgsja(
                            ColumnMajor,
                            b'U',
                            b'V',
                            b'Q',
                            a.rows,
                            b.rows,
                            a.cols,
                            k,
                            l,
                            a.data,
                            a.ld(),
                            b.data,
                            b.ld(),
                            tolerances[0],
                            tolerances[1],
                            alpha,
                            beta,
                            u.data,
                            u.ld(),
                            v.data,
                            v.ld(),
                            q.data,
                            q.ld(),
                            work,
                            &mut cycles,
                        )
                    }
                })
            }
        }
    };
}

implement_pencils!(f32: sgges_work stgsen_work sggev_work ssygvd_work sggsvp3_work stgsja_work);
implement_pencils!(f64: dgges_work dtgsen_work dggev_work dsygvd_work dggsvp3_work dtgsja_work);
