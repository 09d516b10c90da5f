use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{Modification, ModifiedCholesky, PivotedCholesky, Scalar, Triangle};
use ndarray::{Array2, Axis};

use crate::cases::for_each_symmetric;
use crate::measure::{Ratios, exponent, ratio, wide};

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
