//! `lapwing cluster`, from end to end.

use crate::desk::{Desk, data, list, numbers};
use ndarray::Array2;
use ndarray_npy::ReadNpyExt;
use serde_json::{Value, json};
use std::fs;

fn digits(more: &[&str]) -> Value {
    let digits = data("digits.csv");
    let arguments = ["cluster", &digits, "--label", "digit", "--clusters", "10", "--affinity", "knn"];
    Desk::new().json(&[&arguments[..], more].concat())
}

/// Three groups of four points, at distance 1 within and 100 between.
fn groups(desk: &Desk) {
    let corner = |group: usize, i: usize| (100 * group + i % 2, 100 * (group % 2) + i / 2);
    let rows: String = (0..12).map(|i| corner(i / 4, i % 4)).map(|(x, y)| format!("{x},{y}\n")).collect();
    desk.put("groups.csv", rows);
}

/// That labels are the same for the same group and different for different ones.
fn are_groups(clusters: &Value) {
    let clusters = list(clusters);
    assert_eq!(clusters.len(), 12);
    for i in 0..12 {
        for j in 0..12 {
            assert_eq!(clusters[i] == clusters[j], i / 4 == j / 4, "{clusters:?}");
        }
    }
}

/// `SpectralClustering(10, affinity="nearest_neighbors", assign_labels=.., random_state=0)` of scikit-learn 1.9.1: adjusted
/// Rand scores and normalized mutual information.
#[test]
fn the_digits_are_found_as_well_as_by_scikit_learn() {
    for (labels, rand, information) in [
        ("kmeans", 0.7564608880380487, 0.8535618665632165),
        ("cluster-qr", 0.7525206842997804, 0.8487348832515512),
        ("discretize", 0.7164399692943593, 0.845867122549019),
    ] {
        let found = digits(&["--labels", labels]);
        let agreement = &found["agreement"];
        let score = |name: &str| agreement[name].as_f64().unwrap();
        // One sample of 1797 may fall either way.
        assert!(score("adjusted_rand") >= rand - 1e-3, "{labels}: {agreement}");
        assert!(score("normalized_mutual_information") >= information - 1e-3, "{labels}: {agreement}");
        assert_eq!((&found["affinity"], &found["method"]), (&"knn".into(), &"spectral".into()));
        assert_eq!(list(&found["sizes"]).iter().sum::<f64>(), 1797.0);
    }
}

/// `KMeans(3).fit(X)` of scikit-learn 1.9.1: `inertia_` of a good start, and the sizes.
#[test]
fn k_means_finds_the_clusters_of_iris() {
    let desk = Desk::new();
    let iris = data("iris.csv");
    let arguments = ["cluster", &iris, "--label", "species", "-k", "3", "--method", "kmeans"];
    let found = desk.json(&arguments);
    assert!(found["inertia"].as_f64().unwrap() <= 78.85566582597731 * (1.0 + 1e-12));
    assert_eq!(found["converged"], true);
    let centers = found["centers"].as_array().unwrap();
    assert_eq!((centers.len(), list(&centers[0]).len()), (3, 4));
    let text = desk.success(&arguments);
    for words in ["method              kmeans\n", "mostly species", "virginica", "adjusted Rand"] {
        assert!(text.contains(words), "{words:?} in\n{text}");
    }
}

#[test]
fn the_gap_between_eigenvalues_tells_how_many_clusters_there_are() {
    let desk = Desk::new();
    groups(&desk);
    let found = desk.json(&["cluster", "groups.csv", "-k", "auto", "--gamma", "0.1"]);
    assert_eq!((&found["n_clusters"], &found["gamma"]), (&3.into(), &0.1.into()));
    are_groups(&found["clusters"]);
    let eigenvalues = list(&found["eigenvalues"]);
    assert!(eigenvalues.len() > 3 && eigenvalues[2] < 1e-12 && eigenvalues[3] > 0.1, "{eigenvalues:?}");
    let text = desk.success(&["cluster", "groups.csv", "-k", "auto", "--gamma", "0.1"]);
    let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    assert!(line("clusters ").ends_with(" 3") && line("eigenvalue gap").contains(" to "), "{text}");
}

/// Two lattices of 36 points far apart.
#[test]
fn the_gap_statistic_tells_k_means_how_many_clusters_there_are() {
    let desk = Desk::new();
    let place = |i: usize| (100 * (i / 36) + i % 6, i / 6 % 6);
    let rows: String = (0..72).map(place).map(|(x, y)| format!("{x},{y}\n")).collect();
    desk.put("lattices.csv", rows);
    let found = desk.json(&["cluster", "lattices.csv", "-k", "auto", "--method", "kmeans"]);
    assert_eq!((&found["n_clusters"], &found["sizes"]), (&2.into(), &json!([36, 36])));
}

