//! Banded and tridiagonal systems.

use lapacke::Layout::ColumnMajor;

use super::lapack::Columns;
use super::linear_systems::check_pivots;
use super::{Int, with_stack};

/// A band as LAPACK stores it: packed columns of `rows` entries each, one for every column of the matrix.
pub struct Band<'a, T> {
    /// The columns, one after the other.
    pub entries: &'a [T],
    /// How many entries each has.
    pub rows: usize,
    /// How many diagonals lie below the main one.
    pub lower: usize,
    /// How many lie above it.
    pub upper: usize,
}

/// As [`Band`], to overwrite.
pub struct BandMut<'a, T> {
    /// The columns, one after the other.
    pub entries: &'a mut [T],
    /// How many entries each has.
    pub rows: usize,
    /// How many diagonals lie below the main one.
    pub lower: usize,
    /// How many lie above it.
    pub upper: usize,
}

/// The three diagonals of a factored tridiagonal matrix, the second superdiagonal that its factor has, and
/// its interchanges.
#[derive(Clone, Copy)]
pub struct TridiagonalFactor<'a, T> {
    /// The multipliers, n − 1.
    pub below: &'a [T],
    /// The pivots, n.
    pub diagonal: &'a [T],
    /// n − 1.
    pub above: &'a [T],
    /// n − 2.
    pub second: &'a [T],
    /// n, counted from 1.
    pub pivots: &'a [Int],
}

impl<T> TridiagonalFactor<'_, T> {
    /// The order, after the lengths have been compared with it.
    fn order(&self) -> Int {
        let n = self.diagonal.len();
        assert!(self.below.len() + 1 >= n && self.above.len() + 1 >= n && self.second.len() + 2 >= n);
        let order = Int::try_from(n).expect("callers have checked the order");
        check_pivots(self.pivots, order);
        order
    }
}

/// Sizes as LAPACK takes them; the callers have returned an error for larger ones.
fn int(size: usize) -> Int {
    Int::try_from(size).expect("callers have checked the extents of a band")
}

/// Banded and tridiagonal systems. Each method returns LAPACK's `info`.
pub trait BandedSystems: Sized {
    /// LU factorization of a band of order `order`, with room for `lower` more superdiagonals above it.
    fn gbtrf(order: Int, a: BandMut<Self>, pivots: &mut [Int]) -> Int;
    /// Solves with a factor of [`BandedSystems::gbtrf`]: `N` or `T`.
    fn gbtrs(transpose: u8, factor: Band<Self>, pivots: &[Int], b: Columns<Self>) -> Int;
    /// Reciprocal condition number in the 1-norm (`1`) or the ∞-norm (`I`), given that norm of the matrix.
    fn gbcon(
        norm: u8,
        order: Int,
        factor: Band<Self>,
        pivots: &[Int],
        of_matrix: Self,
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Self);
    /// Cholesky factorization of the lower triangle of a band of order `order`.
    fn pbtrf(order: Int, a: BandMut<Self>) -> Int;
    /// Solves with a factor of [`BandedSystems::pbtrf`].
    fn pbtrs(factor: Band<Self>, b: Columns<Self>) -> Int;
    /// Reciprocal condition number in the 1-norm, given that norm of the matrix.
    fn pbcon(
        order: Int,
        factor: Band<Self>,
        of_matrix: Self,
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Self);
    /// LU factorization of a tridiagonal matrix in its three diagonals; `second` receives the second
    /// superdiagonal of U.
    fn gttrf(
        below: &mut [Self],
        diagonal: &mut [Self],
        above: &mut [Self],
        second: &mut [Self],
        pivots: &mut [Int],
    ) -> Int;
    /// Solves with a factor of [`BandedSystems::gttrf`]: `N` or `T`.
    fn gttrs(transpose: u8, factor: TridiagonalFactor<Self>, b: Columns<Self>) -> Int;
    /// Reciprocal condition number in the 1-norm (`1`) or the ∞-norm (`I`), given that norm of the matrix.
    fn gtcon(
        norm: u8,
        factor: TridiagonalFactor<Self>,
        of_matrix: Self,
        work: &mut [Self],
        iwork: &mut [Int],
    ) -> (Int, Self);
    /// Factorization `L D Lᵀ` of a positive definite tridiagonal matrix in its diagonals.
    fn pttrf(diagonal: &mut [Self], below: &mut [Self]) -> Int;
    /// Solves with a factor of [`BandedSystems::pttrf`].
    fn pttrs(diagonal: &[Self], below: &[Self], b: Columns<Self>) -> Int;
    /// Reciprocal condition number in the 1-norm, exact, given that norm of the matrix.
    fn ptcon(diagonal: &[Self], below: &[Self], of_matrix: Self, work: &mut [Self]) -> (Int, Self);
}

