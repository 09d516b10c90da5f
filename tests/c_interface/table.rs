//! Every function of the header, called well and in every way that is wrong, by a program that is made from the header
//! and `table/recipes.txt`: with every array against a page that cannot be touched, and under valgrind.
//!
//! What a wrong call must return is a rule of `table/driver.c`; where functions do otherwise is for people to read in
//! `table/exceptions.txt`, which `LAPWING_WRITE_EXCEPTIONS=1 cargo test --workspace --test c_interface table` writes anew.

mod recipes;
mod source;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::{env, fs};

use self::recipes::Recipes;
use self::source::source;
pub(crate) use self::source::stem;
use crate::header::Header;
use crate::toolchain::{C, compiler, link, root, scratch, show, valgrind};

const SOURCES: [&str; 4] = ["driver.c", "arguments.c", "contents.c", "memory.c"];
const EXCEPTIONS: &str = "tests/c_interface/table/exceptions.txt";

/// The program, compiled once for all tests here.
static DRIVER: LazyLock<PathBuf> = LazyLock::new(|| {
    let table = scratch("table.c");
    fs::write(&table, source(&Header::read(), &Recipes::read())).expect("the scratch directory is writable");
    let mut cc = compiler("CC", "cc");
    cc.arg("-Itests/c_interface/table");
    let mut sources = SOURCES.map(|name| format!("tests/c_interface/table/{name}")).to_vec();
    sources.push(table.to_str().expect("the target directory has a plain name").to_owned());
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    link(cc, &C, &sources, "table")
});

/// What the program printed, once it has ended well; its last line is shown even of a test that passes.
fn printed(output: &Output) -> String {
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let failures: Vec<_> = printed.lines().filter(|line| line.starts_with("FAIL")).collect();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{}\n{complaints}", output.status, failures.join("\n"));
    show(printed.lines().last().unwrap_or_default());
    printed
}

/// Of an argument in a precision, what was answered.
type Answers<'a> = BTreeMap<(&'a str, &'a str), &'a str>;

/// The exceptions as the file has them: a line for each function and way of being wrong, for both precisions where both do the
/// same.
fn exceptions(printed: &str) -> String {
    let mut found: BTreeMap<(&str, &str), Answers<'_>> = BTreeMap::new();
    let mut order: Vec<(&str, &str)> = Vec::new();
    for line in printed.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let ["EXCEPTION", function, mutation, argument, status] = cells[..] else { continue };
        let (name, suffix) = stem(function);
        if !order.contains(&(name, mutation)) {
            order.push((name, mutation));
        }
        let answer = status.trim_start_matches("ERR_");
        found.entry((name, mutation)).or_default().insert((argument, suffix), answer);
    }
    let mut text = String::new();
    for (name, mutation) in order {
        text += &format!("{name} | {mutation} |");
        let answers = &found[&(name, mutation)];
        for (&(argument, suffix), &answer) in answers {
            let same = |other| answers.get(&(argument, other)) == Some(&answer);
            let precision = match suffix {
                "f64" if same("f32") => continue,
                "" => String::new(),
                "f32" if same("f64") => String::new(),
                _ => format!("({suffix})"),
            };
            text += &format!(" {argument}{precision}={}", answer.to_lowercase());
        }
        text.push('\n');
    }
    text
}

#[test]
fn every_function_answers_good_calls_and_refuses_wrong_ones_with_nothing_touched() {
    let printed = printed(&Command::new(&*DRIVER).output().expect("the program starts"));
    let found = exceptions(&printed);
    let path = root().join(EXCEPTIONS);
    let checked_in = fs::read_to_string(&path).unwrap_or_default();
    let (prose, lines): (Vec<_>, Vec<_>) = checked_in.lines().partition(|line| line.starts_with('#'));
    if env::var_os("LAPWING_WRITE_EXCEPTIONS").is_some_and(|value| value == "1") {
        let prose: String = prose.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&path, prose + &found).expect("the exceptions can be written");
        return;
    }
    let found: Vec<_> = found.lines().collect();
    let new: Vec<_> = found.iter().filter(|line| !lines.contains(line)).collect();
    let gone: Vec<_> = lines.iter().filter(|line| !found.contains(line)).collect();
    assert!(new.is_empty() && gone.is_empty(), "{EXCEPTIONS}: new {new:#?}, gone {gone:#?}");
}

#[test]
fn valgrind_sees_no_error_and_no_leak_in_any_call() {
    if let Some(mut valgrind) = valgrind(&DRIVER) {
        let output = valgrind.arg("brief").output().expect("valgrind starts");
        printed(&output);
        let complaints = String::from_utf8_lossy(&output.stderr);
        let summary = complaints.lines().rfind(|line| line.contains("ERROR SUMMARY")).unwrap_or_default();
        show(summary);
        assert!(summary.contains("ERROR SUMMARY: 0 errors"), "{complaints}");
    }
}
