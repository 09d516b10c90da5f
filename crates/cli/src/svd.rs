//! `lapwing svd`: read, decompose, verify, write, report.

use crate::arguments::{FactorsFormat, ReportFormat, SvdArguments, SvdMethod};
use crate::atomic_write::{Outputs, Target};
use crate::error::{Error, Result};
use crate::number::Number;
use crate::progress::{Progress, Visibility};
use crate::read::{self, Features, Matrix};
use crate::report::{self, Check, Context};
use lapwing::{LinearOperator, PartialSvd, RandomizedSvd, Svd};
use ndarray::{Array1, Array2, Axis};
use ndarray_npy::WriteNpyExt;
use serde::Serialize;
use std::io::{self, Write};
use std::time::Instant;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// From this extent on few values of a dense matrix are found by products with it.
const LARGE: usize = 1000;
/// Values of a sparse matrix, as SciPy's `svds`.
const FEW: usize = 6;

pub(crate) fn run(arguments: &SvdArguments) -> Result<()> {
    let target = arguments.output.as_ref().map(|file| Target::check(&file.path)).transpose()?;
    if let Some(target) = target.as_ref().filter(|target| target.is_file(&arguments.input)) {
        return Err(Error::new(format!("{} is read from and written to", target.path().display()))
            .remedy("choose another name for the output"));
    }
    if let Some(threads) = arguments.threads {
        lapwing::threads::set(threads);
    }
    let visibility = if arguments.quiet { Visibility::Silent } else { Visibility::Terminal };
    let progress = Progress::start(visibility);
    let file = read::display_name(&arguments.input);
    progress.phase(format!("reading {file}"));
    let matrix = read::matrix(&arguments.input)?;
    let command = Command { arguments, target, file, progress, started: Instant::now() };
    match matrix {
        Matrix::Dense(Features::Single(a)) => command.run_dense(&a),
        Matrix::Dense(Features::Double(a)) => command.run_dense(&a),
        Matrix::Sparse(a) => {
            let squares = a.data().iter().map(|x| x * x).sum();
            let stored = Some(a.nnz());
            match command.arguments.method.unwrap_or(SvdMethod::Lanczos) {
                SvdMethod::Dense => command.finish(&a, stored, squares, command.dense(&a.to_dense())?),
                method => command.finish(&a, stored, squares, command.few(&a, method)?),
            }
        }
    }
}

/// A matrix is read, and this is what is to be done with it.
struct Command<'a> {
    arguments: &'a SvdArguments,
    target: Option<Target>,
    /// The name of the input, for people.
    file: String,
    progress: Progress,
    started: Instant,
}

/// What a method found.
struct Found<T> {
    method: &'static str,
    singular_values: Array1<T>,
    /// U and Vᵀ.
    vectors: Option<(Array2<T>, Array2<T>)>,
    certificate: Option<Vec<Check>>,
    notes: Vec<String>,
}

/// The JSON report.
#[derive(Serialize)]
struct Json<'a, T> {
    rows: usize,
    columns: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<usize>,
    method: &'static str,
    singular_values: &'a [T],
    #[serde(skip_serializing_if = "Option::is_none")]
    u: Option<Vec<Vec<T>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vt: Option<Vec<Vec<T>>>,
    seconds: f64,
    threads: usize,
    backend: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'a [Check]>,
}

