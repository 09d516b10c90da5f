//! LAPACKE's `_work` routines, column-major, over contiguous matrices.
//!
//! The four-letter names stand here and nowhere else. Every matrix is a [`Columns`]: packed, with a
//! leading dimension equal to its row count, and extents that fit LAPACK's integer.

use std::ops::RangeInclusive;

use lapacke::Layout::ColumnMajor;

use super::{Int, with_stack};
use crate::error::Error;

/// A packed column-major matrix that LAPACK may read and overwrite.
pub struct Columns<'a, T> {
    pub(super) data: &'a mut [T],
    pub(super) rows: Int,
    pub(super) cols: Int,
}

impl<'a, T> Columns<'a, T> {
    /// Wraps `rows * cols` entries. [`Error::TooLarge`] when an extent passes LAPACK's integer.
    pub fn new(data: &'a mut [T], rows: usize, cols: usize) -> Result<Self, Error> {
        let columns = Self {
            rows: to_int("the number of rows", rows)?,
            cols: to_int("the number of columns", cols)?,
            data,
        };
        assert!(columns.data.len() >= rows * cols, "the buffer must hold the whole matrix");
        Ok(columns)
    }

    pub(super) fn ld(&self) -> Int {
        self.rows.max(1)
    }

    pub(super) fn extent(&self) -> usize {
        self.rows.max(self.cols) as usize
    }
}

/// A size as LAPACK's integer.
pub(crate) fn to_int(what: &'static str, value: usize) -> Result<Int, Error> {
    Int::try_from(value).map_err(|_| Error::TooLarge { what, value: value as u128, limit: Int::MAX as u64 })
}

