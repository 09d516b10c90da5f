//! Decompositions, and least squares: sizes, layouts, scalars; with memory of their own and with reused memory.
//!
//!     cargo bench --bench decompositions -- svd/f64
//!
//! A time includes dropping the result: returning its pages is part of what a call costs.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use lapwing::lapack::least_squares::lstsq;
use lapwing::lapack::{GeneralEigen, Lu};
use lapwing::{
    Cholesky, Qr, QrParams, QrWorkspace, Scalar, Svd, SvdParams, SvdWorkspace, SymmetricEigen,
    SymmetricEigenParams, SymmetricEigenWorkspace,
};
use ndarray::{Array2, Axis, ShapeBuilder};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;

const ORDERS: [usize; 4] = [32, 128, 512, 1000];
const TALL_AND_WIDE: [(usize, usize); 3] = [(2000, 200), (200, 2000), (20_000, 50)];

/// What is measured of one matrix, whatever its scalar; `case` names scalar and layout.
trait Decomposition {
    const NAME: &'static str;
    fn matrices() -> Vec<Array2<f64>>;
    fn measure<T: Scalar>(group: &mut BenchmarkGroup<'_, WallTime>, case: &str, a: &Array2<T>);
}

struct SingularValueDecomposition;

impl Decomposition for SingularValueDecomposition {
    const NAME: &'static str = "svd";

    fn matrices() -> Vec<Array2<f64>> {
        rectangular()
    }

    fn measure<T: Scalar>(group: &mut BenchmarkGroup<'_, WallTime>, case: &str, a: &Array2<T>) {
        group
            .bench_function(id(case, "one-shot", a), |b| b.iter(|| Svd::thin(black_box(a)).expect("finite")));
        let mut workspace = SvdWorkspace::new();
        group.bench_function(id(case, "workspace", a), |b| {
            b.iter(|| SvdParams::default().compute_with(black_box(a), &mut workspace).expect("finite"))
        });
        group
            .bench_function(id(case, "values", a), |b| b.iter(|| Svd::values(black_box(a)).expect("finite")));
    }
}

struct SymmetricEigenDecomposition;

impl Decomposition for SymmetricEigenDecomposition {
    const NAME: &'static str = "eigh";

    fn matrices() -> Vec<Array2<f64>> {
        ORDERS.map(symmetric).to_vec()
    }

    fn measure<T: Scalar>(group: &mut BenchmarkGroup<'_, WallTime>, case: &str, a: &Array2<T>) {
        group.bench_function(id(case, "one-shot", a), |b| {
            b.iter(|| SymmetricEigen::new(black_box(a)).expect("finite"))
        });
        let mut workspace = SymmetricEigenWorkspace::new();
        group.bench_function(id(case, "workspace", a), |b| {
            b.iter(|| {
                SymmetricEigenParams::default().compute_with(black_box(a), &mut workspace).expect("finite")
            })
        });
    }
}

struct QrFactorization;

impl Decomposition for QrFactorization {
    const NAME: &'static str = "qr";

    fn matrices() -> Vec<Array2<f64>> {
        rectangular()
    }

    fn measure<T: Scalar>(group: &mut BenchmarkGroup<'_, WallTime>, case: &str, a: &Array2<T>) {
        group.bench_function(id(case, "factor", a), |b| b.iter(|| Qr::new(black_box(a)).expect("finite")));
        group.bench_function(id(case, "one-shot", a), |b| {
            b.iter(|| Qr::new(black_box(a)).and_then(Qr::into_thin).expect("finite"))
        });
        let mut workspace = QrWorkspace::new();
        group.bench_function(id(case, "workspace", a), |b| {
            b.iter(|| {
                let qr = QrParams::default().compute_with(black_box(a), &mut workspace);
                qr.and_then(Qr::into_thin).expect("finite")
            })
        });
    }
}

struct CholeskyFactorization;

impl Decomposition for CholeskyFactorization {
    const NAME: &'static str = "cholesky";

    fn matrices() -> Vec<Array2<f64>> {
        // Diagonally dominant: the magnitudes in a row of a Gaussian matrix sum to about 0.8 n.
        ORDERS.map(|order| symmetric(order) + Array2::<f64>::eye(order) * order as f64).to_vec()
    }

