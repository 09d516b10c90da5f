use lapwing_lapack::inverse::{inverse, left_inverse, pseudoinverse, right_inverse, symmetric_pseudoinverse};
use lapwing_lapack::rank::{Tolerance, numerical_rank};
use lapwing_lapack::testing::{Kind, Layout, Mode, matrix, randsvd};
use lapwing_lapack::{LowRank, Polar, Procrustes, Scalar, Triangle, Truncation};
use ndarray::Array2;

use crate::cases::{for_each_matrix, for_each_symmetric};
use crate::measure::{Ratios, exponent, one_norm, orthogonality, ratio, wide};

/// LAPACK's threshold for the SVD, and for LU.
const SVD: f64 = 50.0;
const LU: f64 = 30.0;

/// The largest matrices are tried in one layout and of a few kinds only.
fn is_thinned_out(area: usize, case: &str) -> bool {
    area > 4000 && !case.contains("RowMajor")
        || area > 20_000 && !["Random ", "RankDeficient "].iter().any(|kind| case.starts_with(kind))
}

/// The four conditions of Penrose. The pseudoinverse of `A` is, but for products, the exact one of a matrix that
/// differs by max(m, n) ε ‖A‖, with its singular values below the tolerance taken away, which are no larger: each
/// condition then fails by max(m, n) ε times the norms of its factors, with one `‖X‖` of κ/‖A‖ from the perturbation.
fn penrose<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("pseudoinverse");
    for_each_matrix::<T>(|a, case| {
        let (m, n) = a.dim();
        if is_thinned_out(m * n, case) {
            return;
        }
        let e = exponent(&a);
        let pinv = pseudoinverse(&a, Tolerance::Standard).expect(case);
        assert_eq!(pinv.dim(), (n, m), "{case}");
        // A is scaled by 2ᵉ and X by 2⁻ᵉ, so that products of both are as they were.
        let (a, x) = (wide(&a, e), wide(&pinv, -e));
        let (ax, xa) = (a.dot(&x), x.dot(&a));
        let unit = one_norm(&a) * one_norm(&x) * m.max(n) as f64 * T::UNIT_ROUNDOFF.as_f64();
        if unit == 0.0 {
            assert!(x.iter().all(|&x| x == 0.0), "{case}: the pseudoinverse of zero is zero");
            return;
        }
        let conditions = [
            ("‖A X A − A‖ / (‖A‖² ‖X‖ max(m, n) ε)", one_norm(&(ax.dot(&a) - &a)) / one_norm(&a)),
            ("‖X A X − X‖ / (‖A‖ ‖X‖² max(m, n) ε)", one_norm(&(xa.dot(&x) - &x)) / one_norm(&x)),
            ("‖A X − (A X)ᵀ‖ / (‖A‖ ‖X‖ max(m, n) ε)", one_norm(&(&ax - &ax.t()))),
            ("‖X A − (X A)ᵀ‖ / (‖A‖ ‖X‖ max(m, n) ε)", one_norm(&(&xa - &xa.t()))),
        ];
        for (formula, value) in conditions {
            ratios.below(formula, value / unit, SVD, case);
        }
    });
}

#[test]
fn penrose_f32() {
    penrose::<f32>();
}

#[test]
fn penrose_f64() {
    penrose::<f64>();
}

