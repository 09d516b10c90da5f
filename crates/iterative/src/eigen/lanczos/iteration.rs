//! The iteration itself. The basis holds, in this order, the deflated vectors, the locked ones, and the Krylov space.
//!
//! It runs in rounds. The first finds k pairs and locks them. Each further one starts from a random vector orthogonal to
//! what is locked, and ends either with better pairs, which take the place of the worst, or with the proof that there are
//! none, which is the end.

use lapwing_lapack::{Error, Scalar, SymmetricEigen, zeros};
use ndarray::{Array1, Array2, Axis, s};
use rand::SeedableRng;
use rand_pcg::Pcg64;

use super::selection::{End, Selection};
use super::{METHOD, PartialSymmetricEigen, PartialSymmetricEigenParams, invalid};
use crate::basis::Basis;
use crate::eigen::{Multiplicity, default_subspace};
use crate::error::{BreakdownReason, IterationError};
use crate::operator::LinearOperator;
use crate::progress::{Observer, Progress};

type Outcome<T> = Result<PartialSymmetricEigen<T>, IterationError<PartialSymmetricEigen<T>>>;

/// What the residual of a candidate is multiplied with before it is compared to its distance from the wanted ones: the
/// reciprocal of the chance to be misled by a random vector that lacks a direction.
const CAUTION: f64 = 1000.0;

pub(super) struct Iteration<'a, 'o, T: Scalar, A: ?Sized> {
    pub(super) operator: &'o A,
    pub(super) n: usize,
    pub(super) k: usize,
    ends: Vec<End>,
    pub(super) tolerance: f64,
    subspace: usize,
    limit: usize,
    searched: bool,
    observer: Option<&'a mut Observer<'a>>,
    generator: Pcg64,
    pub(super) basis: Basis<T>,
    pub(super) deflated: usize,
    /// The values of the vectors that are locked.
    pub(super) locked: Vec<T>,
    /// `Vᵀ A V` for the Krylov space: an arrow of kept Ritz values and couplings, then tridiagonal.
    pub(super) projected: Array2<T>,
    pub(super) product: Array2<T>,
    removed: Vec<T>,
    pub(super) norm: T,
    pub(super) iterations: usize,
    pub(super) products: usize,
    pub(super) history: Vec<f64>,
}

/// The Rayleigh-Ritz pairs of a full basis.
pub(super) struct Ritz<T> {
    pub(super) values: Array1<T>,
    /// In columns, by the basis.
    pub(super) vectors: Array2<T>,
    /// What couples the last vector of the basis to the next.
    pub(super) beta: T,
}

impl<T: Scalar> Ritz<T> {
    /// The last component of each, times β: its residual, with its sign.
    fn coupling(&self, index: usize) -> T {
        self.vectors.row(self.vectors.nrows() - 1)[index] * self.beta
    }

    fn residual(&self, index: usize) -> T {
        self.coupling(index).abs()
    }
}

impl<'a, 'o, T: Scalar, A: LinearOperator<T> + ?Sized> Iteration<'a, 'o, T, A> {
    pub(super) fn new(operator: &'o A, params: PartialSymmetricEigenParams<'a, T>) -> Result<Self, Error> {
        let n = operator.dimensions().0;
        let k = params.k;
        let given = params.deflated.map_or(0, |vectors| vectors.ncols());
        let subspace = params.subspace.unwrap_or_else(|| default_subspace(k)).min(n);
        // What is found, and either a full Krylov space with the vector that comes next, or the products of the proof.
        let capacity = given.min(n) + k.min(n) + (subspace + 1).max(k.min(n));
        let mut this = Self {
            operator,
            n,
            k,
            ends: End::of(params.which, k),
            tolerance: params.tolerance.max(T::epsilon().as_f64() * (n as f64).sqrt().max(100.0)),
            subspace,
            limit: params.max_iterations.unwrap_or_else(|| n.saturating_mul(10)),
            searched: params.multiplicity == Multiplicity::Searched,
            observer: params.observer,
            generator: Pcg64::seed_from_u64(params.seed),
            basis: Basis::new(capacity, n)?,
            deflated: 0,
            locked: Vec::new(),
            projected: zeros(subspace, subspace)?,
            product: zeros(n, 1)?,
            removed: vec![T::zero(); capacity],
            norm: T::zero(),
            iterations: 0,
            products: 0,
            history: Vec::new(),
        };
        let w = this.product.as_slice_mut().unwrap_or_default();
        for vector in params.deflated.iter().flat_map(|vectors| vectors.columns()) {
            w.iter_mut().zip(vector).for_each(|(w, &entry)| *w = entry);
            if this.deflated < n && this.basis.append(this.deflated, w) {
                this.deflated += 1;
            }
        }
        let room = n - this.deflated;
        if k > room {
            let requirement = format!("at most {room}, the order of the operator less what is deflated");
            return Err(invalid("k", k, requirement));
        }
        if subspace.min(room) <= k && subspace < room {
            return Err(invalid("subspace", subspace, format!("more than k = {k}")));
        }
        if let (Some(start), true) = (params.start, k > 0) {
            w.iter_mut().zip(start).for_each(|(w, &entry)| *w = entry);
            if !this.basis.append(this.deflated, w) {
                let requirement = "neither zero nor a combination of the deflated vectors".to_owned();
                return Err(invalid("start", "a vector without a part of its own", requirement));
            }
        } else if k > 0 {
            this.basis.append_random(this.deflated, w, &mut this.generator);
        }
        Ok(this)
    }

