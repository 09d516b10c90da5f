use lapwing_lapack::{Scalar, Spectrum, SymmetricEigen, Triangle};
use ndarray::{Array2, Axis};

use crate::cases::for_each_symmetric;
use crate::measure::{Ratios, exponent, orthogonality, ratio, wide};

/// LAPACK's threshold.
const EIGEN: f64 = 60.0;

fn symmetric_eigen<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("syevd");
    for_each_symmetric::<T>(|a, case| {
        let (n, e) = (a.nrows(), exponent(&a));
        let scaled = wide(&a, e);
        for triangle in [Triangle::Lower, Triangle::Upper] {
            // The triangle that is not referenced holds NaN.
            let half = Array2::from_shape_fn((n, n), |(i, j)| {
                if (i >= j) == (triangle == Triangle::Lower) || i == j { a[[i, j]] } else { T::nan() }
            });
            let eigen = SymmetricEigen::params().triangle(triangle).compute(&half).expect(case);
            assert!(eigen.values().windows(2).into_iter().all(|w| w[0] <= w[1]), "{case}");
            let z = wide(&eigen.vectors(), 0);
            let lambda = wide(&eigen.values().insert_axis(Axis(0)), e);
            let residual = &scaled - &(&z * &lambda).dot(&z.t());
            ratios.below("‖A − Z Λ Zᵀ‖ / (‖A‖ n ε)", ratio::<T>(&residual, &scaled, n), EIGEN, case);
            ratios.below("‖I − ZᵀZ‖ / (n ε)", orthogonality(&eigen.vectors(), n), EIGEN, case);
            assert!(eigen.certificate(&half).expect(case).holds(), "{case}");
        }
        // Some of the spectrum, by position and by interval, in the caller's own layout.
        let all = SymmetricEigen::eigenvalues(&a).expect(case).values;
        for count in [0, 1.min(n), n / 5, n] {
            let part =
                SymmetricEigen::params().spectrum(Spectrum::Index(n - count..n)).compute(&a).expect(case);
            assert_eq!((part.values().len(), part.vectors().dim()), (count, (n, count)), "{case}");
            let z = wide(&part.vectors(), 0);
            let lambda = wide(&part.values().insert_axis(Axis(0)), e);
            let residual = scaled.dot(&z) - &z * &lambda;
            ratios.below("‖A Z − Z Λ‖ / (‖A‖ n ε), part", ratio::<T>(&residual, &scaled, n), EIGEN, case);
            ratios.below("‖I − ZᵀZ‖ / (n ε), part", orthogonality(&part.vectors(), n), EIGEN, case);
        }
        if n > 0 {
            let (lower, upper) = (all[n / 3].as_f64(), all[n - 1].as_f64());
            if lower < upper {
                let interval = SymmetricEigen::params().spectrum(Spectrum::Interval { lower, upper });
                let part = interval.compute(&a).expect(case);
                assert_eq!(part.values().len(), all.iter().filter(|w| w.as_f64() > lower).count(), "{case}");
            }
        }
    });
}

#[test]
fn symmetric_eigen_f32() {
    symmetric_eigen::<f32>();
}

#[test]
fn symmetric_eigen_f64() {
    symmetric_eigen::<f64>();
}
