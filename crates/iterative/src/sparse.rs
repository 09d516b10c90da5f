//! Sparse matrices as operators: products of `sprs`'s CSR and CSC with blocks of vectors, on all cores.
//!
//! A product walks the stored entries once for the whole block. Whether the result is gathered (rows of CSR, columns of
//! CSC in the transposed product) or scattered (the other two) depends on the storage. Gathering splits the result
//! among the threads, by their share of the entries; scattering gives each thread a result of its own, which are summed
//! in order. Blocks are multiplied row-major, so that what belongs to one entry is contiguous.

use std::borrow::Cow;
use std::ops::{Deref, Range};

use lapwing_lapack::{Error, Scalar, threads, zeros};
use ndarray::ArrayRef2;
use sprs::{CompressedStorage, CsMatBase, IndPtrView, SpIndex};

use crate::operator::{LinearOperator, require_product_shape};

/// Products of entries below which a thread costs more than it saves.
const GRAIN: usize = 1 << 16;

impl<T, I, Pointers, Indices, Data, Pointer> LinearOperator<T>
    for CsMatBase<T, I, Pointers, Indices, Data, Pointer>
where
    T: Scalar,
    I: SpIndex,
    Pointer: SpIndex,
    Pointers: Deref<Target = [Pointer]>,
    Indices: Deref<Target = [I]>,
    Data: Deref<Target = [T]>,
{
    fn dimensions(&self) -> (usize, usize) {
        self.shape()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        require_product_shape(self.shape(), x, result)?;
        let lanes = Lanes::of(self);
        match self.storage() {
            CompressedStorage::CSR => lanes.gather(x, result),
            CompressedStorage::CSC => lanes.scatter(x, result),
        }
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        let (rows, cols) = self.shape();
        require_product_shape((cols, rows), y, result)?;
        let lanes = Lanes::of(self);
        match self.storage() {
            CompressedStorage::CSR => lanes.scatter(y, result),
            CompressedStorage::CSC => lanes.gather(y, result),
        }
    }
}

/// The compressed rows of a CSR matrix, or columns of a CSC matrix.
struct Lanes<'a, T, I, Pointer: SpIndex> {
    /// Where each lane begins among the entries, and where the last one ends; counted from `start`, because a slice of
    /// a matrix keeps the pointers of the whole.
    pointers: IndPtrView<'a, Pointer>,
    start: usize,
    indices: &'a [I],
    entries: &'a [T],
}

impl<'a, T: Scalar, I: SpIndex, Pointer: SpIndex> Lanes<'a, T, I, Pointer> {
    fn of<Pointers, Indices, Data>(matrix: &'a CsMatBase<T, I, Pointers, Indices, Data, Pointer>) -> Self
    where
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        let pointers = matrix.indptr();
        let start = pointers.raw_storage().first().map_or(0, |first| first.index());
        Self { pointers, start, indices: matrix.indices(), entries: matrix.data() }
    }

    /// Where this lane begins among the entries, and the one before it ends.
    fn bound(&self, lane: usize) -> usize {
        self.pointers.raw_storage()[lane].index() - self.start
    }

    fn entry(&self, lane: usize) -> impl Iterator<Item = (usize, T)> {
        let range = self.bound(lane)..self.bound(lane + 1);
        self.indices[range.clone()].iter().zip(&self.entries[range]).map(|(i, &value)| (i.index(), value))
    }

    /// Consecutive lanes with about the same number of entries for each thread.
    fn partition(&self, width: usize) -> Vec<Range<usize>> {
        let lanes = self.pointers.raw_storage().len().saturating_sub(1);
        let parts = threads::partition(self.entries.len() + lanes, GRAIN.div_ceil(width.max(1)));
        // The share of a lane is its entries and one for the lane itself.
        let lane_at = |share: usize| {
            let (mut low, mut high) = (0, lanes);
            while low < high {
                let middle = (low + high) / 2;
                if self.bound(middle) + middle < share { low = middle + 1 } else { high = middle }
            }
            low
        };
        let last = parts.len() - 1;
        let end = |(i, part): (usize, &Range<usize>)| if i == last { lanes } else { lane_at(part.end) };
        let ends: Vec<usize> = parts.iter().enumerate().map(end).collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(&ends).map(|(start, &end)| start..end).collect()
    }

    /// Row `i` of `result` becomes the sum of the rows of `x` that lane `i` names, times its entries.
    fn gather(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        let x = row_major(x);
        in_row_major(result, |result, width| {
            let parts = self.partition(width);
            let targets = threads::split(result, &parts, width);
            threads::map(parts.into_iter().zip(targets).collect(), |(lanes, target)| {
                if width == 1 {
                    return self.gather_vector(lanes, &x, target);
                }
                for (row, lane) in target.chunks_exact_mut(width.max(1)).zip(lanes) {
                    row.fill(T::zero());
                    for (i, value) in self.entry(lane) {
                        let terms = row.iter_mut().zip(&x[i * width..(i + 1) * width]);
                        terms.for_each(|(sum, &x)| *sum += value * x);
                    }
                }
            });
            Ok(())
        })
    }

    /// [`gather`](Self::gather) for these lanes and one vector: rows are short, so that what is done once a row counts.
    fn gather_vector(&self, lanes: Range<usize>, x: &[T], target: &mut [T]) {
        let pointers = &self.pointers.raw_storage()[lanes.start..=lanes.end];
        let mut start = self.bound(lanes.start);
        for (entry, end) in target.iter_mut().zip(&pointers[1..]) {
            let end = end.index() - self.start;
            let mut sum = T::zero();
            for (i, &value) in self.indices[start..end].iter().zip(&self.entries[start..end]) {
                sum += value * x[i.index()];
            }
            (*entry, start) = (sum, end);
        }
    }

