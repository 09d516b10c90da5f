//! Lapwing as one side of `benches/peers/compare`: the protocol is in `protocol.rs`, the calls are here.

use lapwing::lapack::least_squares::{LeastSquares, lstsq};
use lapwing::lapack::{GeneralEigen, Lu};
use lapwing::{Cholesky, NComponents, Pca, PcaParams, PcaSolver, Qr, Svd, SymmetricEigen};
use ndarray::{Array2, Ix1};
use serde_json::{Value, json};

mod protocol;

use protocol::{Digest, Input, Library, Outcome};

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
        let pca = |solver| -> Outcome<Work> {
            let components = options["components"].as_u64().ok_or("the option components is missing")?;
            let count = NComponents::Count(usize::try_from(components)?);
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
            other => Err(format!("unknown work {other:?}").into()),
        }
    }

    fn run(work: &Work, Input { matrix: a, right_hand_side: b }: &Input) -> Outcome<Product> {
        Ok(match work {
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
