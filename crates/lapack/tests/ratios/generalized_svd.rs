use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{GeneralizedSvd, Scalar};
use ndarray::{Array2, s};

use crate::measure::{Ratios, exponent, orthogonality, ratio, wide};

/// LAPACK's threshold.
const GSVD: f64 = 20.0;

fn generalized_svd<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("tgsja");
    let shapes = [
        (1, 1, 1),
        (3, 2, 5),
        (5, 5, 5),
        (8, 3, 5),
        (2, 9, 6),
        (10, 4, 10),
        (4, 3, 20),
        (40, 30, 25),
        (120, 90, 80),
    ];
    let mut pair = 0;
    for (m, p, n) in shapes {
        for of_a in Kind::ALL {
            for of_b in [Kind::Random, Kind::RankDeficient, Kind::Identity, Kind::IllConditioned, Kind::Zero]
            {
                if m > 100 && (of_a, of_b) != (Kind::Random, Kind::IllConditioned) {
                    continue;
                }
                pair += 1;
                let (a, b) = (matrix::<T>(of_a, m, n), matrix::<T>(of_b, p, n));
                // In the course of the pairs, every layout of one meets every layout of the other.
                let layouts = (Layout::ALL[pair % 6], Layout::ALL[pair / 6 % 6]);
                let case = format!("{of_a:?}, {of_b:?} {m}, {p} x {n} {layouts:?} {}", T::NAME);
                let gsvd = layouts.0.with(&a, |a| {
                    layouts.1.with(&b, |b| {
                        let gsvd = GeneralizedSvd::new(&a, &b).expect(&case);
                        let certificate = gsvd.certificate(&a, &b).expect(&case);
                        assert!(certificate.holds(), "{case}: {certificate}");
                        gsvd
                    })
                });
                hold(&mut ratios, &a, &b, &gsvd, &case);
            }
        }
    }
}

fn hold<T: Scalar>(ratios: &mut Ratios, a: &Array2<T>, b: &Array2<T>, gsvd: &GeneralizedSvd<T>, case: &str) {
    let (n, rank) = (a.ncols(), gsvd.rank());
    let range = wide(&gsvd.q().slice(s![.., n - rank..]), 0);
    for (formula, matrix, factor, d) in [
        ("‖A − U D₁ [0 R] Qᵀ‖ / (max(m, n) ‖A‖ ε)", a, gsvd.u(), gsvd.d1()),
        ("‖B − V D₂ [0 R] Qᵀ‖ / (max(p, n) ‖B‖ ε)", b, gsvd.v(), gsvd.d2()),
    ] {
        let e = exponent(matrix);
        let scaled = wide(matrix, e);
        let product = wide(&factor, 0).dot(&wide(&d, 0)).dot(&wide(&gsvd.r(), e)).dot(&range.t());
        let extent = matrix.nrows().max(n);
        ratios.below(formula, ratio::<T>(&(&scaled - &product), &scaled, extent), GSVD, case);
    }
    for (formula, factor) in
        [("‖I − UᵀU‖ / (m ε)", gsvd.u()), ("‖I − VᵀV‖ / (p ε)", gsvd.v()), ("‖I − QᵀQ‖ / (n ε)", gsvd.q())]
    {
        ratios.below(formula, orthogonality(&factor, factor.nrows()), GSVD, case);
    }
    assert!(gsvd.r().indexed_iter().all(|((i, j), &x)| i <= j || x == T::zero()), "{case}");
    for (c, s) in gsvd.cosines().iter().zip(gsvd.sines()) {
        let (c, s) = (c.as_f64(), s.as_f64());
        assert!((0.0..=1.0).contains(&c) && (0.0..=1.0).contains(&s), "{case}: {c} {s}");
        assert!((c.hypot(s) - 1.0).abs() <= 4.0 * T::UNIT_ROUNDOFF.as_f64(), "{case}");
    }
}

#[test]
fn generalized_svd_f32() {
    generalized_svd::<f32>();
}

#[test]
fn generalized_svd_f64() {
    generalized_svd::<f64>();
}
