//! What a function of a matrix promises beyond its numbers, which `tests/ratios` and `tests/matrix_functions.rs` check.

use ndarray::{Array2, ArrayView2, array, s};
use num_complex::Complex;

use super::*;
use crate::random::standard_normal;
use crate::testing::Layout;

type Function = fn(&ArrayRef2<f64>) -> Result<Array2<f64>, Error>;

const ALL: [(&str, Function); 7] = [
    ("expm", |a| expm(a)),
    ("logm", |a| logm(a)),
    ("sqrtm", |a| sqrtm(a)),
    ("signm", |a| signm(a)),
    ("power", |a| power(a, 3)),
    ("inverse power", |a| power(a, -2)),
    ("fractional_power", |a| fractional_power(a, 0.3)),
];

fn close(a: &Array2<f64>, b: &Array2<f64>, tolerance: f64) -> bool {
    a.dim() == b.dim() && a.iter().zip(b).all(|(x, y)| (x - y).abs() <= tolerance)
}

#[test]
fn an_empty_matrix_has_every_function() {
    for (name, function) in ALL {
        assert_eq!(function(&Array2::zeros((0, 0))).unwrap().dim(), (0, 0), "{name}");
    }
    let empty = Array2::<f32>::zeros((0, 0));
    assert_eq!(logm_complex(&empty).unwrap().len(), 0);
    assert_eq!(sqrtm_complex(&empty).unwrap().len(), 0);
    assert_eq!(fractional_power_complex(&empty, 0.5).unwrap().len(), 0);
}

#[test]
fn a_rectangle_is_refused() {
    for (name, function) in ALL {
        let error = function(&Array2::zeros((2, 3))).unwrap_err();
        assert_eq!(error, Error::NotSquare { argument: "a", rows: 2, cols: 3 }, "{name}");
    }
}

#[test]
fn every_entry_that_is_not_finite_is_named() {
    for (name, function) in ALL {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
                let mut a = Array2::eye(3);
                a[[row, col]] = bad;
                assert_eq!(function(&a).unwrap_err(), Error::NonFinite { argument: "a", row, col }, "{name}");
            }
        }
    }
}

/// A zero-stride view has a size without the memory.
#[test]
fn a_size_past_32_bits_is_refused_before_any_work() {
    let one = array![[1.0]];
    let n = 1usize << 31;
    let huge = one.broadcast((n, n)).unwrap();
    for (name, function) in ALL {
        assert!(matches!(function(&huge), Err(Error::TooLarge { .. } | Error::OutOfMemory { .. })), "{name}");
    }
}

/// The bits may depend on the layout, since LAPACK sees other strides of it; the values may not.
#[test]
fn every_layout_gives_the_same_matrix() {
    let a = standard_normal(7, 7, 3) * 0.3 + Array2::<f64>::eye(7) * 2.0;
    for (name, function) in ALL {
        let expected = function(&a).unwrap();
        for layout in Layout::ALL {
            let value = layout.with(&a, |a: ArrayView2<f64>| function(&a)).unwrap();
            assert!(close(&value, &expected, 1e-12), "{name} {layout:?}");
        }
    }
}

/// OpenBLAS keeps its job tables on the stack; a Rust thread has 2 MiB of it.
#[test]
fn a_large_matrix_fits_the_stack_of_a_thread() {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(|| {
            let a = standard_normal(300, 300, 5) * 0.02 + Array2::<f64>::eye(300);
            let root = sqrtm(&a).unwrap();
            assert!(close(&matmul(&root, &root).unwrap(), &a, 1e-11));
            expm(&a).unwrap();
        })
        .unwrap()
        .join()
        .unwrap();
}

// --- power ----------------------------------------------------------------------------------------------------------

/// Of a unimodular matrix of integers every power is exact.
#[test]
fn integer_powers_are_exact() {
    let a = array![[2.0, 1.0], [1.0, 1.0]];
    assert_eq!(power(&a, 0).unwrap(), Array2::<f64>::eye(2));
    assert_eq!(power(&a, 1).unwrap(), a);
    assert_eq!(power(&a, 5).unwrap(), array![[89.0, 55.0], [55.0, 34.0]]);
    assert!(close(&power(&a, -5).unwrap(), &array![[34.0, -55.0], [-55.0, 89.0]], 1e-12));
    assert_eq!(power(&array![[0.0, 1.0], [0.0, 0.0]], 2).unwrap(), Array2::<f64>::zeros((2, 2)));
    assert_eq!(power(&array![[0.0, 0.0], [0.0, 0.0]], 0).unwrap(), Array2::<f64>::eye(2));
    assert_eq!(fractional_power(&a, 5.0).unwrap(), power(&a, 5).unwrap());
}

