use lapwing_lapack::{Balancing, ConditionNumbers, GeneralEigen, Scalar};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use num_complex::Complex;

use crate::measure::{Ratios, exponent, one_norm, wide};
use crate::square_cases::for_each_square;

/// LAPACK's threshold.
const EIGEN: f64 = 20.0;

fn general_eigen<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("geevx");
    for_each_square::<T>(|a, case| {
        let n = a.nrows();
        let eigen = GeneralEigen::params().left_vectors().compute(&a).expect(case);
        let left = eigen.left_vectors().expect("left vectors were asked for");
        hold(&mut ratios, "‖A V − V Λ‖ / (n ‖A‖ ε)", &a, eigen.vectors(), eigen.values(), case);
        let conjugates = eigen.values().mapv(|z| z.conj());
        hold(&mut ratios, "‖Uᴴ A − Λ Uᴴ‖ / (n ‖A‖ ε)", &a.t(), left, conjugates.view(), case);
        let certificate = eigen.certificate(&a).expect(case);
        assert!(certificate.holds(), "{case}: {certificate}");

        // Conjugate eigenvalues are neighbours, the positive imaginary part first, their vectors exact conjugates.
        let (values, vectors) = (eigen.values(), eigen.vectors());
        let mut i = 0;
        while i < n {
            if values[i].im == T::zero() {
                assert!(vectors.column(i).iter().all(|z| z.im == T::zero()), "{case}");
                i += 1;
            } else {
                assert!(values[i].im > T::zero() && values[i + 1] == values[i].conj(), "{case}");
                assert!(vectors.column(i).iter().zip(vectors.column(i + 1)).all(|(z, w)| z.conj() == *w));
                i += 2;
            }
        }
        // Without left vectors the same iteration runs, to the last bit.
        let right = GeneralEigen::new(&a).expect(case);
        assert!(right.values() == eigen.values() && right.vectors() == eigen.vectors(), "{case}");
        assert!(right.left_vectors().is_none());

        if n <= 25 {
            for balancing in [Balancing::None, Balancing::Permute, Balancing::Scale] {
                let eigen = GeneralEigen::params()
                    .balancing(balancing)
                    .conditions(ConditionNumbers::ValuesAndVectors)
                    .compute(&a)
                    .expect(case);
                hold(&mut ratios, "‖A V − V Λ‖ / (n ‖A‖ ε)", &a, eigen.vectors(), eigen.values(), case);
                let conditions = eigen.conditions().expect("they were asked for");
                assert_eq!((conditions.values.len(), conditions.vectors.len()), (n, n), "{case}");
                let slack = T::from_f64(1.0 + 20.0 * n as f64 * T::UNIT_ROUNDOFF.as_f64());
                assert!(conditions.values.iter().all(|&s| T::zero() <= s && s <= slack), "{case}");
                assert!(conditions.vectors.iter().all(|&separation| separation >= T::zero()), "{case}");
            }
        }
        // The trace is the sum of the eigenvalues, each of which the iteration may move by n ‖A‖ ε.
        let e = exponent(&a);
        let values = GeneralEigen::eigenvalues(&a).expect(case);
        let sum: f64 = wide(&values.mapv(|z| z.re).insert_axis(Axis(0)), e).iter().sum();
        let scaled = wide(&a, e);
        let trace: f64 = scaled.diag().iter().sum();
        if n > 0 && one_norm(&scaled) > 0.0 {
            let unit = n as f64 * one_norm(&scaled) * T::UNIT_ROUNDOFF.as_f64();
            ratios.below(
                "distance of tr A from Σ λ / (n ‖A‖ ε), values alone",
                (trace - sum).abs() / unit,
                EIGEN,
                case,
            );
        }
    });
}

/// The residual in real arithmetic, and the vectors' norm.
fn hold<T: Scalar>(
    ratios: &mut Ratios,
    formula: &'static str,
    a: &ArrayView2<T>,
    vectors: ArrayView2<Complex<T>>,
    values: ArrayView1<Complex<T>>,
    case: &str,
) {
    let (n, e) = (a.nrows(), exponent(a));
    let scaled = wide(a, e);
    let (re, im) = (wide(&vectors.mapv(|z| z.re), 0), wide(&vectors.mapv(|z| z.im), 0));
    let lambda_re = wide(&values.mapv(|z| z.re).insert_axis(Axis(0)), e);
    let lambda_im = wide(&values.mapv(|z| z.im).insert_axis(Axis(0)), e);
    let of_re = scaled.dot(&re) - (&re * &lambda_re - &im * &lambda_im);
    let of_im = scaled.dot(&im) - (&re * &lambda_im + &im * &lambda_re);
    let modulus = Array2::from_shape_fn((n, n), |place| of_re[place].hypot(of_im[place]));
    assert!(!modulus.iter().any(|x| x.is_nan()), "{case}: the result holds NaN");
    let unit = n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64();
    let error = match one_norm(&modulus) {
        0.0 => 0.0,
        error => error / one_norm(&scaled) / unit,
    };
    ratios.below(formula, error, EIGEN, case);
    let squares = re.mapv(|x| x * x) + im.mapv(|x| x * x);
    let distance = squares.sum_axis(Axis(0)).iter().map(|x| (x.sqrt() - 1.0).abs()).fold(0.0, f64::max);
    ratios.below("distance of ‖v‖₂ from 1 / (n ε)", distance / unit, EIGEN, case);
}

#[test]
fn general_eigen_f32() {
    general_eigen::<f32>();
}

#[test]
fn general_eigen_f64() {
    general_eigen::<f64>();
}
