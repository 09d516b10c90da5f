use lapwing_lapack::functions::{expm, logm, power, signm, sqrtm};
use lapwing_lapack::testing::{Kind, Layout, matrix, symmetric};
use lapwing_lapack::{Error, Scalar};
use ndarray::{Array2, ArrayView2};

use crate::measure::{Ratios, one_norm, wide};

/// LAPACK's threshold for what is computed from the Schur form.
const THRESHOLD: f64 = 20.0;

/// A matrix with its eigenvalues in the disc about 1 of radius 1/2, more or less: every function of it exists.
fn near_identity<T: Scalar>(n: usize) -> Array2<T> {
    let random = matrix::<f64>(Kind::Random, n, n) / (2.0 * (n.max(1) as f64).sqrt());
    (random + Array2::<f64>::eye(n)).mapv(T::from_f64)
}

fn unit<T: Scalar>(n: usize) -> f64 {
    n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()
}

/// `error / size`, where an exact result of size zero is exact.
fn over(error: f64, size: f64) -> f64 {
    if error == 0.0 { 0.0 } else { error / size }
}

fn for_each<T: Scalar>(mut check: impl FnMut(ArrayView2<T>, &str)) {
    for (n, layouts) in [(0, 6), (1, 6), (2, 6), (5, 6), (10, 6), (33, 2), (100, 1)] {
        let a = near_identity::<T>(n);
        for layout in &Layout::ALL[..layouts] {
            layout.with(&a, |view| check(view, &format!("random {n} {layout:?} {}", T::NAME)));
        }
    }
    let large = near_identity::<T>(300);
    check(large.view(), &format!("random 300 {}", T::NAME));
}

/// `‖X² − A‖ / (‖X‖² n ε)`, as `‖A − Q T Qᵀ‖` and the rounding of the recurrence allow.
fn square_root<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("sqrtm");
    let formula = "‖X² − A‖ / (‖X‖² n ε)";
    let mut below = |a: &ArrayView2<T>, case: &str| {
        let root = wide(&sqrtm(a).expect(case), 0);
        let error = one_norm(&(root.dot(&root) - wide(a, 0)));
        let size = one_norm(&root).powi(2) * unit::<T>(a.nrows());
        ratios.below(formula, over(error, size), THRESHOLD, case);
    };
    for_each::<T>(|a, case| below(&a, case));
    // Of the symmetric kinds the square has a root: semidefinite, with all that rounding does to zero eigenvalues.
    for kind in Kind::ALL {
        if matches!(kind, Kind::NearOverflow | Kind::NearUnderflow) {
            continue;
        }
        for n in [1, 2, 10, 50] {
            let a = symmetric::<f64>(kind, n);
            let product = a.dot(&a);
            let square = Array2::from_shape_fn((n, n), |(i, j)| T::from_f64(product[[i.max(j), i.min(j)]]));
            below(&square.view(), &format!("{kind:?} squared {n} {}", T::NAME));
        }
    }
}

#[test]
fn square_root_f32() {
    square_root::<f32>();
}

#[test]
fn square_root_f64() {
    square_root::<f64>();
}

/// `‖exp(log A) − A‖` over what a relative error of `n ε` in the logarithm does to the exponential: at most
/// `‖log A‖ exp(‖log A‖)`.
fn logarithm<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("logm");
    for_each::<T>(|a, case| {
        let logarithm = logm(&a).expect(case);
        let again = wide(&expm(&logarithm).expect(case), 0);
        let norm = one_norm(&wide(&logarithm, 0));
        let size = (1.0 + norm) * norm.exp() * unit::<T>(a.nrows());
        let error = one_norm(&(again - wide(&a, 0)));
        ratios.below("‖exp(log A) − A‖ / ((1 + ‖L‖) exp ‖L‖ n ε)", over(error, size), THRESHOLD, case);
    });
}

#[test]
fn logarithm_f32() {
    logarithm::<f32>();
}

#[test]
fn logarithm_f64() {
    logarithm::<f64>();
}

