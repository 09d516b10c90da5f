//! The square matrices on which the eigenvalue routines are held to their ratios.

use lapwing_lapack::Scalar;
use lapwing_lapack::random::standard_normal;
use lapwing_lapack::testing::{Kind, Layout, matrix};
use ndarray::{Array2, ArrayView2};

/// Every kind in every layout where it is small; the matrices that are hard for eigenvalues; a few large ones.
pub(crate) fn for_each_square<T: Scalar>(mut check: impl FnMut(ArrayView2<T>, &str)) {
    for n in [0, 1, 2, 3, 5, 10] {
        for kind in Kind::ALL {
            let a = matrix::<T>(kind, n, n);
            for layout in Layout::ALL {
                layout.with(&a, |view| check(view, &format!("{kind:?} {n} {layout:?} {}", T::NAME)));
            }
        }
    }
    for n in [1, 2, 4, 9, 25] {
        for (name, a) in hard(n) {
            let a = a.mapv(T::from_f64);
            for layout in [Layout::RowMajor, Layout::Strided] {
                layout.with(&a, |view| check(view, &format!("{name} {n} {layout:?} {}", T::NAME)));
            }
        }
    }
    for kind in Kind::ALL {
        let a = matrix::<T>(kind, 60, 60);
        for layout in [Layout::RowMajor, Layout::ColumnMajor] {
            layout.with(&a, |view| check(view, &format!("{kind:?} 60 {layout:?} {}", T::NAME)));
        }
    }
    for (kind, n) in [(Kind::Random, 150), (Kind::RankDeficient, 150), (Kind::Random, 300)] {
        Layout::ColumnMajor
            .with(&matrix::<T>(kind, n, n), |view| check(view, &format!("{kind:?} {n} {}", T::NAME)));
    }
}

/// Defective, nilpotent, highly non-normal, normal and structured matrices.
pub(crate) fn hard(n: usize) -> Vec<(&'static str, Array2<f64>)> {
    let entries =
        |entry: fn(usize, usize, usize) -> f64| Array2::from_shape_fn((n, n), |(i, j)| entry(i, j, n));
    let jordan = entries(|i, j, _| if i == j || i + 1 == j { 1.0 } else { 0.0 });
    let random = standard_normal(n, n, 11);
    vec![
        // One eigenvalue and one eigenvector, in its own basis and in a reflected one.
        ("jordan", jordan.clone()),
        ("reflected jordan", reflected(&jordan)),
        // Zero is the only eigenvalue.
        ("nilpotent", entries(|i, j, _| if i < j { (j - i) as f64 } else { 0.0 })),
        // Ones up to the subdiagonal's mirror: small eigenvalues are ill-conditioned.
        ("frank", entries(|i, j, n| if i <= j + 1 { (n - i.max(j)) as f64 } else { 0.0 })),
        // Roots of unity.
        ("companion", entries(|i, j, n| if i == j + 1 || (i == 0 && j + 1 == n) { 1.0 } else { 0.0 })),
        (
            "grcar",
            entries(|i, j, _| {
                if i == j + 1 {
                    -1.0
                } else if i <= j && j <= i + 3 {
                    1.0
                } else {
                    0.0
                }
            }),
        ),
        // Normal: imaginary eigenvalues.
        ("skew", &random - &random.t()),
        ("triangular", Array2::from_shape_fn((n, n), |(i, j)| if i <= j { random[[i, j]] } else { 0.0 })),
        (
            "badly balanced",
            Array2::from_shape_fn((n, n), |(i, j)| random[[i, j]] * 10f64.powi(j as i32 % 7 - i as i32 % 7)),
        ),
    ]
}

/// `H A H` with a Householder reflection.
fn reflected(a: &Array2<f64>) -> Array2<f64> {
    let v = standard_normal(a.nrows(), 1, 5);
    let norm: f64 = v.iter().map(|x| x * x).sum();
    let reflection = Array2::<f64>::eye(a.nrows()) - v.dot(&v.t()) * (2.0 / norm);
    reflection.dot(a).dot(&reflection)
}
