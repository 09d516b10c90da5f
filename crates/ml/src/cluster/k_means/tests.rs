use lapwing_lapack::random::standard_normal;
use ndarray::{Array1, Array2, ArrayView1, Axis, ShapeBuilder, array, s};

use super::*;

/// `n` points in `k` groups of unit variance, whose centres lie `spread` apart on average.
fn blobs(n: usize, p: usize, k: usize, spread: f64, seed: u64) -> Array2<f64> {
    let centres = standard_normal(k, p, seed) * spread;
    let mut x = standard_normal(n, p, seed + 1);
    for (i, mut row) in x.outer_iter_mut().enumerate() {
        row += &centres.row(i % k);
    }
    x
}

fn from_centres(centres: &Array2<f64>) -> KMeansParams {
    KMeans::params().n_clusters(centres.nrows()).init(KMeansInit::Centers(centres.clone()))
}

/// The nearest centre and the squared distance by the definition.
fn nearest(centres: &Array2<f64>, x: ArrayView1<f64>) -> (usize, f64) {
    let distances = centres.outer_iter().map(|centre| (&centre - &x).mapv(|d| d * d).sum());
    distances.enumerate().fold((0, f64::INFINITY), |best, (j, d)| if d < best.1 { (j, d) } else { best })
}

/// Small integers: every mean is exact, and the steps can be followed by hand.
#[test]
fn follows_lloyd_step_by_step() {
    let x = array![[0.0], [1.0], [2.0], [10.0], [11.0], [18.0]];
    let model =
        from_centres(&array![[0.0], [1.0]]).tolerance(0.0).algorithm(KMeansAlgorithm::Lloyd).fit(&x).unwrap();
    // {0}, {1, ..., 18} with mean 8.4; then {0, 1, 2}, {10, 11, 18} with means 1 and 13; then nothing changes.
    assert_eq!(model.cluster_centers(), array![[1.0], [13.0]]);
    assert_eq!(model.labels(), array![0, 0, 0, 1, 1, 1]);
    assert_eq!((model.n_iterations(), model.converged(), model.inertia()), (3, true, 40.0));
    let expected = [0.0 + 0.0 + 1.0 + 81.0 + 100.0 + 289.0, 0.0 + 1.0 + 4.0 + 2.56 + 6.76 + 92.16, 40.0];
    for (found, expected) in model.inertia_history().unwrap().iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-13 * expected, "{found} {expected}");
    }
}

#[test]
fn labels_and_inertia_are_those_of_the_centres() {
    let x = blobs(500, 5, 7, 1.0, 3);
    for limit in [1, 2, 300] {
        let model = KMeans::params().n_clusters(7).max_iterations(limit).fit(&x).unwrap();
        let centres = model.cluster_centers().to_owned();
        let expected: Vec<_> = x.outer_iter().map(|row| nearest(&centres, row)).collect();
        assert_eq!(model.labels().to_vec(), expected.iter().map(|(label, _)| *label).collect::<Vec<_>>());
        let inertia: f64 = expected.iter().map(|(_, d)| d).sum();
        assert!((model.inertia() - inertia).abs() <= 1e-12 * inertia);
        assert_eq!(model.predict(&x).unwrap(), model.labels());
        assert_eq!(model.score(&x).unwrap(), -model.inertia());
        assert_eq!(model.converged(), limit == 300);
    }
}

