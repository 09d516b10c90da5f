use lapwing_lapack::{Error, Region, Scalar, Schur};
use ndarray::ArrayView2;

use crate::measure::{Ratios, exponent, orthogonality, ratio, wide};
use crate::square_cases::for_each_square;

/// LAPACK's threshold.
const EIGEN: f64 = 20.0;

fn schur<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("gees");
    for_each_square::<T>(|a, case| {
        let schur = Schur::new(&a).expect(case);
        assert_eq!(schur.leading(), 0);
        hold(&mut ratios, "‖A − Q T Qᵀ‖ / (n ‖A‖ ε)", "‖I − QᵀQ‖ / (n ε)", &a, &schur, case);

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

#[test]
fn schur_f32() {
    schur::<f32>();
}

#[test]
fn schur_f64() {
    schur::<f64>();
}