/// `‖I − A X‖ / (‖A‖ ‖X‖ n ε)`, LAPACK's ratio for `getri`; and the one-sided inverses, on matrices of every condition
/// that leaves them in existence.
fn inverses<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("inverse");
    for (m, n) in [(1, 1), (2, 2), (5, 5), (33, 33), (7, 3), (33, 20), (150, 100), (100, 100), (300, 40)] {
        for (mode, power) in
            [(Mode::Geometric, 0), (Mode::Geometric, 2), (Mode::OneSmall, 3), (Mode::Arithmetic, 1)]
        {
            // Up to a twelfth of the digits short of singular.
            let condition = (0.01 / (m as f64 * T::UNIT_ROUNDOFF.as_f64())).powf(f64::from(power) / 3.0);
            let a = randsvd::<T>(m, n, condition, mode, 17);
            let layouts = if m > 50 { &Layout::ALL[..1] } else { &Layout::ALL[..] };
            for layout in layouts {
                let case = format!("{m}x{n} {mode:?} κ = {condition:.1e} {layout:?} {}", T::NAME);
                let mut below = |formula, left: &Array2<f64>, right: &Array2<f64>, threshold| {
                    let defect = Array2::<f64>::eye(left.nrows()) - left.dot(right);
                    let unit = one_norm(left) * one_norm(right) * m as f64 * T::UNIT_ROUNDOFF.as_f64();
                    ratios.below(formula, one_norm(&defect) / unit, threshold, &case);
                };
                let matrix = wide(&a, 0);
                if m == n {
                    let x = wide(&layout.with(&a, |a| inverse(&a)).expect(&case), 0);
                    below("‖I − A X‖ / (‖A‖ ‖X‖ n ε)", &matrix, &x, LU);
                }
                let left = wide(&layout.with(&a, |a| left_inverse(&a)).expect(&case), 0);
                below("‖I − X A‖ / (‖A‖ ‖X‖ m ε), left", &left, &matrix, SVD);
                let right = wide(&layout.with(&a, |a| right_inverse(&a.t())).expect(&case), 0);
                below("‖I − A X‖ / (‖A‖ ‖X‖ n ε), right", &matrix.t().to_owned(), &right, SVD);
            }
        }
    }
}

#[test]
fn inverses_f32() {
    inverses::<f32>();
}

#[test]
fn inverses_f64() {
    inverses::<f64>();
}

/// The symmetric pseudoinverse by Penrose's conditions: the error of `syevd` in place of that of `gesdd`.
fn symmetric<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("symmetric pseudoinverse");
    for_each_symmetric::<T>(|a, case| {
        let n = a.nrows();
        if is_thinned_out(n * n, case) {
            return;
        }
        let e = exponent(&a);
        for triangle in [Triangle::Lower, Triangle::Upper] {
            let pinv = symmetric_pseudoinverse(&a, triangle, Tolerance::Standard).expect(case);
            assert_eq!(pinv, pinv.t(), "{case}");
            let (a, x) = (wide(&a, e), wide(&pinv, -e));
            let unit = one_norm(&a) * one_norm(&x) * n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64();
            if unit == 0.0 {
                continue;
            }
            let (ax, back) = (a.dot(&x), a.dot(&x).dot(&a) - &a);
            ratios.below("‖A X A − A‖ / (‖A‖² ‖X‖ n ε)", one_norm(&back) / one_norm(&a) / unit, 60.0, case);
            ratios.below("‖A X − (A X)ᵀ‖ / (‖A‖ ‖X‖ n ε)", one_norm(&(&ax - &ax.t())) / unit, 60.0, case);
        }
    });
}

#[test]
fn symmetric_pseudoinverses() {
    symmetric::<f32>();
    symmetric::<f64>();
}

/// `A = U P = P' U` with orthonormal U, as backward errors of the SVD that both come from.
fn polar<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("polar");
    for_each_matrix::<T>(|a, case| {
        let (m, n) = a.dim();
        if is_thinned_out(m * n, case) {
            return;
        }
        let e = exponent(&a);
        let polar = Polar::new(&a).expect(case);
        let (scaled, extent) = (wide(&a, e), m.max(n));
        let u = wide(&polar.orthogonal(), 0);
        let right = &scaled - &u.dot(&wide(&polar.right().expect(case), e));
        let left = &scaled - &wide(&polar.left().expect(case), e).dot(&u);
        ratios.below("‖A − U P‖ / (‖A‖ max(m, n) ε)", ratio::<T>(&right, &scaled, extent), SVD, case);
        ratios.below("‖A − P U‖ / (‖A‖ max(m, n) ε)", ratio::<T>(&left, &scaled, extent), SVD, case);
        let tall = if m < n { polar.orthogonal().reversed_axes() } else { polar.orthogonal() };
        ratios.below("‖I − UᵀU‖ / (max(m, n) ε)", orthogonality(&tall, extent), SVD, case);
        assert!(polar.certificate(&a).expect(case).holds(), "{case}");
    });
}