    /// `result` becomes the sum, over the lanes, of row `i` of `x` times each entry, at the row that the entry names.
    fn scatter(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        let x = row_major(x);
        in_row_major(result, |result, width| {
            let parts = self.partition(width);
            // The first thread sums where the result is to be.
            let others = parts.iter().skip(1).map(|_| zeros(1, result.len()));
            let mut others = others.collect::<Result<Vec<_>, Error>>()?;
            result.fill(T::zero());
            let sums = others.iter_mut().filter_map(|sum| sum.as_slice_mut());
            let sums = std::iter::once(&mut *result).chain(sums);
            threads::map(parts.into_iter().zip(sums).collect(), |(lanes, target)| {
                for lane in lanes {
                    let x = &x[lane * width..(lane + 1) * width];
                    for (i, value) in self.entry(lane) {
                        let terms = target[i * width..(i + 1) * width].iter_mut().zip(x);
                        terms.for_each(|(sum, &x)| *sum += value * x);
                    }
                }
            });
            for sum in &others {
                result.iter_mut().zip(sum).for_each(|(total, &sum)| *total += sum);
            }
            Ok(())
        })
    }
}

/// The entries of `x`, row after row, copied only where they do not lie so.
fn row_major<T: Scalar>(x: &ArrayRef2<T>) -> Cow<'_, [T]> {
    match x.as_slice() {
        Some(entries) => entries.into(),
        None => x.iter().copied().collect(),
    }
}

/// Has `fill` write the entries of `result` row after row, given how many make a row.
fn in_row_major<T: Scalar>(
    result: &mut ArrayRef2<T>,
    fill: impl FnOnce(&mut [T], usize) -> Result<(), Error>,
) -> Result<(), Error> {
    let (rows, width) = result.dim();
    if let Some(entries) = result.as_slice_mut() {
        return fill(entries, width);
    }
    let mut packed = zeros(rows, width)?;
    fill(packed.as_slice_mut().unwrap_or_default(), width)?;
    result.assign(&packed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::standard_normal;
    use ndarray::{Array2, array, s};
    use sprs::{CsMat, CsMatI, TriMat};

    use super::*;

    /// About a tenth of the entries, small integers, so that every sum is exact; some rows and columns are empty.
    fn sparse(rows: usize, cols: usize) -> (TriMat<f64>, Array2<f64>) {
        let mut triplets = TriMat::new((rows, cols));
        let mut dense = Array2::zeros((rows, cols));
        let mut state = 1u64;
        for (i, j) in (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))) {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            if state >> 60 == 0 && i % 7 != 3 && j % 5 != 2 {
                dense[[i, j]] = ((state >> 32) % 17) as f64 - 8.0;
                triplets.add_triplet(i, j, dense[[i, j]]);
            }
        }
        (triplets, dense)
    }

    #[test]
    fn products_are_those_of_the_dense_matrix() {
        // The last is large enough for several threads.
        for (rows, cols) in [(0, 3), (3, 0), (1, 1), (13, 29), (29, 13), (1500, 900)] {
            let (triplets, dense) = sparse(rows, cols);
            let (csr, csc): (CsMat<f64>, CsMat<f64>) = (triplets.to_csr(), triplets.to_csc());
            for k in [0, 1, 4] {
                let integers =
                    |n| Array2::from_shape_fn((n, k), |(i, j)| ((i * 3 + j * 5) % 11) as f64 - 5.0);
                let (x, y) = (integers(cols), integers(rows));
                let columns = |a: &Array2<f64>| a.t().as_standard_layout().into_owned().reversed_axes();
                for matrix in [&csr, &csc] {
                    for (x, y) in [(x.clone(), y.clone()), (columns(&x), columns(&y))] {
                        assert_eq!(matrix.apply(&x).unwrap(), dense.dot(&x));
                        assert_eq!(matrix.apply_transposed(&y).unwrap(), dense.t().dot(&y));
                        let mut result = Array2::from_elem((rows, k), f64::NAN);
                        matrix.apply_into(&x, &mut result).unwrap();
                        assert_eq!(result, dense.dot(&x));
                    }
                }
            }
        }
    }

    /// A slice of rows keeps the offsets of the whole; indices may be narrow.
    #[test]
    fn views_and_narrow_indices_are_understood() {
        let (triplets, dense) = sparse(40, 30);
        let csr: CsMat<f64> = triplets.to_csr();
        let x = standard_normal(30, 2, 1);
        let close = |a: Array2<f64>, b: Array2<f64>| (a - b).iter().all(|x| x.abs() < 1e-12);
        assert!(close(csr.slice_outer(10..25).apply(&x).unwrap(), dense.slice(s![10..25, ..]).dot(&x)));
        let narrow: CsMatI<f64, u32> = csr.to_other_types();
        assert!(close(narrow.apply(&x).unwrap(), dense.dot(&x)));
    }

    #[test]
    fn shapes_are_checked() {
        let csr: CsMat<f64> = sparse(4, 3).0.to_csr();
        let error = csr.apply(&array![[1.0], [2.0]]).unwrap_err();
        assert!(matches!(error, Error::Shape { argument: "x", found: 2, expected: 3, .. }));
    }

    #[test]
    fn the_threads_share_the_entries() {
        let (triplets, _) = sparse(1500, 900);
        let csr: CsMat<f64> = triplets.to_csr();
        let lanes = Lanes::of(&csr);
        let parts = threads::with(2, || lanes.partition(4));
        assert_eq!((parts.len(), parts[0].start, parts[1].end), (2, 0, 1500));
        assert_eq!(parts[0].end, parts[1].start);
        let share = lanes.bound(parts[0].end) as f64 / csr.nnz() as f64;
        assert!((share - 0.5).abs() < 0.05, "{share}");
    }
}
