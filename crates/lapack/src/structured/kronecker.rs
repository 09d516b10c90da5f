//! Kronecker products and sums, and the rearrangement of a matrix as a vector that they belong to.
//!
//! `vec` stacks columns. With it, `(A ⊗ B) vec(X) = vec(B X Aᵀ)` and `(A ⊕ B) vec(X) = vec(B X + X Aᵀ)`, so that
//! no product with either needs the matrix: for square factors of order n, 4n³ operations instead of 2n⁴, and n²
//! numbers of memory instead of n⁴.
//!
//! C. F. Van Loan, "The ubiquitous Kronecker product", 2000; C. R. Rao and C. G. Khatri, 1968.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef1, ArrayRef2, ArrayView2, s};

use super::permutation::Permutation;
use super::{extent_product, finite_result};
use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::finite::require_finite;
use crate::layout::{checked_area, column_major, from_columns, zeros};
use crate::products::{gemm, same, square};
use crate::qr::{check_extents, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;

/// The Kronecker product `A ⊗ B`: block (i, j) is `a[i, j] B`. For `a` (m x n) and `b` (p x q), mp x nq.
///
/// ```
/// use lapwing_lapack::structured::kronecker;
/// use ndarray::array;
/// let k = kronecker(&array![[1.0, 2.0]], &array![[1.0], [10.0]])?;
/// assert_eq!(k, array![[1.0, 2.0], [10.0, 20.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`].
#[doc(alias = "kron")]
pub fn kronecker<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    let ((m, n), (p, q)) = (a.dim(), b.dim());
    let (rows, cols) = (extent_product::<T>(m, p)?, extent_product::<T>(n, q)?);
    let mut product = zeros(rows, cols)?;
    require_finite("a", a)?;
    require_finite("b", b)?;
    for ((i, j), &entry) in a.indexed_iter() {
        product.slice_mut(s![i * p..(i + 1) * p, j * q..(j + 1) * q]).zip_mut_with(b, |x, &b| *x = entry * b);
    }
    finite_result("the Kronecker product", product)
}

/// `(A ⊗ B) x` without the matrix: `x` is a vector, or one per column, of nq entries for `a` (m x n) and `b` (p x q);
/// the result has mp. Each costs the cheaper of 2mq(n + p) and 2np(q + m) operations instead of 2mnpq.
///
/// ```
/// use lapwing_lapack::structured::{kronecker, kronecker_apply};
/// use ndarray::array;
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[0.0, 1.0], [1.0, 0.0]]);
/// let x = array![1.0, 2.0, 3.0, 4.0];
/// assert_eq!(kronecker_apply(&a, &b, &x)?, kronecker(&a, &b)?.dot(&x));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`] when `x` has not nq rows, [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`],
/// [`Error::Overflow`].
pub fn kronecker_apply<T: Scalar, D: RightHandSide>(
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    x: &ArrayRef<T, D>,
) -> Result<Array<T, D>, Error> {
    let ((m, n), (p, q)) = (a.dim(), b.dim());
    [a, b].into_iter().try_for_each(check_extents)?;
    let x = D::as_columns(x);
    let inner = extent_product::<T>(n, q)?;
    same("x", "rows", x.nrows(), inner, "the columns of a times those of b")?;
    // With rows for columns, since arrays here are row-major: the n x q matrix with the entries of x in its rows
    // is Xᵀ, and the result's is A Xᵀ Bᵀ.
    let left_first = m as u128 * q as u128 * (n as u128 + p as u128);
    let right_first = n as u128 * p as u128 * (q as u128 + m as u128);
    let mut half = if left_first <= right_first { zeros(m, q)? } else { zeros(n, p)? };
    let product = for_each_column("the Kronecker product", [a, b], &x, (n, q), (m, p), |x, y| {
        if left_first <= right_first {
            gemm(T::one(), a, x, T::zero(), &mut half)?;
            gemm(T::one(), &half, &b.t(), T::zero(), y)
        } else {
            gemm(T::one(), x, &b.t(), T::zero(), &mut half)?;
            gemm(T::one(), a, &half, T::zero(), y)
        }
    })?;
    Ok(D::from_columns(product))
}

