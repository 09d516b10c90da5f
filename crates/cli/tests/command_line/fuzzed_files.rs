//! Damaged files of every format: each is read, or refused with a message and the status of an error. No crash, no panic, no
//! waiting.

use std::time::{Duration, Instant};

use ndarray::Array2;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

use crate::changes::changed;
use crate::desk::{Desk, data};

/// Changes to each file: a run of the program takes some milliseconds.
const CHANGES: usize = 200;
/// Far more than any of these files takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn run_changed(name: &str, contents: &[u8], arguments: &[&str]) {
    let desk = Desk::new();
    let mut random = Pcg64::seed_from_u64(2);
    let corpus = [contents.to_vec()];
    for _ in 0..CHANGES {
        desk.put(name, changed(&mut random, &corpus, contents.to_vec()));
        let begun = Instant::now();
        let output = desk.run(arguments);
        assert!(begun.elapsed() < PATIENCE, "{name} took {:?}", begun.elapsed());
        let complaints = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => {}
            Some(1) => assert!(complaints.starts_with("error: "), "{complaints}"),
            code => panic!("{name} ended with {code:?}: {complaints}"),
        }
        assert!(!complaints.contains("panicked") && !complaints.contains("a bug"), "{complaints}");
    }
}

#[test]
fn damaged_tables_are_read_or_refused() {
    let iris = std::fs::read(data("iris.csv")).unwrap();
    run_changed("damaged.csv", &iris[..1500], &["pca", "damaged.csv", "--label", "species"]);
}

#[test]
fn damaged_arrays_are_read_or_refused() {
    let desk = Desk::new();
    desk.put_npy("whole.npy", &Array2::from_shape_fn((6, 3), |(i, j)| (i * i + j) as f64));
    let whole = std::fs::read(desk.path("whole.npy")).unwrap();
    run_changed("damaged.npy", &whole, &["svd", "damaged.npy"]);
}

#[test]
fn damaged_graphs_are_read_or_refused() {
    let text =
        b"%%MatrixMarket matrix coordinate real symmetric\n5 5 5\n2 1 1\n3 2 1\n4 3 2\n5 4 1\n5 1 0.5\n";
    let arguments = ["cluster", "damaged.mtx", "--clusters", "2", "--affinity", "precomputed"];
    run_changed("damaged.mtx", text, &arguments);
}
