use ndarray::{Array2, ArrayView, array};

use super::*;
use crate::PivotedQr;
use crate::testing::gallery::{graded, hilbert, kahan};
use crate::testing::{Kind, Layout, matrix};

/// Values at the threshold do not count; NumPy counts those strictly above it too.
#[test]
fn a_tolerance_is_the_largest_value_that_counts_as_zero() {
    let a = array![[4.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, -1.0]];
    let ranks = [
        (Tolerance::Standard, 3),
        (Tolerance::Absolute(0.0), 3),
        (Tolerance::Absolute(1.0), 2),
        (Tolerance::Absolute(0.999), 3),
        (Tolerance::Relative(0.25), 2),
        (Tolerance::Relative(0.5), 1),
        (Tolerance::Relative(1.0), 0),
    ];
    for (tolerance, rank) in ranks {
        assert_eq!(numerical_rank(&a, tolerance), Ok(rank), "{tolerance:?}");
        assert_eq!(Svd::thin(&a).unwrap().rank(tolerance), Ok(rank), "{tolerance:?}");
    }
    let report = analyze_rank(&a, Tolerance::Standard).unwrap();
    assert_eq!(report.tolerance(), 4.0 * 3.0 * f64::EPSILON);
    assert_eq!((report.condition(), report.gap()), (4.0, None));
    assert_eq!(analyze_rank(&a, Tolerance::Absolute(1.5)).unwrap().gap(), Some(2.0));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let a = Array2::<f32>::eye(2);
    for value in [-1e-300, f64::NAN, f64::INFINITY] {
        for tolerance in [Tolerance::Absolute(value), Tolerance::Relative(value)] {
            let refused = [
                numerical_rank(&a, tolerance).map(|_| ()),
                analyze_columns(&a, tolerance).map(|_| ()),
                Svd::thin(&a).unwrap().rank(tolerance).map(|_| ()),
            ];
            for result in refused {
                assert!(matches!(result, Err(Error::InvalidParameter { parameter: "tolerance", .. })));
            }
        }
    }
    for share in [0.0, -0.1, 1.0000001, f64::NAN] {
        assert!(matches!(energy_rank(&a, share), Err(Error::InvalidParameter { parameter: "share", .. })));
    }
}

#[test]
fn an_entry_that_is_not_finite_is_named_wherever_it_is() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (row, col) in (0..3).flat_map(|i| (0..4).map(move |j| (i, j))) {
            let mut a = matrix::<f64>(Kind::Random, 3, 4);
            a[[row, col]] = bad;
            let expected = Error::NonFinite { argument: "a", row, col };
            assert_eq!(numerical_rank(&a, Tolerance::Standard), Err(expected.clone()));
            assert_eq!(analyze_columns(&a, Tolerance::Standard), Err(expected));
        }
    }
}

/// A zero matrix and an empty one have rank 0 by every measure.
#[test]
fn nothing_has_rank_zero() {
    for (m, n) in [(0, 0), (0, 3), (3, 0), (1, 1), (2, 5)] {
        let report = analyze_rank(&Array2::<f64>::zeros((m, n)), Tolerance::Standard).unwrap();
        assert_eq!((report.rank(), report.effective_rank(), report.stable_rank()), (0, 0.0, 0.0));
        assert_eq!(report.energy_rank(0.9), Ok(0));
        assert!(report.is_clear_cut());
        assert_eq!(report.condition(), if m * n == 0 { 1.0 } else { f64::INFINITY });
        assert!(report.to_string().starts_with(&format!("rank 0 of {m} x {n}")));
    }
    let columns = analyze_columns(&Array2::<f64>::zeros((3, 2)), Tolerance::Standard).unwrap();
    assert_eq!(
        (columns.independent(), columns.to_string()),
        (&[][..], "column 0 = 0\ncolumn 1 = 0".to_owned())
    );
}

/// Closed forms: k equal values weigh as k; 2 and 1 have shares 2/3 and 1/3.
#[test]
fn effective_ranks_have_their_closed_forms_at_every_scale() {
    for scale in [1.0, 1e300, 1e-300, 1e-310] {
        let equal = Array2::from_diag(&array![1.0, 1.0, 1.0, 0.0]) * scale;
        assert!((effective_rank(&equal).unwrap() - 3.0).abs() < 1e-14);
        assert!((stable_rank(&equal).unwrap() - 3.0).abs() < 1e-14);
        let unequal = Array2::from_diag(&array![1.0, 2.0]) * scale;
        let entropy = -(2.0 / 3.0 * (2.0f64 / 3.0).ln() + 1.0 / 3.0 * (1.0f64 / 3.0).ln());
        assert!((effective_rank(&unequal).unwrap() - entropy.exp()).abs() < 1e-14, "{scale}");
        assert!((stable_rank(&unequal).unwrap() - 1.25).abs() < 1e-14);
        assert_eq!((energy_rank(&unequal, 0.8), energy_rank(&unequal, 0.81)), (Ok(1), Ok(2)));
        assert_eq!(energy_rank(&equal, 1.0), Ok(3));
    }
}

/// Kahan's matrix has a last diagonal entry of R far above the rank tolerance and a singular value below it:
/// pivoted QR counts 90 columns, and the singular values know better.
#[test]
fn kahans_matrix_does_not_deceive() {
    let a = kahan::<f64>(90, 1.2, 25.0);
    assert_eq!(PivotedQr::new(&a).unwrap().rank(), 90);
    assert_eq!(numerical_rank(&a, Tolerance::Standard), Ok(89));
}