/// The Kronecker sum `A ⊕ B = A ⊗ I + I ⊗ B` of square matrices of order n and m, of order nm. Its eigenvalues are
/// the sums of one of each: the Laplacian of a grid is the sum of those of its sides.
///
/// ```
/// use lapwing_lapack::structured::kronecker_sum;
/// use ndarray::array;
/// let sum = kronecker_sum(&array![[1.0, 0.0], [0.0, 5.0]], &array![[0.0, 2.0], [3.0, 0.0]])?;
/// assert_eq!(sum, array![[1.0, 2.0, 0.0, 0.0], [3.0, 1.0, 0.0, 0.0], [0.0, 0.0, 5.0, 2.0], [0.0, 0.0, 3.0, 5.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`].
pub fn kronecker_sum<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    let (n, m) = (square("a", a)?, square("b", b)?);
    let order = extent_product::<T>(n, m)?;
    let mut sum = zeros(order, order)?;
    require_finite("a", a)?;
    require_finite("b", b)?;
    for i in 0..n {
        sum.slice_mut(s![i * m..(i + 1) * m, i * m..(i + 1) * m]).assign(b);
    }
    for ((i, j), &entry) in a.indexed_iter() {
        let mut block = sum.slice_mut(s![i * m..(i + 1) * m, j * m..(j + 1) * m]);
        block.diag_mut().mapv_inplace(|x| x + entry);
    }
    finite_result("the Kronecker sum", sum)
}

/// `(A ⊕ B) x` without the matrix, for a vector or one per column: 2nm(n + m) operations each instead of 2n²m².
///
/// ```
/// use lapwing_lapack::structured::{kronecker_sum, kronecker_sum_apply};
/// use ndarray::array;
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[0.0, 1.0], [1.0, 0.0]]);
/// let x = array![1.0, 2.0, 3.0, 4.0];
/// assert_eq!(kronecker_sum_apply(&a, &b, &x)?, kronecker_sum(&a, &b)?.dot(&x));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Shape`] when `x` has not nm rows, [`Error::NonFinite`], [`Error::TooLarge`],
/// [`Error::OutOfMemory`], [`Error::Overflow`].
pub fn kronecker_sum_apply<T: Scalar, D: RightHandSide>(
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    x: &ArrayRef<T, D>,
) -> Result<Array<T, D>, Error> {
    let (n, m) = (square("a", a)?, square("b", b)?);
    [a, b].into_iter().try_for_each(check_extents)?;
    let x = D::as_columns(x);
    let order = extent_product::<T>(n, m)?;
    same("x", "rows", x.nrows(), order, "the order of a times that of b")?;
    let product = for_each_column("the Kronecker sum", [a, b], &x, (n, m), (n, m), |x, y| {
        gemm(T::one(), a, x, T::zero(), y)?;
        gemm(T::one(), x, &b.t(), T::one(), y)
    })?;
    Ok(D::from_columns(product))
}

/// Maps every column of `x`, laid out as the rows of a matrix of shape `from`, to one of shape `to`.
fn for_each_column<T: Scalar>(
    routine: &'static str,
    [a, b]: [&ArrayRef2<T>; 2],
    x: &ArrayView2<T>,
    from: (usize, usize),
    to: (usize, usize),
    mut map: impl FnMut(&ArrayRef2<T>, &mut ArrayRef2<T>) -> Result<(), Error>,
) -> Result<Array2<T>, Error> {
    let mut product = zeros(extent_product::<T>(to.0, to.1)?, x.ncols())?;
    let (mut source, mut image) = (zeros(from.0, from.1)?, zeros(to.0, to.1)?);
    require_finite("a", a)?;
    require_finite("b", b)?;
    require_finite("x", x)?;
    for (column, mut target) in x.columns().into_iter().zip(product.columns_mut()) {
        source.iter_mut().zip(&column).for_each(|(entry, &x)| *entry = x);
        map(&source, &mut image)?;
        target.iter_mut().zip(&image).for_each(|(entry, &y)| *entry = y);
    }
    finite_result(routine, product)
}

