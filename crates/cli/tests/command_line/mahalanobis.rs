//! `lapwing mahalanobis`, from end to end.

use crate::desk::{Desk, data, list, numbers};
use ndarray::{Array2, array};
use ndarray_npy::ReadNpyExt;
use serde_json::{Value, json};
use std::fs;

/// `scipy.stats.chi2.ppf(0.975, 13)` of SciPy 1.17.1.
const SQUARED_CUTOFF: f64 = 24.735604884931547;

fn wine(more: &[&str]) -> Value {
    Desk::new().json(&[&["mahalanobis", &data("wine.csv"), "--label", "cultivar"], more].concat())
}

/// To ten digits: the covariance of the wines has a condition number of 10⁷ in the given units, by which both programs' roundings
/// are amplified, but not in units of the features' own.
fn near(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-10, "{found} is not {expected}");
}

/// `EmpiricalCovariance().fit(X)`, and `np.flatnonzero(mahalanobis(X) > cutoff)`, of scikit-learn 1.9.1.
#[test]
fn outliers_are_those_of_scikit_learn() {
    let found = wine(&[]);
    assert_eq!(found["outliers"], json!([13, 59, 69, 71, 73, 95, 96, 110, 115, 121, 158, 159]));
    assert_eq!((&found["n_outliers"], &found["quantile"]), (&12.into(), &0.975.into()));
    near(found["squared_cutoff"].as_f64().unwrap(), SQUARED_CUTOFF);
    near(found["cutoff"].as_f64().unwrap(), SQUARED_CUTOFF.sqrt());
    near(list(&found["location"])[0], 13.000617977528083);
    near(list(&found["covariance"][0])[1], 0.08513034654715317);
}

/// `LedoitWolf().fit(X)` and `OAS().fit(X)`: `shrinkage_` and `covariance_[0, :2]`.
#[test]
fn covariances_are_shrunk_as_by_scikit_learn() {
    for (method, shrinkage, covariance) in [
        ("ledoit-wolf", 0.010511181855745042, [80.56023713519147, 0.08423552599315344]),
        ("oas", 0.0121313025174106, [92.87622068755458, 0.08409760455977765]),
    ] {
        let found = wine(&["--covariance", method]);
        assert_eq!(found["covariance_method"], method);
        assert_eq!(found["outliers"], json!([]));
        near(found["shrinkage"].as_f64().unwrap(), shrinkage);
        let row = list(&found["covariance"][0]);
        covariance.iter().zip(row).for_each(|(&expected, found)| near(found, expected));
    }
}

/// `MinCovDet().fit(X)` of the column `proline`: of one feature the search is exact, so that seeds do not matter.
#[test]
fn a_robust_covariance_finds_more_outliers() {
    let desk = Desk::new();
    let proline: String = fs::read_to_string(data("wine.csv"))
        .unwrap()
        .lines()
        .map(|line| line.split(',').nth(12).unwrap().to_owned() + "\n")
        .collect();
    desk.put("proline.csv", proline);
    let robust = desk.json(&["mahalanobis", "proline.csv", "--covariance", "mcd"]);
    near(list(&robust["location"])[0], 646.42384106);
    near(list(&robust["covariance"][0])[0], 54437.66193299);
    assert_eq!((&robust["support_samples"], &robust["n_outliers"]), (&151.into(), &23.into()));
    near(robust["support_fraction"].as_f64().unwrap(), 90.0 / 178.0);
    assert!(desk.json(&["mahalanobis", "proline.csv"])["n_outliers"].as_u64() < Some(23));
    // A seed is the only source of chance.
    let run =
        |seed: &str| wine(&["--covariance", "mcd", "--threads", "1", "--seed", seed])["location"].clone();
    assert_eq!(run("7"), run("7"));
}

#[test]
fn json_has_exactly_the_promised_keys() {
    let keys = |found: &Value| found.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut expected = [
        "n_samples",
        "n_features",
        "features",
        "covariance_method",
        "location",
        "covariance",
        "quantile",
        "cutoff",
        "squared_cutoff",
        "n_outliers",
        "outliers",
        "seconds",
        "threads",
        "backend",
    ];
    expected.sort_unstable();
    let found = wine(&[]);
    assert_eq!(keys(&found), expected);
    assert_eq!((&found["n_samples"], &found["n_features"]), (&178.into(), &13.into()));
    assert_eq!(found["features"][12], "proline");
}

