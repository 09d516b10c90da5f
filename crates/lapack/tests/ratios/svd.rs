use lapwing_lapack::{Scalar, Svd};
use ndarray::{Axis, s};

use crate::cases::for_each_matrix;
use crate::measure::{Ratios, exponent, orthogonality, ratio, wide};

/// LAPACK's threshold.
const SVD: f64 = 50.0;

fn svd<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("gesdd");
    for_each_matrix::<T>(|a, case| {
        let (m, n) = a.dim();
        let (k, e) = (m.min(n), exponent(&a));
        let scaled = wide(&a, e);
        for svd in [Svd::thin(&a).expect(case), Svd::full(&a).expect(case)] {
            let values = svd.singular_values();
            assert!(values.iter().all(|&s| s >= T::zero()), "{case}");
            assert!(values.windows(2).into_iter().all(|w| w[0] >= w[1]), "{case}");
            let sigma = wide(&values.insert_axis(Axis(0)), e);
            let product =
                (&wide(&svd.u().slice(s![.., ..k]), 0) * &sigma).dot(&wide(&svd.vt().slice(s![..k, ..]), 0));
            ratios.below(
                "‖A − U Σ Vᵀ‖ / (‖A‖ max(m, n) ε)",
                ratio::<T>(&(&scaled - &product), &scaled, m.max(n)),
                SVD,
                case,
            );
            ratios.below("‖I − UᵀU‖ / (m ε)", orthogonality(&svd.u(), m), SVD, case);
            ratios.below("‖I − VᵀV‖ / (n ε)", orthogonality(&svd.vt().t(), n), SVD, case);
            let certificate = svd.certificate(&a).expect(case);
            assert!(certificate.holds(), "{case}: {certificate}");
        }
        // The values alone come by another algorithm; each is within a rounding of the largest of the other's.
        let (alone, thin) = (Svd::values(&a).expect(case).values, Svd::thin(&a).expect(case));
        let bound = SVD
            * m.max(n) as f64
            * T::UNIT_ROUNDOFF.as_f64()
            * thin.singular_values().first().map_or(0.0, |s| s.as_f64());
        let difference =
            alone.iter().zip(thin.singular_values()).map(|(x, y)| (x.as_f64() - y.as_f64()).abs());
        assert!(difference.fold(0.0, f64::max) <= bound.max(T::min_positive_value().as_f64()), "{case}");
    });
}

#[test]
fn svd_f32() {
    svd::<f32>();
}

#[test]
fn svd_f64() {
    svd::<f64>();
}
