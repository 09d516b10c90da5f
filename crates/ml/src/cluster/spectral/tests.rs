use lapwing_iterative::sprs::CsMat;
use ndarray::{Array1, Array2, s};

use super::*;
use crate::affinity::{Affinity, Gamma};
use crate::error::Error;
use crate::graph::Graph;
use crate::kernels::Kernel;

const ASSIGNMENTS: [LabelAssignment; 3] =
    [LabelAssignment::KMeans, LabelAssignment::ClusterQr, LabelAssignment::Discretize];

/// Two half circles that reach into each other.
pub(super) fn moons(n: usize) -> (Array2<f64>, Vec<usize>) {
    let x = Array2::from_shape_fn((n, 2), |(i, j)| {
        let angle = std::f64::consts::PI * (i / 2) as f64 / (n / 2) as f64;
        match (i % 2, j) {
            (0, 0) => angle.cos(),
            (0, _) => angle.sin(),
            (_, 0) => 1.0 - angle.cos(),
            _ => 0.5 - angle.sin(),
        }
    });
    (x, (0..n).map(|i| i % 2).collect())
}

pub(super) fn same_partition(a: ArrayView1<usize>, b: &[usize]) -> bool {
    (0..b.len()).all(|i| (0..i).all(|j| (a[i] == a[j]) == (b[i] == b[j])))
}

#[test]
fn moons_are_told_apart() {
    // One size for LAPACK, one for the Lanczos method.
    for n in [120, 600] {
        let (x, truth) = moons(n);
        let affinity = Kernel::Rbf { gamma: Some(40.0) }.matrix(&x).unwrap();
        for labels in ASSIGNMENTS {
            let model =
                SpectralClustering::params().n_clusters(2).labels(labels).fit_affinity(&affinity).unwrap();
            assert!(same_partition(model.labels(), &truth), "{n} {labels}");
            assert!(model.residual_norms().iter().all(|&norm| norm < 1e-11));
        }
    }
}

/// Cliques beside each other with weak edges between, as dense and as sparse affinities and as a graph.
#[test]
fn every_form_of_affinities_has_the_same_clusters() {
    let truth: Vec<usize> = (0..45).map(|i| [0, 1, 2, 2, 2][i / 9]).collect();
    let affinity = Array2::from_shape_fn((45, 45), |(i, j)| if truth[i] == truth[j] { 1.0 } else { 0.01 });
    let sparse = CsMat::csr_from_dense(affinity.view(), 0.0);
    let graph = Graph::from_adjacency(&affinity).unwrap();
    for labels in ASSIGNMENTS {
        let params = SpectralClustering::params().n_clusters(3).labels(labels);
        for model in [params.fit_affinity(&affinity), params.fit_affinity(&sparse), params.fit_graph(&graph)]
        {
            let model = model.unwrap();
            assert!(same_partition(model.labels(), &truth), "{labels}");
            assert_eq!((model.n_clusters(), model.component_count()), (3, 1));
        }
    }
}

/// Three cliques: the eigenvalues of the weakly connected are near 0 and the others near 1, and of those apart exactly 0.
#[test]
fn the_eigengap_counts_clusters() {
    for between in [0.0, 0.001] {
        let affinity = Array2::from_shape_fn((30, 30), |(i, j)| if i / 10 == j / 10 { 1.0 } else { between });
        let params = SpectralClustering::params().n_clusters(NClusters::Eigengap { max: 6 });
        let model = params.fit_affinity(&affinity).unwrap();
        assert_eq!((model.n_clusters(), model.eigenvalues().len(), model.embedding().ncols()), (3, 7, 3));
        assert!(same_partition(model.labels(), &(0..30).map(|i| i / 10).collect::<Vec<_>>()));
        assert_eq!(eigengap(&model.eigenvalues()), 3);
    }
    assert_eq!(eigengap(&Array1::zeros(1)), 1);
    assert_eq!(eigengap(&Array1::zeros(0)), 1);
}

