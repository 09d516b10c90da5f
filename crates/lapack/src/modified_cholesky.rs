//! Cholesky factorization of a symmetric matrix made positive definite, `Pᵀ (A + E) P = L Lᵀ`.
//!
//! | method                                                | changes                        | cost              |
//! |-------------------------------------------------------|--------------------------------|-------------------|
//! | [`Modification::SchnabelEskow`]                       | few diagonal entries, by little | n³/3             |
//! | [`Modification::Shift`], by `spotrf`, `dpotrf`        | the whole diagonal, by `τ I`   | n³/3 per attempt  |
//!
//! For Newton's method where the Hessian may be indefinite: the step `−(A + E)⁻¹ g` descends, and is Newton's own
//! where `A` is safely positive definite, since `E` is then 0. LAPACK has no such factorization. No `E` that makes `A`
//! positive semidefinite can be smaller than `−λ_min(A)`; the question is by how much it is larger. Let
//! `γ = max |aᵢᵢ|`, or the largest entry of all where the diagonal is zero.
//!
//! **Schnabel and Eskow** (SIAM J. Optim. 9, 1999) pivot on the diagonal while the matrix stays positive definite,
//! and from then on add what Gershgorin's circles of the remaining matrix ask for. With `ξ` the largest entry off the
//! diagonal, `τ = ε^(1/3)`, and `k` pivots taken before the first change, `E = 0` whenever `λ_min(A) > τ² γ`, and
//!
//! ```text
//! ‖E‖₂ ≤ G + 2τ/(1−τ) (G + γ),    G ≤ γ + (n−k−1) (ξ + 1.1 γ),
//! ```
//!
//! where `G` is how far the circles of the remaining matrix reach below zero. That is the worst case; on random
//! matrices of order 75 and less, `‖E‖₂` is between 1 and 15 times `−λ_min(A)`. Pivots are at least `τ² γ`, which
//! kept the condition of `A + E` below `1/τ²` on all of them, though nothing proves it.
//!
//! **Shift** (Nocedal and Wright 2006, algorithm 3.3) doubles a multiple `σ` of the identity until the Cholesky
//! factorization succeeds. `‖E‖₂ = σ ≤ max(2 μ, μ + ξ′/1000)` with `μ = max(0, −λ_min(A))` and `ξ′` the largest entry,
//! up to rounding, which is the better bound; but all directions are damped alike, each attempt costs a
//! factorization, and `A + E` may be as ill-conditioned as a Cholesky factorization allows.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef2, ArrayView1, ArrayView2, Zip, s};

use crate::certificate::{Certificate, Ratio, backward_error, balancing_scale, one_norm, residual};
use crate::cholesky::Cholesky;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::{FiniteCheck, require_finite, require_finite_result, require_finite_triangle};
use crate::layout::{symmetric, zeros};
use crate::products::{Diagonal, Side, same, square, trsm};
use crate::qr::THRESHOLD;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::triangle::Triangle;

/// How a symmetric matrix is made positive definite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Modification {
    /// Add to single diagonal entries what Gershgorin's circles ask for, with pivoting. The default.
    #[default]
    SchnabelEskow,
    /// Add one multiple of the identity, doubled until the factorization succeeds. No pivoting.
    Shift,
}

/// The Cholesky factorization of a symmetric matrix plus the least diagonal that the method finds it to need.
///
/// ```
/// use lapwing_lapack::ModifiedCholesky;
/// use ndarray::array;
/// // The Hessian of a saddle, and the gradient there: Newton's step would climb.
/// let (hessian, gradient) = (array![[2.0, 0.0], [0.0, -1.0]], array![1.0, 1.0]);
/// let factorization = ModifiedCholesky::new(&hessian)?;
/// assert!(factorization.is_modified());
/// let step = -factorization.solve(&gradient)?;
/// assert!(step.dot(&gradient) < 0.0f64, "this one descends");
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ModifiedCholesky<T: Scalar> {
    factor: Array2<T>,
    permutation: Vec<usize>,
    perturbation: Array1<T>,
    triangle: Triangle,
}

