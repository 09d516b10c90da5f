//! Factorizations of positive semidefinite matrices beyond Cholesky.

use lapacke::Layout::ColumnMajor;

use super::lapack::Columns;
use super::{Int, with_stack};

/// Factorizations of positive semidefinite matrices beyond Cholesky.
pub trait Definite: Sized {
    /// Cholesky factorization of one triangle with complete pivoting, which stops at the first pivot that is at
    /// most `tolerance`, or n ε times the largest diagonal entry where that is negative. `pivots` counts from 1;
    /// `work` holds 2n scalars. Returns `info` and the number of pivots taken.
    fn pstrf(
        uplo: u8,
        a: Columns<Self>,
        pivots: &mut [Int],
        tolerance: Self,
        work: &mut [Self],
    ) -> (Int, Int);
}

macro_rules! implement_definite {
    ($scalar:ty: $pstrf:ident) => {
        impl Definite for $scalar {
            fn pstrf(
                uplo: u8,
                a: Columns<Self>,
                pivots: &mut [Int],
                tolerance: Self,
                work: &mut [Self],
            ) -> (Int, Int) {
                let n = a.extent();
                assert!(a.rows == a.cols && pivots.len() >= n && work.len() >= 2 * n);
                let mut rank = 0;
                let info = with_stack(n, || {
                    // SAFETY: `a` is square and packed, `pivots` holds n integers and `work` 2n scalars.
                    unsafe {
                        lapacke::$pstrf(
                            ColumnMajor,
                            uplo,
                            a.rows,
                            a.data,
                            a.ld(),
                            pivots,
                            &mut rank,
                            tolerance,
                            work,
                        )
                    }
                });
                (info, rank)
            }
        }
    };
}

implement_definite!(f32: spstrf_work);
implement_definite!(f64: dpstrf_work);
