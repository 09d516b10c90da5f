//! Factorization `P (A − σ I) Pᵀ = L D Lᵀ` of a sparse symmetric matrix, with D diagonal.
//!
//! L is computed row by row: a row's pattern is the part of the elimination tree that is reached from the entries of A in
//! that row (Liu, SIAM J. Matrix Anal. Appl. 11, 1990). P is an order in which L has few entries, [`MinimumDegree`].
//!
//! There is no pivoting for size. A definite matrix needs none; an indefinite one may have a factorization with large
//! entries, which the residual of every solve tells.

use lapwing_lapack::{Error, Scalar};
use sprs::CsMat;

use super::minimum_degree::MinimumDegree;

const NONE: usize = usize::MAX;

#[derive(Clone, Debug)]
pub(super) struct SparseLdlt<T> {
    /// Which row of A stands at each place.
    order: Vec<usize>,
    /// Where each column of L begins.
    starts: Vec<usize>,
    rows: Vec<usize>,
    entries: Vec<T>,
    diagonal: Vec<T>,
}

impl<T: Scalar> SparseLdlt<T> {
    /// Factors `a − shift I`, of whose symmetric pattern only one half is read. `None` where a pivot is zero up to rounding
    /// errors of matrices of this `norm`.
    pub(super) fn new(a: &CsMat<T>, order: &MinimumDegree, shift: T, norm: T) -> Result<Option<Self>, Error> {
        let n = a.rows();
        let order = order.order().to_vec();
        let mut place = vec![0; n];
        order.iter().enumerate().for_each(|(at, &row)| place[row] = at);
        // The entries left of the diagonal of each row, after the permutation.
        let left = |k: usize| {
            a.outer_view(order[k])
                .into_iter()
                .flat_map(|row| row.iter().map(|(j, &entry)| (j, entry)).collect::<Vec<_>>())
                .map(|(j, entry)| (place[j], entry))
                .filter(move |&(j, _)| j <= k)
        };

        let (mut parent, mut seen, mut counts) = (vec![NONE; n], vec![NONE; n], vec![0; n]);
        for k in 0..n {
            seen[k] = k;
            for (mut i, _) in left(k) {
                while seen[i] != k {
                    if parent[i] == NONE {
                        parent[i] = k;
                    }
                    counts[i] += 1;
                    seen[i] = k;
                    i = parent[i];
                }
            }
        }
        let mut starts = vec![0; n + 1];
        for (i, &count) in counts.iter().enumerate() {
            starts[i + 1] = starts[i] + count;
        }
        let size = starts[n];
        let bytes = size as u128 * (size_of::<T>() + size_of::<usize>()) as u128;
        let (mut rows, mut entries) = (Vec::new(), Vec::new());
        let reserved = rows.try_reserve_exact(size).and_then(|()| entries.try_reserve_exact(size));
        reserved.map_err(|_| Error::OutOfMemory { bytes })?;
        rows.resize(size, 0);
        entries.resize(size, T::zero());

        let negligible = T::from_f64(n as f64) * T::epsilon() * norm;
        let mut diagonal = vec![T::zero(); n];
        let (mut row, mut ends) = (vec![T::zero(); n], starts[..n].to_vec());
        let (mut path, mut pattern) = (Vec::new(), Vec::new());
        seen.fill(NONE);
        for k in 0..n {
            seen[k] = k;
            pattern.clear();
            row[k] = -shift;
            for (j, entry) in left(k) {
                row[j] += entry;
                let mut i = j;
                while seen[i] != k {
                    path.push(i);
                    seen[i] = k;
                    i = parent[i];
                }
                // Read backwards in the end, so that every node comes before its ancestors.
                while let Some(i) = path.pop() {
                    pattern.push(i);
                }
            }
            let mut pivot = std::mem::take(&mut row[k]);
            for &i in pattern.iter().rev() {
                let product = std::mem::take(&mut row[i]);
                for p in starts[i]..ends[i] {
                    row[rows[p]] -= entries[p] * product;
                }
                let factor = product / diagonal[i];
                pivot -= factor * product;
                (rows[ends[i]], entries[ends[i]]) = (k, factor);
                ends[i] += 1;
            }
            if pivot.abs() <= negligible || !pivot.is_finite() {
                return Ok(None);
            }
            diagonal[k] = pivot;
        }
        Ok(Some(Self { order, starts, rows, entries, diagonal }))
    }

    /// Whether all pivots are positive, so that solves are stable: `L D Lᵀ` is then a Cholesky factorization.
    pub(super) fn is_definite(&self) -> bool {
        self.diagonal.iter().all(|&pivot| pivot > T::zero())
    }

    /// Replaces `x` by the solution for it, with a workspace of the same length.
    pub(super) fn solve(&self, x: &mut [T], work: &mut [T]) {
        for (entry, &row) in work.iter_mut().zip(&self.order) {
            *entry = x[row];
        }
        for column in 0..work.len() {
            let value = work[column];
            for p in self.starts[column]..self.starts[column + 1] {
                work[self.rows[p]] -= self.entries[p] * value;
            }
        }
        for (entry, &pivot) in work.iter_mut().zip(&self.diagonal) {
            *entry /= pivot;
        }
        for column in (0..work.len()).rev() {
            let range = self.starts[column]..self.starts[column + 1];
            let terms = self.rows[range.clone()].iter().zip(&self.entries[range]);
            let sum = terms.map(|(&row, &entry)| entry * work[row]).sum::<T>();
            work[column] -= sum;
        }
        for (&entry, &row) in work.iter().zip(&self.order) {
            x[row] = entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use sprs::TriMat;

    use super::*;

    /// A path, however its nodes are numbered, has no fill in an order of ends: one entry in each column but one.
    #[test]
    fn the_order_keeps_a_path_thin() {
        let n = 101;
        let mut edges = TriMat::new((n, n));
        for i in 0..n {
            edges.add_triplet(i, i, 2.5);
            for j in [i * 37 % n, (i + 1) * 37 % n].windows(2).filter(|_| i + 1 < n) {
                edges.add_triplet(j[0], j[1], -1.0);
                edges.add_triplet(j[1], j[0], -1.0);
            }
        }
        let a: CsMat<f64> = edges.to_csr();
        let factor = SparseLdlt::new(&a, &MinimumDegree::new(&a).unwrap(), 0.0, 4.5).unwrap().unwrap();
        assert_eq!(factor.entries.len(), n - 1);
        assert!(factor.is_definite());
        let mut x = vec![1.0; n];
        let mut product = vec![0.0; n];
        factor.solve(&mut x, &mut vec![0.0; n]);
        for (&entry, (i, j)) in a.iter() {
            product[i] += entry * x[j];
        }
        // The condition number is below 9.
        assert!(product.iter().all(|b| (b - 1.0).abs() < 9.0 * n as f64 * f64::EPSILON));
    }
}
