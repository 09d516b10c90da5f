//! Toeplitz, circulant and Hankel matrices: one number for each diagonal.
//!
//! | product with            | as                                                        | cost per vector         |
//! |-------------------------|-----------------------------------------------------------|-------------------------|
//! | [`Toeplitz`] (m x n)    | a circular convolution of length m + n - 1, or a little more | O((m + n) log(m + n)) |
//! | [`Hankel`] (m x n)      | that of a Toeplitz matrix with the vector reversed        | the same                |
//! | [`Circulant`] (n x n)   | a circular convolution; a solution, a deconvolution       | O(n log n)              |
//!
//! Stationary time series, convolutions and shift-invariant operators are Toeplitz, periodic ones circulant; system
//! identification and singular spectrum analysis decompose Hankel matrices. Up to a smaller extent of 32 the products
//! are sums. Through the transform, the error is at most about `ε log₂(m + n) ‖k‖₁ ‖x‖₂`, with k the numbers of the
//! diagonals: relative to the norms, not to each entry.
//!
//! G. H. Golub and C. F. Van Loan, "Matrix Computations", 4th ed., section 4.8; `scipy.linalg.toeplitz`,
//! `matmul_toeplitz`, `solve_circulant`.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef1, ArrayView1, ArrayView2, Axis, s};
use num_complex::Complex;

use super::fourier::{Buffers, Flow, Spectrum, fast_length, scaled};
use super::{finite_result, require_finite_vector};
use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::finite::require_finite;
use crate::layout::{checked_area, zeros};
use crate::products::same;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;

/// Up to this smaller extent a product is a sum of that many terms, which the transform does not beat.
pub(super) const DIRECT: usize = 32;

/// The Toeplitz matrix with first column `c` and first row `r`, whose own first entry is ignored as in SciPy:
/// entry (i, j) is `c[i - j]`, or `r[j - i]` above the diagonal.
///
/// ```
/// use lapwing_lapack::structured::toeplitz;
/// use ndarray::array;
/// let t = toeplitz(&array![1.0, 2.0], &array![1.0, 5.0, 6.0])?;
/// assert_eq!(t, array![[1.0, 5.0, 6.0], [2.0, 1.0, 5.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn toeplitz<T: Scalar>(c: &ArrayRef1<T>, r: &ArrayRef1<T>) -> Result<Array2<T>, Error> {
    let mut matrix = zeros(c.len(), r.len())?;
    for (i, mut row) in matrix.outer_iter_mut().enumerate() {
        let below = row.len().min(i + 1);
        row.slice_mut(s![..below]).assign(&c.slice(s![i + 1 - below..i + 1; -1]));
        let above = row.len() - below;
        row.slice_mut(s![below..]).assign(&r.slice(s![1.min(r.len())..]).slice(s![..above]));
    }
    Ok(matrix)
}

/// The circulant matrix with first column `c`: entry (i, j) is `c[(i - j) mod n]`.
///
/// ```
/// use lapwing_lapack::structured::circulant;
/// use ndarray::array;
/// let c = circulant(&array![1.0, 2.0, 3.0])?;
/// assert_eq!(c, array![[1.0, 3.0, 2.0], [2.0, 1.0, 3.0], [3.0, 2.0, 1.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn circulant<T: Scalar>(c: &ArrayRef1<T>) -> Result<Array2<T>, Error> {
    let n = c.len();
    let mut matrix = zeros(n, n)?;
    for (i, mut row) in matrix.outer_iter_mut().enumerate() {
        row.slice_mut(s![..=i]).assign(&c.slice(s![..=i; -1]));
        row.slice_mut(s![i + 1..]).assign(&c.slice(s![i + 1..; -1]));
    }
    Ok(matrix)
}

/// The Hankel matrix with first column `c` and last row `r`, whose own first entry is ignored as in SciPy: entry (i, j)
/// is number `i + j` of `c` followed by the rest of `r`.
///
/// ```
/// use lapwing_lapack::structured::hankel;
/// use ndarray::array;
/// let h = hankel(&array![1.0, 2.0], &array![2.0, 5.0, 6.0])?;
/// assert_eq!(h, array![[1.0, 2.0, 5.0], [2.0, 5.0, 6.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn hankel<T: Scalar>(c: &ArrayRef1<T>, r: &ArrayRef1<T>) -> Result<Array2<T>, Error> {
    let m = c.len();
    let mut matrix = zeros(m, r.len())?;
    for (i, mut row) in matrix.outer_iter_mut().enumerate() {
        for (j, entry) in row.iter_mut().enumerate() {
            *entry = if i + j < m { c[i + j] } else { r[i + j - m + 1] };
        }
    }
    Ok(matrix)
}

