//! Ranks, subspaces, inverses and norms of integer matrices are those of exact elimination in rational numbers.
//!
//! The integers are small enough that single precision holds the matrices exactly, so that all there is to allow for is
//! the rounding of the computation: a few max(m, n) ε, times the condition where the result has one.

mod rational;

use lapwing_lapack::gram_schmidt::gram;
use lapwing_lapack::inverse::{inverse, left_inverse, pseudoinverse, right_inverse};
use lapwing_lapack::norms::{Norm, norm};
use lapwing_lapack::rank::{RankReport, Tolerance, analyze_columns, analyze_rank};
use lapwing_lapack::subspaces::FundamentalSubspaces;
use lapwing_lapack::testing::gallery;
use lapwing_lapack::{Error, Scalar};
use ndarray::{Array2, ArrayRef2, Axis};

use rational::{Matrix, Rational, echelon, from_integers, multiply, null_space, projector, rounded};

/// Integers from -bound to bound.
fn integers(m: usize, n: usize, bound: i64, seed: u64) -> Array2<i64> {
    let mut state = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    Array2::from_shape_simple_fn((m, n), || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as i64 % (2 * bound + 1) - bound
    })
}

/// Matrices of every shape up to 6 x 6 and of every rank that they can have.
fn for_each_integer_matrix(mut check: impl FnMut(&Array2<i64>, &str)) {
    for (m, n) in (1..7).flat_map(|m| (1..7).map(move |n| (m, n))) {
        for inner in 0..=m.min(n) {
            for seed in 0..3 {
                let seed = seed + 10 * (m + 10 * (n + 10 * inner)) as u64;
                let a = if inner == m.min(n) {
                    integers(m, n, 5, seed)
                } else {
                    integers(m, inner, 3, seed).dot(&integers(inner, n, 3, seed + 5))
                };
                check(&a, &format!("{a:?}"));
            }
        }
    }
}

fn scalars<T: Scalar>(a: &Array2<i64>) -> Array2<T> {
    a.mapv(|x| T::from_f64(x as f64))
}

/// σ₁ over the last singular value that counts.
fn condition<T: Scalar>(report: &RankReport<T>) -> f64 {
    let values = report.singular_values();
    if report.rank() == 0 { 1.0 } else { values[0].as_f64() / values[report.rank() - 1].as_f64() }
}

fn largest_difference<T: Scalar>(computed: &ArrayRef2<T>, exact: &Matrix) -> f64 {
    assert_eq!(computed.dim(), exact.dim());
    computed.iter().zip(&rounded(exact)).map(|(x, y)| (x.as_f64() - y).abs()).fold(0.0, f64::max)
}

fn ranks_are_exact<T: Scalar>() {
    let (mut cases, mut doubtful) = (0, 0);
    for_each_integer_matrix(|integers, case| {
        let (form, pivots) = echelon(&from_integers(integers));
        let a = scalars::<T>(integers);
        let report = analyze_rank(&a, Tolerance::Standard).unwrap();
        cases += 1;
        if !report.is_clear_cut() {
            doubtful += 1;
            return;
        }
        assert_eq!(report.rank(), pivots.len(), "{case}");
        // Columns from left to right: the independent ones are those of the pivots, and the echelon form holds the
        // coefficients of the others.
        let columns = analyze_columns(&a, Tolerance::Standard).unwrap();
        assert_eq!(columns.independent(), pivots, "{case}");
        let kept = analyze_rank(&a.select(Axis(1), &pivots), Tolerance::Standard).unwrap();
        // Each column has an error of a few m ε of its own norm, and the kept ones enter with their coefficients.
        let unit = 10.0 * a.nrows() as f64 * 2.0 * T::UNIT_ROUNDOFF.as_f64() * condition(&kept);
        for dependence in columns.dependent() {
            let exact = form.column(dependence.column);
            let bound = unit * (1.0 + exact.iter().map(|x| x.rounded().abs()).sum::<f64>());
            for (i, &pivot) in pivots.iter().enumerate() {
                let found = dependence.combination.iter().find(|(column, _)| *column == pivot);
                let coefficient = found.map_or(0.0, |(_, coefficient)| coefficient.as_f64());
                assert!((coefficient - exact[i].rounded()).abs() <= bound, "{case}: {dependence}");
                if T::NAME == "f64" {
                    assert_eq!(found.is_some(), exact[i] != Rational::ZERO, "{case}: {dependence}");
                }
            }
        }
    });
    // In single precision, a few of these integers are ill conditioned.
    assert!(doubtful * 50 <= cases, "{doubtful} of {cases} ranks were doubtful");
}

#[test]
fn ranks_and_dependent_columns_are_those_of_exact_elimination() {
    ranks_are_exact::<f64>();
    ranks_are_exact::<f32>();
}

