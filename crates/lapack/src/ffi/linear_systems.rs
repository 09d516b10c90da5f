//! LU, symmetric indefinite and triangular systems.

use lapacke::Layout::ColumnMajor;

use super::lapack::{Columns, length};
use super::{Int, with_stack};

/// LU, symmetric indefinite and triangular systems. Each method returns LAPACK's `info`; each
/// `_optimum` the workspace length that LAPACK itself suggests.
pub trait LinearSystems: Sized {
    /// LU factorization with row interchanges; `pivots` counts from 1.
    fn getrf(a: Columns<Self>, pivots: &mut [Int]) -> Int;
    /// The same by LAPACK's own recursion, which divides by a pivot too small to have a reciprocal.
    fn getrf2(a: Columns<Self>, pivots: &mut [Int]) -> Int;
    /// Solves with a factor of [`LinearSystems::getrf`]: `a x = b` (`N`) or `aᵀ x = b` (`T`).
    fn getrs(transpose: u8, factor: &[Self], pivots: &[Int], b: Columns<Self>) -> Int;
    /// The inverse, in place of the factor.
    fn getri(factor: Columns<Self>, pivots: &[Int], work: &mut [Self]) -> Int;
    fn getri_optimum(order: Int) -> Self;
    /// Reciprocal condition number in the 1-norm (`1`) or the ∞-norm (`I`), given that norm of the matrix.
    fn gecon(
        norm: u8,
        order: Int,
        factor: &[Self],
        of_matrix: Self,
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Self);
    /// Refines `x` iteratively; one forward and one backward error for each of its columns.
    #[expect(clippy::too_many_arguments, reason = "LAPACK's own argument list")]
    fn gerfs(
        a: &[Self],
        factor: &[Self],
        pivots: &[Int],
        b: &[Self],
        x: Columns<Self>,
        forward: &mut [Self],
        backward: &mut [Self],
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> Int;
    /// Symmetric indefinite factorization of one triangle with rook pivoting.
    fn sytrf_rook(uplo: u8, a: Columns<Self>, pivots: &mut [Int], work: &mut [Self]) -> Int;
    fn sytrf_rook_optimum(uplo: u8, order: Int) -> Self;
    /// Solves with a factor of [`LinearSystems::sytrf_rook`].
    fn sytrs_rook(uplo: u8, factor: &[Self], pivots: &[Int], b: Columns<Self>) -> Int;
    /// One step of the estimation of the 1-norm of a linear map. The caller starts with `state` all zeros and
    /// applies the map (when `state[0]` comes back as 1) or its transpose (2) to `x`, until it comes back as 0.
    fn lacn2(
        v: &mut [Self],
        x: &mut [Self],
        signs: &mut [Int],
        estimate: &mut Self,
        state: &mut [Int; 4],
    ) -> Int;
    /// The inverse of a triangular matrix, in its place.
    fn trtri(uplo: u8, diagonal: u8, a: Columns<Self>) -> Int;
    /// Reciprocal condition number of a triangular matrix in the 1-norm (`1`) or the ∞-norm (`I`).
    fn trcon(
        norm: u8,
        uplo: u8,
        diagonal: u8,
        order: Int,
        a: &[Self],
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Self);
}

/// LAPACK swaps rows by these numbers without a look at them.
pub(super) fn check_pivots(pivots: &[Int], order: Int) {
    assert!(pivots.len() >= order as usize && pivots.iter().all(|pivot| (1..=order).contains(pivot)));
}

/// As [`check_pivots`], where the sign tells 1 x 1 blocks from 2 x 2 ones.
fn check_signed_pivots(pivots: &[Int], order: Int) {
    let names_a_row = |pivot: &Int| (1..=order).contains(&pivot.saturating_abs());
    assert!(pivots.len() >= order as usize && pivots.iter().all(names_a_row));
}

macro_rules! implement_linear_systems {
    ($scalar:ty: $getrf:ident $getrf2:ident $getrs:ident $getri:ident $gecon:ident $gerfs:ident $sytrf_rook:ident $sytrs_rook:ident $lacn2:ident $trtri:ident $trcon:ident) => {
        impl LinearSystems for $scalar {
            fn getrf(a: Columns<Self>, pivots: &mut [Int]) -> Int {
                assert!(pivots.len() >= a.rows.min(a.cols) as usize);
                with_stack(a.extent(), || {
                    // SAFETY: `a` is packed and `pivots` holds min(m, n) integers.
                    unsafe { lapacke::$getrf(ColumnMajor, a.rows, a.cols, a.data, a.ld(), pivots) }
                })
            }

            fn getrf2(a: Columns<Self>, pivots: &mut [Int]) -> Int {
                assert!(pivots.len() >= a.rows.min(a.cols) as usize);
                with_stack(a.extent(), || {
                    // SAFETY: `a` is packed and `pivots` holds min(m, n) integers.
                    unsafe { lapacke::$getrf2(ColumnMajor, a.rows, a.cols, a.data, a.ld(), pivots) }
                })
            }

            fn getrs(transpose: u8, factor: &[Self], pivots: &[Int], b: Columns<Self>) -> Int {
                let order = b.rows as usize;
                assert!(factor.len() >= order * order);
                check_pivots(pivots, b.rows);
                with_stack(b.extent(), || {
                    // SAFETY: `factor` is square of order `b.rows`, each pivot is one of its rows, and `b` is
                    // packed.
                    unsafe {
                        lapacke::$getrs(
                            ColumnMajor,
                            transpose,
                            b.rows,
                            b.cols,
                            factor,
                            b.ld(),
                            pivots,
                            b.data,
                            b.ld(),
                        )
                    }
                })
            }

            fn getri(factor: Columns<Self>, pivots: &[Int], work: &mut [Self]) -> Int {
                assert!(factor.rows == factor.cols && work.len() >= factor.rows as usize);
                check_pivots(pivots, factor.rows);
                with_stack(factor.extent(), || {
                    // SAFETY: `factor` is square and packed, each pivot is one of its rows; `work` carries its
                    // length, which is at least the order.
                    unsafe {
                        lapacke::$getri(
                            ColumnMajor,
                            factor.rows,
                            factor.data,
                            factor.ld(),
                            pivots,
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn getri_optimum(order: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe { lapacke::$getri(ColumnMajor, order, &mut [], order.max(1), &[], &mut size, -1) };
                size[0]
            }

            fn gecon(
                norm: u8,
                order: Int,
                factor: &[Self],
                of_matrix: Self,
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Self) {
                let n = order.max(0) as usize;
                assert!(factor.len() >= n * n && work.len() >= 4 * n && iwork.len() >= n);
                let mut reciprocal = 0.0;
                let info = with_stack(n, || {
                    // SAFETY: `factor` is n x n, `work` holds 4n scalars and `iwork` n integers.
                    unsafe {
                        lapacke::$gecon(
                            ColumnMajor,
                            norm,
                            order,
                            factor,
                            order.max(1),
                            of_matrix,
                            &mut reciprocal,
                            work,
                            iwork,
                        )
                    }
                });
                (info, reciprocal)
            }

            fn gerfs(
                a: &[Self],
                factor: &[Self],
                pivots: &[Int],
                b: &[Self],
                x: Columns<Self>,
                forward: &mut [Self],
                backward: &mut [Self],
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> Int {
                let (n, columns) = (x.rows as usize, x.cols as usize);
                assert!(a.len() >= n * n && factor.len() >= n * n && b.len() >= n * columns);
                assert!(forward.len() >= columns && backward.len() >= columns);
                assert!(work.len() >= 3 * n && iwork.len() >= n);
                check_pivots(pivots, x.rows);
                with_stack(x.extent(), || {
                    // SAFETY: `a` and `factor` are square of order `x.rows`, each pivot is one of their rows, `b`
                    // has the extents of `x`, a bound is there for each of its columns, `work` holds 3n scalars
                    // and `iwork` n integers.
                    unsafe {
                        lapacke::$gerfs(
                            ColumnMajor,
                            b'N',
                            x.rows,
                            x.cols,
                            a,
                            x.ld(),
                            factor,
                            x.ld(),
                            pivots,
                            b,
                            x.ld(),
                            x.data,
                            x.ld(),
                            forward,
                            backward,
                            work,
                            iwork,
                        )
                    }
                })
            }

            fn sytrf_rook(uplo: u8, a: Columns<Self>, pivots: &mut [Int], work: &mut [Self]) -> Int {
                assert!(a.rows == a.cols && pivots.len() >= a.rows as usize && !work.is_empty());
                with_stack(a.extent(), || {
                    // SAFETY: `a` is square and packed, `pivots` holds an integer for each row; `work` carries its
                    // length, by which LAPACK chooses its block size.
                    unsafe {
                        lapacke::$sytrf_rook(
                            ColumnMajor,
                            uplo,
                            a.rows,
                            a.data,
                            a.ld(),
                            pivots,
                            work,
                            length(work),
                        )
                    }
                })
            }

            fn sytrf_rook_optimum(uplo: u8, order: Int) -> Self {
                let mut size = [0.0];
                // SAFETY: a query writes `work[0]` and references no other array.
                unsafe {
                    lapacke::$sytrf_rook(
                        ColumnMajor,
                        uplo,
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

            fn sytrs_rook(uplo: u8, factor: &[Self], pivots: &[Int], b: Columns<Self>) -> Int {
                let order = b.rows as usize;
                assert!(factor.len() >= order * order);
                check_signed_pivots(pivots, b.rows);
                with_stack(b.extent(), || {
                    // SAFETY: `factor` is square of order `b.rows`, the magnitude of each pivot is one of its
                    // rows, and `b` is packed.
                    unsafe {
                        lapacke::$sytrs_rook(
                            ColumnMajor,
                            uplo,
                            b.rows,
                            b.cols,
                            factor,
                            b.ld(),
                            pivots,
                            b.data,
                            b.ld(),
                        )
                    }
                })
            }

            fn lacn2(
                v: &mut [Self],
                x: &mut [Self],
                signs: &mut [Int],
                estimate: &mut Self,
                state: &mut [Int; 4],
            ) -> Int {
                let order = length(x);
                assert!(v.len() == x.len() && signs.len() == x.len() && !x.is_empty());
                let [kase, saved @ ..] = state;
                // SAFETY: `v`, `x` and `signs` hold as many entries as `order` says, `saved` the three integers
                // that carry the state from call to call.
                unsafe { lapacke::$lacn2(order, v, x, signs, std::slice::from_mut(estimate), kase, saved) }
            }

            fn trtri(uplo: u8, diagonal: u8, a: Columns<Self>) -> Int {
                assert!(a.rows == a.cols);
                with_stack(a.extent(), || {
                    // SAFETY: `a` is square and packed.
                    unsafe { lapacke::$trtri(ColumnMajor, uplo, diagonal, a.rows, a.data, a.ld()) }
                })
            }

            fn trcon(
                norm: u8,
                uplo: u8,
                diagonal: u8,
                order: Int,
                a: &[Self],
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Self) {
                let n = order.max(0) as usize;
                assert!(a.len() >= n * n && work.len() >= 3 * n && iwork.len() >= n);
                let mut reciprocal = 0.0;
                let info = with_stack(n, || {
                    // SAFETY: `a` is n x n, `work` holds 3n scalars and `iwork` n integers.
                    unsafe {
                        lapacke::$trcon(
                            ColumnMajor,
                            norm,
                            uplo,
                            diagonal,
                            order,
                            a,
                            order.max(1),
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

implement_linear_systems!(f32: sgetrf_work sgetrf2_work sgetrs_work sgetri_work sgecon_work sgerfs_work ssytrf_rook_work ssytrs_rook_work slacn2_work strtri_work strcon_work);
implement_linear_systems!(f64: dgetrf_work dgetrf2_work dgetrs_work dgetri_work dgecon_work dgerfs_work dsytrf_rook_work dsytrs_rook_work dlacn2_work dtrtri_work dtrcon_work);
