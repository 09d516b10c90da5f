//! The linear regressions of NIST's Statistical Reference Datasets, against their certified values: how many digits
//! each route gets right. `cargo test --test nist -- --nocapture` prints the tables.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lapwing::lapack::least_squares::{LeastSquares, Method, refined};
use lapwing::ml::{Intercept, LinearRegression, LinearRegressionSolver};
use ndarray::{Array1, Array2, ArrayView1, s};
use serde::Deserialize;

#[derive(Deserialize)]
struct Certified {
    degree: Option<usize>,
    intercept: bool,
    observations: usize,
    coefficients: Vec<String>,
    standard_errors: Vec<String>,
    residual_standard_deviation: String,
    r_squared: String,
}

struct Set {
    name: String,
    design: Array2<f64>,
    response: Array1<f64>,
    intercept: bool,
    coefficients: Vec<f64>,
    standard_errors: Vec<f64>,
    deviation: f64,
    r_squared: f64,
}

fn sets() -> Vec<Set> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nist");
    let read = |name: &str| fs::read_to_string(directory.join(name)).expect("the data lie in the repository");
    let certified: BTreeMap<String, Certified> =
        serde_json::from_str(&read("certified.json")).expect("the certified values are of this form");
    certified
        .into_iter()
        .map(|(name, certified)| set(&read(&format!("{name}.csv")), name, &certified))
        .collect()
}

fn set(data: &str, name: String, certified: &Certified) -> Set {
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let rows: Vec<Vec<f64>> =
        data.lines().skip(1).map(|line| line.split(',').map(number).collect()).collect();
    assert_eq!(rows.len(), certified.observations, "{name}");
    let predictors = |row: &[f64]| -> Vec<f64> {
        let constant = certified.intercept.then_some(1.0);
        match certified.degree {
            Some(degree) => constant.into_iter().chain((1..=degree).map(|k| power(row[1], k))).collect(),
            None => constant.into_iter().chain(row[1..].iter().copied()).collect(),
        }
    };
    let design: Vec<f64> = rows.iter().flat_map(|row| predictors(row)).collect();
    let columns = design.len() / rows.len();
    Set {
        name,
        design: Array2::from_shape_vec((rows.len(), columns), design).expect("the rows are of one length"),
        response: rows.iter().map(|row| row[0]).collect(),
        intercept: certified.intercept,
        coefficients: certified.coefficients.iter().map(|text| number(text)).collect(),
        standard_errors: certified.standard_errors.iter().map(|text| number(text)).collect(),
        deviation: number(&certified.residual_standard_deviation),
        r_squared: number(&certified.r_squared),
    }
}

/// `x` to the power `k`, rounded once: the product is carried as the sum of two numbers.
fn power(x: f64, k: usize) -> f64 {
    let (mut high, mut low) = (1.0f64, 0.0f64);
    for _ in 0..k {
        let product = high * x;
        let error = high.mul_add(x, -product) + low * x;
        high = product + error;
        low = error - (high - product);
    }
    high
}

/// The digits on which two numbers agree: −log₁₀ of the relative error, of the absolute one where zero is certified;
/// at most 16.
fn digits(found: f64, certified: f64) -> f64 {
    let error = (found - certified).abs() / if certified == 0.0 { 1.0 } else { certified.abs() };
    if error == 0.0 { 16.0 } else { (-error.log10()).clamp(0.0, 16.0) }
}

fn worst_coefficient(found: ArrayView1<f64>, set: &Set) -> f64 {
    assert_eq!(found.len(), set.coefficients.len());
    found
        .iter()
        .zip(&set.coefficients)
        .map(|(found, certified)| digits(*found, *certified))
        .fold(16.0, f64::min)
}

