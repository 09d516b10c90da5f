use lapwing_iterative::sprs::{CsMat, TriMat};
use ndarray::{Array1, Array2, array, s};

use super::*;

/// Values whose sums and squares are exact in binary, with mean 3 and variance 3.5 in each column.
fn exact(offset: f64) -> Array2<f64> {
    Array2::from_shape_fn((4, 2), |(i, j)| offset + [1.0, 2.0, 3.0, 6.0][(i + j) % 4])
}

#[test]
fn an_offset_changes_no_digit_of_the_scores() {
    let scores = StandardScaler::params().fit(&exact(0.0)).unwrap().transform(&exact(0.0)).unwrap();
    for offset in [1e8, -1e12] {
        let x = exact(offset);
        let scaler = StandardScaler::params().fit(&x).unwrap();
        assert_eq!(scaler.variance(), array![3.5, 3.5]);
        assert_eq!(scaler.transform(&x).unwrap(), scores);
        assert_eq!(scaler.inverse_transform(&scores).unwrap(), x);
    }
}

/// Equal values have no variance at all; values one last bit apart have none that is theirs; 1e-9 of the mean is data.
#[test]
fn constant_features_keep_their_unit_and_small_spreads_are_data() {
    let last_bit = f64::from_bits(0.1f64.to_bits() + 1);
    let mut x = Array2::from_elem((1000, 4), 0.1);
    x.column_mut(1).slice_mut(s![..;2]).fill(last_bit);
    x.column_mut(2).slice_mut(s![..;2]).fill(0.1 * (1.0 + 1e-9));
    x.column_mut(3).fill(0.0);
    let scaler = StandardScaler::params().fit(&x).unwrap();
    assert_eq!((scaler.scale()[0], scaler.scale()[1], scaler.scale()[3]), (1.0, 1.0, 1.0));
    assert!((scaler.scale()[2] / 0.5e-10 - 1.0).abs() < 1e-6);
    let scores = scaler.transform(&x).unwrap();
    assert!(scores.column(0).iter().all(|&score| score == 0.0));
    assert!(scores.column(2).iter().all(|score| (score.abs() - 1.0).abs() < 1e-6));
}

#[test]
fn weights_are_repetitions_and_blocks_are_the_whole() {
    let x = Array2::from_shape_fn((60, 3), |(i, j)| 1e6 + ((i * (j + 3) * 7) % 23) as f64);
    let weights = Array1::from_shape_fn(60, |i| (i % 3) as f64);
    let rows: Vec<usize> = (0..60).flat_map(|i| vec![i; i % 3]).collect();
    let repeated = x.select(ndarray::Axis(0), &rows);
    let weighted = StandardScaler::params().fit_weighted(&x, &weights).unwrap();
    let expected = StandardScaler::params().fit(&repeated).unwrap();
    let parts: Vec<_> = repeated
        .axis_chunks_iter(ndarray::Axis(0), 17)
        .map(|block| StandardScaler::params().fit(&block).unwrap())
        .collect();
    let merged = parts[1..].iter().fold(parts[0].clone(), |all, part| all.merged(part).unwrap());
    for found in [weighted, merged] {
        assert_eq!(found.n_samples_seen(), 60.0);
        for j in 0..3 {
            // 60 roundings of deviations; the means of blocks are rounded to 1e6 eps, of spreads around 7.
            let bound = 60.0 * f64::EPSILON * expected.variance()[j] + 1e6 * f64::EPSILON * 7.0;
            assert!((found.variance()[j] - expected.variance()[j]).abs() <= bound);
            assert!((found.mean()[j] - expected.mean()[j]).abs() <= 4e6 * f64::EPSILON);
        }
    }
}

#[test]
fn every_layout_and_both_scalars_give_the_same_scores() {
    let x = Array2::from_shape_fn((9, 4), |(i, j)| ((i * 5 + j * 3) % 7) as f64);
    let column_major = x.t().as_standard_layout().into_owned().reversed_axes();
    let strided = Array2::from_shape_fn((18, 8), |(i, j)| x[[i / 2, j / 2]]);
    let expected = StandardScaler::params().fit(&x).unwrap();
    let scores = expected.transform(&x).unwrap();
    for other in [column_major.view(), strided.slice(s![..;2, ..;2]), strided.slice(s![1..;2, 1..;2])] {
        let scaler = StandardScaler::params().fit(&other).unwrap();
        let difference = &scaler.transform(&other).unwrap() - &scores;
        assert!(difference.iter().all(|d| d.abs() <= 9.0 * f64::EPSILON * 3.0));
    }
    assert_eq!(expected.transform(&x.mapv(|x| x as f32)).unwrap(), scores.mapv(|score| score as f32));
}