#[test]
fn a_graph_is_clustered_by_its_weights_however_they_are_stored() {
    let desk = Desk::new();
    // Two triangles, joined by a light edge.
    let edges = [(1, 2, 1.0), (2, 3, 1.0), (1, 3, 1.0), (4, 5, 1.0), (5, 6, 1.0), (4, 6, 1.0), (3, 4, 0.01)];
    let mut text = String::from("%%MatrixMarket matrix coordinate real symmetric\n6 6 7\n");
    let mut list = String::from("# from, to, weight\n");
    let mut dense = Array2::<f64>::zeros((6, 6));
    for (i, j, weight) in edges {
        text += &format!("{j} {i} {weight}\n");
        list += &format!("{} {} {weight}\n", i - 1, j - 1);
        (dense[[i - 1, j - 1]], dense[[j - 1, i - 1]]) = (weight, weight);
    }
    desk.put("graph.mtx", text);
    desk.put("graph.edges", list);
    desk.put_npy("graph.npy", &dense);
    for input in ["graph.mtx", "graph.npy", "graph.edges"] {
        let found = desk.json(&["cluster", input, "--affinity", "precomputed", "-k", "2", "--plot", "g.svg"]);
        assert_eq!(found["sizes"], json!([3, 3]), "{input}");
        assert_eq!(found["connected_components"], 1);
        assert!(found.get("n_features").is_none());
        assert!(desk.text("g.svg").contains("Eigenvalue"));
    }
    desk.put("graph.edges", "0 1\n1 x\n");
    let complaint = desk.failure(&["cluster", "graph.edges", "--affinity", "precomputed", "-k", "2"], 1);
    assert!(
        complaint.contains("graph.edges, line 2: \"x\" is not a node\n  number the nodes"),
        "{complaint}"
    );
    dense[[0, 5]] = 2.0;
    desk.put_npy("graph.npy", &dense);
    let complaint = desk.failure(&["cluster", "graph.npy", "--affinity", "precomputed", "-k", "2"], 1);
    assert!(complaint.contains("symmetric"), "{complaint}");
}

#[test]
fn the_column_is_the_cluster_of_each_row() {
    let desk = Desk::new();
    groups(&desk);
    let run = |more: &[&str]| {
        desk.success(&[&["cluster", "groups.csv", "-k", "3", "--gamma", "0.1", "-q"], more].concat())
    };
    run(&["--output", "c.csv"]);
    run(&["--output", "c.npy"]);
    let text = desk.text("c.csv");
    assert!(text.starts_with("cluster\n") && text.lines().count() == 13, "{text}");
    assert!(text.lines().skip(1).all(|line| ["0", "1", "2"].contains(&line)), "{text}");
    let column = Array2::<f64>::read_npy(fs::File::open(desk.path("c.npy")).unwrap()).unwrap();
    assert_eq!(column, numbers(&text, 0));
    are_groups(&json!(column.iter().collect::<Vec<_>>()));
}

#[test]
fn the_figure_has_the_clusters_and_the_eigenvalues() {
    let desk = Desk::new();
    groups(&desk);
    desk.success(&["cluster", "groups.csv", "-k", "3", "--gamma", "0.1", "--plot", "c.svg", "-q"]);
    let picture = desk.text("c.svg");
    for words in ["12 samples in 3 clusters, by spectral, rbf affinity", "PC1 (", "Eigenvalue", "cluster"] {
        assert!(picture.contains(words), "{words}");
    }
    desk.success(&["cluster", "groups.csv", "-k", "3", "--method", "kmeans", "--plot", "c.png", "-q"]);
    assert!(fs::read(desk.path("c.png")).unwrap().starts_with(b"\x89PNG\r\n\x1a\n"));
}

#[test]
fn saved_centres_label_other_rows() {
    let desk = Desk::new();
    groups(&desk);
    let fitted =
        desk.json(&["cluster", "groups.csv", "-k", "3", "--method", "kmeans", "--save-model", "m.json"]);
    let loaded = desk.json(&["cluster", "groups.csv", "--load-model", "m.json"]);
    assert_eq!(loaded["clusters"], fitted["clusters"]);
    are_groups(&loaded["clusters"]);
    assert!(loaded.get("inertia").is_none());
    desk.put("other.csv", "1,2,3\n4,5,6\n");
    let complaint = desk.failure(&["cluster", "other.csv", "--load-model", "m.json"], 1);
    assert!(complaint.contains("3 features"), "{complaint}");
}

#[test]
fn a_seed_is_the_only_source_of_chance_whatever_the_threads() {
    let clusters = |threads: &str| digits(&["--seed", "3", "--threads", threads])["clusters"].clone();
    assert_eq!(clusters("1"), clusters("2"));
}

#[test]
fn options_that_do_not_go_together_are_refused_before_anything_is_read() {
    let desk = Desk::new();
    for (options, words) in [
        (&["-k", "2", "--method", "kmeans", "--affinity", "knn"][..], "leave --affinity and --labels out"),
        (&["-k", "2", "--gamma", "1", "--affinity", "knn"], "--gamma is that of --affinity rbf"),
        (&["-k", "2", "--neighbors", "5"], "add --affinity knn"),
        (&["-k", "2", "--affinity", "precomputed", "--label", "x"], "leave --label out"),
        (&["-k", "2", "--save-model", "m.json"], "choose --method kmeans"),
    ] {
        let complaint = desk.failure(&[&["cluster", "none.csv"], options].concat(), 1);
        assert!(complaint.contains(words), "{complaint}");
    }
    let complaint = desk.failure(&["cluster", "none.csv"], 2);
    assert!(complaint.contains("--clusters"), "{complaint}");
    desk.put("t.csv", "1,2\n3,4\n");
    let complaint = desk.failure(&["cluster", "t.csv", "-k", "5"], 1);
    assert!(complaint.contains("5") && complaint.contains("number of samples, 2"), "{complaint}");
}