#[test]
fn extreme_exponents_overflow_or_settle() {
    let turn = array![[0.0, -1.0], [1.0, 0.0]];
    assert_eq!(power(&turn, i64::MAX).unwrap(), array![[0.0, 1.0], [-1.0, 0.0]]);
    assert_eq!(power(&turn, i64::MIN).unwrap(), Array2::<f64>::eye(2));
    assert!(matches!(power(&array![[2.0, 1.0], [0.0, 2.0]], i64::MAX), Err(Error::Overflow { .. })));
    assert!(matches!(power(&array![[1.0, 2.0], [2.0, 4.0]], -1), Err(Error::Singular { pivot: 1 })));
    for exponent in [f64::NAN, f64::INFINITY] {
        assert!(matches!(fractional_power(&turn, exponent), Err(Error::InvalidParameter { .. })));
    }
}

// --- exponential ----------------------------------------------------------------------------------------------------

/// `I + N + N²/2` ends the series of a nilpotent matrix, whatever its size.
#[test]
fn the_exponential_of_a_nilpotent_matrix_ends() {
    for size in [1e-300, 1.0, 1e100, 1e300] {
        let n = array![[0.0, size], [0.0, 0.0]];
        let expected = array![[1.0, size], [0.0, 1.0]];
        assert_eq!(expm(&n).unwrap(), expected, "{size}");
        assert_eq!(expm(&n.t()).unwrap(), expected.t(), "{size}");
    }
    // Not triangular, so that nothing is known beforehand: [[1, −1], [1, −1]] is nilpotent too.
    // Its condition number is about the square of its size, 10⁴.
    let n = array![[100.0, -100.0], [100.0, -100.0]];
    assert!(close(
        &expm(&n).unwrap(),
        &array![[101.0, -100.0], [100.0, -99.0]],
        10.0 * 1e4 * 100.0 * f64::EPSILON
    ));
}

#[test]
fn a_huge_exponential_is_an_error_or_zero_and_never_nan() {
    for a in [
        array![[1e300, 1e300], [1e300, 1e300]],
        array![[f64::MAX, f64::MAX], [-f64::MAX, f64::MAX]],
        array![[800.0, 1.0], [1.0, 800.0]],
        array![[1e300, 1.0], [0.0, 1.0]],
        array![[710.0, 0.0], [0.0, 0.0]],
    ] {
        assert!(matches!(expm(&a), Err(Error::Overflow { scalar: "f64", .. })), "{a}");
    }
    assert!(matches!(expm(&array![[90.0f32, 1.0], [1.0, 90.0]]), Err(Error::Overflow { scalar: "f32", .. })));
    assert_eq!(expm(&array![[-1e300, 1e3], [0.0, -1e300]]).unwrap(), Array2::<f64>::zeros((2, 2)));
    let decay = expm(&array![[-2e300, 1e300], [1e300, -2e300]]).unwrap();
    assert_eq!(decay, Array2::<f64>::zeros((2, 2)));
    assert_eq!(expm(&array![[-f32::MAX, 1.0], [1.0, -f32::MAX]]).unwrap(), Array2::<f32>::zeros((2, 2)));
}

#[test]
fn a_tiny_matrix_has_an_exponential_next_to_the_identity() {
    let a = array![[1e-310, 2e-310], [3e-310, 4e-310]];
    // Subnormal numbers are 5e-324 apart, and a few operations round to them.
    assert!(close(&expm(&a).unwrap(), &array![[1.0, 2e-310], [3e-310, 1.0]], 1e-322));
}

/// Norms of powers, not of the matrix, decide how much it is scaled: 27 halvings of these would lose half of the digits.
#[test]
fn a_large_part_above_the_diagonal_does_not_cost_digits() {
    let x = expm(&array![[1.0, 1e6], [0.0, -1.0]]).unwrap();
    let expected = array![[1f64.exp(), 1e6 * 1f64.sinh()], [0.0, (-1f64).exp()]];
    assert!((&x - &expected).iter().zip(&expected).all(|(d, e)| d.abs() <= 4.0 * f64::EPSILON * e.abs()));
    let x = expm(&array![[0.0, 1e10, 3.0], [0.0, 0.0, 1e5], [0.0, 0.0, 0.0]]).unwrap();
    assert_eq!(x, array![[1.0, 1e10, 3.0 + 5e14], [0.0, 1.0, 1e5], [0.0, 0.0, 1.0]]);
}

/// Matrices that commute have exponentials that multiply: `e^A e^(−A) = I`.
#[test]
fn exponentials_of_opposites_are_inverse() {
    let a = standard_normal(12, 12, 9) * 0.5;
    let product = matmul(&expm(&a).unwrap(), &expm(&-&a).unwrap()).unwrap();
    assert!(close(&product, &Array2::eye(12), 1e-10));
}