/// Each of the two steps can only lower the sum; the rounding of n terms stays below n ε of it.
#[test]
fn inertia_never_increases() {
    for seed in 0..10 {
        let (n, k) = (300, 3 + 4 * seed as usize);
        let x = blobs(n, 3, 5, 2.0, seed);
        let weights = Array1::from_shape_fn(n, |i| (i % 4) as f64);
        // All centres in one place: every cluster but the first starts empty, and is given the farthest sample.
        let same = Array2::from_elem((k, 3), 9.0);
        for init in [KMeansInit::Random, KMeansInit::PlusPlus, KMeansInit::Centers(same)] {
            let params = KMeans::params().n_clusters(k).init(init).n_init(1).tolerance(0.0).seed(seed);
            let params = params.algorithm(KMeansAlgorithm::Lloyd);
            for model in [params.fit(&x).unwrap(), params.fit_weighted(&x, &weights).unwrap()] {
                let mut history = model.inertia_history().unwrap().to_vec();
                history.push(model.inertia());
                for pair in history.windows(2) {
                    assert!(pair[1] <= pair[0] * (1.0 + n as f64 * f64::EPSILON), "{pair:?}");
                }
                assert_eq!(model.n_distinct_clusters(), k);
            }
        }
    }
}

/// Means of the same samples, added up in another order: some n ε of the largest entry apart.
#[test]
fn bounds_spare_distances_and_change_nothing() {
    for seed in 0..6 {
        let (n, k) = (900, 2 + 5 * seed as usize);
        let x = blobs(n, 1 + seed as usize, 6, 2.0, seed);
        let weights = Array1::from_shape_fn(n, |i| 0.1 * (i % 4) as f64);
        let same = Array2::from_elem((k, x.ncols()), 9.0);
        for init in [KMeansInit::Random, KMeansInit::PlusPlus, KMeansInit::Centers(same)] {
            for (tolerance, limit) in [(0.0, 300), (1e-4, 300), (0.0, 5)] {
                let params = KMeans::params().n_clusters(k).init(init.clone()).n_init(2).seed(seed);
                let params = params.tolerance(tolerance).max_iterations(limit);
                let fit = |algorithm| params.clone().algorithm(algorithm).fit_weighted(&x, &weights).unwrap();
                let (lloyd, bounded) = (fit(KMeansAlgorithm::Lloyd), fit(KMeansAlgorithm::Hamerly));
                assert_eq!(bounded.labels(), lloyd.labels());
                assert_eq!(bounded.n_iterations(), lloyd.n_iterations());
                assert_eq!(bounded.converged(), lloyd.converged());
                let difference = (&bounded.cluster_centers() - &lloyd.cluster_centers()).mapv(f64::abs);
                assert!(difference.iter().all(|difference| *difference <= 1e-12), "{difference}");
                assert!(matches!(bounded.inertia_history(), Err(Error::Unavailable { .. })));
            }
        }
    }
}

#[test]
fn whole_weights_repeat_samples() {
    let x = blobs(120, 3, 4, 3.0, 11);
    let weights = Array1::from_shape_fn(120, |i| ((i * 7) % 4) as f64);
    let copies: Vec<usize> = (0..120).flat_map(|i| vec![i; weights[i] as usize]).collect();
    let repeated = x.select(Axis(0), &copies);
    let start = x.slice(s![..4, ..]).to_owned();
    let params = from_centres(&start).tolerance(0.0);
    let (weighted, plain) = (params.fit_weighted(&x, &weights).unwrap(), params.fit(&repeated).unwrap());
    // Sums of at most 360 terms in two orders.
    let difference = (&weighted.cluster_centers() - &plain.cluster_centers()).mapv(f64::abs);
    assert!(difference.iter().all(|difference| *difference <= 1e-12));
    assert!((weighted.inertia() - plain.inertia()).abs() <= 1e-12 * plain.inertia());
    assert_eq!(weighted.labels().select(Axis(0), &copies), plain.labels());
    assert_eq!(weighted.score_weighted(&x, &weights).unwrap(), -weighted.inertia());
}

/// Of a sample without weight only its label depends on the sample.
#[test]
fn samples_without_weight_do_not_count() {
    let mut x = blobs(60, 2, 3, 4.0, 5);
    let mut weights = Array1::ones(60);
    weights[17] = 0.0;
    let params = KMeans::params().n_clusters(3);
    let model = params.fit_weighted(&x, &weights).unwrap();
    x.row_mut(17).fill(50.0);
    let moved = params.fit_weighted(&x, &weights).unwrap();
    for (found, expected) in moved.cluster_centers().iter().zip(&model.cluster_centers()) {
        // The origin and the unit of the data count it.
        assert!((found - expected).abs() <= 1e-13);
    }
}

