use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{Scalar, Svd, SvdDriver};
use ndarray::{ArrayRef2, Axis, s};

use crate::cases::for_each_matrix;
use crate::measure::{Ratios, exponent, orthogonality, ratio, wide};

/// LAPACK's threshold.
const SVD: f64 = 50.0;

/// The ratios of one decomposition, and its values' order.
fn check<T: Scalar>(ratios: &mut Ratios, svd: &Svd<T>, a: &ArrayRef2<T>, case: &str) {
    let (m, n) = a.dim();
    let (k, e) = (m.min(n), exponent(a));
    let (scaled, values) = (wide(a, e), svd.singular_values());
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
    let certificate = svd.certificate(a).expect(case);
    assert!(certificate.holds(), "{case}: {certificate}");
}

/// The values alone come by another algorithm; each is within a rounding of the largest of the other's.
fn check_values<T: Scalar>(thin: &Svd<T>, a: &ArrayRef2<T>, case: &str) {
    let alone = Svd::values(a).expect(case).values;
    let largest = thin.singular_values().first().map_or(0.0, |s| s.as_f64());
    let bound = SVD * a.nrows().max(a.ncols()) as f64 * T::UNIT_ROUNDOFF.as_f64() * largest;
    let difference = alone.iter().zip(thin.singular_values()).map(|(x, y)| (x.as_f64() - y.as_f64()).abs());
    assert!(difference.fold(0.0, f64::max) <= bound.max(T::min_positive_value().as_f64()), "{case}");
}

fn svd<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("gesdd");
    for_each_matrix::<T>(|a, case| {
        let thin = Svd::thin(&a).expect(case);
        check(&mut ratios, &thin, &a, case);
        check(&mut ratios, &Svd::full(&a).expect(case), &a, case);
        check_values(&thin, &a, case);
    });
}

/// Matrices that are reduced to a triangle in blocks of rows first: of one block and of several, with Q applied by
/// this library's threads and by OpenBLAS's.
fn tall_svd<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("gesdd, tall");
    for kind in Kind::ALL {
        for (m, n) in [(2000, 20), (20, 2000), (2200, 64)] {
            let a = matrix::<T>(kind, m, n);
            for layout in [Layout::RowMajor, Layout::ColumnMajor] {
                let case = format!("{kind:?} {m}x{n} {layout:?} {}", T::NAME);
                layout.with(&a, |a| {
                    let thin = Svd::thin(&a).expect(&case);
                    assert_eq!(thin.driver(), SvdDriver::TallGesdd, "{case}");
                    check(&mut ratios, &thin, &a, &case);
                    check_values(&thin, &a, &case);
                });
            }
        }
    }
}

/// The values of the plain route on the same matrix: `Svd::full` does not reduce it first.
fn tall_values_are_those_of_the_plain_route<T: Scalar>() {
    for kind in Kind::ALL {
        let a = matrix::<T>(kind, 660, 40);
        check_values(&Svd::full(&a).expect("finite"), &a, &format!("{kind:?} {}", T::NAME));
    }
}

#[test]
fn svd_f32() {
    svd::<f32>();
}

#[test]
fn svd_f64() {
    svd::<f64>();
}

#[test]
fn tall_svd_f32() {
    tall_svd::<f32>();
    tall_values_are_those_of_the_plain_route::<f32>();
}

#[test]
fn tall_svd_f64() {
    tall_svd::<f64>();
    tall_values_are_those_of_the_plain_route::<f64>();
}
