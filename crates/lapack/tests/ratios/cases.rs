//! The matrices on which every routine is held to its ratios.

use lapwing_lapack::Scalar;
use lapwing_lapack::testing::{Kind, Layout, matrix, symmetric};
use ndarray::ArrayView2;

/// Every small shape in every layout; the large ones in the two that differ most.
pub(crate) fn for_each_matrix<T: Scalar>(mut check: impl FnMut(ArrayView2<T>, &str)) {
    let small = [
        (0, 0),
        (0, 3),
        (3, 0),
        (1, 1),
        (1, 5),
        (5, 1),
        (2, 2),
        (3, 7),
        (7, 3),
        (10, 10),
        (33, 20),
        (20, 33),
    ];
    let large = [(64, 64), (150, 100), (100, 150), (300, 40), (300, 300)];
    for kind in Kind::ALL {
        for (m, n) in small {
            let a = matrix::<T>(kind, m, n);
            for layout in Layout::ALL {
                layout.with(&a, |view| check(view, &format!("{kind:?} {m}x{n} {layout:?} {}", T::NAME)));
            }
        }
        for (m, n) in large {
            let a = matrix::<T>(kind, m, n);
            for layout in [Layout::RowMajor, Layout::ColumnMajor] {
                layout.with(&a, |view| check(view, &format!("{kind:?} {m}x{n} {layout:?} {}", T::NAME)));
            }
        }
    }
}

/// Every kind of symmetric matrix, both triangles filled.
pub(crate) fn for_each_symmetric<T: Scalar>(mut check: impl FnMut(ArrayView2<T>, &str)) {
    for kind in Kind::ALL {
        for (n, layouts) in [(0, 6), (1, 6), (2, 6), (5, 6), (10, 6), (33, 6), (100, 2), (300, 2)] {
            let a = symmetric::<T>(kind, n);
            for layout in &Layout::ALL[..layouts] {
                layout.with(&a, |view| check(view, &format!("{kind:?} {n} {layout:?} {}", T::NAME)));
            }
        }
    }
}