impl Command<'_> {
    fn run_dense<T: Number>(&self, a: &Array2<T>) -> Result<()> {
        let most = a.nrows().min(a.ncols());
        let few = self.arguments.rank.is_some_and(|rank| most >= LARGE && rank.saturating_mul(5) <= most);
        let default = if few { SvdMethod::Lanczos } else { SvdMethod::Dense };
        let squares = a.iter().map(|&x| Into::<f64>::into(x).powi(2)).sum();
        match self.arguments.method.unwrap_or(default) {
            SvdMethod::Dense => self.finish(&**a, None, squares, self.dense(a)?),
            method => self.finish(&**a, None, squares, self.few(&**a, method)?),
        }
    }

    fn rank(&self, (rows, cols): (usize, usize), default: usize) -> Result<usize> {
        let most = rows.min(cols);
        match self.arguments.rank {
            Some(rank) if rank > most => Err(Error::new(format!(
                "{} is {rows} x {cols} and has {most} singular values, fewer than {rank}",
                self.file
            ))
            .remedy(format!("--rank takes a count from 1 to {most}"))),
            Some(rank) => Ok(rank),
            None => Ok(default.min(most)),
        }
    }

    fn dense<T: Number>(&self, a: &Array2<T>) -> Result<Found<T>> {
        let rank = self.rank(a.dim(), usize::MAX)?;
        self.progress.phase(format!("decomposing {} x {}", a.nrows(), a.ncols()));
        let method = "dense";
        if !self.arguments.compute_vectors {
            let mut singular_values = Svd::values(a)?.values;
            singular_values.slice_axis_inplace(Axis(0), (..rank).into());
            return Ok(Found {
                method,
                singular_values,
                vectors: None,
                certificate: None,
                notes: Vec::new(),
            });
        }
        let svd = Svd::thin(a)?;
        let certificate =
            self.arguments.verify.then(|| svd.certificate(a)).transpose()?.map(|found| Check::list(&found));
        let (mut u, mut singular_values, mut vt) = svd.into_factors();
        u.slice_axis_inplace(Axis(1), (..rank).into());
        singular_values.slice_axis_inplace(Axis(0), (..rank).into());
        vt.slice_axis_inplace(Axis(0), (..rank).into());
        Ok(Found { method, singular_values, vectors: Some((u, vt)), certificate, notes: Vec::new() })
    }

    /// The largest triplets, from products with the matrix.
    fn few<T: Number, A: LinearOperator<T> + ?Sized>(&self, a: &A, method: SvdMethod) -> Result<Found<T>> {
        let (rows, cols) = a.dimensions();
        let rank = self.rank((rows, cols), FEW)?;
        let (mut certificate, mut notes) = (None, Vec::new());
        let (method, (u, singular_values, vt)) = if method == SvdMethod::Randomized {
            self.progress.phase(format!("projecting {rows} x {cols}"));
            let svd = RandomizedSvd::params(rank).seed(self.arguments.seed).compute(a)?;
            if self.arguments.verify {
                let bounds = svd.error_bounds(a, self.arguments.seed.wrapping_add(1))?;
                let (lower, upper) = (report::significant(bounds.lower), report::significant(bounds.upper));
                notes.push(format!("what is left out has a 2-norm between {lower} and {upper}"));
            }
            ("randomized", svd.into_factors())
        } else {
            let phase = &self.progress;
            let mut watch = |progress: lapwing::iterative::Progress| {
                phase.phase(format!("iteration {}, residual {:.1e}", progress.iterations, progress.residual));
                std::ops::ControlFlow::Continue(())
            };
            let svd = PartialSvd::params(rank).seed(self.arguments.seed).observer(&mut watch).compute(a)?;
            if self.arguments.verify {
                let largest: f64 = svd.singular_values().first().map_or(0.0, |&value| value.into());
                let worst = svd.residuals().iter().fold(0.0, |worst: f64, &x| worst.max(x.into()));
                let unit = Into::<f64>::into(T::UNIT_ROUNDOFF);
                let value = if worst == 0.0 { 0.0 } else { worst / (largest * unit * rows.max(cols) as f64) };
                let (what, threshold) = ("‖Aᵀ U − V Σ‖ / (max(m,n) ‖A‖ ε)", 50.0);
                certificate = Some(vec![Check { what, value, threshold, holds: value < threshold }]);
            }
            ("lanczos", svd.into_factors())
        };
        let vectors = self.arguments.compute_vectors.then_some((u, vt));
        Ok(Found { method, singular_values, vectors, certificate, notes })
    }

    fn finish<T: Number, A: LinearOperator<T> + ?Sized>(
        &self,
        a: &A,
        stored: Option<usize>,
        squares: f64,
        found: Found<T>,
    ) -> Result<()> {
        let (rows, columns) = a.dimensions();
        let trusted = found.certificate.iter().flatten().all(|check| check.holds);
        let mut notes = found.notes.clone();
        if trusted && let (Some(target), Some(file)) = (&self.target, &self.arguments.output) {
            self.progress.phase(format!("writing {}", target.path().display()));
            let mut outputs = Outputs::default();
            outputs.write(target, |out| write_factors(&found, file.format, out))?;
            outputs.commit()?;
            notes.push(format!("wrote {}", target.path().display()));
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let mut heading =
            vec![("file", self.file.clone()), ("rows x columns", format!("{rows} x {columns}"))];
        heading.extend(stored.map(|stored| ("stored entries", stored.to_string())));
        heading.push(("method", found.method.to_owned()));
        heading.push(("seconds", format!("{seconds:.3}")));
        heading.push(("threads", lapwing::threads::get().to_string()));
        heading.push(("backend", lapwing::backend::info().to_string()));
        let rows_of = |matrix: &Array2<T>| matrix.rows().into_iter().map(|row| row.to_vec()).collect();
        match self.arguments.format {
            ReportFormat::Json => report::print(&report::json(&Json {
                rows,
                columns,
                stored,
                method: found.method,
                singular_values: &found.singular_values.to_vec(),
                u: found.vectors.as_ref().map(|(u, _)| rows_of(u)),
                vt: found.vectors.as_ref().map(|(_, vt)| rows_of(vt)),
                seconds,
                threads: lapwing::threads::get(),
                backend: lapwing::backend::info().to_string(),
                certificate: found.certificate.as_deref(),
            })?)?,
            ReportFormat::Text if !self.arguments.quiet => {
                let values: Vec<f64> = found.singular_values.iter().map(|&value| value.into()).collect();
                let table = report::singular_value_table(&values, squares);
                report::print(&Context { heading, notes }.around(&table, found.certificate.as_deref()))?;
            }
            ReportFormat::Text => (),
        }
        if trusted {
            Ok(())
        } else {
            Err(Error::new(format!("the decomposition of {} does not pass its own test", self.file))
                .remedy("no file was written; try --method dense, or scale the columns"))
        }
    }
}

/// The singular values as CSV, or what `numpy.savez` would write of u, s and vt.
fn write_factors<T: Number>(found: &Found<T>, format: FactorsFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        FactorsFormat::Csv => {
            writeln!(out, "singular_value")?;
            found.singular_values.iter().try_for_each(|value| writeln!(out, "{value:?}"))
        }
        FactorsFormat::Npz => {
            let mut archive = ZipWriter::new_stream(out);
            let options =
                SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
            let begin = |archive: &mut ZipWriter<_>, name: &str| {
                archive.start_file(format!("{name}.npy"), options).map_err(io::Error::other)
            };
            begin(&mut archive, "s")?;
            found.singular_values.write_npy(&mut archive).map_err(io::Error::other)?;
            if let Some((u, vt)) = &found.vectors {
                for (name, vectors) in [("u", u), ("vt", vt)] {
                    begin(&mut archive, name)?;
                    vectors.write_npy(&mut archive).map_err(io::Error::other)?;
                }
            }
            archive.finish().map(drop).map_err(io::Error::other)
        }
    }
}