/// The singular values of a Hilbert matrix decay without a gap, so that no rank is clear-cut; those of a graded
/// matrix lie within a factor of 2 of the powers on its diagonal.
#[test]
fn doubt_is_admitted_where_there_is_no_gap() {
    assert!(!analyze_rank(&hilbert::<f64>(20), Tolerance::Standard).unwrap().is_clear_cut());
    assert!(analyze_rank(&hilbert::<f64>(5), Tolerance::Standard).unwrap().is_clear_cut());
    let a = graded::<f64>(5, 10);
    assert_eq!(numerical_rank(&a, Tolerance::Absolute(2f64.powi(-25))), Ok(3));
    assert_eq!(numerical_rank(&a, Tolerance::Standard), Ok(5));
    for kind in [Kind::RankDeficient, Kind::Random, Kind::Identity] {
        let report = analyze_rank(&matrix::<f64>(kind, 40, 30), Tolerance::Standard).unwrap();
        assert!(report.is_clear_cut(), "{kind:?}: {report}");
        assert_eq!(report.rank(), if kind == Kind::RankDeficient { 15 } else { 30 });
    }
    // Noise that an absolute tolerance of zero counts is no clear rank.
    let singular = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
    assert!(!analyze_rank(&singular, Tolerance::Absolute(0.0)).unwrap().is_clear_cut());
}

#[test]
fn a_report_reads_as_a_sentence() {
    let a = array![[3.0, 0.0], [0.0, 0.0], [0.0, 4.0]];
    let expected = "rank 2 of 3 x 2, at most 2: clear-cut\n\
                    singular values  σ1 = 4.000e0, σ2 = 3.000e0\n\
                    tolerance        2.665e-15\n\
                    condition        1.333e0\n\
                    effective rank   1.980, stable rank 1.562";
    assert_eq!(analyze_rank(&a, Tolerance::Standard).unwrap().to_string(), expected);
}

/// Columns of small integers: coefficients are exact to a few roundings, in every layout.
#[test]
fn dependent_columns_are_named_with_their_combination() {
    let a = array![
        [1.0, 0.0, 2.0, 0.0, 1.0],
        [1.0, 0.0, 2.0, 1.0, 3.0],
        [0.0, 0.0, 0.0, 2.0, 4.0],
        [2.0, 0.0, 4.0, 0.0, 2.0]
    ];
    for layout in Layout::ALL {
        let report = layout.with(&a, |a| analyze_columns(&a, Tolerance::Standard)).unwrap();
        assert_eq!(report.independent(), [0, 3]);
        let text = "column 1 = 0\ncolumn 2 = 2 × column 0\ncolumn 4 = 1 × column 0 + 2 × column 3";
        assert_eq!(report.to_string(), text, "{layout:?}");
        for &(_, coefficient) in &report.dependent()[2].combination {
            assert!((f64::round(coefficient) - coefficient).abs() < 8.0 * f64::EPSILON);
        }
    }
    let report = analyze_columns(&Array2::<f32>::eye(3), Tolerance::Standard).unwrap();
    assert_eq!(
        (report.are_independent(), report.to_string()),
        (true, "all 3 columns are independent".to_owned())
    );
}

/// The units of a column are not evidence against it, and the third column of a plane is dependent in any.
#[test]
fn columns_are_judged_in_their_own_units() {
    let a = array![[1e300, 1e-310], [0.0, 1e-310]];
    assert!(analyze_columns(&a, Tolerance::Standard).unwrap().are_independent());
    assert!(!analyze_columns(&a, Tolerance::Absolute(1e-300)).unwrap().are_independent());
    let a = array![[1e200, 0.0, 3e-100], [0.0, 1.0, 2e-200]];
    let report = analyze_columns(&a, Tolerance::Relative(1e-10)).unwrap();
    assert_eq!(report.to_string(), "column 2 = 3e-300 × column 0");
    // 3e-200 / 1e200 underflows; the reverse leaves the range.
    let error = analyze_columns(&array![[1e-200, 1e200]], Tolerance::Standard).unwrap_err();
    assert_eq!(error, Error::Overflow { routine: "Gram–Schmidt", scalar: "f64" });
}

#[test]
fn sizes_past_32_bits_are_refused_before_any_work() {
    let zero = [0.0f64];
    let a = ArrayView::from(&zero).into_shape_with_order((1, 1)).unwrap();
    let tall = a.broadcast((1 << 31, 1)).unwrap();
    assert!(matches!(numerical_rank(&tall, Tolerance::Standard), Err(Error::TooLarge { .. })));
    assert!(matches!(analyze_columns(&tall.t(), Tolerance::Standard), Err(Error::TooLarge { .. })));
}

#[test]
fn a_thread_with_a_small_stack_is_enough() {
    let work = || {
        let a = matrix::<f64>(Kind::RankDeficient, 300, 300);
        let independent = analyze_columns(&a, Tolerance::Standard).unwrap().independent().len();
        (numerical_rank(&a, Tolerance::Standard).unwrap(), independent)
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap();
    assert_eq!(thread.join().unwrap(), (150, 150));
}
