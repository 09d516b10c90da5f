//! The iteration: fill the basis, decompose the projection, keep the Schur vectors of the outermost eigenvalues.
//!
//! It runs in rounds. The first finds k eigenvalues and locks their Schur vectors, which come first in the basis. Each
//! further one works in the orthogonal complement, where the other eigenvalues are those of A: it starts from a random
//! vector, and ends either with better values or with the proof that there are none, which is the end.

use lapwing_lapack::{Error, GeneralEigen, Scalar, Schur, matmul, zeros};
use ndarray::{Array2, ArrayRef2, ShapeBuilder, s};
use num_complex::Complex;
use rand::SeedableRng;
use rand_pcg::Pcg64;

use super::{ComplexExtreme, METHOD, PartialGeneralEigen, PartialGeneralEigenParams, invalid};
use crate::basis::{Basis, two_norm};
use crate::eigen::{Multiplicity, default_subspace};
use crate::error::IterationError;
use crate::operator::{LinearOperator, columns, require_finite_product};
use crate::progress::{Observer, Progress};

/// How often the iteration begins anew because rounding errors have grown over the tolerance.
const RENEWALS: usize = 3;
/// As in the Lanczos method, how much smaller than its distance from the wanted values the residual of the next must be.
const CAUTION: f64 = 1000.0;

pub(super) struct Iteration<'a, 'o, T: Scalar, A: ?Sized> {
    operator: &'o A,
    n: usize,
    k: usize,
    which: ComplexExtreme,
    tolerance: f64,
    subspace: usize,
    limit: usize,
    searched: bool,
    observer: Option<&'a mut Observer<'a>>,
    generator: Pcg64,
    basis: Basis<T>,
    /// The eigenvalues of the vectors that are locked, the outermost first.
    locked: Vec<Complex<T>>,
    /// `Vᵀ A V` for the Krylov space: a Schur form and the row that couples it to the rest, then Hessenberg.
    projected: Array2<T>,
    product: Array2<T>,
    removed: Vec<T>,
    norm: T,
    iterations: usize,
    products: usize,
    history: Vec<f64>,
}

