//! The iteration: fill the basis, decompose the projection, keep the Schur vectors of the outermost eigenvalues.

use lapwing_lapack::{Error, GeneralEigen, Scalar, Schur, matmul, zeros};
use ndarray::{Array2, ShapeBuilder, s};
use num_complex::Complex;
use rand::SeedableRng;
use rand_pcg::Pcg64;

use super::{ComplexExtreme, METHOD, PartialGeneralEigen, PartialGeneralEigenParams, invalid};
use crate::eigen::basis::{Basis, two_norm};
use crate::error::IterationError;
use crate::operator::{LinearOperator, columns, require_finite_product};
use crate::progress::{Observer, Progress};

/// How often the iteration begins anew because rounding errors have grown over the tolerance.
const RENEWALS: usize = 3;

pub(super) struct Iteration<'a, 'o, T: Scalar, A: ?Sized> {
    operator: &'o A,
    n: usize,
    k: usize,
    which: ComplexExtreme,
    tolerance: f64,
    subspace: usize,
    limit: usize,
    observer: Option<&'a mut Observer<'a>>,
    generator: Pcg64,
    basis: Basis<T>,
    /// `Vᵀ A V`: a Schur form and the row that couples it to the rest, then Hessenberg.
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
        let subspace =
            params.subspace.unwrap_or_else(|| k.saturating_mul(2).saturating_add(1).max(20)).min(n);
        if subspace < n && subspace < k.saturating_add(3) {
            return Err(invalid("subspace", subspace, format!("more than k + 2 = {}", k + 2)));
        }
        let capacity = subspace.saturating_add(1).min(n);
        let mut this = Self {
            operator,
            n,
            k,
            which: params.which,
            tolerance: params.tolerance.max(T::epsilon().as_f64() * (n as f64).sqrt().max(100.0)),
            subspace,
            limit: params.max_iterations.unwrap_or_else(|| n.saturating_mul(10)),
            observer: params.observer,
            generator: Pcg64::seed_from_u64(params.seed),
            basis: Basis::new(capacity, n)?,
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
            return Ok(self.proved(0)?);
        }
        let (mut kept, mut renewals) = (0, 0);
        loop {
            let beta = self.expand(kept)?;
            self.iterations += 1;
            let eigen = GeneralEigen::new(&self.projected)?;
            let groups = Group::of(eigen.values().as_slice().unwrap_or_default(), self.which);
            let last = eigen.vectors().nrows() - 1;
            let goal = T::from_f64(0.25 * self.tolerance) * self.norm;
            let (mut wanted, mut converged, mut worst) = (0, 0, T::zero());
            for group in &groups {
                if wanted >= self.k {
                    break;
                }
                let component = eigen.vectors()[[last, group.first]];
                let residual = component.re.hypot(component.im) * beta;
                worst = worst.max(residual);
                converged += if residual <= goal { group.size } else { 0 };
                wanted += group.size;
            }
            let relative = if worst > T::zero() { (worst / self.norm).as_f64() } else { 0.0 };
            self.history.push(relative);
            let (iterations, limit, tolerance) = (self.iterations, self.limit, self.tolerance);
            let progress = Progress { iterations, limit, residual: relative, tolerance };
            let goes_on = progress.allows(&mut self.observer);
            if converged == wanted {
                let (schur, count) = self.reordered(wanted)?;
                self.basis.combine(0, &schur.q().slice(s![.., ..count]))?;
                let result = self.proved(count)?;
                let residual = result.residual_norms.iter().fold(T::zero(), |worst, &norm| worst.max(norm));
                let residual = if residual > T::zero() { (residual / result.norm).as_f64() } else { 0.0 };
                if residual <= tolerance {
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
                self.renew(count);
                kept = 0;
                continue;
            }
            if !goes_on || iterations >= limit {
                let (schur, count) = self.reordered(wanted)?;
                self.basis.combine(0, &schur.q().slice(s![.., ..count]))?;
                let best = Box::new(self.proved(count)?);
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
            // More than wanted, so that what converges next has a good start; but a pair must fit besides.
            let size = self.projected.nrows();
            let target = (wanted + converged).max(wanted + (size - wanted) / 4).min(size - 2);
            let (schur, count) = self.reordered(target)?;
            kept = count.min(size - 1);
            self.basis.combine(0, &schur.q().slice(s![.., ..kept]))?;
            self.basis.copy(size, kept);
            let couplings = schur.q().slice(s![size - 1, ..kept]).mapv(|entry| entry * beta);
            self.projected.fill(T::zero());
            self.projected.slice_mut(s![..kept, ..kept]).assign(&schur.t().slice(s![..kept, ..kept]));
            self.projected.slice_mut(s![kept, ..kept]).assign(&couplings);
        }
    }

    /// Fills the basis, of which `kept` vectors and one more are there. Returns what couples the last to the next.
    fn expand(&mut self, kept: usize) -> Result<T, Error> {
        let size = self.subspace;
        let mut beta = T::zero();
        for j in kept..size {
            self.operator.apply_into(&self.basis.columns(j..j + 1), &mut self.product)?;
            self.products += 1;
            let w = self.product.as_slice_mut().unwrap_or_default();
            let length = two_norm(w);
            if !length.is_finite() {
                return Err(Error::Overflow { routine: "the product with the operator", scalar: T::NAME });
            }
            self.norm = self.norm.max(length);
            self.removed.fill(T::zero());
            let negligible = T::from_f64(2.0) * T::epsilon() * self.norm;
            beta = self.basis.orthogonalize(j + 1, w, Some(&mut self.removed), negligible);
            for (i, &removed) in self.removed[..=j].iter().enumerate() {
                self.projected[[i, j]] = removed;
            }
            if j + 1 == self.n {
                beta = T::zero();
                break;
            }
            if beta > T::zero() {
                self.basis.set(j + 1, w, beta);
            } else {
                // The space is invariant, and goes on with what is not in it.
                self.basis.append_random(j + 1, w, &mut self.generator);
            }
            if j + 1 < size {
                self.projected[[j + 1, j]] = beta;
            }
        }
        Ok(beta)
    }

    /// The Schur form of the projection with the outermost eigenvalues first: so many, and one more rather than half of a
    /// pair. Where these cannot be told from the next ones, those as well.
    fn reordered(&self, count: usize) -> Result<(Schur<T>, usize), Error> {
        let mut count = count;
        loop {
            let schur = Schur::new(&self.projected)?;
            let groups = Group::of(schur.eigenvalues().as_slice().unwrap_or_default(), self.which);
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
                Err(Error::DoesNotExist { .. }) if taken + 2 < self.projected.nrows() => count = taken + 1,
                result => {
                    let schur = result?;
                    let leading = schur.leading();
                    return Ok((schur, leading));
                }
            }
        }
    }

    /// Begins anew with the sum of the first `count` vectors of the basis. The rounding errors of every restart add up;
    /// from so good a start it takes but a few.
    fn renew(&mut self, count: usize) {
        let w = self.product.as_slice_mut().unwrap_or_default();
        w.fill(T::zero());
        self.basis.subtract(0, &vec![-T::one(); count], w);
        if !self.basis.append(0, w) {
            self.basis.append_random(0, w, &mut self.generator);
        }
        self.projected.fill(T::zero());
    }

    /// Eigenpairs anew from the first `count` vectors of the basis, orthonormalized once more, with their residuals.
    fn proved(&mut self, count: usize) -> Result<PartialGeneralEigen<T>, Error> {
        let n = self.n;
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