/// The column-wise Khatri–Rao product: column j is the Kronecker product of the columns j. For `a` (m x n) and `b`
/// (p x n), mp x n. The design matrix of a tensor factorization.
///
/// ```
/// use lapwing_lapack::structured::khatri_rao;
/// use ndarray::array;
/// let k = khatri_rao(&array![[1.0, 2.0], [3.0, 4.0]], &array![[1.0, 1.0], [10.0, 100.0]])?;
/// assert_eq!(k, array![[1.0, 2.0], [10.0, 200.0], [3.0, 4.0], [30.0, 400.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`] when the numbers of columns differ, [`Error::NonFinite`], [`Error::OutOfMemory`],
/// [`Error::Overflow`].
pub fn khatri_rao<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    let ((m, n), p) = (a.dim(), b.nrows());
    same("b", "columns", b.ncols(), n, "as many as a has")?;
    let mut product = zeros(extent_product::<T>(m, p)?, n)?;
    require_finite("a", a)?;
    require_finite("b", b)?;
    for (i, row) in a.outer_iter().enumerate() {
        let mut block = product.slice_mut(s![i * p..(i + 1) * p, ..]);
        block.assign(b);
        block *= &row;
    }
    finite_result("the Khatri–Rao product", product)
}

/// The Hadamard product: entry by entry.
///
/// ```
/// use lapwing_lapack::structured::hadamard;
/// use ndarray::array;
/// assert_eq!(hadamard(&array![[1.0, 2.0]], &array![[3.0, 4.0]])?, array![[3.0, 8.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`] when the shapes differ, [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`].
pub fn hadamard<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    same("b", "rows", b.nrows(), a.nrows(), "as many as a has")?;
    same("b", "columns", b.ncols(), a.ncols(), "as many as a has")?;
    let mut product = zeros(a.nrows(), a.ncols())?;
    require_finite("a", a)?;
    require_finite("b", b)?;
    product.assign(a);
    product.zip_mut_with(b, |x, &b| *x *= b);
    finite_result("the Hadamard product", product)
}

/// The columns of `a`, one under the other: entry `i + m j` is `a[i, j]`, for m rows.
///
/// ```
/// use lapwing_lapack::structured::{unvec, vec};
/// use ndarray::array;
/// let a = array![[1.0, 3.0], [2.0, 4.0]];
/// assert_eq!(vec(&a)?, array![1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(unvec(&vec(&a)?, 2, 2)?, a);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn vec<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
    Ok(into_columns(column_major(a)?).into())
}

/// The rows x cols matrix whose columns, one under the other, are `v`: the inverse of [`vec()`].
///
/// # Errors
/// [`Error::Shape`] when `v` has not rows * cols entries, [`Error::OutOfMemory`].
pub fn unvec<T: Scalar>(v: &ArrayRef1<T>, rows: usize, cols: usize) -> Result<Array2<T>, Error> {
    let area = checked_area::<T>(rows, cols)?;
    same("v", "entries", v.len(), area, "the rows times the columns")?;
    let mut columns = zeroed(area)?;
    columns.iter_mut().zip(v).for_each(|(entry, &x)| *entry = x);
    if area == 0 {
        return zeros(rows, cols);
    }
    Ok(from_columns(columns, rows, cols))
}

/// The commutation matrix `K`, as the permutation of order rows * cols that takes `vec(A)` to `vec(Aᵀ)` for every
/// rows x cols matrix A. Then also `K (A ⊗ B) = (B ⊗ A) K'`, with `K'` that of the columns.
///
/// ```
/// use lapwing_lapack::structured::{commutation, vec};
/// use ndarray::array;
/// let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
/// assert_eq!(commutation(2, 3)?.apply(&vec(&a)?)?, vec(&a.t())?);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn commutation(rows: usize, cols: usize) -> Result<Permutation, Error> {
    let order = extent_product::<usize>(rows, cols)?;
    // Entry j + cols i of vec(Aᵀ) is a[i, j], entry i + rows j of vec(A).
    Permutation::from_function(order, |index| index / cols + rows * (index % cols))
}

#[cfg(test)]
mod tests;