#[test]
fn sparse_columns_are_scaled_and_not_centred() {
    let x = array![[1.0, 0.0, 0.0], [0.0, -4.0, 0.0], [3.0, 4.0, 0.0], [0.0, 0.0, 0.0]];
    let mut triplets = TriMat::new(x.dim());
    x.indexed_iter()
        .filter(|(_, value)| **value != 0.0)
        .for_each(|((i, j), &v)| triplets.add_triplet(i, j, v));
    let (csr, csc): (CsMat<f64>, CsMat<f64>) = (triplets.to_csr(), triplets.to_csc());
    let params = StandardScaler::params().centring(Centring::None);
    let expected = params.fit(&x).unwrap();
    assert_eq!(expected.scale(), array![1.5f64.sqrt(), 8f64.sqrt(), 1.0]);
    for sparse in [csr, csc] {
        let scaler = params.fit_sparse(&sparse).unwrap();
        assert_eq!(scaler, expected);
        assert_eq!(scaler.transform_sparse(&sparse).unwrap().to_dense(), expected.transform(&x).unwrap());
        let refused = StandardScaler::params().fit_sparse(&sparse);
        assert!(matches!(refused, Err(Error::InvalidParameter { parameter: "centring", .. })));
    }
}

#[test]
fn a_stored_scaler_is_the_same_and_a_damaged_one_is_refused() {
    let scaler = StandardScaler::params().fit(&exact(0.1)).unwrap();
    let text = serde_json::to_string(&scaler).unwrap();
    assert_eq!(serde_json::from_str::<StandardScaler>(&text).unwrap(), scaler);
    for (intact, damaged) in [
        ("lapwing.standard_scaler", "lapwing.pca"),
        ("\"version\":1", "\"version\":2"),
        ("\"variance\":[3.5", "\"variance\":[-3.5"),
        ("\"variance\":[3.5,", "\"variance\":["),
        ("\"n_samples_seen\":4.0", "\"n_samples_seen\":0.0"),
    ] {
        let changed = text.replace(intact, damaged);
        assert_ne!(changed, text, "{intact}");
        assert!(serde_json::from_str::<StandardScaler>(&changed).is_err(), "{damaged}");
    }
}

#[test]
fn what_cannot_be_scaled_is_refused() {
    let params = StandardScaler::params();
    let none = Array2::<f64>::zeros((0, 2));
    assert!(matches!(params.fit(&none), Err(Error::TooFewSamples { least: 1, .. })));
    assert!(matches!(params.fit(&Array2::<f64>::zeros((2, 0))), Err(Error::NoFeatures { .. })));
    let overflow =
        |error: Option<Error>| matches!(error, Some(Error::Lapack(lapwing_lapack::Error::Overflow { .. })));
    let large = array![[1e300], [-1e300]];
    assert!(
        overflow(params.fit(&large).err()) && overflow(params.fit_weighted(&large, &array![1.0, 1.0]).err())
    );
    let nan = lapwing_lapack::Error::NonFinite { argument: "x", row: 1, col: 0 };
    assert_eq!(params.fit(&array![[1.0], [f64::NAN]]).err(), Some(nan.into()));
    // The least of spreads has a square, and one below it has none; neither leads to a score that is no number.
    for spread in [1e-150f64, 1e-310] {
        let x = array![[spread], [-spread]];
        assert!(
            params.fit(&x).unwrap().transform(&x).unwrap().iter().all(|score| (-1.0..=1.0).contains(score))
        );
    }
    let one = params.fit(&array![[3.0, 4.0]]).unwrap();
    assert_eq!(one.transform(&array![[3.0, 5.0]]).unwrap(), array![[0.0, 1.0]]);
    assert!(matches!(
        one.transform(&array![[3.0]]),
        Err(Error::FeatureMismatch { argument: "x", found: 1, expected: 2 })
    ));
}
