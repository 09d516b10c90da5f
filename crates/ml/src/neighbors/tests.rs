use lapwing_lapack::random::standard_normal;
use lapwing_lapack::threads;
use ndarray::{Array2, ArrayView1, ShapeBuilder, array, s};

use super::*;

const ALGORITHMS: [NeighborAlgorithm; 2] = [NeighborAlgorithm::KdTree, NeighborAlgorithm::Brute];

fn fitted(algorithm: NeighborAlgorithm, x: &Array2<f64>) -> NearestNeighbors<'_, f64> {
    NearestNeighbors::params().algorithm(algorithm).leaf_size(5).fit(x).unwrap()
}

/// All samples by their distance from a point, which is a sum in plain order.
fn by_definition(x: &Array2<f64>, query: ArrayView1<'_, f64>) -> Vec<(f64, usize)> {
    let distance =
        |row: ArrayView1<'_, f64>| row.iter().zip(query).map(|(x, y)| (x - y) * (x - y)).sum::<f64>();
    let mut all: Vec<(f64, usize)> = x.outer_iter().map(distance).map(f64::sqrt).zip(0..).collect();
    all.sort_by(|a, b| a.partial_cmp(b).unwrap());
    all
}

/// Data on which searches go wrong: many ties, many duplicates, a spread of 10⁻⁸ of the offset, clusters far apart.
fn awkward(p: usize) -> Vec<(&'static str, Array2<f64>)> {
    let normal = standard_normal(150, p, p as u64);
    let mut outlier = normal.clone();
    outlier.row_mut(7).fill(1e7);
    vec![
        ("lattice", normal.mapv(f64::round)),
        ("duplicates", normal.select(ndarray::Axis(0), &(0..150).map(|i| i % 11).collect::<Vec<_>>())),
        ("equal", Array2::from_elem((150, p), 0.1)),
        (
            "clusters",
            Array2::from_shape_fn((150, p), |(i, j)| normal[[i, j]] * 1e-6 + (i % 4 * (j + 1)) as f64),
        ),
        ("far", &normal + 1e8),
        ("outlier", outlier),
        (
            "one column",
            Array2::from_shape_fn((150, p), |(i, j)| if j == p / 2 { normal[[i, 0]] } else { 1e8 }),
        ),
        ("normal", normal),
    ]
}

/// Sums of at most 20 squares, in any order, agree to 20 roundings, and so do their roots; where distances are further
/// apart than that, the order is the same.
#[test]
fn neighbours_are_the_nearest_by_definition() {
    for p in 1..=20 {
        for (name, x) in awkward(p) {
            let queries = &x.slice(s![..;9, ..]) + &(standard_normal(17, p, 99) * 0.1);
            for algorithm in ALGORITHMS {
                let samples = fitted(algorithm, &x);
                let found = samples.k_neighbors(&queries, 8).unwrap();
                for (i, query) in queries.outer_iter().enumerate() {
                    let exact = by_definition(&x, query);
                    for (rank, (&index, &distance)) in
                        found.indices.row(i).iter().zip(found.distances.row(i)).enumerate()
                    {
                        let bound = 20.0 * f64::EPSILON * exact[rank].0;
                        assert!(
                            (distance - exact[rank].0).abs() <= bound,
                            "{name} {p} {algorithm} {i} {rank}"
                        );
                        let own = exact.iter().find(|(_, other)| *other == index).unwrap().0;
                        assert!((distance - own).abs() <= bound, "{name} {p} {algorithm} {i} {rank}");
                    }
                }
            }
        }
    }
}

