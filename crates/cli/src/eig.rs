//! `lapwing eig`: decompose, verify, write, report.

use crate::arguments::{EigArguments, FactorsFormat, Which};
use crate::error::{Error, Result};
use crate::matrix_run::{FEW, Facts, LARGE, MatrixRun, add_member, write_npz};
use crate::number::Number;
use crate::read::{Features, Matrix};
use crate::report::{self, Check};
use lapwing::iterative::sprs::CsMatI;
use lapwing::iterative::{Extreme, PartialGeneralEigen, PartialSymmetricEigen, ShiftInverse};
use lapwing::{GeneralEigen, LinearOperator, Spectrum, SymmetricEigen, matmul};
use ndarray::{Array1, Array2, Axis};
use num_complex::Complex;
use serde::Serialize;
use std::io::{self, Write};

/// Up to this order a sparse matrix is decomposed as a dense one, which is as fast.
const SMALL: usize = 200;

pub(crate) fn run(arguments: &EigArguments) -> Result<()> {
    let (run, matrix) = MatrixRun::start(&arguments.matrix)?;
    let command = Command { arguments, run };
    match matrix {
        Matrix::Dense(Features::Single(a)) => command.of_dense(&a),
        Matrix::Dense(Features::Double(a)) => command.of_dense(&a),
        Matrix::Sparse(a) => command.of_sparse(&a),
    }
}

struct Command<'a> {
    arguments: &'a EigArguments,
    run: MatrixRun<'a>,
}

/// What a method found.
struct Found<T> {
    method: &'static str,
    values: Array1<T>,
    /// Of a matrix that is not symmetric.
    imaginary_parts: Option<Array1<T>>,
    /// In columns, real parts; and imaginary parts of a matrix that is not symmetric.
    vectors: Option<(Array2<T>, Option<Array2<T>>)>,
    /// 2-norms of `A v − λ v`.
    residuals: Option<Array1<T>>,
    certificate: Option<Vec<Check>>,
}

/// The JSON report.
#[derive(Serialize)]
struct Json<'a, T> {
    order: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<usize>,
    method: &'static str,
    eigenvalues: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    imaginary_parts: Option<Vec<T>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    residuals: Option<Vec<T>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vectors: Option<Vec<Vec<T>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vectors_imaginary_parts: Option<Vec<Vec<T>>>,
    seconds: f64,
    threads: usize,
    backend: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'a [Check]>,
}