// --- existence ------------------------------------------------------------------------------------------------------

/// The eigenvalues are 3 and −2, which is on the branch cut.
#[test]
fn a_negative_eigenvalue_is_named_and_has_a_complex_answer() {
    let a = array![[1.0, 3.0], [2.0, 0.0]];
    for (name, function) in ALL {
        if ["logm", "sqrtm", "fractional_power"].contains(&name) {
            let Err(Error::DoesNotExist { reason, .. }) = function(&a) else { panic!("{name}") };
            assert!(reason.starts_with("the eigenvalue -2"), "{name}: {reason}");
            assert!(reason.contains("_complex"), "{name}: {reason}");
        } else {
            function(&a).unwrap();
        }
    }
    let root = sqrtm_complex(&a).unwrap();
    let square = root.dot(&root);
    assert!(square.iter().zip(&a).all(|(z, &x)| (z - x).norm() < 1e-14));
    // Principal: the eigenvalues of the root are √3 and i√2, so its trace is their sum.
    let trace = root.diag().sum();
    assert!((trace - Complex::new(3f64.sqrt(), 2f64.sqrt())).norm() < 1e-14);
    let trace = logm_complex(&a).unwrap().diag().sum();
    assert!((trace - Complex::new(6f64.ln(), std::f64::consts::PI)).norm() < 1e-14);
}

/// The real answer, where there is one, is the complex one.
#[test]
fn complex_results_are_real_where_they_can_be() {
    let a = standard_normal(6, 6, 11) * 0.4 + Array2::<f64>::eye(6) * 2.0;
    assert_eq!(sqrtm_complex(&a).unwrap(), sqrtm(&a).unwrap().mapv(Complex::from));
    assert_eq!(logm_complex(&a).unwrap(), logm(&a).unwrap().mapv(Complex::from));
}

/// The real and the complex algorithms share no arithmetic on the blocks of conjugate pairs.
#[test]
fn real_and_complex_schur_forms_agree() {
    let a = standard_normal(9, 9, 12) * 0.5 + Array2::<f64>::eye(9) * 2.0;
    let (t, q) = ComplexSchur::new(&a).unwrap().into_factors();
    let assemble = |f: Array2<Complex<f64>>| q.dot(&f).dot(&q.t().mapv(|z| z.conj()));
    let root = assemble(roots::square_root(&t).unwrap().0);
    let real = sqrtm(&a).unwrap();
    assert!(root.iter().zip(&real).all(|(z, &x)| (z - x).norm() < 1e-13));
    assert!(standard_normal(9, 9, 12).iter().any(|&x| x != 0.0) && blocks_of_two(&a) > 0);
}

fn blocks_of_two(a: &Array2<f64>) -> usize {
    Schur::new(a).unwrap().eigenvalues().iter().filter(|z| z.im > 0.0).count()
}

#[test]
fn a_singular_matrix_has_no_logarithm() {
    for a in [
        Array2::<f64>::zeros((3, 3)),
        array![[1.0, 2.0], [2.0, 4.0]],
        array![[0.0, 1.0], [0.0, 0.0]],
        array![[0.0, 1.0], [0.0, 2.0]],
    ] {
        assert!(matches!(logm(&a), Err(Error::DoesNotExist { .. })), "{a}");
        assert!(matches!(logm_complex(&a), Err(Error::DoesNotExist { .. })), "{a}");
        assert!(matches!(fractional_power(&a, -0.5), Err(Error::DoesNotExist { .. })), "{a}");
    }
}

/// `[[0, 1], [0, 0]]` has no square root at all; a zero eigenvalue that is not defective is no obstacle.
#[test]
fn a_singular_matrix_has_a_square_root_unless_zero_is_defective() {
    assert!(matches!(sqrtm(&array![[0.0, 1.0], [0.0, 0.0]]), Err(Error::DoesNotExist { .. })));
    assert!(matches!(sqrtm_complex(&array![[0.0, 1.0], [0.0, 0.0]]), Err(Error::DoesNotExist { .. })));
    assert_eq!(sqrtm(&Array2::<f64>::zeros((2, 2))).unwrap(), Array2::<f64>::zeros((2, 2)));
    let a = array![[0.0, 0.0, 2.0], [0.0, 0.0, 4.0], [0.0, 0.0, 4.0]];
    let root = sqrtm(&a).unwrap();
    assert!(close(&root, &array![[0.0, 0.0, 1.0], [0.0, 0.0, 2.0], [0.0, 0.0, 2.0]], 1e-15));
}

