//! A graph that no dense matrix would hold: its slowest modes, a potential on it, and the leading triplets of its adjacency
//! matrix, from sparse products alone.
//!
//! Run with `cargo run --release --example large_and_sparse`.

use std::error::Error;
use std::f64::consts::PI;

use lapwing::iterative::preconditioners::IncompleteCholesky;
use lapwing::iterative::sprs::{CsMatI, TriMatI};
use lapwing::iterative::{ConjugateGradient, Extreme, Multiplicity, PartialSymmetricEigen};
use lapwing::{PartialSvd, RandomizedSvd};
use ndarray::Array1;

const WIDTH: usize = 60;
const HEIGHT: usize = 40;

fn main() -> Result<(), Box<dyn Error>> {
    // A grid of wires whose rim is grounded: 4 on the diagonal, -1 for each neighbour.
    let grid = grid(4.0, -1.0);
    println!("a grid of {WIDTH} x {HEIGHT} nodes, {} stored entries", grid.nnz());

    let modes = PartialSymmetricEigen::params(3)
        .which(Extreme::Smallest)
        .multiplicity(Multiplicity::AsFound)
        .compute(&grid)?;
    println!("\nslowest modes   closed form      residual");
    for (i, (value, residual)) in modes.values().iter().zip(modes.residual_norms()).enumerate() {
        let exact = mode([(1, 1), (2, 1), (1, 2)][i]);
        println!("{value:13.9} {exact:13.9} {residual:13.1e}");
    }

    // One ampere into the middle.
    let mut current = Array1::zeros(WIDTH * HEIGHT);
    current[HEIGHT / 2 * WIDTH + WIDTH / 2] = 1.0;
    let preconditioner = IncompleteCholesky::new(&grid)?;
    let plain = ConjugateGradient::params().tolerance(1e-10).solve(&grid, &current)?;
    let helped = ConjugateGradient::params()
        .tolerance(1e-10)
        .preconditioner(&preconditioner)
        .solve(&grid, &current)?;
    println!(
        "\nthe potential at the middle is {:.9}; conjugate gradients take {} iterations, {} with a preconditioner",
        helped.x()[HEIGHT / 2 * WIDTH + WIDTH / 2],
        plain.iterations(),
        helped.iterations()
    );

    let adjacency = self::grid(0.0, 1.0);
    let exact = PartialSvd::params(4).compute(&adjacency)?;
    let random = RandomizedSvd::params(4).compute(&adjacency)?;
    let bounds = random.error_bounds(&adjacency, 1)?;
    println!("\nlargest singular values of the adjacency matrix: {:.9}", exact.singular_values());
    println!("from random projections:                         {:.9}", random.singular_values());
    println!("what these leave out has a 2-norm between {:.4} and {:.4}", bounds.lower, bounds.upper);
    Ok(())
}

fn grid(diagonal: f64, neighbour: f64) -> CsMatI<f64, u32> {
    let mut entries = TriMatI::new((WIDTH * HEIGHT, WIDTH * HEIGHT));
    for (row, column) in (0..HEIGHT).flat_map(|row| (0..WIDTH).map(move |column| (row, column))) {
        let node = row * WIDTH + column;
        entries.add_triplet(node, node, diagonal);
        let right = (column + 1 < WIDTH).then_some(node + 1);
        let below = (row + 1 < HEIGHT).then_some(node + WIDTH);
        for other in right.into_iter().chain(below) {
            entries.add_triplet(node, other, neighbour);
            entries.add_triplet(other, node, neighbour);
        }
    }
    entries.to_csr()
}

/// The eigenvalue of the mode with so many half waves across and down.
fn mode((across, down): (usize, usize)) -> f64 {
    let part = |waves: usize, nodes: usize| 2.0 - 2.0 * (PI * waves as f64 / (nodes + 1) as f64).cos();
    part(across, WIDTH) + part(down, HEIGHT)
}
