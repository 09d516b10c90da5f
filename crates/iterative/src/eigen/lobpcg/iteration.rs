//! The iteration. The basis holds, in this order, the constraints, the vectors, the directions that they last moved in, and
//! the preconditioned residuals, all orthonormal in the inner product of B.

use lapwing_lapack::{Error, Scalar, SymmetricEigen, gemm, matmul};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView2, Axis};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use super::{Lobpcg, LobpcgParams, METHOD, invalid};
use crate::basis::{Basis, two_norm};
use crate::eigen::Extreme;
use crate::error::{BreakdownReason, IterationError};
use crate::operator::{LinearOperator, columns, require_finite_product};
use crate::progress::{Observer, Progress};

/// Rounding errors of the products that are carried along are cast off every so many iterations.
const REFRESH: usize = 20;

pub(super) struct Iteration<'a, 'o, T: Scalar, A: ?Sized> {
    a: &'o A,
    b: Option<&'a dyn LinearOperator<T>>,
    preconditioner: Option<&'a dyn LinearOperator<T>>,
    observer: Option<&'a mut Observer<'a>>,
    n: usize,
    k: usize,
    block: usize,
    which: Extreme,
    tolerance: f64,
    limit: usize,
    /// S, A S, and B S where B is not the identity.
    basis: Basis<T>,
    a_basis: Basis<T>,
    b_basis: Option<Basis<T>>,
    constraints: usize,
    count: usize,
    values: Array1<T>,
    /// Estimates of the norms of A and B, from below.
    norms: [T; 2],
    iterations: usize,
    products: usize,
    history: Vec<f64>,
}

impl<'a, 'o, T: Scalar, A: LinearOperator<T> + ?Sized> Iteration<'a, 'o, T, A> {
    pub(super) fn new(a: &'o A, params: LobpcgParams<'a, T>) -> Result<Self, Error> {
        let n = a.dimensions().0;
        let k = params.k;
        let given = params.constraints.map_or(0, |vectors| vectors.ncols());
        let block = params.block.unwrap_or_else(|| k.saturating_add((k / 4).max(2))).min(n);
        let capacity = given.saturating_add(block.saturating_mul(3)).min(n);
        let epsilon = T::epsilon().as_f64();
        let mut this = Self {
            a,
            b: params.b,
            preconditioner: params.preconditioner,
            observer: params.observer,
            n,
            k,
            block,
            which: params.which,
            tolerance: params.tolerance.unwrap_or(epsilon.sqrt()).max(50.0 * epsilon),
            limit: params.max_iterations,
            basis: Basis::new(capacity, n)?,
            a_basis: Basis::new(capacity, n)?,
            b_basis: params.b.map(|_| Basis::new(capacity, n)).transpose()?,
            constraints: 0,
            count: 0,
            values: Array1::zeros(0),
            norms: [T::zero(), params.b.map_or(T::one(), |_| T::zero())],
            iterations: 0,
            products: 0,
            history: Vec::new(),
        };
        if let Some(vectors) = params.constraints {
            this.extend(owned(&vectors.view())?, usize::MAX)?;
            this.constraints = this.count;
        }
        let room = n - this.constraints;
        if k > room {
            let requirement = format!("at most {room}, the order of the operator less the constraints");
            return Err(invalid("k", k, requirement));
        }
        this.block = block.min(room);
        let full = this.constraints + this.block;
        if let Some(start) = params.start {
            this.extend(owned(&start.view())?, full)?;
        }
        let mut generator = Pcg64::seed_from_u64(params.seed);
        // A random block completes any other; what rounding may leave out, the next one has.
        for _ in 0..4 {
            let mut random = columns(n, full - this.count)?;
            random.mapv_inplace(|_: T| T::from_f64(StandardNormal.sample(&mut generator)));
            this.extend(random, full)?;
        }
        Ok(this)
    }

