//! LAPACK's test ratios stay below LAPACK's thresholds: every decomposition, both scalars, every layout,
//! tall, wide and square, sizes 0 to 300, and the matrices that break naive code.
//!
//! The ratios are computed here, in double precision with `ndarray`'s own products, and the library's
//! certificates must agree that they hold.

use crate::support::{
    KINDS, Kind, LAYOUTS, Layout, exponent, matrix, one_norm, orthogonality, ratio, symmetric, wide,
};
use lapwing::{Cholesky, PivotedQr, Qr, Scalar, Spectrum, Svd, SymmetricEigen, Triangle};
use ndarray::{Array2, ArrayView2, s};

const SVD: f64 = 50.0;
const EIGEN: f64 = 60.0;
const FACTOR: f64 = 30.0;

/// Every small shape in every layout; the large ones in the two that differ most.
fn for_each_matrix<T: Scalar>(mut check: impl FnMut(ArrayView2<T>, &str)) {
    let small = [
        (0, 0),
        (0, 3),
        (3, 0),
        (1, 1),
        (1, 5),
        (5, 1),
        (2, 2),
        (3, 7),
        (7, 3),
        (10, 10),
        (33, 20),
        (20, 33),
    ];
    let large = [(64, 64), (150, 100), (100, 150), (300, 40), (300, 300)];
    for kind in KINDS {
        for (m, n) in small {
            let a = matrix::<T>(kind, m, n);
            for layout in LAYOUTS {
                layout.with(&a, |view| check(view, &format!("{kind:?} {m}x{n} {layout:?} {}", T::NAME)));
            }
        }
        for (m, n) in large {
            let a = matrix::<T>(kind, m, n);
            for layout in [Layout::RowMajor, Layout::ColumnMajor] {
                layout.with(&a, |view| check(view, &format!("{kind:?} {m}x{n} {layout:?} {}", T::NAME)));
            }
        }
    }
}

fn for_each_symmetric<T: Scalar>(mut check: impl FnMut(ArrayView2<T>, &str)) {
    for kind in KINDS {
        for (n, layouts) in [(0, 6), (1, 6), (2, 6), (5, 6), (10, 6), (33, 6), (100, 2), (300, 2)] {
            let a = symmetric::<T>(kind, n);
            for layout in &LAYOUTS[..layouts] {
                layout.with(&a, |view| check(view, &format!("{kind:?} {n} {layout:?} {}", T::NAME)));
            }
        }
    }
}

/// Fails with the case's name; keeps the largest ratio seen.
fn below(largest: &mut f64, value: f64, threshold: f64, what: &str, case: &str) {
    assert!(value < threshold, "{case}: {what} is {value}, over {threshold}");
    *largest = largest.max(value);
}

