//! The fuzz targets of `fuzz/`, with the stable compiler: the corpus as it is, and thousands of seeded changes to it.

#[path = "../fuzz/changes.rs"]
mod changes;
#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

use changes::changed;

/// Changes to each file of a corpus.
const CHANGES: usize = 4000;

fn run(name: &str, target: fn(&[u8])) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(directory)
        .expect("the corpus is part of the project")
        .map(|entry| entry.expect("a directory can be listed").path())
        .collect();
    files.sort_unstable();
    let corpus: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).expect("a file can be read")).collect();
    assert!(corpus.len() > 2, "{name} has {} files", corpus.len());
    let mut random = Pcg64::seed_from_u64(1);
    for data in &corpus {
        target(data);
        for _ in 0..CHANGES {
            target(&changed(&mut random, &corpus, data.clone()));
        }
    }
}

#[test]
fn any_list_of_edges_is_read_or_refused() {
    run("edge_list", targets::edge_list);
}

#[test]
fn any_matrix_market_file_is_read_or_refused() {
    run("matrix_market", targets::matrix_market);
}

#[test]
fn any_text_of_a_model_is_read_or_refused() {
    run("model_text", targets::model_text);
}
