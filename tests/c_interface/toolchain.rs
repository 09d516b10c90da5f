//! The C library as these tests' build has it, and the compilers to build programs against it.
//!
//! The compilers are `$CC` (or `cc`), `$CXX` (or `c++`) and, for the headers alone, `$CLANGXX` (or `clang++`) as well,
//! a launcher before them and flags after them included.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::{env, fs, io};

pub(crate) const C: [&str; 5] = ["-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror"];
pub(crate) const CPP: [&str; 5] = ["-std=c++17", "-Wall", "-Wextra", "-pedantic", "-Werror"];
/// Where this crate's artifacts are, the C library's among them once it is built.
pub(crate) static BUILD: LazyLock<PathBuf> = LazyLock::new(|| {
    let test = env::current_exe().expect("a test has a path");
    let directory = test.ancestors().nth(2).expect("tests lie in <target>/<profile>/deps").to_owned();
    let profile = match directory.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let target = directory.parent().expect("a profile's directory lies in the target directory");
    // Of the whole workspace and with a test, so that the dependencies are compiled with the features that
    // `cargo test` has compiled them with, and nothing is compiled twice.
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--workspace", "--lib", "--test", "header"])
        .args(["--profile", profile, "--target-dir"])
        .arg(target)
        .current_dir(root());
    // What cargo tells a test of its package would make it run build scripts anew that watch these.
    for (name, _) in env::vars_os() {
        let told = ["CARGO_PKG_", "CARGO_MANIFEST_"];
        if told.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            cargo.env_remove(name);
        }
    }
    run(&mut cargo);
    // The name that programs record; who else makes it makes the same.
    #[cfg(unix)]
    let _ = std::os::unix::fs::symlink("liblapwing.so", directory.join("liblapwing.so.1"));
    directory
});

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs to the end, prints what it ran, and fails with all that it said unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Output {
    println!("{command:?}");
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    );
    output
}

pub(crate) fn compiler(variable: &str, default: &str) -> Command {
    let chosen = env::var(variable).unwrap_or_default();
    let mut words = chosen.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(default));
    command.args(words).current_dir(root()).arg("-Iinclude");
    command
}

/// A place for what a test makes.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c_interface");
    fs::create_dir_all(&directory).expect("the target directory is writable");
    directory.join(name)
}

/// Compiles the sources and links them with the shared library.
pub(crate) fn link(mut compiler: Command, flags: &[&str], sources: &[&str], name: &str) -> PathBuf {
    let program = scratch(name);
    let mut search = OsString::from("-Wl,-rpath,");
    search.push(&*BUILD);
    run(compiler
        .args(flags)
        .args(["-g", "-O1", "-pthread"])
        .args(sources)
        .arg("-o")
        .arg(&program)
        .arg("-L")
        .arg(&*BUILD)
        .args(["-llapwing", "-lm"])
        .arg(search));
    program
}

/// Prints a line even of a test that passes, of which `println!` shows nothing.
pub(crate) fn show(line: &str) {
    io::stderr().write_all(format!("{line}\n").as_bytes()).expect("standard error can be written to");
}

/// The program under valgrind, where that is installed, to run with every access to memory checked and nothing leaked.
pub(crate) fn valgrind(program: &Path) -> Option<Command> {
    let installed =
        Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success());
    if !installed {
        show(&format!("valgrind is not installed: {} ran without it", program.display()));
        return None;
    }
    let mut command = Command::new("valgrind");
    command
        .args(["--error-exitcode=9", "--leak-check=full"])
        .args(["--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"])
        .arg(program)
        .env("OPENBLAS_NUM_THREADS", "1")
        // Valgrind 3.19 decodes no AVX-512, which OpenBLAS chooses by its own reading of the processor.
        .env("OPENBLAS_CORETYPE", "Haswell")
        .current_dir(root());
    Some(command)
}

/// The checked-in headers whose names end so, in alphabetical order.
pub(crate) fn headers(extension: &str) -> Vec<String> {
    let names = fs::read_dir(root().join("include")).expect("the headers are part of the project");
    let names = names.map(|entry| entry.expect("a directory can be listed").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.into_string().expect("headers have plain names"))
        .filter(|name| name.ends_with(extension))
        .collect();
    names.sort_unstable();
    names
}
