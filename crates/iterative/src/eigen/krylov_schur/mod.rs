//! A few eigenpairs of a general operator at the outside of its spectrum, by the Krylov-Schur method.
//!
//! | step                      | what                                                    | cost                       |
//! |---------------------------|---------------------------------------------------------|----------------------------|
//! | expand                    | one product, and two passes over the basis of m vectors | a product and 8nm flops    |
//! | decompose the projection  | `geevx` and `gees` of order m                           | ≈ 50m³                     |
//! | restart                   | `trsen`, and the wanted Schur vectors as combinations   | 2nm · kept                 |
//! | prove                     | values, vectors and residuals anew from k products      | k products and 10nk²       |
//!
//! What SciPy's `eigs` computes, in the formulation of Stewart (SIAM J. Matrix Anal. Appl. 23, 2001): the basis is kept as
//! Schur vectors, which are orthonormal however close to dependent the eigenvectors are. All arithmetic on long vectors is
//! real; a pair of conjugate eigenvalues is a plane, which is kept or left as one.
//!
//! A Krylov space holds one vector of each eigenspace, and where eigenvalues of different directions lie about equally far
//! out, as 1 and −0.9999 do in magnitude, those that lag behind at first can be lost to others not quite as far out. See
//! [`Multiplicity`] for what is done about both.
//!
//! Eigenvalues inside the spectrum converge slowly or not at all this way.

mod iteration;

use lapwing_lapack::{Error, Scalar, require_finite};
use ndarray::{Array1, Array2, ArrayRef1, ArrayView1, ArrayView2, Axis};
use num_complex::Complex;

use super::Multiplicity;
use super::lanczos::invalid;
use super::shift_invert::ShiftInverse;
use crate::basis::two_norm;
use crate::error::{BreakdownReason, IterationError};
use crate::operator::{LinearOperator, columns};
use crate::progress::Observer;

const METHOD: &str = "the Krylov-Schur method";

/// Which part of a spectrum in the complex plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ComplexExtreme {
    /// The largest absolute values. SciPy's `LM`.
    #[default]
    LargestMagnitude,
    /// The largest real parts. SciPy's `LR`.
    LargestReal,
    /// The smallest real parts: the most negative. SciPy's `SR`.
    SmallestReal,
    /// The largest imaginary parts, with their conjugates. SciPy's `LI`.
    LargestImaginary,
}

impl ComplexExtreme {
    /// How far out a value lies.
    fn key<T: Scalar>(self, value: Complex<T>) -> f64 {
        match self {
            ComplexExtreme::LargestMagnitude => value.re.hypot(value.im).as_f64(),
            ComplexExtreme::LargestReal => value.re.as_f64(),
            ComplexExtreme::SmallestReal => -value.re.as_f64(),
            ComplexExtreme::LargestImaginary => value.im.abs().as_f64(),
        }
    }
}

/// A few eigenvalues and eigenvectors of a general operator of order n.
///
/// ```
/// use lapwing_iterative::{FunctionOperator, PartialGeneralEigen};
/// use ndarray::{ArrayRef2, s};
/// // Moves everything one place on, around a circle: the eigenvalues are the 30th roots of 1.
/// let forward = |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
///     result.slice_mut(s![1.., ..]).assign(&x.slice(s![..-1, ..]));
///     result.row_mut(0).assign(&x.row(29));
///     Ok(())
/// };
/// let shift = FunctionOperator::new((30, 30), forward, |_: &ArrayRef2<f64>, _: &mut ArrayRef2<f64>| Ok(()));
/// let eigen = PartialGeneralEigen::params(4).subspace(30).compute(&shift)?;
/// // Conjugates stay together, so that there may be one more than was asked for.
/// assert!(eigen.values().len() >= 4);
/// assert!(eigen.values().iter().all(|z| (z.norm() - 1.0).abs() < 1e-13));
/// # Ok::<(), lapwing_iterative::IterationError<PartialGeneralEigen<f64>>>(())
/// ```
#[doc(alias = "eigs")]
#[derive(Clone, Debug, PartialEq)]
pub struct PartialGeneralEigen<T: Scalar> {
    values: Array1<Complex<T>>,
    vectors: Array2<Complex<T>>,
    residual_norms: Array1<T>,
    norm: T,
    iterations: usize,
    products: usize,
    history: Vec<f64>,
}

impl<T: Scalar> PartialGeneralEigen<T> {
    /// The choices for `k` pairs, to change before computing.
    pub fn params<'a>(k: usize) -> PartialGeneralEigenParams<'a, T> {
        PartialGeneralEigenParams {
            k,
            which: ComplexExtreme::default(),
            tolerance: 0.0,
            subspace: None,
            max_iterations: None,
            seed: 0,
            start: None,
            multiplicity: Multiplicity::default(),
            observer: None,
        }
    }

