//! What is refused, in which words, and what it leaves behind.

use crate::desk::{Desk, data};
use ndarray::array;
use std::fs;
use std::process::Command;

#[test]
fn a_model_and_a_table_that_do_not_fit_are_refused() {
    let desk = Desk::new();
    desk.put("two.csv", "1,2\n3,5\n4,9\n");
    desk.put("three.csv", "1,2,3\n3,5,1\n4,9,0\n");
    desk.success(&["pca", "two.csv", "--save-model", "model.json", "-q"]);
    assert_eq!(
        desk.failure(&["pca", "three.csv", "--load-model", "model.json"], 1),
        "error: three.csv has 3 features, and the model in model.json was fitted to 2\n  \
         give the same columns in the same order; --label leaves one out\n"
    );
    assert_eq!(
        desk.failure(&["pca", "two.csv", "--load-model", "none.json"], 1),
        "error: cannot read none.json: there is no such file\n  check the path\n"
    );
    for damaged in ["", "{}", "[[[[", "null", &desk.text("model.json")[..40]] {
        desk.put("damaged.json", damaged);
        let message = desk.failure(&["pca", "two.csv", "--load-model", "damaged.json"], 1);
        assert!(message.starts_with("error: damaged.json is not a saved model: "), "{message}");
        assert!(message.ends_with("\n  give a file that --save-model wrote\n"), "{message}");
    }
    for option in [&["--components", "1"][..], &["--solver", "full"], &["--whiten"], &["--seed", "1"]] {
        let arguments = [&["pca", "two.csv", "--load-model", "model.json"], option].concat();
        assert!(desk.failure(&arguments, 2).contains("cannot be used with"));
    }
}

#[test]
fn bad_input_is_named_with_its_place_and_a_remedy() {
    let desk = Desk::new();
    let rows = "it needs a line of comma-separated numbers per sample";
    let finite = "remove the row or fill the value in: the analysis needs finite numbers";
    let ragged = "give every line the same number of cells, and quote cells that contain a comma";
    for (contents, label, message) in [
        ("", None, format!("t.csv is empty\n  {rows}")),
        ("a,b\n", None, format!("t.csv has a header but no rows\n  {rows}")),
        (
            "age,income\n31,100\n32,n/a\n",
            None,
            "t.csv, line 3, column \"income\": \"n/a\" is not a number\n  \
             remove the row, or name the column with --label if it is a class"
                .into(),
        ),
        (
            "31,100\n\n32,\n",
            None,
            "t.csv, line 3, column 2: the cell is empty\n  fill the cell in or remove the row".into(),
        ),
        (
            "31,100\n32,inf\n",
            None,
            format!("t.csv, line 2, column 2: \"inf\" is not a finite number\n  {finite}"),
        ),
        (
            "31,100\n32,NaN\n",
            None,
            format!("t.csv, line 2, column 2: \"NaN\" is not a finite number\n  {finite}"),
        ),
        ("a,b\n1,2\n3\n", None, format!("t.csv, line 3: 1 cell where line 1 has 2\n  {ragged}")),
        (
            "length,species\n1,x\n",
            Some("spezies"),
            "there is no column \"spezies\" in t.csv\n  did you mean \"species\"?".into(),
        ),
        (
            "length,species\n1,x\n",
            Some("colour"),
            "there is no column \"colour\" in t.csv\n  its columns are length, species".into(),
        ),
        (
            "length,species\n1,x\n",
            Some("3"),
            "there is no column 3 in t.csv: it has 2\n  columns are counted from 1".into(),
        ),
    ] {
        desk.put("t.csv", contents);
        let mut arguments = vec!["pca", "t.csv"];
        arguments.extend(label.iter().flat_map(|label| ["--label", label]));
        assert_eq!(desk.failure(&arguments, 1), format!("error: {message}\n"));
    }
    assert_eq!(
        desk.failure(&["pca", "none.csv"], 1),
        "error: cannot read none.csv: there is no such file\n  check the path\n"
    );
    assert_eq!(
        desk.failure(&["pca", "."], 1),
        "error: cannot read .: it is a directory\n  name a file in it\n"
    );
}

