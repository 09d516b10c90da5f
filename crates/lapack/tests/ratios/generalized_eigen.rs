use lapwing_lapack::{GeneralizedEigen, GeneralizedEigenvalue, Scalar};
use ndarray::ArrayView2;
use num_complex::Complex;

use crate::measure::{Ratios, exponent, one_norm, wide};
use crate::square_cases::for_each_pencil;

/// LAPACK's threshold.
const EIGEN: f64 = 20.0;

fn generalized_eigen<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("ggev");
    for_each_pencil::<T>(|a, b, case| {
        let eigen = GeneralizedEigen::params().left_vectors().compute(&a, &b).expect(case);
        let left = eigen.left_vectors().expect("left vectors were asked for");
        hold(
            &mut ratios,
            "‖β A v − α B v‖ / (max(β ‖A‖, α ‖B‖) ‖v‖ n ε)",
            &a,
            &b,
            eigen.vectors(),
            eigen.values(),
            case,
        );
        let conjugates: Vec<_> = eigen
            .values()
            .iter()
            .map(|value| {
                let mut value = *value;
                value.alpha = value.alpha.conj();
                value
            })
            .collect();
        let formula = "‖β uᴴ A − α uᴴ B‖ / (max(β ‖A‖, α ‖B‖) ‖u‖ n ε)";
        hold(&mut ratios, formula, &a.t(), &b.t(), left, &conjugates, case);
        let certificate = eigen.certificate(&a, &b).expect(case);
        assert!(certificate.holds(), "{case}: {certificate}");
        assert_eq!(GeneralizedEigen::eigenvalues(&a, &b).expect(case).len(), a.nrows());
    });
}

fn hold<T: Scalar>(
    ratios: &mut Ratios,
    formula: &'static str,
    a: &ArrayView2<T>,
    b: &ArrayView2<T>,
    vectors: ArrayView2<Complex<T>>,
    values: &[GeneralizedEigenvalue<T>],
    case: &str,
) {
    let (n, of_a, of_b) = (a.nrows(), exponent(a), exponent(b));
    let (a, b) = (wide(a, of_a), wide(b, of_b));
    let (re, im) = (wide(&vectors.mapv(|z| z.re), 0), wide(&vectors.mapv(|z| z.im), 0));
    let [a_re, a_im, b_re, b_im] = [a.dot(&re), a.dot(&im), b.dot(&re), b.dot(&im)];
    let (norm_a, norm_b) = (one_norm(&a), one_norm(&b));
    let unit = n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64();
    let scaled = |x: T, exponent: i32| {
        // In two steps, since the whole power may be out of range.
        x.as_f64() * 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2)
    };
    for (j, value) in values.iter().enumerate() {
        let alpha = Complex::new(scaled(value.alpha.re, of_a), scaled(value.alpha.im, of_a));
        let beta = scaled(value.beta, of_b);
        let mut error = 0.0;
        let mut norm = 0.0;
        for i in 0..n {
            let right = alpha * Complex::new(b_re[[i, j]], b_im[[i, j]]);
            error += (Complex::new(a_re[[i, j]], a_im[[i, j]]) * beta - right).norm();
            norm += re[[i, j]].hypot(im[[i, j]]);
        }
        let two_norm = (0..n).map(|i| re[[i, j]].powi(2) + im[[i, j]].powi(2)).sum::<f64>().sqrt();
        assert!((two_norm - 1.0).abs() <= EIGEN * unit, "{case}: a vector has length {two_norm}");
        assert!(!error.is_nan(), "{case}");
        if error > 0.0 {
            let size = (beta * norm_a).max(alpha.norm() * norm_b) * norm;
            ratios.below(formula, error / size / unit, EIGEN, case);
        }
    }
}

#[test]
fn generalized_eigen_f32() {
    generalized_eigen::<f32>();
}

#[test]
fn generalized_eigen_f64() {
    generalized_eigen::<f64>();
}
