//! Random matrices: the same seed gives the same matrix, on every machine.

use ndarray::Array2;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

/// A matrix of independent standard normal entries, drawn in row order.
pub fn standard_normal(rows: usize, cols: usize, seed: u64) -> Array2<f64> {
    let mut generator = Pcg64::seed_from_u64(seed);
    Array2::from_shape_simple_fn((rows, cols), || StandardNormal.sample(&mut generator))
}
