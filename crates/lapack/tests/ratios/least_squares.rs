use lapwing_lapack::least_squares::{
    Equilibration, LeastSquares, Method, equality_constrained, gauss_markov,
};
use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{Error, Scalar, Svd};
use ndarray::{Array2, ArrayRef2, ArrayView2, Axis, s};

use crate::cases::for_each_matrix;
use crate::measure::{Ratios, exponent, one_norm, ratio, wide};

/// LAPACK's threshold for its least squares drivers.
const LEAST_SQUARES: f64 = 30.0;

const METHODS: [(Method, &str); 3] =
    [(Method::Qr, "gels"), (Method::CompleteOrthogonal, "gelsy"), (Method::Svd, "gelsd")];

/// Two right-hand sides, as long as the entries of `a` are: one that no `x` reaches when `a` is tall, and one that
/// some `x` does.
fn right_hand_sides<T: Scalar>(a: &ArrayRef2<T>, e: i32) -> Array2<T> {
    let (m, n) = a.dim();
    let mut b = wide(&matrix::<T>(Kind::Random, m, 2), 0);
    let reached = wide(a, e).dot(&matrix::<f64>(Kind::Random, n, 1)) / n.max(1) as f64;
    b.column_mut(1).assign(&reached.column(0));
    wide(&b.mapv(T::from_f64), -e).mapv(T::from_f64)
}

/// Orthogonality of the residual to the columns, and of the solution to the null space; the ratio of the residual
/// of a consistent system.
fn check<T: Scalar>(ratios: &mut Ratios, method: Method, a: ArrayView2<T>, case: &str) {
    let (m, n) = a.dim();
    let extent = m.max(n).max(2);
    let e = exponent(&a);
    let b = right_hand_sides(&a, e);
    let fit = match LeastSquares::params().method(method).solve(&a, &b) {
        // Those with a condition number near the inverse of the roundoff; the others must not be refused.
        Err(Error::RankDeficient { .. }) if method == Method::Qr => {
            let hopeless = ["Zero", "Deficient", "IllConditioned", "Clustered", "Graded"];
            assert!(hopeless.iter().any(|kind| case.contains(kind)), "{case} is not rank-deficient");
            return;
        }
        fit => fit.expect(case),
    };
    let deficient = m.min(n) > 0 && (case.contains("Zero") || case.contains("Deficient"));
    assert!(method != Method::Qr || !deficient, "{case}: dependent columns went unnoticed");
    assert!(fit.certificate(&a, &b).expect(case).holds(), "{case}");
    let (a, b, x) = (wide(&a, e), wide(&b, e), wide(&fit.solution(), 0));
    // Solutions grow with the inverse of the smallest singular value that was kept; what rounding of A does to a
    // residual grows with them.
    let residual = &b - &a.dot(&x);
    let sizes = one_norm(&b) + one_norm(&a) * one_norm(&x);
    let unit = extent as f64 * T::UNIT_ROUNDOFF.as_f64();
    let small = |value: f64, size: f64| if value == 0.0 { 0.0 } else { value / (size * unit) };
    let defect = one_norm(&a.t().dot(&residual));
    ratios.below(
        "‖Aᵀ r‖ / (‖A‖ (‖b‖ + ‖A‖ ‖x‖) max(m,n) ε)",
        small(defect, one_norm(&a) * sizes),
        LEAST_SQUARES,
        case,
    );
    // LAPACK's own, where no solution is larger than its right-hand side warrants.
    if one_norm(&a) * one_norm(&x) <= 100.0 * one_norm(&b) {
        ratios.below(
            "‖Aᵀ r‖ / (‖A‖ ‖b‖ max(m,n) ε)",
            small(defect, one_norm(&a) * one_norm(&b)),
            LEAST_SQUARES,
            case,
        );
    }
    // The residuals and their norms are those of the solution.
    let reported = wide(&fit.residuals(), e);
    ratios.below(
        "‖r − (b − A x)‖ / ((‖b‖ + ‖A‖ ‖x‖) max(m,n) ε)",
        small(one_norm(&(&reported - &residual)), sizes),
        LEAST_SQUARES,
        case,
    );
    for (norm, column) in fit.residual_norms().iter().zip(reported.axis_iter(Axis(1))) {
        let length = column.dot(&column).sqrt();
        let norm = wide(&Array2::from_elem((1, 1), *norm), e)[[0, 0]];
        assert!((norm - length).abs() <= 30.0 * unit * length, "{case}: {norm} for {length}");
    }
    if let Some(values) = fit.singular_values() {
        let truth = Svd::values(&wide(&a, 0)).expect(case).values;
        let values = wide(&values.insert_axis(Axis(0)), e);
        let difference = &values - &truth.view().insert_axis(Axis(0));
        let largest = truth.first().copied().unwrap_or(0.0);
        let worst = difference.iter().fold(0.0, |worst: f64, d| worst.max(d.abs()));
        ratios.below("max |s − s(A)| / (s₁ max(m,n) ε)", small(worst, largest), 50.0, case);
    }
}

