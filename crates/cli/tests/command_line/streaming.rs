//! `lapwing pca` of files that are read in blocks of rows.

use crate::UNIT_ROUNDOFF;
use crate::desk::{Desk, data, list, numbers};
use ndarray::{Array2, ShapeBuilder, array};
use ndarray_npy::ReadNpyExt;
use serde_json::Value;
use std::fs;
#[cfg(unix)]
use std::process::Command;

/// The features of a data set as `x.npy`.
fn put_data(desk: &Desk, name: &str) -> Array2<f64> {
    let x = numbers(&fs::read_to_string(data(name)).unwrap(), 1);
    desk.put_npy("x.npy", &x);
    x
}

fn read_npy(desk: &Desk, name: &str) -> Array2<f64> {
    Array2::read_npy(fs::File::open(desk.path(name)).unwrap()).unwrap()
}

/// What scikit-learn says of the data sets, option by option.
fn reference() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/parity/pca.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Forming the covariance of n samples errs by n u trace, LAPACK's threshold for an eigenvalue is 60 p u norm; the
/// reference is right to 1e-12 of its norm.
fn variance_bound(samples: f64, variances: &[f64]) -> f64 {
    let (trace, p) = (variances.iter().sum::<f64>(), variances.len() as f64);
    UNIT_ROUNDOFF * (2.0 * samples * trace + 60.0 * p * variances[0]) + 1e-12 * variances[0]
}

#[test]
fn blocks_give_the_numbers_of_scikit_learn() {
    let reference = reference();
    for dataset in ["iris", "wine", "diabetes", "digits"] {
        let desk = Desk::new();
        let x = put_data(&desk, &format!("{dataset}.csv"));
        let spectrum = list(&reference["datasets"][dataset]["eigenvalues"]);
        let bound = variance_bound(x.nrows() as f64, &spectrum);
        let cases = reference["cases"].as_array().unwrap().iter().filter(|case| case["dataset"] == dataset);
        for case in cases {
            let components = match &case["n_components"] {
                Value::Null => "all".to_owned(),
                Value::String(text) => text.clone(),
                number => number.to_string(),
            };
            for (solver, named) in [("covariance", "covariance_eigh"), ("incremental", "incremental_exact")] {
                let options = ["--solver", solver, "--batch-rows", "37", "-k", &components];
                let report = desk.json(&[&["pca", "x.npy"], &options[..]].concat());
                assert_eq!(report["solver"], named);
                assert_eq!(report["n_samples"], x.nrows());
                assert_eq!(report["n_components"], case["n_components_"], "{dataset} {components}");
                for field in ["explained_variance", "mean"] {
                    for (found, expected) in list(&report[field]).iter().zip(list(&case[field])) {
                        assert!((found - expected).abs() <= bound, "{dataset} {components} {field}");
                    }
                }
                let noise = |of: &Value| of["noise_variance"].as_f64().unwrap();
                assert!((noise(&report) - noise(case)).abs() <= bound, "{dataset} {components}");
            }
        }
    }
}

/// The first rows that scikit-learn transforms. A component moves by twice the error of the covariance over the gap to its
/// neighbours, and the score by that of the length of its row.
#[test]
fn scores_are_those_of_scikit_learn() {
    let reference = reference();
    for (dataset, k) in [("iris", 2), ("wine", 3), ("diabetes", 4)] {
        let desk = Desk::new();
        let x = put_data(&desk, &format!("{dataset}.csv"));
        let spectrum = list(&reference["datasets"][dataset]["eigenvalues"]);
        let gap =
            (0..k).map(|i| spectrum[i] - spectrum.get(i + 1).unwrap_or(&0.0)).fold(f64::INFINITY, f64::min);
        let turn = 2.0 * variance_bound(x.nrows() as f64, &spectrum) / gap;
        let case = reference["cases"].as_array().unwrap().iter();
        let case = case.clone().find(|case| case["dataset"] == dataset && case["n_components"] == k).unwrap();
        let mean = list(&case["mean"]);
        for (options, field) in [(&[][..], "transform"), (&["--whiten"], "transform_whitened")] {
            let k = k.to_string();
            let arguments = ["pca", "x.npy", "--solver", "incremental", "--batch-rows", "2", "-k", &k];
            desk.success(&[&arguments[..], options, &["-q", "--output", "s.npy"]].concat());
            let scores = read_npy(&desk, "s.npy");
            assert_eq!(scores.nrows(), x.nrows());
            for (i, expected) in case[field].as_array().unwrap().iter().enumerate() {
                let length: f64 =
                    x.row(i).iter().zip(&mean).map(|(x, m)| (x - m).powi(2)).sum::<f64>().sqrt();
                for (j, expected) in list(expected).iter().enumerate() {
                    let unit = if options.is_empty() { 1.0 } else { spectrum[j].sqrt() };
                    let bound = 2.0 * length * turn / unit + 1e-12;
                    assert!((scores[[i, j]] - expected).abs() <= bound, "{dataset} {field} {i} {j}");
                }
            }
        }
    }
}

