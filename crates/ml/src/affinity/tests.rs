use lapwing_iterative::sprs::{CsMat, TriMat};
use lapwing_lapack::random::standard_normal;
use ndarray::{Array2, array};

use super::*;

fn dense(affinity: Affinity, x: &Array2<f64>) -> Array2<f64> {
    match affinity.matrix(x).unwrap() {
        AffinityMatrix::Dense(affinities) => affinities,
        AffinityMatrix::Sparse(affinities) => affinities.to_dense(),
    }
}

const ALL: [Affinity; 6] = [
    Affinity::Rbf { gamma: Gamma::Value(0.7) },
    Affinity::Rbf { gamma: Gamma::MedianHeuristic { seed: 1 } },
    Affinity::SelfTuning { neighbor: 7 },
    Affinity::Polynomial { degree: 2, gamma: 0.5, coef0: 1.0 },
    Affinity::NearestNeighbors { neighbors: 6, symmetrization: Symmetrization::Average },
    Affinity::Radius { radius: 1.5 },
];

#[test]
fn affinities_are_symmetric_and_not_negative() {
    let x = standard_normal(200, 3, 4);
    for affinity in ALL {
        let affinities = dense(affinity, &x);
        assert_eq!(affinities, affinities.t(), "{affinity}");
        assert!(affinities.iter().all(|&value| value >= 0.0 && value.is_finite()), "{affinity}");
    }
}

#[test]
fn median_of_the_squares_is_exact() {
    let heuristic = Gamma::MedianHeuristic { seed: 0 };
    assert_eq!(heuristic.value(&array![[0.0], [1.0], [3.0]]), Ok(1.0 / 4.0));
    // The squares are 1, 9, 4, 16, 9 and 1: the mean of 4 and 9. Equal samples are no pair.
    assert_eq!(heuristic.value(&array![[0.0], [1.0], [3.0], [4.0]]), Ok(1.0 / 6.5));
    assert_eq!(heuristic.value(&array![[0.0], [0.0], [2.0]]), Ok(1.0 / 4.0));
    assert_eq!(heuristic.value(&Array2::from_elem((9, 2), 3.0)), Ok(1.0));
    assert_eq!(heuristic.value(&array![[5.0]]), Ok(1.0));
    // At the median the affinity is 1/e.
    let affinities = dense(Affinity::Rbf { gamma: heuristic }, &array![[0.0], [1.0], [3.0]]);
    assert!((affinities[[1, 2]] - (-1f64).exp()).abs() < 4.0 * f64::EPSILON);
}

/// The square of the distance of two normal points of p features, divided by 2, is χ² with p degrees of freedom, whose
/// median is 0.4549 for one; half a million pairs of 1000 samples know it to a few per cent.
#[test]
fn median_of_many_samples_is_drawn_by_the_seed() {
    let x = standard_normal(3000, 1, 2);
    let value = |seed| Gamma::MedianHeuristic { seed }.value(&x).unwrap();
    assert_eq!(value(1), value(1));
    assert!(value(1) != value(2));
    assert!((value(1) * 2.0 * 0.4549 - 1.0).abs() < 0.2, "{}", value(1));
}

#[test]
fn self_tuning_scales_by_the_distance_to_a_neighbour() {
    // Distances to the second neighbours are 3, 2 and 3.
    let affinities = dense(Affinity::SelfTuning { neighbor: 2 }, &array![[0.0], [1.0], [3.0]]);
    let expected = |square: f64, scales: f64| (-square / scales).exp();
    for ((i, j), exact) in
        [((0, 1), expected(1.0, 6.0)), ((0, 2), expected(9.0, 9.0)), ((1, 2), expected(4.0, 6.0))]
    {
        // Two quotients and a product, times at most 1 in the exponent.
        assert!((affinities[[i, j]] - exact).abs() <= 4.0 * f64::EPSILON);
    }
    assert_eq!(affinities.diag(), array![0.0, 0.0, 0.0]);
}