impl<T: Scalar> ModifiedCholesky<T> {
    /// Factors `a` (n x n), reading its lower triangle only, by the method of Schnabel and Eskow.
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::NotSquare`], [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`]
    /// when `a + E` is out of range.
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        ModifiedCholeskyParams::default().compute(a)
    }

    /// L, n x n, lower triangular with a positive diagonal.
    pub fn factor(&self) -> ArrayView2<'_, T> {
        self.factor.view()
    }

    /// Row and column `i` of `Pᵀ (A + E) P` are row and column `permutation()[i]` of `A + E`, counted from 0.
    pub fn permutation(&self) -> &[usize] {
        &self.permutation
    }

    /// The diagonal of E, n entries, in the order of `A`. None is negative; ‖E‖₂ is the largest.
    pub fn perturbation(&self) -> ArrayView1<'_, T> {
        self.perturbation.view()
    }

    /// Whether `A` had to be changed. If not, it is positive definite.
    pub fn is_modified(&self) -> bool {
        self.perturbation.iter().any(|&entry| entry > T::zero())
    }

    /// The solution `x` of `(A + E) x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// [`Error::Shape`] when `b` has not n rows, [`Error::NonFinite`], [`Error::TooLarge`], [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let b = D::as_columns(b);
        same("b", "rows", b.nrows(), self.factor.nrows(), "the order of the factored matrix")?;
        require_finite("b", &b)?;
        let mut permuted = zeros(b.nrows(), b.ncols())?;
        for (mut row, &place) in permuted.outer_iter_mut().zip(&self.permutation) {
            row.assign(&b.row(place));
        }
        let one = T::one();
        trsm(Side::Left, Triangle::Lower, Diagonal::General, one, &self.factor, &mut permuted)?;
        trsm(Side::Left, Triangle::Upper, Diagonal::General, one, &self.factor.t(), &mut permuted)?;
        require_finite_result("trsm", permuted.as_slice().expect("it was just made"))?;
        let mut x = zeros(b.nrows(), b.ncols())?;
        for (row, &place) in permuted.outer_iter().zip(&self.permutation) {
            x.row_mut(place).assign(&row);
        }
        Ok(D::from_columns(x))
    }

    /// How far the factor is from that of a matrix that rounds to `a` plus the perturbation; the factored triangle
    /// of `a` is read.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was factored, [`Error::NotSquare`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.permutation.len(), "the order of the matrix that was factored")?;
        let mut full = symmetric(a, self.triangle)?;
        Zip::from(full.diag_mut()).and(&self.perturbation).for_each(|entry, &added| *entry += added);
        let permuted =
            Array2::from_shape_fn((n, n), |(i, j)| full[[self.permutation[i], self.permutation[j]]]);
        let scale = balancing_scale(&permuted);
        let defect = residual(scale, &permuted, &self.factor.mapv(|x| x * scale), &self.factor.t())?;
        let error = backward_error(&defect, one_norm(&permuted.mapv(|x| x * scale)), n);
        Ok(Certificate::new(vec![Ratio::new("‖Pᵀ (A + E) P − L Lᵀ‖ / (n ‖A + E‖ ε)", error, THRESHOLD)]))
    }
}

impl ModifiedCholesky<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> ModifiedCholeskyParams {
        ModifiedCholeskyParams::default()
    }
}

/// The choices of a modified Cholesky factorization. Made by [`ModifiedCholesky::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct ModifiedCholeskyParams {
    modification: Modification,
    triangle: Triangle,
    check: FiniteCheck,
}

impl ModifiedCholeskyParams {
    /// How the matrix is made positive definite. Default: [`Modification::SchnabelEskow`].
    pub fn modification(mut self, modification: Modification) -> Self {
        self.modification = modification;
        self
    }

    /// Which triangle of the matrix to read. Default: [`Triangle::Lower`].
    pub fn triangle(mut self, triangle: Triangle) -> Self {
        self.triangle = triangle;
        self
    }

