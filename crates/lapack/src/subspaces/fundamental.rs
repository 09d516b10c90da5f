//! The four fundamental subspaces of a matrix, from one decomposition.

use ndarray::{ArrayRef2, ArrayView1, ArrayView2, s};

use crate::error::Error;
use crate::rank::Tolerance;
use crate::scalar::Scalar;
use crate::svd::Svd;

/// Orthonormal bases of the column space, the row space, the null space and the left null space of a matrix of m
/// rows and n columns.
///
/// All four come from one full decomposition `A = U Σ Vᵀ` and are views of its factors. `U` is m x m: for a tall
/// matrix of which only the null space is wanted, [`null_space`](crate::subspaces::null_space) is cheaper.
///
/// ```
/// use lapwing_lapack::rank::Tolerance;
/// use lapwing_lapack::subspaces::FundamentalSubspaces;
/// use ndarray::array;
/// let a = array![[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]];
/// let spaces = FundamentalSubspaces::new(&a, Tolerance::Standard)?;
/// assert_eq!(spaces.rank(), 1);
/// assert_eq!((spaces.column_space().dim(), spaces.left_null_space().dim()), ((2, 1), (2, 1)));
/// assert_eq!((spaces.row_space().dim(), spaces.null_space().dim()), ((3, 1), (3, 2)));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FundamentalSubspaces<T: Scalar> {
    svd: Svd<T>,
    rank: usize,
}

impl<T: Scalar> FundamentalSubspaces<T> {
    /// Decomposes `a` (m x n).
    ///
    /// # Errors
    /// As [`null_space`](crate::subspaces::null_space).
    pub fn new(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<Self, Error> {
        tolerance.validate()?;
        let svd = Svd::full(a)?;
        let rank = svd.rank(tolerance)?;
        Ok(Self { svd, rank })
    }

    /// The dimension of the column space, and of the row space.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The min(m, n) singular values, largest first.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.svd.singular_values()
    }

    /// The span of the columns, all `A x`: m x rank.
    #[doc(alias = "range")]
    pub fn column_space(&self) -> ArrayView2<'_, T> {
        self.svd.u().slice_move(s![.., ..self.rank])
    }

    /// What is orthogonal to every column, all `y` with `Aᵀ y = 0`: m x (m − rank).
    pub fn left_null_space(&self) -> ArrayView2<'_, T> {
        self.svd.u().slice_move(s![.., self.rank..])
    }

    /// The span of the rows, all `Aᵀ y`: n x rank.
    pub fn row_space(&self) -> ArrayView2<'_, T> {
        self.svd.vt().slice_move(s![..self.rank, ..]).reversed_axes()
    }

    /// What is orthogonal to every row, all `x` with `A x = 0`: n x (n − rank).
    #[doc(alias = "kernel")]
    pub fn null_space(&self) -> ArrayView2<'_, T> {
        self.svd.vt().slice_move(s![self.rank.., ..]).reversed_axes()
    }
}