/// The residual standard deviation and R² from the length of the residual.
fn statistics(set: &Set, residual_norm: f64) -> (f64, f64) {
    let (rows, columns) = set.design.dim();
    let centre = if set.intercept { set.response.mean().expect("there are observations") } else { 0.0 };
    let total: f64 = set.response.iter().map(|y| (y - centre) * (y - centre)).sum();
    (residual_norm / ((rows - columns) as f64).sqrt(), 1.0 - residual_norm * residual_norm / total)
}

/// Digits that each coefficient must have: plain double precision, and refined.
///
/// Plain QR loses to the condition number κ of the equilibrated matrix, and to κ² where the residual is large: κ is
/// 20 for Pontius, 4·10⁴ for Longley, 2·10³ for Wampler and 5·10⁹ for Filip; the residual grows a hundredfold from
/// each of Wampler 3 to 5 to the next. Refined, what limits is the rounding of the data to double precision alone:
/// solved exactly from the rounded data, Filip has 7.6 digits and every other set at least 13.2.
fn required(name: &str) -> (f64, f64) {
    match name {
        "norris" | "pontius" | "noint1" | "noint2" | "longley" => (9.0, 12.5),
        "wampler1" | "wampler2" | "wampler3" => (8.5, 12.5),
        "wampler4" => (7.0, 12.5),
        "wampler5" => (5.5, 12.5),
        "filip" => (7.0, 7.0),
        _ => panic!("{name} is no set of this suite"),
    }
}

/// Digits that the residual standard deviation and R² must have, plain and refined.
///
/// The residual is `b − A x` with rounding errors of `A x`, whose terms cancel: they are a million times the residual
/// deviation for Filip, and at most a thousand times for the others. R² is one minus a part of its square, and in
/// Wampler 5 a small difference of large numbers: three digits fewer than 16.
fn required_statistics(name: &str, route: &str) -> (f64, f64) {
    match (name, route) {
        ("filip", "refined") => (9.0, 11.0),
        ("filip", _) => (7.5, 10.0),
        (_, "refined") => (13.0, 12.5),
        _ => (11.5, 12.5),
    }
}

/// A residual of exactly zero is certified for Wampler 1 and 2: what is found instead must be what rounding leaves of a
/// right-hand side, and, in what the refinement reports, of the data.
fn deviation_digits(set: &Set, found: f64) -> f64 {
    if set.deviation == 0.0 {
        let length = set.response.dot(&set.response).sqrt();
        digits(found / length, 0.0)
    } else {
        digits(found, set.deviation)
    }
}

/// LRE of the worst coefficient, and of both statistics, for one route.
struct Line {
    coefficients: f64,
    deviation: f64,
    r_squared: f64,
}

fn line(set: &Set, solution: ArrayView1<f64>, residual_norm: f64) -> Line {
    let (deviation, r_squared) = statistics(set, residual_norm);
    Line {
        coefficients: worst_coefficient(solution, set),
        deviation: deviation_digits(set, deviation),
        r_squared: digits(r_squared, set.r_squared),
    }
}

fn plain(set: &Set, method: Method) -> Line {
    let fit = LeastSquares::params().method(method).solve(&set.design, &set.response).expect(&set.name);
    assert_eq!(fit.rank(), set.coefficients.len(), "{}", set.name);
    line(set, fit.solution(), fit.residual_norms()[0])
}

#[test]
fn every_route_gets_the_certified_digits() {
    println!("| set | route | coefficients | deviation | R² |");
    println!("|---|---|---|---|---|");
    let sets = sets();
    assert_eq!(sets.len(), 11);
    for set in &sets {
        let fit = refined(&set.design, &set.response).expect(&set.name);
        let report = fit.refinements()[0];
        assert!(report.converged, "{}: {report:?}", set.name);
        let (of_plain, of_refined) = required(&set.name);
        let lines = [
            ("QR", of_plain, plain(set, Method::Qr)),
            ("complete orthogonal", of_plain, plain(set, Method::CompleteOrthogonal)),
            ("SVD", of_plain, plain(set, Method::Svd)),
            ("refined", of_refined, line(set, fit.solution(), fit.residual_norms()[0])),
        ];
        for (route, required, line) in lines {
            let Line { coefficients, deviation, r_squared } = line;
            println!("| {} | {route} | {coefficients:.1} | {deviation:.1} | {r_squared:.1} |", set.name);
            assert!(coefficients >= required, "{} {route}: {coefficients} digits of {required}", set.name);
            let (of_deviation, of_r_squared) = required_statistics(&set.name, route);
            assert!(deviation >= of_deviation, "{} {route}: deviation", set.name);
            assert!(r_squared >= of_r_squared, "{} {route}: R²", set.name);
        }
    }
}

