//! Reading a table of numbers, and the labels of its rows, from a file.

mod csv;
mod edge_list;
mod matrix_market;
mod npy;
mod npz;
#[cfg(feature = "parquet")]
mod parquet;

use crate::error::{Error, Result};
use crate::progress::{ByteCount, Counted, Progress};
use lapwing::iterative::sprs::{CsMatI, TriMatI};
use ndarray::Array2;
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader};
use std::path::Path;

pub(crate) use npy::{Element, NpyBlocks, Precision};

/// A table as it stands in the file: a row per sample, a column per feature.
#[derive(Debug)]
pub(crate) struct Table {
    /// The numbers, without the column that is apart.
    pub(crate) features: Features,
    /// What each of their columns is called: the name in the file, or `column 5`.
    pub(crate) names: Vec<String>,
    /// The column that is no feature, when one was asked for.
    pub(crate) apart: Option<Column>,
}

/// Which column of a table is no feature, by its name or its number from 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Apart<'a> {
    /// What `--label` says: the column is read as text.
    Label(Option<&'a str>),
    /// What `--target` says: the column is read as numbers.
    Target(Option<&'a str>),
}

impl<'a> Apart<'a> {
    /// The column as the person named it, if one was named.
    fn column(self) -> Option<&'a str> {
        let (Self::Label(column) | Self::Target(column)) = self;
        column
    }

    /// What the column is called in messages, and after `--` as an option.
    fn role(self) -> &'static str {
        match self {
            Self::Label(_) => "label",
            Self::Target(_) => "target",
        }
    }
}

/// A column that is no feature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Column {
    Label(Labels),
    Target(Observed),
}

impl Column {
    /// The labels, if it was read as such.
    pub(crate) fn label(self) -> Option<Labels> {
        match self {
            Self::Label(labels) => Some(labels),
            Self::Target(_) => None,
        }
    }

    /// The numbers, if it was read as such.
    pub(crate) fn target(self) -> Option<Observed> {
        match self {
            Self::Label(_) => None,
            Self::Target(observed) => Some(observed),
        }
    }
}

/// The target column: its name and a number per row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Observed {
    /// The header's name for the column, or `column 5`.
    pub(crate) name: String,
    /// Those of a file in single precision are exact here.
    pub(crate) values: Vec<f64>,
}

/// The numbers of a table in the precision of the file: CSV is read in double precision.
#[derive(Debug)]
pub(crate) enum Features {
    /// `<f4` of a `.npy` file.
    Single(Array2<f32>),
    /// `<f8` of a `.npy` file, or CSV.
    Double(Array2<f64>),
}

impl Features {
    fn columns(&self) -> usize {
        match self {
            Self::Single(x) => x.ncols(),
            Self::Double(x) => x.ncols(),
        }
    }
}

/// What a column without a name is called.
fn numbered(column: usize) -> String {
    format!("column {}", column + 1)
}

/// The label column: its name and a text per row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Labels {
    /// The header's name for the column, or `column 5`.
    pub(crate) name: String,
    /// One text per row, trimmed; it may be empty.
    pub(crate) values: Vec<String>,
}

/// What a file holds.
enum Contents {
    /// A format of tables, whose columns may have names.
    Table(Table),
    /// A format of matrices.
    Matrix(Matrix),
}

/// A matrix as it stands in the file.
#[derive(Debug)]
pub(crate) enum Matrix {
    Dense(Features),
    /// Matrix Market's coordinates, or a `.npz` that SciPy wrote; compressed rows.
    Sparse(CsMatI<f64, u32>),
}

/// Reads the matrix at `path` (`-` is standard input), which may be sparse.
pub(crate) fn matrix(path: &Path, progress: &Progress) -> Result<Matrix> {
    Ok(match contents(path, Apart::Label(None), progress)? {
        Contents::Table(table) => Matrix::Dense(table.features),
        Contents::Matrix(matrix) => matrix,
    })
}

/// Reads the table at `path` (`-` is standard input), keeping one column apart from the features.
pub(crate) fn table(path: &Path, apart: Apart<'_>, progress: &Progress) -> Result<Table> {
    match contents(path, apart, progress)? {
        Contents::Table(table) => Ok(table),
        Contents::Matrix(Matrix::Dense(features)) => {
            let names = (0..features.columns()).map(numbered).collect();
            Ok(Table { features, names, apart: None })
        }
        Contents::Matrix(Matrix::Sparse(_)) => Err(Error::new(format!(
            "{} holds a sparse matrix, and this command takes a table",
            display_name(path)
        ))
        .remedy("save it as a dense one, or take its singular vectors with lapwing svd")),
    }
}