/// A Toeplitz matrix, m x n, kept as its m + n - 1 numbers and their spectrum.
///
/// ```
/// use lapwing_lapack::structured::Toeplitz;
/// use ndarray::array;
/// // Differences of neighbours.
/// let t = Toeplitz::new(&array![1.0, 0.0], &array![1.0, -1.0, 0.0])?;
/// assert_eq!(t.apply(&array![9.0, 7.0, 4.0])?, array![2.0, 3.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Toeplitz<T: Scalar> {
    /// From the upper right corner to the lower left one: entry (i, j) at `i + n - 1 - j`.
    diagonals: Vec<T>,
    dim: (usize, usize),
    /// Of the circulant matrix that this one is the upper left corner of; none where products are sums.
    spectrum: Option<Spectrum<T>>,
}

impl<T: Scalar> Toeplitz<T> {
    /// The matrix with first column `c` and first row `r`, whose own first entry is ignored as in SciPy.
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::OutOfMemory`].
    pub fn new(c: &ArrayRef1<T>, r: &ArrayRef1<T>) -> Result<Self, Error> {
        let (m, n) = (c.len(), r.len());
        let mut diagonals = diagonals(m, n)?;
        require_finite_vector("c", c)?;
        require_finite_rest(r)?;
        let numbers = r.iter().skip(1).rev().chain(c);
        diagonals.iter_mut().zip(numbers).for_each(|(diagonal, &number)| *diagonal = number);
        Self::from_diagonals(diagonals, (m, n))
    }

    /// `diagonals` has m + n - 1 entries, or any number where m or n is 0.
    fn from_diagonals(diagonals: Vec<T>, dim: (usize, usize)) -> Result<Self, Error> {
        let (m, n) = dim;
        let spectrum = if m.min(n) <= DIRECT {
            None
        } else {
            let length =
                fast_length(diagonals.len()).ok_or(Error::OutOfMemory { bytes: u128::from(u64::MAX) })?;
            // Diagonal `i - j` at place `i - j` modulo the length.
            let place = |index: usize| if index + 1 >= n { index + 1 - n } else { length + index + 1 - n };
            Some(Spectrum::new(length, diagonals.iter().enumerate().map(|(index, &x)| (place(index), x)))?)
        };
        Ok(Self { diagonals, dim, spectrum })
    }

    /// (m, n).
    pub fn dim(&self) -> (usize, usize) {
        self.dim
    }

    /// `T x`: `x` is a vector of n entries, or has one per column.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn apply<D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        Ok(D::from_columns(self.product(Flow::Plain, &D::as_columns(x))?))
    }

    /// `Tᵀ x`: `x` is a vector of m entries, or has one per column.
    ///
    /// # Errors
    /// As [`Toeplitz::apply`].
    pub fn apply_transposed<D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        Ok(D::from_columns(self.product(Flow::Transposed, &D::as_columns(x))?))
    }

    /// The matrix, m x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_dense(&self) -> Result<Array2<T>, Error> {
        let (m, n) = self.dim;
        let mut dense = zeros(m, n)?;
        for ((i, j), entry) in dense.indexed_iter_mut() {
            *entry = self.diagonals[i + n - 1 - j];
        }
        Ok(dense)
    }

    fn product(&self, flow: Flow, x: &ArrayView2<T>) -> Result<Array2<T>, Error> {
        let (m, n) = self.dim;
        let (rows, inner, reason) = match flow {
            Flow::Plain => (m, n, "as many as the matrix has columns"),
            Flow::Transposed => (n, m, "as many as the matrix has rows"),
        };
        same("x", "rows", x.nrows(), inner, reason)?;
        let mut product = zeros(rows, x.ncols())?;
        require_finite("x", x)?;
        match &self.spectrum {
            Some(spectrum) => {
                let mut buffers = spectrum.buffers()?;
                for (x, y) in x.columns().into_iter().zip(product.columns_mut()) {
                    spectrum.convolve(flow, x, y, &mut buffers);
                }
            }
            None if inner > 0 => {
                for (x, mut y) in x.columns().into_iter().zip(product.columns_mut()) {
                    for (i, entry) in y.iter_mut().enumerate() {
                        *entry = match flow {
                            Flow::Plain => sum_of_products(self.diagonals[i..i + n].iter().rev(), x),
                            Flow::Transposed => sum_of_products(&self.diagonals[n - 1 - i..n - 1 - i + m], x),
                        };
                    }
                }
            }
            None => {}
        }
        finite_result("the product with a Toeplitz matrix", product)
    }
}

fn sum_of_products<'a, T: Scalar>(numbers: impl IntoIterator<Item = &'a T>, x: ArrayView1<T>) -> T {
    numbers.into_iter().zip(x).map(|(&number, &x)| number * x).sum()
}

/// [`require_finite_vector`] for the first row or the last one, whose first entry is not looked at.
fn require_finite_rest<T: Scalar>(r: &ArrayRef1<T>) -> Result<(), Error> {
    require_finite_vector("r", &r.slice(s![1.min(r.len())..])).map_err(|error| match error {
        Error::NonFinite { argument, row, col } => Error::NonFinite { argument, row: row + 1, col },
        other => other,
    })
}

/// Zeros, one for each diagonal of an m x n matrix.
fn diagonals<T: Scalar>(m: usize, n: usize) -> Result<Vec<T>, Error> {
    let bytes = (m as u128 + n as u128) * size_of::<T>() as u128;
    let sum = m.checked_add(n).ok_or(Error::OutOfMemory { bytes })?;
    zeroed(checked_area::<T>(sum.saturating_sub(1), 1)?)
}

/// A Hankel matrix, m x n, kept as its m + n - 1 numbers and their spectrum.
///
/// ```
/// use lapwing_lapack::structured::Hankel;
/// use ndarray::array;
/// let h = Hankel::new(&array![1.0, 2.0], &array![2.0, 5.0, 6.0])?;
/// assert_eq!(h.apply(&array![1.0, 1.0, 1.0])?, array![8.0, 13.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Hankel<T: Scalar> {
    /// This matrix with its columns in reverse: entry (i, j) of one is entry (i, n - 1 - j) of the other.
    reversed: Toeplitz<T>,
}

