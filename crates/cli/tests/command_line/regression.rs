//! `lapwing ols`, `ridge` and `lasso`, from end to end.

use crate::desk::{Desk, data, list, numbers};
use ndarray::{Array2, array};
use ndarray_npy::ReadNpyExt;
use serde_json::Value;
use std::fs;

/// `RidgeCV(alphas=np.logspace(-6, 6, 61)).fit(X, y)` of scikit-learn 1.9.1 on diabetes.csv.
const RIDGE_CV: Reference = Reference {
    coefficients: [
        -0.034879349237843416,
        -22.758609217513012,
        5.618542436742323,
        1.1177553245064091,
        -1.0168182256222735,
        0.6790101248492277,
        0.2909633866592962,
        6.416478188035018,
        66.26806179529876,
        0.2833231738830375,
    ],
    intercept: -326.8426704762587,
    r2: 0.517725654583618,
};

/// `Ridge(alpha=1).fit(X, y)`.
const RIDGE: Reference = Reference {
    coefficients: [
        -0.03285239685543166,
        -22.607045432279946,
        5.640405234365653,
        1.1189975700485102,
        -0.9146734842698877,
        0.5849098252881731,
        0.17788523837881196,
        6.250441778661618,
        63.179080873617295,
        0.28776690289978546,
    ],
    intercept: -316.0771186042888,
    r2: 0.5176176862412358,
};

/// `Ridge(alpha=1, fit_intercept=False).fit(X, y)`.
const RIDGE_THROUGH_ZERO: Reference = Reference {
    coefficients: [
        0.021460065344367837,
        -25.773359855165044,
        5.361632305397376,
        1.016497259955015,
        1.2708613229777572,
        -1.2931827696562912,
        -3.067491679521445,
        -5.450316141061112,
        5.250924240447673,
        0.12325165667069278,
    ],
    intercept: 0.0,
    r2: 0.490219100553011,
};

/// `LinearRegression().fit(X, y)`.
const OLS: Reference = Reference {
    coefficients: [
        -0.03636122422362241,
        -22.85964809049837,
        5.6029620919237075,
        1.1168079933181834,
        -1.0899963340632273,
        0.7464504555142104,
        0.3720047150891394,
        6.53383193599034,
        68.48312496478826,
        0.2801169893214976,
    ],
    intercept: -334.5671385187859,
    r2: 0.5177484222203499,
};

/// `LassoCV(alphas=100, cv=5).fit(X, y)`.
const LASSO_CV: Reference = Reference {
    coefficients: [
        -0.02536603853068309,
        -19.771541629943545,
        5.749035103780778,
        1.1012512849171927,
        -0.28043905850003703,
        0.049049757991194466,
        -0.6288880135757465,
        2.6609238335820855,
        46.52180538084452,
        0.30883577957809033,
    ],
    intercept: -249.7206575424726,
    r2: 0.5149607725032428,
};

struct Reference {
    coefficients: [f64; 10],
    intercept: f64,
    r2: f64,
}

impl Reference {
    /// That the report has these numbers, as far as a share of `accuracy` of the largest.
    fn assert(&self, report: &Value, accuracy: f64) {
        let largest = self.coefficients.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let found = list(&report["coefficients"]);
        assert_eq!(found.len(), 10);
        for (found, expected) in found.iter().zip(self.coefficients) {
            assert!((found - expected).abs() <= accuracy * largest, "{found} is not {expected}");
        }
        let intercept = report["intercept"].as_f64().unwrap();
        // A mean of products of the coefficients with features up to 300.
        let bound = accuracy * largest * 300.0;
        assert!((intercept - self.intercept).abs() <= bound, "{intercept} is not {}", self.intercept);
        assert!((report["r2"].as_f64().unwrap() - self.r2).abs() <= accuracy);
    }
}

fn diabetes(command: &str, more: &[&str]) -> Vec<String> {
    let head = [command, &data("diabetes.csv"), "--target", "progression"].map(str::to_owned);
    head.into_iter().chain(more.iter().map(|&word| word.to_owned())).collect()
}

