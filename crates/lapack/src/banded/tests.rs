use ndarray::{Array1, Array2, ArrayView, array};

use super::*;
use crate::lu::ConditionNorm;
use crate::testing::{Kind, Layout, matrix};

/// A random band, not diagonally dominant, so that rows are exchanged.
fn band(n: usize, lower: usize, upper: usize) -> Array2<f64> {
    let random = matrix::<f64>(Kind::Random, n, n);
    Array2::from_shape_fn(
        (n, n),
        |(i, j)| if i <= j + lower && j <= i + upper { random[[i, j]] } else { 0.0 },
    )
}

#[test]
fn storage_is_scipys_in_every_layout() {
    let a = array![[1.0, 2.0, 3.0, 0.0], [4.0, 5.0, 6.0, 7.0], [0.0, 8.0, 9.0, 1.0], [0.0, 0.0, 2.0, 3.0]];
    let stored =
        array![[0.0, 0.0, 3.0, 7.0], [0.0, 2.0, 6.0, 1.0], [1.0, 5.0, 9.0, 3.0], [4.0, 8.0, 2.0, 0.0]];
    // What lies outside of the matrix is not read.
    let mut given = stored.clone();
    for place in [[0, 0], [0, 1], [1, 0], [3, 3]] {
        given[place] = f64::NAN;
    }
    for layout in Layout::ALL {
        let banded = layout.with(&a, |a| Banded::from_dense(&a)).unwrap();
        assert_eq!((banded.order(), banded.lower_bandwidth(), banded.upper_bandwidth()), (4, 1, 2));
        assert_eq!(banded.diagonals(), stored);
        assert_eq!(banded.to_dense().unwrap(), a);
        assert_eq!(layout.with(&given, |given| Banded::from_diagonals(1, 2, &given)).unwrap(), banded);
    }
}

#[test]
fn bands_wider_than_the_matrix_and_empty_ones_are_answered() {
    for (n, lower, upper) in [(0, 0, 0), (0, 2, 1), (1, 0, 0), (1, 3, 2), (3, 5, 5)] {
        let banded =
            Banded::from_diagonals(lower, upper, &Array2::<f64>::from_elem((lower + upper + 1, n), 2.0))
                .unwrap();
        let dense = banded.to_dense().unwrap();
        assert_eq!(dense, Array2::from_elem((n, n), 2.0));
        let lu = BandedLu::new(&banded).unwrap();
        if n < 3 {
            assert_eq!(lu.determinant().unwrap(), if n == 0 { 1.0 } else { 2.0 });
            assert_eq!(lu.solve(&Array1::from_elem(n, 4.0)).unwrap(), Array1::from_elem(n, 2.0));
            assert_eq!(lu.reciprocal_condition(ConditionNorm::One).unwrap(), 1.0);
            // The square root of two rounds.
            let x = BandedCholesky::new(&banded).unwrap().solve(&Array1::from_elem(n, 4.0)).unwrap();
            assert!(x.len() == n && x.iter().all(|x| (x - 2.0).abs() <= 4.0 * f64::EPSILON));
        } else {
            assert_eq!(lu.zero_pivot(), Some(1));
        }
    }
}

/// The band is solved as the full matrix is.
#[test]
fn agrees_with_the_full_matrix() {
    for (n, lower, upper) in
        [(2, 1, 0), (5, 1, 1), (6, 2, 1), (20, 0, 3), (20, 3, 0), (60, 4, 7), (60, 59, 59)]
    {
        let a = band(n, lower, upper);
        let (banded, full) = (Banded::from_dense(&a).unwrap(), crate::Lu::new(&a).unwrap());
        let lu = BandedLu::new(&banded).unwrap();
        assert!(lu.certificate(&banded).unwrap().holds(), "{}", lu.certificate(&banded).unwrap());
        // A certificate that nothing could fail would prove nothing.
        let mut wrong = a.clone();
        wrong[[n - 1, n - 1]] += 1e-8;
        assert!(!lu.certificate(&Banded::from_dense(&wrong).unwrap()).unwrap().holds());
        let b = matrix::<f64>(Kind::Random, n, 2);
        let condition = 1.0 / full.reciprocal_condition(ConditionNorm::Infinity).unwrap();
        let same = |x: &ArrayRef2<f64>, y: &ArrayRef2<f64>| {
            let size = y.iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
            (x - y).iter().all(|d| d.abs() <= 30.0 * n as f64 * f64::EPSILON * condition * size)
        };
        assert!(same(&lu.solve(&b).unwrap(), &full.solve(&b).unwrap()), "{n} {lower} {upper}");
        assert!(same(&lu.solve_transposed(&b).unwrap(), &full.solve_transposed(&b).unwrap()));
        let ((sign, logarithm), (full_sign, full_logarithm)) =
            (lu.sign_log_determinant(), full.sign_log_determinant().unwrap());
        assert!(
            sign == full_sign && (logarithm - full_logarithm).abs() < n as f64 * f64::EPSILON * condition
        );
        for norm in [ConditionNorm::One, ConditionNorm::Infinity] {
            let ratio = lu.reciprocal_condition(norm).unwrap() / full.reciprocal_condition(norm).unwrap();
            assert!((0.3..3.0).contains(&ratio), "{ratio}");
        }
    }
}