fn least_squares<T: Scalar>(method: Method, routine: &'static str) {
    let mut ratios = Ratios::new::<T>(routine);
    for_each_matrix::<T>(|a, case| check(&mut ratios, method, a, case));
}

#[test]
fn least_squares_f32() {
    METHODS.iter().for_each(|&(method, routine)| least_squares::<f32>(method, routine));
}

#[test]
fn least_squares_f64() {
    METHODS.iter().for_each(|&(method, routine)| least_squares::<f64>(method, routine));
}

/// The rank that was built in is found, and of all solutions the one without a part in the null space:
/// `‖N x‖ / (‖x‖ max(m,n) ε)` for the projection `N` onto it, times the gap `σ₁ / σᵣ` that perturbs it.
fn least_norm<T: Scalar>() {
    for (method, routine) in METHODS {
        let mut ratios = Ratios::new::<T>(routine);
        for (m, n) in [(4, 9), (9, 4), (7, 7), (40, 100), (100, 40), (60, 60), (20, 300)] {
            for kind in [Kind::Random, Kind::RankDeficient] {
                let full = kind == Kind::Random;
                let rank = if full { m.min(n) } else { m.min(n) / 2 };
                if method == Method::Qr && !full {
                    continue;
                }
                let a = matrix::<T>(kind, m, n);
                let b = matrix::<T>(Kind::Random, m, 2);
                let case = format!("{kind:?} {m}x{n} {}", T::NAME);
                let fit = LeastSquares::params().method(method).solve(&a, &b).expect(&case);
                assert_eq!(fit.rank(), rank, "{case} {method:?}");
                let never = LeastSquares::params().method(method).equilibration(Equilibration::Never);
                assert_eq!(never.solve(&a, &b).expect(&case).rank(), rank, "{case} {method:?}");
                let a = wide(&a, 0);
                let svd = Svd::full(&a).expect(&case);
                let (x, values) = (wide(&fit.solution(), 0), svd.singular_values());
                let null = svd.vt().slice(s![rank.., ..]).dot(&x);
                let gap = values[0] / values[rank - 1];
                ratios.below(
                    "‖N x‖ / (‖x‖ σ₁/σᵣ max(m,n) ε)",
                    ratio::<T>(&null, &x, m.max(n)) / gap,
                    LEAST_SQUARES,
                    &case,
                );
            }
        }
    }
}

#[test]
fn least_norm_f32() {
    least_norm::<f32>();
}

#[test]
fn least_norm_f64() {
    least_norm::<f64>();
}

/// Columns that shrink by 2⁻¹⁰ each: in the units they were measured in, their singular values fall below the
/// roundoff; the rank is full all the same, and every coefficient comes out to its own size times the condition
/// number of the equilibrated matrix.
#[test]
fn graded_columns_keep_their_rank_and_their_digits() {
    for (m, n) in [(30, 12), (12, 12), (200, 20)] {
        let base = matrix::<f64>(Kind::Random, m, n);
        let a = Array2::from_shape_fn((m, n), |(i, j)| base[[i, j]] * 2f64.powi(-10 * j as i32));
        let x = Array2::from_shape_fn((n, 1), |(j, _)| 2f64.powi(10 * j as i32));
        // Consistent up to the rounding of b.
        let b = a.dot(&x);
        let condition = {
            let s = Svd::values(&base).unwrap().values;
            s[0] / s[n - 1]
        };
        let bound = LEAST_SQUARES * m as f64 * f64::UNIT_ROUNDOFF * condition * (n as f64).sqrt();
        for (method, routine) in METHODS {
            let fit = LeastSquares::params().method(method).solve(&a, &b).unwrap();
            assert!(fit.rank() == n && fit.equilibrated(), "{routine}");
            let worst = fit.solution().iter().zip(&x).map(|(x, y)| (x / y - 1.0).abs()).fold(0.0, f64::max);
            assert!(worst <= bound, "{routine} {m}x{n}: {worst} over {bound}");
        }
    }
}