#[test]
fn any_number_of_rows_at_a_time_gives_the_analysis_of_all_rows() {
    let desk = Desk::new();
    let x = put_data(&desk, "wine.csv");
    desk.put_npy("single.npy", &x.mapv(|v| v as f32));
    let whole = desk.json(&["pca", "x.npy", "--solver", "covariance"]);
    let expected = list(&whole["explained_variance"]);
    let (n, p) = (x.nrows() as f64, x.ncols() as f64);
    // Each of the two analyses errs by n u trace in the covariance and 60 p u norm in its eigenvalues; rounding the data
    // to f32 moves the covariance by 2 u norm(X) norm(X - mean) / (n - 1).
    let trace: f64 = expected.iter().sum();
    let norm = |x: &Array2<f64>| x.iter().map(|v| v * v).sum::<f64>().sqrt();
    let moved = f64::from(f32::EPSILON) * norm(&x) * (trace / (n - 1.0)).sqrt();
    for (file, moved, unit_roundoff) in
        [("x.npy", 0.0, UNIT_ROUNDOFF), ("single.npy", moved, f64::from(f32::EPSILON) / 2.0)]
    {
        let bound = 2.0 * unit_roundoff * (n * trace + 60.0 * p * expected[0]) + moved;
        for rows in ["1", "7", "177", "178", "1000000000000"] {
            let report = desk.json(&["pca", file, "--batch-rows", rows]);
            assert_eq!(report["solver"], "incremental_exact");
            let found = list(&report["explained_variance"]);
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                assert!((found - expected).abs() <= bound, "{file} {rows}: {found} {expected}");
            }
        }
    }
    let by_default = desk.success(&["pca", "x.npy", "--solver", "incremental"]);
    assert!(by_default.contains("\nsolver              incremental_exact\n"), "{by_default}");
    assert!(by_default.contains("\nrows at a time      178\n"), "{by_default}");
}

/// The same model, applied by blocks and to the whole file: each score is a sum of p products, however it is ordered.
#[test]
fn scores_by_blocks_are_those_of_the_whole_table() {
    let desk = Desk::new();
    let x = put_data(&desk, "digits.csv");
    let (p, options) = (x.ncols() as f64, ["--solver", "covariance", "--batch-rows", "100", "-k", "10"]);
    let outputs = ["--output", "blocks.npy", "--save-model", "model.json", "--plot", "figure.svg"];
    let told = desk.success(&[&["pca", "x.npy"], &options[..], &outputs[..]].concat());
    for note in
        ["wrote blocks.npy (scores, 1797 x 10)", "wrote figure.svg (figure)", "wrote model.json (model)"]
    {
        assert!(told.contains(note), "{told}");
    }
    assert!(desk.text("figure.svg").contains("1797 samples, 64 features; 10 components hold 73.8 %"));
    desk.success(&["pca", "x.npy", "--load-model", "model.json", "--output", "whole.npy", "-q"]);
    let loaded = ["--load-model", "model.json", "--batch-rows", "640", "--output"];
    desk.success(&[&["pca", "x.npy", "-q"], &loaded[..], &["again.csv"]].concat());
    let whole = read_npy(&desk, "whole.npy");
    let mean = x.mean_axis(ndarray::Axis(0)).unwrap();
    for found in [read_npy(&desk, "blocks.npy"), numbers(&desk.text("again.csv"), 0)] {
        assert_eq!(found.dim(), (1797, 10));
        for (i, (found, expected)) in found.outer_iter().zip(whole.outer_iter()).enumerate() {
            let length = (&x.row(i) - &mean).mapv(|v| v * v).sum().sqrt();
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() <= 2.0 * p * UNIT_ROUNDOFF * length, "{i}");
            }
        }
    }
}

