//! The largest singular triplets of a large operator, by Golub-Kahan-Lanczos bidiagonalization with thick restarts.
//!
//! Each step multiplies by `A` and by `Aᵀ` once, and orthogonalizes the new vectors against the two bases, twice, so that
//! they stay orthonormal to rounding. When the bases are full, they are contracted to the best approximations of the
//! triplets that are wanted and a few more, and extended again (Baglama and Reichel, "Augmented implicitly restarted
//! Lanczos bidiagonalization methods", SIAM J. Sci. Comput. 27, 2005; Hernández, Román, Tomás, "A robust and efficient
//! parallel SVD solver based on restarted Lanczos bidiagonalization", ETNA 31, 2008).
//!
//! Krylov methods see one vector of each singular subspace. So when the triplets have converged, the bases are filled once
//! more from a random direction, and only if that finds no larger value the answer stands.
//!
//! Cost for m x n: one product each way and `8 (m + n) p` operations a step, with p vectors in a basis. Memory: the two
//! bases, `(m + n) p` numbers. SciPy's `svds`, by ARPACK on `AᵀA`, squares the condition number; this does not.

use lapwing_lapack::{Error, Scalar, Svd};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};
use rand::SeedableRng;
use rand_pcg::Pcg64;

use crate::basis::{Basis, two_norm};
use crate::error::IterationError;
use crate::operator::{LinearOperator, Transposed, columns};
use crate::progress::{Observer, Progress};

const METHOD: &str = "Golub-Kahan-Lanczos bidiagonalization";

/// The k largest singular triplets of an operator of m rows and n columns, as accurate as the tolerance says.
///
/// ```
/// use lapwing_iterative::PartialSvd;
/// use lapwing_iterative::sprs::TriMat;
/// // 2 on the diagonal, 1 above it.
/// let mut triplets = TriMat::new((300, 200));
/// for i in 0..200 {
///     triplets.add_triplet(i, i, 2.0);
///     if i > 0 {
///         triplets.add_triplet(i - 1, i, 1.0);
///     }
/// }
/// let a = triplets.to_csr::<u32>();
/// let svd = PartialSvd::params(3).compute(&a)?;
/// assert!((svd.singular_values()[0] - 2.9999f64).abs() < 1e-3);
/// assert!(svd.residuals().iter().all(|&residual| residual < 1e-10));
/// # Ok::<(), lapwing_iterative::IterationError<PartialSvd<f64>>>(())
/// ```
#[doc(alias = "svds")]
#[doc(alias = "irlba")]
#[derive(Clone, Debug, PartialEq)]
pub struct PartialSvd<T: Scalar> {
    u: Array2<T>,
    singular_values: Array1<T>,
    vt: Array2<T>,
    residuals: Array1<T>,
    products: usize,
    history: Vec<f64>,
}

impl<T: Scalar> PartialSvd<T> {
    /// The left singular vectors in columns, m x k.
    pub fn u(&self) -> ArrayView2<'_, T> {
        self.u.view()
    }

    /// The k singular values, largest first.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.singular_values.view()
    }

    /// The right singular vectors in rows, k x n.
    pub fn vt(&self) -> ArrayView2<'_, T> {
        self.vt.view()
    }

    /// For each triplet `‖Aᵀ u − σ v‖₂`, or `‖A v − σ u‖₂` of a matrix with fewer rows than columns; the other one is at
    /// the level of rounding. Some singular value is as close to σ as this.
    pub fn residuals(&self) -> ArrayView1<'_, T> {
        self.residuals.view()
    }

    /// How many times the bases were filled.
    pub fn iterations(&self) -> usize {
        self.history.len()
    }

    /// After each iteration the largest residual of a wanted triplet, estimated and relative to the largest singular value.
    pub fn history(&self) -> &[f64] {
        &self.history
    }

    /// How many products with vectors were made, those with `A` and with `Aᵀ` together.
    pub fn products(&self) -> usize {
        self.products
    }

    /// `(U, s, Vᵀ)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array1<T>, Array2<T>) {
        (self.u, self.singular_values, self.vt)
    }

    fn transposed(self) -> Self {
        Self { u: self.vt.reversed_axes(), vt: self.u.reversed_axes(), ..self }
    }
}

