//! The command line from end to end, as a person or a script meets it.

#[path = "../../../../fuzz/changes.rs"]
mod changes;
mod cluster;
mod desk;
mod eig;
mod fuzzed_files;
mod mahalanobis;
mod parquet;
mod refusals;
mod regression;
mod streaming;
mod svd;

use desk::{Desk, data, list, numbers};
use ndarray::{Array2, ShapeBuilder, array};
use ndarray_npy::ReadNpyExt;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::process::Stdio;

/// Half the distance from 1 to the next number: the unit of LAPACK's test ratios.
const UNIT_ROUNDOFF: f64 = f64::EPSILON / 2.0;

#[test]
fn iris_has_the_shares_that_the_literature_gives() {
    let report = Desk::new().json(&["pca", &data("iris.csv"), "--label", "species"]);
    let shares = list(&report["explained_variance_ratio"]);
    // Printed to eight digits in scikit-learn's documentation of this data set, so that half a unit of
    // the last is the bound.
    for (share, printed) in shares.iter().zip([0.92461872, 0.05306648, 0.01710261, 0.00521218]) {
        assert!((share - printed).abs() <= 0.5e-8, "{share} {printed}");
    }
}

#[test]
fn json_has_exactly_the_promised_keys_and_shapes() {
    let desk = Desk::new();
    let digits = data("digits.csv");
    let report = desk.json(&["pca", &digits, "--label", "digit", "--components", "5", "--threads", "1"]);
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    let mut expected = vec![
        "n_samples",
        "n_features",
        "n_components",
        "solver",
        "mean",
        "components",
        "explained_variance",
        "explained_variance_ratio",
        "singular_values",
        "noise_variance",
        "seconds",
        "threads",
        "backend",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(report["n_samples"], 1797);
    assert_eq!(report["n_features"], 64);
    assert_eq!(report["n_components"], 5);
    assert_eq!(report["threads"], 1);
    assert_eq!(list(&report["mean"]).len(), 64);
    let components = report["components"].as_array().unwrap();
    assert_eq!((components.len(), list(&components[0]).len()), (5, 64));

    let report = desk.json(&["pca", &digits, "--label", "digit", "--verify"]);
    assert_eq!(report.as_object().unwrap().len(), expected.len() + 1);
    let certificate = report["certificate"].as_array().unwrap();
    assert!(!certificate.is_empty());
    for check in certificate {
        let mut keys: Vec<&String> = check.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["holds", "threshold", "value", "what"]);
        assert_eq!(check["holds"], true);
        assert!(check["value"].as_f64() < check["threshold"].as_f64());
    }
}