#[test]
fn a_numbered_label_is_left_out_and_written_with_the_scores() {
    let desk = Desk::new();
    let x = put_data(&desk, "iris.csv");
    let mut labelled = Array2::zeros((x.nrows(), 5));
    for (i, mut row) in labelled.outer_iter_mut().enumerate() {
        row.assign(&array![x[[i, 0]], x[[i, 1]], (i % 3) as f64, x[[i, 2]], x[[i, 3]]]);
    }
    // The label is no feature, and need not be finite.
    labelled[[149, 2]] = f64::NAN;
    desk.put_npy("labelled.npy", &labelled);
    let plain = desk.json(&["pca", "x.npy", "--batch-rows", "40"]);
    let options = ["--label", "3", "--batch-rows", "40", "-k", "2"];
    let outputs = ["--output", "s.csv", "--plot", "f.svg"];
    let told = desk.success(&[&["pca", "labelled.npy"], &options[..], &outputs[..]].concat());
    assert!(told.contains("\nlabel               column 3\nsamples x features  150 x 4\n"), "{told}");
    let scores = desk.text("s.csv");
    assert!(scores.starts_with("pc1,pc2,column 3\n") && scores.ends_with(",NaN\n"), "{scores}");
    assert!(scores.lines().nth(150 - 1).unwrap().ends_with(",1"), "the row before the last");
    for words in ["column 3", ">\n0\n<", ">\n2\n<"] {
        assert!(desk.text("f.svg").contains(words), "{words}");
    }
    let report = desk.json(&["pca", "labelled.npy", "--label", "3", "--batch-rows", "40"]);
    assert_eq!(report["explained_variance"], plain["explained_variance"]);
}

/// Of more features than a scatter matrix is kept of. Of rank three, so that a low-rank update forgets nothing.
#[test]
fn many_features_are_followed_by_their_leading_components() {
    let desk = Desk::new();
    let (samples, features) = (60, 5100);
    let wave = |i: usize, j: usize| ((i * (j + 2)) as f64).sin();
    let x = Array2::from_shape_fn((samples, features), |(i, j)| {
        (0..3).map(|rank| f64::from(9 >> rank) * wave(i, rank) * wave(j, rank + 4)).sum::<f64>() + 3.0
    });
    desk.put_npy("wide.npy", &x);
    let whole = list(&desk.json(&["pca", "wide.npy", "-k", "4", "--solver", "full"])["singular_values"]);
    let arguments = ["pca", "wide.npy", "-k", "4", "--solver", "incremental"];
    for options in [&[][..], &["--batch-rows", "4"], &["--batch-rows", "17", "--verify"]] {
        let report = desk.json(&[&arguments[..], options].concat());
        assert_eq!(report["solver"], "incremental_low_rank");
        // Fifteen updates, each to 100 roundings of the largest singular value.
        for (found, expected) in list(&report["singular_values"]).iter().zip(&whole) {
            assert!((found - expected).abs() <= 1500.0 * UNIT_ROUNDOFF * whole[0], "{found} {expected}");
        }
    }
    let told = desk.success(&[&arguments[..], &["--verify"]].concat());
    assert!(
        told.contains("\nthe low-rank update approximates: its first ratio tells how closely\n"),
        "{told}"
    );
    for components in ["all", "0.9"] {
        assert_eq!(
            desk.failure(&["pca", "wide.npy", "-k", components, "--solver", "incremental"], 1),
            "error: wide.npy has 5100 features, and of more than 5000 the incremental solver keeps the leading \
             components alone\n  \
             give --components a count, or choose --solver covariance if its matrix fits into memory\n"
        );
    }
    assert_eq!(
        desk.failure(&[&arguments[..], &["--batch-rows", "3"]].concat(), 1),
        "error: --batch-rows 3 is less than the 4 components, which of more than 5000 features the incremental \
         solver takes from the first block\n  \
         give --batch-rows at least 4, or keep fewer components\n"
    );
}

#[test]
fn the_certificate_is_made_from_blocks_too() {
    let desk = Desk::new();
    put_data(&desk, "digits.csv");
    let arguments = ["pca", "x.npy", "--solver", "covariance", "--verify"];
    let whole = desk.json(&arguments)["certificate"].clone();
    let blocks = desk.json(&[&arguments[..], &["--batch-rows", "200"]].concat())["certificate"].clone();
    for (whole, blocks) in whole.as_array().unwrap().iter().zip(blocks.as_array().unwrap()) {
        assert_eq!((&blocks["what"], &blocks["holds"]), (&whole["what"], &Value::Bool(true)));
    }
}

