//! Permutations, as the list of indices that they are.

use ndarray::{Array, Array2, ArrayRef, ArrayRef2, Axis};

use super::invalid;
use crate::error::Error;
use crate::layout::zeros;
use crate::products::same;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;

/// Whether a permutation is a product of an even or of an odd number of exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parity {
    /// Determinant 1.
    Even,
    /// Determinant -1.
    Odd,
}

/// A permutation matrix P of order n, kept as n indices: entry i of `P x` is entry `indices[i]` of `x`, and
/// `p[i, indices[i]] = 1`. `P a` permutes rows, as `a[indices]` does in NumPy.
///
/// ```
/// use lapwing_lapack::structured::Permutation;
/// use ndarray::array;
/// let p = Permutation::new(&[2, 0, 1])?;
/// let x = array![10.0, 20.0, 30.0];
/// let permuted = p.apply(&x)?;
/// assert_eq!(permuted, array![30.0, 10.0, 20.0]);
/// assert_eq!(p.inverse().apply(&permuted)?, x);
/// assert_eq!(p.to_dense::<f64>()?.dot(&x), permuted);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Permutation {
    indices: Vec<usize>,
}

impl Permutation {
    /// The permutation of these indices, which must be 0 to n - 1, each once.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] with the position of the first index that is out of range or repeated,
    /// [`Error::OutOfMemory`].
    pub fn new(indices: &[usize]) -> Result<Self, Error> {
        let order = indices.len();
        let mut seen_at = reserve(order)?;
        seen_at.resize(order, usize::MAX);
        for (position, &index) in indices.iter().enumerate() {
            if index >= order {
                let requirement = format!("below {order}, the order of the permutation");
                return invalid("indices", format!("{index} at position {position}"), requirement);
            }
            if seen_at[index] != usize::MAX {
                let value = format!("{index} at positions {} and {position}", seen_at[index]);
                return invalid("indices", value, "every index once");
            }
            seen_at[index] = position;
        }
        let mut copy = reserve(order)?;
        copy.extend_from_slice(indices);
        Ok(Self { indices: copy })
    }

    /// The permutation that leaves everything where it is.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn identity(order: usize) -> Result<Self, Error> {
        Self::from_function(order, |index| index)
    }

    /// The indices are those of a bijection, by the caller's word.
    pub(super) fn from_function(order: usize, index: impl Fn(usize) -> usize) -> Result<Self, Error> {
        let mut indices = reserve(order)?;
        indices.extend((0..order).map(index));
        Ok(Self { indices })
    }

    /// n.
    pub fn order(&self) -> usize {
        self.indices.len()
    }

    /// Where each entry of the result comes from.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// P⁻¹, which is Pᵀ.
    pub fn inverse(&self) -> Self {
        let mut indices = vec![0; self.order()];
        for (position, &index) in self.indices.iter().enumerate() {
            indices[index] = position;
        }
        Self { indices }
    }

    /// The product P Q: `other` is applied first.
    ///
    /// # Errors
    /// [`Error::Shape`] when the orders differ.
    pub fn compose(&self, other: &Self) -> Result<Self, Error> {
        same("other", "indices", other.order(), self.order(), "the order of the permutation")?;
        Ok(Self { indices: self.indices.iter().map(|&index| other.indices[index]).collect() })
    }

    /// Even or odd. O(n).
    pub fn parity(&self) -> Parity {
        // A cycle of length l is a product of l - 1 exchanges.
        let mut visited = vec![false; self.order()];
        let mut exchanges = 0_usize;
        for start in 0..self.order() {
            let mut index = self.indices[start];
            while !visited[start] && index != start {
                visited[index] = true;
                exchanges += 1;
                index = self.indices[index];
            }
        }
        if exchanges.is_multiple_of(2) { Parity::Even } else { Parity::Odd }
    }

    /// The determinant of P: 1 if even, -1 if odd.
    pub fn sign(&self) -> i8 {
        match self.parity() {
            Parity::Even => 1,
            Parity::Odd => -1,
        }
    }

    /// `P x`: the entries of a vector, or the rows of a matrix, permuted. Entries may be NaN.
    ///
    /// # Errors
    /// [`Error::Shape`] when `x` has not n rows, [`Error::OutOfMemory`].
    pub fn apply<T: Scalar, D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let x = D::as_columns(x);
        same("x", "rows", x.nrows(), self.order(), "the order of the permutation")?;
        let mut permuted = zeros(x.nrows(), x.ncols())?;
        for (mut row, &index) in permuted.outer_iter_mut().zip(&self.indices) {
            row.assign(&x.row(index));
        }
        Ok(D::from_columns(permuted))
    }

    /// `a P`: the columns permuted; column `indices[i]` of the result is column i of `a`.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` has not n columns, [`Error::OutOfMemory`].
    pub fn apply_right<T: Scalar>(&self, a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        same("a", "columns", a.ncols(), self.order(), "the order of the permutation")?;
        let mut permuted = zeros(a.nrows(), a.ncols())?;
        for (column, &index) in a.axis_iter(Axis(1)).zip(&self.indices) {
            permuted.column_mut(index).assign(&column);
        }
        Ok(permuted)
    }

    /// The matrix, n x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_dense<T: Scalar>(&self) -> Result<Array2<T>, Error> {
        let mut dense = zeros(self.order(), self.order())?;
        for (position, &index) in self.indices.iter().enumerate() {
            dense[[position, index]] = T::one();
        }
        Ok(dense)
    }
}

