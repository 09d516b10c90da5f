use ndarray::{Array, array};

use super::*;
use crate::random::standard_normal;
use crate::testing::{Kind, matrix};

/// Jordan blocks of every order, alone and beside other eigenvalues, in their own basis and in a reflected one,
/// where rounding splits their eigenvalue; the orthogonal basis with distinct eigenvalues is not suspected.
#[test]
fn defective_matrices_are_reported_and_normal_ones_not() {
    for (n, order) in [(2, 2), (3, 2), (3, 3), (10, 1), (10, 2), (10, 5), (10, 10), (40, 2), (40, 1)] {
        let blocks = Array2::from_shape_fn((n, n), |(i, j)| match (i, j) {
            _ if i == j => {
                if i < order {
                    1.0
                } else {
                    2.0 + i as f64 / n as f64
                }
            }
            _ if i + 1 == j && j < order => 1.0,
            _ => 0.0,
        });
        let v = standard_normal(n, 1, 5);
        let norm: f64 = v.iter().map(|x| x * x).sum();
        let reflection = Array2::<f64>::eye(n) - v.dot(&v.t()) * (2.0 / norm);
        for a in [reflection.dot(&blocks).dot(&reflection), blocks] {
            let eigen = GeneralEigen::new(&a).unwrap();
            assert_eq!(eigen.is_nearly_defective().unwrap(), order > 1, "{n} {order}");
            assert!(eigen.certificate(&a).unwrap().holds(), "{n} {order}");
            let single = GeneralEigen::new(&a.mapv(|x| x as f32)).unwrap();
            assert_eq!(single.is_nearly_defective().unwrap(), order > 1, "{n} {order} f32");
        }
    }
}

/// The condition of `V = [[1, 1], [0, d]]` with normalized columns is `(1 + c) / √(1 − c²)`, c = 1 / √(1 + d²); and of
/// the conjugate vectors `(1, ± i d) / √(1 + d²)` it is 1 / d for d ≤ 1.
#[test]
fn vector_condition_is_the_closed_form() {
    let real = GeneralEigen::new(&array![[1.0, 2.0], [0.0, 3.0]]).unwrap().vector_condition().unwrap();
    let c = 0.5f64.sqrt();
    assert!((real - (1.0 + c) / (1.0 - c * c).sqrt()).abs() < 1e-14);
    let complex = GeneralEigen::new(&array![[0.0, 4.0], [-0.25, 0.0]]).unwrap().vector_condition().unwrap();
    assert!((complex - 4.0f64).abs() < 1e-14);
    assert_eq!(GeneralEigen::new(&Array2::<f32>::zeros((0, 0))).unwrap().vector_condition(), Ok(1.0));
}

/// For `[[a, x], [0, b]]` the cosine between the left and the right vector is `1 / √(1 + (x / (a − b))²)`, and the
/// separation of an eigenvalue of a matrix of order two from the other is `|a − b|`.
#[test]
fn conditions_are_the_closed_form_without_balancing() {
    let a = array![[3.0, 8.0], [0.0, 1.0]];
    let params = GeneralEigen::params().balancing(Balancing::None);
    let eigen = params.conditions(ConditionNumbers::ValuesAndVectors).compute(&a).unwrap();
    let conditions = eigen.conditions().unwrap();
    assert!(conditions.values.iter().all(|s| (s - 1.0 / 17f64.sqrt()).abs() < 1e-15));
    assert!(conditions.vectors.iter().all(|separation| (separation - 2.0f64).abs() < 1e-14));
    assert!(eigen.left_vectors().is_none());
    let values_only = params.conditions(ConditionNumbers::Values).compute(&a).unwrap();
    assert_eq!(values_only.conditions().unwrap().values, conditions.values);
    assert!(values_only.conditions().unwrap().vectors.is_empty());
    assert!(GeneralEigen::new(&a).unwrap().conditions().is_none());
}

/// `uᴴ A = λ uᴴ`, by the certificate, which knows of left vectors only where they were asked for.
#[test]
fn left_vectors_are_left_vectors() {
    let a = matrix::<f64>(Kind::Random, 20, 20);
    let eigen = GeneralEigen::params().left_vectors().compute(&a).unwrap();
    let certificate = eigen.certificate(&a).unwrap();
    assert_eq!(certificate.ratios().len(), 4);
    assert!(certificate.holds(), "{certificate}");
    assert_eq!(GeneralEigen::new(&a).unwrap().certificate(&a).unwrap().ratios().len(), 2);
}