#[test]
fn constant_columns_and_single_columns_are_analysed() {
    let desk = Desk::new();
    let x =
        Array2::from_shape_fn((50, 3), |(i, j)| if j == 1 { 1e6 + 0.1 } else { (i * (j + 1) % 7) as f64 });
    desk.put_npy("x.npy", &x);
    let report = desk.json(&["pca", "x.npy", "--solver", "covariance", "--batch-rows", "8", "--verify"]);
    assert_eq!(list(&report["explained_variance"])[2], 0.0, "constant: its differences are zero");
    let options = ["--batch-rows", "8", "--whiten", "-q", "--output", "s.csv"];
    desk.success(&[&["pca", "x.npy"], &options[..]].concat());
    assert!(numbers(&desk.text("s.csv"), 0).column(2).iter().all(|score| score.abs() < 1e-6));
    desk.put_npy("one.npy", &x.column(0).to_owned().insert_axis(ndarray::Axis(1)));
    assert_eq!(desk.json(&["pca", "one.npy", "--batch-rows", "8"])["n_features"], 1);
}

#[test]
fn what_cannot_be_read_in_blocks_is_refused() {
    let desk = Desk::new();
    let x = put_data(&desk, "iris.csv");
    let mut fortran = Array2::zeros(x.dim().f());
    fortran.assign(&x);
    desk.put_npy("fortran.npy", &fortran);
    desk.put("t.csv", "1,2\n3,5\n4,9\n");
    desk.put("a.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n");
    desk.put_npy("row.npy", &array![[1.0, 2.0]]);
    let instead =
        "write it with numpy.save; or leave --batch-rows and --solver incremental out, to read all of it";
    for (arguments, message) in [
        (
            &["fortran.npy", "--batch-rows", "9"][..],
            "fortran.npy is in Fortran order: its rows are scattered, and cannot be read in blocks\n  \
             write it with numpy.save(file, numpy.ascontiguousarray(x)); or leave --batch-rows and \
             --solver incremental out, to read all of it"
                .to_owned(),
        ),
        (
            &["t.csv", "--solver", "incremental"],
            format!("t.csv is CSV, which cannot be read in blocks of rows\n  {instead}"),
        ),
        (
            &["a.mtx", "--batch-rows", "9"],
            format!(
                "a.mtx is in Matrix Market's format, which cannot be read in blocks of rows\n  {instead}"
            ),
        ),
        (
            &["-", "--batch-rows", "9"],
            format!("standard input is a pipe, which cannot be read in blocks of rows\n  {instead}"),
        ),
        (
            &["x.npy", "--batch-rows", "9", "--solver", "full"],
            "--batch-rows reads some rows at a time, and this solver takes all of them at once\n  \
             choose --solver covariance or incremental, or leave --batch-rows out"
                .to_owned(),
        ),
        (
            &["row.npy", "--batch-rows", "9"],
            "row.npy has a single sample\n  variance takes at least 2".to_owned(),
        ),
        (
            &["x.npy", "--batch-rows", "9", "--label", "5"],
            "there is no column 5 in x.npy: it has 4\n  columns are counted from 1".to_owned(),
        ),
        (
            &["x.npy", "--batch-rows", "9", "-k", "5"],
            "5 components are more than x.npy can have: 150 samples of 4 features\n  \
             --components takes a count from 1 to 4"
                .to_owned(),
        ),
    ] {
        assert_eq!(desk.failure(&[&["pca"], arguments].concat(), 1), format!("error: {message}\n"));
    }
    assert!(desk.failure(&["pca", "x.npy", "--batch-rows", "0"], 2).contains("must be at least 1"));
}