/// Each ends in labels below the number of clusters, however little there is to tell apart.
#[test]
fn degenerate_graphs_have_labels() {
    let star: Vec<_> = (1..8).map(|i| (0, i, 1.0)).collect();
    let path: Vec<_> = (1..8).map(|i| (i - 1, i, 1.0)).collect();
    let complete: Vec<_> = (0..8).flat_map(|i| (0..i).map(move |j| (i, j, 1.0))).collect();
    for edges in [star, path, complete, vec![(0, 1, 1.0)], vec![]] {
        let graph = Graph::from_edges(8, &edges).unwrap();
        for (k, labels) in (1..=8).flat_map(|k| ASSIGNMENTS.map(|labels| (k, labels))) {
            let model = SpectralClustering::params().n_clusters(k).labels(labels).fit_graph(&graph).unwrap();
            assert!(model.labels().iter().all(|&label| label < k), "{k} {labels}");
        }
    }
}

/// As many clusters as samples: each has its own.
#[test]
fn every_sample_may_be_a_cluster() {
    let (x, _) = moons(20);
    let affinity = Kernel::Rbf { gamma: Some(1.0) }.matrix(&x).unwrap();
    let model = SpectralClustering::params().n_clusters(20).fit_affinity(&affinity).unwrap();
    let mut labels = model.labels().to_vec();
    labels.sort();
    assert_eq!(labels, (0..20).collect::<Vec<_>>());
}

/// Components are clusters as long as there are no more of them, and the smallest share one when there are.
#[test]
fn components_are_not_split() {
    let sizes = [2, 9, 1, 6];
    let truth: Vec<usize> = sizes.iter().enumerate().flat_map(|(i, &size)| vec![i; size]).collect();
    let affinity = Array2::from_shape_fn((18, 18), |(i, j)| f64::from(u8::from(truth[i] == truth[j])));
    for (k, labels) in [2, 3, 4].into_iter().flat_map(|k| ASSIGNMENTS.map(|labels| (k, labels))) {
        let model =
            SpectralClustering::params().n_clusters(k).labels(labels).fit_affinity(&affinity).unwrap();
        for (i, j) in (0..18).flat_map(|i| (0..i).map(move |j| (i, j))).filter(|&(i, j)| truth[i] == truth[j])
        {
            assert_eq!(model.labels()[i], model.labels()[j], "{k} {labels}");
        }
        let big = [model.labels()[2], model.labels()[12]];
        assert_ne!(big[0], big[1], "{k} {labels}");
        if k == 4 {
            assert!(same_partition(model.labels(), &truth));
        }
    }
}

#[test]
fn duplicated_samples_stay_together() {
    let (x, _) = moons(30);
    let doubled = Array2::from_shape_fn((60, 2), |(i, j)| x[[i / 2, j]]);
    let affinity = Kernel::Rbf { gamma: Some(30.0) }.matrix(&doubled).unwrap();
    for labels in ASSIGNMENTS {
        let model =
            SpectralClustering::params().n_clusters(2).labels(labels).fit_affinity(&affinity).unwrap();
        assert!((0..30).all(|i| model.labels()[2 * i] == model.labels()[2 * i + 1]), "{labels}");
    }
}

#[test]
fn the_layout_does_not_matter() {
    let (x, _) = moons(40);
    let affinity = Kernel::Rbf { gamma: Some(20.0) }.matrix(&x).unwrap();
    let mut padded = Array2::from_elem((80, 41), f64::NAN);
    padded.slice_mut(s![..;2, ..40]).assign(&affinity);
    let params = SpectralClustering::params().n_clusters(2);
    let labels = params.fit_affinity(&affinity).unwrap().labels().to_owned();
    assert_eq!(params.fit_affinity(&padded.slice(s![..;2, ..40])).unwrap().labels(), labels);
}

/// A sum over samples may round otherwise on another number of threads, by far less than clusters lie apart.
#[test]
fn labels_do_not_depend_on_threads() {
    let (x, _) = moons(700);
    let fit = |affinity: Affinity, labels, threads| {
        let params = SpectralClustering::params().n_clusters(5).affinity(affinity).labels(labels).seed(3);
        lapwing_lapack::threads::with(threads, || params.fit(&x).unwrap().labels().to_owned())
    };
    for affinity in [Affinity::nearest_neighbors(10), Affinity::Rbf { gamma: Gamma::Value(20.0) }] {
        for labels in [LabelAssignment::KMeans, LabelAssignment::ClusterQr, LabelAssignment::Discretize] {
            assert_eq!(fit(affinity, labels, 1), fit(affinity, labels, 2), "{affinity} {labels}");
        }
    }
}