    /// Skips the scan for NaN and infinities. The result may then be garbage if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Factors `a` (n x n).
    ///
    /// # Errors
    /// As [`ModifiedCholesky::new`].
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<ModifiedCholesky<T>, Error> {
        let n = square("a", a)?;
        to_int("the order of the matrix", n)?;
        require_finite_triangle(self.check, "a", a, self.triangle)?;
        let mut matrix = symmetric(a, self.triangle)?;
        // The factor scales with the root of the matrix, so that an even power of two passes through exactly.
        let root = T::from_f64((balancing_scale(&matrix).as_f64().log2() / 2.0).floor().exp2());
        matrix.mapv_inplace(|entry| entry * root * root);
        let (mut factor, permutation, mut perturbation) = match self.modification {
            Modification::SchnabelEskow => SchnabelEskow::new(matrix).factor(),
            Modification::Shift => {
                let (factor, shift) = shifted(matrix)?;
                (factor, (0..n).collect(), Array1::from_elem(n, shift))
            }
        };
        factor.mapv_inplace(|entry| entry / root);
        perturbation.mapv_inplace(|entry| entry / root / root);
        for result in [factor.as_slice_memory_order(), perturbation.as_slice()] {
            require_finite_result("modified Cholesky", result.expect("it was just made"))?;
        }
        Ok(ModifiedCholesky { factor, permutation, perturbation, triangle: self.triangle })
    }
}

/// The factor of `a + τ I` and `τ`, for a full symmetric matrix with entries near 1 at most.
fn shifted<T: Scalar>(a: Array2<T>) -> Result<(Array2<T>, T), Error> {
    let largest = a.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
    // The least shift. A zero matrix has no scale of its own and gets the identity.
    let step = if largest == T::zero() { T::one() } else { largest * T::from_f64(1e-3) };
    let least = a.diag().iter().fold(T::infinity(), |least, &x| least.min(x));
    let mut shift = if least > T::zero() { T::zero() } else { step - least };
    loop {
        let mut candidate = a.clone();
        candidate.diag_mut().mapv_inplace(|entry| entry + shift);
        match Cholesky::new(&candidate) {
            Ok(cholesky) => return Ok((cholesky.into_factor(), shift)),
            // Ends when the shift passes n times the largest entry, if not before: the matrix is then diagonally
            // dominant.
            Err(Error::NotPositiveDefinite { .. }) => shift = (shift + shift).max(step),
            Err(error) => return Err(error),
        }
    }
}

/// The state of the method: the lower triangle of `matrix` holds columns of L on the left, and on the right the
/// symmetric matrix that is yet to be factored.
struct SchnabelEskow<T> {
    matrix: Array2<T>,
    permutation: Vec<usize>,
    /// In the order of the permutation.
    perturbation: Vec<T>,
    /// Lower bounds on Gershgorin's circles of what is yet to be factored.
    circles: Vec<T>,
}

impl<T: Scalar> SchnabelEskow<T> {
    fn new(matrix: Array2<T>) -> Self {
        let n = matrix.nrows();
        let zeros = vec![T::zero(); n];
        Self { matrix, permutation: (0..n).collect(), perturbation: zeros.clone(), circles: zeros }
    }

    fn factor(mut self) -> (Array2<T>, Vec<usize>, Array1<T>) {
        let n = self.matrix.nrows();
        let largest = self.matrix.diag().iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
        let tau = T::UNIT_ROUNDOFF.cbrt();
        // A matrix with a zero diagonal has no scale there; then that of its other entries serves.
        let off_diagonal = self.matrix.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
        let scale = if largest > T::zero() { largest } else { off_diagonal };
        let floor = if scale > T::zero() { tau * tau * scale } else { T::one() };
        let first = self.factor_while_definite(floor, largest);
        self.factor_by_circles(first, floor, tau / (T::one() - tau));

        let mut perturbation = Array1::zeros(n);
        self.permutation.iter().zip(&self.perturbation).for_each(|(&i, &added)| perturbation[i] = added);
        for (i, mut row) in self.matrix.outer_iter_mut().enumerate() {
            row.slice_mut(s![i + 1..]).fill(T::zero());
        }
        (self.matrix, self.permutation, perturbation)
    }

