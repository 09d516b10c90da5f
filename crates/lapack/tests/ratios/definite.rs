use lapwing_lapack::random::standard_normal;
use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{
    Cholesky, ExplicitQr, Modification, ModifiedCholesky, PivotedCholesky, Scalar, Triangle,
};
use ndarray::{Array1, Array2, Axis};

use crate::cases::{for_each_matrix, for_each_symmetric};
use crate::measure::{Ratios, exponent, one_norm, orthogonality, ratio, wide};

/// LAPACK's threshold for Cholesky factorizations, and for its pivoted one.
const FACTOR: f64 = 30.0;

/// `X Xᵀ` of every kind whose squares are in range, with the scale moved to both ends of it.
fn for_each_gram<T: Scalar>(mut check: impl FnMut(&Array2<T>, &[Layout], &str)) {
    let kinds = [
        Kind::Zero,
        Kind::Identity,
        Kind::Random,
        Kind::Graded,
        Kind::Clustered,
        Kind::RankDeficient,
        Kind::IllConditioned,
    ];
    let top = T::max_value().as_f64().sqrt() / 64.0;
    let bottom = T::min_positive_value().as_f64() / T::UNIT_ROUNDOFF.as_f64();
    let scales = [1.0, top, bottom];
    for kind in kinds {
        for (n, layouts) in [(0, 6), (1, 6), (2, 6), (5, 6), (10, 6), (33, 6), (100, 2), (300, 1)] {
            let x = matrix::<f64>(kind, n, n);
            let gram = x.dot(&x.t());
            for scale in &scales[..if n < 100 { 3 } else { 1 }] {
                let a = gram.mapv(|entry| T::from_f64(entry * scale));
                let case = format!("{kind:?} {n} {scale:e} {}", T::NAME);
                check(&a, &Layout::ALL[..layouts], &case);
            }
        }
    }
}

fn pivoted_cholesky<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("pstrf");
    for_each_gram::<T>(|a, layouts, case| {
        let (n, e) = (a.nrows(), exponent(a));
        let scaled = wide(a, e);
        for (layout, triangle) in
            layouts.iter().flat_map(|&layout| [(layout, Triangle::Lower), (layout, Triangle::Upper)])
        {
            let case = format!("{case} {layout:?} {triangle:?}");
            let params = PivotedCholesky::params().triangle(triangle);
            let found = layout.with(a, |a| params.compute(&a)).expect(&case);
            let left = found.unpermuted_factor().expect(&case);
            let product = wide(&left, e / 2).dot(&wide(&left.t(), e - e / 2));
            let value = ratio::<T>(&(&scaled - &product), &scaled, n);
            ratios.below("‖Pᵀ A P − L Lᵀ‖ / (n ‖A‖ ε)", value, FACTOR, &case);
            assert!(found.certificate(a).expect(&case).holds(), "{case}");
        }
    });
}

#[test]
fn pivoted_cholesky_f32() {
    pivoted_cholesky::<f32>();
}

#[test]
fn pivoted_cholesky_f64() {
    pivoted_cholesky::<f64>();
}

fn modified_cholesky<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("modified Cholesky");
    for_each_symmetric::<T>(|a, case| {
        let (n, e) = (a.nrows(), exponent(&a));
        for modification in [Modification::SchnabelEskow, Modification::Shift] {
            let found = ModifiedCholesky::params().modification(modification).compute(&a).expect(case);
            let mut sum = wide(&a, e);
            let added = wide(&found.perturbation().insert_axis(Axis(0)), e);
            sum.diag_mut().zip_mut_with(&added.row(0), |entry, added| *entry += added);
            let permuted = sum.select(Axis(0), found.permutation()).select(Axis(1), found.permutation());
            let left = found.factor();
            let product = wide(&left, e / 2).dot(&wide(&left.t(), e - e / 2));
            let value = ratio::<T>(&(&permuted - &product), &permuted, n);
            ratios.below("‖Pᵀ (A + E) P − L Lᵀ‖ / (n ‖A + E‖ ε)", value, FACTOR, case);
            assert!(found.certificate(&a).expect(case).holds(), "{case}");
        }
    });
}

#[test]
fn modified_cholesky_f32() {
    modified_cholesky::<f32>();
}

#[test]
fn modified_cholesky_f64() {
    modified_cholesky::<f64>();
}