#[test]
fn bad_input_is_refused() {
    let good = Array2::from_elem((5, 5), 1.0);
    let params = SpectralClustering::params().n_clusters(2);
    for (row, col, value) in [(1, 3, -1.0), (1, 3, 0.5), (3, 1, f64::NAN)] {
        let mut bad = good.clone();
        bad[[row, col]] = value;
        let entries = bad.iter().copied().collect();
        let sparse = CsMat::new((5, 5), (0..6).map(|i| 5 * i).collect(), [0, 1, 2, 3, 4].repeat(5), entries);
        let error = params.fit_affinity(&bad).unwrap_err();
        assert_eq!(params.fit_affinity(&sparse).unwrap_err(), error);
        assert!(
            matches!(
                error,
                Error::NegativeWeight { argument: "affinity", row: 1, col: 3, .. }
                    | Error::Lapack(lapwing_lapack::Error::NotSymmetric {
                        argument: "affinity",
                        row: 3,
                        col: 1,
                        ..
                    })
                    | Error::Lapack(lapwing_lapack::Error::NonFinite {
                        argument: "affinity",
                        row: 3,
                        col: 1
                    })
            ),
            "{error}"
        );
    }
    for (params, name) in [
        (params.n_clusters(0), "n_clusters"),
        (params.n_clusters(6), "n_clusters"),
        (params.n_components(3).labels(LabelAssignment::ClusterQr), "n_components"),
        (params.n_clusters(NClusters::Eigengap { max: 0 }), "max of the eigengap"),
        (params.eigen_tolerance(-1.0), "tolerance"),
    ] {
        let error = params.fit_affinity(&good).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter, .. } if parameter == name), "{error}");
    }
    assert!(params.fit_affinity(&Array2::zeros((0, 0))).is_err());
}

/// Samples that the model has seen have their own clusters again, and those between the moons' points those of their neighbours.
#[test]
fn new_samples_join_their_neighbours() {
    let (x, truth) = moons(120);
    let kernel = Kernel::Rbf { gamma: Some(40.0) };
    let model = SpectralClustering::params().n_clusters(2).fit_affinity(&kernel.matrix(&x).unwrap()).unwrap();
    let between = Array2::from_shape_fn((116, 2), |(i, j)| 0.5 * (x[[i, j]] + x[[i + 2, j]]));
    for new in [x.slice(s![..116, ..]).to_owned(), between] {
        let labels = model.predict_affinity(&kernel.between(&new, &x).unwrap()).unwrap();
        assert!(same_partition(labels.view(), &truth[..116]));
        assert_eq!(labels[0], model.labels()[0]);
    }
    assert!(matches!(model.predict_affinity(&Array2::zeros((1, 120))), Err(Error::InvalidParameter { .. })));
    assert!(matches!(model.predict_affinity(&Array2::zeros((1, 7))), Err(Error::Lapack(_))));
}

/// What is computed from samples is what is given as affinities.
#[test]
fn affinities_are_computed_from_samples() {
    let (x, truth) = moons(200);
    for affinity in
        [Affinity::Rbf { gamma: Gamma::Value(40.0) }, Affinity::nearest_neighbors(6), Affinity::self_tuning()]
    {
        let params = SpectralClustering::params().n_clusters(2).affinity(affinity);
        let model = params.keep_affinity().fit(&x).unwrap();
        assert!(same_partition(model.labels(), &truth), "{affinity}");
        let given = params.fit_affinity(model.affinity().unwrap()).unwrap();
        assert_eq!((given.labels(), given.embedding()), (model.labels(), model.embedding()), "{affinity}");
        assert_eq!((given.affinity(), params.fit(&x).unwrap().affinity()), (None, None));
        let single = params.fit(&x.mapv(|entry| entry as f32)).unwrap();
        assert!(same_partition(single.labels(), &truth), "{affinity}");
    }
    // All equal: any labels, but some.
    let equal = SpectralClustering::params().n_clusters(2).fit(&Array2::<f64>::ones((30, 3))).unwrap();
    assert!(equal.labels().iter().all(|&label| label < 2));
}