    pub(super) fn run(mut self) -> Outcome<T> {
        if self.k == 0 {
            return Ok(self.proved()?);
        }
        let mut kept = 0;
        loop {
            let ritz = self.expand(kept)?;
            self.iterations += 1;
            let first_round = self.locked.is_empty();
            let slack = T::from_f64(2.0 * self.tolerance) * self.norm;
            let selection = Selection::new(&self.ends, &self.locked, &ritz.values, slack);
            // Half of what is promised, to leave room for the rounding errors of the proof.
            let goal = T::from_f64(0.5 * self.tolerance) * self.norm;
            let (mut unconverged, mut worst) = (0, T::zero());
            for &index in &selection.wanted {
                worst = worst.max(ritz.residual(index));
                unconverged += usize::from(ritz.residual(index) > goal);
            }
            if !first_round {
                for &(index, distance) in &selection.candidates {
                    let residual = ritz.residual(index);
                    if residual > goal && residual * T::from_f64(CAUTION) >= distance {
                        worst = worst.max(residual);
                        unconverged += 1;
                    }
                }
            }
            let relative = if worst > T::zero() { (worst / self.norm).as_f64() } else { 0.0 };
            self.history.push(relative);
            let (iterations, limit, tolerance) = (self.iterations, self.limit, self.tolerance);
            let progress = Progress { iterations, limit, residual: relative, tolerance };
            let goes_on = progress.allows(&mut self.observer);
            let found = selection.wanted.len();
            if unconverged == 0 {
                let exhausted = self.fixed() + ritz.values.len() == self.n;
                self.lock(&ritz, &selection)?;
                if !self.searched || exhausted || (!first_round && found == 0) {
                    return self.finished();
                }
                if goes_on && iterations < limit {
                    let fixed = self.fixed();
                    let w = self.product.as_slice_mut().unwrap_or_default();
                    self.basis.append_random(fixed, w, &mut self.generator);
                    kept = 0;
                    continue;
                }
            }
            if !goes_on || iterations >= limit {
                if unconverged > 0 {
                    self.lock(&ritz, &selection)?;
                }
                let best = Box::new(self.proved()?);
                return Err(if goes_on {
                    IterationError::NotConverged {
                        method: METHOD,
                        iterations,
                        residual: relative,
                        tolerance,
                        best,
                    }
                } else {
                    IterationError::Cancelled { method: METHOD, iterations, best }
                });
            }
            let wanted = if first_round { found } else { found + selection.candidates.len() };
            let converged = wanted - unconverged.min(wanted);
            kept = self.restart(&ritz, &selection.preference, wanted, converged)?;
        }
    }

    /// How many vectors precede the Krylov space.
    pub(super) fn fixed(&self) -> usize {
        self.deflated + self.locked.len()
    }

