//! What incremental PCA promises, whatever the blocks: the model of all rows, errors that change nothing, and a state
//! that can be stored. Agreement with scikit-learn is tested for the whole workspace.

use lapwing_lapack::random::standard_normal;
use lapwing_ml::{
    BlocksError, Error, IncrementalMethod, IncrementalPca, NComponents, Pca, PcaSolver, Whitening,
};
use ndarray::{Array2, ArrayView2, Axis, array, s};
use ndarray_npy::{ViewNpyExt, WriteNpyExt};
use proptest::prelude::*;

/// Columns of different spread, correlated with their neighbours, far from the origin.
fn data(rows: usize, features: usize, offset: f64) -> Array2<f64> {
    let mut x = standard_normal(rows, features, 7);
    for mut row in x.outer_iter_mut() {
        for j in 0..features {
            row[j] = row[j] * (1 + j) as f64 + if j > 0 { 0.5 * row[j - 1] } else { 0.0 };
        }
    }
    x + offset
}

fn fed<T: lapwing_lapack::Scalar>(x: ArrayView2<T>, rows: usize) -> IncrementalPca<T> {
    let mut incremental = IncrementalPca::params().start();
    x.axis_chunks_iter(Axis(0), rows).for_each(|block| incremental.partial_fit(&block).unwrap());
    incremental
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The update of Chan, Golub and LeVeque is exact up to about n roundings, wherever the data lies and however it is
    /// cut, laid out and merged; eigenvalues move by no more than the covariance does.
    #[test]
    fn blocks_do_not_matter(
        rows in 2usize..300, features in 1usize..9, height in 1usize..120, cut in 0usize..300, far: bool, columns: bool
    ) {
        let x = data(rows, features, if far { 1e6 } else { 0.0 });
        let whole = Pca::params().solver(PcaSolver::CovarianceEigh).fit(&x).unwrap();
        let layout = if columns { x.t().as_standard_layout().into_owned().reversed_axes() } else { x.clone() };
        let cut = cut.min(rows);
        let mut incremental = fed(layout.slice(s![..cut, ..]), height);
        let other = fed(layout.slice(s![cut.., ..]), height + 3);
        incremental.merge(&other).unwrap();
        prop_assert_eq!(incremental.n_samples(), rows);
        let pca = incremental.to_pca().unwrap();
        let bound = 20.0 * (rows * features) as f64 * f64::EPSILON * whole.explained_variance()[0];
        for (found, expected) in pca.explained_variance().iter().zip(whole.explained_variance()) {
            prop_assert!((found - expected).abs() <= bound);
        }
        let scale = if far { 1e6 } else { 10.0 };
        for (found, expected) in pca.mean().iter().zip(whole.mean()) {
            prop_assert!((found - expected).abs() <= 20.0 * f64::EPSILON * scale);
        }
        // The certificate is computed from the data: the components are those of its covariance.
        prop_assert!(pca.certificate(&x).unwrap().holds());
    }
}

/// The bytes of a file, as a map of it has them, are analysed where they are.
#[test]
fn a_view_of_a_file_is_as_good_as_an_array() {
    let x = data(500, 6, 3.0);
    let mut file = Vec::new();
    x.write_npy(&mut file).unwrap();
    let mapped = ArrayView2::<f64>::view_npy(&file).unwrap();
    let params = IncrementalPca::params().batch_rows(70);
    let (of_file, of_array) = (params.fit(&mapped).unwrap(), params.fit(&x).unwrap());
    let variances = |fit: &IncrementalPca<f64>| fit.to_pca().unwrap().explained_variance().to_owned();
    assert_eq!(variances(&of_file), variances(&of_array));
}

/// The defect is a sum over rows: the blocks change it by rounding alone. A model of other rows is found out, too.
#[test]
fn a_certificate_in_blocks_is_that_of_all_rows() {
    let x = data(500, 6, 1e3);
    let pca = fed(x.view(), 77).to_pca().unwrap();
    let in_blocks = |rows: ArrayView2<f64>, height: usize| {
        let mut certificate = pca.running_certificate().unwrap();
        rows.axis_chunks_iter(Axis(0), height).for_each(|block| certificate.add_rows(&block).unwrap());
        certificate.finish().unwrap()
    };
    let whole = pca.certificate(&x).unwrap();
    for height in [1, 33, 500] {
        let found = in_blocks(x.view(), height);
        assert!(found.holds(), "{height}: {found:?}");
        for (found, expected) in found.ratios().iter().zip(whole.ratios()) {
            // In units of n roundings of the norm; each sum of n products errs by that at the most, in each of p rows.
            assert!((found.value - expected.value).abs() <= 2.0 * 6.0, "{height}: {found:?} {expected:?}");
        }
    }
    assert!(!in_blocks(x.slice(s![..250, ..]), 50).holds());
    let mut certificate = pca.running_certificate().unwrap();
    let narrow = certificate.add_rows(&Array2::zeros((3, 5)));
    assert_eq!(narrow, Err(Error::FeatureMismatch { argument: "block", found: 5, expected: 6 }));
}