    fn measure<T: Scalar>(group: &mut BenchmarkGroup<'_, WallTime>, case: &str, a: &Array2<T>) {
        group.bench_function(id(case, "one-shot", a), |b| {
            b.iter(|| Cholesky::new(black_box(a)).expect("positive definite"))
        });
    }
}

struct LuFactorization;

impl Decomposition for LuFactorization {
    const NAME: &'static str = "lu";

    fn matrices() -> Vec<Array2<f64>> {
        ORDERS.map(|order| gaussian((order, order))).to_vec()
    }

    fn measure<T: Scalar>(group: &mut BenchmarkGroup<'_, WallTime>, case: &str, a: &Array2<T>) {
        group.bench_function(id(case, "one-shot", a), |b| b.iter(|| Lu::new(black_box(a)).expect("finite")));
    }
}

struct LeastSquaresSolution;

impl Decomposition for LeastSquaresSolution {
    const NAME: &'static str = "lstsq";

    fn matrices() -> Vec<Array2<f64>> {
        [(128, 32), (1000, 50), (2000, 200), (20_000, 50)].map(gaussian).to_vec()
    }

    fn measure<T: Scalar>(group: &mut BenchmarkGroup<'_, WallTime>, case: &str, a: &Array2<T>) {
        let target = a.sum_axis(Axis(1)).mapv(|sum| sum * sum);
        group.bench_function(id(case, "one-shot", a), |b| {
            b.iter(|| lstsq(black_box(a), black_box(&target)).expect("finite"))
        });
    }
}

struct GeneralEigenDecomposition;

impl Decomposition for GeneralEigenDecomposition {
    const NAME: &'static str = "eig";

    fn matrices() -> Vec<Array2<f64>> {
        [32, 128, 500].map(|order| gaussian((order, order))).to_vec()
    }

    fn measure<T: Scalar>(group: &mut BenchmarkGroup<'_, WallTime>, case: &str, a: &Array2<T>) {
        group.bench_function(id(case, "one-shot", a), |b| {
            b.iter(|| GeneralEigen::new(black_box(a)).expect("converges"))
        });
        group.bench_function(id(case, "values", a), |b| {
            b.iter(|| GeneralEigen::eigenvalues(black_box(a)).expect("converges"))
        });
    }
}

/// `row/f64/one-shot` and the size, under the name of the group.
fn id<T>(case: &str, call: &str, a: &Array2<T>) -> BenchmarkId {
    BenchmarkId::new(format!("{case}/{call}"), format!("{}x{}", a.nrows(), a.ncols()))
}

fn gaussian((rows, columns): (usize, usize)) -> Array2<f64> {
    let mut random = Pcg64Mcg::seed_from_u64(7);
    Array2::from_shape_simple_fn((rows, columns), || StandardNormal.sample(&mut random))
}

fn symmetric(order: usize) -> Array2<f64> {
    let a = gaussian((order, order));
    (&a + &a.t()) / 2.0
}

fn rectangular() -> Vec<Array2<f64>> {
    ORDERS.map(|order| (order, order)).into_iter().chain(TALL_AND_WIDE).map(gaussian).collect()
}

/// Both scalars, both layouts.
fn bench<D: Decomposition>(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group(D::NAME);
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(1));
    for a in D::matrices() {
        let narrow = a.mapv(|value| value as f32);
        D::measure(&mut group, "f64/row", &a);
        D::measure(&mut group, "f64/column", &column_major(&a));
        D::measure(&mut group, "f32/row", &narrow);
        D::measure(&mut group, "f32/column", &column_major(&narrow));
    }
    group.finish();
}

fn column_major<T: Scalar>(a: &Array2<T>) -> Array2<T> {
    let mut columns = Array2::zeros(a.raw_dim().f());
    columns.assign(a);
    columns
}

criterion_group!(
    decompositions,
    bench::<SingularValueDecomposition>,
    bench::<SymmetricEigenDecomposition>,
    bench::<QrFactorization>,
    bench::<CholeskyFactorization>,
    bench::<LuFactorization>,
    bench::<LeastSquaresSolution>,
    bench::<GeneralEigenDecomposition>
);
criterion_main!(decompositions);