    /// The eigenvalues, the one farthest out first, and of conjugate ones, which are neighbours, that with the positive
    /// imaginary part. There are k, or k + 1 where the last would be half of a pair.
    pub fn values(&self) -> ArrayView1<'_, Complex<T>> {
        self.values.view()
    }

    /// The eigenvectors in columns, each of 2-norm 1; those of conjugate values are conjugate.
    pub fn vectors(&self) -> ArrayView2<'_, Complex<T>> {
        self.vectors.view()
    }

    /// `‖A x − λ x‖₂` of each pair, from further products. Each pair is exact for a matrix that differs from A by so much;
    /// how far λ moves by that depends on its condition number.
    pub fn residual_norms(&self) -> ArrayView1<'_, T> {
        self.residual_norms.view()
    }

    /// The largest `‖A v‖` of a unit vector that was met, which tolerances are relative to: a lower bound of `‖A‖₂`.
    pub fn norm_estimate(&self) -> T {
        self.norm
    }

    /// How many times the basis was filled.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// How many vectors the operator was applied to.
    pub fn products(&self) -> usize {
        self.products
    }

    /// After each iteration the largest residual norm of a wanted pair, estimated and relative to `‖A‖`.
    pub fn history(&self) -> &[f64] {
        &self.history
    }

    /// The eigenpairs of A from these, of its inverse.
    fn mapped_back<A: LinearOperator<T> + ?Sized>(
        mut self,
        inverse: &ShiftInverse<'_, T, A>,
    ) -> Result<Self, Error> {
        let (n, count) = self.vectors.dim();
        // An inverse turns the sign of the imaginary part: of each pair, the conjugate comes first again.
        self.values.mapv_inplace(|theta| theta.inv().conj() + inverse.shift());
        self.vectors.mapv_inplace(|z| z.conj());
        // Real and imaginary parts as real vectors, for real products.
        let mut parts = columns(n, 2 * count)?;
        for (j, vector) in self.vectors.columns().into_iter().enumerate() {
            parts.column_mut(2 * j).zip_mut_with(&vector, |part, z| *part = z.re);
            parts.column_mut(2 * j + 1).zip_mut_with(&vector, |part, z| *part = z.im);
        }
        let images = inverse.operator().apply(&parts)?;
        let mut residual = vec![T::zero(); n];
        for (j, value) in self.values.iter().enumerate() {
            for (i, entry) in residual.iter_mut().enumerate() {
                let z = self.vectors[[i, j]];
                let re = images[[i, 2 * j]] - (value.re * z.re - value.im * z.im);
                let im = images[[i, 2 * j + 1]] - (value.re * z.im + value.im * z.re);
                *entry = re.hypot(im);
            }
            self.residual_norms[j] = two_norm(&residual);
        }
        self.norm = inverse.norm();
        Ok(self)
    }

    /// `(values, vectors)`, without a copy.
    pub fn into_factors(self) -> (Array1<Complex<T>>, Array2<Complex<T>>) {
        (self.values, self.vectors)
    }
}

/// The choices of a partial eigendecomposition. Made by [`PartialGeneralEigen::params`].
pub struct PartialGeneralEigenParams<'a, T> {
    k: usize,
    which: ComplexExtreme,
    tolerance: f64,
    subspace: Option<usize>,
    max_iterations: Option<usize>,
    seed: u64,
    start: Option<&'a ArrayRef1<T>>,
    multiplicity: Multiplicity,
    observer: Option<&'a mut Observer<'a>>,
}

impl<'a, T: Scalar> PartialGeneralEigenParams<'a, T> {
    /// Which eigenvalues. Default: [`ComplexExtreme::LargestMagnitude`].
    pub fn which(mut self, which: ComplexExtreme) -> Self {
        self.which = which;
        self
    }

    /// The largest residual norm of a pair that is returned, relative to `‖A‖₂`. The least that is attainable, `100 ε`
    /// or `ε √n` with the machine epsilon of the scalar, whichever is larger, takes the place of anything smaller.
    /// Where rounding leaves more of a pair that has converged, up to `n ε` is accepted. Default: 0, which stands for the
    /// least, as in `eigs`.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// How many vectors the basis holds, more than k + 2. Default: 2k + 10, and at least 20.
    pub fn subspace(mut self, size: usize) -> Self {
        self.subspace = Some(size);
        self
    }

