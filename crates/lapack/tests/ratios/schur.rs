use lapwing_lapack::{ComplexSchur, Error, Region, Scalar, Schur};
use ndarray::{Array2, ArrayView2, Axis};

use crate::measure::{Ratios, exponent, one_norm, orthogonality, ratio, wide};
use crate::square_cases::for_each_square;

/// LAPACK's threshold.
const EIGEN: f64 = 20.0;

fn schur<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("gees");
    for_each_square::<T>(|a, case| {
        let schur = Schur::new(&a).expect(case);
        assert_eq!(schur.leading(), 0);
        hold(&mut ratios, "‖A − Q T Qᵀ‖ / (n ‖A‖ ε)", "‖I − QᵀQ‖ / (n ε)", &a, &schur, case);

        let complex = schur.to_complex().expect(case);
        hold_complex(&mut ratios, &a, &complex, case);
        for (z, w) in complex.eigenvalues().iter().zip(schur.eigenvalues()) {
            assert_eq!(z, w, "{case}");
        }

        match schur.reordered(|z| Region::LeftHalfPlane.contains(z)) {
            Ok(ordered) => {
                let (reconstructs, orthogonal) =
                    ("‖A − Q T Qᵀ‖ / (n ‖A‖ ε), reordered", "‖I − QᵀQ‖ / (n ε), reordered");
                hold(&mut ratios, reconstructs, orthogonal, &a, &ordered, case);
                let condition = ordered.leading_condition().expect(case);
                assert!(condition.mean >= T::zero() && condition.mean <= T::one(), "{case}");
                assert!(condition.separation >= T::zero(), "{case}");
            }
            // A multiple eigenvalue at the border of the region may be split by rounding.
            Err(Error::DoesNotExist { .. }) => {
                assert!(["jordan", "nilpotent", "frank"].iter().any(|name| case.contains(name)), "{case}");
            }
            Err(error) => panic!("{case}: {error}"),
        }
    });
}

fn hold<T: Scalar>(
    ratios: &mut Ratios,
    reconstructs: &'static str,
    orthogonal: &'static str,
    a: &ArrayView2<T>,
    schur: &Schur<T>,
    case: &str,
) {
    let (n, e) = (a.nrows(), exponent(a));
    let (scaled, t, q) = (wide(a, e), wide(&schur.t(), e), wide(&schur.q(), 0));
    let residual = &scaled - &q.dot(&t).dot(&q.t());
    ratios.below(reconstructs, ratio::<T>(&residual, &scaled, n), EIGEN, case);
    ratios.below(orthogonal, orthogonality(&schur.q(), n), EIGEN, case);
    assert!(schur.certificate(a).expect(case).holds(), "{case}");

    // The standard form, and the eigenvalues that it shows.
    let (t, values) = (schur.t(), schur.eigenvalues());
    assert!(
        t.indexed_iter().all(|((i, j), &x)| i <= j + 1 || x == T::zero()),
        "{case}: not quasi-triangular"
    );
    let mut i = 0;
    while i < n {
        if i + 1 < n && t[[i + 1, i]] != T::zero() {
            assert_eq!(t[[i, i]], t[[i + 1, i + 1]], "{case}");
            assert!((t[[i, i + 1]] > T::zero()) != (t[[i + 1, i]] > T::zero()), "{case}");
            assert!(values[i].im > T::zero() && values[i] == values[i + 1].conj(), "{case}");
            i += 2;
        } else {
            assert_eq!((values[i].re, values[i].im), (t[[i, i]], T::zero()), "{case}");
            i += 1;
        }
    }
}

fn hold_complex<T: Scalar>(ratios: &mut Ratios, a: &ArrayView2<T>, schur: &ComplexSchur<T>, case: &str) {
    let (n, e) = (a.nrows(), exponent(a));
    assert!(schur.t().indexed_iter().all(|((i, j), z)| i <= j || z.norm_sqr() == T::zero()), "{case}");
    assert!(schur.certificate(a).expect(case).holds(), "{case}");
    // A complex matrix as the real one of twice its order.
    let real = |matrix: ArrayView2<num_complex::Complex<T>>, e| {
        let (re, im) = (wide(&matrix.mapv(|z| z.re), e), wide(&matrix.mapv(|z| z.im), e));
        ndarray::concatenate![
            Axis(0),
            ndarray::concatenate![Axis(1), re, -&im],
            ndarray::concatenate![Axis(1), im, re]
        ]
    };
    let (t, q) = (real(schur.t(), e), real(schur.q(), 0));
    let scaled = wide(a, e);
    let zero = Array2::zeros((n, n));
    let target = ndarray::concatenate![
        Axis(0),
        ndarray::concatenate![Axis(1), scaled, zero],
        ndarray::concatenate![Axis(1), zero, scaled]
    ];
    let residual = &target - &q.dot(&t).dot(&q.t());
    ratios.below("‖A − Q T Qᴴ‖ / (n ‖A‖ ε), complex", ratio::<T>(&residual, &target, n), EIGEN, case);
    let skew = one_norm(&(Array2::<f64>::eye(2 * n) - q.t().dot(&q)));
    let unit = n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64();
    ratios.below("‖I − QᴴQ‖ / (n ε), complex", skew / unit, EIGEN, case);
}

#[test]
fn schur_f32() {
    schur::<f32>();
}

#[test]
fn schur_f64() {
    schur::<f64>();
}
