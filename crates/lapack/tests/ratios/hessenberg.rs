use lapwing_lapack::{Hessenberg, Scalar};

use crate::measure::{Ratios, exponent, orthogonality, ratio, wide};
use crate::square_cases::for_each_square;

/// LAPACK's threshold.
const FACTOR: f64 = 20.0;

fn hessenberg<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("gehrd");
    for_each_square::<T>(|a, case| {
        let (n, e) = (a.nrows(), exponent(&a));
        let form = Hessenberg::new(&a).expect(case);
        assert!(form.h().indexed_iter().all(|((i, j), &x)| i <= j + 1 || x == T::zero()), "{case}");
        let (scaled, h, q) = (wide(&a, e), wide(&form.h(), e), wide(&form.q(), 0));
        let residual = &scaled - &q.dot(&h).dot(&q.t());
        ratios.below("‖A − Q H Qᵀ‖ / (n ‖A‖ ε)", ratio::<T>(&residual, &scaled, n), FACTOR, case);
        ratios.below("‖I − QᵀQ‖ / (n ε)", orthogonality(&form.q(), n), FACTOR, case);
        assert!(form.certificate(&a).expect(case).holds(), "{case}");
    });
}

#[test]
fn hessenberg_f32() {
    hessenberg::<f32>();
}

#[test]
fn hessenberg_f64() {
    hessenberg::<f64>();
}
