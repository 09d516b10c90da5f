//! Lapwing as one side of `benches/peers/compare`: JSON lines in, JSON lines out.
//!
//! | request                                        | answer                                   |
//! |------------------------------------------------|------------------------------------------|
//! | `{"op": "versions"}`                           | `{"versions": {..}}`                     |
//! | `{"op": "load", "call", "path", "options"}`    | `{}`; reads the input, nothing is timed  |
//! | `{"op": "threads", "count"}`                   | `{}`                                     |
//! | `{"op": "run"}`                                | `{"seconds": ..}`; the call alone        |
//! | `{"op": "digest"}`                             | `{"digest": {name: [numbers]}}`          |
//!
//! As in `python_worker.py`, the previous result is dropped before the clock starts and the new one
//! after it stops, and a digest holds only numbers that do not depend on the signs of vectors.

use std::error::Error;
use std::io::{BufRead, Write};
use std::time::Instant;

use lapwing::{Cholesky, NComponents, Pca, PcaParams, PcaSolver, Qr, Svd, SymmetricEigen};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use serde_json::{Map, Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut worker = Worker::default();
    for line in std::io::stdin().lock().lines() {
        let answer = worker.answer(&line?).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        let mut output = std::io::stdout().lock();
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

#[derive(Default)]
struct Worker {
    work: Option<Work>,
    input: Array2<f64>,
    result: Option<Product>,
}

impl Worker {
    fn answer(&mut self, line: &str) -> Outcome<Value> {
        let request: Value = serde_json::from_str(line)?;
        match text(&request, "op")? {
            "versions" => {
                let backend = lapwing::backend::info();
                let library = format!("{} {}", backend.name, backend.version);
                let version = env!("CARGO_PKG_VERSION");
                Ok(json!({ "versions": { "lapwing": version, "BLAS": library, "kernels": backend.core } }))
            }
            "load" => {
                self.result = None;
                self.work = Some(Work::named(text(&request, "call")?, &request["options"])?);
                self.input = ndarray_npy::read_npy(text(&request, "path")?)?;
                Ok(json!({}))
            }
            "threads" => {
                lapwing::threads::set(usize::try_from(request["count"].as_u64().ok_or("count is missing")?)?);
                Ok(json!({}))
            }
            "run" => {
                let work = self.work.as_ref().ok_or("nothing is loaded")?;
                self.result = None;
                let start = Instant::now();
                let result = work.run(&self.input);
                let seconds = start.elapsed().as_secs_f64();
                self.result = Some(result?);
                Ok(json!({ "seconds": seconds }))
            }
            "digest" => {
                let result = self.result.as_ref().ok_or("nothing has run")?;
                Ok(json!({ "digest": Value::Object(result.digest()) }))
            }
            other => Err(format!("unknown op {other:?}").into()),
        }
    }
}

fn text<'a>(request: &'a Value, field: &str) -> Outcome<&'a str> {
    request[field].as_str().ok_or_else(|| format!("the field {field:?} is missing").into())
}

/// What `cases.py` calls the work of a case.
enum Work {
    SvdThin,
    Eigh,
    QrThin,
    Cholesky,
    Pca { solver: PcaSolver, params: PcaParams },
}

impl Work {
    fn named(name: &str, options: &Value) -> Outcome<Self> {
        let pca = |solver| -> Outcome<Self> {
            let components = options["components"].as_u64().ok_or("the option components is missing")?;
            let count = NComponents::Count(usize::try_from(components)?);
            let mut params = Pca::params().n_components(count).solver(solver);
            if let Some(iterations) = options["power_iterations"].as_u64() {
                params = params.power_iterations(usize::try_from(iterations)?);
            }
            Ok(Self::Pca { solver, params })
        };
        match name {
            "svd_thin" => Ok(Self::SvdThin),
            "eigh" => Ok(Self::Eigh),
            "qr_thin" => Ok(Self::QrThin),
            "cholesky" => Ok(Self::Cholesky),
            "pca_covariance" => pca(PcaSolver::CovarianceEigh),
            "pca_full" => pca(PcaSolver::Full),
            "pca_randomized" => pca(PcaSolver::Randomized),
            other => Err(format!("unknown work {other:?}").into()),
        }
    }

    fn run(&self, a: &Array2<f64>) -> Outcome<Product> {
        Ok(match self {
            Self::SvdThin => Product::Svd(Svd::thin(a)?),
            Self::Eigh => Product::Eigh(SymmetricEigen::new(a)?),
            Self::QrThin => {
                let (q, r) = Qr::new(a)?.into_thin()?;
                Product::Qr { q, r }
            }
            Self::Cholesky => Product::Cholesky(Cholesky::new(a)?),
            Self::Pca { solver, params } => {
                Product::Pca { fitted: Box::new(params.fit(a)?), solver: *solver }
            }
        })
    }
}

/// A result, whole, so that dropping it costs what it costs.
enum Product {
    Svd(Svd<f64>),
    Eigh(SymmetricEigen<f64>),
    Qr { q: Array2<f64>, r: Array2<f64> },
    Cholesky(Cholesky<f64>),
    Pca { fitted: Box<Pca<f64>>, solver: PcaSolver },
}

impl Product {
    fn digest(&self) -> Map<String, Value> {
        let mut digest = Map::new();
        let mut put = |name: &str, values: ArrayView1<'_, f64>| {
            digest.insert(name.to_owned(), json!(values.to_vec()));
        };
        match self {
            Self::Svd(svd) => {
                let (u, s, vt) = (svd.u(), svd.singular_values(), svd.vt());
                put("singular_values", s.view());
                put("product", u.dot(&(&s * &vt.dot(&probe(vt.ncols())))).view());
                put("left", gram_product(u, u.ncols()).view());
                put("right", gram_product(vt.t(), s.len()).view());
            }
            Self::Eigh(eigen) => {
                let (w, v) = (eigen.values(), eigen.vectors());
                put("eigenvalues", w.view());
                put("product", v.dot(&(&w * &v.t().dot(&probe(w.len())))).view());
                put("vectors", gram_product(v, w.len()).view());
            }
            Self::Qr { q, r } => {
                let below = r.indexed_iter().filter(|((row, column), _)| row > column);
                put("product", q.dot(&r.dot(&probe(r.ncols()))).view());
                put("orthogonal", gram_product(q.view(), r.nrows()).view());
                put("below_diagonal", Array1::from_elem(1, below.map(|(_, value)| value.abs()).sum()).view());
            }
            Self::Cholesky(cholesky) => {
                let factor = cholesky.factor();
                put("diagonal", factor.diag());
                put("product", factor.dot(&factor.t().dot(&probe(factor.nrows()))).view());
            }
            Self::Pca { fitted, solver } => {
                put("explained_variance", fitted.explained_variance().view());
                put("mean", fitted.mean().view());
                // Randomized components are converged far less than their variances.
                if *solver != PcaSolver::Randomized {
                    put("components", Array1::from_iter(fitted.components().iter().copied()).view());
                    put("noise_variance", Array1::from_elem(1, fitted.noise_variance()).view());
                }
            }
        }
        digest
    }
}

/// The vector both sides multiply by: their products with it do not depend on signs.
fn probe(length: usize) -> Array1<f64> {
    Array1::from_shape_fn(length, |index| (index as f64 + 1.0).sin())
}

/// `Qᵀ (Q z)`, which is `z` exactly when the columns of `Q` are orthonormal.
fn gram_product(columns: ArrayView2<'_, f64>, length: usize) -> Array1<f64> {
    columns.t().dot(&columns.dot(&probe(length)))
}