/// `‖E F − I‖ / (κ ‖E‖ ‖F‖ n ε)` for `E = exp(A)`, `F = exp(−A)`, with the bound ‖A‖ of the condition number of the
/// exponential of a normal matrix, to which these are near.
fn exponential<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("expm");
    let mut below = |a: &ArrayView2<T>, case: &str| {
        let (there, back) = (expm(a).expect(case), expm(&a.mapv(|x| -x)).expect(case));
        let (there, back) = (wide(&there, 0), wide(&back, 0));
        let error = one_norm(&(there.dot(&back) - Array2::<f64>::eye(a.nrows())));
        let condition = one_norm(&wide(a, 0)).max(1.0);
        let size = condition * one_norm(&there) * one_norm(&back) * unit::<T>(a.nrows());
        ratios.below(
            "‖exp(A) exp(−A) − I‖ / (‖A‖ ‖exp(A)‖ ‖exp(−A)‖ n ε)",
            over(error, size),
            THRESHOLD,
            case,
        );
    };
    for_each::<T>(|a, case| below(&a, case));
    for kind in Kind::ALL {
        if kind == Kind::NearOverflow {
            let overflow = expm(&matrix::<T>(kind, 10, 10));
            assert!(matches!(overflow, Err(Error::Overflow { .. })));
            continue;
        }
        for n in [1, 2, 10, 50] {
            below(&matrix::<T>(kind, n, n).view(), &format!("{kind:?} {n} {}", T::NAME));
        }
    }
}

#[test]
fn exponential_f32() {
    exponential::<f32>();
}

#[test]
fn exponential_f64() {
    exponential::<f64>();
}

/// `‖S² − I‖ / (‖S‖² n ε)` and `‖A S − S A‖ / (‖A‖ ‖S‖² n ε)`.
fn sign<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("signm");
    for_each::<T>(|a, case| {
        let n = a.nrows();
        // Eigenvalues in a disc about zero.
        let mut centred = a.to_owned();
        centred.diag_mut().mapv_inplace(|x| x - T::one());
        if n == 0 {
            return;
        }
        let sign = wide(&signm(&centred).expect(case), 0);
        let a = wide(&centred, 0);
        // The conditioning of the sign is that of the spectral projectors: ‖S‖ over the gap, which for random
        // matrices is about 1 / n of the norm.
        let size = one_norm(&sign).powi(2) * unit::<T>(n);
        let error = one_norm(&(sign.dot(&sign) - Array2::<f64>::eye(n)));
        ratios.below("‖S² − I‖ / (‖S‖² n ε)", over(error, size), THRESHOLD, case);
        let error = one_norm(&(a.dot(&sign) - sign.dot(&a)));
        ratios.below("‖A S − S A‖ / (‖A‖ ‖S‖² n ε)", over(error, size * one_norm(&a)), THRESHOLD, case);
    });
}

#[test]
fn sign_f32() {
    sign::<f32>();
}

#[test]
fn sign_f64() {
    sign::<f64>();
}

/// `‖A⁵ computed − A⁵‖ / (‖A‖⁵ n ε)` against the product in double precision; `‖A⁻² A² − I‖` over `κ²`.
fn powers<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("matrix power");
    for_each::<T>(|a, case| {
        let n = a.nrows();
        let exact = wide(&a, 0);
        let square = exact.dot(&exact);
        let fifth = square.dot(&square).dot(&exact);
        let error = one_norm(&(wide(&power(&a, 5).expect(case), 0) - fifth));
        let size = one_norm(&exact).powi(5) * unit::<T>(n);
        // Both are rounded alike in double precision.
        ratios.below("‖P − A⁵‖ / (‖A‖⁵ n ε)", over(error, size), THRESHOLD, case);
        let inverse = wide(&power(&a, -2).expect(case), 0);
        let error = one_norm(&(inverse.dot(&square) - Array2::<f64>::eye(n)));
        let size = (one_norm(&inverse) * one_norm(&exact).powi(2)).powi(2).max(1.0) * unit::<T>(n);
        ratios.below("‖A⁻² A² − I‖ / (‖A⁻²‖² ‖A‖⁴ n ε)", over(error, size), THRESHOLD, case);
    });
}

#[test]
fn powers_f32() {
    powers::<f32>();
}

#[test]
fn powers_f64() {
    powers::<f64>();
}