    /// Fills the basis, of which `kept` vectors and one more are there, and decomposes the projection.
    pub(super) fn expand(&mut self, kept: usize) -> Result<Ritz<T>, Error> {
        let fixed = self.fixed();
        let size = self.subspace.min(self.n - fixed);
        let mut beta = T::zero();
        if kept == 0 {
            self.projected.fill(T::zero());
        }
        for j in kept..size {
            let vector = fixed + j;
            self.operator.apply_into(&self.basis.columns(vector..vector + 1), &mut self.product)?;
            self.products += 1;
            let w = self.product.as_slice_mut().unwrap_or_default();
            // What the projection knows comes off first, so that the pass over the whole basis that follows is the
            // second one already.
            let known = if j == kept { 0..kept } else { j - 1..j };
            let start = fixed + known.start;
            let couplings: Vec<T> = self.projected.slice(s![known, j]).to_vec();
            self.basis.subtract(start, &couplings, w);
            let alpha = self.basis.product(vector, w);
            self.basis.subtract(vector, &[alpha], w);
            self.norm = self.norm.max(alpha.abs());

            self.removed.fill(T::zero());
            let negligible = T::from_f64(2.0) * T::epsilon() * self.norm;
            beta = self.basis.orthogonalize(vector + 1, w, Some(&mut self.removed), negligible);
            if !alpha.is_finite() || !beta.is_finite() {
                return Err(Error::Overflow { routine: "the product with the operator", scalar: T::NAME });
            }
            self.projected[[j, j]] = alpha;
            for (i, &removed) in self.removed[fixed..=vector].iter().enumerate() {
                // Rounding errors of what was taken for known.
                self.projected[[i, j]] += removed;
                self.projected[[j, i]] = self.projected[[i, j]];
            }
            self.norm = self.norm.max(beta);
            if vector + 1 == self.n {
                beta = T::zero();
                break;
            }
            if beta > T::zero() {
                self.basis.set(vector + 1, w, beta);
            } else {
                // The space is invariant, and goes on with what is not in it.
                self.basis.append_random(vector + 1, w, &mut self.generator);
            }
            if j + 1 < size {
                self.projected[[j, j + 1]] = beta;
                self.projected[[j + 1, j]] = beta;
            }
        }
        let (values, vectors) =
            SymmetricEigen::new(&self.projected.slice(s![..size, ..size]))?.into_factors();
        self.norm = values.iter().fold(self.norm, |norm, value| norm.max(value.abs()));
        Ok(Ritz { values, vectors, beta })
    }

    /// Keeps the best Ritz vectors, and returns how many.
    fn restart(
        &mut self,
        ritz: &Ritz<T>,
        preference: &[usize],
        wanted: usize,
        converged: usize,
    ) -> Result<usize, Error> {
        let (fixed, size) = (self.fixed(), ritz.values.len());
        // More than wanted, so that what converges next has a good start.
        let kept = (wanted + converged).max(wanted + (size - wanted) / 5).min(size - 1);
        let preference = &preference[..kept];
        self.basis.combine(fixed, &ritz.vectors.select(Axis(1), preference))?;
        self.basis.copy(fixed + size, fixed + kept);
        self.projected.fill(T::zero());
        for (i, &index) in preference.iter().enumerate() {
            self.projected[[i, i]] = ritz.values[index];
            self.projected[[i, kept]] = ritz.coupling(index);
            self.projected[[kept, i]] = ritz.coupling(index);
        }
        Ok(kept)
    }

    /// Locks the wanted Ritz vectors, and of those locked before the ones that are still wanted.
    fn lock(&mut self, ritz: &Ritz<T>, selection: &Selection<T>) -> Result<(), Error> {
        let (fixed, kept) = (self.fixed(), selection.kept.len());
        self.basis.combine(fixed, &ritz.vectors.select(Axis(1), &selection.wanted))?;
        for (to, &from) in selection.kept.iter().enumerate() {
            self.basis.copy(self.deflated + from, self.deflated + to);
        }
        for i in 0..selection.wanted.len() {
            self.basis.copy(fixed + i, self.deflated + kept + i);
        }
        let before = selection.kept.iter().map(|&index| self.locked[index]);
        self.locked = before.chain(selection.wanted.iter().map(|&index| ritz.values[index])).collect();
        Ok(())
    }

    fn finished(self) -> Outcome<T> {
        let (tolerance, iterations) = (self.tolerance, self.iterations);
        let result = self.proved()?;
        let residual = result.residual_norms.iter().fold(T::zero(), |worst, &norm| worst.max(norm));
        // Hundreds of restarts add up to more rounding than one product leaves, and to no more than a backward stable
        // decomposition of the whole matrix does.
        let rounding = T::epsilon().as_f64() * result.vectors.nrows() as f64;
        if residual.as_f64() <= tolerance.max(rounding) * result.norm.as_f64() {
            return Ok(result);
        }
        let reason = BreakdownReason::Unproved { residual: (residual / result.norm).as_f64(), tolerance };
        Err(IterationError::Breakdown { method: METHOD, iterations, reason, best: Box::new(result) })
    }
}