/// Wedin: rounding errors of norm max(m, n) ε σ₁ turn the singular subspaces by at most that over the last σ that
/// counts, and the projectors by twice as much.
fn subspaces_are_exact<T: Scalar>() {
    for_each_integer_matrix(|integers, case| {
        let exact = from_integers(integers);
        let a = scalars::<T>(integers);
        let report = analyze_rank(&a, Tolerance::Standard).unwrap();
        if !report.is_clear_cut() {
            return;
        }
        let spaces = FundamentalSubspaces::new(&a, Tolerance::Standard).unwrap();
        let transposed = exact.t().to_owned();
        let (_, pivots) = echelon(&exact);
        let (_, row_pivots) = echelon(&transposed);
        let bases = [
            (spaces.column_space(), exact.select(Axis(1), &pivots)),
            (spaces.row_space(), transposed.select(Axis(1), &row_pivots)),
            (spaces.null_space(), null_space(&exact)),
            (spaces.left_null_space(), null_space(&transposed)),
        ];
        let (m, n) = a.dim();
        let bound = 10.0 * m.max(n) as f64 * 2.0 * T::UNIT_ROUNDOFF.as_f64() * condition(&report);
        for (computed, basis) in bases {
            assert_eq!(computed.dim(), basis.dim(), "{case}");
            let difference = largest_difference(&computed.dot(&computed.t()), &projector(&basis));
            assert!(difference <= bound, "{case}: {difference} over {bound}");
        }
    });
}

#[test]
fn the_four_subspaces_are_those_of_exact_elimination() {
    subspaces_are_exact::<f64>();
    subspaces_are_exact::<f32>();
}

/// Sums of squares of integers below 2²⁴ are exact in both precisions, so equality is the test for Gram matrices and for
/// norms by entries; Σσ² is `‖A‖_F²`.
#[test]
fn gram_matrices_norms_and_energies_are_exact() {
    for_each_integer_matrix(|integers, case| {
        let exact = integers.t().dot(integers);
        assert_eq!(gram(&scalars::<f64>(integers)).unwrap(), scalars::<f64>(&exact), "{case}");
        assert_eq!(gram(&scalars::<f32>(integers)).unwrap(), scalars::<f32>(&exact), "{case}");
        let energy = exact.diag().sum() as f64;
        assert_eq!(norm(&scalars::<f64>(integers), Norm::Frobenius), Ok(energy.sqrt()), "{case}");
        let sums = integers.columns().into_iter().map(|column| column.iter().map(|x| x.abs()).sum::<i64>());
        assert_eq!(norm(&scalars::<f32>(integers), Norm::One), Ok(sums.max().unwrap_or(0) as f32), "{case}");
        let report = analyze_rank(&scalars::<f64>(integers), Tolerance::Standard).unwrap();
        let computed: f64 = report.singular_values().iter().map(|s| s * s).sum();
        assert!((computed - energy).abs() <= 20.0 * f64::EPSILON * energy, "{case}");
        if energy > 0.0 {
            let stable = energy / report.singular_values()[0].powi(2);
            assert!((report.stable_rank() - stable).abs() <= 40.0 * f64::EPSILON * stable, "{case}");
        }
    });
}

/// The pseudoinverse of a matrix of condition κ moves by max(m, n) ε κ ‖A⁺‖, and the inverse no further.
fn inverses_are_exact<T: Scalar>() {
    for_each_integer_matrix(|integers, case| {
        let (m, n) = integers.dim();
        // Beyond this, the fractions outgrow 128 bits.
        if m.min(n) > 4 {
            return;
        }
        let exact = from_integers(integers);
        let a = scalars::<T>(integers);
        let report = analyze_rank(&a, Tolerance::Standard).unwrap();
        if !report.is_clear_cut() || report.rank() == 0 {
            return;
        }
        let expected = rational::pseudoinverse(&exact);
        let size = 1.0 / report.singular_values()[report.rank() - 1].as_f64();
        let bound = 20.0 * m.max(n) as f64 * 2.0 * T::UNIT_ROUNDOFF.as_f64() * condition(&report) * size;
        let mut inverses = vec![pseudoinverse(&a, Tolerance::Standard).unwrap()];
        inverses.extend((report.rank() == n).then(|| left_inverse(&a).unwrap()));
        inverses.extend((report.rank() == m).then(|| right_inverse(&a).unwrap()));
        if m == n && report.is_full() {
            inverses.push(inverse(&a).unwrap());
        } else {
            let needed = Error::RankDeficient { argument: "a", rank: report.rank(), needed: m.max(n) };
            let one_sided = if m > n { right_inverse(&a) } else { left_inverse(&a) };
            assert_eq!(one_sided.unwrap_err(), needed, "{case}");
        }
        for x in inverses {
            let difference = largest_difference(&x, &expected);
            assert!(difference <= bound, "{case}: {difference} over {bound}");
        }
    });
}

#[test]
fn inverses_of_every_kind_are_those_of_exact_elimination() {
    inverses_are_exact::<f64>();
    inverses_are_exact::<f32>();
}

/// The elimination itself, on what is known: the Hilbert matrix has an inverse of integers.
#[test]
fn the_elimination_finds_the_inverse_of_a_hilbert_matrix() {
    for n in 1..8 {
        let hilbert = Matrix::from_shape_fn((n, n), |(i, j)| Rational::new(1, (i + j + 1) as i128));
        let inverse = rational::inverse(&hilbert);
        assert_eq!(multiply(&hilbert, &inverse), rational::identity(n));
        if n < 5 {
            assert_eq!(rational::pseudoinverse(&hilbert), inverse);
        }
        assert_eq!(rounded(&inverse), gallery::inverse_hilbert::<f64>(n));
    }
}