/// Digits that each standard error must have, plain and refined.
///
/// It is the residual deviation, whose digits `required_statistics` has, times the length of a row of R⁻¹, which loses to
/// the condition number alone, and is not refined. A standard error of zero is certified for Wampler 1 and 2: what is found
/// instead is in proportion to the deviation that rounding leaves, beside coefficients of one.
fn required_errors(name: &str) -> (f64, f64) {
    match name {
        "filip" => (6.5, 6.5),
        "wampler1" | "wampler2" => (8.5, 10.0),
        "wampler3" | "wampler4" | "wampler5" | "longley" => (10.5, 11.0),
        _ => (11.5, 12.0),
    }
}

/// Cholesky must leave Filip, whose condition number squared is beyond double precision, to QR.
#[test]
fn a_linear_regression_gets_the_certified_digits_by_every_solver() {
    use LinearRegressionSolver::{Auto, Cholesky, Qr, Refined, Svd};
    println!("| set | solver | that ran | coefficients | standard errors | deviation | R² |");
    println!("|---|---|---|---|---|---|---|");
    for set in &sets() {
        let first = usize::from(set.intercept);
        let x = set.design.slice(s![.., first..]);
        let intercept = if set.intercept { Intercept::Fitted } else { Intercept::Zero };
        for solver in [Auto, Cholesky, Qr, Svd, Refined] {
            let params = LinearRegression::params().solver(solver).intercept(intercept);
            let model = params.fit(&x, &set.response).expect(&set.name);
            let summary = params.summarize(&x, &set.response).expect(&set.name);
            let mut found = model.coefficients().to_vec();
            if set.intercept {
                found.insert(0, model.intercept());
            }
            let coefficients = worst_coefficient(ArrayView1::from(&found), set);
            let pairs = summary.standard_errors().to_vec().into_iter().zip(&set.standard_errors);
            let errors = pairs.map(|(found, certified)| digits(found, *certified)).fold(16.0, f64::min);
            let deviation = deviation_digits(set, summary.residual_standard_deviation());
            let r_squared = digits(summary.r_squared(), set.r_squared);
            let ran = model.solver();
            println!(
                "| {} | `{solver}` | `{ran}` | {coefficients:.1} | {errors:.1} | {deviation:.1} | {r_squared:.1} |",
                set.name
            );
            assert_eq!(model.rank(), Some(found.len() - first), "{} {solver}", set.name);
            match solver {
                Auto => assert_eq!(ran, Qr, "{}", set.name),
                Cholesky => assert_eq!(ran, if set.name == "filip" { Qr } else { Cholesky }, "{}", set.name),
                _ => assert_eq!(ran, solver, "{}", set.name),
            }
            let pick = |(plain, of_refined): (f64, f64)| if solver == Refined { of_refined } else { plain };
            let route = if solver == Refined { "refined" } else { "plain" };
            let (of_deviation, of_r_squared) = required_statistics(&set.name, route);
            for (what, digits, required) in [
                ("coefficients", coefficients, pick(required(&set.name))),
                ("standard errors", errors, pick(required_errors(&set.name))),
                ("deviation", deviation, of_deviation),
                ("R²", r_squared, of_r_squared),
            ] {
                assert!(digits >= required, "{} {solver}: {what} {digits} of {required}", set.name);
            }
        }
    }
}