impl Command<'_> {
    fn of_dense<T: Number>(self, a: &Array2<T>) -> Result<()> {
        let n = self.order(a.dim())?;
        let k = self.count(n, n)?;
        let found = if a != a.t() {
            self.general(a, k)?
        } else if self.arguments.sigma.is_none() && n >= LARGE && self.arguments.k.is_some_and(|k| k * 5 <= n)
        {
            self.lanczos(&**a)?
        } else {
            self.symmetric(a, k)?
        };
        self.finish(n, None, found)
    }

    fn of_sparse(self, a: &CsMatI<f64, u32>) -> Result<()> {
        let n = self.order(a.shape())?;
        let k = self.count(n, FEW)?;
        let symmetric = a.transpose_view().to_csr() == *a;
        let few = n > SMALL && k.saturating_mul(5) <= n;
        let found = match (symmetric, self.arguments.sigma, self.arguments.which) {
            (true, None, _) if few => self.lanczos(a)?,
            (true, Some(sigma), _) if few => self.nearest(a, sigma)?,
            (false, None, Which::Largest) if few => self.krylov_schur(a)?,
            (true, ..) => self.symmetric(&self.run.dense(a)?, k)?,
            (false, ..) => self.general(&self.run.dense(a)?, k)?,
        };
        self.finish(n, Some(a.nnz()), found)
    }

    fn order(&self, (rows, columns): (usize, usize)) -> Result<usize> {
        if rows == columns {
            return Ok(rows);
        }
        Err(Error::new(format!(
            "{} is {rows} x {columns}, and only square matrices have eigenvalues",
            self.run.file
        ))
        .remedy("take its singular values with lapwing svd"))
    }

    fn count(&self, n: usize, default: usize) -> Result<usize> {
        self.run.count(self.arguments.k, n, "--k", default)
    }

    /// A few pairs at the ends of the spectrum, from products with the matrix.
    fn lanczos<T: Number, A: LinearOperator<T> + ?Sized>(&self, a: &A) -> Result<Found<T>> {
        let n = a.dimensions().0;
        let k = self.count(n, FEW)?;
        let which = match self.arguments.which {
            Which::Largest => Extreme::Largest,
            Which::Smallest => Extreme::Smallest,
            Which::Both => Extreme::Both,
        };
        let mut watch = |progress| self.run.watch(progress);
        let eigen = PartialSymmetricEigen::params(k).which(which).seed(self.arguments.seed);
        Ok(self.found_symmetric("lanczos", n, eigen.observer(&mut watch).compute(a)?))
    }

    /// The pairs nearest a shift, from the sparse factors of `A − σ I`.
    fn nearest(&self, a: &CsMatI<f64, u32>, sigma: f64) -> Result<Found<f64>> {
        let n = a.rows();
        let k = self.count(n, FEW)?;
        self.run.progress.phase(format!("factoring a sparse matrix of order {n}"));
        let a = a.to_other_types();
        let inverse = ShiftInverse::sparse(&a, sigma)?;
        let mut watch = |progress| self.run.watch(progress);
        let eigen = PartialSymmetricEigen::params(k).seed(self.arguments.seed).observer(&mut watch);
        Ok(self.found_symmetric("lanczos, shifted and inverted", n, eigen.nearest(&inverse)?))
    }

    fn found_symmetric<T: Number>(
        &self,
        method: &'static str,
        n: usize,
        eigen: PartialSymmetricEigen<T>,
    ) -> Found<T> {
        let residuals = eigen.residual_norms().to_owned();
        let certificate = self.arguments.verify.then(|| {
            let norm = eigen.norm_estimate().into();
            vec![Check::of_residuals("‖A V − V Λ‖ / (n ‖A‖ ε)", &residuals, norm, n)]
        });
        let (values, vectors) = eigen.into_factors();
        let vectors = self.arguments.compute_vectors.then_some((vectors, None));
        Found { method, values, imaginary_parts: None, vectors, residuals: Some(residuals), certificate }
    }

    /// The pairs of largest magnitude of a matrix that is not symmetric, from products with it.
    fn krylov_schur(&self, a: &CsMatI<f64, u32>) -> Result<Found<f64>> {
        let n = a.rows();
        let k = self.count(n, FEW)?;
        let mut watch = |progress| self.run.watch(progress);
        let eigen =
            PartialGeneralEigen::params(k).seed(self.arguments.seed).observer(&mut watch).compute(a)?;
        let residuals = eigen.residual_norms().to_owned();
        let certificate = self.arguments.verify.then(|| {
            vec![Check::of_residuals("‖A V − V Λ‖ / (n ‖A‖ ε)", &residuals, eigen.norm_estimate(), n)]
        });
        let (values, vectors) = eigen.into_factors();
        let parts = |vectors: Array2<Complex<f64>>| (vectors.mapv(|z| z.re), Some(vectors.mapv(|z| z.im)));
        let vectors = self.arguments.compute_vectors.then(|| parts(vectors));
        let (imaginary_parts, values) = (Some(values.mapv(|z| z.im)), values.mapv(|z| z.re));
        let (method, residuals) = ("krylov-schur", Some(residuals));
        Ok(Found { method, values, imaginary_parts, vectors, residuals, certificate })
    }

    fn symmetric<T: Number>(&self, a: &Array2<T>, k: usize) -> Result<Found<T>> {
        let n = a.nrows();
        self.run.progress.phase(format!("decomposing a symmetric matrix of order {n}"));
        let method = "symmetric";
        let all = match (self.arguments.sigma, self.arguments.which) {
            (None, Which::Largest | Which::Smallest) if self.arguments.compute_vectors => None,
            (None, Which::Both) if self.arguments.compute_vectors && k == n => None,
            _ => Some(SymmetricEigen::eigenvalues(a)?.values),
        };
        // Where the k values are among all of them, in ascending order; those nearest a shift are neighbours.
        let (lower, upper) = match (self.arguments.sigma, self.arguments.which, &all) {
            (Some(sigma), _, Some(all)) => {
                let distance = |i: usize| (Into::<f64>::into(all[i]) - sigma).abs();
                let mut first = 0;
                while first + k < n && distance(first + k) < distance(first) {
                    first += 1;
                }
                (0..0, first..first + k)
            }
            (_, Which::Largest, _) => (0..0, n - k..n),
            (_, Which::Smallest, _) => (0..k, n..n),
            _ => (0..k / 2, n - (k - k / 2)..n),
        };
        if !self.arguments.compute_vectors {
            let positions: Vec<usize> = lower.chain(upper).collect();
            let values = match all {
                Some(all) => all,
                None => SymmetricEigen::eigenvalues(a)?.values,
            };
            let values = values.select(Axis(0), &positions);
            let none = (None, None, None, None);
            let (imaginary_parts, vectors, residuals, certificate) = none;
            return Ok(Found { method, values, imaginary_parts, vectors, residuals, certificate });
        }
        let (mut values, mut vectors, mut checks) = (Array1::zeros(0), Array2::zeros((n, 0)), Vec::new());
        for part in [lower, upper].into_iter().filter(|part| !part.is_empty()) {
            let eigen = SymmetricEigen::params().spectrum(Spectrum::Index(part)).compute(a)?;
            if self.arguments.verify {
                checks.extend(Check::list(&eigen.certificate(a)?));
            }
            let (found, columns) = eigen.into_factors();
            let fits = "eigenvectors of the order of the matrix";
            values.append(Axis(0), found.view()).map_err(|_| Error::new(fits))?;
            vectors.append(Axis(1), columns.view()).map_err(|_| Error::new(fits))?;
        }
        let defect = matmul(a, &vectors)? - &vectors * &values;
        let residuals = defect.columns().into_iter().map(|column| column.dot(&column).sqrt()).collect();
        let certificate = self.arguments.verify.then_some(checks);
        let vectors = Some((vectors, None));
        Ok(Found { method, values, imaginary_parts: None, vectors, residuals: Some(residuals), certificate })
    }

    /// Of a matrix that is not symmetric all pairs are computed, and those of largest or smallest magnitude shown.
    fn general<T: Number>(&self, a: &Array2<T>, k: usize) -> Result<Found<T>> {
        let n = a.nrows();
        self.run.progress.phase(format!("decomposing a general matrix of order {n}"));
        let method = "general";
        let (values, vectors, certificate) = if self.arguments.compute_vectors {
            let eigen = GeneralEigen::new(a)?;
            let certificate = self.arguments.verify.then(|| eigen.certificate(a)).transpose()?;
            let (values, vectors) = eigen.into_factors();
            (values, Some(vectors), certificate.map(|found| Check::list(&found)))
        } else {
            (GeneralEigen::eigenvalues(a)?, None, None)
        };
        let order = |i: usize| {
            let (real, imaginary): (f64, f64) = (values[i].re.into(), values[i].im.into());
            match (self.arguments.sigma, self.arguments.which) {
                (Some(sigma), _) => (real - sigma).hypot(imaginary),
                (None, Which::Smallest) => real.hypot(imaginary),
                (None, Which::Largest | Which::Both) => -real.hypot(imaginary),
            }
        };
        let mut positions: Vec<usize> = (0..n).collect();
        // Stable, so that conjugate values stay neighbours.
        positions.sort_by(|&i, &j| order(i).total_cmp(&order(j)));
        match self.arguments.which {
            Which::Both if self.arguments.sigma.is_none() => drop(positions.drain(k - k / 2..n - k / 2)),
            _ => positions.truncate(k),
        }
        let values = values.select(Axis(0), &positions);
        let (vectors, residuals) = match vectors {
            None => (None, None),
            Some(vectors) => {
                let vectors = vectors.select(Axis(1), &positions);
                let (real, imaginary) = (vectors.mapv(|z| z.re), vectors.mapv(|z| z.im));
                let (re, im) = (values.mapv(|z| z.re), values.mapv(|z| z.im));
                let of_real = matmul(a, &real)? - &real * &re + &imaginary * &im;
                let of_imaginary = matmul(a, &imaginary)? - &imaginary * &re - &real * &im;
                let columns = of_real.columns().into_iter().zip(of_imaginary.columns());
                let residuals = columns.map(|(re, im)| (re.dot(&re) + im.dot(&im)).sqrt()).collect();
                (Some((real, Some(imaginary))), Some(residuals))
            }
        };
        let imaginary_parts = Some(values.mapv(|z| z.im));
        let values = values.mapv(|z| z.re);
        Ok(Found { method, values, imaginary_parts, vectors, residuals, certificate })
    }

    fn finish<T: Number>(self, order: usize, stored: Option<usize>, found: Found<T>) -> Result<()> {
        let rows_of = |matrix: &Array2<T>| matrix.rows().into_iter().map(|row| row.to_vec()).collect();
        let wide = |values: &Array1<T>| values.iter().map(|&value| value.into()).collect::<Vec<f64>>();
        self.run.finish(
            &Facts { rows: order, columns: order, stored, method: found.method },
            found.certificate.as_deref(),
            Vec::new(),
            |format, out| found.write(format, out),
            || {
                let imaginary = found.imaginary_parts.as_ref().map_or(vec![0.0; found.values.len()], wide);
                let values: Vec<(f64, f64)> = wide(&found.values).into_iter().zip(imaginary).collect();
                let residuals = found.residuals.as_ref().map(wide);
                report::eigenvalue_table(&values, found.imaginary_parts.is_some(), residuals.as_deref())
            },
            |seconds| Json {
                order,
                stored,
                method: found.method,
                eigenvalues: found.values.to_vec(),
                imaginary_parts: found.imaginary_parts.as_ref().map(|values| values.to_vec()),
                residuals: found.residuals.as_ref().map(|values| values.to_vec()),
                vectors: found.vectors.as_ref().map(|(real, _)| rows_of(real)),
                vectors_imaginary_parts: found
                    .vectors
                    .as_ref()
                    .and_then(|(_, imaginary)| imaginary.as_ref().map(rows_of)),
                seconds,
                threads: lapwing::threads::get(),
                backend: lapwing::backend::info().to_string(),
                certificate: found.certificate.as_deref(),
            },
        )
    }
}

impl<T: Number> Found<T> {
    /// The eigenvalues as CSV, or what `numpy.savez` would write of w and v, and of their imaginary parts.
    fn write(&self, format: FactorsFormat, out: &mut dyn Write) -> io::Result<()> {
        if format == FactorsFormat::Csv {
            let Some(imaginary) = &self.imaginary_parts else {
                writeln!(out, "eigenvalue")?;
                return self.values.iter().try_for_each(|value| writeln!(out, "{value:?}"));
            };
            writeln!(out, "eigenvalue,imaginary_part")?;
            let mut pairs = self.values.iter().zip(imaginary);
            return pairs.try_for_each(|(real, imaginary)| writeln!(out, "{real:?},{imaginary:?}"));
        }
        write_npz(out, |archive| {
            add_member(archive, "w", &self.values)?;
            if let Some(imaginary) = &self.imaginary_parts {
                add_member(archive, "w_im", imaginary)?;
            }
            if let Some((real, imaginary)) = &self.vectors {
                add_member(archive, "v", real)?;
                if let Some(imaginary) = imaginary {
                    add_member(archive, "v_im", imaginary)?;
                }
            }
            Ok(())
        })
    }
}