#[test]
fn polar_f32() {
    polar::<f32>();
}

#[test]
fn polar_f64() {
    polar::<f64>();
}

/// Eckart and Young: the error that is stated is the norm of what is left, to the backward error of the SVD.
fn low_rank<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("low rank");
    for kind in Kind::ALL {
        for (m, n) in [(1, 1), (7, 3), (3, 7), (10, 10), (33, 20), (100, 64)] {
            let a = matrix::<T>(kind, m, n);
            let e = exponent(&a);
            let scaled = wide(&a, e);
            let k = m.min(n);
            let frobenius = |x: &Array2<f64>| x.iter().map(|x| x * x).sum::<f64>().sqrt();
            for rank in [0, 1, k / 2, k - 1, k] {
                let case = format!("{kind:?} {m}x{n} rank {rank} {}", T::NAME);
                let best = LowRank::new(&a, Truncation::Rank(rank)).expect(&case);
                let rest = &scaled - &wide(&best.to_matrix().expect(&case), e);
                let unit = one_norm(&scaled) * m.max(n) as f64 * T::UNIT_ROUNDOFF.as_f64();
                let scale = |x: T| wide(&Array2::from_elem((1, 1), x), e)[[0, 0]];
                let two = lapwing_lapack::Svd::values(&rest).expect(&case).values[0];
                let spectral = (two - scale(best.spectral_error())).abs();
                let whole = (frobenius(&rest) - scale(best.frobenius_error())).abs();
                if unit > 0.0 {
                    ratios.below("|‖A − Aₖ‖₂ − σₖ₊₁| / (‖A‖ max(m, n) ε)", spectral / unit, SVD, &case);
                    ratios.below("|‖A − Aₖ‖_F − √Σσ²| / (‖A‖ max(m, n) ε)", whole / unit, SVD, &case);
                }
                assert!(
                    numerical_rank(&best.to_matrix().expect(&case), Tolerance::Standard).expect(&case)
                        <= rank.max(1)
                );
            }
        }
    }
}

#[test]
fn low_rank_errors() {
    low_rank::<f32>();
    low_rank::<f64>();
}

/// R is orthogonal, and optimal: `Rᵀ aᵀ b` is symmetric and semidefinite, which the polar decomposition of the cross
/// products proves.
fn procrustes<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("Procrustes");
    for (m, n) in [(1, 1), (5, 2), (2, 5), (40, 10), (300, 40)] {
        for layout in Layout::ALL {
            let (a, b) = (matrix::<T>(Kind::Random, m, n), matrix::<T>(Kind::Random, n, m).t().to_owned());
            let case = format!("{m}x{n} {layout:?} {}", T::NAME);
            let fit = layout.with(&a, |a| Procrustes::orthogonal(&a, &b)).expect(&case);
            ratios.below("‖I − RᵀR‖ / (n ε)", orthogonality(&fit.rotation(), n), SVD, &case);
            let cross = wide(&a, 0).t().dot(&wide(&b, 0));
            let stretch = wide(&fit.rotation(), 0).t().dot(&cross);
            let sizes = wide(&a, 0).t().mapv(f64::abs).dot(&wide(&b, 0).mapv(f64::abs));
            let skew = &stretch - &stretch.t();
            ratios.below(
                "‖RᵀAᵀB − (RᵀAᵀB)ᵀ‖ / (‖abs(Aᵀ) abs(B)‖ max(m, n) ε)",
                ratio::<T>(&skew, &sizes, m.max(n)),
                SVD,
                &case,
            );
        }
    }
}

#[test]
fn procrustes_rotations() {
    procrustes::<f32>();
    procrustes::<f64>();
}
