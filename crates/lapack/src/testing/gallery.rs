//! The test matrices of the field, by the names that N. J. Higham's gallery gave most of them.
//!
//! | function                                   | what makes it a test                                                        |
//! |--------------------------------------------|-----------------------------------------------------------------------------|
//! | [`hilbert`], [`inverse_hilbert`], [`lotkin`] | condition exp(3.5n); the inverse is of integers                           |
//! | [`kahan`], [`frank`], [`grcar`]            | rank that pivoted QR misses; eigenvalues that `geev` loses                   |
//! | [`wilkinson`], [`rosser`], [`clement`]     | eigenvalues equal to rounding, double, known integers                       |
//! | [`moler`], [`minij`], [`pascal`], [`lehmer`], [`graded`] | positive definite with closed-form determinants and inverses  |
//! | [`jordan_block`], [`colleague`]            | defective; a companion matrix whose eigenvalues are known                   |
//! | [`pei`], [`second_difference`]             | symmetric with a closed-form spectrum                                       |
//! | [`lauchli`]                                | least squares where the normal equations lose everything                    |
//!
//! Every entry is its exact value, rounded once to the scalar (of [`kahan`], to a few roundings). Indices in the
//! formulas count from 1, as in the literature.
//!
//! Sources: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., chapter 28; J. Todd, "Basic
//! Numerical Mathematics", vol. 2; R. T. Gregory and D. L. Karney, "A Collection of Matrices for Testing
//! Computational Algorithms".

use ndarray::Array2;

use crate::scalar::Scalar;

/// The matrix with these entries, given by row and column from 1.
fn from_formula<T: Scalar>(rows: usize, cols: usize, entry: impl Fn(usize, usize) -> f64) -> Array2<T> {
    // A quotient or a square root of small integers, rounded to 53 bits and then to 24, is what rounding it to
    // 24 at once gives: 53 > 2 * 24 + 1.
    Array2::from_shape_fn((rows, cols), |(i, j)| T::from_f64(entry(i + 1, j + 1)))
}

/// The Hilbert matrix, n x n: `1 / (i + j - 1)`. Symmetric, totally positive, of condition about exp(3.5n). Its
/// exact inverse is [`inverse_hilbert`].
pub fn hilbert<T: Scalar>(n: usize) -> Array2<T> {
    crate::structured::hilbert(n).expect("a matrix for a test fits in memory")
}

/// The exact inverse of [`hilbert`], n x n: integers, rounded to the scalar where it does not hold them (in `f64`
/// from n = 13 on).
///
/// # Panics
/// For n > 24, whose entries pass 128 bits.
#[doc(alias = "invhilb")]
pub fn inverse_hilbert<T: Scalar>(n: usize) -> Array2<T> {
    assert!(n <= 24, "the inverse Hilbert matrix of order {n} has entries over 2^127");
    let choose = |n: usize, k: usize| (0..k as u128).fold(1, |c: u128, i| c * (n as u128 - i) / (i + 1));
    Array2::from_shape_fn((n, n), |(i, j)| {
        let shared = choose(i + j, i);
        let magnitude =
            (i + j + 1) as u128 * choose(n + i, n - j - 1) * choose(n + j, n - i - 1) * shared * shared;
        let entry: T = integer(magnitude);
        if (i + j).is_multiple_of(2) { entry } else { -entry }
    })
}

/// An integer, rounded once.
fn integer<T: Scalar>(value: u128) -> T {
    T::from(value).expect("both scalars take every integer")
}

/// The Hilbert matrix with its first row set to 1, n x n: as ill conditioned, but not symmetric; its inverse is of
/// integers, its eigenvalues are real.
pub fn lotkin<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| if i == 1 { 1.0 } else { 1.0 / (i + j - 1) as f64 })
}