#[test]
fn the_table_names_the_file_and_cuts_many_components() {
    let desk = Desk::new();
    let digits = data("digits.csv");
    let text = desk.success(&["pca", &digits, "--label", "digit", "--verify"]);
    for words in [
        &digits[..],
        "label               digit\n",
        "samples x features  1797 x 64\n",
        "components          64\n",
        "component   variance     share   cumulative   singular value\n",
        "        1     179.01   14.89 %      14.89 %",
        "and 44 more, 100.00 % in all; --format json has them\n",
        "threshold   holds\n",
    ] {
        assert!(text.contains(words), "{words:?} in\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no escape sequences when standard output is not a terminal");
}

#[test]
fn a_share_of_the_variance_keeps_as_many_components_as_it_takes() {
    let desk = Desk::new();
    let report =
        |share: &str| desk.json(&["pca", &data("digits.csv"), "--label", "digit", "--components", share]);
    let shares = list(&report("0.9")["explained_variance_ratio"]);
    let but_last: f64 = shares[..shares.len() - 1].iter().sum();
    assert!(but_last <= 0.9 && shares.iter().sum::<f64>() > 0.9, "{shares:?}");
}

#[test]
fn scores_have_the_variances_reported() {
    let desk = Desk::new();
    let report = desk.json(&["pca", &data("digits.csv"), "--label", "digit", "--output", "scores.csv"]);
    let text = desk.text("scores.csv");
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    assert_eq!((header.len(), header[0], header[63], header[64]), (65, "pc1", "pc64", "digit"));
    assert!(text.lines().nth(2).unwrap().ends_with(",1"), "the second sample is a one");
    let scores = numbers(&text, 1);
    let variances = list(&report["explained_variance"]);
    let trace: f64 = variances.iter().sum();
    for (j, variance) in variances.iter().enumerate() {
        let column = scores.column(j);
        let mean = column.sum() / 1797.0;
        let of_scores = column.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 1796.0;
        // Forming the covariance C of n samples errs by n u trace(C), a product with p features by 2 p u
        // trace(C), the variance of the scores by n u trace(C); LAPACK's test threshold for an eigenvalue
        // is 60 p u norm(C).
        let (n, p) = (1797.0, 64.0);
        let bound = UNIT_ROUNDOFF * ((2.0 * n + 2.0 * p) * trace + 60.0 * p * variances[0]);
        assert!((of_scores - variance).abs() <= bound, "component {}: {of_scores} {variance}", j + 1);
    }
}

#[test]
fn a_header_makes_no_difference_and_neither_do_carriage_returns() {
    let desk = Desk::new();
    let iris = fs::read_to_string(data("iris.csv")).unwrap();
    let (_, rows) = iris.split_once('\n').unwrap();
    desk.put("plain.csv", rows);
    desk.put("windows.csv", format!("\u{feff}{}", iris.replace('\n', "\r\n")));
    let scores = |input: &str, label: &str| {
        desk.success(&["pca", input, "--label", label, "--output", "scores.csv", "--quiet"]);
        numbers(&desk.text("scores.csv"), 1)
    };
    let expected = scores(&data("iris.csv"), "species");
    assert_eq!(scores("plain.csv", "5"), expected);
    assert_eq!(scores("windows.csv", "species"), expected);
}

#[test]
fn reads_csv_from_standard_input() {
    let desk = Desk::new();
    let mut child = desk
        .command(&["pca", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"a,b\n1,2\n3,5\n4,9\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["n_samples"], &report["n_features"]), (&3.into(), &2.into()));
}

#[test]
fn npy_in_any_order_and_precision_gives_the_same_analysis() {
    let desk = Desk::new();
    let x = numbers(&fs::read_to_string(data("iris.csv")).unwrap(), 1);
    let mut fortran = Array2::zeros(x.dim().f());
    fortran.assign(&x);
    desk.put_npy("c.npy", &x);
    desk.put_npy("fortran.npy", &fortran);
    desk.put_npy("single.npy", &x.mapv(|v| v as f32));
    let shares = |input: &str| list(&desk.json(&["pca", input])["explained_variance_ratio"]);
    let expected =
        list(&desk.json(&["pca", &data("iris.csv"), "--label", "species"])["explained_variance_ratio"]);
    // As shares of trace(C): n u for forming the covariance C and LAPACK's threshold of 60 p u for its
    // eigenvalues, once for each of the two analyses compared. Rounding the data to f32 changes C by
    // 2 u norm(X) norm(X - mean), and norm(X) is under four times norm(X - mean): 8 u more.
    for (input, unit_roundoff) in [
        ("c.npy", UNIT_ROUNDOFF),
        ("fortran.npy", UNIT_ROUNDOFF),
        ("single.npy", f64::from(f32::EPSILON) / 2.0),
    ] {
        for (share, expected) in shares(input).iter().zip(&expected) {
            let bound = (2.0 * (150.0 + 60.0 * 4.0) + 8.0) * unit_roundoff;
            assert!((share - expected).abs() <= bound, "{input}: {share} {expected}");
        }
    }
}

#[test]
fn npy_scores_keep_the_precision_of_the_input() {
    let desk = Desk::new();
    let x = array![[1.0, 2.0], [3.0, 5.0], [4.0, 9.0]];
    desk.put_npy("double.npy", &x);
    desk.put_npy("single.npy", &x.mapv(|v| v as f32));
    desk.success(&["pca", "double.npy", "--output", "double-scores.npy", "-q"]);
    desk.success(&["pca", "single.npy", "--output", "single-scores.npy", "-q"]);
    let open = |name: &str| fs::File::open(desk.path(name)).unwrap();
    assert_eq!(Array2::<f64>::read_npy(open("double-scores.npy")).unwrap().dim(), (3, 2));
    assert_eq!(Array2::<f32>::read_npy(open("single-scores.npy")).unwrap().dim(), (3, 2));
}

#[test]
fn a_loaded_model_gives_the_scores_of_the_fitted_one() {
    let desk = Desk::new();
    for (extra, input) in [(&["--whiten", "-k", "3"][..], data("iris.csv")), (&[][..], data("wine.csv"))] {
        let label = if input.ends_with("iris.csv") { "species" } else { "cultivar" };
        let run = |more: &[&str]| desk.success(&[&["pca", &input, "--label", label], more].concat());
        let fitted = run(&[extra, &["--output", "fitted.csv", "--save-model", "model.json"]].concat());
        assert!(
            fitted.contains("\nwrote fitted.csv (scores, ")
                && fitted.ends_with("\nwrote model.json (model)\n")
        );
        let loaded = run(&["--load-model", "model.json", "--output", "loaded.csv"]);
        assert!(loaded.contains("\nmodel               model.json, fitted to 1"));
        assert_eq!(desk.text("loaded.csv"), desk.text("fitted.csv"));
    }
}

#[test]
fn figures_are_drawn_in_both_formats() {
    let desk = Desk::new();
    let digits = data("digits.csv");
    desk.success(&["pca", &digits, "--label", "digit", "--plot", "digits.svg", "-q"]);
    desk.success(&["pca", &digits, "--label", "digit", "--plot", "digits.png", "-q"]);
    let svg = desk.text("digits.svg");
    for words in ["digits.csv", "1797 samples, 64 features", "PC1 (14.9 %)", "PC2 (13.6 %)", ">\n9\n<"] {
        assert!(svg.contains(words), "{words}");
    }
    assert!(fs::read(desk.path("digits.png")).unwrap().starts_with(b"\x89PNG\r\n\x1a\n"));
    desk.success(&["pca", &digits, "--label", "digit", "--plot", "one.svg", "-k", "1", "-q"]);
    assert!(desk.text("one.svg").contains("Samples along the first component"));
}

#[test]
fn the_certificate_of_the_randomized_solver_is_no_verdict() {
    let desk = Desk::new();
    let text = desk.success(&[
        "pca",
        &data("digits.csv"),
        "--label",
        "digit",
        "-k",
        "5",
        "--solver",
        "randomized",
        "--verify",
        "--save-model",
        "model.json",
    ]);
    assert!(text.contains("\nthe randomized solver approximates: its first ratio tells how closely\n"));
    assert!(text.ends_with("\nwrote model.json (model)\n"));
}

#[test]
fn quiet_silences_the_table_and_not_json() {
    let desk = Desk::new();
    desk.put("t.csv", "1,2\n3,5\n4,9\n");
    assert_eq!(desk.success(&["pca", "t.csv", "--quiet"]), "");
    assert!(desk.success(&["pca", "t.csv", "--quiet", "--format", "json"]).starts_with("{\n"));
    assert!(desk.failure(&["pca", "none.csv", "--quiet"], 1).starts_with("error: "));
}

#[test]
fn info_tells_what_computes() {
    let text = Desk::new().success(&["info"]);
    for name in ["lapwing", "backend", "core type", "threading", "threads"] {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name} in\n{text}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let desk = Desk::new();
    let digits = data("digits.csv");
    // 64 components of 64 numbers are more than a pipe holds, so that the write meets the closed end.
    let mut child = desk
        .command(&["pca", &digits, "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
