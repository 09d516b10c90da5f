//! `lapwing svd`: decompose, verify, write, report.

use crate::arguments::{FactorsFormat, SvdArguments, SvdMethod};
use crate::error::Result;
use crate::matrix_run::{FEW, Facts, LARGE, MatrixRun, add_member, write_npz};
use crate::number::Number;
use crate::read::{Features, Matrix};
use crate::report::{self, Check};
use lapwing::{LinearOperator, PartialSvd, RandomizedSvd, Svd};
use ndarray::{Array1, Array2, Axis};
use serde::Serialize;
use std::io::{self, Write};

pub(crate) fn run(arguments: &SvdArguments) -> Result<()> {
    let (run, matrix) = MatrixRun::start(&arguments.matrix)?;
    let command = Command { arguments, run };
    match matrix {
        Matrix::Dense(Features::Single(a)) => command.of_dense(&a),
        Matrix::Dense(Features::Double(a)) => command.of_dense(&a),
        Matrix::Sparse(a) => {
            let squares = a.data().iter().map(|x| x * x).sum();
            let found = match arguments.method.unwrap_or(SvdMethod::Lanczos) {
                SvdMethod::Dense => command.dense(&command.run.dense(&a)?)?,
                method => command.few(&a, method)?,
            };
            command.finish(a.shape(), Some(a.nnz()), squares, found)
        }
    }
}

struct Command<'a> {
    arguments: &'a SvdArguments,
    run: MatrixRun<'a>,
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
    singular_values: Vec<T>,
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
    fn of_dense<T: Number>(self, a: &Array2<T>) -> Result<()> {
        let most = a.nrows().min(a.ncols());
        let few = self.arguments.rank.is_some_and(|rank| most >= LARGE && rank.saturating_mul(5) <= most);
        let default = if few { SvdMethod::Lanczos } else { SvdMethod::Dense };
        let squares = a.iter().map(|&x| Into::<f64>::into(x).powi(2)).sum();
        let found = match self.arguments.method.unwrap_or(default) {
            SvdMethod::Dense => self.dense(a)?,
            method => self.few(&**a, method)?,
        };
        self.finish(a.dim(), None, squares, found)
    }

    fn dense<T: Number>(&self, a: &Array2<T>) -> Result<Found<T>> {
        let rank = self.run.count(self.arguments.rank, a.nrows().min(a.ncols()), "--rank", usize::MAX)?;
        self.run.progress.phase(format!("decomposing {} x {}", a.nrows(), a.ncols()));
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
        let (rank, seed) =
            (self.run.count(self.arguments.rank, rows.min(cols), "--rank", FEW)?, self.arguments.seed);
        let (mut certificate, mut notes) = (None, Vec::new());
        let (method, (u, singular_values, vt)) = if method == SvdMethod::Randomized {
            self.run.progress.phase(format!("projecting {rows} x {cols}"));
            let svd = RandomizedSvd::params(rank).seed(seed).compute(a)?;
            if self.arguments.verify {
                let bounds = svd.error_bounds(a, seed.wrapping_add(1))?;
                let (lower, upper) = (report::significant(bounds.lower), report::significant(bounds.upper));
                notes.push(format!("what is left out has a 2-norm between {lower} and {upper}"));
            }
            ("randomized", svd.into_factors())
        } else {
            let mut watch = |progress| self.run.watch(progress);
            let svd = PartialSvd::params(rank).seed(seed).observer(&mut watch).compute(a)?;
            if self.arguments.verify {
                let largest: f64 = svd.singular_values().first().map_or(0.0, |&value| value.into());
                let what = "‖Aᵀ U − V Σ‖ / (max(m,n) ‖A‖ ε)";
                certificate =
                    Some(vec![Check::of_residuals(what, &svd.residuals(), largest, rows.max(cols))]);
            }
            ("lanczos", svd.into_factors())
        };
        let vectors = self.arguments.compute_vectors.then_some((u, vt));
        Ok(Found { method, singular_values, vectors, certificate, notes })
    }

    fn finish<T: Number>(
        self,
        (rows, columns): (usize, usize),
        stored: Option<usize>,
        squares: f64,
        found: Found<T>,
    ) -> Result<()> {
        let rows_of = |matrix: &Array2<T>| matrix.rows().into_iter().map(|row| row.to_vec()).collect();
        self.run.finish(
            &Facts { rows, columns, stored, method: found.method },
            found.certificate.as_deref(),
            found.notes.clone(),
            |format, out| found.write(format, out),
            || {
                let values: Vec<f64> = found.singular_values.iter().map(|&value| value.into()).collect();
                report::singular_value_table(&values, squares)
            },
            |seconds| Json {
                rows,
                columns,
                stored,
                method: found.method,
                singular_values: found.singular_values.to_vec(),
                u: found.vectors.as_ref().map(|(u, _)| rows_of(u)),
                vt: found.vectors.as_ref().map(|(_, vt)| rows_of(vt)),
                seconds,
                threads: lapwing::threads::get(),
                backend: lapwing::backend::info().to_string(),
                certificate: found.certificate.as_deref(),
            },
        )
    }
}

impl<T: Number> Found<T> {
    /// The singular values as CSV, or what `numpy.savez` would write of u, s and vt.
    fn write(&self, format: FactorsFormat, out: &mut dyn Write) -> io::Result<()> {
        if format == FactorsFormat::Csv {
            writeln!(out, "singular_value")?;
            return self.singular_values.iter().try_for_each(|value| writeln!(out, "{value:?}"));
        }
        write_npz(out, |archive| {
            add_member(archive, "s", &self.singular_values)?;
            if let Some((u, vt)) = &self.vectors {
                add_member(archive, "u", u)?;
                add_member(archive, "vt", vt)?;
            }
            Ok(())
        })
    }
}