    pub(super) fn run(mut self) -> Result<Lobpcg<T>, IterationError<Lobpcg<T>>> {
        if self.k == 0 {
            let (values, vectors) = (Array1::zeros(0), Array2::zeros((self.n, 0)));
            return Ok(self.result(values.clone(), vectors, values));
        }
        let mut fresh = true;
        let mut stop = None;
        loop {
            self.rotate()?;
            let (residuals, norms) = self.residuals()?;
            let relative: Vec<f64> =
                norms.iter().zip(&self.values).map(|(&norm, &value)| self.relative(norm, value)).collect();
            let wanted = self.wanted();
            let worst = relative[..self.k].iter().fold(0.0, |worst: f64, &r| worst.max(r));
            if (worst <= self.tolerance || stop.is_some()) && !fresh {
                self.refresh(self.constraints + self.block)?;
                fresh = true;
                continue;
            }
            let (iterations, limit, tolerance) = (self.iterations, self.limit, self.tolerance);
            if worst <= tolerance || stop.is_some() {
                let values = self.values.select(Axis(0), &wanted);
                let x = self.basis.columns(self.constraints..self.constraints + self.block);
                let mut vectors = columns(self.n, self.k)?;
                for (mut target, &index) in vectors.columns_mut().into_iter().zip(&wanted) {
                    target.assign(&x.column(index));
                }
                let norms = wanted.iter().map(|&index| norms[index]).collect();
                let result = self.result(values, vectors, norms);
                let best = Box::new(result);
                return match stop {
                    _ if worst <= tolerance => Ok(*best),
                    Some(Stop::Limit) => Err(IterationError::NotConverged {
                        method: METHOD,
                        iterations,
                        residual: worst,
                        tolerance,
                        best,
                    }),
                    Some(Stop::Observer) => {
                        Err(IterationError::Cancelled { method: METHOD, iterations, best })
                    }
                    _ => {
                        let reason = BreakdownReason::NoDirection { residual: worst, tolerance };
                        Err(IterationError::Breakdown { method: METHOD, iterations, reason, best })
                    }
                };
            }
            self.history.push(worst);
            let progress = Progress { iterations, limit, residual: worst, tolerance };
            if !progress.allows(&mut self.observer) {
                stop = Some(Stop::Observer);
            } else if iterations >= limit {
                stop = Some(Stop::Limit);
            }
            if stop.is_some() {
                continue;
            }
            self.iterations += 1;
            if self.iterations.is_multiple_of(REFRESH) {
                self.refresh(self.count)?;
            }
            let active: Vec<usize> = (0..self.block).filter(|&index| relative[index] > tolerance).collect();
            let mut directions = columns(self.n, active.len())?;
            for (mut target, &index) in directions.columns_mut().into_iter().zip(&active) {
                target.assign(&residuals.column(index));
            }
            if let Some(preconditioner) = self.preconditioner {
                directions = preconditioner.apply(&directions)?;
                require_finite_product(&directions)?;
            }
            let before = self.count;
            self.extend(directions, usize::MAX)?;
            if self.count == before {
                stop = Some(Stop::Stagnation);
            }
            fresh = false;
        }
    }

    /// The positions of the k pairs, in ascending order of their values.
    fn wanted(&self) -> Vec<usize> {
        let first = (0..self.k).collect();
        if self.which == Extreme::Smallest { first } else { first.into_iter().rev().collect() }
    }

    fn relative(&self, norm: T, value: T) -> f64 {
        let scale = self.norms[0] + value.abs() * self.norms[1];
        if norm > T::zero() { (norm / scale).as_f64() } else { 0.0 }
    }

    /// Orthonormalizes `block` against the basis and appends what is independent, up to a number of vectors in all,
    /// with its products.
    fn extend(&mut self, mut block: Array2<T>, most: usize) -> Result<(), Error> {
        let start = self.count;
        normalize(&mut block);
        // The first time removes, the second removes what rounding left.
        for _ in 0..2 {
            let dual = self.b_basis.as_ref().unwrap_or(&self.basis).columns(0..start);
            let inside = matmul(&dual.t(), &block)?;
            gemm(-T::one(), &self.basis.columns(0..start), &inside, T::one(), &mut block)?;
            normalize(&mut block);
        }
        let mut products = match self.b {
            Some(b) => Some(b.apply(&block)?),
            None => None,
        };
        if let Some(products) = &products {
            require_finite_product(products)?;
            self.norms[1] = products.columns().into_iter().map(norm).fold(self.norms[1], T::max);
        }
        let negligible = T::epsilon().sqrt();
        for index in 0..block.ncols() {
            if self.count == self.n.min(most) {
                break;
            }
            let mut column = block.column_mut(index);
            let Some(w) = column.as_slice_mut() else { continue };
            let mut product = products.as_mut().map(|products| products.column_mut(index));
            let mut bw = product.as_mut().and_then(|product| product.as_slice_mut());
            for _ in 0..2 {
                for earlier in start..self.count {
                    let coefficient = self.b_basis.as_ref().unwrap_or(&self.basis).product(earlier, w);
                    self.basis.subtract(earlier, &[coefficient], w);
                    if let (Some(basis), Some(bw)) = (&self.b_basis, bw.as_deref_mut()) {
                        basis.subtract(earlier, &[coefficient], bw);
                    }
                }
            }
            let length = two_norm(w);
            if length <= negligible {
                continue;
            }
            let mut scale = length;
            if let (Some(basis), Some(bw)) = (&mut self.b_basis, bw) {
                let square = w.iter().zip(&*bw).map(|(&w, &bw)| w * bw).sum::<T>();
                if square <= T::zero() {
                    let requirement = "symmetric positive definite".to_owned();
                    return Err(invalid("b", format!("an operator with xᵀ B x = {square:e}"), requirement));
                }
                scale = square.sqrt();
                basis.set(self.count, bw, scale);
            }
            self.basis.set(self.count, w, scale);
            self.count += 1;
        }
        let added = self.basis.columns(start..self.count);
        let images = self.a.apply(&added)?;
        self.products += added.ncols();
        require_finite_product(&images)?;
        for (index, image) in images.columns().into_iter().enumerate() {
            self.norms[0] = self.norms[0].max(norm(image) / two_norm(self.basis.vector(start + index)));
            if let Some(image) = image.as_slice() {
                self.a_basis.set(start + index, image, T::one());
            }
        }
        Ok(())
    }