/// `mahalanobis(X)[:2]` and `chi2.sf` of them.
#[test]
fn the_columns_are_distance_square_p_value_and_flag_of_each_row() {
    let desk = Desk::new();
    let wine = data("wine.csv");
    desk.success(&["mahalanobis", &wine, "--label", "cultivar", "-q", "--output", "d.csv"]);
    desk.success(&["mahalanobis", &wine, "--label", "cultivar", "-q", "--output", "d.npy"]);
    let text = desk.text("d.csv");
    assert!(text.starts_with("distance,squared_distance,p_value,outlier,cultivar\n"));
    assert!(
        text.lines().nth(14).unwrap().ends_with(",1,1") && text.lines().nth(15).unwrap().ends_with(",0,1")
    );
    let rows = numbers(&text, 1);
    assert_eq!(Array2::<f64>::read_npy(fs::File::open(desk.path("d.npy")).unwrap()).unwrap(), rows);
    for (row, (squared, p_value)) in
        [(12.797734596460884, 0.4635539289057746), (9.863181165178602, 0.7050824332451026)].iter().enumerate()
    {
        near(rows[[row, 1]], *squared);
        near(rows[[row, 2]], *p_value);
    }
    for row in rows.rows() {
        // A root, rounded, and its argument.
        assert!((row[0] * row[0] / row[1] - 1.0).abs() <= 2.0 * f64::EPSILON);
        assert_eq!(row[3] == 1.0, row[1] > SQUARED_CUTOFF);
    }
}

#[test]
fn the_table_lists_the_farthest_first() {
    let desk = Desk::new();
    let text = desk.success(&["mahalanobis", &data("wine.csv"), "--label", "cultivar"]);
    for words in [
        "samples x features  178 x 13\n",
        "covariance          empirical\n",
        "cut-off             4.9735, 97.5 % of a Gaussian\n",
        "outliers            12, where 4.5 are to be expected\n",
        "row (from 0)   distance   squared     p-value   cultivar\n",
        "         121     7.6801    58.985   7.9742e-8          2\n         69     6.2377",
    ] {
        let words = words.replace("\n         69", "\n          69");
        assert!(text.contains(&words), "{words:?} in\n{text}");
    }
    let none =
        desk.success(&["mahalanobis", &data("wine.csv"), "--label", "cultivar", "--quantile", "0.999999999"]);
    assert!(none.ends_with("\nno row lies beyond the cut-off\n"), "{none}");
    let many = desk.success(&["mahalanobis", &data("wine.csv"), "--label", "cultivar", "--quantile", "0.5"]);
    assert!(many.contains(" more; --format json has them\n"), "{many}");
}

/// The covariance is made again from the factor that a model keeps of it: each entry is near in units of its features' deviations,
/// to 2 p ε over the reciprocal condition number, which of the wines' correlations is above 1/100: 13 · 100 · 4e-16 < 1e-12.
#[test]
fn a_loaded_model_measures_the_same_bits_and_tells_the_same() {
    let desk = Desk::new();
    let wine = data("wine.csv");
    for method in ["empirical", "mcd"] {
        let run =
            |more: &[&str]| desk.success(&[&["mahalanobis", &wine, "--label", "cultivar"], more].concat());
        run(&["--covariance", method, "--output", "fitted.csv", "--save-model", "model.json"]);
        let told = run(&["--load-model", "model.json", "--output", "loaded.csv"]);
        assert!(told.contains("\nmodel               model.json\n"), "{told}");
        assert_eq!(desk.text("loaded.csv"), desk.text("fitted.csv"), "{method}");

        let json =
            |more: &[&str]| desk.json(&[&["mahalanobis", &wine, "--label", "cultivar"], more].concat());
        let fitted = json(&["--covariance", method]);
        let loaded = json(&["--load-model", "model.json"]);
        for key in ["location", "cutoff", "squared_cutoff", "n_outliers", "outliers"] {
            assert_eq!(loaded[key], fitted[key], "{method}: {key}");
        }
        let covariance = |found: &Value, i: usize| list(&found["covariance"][i]);
        for i in 0..13 {
            let (found, expected) = (covariance(&loaded, i), covariance(&fitted, i));
            assert_eq!(found.len(), 13);
            for j in 0..13 {
                let scale = (expected[i] * covariance(&fitted, j)[j]).sqrt();
                assert!((found[j] - expected[j]).abs() <= 1e-12 * scale, "{method}: {i}, {j}");
            }
        }
        assert!(loaded.get("covariance_method").is_none());
    }
}