/// Where the file is damaged, nothing is begun; where a late number is, nothing is left behind.
#[test]
fn damaged_files_are_refused_and_leave_nothing() {
    let desk = Desk::new();
    let mut x = put_data(&desk, "digits.csv");
    let whole = fs::read(desk.path("x.npy")).unwrap();
    desk.put("cut.npy", &whole[..whole.len() - 1]);
    let promised = 1797 * 64 * 8;
    assert_eq!(
        desk.failure(&["pca", "cut.npy", "--batch-rows", "10", "--output", "s.csv"], 1),
        format!(
            "error: cut.npy is damaged: its header promises 1797 x 64 numbers, {promised} bytes, and {} follow\n  \
             write the file anew with numpy.save\n",
            promised - 1
        )
    );
    x[[1700, 41]] = f64::INFINITY;
    desk.put_npy("late.npy", &x);
    desk.put("s.npy", "old");
    for (label, rows) in [(None, "1"), (None, "500"), (Some("42"), "500"), (Some("3"), "2000")] {
        let mut arguments = vec!["pca", "late.npy", "--batch-rows", rows];
        arguments.extend(["-q", "--output", "s.npy", "--plot", "f.svg", "--save-model", "m.json"]);
        arguments.extend(label.iter().flat_map(|label| ["--label", label]));
        if label == Some("42") {
            desk.success(&arguments);
            fs::remove_file(desk.path("f.svg")).unwrap();
            fs::remove_file(desk.path("m.json")).unwrap();
            desk.put("s.npy", "old");
            continue;
        }
        assert_eq!(
            desk.failure(&arguments, 1),
            "error: late.npy, row 1701 and column 42 (both counted from 1): inf is not a finite number\n  \
             remove the row or fill the value in: the analysis needs finite numbers\n"
        );
    }
    // A model that was fitted before: the bad number comes when scores are being written.
    desk.success(&["pca", "x.npy", "--batch-rows", "100", "-q", "--save-model", "model.json"]);
    let arguments = ["pca", "late.npy", "--batch-rows", "100", "--load-model", "model.json"];
    assert!(
        desk.failure(&[&arguments[..], &["--output", "s.npy"]].concat(), 1)
            .contains("row 1701 and column 42")
    );
    assert_eq!(desk.text("s.npy"), "old");
    assert_eq!(desk.names(), ["cut.npy", "late.npy", "model.json", "s.npy", "x.npy"]);
}

/// With the size of files limited, the scores of the first blocks fit and those of all do not.
#[cfg(unix)]
#[test]
fn scores_that_do_not_fit_leave_the_old_file() {
    let desk = Desk::new();
    put_data(&desk, "digits.csv");
    desk.put("s.npy", "old");
    let script = "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .current_dir(desk.0.path())
        .args(["-c", script, env!("CARGO_BIN_EXE_lapwing"), "pca", "x.npy", "--batch-rows", "100"])
        .args(["--output", "s.npy", "--save-model", "model.json"])
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("error: cannot write s.npy: "), "{message}");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(desk.names(), ["s.npy", "x.npy"]);
    assert_eq!(desk.text("s.npy"), "old");
}

/// A million blocks of one row, at a few microseconds each, last long enough to be interrupted.
#[cfg(unix)]
#[test]
fn an_interruption_leaves_nothing_behind() {
    use std::os::unix::process::ExitStatusExt;
    use std::time::{Duration, Instant};
    let desk = Desk::new();
    desk.put_npy("few.npy", &array![[1.0], [2.0], [4.0]]);
    desk.success(&["pca", "few.npy", "-q", "--save-model", "model.json"]);
    desk.put_npy("x.npy", &Array2::<f64>::zeros((1_000_000, 1)));
    desk.put("s.csv", "old");
    let arguments = ["pca", "x.npy", "--batch-rows", "1", "--load-model", "model.json", "--output", "s.csv"];
    let mut child = desk.command(&arguments).spawn().unwrap();
    let before = Instant::now();
    // The check for a writable directory makes a file too, which is empty and goes at once.
    let written = || {
        desk.names().iter().any(|name| {
            name.starts_with(".lapwing-") && fs::metadata(desk.path(name)).is_ok_and(|file| file.len() > 0)
        })
    };
    while !written() && before.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().signal(), Some(15));
    assert_eq!(desk.names(), ["few.npy", "model.json", "s.csv", "x.npy"]);
    assert_eq!(desk.text("s.csv"), "old");
}

#[test]
fn variances_beyond_the_range_of_numbers_are_refused_by_blocks_too() {
    let desk = Desk::new();
    desk.put_npy("x.npy", &array![[1e200, 1.0], [-1e200, 2.0], [3.0, 4.0]]);
    let message = desk.failure(&["pca", "x.npy", "--batch-rows", "2"], 1);
    assert!(
        message.starts_with("error: the result of ") && message.contains(" overflows f64\n  "),
        "{message}"
    );
}
