//! Matrices, layouts and LAPACK's test ratios, computed independently of the library under test.

use lapwing::Scalar;
use ndarray::{Array2, ArrayRef2, ArrayView2, s};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::{Pcg64, rand_core::SeedableRng};

/// The layouts in which every matrix is tried.
pub(crate) const LAYOUTS: [Layout; 6] = [
    Layout::RowMajor,
    Layout::ColumnMajor,
    Layout::Padded,
    Layout::Strided,
    Layout::Reversed,
    Layout::ReversedColumns,
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Layout {
    RowMajor,
    ColumnMajor,
    /// Rows with other data between them, which must not be read.
    Padded,
    /// No unit stride at all.
    Strided,
    /// Both strides negative.
    Reversed,
    /// Column-major with its columns in reverse.
    ReversedColumns,
}

impl Layout {
    /// Calls `check` with the matrix `a` in this layout; what lies between its entries is NaN.
    pub(crate) fn with<T: Scalar, R>(self, a: &Array2<T>, check: impl FnOnce(ArrayView2<T>) -> R) -> R {
        let (m, n) = a.dim();
        let nan = |rows, cols| Array2::from_elem((rows, cols), T::nan());
        match self {
            Layout::RowMajor => check(a.view()),
            Layout::ColumnMajor => {
                let mut columns = Array2::zeros((n, m)).reversed_axes();
                columns.assign(a);
                check(columns.view())
            }
            Layout::Padded => {
                let mut wide = nan(m, n + 3);
                wide.slice_mut(s![.., 2..n + 2]).assign(a);
                check(wide.slice(s![.., 2..n + 2]))
            }
            Layout::Strided => {
                let mut wide = nan(2 * m, 3 * n);
                wide.slice_mut(s![..;2, ..;3]).assign(a);
                check(wide.slice(s![..;2, ..;3]))
            }
            Layout::Reversed => {
                let reversed = a.slice(s![..;-1, ..;-1]).to_owned();
                check(reversed.slice(s![..;-1, ..;-1]))
            }
            Layout::ReversedColumns => {
                let mut columns = Array2::zeros((n, m)).reversed_axes();
                columns.assign(&a.slice(s![.., ..;-1]));
                check(columns.slice(s![.., ..;-1]))
            }
        }
    }
}

/// The kinds of matrices that LAPACK's own tests try.
pub(crate) const KINDS: [Kind; 9] = [
    Kind::Zero,
    Kind::Identity,
    Kind::Random,
    Kind::Graded,
    Kind::Clustered,
    Kind::RankDeficient,
    Kind::IllConditioned,
    Kind::NearOverflow,
    Kind::NearUnderflow,
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Zero,
    Identity,
    Random,
    /// Rows and columns that shrink geometrically, down to the roundoff.
    Graded,
    /// All singular values one but the last, which is the roundoff.
    Clustered,
    /// Rank half of the smaller extent.
    RankDeficient,
    /// Singular values spread geometrically from one to the roundoff.
    IllConditioned,
    /// Entries up to an eighth of the square root of the largest number.
    NearOverflow,
    /// Entries around the smallest number whose relative rounding error is still the roundoff.
    NearUnderflow,
}

pub(crate) fn normal(rows: usize, cols: usize, seed: u64) -> Array2<f64> {
    let mut generator = Pcg64::seed_from_u64(seed);
    Array2::from_shape_simple_fn((rows, cols), || StandardNormal.sample(&mut generator))
}

/// A matrix of the given kind, m x n.
pub(crate) fn matrix<T: Scalar>(kind: Kind, m: usize, n: usize) -> Array2<T> {
    let k = m.min(n);
    let random = normal(m, n, 7 + (m * 1000 + n) as u64);
    let unit = T::UNIT_ROUNDOFF.as_f64();
    let spread = |i: usize, count: usize| unit.powf(i as f64 / count.saturating_sub(1).max(1) as f64);
    let entries = match kind {
        Kind::Zero => Array2::zeros((m, n)),
        Kind::Identity => Array2::eye(m.max(n)).slice_move(s![..m, ..n]),
        Kind::Random => random,
        Kind::Graded => {
            Array2::from_shape_fn((m, n), |(i, j)| random[[i, j]] * (spread(i, m) * spread(j, n)).sqrt())
        }
        Kind::Clustered => with_singular_values(m, n, |i| if i + 1 < k { 1.0 } else { unit }),
        Kind::RankDeficient => normal(m, k / 2, 3).dot(&normal(k / 2, n, 4)),
        Kind::IllConditioned => with_singular_values(m, n, |i| spread(i, k)),
        Kind::NearOverflow => random * (T::max_value().as_f64().sqrt() / 8.0),
        Kind::NearUnderflow => random * (T::min_positive_value().as_f64() / unit),
    };
    entries.mapv(T::from_f64)
}

/// `H₁ Σ H₂` with two Householder reflections: singular values as given, to rounding.
fn with_singular_values(m: usize, n: usize, value: impl Fn(usize) -> f64) -> Array2<f64> {
    let reflection = |order: usize, seed| {
        let v = normal(order, 1, seed);
        let norm: f64 = v.iter().map(|x| x * x).sum();
        Array2::<f64>::eye(order) - v.dot(&v.t()) * (2.0 / norm)
    };
    let sigma = Array2::from_shape_fn((m, n), |(i, j)| if i == j { value(i) } else { 0.0 });
    reflection(m, 5).dot(&sigma).dot(&reflection(n, 6))
}

/// A symmetric matrix of the given kind.
pub(crate) fn symmetric<T: Scalar>(kind: Kind, n: usize) -> Array2<T> {
    let a = matrix::<T>(kind, n, n);
    Array2::from_shape_fn((n, n), |(i, j)| if i >= j { a[[i, j]] } else { a[[j, i]] })
}

/// In double precision, and scaled by a power of two so that nothing over- or underflows.
pub(crate) fn wide<T: Scalar>(a: &ArrayRef2<T>, exponent: i32) -> Array2<f64> {
    // Two steps, since the whole power may be out of range.
    let half = 2f64.powi(exponent / 2);
    let rest = 2f64.powi(exponent - exponent / 2);
    a.mapv(|x| x.as_f64() * half * rest)
}

/// The power of two that brings the largest entry near one.
pub(crate) fn exponent<T: Scalar>(a: &ArrayRef2<T>) -> i32 {
    let largest = a.iter().fold(0.0, |largest: f64, x| largest.max(x.as_f64().abs()));
    if largest > 0.0 { -(largest.log2().floor() as i32) } else { 0 }
}

/// The largest absolute column sum.
pub(crate) fn one_norm(a: &Array2<f64>) -> f64 {
    a.columns().into_iter().map(|column| column.iter().map(|x| x.abs()).sum()).fold(0.0, f64::max)
}

/// `‖residual‖₁ / (‖a‖₁ · extent · ε)`; 0 for an exact result.
pub(crate) fn ratio<T: Scalar>(residual: &Array2<f64>, a: &Array2<f64>, extent: usize) -> f64 {
    let error = one_norm(residual);
    assert!(!residual.iter().any(|x| x.is_nan()), "the result holds NaN");
    if error == 0.0 { 0.0 } else { error / one_norm(a) / (extent.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()) }
}

/// `‖I − QᵀQ‖₁ / (extent · ε)` for the columns of `q`.
pub(crate) fn orthogonality<T: Scalar>(q: &ArrayRef2<T>, extent: usize) -> f64 {
    let q = wide(q, 0);
    let defect = Array2::<f64>::eye(q.ncols()) - q.t().dot(&q);
    one_norm(&defect) / (extent.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64())
}