fn svd<T: Scalar>() {
    let mut largest = 0.0;
    for_each_matrix::<T>(|a, case| {
        let (m, n) = a.dim();
        let (k, e) = (m.min(n), exponent(&a));
        let scaled = wide(&a, e);
        for svd in [Svd::thin(&a).expect(case), Svd::full(&a).expect(case)] {
            let values = svd.singular_values();
            assert!(values.iter().all(|&s| s >= T::zero()), "{case}");
            assert!(values.windows(2).into_iter().all(|w| w[0] >= w[1]), "{case}");
            let sigma = wide(&values.insert_axis(ndarray::Axis(0)), e);
            let product =
                (&wide(&svd.u().slice(s![.., ..k]), 0) * &sigma).dot(&wide(&svd.vt().slice(s![..k, ..]), 0));
            below(
                &mut largest,
                ratio::<T>(&(&scaled - &product), &scaled, m.max(n)),
                SVD,
                "‖A − U Σ Vᵀ‖",
                case,
            );
            below(&mut largest, orthogonality(&svd.u(), m), SVD, "‖I − UᵀU‖", case);
            below(&mut largest, orthogonality(&svd.vt().t(), n), SVD, "‖I − VᵀV‖", case);
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
    println!("svd {}: largest ratio {largest:.2}, threshold {SVD}", T::NAME);
}

#[test]
fn svd_f32() {
    svd::<f32>();
}

#[test]
fn svd_f64() {
    svd::<f64>();
}

fn symmetric_eigen<T: Scalar>() {
    let mut largest = 0.0;
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
            let lambda = wide(&eigen.values().insert_axis(ndarray::Axis(0)), e);
            let residual = &scaled - &(&z * &lambda).dot(&z.t());
            below(&mut largest, ratio::<T>(&residual, &scaled, n), EIGEN, "‖A − Z Λ Zᵀ‖", case);
            below(&mut largest, orthogonality(&eigen.vectors(), n), EIGEN, "‖I − ZᵀZ‖", case);
            assert!(eigen.certificate(&half).expect(case).holds(), "{case}");
        }
        // Some of the spectrum, by position and by interval, in the caller's own layout.
        let all = SymmetricEigen::eigenvalues(&a).expect(case).values;
        for count in [0, 1.min(n), n / 5, n] {
            let part =
                SymmetricEigen::params().spectrum(Spectrum::Index(n - count..n)).compute(&a).expect(case);
            assert_eq!((part.values().len(), part.vectors().dim()), (count, (n, count)), "{case}");
            let z = wide(&part.vectors(), 0);
            let lambda = wide(&part.values().insert_axis(ndarray::Axis(0)), e);
            let residual = scaled.dot(&z) - &z * &lambda;
            below(&mut largest, ratio::<T>(&residual, &scaled, n), EIGEN, "‖A Z − Z Λ‖", case);
            below(&mut largest, orthogonality(&part.vectors(), n), EIGEN, "‖I − ZᵀZ‖ of a part", case);
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
    println!("symmetric eigen {}: largest ratio {largest:.2}, threshold {EIGEN}", T::NAME);
}

#[test]
fn symmetric_eigen_f32() {
    symmetric_eigen::<f32>();
}

#[test]
fn symmetric_eigen_f64() {
    symmetric_eigen::<f64>();
}

fn qr<T: Scalar>() {
    let mut largest = 0.0;
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
        let permuted = scaled.select(ndarray::Axis(1), pivoted.permutation());
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
            below(&mut largest, ratio::<T>(&residual, target, m), FACTOR, "‖R − QᵀA‖", case);
            let residual = target - &wide(&q, 0).dot(&wide(&r, e));
            below(&mut largest, ratio::<T>(&residual, target, m), FACTOR, "‖A − Q R‖", case);
            below(&mut largest, orthogonality(&q, m), FACTOR, "‖I − QᵀQ‖", case);
            below(&mut largest, orthogonality(&full, m), FACTOR, "‖I − QᵀQ‖ of the full Q", case);
        }
        let diagonal: Vec<f64> = pivoted.r().diag().iter().map(|x| x.as_f64().abs()).collect();
        assert!(diagonal.windows(2).all(|w| w[1] <= w[0] * (1.0 + 1e-3)), "{case}: the diagonal of R grows");
        let (q, r) = plain.clone().into_thin().expect(case);
        assert!(q == plain.q().expect(case) && r == plain.r(), "{case}: formed in place, Q is another");
    });
    println!("qr {}: largest ratio {largest:.2}, threshold {FACTOR}", T::NAME);
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

fn cholesky<T: Scalar>() {
    let mut largest = 0.0;
    for n in [0, 1, 2, 5, 10, 33, 100, 300] {
        let base = matrix::<f64>(Kind::Random, n, n + 2);
        for scale in [
            1.0,
            T::max_value().as_f64().sqrt() / 64.0,
            T::min_positive_value().as_f64() / T::UNIT_ROUNDOFF.as_f64(),
        ] {
            let definite: Array2<T> =
                ((base.dot(&base.t()) / n.max(1) as f64 + Array2::<f64>::eye(n)) * scale).mapv(T::from_f64);
            for layout in LAYOUTS {
                for triangle in [Triangle::Lower, Triangle::Upper] {
                    let case = format!("{n} {scale:e} {layout:?} {triangle:?} {}", T::NAME);
                    let half = Array2::from_shape_fn((n, n), |(i, j)| {
                        if (i >= j) == (triangle == Triangle::Lower) || i == j {
                            definite[[i, j]]
                        } else {
                            T::nan()
                        }
                    });
                    let cholesky =
                        layout.with(&half, |view| Cholesky::with_triangle(&view, triangle)).expect(&case);
                    let (e, factor) = (exponent(&definite), cholesky.factor());
                    // The factor carries half of the exponent; the other half is applied to it here.
                    let left =
                        if triangle == Triangle::Lower { wide(&factor, 0) } else { wide(&factor.t(), 0) };
                    let product = wide(&left, e / 2).dot(&wide(&left.t(), e - e / 2));
                    let scaled = wide(&definite, e);
                    below(
                        &mut largest,
                        ratio::<T>(&(&scaled - &product), &scaled, n),
                        FACTOR,
                        "‖A − L Lᵀ‖",
                        &case,
                    );
                    assert!(cholesky.certificate(&half).expect(&case).holds(), "{case}");
                    if scale != 1.0 {
                        continue;
                    }
                    // solve: ‖b − A x‖ / (‖A‖ ‖x‖ n ε); inverse: ‖I − A X‖ / (‖A‖ ‖X‖ n ε).
                    let b = matrix::<T>(Kind::Random, n, 3);
                    let x = layout.with(&b, |b| cholesky.solve(&b)).expect(&case);
                    let residual = wide(&b, 0) - scaled.dot(&wide(&x, -e));
                    let norms = one_norm(&scaled)
                        * one_norm(&wide(&x, -e))
                        * n.max(1) as f64
                        * T::UNIT_ROUNDOFF.as_f64();
                    if n > 0 {
                        below(&mut largest, one_norm(&residual) / norms, FACTOR, "‖b − A x‖", &case);
                        let inverse = wide(&cholesky.inverse().expect(&case), -e);
                        let defect = Array2::<f64>::eye(n) - scaled.dot(&inverse);
                        let norms =
                            one_norm(&scaled) * one_norm(&inverse) * n as f64 * T::UNIT_ROUNDOFF.as_f64();
                        below(&mut largest, one_norm(&defect) / norms, FACTOR, "‖I − A A⁻¹‖", &case);
                        // The estimate never exceeds the truth's inverse by more than rounding, nor misses it by 10.
                        let truth = 1.0 / (one_norm(&scaled) * one_norm(&inverse));
                        let estimate = cholesky.reciprocal_condition(&half).expect(&case).as_f64();
                        assert!(
                            estimate >= truth * 0.99 && estimate <= truth * 10.0,
                            "{case}: {estimate} for {truth}"
                        );
                    }
                }
            }
        }
    }
    println!("cholesky {}: largest ratio {largest:.2}, threshold {FACTOR}", T::NAME);
}

#[test]
fn cholesky_f32() {
    cholesky::<f32>();
}

#[test]
fn cholesky_f64() {
    cholesky::<f64>();
}

/// `‖Aᵀ r‖ / (‖A‖ ‖b‖ max(m,n) ε)`: the residual is orthogonal to the columns.
#[test]
fn least_squares_leaves_an_orthogonal_residual() {
    for (m, n) in [(1, 1), (5, 3), (40, 40), (300, 40)] {
        let (a, b) = (matrix::<f64>(Kind::Random, m, n), matrix::<f64>(Kind::Random, m, 2));
        let norms = one_norm(&a) * one_norm(&b) * m as f64 * f64::UNIT_ROUNDOFF;
        for layout in LAYOUTS {
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

/// ln det of a product of triangles whose diagonals are powers of two is known exactly.
#[test]
fn log_determinant_neither_over_nor_underflows() {
    let n = 300;
    for power in [40, -40] {
        let a = Array2::<f64>::eye(n) * 2f64.powi(power);
        let exact = n as f64 * f64::from(power) * std::f64::consts::LN_2;
        let computed = Cholesky::new(&a).unwrap().log_determinant();
        assert!((computed - exact).abs() <= n as f64 * f64::EPSILON * exact.abs());
    }
}