/// Kahan's matrix, n x n, upper triangular: `sin(theta)^(i-1)` times 1 on the diagonal and `-cos(theta)` above it, with
/// `perturbation * ε (n - i + 1)` added to the diagonal. Its determinant, unperturbed, is `sin(theta)^(n(n-1)/2)`.
///
/// Pivoted QR leaves it as it is and so sees only a small last diagonal entry, which is larger than the least singular
/// value by a factor that grows as 2ⁿ. Customary: theta = 1.2 and a perturbation of 25, without which rounding
/// permutes the columns.
pub fn kahan<T: Scalar>(n: usize, theta: f64, perturbation: f64) -> Array2<T> {
    let (sine, cosine) = theta.sin_cos();
    from_formula(n, n, |i, j| {
        let scale = sine.powi(i as i32 - 1);
        match i.cmp(&j) {
            std::cmp::Ordering::Less => -scale * cosine,
            std::cmp::Ordering::Equal => {
                scale + perturbation * T::UNIT_ROUNDOFF.as_f64() * (n - i + 1) as f64
            }
            std::cmp::Ordering::Greater => 0.0,
        }
    })
}

/// Frank's matrix, n x n, upper Hessenberg: `n + 1 - max(i, j)` from the subdiagonal up. Determinant 1. Its
/// eigenvalues are positive and come in pairs λ, 1/λ (with 1 when n is odd); the smaller half are ill conditioned.
pub fn frank<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| if i <= j + 1 { (n + 1 - i.max(j)) as f64 } else { 0.0 })
}

/// Grcar's matrix, n x n, upper Hessenberg: -1 below the diagonal, 1 on it and on three diagonals above. Its
/// eigenvalues are all but one complex, and sensitive; its condition stays below 4.
pub fn grcar<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| if i == j + 1 { -1.0 } else { f64::from((i..=i + 3).contains(&j)) })
}

/// Wilkinson's matrix Wₙ⁺, n x n, symmetric tridiagonal: `|i - (n + 1)/2|` on the diagonal, 1 beside it. For odd n,
/// the large eigenvalues come in pairs that agree to ever more digits: the two largest of W₂₁⁺ to 14.
pub fn wilkinson<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| match i.abs_diff(j) {
        0 => (i as f64 - (n + 1) as f64 / 2.0).abs(),
        1 => 1.0,
        _ => 0.0,
    })
}

/// Rosser's matrix, 8 x 8, symmetric, of integers. Its eigenvalues are [`ROSSER_EIGENVALUES`]: a double one, two that
/// agree to 4 digits with others, a zero, and a pair of opposite sign.
pub fn rosser<T: Scalar>() -> Array2<T> {
    const ENTRIES: [[i16; 8]; 8] = [
        [611, 196, -192, 407, -8, -52, -49, 29],
        [196, 899, 113, -192, -71, -43, -8, -44],
        [-192, 113, 899, 196, 61, 49, 8, 52],
        [407, -192, 196, 611, 8, 44, 59, -23],
        [-8, -71, 61, 8, 411, -599, 208, 208],
        [-52, -43, 49, 44, -599, 411, 208, 208],
        [-49, -8, 8, 59, 208, 208, 99, -911],
        [29, -44, 52, -23, 208, 208, -911, 99],
    ];
    from_formula(8, 8, |i, j| f64::from(ENTRIES[i - 1][j - 1]))
}

/// The eigenvalues of [`rosser`], ascending: `-10√10405`, 0, `510 - 100√26`, 1000 twice, `510 + 100√26`, 1020, `10√10405`.
pub const ROSSER_EIGENVALUES: [f64; 8] = [
    -1020.0490184299969,
    0.0,
    0.0980486407215170,
    1000.0,
    1000.0,
    1019.9019513592785,
    1020.0,
    1020.0490184299969,
];

/// Clement's matrix, n x n, tridiagonal with a zero diagonal: `n - i` above it, in row i, and `j` below, in column j.
/// Its eigenvalues are the integers `n - 1, n - 3, ..., 1 - n`.
pub fn clement<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| match (i + 1 == j, j + 1 == i) {
        (true, _) => (n - i) as f64,
        (_, true) => j as f64,
        _ => 0.0,
    })
}

/// [`clement`] made symmetric by a diagonal similarity: `sqrt(i (n - i))` beside the diagonal. The same eigenvalues.
pub fn clement_symmetric<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| {
        let k = i.min(j);
        if i.abs_diff(j) == 1 { ((k * (n - k)) as f64).sqrt() } else { 0.0 }
    })
}

/// Moler's matrix, n x n: `UᵀU` for the unit upper triangle U of -1, so `min(i, j) - 2` beside the diagonal `i`. Positive
/// definite, determinant 1, an inverse of integers, and one eigenvalue that shrinks as 4⁻ⁿ among ordinary ones.
pub fn moler<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| if i == j { i as f64 } else { i.min(j) as f64 - 2.0 })
}

