//! PCA by every solver, on the shapes that decide between them; and what a fitted model does with new rows.
//!
//!     cargo bench --bench pca -- covariance

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lapwing::{NComponents, Pca, PcaSolver, Scalar};
use ndarray::{Array1, Array2};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;

/// Samples, features, components: tall, square and wide.
const SHAPES: [(usize, usize, usize); 4] =
    [(100_000, 50, 20), (20_000, 500, 20), (1_000, 1_000, 20), (500, 5_000, 20)];
/// A solver whose cost grows with the square or the cube of the features is not asked for more than this.
const FEATURES_OF_COVARIANCE: usize = 1_000;

/// Rows whose standard deviations fall like 1/i, around a mean away from zero.
fn rows(samples: usize, features: usize) -> Array2<f64> {
    let mut random = Pcg64Mcg::seed_from_u64(7);
    let scales = Array1::from_iter((1..=features).map(|index| 10.0 / index as f64));
    let normal = Array2::from_shape_simple_fn((samples, features), || StandardNormal.sample(&mut random));
    normal * scales + 3.0
}

fn solvers(features: usize) -> Vec<PcaSolver> {
    let mut solvers = vec![PcaSolver::Full, PcaSolver::Randomized];
    if features <= FEATURES_OF_COVARIANCE {
        solvers.push(PcaSolver::CovarianceEigh);
    }
    solvers
}

fn fit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pca/fit");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for (samples, features, components) in SHAPES {
        let x = rows(samples, features);
        let narrow = x.mapv(|value| value as f32);
        let size = format!("{samples}x{features}");
        for solver in solvers(features) {
            let params = Pca::params().n_components(NComponents::Count(components)).solver(solver);
            group.bench_function(BenchmarkId::new(format!("f64/{solver}"), &size), |b| {
                b.iter(|| params.fit(black_box(&x)).expect("finite"))
            });
            group.bench_function(BenchmarkId::new(format!("f32/{solver}"), &size), |b| {
                b.iter(|| params.fit(black_box(&narrow)).expect("finite"))
            });
        }
    }
    group.finish();
}

fn apply<T: Scalar>(criterion: &mut Criterion, name: &str, x: &Array2<T>) {
    let pca = Pca::params().n_components(NComponents::Count(20)).fit(x).expect("finite");
    let scores = pca.transform(x).expect("the rows that were fitted");
    let mut group = criterion.benchmark_group(format!("pca/apply/{name}"));
    group.sample_size(10).throughput(Throughput::Elements(x.nrows() as u64));
    group.bench_function("transform", |b| b.iter(|| pca.transform(black_box(x)).expect("as fitted")));
    group.bench_function("inverse_transform", |b| {
        b.iter(|| pca.inverse_transform(black_box(&scores)).expect("as fitted"))
    });
    group.bench_function("score_samples", |b| b.iter(|| pca.score_samples(black_box(x)).expect("as fitted")));
    group.finish();
}

fn apply_to_rows(criterion: &mut Criterion) {
    let x = rows(100_000, 50);
    apply(criterion, "f64", &x);
    apply(criterion, "f32", &x.mapv(|value| value as f32));
}

criterion_group!(pca, fit, apply_to_rows);
criterion_main!(pca);
