use lapwing_lapack::{Error, GeneralizedSchur, Region, Scalar};
use ndarray::ArrayView2;

use crate::measure::{Ratios, exponent, orthogonality, ratio, wide};
use crate::square_cases::for_each_pencil;

/// LAPACK's threshold.
const EIGEN: f64 = 20.0;

fn generalized_schur<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("gges");
    let (mut reordered, mut inseparable) = (0, 0);
    for_each_pencil::<T>(|a, b, case| {
        let schur = GeneralizedSchur::new(&a, &b).expect(case);
        hold(&mut ratios, &a, &b, &schur, case);
        let region = Region::InsideUnitCircle;
        match schur.reordered(|value| value.lies_in(region)) {
            Ok(ordered) => {
                hold(&mut ratios, &a, &b, &ordered, case);
                assert!(ordered.certificate(&a, &b).expect(case).holds(), "{case}");
                reordered += 1;
            }
            Err(Error::DoesNotExist { .. }) => inseparable += 1,
            Err(error) => panic!("{case}: {error}"),
        }
    });
    // Ill-conditioned eigenvalues that straddle the circle cannot be told apart; they are few.
    assert!(inseparable * 20 <= reordered, "{inseparable} of {reordered} could not be reordered");
}

fn hold<T: Scalar>(
    ratios: &mut Ratios,
    a: &ArrayView2<T>,
    b: &ArrayView2<T>,
    schur: &GeneralizedSchur<T>,
    case: &str,
) {
    let n = a.nrows();
    let (q, z) = (wide(&schur.q(), 0), wide(&schur.z(), 0));
    for (formula, matrix, factor) in
        [("‖A − Q S Zᵀ‖ / (n ‖A‖ ε)", a, schur.s()), ("‖B − Q T Zᵀ‖ / (n ‖B‖ ε)", b, schur.t())]
    {
        let e = exponent(matrix);
        let scaled = wide(matrix, e);
        let residual = &scaled - &q.dot(&wide(&factor, e)).dot(&z.t());
        ratios.below(formula, ratio::<T>(&residual, &scaled, n), EIGEN, case);
    }
    ratios.below("‖I − QᵀQ‖ / (n ε)", orthogonality(&schur.q(), n), EIGEN, case);
    ratios.below("‖I − ZᵀZ‖ / (n ε)", orthogonality(&schur.z(), n), EIGEN, case);

    let (s, t, values) = (schur.s(), schur.t(), schur.eigenvalues());
    assert!(t.indexed_iter().all(|((i, j), &x)| i <= j || x == T::zero()), "{case}: T is not triangular");
    assert!(s.indexed_iter().all(|((i, j), &x)| i <= j + 1 || x == T::zero()), "{case}");
    assert!(values.iter().all(|value| value.beta >= T::zero()), "{case}");
    let mut i = 0;
    while i < n {
        if i + 1 < n && s[[i + 1, i]] != T::zero() {
            assert_eq!(t[[i, i + 1]], T::zero(), "{case}: T is not diagonal beside a block");
            assert!(values[i].alpha.im > T::zero() && values[i + 1].alpha.im < T::zero(), "{case}");
            i += 2;
        } else {
            assert_eq!((values[i].alpha.re, values[i].beta), (s[[i, i]], t[[i, i]]), "{case}");
            i += 1;
        }
    }
}

#[test]
fn generalized_schur_f32() {
    generalized_schur::<f32>();
}

#[test]
fn generalized_schur_f64() {
    generalized_schur::<f64>();
}
