//! The matrices that the tests solve with, and what they are judged by.

use lapwing_iterative::LinearOperator;
use lapwing_iterative::sprs::{CsMatI, TriMat};
use lapwing_lapack::Scalar;
use ndarray::{Array1, ArrayView1, Axis};

pub(crate) type Sparse<T> = CsMatI<T, u32>;

/// A CSR matrix of these entries.
pub(crate) fn from_triplets<T: Scalar>(
    shape: (usize, usize),
    entries: impl IntoIterator<Item = (usize, usize, f64)>,
) -> Sparse<T> {
    let mut triplets = TriMat::new(shape);
    entries.into_iter().for_each(|(i, j, entry)| triplets.add_triplet(i, j, T::from_f64(entry)));
    let csr: CsMatI<T, usize> = triplets.to_csr();
    csr.to_other_types()
}

/// The second difference of n points, with eigenvalues `2 − 2 cos(kπ / (n + 1))`.
pub(crate) fn line<T: Scalar>(n: usize) -> Sparse<T> {
    let neighbours = (1..n).flat_map(|i| [(i, i - 1, -1.0), (i - 1, i, -1.0)]);
    from_triplets((n, n), (0..n).map(|i| (i, i, 2.0)).chain(neighbours))
}

/// The five-point Laplacian on a grid of n x n points, with `wind` times the upwind difference along the rows.
pub(crate) fn convection_diffusion<T: Scalar>(n: usize, wind: f64) -> Sparse<T> {
    let points = (0..n).flat_map(|row| (0..n).map(move |col| (row, col)));
    let entries = points.flat_map(|(row, col)| {
        let here = row * n + col;
        let neighbours = [
            (row > 0).then(|| (here, here - n, -1.0)),
            (col > 0).then(|| (here, here - 1, -1.0 - wind)),
            Some((here, here, 4.0 + wind)),
            (col + 1 < n).then(|| (here, here + 1, -1.0)),
            (row + 1 < n).then(|| (here, here + n, -1.0)),
        ];
        neighbours.into_iter().flatten()
    });
    from_triplets((n * n, n * n), entries)
}

/// The five-point Laplacian on a grid of n x n points.
pub(crate) fn grid<T: Scalar>(n: usize) -> Sparse<T> {
    convection_diffusion(n, 0.0)
}

/// `D A D` of a grid's A, where D grows from 1 to 10^5.5: the condition number is about 1e12, all of it from scaling.
pub(crate) fn badly_scaled<T: Scalar>(n: usize) -> Sparse<T> {
    let last = (n * n - 1) as f64;
    let growth = |i: u32| 10f64.powf(5.5 * f64::from(i) / last);
    let a: Sparse<f64> = grid(n);
    let entries = a.iter().map(|(&entry, (i, j))| (i as usize, j as usize, entry * growth(i) * growth(j)));
    from_triplets((n * n, n * n), entries)
}

/// The Laplacian of a cycle: singular, with the constants as its null space.
pub(crate) fn ring<T: Scalar>(n: usize) -> Sparse<T> {
    let entries = (0..n).flat_map(|i| [(i, i, 2.0), (i, (i + 1) % n, -1.0), ((i + 1) % n, i, -1.0)]);
    from_triplets((n, n), entries)
}

/// Something without structure.
pub(crate) fn wave<T: Scalar>(n: usize) -> Array1<T> {
    Array1::from_shape_fn(n, |i| T::from_f64((1.0 + (i as f64).powf(1.5)).sin()))
}

/// `A x`, from the operator's own product.
pub(crate) fn product<T: Scalar>(a: &dyn LinearOperator<T>, x: ArrayView1<T>) -> Array1<T> {
    a.apply(&x.insert_axis(Axis(1))).unwrap().remove_axis(Axis(1))
}

pub(crate) fn norm<T: Scalar>(x: &Array1<T>) -> f64 {
    x.iter().map(|x| x.as_f64().powi(2)).sum::<f64>().sqrt()
}

/// `‖b − A x‖ / ‖b‖`.
pub(crate) fn relative_residual<T: Scalar>(
    a: &dyn LinearOperator<T>,
    x: ArrayView1<T>,
    b: &Array1<T>,
) -> f64 {
    norm(&(b - &product(a, x))) / norm(b)
}

/// What the residual that a test computes may exceed the solver's own by: both round each row, of at most five entries,
/// and the subtraction, relative to the terms, whose size is `‖A‖ ‖x‖ / ‖b‖` to 1.
pub(crate) fn rounding<T: Scalar>(growth: f64) -> f64 {
    16.0 * T::UNIT_ROUNDOFF.as_f64() * growth
}