/// Opens the table at `path` to be read in blocks of rows, leaving the column `label` out of the features.
pub(crate) fn blocks(path: &Path, label: Option<&str>) -> Result<NpyBlocks> {
    let name = display_name(path);
    let refused = |what: &str| {
        Err(Error::new(format!("{name} is {what}, which cannot be read in blocks of rows")).remedy(
            "write it with numpy.save; or leave --batch-rows and --solver incremental out, to read all of it",
        ))
    };
    if path == Path::new("-") {
        return refused("a pipe");
    }
    let (file, metadata) = open(path)?;
    let mut input = BufReader::new(file);
    match kind(&mut input, path)? {
        Kind::Npy if !metadata.is_file() => without_length(&name, ".npy", "a pipe"),
        Kind::Npy => NpyBlocks::open(input.into_inner(), metadata.len(), &name, label),
        Kind::Npz => refused("an .npz archive"),
        Kind::MatrixMarket => refused("in Matrix Market's format"),
        Kind::EdgeList => refused("a list of edges"),
        Kind::Parquet => refused("a Parquet file"),
        Kind::Csv => refused("CSV"),
    }
}

/// What the file holds. Its first bytes tell `.npy`, `.npz`, Matrix Market and Parquet, whatever its name; what is called
/// `.edges` or `.edgelist` is a list of edges, and everything else CSV.
fn contents(path: &Path, apart: Apart<'_>, progress: &Progress) -> Result<Contents> {
    let name = display_name(path);
    let of_matrix = |matrix: Matrix| match apart.column() {
        None => Ok(Contents::Matrix(matrix)),
        Some(column) => {
            Err(Error::new(format!("there is no column {column:?} in {name}: it has no column names"))
                .remedy(format!("leave --{} out, or give the table as CSV or .npy", apart.role())))
        }
    };
    let reading = format!("reading {name}");
    if path == Path::new("-") {
        let input = Counted::new(io::stdin().lock(), progress.bytes(reading, None));
        let mut input = BufReader::with_capacity(1 << 16, input);
        return match kind(&mut input, path)? {
            Kind::Npy => without_length(&name, ".npy", "-"),
            Kind::Npz => without_length(&name, ".npz", "-"),
            Kind::Parquet => without_length(&name, "Parquet", "-"),
            Kind::MatrixMarket => of_matrix(matrix_market::read(input, &name)?),
            Kind::EdgeList => of_matrix(edge_list::read(input, &name)?),
            Kind::Csv => csv::read(input, &name, apart).map(Contents::Table),
        };
    }
    let (file, metadata) = open(path)?;
    let length = Some(metadata.len()).filter(|_| metadata.is_file());
    let count = progress.bytes(reading, length);
    let input = Counted::new(file, count.clone());
    let mut input = BufReader::with_capacity(1 << 16, input);
    match kind(&mut input, path)? {
        Kind::Npy if !metadata.is_file() => without_length(&name, ".npy", "a pipe"),
        Kind::Npz if !metadata.is_file() => without_length(&name, ".npz", "a pipe"),
        Kind::Parquet if !metadata.is_file() => without_length(&name, "Parquet", "a pipe"),
        Kind::Npy => npy::read(input, metadata.len(), &name, apart).map(Contents::Table),
        Kind::Npz => of_matrix(npz::read(input, metadata.len(), &name)?),
        Kind::Parquet => parquet(input.into_inner().into_inner(), &name, apart, &count).map(Contents::Table),
        Kind::MatrixMarket => of_matrix(matrix_market::read(input, &name)?),
        Kind::EdgeList => of_matrix(edge_list::read(input, &name)?),
        Kind::Csv => csv::read(input, &name, apart).map(Contents::Table),
    }
}

#[cfg(feature = "parquet")]
fn parquet(file: File, name: &str, apart: Apart<'_>, count: &ByteCount) -> Result<Table> {
    parquet::read(file, name, apart, count)
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: File, name: &str, _: Apart<'_>, _: &ByteCount) -> Result<Table> {
    Err(Error::new(format!("{name} is a Parquet file, and this program was built without its reader")).remedy(
        "build it with cargo build --release -p lapwing-cli --features parquet, or convert the file to .npy or CSV",
    ))
}

fn open(path: &Path) -> Result<(File, Metadata)> {
    let unreadable = |error: io::Error| Error::file("read", path, &error);
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(Error::new(format!("cannot read {}: it is a directory", display_name(path)))
            .remedy("name a file in it"));
    }
    Ok((file, metadata))
}

fn without_length<T>(name: &str, what: &str, instead_of: &str) -> Result<T> {
    Err(Error::new(format!("{name} holds an {what} file, whose length cannot be checked"))
        .remedy(format!("give the name of the file instead of {instead_of}")))
}

/// The most rows, columns or entries of a sparse matrix: a file of one line must not take more memory than a machine has.
const MOST_SPARSE: usize = 1 << 29;