impl PartialSvd<f64> {
    /// The choices for `k` triplets, to change before computing.
    pub fn params<'a>(k: usize) -> PartialSvdParams<'a> {
        PartialSvdParams { k, tolerance: None, subspace: None, iterations: 1000, seed: 0, observer: None }
    }
}

/// The choices of a partial singular value decomposition. Made by [`PartialSvd::params`].
pub struct PartialSvdParams<'a> {
    k: usize,
    tolerance: Option<f64>,
    subspace: Option<usize>,
    iterations: usize,
    seed: u64,
    observer: Option<&'a mut Observer<'a>>,
}

impl<'a> PartialSvdParams<'a> {
    /// What the residual of each triplet may be, relative to the largest singular value. Default: `100 ε`, with ε the
    /// unit roundoff: 1e-14 in double precision. The values are as good as its square where they are well separated.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// The vectors in each basis, more than k. More of them need fewer products and more memory. Default: 2k + 10.
    pub fn subspace(mut self, vectors: usize) -> Self {
        self.subspace = Some(vectors);
        self
    }

    /// How many times the bases may be filled. Default: 1000.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.iterations = iterations;
        self
    }

    /// The seed of the first vector. The same seed gives the same bits for the same number of threads. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Watches: called each time the bases are full, with the largest residual of the k triplets relative to the largest
    /// singular value.
    pub fn observer(mut self, observer: &'a mut Observer<'a>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The largest triplets of `a`.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`] and [`IterationError::Cancelled`] with the best triplets so far, of which
    /// [`residuals`](PartialSvd::residuals) tells which may be used. [`IterationError::Matrix`] with
    /// [`Error::InvalidParameter`] when k exceeds min(m, n), the subspace does not exceed k, or the tolerance is
    /// negative or NaN; with [`Error::Overflow`] when a product is not finite; with what the operator and the small
    /// decomposition fail with.
    pub fn compute<T: Scalar, A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
    ) -> Result<PartialSvd<T>, IterationError<PartialSvd<T>>> {
        let (m, n) = a.dimensions();
        if m >= n {
            return self.compute_tall(a);
        }
        self.compute_tall(&Transposed(a))
            .map(PartialSvd::transposed)
            .map_err(|error| error.map(PartialSvd::transposed))
    }

    /// With no fewer rows than columns, so that a basis of n vectors is all there can be.
    fn compute_tall<T: Scalar, A: LinearOperator<T> + ?Sized>(
        mut self,
        a: &A,
    ) -> Result<PartialSvd<T>, IterationError<PartialSvd<T>>> {
        let k = self.k;
        let n = a.dimensions().1;
        let size = self.subspace_size(n)?;
        let tolerance = self.tolerance.unwrap_or(100.0 * T::UNIT_ROUNDOFF.as_f64());
        let mut bases = Bases::new(a, size, self.seed)?;
        let mut found: Option<Array1<T>> = None;
        let mut iteration = 0;
        loop {
            iteration += 1;
            bases.extend(a)?;
            let ritz = bases.ritz(k)?;
            let residual = ritz.relative;
            bases.history.push(residual);
            let progress = Progress { iterations: iteration, limit: self.iterations, residual, tolerance };
            let goes_on = progress.allows(&mut self.observer);
            // Half of it, since what a confirmation leaves out may be as much again.
            let converged = residual <= tolerance / 2.0;
            let last = iteration >= self.iterations;
            if converged && (last || size == n || found.is_some_and(|found| ritz.confirms(&found, tolerance)))
            {
                return Ok(bases.triplets(a, &ritz, k)?);
            }
            if !goes_on {
                let best = Box::new(bases.triplets(a, &ritz, k)?);
                return Err(IterationError::Cancelled { method: METHOD, iterations: iteration, best });
            }
            if last {
                let best = Box::new(bases.triplets(a, &ritz, k)?);
                let (method, iterations) = (METHOD, iteration);
                return Err(IterationError::NotConverged { method, iterations, residual, tolerance, best });
            }
            if converged {
                bases.contract(&ritz, k)?;
                bases.start_anew();
                found = Some(ritz.svd.singular_values().slice(s![..k]).to_owned());
            } else {
                // What is nearly wanted comes along, so that restarting loses little of it.
                bases.contract(&ritz, k + (size - k) / 2)?;
                found = None;
            }
        }
    }

    fn subspace_size(&self, most: usize) -> Result<usize, Error> {
        let invalid = |parameter, value: String, requirement: String| {
            Err(Error::InvalidParameter { parameter, value, requirement })
        };
        if self.k > most {
            let requirement = format!("at most {most}, the smaller extent of the matrix");
            return invalid("k", self.k.to_string(), requirement);
        }
        if let Some(tolerance) = self.tolerance.filter(|tolerance| tolerance.is_nan() || *tolerance < 0.0) {
            return invalid("tolerance", tolerance.to_string(), "zero or more".to_owned());
        }
        match self.subspace {
            Some(size) if size <= self.k => {
                invalid("subspace", size.to_string(), format!("more than k, which is {}", self.k))
            }
            Some(size) => Ok(size.min(most)),
            None => Ok((2 * self.k + 10).min(most)),
        }
    }
}

/// Orthonormal bases with `A V = U B` and `Aᵀ U = V Bᵀ + β v eᵀ`, where v is the next vector of V.
struct Bases<T: Scalar> {
    /// p vectors of m entries.
    u: Basis<T>,
    /// p + 1 vectors of n entries.
    v: Basis<T>,
    /// p x p; upper triangular.
    b: Array2<T>,
    /// β.
    rest: T,
    /// How many vectors U has.
    len: usize,
    /// About the largest singular value: what is small beside it times the roundoff is zero.
    scale: T,
    generator: Pcg64,
    products: usize,
    history: Vec<f64>,
    /// The product with a vector of V, and with one of U.
    left: Array2<T>,
    right: Array2<T>,
    removed: Vec<T>,
}

/// The singular value decomposition of B.
struct Ritz<T: Scalar> {
    svd: Svd<T>,
    /// The largest residual of the wanted triplets, relative to the largest singular value.
    relative: f64,
}

impl<T: Scalar> Ritz<T> {
    /// Whether the largest values are those that were found before, and not larger ones among them.
    fn confirms(&self, found: &Array1<T>, tolerance: f64) -> bool {
        let values = self.svd.singular_values();
        let rounding = values.first().map_or(0.0, |&largest| tolerance * largest.as_f64());
        found.iter().zip(&values).all(|(&before, &now)| (now - before).as_f64() <= rounding)
    }
}

impl<T: Scalar> Bases<T> {
    fn new<A: LinearOperator<T> + ?Sized>(a: &A, size: usize, seed: u64) -> Result<Self, Error> {
        let (m, n) = a.dimensions();
        let mut bases = Self {
            u: Basis::new(size, m)?,
            v: Basis::new(size + 1, n)?,
            b: columns(size, size)?,
            rest: T::zero(),
            len: 0,
            scale: T::zero(),
            generator: Pcg64::seed_from_u64(seed),
            products: 0,
            history: Vec::new(),
            left: columns(m, 1)?,
            right: columns(n, 1)?,
            removed: vec![T::zero(); size + 1],
        };
        if n > 0 {
            bases.start_anew();
        }
        Ok(bases)
    }

    /// Fills both bases.
    fn extend<A: LinearOperator<T> + ?Sized>(&mut self, a: &A) -> Result<(), Error> {
        let (size, n) = (self.b.ncols(), self.right.nrows());
        for j in self.len..size {
            a.apply_into(&self.v.columns(j..j + 1), &mut self.left)?;
            let w = self.left.as_slice_mut().unwrap_or_default();
            let negligible = negligible(w, &mut self.scale)?;
            self.removed.fill(T::zero());
            self.b[[j, j]] = self.u.orthogonalize(j, w, Some(&mut self.removed), negligible);
            self.b.slice_mut(s![..j, j]).iter_mut().zip(&self.removed).for_each(|(b, &sum)| *b = sum);
            accept(&mut self.u, j, w, self.b[[j, j]], &mut self.generator);

            a.apply_transposed_into(&self.u.columns(j..j + 1), &mut self.right)?;
            self.products += 2;
            let w = self.right.as_slice_mut().unwrap_or_default();
            let negligible = self::negligible(w, &mut self.scale)?;
            // What is removed is the last row of B, known already.
            self.rest = self.v.orthogonalize(j + 1, w, None, negligible);
            if j + 1 < n {
                accept(&mut self.v, j + 1, w, self.rest, &mut self.generator);
            } else {
                // No vector is orthogonal to a complete basis.
                self.rest = T::zero();
            }
        }
        self.len = size;
        Ok(())
    }

    /// Has the next vector be one that no product with the others has led to: a multiple singular value shows itself but
    /// once to the products of one vector.
    fn start_anew(&mut self) {
        let w = self.right.as_slice_mut().unwrap_or_default();
        self.v.append_random(self.len, w, &mut self.generator);
    }

    fn ritz(&self, k: usize) -> Result<Ritz<T>, Error> {
        let svd = Svd::thin(&self.b)?;
        let largest = svd.singular_values().first().copied().unwrap_or(T::zero());
        // What is left of a column of V is seen by the last vector of U alone.
        let last_row = self.len.checked_sub(1).map(|last| svd.u().row(last).slice(s![..k]).to_owned());
        let worst = last_row.iter().flatten().fold(T::zero(), |worst, x| worst.max((self.rest * *x).abs()));
        let relative = if worst == T::zero() { 0.0 } else { worst.as_f64() / largest.as_f64() };
        Ok(Ritz { svd, relative })
    }

    /// Keeps the `keep` best approximations, and the next vector.
    fn contract(&mut self, ritz: &Ritz<T>, keep: usize) -> Result<(), Error> {
        self.combine(ritz, keep)?;
        self.v.copy(self.len, keep);
        self.b.fill(T::zero());
        self.b.diag_mut().slice_mut(s![..keep]).assign(&ritz.svd.singular_values().slice(s![..keep]));
        self.len = keep;
        Ok(())
    }

    /// The first vectors become the approximations to `count` singular vectors.
    fn combine(&mut self, ritz: &Ritz<T>, count: usize) -> Result<(), Error> {
        self.u.combine(0, &ritz.svd.u().slice(s![.., ..count]))?;
        self.v.combine(0, &ritz.svd.vt().slice(s![..count, ..]).t())
    }

    /// The triplets, with their residuals computed anew.
    fn triplets<A: LinearOperator<T> + ?Sized>(
        mut self,
        a: &A,
        ritz: &Ritz<T>,
        k: usize,
    ) -> Result<PartialSvd<T>, Error> {
        self.combine(ritz, k)?;
        let singular_values = ritz.svd.singular_values().slice(s![..k]).to_owned();
        let mut residuals = Array1::zeros(k);
        for (i, residual) in residuals.iter_mut().enumerate() {
            a.apply_transposed_into(&self.u.columns(i..i + 1), &mut self.right)?;
            let defect = self.right.as_slice_mut().unwrap_or_default();
            self.v.subtract(i, &[singular_values[i]], defect);
            *residual = two_norm(defect);
        }
        let (u, vt) = (self.u.into_columns(0..k)?, self.v.into_columns(0..k)?.reversed_axes());
        let (products, history) = (self.products + k, self.history);
        Ok(PartialSvd { u, singular_values, vt, residuals, products, history })
    }
}

/// What a product may have left after it was made orthogonal to a basis, and count as nothing; `scale` is the norm of the
/// largest product so far.
fn negligible<T: Scalar>(product: &[T], scale: &mut T) -> Result<T, Error> {
    let length = two_norm(product);
    if !length.is_finite() {
        return Err(Error::Overflow { routine: "the product with the operator", scalar: T::NAME });
    }
    *scale = scale.max(length);
    Ok(*scale * T::UNIT_ROUNDOFF * T::from_f64(10.0))
}

/// Appends `w`, of this norm, to the first `j` vectors. Where nothing was left of it the bases span invariant subspaces: it
/// is replaced by any direction outside.
fn accept<T: Scalar>(basis: &mut Basis<T>, j: usize, w: &mut [T], norm: T, generator: &mut Pcg64) {
    if norm > T::zero() {
        basis.set(j, w, norm);
    } else {
        basis.append_random(j, w, generator);
    }
}

#[cfg(test)]
mod tests;