/// An empty list with room for `count` indices.
pub(super) fn reserve(count: usize) -> Result<Vec<usize>, Error> {
    let mut list = Vec::new();
    let refused = |_| Error::OutOfMemory { bytes: count as u128 * size_of::<usize>() as u128 };
    list.try_reserve_exact(count).map_err(refused)?;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::testing::Layout;

    /// Every permutation of four, against the determinant and the products of the matrices.
    #[test]
    fn all_twenty_four_agree_with_their_matrices() {
        let mut all = Vec::new();
        for code in 0..256usize {
            let indices = [code % 4, code / 4 % 4, code / 16 % 4, code / 64];
            match Permutation::new(&indices) {
                Ok(permutation) => all.push(permutation),
                Err(error) => assert!(error.to_string().contains("every index once"), "{error}"),
            }
        }
        assert_eq!(all.len(), 24);
        let a = Array2::from_shape_fn((4, 4), |(i, j)| (10 * i + j) as f64);
        for p in &all {
            let dense = p.to_dense::<f64>().unwrap();
            let inversions = (0..4)
                .flat_map(|i| (0..i).map(move |j| (i, j)))
                .filter(|&(i, j)| p.indices()[j] > p.indices()[i])
                .count();
            assert_eq!(p.sign(), if inversions.is_multiple_of(2) { 1 } else { -1 });
            for layout in Layout::ALL {
                layout.with(&a, |a| {
                    assert_eq!(p.apply(&a).unwrap(), dense.dot(&a));
                    assert_eq!(p.apply_right(&a).unwrap(), a.dot(&dense));
                });
            }
            assert_eq!(p.inverse().to_dense::<f64>().unwrap(), dense.t());
            assert_eq!(p.compose(&p.inverse()), Permutation::identity(4));
            for q in &all {
                let product = p.compose(q).unwrap();
                assert_eq!(product.to_dense::<f64>().unwrap(), dense.dot(&q.to_dense::<f64>().unwrap()));
                assert_eq!(product.sign(), p.sign() * q.sign());
            }
        }
    }

    #[test]
    fn a_bad_index_is_named_with_its_position() {
        let error = Permutation::new(&[0, 3, 1]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "indices is 3 at position 1, but must be below 3, the order of the permutation"
        );
        let error = Permutation::new(&[1, 0, 1]).unwrap_err();
        assert_eq!(error.to_string(), "indices is 1 at positions 0 and 2, but must be every index once");
        let p = Permutation::new(&[1, 0]).unwrap();
        assert!(matches!(p.apply(&array![1.0]), Err(Error::Shape { found: 1, expected: 2, .. })));
        assert!(matches!(p.apply_right(&array![[1.0]]), Err(Error::Shape { .. })));
        assert!(matches!(p.compose(&Permutation::identity(3).unwrap()), Err(Error::Shape { .. })));
    }

    #[test]
    fn the_empty_permutation_and_missing_values_pass() {
        let empty = Permutation::new(&[]).unwrap();
        assert_eq!((empty.order(), empty.sign()), (0, 1));
        assert_eq!(empty.apply(&Array2::<f64>::zeros((0, 3))).unwrap().dim(), (0, 3));
        assert_eq!(empty.to_dense::<f32>().unwrap().dim(), (0, 0));
        let moved = Permutation::new(&[1, 0]).unwrap().apply(&array![f64::NAN, 1.0]).unwrap();
        assert!(moved[0] == 1.0 && moved[1].is_nan());
        assert!(matches!(Permutation::identity(1 << 61), Err(Error::OutOfMemory { .. })));
        assert!(matches!(
            Permutation::identity(1 << 33).and_then(|p| p.to_dense::<f64>()),
            Err(Error::OutOfMemory { .. })
        ));
    }
}
