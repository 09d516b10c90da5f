//! The decompositions beside PCA, next to scikit-learn's, option by option.
//!
//! `tests/parity/decomposition.json`, made by `decomposition.py`, holds the data and scikit-learn's answers. Each test
//! says how near a correct computation must come to them.

use std::path::Path;

use lapwing::{IncrementalMethod, IncrementalPca, NComponents, Pca, Whitening};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, s};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The rows that the reference answers for.
const HEAD: usize = 4;

fn section<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/decomposition.json");
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    let mut document: Value = serde_json::from_str(&text).expect("the reference is JSON");
    serde_json::from_value(document[name].take()).expect("the section has the fields that are read")
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    let cols = rows.first().map_or(0, Vec::len);
    Array2::from_shape_fn((rows.len(), cols), |(i, j)| rows[i][j])
}

/// That no entry differs by more than `bound` times the largest of the expected ones.
fn near(what: &str, found: &ArrayRef2<f64>, expected: &ArrayRef2<f64>, bound: f64) {
    assert_eq!(found.dim(), expected.dim(), "{what}");
    let scale = expected.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    for ((place, found), expected) in found.indexed_iter().zip(expected) {
        let difference = (found - expected).abs();
        assert!(
            difference <= bound * scale,
            "{what} {place:?}: {found} is {difference:e} from {expected}, over {bound:e} of {scale}"
        );
    }
}

fn near_vector(what: &str, found: &ArrayRef1<f64>, expected: &[f64], bound: f64) {
    let row = |values: &[f64]| Array2::from_shape_fn((1, values.len()), |(_, j)| values[j]);
    near(what, &row(&found.to_vec()), &row(expected), bound);
}

/// The answers of a fitted PCA.
#[derive(Deserialize)]
struct PcaModel {
    n_components: Value,
    #[serde(default)]
    batch_size: Option<usize>,
    whiten: bool,
    mean: Vec<f64>,
    components: Vec<Vec<f64>>,
    explained_variance: Vec<f64>,
    explained_variance_ratio: Vec<f64>,
    singular_values: Vec<f64>,
    noise_variance: f64,
    transform: Vec<Vec<f64>>,
    inverse_transform: Vec<Vec<f64>>,
    covariance: Option<Vec<Vec<f64>>>,
}

impl PcaModel {
    fn n_components(&self) -> NComponents {
        match &self.n_components {
            Value::Null => NComponents::All,
            Value::String(_) => NComponents::Mle,
            Value::Number(number) => match number.as_u64() {
                Some(count) => NComponents::Count(count as usize),
                None => NComponents::Variance(number.as_f64().expect("a share")),
            },
            other => panic!("{other} is no number of components"),
        }
    }

    fn whitening(&self) -> Whitening {
        if self.whiten { Whitening::UnitVariance } else { Whitening::None }
    }

    /// Each answer is compared in units of its largest entry.
    fn is_that_of(&self, pca: &Pca<f64>, x: &ArrayRef2<f64>, bound: f64) {
        let scores = pca.transform(&x.slice(s![..HEAD, ..])).expect("rows of the data");
        near_vector("mean", &pca.mean(), &self.mean, bound);
        near("components", &pca.components(), &matrix(&self.components), bound);
        near_vector("explained variance", &pca.explained_variance(), &self.explained_variance, bound);
        near_vector("ratio", &pca.explained_variance_ratio(), &self.explained_variance_ratio, bound);
        near_vector("singular values", &pca.singular_values(), &self.singular_values, bound);
        near_vector("noise", &Array1::from_elem(1, pca.noise_variance()), &[self.noise_variance], bound);
        near("scores", &scores, &matrix(&self.transform), bound);
        let restored = pca.inverse_transform(&scores).expect("the scores of these rows");
        near("restored rows", &restored, &matrix(&self.inverse_transform), bound);
        if let Some(expected) = &self.covariance {
            near("covariance", &pca.covariance().expect("a covariance"), &matrix(expected), bound);
        }
    }
}

#[derive(Deserialize)]
struct IncrementalSection {
    x: Vec<Vec<f64>>,
    low_rank: Vec<PcaModel>,
    exact: Vec<PcaModel>,
}

/// Ten updates of at most 100 rows and 7 columns, each to 100 · 7 roundings of the largest singular value; the smallest
/// gap between neighbouring variances is a thousandth of the largest: 10 · 700 · 1.1e-16 · 1000 < 1e-9.
const INCREMENTAL_BOUND: f64 = 1e-9;

#[test]
fn the_low_rank_method_is_incremental_pca_of_scikit_learn() {
    let reference: IncrementalSection = section("incremental_pca");
    let x = matrix(&reference.x);
    assert_eq!(reference.low_rank.len(), 8);
    for case in &reference.low_rank {
        let mut params = IncrementalPca::params()
            .n_components(case.n_components())
            .whitening(case.whitening())
            .method(IncrementalMethod::LowRank);
        if let Some(rows) = case.batch_size {
            params = params.batch_rows(rows);
        }
        let incremental = params.fit(&x).expect("blocks of enough rows");
        case.is_that_of(&incremental.to_pca().expect("enough rows"), &x, INCREMENTAL_BOUND);
    }
}

/// Whatever the blocks: the result is that of all rows at once.
#[test]
fn the_exact_method_is_pca_of_scikit_learn() {
    let reference: IncrementalSection = section("incremental_pca");
    let x = matrix(&reference.x);
    for case in &reference.exact {
        for rows in [1, 10, 33, 95] {
            let params = IncrementalPca::params()
                .n_components(case.n_components())
                .whitening(case.whitening())
                .batch_rows(rows);
            let incremental = params.fit(&x).expect("finite rows");
            assert_eq!(incremental.method(), IncrementalMethod::Exact);
            case.is_that_of(&incremental.to_pca().expect("enough rows"), &x, INCREMENTAL_BOUND);
        }
    }
}