/// LAPACK for one scalar. Each method returns LAPACK's `info`; each `_optimum` the workspace length
/// that LAPACK itself suggests, as the scalar that it reports it in (so it may be rounded or wrapped:
/// [`crate::size`] is what makes a length of it).
pub trait Lapack: Sized {
    /// SVD by divide and conquer; `job` is `N`, `S` or `A`.
    fn gesdd(
        job: u8,
        a: Columns<Self>,
        s: &mut [Self],
        u: Columns<Self>,
        vt: Columns<Self>,
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> Int;
    fn gesdd_optimum(job: u8, rows: Int, cols: Int) -> Self;
    /// SVD by QR iteration; `job` applies to both sides.
    fn gesvd(
        job: u8,
        a: Columns<Self>,
        s: &mut [Self],
        u: Columns<Self>,
        vt: Columns<Self>,
        work: &mut [Self],
    ) -> Int;
    /// Symmetric eigenproblem by divide and conquer; the vectors replace `a`.
    fn syevd(
        job: u8,
        uplo: u8,
        a: Columns<Self>,
        w: &mut [Self],
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> Int;
    fn syevd_optimum(job: u8, uplo: u8, order: Int) -> Self;
    /// The eigenpairs at these positions, counted from 1 in ascending order; returns `info` and how many were
    /// found.
    #[expect(clippy::too_many_arguments, reason = "LAPACK's own argument list")]
    fn syevr(
        positions: RangeInclusive<Int>,
        uplo: u8,
        a: Columns<Self>,
        w: &mut [Self],
        z: Columns<Self>,
        support: &mut [Int],
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Int);
    fn syevr_optimum(order: Int) -> Self;
    /// QR factorization; `tau` receives the scalars of the reflectors.
    fn geqrf(a: Columns<Self>, tau: &mut [Self], work: &mut [Self]) -> Int;
    fn geqrf_optimum(rows: Int, cols: Int) -> Self;
    /// QR factorization with column pivoting; `pivots` counts from 1.
    fn geqp3(a: Columns<Self>, pivots: &mut [Int], tau: &mut [Self], work: &mut [Self]) -> Int;
    fn geqp3_optimum(rows: Int, cols: Int) -> Self;
    /// Forms the first `q.cols` columns of Q from the `tau.len()` reflectors that it holds.
    fn orgqr(q: Columns<Self>, tau: &[Self], work: &mut [Self]) -> Int;
    fn orgqr_optimum(rows: Int, cols: Int, reflectors: Int) -> Self;
    /// `c := Q c` (`N`) or `Qᵀ c` (`T`), with the reflectors in the columns of `factor`.
    fn ormqr(transpose: u8, factor: &[Self], tau: &[Self], c: Columns<Self>, work: &mut [Self]) -> Int;
    fn ormqr_optimum(transpose: u8, rows: Int, cols: Int, reflectors: Int) -> Self;
    /// Cholesky factorization of one triangle.
    fn potrf(uplo: u8, a: Columns<Self>) -> Int;
    /// Solves with a factor of [`Lapack::potrf`].
    fn potrs(uplo: u8, factor: &[Self], b: Columns<Self>) -> Int;
    /// One triangle of the inverse, in place of the factor.
    fn potri(uplo: u8, factor: Columns<Self>) -> Int;
    /// Reciprocal condition number in the 1-norm, given that norm of the matrix.
    fn pocon(
        uplo: u8,
        order: Int,
        factor: &[Self],
        norm: Self,
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Self);
}

/// The workspace length as LAPACK takes it. A longer slice is allowed: the surplus is not told.
pub(super) fn length(work: &[impl Sized]) -> Int {
    Int::try_from(work.len()).unwrap_or(Int::MAX)
}

macro_rules! implement_lapack {
    ($scalar:ty: $gesdd:ident $gesvd:ident $syevd:ident $syevr:ident $geqrf:ident $geqp3:ident $orgqr:ident $ormqr:ident $potrf:ident $potrs:ident $potri:ident $pocon:ident) => {
        impl Lapack for $scalar {
            fn gesdd(
                job: u8,
                a: Columns<Self>,
                s: &mut [Self],
                u: Columns<Self>,
                vt: Columns<Self>,
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> Int {
                check_svd(job, &a, s, &u, &vt);
                assert!(iwork.len() >= 8 * s.len());
                with_stack(a.extent(), || {
                    // SAFETY: `check_svd` has compared every extent with what the job letter writes,
                    // `iwork` holds 8 min(m, n), and LAPACK is told the true length of `work`.
                    unsafe {
                        lapacke::$gesdd(
                            ColumnMajor,
                            job,
                            a.rows,
                            a.cols,
                            a.data,
                            a.ld(),
                            s,
                            u.data,
                            u.ld(),
                            vt.data,
                            vt.ld(),
                            work,
                            length(work),
                            iwork,
                        )
                    }
                })
            }

            fn gesdd_optimum(job: u8, rows: Int, cols: Int) -> Self {
                let (mut size, k) = ([0.0], rows.min(cols));
                let (ldu, ldvt) = if job == b'A' { (rows, cols) } else { (rows, k) };
                // SAFETY: a query (lwork = -1) writes `work[0]` and references no array.
                unsafe {
                    lapacke::$gesdd(
                        ColumnMajor,
                        job,
                        rows,
                        cols,
                        &mut [],
                        rows.max(1),
                        &mut [],
                        &mut [],
                        ldu.max(1),
                        &mut [],
                        ldvt.max(1),
                        &mut size,
                        -1,
                        &mut [],
                    )
                };
                size[0]
            }

            fn gesvd(
                job: u8,
                a: Columns<Self>,
                s: &mut [Self],
                u: Columns<Self>,
                vt: Columns<Self>,
                work: &mut [Self],
            ) -> Int {
                check_svd(job, &a, s, &u, &vt);
                with_stack(a.extent(), || {
                    // SAFETY: as for `gesdd`; `work` is at least the minimum by the caller's size
                    // computation, and LAPACK returns info = -14 when it is not.
                    unsafe {
                        lapacke::$gesvd(
                            ColumnMajor,
                            job,
                            job,
                            a.rows,
                            a.cols,
                            a.data,
                            a.ld(),
                            s,
                            u.data,
                            u.ld(),
                            vt.data,
                            vt.ld(),
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn syevd(
                job: u8,
                uplo: u8,
                a: Columns<Self>,
                w: &mut [Self],
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> Int {
                assert!(a.rows == a.cols && w.len() >= a.rows as usize);
                with_stack(a.extent(), || {
                    // SAFETY: `a` is square with `a.rows` values in `w`; both workspaces are passed
                    // with their true lengths, which LAPACK checks against what it needs.
                    unsafe {
                        lapacke::$syevd(
                            ColumnMajor,
                            job,
                            uplo,
                            a.rows,
                            a.data,
                            a.ld(),
                            w,
                            work,
                            length(work),
                            iwork,
                            length(iwork),
                        )
                    }
                })
            }

            fn syevd_optimum(job: u8, uplo: u8, order: Int) -> Self {
                let (mut size, mut isize) = ([0.0], [0]);
                // SAFETY: a query writes `work[0]` and `iwork[0]` and references no other array.
                unsafe {
                    lapacke::$syevd(
                        ColumnMajor,
                        job,
                        uplo,
                        order,
                        &mut [],
                        order.max(1),
                        &mut [],
                        &mut size,
                        -1,
                        &mut isize,
                        -1,
                    )
                };
                size[0]
            }

            fn syevr(
                positions: RangeInclusive<Int>,
                uplo: u8,
                a: Columns<Self>,
                w: &mut [Self],
                z: Columns<Self>,
                support: &mut [Int],
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Int) {
                let (first, last) = positions.into_inner();
                let count = last - first + 1;
                assert!(a.rows == a.cols && 1 <= first && first <= last && last <= a.rows);
                assert!(w.len() >= a.rows as usize && support.len() >= 2 * count as usize);
                assert!(z.rows == a.rows && z.cols >= count);
                let mut found = 0;
                let info = with_stack(a.extent(), || {
                    // SAFETY: `a` is square, `w` holds `order` values, `z` a column and `support` a pair
                    // for each eigenpair asked for; both workspaces carry their lengths.
                    unsafe {
                        lapacke::$syevr(
                            ColumnMajor,
                            b'V',
                            b'I',
                            uplo,
                            a.rows,
                            a.data,
                            a.ld(),
                            0.0,
                            0.0,
                            first,
                            last,
                            0.0,
                            &mut found,
                            w,
                            z.data,
                            z.ld(),
                            support,
                            work,
                            length(work),
                            iwork,
                            length(iwork),
                        )
                    }
                });
                (info, found)
            }

            fn syevr_optimum(order: Int) -> Self {
                let (mut size, mut isize) = ([0.0], [0]);
                // SAFETY: a query writes `work[0]` and `iwork[0]` and references no other array.
                unsafe {
                    lapacke::$syevr(
                        ColumnMajor,
                        b'V',
                        b'I',
                        b'L',
                        order,
                        &mut [],
                        order.max(1),
                        0.0,
                        0.0,
                        1,
                        1,
                        0.0,
                        &mut 0,
                        &mut [],
                        &mut [],
                        order.max(1),
                        &mut [],
                        &mut size,
                        -1,
                        &mut isize,
                        -1,
                    )
                };
                size[0]
            }

            fn geqrf(a: Columns<Self>, tau: &mut [Self], work: &mut [Self]) -> Int {
                assert!(tau.len() >= a.rows.min(a.cols) as usize);
                with_stack(a.extent(), || {
                    // SAFETY: `tau` holds min(m, n) scalars; `work` carries its length.
                    unsafe {
                        lapacke::$geqrf(ColumnMajor, a.rows, a.cols, a.data, a.ld(), tau, work, length(work))
                    }
                })
            }

            fn geqrf_optimum(rows: Int, cols: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$geqrf(ColumnMajor, rows, cols, &mut [], rows.max(1), &mut [], &mut size, -1)
                };
                size[0]
            }

            fn geqp3(a: Columns<Self>, pivots: &mut [Int], tau: &mut [Self], work: &mut [Self]) -> Int {
                assert!(tau.len() >= a.rows.min(a.cols) as usize && pivots.len() >= a.cols as usize);
                with_stack(a.extent(), || {
                    // SAFETY: `tau` holds min(m, n) scalars and `pivots` n indices; `work` carries its length.
                    unsafe {
                        lapacke::$geqp3(
                            ColumnMajor,
                            a.rows,
                            a.cols,
                            a.data,
                            a.ld(),
                            pivots,
                            tau,
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn geqp3_optimum(rows: Int, cols: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$geqp3(
                        ColumnMajor,
                        rows,
                        cols,
                        &mut [],
                        rows.max(1),
                        &mut [],
                        &mut [],
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn orgqr(q: Columns<Self>, tau: &[Self], work: &mut [Self]) -> Int {
                let reflectors = length(tau);
                assert!(q.cols <= q.rows && reflectors <= q.cols);
                with_stack(q.extent(), || {
                    // SAFETY: k <= n <= m as LAPACK requires; `q` is m x n; `work` carries its length.
                    unsafe {
                        lapacke::$orgqr(
                            ColumnMajor,
                            q.rows,
                            q.cols,
                            reflectors,
                            q.data,
                            q.ld(),
                            tau,
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn orgqr_optimum(rows: Int, cols: Int, reflectors: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$orgqr(
                        ColumnMajor,
                        rows,
                        cols,
                        reflectors,
                        &mut [],
                        rows.max(1),
                        &[],
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn ormqr(
                transpose: u8,
                factor: &[Self],
                tau: &[Self],
                c: Columns<Self>,
                work: &mut [Self],
            ) -> Int {
                let reflectors = length(tau);
                assert!(reflectors <= c.rows && factor.len() >= c.rows as usize * tau.len());
                with_stack(c.extent(), || {
                    // SAFETY: `factor` holds `reflectors` columns of `c.rows` entries, and k <= m;
                    // `work` carries its length.
                    unsafe {
                        lapacke::$ormqr(
                            ColumnMajor,
                            b'L',
                            transpose,
                            c.rows,
                            c.cols,
                            reflectors,
                            factor,
                            c.ld(),
                            tau,
                            c.data,
                            c.ld(),
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn ormqr_optimum(transpose: u8, rows: Int, cols: Int, reflectors: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$ormqr(
                        ColumnMajor,
                        b'L',
                        transpose,
                        rows,
                        cols,
                        reflectors,
                        &[],
                        rows.max(1),
                        &[],
                        &mut [],
                        rows.max(1),
                        &mut size,
                        -1,
                    )
                };
                size[0]
            }

            fn potrf(uplo: u8, a: Columns<Self>) -> Int {
                assert!(a.rows == a.cols);
                // SAFETY: `a` is square and packed.
                with_stack(a.extent(), || unsafe {
                    lapacke::$potrf(ColumnMajor, uplo, a.rows, a.data, a.ld())
                })
            }

            fn potrs(uplo: u8, factor: &[Self], b: Columns<Self>) -> Int {
                assert!(factor.len() >= b.rows as usize * b.rows as usize);
                with_stack(b.extent(), || {
                    // SAFETY: `factor` is square of order `b.rows`, and `b` is packed.
                    unsafe {
                        lapacke::$potrs(ColumnMajor, uplo, b.rows, b.cols, factor, b.ld(), b.data, b.ld())
                    }
                })
            }

            fn potri(uplo: u8, factor: Columns<Self>) -> Int {
                assert!(factor.rows == factor.cols);
                with_stack(factor.extent(), || {
                    // SAFETY: `factor` is square and packed.
                    unsafe { lapacke::$potri(ColumnMajor, uplo, factor.rows, factor.data, factor.ld()) }
                })
            }

            fn pocon(
                uplo: u8,
                order: Int,
                factor: &[Self],
                norm: Self,
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Self) {
                let n = order.max(0) as usize;
                assert!(factor.len() >= n * n && work.len() >= 3 * n && iwork.len() >= n);
                let mut reciprocal = 0.0;
                // SAFETY: `factor` is n x n, `work` holds 3n scalars and `iwork` n integers.
                let info = with_stack(n, || unsafe {
                    lapacke::$pocon(
                        ColumnMajor,
                        uplo,
                        order,
                        factor,
                        order.max(1),
                        norm,
                        &mut reciprocal,
                        work,
                        iwork,
                    )
                });
                (info, reciprocal)
            }
        }
    };
}

/// The extents that both SVD drivers write, by job letter: `N` nothing, `S` thin, `A` full.
fn check_svd<T>(job: u8, a: &Columns<T>, s: &[T], u: &Columns<T>, vt: &Columns<T>) {
    let k = a.rows.min(a.cols);
    assert!(s.len() >= k as usize);
    match job {
        b'N' => {}
        b'S' => assert!((u.rows, u.cols, vt.rows, vt.cols) == (a.rows, k, k, a.cols)),
        _ => assert!((u.rows, u.cols, vt.rows, vt.cols) == (a.rows, a.rows, a.cols, a.cols)),
    }
}

implement_lapack!(f32: sgesdd_work sgesvd_work ssyevd_work ssyevr_work sgeqrf_work sgeqp3_work sorgqr_work sormqr_work spotrf_work spotrs_work spotri_work spocon_work);
implement_lapack!(f64: dgesdd_work dgesvd_work dsyevd_work dsyevr_work dgeqrf_work dgeqp3_work dorgqr_work dormqr_work dpotrf_work dpotrs_work dpotri_work dpocon_work);