#[test]
fn damaged_npy_files_are_refused() {
    let desk = Desk::new();
    let anew = "write the file anew with numpy.save";
    desk.put_npy("whole.npy", &array![[1.0, 2.0], [3.0, 5.0]]);
    let whole = fs::read(desk.path("whole.npy")).unwrap();
    desk.put("t.npy", &whole[..whole.len() - 3]);
    assert_eq!(
        desk.failure(&["pca", "t.npy"], 1),
        format!(
            "error: t.npy is damaged: its header promises 2 x 2 numbers, 32 bytes, and 29 follow\n  {anew}\n"
        )
    );
    desk.put("t.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\xff{'descr': '<f8'");
    assert_eq!(
        desk.failure(&["pca", "t.npy"], 1),
        format!(
            "error: t.npy is not a readable .npy file: its header claims to be 4294967295 bytes long\n  {anew}\n"
        )
    );
    desk.put_npy("t.npy", &array![[1_i32, 2], [3, 4]]);
    assert_eq!(
        desk.failure(&["pca", "t.npy"], 1),
        "error: t.npy holds numbers of type \"<i4\"\n  \
         convert it with .astype(\"float64\"), or \"float32\", before numpy.save\n"
    );
    desk.put("t.npy", "1,2\n");
    assert_eq!(
        desk.failure(&["pca", "t.npy"], 1),
        "error: t.npy is not an .npy file: it does not begin with numpy's magic bytes\n  \
         write it with numpy.save, or give CSV another extension\n"
    );
}

#[test]
fn components_that_the_table_or_the_solver_does_not_allow_are_refused() {
    let desk = Desk::new();
    assert_eq!(
        desk.failure(&["pca", "iris.csv", "-k", "0"], 2).lines().next(),
        Some(
            "error: invalid value '0' for '--components <K|SHARE|mle|all>': at least 1 component must be kept"
        )
    );
    desk.put("t.csv", "1,2\n3,5\n4,9\n");
    assert_eq!(
        desk.failure(&["pca", "t.csv", "--components", "3"], 1),
        "error: 3 components are more than t.csv can have: 3 samples of 2 features\n  \
         --components takes a count from 1 to 2\n"
    );
    for share in ["0.5", "mle"] {
        assert_eq!(
            desk.failure(&["pca", "t.csv", "--components", share, "--solver", "randomized"], 1),
            "error: the randomized solver does not see all of the variance\n  \
             give --components a count, or choose another solver\n"
        );
    }
    desk.put("wide.csv", "1,2,3\n3,5,4\n");
    assert_eq!(
        desk.failure(&["pca", "wide.csv", "--components", "mle"], 1),
        "error: --components mle needs as many samples as features, and wide.csv has 2 of 3\n  \
         give a count or a share of the variance\n"
    );
    desk.put("one.csv", "1,2,3\n");
    assert_eq!(
        desk.failure(&["pca", "one.csv"], 1),
        "error: one.csv has a single sample\n  variance takes at least 2\n"
    );
}

#[test]
fn at_least_one_thread_is_asked_for() {
    assert_eq!(
        Desk::new().failure(&["pca", "t.csv", "--threads", "0"], 2).lines().next(),
        Some("error: invalid value '0' for '--threads <N>': must be at least 1")
    );
}

#[test]
fn scores_of_no_component_are_refused() {
    let desk = Desk::new();
    desk.put("t.csv", "1,2\n1,2\n1,2\n");
    for output in [["--output", "scores.csv"], ["--plot", "figure.svg"]] {
        assert_eq!(
            desk.failure(&[&["pca", "t.csv", "-k", "mle"][..], &output].concat(), 1),
            "error: no component is kept: the data in t.csv do not vary\n  \
             give rows that differ, or leave --output and --plot out\n"
        );
    }
    desk.success(&["pca", "t.csv", "-k", "mle", "--save-model", "model.json", "-q"]);
    assert_eq!(
        desk.failure(&["pca", "t.csv", "--load-model", "model.json", "--output", "scores.csv"], 1),
        "error: the model in model.json has no components\n  fit one to data that vary\n"
    );
    assert_eq!(desk.names(), ["model.json", "t.csv"]);
}