fn report(command: &str, more: &[&str]) -> Value {
    let arguments = diabetes(command, more);
    Desk::new().json(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The condition number of the centred features is about 1500, and its square amplifies the rounding of both programs:
/// 10 · 1500² · 2⁻⁵³ is 3e-9.
const DIRECT: f64 = 1e-9;

#[test]
fn coefficients_are_those_of_scikit_learn() {
    OLS.assert(&report("ols", &[]), DIRECT);
    RIDGE.assert(&report("ridge", &[]), DIRECT);
    RIDGE.assert(&report("ridge", &["--alpha", "1"]), DIRECT);
    RIDGE_THROUGH_ZERO.assert(&report("ridge", &["--no-intercept"]), DIRECT);
}

#[test]
fn the_penalty_of_a_ridge_is_chosen_as_by_scikit_learn() {
    let found = report("ridge", &["--alpha", "auto"]);
    RIDGE_CV.assert(&found, DIRECT);
    assert!((found["alpha"].as_f64().unwrap() / 10_f64.powf(-0.4) - 1.0).abs() < 1e-14);
    let search = &found["search"];
    assert_eq!((list(&search["alphas"]).len(), list(&search["mean_squared_errors"]).len()), (61, 61));
    assert!(search["at_end"].is_null());
    // RidgeCV's best_score_, with its sign changed.
    let least = list(&search["mean_squared_errors"]).into_iter().fold(f64::INFINITY, f64::min);
    assert!((least / 3001.52733973079 - 1.0).abs() < 1e-10, "{least}");
}

/// Both descend along the same coordinates in the same order, and end at the same duality gap: what is left of the way to the
/// minimum, about 10⁻⁴ of the largest coefficient, is left in both.
#[test]
fn the_penalty_of_a_lasso_is_chosen_as_by_scikit_learn() {
    let found = report("lasso", &["--alpha", "auto"]);
    assert!((found["alpha"].as_f64().unwrap() / 0.5644043529002264 - 1.0).abs() < 1e-12);
    LASSO_CV.assert(&found, DIRECT);
    assert_eq!(list(&found["search"]["alphas"]).len(), 100);
    let sparse = report("lasso", &["--alpha", "100"]);
    assert!(list(&sparse["coefficients"]).contains(&0.0));
}

#[test]
fn json_has_what_a_script_needs() {
    let found = report("ridge", &["--threads", "1"]);
    let mut keys: Vec<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let mut expected = [
        "model",
        "n_samples",
        "n_features",
        "target",
        "features",
        "coefficients",
        "intercept",
        "alpha",
        "r2",
        "rmse",
        "mae",
        "solver",
        "seconds",
        "threads",
        "backend",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(
        (&found["n_samples"], &found["n_features"], &found["threads"]),
        (&442.into(), &10.into(), &1.into())
    );
    assert_eq!((&found["target"], &found["model"]), (&"progression".into(), &"ridge".into()));
    assert_eq!(found["features"][2], "bmi");
}

/// `sm.OLS(y, sm.add_constant(X)).fit()` of statsmodels 0.15.0: `bse`, `tvalues`, `pvalues`, `conf_int()` of const, age and
/// s5, and what the summary says of the fit.
#[test]
fn the_summary_is_that_of_statsmodels() {
    let found = &report("ols", &["--summary"])["summary"];
    let near = |found: f64, expected: f64| {
        assert!((found / expected - 1.0).abs() < 1e-8, "{found} is not {expected}");
    };
    for (key, place, expected) in [
        ("standard_errors", 0, 67.45462110434148),
        ("standard_errors", 9, 15.669719238707186),
        ("t_statistics", 0, -4.959884631199148),
        ("t_statistics", 1, -0.16753125574912486),
        ("p_values", 1, 0.8670306337000946),
        ("p_values", 9, 1.5558990865394572e-05),
    ] {
        near(list(&found[key])[place], expected);
    }
    let interval = &found["confidence_intervals"][9];
    near(interval["lower"].as_f64().unwrap(), 37.68455316670219);
    near(interval["upper"].as_f64().unwrap(), 99.28169676287371);
    for (key, expected) in [
        ("r_squared", 0.5177484222203498),
        ("adjusted_r_squared", 0.5065592904853231),
        ("f_statistic", 46.27243958524319),
        ("f_p_value", 3.8286490381855213e-62),
        ("aic", 4793.985724247039),
        ("bic", 4838.990132949893),
        ("log_likelihood", -2385.9928621235194),
        ("condition_number", 7236.389798581465),
        ("confidence_level", 0.95),
    ] {
        near(found[key].as_f64().unwrap(), expected);
    }
    assert_eq!((&found["names"][0], &found["names"][9]), (&"(intercept)".into(), &"s5".into()));
}

#[test]
fn the_summary_in_print_names_columns_that_depend_on_each_other() {
    let desk = Desk::new();
    let text = desk.success(&["ols", &data("diabetes.csv"), "--target", "progression", "--summary"]);
    for words in [
        "target                       progression\n",
        "adjusted R\u{b2}                  0.50656\n",
        "F                            46.272 on 10 and 431 degrees of freedom, p = 3.8286e-62\n",
        "AIC, BIC                     4794.0, 4839.0\n",
        "term          coefficient   std err          t        P>|t|   95 % from         to\n",
        "bmi                5.6030   0.71711     7.8133   4.2964e-14      4.1935     7.0124\n",
        "nearly dependent on each other: ",
        "take lapwing ridge\n",
    ] {
        assert!(text.contains(words), "{words:?} in\n{text}");
    }
    let warning = text.lines().find(|line| line.starts_with("nearly dependent")).unwrap();
    // Total, low-density and high-density cholesterol, and the ratio of the first to the last.
    assert!(["s1", "s2", "s3", "s4"].iter().all(|name| warning.contains(name)), "{warning}");
}

/// `1 + sum(s² / (s² + 1))` of the singular values of the centred features in NumPy, and `-best_score_` of
/// `RidgeCV(alphas=[1.0])`.
#[test]
fn the_summary_of_a_ridge_tells_what_it_is_worth() {
    let found = &report("ridge", &["--summary"])["summary"];
    let near = |key: &str, expected: f64| {
        let found = found[key].as_f64().unwrap();
        assert!((found / expected - 1.0).abs() < 1e-10, "{key}: {found} is not {expected}");
    };
    near("effective_degrees_of_freedom", 10.898710678891243);
    near("leave_one_out_error", 3001.697974032991);
    let found = &report("ridge", &["--summary", "--no-intercept"])["summary"];
    let effective = found["effective_degrees_of_freedom"].as_f64().unwrap();
    assert!((effective / 9.950498406720452 - 1.0).abs() < 1e-10, "{effective}");
}

#[test]
fn a_best_penalty_at_the_end_of_the_grid_is_told() {
    let desk = Desk::new();
    // An exact line: any penalty does harm.
    desk.put("line.csv", "x,y\n0,1\n1,3\n2,5\n3,7\n");
    let text = desk.success(&["ridge", "line.csv", "--target", "y", "--alpha", "auto"]);
    assert!(
        text.contains(
            "\nthe penalty is the smallest of the grid: a smaller one, or none, may predict better\n"
        )
    );
    let found = desk.json(&["ridge", "line.csv", "--target", "y", "--alpha", "auto"]);
    assert_eq!(found["search"]["at_end"], "smallest");
}

#[test]
fn a_loaded_model_predicts_the_same_bits() {
    let desk = Desk::new();
    let diabetes = data("diabetes.csv");
    let (_, rows) = fs::read_to_string(&diabetes)
        .map(|text| {
            let without_target = |line: &str| line.rsplit_once(',').unwrap().0.to_owned() + "\n";
            (0, text.lines().map(without_target).collect::<String>())
        })
        .unwrap();
    desk.put("new.csv", rows);
    for (command, more) in
        [("ols", &[][..]), ("ridge", &["--alpha", "auto"]), ("lasso", &["--alpha", "0.5", "--no-intercept"])]
    {
        let fit = [&[command, &diabetes, "--target", "progression", "-q"], more].concat();
        desk.success(&[&fit[..], &["--output", "fitted.csv", "--save-model", "model.json"]].concat());
        let fitted = desk.text("fitted.csv");
        assert!(fitted.starts_with("prediction,observed,residual\n"));
        desk.success(&[
            command,
            &diabetes,
            "--target",
            "progression",
            "--load-model",
            "model.json",
            "-q",
            "-o",
            "known.csv",
        ]);
        assert_eq!(desk.text("known.csv"), fitted, "{command}");
        let told =
            desk.success(&[command, "new.csv", "--load-model", "model.json", "-o", "new-predictions.csv"]);
        assert!(told.ends_with("\nwrote new-predictions.csv (predictions, 442 x 1)\n"), "{told}");
        assert!(!told.contains("R\u{b2}") && told.contains("\nmodel "), "{told}");
        let predicted = desk.text("new-predictions.csv");
        assert!(
            predicted.lines().eq(fitted.lines().map(|line| line.split(',').next().unwrap())),
            "{command}"
        );
    }
}

#[test]
fn predictions_and_residuals_are_written_as_columns() {
    let desk = Desk::new();
    let diabetes = data("diabetes.csv");
    let run = |output: &str| {
        desk.success(&["ols", &diabetes, "--target", "progression", "-q", "--output", output]);
    };
    run("p.csv");
    run("p.npy");
    let rows = numbers(&desk.text("p.csv"), 0);
    assert_eq!(rows.dim(), (442, 3));
    assert_eq!(Array2::<f64>::read_npy(fs::File::open(desk.path("p.npy")).unwrap()).unwrap(), rows);
    for row in rows.rows() {
        assert_eq!(row[1] - row[0], row[2]);
    }
    assert_eq!(rows[[0, 1]], 151.0);
    // With an intercept, residuals sum to zero: within n roundings of their size.
    assert!(rows.column(2).sum().abs() < 442.0 * 300.0 * 442.0 * f64::EPSILON);
}

#[test]
fn npy_keeps_its_precision_and_numbers_its_columns() {
    let desk = Desk::new();
    let x = array![[1.0f32, 0.0, 3.0], [2.0, 1.0, 4.0], [3.0, 0.0, 7.0], [4.0, 2.0, 8.0], [5.0, 1.0, 11.0]];
    desk.put_npy("single.npy", &x);
    let found = desk.json(&["ridge", "single.npy", "--target", "3", "--output", "p.npy"]);
    assert_eq!(found["features"], serde_json::json!(["column 1", "column 2"]));
    assert_eq!(found["target"], "column 3");
    assert!(Array2::<f32>::read_npy(fs::File::open(desk.path("p.npy")).unwrap()).is_ok());
    assert!(desk.failure(&["ols", "single.npy", "--target", "y"], 1).contains(".npy has no column names"));
}

#[test]
fn figures_of_the_path_and_of_the_fit() {
    let desk = Desk::new();
    let diabetes = data("diabetes.csv");
    let draw = |command: &str, more: &[&str]| {
        let start = [command, &diabetes, "--target", "progression", "-q", "--plot", "figure.svg"];
        desk.success(&[&start[..], more].concat());
        desk.text("figure.svg")
    };
    for (command, alpha) in [("ridge", "0.39811"), ("lasso", "0.5644")] {
        let svg = draw(command, &["--alpha", "auto"]);
        for words in [
            "diabetes.csv",
            "442 samples, 10 features",
            &format!("\u{3b1} = {alpha}"),
            "Coefficients by penalty",
            "Penalty \u{3b1}",
            "Predicted against observed",
            "Observed progression",
            ">\nbmi\n<",
            ">\ns5\n<",
        ] {
            assert!(svg.contains(words), "{command}: {words}");
        }
        // A line for each feature, one at the penalty, and the diagonal, besides grid and axes.
        assert!(svg.matches("<polyline").count() >= 12, "{command}");
    }
    let svg = draw("ols", &[]);
    assert!(svg.contains("Residuals against predictions") && !svg.contains("Penalty"));
    assert_eq!(svg.matches("<circle").count(), 2 * 442);
    desk.success(&["ols", &diabetes, "--target", "progression", "-q", "--plot", "figure.png"]);
    assert!(fs::read(desk.path("figure.png")).unwrap().starts_with(b"\x89PNG\r\n\x1a\n"));
    desk.success(&["ridge", &diabetes, "--target", "progression", "-q", "--save-model", "model.json"]);
    let svg = draw("ridge", &["--load-model", "model.json"]);
    assert!(svg.contains("by model.json") && svg.contains("Residuals against predictions"));
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let desk = Desk::new();
    desk.put("t.csv", "length,width,mass\n1,2,3\n2,4,5\n\n3,5,heavy\n");
    for command in ["ols", "ridge", "lasso"] {
        assert_eq!(
            desk.failure(&[command, "t.csv", "--target", "mass"], 1),
            "error: t.csv, line 5, column \"mass\": \"heavy\" is not a number\n  correct the cell or remove the row\n"
        );
        assert_eq!(
            desk.failure(&[command, "t.csv", "--target", "mas"], 1),
            "error: there is no column \"mas\" in t.csv\n  did you mean \"mass\"?\n"
        );
        assert!(desk.failure(&[command, "t.csv"], 2).contains("--target <COLUMN>"));
        assert_eq!(
            desk.failure(&[command, "t.csv", "--target", "1", "-o", "o.csv", "--save-model", "o.csv"], 1),
            "error: two outputs would go to o.csv\n  give each a file of its own\n"
        );
        assert_eq!(
            desk.failure(&[command, "t.csv", "--target", "1", "-o", "none/o.csv"], 1),
            "error: cannot write none/o.csv: there is no directory none\n  create the directory first\n"
        );
    }
    for command in ["ridge", "lasso"] {
        for (alpha, message) in [
            ("-1", "a penalty is finite and at least 0"),
            ("inf", "a penalty is finite and at least 0"),
            ("some", "expected a penalty such as 1.5, or auto"),
        ] {
            let told = desk.failure(&[command, "t.csv", "--target", "mass", "--alpha", alpha], 2);
            assert!(told.contains(message), "{told}");
        }
        let told = desk.failure(&[command, "t.csv", "--load-model", "m.json", "--alpha", "2"], 2);
        assert!(told.contains("cannot be used with"), "{told}");
    }
    assert_eq!(desk.names(), ["t.csv"]);
}

#[test]
fn a_model_and_a_table_that_do_not_fit_are_refused() {
    let desk = Desk::new();
    desk.put("t.csv", "a,b,y\n1,2,3\n2,4,4\n3,5,9\n4,1,2\n");
    desk.success(&["ridge", "t.csv", "--target", "y", "--save-model", "model.json", "-q"]);
    assert_eq!(
        desk.failure(&["ridge", "t.csv", "--load-model", "model.json", "-o", "o.csv"], 1),
        "error: t.csv has 3 features, and the model in model.json was fitted to 2\n  \
         give the same columns in the same order; --target leaves one out\n"
    );
    assert!(
        desk.failure(&["lasso", "t.csv", "--load-model", "model.json"], 1).contains("is not a saved model")
    );
    assert_eq!(
        desk.failure(&["ridge", "t.csv", "--load-model", "model.json", "--plot", "f.svg"], 1),
        "error: --plot shows predictions against what was observed\n  name the column of the target with --target\n"
    );
    assert!(
        desk.failure(&["ridge", "t.csv", "--target", "y", "--alpha", "0", "--summary"], 1)
            .ends_with("\n  give a larger --alpha with --summary, or take lapwing ols --summary\n")
    );
    // Three samples, three coefficients: nothing is left to estimate an error from.
    desk.put("few.csv", "a,b,y\n1,2,3\n2,4,4\n3,5,9\n");
    assert!(desk.failure(&["ols", "few.csv", "--target", "y", "--summary"], 1).contains("samples"));
    assert_eq!(desk.names(), ["few.csv", "model.json", "t.csv"]);
}

/// The predictions fit and the figure does not: neither may appear.
#[cfg(unix)]
#[test]
fn a_failed_write_leaves_nothing_behind() {
    let desk = Desk::new();
    let script = "trap '' XFSZ; ulimit -f 40; exec \"$0\" \"$@\"";
    let output = std::process::Command::new("sh")
        .current_dir(desk.0.path())
        .args([
            "-c",
            script,
            env!("CARGO_BIN_EXE_lapwing"),
            "ols",
            &data("diabetes.csv"),
            "--target",
            "progression",
        ])
        .args(["--output", "p.csv", "--plot", "figure.svg"])
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("error: cannot write figure.svg: "), "{message}");
    assert!(desk.names().is_empty(), "{:?}", desk.names());
}