/// The constraints hold, and no direction that keeps them makes the residual shorter: `‖Zᵀ Aᵀ r‖` for an orthonormal
/// basis `Z` of the null space of `C`. The noise of a Gauss-Markov model has no part that could be left out.
fn constrained<T: Scalar>() {
    let unit = |extent: usize| extent as f64 * T::UNIT_ROUNDOFF.as_f64();
    let mut ratios = Ratios::new::<T>("gglse");
    for (m, n, p) in [
        (1, 1, 0),
        (1, 1, 1),
        (0, 2, 2),
        (5, 3, 1),
        (4, 5, 3),
        (3, 5, 2),
        (40, 20, 7),
        (100, 60, 60),
        (250, 120, 30),
    ] {
        let (a, c) = (matrix::<T>(Kind::Random, m, n), matrix::<T>(Kind::Random, p, n));
        let (b, d) = (matrix::<T>(Kind::Random, m, 1), matrix::<T>(Kind::Random, p, 1));
        for layout in &Layout::ALL[..if n > 20 { 2 } else { 6 }] {
            let case = format!("{m}x{n} {p} constraints {layout:?} {}", T::NAME);
            let fit = layout.with(&a, |a| {
                layout.with(&c, |c| equality_constrained(&a, &b.column(0), &c, &d.column(0)).expect(&case))
            });
            let (a, c) = (wide(&a, 0), wide(&c, 0));
            let x = wide(&fit.solution().insert_axis(Axis(1)), 0);
            let violation = wide(&d, 0) - c.dot(&x);
            let size = one_norm(&c) * one_norm(&x) * unit(n + p);
            let value = if p == 0 { 0.0 } else { one_norm(&violation) / size };
            ratios.below("‖d − C x‖ / (‖C‖ ‖x‖ (n + p) ε)", value, LEAST_SQUARES, &case);
            let basis = Svd::full(&c).expect(&case);
            let residual = wide(&b, 0) - a.dot(&x);
            let defect = basis.vt().slice(s![p.., ..]).dot(&a.t().dot(&residual));
            let size =
                one_norm(&a) * (one_norm(&wide(&b, 0)) + one_norm(&a) * one_norm(&x)) * unit(m + n + p);
            let value = if defect.is_empty() { 0.0 } else { one_norm(&defect) / size };
            ratios.below("‖Zᵀ Aᵀ r‖ / (‖A‖ (‖b‖ + ‖A‖ ‖x‖) (m + n + p) ε)", value, LEAST_SQUARES, &case);
        }
    }
    let mut ratios = Ratios::new::<T>("ggglm");
    for (n, m, p) in
        [(1, 1, 0), (1, 0, 1), (5, 3, 2), (5, 2, 5), (5, 2, 8), (40, 7, 40), (100, 60, 50), (200, 30, 200)]
    {
        let (a, b) = (matrix::<T>(Kind::Random, n, m), matrix::<T>(Kind::Random, n, p));
        let d = matrix::<T>(Kind::Random, n, 1);
        for layout in &Layout::ALL[..if n > 20 { 2 } else { 6 }] {
            let case = format!("{n} observations, {m} unknowns, {p} noises {layout:?} {}", T::NAME);
            let fit =
                layout.with(&a, |a| layout.with(&b, |b| gauss_markov(&a, &b, &d.column(0)).expect(&case)));
            let (a, b) = (wide(&a, 0), wide(&b, 0));
            let x = wide(&fit.solution().insert_axis(Axis(1)), 0);
            let y = wide(&fit.noise().insert_axis(Axis(1)), 0);
            let defect = wide(&d, 0) - a.dot(&x) - b.dot(&y);
            let size = (one_norm(&a) + one_norm(&b)) * (one_norm(&x) + one_norm(&y)) * unit(n + m + p);
            ratios.below(
                "‖d − A x − B y‖ / ((‖A‖ + ‖B‖) (‖x‖ + ‖y‖) (n + m + p) ε)",
                one_norm(&defect) / size,
                LEAST_SQUARES,
                &case,
            );
            if n == m {
                continue;
            }
            // y matters only through Nᵀ B y, for a basis N of what A does not reach.
            let unreached = Svd::full(&a).expect(&case).u().slice(s![.., m..]).t().dot(&b);
            let svd = Svd::full(&unreached).expect(&case);
            let idle = svd.vt().slice(s![n - m.., ..]).dot(&y);
            let gap = svd.singular_values()[0] / svd.singular_values()[n - m - 1];
            let value =
                if idle.is_empty() { 0.0 } else { one_norm(&idle) / (one_norm(&y) * gap * unit(n + m + p)) };
            ratios.below("‖y in the null space‖ / (‖y‖ σ₁/σᵣ (n + m + p) ε)", value, LEAST_SQUARES, &case);
        }
    }
}

#[test]
fn constrained_f32() {
    constrained::<f32>();
}

#[test]
fn constrained_f64() {
    constrained::<f64>();
}