#[test]
fn variances_beyond_the_range_of_numbers_are_refused() {
    let desk = Desk::new();
    desk.put("t.csv", "1e200,1\n-1e200,2\n3,4\n");
    for solver in ["auto", "full", "covariance", "randomized"] {
        let message = desk.failure(&["pca", "t.csv", "--solver", solver], 1);
        assert!(message.starts_with("error: the result of "), "{solver}: {message}");
        assert!(message.contains(" overflows f64\n  scale "), "{solver}: {message}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_of_text_is_refused() {
    let desk = Desk::new();
    assert_eq!(
        desk.failure(&["pca", "/dev/zero"], 1),
        "error: /dev/zero is binary, not CSV\n  save it as comma-separated text in UTF-8\n"
    );
    desk.put_npy("t.npy", &array![[1.0, 2.0], [3.0, 5.0]]);
    let piped = |input: &str| {
        let script = format!("cat t.npy | \"$0\" pca {input}");
        let mut shell = Command::new("sh");
        shell.current_dir(desk.0.path()).args(["-c", &script, env!("CARGO_BIN_EXE_lapwing")]);
        String::from_utf8(shell.output().unwrap().stderr).unwrap()
    };
    let message = |name: &str, instead_of: &str| {
        format!(
            "error: {name} holds an .npy file, whose length cannot be checked\n  \
             give the name of the file instead of {instead_of}\n"
        )
    };
    assert_eq!(piped("-"), message("standard input", "-"));
    assert_eq!(piped("/dev/stdin"), message("/dev/stdin", "a pipe"));
}

#[test]
fn outputs_are_checked_before_the_work() {
    let desk = Desk::new();
    desk.put("t.csv", "1,2\n3,5\n4,9\n");
    for (arguments, message) in [
        (
            &["--output", "none/scores.csv"][..],
            "cannot write none/scores.csv: there is no directory none\n  create the directory first",
        ),
        (&["--output", "t.csv"], "t.csv is read from and written to\n  choose another name for the output"),
        (
            &["--output", "s.csv", "--save-model", "./s.csv"],
            "two outputs would go to ./s.csv\n  give each a file of its own",
        ),
        (&["--save-model", "."], "cannot write .: it is a directory\n  name a file in it"),
    ] {
        let arguments = [&["pca", "t.csv"], arguments].concat();
        assert_eq!(desk.failure(&arguments, 1), format!("error: {message}\n"));
    }
    // Even the input is not looked for when the name of an output will not do.
    for (option, name, endings) in
        [("--output", "s.txt", ".csv or .npy"), ("--plot", "s.jpg", ".svg or .png")]
    {
        let message = desk.failure(&["pca", "none.csv", option, name], 2);
        assert!(message.contains(&format!("the name must end in {endings}")), "{message}");
    }
    assert_eq!(desk.names(), ["t.csv"]);
}

/// With the size of files limited, the scores fit and the figure does not: neither may appear, and a
/// file that was there before stays as it was.
#[cfg(unix)]
#[test]
fn a_failed_write_leaves_every_output_as_it_was() {
    let desk = Desk::new();
    desk.put("scores.csv", "old");
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .current_dir(desk.0.path())
        .args(["-c", script, env!("CARGO_BIN_EXE_lapwing"), "pca", &data("iris.csv"), "--label", "species"])
        .args(["-k", "2", "--output", "scores.csv", "--plot", "figure.svg"])
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("error: cannot write figure.svg: "), "{message}");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(desk.names(), ["scores.csv"]);
    assert_eq!(desk.text("scores.csv"), "old");
}