impl<T: Scalar> Hankel<T> {
    /// The matrix with first column `c` and last row `r`, whose own first entry is ignored as in SciPy.
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::OutOfMemory`].
    pub fn new(c: &ArrayRef1<T>, r: &ArrayRef1<T>) -> Result<Self, Error> {
        let (m, n) = (c.len(), r.len());
        let mut diagonals = diagonals(m, n)?;
        require_finite_vector("c", c)?;
        require_finite_rest(r)?;
        let numbers = c.iter().chain(r.iter().skip(1));
        diagonals.iter_mut().zip(numbers).for_each(|(diagonal, &number)| *diagonal = number);
        Ok(Self { reversed: Toeplitz::from_diagonals(diagonals, (m, n))? })
    }

    /// (m, n).
    pub fn dim(&self) -> (usize, usize) {
        self.reversed.dim
    }

    /// `H x`: `x` is a vector of n entries, or has one per column.
    ///
    /// # Errors
    /// As [`Toeplitz::apply`].
    pub fn apply<D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let mut x = D::as_columns(x);
        let reason = "as many as the matrix has columns";
        same("x", "rows", x.nrows(), self.dim().1, reason)?;
        // Before the rows change places, so that an error names the right one.
        require_finite("x", &x)?;
        x.invert_axis(Axis(0));
        Ok(D::from_columns(self.reversed.product(Flow::Plain, &x)?))
    }

    /// `Hᵀ x`: `x` is a vector of m entries, or has one per column.
    ///
    /// # Errors
    /// As [`Toeplitz::apply`].
    pub fn apply_transposed<D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let mut product = self.reversed.product(Flow::Transposed, &D::as_columns(x))?;
        product.invert_axis(Axis(0));
        Ok(D::from_columns(product.as_standard_layout().into_owned()))
    }

    /// The matrix, m x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_dense(&self) -> Result<Array2<T>, Error> {
        let (m, n) = self.dim();
        let mut dense = zeros(m, n)?;
        for ((i, j), entry) in dense.indexed_iter_mut() {
            *entry = self.reversed.diagonals[i + j];
        }
        Ok(dense)
    }
}

/// A circulant matrix, n x n, kept as its first column and its eigenvalues.
///
/// ```
/// use lapwing_lapack::structured::Circulant;
/// use ndarray::array;
/// let c = Circulant::new(&array![2.0, -1.0, 0.0, -0.5])?;
/// let b = c.apply(&array![1.0, 2.0, 3.0, 4.0])?;
/// let x = c.solve(&b)?;
/// assert!((x[3] - 4.0f64).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Circulant<T: Scalar> {
    first: Vec<T>,
    /// None for an empty matrix.
    spectrum: Option<Spectrum<T>>,
}

