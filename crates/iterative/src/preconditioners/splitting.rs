//! A sparse square matrix as `L + D + U`, and solves with its triangles.

use std::ops::{Deref, Range};

use lapwing_lapack::{Error, Scalar};
use ndarray::{ArrayRef2, Axis};
use sprs::{CompressedStorage, CsMatBase, SpIndex};

use crate::operator::require_product_shape;

/// The rows of a strictly triangular matrix, columns ascending. Columns are kept in 32 bits: a solve is bound by memory.
#[derive(Clone, Debug)]
pub(super) struct Rows<T> {
    pointers: Vec<usize>,
    columns: Vec<u32>,
    entries: Vec<T>,
}

/// A matrix as its strictly lower triangle, its diagonal and its strictly upper triangle.
#[derive(Clone, Debug)]
pub(super) struct Splitting<T> {
    pub(super) lower: Rows<T>,
    pub(super) diagonal: Vec<T>,
    pub(super) upper: Rows<T>,
}

impl<T: Scalar> Rows<T> {
    fn with_room(order: usize, entries: usize) -> Self {
        let mut pointers = Vec::with_capacity(order + 1);
        pointers.push(0);
        Self { pointers, columns: Vec::with_capacity(entries), entries: Vec::with_capacity(entries) }
    }

    fn order(&self) -> usize {
        self.pointers.len() - 1
    }

    pub(super) fn range(&self, row: usize) -> Range<usize> {
        self.pointers[row]..self.pointers[row + 1]
    }

    /// The columns and entries of a row.
    pub(super) fn row(&self, row: usize) -> impl DoubleEndedIterator<Item = (usize, T)> {
        let range = self.range(row);
        self.columns[range.clone()].iter().zip(&self.entries[range]).map(|(&j, &entry)| (j as usize, entry))
    }

    /// The columns of a row, and its entries to change.
    pub(super) fn row_mut(&mut self, row: usize) -> (&[u32], &mut [T]) {
        let range = self.range(row);
        (&self.columns[range.clone()], &mut self.entries[range])
    }

    pub(super) fn column(&self, position: usize) -> usize {
        self.columns[position] as usize
    }

    pub(super) fn entries(&self) -> &[T] {
        &self.entries
    }

    pub(super) fn entries_mut(&mut self) -> &mut [T] {
        &mut self.entries
    }

    /// Replaces `x` by the solution `y` of `(L + D) y = x`, where this is L and `inverse` holds the reciprocals of D.
    pub(super) fn solve_lower(&self, inverse: &[T], x: &mut [T]) {
        for i in 0..self.order() {
            let sum: T = self.row(i).map(|(j, entry)| entry * x[j]).sum();
            x[i] = (x[i] - sum) * inverse[i];
        }
    }

    /// Replaces `x` by the solution `y` of `(L + D)ᵀ y = x`.
    pub(super) fn solve_lower_transposed(&self, inverse: &[T], x: &mut [T]) {
        for i in (0..self.order()).rev() {
            x[i] *= inverse[i];
            let solved = x[i];
            self.row(i).for_each(|(j, entry)| x[j] -= entry * solved);
        }
    }

    /// Replaces `x` by the solution `y` of `(U + D) y = x`, where this is U and `inverse` holds the reciprocals of D.
    pub(super) fn solve_upper(&self, inverse: &[T], x: &mut [T]) {
        for i in (0..self.order()).rev() {
            let sum: T = self.row(i).map(|(j, entry)| entry * x[j]).sum();
            x[i] = (x[i] - sum) * inverse[i];
        }
    }

    /// Replaces `x` by the solution `y` of `(U + D)ᵀ y = x`.
    pub(super) fn solve_upper_transposed(&self, inverse: &[T], x: &mut [T]) {
        for i in 0..self.order() {
            x[i] *= inverse[i];
            let solved = x[i];
            self.row(i).for_each(|(j, entry)| x[j] -= entry * solved);
        }
    }
}

