//! `solve` looks at a matrix before it solves: eleven structures, and what it does about each.
//!
//! Run with `cargo run --release --example solve_explained`.

use std::error::Error;

use lapwing::lapack::random::standard_normal;
use lapwing::lapack::solve;
use ndarray::{Array1, Array2};

const N: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let random = standard_normal(N, N, 1);
    let tall = standard_normal(2 * N, N, 2);
    let within = |lower: usize, upper: usize| {
        Array2::from_shape_fn((N, N), |(i, j)| match (i <= j + lower && j <= i + upper, i == j) {
            (_, true) => 10.0 * N as f64,
            (true, _) => random[[i, j]],
            _ => 0.0,
        })
    };
    let mirrored = Array2::from_shape_fn((N, N), |(i, j)| random[[i.max(j), i.min(j)]]);
    let gram = tall.t().dot(&tall);
    let covariance = Array2::from_shape_fn((N, N), |(i, j)| gram[[i.max(j), i.min(j)]] / (2 * N) as f64);
    let low_rank = standard_normal(N, N / 4, 3).dot(&standard_normal(N / 4, N, 4));

    for (title, a) in [
        ("independent equations", within(0, 0)),
        ("a factor that is at hand", within(N, 0)),
        ("its transpose", within(0, N)),
        ("a chain", within(1, 1)),
        ("a smoothing spline", within(2, 3)),
        ("a covariance", covariance),
        ("a saddle point", mirrored),
        ("a matrix without structure", random.clone()),
        ("a regression", tall.clone()),
        ("more unknowns than equations", tall.t().to_owned()),
        ("equations that repeat one another", low_rank),
    ] {
        let b = Array1::ones(a.nrows());
        println!("{title}\n{}\n", solve(&a, &b)?.explain());
    }
    Ok(())
}
