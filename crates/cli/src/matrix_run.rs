//! What the commands that decompose one matrix have in common: reading it, writing the factors, the report.

use crate::arguments::{FactorsFormat, MatrixArguments};
use crate::atomic_write::{Outputs, Target};
use crate::error::{Error, Result};
use crate::progress::{Progress, Visibility};
use crate::read::{self, Matrix};
use crate::report::{self, Check, Context};
use lapwing::iterative::sprs::CsMatI;
use ndarray::Array2;
use serde::Serialize;
use std::io::{self, Write};
use std::time::Instant;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// From this extent on few values of a dense matrix are found by products with it.
pub(crate) const LARGE: usize = 1000;
/// Values of a sparse matrix, as SciPy's `svds` and `eigsh`.
pub(crate) const FEW: usize = 6;

/// The most entries of a sparse matrix that is decomposed as a dense one: 3 GB.
const MOST_DENSE: usize = 400_000_000;

/// A matrix is read, and its decomposition goes on.
pub(crate) struct MatrixRun<'a> {
    arguments: &'a MatrixArguments,
    target: Option<Target>,
    /// The name of the input, for people.
    pub(crate) file: String,
    pub(crate) progress: Progress,
    started: Instant,
}

/// An `.npz` archive that is being written to a file.
pub(crate) type Archive<'a> = ZipWriter<StreamWriter<&'a mut dyn Write>>;

/// What is said of a matrix and of how it was decomposed.
pub(crate) struct Facts {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// How many entries a sparse matrix has.
    pub(crate) stored: Option<usize>,
    pub(crate) method: &'static str,
}

impl<'a> MatrixRun<'a> {
    /// Checks the output, then reads the input.
    pub(crate) fn start(arguments: &'a MatrixArguments) -> Result<(Self, Matrix)> {
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
        let matrix = read::matrix(&arguments.input, &progress)?;
        Ok((Self { arguments, target, file, progress, started: Instant::now() }, matrix))
    }

    /// How many values to compute, of `most`.
    pub(crate) fn count(
        &self,
        asked: Option<usize>,
        most: usize,
        option: &str,
        default: usize,
    ) -> Result<usize> {
        match asked {
            Some(count) if count > most => {
                Err(Error::new(format!("{} has {most} of them, fewer than {count}", self.file))
                    .remedy(format!("{option} takes a count from 1 to {most}")))
            }
            Some(count) => Ok(count),
            None => Ok(default.min(most)),
        }
    }

    /// A sparse matrix as a dense one, for what asks for all of it.
    pub(crate) fn dense(&self, a: &CsMatI<f64, u32>) -> Result<Array2<f64>> {
        let (rows, columns) = a.shape();
        if rows.saturating_mul(columns) > MOST_DENSE {
            return Err(Error::new(format!(
                "{} is {rows} x {columns}, and what is asked of it takes a dense matrix, of {MOST_DENSE} entries at the most",
                self.file
            ))
            .remedy("ask for fewer values, and for the largest, which are found by products"));
        }
        let mut dense = lapwing::zeros(rows, columns)?;
        a.iter().for_each(|(&value, (row, column))| dense[[row as usize, column as usize]] = value);
        Ok(dense)
    }

    /// Says how far an iteration is.
    pub(crate) fn watch(&self, progress: lapwing::iterative::Progress) -> std::ops::ControlFlow<()> {
        let (iterations, residual) = (progress.iterations, progress.residual);
        self.progress
            .phase(format!("iteration {iterations}, residual {residual:.1e} of {:.1e}", progress.tolerance));
        std::ops::ControlFlow::Continue(())
    }

    /// Writes the file that was asked for, if the certificate holds, and prints the report; fails when it does not hold.
    ///
    /// `table` and `json` make the reports; `json` is given the seconds that have passed.
    pub(crate) fn finish<J: Serialize>(
        self,
        facts: &Facts,
        certificate: Option<&[Check]>,
        mut notes: Vec<String>,
        write: impl FnOnce(FactorsFormat, &mut dyn Write) -> io::Result<()>,
        table: impl FnOnce() -> String,
        json: impl FnOnce(f64) -> J,
    ) -> Result<()> {
        let trusted = certificate.iter().copied().flatten().all(|check| check.holds);
        if trusted && let (Some(target), Some(file)) = (&self.target, &self.arguments.output) {
            self.progress.phase(format!("writing {}", target.path().display()));
            let mut outputs = Outputs::default();
            outputs.write(target, |out| write(file.format, out))?;
            outputs.commit()?;
            notes.push(format!("wrote {}", target.path().display()));
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let heading = self.heading(facts, seconds);
        // The spinner leaves before the report comes.
        drop(self.progress);
        report::show(
            self.arguments.format,
            self.arguments.quiet,
            || report::json(&json(seconds)),
            || Context { heading, notes }.around(&table(), certificate),
        )?;
        if trusted {
            Ok(())
        } else {
            Err(Error::new(format!("the decomposition of {} does not pass its own test", self.file))
                .remedy("no file was written; try --method dense, or scale the columns"))
        }
    }

    fn heading(&self, facts: &Facts, seconds: f64) -> Vec<(&'static str, String)> {
        let mut heading = vec![
            ("file", self.file.clone()),
            ("rows x columns", format!("{} x {}", facts.rows, facts.columns)),
        ];
        heading.extend(facts.stored.map(|stored| ("stored entries", stored.to_string())));
        heading.push(("method", facts.method.to_owned()));
        heading.push(("seconds", format!("{seconds:.3}")));
        heading.push(("threads", lapwing::threads::get().to_string()));
        heading.push(("backend", lapwing::backend::info().to_string()));
        heading
    }
}

/// An `.npz` archive of what `members` writes, stored as by `numpy.savez`.
pub(crate) fn write_npz(
    out: &mut dyn Write,
    members: impl FnOnce(&mut Archive<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(out);
    members(&mut archive)?;
    archive.finish().map(drop).map_err(io::Error::other)
}

/// Adds an array to an archive.
pub(crate) fn add_member(
    archive: &mut Archive<'_>,
    name: &str,
    array: &impl ndarray_npy::WriteNpyExt,
) -> io::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    archive.start_file(format!("{name}.npy"), options).map_err(io::Error::other)?;
    array.write_npy(archive).map_err(io::Error::other)
}