impl<'a, 'o, T: Scalar, A: LinearOperator<T> + ?Sized> Iteration<'a, 'o, T, A> {
    pub(super) fn new(operator: &'o A, params: PartialGeneralEigenParams<'a, T>) -> Result<Self, Error> {
        let n = operator.dimensions().0;
        let k = params.k;
        if k > n {
            return Err(invalid("k", k, format!("at most {n}, the order of the operator")));
        }
        let subspace = params.subspace.unwrap_or_else(|| default_subspace(k)).min(n);
        if subspace < n && subspace < k.saturating_add(3) {
            return Err(invalid("subspace", subspace, format!("more than k + 2 = {}", k + 2)));
        }
        let capacity = subspace.saturating_add(k).saturating_add(3).min(n);
        let mut this = Self {
            operator,
            n,
            k,
            which: params.which,
            tolerance: params.tolerance.max(T::epsilon().as_f64() * (n as f64).sqrt().max(100.0)),
            subspace,
            limit: params.max_iterations.unwrap_or_else(|| n.saturating_mul(10)),
            searched: params.multiplicity == Multiplicity::Searched,
            observer: params.observer,
            generator: Pcg64::seed_from_u64(params.seed),
            basis: Basis::new(capacity, n)?,
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
        if let (Some(start), true) = (params.start, k > 0) {
            w.iter_mut().zip(start).for_each(|(w, &entry)| *w = entry);
            if !this.basis.append(0, w) {
                return Err(invalid("start", "zero", "a vector that is not zero".to_owned()));
            }
        } else if k > 0 {
            this.basis.append_random(0, w, &mut this.generator);
        }
        Ok(this)
    }

    pub(super) fn run(mut self) -> Result<PartialGeneralEigen<T>, IterationError<PartialGeneralEigen<T>>> {
        if self.k == 0 {
            return Ok(self.proved()?);
        }
        let (mut kept, mut renewals) = (0, 0);
        loop {
            let beta = self.expand(kept)?;
            self.iterations += 1;
            let size = self.size();
            let projected = self.projected.slice(s![..size, ..size]);
            let eigen = GeneralEigen::new(&projected)?;
            let groups = Group::of(eigen.values().as_slice().unwrap_or_default(), self.which);
            let residual = |group: &Group| {
                let component = eigen.vectors()[[size - 1, group.first]];
                component.re.hypot(component.im) * beta
            };
            let first_round = self.locked.is_empty();
            let (taken, distance) = self.wanted(eigen.values().as_slice().unwrap_or_default(), &groups);
            let goal = T::from_f64(0.25 * self.tolerance) * self.norm;
            let (mut wanted, mut converged, mut worst) = (0, 0, T::zero());
            for (place, group) in groups.iter().take(taken + usize::from(!first_round)).enumerate() {
                let residual = residual(group);
                // Of the next one it is enough to know that it is not wanted.
                let settled = place == taken && residual.as_f64() * CAUTION < distance;
                if residual <= goal || settled {
                    converged += group.size;
                } else {
                    worst = worst.max(residual);
                }
                wanted += group.size;
            }
            let found = groups.iter().take(taken).map(|group| group.size).sum();
            let relative = if worst > T::zero() { (worst / self.norm).as_f64() } else { 0.0 };
            self.history.push(relative);
            let (iterations, limit, tolerance) = (self.iterations, self.limit, self.tolerance);
            let progress = Progress { iterations, limit, residual: relative, tolerance };
            let goes_on = progress.allows(&mut self.observer);
            let exhausted = self.locked.len() + size == self.n;
            if converged == wanted || ((!goes_on || iterations >= limit) && first_round) {
                self.lock(found)?;
            }
            if converged == wanted && (!self.searched || exhausted || (!first_round && taken == 0)) {
                let result = self.proved()?;
                let residual = result.residual_norms.iter().fold(T::zero(), |worst, &norm| worst.max(norm));
                let residual = if residual > T::zero() { (residual / result.norm).as_f64() } else { 0.0 };
                // Hundreds of restarts add up to more rounding than one product leaves.
                if residual <= tolerance.max(T::epsilon().as_f64() * self.n as f64) {
                    return Ok(result);
                }
                let best = Box::new(result);
                if !goes_on {
                    return Err(IterationError::Cancelled { method: METHOD, iterations, best });
                }
                if renewals == RENEWALS || iterations >= limit {
                    return Err(IterationError::NotConverged {
                        method: METHOD,
                        iterations,
                        residual,
                        tolerance,
                        best,
                    });
                }
                renewals += 1;
                self.renew();
                kept = 0;
                continue;
            }
            if !goes_on || iterations >= limit {
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
            if converged == wanted {
                let fixed = self.locked.len();
                let w = self.product.as_slice_mut().unwrap_or_default();
                self.basis.append_random(fixed, w, &mut self.generator);
                kept = 0;
            } else {
                kept = self.restart(beta, wanted, converged)?;
            }
        }
    }

    /// How many vectors the Krylov space holds, after those that are locked.
    fn size(&self) -> usize {
        let fixed = self.locked.len();
        // More may be locked than k, where the next values could not be told apart.
        let room = self.subspace.saturating_add(self.k).saturating_add(2);
        self.subspace.min(room.saturating_sub(fixed)).min(self.n - fixed)
    }

    /// How many of the groups are among the k outermost values, locked ones included, and how far the next one lies behind
    /// the last of these.
    fn wanted(&self, values: &[Complex<T>], groups: &[Group]) -> (usize, f64) {
        let key = |value: Complex<T>| self.which.key(value);
        let slack = 2.0 * self.tolerance * self.norm.as_f64();
        let mut locked = self.locked.iter().map(|&value| key(value)).peekable();
        let (mut taken, mut count, mut last) = (0, 0, f64::INFINITY);
        while count < self.k {
            let next = groups.get(taken).map(|group| (key(values[group.first]), group.size));
            match (locked.peek().copied(), next) {
                (Some(before), next) if next.is_none_or(|(key, _)| before + slack >= key) => {
                    locked.next();
                    (count, last) = (count + 1, before);
                }
                (_, Some((key, size))) => (taken, count, last) = (taken + 1, count + size, key),
                _ => break,
            }
        }
        let next = groups.get(taken).map_or(f64::NEG_INFINITY, |group| key(values[group.first]));
        (taken, last - next)
    }

    /// Fills the basis, of which `kept` vectors of the Krylov space and one more are there. Returns what couples the last
    /// to the next.
    fn expand(&mut self, kept: usize) -> Result<T, Error> {
        let (size, fixed) = (self.size(), self.locked.len());
        let mut beta = T::zero();
        if kept == 0 {
            self.projected.fill(T::zero());
        }
        for j in kept..size {
            let vector = fixed + j;
            self.operator.apply_into(&self.basis.columns(vector..vector + 1), &mut self.product)?;
            self.products += 1;
            let w = self.product.as_slice_mut().unwrap_or_default();
            let length = two_norm(w);
            if !length.is_finite() {
                return Err(Error::Overflow { routine: "the product with the operator", scalar: T::NAME });
            }
            self.norm = self.norm.max(length);
            self.removed.fill(T::zero());
            let negligible = T::from_f64(2.0) * T::epsilon() * self.norm;
            beta = self.basis.orthogonalize(vector + 1, w, Some(&mut self.removed), negligible);
            for (i, &removed) in self.removed[fixed..=vector].iter().enumerate() {
                self.projected[[i, j]] = removed;
            }
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
                self.projected[[j + 1, j]] = beta;
            }
        }
        Ok(beta)
    }

    /// Keeps the Schur vectors of the outermost eigenvalues, and returns how many.
    fn restart(&mut self, beta: T, wanted: usize, converged: usize) -> Result<usize, Error> {
        let (size, fixed) = (self.size(), self.locked.len());
        // More than wanted, so that what converges next has a good start; but a pair must fit besides.
        let target = (wanted + converged).max(wanted + size.saturating_sub(wanted) / 4).min(size - 2);
        let (schur, count) = reordered(&self.projected.slice(s![..size, ..size]), self.which, target)?;
        let mut kept = count.min(size - 1);
        if kept < count && schur.t()[[kept, kept - 1]] != T::zero() {
            // Half of a pair is no invariant subspace.
            kept -= 1;
        }
        self.basis.combine(fixed, &schur.q().slice(s![.., ..kept]))?;
        self.basis.copy(fixed + size, fixed + kept);
        let couplings = schur.q().slice(s![size - 1, ..kept]).mapv(|entry| entry * beta);
        self.projected.fill(T::zero());
        self.projected.slice_mut(s![..kept, ..kept]).assign(&schur.t().slice(s![..kept, ..kept]));
        self.projected.slice_mut(s![kept, ..kept]).assign(&couplings);
        Ok(kept)
    }

    /// Locks the Schur vectors of the `found` outermost values of the Krylov space, and keeps of all that are locked the k
    /// outermost.
    fn lock(&mut self, found: usize) -> Result<(), Error> {
        if found == 0 {
            return Ok(());
        }
        let (size, fixed) = (self.size(), self.locked.len());
        let projected = self.projected.slice(s![..size, ..size]);
        let (mut schur, mut count) = reordered(&projected, self.which, found)?;
        self.basis.combine(fixed, &schur.q().slice(s![.., ..count]))?;
        if fixed > 0 {
            let v = self.basis.columns(0..fixed + count);
            let av = self.operator.apply(&v)?;
            self.products += fixed + count;
            (schur, count) = reordered(&matmul(&v.t(), &av)?, self.which, self.k)?;
            self.basis.combine(0, &schur.q().slice(s![.., ..count]))?;
        }
        self.locked = schur.eigenvalues().iter().take(count).copied().collect();
        self.locked.sort_by(|&a, &b| self.which.key(b).total_cmp(&self.which.key(a)));
        Ok(())
    }

    /// Begins anew with the sum of the locked vectors. The rounding errors of every restart add up; from so good a start it
    /// takes but a few.
    fn renew(&mut self) {
        let w = self.product.as_slice_mut().unwrap_or_default();
        w.fill(T::zero());
        self.basis.subtract(0, &vec![-T::one(); self.locked.len()], w);
        self.locked.clear();
        if !self.basis.append(0, w) {
            self.basis.append_random(0, w, &mut self.generator);
        }
    }

    /// Eigenpairs anew from the locked vectors, orthonormalized once more, with their residuals.
    fn proved(&mut self) -> Result<PartialGeneralEigen<T>, Error> {
        let (n, count) = (self.n, self.locked.len());
        let w = self.product.as_slice_mut().unwrap_or_default();
        for index in 0..count {
            w.copy_from_slice(self.basis.vector(index));
            self.basis.append(index, w);
        }
        let v = self.basis.columns(0..count);
        let mut av = columns(n, count)?;
        if count > 0 {
            self.operator.apply_into(&v, &mut av)?;
            require_finite_product(&av)?;
            self.products += count;
        }
        let (found, rotation) = GeneralEigen::new(&matmul(&v.t(), &av)?)?.into_factors();
        let groups = Group::of(found.as_slice().unwrap_or_default(), self.which);

        let (mut values, mut vectors, mut residual_norms) = (Vec::new(), Vec::new(), Vec::new());
        // The parts of a vector and of its image, one pair of conjugates at a time.
        for group in groups {
            if values.len() >= self.k {
                break;
            }
            let value = found[group.first];
            let mixing = rotation.column(group.first);
            let parts =
                Array2::from_shape_fn(
                    (count, 2),
                    |(i, part)| if part == 0 { mixing[i].re } else { mixing[i].im },
                );
            let (x, ax) = (matmul(&v, &parts)?, matmul(&av, &parts)?);
            let square = x.rows().into_iter().zip(ax.rows()).map(|(x, ax)| {
                let re = ax[0] - (value.re * x[0] - value.im * x[1]);
                let im = ax[1] - (value.re * x[1] + value.im * x[0]);
                re.hypot(im)
            });
            let residual = two_norm(&square.collect::<Vec<T>>());
            let sign = [T::one(), -T::one()];
            for &sign in &sign[..group.size] {
                values.push(Complex::new(value.re, sign * value.im));
                vectors.extend(x.rows().into_iter().map(|x| Complex::new(x[0], sign * x[1])));
                residual_norms.push(residual);
            }
        }
        let bytes = (vectors.len() * size_of::<Complex<T>>()) as u128;
        let vectors = Array2::from_shape_vec((n, values.len()).f(), vectors)
            .map_err(|_| Error::OutOfMemory { bytes })?;
        let (norm, iterations, products, history) =
            (self.norm, self.iterations, self.products, self.history.clone());
        let (values, residual_norms) = (values.into(), residual_norms.into());
        Ok(PartialGeneralEigen { values, vectors, residual_norms, norm, iterations, products, history })
    }
}

/// The Schur form with the outermost eigenvalues first: so many, and one more rather than half of a pair. Where these
/// cannot be told from the next ones, those as well.
fn reordered<T: Scalar>(
    a: &ArrayRef2<T>,
    which: ComplexExtreme,
    mut count: usize,
) -> Result<(Schur<T>, usize), Error> {
    loop {
        let schur = Schur::new(a)?;
        let groups = Group::of(schur.eigenvalues().as_slice().unwrap_or_default(), which);
        let mut chosen = vec![false; schur.eigenvalues().len()];
        let mut taken = 0;
        for group in &groups {
            if taken >= count {
                break;
            }
            chosen[group.first..group.first + group.size].fill(true);
            taken += group.size;
        }
        let mut chosen = chosen.into_iter();
        match schur.reordered(|_| chosen.next() == Some(true)) {
            Err(Error::DoesNotExist { .. }) if taken < a.nrows() => count = taken + 1,
            result => {
                let schur = result?;
                let leading = schur.leading();
                return Ok((schur, leading));
            }
        }
    }
}

/// A real eigenvalue or a pair of conjugate ones, which LAPACK returns as neighbours.
struct Group {
    first: usize,
    size: usize,
}

impl Group {
    /// The outermost first.
    fn of<T: Scalar>(values: &[Complex<T>], which: ComplexExtreme) -> Vec<Self> {
        let mut groups = Vec::new();
        let mut first = 0;
        while first < values.len() {
            let size = if values[first].im == T::zero() { 1 } else { 2.min(values.len() - first) };
            groups.push(Self { first, size });
            first += size;
        }
        groups.sort_by(|a, b| which.key(values[b.first]).total_cmp(&which.key(values[a.first])));
        groups
    }
}