impl<T: Scalar> Splitting<T> {
    /// Splits `a`, whose entries are checked to be finite. Where the diagonal stores nothing it is 0.
    pub(super) fn of<I, Pointers, Indices, Data, Pointer>(
        a: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
    ) -> Result<Self, Error>
    where
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        let n = order(a)?;
        let mut splitting = Self {
            lower: Rows::with_room(n, a.nnz() / 2),
            diagonal: vec![T::zero(); n],
            upper: Rows::with_room(n, a.nnz() / 2),
        };
        for (i, lane) in a.outer_iterator().enumerate() {
            for (j, &entry) in lane.iter() {
                if !entry.is_finite() {
                    let (row, col) = if a.is_csr() { (i, j) } else { (j, i) };
                    return Err(Error::NonFinite { argument: "a", row, col });
                }
                if i == j {
                    splitting.diagonal[i] = entry;
                } else {
                    let part = if j < i { &mut splitting.lower } else { &mut splitting.upper };
                    part.columns.push(j as u32);
                    part.entries.push(entry);
                }
            }
            splitting.lower.pointers.push(splitting.lower.entries.len());
            splitting.upper.pointers.push(splitting.upper.entries.len());
        }
        if a.storage() == CompressedStorage::CSC {
            // What was read are the rows of the transpose.
            let (lower, upper) = (splitting.upper.transposed(), splitting.lower.transposed());
            (splitting.lower, splitting.upper) = (lower, upper);
        }
        Ok(splitting)
    }

    /// The reciprocals of the diagonal.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] where it is 0.
    pub(super) fn inverse_diagonal(&self, what: &'static str) -> Result<Vec<T>, Error> {
        reciprocals(what, &self.diagonal)
    }
}

impl<T: Scalar> Rows<T> {
    /// The rows of the transpose.
    pub(super) fn transposed(&self) -> Self {
        let n = self.order();
        let mut pointers = vec![0; n + 1];
        self.columns.iter().for_each(|&j| pointers[j as usize + 1] += 1);
        for i in 0..n {
            pointers[i + 1] += pointers[i];
        }
        let mut next = pointers.clone();
        let mut columns = vec![0; self.columns.len()];
        let mut entries = vec![T::zero(); self.entries.len()];
        for i in 0..n {
            for (j, entry) in self.row(i) {
                columns[next[j]] = i as u32;
                entries[next[j]] = entry;
                next[j] += 1;
            }
        }
        Self { pointers, columns, entries }
    }
}

/// The order of `a`, which must be square, and whose columns must fit 32 bits.
pub(super) fn order<T, I, Pointers, Indices, Data, Pointer>(
    a: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
) -> Result<usize, Error>
where
    I: SpIndex,
    Pointer: SpIndex,
    Pointers: Deref<Target = [Pointer]>,
    Indices: Deref<Target = [I]>,
    Data: Deref<Target = [T]>,
{
    let (rows, cols) = a.shape();
    if rows != cols {
        return Err(Error::NotSquare { argument: "a", rows, cols });
    }
    if rows > u32::MAX as usize {
        let (parameter, requirement) = ("the order of a", format!("at most {}", u32::MAX));
        return Err(Error::InvalidParameter { parameter, value: rows.to_string(), requirement });
    }
    Ok(rows)
}

/// The reciprocals of a diagonal.
///
/// # Errors
/// [`Error::DoesNotExist`] where an entry is 0 or its reciprocal overflows.
pub(super) fn reciprocals<T: Scalar>(what: &'static str, diagonal: &[T]) -> Result<Vec<T>, Error> {
    let reciprocal = |(i, &entry): (usize, &T)| {
        let reciprocal = T::one() / entry;
        if reciprocal.is_finite() {
            return Ok(reciprocal);
        }
        let reason = format!(
            "the diagonal entry of row {i} is {entry:e}; reorder the rows, or use a method without a preconditioner"
        );
        Err(Error::DoesNotExist { what, reason })
    };
    diagonal.iter().enumerate().map(reciprocal).collect()
}

/// Replaces `result` by `x`, and then each column of it by what `solve` makes of that.
pub(super) fn solve_columns<T: Scalar>(
    order: usize,
    x: &ArrayRef2<T>,
    result: &mut ArrayRef2<T>,
    solve: impl Fn(&mut [T]),
) -> Result<(), Error> {
    require_product_shape((order, order), x, result)?;
    result.assign(x);
    for mut column in result.axis_iter_mut(Axis(1)) {
        if let Some(column) = column.as_slice_mut() {
            solve(column);
        } else {
            let mut packed = column.to_vec();
            solve(&mut packed);
            column.iter_mut().zip(packed).for_each(|(entry, solved)| *entry = solved);
        }
    }
    Ok(())
}
