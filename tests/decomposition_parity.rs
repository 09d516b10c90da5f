//! The decompositions beside PCA, next to scikit-learn's, option by option.
//!
//! `tests/parity/decomposition.json`, made by `decomposition.py`, holds the data and scikit-learn's answers. Each test
//! says how near a correct computation must come to them.

use std::collections::BTreeMap;

use lapwing::ml::sprs::{CsMat, TriMat};
use lapwing::{
    IncrementalMethod, IncrementalPca, Kernel, KernelPca, LikelihoodValidation, NComponents, Pca,
    TruncatedSvd, TruncatedSvdAlgorithm, Whitening, ZeroEigenvalues,
};
use ndarray::{Array1, Array2, ArrayRef2, s};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[path = "parity/reference.rs"]
mod reference;
use reference::{matrix, near, near_vector};

/// The rows that the reference answers for.
const HEAD: usize = 4;

fn section<T: DeserializeOwned>(name: &str) -> T {
    reference::section("decomposition.json", name)
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

#[derive(Deserialize)]
struct KernelSection {
    x: Vec<Vec<f64>>,
    new: Vec<Vec<f64>>,
    cases: Vec<KernelCase>,
}

#[derive(Deserialize)]
struct KernelCase {
    n_components: Option<usize>,
    kernel: Option<String>,
    degree: Option<u32>,
    gamma: Option<f64>,
    coef0: Option<f64>,
    alpha: Option<f64>,
    #[serde(default)]
    remove_zero_eig: bool,
    gamma_: f64,
    eigenvalues: Vec<f64>,
    /// Of the components that are apart from the next by a ten thousandth of the largest eigenvalue.
    eigenvectors: Vec<Vec<f64>>,
    transform: Vec<Vec<f64>>,
    dual_coef: Option<Vec<Vec<f64>>>,
    inverse_transform: Option<Vec<Vec<f64>>>,
}

impl KernelCase {
    fn kernel(&self) -> Kernel {
        let (gamma, coef0) = (self.gamma, self.coef0.unwrap_or(1.0));
        match self.kernel.as_deref() {
            None | Some("linear") => Kernel::Linear,
            Some("rbf") => Kernel::Rbf { gamma },
            Some("poly") => Kernel::Polynomial { degree: self.degree.unwrap_or(3), gamma, coef0 },
            Some("sigmoid") => Kernel::Sigmoid { gamma, coef0 },
            Some("cosine") => Kernel::Cosine,
            Some("precomputed") => Kernel::Precomputed,
            Some(other) => panic!("{other} is no kernel"),
        }
    }
}

/// The kernel matrix has order 40, and each of its values a few roundings: eigenvalues hold to 40 ε of the largest, vectors
/// to that over a gap of 1e-4, 1e-10, and scores, which are divided by the root of an eigenvalue above 1e-4 of the
/// largest, to a hundred times as much.
#[test]
fn kernel_pca_is_that_of_scikit_learn() {
    let reference: KernelSection = section("kernel_pca");
    let (x, new) = (matrix(&reference.x), matrix(&reference.new));
    assert_eq!(reference.cases.len(), 15);
    let values = |a: &Array2<f64>| {
        let products = a.dot(&x.t());
        products.mapv(|product| (1.0 + product).powi(2) + product)
    };
    for case in &reference.cases {
        let mut params = KernelPca::params().kernel(case.kernel()).alpha(case.alpha.unwrap_or(1.0));
        if let Some(count) = case.n_components {
            params = params.n_components(count);
        }
        if case.remove_zero_eig {
            params = params.zero_eigenvalues(ZeroEigenvalues::Remove);
        }
        if case.dual_coef.is_some() {
            params = params.fit_inverse_transform();
        }
        let precomputed = case.kernel() == Kernel::Precomputed;
        let (fit_on, applied_to) =
            if precomputed { (values(&x), values(&new)) } else { (x.clone(), new.clone()) };
        let (model, fitted) = params.fit_transform(&fit_on).expect("a positive semidefinite kernel");
        assert!((model.gamma() - case.gamma_).abs() <= f64::EPSILON);
        near_vector("eigenvalues", &model.eigenvalues(), &case.eigenvalues, 1e-13);
        let (vectors, scores) = (matrix(&case.eigenvectors), matrix(&case.transform));
        let kept = vectors.ncols();
        near("eigenvectors", &model.eigenvectors().slice(s![.., ..kept]), &vectors, 1e-10);
        let found = model.transform(&applied_to).expect("new rows");
        near("scores", &found.slice(s![.., ..kept]), &scores, 1e-8);
        let again = model.transform(&fit_on).expect("the data that were fitted");
        near("fitted scores", &again.slice(s![.., ..kept]), &fitted.slice(s![.., ..kept]), 1e-8);
        if let (Some(dual_coef), Some(restored)) = (&case.dual_coef, &case.inverse_transform) {
            near(
                "dual coefficients",
                &model.dual_coef().expect("they were fitted"),
                &matrix(dual_coef),
                1e-8,
            );
            let found = model.inverse_transform(&found).expect("the scores of these rows");
            near("restored rows", &found, &matrix(restored), 1e-8);
        }
    }
}

fn sparse(dense: &Array2<f64>) -> TriMat<f64> {
    let mut triplets = TriMat::new(dense.dim());
    for ((row, col), &value) in dense.indexed_iter().filter(|(_, value)| **value != 0.0) {
        triplets.add_triplet(row, col, value);
    }
    triplets
}

#[derive(Deserialize)]
struct TruncatedSection {
    sets: BTreeMap<String, Vec<Vec<f64>>>,
    cases: Vec<TruncatedCase>,
}

#[derive(Deserialize)]
struct TruncatedCase {
    n_components: usize,
    x: String,
    components: Vec<Vec<f64>>,
    explained_variance: Vec<f64>,
    explained_variance_ratio: Vec<f64>,
    singular_values: Vec<f64>,
    transform: Vec<Vec<f64>>,
    inverse_transform: Vec<Vec<f64>>,
}

/// With 60 power iterations, what the random block misses shrinks by (σ₁₅ / σ₄)¹²⁰, far below rounding; what remains is that
/// of two correct computations: 100 roundings over a relative gap of a hundredth.
#[test]
fn truncated_svd_is_that_of_scikit_learn() {
    let reference: TruncatedSection = section("truncated_svd");
    assert_eq!(reference.cases.len(), 6);
    for case in &reference.cases {
        let dense = matrix(&reference.sets[&case.x]);
        let (csr, csc): (CsMat<f64>, CsMat<f64>) = (sparse(&dense).to_csr(), sparse(&dense).to_csc());
        let params = TruncatedSvd::params().n_components(case.n_components).power_iterations(60);
        let lanczos = params.algorithm(TruncatedSvdAlgorithm::Lanczos);
        let fits = [
            params.fit_transform(&csr),
            params.fit_transform(&csc),
            params.fit_transform(&*dense),
            lanczos.fit_transform(&csr),
        ];
        for (svd, scores) in fits.map(|fit| fit.expect("a finite matrix")) {
            let bound = 1e-10;
            near("components", &svd.components(), &matrix(&case.components), bound);
            near_vector("variance", &svd.explained_variance(), &case.explained_variance, bound);
            near_vector("ratio", &svd.explained_variance_ratio(), &case.explained_variance_ratio, bound);
            near_vector("singular values", &svd.singular_values(), &case.singular_values, bound);
            let head = scores.slice(s![..HEAD, ..]);
            near("scores", &head, &matrix(&case.transform), bound);
            let restored = svd.inverse_transform(&head).expect("the scores of these rows");
            near("restored rows", &restored, &matrix(&case.inverse_transform), bound);
        }
    }
}

#[derive(Deserialize)]
struct SparsePcaSection {
    x: Vec<Vec<f64>>,
    cases: Vec<PcaModel>,
}

/// There are 12 features, so that two components and ten vectors more span the whole space, and five converge as above.
#[test]
fn pca_of_sparse_data_is_that_of_scikit_learn() {
    let reference: SparsePcaSection = section("sparse_pca");
    let x = matrix(&reference.x);
    let csr: CsMat<f64> = sparse(&x).to_csr();
    assert_eq!(reference.cases.len(), 4);
    for case in &reference.cases {
        let params = Pca::params().n_components(case.n_components()).whitening(case.whitening());
        let pca = params.power_iterations(60).fit_sparse(&csr).expect("a finite matrix");
        case.is_that_of(&pca, &x, 1e-10);
        let scores = pca.transform_sparse(&csr).expect("the data that were fitted");
        near("scores", &scores.slice(s![..HEAD, ..]), &matrix(&case.transform), 1e-10);
    }
}

#[derive(Deserialize)]
struct ValidationSection {
    x: Vec<Vec<f64>>,
    cases: Vec<ValidationCase>,
}

#[derive(Deserialize)]
struct ValidationCase {
    n_components: usize,
    folds: usize,
    scores: Vec<f64>,
}

/// The variances hold to 50 · 6 roundings of the largest, which is thirty times the smallest: relative errors of 2e-12 in
/// the terms of a log-density.
#[test]
fn cross_validated_likelihoods_are_those_of_scikit_learn() {
    let reference: ValidationSection = section("likelihood_validation");
    let x = matrix(&reference.x);
    assert_eq!(reference.cases.len(), 12);
    for case in &reference.cases {
        let params = LikelihoodValidation::params().folds(case.folds);
        let validation = params.fit(&x, &[case.n_components]).expect("enough rows");
        near_vector("likelihoods", &validation.scores().row(0), &case.scores, 2e-12);
    }
}