/// Compressed rows from entries in any order; those at one place are added up.
fn sparse_from_triplets(
    shape: (usize, usize),
    triplets: &[(usize, usize, f64)],
    name: &str,
) -> Result<CsMatI<f64, u32>> {
    if shape.0 > MOST_SPARSE || shape.1 > MOST_SPARSE || triplets.len() > MOST_SPARSE {
        return Err(Error::new(format!(
            "{name} is too large: {} x {} with {} entries, and each may be {MOST_SPARSE} at the most",
            shape.0,
            shape.1,
            triplets.len()
        ))
        .remedy("leave out empty rows and columns, or take the matrix apart"));
    }
    let mut sparse = TriMatI::with_capacity(shape, triplets.len());
    triplets.iter().for_each(|&(row, col, value)| sparse.add_triplet(row, col, value));
    Ok(sparse.to_csr())
}

/// The name by which messages, tables and plots call the input.
pub(crate) fn display_name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// The name without its directories, for a title.
pub(crate) fn file_name(path: &Path) -> String {
    match path.file_name() {
        Some(name) if path != Path::new("-") => name.to_string_lossy().into_owned(),
        _ => display_name(path),
    }
}

/// What a Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";

enum Kind {
    Csv,
    EdgeList,
    MatrixMarket,
    Npy,
    Npz,
    Parquet,
}

/// Tells the kind of file by its first bytes, which stay unread.
fn kind(input: &mut impl BufRead, path: &Path) -> Result<Kind> {
    let name = display_name(path);
    let start = input.fill_buf().map_err(|error| Error::file("read", path, &error))?;
    let extension = |wanted: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(wanted));
    if start.starts_with(npy::MAGIC) {
        return Ok(Kind::Npy);
    }
    if start.starts_with(PARQUET) {
        return Ok(Kind::Parquet);
    }
    if start.starts_with(matrix_market::MAGIC) {
        return Ok(Kind::MatrixMarket);
    }
    // Spreadsheets are zip archives too.
    if start.starts_with(npz::MAGIC) && extension("npz") {
        return Ok(Kind::Npz);
    }
    let foreign = |what: &str| {
        Err(Error::new(format!("{name} is {what}, not CSV"))
            .remedy("save it as comma-separated text in UTF-8"))
    };
    if extension("npy") {
        Err(Error::new(format!("{name} is not an .npy file: it does not begin with numpy's magic bytes"))
            .remedy("write it with numpy.save, or give CSV another extension"))
    } else if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        foreign("UTF-16 text")
    } else if start.starts_with(npz::MAGIC) {
        foreign("a zip archive or spreadsheet")
    } else if start.starts_with(b"\x1f\x8b") {
        foreign("compressed")
    } else if start.contains(&0) {
        foreign("binary")
    } else if extension("edges") || extension("edgelist") {
        Ok(Kind::EdgeList)
    } else {
        Ok(Kind::Csv)
    }
}

/// Points to the name most like `wanted`, or lists the names when none is.
fn suggestion(wanted: &str, names: &[String]) -> String {
    const MOST: usize = 8;
    // At least three letters in five agree: a slip of the fingers, not another name.
    const ALIKE: f64 = 0.6;
    let likeness =
        |name: &&String| strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &wanted.to_lowercase());
    if let Some(nearest) = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        && likeness(&nearest) >= ALIKE
    {
        return format!("did you mean {nearest:?}?");
    }
    let mut list = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        list.push_str(&format!(" and {} more", names.len() - MOST));
    }
    format!("its columns are {list}")
}

/// What to do about NaN and infinities, which no decomposition can take.
const NOT_FINITE_REMEDY: &str = "remove the row or fill the value in: the analysis needs finite numbers";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_a_foreign_file_is() {
        let told = |bytes: &[u8], path: &str| match kind(&mut &*bytes, Path::new(path)) {
            Ok(_) => panic!("accepted"),
            Err(error) => error.to_string(),
        };
        let remedy = "\n  save it as comma-separated text in UTF-8";
        assert_eq!(told(b"\xff\xfe1\0", "a.csv"), format!("a.csv is UTF-16 text, not CSV{remedy}"));
        assert_eq!(told(b"\x1f\x8b\x08", "a.csv"), format!("a.csv is compressed, not CSV{remedy}"));
        assert_eq!(told(b"1,2\n3\0", "a.csv"), format!("a.csv is binary, not CSV{remedy}"));
        assert_eq!(
            told(b"PK\x03\x04", "a.xlsx"),
            format!("a.xlsx is a zip archive or spreadsheet, not CSV{remedy}")
        );
        assert_eq!(
            told(b"1,2\n", "a.npy"),
            "a.npy is not an .npy file: it does not begin with numpy's magic bytes\n  \
             write it with numpy.save, or give CSV another extension"
        );
    }
}
