use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{PivotedQr, Qr, Scalar};
use ndarray::Axis;

use crate::cases::for_each_matrix;
use crate::measure::{Ratios, exponent, one_norm, orthogonality, ratio, wide};

/// LAPACK's threshold.
const FACTOR: f64 = 30.0;

fn qr<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("geqrf");
    for_each_matrix::<T>(|a, case| {
        let (m, n) = a.dim();
        let (k, e) = (m.min(n), exponent(&a));
        let scaled = wide(&a, e);
        let plain = Qr::new(&a).expect(case);
        let pivoted = PivotedQr::new(&a).expect(case);
        assert!(
            plain.certificate(&a).expect(case).holds() && pivoted.certificate(&a).expect(case).holds(),
            "{case}"
        );
        let permuted = scaled.select(Axis(1), pivoted.permutation());
        let factors = [
            (&scaled, plain.q().expect(case), plain.q_full().expect(case), plain.r()),
            (&permuted, pivoted.q().expect(case), pivoted.q_full().expect(case), pivoted.r()),
        ];
        for (target, q, full, r) in factors {
            assert_eq!((q.dim(), full.dim(), r.dim()), ((m, k), (m, m), (k, n)), "{case}");
            assert!(
                r.indexed_iter().all(|((i, j), &x)| i <= j || x == T::zero()),
                "{case}: R is not triangular"
            );
            let residual = wide(&r, e) - wide(&q, 0).t().dot(target);
            ratios.below("‖R − QᵀA‖ / (m ‖A‖ ε)", ratio::<T>(&residual, target, m), FACTOR, case);
            let residual = target - &wide(&q, 0).dot(&wide(&r, e));
            ratios.below("‖A − Q R‖ / (m ‖A‖ ε)", ratio::<T>(&residual, target, m), FACTOR, case);
            ratios.below("‖I − QᵀQ‖ / (m ε)", orthogonality(&q, m), FACTOR, case);
            ratios.below("‖I − QᵀQ‖ / (m ε), full", orthogonality(&full, m), FACTOR, case);
        }
        // By other means than the factorization: its range holds the columns of A.
        let q = Qr::thin_q(&a).expect(case);
        let residual = &scaled - &wide(&q, 0).dot(&wide(&q, 0).t().dot(&scaled));
        ratios.below("‖A − Q QᵀA‖ / (m ‖A‖ ε)", ratio::<T>(&residual, &scaled, m), FACTOR, case);
        ratios.below("‖I − QᵀQ‖ / (m ε), Q alone", orthogonality(&q, m), FACTOR, case);
        let diagonal: Vec<f64> = pivoted.r().diag().iter().map(|x| x.as_f64().abs()).collect();
        assert!(diagonal.windows(2).all(|w| w[1] <= w[0] * (1.0 + 1e-3)), "{case}: the diagonal of R grows");
        let (q, r) = plain.clone().into_thin().expect(case);
        assert!(q == plain.q().expect(case) && r == plain.r(), "{case}: formed in place, Q is another");
    });
}

#[test]
fn qr_f32() {
    qr::<f32>();
}

#[test]
fn qr_f64() {
    qr::<f64>();
}

/// The rank that was built in is the rank that is found.
#[test]
fn pivoted_qr_finds_the_rank() {
    for (m, n) in [(10, 10), (50, 20), (20, 50), (300, 40)] {
        let a = matrix::<f64>(Kind::RankDeficient, m, n);
        assert_eq!(PivotedQr::new(&a).unwrap().rank(), m.min(n) / 2);
        assert_eq!(PivotedQr::new(&matrix::<f64>(Kind::Random, m, n)).unwrap().rank(), m.min(n));
        assert_eq!(PivotedQr::new(&matrix::<f64>(Kind::Zero, m, n)).unwrap().rank(), 0);
    }
}

/// `‖Aᵀ r‖ / (‖A‖ ‖b‖ max(m,n) ε)`: the residual is orthogonal to the columns.
#[test]
fn least_squares_leaves_an_orthogonal_residual() {
    for (m, n) in [(1, 1), (5, 3), (40, 40), (300, 40)] {
        let (a, b) = (matrix::<f64>(Kind::Random, m, n), matrix::<f64>(Kind::Random, m, 2));
        let norms = one_norm(&a) * one_norm(&b) * m as f64 * f64::UNIT_ROUNDOFF;
        for layout in Layout::ALL {
            let solutions = layout.with(&a, |a| {
                [Qr::new(&a).unwrap().solve(&b).unwrap(), PivotedQr::new(&a).unwrap().solve(&b).unwrap()]
            });
            for x in solutions {
                let residual = &b - &a.dot(&x);
                assert!(one_norm(&a.t().dot(&residual)) < 20.0 * norms, "{m}x{n} {layout:?}");
            }
        }
        let vector = Qr::new(&a).unwrap().solve(&b.column(0).to_owned()).unwrap();
        assert_eq!(vector.len(), n);
    }
}
