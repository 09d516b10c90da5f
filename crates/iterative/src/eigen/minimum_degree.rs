//! The order in which a sparse symmetric matrix is eliminated.

use lapwing_lapack::Error;
use sprs::CsMat;

/// An order of elimination in which the factors of a sparse symmetric matrix have few entries: that of approximate minimum
/// degree (Amestoy, Davis and Duff, SIAM J. Matrix Anal. Appl. 17, 1996), which eliminates next what touches the fewest
/// others. It costs about as much as a few dozen products with the matrix, and tells what a factor will cost.
///
/// The factor of a planar graph of n nodes has about n log n entries, where that of a band has n^1.5. That of a
/// graph that is nowhere narrow, as one of neighbours in many dimensions, is all but dense in any order.
///
/// ```
/// use lapwing_iterative::{MinimumDegree, sprs::TriMat};
/// // A star: whoever begins in the middle connects everything with everything.
/// let mut star = TriMat::new((100, 100));
/// for leaf in 1..100 {
///     star.add_triplet(0, leaf, 1.0);
///     star.add_triplet(leaf, 0, 1.0);
/// }
/// let order = MinimumDegree::new(&star.to_csr::<usize>())?;
/// assert_eq!(order.entries(), 99);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinimumDegree {
    order: Vec<usize>,
    entries: usize,
    multiplications: usize,
}

impl MinimumDegree {
    /// Orders the rows of a matrix with this pattern (n x n), which is taken together with that of its transpose.
    ///
    /// # Errors
    /// [`Error::NotSquare`].
    pub fn new<T>(a: &CsMat<T>) -> Result<Self, Error> {
        let (rows, cols) = a.shape();
        if rows != cols {
            return Err(Error::NotSquare { argument: "a", rows, cols });
        }
        // With a diagonal in every row, which changes no order, the pattern has no fewer entries than rows: the crate's own
        // checks count on it.
        let (mut starts, mut columns) = (Vec::with_capacity(rows + 1), Vec::with_capacity(a.nnz() + rows));
        starts.push(0);
        for (i, lane) in a.outer_iterator().enumerate() {
            let before = lane.indices().partition_point(|&j| j < i);
            let (before, after) = lane.indices().split_at(before);
            columns.extend_from_slice(before);
            if after.first() != Some(&i) {
                columns.push(i);
            }
            columns.extend_from_slice(after);
            starts.push(columns.len());
        }
        let found = amd::order(rows, &starts, &columns, &amd::Control::default());
        // The pattern is in order, as that of every `CsMat`.
        let (order, _, costs) = found.map_err(|_| Error::Internal { routine: "amd", info: -1 })?;
        Ok(Self { order, entries: costs.lnz, multiplications: costs.n_mult_subs_ldl })
    }

    /// The rows in the order in which they are eliminated.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// How many entries L has below its diagonal, at the most.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// How many multiplications it takes to compute L and D, at the most.
    pub fn multiplications(&self) -> usize {
        self.multiplications
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64;
    use sprs::TriMat;

    use super::*;

    fn pattern(n: usize, entries: impl IntoIterator<Item = (usize, usize)>) -> CsMat<f64> {
        let mut triplets = TriMat::new((n, n));
        entries.into_iter().for_each(|(i, j)| triplets.add_triplet(i, j, 1.0));
        triplets.to_csr()
    }

    /// Eliminates node after node, joining the neighbours that are left: how many those are, and half of the products.
    fn costs(a: &CsMat<f64>, order: &[usize]) -> (usize, usize) {
        let n = a.rows();
        let mut joined = vec![vec![false; n]; n];
        a.iter().for_each(|(_, (i, j))| (joined[i][j], joined[j][i]) = (true, true));
        let (mut entries, mut multiplications) = (0, 0);
        for (at, &node) in order.iter().enumerate() {
            let left: Vec<usize> = order[at + 1..].iter().copied().filter(|&j| joined[node][j]).collect();
            left.iter().for_each(|&i| left.iter().for_each(|&j| joined[i][j] = true));
            entries += left.len();
            multiplications += left.len() * (left.len() + 1) / 2;
        }
        (entries, multiplications)
    }

    /// Every row once, whatever the pattern: empty, without a diagonal, unsymmetric, with rows that are full, complete.
    #[test]
    fn every_pattern_has_an_order_within_its_costs() {
        let mut random = Pcg64::seed_from_u64(0);
        let mut patterns = vec![
            pattern(0, []),
            pattern(1, []),
            pattern(3, []),
            pattern(40, (1..40).map(|leaf| (0, leaf))),
            pattern(12, (0..144).map(|at| (at / 12, at % 12))),
            pattern(300, (0..600).map(|at| if at < 300 { (7, at) } else { (at - 300, at - 300) })),
        ];
        for n in 2..60 {
            let count = random.random_range(0..4 * n);
            let entries: Vec<_> =
                (0..count).map(|_| (random.random_range(0..n), random.random_range(0..n))).collect();
            patterns.push(pattern(n, entries));
        }
        for a in &patterns {
            let found = MinimumDegree::new(a).unwrap();
            let mut rows = found.order().to_vec();
            rows.sort_unstable();
            assert_eq!(rows, (0..a.rows()).collect::<Vec<_>>());
            let (entries, multiplications) = costs(a, found.order());
            assert!(entries <= found.entries(), "{entries} of {}", found.entries());
            assert!(multiplications <= found.multiplications());
        }
    }

    /// A path has no fill however its nodes are numbered, and a square grid of 900 less than half
    /// of a band of 30.
    #[test]
    fn narrow_graphs_fill_little() {
        let path = pattern(101, (1..101).map(|i| ((i - 1) * 37 % 101, i * 37 % 101)));
        assert_eq!(MinimumDegree::new(&path).unwrap().entries(), 100);
        let grid = (0..900).flat_map(|i| {
            let right = (i % 30 < 29).then_some((i, i + 1));
            right.into_iter().chain((i < 870).then_some((i, i + 30)))
        });
        assert!(MinimumDegree::new(&pattern(900, grid)).unwrap().entries() < 13_500);
    }
}
