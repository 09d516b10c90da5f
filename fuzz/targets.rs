//! What must hold of any bytes from outside: they are read or refused with a message, and what was read is sound.
//!
//! `cargo +nightly fuzz run edge_list` searches with libFuzzer; the test `fuzz_corpus` runs the corpus, and seeded changes to
//! it, with the stable compiler.

use lapwing::iterative::matrix_market::{self, MatrixMarket};
use lapwing::{Graph, KMeans, Mahalanobis, Pca, PolynomialFeatures, Ridge, StandardScaler};

/// A list of edges.
pub(crate) fn edge_list(data: &[u8]) {
    match Graph::read_edge_list(data) {
        Ok(graph) => sound(&graph),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn sound(graph: &Graph) {
    let adjacency = graph.adjacency();
    assert_eq!(adjacency.shape(), (graph.node_count(), graph.node_count()));
    for (&weight, (i, j)) in adjacency.iter() {
        assert!(weight > 0.0 && weight.is_finite());
        assert_eq!(adjacency.get(j, i), Some(&weight));
    }
    assert!(graph.degrees().iter().all(|degree| degree.is_finite()));
}

/// Matrix Market's format, as a matrix and as a graph.
pub(crate) fn matrix_market(data: &[u8]) {
    match matrix_market::read(data) {
        Ok(MatrixMarket::Coordinate { shape, entries }) => {
            for (i, j, value) in entries {
                assert!(i < shape.0 && j < shape.1 && value.is_finite());
            }
        }
        Ok(MatrixMarket::Array(matrix)) => assert!(matrix.iter().all(|value| value.is_finite())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match Graph::read_matrix_market(data) {
        Ok(graph) => sound(&graph),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Models as text: what is read can be used and written, and what was written is read again as the same.
pub(crate) fn model_text(data: &[u8]) {
    if let Ok(model) = serde_json::from_slice::<Pca<f64>>(data) {
        let row = ndarray::Array2::<f64>::ones((1, model.n_features()));
        let _ = model.transform(&row);
        same(&model, data);
    }
    if let Ok(model) = serde_json::from_slice::<Ridge<f64>>(data) {
        same(&model, data);
    }
    if let Ok(model) = serde_json::from_slice::<KMeans<f64>>(data) {
        let row = ndarray::Array2::<f64>::ones((1, model.n_features()));
        let _ = model.predict(&row);
        same(&model, data);
    }
    if let Ok(model) = serde_json::from_slice::<Mahalanobis<f64>>(data) {
        same(&model, data);
    }
    if let Ok(model) = serde_json::from_slice::<StandardScaler>(data) {
        same(&model, data);
    }
    if let Ok(model) = serde_json::from_slice::<PolynomialFeatures>(data) {
        same(&model, data);
    }
}

fn same<M: serde::Serialize + serde::de::DeserializeOwned>(model: &M, data: &[u8]) {
    let written = serde_json::to_string(model).expect("what was read can be written");
    let again: M = serde_json::from_str(&written).unwrap_or_else(|error| {
        panic!("{error} in what was made of {}", String::from_utf8_lossy(data));
    });
    let rewritten = serde_json::to_string(&again).expect("what was read can be written");
    assert_eq!(rewritten, written);
}
