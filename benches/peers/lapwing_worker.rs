//! Lapwing as one side of `benches/peers/compare`: the protocol is in `protocol.rs`, the calls are here.

use lapwing::iterative::sprs::{CsMatI, TriMatI};
use lapwing::iterative::{ConjugateGradient, PartialSymmetricEigen};
use lapwing::lapack::least_squares::{LeastSquares, lstsq};
use lapwing::lapack::{GeneralEigen, Lu};
use lapwing::{
    Cholesky, IncrementalPca, NComponents, Pca, PcaParams, PcaSolver, Qr, Svd, SymmetricEigen, TruncatedSvd,
};
use ndarray::{Array1, Array2, Ix1};
use serde_json::{Value, json};

mod clustering;
mod protocol;
mod statistics;

use protocol::{Digest, Input, Library, Outcome, probe};

fn main() -> Outcome<()> {
    protocol::serve::<Lapwing>()
}

struct Lapwing;

/// What `cases.py` calls the work of a case.
enum Work {
    SvdThin,
    Eigh,
    QrThin,
    Cholesky,
    Lu,
    LeastSquares,
    Eig,
    Pca { solver: PcaSolver, params: PcaParams },
    IncrementalPca { count: usize, batch_rows: usize },
    Sparse { call: SparseCall, shape: (usize, usize), matrix: CsMatI<f64, u32> },
    Statistics { call: statistics::Call, options: Value },
    Clustering(clustering::Call),
}

enum SparseCall {
    TruncatedSvd { count: usize, power_iterations: usize },
    PartialEigh { count: usize },
    ConjugateGradient { tolerance: f64 },
}

enum Product {
    Svd(Svd<f64>),
    Eigh(SymmetricEigen<f64>),
    Qr { q: Array2<f64>, r: Array2<f64> },
    Cholesky(Cholesky<f64>),
    Lu(Lu<f64>),
    LeastSquares(LeastSquares<f64, Ix1>),
    Eig(GeneralEigen<f64>),
    Pca { fitted: Box<Pca<f64>>, solver: PcaSolver },
    IncrementalPca(Box<Pca<f64>>),
    TruncatedSvd(TruncatedSvd<f64>),
    PartialEigh(PartialSymmetricEigen<f64>),
    Solution(Array1<f64>),
    Statistics(statistics::Fitted),
    Clustering(clustering::Fitted),
}

impl Library for Lapwing {
    type Work = Work;
    type Product = Product;

    fn versions() -> Value {
        let backend = lapwing::backend::info();
        let library = format!("{} {}", backend.name, backend.version);
        json!({ "lapwing": env!("CARGO_PKG_VERSION"), "BLAS": library, "kernels": backend.core })
    }

    fn set_threads(count: usize) {
        lapwing::threads::set(count);
    }

    fn work(name: &str, options: &Value) -> Outcome<Work> {
        let whole = |option: &str| -> Outcome<usize> {
            let value = options[option].as_u64().ok_or_else(|| format!("the option {option} is missing"))?;
            Ok(usize::try_from(value)?)
        };
        let sparse = |call| -> Outcome<Work> {
            let (rows, columns) = (options["shape"][0].as_u64(), options["shape"][1].as_u64());
            let (Some(rows), Some(columns)) = (rows, columns) else {
                return Err("the option shape is missing".into());
            };
            let shape = (usize::try_from(rows)?, usize::try_from(columns)?);
            Ok(Work::Sparse { call, shape, matrix: CsMatI::zero((0, 0)) })
        };
        let pca = |solver| -> Outcome<Work> {
            let count = NComponents::Count(whole("components")?);
            let mut params = Pca::params().n_components(count).solver(solver);
            if let Some(iterations) = options["power_iterations"].as_u64() {
                params = params.power_iterations(usize::try_from(iterations)?);
            }
            Ok(Work::Pca { solver, params })
        };
        match name {
            "svd_thin" => Ok(Work::SvdThin),
            "eigh" => Ok(Work::Eigh),
            "qr_thin" => Ok(Work::QrThin),
            "cholesky" => Ok(Work::Cholesky),
            "lu" => Ok(Work::Lu),
            "lstsq" => Ok(Work::LeastSquares),
            "eig" => Ok(Work::Eig),
            "pca_covariance" => pca(PcaSolver::CovarianceEigh),
            "pca_full" => pca(PcaSolver::Full),
            "pca_randomized" => pca(PcaSolver::Randomized),
            "incremental_pca" => {
                Ok(Work::IncrementalPca { count: whole("components")?, batch_rows: whole("batch_rows")? })
            }
            "truncated_svd" => {
                let (count, power_iterations) = (whole("components")?, whole("power_iterations")?);
                sparse(SparseCall::TruncatedSvd { count, power_iterations })
            }
            "partial_eigh" => sparse(SparseCall::PartialEigh { count: whole("components")? }),
            "conjugate_gradient" => {
                let tolerance = options["tolerance"].as_f64().ok_or("the option tolerance is missing")?;
                sparse(SparseCall::ConjugateGradient { tolerance })
            }
            other => match (statistics::call(other), clustering::call(other, options)) {
                (Some(call), _) => Ok(Work::Statistics { call, options: options.clone() }),
                (_, Some(call)) => Ok(Work::Clustering(call)),
                _ => Err(format!("unknown work {other:?}").into()),
            },
        }
    }