#[test]
fn any_layout_and_number_of_threads_gives_the_same_bits() {
    let x = blobs(9000, 6, 9, 2.0, 8);
    let params = KMeans::params().n_clusters(9).seed(3);
    let model = params.fit(&x).unwrap();
    let mut column_major = Array2::zeros(x.dim().f());
    column_major.assign(&x);
    let mut strided = Array2::zeros((18000, 12));
    strided.slice_mut(s![..;2, ..;2]).assign(&x);
    assert_eq!(params.fit(&column_major).unwrap(), model);
    assert_eq!(params.fit(&strided.slice(s![..;2, ..;2])).unwrap(), model);
    let threads = lapwing_lapack::threads::with(1, || params.fit(&x).unwrap());
    assert_eq!(threads, model);
    assert_ne!(
        params.clone().init(KMeansInit::Random).n_init(1).fit(&x).unwrap().cluster_centers(),
        model.cluster_centers()
    );
}

/// Adding a multiple of a power of two to well scaled data rounds it once, to 1e8 ε.
#[test]
fn data_far_from_the_origin_loses_no_digits() {
    let x = blobs(400, 3, 4, 5.0, 2);
    let far = x.mapv(|x| x + 1e8);
    let near = far.mapv(|x| x - 1e8);
    let start = near.slice(s![..4, ..]).to_owned();
    let model = from_centres(&start).fit(&near).unwrap();
    let moved = from_centres(&start.mapv(|x| x + 1e8)).fit(&far).unwrap();
    assert_eq!(model.labels(), moved.labels());
    assert_eq!(model.n_iterations(), moved.n_iterations());
    // Centres of 1e8 are rounded to 1e8 ε, whose effect on the inertia is of second order.
    assert!((model.inertia() - moved.inertia()).abs() <= 1e-10 * model.inertia());
}

#[test]
fn the_unit_of_the_data_does_not_matter() {
    let x = blobs(200, 3, 4, 5.0, 2);
    let model = KMeans::params().n_clusters(4).fit(&x).unwrap();
    for exponent in [-400, -100, 100, 400] {
        let unit = 2f64.powi(exponent);
        let scaled = KMeans::params().n_clusters(4).fit(&(&x * unit)).unwrap();
        assert_eq!(scaled.labels(), model.labels());
        assert_eq!(scaled.cluster_centers(), &model.cluster_centers() * unit);
        assert_eq!(scaled.inertia(), model.inertia() * unit * unit);
    }
    // 1e300 apart, an inertia of 1e600 is out of range, one of zero is not.
    let overflow = KMeans::params().n_clusters(1).fit(&array![[1e300], [-1e300]]).unwrap_err();
    assert!(matches!(overflow, Error::Lapack(LapackError::Overflow { .. })), "{overflow}");
    let exact = KMeans::params().n_clusters(2).fit(&array![[1e300], [-1e300], [1e300]]).unwrap();
    assert_eq!((exact.inertia(), exact.n_distinct_clusters()), (0.0, 2));
    let tiny = KMeans::params().n_clusters(2).fit(&array![[1e-310], [3e-310], [9e-310]]).unwrap();
    assert_eq!(tiny.labels()[0], tiny.labels()[1]);
    assert_ne!(tiny.labels()[0], tiny.labels()[2]);
}

#[test]
fn f32_data_is_clustered_in_double_precision() {
    let x = blobs(300, 4, 5, 3.0, 6).mapv(|x| x as f32);
    let wide = x.mapv(f64::from);
    let params = KMeans::params().n_clusters(5);
    let (single, double) = (params.fit(&x).unwrap(), params.fit(&wide).unwrap());
    assert_eq!(single.labels(), double.labels());
    assert_eq!(single.cluster_centers(), double.cluster_centers().mapv(|x| x as f32));
    assert!((single.inertia() - double.inertia()).abs() <= 1e-6 * double.inertia());
}

