//! Generalized eigenproblems: pencils of two matrices.

use lapacke::Layout::ColumnMajor;

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
}

/// Whether the matrices are all square and of one order.
fn square_alike<T>(matrices: &[&Columns<T>]) -> bool {
    matrices.iter().all(|matrix| matrix.rows == matrices[0].rows && matrix.cols == matrix.rows)
}

macro_rules! implement_pencils {
    ($scalar:ty: $gges:ident $tgsen:ident) => {
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
        }
    };
}

implement_pencils!(f32: sgges_work stgsen_work);
implement_pencils!(f64: dgges_work dtgsen_work);
