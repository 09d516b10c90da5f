//! A place to run the program at, and the data to run it on.

use ndarray::Array2;
use ndarray_npy::WriteNpyExt;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// An empty directory to run in, so that messages hold short names.
pub(crate) struct Desk(pub(crate) TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(name), contents).unwrap();
    }

    pub(crate) fn put_npy<T: ndarray_npy::WritableElement>(&self, name: &str, x: &Array2<T>) {
        x.write_npy(fs::File::create(self.path(name)).unwrap()).unwrap();
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lapwing"));
        command.current_dir(self.0.path()).args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Standard output of a run that must succeed in silence otherwise.
    pub(crate) fn success(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let complaints = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && complaints.is_empty(), "{arguments:?}: {complaints}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Standard error of a run that must fail with `code` and print nothing else.
    pub(crate) fn failure(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        let complaints = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {complaints}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        complaints
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.success(&[arguments, &["--format", "json"]].concat())).unwrap()
    }
}

/// The path of a data set that comes with the project.
pub(crate) fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/data").join(name).display().to_string()
}

/// The numbers of a CSV file after its header, without the last `labels` columns.
pub(crate) fn numbers(text: &str, labels: usize) -> Array2<f64> {
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let columns = rows[0].len() - labels;
    Array2::from_shape_fn((rows.len(), columns), |(i, j)| rows[i][j].parse().unwrap())
}

pub(crate) fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}