#[test]
fn fewer_distinct_samples_than_clusters_leave_clusters_empty() {
    let x = array![[1.0, 1.0], [2.0, 5.0], [1.0, 1.0], [2.0, 5.0], [1.0, 1.0]];
    for init in [KMeansInit::PlusPlus, KMeansInit::Random, KMeansInit::Centers(Array2::zeros((4, 2)))] {
        let model = KMeans::params().n_clusters(4).init(init).fit(&x).unwrap();
        assert_eq!(model.n_distinct_clusters(), 2);
        assert!(model.inertia() <= 1e-30);
        assert!(model.cluster_centers().iter().all(|entry| [1.0, 2.0, 5.0].contains(entry)), "{model:?}");
        assert!(model.converged());
    }
    let constant = KMeans::params().n_clusters(3).fit(&Array2::from_elem((9, 2), 0.1)).unwrap();
    assert_eq!((constant.n_distinct_clusters(), constant.inertia()), (1, 0.0));
    assert_eq!(constant.labels(), Array1::<usize>::zeros(9));
}

#[test]
fn as_many_clusters_as_samples_and_one_are_exact() {
    let x = array![[1.0, 2.0], [-3.0, 4.0], [5.0, -6.0]];
    let all = KMeans::params().n_clusters(3).fit(&x).unwrap();
    assert!(all.inertia() <= 1e-28);
    assert_eq!(all.n_distinct_clusters(), 3);
    let one = KMeans::params().n_clusters(1).fit(&x).unwrap();
    assert_eq!(one.cluster_centers(), array![[1.0, 0.0]]);
    assert_eq!(one.inertia(), 32.0 + 56.0);
    let single = KMeans::params().n_clusters(1).fit(&array![[7.5]]).unwrap();
    assert_eq!((single.cluster_centers()[[0, 0]], single.inertia(), single.converged()), (7.5, 0.0, true));
}

/// The centre of an empty cluster goes to the farthest sample, as scikit-learn's.
#[test]
fn empty_clusters_take_the_farthest_samples() {
    let x = array![[0.0], [1.0], [2.0], [30.0]];
    let model = from_centres(&array![[1.0], [1e6]]).tolerance(0.0).fit(&x).unwrap();
    assert_eq!(model.cluster_centers(), array![[1.0], [30.0]]);
    assert_eq!(model.labels(), array![0, 0, 0, 1]);
}

#[test]
fn ties_go_to_the_lowest_label() {
    let model = from_centres(&array![[-1.0], [1.0], [1.0]]).max_iterations(1).fit(&array![
        [-1.0],
        [0.0],
        [1.0],
        [1.0]
    ]);
    assert_eq!(model.unwrap().labels()[2], 1);
    let model =
        from_centres(&array![[-1.0], [1.0]]).fit(&array![[-2.0], [0.0], [2.0], [-1.0], [1.0]]).unwrap();
    assert_eq!(
        model
            .predict(&array![[(model.cluster_centers()[[0, 0]] + model.cluster_centers()[[1, 0]]) / 2.0]])
            .unwrap(),
        array![0]
    );
}

/// By differences each distance has a relative error of p ε, however far all lie from the origin.
#[test]
fn transform_gives_distances() {
    let x = blobs(50, 3, 4, 3.0, 9);
    let model = KMeans::params().n_clusters(4).fit(&x).unwrap();
    let distances = model.transform(&x).unwrap();
    for ((i, j), found) in distances.indexed_iter() {
        let expected = (&x.row(i) - &model.cluster_centers().row(j)).mapv(|d| d * d).sum().sqrt();
        assert!((found - expected).abs() <= 1e-14 * (expected + 10.0));
    }
    assert_eq!(model.transform(&Array2::zeros((0, 3))).unwrap().dim(), (0, 4));
    assert_eq!(model.predict(&Array2::zeros((0, 3))).unwrap().len(), 0);
    assert_eq!(model.score(&Array2::zeros((0, 3))).unwrap(), 0.0);
}