/// A symmetric diagonally dominant band, of which only the lower half is given to the second one.
#[test]
fn positive_definite_bands_are_factored_from_their_lower_half() {
    for (n, width) in [(1, 0), (4, 1), (30, 3), (100, 40)] {
        let a = band(n, width, width);
        let a = &a + &a.t() + Array2::<f64>::eye(n) * (10.0 * (width + 1) as f64);
        let banded = Banded::from_dense(&a).unwrap();
        let half = banded.diagonals().slice_move(ndarray::s![banded.upper_bandwidth().., ..]).to_owned();
        for given in [&banded, &Banded::from_diagonals(banded.lower_bandwidth(), 0, &half).unwrap()] {
            let cholesky = BandedCholesky::new(given).unwrap();
            assert!(cholesky.certificate(given).unwrap().holds());
            let mut wrong = a.clone();
            wrong[[n - 1, n - 1]] *= 1.0 + 1e-8;
            assert!(!cholesky.certificate(&Banded::from_dense(&wrong).unwrap()).unwrap().holds());
            let l = cholesky.factor().to_dense().unwrap();
            assert!((l.dot(&l.t()) - &a).iter().all(|d| d.abs() < 1e-13 * (width + 1) as f64 * 10.0));
            let x = Array1::from_shape_fn(n, |i| (i % 7) as f64 - 3.0);
            let solution = cholesky.solve(&a.dot(&x)).unwrap();
            // Diagonally dominant by a factor: the condition number is below 10.
            assert!((solution - &x).iter().all(|d| d.abs() < 30.0 * 10.0 * n as f64 * f64::EPSILON));
            let full = crate::Cholesky::new(&a).unwrap();
            let scale = full.log_determinant().abs().max(1.0);
            assert!((cholesky.log_determinant() - full.log_determinant()).abs() < 1e-13 * n as f64 * scale);
            let ratio = cholesky.reciprocal_condition().unwrap() / full.reciprocal_condition(&a).unwrap();
            assert!((0.5..2.0).contains(&ratio));
        }
    }
    let indefinite = Banded::from_dense(&array![[1.0, 2.0, 0.0], [2.0, 1.0, 2.0], [0.0, 2.0, 1.0]]).unwrap();
    assert_eq!(BandedCholesky::new(&indefinite).unwrap_err(), Error::NotPositiveDefinite { minor: 2 });
}

#[test]
fn singular_bad_and_extreme_bands_are_refused_or_solved() {
    let singular = Banded::from_dense(&array![[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.0, 1.0, 1.0]]).unwrap();
    let lu = BandedLu::new(&singular).unwrap();
    assert_eq!(
        (lu.determinant().unwrap(), lu.reciprocal_condition(ConditionNorm::One).unwrap()),
        (-0.0, 0.0)
    );
    let singular = Banded::from_dense(&array![[0.0f32, 0.0], [0.0, 1.0]]).unwrap();
    let lu = BandedLu::new(&singular).unwrap();
    assert_eq!(lu.solve(&array![1.0, 1.0]).unwrap_err(), Error::Singular { pivot: 0 });

    let tiny = Banded::from_dense(&array![[1e-310, 1.0], [0.0, 1.0]]).unwrap();
    let refused = BandedLu::new(&tiny).and_then(|lu| lu.solve(&array![2.0, 1.0]));
    assert_eq!(refused.unwrap_err(), Error::Singular { pivot: 0 });
    let base = array![[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]];
    let x = array![1.0, -1.0, 2.0];
    for scale in [1.5e307, 1e300, 1e-300, 5e-324] {
        let a = Banded::from_dense(&(&base * scale)).unwrap();
        let lu = BandedLu::new(&a).unwrap();
        let solution = lu.solve(&(base.dot(&x) * scale)).unwrap();
        // 3 n ε times the condition number, 40/9.
        assert!((&solution - &x).iter().all(|d: &f64| d.abs() < 1e-14), "{scale:e} {solution}");
        assert!(lu.certificate(&a).unwrap().holds());
    }

    let mut diagonals = Array2::<f64>::ones((3, 4));
    assert!(matches!(Banded::from_diagonals(2, 1, &diagonals), Err(Error::Shape { found: 3, .. })));
    diagonals[[1, 2]] = f64::INFINITY;
    let refused = Error::NonFinite { argument: "diagonals", row: 1, col: 2 };
    assert_eq!(Banded::from_diagonals(1, 1, &diagonals).unwrap_err(), refused);
    assert!(matches!(Banded::from_dense(&Array2::<f64>::zeros((2, 3))), Err(Error::NotSquare { .. })));
    let a = Banded::from_dense(&base).unwrap();
    assert!(matches!(a.solve(&array![1.0]), Err(Error::Shape { argument: "b", .. })));
    assert!(matches!(
        a.solve(&array![1.0, f64::NAN, 1.0]),
        Err(Error::NonFinite { argument: "b", row: 1, .. })
    ));
    let zero = [0.0];
    let long = ArrayView::from_shape((1, 1), &zero).unwrap();
    let long = long.broadcast((1, 1 << 31)).unwrap();
    assert!(matches!(Banded::from_diagonals(0, 0, &long), Err(Error::TooLarge { .. })));
}
