//! Gaussians of distances, whose scale is given, or comes from the distances themselves.

use std::ops::Range;

use lapwing_lapack::{Scalar, require_finite, threads, zeros};
use ndarray::{Array2, ArrayRef2, ArrayViewMut2, Axis};
use rand::SeedableRng;
use rand_pcg::Pcg64;

use super::kernel_matrix;
use crate::error::Error;
use crate::kernels::{Kernel, mirror_lower_triangle};
use crate::neighbors::{NearestNeighbors, Unit, entries, invalid, squared_distance};

/// Up to this many samples the median is that of all pairs; above, of the pairs among as many samples, drawn without
/// replacement: half a million.
const MEDIAN_SAMPLES: usize = 1000;

/// γ of a Gaussian exp(−γ ‖x − y‖²).
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gamma {
    /// This number, positive and finite. scikit-learn's is 1 for spectral clustering.
    Value(f64),
    /// 1/H with H the median of ‖xᵢ − xⱼ‖² over the pairs i < j of samples that are not equal (Garreau, Jitkrittum and
    /// Kanagawa, "Large sample analysis of the median heuristic", 2017): half of the pairs have affinities above 1/e. 1 where
    /// all samples are equal. Among more than 1000 samples, the pairs are those of 1000 of them.
    MedianHeuristic {
        /// The seed by which the 1000 samples are drawn.
        seed: u64,
    },
}

impl Gamma {
    /// γ for the rows of `x` (n x p).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a value that is not positive and finite; [`Error::Lapack`] with `NonFinite`,
    /// `OutOfMemory`, or `Overflow` when γ is out of range.
    pub fn value<T: Scalar>(self, x: &ArrayRef2<T>) -> Result<f64, Error> {
        match self {
            Gamma::Value(gamma) if gamma > 0.0 && gamma.is_finite() => Ok(gamma),
            Gamma::Value(gamma) => Err(invalid("gamma", gamma, "positive and finite".to_owned())),
            Gamma::MedianHeuristic { seed } => {
                require_finite("x", x)?;
                let unit = Unit::of(x);
                let gamma = median_gamma(&unit.measure(x)?, seed);
                let gamma = 1.0 / unit.restore_square(1.0 / gamma);
                if gamma > 0.0 && gamma.is_finite() {
                    return Ok(gamma);
                }
                Err(lapwing_lapack::Error::Overflow { routine: "the median heuristic", scalar: "f64" }.into())
            }
        }
    }
}

pub(super) fn rbf<T: Scalar>(x: &ArrayRef2<T>, gamma: Gamma) -> Result<Array2<f64>, Error> {
    match gamma {
        Gamma::Value(_) => kernel_matrix(x, Kernel::Rbf { gamma: Some(gamma.value(x)?) }),
        // The median and the distances change their unit together.
        Gamma::MedianHeuristic { seed } => {
            let x = Unit::of(x).measure(x)?;
            kernel_matrix(&x, Kernel::Rbf { gamma: Some(median_gamma(&x, seed)) })
        }
    }
}

fn median_gamma(x: &Array2<f64>, seed: u64) -> f64 {
    let (n, p) = x.dim();
    let mut random = Pcg64::seed_from_u64(seed);
    let chosen = rand::seq::index::sample(&mut random, n, n.min(MEDIAN_SAMPLES)).into_vec();
    let row = |i: usize| &entries(x)[i * p..][..p];
    let mut squares = Vec::with_capacity(chosen.len() * chosen.len() / 2);
    for (rank, &i) in chosen.iter().enumerate() {
        squares.extend(chosen[..rank].iter().map(|&j| squared_distance(row(i), row(j))));
    }
    squares.retain(|&square| square > 0.0);
    if squares.is_empty() {
        return 1.0;
    }
    let (half, even) = (squares.len() / 2, squares.len().is_multiple_of(2));
    let (below, &mut upper, _) = squares.select_nth_unstable_by(half, f64::total_cmp);
    let lower = if even { below.iter().fold(0.0, |most: f64, &square| most.max(square)) } else { upper };
    1.0 / (0.5 * lower + 0.5 * upper)
}

pub(super) fn self_tuning<T: Scalar>(x: &ArrayRef2<T>, neighbor: usize) -> Result<Array2<f64>, Error> {
    let n = x.nrows();
    if neighbor == 0 || neighbor >= n {
        let requirement = format!("at least 1 and below the number of samples, {n}");
        return Err(invalid("neighbor", neighbor, requirement));
    }
    let x = Unit::of(x).measure(x)?;
    let scales = local_scales(&x, neighbor)?;
    let mut affinities = zeros(n, n)?;
    // Rows end at the diagonal, and blocks of them are dealt out in turn, so that every thread has as much to do.
    let threads = threads::partition(n, 2 * ROWS).len();
    let mut hands: Vec<Vec<(Range<usize>, ArrayViewMut2<f64>)>> = (0..threads).map(|_| Vec::new()).collect();
    for (i, band) in affinities.axis_chunks_iter_mut(Axis(0), ROWS).enumerate() {
        hands[i % threads].push((i * ROWS..i * ROWS + band.nrows(), band));
    }
    let row = |i: usize| &entries(&x)[i * x.ncols()..][..x.ncols()];
    threads::map(hands, |hand| {
        for (range, mut band) in hand {
            for (i, mut affinities) in range.zip(band.outer_iter_mut()) {
                for (j, affinity) in affinities.iter_mut().enumerate().take(i) {
                    let distance = squared_distance(row(i), row(j)).sqrt();
                    // Two quotients: the product of two small scales may underflow.
                    *affinity = (-(distance / scales[i]) * (distance / scales[j])).exp();
                }
            }
        }
    });
    mirror_lower_triangle(&mut affinities);
    Ok(affinities)
}

/// Rows per block.
const ROWS: usize = 64;

/// The distance of each sample to its neighbour of this rank or, where that is 0, to the nearest that is not equal to it;
/// 1 where all are equal.
fn local_scales(x: &Array2<f64>, neighbor: usize) -> Result<Vec<f64>, Error> {
    let nearest = NearestNeighbors::params().fit(x)?.k_neighbors_of_samples(neighbor)?;
    let row = |i: usize| &entries(x)[i * x.ncols()..][..x.ncols()];
    let distances = nearest.distances.column(neighbor - 1).to_vec();
    let scale = |(i, distance): (usize, f64)| {
        if distance > 0.0 {
            return distance;
        }
        let squares = (0..x.nrows()).map(|j| squared_distance(row(i), row(j))).filter(|&square| square > 0.0);
        let least = squares.fold(f64::INFINITY, f64::min);
        if least.is_finite() { least.sqrt() } else { 1.0 }
    };
    Ok(distances.into_iter().enumerate().map(scale).collect())
}