impl<T: Scalar> Circulant<T> {
    /// The matrix with first column `c`.
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::OutOfMemory`].
    pub fn new(c: &ArrayRef1<T>) -> Result<Self, Error> {
        let n = c.len();
        let mut first = zeroed(checked_area::<T>(n, 1)?)?;
        require_finite_vector("c", c)?;
        first.iter_mut().zip(c).for_each(|(entry, &x)| *entry = x);
        let spectrum = if n > 0 { Some(Spectrum::new(n, first.iter().copied().enumerate())?) } else { None };
        Ok(Self { first, spectrum })
    }

    /// n.
    pub fn order(&self) -> usize {
        self.first.len()
    }

    /// The n eigenvalues, `λ_k = Σ_j c[j] exp(-2πi jk/n)`, with the eigenvectors `exp(2πi jk/n)`, j from 0 to n - 1.
    ///
    /// # Errors
    /// [`Error::Overflow`].
    pub fn eigenvalues(&self) -> Result<Array1<Complex<T>>, Error> {
        let Some(spectrum) = &self.spectrum else { return Ok(Array1::from(Vec::new())) };
        let unscaled = |x: T| scaled(x, spectrum.exponent);
        let values: Array1<Complex<T>> =
            spectrum.values.iter().map(|x| Complex::new(unscaled(x.re), unscaled(x.im))).collect();
        if values.iter().all(|x| x.re.is_finite() && x.im.is_finite()) {
            Ok(values)
        } else {
            Err(Error::Overflow { routine: "the transform of a circulant matrix", scalar: T::NAME })
        }
    }

    /// The reciprocal condition number in the 2-norm: the least modulus of an eigenvalue over the largest. 1 for an
    /// empty matrix, 0 for one of zeros.
    pub fn reciprocal_condition(&self) -> T {
        let Some(spectrum) = &self.spectrum else { return T::one() };
        let moduli = || spectrum.values.iter().map(|x| modulus(*x));
        let largest = moduli().fold(T::zero(), T::max);
        if largest == T::zero() { largest } else { moduli().fold(largest, T::min) / largest }
    }

    /// `C x`: `x` is a vector of n entries, or has one per column.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn apply<D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        Ok(D::from_columns(self.product(Flow::Plain, &D::as_columns(x))?))
    }

    /// `Cᵀ x`: `x` is a vector of n entries, or has one per column.
    ///
    /// # Errors
    /// As [`Circulant::apply`].
    pub fn apply_transposed<D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        Ok(D::from_columns(self.product(Flow::Transposed, &D::as_columns(x))?))
    }

    /// The solution of `C x = b`, for one right-hand side or one per column.
    ///
    /// # Errors
    /// [`Error::RankDeficient`] when an eigenvalue is at most `4 ε max(1, log₂ n) ‖c‖₁` in modulus, which is all that the
    /// transform knows of it; [`Error::Shape`], [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let b = D::as_columns(b);
        let n = self.order();
        same("b", "rows", b.nrows(), n, "the order of the matrix")?;
        let mut x = zeros(n, b.ncols())?;
        require_finite("b", &b)?;
        let Some(spectrum) = &self.spectrum else { return Ok(D::from_columns(x)) };
        let norm: T = self.first.iter().map(|x| scaled(x.abs(), -spectrum.exponent)).sum();
        let uncertainty = norm * T::UNIT_ROUNDOFF * T::from_f64(4.0 * (n as f64).log2().max(1.0));
        let rank = spectrum.values.iter().filter(|value| modulus(**value) > uncertainty).count();
        if rank < n {
            return Err(Error::RankDeficient { argument: "the circulant matrix", rank, needed: n });
        }
        let mut buffers: Buffers<T> = spectrum.buffers()?;
        for (b, x) in b.columns().into_iter().zip(x.columns_mut()) {
            spectrum.deconvolve(b, x, &mut buffers);
        }
        Ok(D::from_columns(finite_result("the circulant solution", x)?))
    }

    /// The matrix, n x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_dense(&self) -> Result<Array2<T>, Error> {
        circulant(&ArrayView1::from(&self.first))
    }

    fn product(&self, flow: Flow, x: &ArrayView2<T>) -> Result<Array2<T>, Error> {
        let n = self.order();
        same("x", "rows", x.nrows(), n, "the order of the matrix")?;
        let mut product = zeros(n, x.ncols())?;
        require_finite("x", x)?;
        match &self.spectrum {
            Some(spectrum) if n > DIRECT => {
                let mut buffers = spectrum.buffers()?;
                for (x, y) in x.columns().into_iter().zip(product.columns_mut()) {
                    spectrum.convolve(flow, x, y, &mut buffers);
                }
            }
            _ => {
                for (i, mut row) in product.outer_iter_mut().enumerate() {
                    for (j, x) in x.outer_iter().enumerate() {
                        let (i, j) = if flow == Flow::Plain { (i, j) } else { (j, i) };
                        row.scaled_add(self.first[(i + n - j) % n], &x);
                    }
                }
            }
        }
        finite_result("the product with a circulant matrix", product)
    }
}

/// |z|, of which neither part is near the ends of the range.
fn modulus<T: Scalar>(z: Complex<T>) -> T {
    z.re.hypot(z.im)
}

#[cfg(test)]
mod tests;
