//! Parquet, with its reader and without.

use crate::desk::Desk;
use std::path::Path;

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).display().to_string()
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_its_reader_the_remedy_is_a_build_with_it() {
    let file = data("table.parquet");
    assert_eq!(
        Desk::new().failure(&["pca", &file], 1),
        format!(
            "error: {file} is a Parquet file, and this program was built without its reader\n  \
             build it with cargo build --release -p lapwing-cli --features parquet, or convert the file to .npy or \
             CSV\n"
        )
    );
}

#[cfg(feature = "parquet")]
#[test]
fn columns_are_features_and_a_named_one_the_label() {
    use crate::UNIT_ROUNDOFF;
    use crate::desk::list;
    let desk = Desk::new();
    desk.put("t.csv", "single,kind\n0.5,a\n-1.5,\"b, c\"\n1.1754943508222875e-38,\n2.25,\n3.0,a\n");
    let run = |input: &str, scores: &str| desk.json(&["pca", input, "--label", "kind", "--output", scores]);
    let (found, expected) = (run(&data("single.parquet"), "p.csv"), run("t.csv", "t-scores.csv"));
    assert_eq!((&found["n_samples"], &found["n_features"]), (&5.into(), &1.into()));
    // Five squares of numbers that f32 holds exactly, rounded to f32 at the end.
    for field in ["mean", "explained_variance"] {
        let (found, expected) = (list(&found[field])[0], list(&expected[field])[0]);
        assert!((found - expected).abs() <= 8.0 * f64::from(f32::EPSILON) * expected.abs(), "{field}");
    }
    let text = desk.text("p.csv");
    assert!(text.starts_with("pc1,kind\n") && text.contains(",\"b, c\"\n"), "{text}");
    assert!(text.ends_with(",a\n"), "{text}");

    let report = desk.json(&["svd", &data("integers.parquet")]);
    // Of the columns (3, 4) and (0, 5): singular values 3 √5 and √5.
    let values = list(&report["singular_values"]);
    for (value, expected) in values.iter().zip([3.0 * 5f64.sqrt(), 5f64.sqrt()]) {
        assert!((value - expected).abs() <= 50.0 * 2.0 * UNIT_ROUNDOFF * values[0], "{value} {expected}");
    }
}

#[cfg(feature = "parquet")]
#[test]
fn what_is_not_a_number_is_named_with_its_place() {
    let desk = Desk::new();
    let convert =
        "convert it to numbers or leave it out of the file, or name it with --label if it is a class";
    for (name, options, message, remedy) in [
        (
            "null",
            &[][..],
            "column \"x\", row 5 (counted from 1): there is no value (null)",
            "fill the value in or remove the row",
        ),
        (
            "nan",
            &[],
            "column \"x\", row 3 (counted from 1): NaN is not a finite number",
            "remove the row or fill the value in: the analysis needs finite numbers",
        ),
        ("table", &[], "column \"kind\" holds text, not numbers", convert),
        ("dates", &[], "column \"when\" holds dates or times, not numbers", convert),
        ("list", &[], "column \"xs.list.element\" holds lists, not numbers", convert),
    ] {
        let file = data(&format!("{name}.parquet"));
        let arguments = [&["pca", &file], options].concat();
        assert_eq!(desk.failure(&arguments, 1), format!("error: {file}, {message}\n  {remedy}\n"));
    }
    let (table, single) = (data("table.parquet"), data("single.parquet"));
    for (arguments, message) in [
        (
            &["pca", &table, "--label", "kinds"][..],
            format!("there is no column \"kinds\" in {table}\n  did you mean \"kind\"?"),
        ),
        (
            &["pca", &table, "--label", "8"],
            format!("there is no column 8 in {table}: it has 7\n  columns are counted from 1"),
        ),
        (&["pca", &single], format!("{single}, column \"kind\" holds text, not numbers\n  {convert}")),
        (
            &["pca", &single, "--label", "kind", "--batch-rows", "2"],
            format!(
                "{single} is a Parquet file, which cannot be read in blocks of rows\n  write it with numpy.save; or \
                 leave --batch-rows and --solver incremental out, to read all of it"
            ),
        ),
    ] {
        assert_eq!(desk.failure(arguments, 1), format!("error: {message}\n"));
    }
}