#[test]
fn what_is_no_data_or_no_choice_is_refused() {
    let x = array![[1.0, 2.0], [3.0, f64::NAN]];
    let params = KMeans::params().n_clusters(2);
    let expected = LapackError::NonFinite { argument: "x", row: 1, col: 1 };
    assert_eq!(params.fit(&x), Err(expected.into()));
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    assert!(matches!(params.fit(&Array2::<f64>::zeros((2, 0))), Err(Error::NoFeatures { .. })));
    assert!(matches!(params.fit(&Array2::<f64>::zeros((0, 2))), Err(Error::TooFewSamples { least: 2, .. })));
    let cases = [
        (params.clone().n_clusters(0), "n_clusters"),
        (params.clone().n_init(0), "n_init"),
        (params.clone().max_iterations(0), "max_iterations"),
        (params.clone().tolerance(-1.0), "tolerance"),
        (params.clone().tolerance(f64::NAN), "tolerance"),
        (params.clone().n_clusters(3), "x has 2 samples"),
        (from_centres(&array![[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]), "init has 3 columns"),
        (from_centres(&array![[1.0, 2.0]]).n_clusters(2), "init has 1 rows"),
        (from_centres(&array![[1.0, 2.0], [f64::INFINITY, 0.0]]), "init[1, 0]"),
    ];
    for (params, place) in cases {
        let error = params.fit(&x).unwrap_err().to_string();
        assert!(error.contains(place), "{error} does not name {place}");
    }
    for weights in [array![1.0], array![1.0, -1.0], array![0.0, 0.0], array![1.0, f64::NAN]] {
        let error = params.fit_weighted(&x, &weights).unwrap_err().to_string();
        assert!(error.contains("weights"), "{error}");
    }
    let model = params.fit(&x).unwrap();
    assert!(matches!(model.predict(&array![[1.0]]), Err(Error::FeatureMismatch { expected: 2, .. })));
    assert!(matches!(model.transform(&array![[1.0, f64::NAN]]), Err(Error::Lapack(_))));
}

#[test]
fn a_stored_model_is_the_same_and_a_damaged_one_refused() {
    let model = KMeans::params().n_clusters(3).fit(&blobs(40, 2, 3, 3.0, 1)).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<KMeans<f64>>(&text).unwrap(), model);
    for (from, to, reason) in [
        ("lapwing.k_means", "lapwing.pca", "not a model of k-means"),
        ("\"version\":1", "\"version\":9", "format version 9"),
        ("\"n_clusters\":3", "\"n_clusters\":2", "damaged"),
        ("\"n_clusters\":3", "\"n_clusters\":0", "damaged"),
        ("\"n_features\":2", "\"n_features\":5", "damaged"),
        ("\"inertia\":", "\"inertia\":-", "damaged"),
        ("\"algorithm\":\"hamerly\"", "\"algorithm\":\"auto\"", "damaged"),
        ("\"labels\":[", "\"labels\":[3,", "damaged"),
    ] {
        let damaged = text.replacen(from, to, 1);
        assert_ne!(damaged, text, "{from}");
        let error = serde_json::from_str::<KMeans<f64>>(&damaged).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

/// The first batch of all samples makes each centre the mean of its samples: one iteration of Lloyd's.
#[test]
fn a_block_of_everything_is_an_iteration() {
    let x = blobs(100, 3, 4, 2.0, 4);
    let start = x.slice(s![..4, ..]).to_owned();
    let lloyd = from_centres(&start).max_iterations(1).fit(&x).unwrap();
    let params =
        MiniBatchKMeans::params().n_clusters(4).init(KMeansInit::Centers(start)).reassignment_ratio(0.0);
    let mut running = params.start().unwrap();
    assert!(matches!(running.to_k_means(&x), Err(Error::Unavailable { .. })));
    running.partial_fit(&x.slice(s![..0, ..])).unwrap();
    running.partial_fit(&x).unwrap();
    let centres = running.cluster_centers().unwrap();
    let difference = (&centres - &lloyd.cluster_centers()).mapv(f64::abs);
    assert!(difference.iter().all(|difference| *difference <= 1e-13), "{difference}");
    // A second block weighs as much as the first: the mean of both where no label changes.
    let model = running.to_k_means(&x).unwrap();
    assert_eq!(model.labels(), model.predict(&x).unwrap());
    assert_eq!(model.algorithm(), KMeansAlgorithm::MiniBatch);
    let before = running.cluster_centers().unwrap().to_owned();
    let bad = array![[1.0, f64::NAN, 0.0]];
    assert!(running.partial_fit(&bad).is_err());
    assert!(matches!(running.partial_fit(&array![[1.0]]), Err(Error::FeatureMismatch { expected: 3, .. })));
    assert_eq!(running.cluster_centers().unwrap(), before, "as if the block had not come");
}

/// Well separated groups leave one good clustering, which batches find as well as the whole.
#[test]
fn batches_come_close_to_the_whole() {
    let x = blobs(3000, 4, 5, 12.0, 21);
    let whole = KMeans::params().n_clusters(5).n_init(5).fit(&x).unwrap();
    let weights = Array1::from_shape_fn(3000, |i| (i % 2) as f64);
    for seed in 0..3 {
        let params = MiniBatchKMeans::params().n_clusters(5).batch_size(256).n_init(5).seed(seed);
        let model = params.fit(&x).unwrap();
        assert!(model.inertia() <= 1.05 * whole.inertia(), "{} {}", model.inertia(), whole.inertia());
        assert!(model.converged() && model.n_iterations() < 100);
        assert_eq!(params.fit(&x).unwrap(), model);
        let weighted = params.fit_weighted(&x, &weights).unwrap();
        assert!(weighted.inertia() <= 1.1 * whole.inertia() / 2.0);
        let mut running = params.start().unwrap();
        for block in x.axis_chunks_iter(Axis(0), 500) {
            running.partial_fit(&block).unwrap();
        }
        assert!(running.to_k_means(&x).unwrap().inertia() <= 1.1 * whole.inertia());
    }
    let offset = x.mapv(|x| (x + 1e6) as f32);
    let model = MiniBatchKMeans::params().n_clusters(5).n_init(5).fit(&offset).unwrap();
    assert!(model.inertia() <= 1.1 * whole.inertia());
}

#[test]
fn batches_of_degenerate_data_end() {
    let constant = Array2::from_elem((20, 2), 0.1);
    let model = MiniBatchKMeans::params().n_clusters(3).fit(&constant).unwrap();
    assert!(model.inertia() <= 1e-30);
    assert_eq!(model.n_distinct_clusters(), 1);
    let model =
        MiniBatchKMeans::params().n_clusters(3).batch_size(1).fit(&array![[1.0], [5.0], [9.0]]).unwrap();
    assert!(model.inertia().is_finite());
    let params = MiniBatchKMeans::params().n_clusters(2);
    for (params, place) in [
        (params.clone().n_clusters(0), "n_clusters"),
        (params.clone().batch_size(0), "batch_size"),
        (params.clone().init_size(1), "init_size"),
        (params.clone().max_no_improvement(Some(0)), "max_no_improvement"),
        (params.clone().reassignment_ratio(-0.1), "reassignment_ratio"),
        (params.clone().n_clusters(4), "x has 3 samples"),
    ] {
        let error = params.fit(&array![[1.0], [5.0], [9.0]]).unwrap_err().to_string();
        assert!(error.contains(place), "{error}");
    }
    let algorithm = KMeans::params().n_clusters(1).algorithm(KMeansAlgorithm::MiniBatch);
    assert!(algorithm.fit(&array![[1.0]]).unwrap_err().to_string().contains("MiniBatchKMeans"));
}
