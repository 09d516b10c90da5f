//! `lapwing svd`, from end to end.

use crate::desk::{Desk, data, list};
use ndarray::{Array1, Array2, array};
use ndarray_npy::{ReadNpyExt, WriteNpyExt};
use std::fs::File;
use std::io::{Cursor, Write};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The second difference of n points, with the eigenvalues `2 + 2 cos(π j / (n + 1))`, positive definite; in Matrix Market's
/// symmetric coordinates.
pub(crate) fn second_difference(n: usize) -> String {
    let mut text = format!("%%MatrixMarket matrix coordinate real symmetric\n{n} {n} {}\n", 2 * n - 1);
    for i in 1..=n {
        text += &format!("{i} {i} 2\n");
        if i < n {
            text += &format!("{} {i} -1\n", i + 1);
        }
    }
    text
}

pub(crate) fn closed_form(n: usize, j: usize) -> f64 {
    2.0 + 2.0 * (std::f64::consts::PI * j as f64 / (n + 1) as f64).cos()
}

/// Arrays as `numpy.savez_compressed` packs them.
fn npz(desk: &Desk, name: &str, members: &[(&str, Vec<u8>)]) {
    let mut archive = ZipWriter::new(File::create(desk.path(name)).unwrap());
    for (member, bytes) in members {
        archive.start_file(format!("{member}.npy"), SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

fn npy<T: ndarray_npy::WritableElement>(values: Array1<T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    values.write_npy(&mut bytes).unwrap();
    bytes
}

/// As `numpy.save` writes the bytes of a string.
fn npy_bytes(text: &str) -> Vec<u8> {
    let header = format!("{{'descr': '|S{}', 'fortran_order': False, 'shape': (), }}", text.len());
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    let padded = format!("{header:<117}\n");
    bytes.extend((padded.len() as u16).to_le_bytes());
    bytes.extend(padded.as_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

#[test]
fn every_method_finds_the_closed_form() {
    let desk = Desk::new();
    let n = 60;
    desk.put("a.mtx", second_difference(n));
    for (method, accuracy) in [("dense", 1e-13), ("lanczos", 1e-13), ("randomized", 1e-2)] {
        let report = desk.json(&["svd", "a.mtx", "--rank", "4", "--method", method]);
        assert_eq!(report["method"], method);
        assert_eq!((report["rows"].as_u64(), report["stored"].as_u64()), (Some(60), Some(178)));
        let values = list(&report["singular_values"]);
        assert_eq!(values.len(), 4);
        for (j, value) in values.iter().enumerate() {
            assert!((value - closed_form(n, j + 1)).abs() < accuracy, "{method} {j}: {value}");
        }
    }
}

#[test]
fn the_factors_are_written_as_numpy_reads_them() {
    let desk = Desk::new();
    let a = Array2::from_shape_fn((7, 4), |(i, j)| ((i * 5 + j * 3) % 11) as f64);
    desk.put_npy("a.npy", &a);
    let told = desk.success(&["svd", "a.npy", "--compute-vectors", "--verify", "-o", "factors.npz"]);
    assert!(
        told.contains("number   singular value     share   cumulative") && told.contains("   ok\n"),
        "{told}"
    );
    assert!(told.contains("100.00 %") && told.ends_with("wrote factors.npz\n"), "{told}");
    let mut archive = ZipArchive::new(File::open(desk.path("factors.npz")).unwrap()).unwrap();
    let mut member = |name: &str| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        Cursor::new(bytes)
    };
    let s = Array1::<f64>::read_npy(member("s.npy")).unwrap();
    let (u, vt) = (
        Array2::<f64>::read_npy(member("u.npy")).unwrap(),
        Array2::<f64>::read_npy(member("vt.npy")).unwrap(),
    );
    let error = (&u * &s).dot(&vt) - &a;
    // Seven products of numbers up to 30.
    assert!(error.iter().all(|x| x.abs() < 7.0 * 30.0 * f64::EPSILON), "{error}");

    desk.success(&["svd", "a.npy", "-q", "-o", "values.csv"]);
    let text = desk.text("values.csv");
    let values: Vec<f64> = text.lines().skip(1).map(|line| line.parse().unwrap()).collect();
    for (value, s) in values.iter().zip(&s) {
        assert!((value - s).abs() < 30.0 * f64::EPSILON * 7.0);
    }
}

#[test]
fn archives_of_numpy_and_scipy_are_read() {
    let desk = Desk::new();
    npz(
        &desk,
        "dense.npz",
        &[("x", {
            let mut bytes = Vec::new();
            array![[3.0f32, 0.0], [0.0, -4.0]].write_npy(&mut bytes).unwrap();
            bytes
        })],
    );
    assert_eq!(list(&desk.json(&["svd", "dense.npz"])["singular_values"]), [4.0, 3.0]);
    for format in ["csr", "csc"] {
        npz(
            &desk,
            "sparse.npz",
            &[
                ("indices", npy(array![1i32, 0, 2])),
                ("indptr", npy(array![0i32, 1, 2, 3])),
                ("format", npy_bytes(format)),
                ("shape", npy(array![3i64, 3])),
                ("data", npy(array![5.0, 7.0, -2.0])),
            ],
        );
        let report = desk.json(&["svd", "sparse.npz", "--verify", "--compute-vectors"]);
        let values = list(&report["singular_values"]);
        assert!(values.iter().zip([7.0, 5.0, 2.0]).all(|(value, expected)| (value - expected).abs() < 1e-14));
        assert_eq!(report["certificate"][0]["holds"], true);
    }
}

#[test]
fn a_matrix_without_entries_has_no_values() {
    let desk = Desk::new();
    desk.put("empty.mtx", "%%MatrixMarket matrix coordinate real general\n0 0 0\n");
    desk.put("zero.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 0\n");
    assert!(list(&desk.json(&["svd", "empty.mtx"])["singular_values"]).is_empty());
    assert!(list(&desk.json(&["eig", "empty.mtx"])["eigenvalues"]).is_empty());
    assert_eq!(list(&desk.json(&["svd", "zero.mtx"])["singular_values"]), [0.0; 3]);
    assert_eq!(list(&desk.json(&["eig", "zero.mtx"])["eigenvalues"]), [0.0; 3]);
}

#[test]
fn a_table_is_a_matrix_too() {
    let report = Desk::new().json(&["svd", &data("wine.csv"), "--rank", "2", "--threads", "1"]);
    assert_eq!((report["method"].as_str(), list(&report["singular_values"]).len()), (Some("dense"), 2));
    assert!(report.get("u").is_none() && report.get("stored").is_none());
}

#[test]
fn what_cannot_be_is_refused() {
    let desk = Desk::new();
    desk.put("a.mtx", second_difference(3));
    assert_eq!(
        desk.failure(&["svd", "a.mtx", "--rank", "4"], 1),
        "error: a.mtx has 3 of them, fewer than 4\n  --rank takes a count from 1 to 3\n"
    );
    assert!(desk.failure(&["svd", "a.mtx", "--rank", "0"], 2).contains("must be at least 1"));
    assert!(desk.failure(&["svd", "a.mtx", "--verify"], 2).contains("--compute-vectors"));
    assert!(desk.failure(&["svd", "a.mtx", "-o", "a.txt"], 2).contains("must end in .csv or .npz"));
    desk.put("vast.mtx", "%%MatrixMarket matrix coordinate real general\n300000 300000 1\n1 2 3\n");
    for command in
        [&["svd", "vast.mtx", "--method", "dense"][..], &["eig", "vast.mtx", "--which", "smallest"]]
    {
        assert!(desk.failure(command, 1).contains("takes a dense matrix"));
    }
    assert!(desk.failure(&["pca", "a.mtx"], 1).contains("holds a sparse matrix"));
    npz(&desk, "two.npz", &[("x", npy(array![1.0])), ("y", npy(array![1.0]))]);
    let told = desk.failure(&["svd", "two.npz"], 1);
    assert!(told.starts_with("error: two.npz holds 2 arrays: ") && told.contains("numpy.save"), "{told}");
    desk.put("damaged.npz", b"PK\x03\x04 and nothing else");
    assert!(desk.failure(&["svd", "damaged.npz"], 1).contains("is not a readable .npz file"));
    npz(
        &desk,
        "torn.npz",
        &[
            ("indices", npy(array![9i32])),
            ("indptr", npy(array![0i32, 1])),
            ("format", npy_bytes("csr")),
            ("shape", npy(array![1i64, 3])),
            ("data", npy(array![5.0])),
        ],
    );
    let told = desk.failure(&["svd", "torn.npz"], 1);
    assert!(told.contains("entry (0, 9) lies outside the 1 x 3 matrix"), "{told}");
    assert_eq!(desk.names(), ["a.mtx", "damaged.npz", "torn.npz", "two.npz", "vast.mtx"]);
}