/// A random vector of the magnitude `2^exponent`.
fn vector<T: Scalar>(n: usize, seed: u64, exponent: i32) -> Array1<T> {
    let scale = f64::from(exponent).exp2();
    standard_normal(n, 1, seed).column(0).mapv(|x| T::from_f64(x * scale))
}

fn outer(u: &Array2<f64>, v: &Array2<f64>) -> Array2<f64> {
    u.t().dot(v)
}

/// Up by `v vᵀ`, and down by it again. Going down, the error is measured against the matrix that is left behind,
/// as backward stability of a downdate has it.
fn cholesky_update<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("Cholesky update");
    for n in [0, 1, 2, 5, 10, 33, 100, 300] {
        let base = matrix::<f64>(Kind::Random, n, n + 2);
        let gram = base.dot(&base.t()) / n.max(1) as f64 + Array2::<f64>::eye(n);
        let range = f64::from(T::max_value().as_f64().log2() as i32);
        for power in [0, (range / 2.0 - 6.0) as i32, (-range / 2.0) as i32] {
            let a = gram.mapv(|x| T::from_f64(x * f64::from(power).exp2()));
            let v = vector::<T>(n, 17, power / 2);
            let up = wide(&a, -power) + {
                let v = wide(&v.view().insert_axis(Axis(0)), -power / 2);
                outer(&v, &v) * f64::from(power / 2 * 2 - power).exp2()
            };
            for triangle in [Triangle::Lower, Triangle::Upper] {
                let case = format!("{n} 2^{power} {triangle:?} {}", T::NAME);
                let mut factor = Cholesky::with_triangle(&a, triangle).expect(&case);
                let defect = |factor: &Cholesky<T>, target: &Array2<f64>| {
                    let left = if triangle == Triangle::Lower {
                        factor.factor()
                    } else {
                        factor.factor().reversed_axes()
                    };
                    let product = wide(&left, -power / 2).dot(&wide(&left.t(), -power + power / 2));
                    ratio::<T>(&(target - &product), &up, n)
                };
                factor.update(&v).expect(&case);
                ratios.below("‖A + v vᵀ − L Lᵀ‖ / (n ‖A + v vᵀ‖ ε)", defect(&factor, &up), FACTOR, &case);
                factor.downdate(&v).expect(&case);
                let value = defect(&factor, &wide(&a, -power));
                ratios.below("‖A − v vᵀ − L Lᵀ‖ / (n ‖A‖ ε)", value, FACTOR, &case);
            }
        }
    }
}

#[test]
fn cholesky_update_f32() {
    cholesky_update::<f32>();
}

#[test]
fn cholesky_update_f64() {
    cholesky_update::<f64>();
}

fn qr_update<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("QR update");
    for_each_matrix::<T>(|a, case| {
        let ((m, n), e) = (a.dim(), exponent(&a));
        // The update does not see the layout: of the large matrices, one is enough.
        if m.max(n) > 100 && a.strides()[1] != 1 || m.min(n) > 150 && !case.starts_with("Random") {
            return;
        }
        let mut qr = ExplicitQr::new(&a).expect(case);
        let (u, v) = (vector::<T>(m, 5, -e), vector::<T>(n, 6, 0));
        qr.update(&u, &v).expect(case);
        let row = |x: &Array1<T>, e| wide(&x.view().insert_axis(Axis(0)), e);
        let target = wide(&a, e) + outer(&row(&u, e), &row(&v, 0));
        let residual = &target - &wide(&qr.q(), 0).dot(&wide(&qr.r(), e));
        let norms = one_norm(&wide(&a, e)) + one_norm(&outer(&row(&u, e), &row(&v, 0)));
        let value = if norms > 0.0 {
            one_norm(&residual) / (norms * m as f64 * T::UNIT_ROUNDOFF.as_f64())
        } else {
            0.0
        };
        ratios.below("‖A + u vᵀ − Q R‖ / (m (‖A‖ + ‖u vᵀ‖) ε)", value, FACTOR, case);
        ratios.below("‖I − QᵀQ‖ / (m ε)", orthogonality(&qr.q(), m), FACTOR, case);
        assert!(
            qr.r().indexed_iter().all(|((i, j), &x)| i <= j || x == T::zero()),
            "{case}: R is not triangular"
        );
    });
}

#[test]
fn qr_update_f32() {
    qr_update::<f32>();
}

#[test]
fn qr_update_f64() {
    qr_update::<f64>();
}
