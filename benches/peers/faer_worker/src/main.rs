//! faer as one side of `benches/peers/compare`: the protocol is in `protocol.rs`, the calls are here, every option of
//! the library at its default.

use faer::linalg::solvers::{Eigen, Llt, PartialPivLu, Qr, SelfAdjointEigen, Solve, SolveLstsq, Svd};
use faer::{Mat, MatRef, Par, Side};
use ndarray::{Array1, Array2};
use serde_json::{Value, json};

#[path = "../../protocol.rs"]
mod protocol;

use protocol::{Digest, Input, Library, Outcome};

fn main() -> Outcome<()> {
    protocol::serve::<Faer>()
}

struct Faer;

enum Work {
    Svd,
    Eigh,
    Qr,
    Cholesky,
    Lu,
    LeastSquares,
    Eig,
}

enum Product {
    Svd(Svd<f64>),
    Eigh(SelfAdjointEigen<f64>),
    Qr { factors: Qr<f64>, q: Mat<f64> },
    Cholesky(Llt<f64>),
    Lu(PartialPivLu<f64>),
    LeastSquares(Mat<f64>),
    Eig(Eigen<f64>),
}

impl Library for Faer {
    type Work = Work;
    type Product = Product;

    fn versions() -> Value {
        json!({ "faer": locked_version().unwrap_or("unknown"), "kernels": "its own" })
    }

    fn set_threads(count: usize) {
        faer::set_global_parallelism(if count > 1 { Par::rayon(count) } else { Par::Seq });
    }

    fn work(name: &str, _: &Value) -> Outcome<Work> {
        match name {
            "svd" => Ok(Work::Svd),
            "eigh" => Ok(Work::Eigh),
            "qr" => Ok(Work::Qr),
            "cholesky" => Ok(Work::Cholesky),
            "lu" => Ok(Work::Lu),
            "lstsq" => Ok(Work::LeastSquares),
            "eig" => Ok(Work::Eig),
            other => Err(format!("unknown call {other:?}").into()),
        }
    }

    fn run(work: &Work, input: &Input) -> Outcome<Product> {
        let a = borrowed(&input.matrix)?;
        let failed = |error: &dyn std::fmt::Debug| format!("{error:?}");
        Ok(match work {
            Work::Svd => Product::Svd(a.thin_svd().map_err(|error| failed(&error))?),
            Work::Eigh => Product::Eigh(a.self_adjoint_eigen(Side::Lower).map_err(|error| failed(&error))?),
            Work::Qr => {
                let factors = a.qr();
                Product::Qr { q: factors.compute_thin_Q(), factors }
            }
            Work::Cholesky => Product::Cholesky(a.llt(Side::Lower).map_err(|error| failed(&error))?),
            Work::Lu => Product::Lu(a.partial_piv_lu()),
            Work::LeastSquares => Product::LeastSquares(a.qr().solve_lstsq(column(input))),
            Work::Eig => Product::Eig(a.eigen().map_err(|error| failed(&error))?),
        })
    }

    fn digest(product: &Product, input: &Input) -> Outcome<Digest> {
        Ok(match product {
            Product::Svd(svd) => Digest::svd(
                array(svd.U()).view(),
                array(svd.S().column_vector().as_mat()).column(0),
                array(svd.V()).t(),
            ),
            Product::Eigh(eigen) => {
                Digest::eigh(array(eigen.S().column_vector().as_mat()).column(0), array(eigen.U()).view())
            }
            Product::Qr { factors, q } => {
                Digest::qr(array(q.as_ref()).view(), array(factors.thin_R()).view())
            }
            Product::Cholesky(factor) => Digest::cholesky(array(factor.L()).view()),
            Product::Lu(factors) => Digest::lu(
                array(factors.solve(column(input)).as_ref()).column(0),
                array(factors.U()).diag().iter().map(|pivot| pivot.abs().ln()).sum(),
            ),
            Product::LeastSquares(solution) => Digest::least_squares(array(solution.as_ref()).column(0)),
            Product::Eig(eigen) => {
                let (values, vectors) = (eigen.S().column_vector(), eigen.U());
                let part = |of: fn(&faer::c64) -> f64| {
                    let parts = Array1::from_shape_fn(values.nrows(), |i| of(&values[i]));
                    let shape = (vectors.nrows(), vectors.ncols());
                    (parts, Array2::from_shape_fn(shape, |(i, j)| of(&vectors[(i, j)])))
                };
                let ((a, x), (b, y)) = (part(|z| z.re), part(|z| z.im));
                Digest::eig(input.matrix.view(), (a.view(), b.view()), (x.view(), y.view()))
            }
        })
    }
}

/// The input as faer sees it, in the memory order that it has.
fn borrowed(a: &Array2<f64>) -> Outcome<MatRef<'_, f64>> {
    let entries = a.as_slice_memory_order().ok_or("the input is not contiguous")?;
    Ok(if a.is_standard_layout() {
        MatRef::from_row_major_slice(entries, a.nrows(), a.ncols())
    } else {
        MatRef::from_column_major_slice(entries, a.nrows(), a.ncols())
    })
}

fn column(input: &Input) -> MatRef<'_, f64> {
    let entries = input.right_hand_side.as_slice().expect("a new vector is contiguous");
    MatRef::from_column_major_slice(entries, entries.len(), 1)
}

fn array(a: MatRef<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), a.ncols()), |(i, j)| a[(i, j)])
}

/// The version of faer that the lock file names.
fn locked_version() -> Option<&'static str> {
    let package =
        include_str!("../Cargo.lock").split("[[package]]").find(|p| p.contains("name = \"faer\"\n"))?;
    package.split("version = \"").nth(1)?.split('"').next()
}