    /// The Rayleigh-Ritz procedure: the best vectors of the basis, and the directions to them, take its place.
    fn rotate(&mut self) -> Result<(), Error> {
        let range = self.constraints..self.count;
        let projected = matmul(&self.basis.columns(range.clone()).t(), &self.a_basis.columns(range.clone()))?;
        let (values, vectors) = SymmetricEigen::new(&projected)?.into_factors();
        let size = range.len();
        let positions: Vec<usize> = match self.which {
            Extreme::Smallest => (0..self.block).collect(),
            _ => (size - self.block..size).rev().collect(),
        };
        self.values = values.select(Axis(0), &positions);

        // The directions are the vectors without what they have of the old ones, orthonormalized against the new ones by
        // coefficients, which are short.
        let mut mixing = Basis::new(2 * self.block, size)?;
        let mut count = 0;
        for &position in &positions {
            let vector = vectors.column(position).to_vec();
            mixing.set(count, &vector, T::one());
            count += 1;
        }
        for &position in &positions {
            let mut direction = vectors.column(position).to_vec();
            direction[..self.block].fill(T::zero());
            if count < size && two_norm(&direction) > T::epsilon() && mixing.append(count, &mut direction) {
                count += 1;
            }
        }
        let mixing = mixing.columns(0..count);
        for basis in
            [Some(&mut self.basis), Some(&mut self.a_basis), self.b_basis.as_mut()].into_iter().flatten()
        {
            basis.combine(self.constraints, &mixing)?;
        }
        self.count = self.constraints + count;
        Ok(())
    }

    /// `A X − B X Λ` without what lies along the constraints, and the norms of its columns relative to those of X.
    fn residuals(&self) -> Result<(Array2<T>, Vec<T>), Error> {
        let range = self.constraints..self.constraints + self.block;
        let (x, ax) = (self.basis.columns(range.clone()), self.a_basis.columns(range.clone()));
        let dual = self.b_basis.as_ref().unwrap_or(&self.basis);
        let mut residuals = owned(&ax)?;
        let bx = dual.columns(range);
        for ((mut residual, bx), &value) in
            residuals.columns_mut().into_iter().zip(bx.columns()).zip(&self.values)
        {
            residual.scaled_add(-value, &bx);
        }
        if self.constraints > 0 {
            let inside = matmul(&self.basis.columns(0..self.constraints).t(), &residuals)?;
            gemm(-T::one(), &dual.columns(0..self.constraints), &inside, T::one(), &mut residuals)?;
        }
        let norms =
            residuals.columns().into_iter().zip(x.columns()).map(|(r, x)| norm(r) / norm(x)).collect();
        Ok((residuals, norms))
    }

    /// Orthonormalizes the basis up to `end` once more, and multiplies it again.
    fn refresh(&mut self, end: usize) -> Result<(), Error> {
        let middle = self.constraints + self.block;
        let vectors = owned(&self.basis.columns(self.constraints..middle))?;
        let directions = owned(&self.basis.columns(middle..end))?;
        self.count = self.constraints;
        self.extend(vectors, usize::MAX)?;
        self.extend(directions, usize::MAX)
    }

    fn result(self, values: Array1<T>, vectors: Array2<T>, residual_norms: Array1<T>) -> Lobpcg<T> {
        let Self { iterations, products, history, .. } = self;
        Lobpcg { values, vectors, residual_norms, iterations, products, history }
    }
}

/// Why the iteration ends before it has converged.
enum Stop {
    Limit,
    Observer,
    Stagnation,
}

/// A column-major copy.
fn owned<T: Scalar>(block: &ArrayView2<T>) -> Result<Array2<T>, Error> {
    let mut copy = columns(block.nrows(), block.ncols())?;
    copy.assign(block);
    Ok(copy)
}

fn norm<T: Scalar>(column: ndarray::ArrayView1<T>) -> T {
    column.as_slice().map_or_else(|| two_norm(&column.to_vec()), two_norm)
}

/// Scales every column that is not zero to unit length.
fn normalize<T: Scalar>(block: &mut ArrayRef2<T>) {
    for mut column in block.columns_mut() {
        let length = norm(column.view());
        if length > T::zero() {
            column.mapv_inplace(|entry| entry / length);
        }
    }
}
