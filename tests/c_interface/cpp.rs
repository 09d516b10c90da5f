//! The C++ headers under every standard and compiler, and the examples that take another library.

use std::fs;
use std::process::Command;

use crate::toolchain::{C, CPP, compiler, headers, link, root, run, scratch, show};

/// C++17, C++20 and C++23, the last by the name that compilers older than it know as well.
const STANDARDS: [&str; 3] = ["-std=c++17", "-std=c++20", "-std=c++2b"];

/// Whether a program that the tests can do without is there.
fn installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Runs a C++ test.
fn passes(name: &str) {
    passes_as(name, STANDARDS[0]);
}

/// Runs a C++ test as each standard has it: what a header does may depend on which one it is.
fn passes_in_every_standard(name: &str) {
    STANDARDS.iter().for_each(|standard| passes_as(name, standard));
}

fn passes_as(name: &str, standard: &'static str) {
    let mut flags = CPP;
    flags[0] = standard;
    let source = format!("tests/cpp/{name}.cpp");
    let program = format!("{name}_{}", standard.trim_start_matches("-std="));
    run(&mut Command::new(link(compiler("CXX", "c++"), &flags, &[&source], &program)));
}

#[test]
fn all_headers_compile_in_every_standard_and_with_clang() {
    let mut compilers = vec![("CXX", "c++")];
    if installed("clang++") {
        compilers.push(("CLANGXX", "clang++"));
    } else {
        show("clang++ is not installed: the headers were compiled without it");
    }
    let all: String = headers(".hpp").iter().map(|header| format!("#include <{header}>\n")).collect();
    let unit = scratch("all.cpp");
    fs::write(&unit, all).expect("the scratch directory is writable");
    for (variable, default) in compilers {
        for standard in STANDARDS {
            run(compiler(variable, default).arg(standard).args(&CPP[1..]).arg("-fsyntax-only").arg(&unit));
        }
    }
}

/// Templates are checked where they are used, so that their uses are compiled by Clang, too.
#[test]
fn uses_of_the_headers_compile_with_clang() {
    if !installed("clang++") {
        return show("clang++ is not installed: the C++ tests were compiled without it");
    }
    for name in ["views", "expected", "factorizations", "systems", "algebra", "structured"] {
        let source = format!("tests/cpp/{name}.cpp");
        run(compiler("CLANGXX", "clang++").args(CPP).arg("-fsyntax-only").arg(source));
    }
}

#[test]
fn views_of_other_libraries_read_and_write_in_place() {
    passes_in_every_standard("views");
}

#[test]
fn errors_are_values_for_those_who_ask() {
    passes_in_every_standard("expected");
}

#[test]
fn factorizations_multiply_to_what_they_took_apart() {
    passes("factorizations");
}

#[test]
fn solutions_solve() {
    passes("systems");
}

#[test]
fn functions_and_summaries_are_the_known_ones() {
    passes("algebra");
}

#[test]
fn structure_does_what_the_matrix_does() {
    passes("structured");
}

/// An iteration ends by itself, or when its callback says so.
#[test]
fn the_iteration_of_the_example_reports_and_is_cancelled() {
    let program = link(compiler("CC", "cc"), &C, &["examples/c/progress.c"], "progress_example");
    for (patience, end) in [(None, "solved in "), (Some("40"), "cancelled, and nothing was written")] {
        let output = run(Command::new(&program).args(patience));
        let printed = String::from_utf8(output.stdout).expect("a table is text");
        let reports = printed.lines().filter(|line| line.trim_start().starts_with(char::is_numeric)).count();
        assert!(if patience.is_some() { reports == 2 } else { reports > 2 }, "{printed}");
        assert!(printed.lines().last().is_some_and(|line| line.starts_with(end)), "{printed}");
    }
}

/// A tone more every two seconds.
#[test]
fn the_tones_of_the_example_are_counted() {
    let program = link(compiler("CC", "cc"), &C, &["examples/c/workspace.c"], "workspace_example");
    let output = run(&mut Command::new(program));
    let printed = String::from_utf8(output.stdout).expect("a table is text");
    let tones: Vec<&str> =
        printed.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
    assert_eq!(tones, ["1", "1", "2", "2", "3", "3"], "{printed}");
}

/// Eigen and Armadillo hold the data, and what they compute themselves is the same.
#[test]
fn the_examples_of_other_libraries_agree_with_them() {
    for (name, package, data, end) in [
        ("eigen", "eigen3", "examples/data/diabetes.csv", "the closed form agrees"),
        ("armadillo", "armadillo", "examples/data/wine.csv", "adjusted Rand score 0.897"),
    ] {
        let Some(needed) = pkg_config(package) else {
            show(&format!("{package} is not installed: examples/cpp/{name}.cpp was left out"));
            continue;
        };
        let source = format!("examples/cpp/{name}.cpp");
        let mut sources = vec![source.as_str()];
        sources.extend(needed.split_whitespace());
        let program = link(compiler("CXX", "c++"), &CPP, &sources, &format!("{name}_example"));
        let output = run(Command::new(program).arg(data).current_dir(root()));
        let printed = String::from_utf8(output.stdout).expect("a table is text");
        assert_eq!(printed.lines().last(), Some(end), "{printed}");
    }
}

/// What a library is compiled and linked with, where it is installed.
fn pkg_config(package: &str) -> Option<String> {
    let output = Command::new("pkg-config").args(["--cflags", "--libs", package]).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).expect("flags are text"))
}
