//! Ridge regressions next to scikit-learn's, option by option.
//!
//! `ridge.json`, made by `ridge.py`, holds the data and scikit-learn's answers. The equations' condition numbers are at most
//! 1e6, at the smallest penalty of wide data, and both sides' rounding, 1e-15, is multiplied by them: 1e-9. What iterates was
//! iterated on both sides until nothing moved.

use std::path::Path;

use lapwing::ml::linear_model::{
    BayesianRidge, CrossValidation, Intercept, PenaltyChoice, Ridge, RidgeCv, RidgeScoring, RidgeSolver,
};
use lapwing::ml::model_selection::KFold;
use lapwing::ml::sprs::{CsMat, TriMat};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};
use serde_json::Value;

const BOUND: f64 = 1e-8;

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/ridge.json");
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    serde_json::from_str(&text).expect("the reference is JSON")
}

fn numbers(value: &Value) -> Array1<f64> {
    let entries = value.as_array().expect("an array").iter();
    entries.map(|entry| entry.as_f64().expect("a number")).collect()
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Array1<f64>> = value.as_array().expect("an array").iter().map(numbers).collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

struct Case<'a> {
    fields: &'a Value,
    x: Array2<f64>,
    y: Array2<f64>,
    weights: Array1<f64>,
}

impl<'a> Case<'a> {
    fn of(document: &Value, fields: &'a Value) -> Self {
        let set = &document["sets"][fields["set"].as_str().expect("a name")];
        Self { fields, x: matrix(&set["x"]), y: matrix(&set["y"]), weights: numbers(&set["weights"]) }
    }

    fn intercept(&self) -> Intercept {
        if self.is("intercept") { Intercept::Fitted } else { Intercept::Zero }
    }

    fn is(&self, option: &str) -> bool {
        self.fields[option].as_bool().expect("a choice")
    }

    fn solver(&self) -> RidgeSolver {
        match self.fields["solver"].as_str() {
            Some("cholesky") => RidgeSolver::Cholesky,
            Some("svd") => RidgeSolver::Svd,
            Some("lsqr") => RidgeSolver::Lsqr,
            _ => RidgeSolver::ConjugateGradient,
        }
    }

    fn penalties(&self) -> Vec<f64> {
        match self.fields["alpha"].as_f64() {
            Some(alpha) => vec![alpha; 2],
            None => numbers(&self.fields["alpha"]).to_vec(),
        }
    }

    fn compare(&self, coefficients: ArrayView2<f64>, intercepts: ArrayView1<f64>) {
        let expected = matrix(&self.fields["coefficients"]);
        near(coefficients.iter(), &expected.into_iter().collect(), &self.name());
        near(intercepts.iter(), &numbers(&self.fields["intercepts"]), &self.name());
    }

    fn name(&self) -> String {
        let mut fields = self.fields.clone();
        for long in ["coefficients", "intercepts", "weights"] {
            fields[long].take();
        }
        fields.to_string()
    }
}

fn near<'a>(found: impl Iterator<Item = &'a f64>, expected: &Array1<f64>, name: &str) {
    let scale = expected.iter().fold(1e-3f64, |largest, x| largest.max(x.abs()));
    let found: Vec<f64> = found.copied().collect();
    assert_eq!(found.len(), expected.len(), "{name}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= BOUND * scale, "{name}: {found} is not {expected}");
    }
}

fn cases<'a>(document: &'a Value, section: &str) -> impl Iterator<Item = Case<'a>> {
    document[section].as_array().expect("cases").iter().map(|fields| Case::of(document, fields))
}

#[test]
fn every_solver_finds_the_coefficients_of_scikit_learn() {
    for case in cases(&document(), "ridge") {
        let params = Ridge::params().penalties(&case.penalties()).solver(case.solver());
        let params = params.intercept(case.intercept()).tolerance(1e-14).max_iterations(100_000);
        let model = if case.is("weighted") {
            params.fit_weighted(&case.x, &case.y, &case.weights)
        } else {
            params.fit(&case.x, &case.y)
        };
        let model = model.unwrap_or_else(|error| panic!("{}: {error}", case.name()));
        case.compare(model.coefficients(), model.intercept());
    }
}

