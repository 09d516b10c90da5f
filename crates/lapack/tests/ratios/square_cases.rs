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

/// Pairs of matrices of one order, in two layouts: regular, with a singular second matrix, and singular pencils.
pub(crate) fn for_each_pencil<T: Scalar>(mut check: impl FnMut(ArrayView2<T>, ArrayView2<T>, &str)) {
    let mut pair = 0;
    let mut in_two_layouts = |a: &Array2<T>, b: &Array2<T>, name: &str| {
        pair += 1;
        // In the course of the pairs, every layout of one meets every layout of the other.
        let layouts = (Layout::ALL[pair % 6], Layout::ALL[pair / 6 % 6]);
        let case = format!("{name} {} {layouts:?} {}", a.nrows(), T::NAME);
        layouts.0.with(a, |a| layouts.1.with(b, |b| check(a, b, &case)));
    };
    for n in [0, 1, 2, 3, 5, 10] {
        for (i, of_a) in Kind::ALL.into_iter().enumerate() {
            for (j, of_b) in Kind::ALL.into_iter().enumerate() {
                // One matrix twice has one eigenvalue only: the second is transposed.
                let (a, b) = (matrix::<T>(of_a, n, n), matrix::<T>(of_b, n, n).reversed_axes());
                if (i + j) % 2 == 0 || n < 4 {
                    in_two_layouts(&a, &b, &format!("{of_a:?}, {of_b:?}"));
                }
            }
        }
    }
    for n in [2, 4, 9, 25] {
        let (hard, random) = (hard(n), standard_normal(n, n, 13));
        for (name, a) in &hard {
            in_two_layouts(&a.mapv(T::from_f64), &random.mapv(T::from_f64), &format!("{name}, random"));
            in_two_layouts(&random.mapv(T::from_f64), &a.mapv(T::from_f64), &format!("random, {name}"));
        }
        // Both have the null vector of the second: every number is an eigenvalue.
        let singular = matrix::<T>(Kind::RankDeficient, n, n);
        in_two_layouts(&singular, &singular, "singular pencil");
    }
    for (n, of_b) in
        [(60, Kind::Random), (60, Kind::RankDeficient), (60, Kind::IllConditioned), (200, Kind::Random)]
    {
        let a = standard_normal(n, n, 17).mapv(T::from_f64);
        in_two_layouts(&a, &matrix(of_b, n, n), &format!("random, {of_b:?}"));
    }
}