#[test]
fn both_algorithms_give_the_same_bits_with_any_leaf_and_number_of_threads() {
    for p in [1, 2, 3, 5, 8, 16, 20] {
        for (name, x) in awkward(p) {
            let expected = fitted(NeighborAlgorithm::KdTree, &x);
            let (nearest, own) =
                (expected.k_neighbors(&x, 12).unwrap(), expected.k_neighbors_of_samples(12).unwrap());
            let radius = nearest.distances.column(9).sum() / 150.0;
            let within = expected.within_radius(&x, radius).unwrap();
            for (algorithm, leaf, count) in [
                (NeighborAlgorithm::Brute, 1, 1),
                (NeighborAlgorithm::KdTree, 1, 2),
                (NeighborAlgorithm::KdTree, 500, 1),
            ] {
                let params = NearestNeighbors::params().algorithm(algorithm).leaf_size(leaf);
                let samples = threads::with(count, || params.fit(&x).unwrap());
                assert_eq!(samples.k_neighbors(&x, 12).unwrap(), nearest, "{name} {p} {algorithm}");
                assert_eq!(samples.k_neighbors_of_samples(12).unwrap(), own, "{name} {p} {algorithm}");
                assert_eq!(samples.within_radius(&x, radius).unwrap(), within, "{name} {p} {algorithm}");
            }
        }
    }
}

/// More queries and samples than a block holds, and than one thread takes: the lattice's distances are exact, so that
/// even the ties must come by index.
#[test]
fn large_searches_keep_ties_in_order() {
    let x = standard_normal(2100, 5, 3).mapv(f64::round);
    for algorithm in ALGORITHMS {
        let samples = fitted(algorithm, &x);
        let (queried, own) =
            (samples.k_neighbors(&x, 6).unwrap(), samples.k_neighbors_of_samples(6).unwrap());
        for i in (0..2100).step_by(97) {
            let mut exact = by_definition(&x, x.row(i));
            let indices = |exact: &[(f64, usize)]| exact[..6].iter().map(|&(_, j)| j).collect::<Vec<_>>();
            assert_eq!(queried.indices.row(i).to_vec(), indices(&exact), "{algorithm} {i}");
            exact.retain(|&(_, j)| j != i);
            assert_eq!(own.indices.row(i).to_vec(), indices(&exact), "{algorithm} {i}");
        }
    }
}

/// Distances from the centre differ by 2⁻³², which double precision tells and single does not: the order is that by which
/// the samples were made, in any unit, and where the offset is a million times the spread.
#[test]
fn neighbours_that_single_precision_cannot_tell_apart_are_in_order() {
    let (n, p, k) = (1500, 24, 40);
    let rank = |i: usize| i * 787 % n;
    let length = |i: usize| 1.0 + rank(i) as f64 * 2f64.powi(-32);
    let x = Array2::from_shape_fn((n, p), |(i, j)| if j == i % p { length(i) } else { 0.0 });
    let mut expected: Vec<usize> = (0..n).collect();
    expected.sort_by_key(|&i| rank(i));
    for (offset, exponent) in [(0.0, 0), (f64::from(1 << 20), 0), (0.0, 996), (0.0, -1030)] {
        let unit = 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2);
        let centres = Array2::from_elem((70, p), offset * unit);
        let found =
            fitted(NeighborAlgorithm::Brute, &((&x + offset) * unit)).k_neighbors(&centres, k).unwrap();
        for (indices, distances) in found.indices.outer_iter().zip(found.distances.outer_iter()) {
            assert_eq!(indices.to_vec(), expected[..k], "{offset} {exponent}");
            for (&i, &distance) in indices.iter().zip(distances) {
                // A rounding of the square, and one of its root.
                let error = (distance - length(i) * unit).abs();
                assert!(error <= 2.0 * f64::EPSILON * distance + 2f64.powi(-1074), "{offset} {exponent}");
            }
        }
    }
}

/// One query so far away that, in its unit, single precision sees all samples as one point: the others still find theirs.
#[test]
fn a_query_far_away_changes_nothing_for_the_others() {
    let x = standard_normal(700, 18, 12);
    let expected = fitted(NeighborAlgorithm::KdTree, &x);
    for far in [1e7, 1e20, 1e60, 1e130] {
        let mut queries = &x.slice(s![..90, ..]) + 0.1;
        queries.row_mut(40).fill(far);
        queries.row_mut(41).fill(-far);
        let found = fitted(NeighborAlgorithm::Brute, &x).k_neighbors(&queries, 9).unwrap();
        assert_eq!(found, expected.k_neighbors(&queries, 9).unwrap(), "{far}");
    }
}