#[test]
fn sparse_data_has_the_coefficients_of_scikit_learn() {
    for case in cases(&document(), "sparse_ridge") {
        let mut triplets = TriMat::new(case.x.dim());
        case.x
            .indexed_iter()
            .filter(|(_, x)| **x != 0.0)
            .for_each(|((i, j), &x)| triplets.add_triplet(i, j, x));
        let x: CsMat<f64> = triplets.to_csr();
        let params = Ridge::params().penalties(&case.penalties()).solver(case.solver());
        let params = params.intercept(case.intercept()).tolerance(1e-14).max_iterations(100_000);
        let model = if case.is("weighted") {
            params.fit_sparse_weighted(&x, &case.y, &case.weights)
        } else {
            params.fit_sparse(&x, &case.y)
        };
        let model = model.unwrap_or_else(|error| panic!("{}: {error}", case.name()));
        case.compare(model.coefficients(), model.intercept());
    }
}

#[test]
fn the_penalty_and_its_score_are_those_of_scikit_learn() {
    for case in cases(&document(), "ridge_cv") {
        let scoring = match case.fields["scoring"].as_str() {
            Some("r2") => RidgeScoring::R2,
            _ => RidgeScoring::MeanSquaredError,
        };
        let mut params =
            RidgeCv::params().alphas(&[0.01, 0.3, 2.0, 40.0]).scoring(scoring).intercept(case.intercept());
        if case.is("per_target") {
            params = params.penalty_choice(PenaltyChoice::PerTarget);
        }
        if let Some(folds @ 1..) = case.fields["folds"].as_u64() {
            params = params.cross_validation(CrossValidation::Folds(KFold::new(folds as usize)));
        }
        let model = if case.fields["weights"].is_null() {
            params.fit(&case.x, &case.y)
        } else {
            params.fit_weighted(&case.x, &case.y, &numbers(&case.fields["weights"]))
        };
        let model = model.unwrap_or_else(|error| panic!("{}: {error}", case.name()));
        assert_eq!(model.alpha(), numbers(&case.fields["alpha"]), "{}", case.name());
        let score = case.fields["best_score"].as_f64().expect("a number");
        near([model.best_score()].iter(), &Array1::from_elem(1, score), &case.name());
        case.compare(model.coefficients(), model.intercept());
    }
}

#[test]
fn the_evidence_is_weighed_as_by_scikit_learn() {
    let document = document();
    for section in document["bayesian_ridge"].as_array().expect("sets") {
        for fields in section["cases"].as_array().expect("cases") {
            let case = Case::of(&document, fields);
            let mut params =
                BayesianRidge::params().max_iterations(7).tolerance(0.0).intercept(case.intercept());
            let option = |name: &str| fields["options"][name].as_f64();
            if let (Some(shape), Some(rate)) = (option("alpha_1"), option("alpha_2")) {
                params = params.noise_prior(shape, rate);
            }
            if let (Some(shape), Some(rate)) = (option("lambda_1"), option("lambda_2")) {
                params = params.coefficient_prior(shape, rate);
            }
            if let (Some(alpha), Some(lambda)) = (option("alpha_init"), option("lambda_init")) {
                params = params.alpha_init(alpha).lambda_init(lambda);
            }
            let y = case.y.column(0);
            let model = if case.is("weighted") {
                params.fit_weighted(&case.x, &y, &case.weights)
            } else {
                params.fit(&case.x, &y)
            };
            let model = model.unwrap_or_else(|error| panic!("{}: {error}", case.name()));
            near(model.coefficients().iter(), &numbers(&fields["coefficients"]), "coefficients");
            for (found, field) in [(model.alpha(), "alpha"), (model.lambda(), "lambda")] {
                let expected = fields[field].as_f64().expect("a number");
                assert!((found - expected).abs() <= BOUND * expected, "{field}: {found} is not {expected}");
            }
            near(model.sigma().diag().iter(), &numbers(&fields["sigma_diagonal"]), "sigma");
            // But for the last, for which scikit-learn takes the coefficients of the iteration before. Where nothing moves any
            // more, rounding decides which iteration is the last.
            let (found, expected) = (model.scores(), numbers(&fields["scores"]));
            assert!(found.len().min(expected.len()) >= 6);
            let last = found.len().min(expected.len()) - 1;
            near(found.iter().take(last), &expected.slice(s![..last]).to_owned(), "scores");
            let (mean, deviation) = model.predict_with_deviation(&case.x.slice(s![..4, ..])).expect("finite");
            near(mean.iter(), &numbers(&fields["mean"]), "mean");
            near(deviation.iter(), &numbers(&fields["deviation"]), "deviation");
        }
        let case = Case::of(&document, section);
        let model = BayesianRidge::params().fit(&case.x, &case.y.column(0)).expect("a fit");
        assert_eq!(Some(model.iterations() as u64), section["default_iterations"].as_u64());
        near(model.coefficients().iter(), &numbers(&section["default_coefficients"]), "defaults");
    }
}
