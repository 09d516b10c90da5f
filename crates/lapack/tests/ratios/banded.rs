//! Banded, tridiagonal and triangular systems.

use lapwing_lapack::testing::{Kind, matrix};
use lapwing_lapack::{
    Banded, BandedCholesky, BandedLu, Diagonal, Scalar, Triangle, TridiagonalCholesky, TridiagonalLu,
    triangular,
};
use ndarray::{Array2, s};

use crate::measure::{Ratios, exponent, one_norm, wide};

/// LAPACK's threshold.
const FACTOR: f64 = 30.0;

/// ‖b − A x‖ / (‖A‖ ‖x‖ n ε), of each solution by itself.
fn residual<T: Scalar>(a: &Array2<T>, x: &Array2<T>, b: &Array2<T>) -> f64 {
    let (e, n) = (exponent(a), a.nrows().max(1) as f64);
    let (a, x, b) = (wide(a, e), wide(x, -e), wide(b, 0));
    let defect = &b - &a.dot(&x);
    (0..x.ncols())
        .map(|j| {
            let column = |m: &Array2<f64>| one_norm(&m.slice(s![.., j..j + 1]).to_owned());
            let error = column(&defect);
            let norms = one_norm(&a) * column(&x) * n * T::UNIT_ROUNDOFF.as_f64();
            if error == 0.0 { 0.0 } else { error / norms }
        })
        .fold(0.0, f64::max)
}

fn masked<T: Scalar>(a: &Array2<T>, keep: impl Fn(usize, usize) -> bool) -> Array2<T> {
    Array2::from_shape_fn(a.dim(), |(i, j)| if keep(i, j) { a[[i, j]] } else { T::zero() })
}

fn systems<T: Scalar>() {
    let mut general = Ratios::new::<T>("gbtrf");
    let mut definite = Ratios::new::<T>("pbtrf");
    let mut three = Ratios::new::<T>("gttrf");
    let mut three_definite = Ratios::new::<T>("pttrf");
    let mut triangles = Ratios::new::<T>("trtrs");
    let solve = "‖b − A x‖ / (‖A‖ ‖x‖ n ε)";
    let transposed = "‖b − Aᵀ x‖ / (‖A‖ ‖x‖ n ε)";
    for kind in [Kind::Random, Kind::Graded, Kind::NearOverflow, Kind::NearUnderflow] {
        for n in [1, 2, 5, 10, 33, 100, 300] {
            if n == 300 && kind != Kind::Random {
                continue;
            }
            let (full, b) = (matrix::<T>(kind, n, n), matrix::<T>(Kind::Random, n, 2));
            for (lower, upper) in [(0, 0), (1, 1), (0, 2), (2, 0), (3, 5), (40, 20)] {
                let case = format!("{kind:?} {n} +{upper} −{lower} {}", T::NAME);
                let mut a = masked(&full, |i, j| i <= j + lower && j <= i + upper);
                if n > 10 {
                    // A long random band is so ill-conditioned that its solutions overflow.
                    let largest = full.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
                    a.diag_mut().mapv_inplace(|x| x + largest);
                }
                let banded = Banded::from_dense(&a).expect(&case);
                let lu = BandedLu::new(&banded).expect(&case);
                let certificate = lu.certificate(&banded).expect(&case).ratios()[0].clone();
                general.below(certificate.what, certificate.value, FACTOR, &case);
                let x = lu.solve(&b).expect(&case);
                general.below(solve, residual(&a, &x, &b), FACTOR, &case);
                let x = lu.solve_transposed(&b).expect(&case);
                general.below(transposed, residual(&a.t().to_owned(), &x, &b), FACTOR, &case);
                if (lower, upper) == (1, 1) {
                    let diagonal = |k: isize| {
                        let length = n - k.unsigned_abs();
                        ndarray::Array1::from_shape_fn(length, |i| {
                            a[[i + (-k).max(0) as usize, i + k.max(0) as usize]]
                        })
                    };
                    let (below, main, above) = (diagonal(-1), diagonal(0), diagonal(1));
                    let lu = TridiagonalLu::new(&below, &main, &above).expect(&case);
                    let certificate = lu.certificate(&below, &main, &above).expect(&case).ratios()[0].clone();
                    three.below(certificate.what, certificate.value, FACTOR, &case);
                    three.below(solve, residual(&a, &lu.solve(&b).expect(&case), &b), FACTOR, &case);
                    let x = lu.solve_transposed(&b).expect(&case);
                    three.below(transposed, residual(&a.t().to_owned(), &x, &b), FACTOR, &case);
                }

                // Symmetric, and diagonally dominant.
                let largest = a.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
                let width = lower.max(upper);
                let mut a = masked(&full, |i, j| i <= j + width && j <= i + width);
                a = Array2::from_shape_fn((n, n), |(i, j)| match i.cmp(&j) {
                    std::cmp::Ordering::Equal => largest * T::from_f64(3.0 * (width + 1) as f64),
                    std::cmp::Ordering::Greater => a[[i, j]],
                    std::cmp::Ordering::Less => a[[j, i]],
                });
                let banded = Banded::from_dense(&a).expect(&case);
                let cholesky = BandedCholesky::new(&banded).expect(&case);
                let certificate = cholesky.certificate(&banded).expect(&case).ratios()[0].clone();
                definite.below(certificate.what, certificate.value, FACTOR, &case);
                definite.below(solve, residual(&a, &cholesky.solve(&b).expect(&case), &b), FACTOR, &case);
                if width == 1 {
                    let main = a.diag().to_owned();
                    let below = ndarray::Array1::from_shape_fn(n - 1, |i| a[[i + 1, i]]);
                    let cholesky = TridiagonalCholesky::new(&main, &below).expect(&case);
                    let certificate = cholesky.certificate(&main, &below).expect(&case).ratios()[0].clone();
                    three_definite.below(certificate.what, certificate.value, FACTOR, &case);
                    let x = cholesky.solve(&b).expect(&case);
                    three_definite.below(solve, residual(&a, &x, &b), FACTOR, &case);
                }
            }
            for triangle in [Triangle::Lower, Triangle::Upper] {
                if kind == Kind::Graded {
                    continue;
                }
                let case = format!("{kind:?} {n} {triangle:?} {}", T::NAME);
                // A random triangle is exponentially ill-conditioned: the diagonal is made to stand out.
                let largest = full.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
                let mut a = masked(&full, |i, j| (i >= j) == (triangle == Triangle::Lower) || i == j);
                a.mapv_inplace(|x| x / T::from_f64(n as f64));
                a.diag_mut().mapv_inplace(|x| x + largest);
                let x = triangular::solve(&a, triangle, Diagonal::General, &b).expect(&case);
                triangles.below(solve, residual(&a, &x, &b), FACTOR, &case);
                if n <= 100 {
                    let inverse = triangular::inverse(&a, triangle, Diagonal::General).expect(&case);
                    let e = exponent(&a);
                    let (a, inverse) = (wide(&a, e), wide(&inverse, -e));
                    let defect = Array2::<f64>::eye(n) - a.dot(&inverse);
                    let norms = one_norm(&a) * one_norm(&inverse) * n as f64 * T::UNIT_ROUNDOFF.as_f64();
                    let value = one_norm(&defect) / norms;
                    triangles.below("‖I − A A⁻¹‖ / (‖A‖ ‖A⁻¹‖ n ε)", value, FACTOR, &case);
                }
            }
        }
    }
}

#[test]
fn banded_f32() {
    systems::<f32>();
}

#[test]
fn banded_f64() {
    systems::<f64>();
}