/// Distances of 0, which no bound on roundings tells from others, over several blocks: the first of the equal points.
#[test]
fn duplicates_come_by_index_over_all_blocks() {
    for distinct in [1, 7, 300] {
        let points = standard_normal(distinct, 20, 4);
        let x = points.select(ndarray::Axis(0), &(0..1800).map(|i| i % distinct).collect::<Vec<_>>());
        let found = fitted(NeighborAlgorithm::Brute, &x).k_neighbors_of_samples(5).unwrap();
        assert!(found.distances.iter().all(|&distance| distance == 0.0));
        for (i, indices) in found.indices.outer_iter().enumerate() {
            let equal: Vec<usize> =
                (i % distinct..1800).step_by(distinct).filter(|&j| j != i).take(5).collect();
            assert_eq!(indices.to_vec(), equal);
        }
    }
}

#[test]
fn radius_includes_what_lies_on_it() {
    let x = Array2::from_shape_fn((25, 2), |(i, j)| if j == 0 { i / 5 } else { i % 5 } as f64);
    for algorithm in ALGORITHMS {
        let samples = fitted(algorithm, &x);
        let found = samples.within_radius(&array![[2.0, 2.0], [-5.0, 0.0]], 1.0).unwrap();
        assert_eq!((found.len(), found.offsets.as_slice()), (2, [0, 5, 5].as_slice()));
        let expected: (&[usize], &[f64]) = (&[12, 7, 11, 13, 17], &[0.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(found.get(0), Some(expected));
        assert_eq!(found.get(2), None);
        // The square of the rounded root of 2 is above 2, and that of 5 below 5 by less than a rounding.
        for (radius, count) in [(2f64.sqrt(), 9), (5f64.sqrt(), 21), (0.0, 1), (f64::INFINITY, 25)] {
            assert_eq!(samples.within_radius(&array![[2.0, 2.0]], radius).unwrap().indices.len(), count);
        }
        assert_eq!(samples.within_radius_of_samples(0.5).unwrap().offsets, vec![0; 26]);
    }
}

#[test]
fn graphs_hold_the_neighbours() {
    let x = array![[0.0], [1.0], [1.0], [4.0]];
    for algorithm in ALGORITHMS {
        let samples = fitted(algorithm, &x);
        let graph =
            |k, weights, own| samples.k_neighbors_graph_of_samples(k, weights, own).unwrap().to_dense();
        let (connectivity, distance) = (EdgeWeights::Connectivity, EdgeWeights::Distance);
        assert_eq!(
            graph(1, connectivity, OwnNeighbor::Excluded),
            array![[0., 1., 0., 0.], [0., 0., 1., 0.], [0., 1., 0., 0.], [0., 1., 0., 0.]]
        );
        assert_eq!(graph(1, connectivity, OwnNeighbor::Included), Array2::<f64>::eye(4));
        assert_eq!(graph(4, connectivity, OwnNeighbor::Included), Array2::<f64>::ones((4, 4)));
        let all = samples.k_neighbors_graph(&x, 4, distance).unwrap();
        assert_eq!(all.nnz(), 16);
        assert_eq!(all.to_dense(), Array2::from_shape_fn((4, 4), |(i, j)| f64::abs(x[[i, 0]] - x[[j, 0]])));
        let near = samples.radius_graph_of_samples(1.0, distance, OwnNeighbor::Included).unwrap();
        assert_eq!((near.nnz(), near.get(1, 2), near.get(3, 3)), (10, Some(&0.0), Some(&0.0)));
        assert_eq!(samples.radius_graph(&x, 1.0, connectivity).unwrap().nnz(), 10);
    }
}

/// A power of two is exact, so that data in any unit gives the same distances.
#[test]
fn extreme_units_change_nothing() {
    let x = standard_normal(40, 3, 5).mapv(|x| (x * 1024.0).round());
    for algorithm in ALGORITHMS {
        let expected = fitted(algorithm, &x).k_neighbors(&x, 5).unwrap();
        for exponent in [996, -1022] {
            let unit = 2f64.powi(exponent);
            let found = fitted(algorithm, &(&x * unit)).k_neighbors(&(&x * unit), 5).unwrap();
            assert_eq!(found.indices, expected.indices);
            assert_eq!(found.distances, &expected.distances * unit);
        }
        let samples = fitted(algorithm, &x);
        let refused = samples.k_neighbors(&(&x * 1e300), 5);
        assert!(matches!(refused, Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))));
        let apart = fitted(algorithm, &array![[-1.7e308], [1.7e308]]).k_neighbors_of_samples(1);
        assert!(matches!(apart, Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))));
    }
}