/// Only with balancing do the eigenvalues of a badly scaled matrix come out to their own precision.
#[test]
fn balancing_saves_a_badly_scaled_matrix() {
    // Similar by powers of two to [[1, 1, 0], [1, 1, 1], [0, 1, 1]], with eigenvalues 1 and 1 ± √2.
    let d = [1.0, 2f64.powi(40), 2f64.powi(80)];
    let tridiagonal = [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]];
    let a = Array2::from_shape_fn((3, 3), |(i, j)| tridiagonal[i][j] * d[i] / d[j]);
    let error = |balancing| {
        let mut values = GeneralEigen::params().balancing(balancing).values(&a).unwrap().to_vec();
        values.sort_by(|x, y| x.re.total_cmp(&y.re));
        let exact = [1.0 - 2f64.sqrt(), 1.0, 1.0 + 2f64.sqrt()];
        values.iter().zip(exact).map(|(z, x)| (z - x).norm()).fold(0.0, f64::max)
    };
    assert!(error(Balancing::PermuteAndScale) < 1e-14 && error(Balancing::Scale) < 1e-14);
    assert!(error(Balancing::None) > 1e-6 && error(Balancing::Permute) > 1e-6);
}

#[test]
fn bad_input_is_refused_before_any_work() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let mut a = Array2::eye(3);
            a[[row, col]] = bad;
            let expected = Error::NonFinite { argument: "a", row, col };
            assert_eq!(GeneralEigen::new(&a).unwrap_err(), expected);
            assert_eq!(GeneralEigen::eigenvalues(&a).unwrap_err(), expected);
        }
    }
    assert!(matches!(GeneralEigen::new(&Array2::<f64>::zeros((1, 2))), Err(Error::NotSquare { .. })));
    let one = Array::from_elem((1, 1), 1.0);
    let large = one.broadcast((1 << 30, 1 << 30)).unwrap();
    assert!(matches!(GeneralEigen::new(&large), Err(Error::TooLarge { .. })));
    // The workspace of order n² passes 32 bits long before n does, and LAPACK's query would wrap.
    let wide = one.broadcast((46338, 46338)).unwrap();
    let all = GeneralEigen::params().conditions(ConditionNumbers::ValuesAndVectors);
    assert!(matches!(all.compute(&wide), Err(Error::TooLarge { what: "the workspace of geevx", .. })));
}

#[test]
fn a_result_beyond_the_range_is_an_error() {
    let a = Array2::from_elem((4, 4), f64::MAX);
    assert_eq!(GeneralEigen::new(&a).unwrap_err(), Error::Overflow { routine: "geevx", scalar: "f64" });
    for scale in [1e300f64, 1e-310] {
        let values = GeneralEigen::eigenvalues(&array![[2.0 * scale, scale], [0.0, scale]]).unwrap();
        assert!((values[0].re / scale - 2.0).abs() < 1e-10 && (values[1].re / scale - 1.0).abs() < 1e-10);
    }
}

#[test]
fn empty_and_single() {
    let empty = GeneralEigen::params()
        .left_vectors()
        .conditions(ConditionNumbers::ValuesAndVectors)
        .compute(&Array2::<f64>::zeros((0, 0)))
        .unwrap();
    assert_eq!((empty.values().len(), empty.vectors().dim()), (0, (0, 0)));
    assert!(!empty.is_nearly_defective().unwrap());
    let single = GeneralEigen::params()
        .left_vectors()
        .conditions(ConditionNumbers::ValuesAndVectors)
        .compute(&array![[-2.0f32]])
        .unwrap();
    assert_eq!(single.values()[0], Complex::new(-2.0, 0.0));
    assert_eq!(single.vectors()[[0, 0]], Complex::new(1.0, 0.0));
    assert_eq!(single.conditions().unwrap().vectors[0], 2.0);
}

/// A Rust thread has 2 MiB of stack, which OpenBLAS's threaded products overflow.
#[test]
fn runs_on_a_small_stack() {
    let work = || {
        let a = matrix::<f64>(Kind::Random, 300, 300);
        assert!(GeneralEigen::new(&a).unwrap().certificate(&a).unwrap().holds());
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}