/// Blocks of many rows are shared among the threads, blocks of few go to BLAS as they are.
#[test]
fn large_and_small_blocks_agree() {
    let x = data(9000, 40, 3.0);
    let (large, small) = (fed(x.view(), 9000).to_pca().unwrap(), fed(x.view(), 50).to_pca().unwrap());
    let bound = 20.0 * 9000.0 * f64::EPSILON * large.explained_variance()[0];
    let difference = &large.explained_variance() - &small.explained_variance();
    assert!(difference.iter().all(|d| d.abs() <= bound));
    assert!(small.certificate(&x).unwrap().holds());
}

/// Data of rank three loses nothing when four components are kept: both methods must then agree.
#[test]
fn the_low_rank_method_is_exact_where_nothing_is_dropped() {
    let x = standard_normal(80, 3, 1).dot(&standard_normal(3, 12, 2)) + 5.0;
    let whole = Pca::params().n_components(NComponents::Count(4)).solver(PcaSolver::Full).fit(&x).unwrap();
    let params =
        IncrementalPca::params().n_components(NComponents::Count(4)).method(IncrementalMethod::LowRank);
    let mut first = params.fit(&x.slice(s![..30, ..])).unwrap();
    let second = params.batch_rows(9).fit(&x.slice(s![30.., ..])).unwrap();
    first.merge(&second).unwrap();
    let pca = first.to_pca().unwrap();
    // A few updates, each to 100 roundings of the largest singular value.
    let bound = 1e-12 * whole.singular_values()[0];
    for (found, expected) in pca.singular_values().iter().zip(whole.singular_values()) {
        assert!((found - expected).abs() <= bound, "{found} {expected}");
    }
    assert!((pca.explained_variance_ratio().sum() - 1.0).abs() < 1e-12);
}

#[test]
fn single_precision_accumulates_in_double() {
    let x = data(3000, 4, 1e4).mapv(|x| x as f32);
    let exact = fed(x.mapv(f64::from).view(), 100).to_pca().unwrap();
    let found = fed(x.view(), 100).to_pca().unwrap();
    for (found, expected) in found.explained_variance().iter().zip(exact.explained_variance()) {
        assert!((f64::from(*found) - expected).abs() <= f64::from(f32::EPSILON) * expected);
    }
}

/// After an error, it is as if the block had not come: the stored state is the same text.
#[test]
fn an_error_changes_nothing() {
    let x = data(40, 3, 0.0);
    for method in [IncrementalMethod::Exact, IncrementalMethod::LowRank] {
        let params = IncrementalPca::params().method(method).n_components(NComponents::Count(2));
        let mut incremental = params.start();
        let mut bad = x.slice(s![..7, ..]).to_owned();
        bad[[4, 1]] = f64::NAN;
        let located = lapwing_lapack::Error::NonFinite { argument: "block", row: 4, col: 1 };
        let huge = array![[f64::MAX, 1.0, 1.0], [-f64::MAX, 2.0, 2.0]];
        let narrow = Array2::<f64>::zeros((3, 2));
        for fed_before in [false, true] {
            if fed_before {
                incremental.partial_fit(&x).unwrap();
            }
            let before = serde_json::to_string(&incremental).unwrap();
            assert_eq!(incremental.partial_fit(&bad), Err(located.clone().into()));
            assert!(matches!(
                incremental.partial_fit(&huge),
                Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
            ));
            if fed_before {
                let expected = Error::FeatureMismatch { argument: "block", found: 2, expected: 3 };
                assert_eq!(incremental.partial_fit(&narrow), Err(expected));
            }
            let nothing = Array2::zeros((5, 0));
            assert_eq!(incremental.partial_fit(&nothing), Err(Error::NoFeatures { argument: "block" }));
            incremental.partial_fit(&Array2::zeros((0, 3))).unwrap();
            assert_eq!(serde_json::to_string(&incremental).unwrap(), before);
        }
    }
}

