//! `A X Bᵀ − X = C` in Schur form.

use std::ops::Range;

use ndarray::{Array2, ArrayRef2, s};

use super::sylvester::singular;
use crate::error::Error;
use crate::functions::entry::blocks;
use crate::products::{gemm, matmul};
use crate::scalar::Scalar;

/// Replaces `c` by the solution `X` of `a X bᵀ − X = c`, with Schur forms `a` and `b`, by halving the longer side
/// (Jonsson and Kågström, ACM TOMS 28, 2002): products do the work, in real arithmetic, and no matrix is
/// inverted.
pub(super) fn solve<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>, c: &mut Array2<T>) -> Result<(), Error> {
    recurse(a, b, &blocks(a), &blocks(b), c)
}

fn recurse<T: Scalar>(
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    rows: &[Range<usize>],
    cols: &[Range<usize>],
    c: &mut Array2<T>,
) -> Result<(), Error> {
    let span = |blocks: &[Range<usize>]| blocks[0].start..blocks[blocks.len() - 1].end;
    match (rows, cols) {
        ([], _) | (_, []) => Ok(()),
        ([row], [col]) => base(a, b, row, col, c),
        _ if rows.len() >= cols.len() => {
            let (first, second) = rows.split_at(rows.len() / 2);
            recurse(a, b, second, cols, c)?;
            // C₁ − A₁₂ X₂ Bᵀ
            let (top, bottom, width) = (span(first), span(second), span(cols));
            let block = a.slice(s![top.clone(), bottom.clone()]);
            let product = matmul(&block, &c.slice(s![bottom, width.clone()]))?;
            let right = b.slice(s![width.clone(), width.clone()]);
            gemm(-T::one(), &product, &right.t(), T::one(), &mut c.slice_mut(s![top, width]))?;
            recurse(a, b, first, cols, c)
        }
        _ => {
            let (first, second) = cols.split_at(cols.len() / 2);
            recurse(a, b, rows, second, c)?;
            // C₁ − A X₂ B₁₂ᵀ
            let (left, right, height) = (span(first), span(second), span(rows));
            let block = a.slice(s![height.clone(), height.clone()]);
            let product = matmul(&block, &c.slice(s![height.clone(), right.clone()]))?;
            let above = b.slice(s![left.clone(), right]);
            gemm(-T::one(), &product, &above.t(), T::one(), &mut c.slice_mut(s![height, left]))?;
            recurse(a, b, rows, first, c)
        }
    }
}

/// One block of at most 2 x 2 unknowns: Gaussian elimination with complete pivoting on `B ⊗ A − I`.
fn base<T: Scalar>(
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    rows: &Range<usize>,
    cols: &Range<usize>,
    c: &mut Array2<T>,
) -> Result<(), Error> {
    let places: Vec<(usize, usize)> = cols.clone().flat_map(|j| rows.clone().map(move |i| (i, j))).collect();
    let n = places.len();
    let mut matrix = [[T::zero(); 5]; 4];
    for (row, &(i, j)) in places.iter().enumerate() {
        for (col, &(k, l)) in places.iter().enumerate() {
            let identity = if row == col { T::one() } else { T::zero() };
            matrix[row][col] = a[[i, k]] * b[[j, l]] - identity;
        }
        matrix[row][4] = c[[i, j]];
    }
    // What the entries were before the subtraction may have rounded by.
    let size = places.iter().fold(T::one(), |size, &(i, j)| {
        rows.clone().zip(cols.clone()).fold(size, |size, (k, l)| size.max((a[[i, k]] * b[[j, l]]).abs()))
    });
    if !size.is_finite() {
        return Err(Error::Overflow { routine: "a discrete Lyapunov equation", scalar: T::NAME });
    }
    let mut order = [0, 1, 2, 3];
    for step in 0..n {
        let rest = || (step..n).flat_map(|i| (step..n).map(move |j| (i, j)));
        let (row, col) = rest().fold((step, step), |best, (i, j)| {
            if matrix[i][j].abs() > matrix[best.0][best.1].abs() { (i, j) } else { best }
        });
        matrix.swap(step, row);
        matrix.iter_mut().for_each(|row| row.swap(step, col));
        order.swap(step, col);
        let pivot = matrix[step][step];
        if pivot.abs() <= size * T::UNIT_ROUNDOFF * T::from_f64(2.0) {
            return Err(singular("two eigenvalues have the product 1, up to rounding"));
        }
        let pivot_row = matrix[step];
        for row in &mut matrix[step + 1..n] {
            let factor = row[step] / pivot;
            for (entry, &above) in row[step + 1..].iter_mut().zip(&pivot_row[step + 1..]) {
                *entry -= factor * above;
            }
        }
    }
    for step in (0..n).rev() {
        let sum = (step + 1..n).map(|j| matrix[step][j] * matrix[j][4]).sum::<T>();
        matrix[step][4] = (matrix[step][4] - sum) / matrix[step][step];
    }
    for (step, &place) in order[..n].iter().enumerate() {
        c[places[place]] = matrix[step][4];
    }
    Ok(())
}