#[test]
fn figures_name_the_outliers() {
    let desk = Desk::new();
    let wine = data("wine.csv");
    desk.success(&["mahalanobis", &wine, "--label", "cultivar", "-q", "--plot", "f.svg"]);
    desk.success(&["mahalanobis", &wine, "--label", "cultivar", "-q", "--plot", "f.png"]);
    let svg = desk.text("f.svg");
    for words in [
        "wine.csv",
        "178 samples, 13 features, by empirical covariance; 12 beyond the cut-off at 97.5 % of a Gaussian",
        "cut-off 4.9735",
        "Row, from 0",
        ">\ncultivar\n<",
        ">\n121\n<",
        ">\n158\n<",
    ] {
        assert!(svg.contains(words), "{words}");
    }
    // Each sample twice, and the classes in the legend.
    assert_eq!(svg.matches("<circle").count(), 2 * 178 + 3);
    assert!(fs::read(desk.path("f.png")).unwrap().starts_with(b"\x89PNG\r\n\x1a\n"));
    // Labels that tell every row apart are the names of the outliers.
    let row = |i: usize| format!("sample {i},{},{}\n", (i * 7) % 11, (i * 5) % 13);
    let table: String = (0..40).map(row).chain(["far away,100,-100\n".to_owned()]).collect();
    desk.put("named.csv", "name,a,b\n".to_owned() + &table);
    desk.success(&["mahalanobis", "named.csv", "--label", "name", "-q", "--plot", "f.svg"]);
    let svg = desk.text("f.svg");
    assert!(svg.contains(">\nfar away\n<") && !svg.contains(">\nname\n<"));
}

#[test]
fn single_precision_stays_single() {
    let desk = Desk::new();
    let x = array![[1.0f32, 0.0], [2.0, 1.0], [3.0, 0.0], [4.0, 2.0], [5.0, 1.0]];
    desk.put_npy("x.npy", &x);
    desk.success(&["mahalanobis", "x.npy", "-q", "--output", "d.npy"]);
    let rows = Array2::<f32>::read_npy(fs::File::open(desk.path("d.npy")).unwrap()).unwrap();
    assert_eq!(rows.dim(), (5, 4));
}

#[test]
fn what_has_no_distances_is_refused() {
    let desk = Desk::new();
    desk.put("t.csv", "name,a,b\nx,1,2\ny,2,4\nz,3,6\nw,4,8\n");
    assert_eq!(
        desk.failure(&["mahalanobis", "t.csv", "--label", "name", "-o", "d.csv"], 1),
        "error: the covariance of t.csv is singular: column \"b\" is constant, or follows from the columns before it\n  \
         leave the column out, or choose --covariance ledoit-wolf\n"
    );
    desk.success(&["mahalanobis", "t.csv", "--label", "name", "--covariance", "ledoit-wolf", "-q"]);
    desk.put("one.csv", "1,2\n");
    assert_eq!(
        desk.failure(&["mahalanobis", "one.csv"], 1),
        "error: one.csv has a single sample\n  variance takes at least 2\n"
    );
    assert!(
        desk.failure(&["mahalanobis", "t.csv"], 1).contains("name the column with --label if it is a class")
    );
    for quantile in ["0", "1", "97.5", "x"] {
        let told = desk.failure(&["mahalanobis", "t.csv", "--quantile", quantile], 2);
        assert!(told.contains("expected a share between 0 and 1, such as 0.975"), "{told}");
    }
    for option in [["--covariance", "mcd"], ["--seed", "1"], ["--save-model", "b.json"]] {
        let arguments = [&["mahalanobis", "t.csv", "--load-model", "a.json"][..], &option].concat();
        assert!(desk.failure(&arguments, 2).contains("cannot be used with"));
    }
    desk.success(&[
        "mahalanobis",
        "t.csv",
        "--label",
        "name",
        "--covariance",
        "oas",
        "-q",
        "--save-model",
        "m.json",
    ]);
    desk.put("wide.csv", "1,2,3\n4,5,7\n");
    assert_eq!(
        desk.failure(&["mahalanobis", "wide.csv", "--load-model", "m.json", "--plot", "f.svg"], 1),
        "error: wide.csv has 3 features, and the model in m.json was fitted to 2\n  \
         give the same columns in the same order; --label leaves one out\n"
    );
    assert_eq!(desk.names(), ["m.json", "one.csv", "t.csv", "wide.csv"]);
}