    fn prepare(work: &mut Work, input: &mut Input) -> Outcome<()> {
        if let Work::Sparse { shape, matrix, .. } = work {
            let mut triplets = TriMatI::<f64, u32>::with_capacity(*shape, input.matrix.nrows());
            for entry in input.matrix.rows() {
                triplets.add_triplet(entry[0] as usize, entry[1] as usize, entry[2]);
            }
            *matrix = triplets.to_csr();
            input.right_hand_side = probe(shape.0);
        }
        if let Work::Statistics { options, .. } = work {
            statistics::prepare(options, input)?;
        }
        Ok(())
    }

    fn run(work: &Work, input: &Input) -> Outcome<Product> {
        let Input { matrix: a, right_hand_side: b } = input;
        Ok(match work {
            Work::Statistics { call, .. } => Product::Statistics(statistics::run(call, input)?),
            Work::Clustering(call) => Product::Clustering(clustering::run(call, a)?),
            Work::SvdThin => Product::Svd(Svd::thin(a)?),
            Work::Eigh => Product::Eigh(SymmetricEigen::new(a)?),
            Work::QrThin => {
                let (q, r) = Qr::new(a)?.into_thin()?;
                Product::Qr { q, r }
            }
            Work::Cholesky => Product::Cholesky(Cholesky::new(a)?),
            Work::Lu => Product::Lu(Lu::new(a)?),
            Work::LeastSquares => Product::LeastSquares(lstsq(a, b)?),
            Work::Eig => Product::Eig(GeneralEigen::new(a)?),
            Work::Pca { solver, params } => {
                Product::Pca { fitted: Box::new(params.fit(a)?), solver: *solver }
            }
            Work::IncrementalPca { count, batch_rows } => {
                let params = IncrementalPca::params().n_components(NComponents::Count(*count));
                Product::IncrementalPca(Box::new(params.batch_rows(*batch_rows).fit(a)?.to_pca()?))
            }
            Work::Sparse { call, matrix, .. } => match call {
                SparseCall::TruncatedSvd { count, power_iterations } => {
                    let params = TruncatedSvd::params().n_components(*count);
                    Product::TruncatedSvd(params.power_iterations(*power_iterations).fit(matrix)?)
                }
                SparseCall::PartialEigh { count } => {
                    Product::PartialEigh(PartialSymmetricEigen::params(*count).compute(matrix)?)
                }
                SparseCall::ConjugateGradient { tolerance } => {
                    let params = ConjugateGradient::params().tolerance(*tolerance);
                    Product::Solution(params.solve(matrix, b)?.into_x())
                }
            },
        })
    }

    fn digest(product: &Product, input: &Input) -> Outcome<Digest> {
        Ok(match product {
            Product::Svd(svd) => Digest::svd(svd.u(), svd.singular_values(), svd.vt()),
            Product::Eigh(eigen) => Digest::eigh(eigen.values(), eigen.vectors()),
            Product::Qr { q, r } => Digest::qr(q.view(), r.view()),
            Product::Cholesky(cholesky) => Digest::cholesky(cholesky.factor()),
            Product::Lu(lu) => {
                Digest::lu(lu.solve(&input.right_hand_side)?.view(), lu.sign_log_determinant()?.1)
            }
            Product::LeastSquares(fit) => Digest::least_squares(fit.solution()),
            Product::Eig(eigen) => {
                let (values, vectors) = (eigen.values().split_complex(), eigen.vectors().split_complex());
                Digest::eig(input.matrix.view(), (values.re, values.im), (vectors.re, vectors.im))
            }
            Product::IncrementalPca(fitted) => {
                Digest::default().put("explained_variance", fitted.explained_variance().to_vec())
            }
            Product::TruncatedSvd(svd) => {
                Digest::default().put("singular_values", svd.singular_values().to_vec())
            }
            Product::PartialEigh(eigen) => Digest::default().put("eigenvalues", eigen.values().to_vec()),
            Product::Statistics(fitted) => statistics::digest(fitted)?,
            Product::Clustering(fitted) => clustering::digest(fitted),
            Product::Solution(x) => Digest::default().put("solution", x.to_vec()),
            Product::Pca { fitted, solver } => {
                let digest = Digest::default()
                    .put("explained_variance", fitted.explained_variance().to_vec())
                    .put("mean", fitted.mean().to_vec());
                // Randomized components are converged far less than their variances.
                if *solver == PcaSolver::Randomized {
                    digest
                } else {
                    digest
                        .put("components", fitted.components().iter().copied())
                        .put("noise_variance", [fitted.noise_variance()])
                }
            }
        })
    }
}