#[test]
fn any_layout_and_scalar_is_taken() {
    let x = standard_normal(60, 4, 8).mapv(|x| f64::from(x as f32));
    let expected = fitted(NeighborAlgorithm::Brute, &x).k_neighbors(&x, 3).unwrap();
    let mut columns = Array2::zeros((60, 4).f());
    columns.assign(&x);
    for algorithm in ALGORITHMS {
        let params = NearestNeighbors::params().algorithm(algorithm);
        assert_eq!(params.fit(&columns).unwrap().k_neighbors(&columns, 3).unwrap(), expected);
        assert_eq!(params.fit(&x.clone()).unwrap().into_owned().k_neighbors(&x, 3).unwrap(), expected);
        let single = x.mapv(|x| x as f32);
        assert_eq!(params.fit(&single).unwrap().k_neighbors(&single, 3).unwrap(), expected);
        let twice = ndarray::concatenate![ndarray::Axis(1), x, x];
        assert_eq!(params.fit(&twice.slice(s![.., 4..])).unwrap().k_neighbors(&x, 3).unwrap(), expected);
    }
}

#[test]
fn bad_input_is_refused_with_its_name() {
    let x = array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]];
    for algorithm in ALGORITHMS {
        let params = NearestNeighbors::params().algorithm(algorithm);
        let samples = params.fit(&x).unwrap();
        assert_eq!(samples.algorithm(), algorithm);
        let named = |error: Error, name: &str| {
            assert!(
                matches!(&error, Error::InvalidParameter { parameter, .. } if *parameter == name),
                "{error}"
            );
        };
        named(samples.k_neighbors(&x, 0).unwrap_err(), "k");
        named(samples.k_neighbors(&x, 4).unwrap_err(), "k");
        named(samples.k_neighbors_of_samples(3).unwrap_err(), "k");
        named(samples.within_radius(&x, f64::NAN).unwrap_err(), "radius");
        named(samples.within_radius_of_samples(-1.0).unwrap_err(), "radius");
        named(params.leaf_size(0).fit(&x).unwrap_err(), "leaf_size");
        assert_eq!(
            samples.k_neighbors(&array![[1.0]], 1),
            Err(Error::FeatureMismatch { argument: "queries", found: 1, expected: 2 })
        );
        let bad = array![[0.0, 0.0], [0.0, f64::NAN]];
        let place = |argument| lapwing_lapack::Error::NonFinite { argument, row: 1, col: 1 }.into();
        assert_eq!(samples.k_neighbors(&bad, 1), Err(place("queries")));
        assert_eq!(params.fit(&bad).unwrap_err(), place("x"));
        assert!(matches!(
            params.fit(&Array2::<f64>::zeros((0, 2))),
            Err(Error::TooFewSamples { found: 0, .. })
        ));
        assert!(matches!(
            params.fit(&Array2::<f64>::zeros((2, 0))),
            Err(Error::NoFeatures { argument: "x" })
        ));

        let one = array![[7.0]];
        let alone = params.fit(&one).unwrap();
        assert_eq!(alone.k_neighbors(&array![[9.0]], 1).unwrap().distances, array![[2.0]]);
        named(alone.k_neighbors_of_samples(1).unwrap_err(), "k");
        assert_eq!(alone.k_neighbors(&Array2::<f64>::zeros((0, 1)), 1).unwrap().indices.dim(), (0, 1));
    }
    let auto = |p| NearestNeighbors::params().fit(&Array2::<f64>::zeros((2, p))).unwrap().algorithm();
    assert_eq!((auto(15), auto(16)), (NeighborAlgorithm::KdTree, NeighborAlgorithm::Brute));
}