#[test]
fn self_tuning_stands_duplicates() {
    let equal = dense(Affinity::self_tuning(), &Array2::from_elem((10, 2), 0.3));
    assert_eq!(equal, Array2::<f64>::ones((10, 10)) - Array2::<f64>::eye(10));
    // Nine equal samples are one from the tenth: that is the scale of all.
    let x = Array2::from_shape_fn((10, 1), |(i, _)| if i < 9 { 0.0 } else { 1.0 });
    let affinities = dense(Affinity::self_tuning(), &x);
    assert_eq!(affinities[[0, 1]], 1.0);
    assert!((affinities[[0, 9]] - (-1f64).exp()).abs() <= f64::EPSILON);
}

#[test]
fn scales_from_the_data_know_no_unit() {
    let x = standard_normal(50, 2, 3);
    for affinity in [Affinity::self_tuning(), Affinity::Rbf { gamma: Gamma::MedianHeuristic { seed: 0 } }] {
        let expected = dense(affinity, &x);
        for unit in [2f64.powi(996), 2f64.powi(-900)] {
            // Another power of two may be taken for the unit, and change nothing.
            let difference = dense(affinity, &(&x * unit)) - &expected;
            assert!(difference.iter().all(|difference| difference.abs() < 1e-14), "{affinity}");
        }
        assert!(dense(affinity, &x.mapv(|x| x * 1e-310)).iter().all(|value| value.is_finite()));
        assert!(dense(affinity, &x.mapv(|x| x * 1e300)).iter().all(|value| value.is_finite()));
    }
    let single = x.mapv(|x| x as f32);
    let same = single.mapv(f64::from);
    for affinity in ALL {
        assert_eq!(affinity.matrix(&single).unwrap(), affinity.matrix(&same).unwrap(), "{affinity}");
    }
}

#[test]
fn symmetrizations_differ_on_one_way_edges() {
    let mut triplets = TriMat::new((3, 3));
    for (i, j, weight) in [(0, 1, 4.0), (1, 0, 2.0), (1, 2, 1.0), (2, 2, 5.0)] {
        triplets.add_triplet(i, j, weight);
    }
    let (rows, columns): (CsMat<f64>, CsMat<f64>) = (triplets.to_csr(), triplets.to_csc());
    for (symmetrization, both, one, stored) in [
        (Symmetrization::Union, 4.0, 1.0, 5),
        (Symmetrization::Mutual, 2.0, 0.0, 3),
        (Symmetrization::Average, 3.0, 0.5, 5),
    ] {
        for weights in [&rows, &columns] {
            let found = symmetrization.apply(weights).unwrap();
            assert_eq!(found.to_dense(), array![[0.0, both, 0.0], [both, 0.0, one], [0.0, one, 5.0]]);
            assert_eq!((found.nnz(), found.is_csr()), (stored, true));
        }
    }
    let error = Symmetrization::Union.apply(&CsMat::zero((2, 3))).unwrap_err();
    assert!(matches!(error, Error::Lapack(lapwing_lapack::Error::NotSquare { rows: 2, cols: 3, .. })));
}

