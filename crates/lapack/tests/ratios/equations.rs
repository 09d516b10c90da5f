use lapwing_lapack::equations::{Riccati, continuous_lyapunov, discrete_lyapunov, sylvester};
use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{Scalar, Schur};
use ndarray::Array2;

use crate::measure::{Ratios, one_norm, wide};

/// LAPACK's threshold for what is computed from the Schur form.
const THRESHOLD: f64 = 20.0;

/// Eigenvalues in the disc about `centre` of radius 1, more or less.
fn about<T: Scalar>(centre: f64, n: usize) -> Array2<T> {
    let random = matrix::<f64>(Kind::Random, n, n) / (n.max(1) as f64).sqrt();
    (random + Array2::<f64>::eye(n) * centre).mapv(T::from_f64)
}

fn over(error: f64, size: f64) -> f64 {
    if error == 0.0 { 0.0 } else { error / size }
}

/// The residuals of LAPACK's tests of `trsyl`: `‖A X + X B − C‖ / ((‖A‖ + ‖B‖) ‖X‖ n ε)`, and the like.
fn linear<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("trsyl");
    for (m, n, layouts) in
        [(0, 3, 1), (1, 1, 6), (2, 5, 6), (5, 2, 6), (10, 10, 6), (33, 20, 2), (100, 100, 2), (300, 200, 1)]
    {
        let (a, b, c) = (about::<T>(2.0, m), about::<T>(2.0, n), matrix::<T>(Kind::Random, m, n));
        let (wa, wb, wc) = (wide(&a, 0), wide(&b, 0), wide(&c, 0));
        let unit = m.max(n) as f64 * T::UNIT_ROUNDOFF.as_f64();
        for layout in &Layout::ALL[..layouts] {
            let case = format!("{m}x{n} {layout:?} {}", T::NAME);
            let x = layout.with(&a, |a| layout.with(&c, |c| sylvester(&a, &b, &c))).expect(&case);
            let x = wide(&x, 0);
            let error = one_norm(&(wa.dot(&x) + x.dot(&wb) - &wc));
            let size = (one_norm(&wa) + one_norm(&wb)) * one_norm(&x) * unit;
            ratios.below("‖A X + X B − C‖ / ((‖A‖ + ‖B‖) ‖X‖ n ε)", over(error, size), THRESHOLD, &case);
        }
    }
    for (n, layouts) in [(0, 1), (1, 6), (2, 6), (5, 6), (10, 6), (33, 2), (100, 2), (300, 1)] {
        let (stable, contraction) = (about::<T>(-2.0, n), about::<T>(0.0, n).mapv(|x| x * T::from_f64(0.8)));
        let q = matrix::<T>(Kind::Random, n, n);
        let wq = wide(&q, 0);
        let unit = n as f64 * T::UNIT_ROUNDOFF.as_f64();
        for layout in &Layout::ALL[..layouts] {
            let case = format!("{n} {layout:?} {}", T::NAME);
            let x = layout.with(&stable, |a| layout.with(&q, |q| continuous_lyapunov(&a, &q))).expect(&case);
            let (a, x) = (wide(&stable, 0), wide(&x, 0));
            let error = one_norm(&(a.dot(&x) + x.dot(&a.t()) - &wq));
            let size = (one_norm(&a) + one_norm(&a.t().to_owned())) * one_norm(&x) * unit;
            ratios.below("‖A X + X Aᵀ − Q‖ / ((‖A‖ + ‖Aᵀ‖) ‖X‖ n ε)", over(error, size), THRESHOLD, &case);

            let x =
                layout.with(&contraction, |a| layout.with(&q, |q| discrete_lyapunov(&a, &q))).expect(&case);
            let (a, x) = (wide(&contraction, 0), wide(&x, 0));
            let error = one_norm(&(a.dot(&x).dot(&a.t()) - &x + &wq));
            let size = (one_norm(&a) * one_norm(&a.t().to_owned()) + 1.0) * one_norm(&x) * unit;
            ratios.below("‖A X Aᵀ − X + Q‖ / ((‖A‖ ‖Aᵀ‖ + 1) ‖X‖ n ε)", over(error, size), THRESHOLD, &case);
        }
    }
}

