//! FAST-MCD: many random starts on few samples, few candidates on all of them.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

use super::exchange::exchange;
use super::params::all_equal;
use super::search::{Candidate, Search, best, medians};
use crate::error::Error;

/// Up to so many samples are searched as they are.
const MOST_AT_ONCE: usize = 500;
/// The random starts on them: scikit-learn's number of either kind.
const STARTS: usize = 60;
/// The random starts in all, where there are subsets.
const STARTS_IN_SUBSETS: usize = 500;
/// How many samples a subset has, at the least.
const SUBSET: usize = 300;
const MOST_SUBSETS: usize = 5;
/// How many candidates are kept of each subset, and for the last search.
const KEPT: usize = 10;

/// Which `size` of the `rows`, fewer than all, have the covariance of the least determinant that was found.
/// `units` are the deviations of the columns.
pub(super) fn fast_mcd<T: Scalar>(
    rows: ArrayView2<T>,
    units: &Array1<f64>,
    size: usize,
    seed: u64,
) -> Result<Vec<bool>, Error> {
    let mut random = Pcg64::seed_from_u64(seed);
    let reference = medians(rows);
    let all = Search { rows, reference: &reference, units, size };
    let candidates = if rows.nrows() <= MOST_AT_ONCE {
        random_candidates(&all, STARTS, &mut random)?
    } else {
        candidates_of_subsets(&all, &mut random)?
    };
    match all.converge(&candidates)?.first() {
        Some(candidate) => exchange(&all, all.support(candidate)?),
        None => Err(all_equal(size, rows.nrows())),
    }
}

/// The best candidates of `starts` random supports, two steps on.
///
/// Every other start has p + 1 samples only, as in the paper: where many samples are outliers, some such subsets are
/// without any. The rest are of full size, as scikit-learn's are, which lead on where p + 1 samples are too few to tell.
fn random_candidates<T: Scalar>(
    search: &Search<T>,
    starts: usize,
    random: &mut Pcg64,
) -> Result<Vec<Candidate>, Error> {
    let (rows, features) = search.rows.dim();
    let mut order: Vec<usize> = (0..rows).collect();
    let few = (features + 1).min(search.size);
    let supports: Vec<Vec<bool>> = (0..starts)
        .map(|start| {
            let size = if start % 2 == 0 { search.size } else { few };
            let mut support = vec![false; rows];
            order.partial_shuffle(random, size).0.iter().for_each(|&i| support[i] = true);
            support
        })
        .collect();
    let candidates = search.candidates(&supports)?;
    let once = search.step(&candidates)?;
    Ok(best(search.step(&once)?, KEPT))
}

/// The best candidates of random subsets, and then of those subsets together.
fn candidates_of_subsets<T: Scalar>(all: &Search<T>, random: &mut Pcg64) -> Result<Vec<Candidate>, Error> {
    let samples = all.rows.nrows();
    let mut order: Vec<usize> = (0..samples).collect();
    order.shuffle(random);
    let subsets = (samples / SUBSET).min(MOST_SUBSETS);
    // Of up to 1500 samples, all are in a subset.
    let merged = samples.min(MOST_SUBSETS * SUBSET);
    let share = all.size as f64 / samples as f64;
    let size_of = |samples: usize| ((samples as f64 * share).ceil() as usize).clamp(1, samples);
    let mut candidates = Vec::new();
    for subset in 0..subsets {
        let chosen = &order[merged * subset / subsets..merged * (subset + 1) / subsets];
        let rows: Array2<T> = all.rows.select(Axis(0), chosen);
        let search = Search { rows: rows.view(), size: size_of(chosen.len()), ..*all };
        candidates.extend(random_candidates(&search, STARTS_IN_SUBSETS / subsets, random)?);
    }
    if merged == samples {
        return Ok(candidates);
    }
    let rows: Array2<T> = all.rows.select(Axis(0), &order[..merged]);
    let search = Search { rows: rows.view(), size: size_of(merged), ..*all };
    let mut kept = search.converge(&candidates)?;
    kept.truncate(KEPT);
    Ok(kept)
}
