//! The reference numbers of `pca.json`, and the fits that are held against them.

pub(crate) mod bounds;

use std::collections::BTreeMap;
use std::path::Path;

use lapwing::{NComponents, Pca, PcaSolver, Whitening};
use ndarray::{Array1, Array2};
use serde::Deserialize;

/// The deterministic solvers; each case is fitted with every one of them.
pub(crate) const SOLVERS: [PcaSolver; 3] = [PcaSolver::Full, PcaSolver::CovarianceEigh, PcaSolver::Auto];

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) datasets: BTreeMap<String, DataSet>,
    pub(crate) cases: Vec<Case>,
}

/// A data set by its file among the examples, or with its rows in the reference itself.
#[derive(Deserialize)]
pub(crate) struct DataSet {
    csv: Option<String>,
    label: Option<String>,
    rows: Option<Vec<Vec<f64>>>,
    pub(crate) rank: usize,
    /// Of the covariance matrix, all of them, largest first.
    pub(crate) eigenvalues: Vec<f64>,
}

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) dataset: String,
    n_components: Option<Requested>,
    pub(crate) refused: Option<String>,
    #[serde(flatten)]
    model: Option<Model>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Requested {
    Count(usize),
    Share(f64),
    Name(String),
}

/// What a fit must answer. Absent fields are undefined: a singular covariance has no density.
#[derive(Deserialize)]
pub(crate) struct Model {
    pub(crate) solver_run: BTreeMap<String, String>,
    pub(crate) n_components_: usize,
    pub(crate) mean: Vec<f64>,
    /// Only those with a variance above zero; the others are an arbitrary basis.
    pub(crate) components: Option<Vec<Vec<f64>>>,
    pub(crate) explained_variance: Vec<f64>,
    pub(crate) explained_variance_ratio: Vec<f64>,
    pub(crate) singular_values: Vec<f64>,
    pub(crate) noise_variance: f64,
    pub(crate) transform: Vec<Vec<f64>>,
    pub(crate) transform_whitened: Vec<Vec<f64>>,
    pub(crate) inverse_transform: Vec<Vec<f64>>,
    pub(crate) score_samples: Option<Vec<f64>>,
    pub(crate) score: Option<f64>,
    pub(crate) covariance: Option<Vec<Vec<f64>>>,
    pub(crate) precision: Option<Vec<Vec<f64>>>,
}

impl Reference {
    pub(crate) fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/pca.json");
        let text = std::fs::read_to_string(&path).expect("the reference is checked in");
        serde_json::from_str(&text).expect("the reference is what make_pca_reference.py writes")
    }
}

impl DataSet {
    pub(crate) fn matrix(&self) -> Array2<f64> {
        let rows = match (&self.rows, &self.csv) {
            (Some(rows), _) => rows.clone(),
            (None, Some(csv)) => read_csv(csv, self.label.as_deref()),
            (None, None) => panic!("a data set has rows or a file"),
        };
        to_matrix(&rows)
    }
}

pub(crate) fn to_matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    Array2::from_shape_vec((rows.len(), columns), rows.concat()).expect("rows have one length")
}

/// The numeric columns of an example data set, without its label.
fn read_csv(name: &str, label: Option<&str>) -> Vec<Vec<f64>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name);
    let text = std::fs::read_to_string(path).expect("the example data are checked in");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let features = |line: &str| {
        let fields = header.iter().zip(line.split(',')).filter(|(name, _)| Some(**name) != label);
        fields.map(|(_, field)| field.trim().parse().expect("a number")).collect()
    };
    lines.map(features).collect()
}

impl Case {
    pub(crate) fn request(&self) -> NComponents {
        match &self.n_components {
            None => NComponents::All,
            Some(Requested::Count(count)) => NComponents::Count(*count),
            Some(Requested::Share(share)) => NComponents::Variance(*share),
            Some(Requested::Name(name)) => {
                assert_eq!(name, "mle");
                NComponents::Mle
            }
        }
    }

    pub(crate) fn model(&self) -> Option<&Model> {
        assert!(self.model.is_some() != self.refused.is_some(), "{}: a model or a refusal", self.dataset);
        self.model.as_ref()
    }
}

/// One fit beside the numbers it is held against.
pub(crate) struct Comparison<'a> {
    pub(crate) model: &'a Model,
    pub(crate) data: &'a DataSet,
    pub(crate) x: &'a Array2<f64>,
    pub(crate) pca: &'a Pca<f64>,
    pub(crate) bounds: bounds::Bounds<'a>,
    title: String,
    failures: &'a mut Vec<String>,
}

impl Comparison<'_> {
    /// Notes a difference that is larger than `bound`, or not a number.
    pub(crate) fn near(&mut self, what: &str, found: f64, expected: f64, bound: f64) {
        let difference = (found - expected).abs();
        if difference.is_nan() || difference > bound {
            let title = &self.title;
            self.failures.push(format!(
                "{title}: {what} is {found:e}, not {expected:e}: {difference:.1e} apart, bound {bound:.1e}"
            ));
        }
    }

    /// Notes a vector whose distance from the expected one is larger than `bound`.
    pub(crate) fn near_vector(&mut self, what: &str, found: &Array1<f64>, expected: &[f64], bound: f64) {
        assert_eq!(found.len(), expected.len(), "{}: length of {what}", self.title);
        self.near(what, norm(found.iter().zip(expected).map(|(a, b)| a - b)), 0.0, bound);
    }
}

/// The Euclidean norm, of numbers as small as 1e-300 too.
pub(crate) fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::hypot)
}

/// Fits every case with every solver and calls `check`; fails with all differences at once.
pub(crate) fn each_fit(whitening: Whitening, check: impl Fn(&mut Comparison<'_>)) {
    let reference = Reference::read();
    let mut failures = Vec::new();
    for case in &reference.cases {
        let Some(model) = case.model() else { continue };
        let data = &reference.datasets[&case.dataset];
        let x = data.matrix();
        for solver in SOLVERS {
            let title = format!("{}, {:?}, {solver}", case.dataset, case.request());
            let params = Pca::params().n_components(case.request()).solver(solver).whitening(whitening);
            let pca = match params.fit(&x) {
                Ok(pca) => pca,
                Err(error) => {
                    failures.push(format!("{title}: {error}"));
                    continue;
                }
            };
            // With another number of components nothing else is comparable.
            if pca.n_components() != model.n_components_ {
                let found = pca.n_components();
                failures.push(format!("{title}: {found} components, not {}", model.n_components_));
                continue;
            }
            let bounds = bounds::Bounds::new(data, model, x.nrows(), pca.solver());
            let failures = &mut failures;
            check(&mut Comparison { model, data, x: &x, pca: &pca, bounds, title, failures });
        }
    }
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}