#[test]
fn linear_equations_f32() {
    linear::<f32>();
}

#[test]
fn linear_equations_f64() {
    linear::<f64>();
}

/// The residual, computed anew in double precision, over what rounding X alone leaves of it, to first order, and the
/// norms of the equation's terms; and the closed loop is stable.
fn riccati<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("gges, tgsen");
    // Around -0.5 about a fifth of the modes are unstable, around 0.3 most are. With three inputs for thirty of those the
    // solution reaches 1e8, which single precision cannot tell from none.
    let easy =
        [(1, 1, 6), (2, 1, 6), (5, 2, 6), (10, 10, 2), (30, 3, 2), (80, 5, 1)].map(|size| (-0.5, size));
    let hard = [(1, 1, 6), (5, 2, 6), (10, 10, 2), (30, 3, 2), (80, 5, 1)].map(|size| (0.3, size));
    let resolved = if T::UNIT_ROUNDOFF.as_f64() < 1e-10 { hard.len() } else { 3 };
    for (centre, (n, m, layouts)) in easy.into_iter().chain(hard.into_iter().take(resolved)) {
        let (a, b) = (about::<T>(centre, n), matrix::<T>(Kind::Random, n, m));
        let (q, r) = (Array2::<T>::eye(n), Array2::<T>::eye(m));
        let (wa, wb, wq) = (wide(&a, 0), wide(&b, 0), Array2::<f64>::eye(n));
        let unit = n as f64 * T::UNIT_ROUNDOFF.as_f64();
        for layout in &Layout::ALL[..layouts] {
            let case = format!("{n}x{m} around {centre} {layout:?} {}", T::NAME);
            let solution =
                layout.with(&a, |a| layout.with(&b, |b| Riccati::continuous(&a, &b, &q, &r))).expect(&case);
            let x = wide(&solution.solution(), 0);
            assert_eq!(x, x.t(), "{case}: not symmetric");
            let closed = &wa - &wb.dot(&wide(&solution.gain(), 0));
            let (linear, quadratic) = (x.dot(&wa), x.dot(&wb).dot(&wb.t()).dot(&x));
            let error = one_norm(&(&linear + &linear.t() - &quadratic + &wq));
            let of_x = 2.0 * one_norm(&x) * one_norm(&closed);
            let size = of_x + 2.0 * one_norm(&linear) + one_norm(&quadratic) + 1.0;
            ratios.below(
                "‖Aᵀ X + X A − X G X + Q‖ / ((2 ‖X‖ ‖A − G X‖ + ∑ ‖terms‖) n ε)",
                error / size / unit,
                THRESHOLD,
                &case,
            );
            let values = Schur::new(&closed).expect(&case).eigenvalues().to_owned();
            assert!(values.iter().all(|z| z.re < 0.0), "{case}: {values}");

            let solution =
                layout.with(&a, |a| layout.with(&b, |b| Riccati::discrete(&a, &b, &q, &r))).expect(&case);
            let x = wide(&solution.solution(), 0);
            let gain = wide(&solution.gain(), 0);
            let closed = &wa - &wb.dot(&gain);
            let (first, used) = (wa.t().dot(&x).dot(&wa), wa.t().dot(&x).dot(&wb).dot(&gain));
            let error = one_norm(&(&first - &x - &used + &wq));
            let of_x = one_norm(&x) * one_norm(&closed).powi(2);
            let size = of_x + one_norm(&first) + one_norm(&x) + one_norm(&used) + 1.0;
            ratios.below(
                "‖Aᵀ X A − X − Aᵀ X B K + Q‖ / ((‖X‖ ‖A − B K‖² + ∑ ‖terms‖) n ε)",
                error / size / unit,
                THRESHOLD,
                &case,
            );
            let values = Schur::new(&closed).expect(&case).eigenvalues().to_owned();
            assert!(values.iter().all(|z| z.norm() < 1.0), "{case}: {values}");
        }
    }
}

#[test]
fn riccati_f32() {
    riccati::<f32>();
}

#[test]
fn riccati_f64() {
    riccati::<f64>();
}