/// What `gbtrf` leaves has `lower + upper` superdiagonals, and is stored with that many rows above the main one.
fn check_general_band(entries: usize, rows: usize, lower: usize, upper: usize, order: Int) {
    assert!(rows > 2 * lower + upper && entries >= rows * order as usize);
}

/// One triangle of a symmetric band.
fn check_half_band(entries: usize, rows: usize, lower: usize, order: Int) {
    assert!(rows > lower && entries >= rows * order as usize);
}

macro_rules! implement_banded {
    ($scalar:ty: $gbtrf:ident $gbtrs:ident $gbcon:ident $pbtrf:ident $pbtrs:ident $pbcon:ident $gttrf:ident $gttrs:ident $gtcon:ident $pttrf:ident $pttrs:ident $ptcon:ident) => {
        impl BandedSystems for $scalar {
            fn gbtrf(order: Int, a: BandMut<Self>, pivots: &mut [Int]) -> Int {
                check_general_band(a.entries.len(), a.rows, a.lower, a.upper, order);
                assert!(pivots.len() >= order as usize);
                with_stack(order as usize, || {
                    // SAFETY: the band has 2 lower + upper + 1 rows or more and a column for each of the matrix;
                    // `pivots` holds an integer for each.
                    unsafe {
                        lapacke::$gbtrf(
                            ColumnMajor,
                            order,
                            order,
                            int(a.lower),
                            int(a.upper),
                            a.entries,
                            int(a.rows),
                            pivots,
                        )
                    }
                })
            }

            fn gbtrs(transpose: u8, factor: Band<Self>, pivots: &[Int], b: Columns<Self>) -> Int {
                let Band { entries, rows, lower, upper } = factor;
                check_general_band(entries.len(), rows, lower, upper, b.rows);
                check_pivots(pivots, b.rows);
                with_stack(b.extent(), || {
                    // SAFETY: the band is one that `gbtrf` factors at order `b.rows`, each pivot is one of its rows,
                    // and `b` is packed.
                    unsafe {
                        lapacke::$gbtrs(
                            ColumnMajor,
                            transpose,
                            b.rows,
                            int(lower),
                            int(upper),
                            b.cols,
                            entries,
                            int(rows),
                            pivots,
                            b.data,
                            b.ld(),
                        )
                    }
                })
            }

            fn gbcon(
                norm: u8,
                order: Int,
                factor: Band<Self>,
                pivots: &[Int],
                of_matrix: Self,
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Self) {
                let (Band { entries, rows, lower, upper }, n) = (factor, order.max(0) as usize);
                check_general_band(entries.len(), rows, lower, upper, order);
                check_pivots(pivots, order);
                assert!(work.len() >= 3 * n && iwork.len() >= n);
                let mut reciprocal = 0.0;
                let info = with_stack(n, || {
                    // SAFETY: as for `gbtrs`; `work` holds 3n scalars and `iwork` n integers.
                    unsafe {
                        lapacke::$gbcon(
                            ColumnMajor,
                            norm,
                            order,
                            int(lower),
                            int(upper),
                            entries,
                            int(rows),
                            pivots,
                            of_matrix,
                            &mut reciprocal,
                            work,
                            iwork,
                        )
                    }
                });
                (info, reciprocal)
            }

            fn pbtrf(order: Int, a: BandMut<Self>) -> Int {
                check_half_band(a.entries.len(), a.rows, a.lower, order);
                with_stack(order as usize, || {
                    // SAFETY: the band has lower + 1 rows or more and a column for each of the matrix.
                    unsafe { lapacke::$pbtrf(ColumnMajor, b'L', order, int(a.lower), a.entries, int(a.rows)) }
                })
            }

            fn pbtrs(factor: Band<Self>, b: Columns<Self>) -> Int {
                let Band { entries, rows, lower, .. } = factor;
                check_half_band(entries.len(), rows, lower, b.rows);
                with_stack(b.extent(), || {
                    // SAFETY: the band is one that `pbtrf` factors at order `b.rows`, and `b` is packed.
                    unsafe {
                        lapacke::$pbtrs(
                            ColumnMajor,
                            b'L',
                            b.rows,
                            int(lower),
                            b.cols,
                            entries,
                            int(rows),
                            b.data,
                            b.ld(),
                        )
                    }
                })
            }

            fn pbcon(
                order: Int,
                factor: Band<Self>,
                of_matrix: Self,
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Self) {
                let (Band { entries, rows, lower, .. }, n) = (factor, order.max(0) as usize);
                check_half_band(entries.len(), rows, lower, order);
                assert!(work.len() >= 3 * n && iwork.len() >= n);
                let mut reciprocal = 0.0;
                let info = with_stack(n, || {
                    // SAFETY: as for `pbtrs`; `work` holds 3n scalars and `iwork` n integers.
                    unsafe {
                        lapacke::$pbcon(
                            ColumnMajor,
                            b'L',
                            order,
                            int(lower),
                            entries,
                            int(rows),
                            of_matrix,
                            &mut reciprocal,
                            work,
                            iwork,
                        )
                    }
                });
                (info, reciprocal)
            }

            fn gttrf(
                below: &mut [Self],
                diagonal: &mut [Self],
                above: &mut [Self],
                second: &mut [Self],
                pivots: &mut [Int],
            ) -> Int {
                let n = diagonal.len();
                assert!(below.len() + 1 >= n && above.len() + 1 >= n && second.len() + 2 >= n);
                assert!(pivots.len() >= n);
                // SAFETY: the diagonals have n − 1, n, n − 1 and n − 2 entries, and `pivots` n.
                with_stack(1, || unsafe { lapacke::$gttrf(int(n), below, diagonal, above, second, pivots) })
            }

            fn gttrs(transpose: u8, factor: TridiagonalFactor<Self>, b: Columns<Self>) -> Int {
                assert!(factor.order() == b.rows);
                let TridiagonalFactor { below, diagonal, above, second, pivots } = factor;
                with_stack(b.extent(), || {
                    // SAFETY: the diagonals are those of order `b.rows`, each pivot is one of its rows, and `b` is
                    // packed.
                    unsafe {
                        lapacke::$gttrs(
                            ColumnMajor,
                            transpose,
                            b.rows,
                            b.cols,
                            below,
                            diagonal,
                            above,
                            second,
                            pivots,
                            b.data,
                            b.ld(),
                        )
                    }
                })
            }

            fn gtcon(
                norm: u8,
                factor: TridiagonalFactor<Self>,
                of_matrix: Self,
                work: &mut [Self],
                iwork: &mut [Int],
            ) -> (Int, Self) {
                let order = factor.order();
                let TridiagonalFactor { below, diagonal, above, second, pivots } = factor;
                assert!(work.len() >= 2 * order as usize && iwork.len() >= order as usize);
                let mut reciprocal = 0.0;
                let info = with_stack(1, || {
                    // SAFETY: as for `gttrs`; `work` holds 2n scalars and `iwork` n integers.
                    unsafe {
                        lapacke::$gtcon(
                            norm,
                            order,
                            below,
                            diagonal,
                            above,
                            second,
                            pivots,
                            of_matrix,
                            &mut reciprocal,
                            work,
                            iwork,
                        )
                    }
                });
                (info, reciprocal)
            }

            fn pttrf(diagonal: &mut [Self], below: &mut [Self]) -> Int {
                assert!(below.len() + 1 >= diagonal.len());
                // SAFETY: the diagonals have n and n − 1 entries.
                with_stack(1, || unsafe { lapacke::$pttrf(int(diagonal.len()), diagonal, below) })
            }

            fn pttrs(diagonal: &[Self], below: &[Self], b: Columns<Self>) -> Int {
                assert!(diagonal.len() == b.rows as usize && below.len() + 1 >= diagonal.len());
                with_stack(b.extent(), || {
                    // SAFETY: the diagonals are those of order `b.rows`, and `b` is packed.
                    unsafe { lapacke::$pttrs(ColumnMajor, b.rows, b.cols, diagonal, below, b.data, b.ld()) }
                })
            }

            fn ptcon(diagonal: &[Self], below: &[Self], of_matrix: Self, work: &mut [Self]) -> (Int, Self) {
                let n = diagonal.len();
                assert!(below.len() + 1 >= n && work.len() >= n);
                let mut reciprocal = 0.0;
                // SAFETY: the diagonals have n and n − 1 entries, and `work` n.
                let info = with_stack(1, || unsafe {
                    lapacke::$ptcon(int(n), diagonal, below, of_matrix, &mut reciprocal, work)
                });
                (info, reciprocal)
            }
        }
    };
}

implement_banded!(f32: sgbtrf_work sgbtrs_work sgbcon_work spbtrf_work spbtrs_work spbcon_work sgttrf_work sgttrs_work sgtcon_work spttrf_work spttrs_work sptcon_work);
implement_banded!(f64: dgbtrf_work dgbtrs_work dgbcon_work dpbtrf_work dpbtrs_work dpbcon_work dgttrf_work dgttrs_work dgtcon_work dpttrf_work dpttrs_work dptcon_work);