#[test]
fn every_refusal_says_what_and_why() {
    let x = data(6, 4, 0.0);
    let low_rank = IncrementalPca::params().method(IncrementalMethod::LowRank);
    let too_few = low_rank.n_components(NComponents::Count(3)).start().partial_fit(&x.slice(s![..2, ..]));
    assert!(matches!(too_few, Err(Error::TooFewSamples { argument: "block", found: 2, least: 3, .. })));
    for params in [
        IncrementalPca::params().n_components(NComponents::Count(5)),
        IncrementalPca::params().n_components(NComponents::Variance(1.5)),
        low_rank.n_components(NComponents::Variance(0.9)),
        low_rank.n_components(NComponents::Mle),
    ] {
        let error = params.fit(&x).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter: "n_components", .. }), "{error}");
    }
    let error = IncrementalPca::params().batch_rows(0).fit(&x).unwrap_err();
    assert!(matches!(error, Error::InvalidParameter { parameter: "batch_rows", .. }));
    let single = IncrementalPca::params().fit(&x.slice(s![..1, ..])).unwrap();
    assert!(matches!(single.to_pca(), Err(Error::TooFewSamples { found: 1, least: 2, .. })));
    let none = IncrementalPca::params().start::<f32>();
    assert!(matches!(none.to_pca(), Err(Error::TooFewSamples { found: 0, .. })));
    assert_eq!((none.n_features(), none.mean(), none.n_samples()), (None, None, 0));
    // More components than rows so far is an error at the end only, as more rows may come.
    let short =
        IncrementalPca::params().n_components(NComponents::Count(4)).fit(&x.slice(s![..3, ..])).unwrap();
    assert!(matches!(short.to_pca(), Err(Error::InvalidParameter { .. })));
    let mut exact = IncrementalPca::params().fit(&x).unwrap();
    let others = low_rank.fit(&x).unwrap();
    let error = exact.merge(&others).unwrap_err();
    assert!(error.to_string().contains("low_rank"), "{error}");
    let mut empty = low_rank.n_components(NComponents::Count(2)).start();
    let error = empty.merge(&others).unwrap_err();
    assert!(matches!(error, Error::InvalidParameter { parameter: "n_components of other", .. }), "{error}");
    empty.merge(&low_rank.n_components(NComponents::Count(2)).fit(&x).unwrap()).unwrap();
    assert_eq!((empty.n_samples(), empty.to_pca().unwrap().n_components()), (6, 2));
    let narrow = IncrementalPca::params().fit(&x.slice(s![.., ..2])).unwrap();
    assert!(matches!(exact.merge(&narrow), Err(Error::FeatureMismatch { found: 2, expected: 4, .. })));
}

#[test]
fn a_row_is_counted_from_the_first_of_the_data() {
    let mut x = data(30, 2, 0.0);
    x[[17, 1]] = f64::INFINITY;
    let error = IncrementalPca::params().batch_rows(5).fit(&x).unwrap_err();
    assert_eq!(error, lapwing_lapack::Error::NonFinite { argument: "x", row: 17, col: 1 }.into());
}

#[test]
fn the_error_of_the_reader_passes_through() {
    let x = data(30, 2, 0.0);
    let read = |last: Result<Array2<f64>, std::num::ParseFloatError>| {
        IncrementalPca::params().fit_blocks([Ok(x.clone()), last])
    };
    let broken = "n/a".parse::<f64>().unwrap_err();
    assert_eq!(read(Err(broken.clone())).unwrap_err(), BlocksError::Reader(broken));
    let mut bad = x.clone();
    bad[[2, 0]] = f64::NAN;
    let error = read(Ok(bad)).unwrap_err();
    assert!(error.to_string().starts_with("block 1 (counted from 0), which begins with row 30"), "{error}");
    assert_eq!(read(Ok(x.clone())).unwrap().n_samples(), 60);
}

#[test]
fn a_stored_state_goes_on_where_it_stopped() {
    let x = data(50, 5, 2.0);
    for method in [IncrementalMethod::Exact, IncrementalMethod::LowRank] {
        let params = IncrementalPca::params()
            .method(method)
            .n_components(NComponents::Count(3))
            .whitening(Whitening::UnitVariance)
            .batch_rows(30);
        let incremental = params.fit(&x.slice(s![..30, ..])).unwrap();
        let text = serde_json::to_string(&incremental).unwrap();
        assert!(text.starts_with(r#"{"format":"lapwing.incremental_pca","version":1,"#));
        let mut restored: IncrementalPca<f64> = serde_json::from_str(&text).unwrap();
        restored.partial_fit(&x.slice(s![30.., ..])).unwrap();
        let pca = restored.to_pca().unwrap();
        assert_eq!((pca.whitening(), pca.n_samples(), pca.n_components()), (Whitening::UnitVariance, 50, 3));
        let whole = params.fit(&x).unwrap().to_pca().unwrap();
        let difference = &pca.components() - &whole.components();
        // n p roundings over the relative gap between the variances, which is above a tenth.
        assert!(difference.iter().all(|d| d.abs() < 250.0 * 10.0 * f64::EPSILON * 10.0));
        for (from, to, reason) in [
            ("incremental_pca\"", "pca\"", "model of incremental PCA"),
            ("\"version\":1", "\"version\":9", "format version 9"),
            ("\"n_samples\":30", "\"n_samples\":0", "no samples"),
            ("\"mean\":[", "\"mean\":[1.0,", "must have"),
        ] {
            let error = serde_json::from_str::<IncrementalPca<f64>>(&text.replace(from, to)).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}
