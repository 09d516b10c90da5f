//! `lapwing eig`, from end to end.

use crate::desk::{Desk, list};
use crate::svd::{closed_form, second_difference};
use ndarray::{Array1, Array2, array};
use ndarray_npy::ReadNpyExt;
use std::fs::File;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Against the closed form of the second difference, whose values descend as `j` ascends.
fn assert_values(values: &[f64], positions: &[usize]) {
    assert_eq!(values.len(), positions.len());
    for (value, &j) in values.iter().zip(positions) {
        // Ten roundoffs of a matrix of norm 4 and order 60.
        assert!((value - closed_form(60, j)).abs() < 10.0 * 60.0 * 4.0 * f64::EPSILON, "{j}: {value}");
    }
}

#[test]
fn both_ends_and_the_middle_have_their_closed_form() {
    let desk = Desk::new();
    desk.put("a.mtx", second_difference(60));
    let values = |options: &[&str]| {
        let report = desk.json(&[&["eig", "a.mtx", "--k", "4"], options].concat());
        list(&report["eigenvalues"])
    };
    assert_values(&values(&[]), &[4, 3, 2, 1]);
    assert_values(&values(&["--which", "smallest"]), &[60, 59, 58, 57]);
    assert_values(&values(&["--which", "both"]), &[60, 59, 2, 1]);
    // 2 lies between the thirtieth and the thirty-first.
    assert_values(&values(&["--sigma", "2"]), &[32, 31, 30, 29]);

    let dense = Array2::from_shape_fn((60, 60), |(i, j)| match i.abs_diff(j) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    });
    desk.put_npy("a.npy", &dense);
    for (which, positions) in [("largest", [3, 2, 1]), ("smallest", [60, 59, 58]), ("both", [60, 2, 1])] {
        for vectors in [&[][..], &["--compute-vectors", "--verify"]] {
            let report = desk.json(&[&["eig", "a.npy", "--k", "3", "--which", which], vectors].concat());
            assert_eq!(report["method"], "symmetric");
            assert_values(&list(&report["eigenvalues"]), &positions);
            assert_eq!(report.get("certificate").is_some(), !vectors.is_empty());
        }
    }
    assert_eq!(list(&desk.json(&["eig", "a.npy"])["eigenvalues"]).len(), 60);
}

#[test]
fn a_matrix_that_is_not_symmetric_has_complex_values() {
    let desk = Desk::new();
    // Eigenvalues ±2i, 3 and 1/2.
    let a = array![[0.0, -2.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 3.0, 1.0], [0.0, 0.0, 0.0, 0.5]];
    desk.put_npy("a.npy", &a);
    let told = desk.success(&["eig", "a.npy", "--compute-vectors", "--verify", "-o", "pairs.npz"]);
    assert!(told.contains("eigenvalue   imaginary part") && told.contains("residual"), "{told}");
    assert!(told.ends_with("wrote pairs.npz\n"), "{told}");
    let report = desk.json(&["eig", "a.npy", "--k", "3"]);
    let close =
        |found: &[f64], expected: &[f64]| found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14);
    assert!(close(&list(&report["eigenvalues"]), &[3.0, 0.0, 0.0]), "{report}");
    assert!(close(&list(&report["imaginary_parts"]), &[0.0, 2.0, -2.0]), "{report}");
    let nearest = desk.json(&["eig", "a.npy", "--k", "1", "--sigma", "0.75"]);
    assert!(close(&list(&nearest["eigenvalues"]), &[0.5]), "{nearest}");

    let mut archive = ZipArchive::new(File::open(desk.path("pairs.npz")).unwrap()).unwrap();
    let mut member = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        Cursor::new(bytes)
    };
    let (w, w_im) = (
        Array1::<f64>::read_npy(member("w.npy")).unwrap(),
        Array1::<f64>::read_npy(member("w_im.npy")).unwrap(),
    );
    let (v, v_im) = (
        Array2::<f64>::read_npy(member("v.npy")).unwrap(),
        Array2::<f64>::read_npy(member("v_im.npy")).unwrap(),
    );
    // A (x + iy) = (λ + iμ) (x + iy), by its real and its imaginary part.
    let real = a.dot(&v) - (&v * &w - &v_im * &w_im);
    let imaginary = a.dot(&v_im) - (&v_im * &w + &v * &w_im);
    assert!(real.iter().chain(&imaginary).all(|x| x.abs() < 40.0 * f64::EPSILON));
}

/// Of an order at which a sparse matrix is not made dense, with gaps of 1e-3 between the eigenvalues.
#[test]
fn large_sparse_matrices_are_decomposed_by_products() {
    let desk = Desk::new();
    let n = 400;
    desk.put("a.mtx", second_difference(n));
    // The error of a value is at most the residual, which is at rounding.
    let close = |value: f64, j: usize| (value - closed_form(n, j)).abs() < 1e-12;
    let largest = desk.json(&["eig", "a.mtx", "--k", "3"]);
    assert_eq!(largest["method"], "lanczos");
    assert!(
        list(&largest["eigenvalues"]).iter().zip([3, 2, 1]).all(|(&value, j)| close(value, j)),
        "{largest}"
    );
    let middle =
        desk.json(&["eig", "a.mtx", "--k", "2", "--sigma", "1.001", "--compute-vectors", "--verify"]);
    assert_eq!(middle["method"], "lanczos, shifted and inverted");
    let mut nearest: Vec<usize> = (1..=n).collect();
    nearest.sort_by(|&i, &j| (closed_form(n, i) - 1.001).abs().total_cmp(&(closed_form(n, j) - 1.001).abs()));
    assert!(
        list(&middle["eigenvalues"]).iter().all(|&value| nearest[..2].iter().any(|&j| close(value, j))),
        "{middle}"
    );

    // A shift to the right with a weight that falls: bidiagonal, so that the diagonal holds the eigenvalues.
    let mut text = format!("%%MatrixMarket matrix coordinate real general\n{n} {n} {}\n", 2 * n - 1);
    for i in 1..=n {
        text += &format!("{i} {i} {}\n", 1.0 / i as f64);
        if i < n {
            text += &format!("{i} {} 0.01\n", i + 1);
        }
    }
    desk.put("b.mtx", text);
    let report = desk.json(&["eig", "b.mtx", "--k", "2"]);
    assert_eq!(report["method"], "krylov-schur");
    let values = list(&report["eigenvalues"]);
    assert!((values[0] - 1.0).abs() < 1e-10 && (values[1] - 0.5).abs() < 1e-10, "{report}");
}

#[test]
fn what_has_no_eigenvalues_is_refused() {
    let desk = Desk::new();
    desk.put("wide.csv", "1,2,3\n4,5,6\n");
    assert_eq!(
        desk.failure(&["eig", "wide.csv"], 1),
        "error: wide.csv is 2 x 3, and only square matrices have eigenvalues\n  \
         take its singular values with lapwing svd\n"
    );
    desk.put("a.mtx", second_difference(3));
    assert!(desk.failure(&["eig", "a.mtx", "--k", "4"], 1).contains("--k takes a count from 1 to 3"));
    assert!(desk.failure(&["eig", "a.mtx", "--sigma", "nan"], 2).contains("expected a finite number"));
    assert!(
        desk.failure(&["eig", "a.mtx", "--sigma", "1", "--which", "both"], 2).contains("cannot be used with")
    );
}