#[test]
fn given_affinities_are_checked_and_made_symmetric() {
    let near = array![[1.0, 0.3, 0.0], [0.3 + 1e-16, 1.0, 2.0], [0.0, 2.0, 0.0]];
    let AffinityMatrix::Dense(made) = Affinity::Precomputed.matrix(&near).unwrap() else { panic!("dense") };
    assert_eq!(made, made.t());
    let sparse = |a: &Array2<f64>| -> CsMat<f64> {
        let mut triplets = TriMat::new(a.dim());
        for ((i, j), &value) in a.indexed_iter().filter(|(_, value)| **value != 0.0) {
            triplets.add_triplet(i, j, value);
        }
        triplets.to_csr()
    };
    assert_eq!(
        AffinityMatrix::from_sparse("a", &sparse(&near)).unwrap(),
        AffinityMatrix::Sparse(sparse(&made))
    );
    assert_eq!(AffinityMatrix::from_sparse("a", &sparse(&near)).unwrap().n_samples(), 3);

    let with = |i, j, value| {
        let mut a = near.clone();
        a[[i, j]] = value;
        [AffinityMatrix::from_dense("a", &a), AffinityMatrix::from_sparse("a", &sparse(&a))]
    };
    let lapack = |error: lapwing_lapack::Error| Err(Error::Lapack(error));
    for found in with(2, 1, f64::NAN) {
        assert_eq!(found, lapack(lapwing_lapack::Error::NonFinite { argument: "a", row: 2, col: 1 }));
    }
    for found in with(2, 1, -2.0) {
        assert_eq!(found, Err(Error::NegativeWeight { argument: "a", row: 2, col: 1, value: -2.0 }));
    }
    for found in with(2, 1, 2.5) {
        let expected = lapwing_lapack::Error::NotSymmetric { argument: "a", row: 2, col: 1, difference: 0.5 };
        assert_eq!(found, lapack(expected));
    }
    let wide = lapwing_lapack::Error::NotSquare { argument: "a", rows: 1, cols: 2 };
    assert_eq!(AffinityMatrix::from_dense("a", &array![[1.0, 2.0]]), lapack(wide.clone()));
    assert_eq!(AffinityMatrix::from_sparse("a", &sparse(&array![[1.0, 2.0]])), lapack(wide));
}

#[test]
fn bad_input_is_refused_with_its_name() {
    let x = array![[1.0, 0.0], [-1.0, 0.5], [0.0, 1.0]];
    let named = |affinity: Affinity, name: &str| {
        let error = affinity.matrix(&x).unwrap_err();
        assert!(matches!(&error, Error::InvalidParameter { parameter, .. } if *parameter == name), "{error}");
    };
    named(Affinity::Rbf { gamma: Gamma::Value(-1.0) }, "gamma");
    named(Affinity::Rbf { gamma: Gamma::Value(f64::NAN) }, "gamma");
    named(Affinity::Polynomial { degree: 2, gamma: 0.0, coef0: 1.0 }, "gamma");
    named(Affinity::Polynomial { degree: 2, gamma: 1.0, coef0: f64::NAN }, "coef0");
    named(Affinity::SelfTuning { neighbor: 0 }, "neighbor");
    named(Affinity::SelfTuning { neighbor: 3 }, "neighbor");
    named(Affinity::nearest_neighbors(0), "k");
    named(Affinity::nearest_neighbors(4), "k");
    named(Affinity::Radius { radius: f64::NAN }, "radius");
    let negative = Affinity::Cosine.matrix(&x).unwrap_err();
    assert!(matches!(negative, Error::NegativeWeight { row: 0, col: 1, .. }), "{negative}");
    let bad = array![[0.0], [f64::INFINITY]];
    for affinity in [Affinity::Precomputed, Affinity::Cosine, Affinity::self_tuning()].into_iter().chain(ALL)
    {
        let nothing = affinity.matrix(&Array2::<f64>::zeros((0, 2))).unwrap_err();
        assert!(matches!(nothing, Error::TooFewSamples { found: 0, .. }));
        assert_eq!(affinity.matrix(&Array2::<f64>::zeros((2, 0))), Err(Error::NoFeatures { argument: "x" }));
        let expected = lapwing_lapack::Error::NonFinite { argument: "x", row: 1, col: 0 };
        assert_eq!(affinity.matrix(&bad), Err(expected.into()), "{affinity}");
    }
    assert_eq!(dense(Affinity::nearest_neighbors(1), &array![[3.0]]), array![[1.0]]);
    assert_eq!(dense(Affinity::default(), &array![[3.0]]), array![[1.0]]);
}