/// `min(i, j)`, n x n: the covariance of a random walk. Positive definite, determinant 1; the inverse is tridiagonal
/// of integers; the eigenvalues are `1 / (4 sin²((2k - 1) π / (4n + 2)))`.
pub fn minij<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| i.min(j) as f64)
}

/// Pascal's matrix, n x n: the binomial `(i + j - 2) over (i - 1)`. Positive definite, determinant 1, an inverse of
/// integers, eigenvalues in pairs λ, 1/λ. Every entry is rounded once where the scalar does not hold it.
///
/// # Panics
/// For n > 64, whose entries pass 128 bits.
pub fn pascal<T: Scalar>(n: usize) -> Array2<T> {
    assert!(n <= 64, "the Pascal matrix of order {n} has entries over 2^127");
    let mut entries = Array2::<u128>::ones((n, n));
    for (i, j) in (1..n).flat_map(|i| (1..n).map(move |j| (i, j))) {
        entries[[i, j]] = entries[[i - 1, j]] + entries[[i, j - 1]];
    }
    entries.mapv(integer)
}

/// Lehmer's matrix, n x n: `min(i, j) / max(i, j)`. Positive definite, of condition below 4n²; the inverse is
/// tridiagonal.
pub fn lehmer<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| i.min(j) as f64 / i.max(j) as f64)
}

/// A graded matrix, n x n: `2^(-step (max(i, j) - 1))`. Positive definite and exact; each step down the diagonal loses
/// `step` bits. With `d = 2^(-step)` the determinant is `d^(n(n-1)/2) (1 - d)^(n-1)`, and the inverse is tridiagonal.
pub fn graded<T: Scalar>(n: usize, step: u32) -> Array2<T> {
    from_formula(n, n, |i, j| (-f64::from(step) * (i.max(j) - 1) as f64).exp2())
}

/// A Jordan block, n x n: `lambda` on the diagonal and 1 above it. One eigenvalue, one eigenvector: perturbing the
/// matrix by ε moves the eigenvalue by ε^(1/n).
pub fn jordan_block<T: Scalar>(n: usize, lambda: T) -> Array2<T> {
    Array2::from_shape_fn((n, n), |(i, j)| {
        if i == j {
            lambda
        } else if i + 1 == j {
            T::one()
        } else {
            T::zero()
        }
    })
}

/// The colleague matrix of the Chebyshev polynomial of degree n, n x n, tridiagonal: 1/2 beside a zero diagonal, but 1 at
/// (1, 2). Its eigenvalues are the polynomial's roots, `cos((2k - 1) π / 2n)`.
pub fn colleague<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| match (i, j) {
        (1, 2) => 1.0,
        _ if i.abs_diff(j) == 1 => 0.5,
        _ => 0.0,
    })
}

/// Pei's matrix, n x n: `alpha I` plus all ones. Eigenvalues `alpha`, n - 1 times, and `alpha + n`; the inverse is
/// `(I - ones / (alpha + n)) / alpha`.
pub fn pei<T: Scalar>(n: usize, alpha: f64) -> Array2<T> {
    from_formula(n, n, |i, j| if i == j { 1.0 + alpha } else { 1.0 })
}

/// The second difference, n x n, tridiagonal: 2 on the diagonal, -1 beside it. Positive definite, determinant n + 1,
/// eigenvalues `4 sin²(k π / (2n + 2))`.
pub fn second_difference<T: Scalar>(n: usize) -> Array2<T> {
    from_formula(n, n, |i, j| match i.abs_diff(j) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    })
}

/// Läuchli's matrix, (n + 1) x n: a row of ones over `mu I`. Singular values `mu`, n - 1 times, and `sqrt(n + mu²)`. Where
/// `mu² < ε`, the normal equations are singular although the matrix is not.
pub fn lauchli<T: Scalar>(n: usize, mu: f64) -> Array2<T> {
    from_formula(n + 1, n, |i, j| {
        if i == 1 {
            1.0
        } else if i == j + 1 {
            mu
        } else {
            0.0
        }
    })
}

#[cfg(test)]
mod tests;