    /// How many times the basis may be filled. Default: ten times the order, as in `eigs`.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = Some(iterations);
        self
    }

    /// The seed of random vectors. The same seed gives the same bits for the same number of threads. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The vector that the Krylov space starts from (n entries). Default: a random one.
    pub fn start(mut self, start: &'a ArrayRef1<T>) -> Self {
        self.start = Some(start);
        self
    }

    /// What to do about multiple eigenvalues. Default: [`Multiplicity::Searched`].
    pub fn multiplicity(mut self, multiplicity: Multiplicity) -> Self {
        self.multiplicity = multiplicity;
        self
    }

    /// Called after every iteration.
    pub fn observer(mut self, observer: &'a mut Observer<'a>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The eigenpairs of `a`; its transposed products are not used.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`], also when the residuals do not bear out the convergence, and
    /// [`IterationError::Cancelled`], both with the pairs as good as they are; and within
    /// [`IterationError::Matrix`]: [`Error::NotSquare`]; [`Error::InvalidParameter`] when k exceeds the order, or the
    /// subspace has not room for k + 3 vectors, or the tolerance is negative or NaN, or the start is zero;
    /// [`Error::Shape`]; [`Error::NonFinite`]; [`Error::Overflow`] when a product is not finite;
    /// [`Error::DoesNotExist`] when eigenvalues of the projection cannot be told apart; [`Error::OutOfMemory`];
    /// [`Error::NoConvergence`].
    pub fn compute<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
    ) -> Result<PartialGeneralEigen<T>, IterationError<PartialGeneralEigen<T>>> {
        let (rows, cols) = a.dimensions();
        if rows != cols {
            return Err(Error::NotSquare { argument: "a", rows, cols }.into());
        }
        self.require_tolerance()?;
        if let Some(start) = self.start {
            let (argument, extent, reason) = ("start", "entries", "the order of the operator");
            if start.len() != rows {
                return Err(
                    Error::Shape { argument, extent, found: start.len(), expected: rows, reason }.into()
                );
            }
            require_finite(argument, &start.view().insert_axis(Axis(1)))?;
        }
        iteration::Iteration::new(a, self)?.run()
    }

    /// The eigenpairs of A nearest a real σ, from its inverse `(A − σ I)⁻¹`, the nearest first. [`which`](Self::which) does
    /// not count.
    ///
    /// The tolerance is that of pairs of the inverse, relative to its norm, and at least 4 ε times the condition number
    /// of `A − σ I`, as no product with the inverse is better. Values are σ + 1/θ. Residuals are those of A, and are at
    /// most `√ε ‖A‖₁`, or the tolerance times `‖A‖₁` if that is larger.
    ///
    /// # Errors
    /// As [`compute`](Self::compute) with the inverse, and [`IterationError::Breakdown`] where the residuals are too large,
    /// as when the shift is all but an eigenvalue, and drowns the others.
    pub fn nearest<A: LinearOperator<T> + ?Sized>(
        mut self,
        inverse: &ShiftInverse<'_, T, A>,
    ) -> Result<PartialGeneralEigen<T>, IterationError<PartialGeneralEigen<T>>> {
        self.require_tolerance()?;
        let limit = self.tolerance.max(T::epsilon().as_f64().sqrt());
        self.tolerance = self.tolerance.max(4.0 * T::epsilon().as_f64() * inverse.condition()?);
        let found = match self.which(ComplexExtreme::LargestMagnitude).compute(inverse) {
            Ok(found) => found.mapped_back(inverse)?,
            Err(IterationError::NotConverged { method, iterations, residual, tolerance, best }) => {
                let best = Box::new(best.mapped_back(inverse)?);
                return Err(IterationError::NotConverged { method, iterations, residual, tolerance, best });
            }
            Err(IterationError::Cancelled { method, iterations, best }) => {
                let best = Box::new(best.mapped_back(inverse)?);
                return Err(IterationError::Cancelled { method, iterations, best });
            }
            Err(error) => return Err(error),
        };
        let residual = found.residual_norms.iter().fold(T::zero(), |worst, &norm| worst.max(norm));
        if residual.as_f64() <= limit * inverse.norm().as_f64() {
            return Ok(found);
        }
        let reason = BreakdownReason::ShiftTooClose { residual: (residual / inverse.norm()).as_f64() };
        Err(IterationError::Breakdown {
            method: METHOD,
            iterations: found.iterations,
            reason,
            best: Box::new(found),
        })
    }

    fn require_tolerance(&self) -> Result<(), Error> {
        if self.tolerance >= 0.0 {
            Ok(())
        } else {
            Err(invalid("tolerance", self.tolerance, "0 or more".to_owned()))
        }
    }
}
