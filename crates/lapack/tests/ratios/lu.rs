use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{ConditionNorm, Lu, Scalar};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis, s};

use crate::cases::for_each_matrix;
use crate::measure::{Ratios, exponent, one_norm, ratio, wide};

/// LAPACK's threshold.
const FACTOR: f64 = 30.0;

fn factors<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("getrf");
    for_each_matrix::<T>(|a, case| {
        let e = exponent(&a);
        let scaled = wide(&a, e);
        let lu = Lu::new(&a).expect(case);
        let (lower, upper) = (lu.lower(), lu.upper().expect(case));
        assert!(lower.iter().all(|x| x.abs() <= T::one()), "{case}: an entry of L exceeds 1");
        assert!(
            upper.indexed_iter().all(|((i, j), &x)| i <= j || x == T::zero()),
            "{case}: U is not triangular"
        );
        let permuted = scaled.select(Axis(0), &lu.permutation());
        let residual = &permuted - &wide(&lower, 0).dot(&wide(&upper, e));
        ratios.below("‖P A − L U‖ / (n ‖A‖ ε)", ratio::<T>(&residual, &scaled, a.ncols()), FACTOR, case);
        assert!(lu.certificate(&a).expect(case).holds(), "{case}");
    });
}

/// One right-hand side per column, so that the largest residual is that of the worst.
fn residual_of_solution<T: Scalar>(a: &Array2<f64>, x: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let n = a.nrows().max(1) as f64;
    let residual = b - &a.dot(x);
    let norm = one_norm(a);
    let columns = residual.columns().into_iter().zip(x.columns());
    let sum = |column: ArrayView1<f64>| column.iter().map(|x| x.abs()).sum::<f64>();
    columns
        .map(
            |(r, x)| {
                if sum(r) == 0.0 { 0.0 } else { sum(r) / (norm * sum(x) * n * T::UNIT_ROUNDOFF.as_f64()) }
            },
        )
        .fold(0.0, f64::max)
}

fn solutions<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("getrs");
    let mut inverse_ratios = Ratios::new::<T>("getri");
    let mut refined_ratios = Ratios::new::<T>("gerfs");
    let unit = T::UNIT_ROUNDOFF.as_f64();
    let kinds = [
        Kind::Identity,
        Kind::Random,
        Kind::Graded,
        Kind::Clustered,
        Kind::NearOverflow,
        Kind::NearUnderflow,
    ];
    let mut check = |a: ArrayView2<T>, well: bool, case: &str| {
        let (n, e) = (a.nrows(), exponent(&a));
        let scaled = wide(&a, e);
        let b = matrix::<T>(Kind::Random, n, 3);
        let lu = Lu::new(&a).expect(case);
        let residual =
            |x: &Array2<T>, a: &Array2<f64>| residual_of_solution::<T>(a, &wide(x, -e), &wide(&b, 0));

        let x = lu.solve(&b).expect(case);
        ratios.below("‖b − A x‖ / (‖A‖ ‖x‖ n ε)", residual(&x, &scaled), FACTOR, case);
        let transposed = lu.solve_transposed(&b).expect(case);
        let of_transpose = residual(&transposed, &scaled.t().to_owned());
        ratios.below("‖b − Aᵀ x‖ / (‖A‖ ‖x‖ n ε)", of_transpose, FACTOR, case);
        let one = lu.solve(&b.column(1)).expect(case);
        // A single column goes through other kernels: the same up to the two backward errors.
        let difference = &wide(&one.insert_axis(Axis(1)), -e) - &wide(&x.slice(s![.., 1..2]), -e);

        let refined = lu.solve_refined(&a, &b).expect(case);
        for error in &refined.backward_errors {
            let formula = "max |b − A x| / (|A| |x| + |b|) / ε";
            refined_ratios.below(formula, error.as_f64() / unit, FACTOR, case);
        }
        ratios.below("‖b − A x‖ / (‖A‖ ‖x‖ n ε)", residual(&refined.x, &scaled), FACTOR, case);

        let inverse = wide(&lu.inverse().expect(case), -e);
        let norms = one_norm(&scaled) * one_norm(&inverse) * n.max(1) as f64 * unit;
        let defect = Array2::<f64>::eye(n) - scaled.dot(&inverse);
        if n > 0 {
            let value = one_norm(&defect) / norms;
            inverse_ratios.below("‖I − A A⁻¹‖ / (‖A‖ ‖A⁻¹‖ n ε)", value, FACTOR, case);
        }
        if !well || n == 0 {
            return;
        }
        let bound = FACTOR * n as f64 * unit * one_norm(&inverse) * one_norm(&scaled);
        assert!(one_norm(&difference) <= bound * one_norm(&wide(&x, -e)), "{case}");
        for (norm, a, inverse) in [
            (ConditionNorm::One, scaled.clone(), inverse.clone()),
            (ConditionNorm::Infinity, scaled.t().to_owned(), inverse.t().to_owned()),
        ] {
            // LAPACK's estimate of ‖A⁻¹‖ is a lower bound, so that of the reciprocal is never below the truth.
            let truth = 1.0 / (one_norm(&a) * one_norm(&inverse));
            let estimate = lu.reciprocal_condition(norm).expect(case).as_f64();
            assert!(estimate >= truth * 0.99 && estimate <= truth * 10.0, "{case}: {estimate} for {truth}");
        }
    };
    for kind in kinds {
        // The condition number of the graded matrix and of the clustered one passes 1 / ε: their inverse is noise.
        let well = !matches!(kind, Kind::Graded | Kind::Clustered);
        for (n, layouts) in [(0, 6), (1, 6), (2, 6), (5, 6), (10, 6), (33, 6), (100, 2), (300, 2)] {
            if n == 300 && !matches!(kind, Kind::Random) {
                continue;
            }
            let a = matrix::<T>(kind, n, n);
            for layout in &Layout::ALL[..layouts] {
                let case = format!("{kind:?} {n} {layout:?} {}", T::NAME);
                layout.with(&a, |view| check(view, well, &case));
            }
        }
    }
}

#[test]
fn lu_factors_f32() {
    factors::<f32>();
}

#[test]
fn lu_factors_f64() {
    factors::<f64>();
}

#[test]
fn lu_solutions_f32() {
    solutions::<f32>();
}

#[test]
fn lu_solutions_f64() {
    solutions::<f64>();
}
