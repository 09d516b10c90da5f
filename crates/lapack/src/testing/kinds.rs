//! The kinds of matrices that LAPACK's own tests try, of any shape.

use ndarray::{Array2, s};

use crate::random::standard_normal;
use crate::scalar::Scalar;

/// The kinds of matrices that LAPACK's own tests try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// All zeros.
    Zero,
    /// Ones on the diagonal.
    Identity,
    /// Independent standard normal entries.
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

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 9] = [
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
}

/// A matrix of the given kind, m x n.
pub fn matrix<T: Scalar>(kind: Kind, m: usize, n: usize) -> Array2<T> {
    let k = m.min(n);
    let random = standard_normal(m, n, 7 + (m * 1000 + n) as u64);
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
        Kind::RankDeficient => standard_normal(m, k / 2, 3).dot(&standard_normal(k / 2, n, 4)),
        Kind::IllConditioned => with_singular_values(m, n, |i| spread(i, k)),
        Kind::NearOverflow => random * (T::max_value().as_f64().sqrt() / 8.0),
        Kind::NearUnderflow => random * (T::min_positive_value().as_f64() / unit),
    };
    entries.mapv(T::from_f64)
}

/// `H₁ Σ H₂` with two Householder reflections: singular values as given, to rounding.
fn with_singular_values(m: usize, n: usize, value: impl Fn(usize) -> f64) -> Array2<f64> {
    let reflection = |order: usize, seed| {
        let v = standard_normal(order, 1, seed);
        let norm: f64 = v.iter().map(|x| x * x).sum();
        Array2::<f64>::eye(order) - v.dot(&v.t()) * (2.0 / norm)
    };
    let sigma = Array2::from_shape_fn((m, n), |(i, j)| if i == j { value(i) } else { 0.0 });
    reflection(m, 5).dot(&sigma).dot(&reflection(n, 6))
}

/// A symmetric matrix of the given kind.
pub fn symmetric<T: Scalar>(kind: Kind, n: usize) -> Array2<T> {
    let a = matrix::<T>(kind, n, n);
    Array2::from_shape_fn((n, n), |(i, j)| if i >= j { a[[i, j]] } else { a[[j, i]] })
}