    /// Takes the largest diagonal entry as pivot while none of the others turns negative by much. Returns how many
    /// were taken.
    fn factor_while_definite(&mut self, floor: T, largest: T) -> usize {
        let n = self.matrix.nrows();
        let allowance = -T::from_f64(0.1);
        for j in 0..n {
            let diagonal = self.matrix.diag();
            let pivot = (j..n).fold(j, |best, i| if diagonal[i] > diagonal[best] { i } else { best });
            let most = diagonal[pivot];
            let least = diagonal.slice(s![j..]).iter().fold(most, |least, &x| least.min(x));
            if most < floor || least < allowance * most {
                return j;
            }
            self.exchange(j, pivot);
            let pivot = self.matrix[[j, j]];
            let stays = |i: usize| {
                self.matrix[[i, i]] - self.matrix[[i, j]] / pivot * self.matrix[[i, j]] >= allowance * largest
            };
            if !(j + 1..n).all(stays) {
                return j;
            }
            self.eliminate(j);
        }
        n
    }

    /// Factors the rest, from row `first` on, adding to each pivot what makes it outweigh its column.
    fn factor_by_circles(&mut self, first: usize, floor: T, relative: T) {
        let n = self.matrix.nrows();
        match n - first {
            0 => return,
            1 => {
                let last = self.matrix[[first, first]];
                self.add(first, -last + (relative * -last).max(floor));
                return self.eliminate(first);
            }
            _ => {}
        }
        for i in first..n {
            let row: T = (first..i).map(|j| self.matrix[[i, j]].abs()).sum();
            let column: T = (i + 1..n).map(|j| self.matrix[[j, i]].abs()).sum();
            self.circles[i] = self.matrix[[i, i]] - row - column;
        }
        let mut added = T::zero();
        for j in first..n - 2 {
            let circles = &self.circles;
            let pivot = (j..n).fold(j, |best, i| if circles[i] > circles[best] { i } else { best });
            self.exchange(j, pivot);
            let column: T = (j + 1..n).map(|i| self.matrix[[i, j]].abs()).sum();
            added = added.max(-self.matrix[[j, j]] + column.max(floor));
            self.add(j, added);
            let pivot = self.matrix[[j, j]];
            let shrunk = T::one() - column / pivot;
            for i in j + 1..n {
                self.circles[i] += self.matrix[[i, j]].abs() * shrunk;
            }
            self.eliminate(j);
        }
        let (j, k) = (n - 2, n - 1);
        let half = T::from_f64(0.5);
        let mean = (self.matrix[[j, j]] + self.matrix[[k, k]]) * half;
        let radius = ((self.matrix[[j, j]] - self.matrix[[k, k]]) * half).hypot(self.matrix[[k, j]]);
        let added = added.max(radius - mean + (relative * (radius + radius)).max(floor));
        self.add(j, added);
        self.add(k, added);
        self.eliminate(j);
        self.eliminate(k);
    }

    /// Adds to a diagonal entry what is positive.
    fn add(&mut self, i: usize, added: T) {
        if added > T::zero() {
            self.matrix[[i, i]] += added;
            self.perturbation[i] = added;
        }
    }

    /// Exchanges rows and columns `j` and `k`, `j ≤ k`.
    fn exchange(&mut self, j: usize, k: usize) {
        if j == k {
            return;
        }
        let n = self.matrix.nrows();
        let a = &mut self.matrix;
        (0..j).for_each(|i| a.swap([j, i], [k, i]));
        (j + 1..k).for_each(|i| a.swap([i, j], [k, i]));
        (k + 1..n).for_each(|i| a.swap([i, j], [i, k]));
        a.swap([j, j], [k, k]);
        self.permutation.swap(j, k);
        self.circles.swap(j, k);
    }

    /// One step of the factorization: column `j` of L, and its product taken from what lies to its right.
    fn eliminate(&mut self, j: usize) {
        let n = self.matrix.nrows();
        let pivot = self.matrix[[j, j]].sqrt();
        self.matrix[[j, j]] = pivot;
        self.matrix.slice_mut(s![j + 1.., j]).mapv_inplace(|entry| entry / pivot);
        let column = self.matrix.slice(s![j + 1.., j]).to_vec();
        for i in j + 1..n {
            let mut row = self.matrix.slice_mut(s![i, j + 1..=i]);
            let row = row.as_slice_mut().expect("rows are contiguous");
            row.iter_mut().zip(&column).for_each(|(entry, &l)| *entry -= column[i - j - 1] * l);
        }
    }
}

#[cfg(test)]
mod tests;
