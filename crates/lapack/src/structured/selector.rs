//! Selections of rows or columns, as the list of indices that they are.

use ndarray::{Array, Array2, ArrayRef, ArrayRef2};

use super::invalid;
use super::permutation::reserve;
use crate::error::Error;
use crate::finite::require_finite;
use crate::layout::zeros;
use crate::products::same;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::structured::finite_result;

/// A selector matrix S, k x n: entry i of `S x` is entry `indices[i]` of `x`. An index may occur several times, or never:
/// folds, bootstrap samples, and observations of some of the unknowns.
///
/// ```
/// use lapwing_lapack::structured::Selector;
/// use ndarray::array;
/// let s = Selector::new(&[3, 0, 0], 4)?;
/// let picked = s.apply(&array![1.0, 2.0, 3.0, 4.0])?;
/// assert_eq!(picked, array![4.0, 1.0, 1.0]);
/// assert_eq!(s.apply_transposed(&picked)?, array![2.0, 0.0, 0.0, 4.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Selector {
    indices: Vec<usize>,
    from: usize,
}

impl Selector {
    /// Selects the entries at these indices of `from` entries.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] with the position of the first index that is out of range,
    /// [`Error::OutOfMemory`].
    pub fn new(indices: &[usize], from: usize) -> Result<Self, Error> {
        if let Some((position, index)) = indices.iter().enumerate().find(|(_, index)| **index >= from) {
            let requirement = format!("below {from}, the number of entries to select from");
            return invalid("indices", format!("{index} at position {position}"), requirement);
        }
        let mut copy = reserve(indices.len())?;
        copy.extend_from_slice(indices);
        Ok(Self { indices: copy, from })
    }

    /// (k, n): how many are selected, and from how many.
    pub fn dim(&self) -> (usize, usize) {
        (self.indices.len(), self.from)
    }

    /// Where each entry of the result comes from.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// `S x`: the selected entries of a vector, or rows of a matrix. Entries may be NaN.
    ///
    /// # Errors
    /// [`Error::Shape`] when `x` has not n rows, [`Error::OutOfMemory`].
    pub fn apply<T: Scalar, D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let x = D::as_columns(x);
        same("x", "rows", x.nrows(), self.from, "the number of entries to select from")?;
        let mut selected = zeros(self.indices.len(), x.ncols())?;
        for (mut row, &index) in selected.outer_iter_mut().zip(&self.indices) {
            row.assign(&x.row(index));
        }
        Ok(D::from_columns(selected))
    }

    /// `Sᵀ x`: entry i of a vector, or row i of a matrix, is added to where it was selected from; what was not selected
    /// is 0.
    ///
    /// # Errors
    /// [`Error::Shape`] when `x` has not k rows, [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn apply_transposed<T: Scalar, D: RightHandSide>(
        &self,
        x: &ArrayRef<T, D>,
    ) -> Result<Array<T, D>, Error> {
        let x = D::as_columns(x);
        same("x", "rows", x.nrows(), self.indices.len(), "the number of selected entries")?;
        let mut scattered = zeros(self.from, x.ncols())?;
        require_finite("x", &x)?;
        for (row, &index) in x.outer_iter().zip(&self.indices) {
            let mut target = scattered.row_mut(index);
            target += &row;
        }
        Ok(D::from_columns(finite_result("the scattered sum", scattered)?))
    }

    /// `a Sᵀ`: the selected columns. Entries may be NaN.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` has not n columns, [`Error::OutOfMemory`].
    pub fn columns<T: Scalar>(&self, a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        same("a", "columns", a.ncols(), self.from, "the number of entries to select from")?;
        let mut selected = zeros(a.nrows(), self.indices.len())?;
        for (mut column, &index) in selected.columns_mut().into_iter().zip(&self.indices) {
            column.assign(&a.column(index));
        }
        Ok(selected)
    }

    /// The matrix, k x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_dense<T: Scalar>(&self) -> Result<Array2<T>, Error> {
        let mut dense = zeros(self.indices.len(), self.from)?;
        for (position, &index) in self.indices.iter().enumerate() {
            dense[[position, index]] = T::one();
        }
        Ok(dense)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::testing::Layout;

    #[test]
    fn products_are_those_of_the_matrix_in_every_layout() {
        let a = Array2::from_shape_fn((5, 4), |(i, j)| (10 * i + j) as f64);
        for indices in [&[0, 4, 4, 2][..], &[], &[1], &[4, 3, 2, 1, 0, 0, 0]] {
            let selector = Selector::new(indices, 5).unwrap();
            let dense = selector.to_dense::<f64>().unwrap();
            assert_eq!(dense.dim(), selector.dim());
            for layout in Layout::ALL {
                layout.with(&a, |a| {
                    let selected = selector.apply(&a).unwrap();
                    assert_eq!(selected, dense.dot(&a));
                    assert_eq!(selector.apply_transposed(&selected).unwrap(), dense.t().dot(&selected));
                    assert_eq!(selector.columns(&a.t()).unwrap(), a.t().dot(&dense.t()));
                });
            }
            let x = array![1.0, 2.0, 3.0, 4.0, 5.0];
            assert_eq!(selector.apply(&x).unwrap(), dense.dot(&x));
        }
    }

    #[test]
    fn a_bad_index_is_named_with_its_position() {
        let error = Selector::new(&[0, 2, 7], 3).unwrap_err();
        assert_eq!(
            error.to_string(),
            "indices is 7 at position 2, but must be below 3, the number of entries to select from"
        );
        let selector = Selector::new(&[0, 1], 3).unwrap();
        assert!(matches!(selector.apply(&array![1.0]), Err(Error::Shape { found: 1, expected: 3, .. })));
        assert!(matches!(selector.apply_transposed(&array![1.0]), Err(Error::Shape { expected: 2, .. })));
        assert!(matches!(selector.columns(&array![[1.0]]), Err(Error::Shape { .. })));
        let nan = selector.apply_transposed(&array![1.0, f64::NAN]).unwrap_err();
        assert_eq!(nan, Error::NonFinite { argument: "x", row: 1, col: 0 });
        assert!(matches!(
            Selector::new(&[0, 0], 1).unwrap().apply_transposed(&array![f64::MAX, f64::MAX]),
            Err(Error::Overflow { .. })
        ));
        let vast = Selector::new(&[1 << 40], 1 << 60).unwrap();
        assert!(matches!(vast.to_dense::<f64>(), Err(Error::OutOfMemory { .. })));
    }
}