/// Of a Gram matrix of low rank, rounding makes some zero eigenvalues negative.
#[test]
fn a_semidefinite_matrix_has_a_semidefinite_root() {
    let b = standard_normal(20, 4, 13);
    let gram = b.dot(&b.t());
    let symmetric = Array2::from_shape_fn((20, 20), |(i, j)| gram[[i.max(j), i.min(j)]]);
    let root = sqrtm(&symmetric).unwrap();
    assert_eq!(root, root.t());
    assert!(close(&root.dot(&root), &symmetric, 1e-12));
    assert!(close(&fractional_power(&symmetric, 0.5).unwrap(), &root, 1e-13));
    assert!(matches!(logm(&symmetric), Err(Error::DoesNotExist { .. })));
}

/// Diagonal entries at both ends of the range.
#[test]
fn diagonal_matrices_are_evaluated_entry_by_entry() {
    let a = array![[1e300, 0.0], [0.0, 1e-310]];
    assert_eq!(sqrtm(&a).unwrap(), array![[1e300f64.sqrt(), 0.0], [0.0, 1e-310f64.sqrt()]]);
    assert_eq!(logm(&a).unwrap(), array![[1e300f64.ln(), 0.0], [0.0, 1e-310f64.ln()]]);
    assert_eq!(signm(&(-&a)).unwrap(), -Array2::<f64>::eye(2));
}

/// Scaling by a power of 4 scales the root by a power of 2, to the ends of the range.
#[test]
fn square_roots_of_large_and_small_matrices() {
    let a = standard_normal(6, 6, 14) * 0.3 + Array2::<f64>::eye(6) * 2.0;
    let root = sqrtm(&a).unwrap();
    for exponent in [-500, -200, 200, 500] {
        let scaled = sqrtm(&(&a * 4f64.powi(exponent))).unwrap() * 2f64.powi(-exponent);
        assert!(close(&scaled, &root, 1e-12), "4^{exponent}");
    }
}

#[test]
fn the_logarithm_of_large_and_small_matrices() {
    let a = standard_normal(6, 6, 15) * 0.3 + Array2::<f64>::eye(6) * 2.0;
    let logarithm = logm(&a).unwrap();
    for exponent in [-900, -200, 200, 900] {
        let shift = Array2::<f64>::eye(6) * (f64::from(exponent) * std::f64::consts::LN_2);
        let scaled = logm(&(&a * 2f64.powi(exponent))).unwrap() - shift;
        // The logarithm itself has the size of the exponent, and its rounding.
        assert!(close(&scaled, &logarithm, 1e-12 * f64::from(exponent).abs()), "2^{exponent}");
    }
}

// --- sign -----------------------------------------------------------------------------------------------------------

#[test]
fn eigenvalues_on_the_imaginary_axis_have_no_sign() {
    for a in [
        array![[0.0, 1.0], [-1.0, 0.0]],
        array![[1.0, 2.0], [2.0, 4.0]],
        array![[0.0, 0.0], [0.0, 1.0]],
        array![[1.0, 2.0], [0.0, 0.0]],
    ] {
        assert!(matches!(signm(&a), Err(Error::DoesNotExist { .. })), "{a}");
    }
}

#[test]
fn the_sign_squares_to_the_identity_and_commutes() {
    for n in [1, 2, 5, 30] {
        let a = standard_normal(n, n, 20 + n as u64);
        let sign = signm(&a).unwrap();
        let size = sign.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
        assert!(close(&sign.dot(&sign), &Array2::eye(n), 1e-12 * size * size), "{n}");
        let (left, right) = (a.dot(&sign), sign.dot(&a));
        assert!(close(&left, &right, 1e-12 * size * n as f64), "{n}");
        assert!(sign.slice(s![.., ..]).iter().all(|x| x.is_finite()));
    }
}

// --- tables ---------------------------------------------------------------------------------------------------------

/// The bounds stand in the source with four digits, rounded down or to nearest; the script computes them with sixty.
#[test]
fn the_tables_of_norms_are_those_of_the_script() {
    let text = include_str!("../../tests/reference/matrix_functions.json");
    let list = |name: &str| -> Vec<f64> {
        let (_, rest) = text.split_once(&format!("\"{name}\": [")).unwrap();
        rest.split_once(']').unwrap().0.split(',').map(|number| number.trim().parse().unwrap()).collect()
    };
    for (name, table) in [
        ("logarithm_f32", logarithm::THETA_F32),
        ("logarithm_f64", logarithm::THETA_F64),
        ("power_f32", fractional::THETA_F32),
        ("power_f64", fractional::THETA_F64),
    ] {
        for (m, (theta, exact)) in table.iter().zip(list(name)).enumerate() {
            assert!((theta - exact).abs() < 1e-3 * exact, "{name} {}: {theta} for {exact}", m + 1);
        }
    }
}
