//! Where the centres start.

use lapwing_lapack::{Scalar, threads, zeros};
use ndarray::{Array2, s};
use rand::RngExt;
use rand_pcg::Pcg64;

use super::samples::{Samples, groups, map_items, rows_per_block, squared_distance};
use crate::error::Error;

/// Greedy k-means++: each next centre is the best of 2 + ⌊ln k⌋ samples drawn with a probability in proportion to their
/// squared distance from the centres so far. D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding",
/// SODA 2007; the number of trials is scikit-learn's.
pub(super) fn plus_plus<T: Scalar>(
    samples: &Samples<T>,
    clusters: usize,
    random: &mut Pcg64,
) -> Result<Array2<f64>, Error> {
    let (n, p) = samples.dim();
    let trials = 2 + (clusters as f64).ln() as usize;
    let mut centres = zeros(clusters, p)?;
    let weights: Vec<f64> = (0..n).map(|i| samples.weight(i)).collect();
    // What each sample adds to the inertia.
    let mut shares = vec![f64::INFINITY; n];
    let mut lowered = zeros(n, trials)?;
    for (j, mut centre) in centres.outer_iter_mut().enumerate() {
        let candidates = match j {
            0 => draw(&weights, 1, random),
            _ => draw(&shares, trials, random),
        };
        let points: Vec<Vec<f64>> = candidates.iter().map(|&i| samples.row(i).to_vec()).collect();
        let sums = lower(samples, &shares, &points, &mut lowered)?;
        let best = (0..sums.len()).fold(0, |best, i| if sums[i] < sums[best] { i } else { best });
        shares.iter_mut().zip(lowered.column(best)).for_each(|(share, lowered)| *share = *lowered);
        centre.iter_mut().zip(&points[best]).for_each(|(centre, x)| *centre = *x);
    }
    Ok(centres)
}

/// Writes what each sample (row) adds to the inertia when one of `points` (column) is a centre too, and returns the sums of
/// the columns.
///
/// By differences, not products: samples that coincide with a centre are never drawn.
fn lower<T: Scalar>(
    samples: &Samples<T>,
    shares: &[f64],
    points: &[Vec<f64>],
    lowered: &mut Array2<f64>,
) -> Result<Vec<f64>, Error> {
    let ((n, p), trials) = (samples.dim(), lowered.ncols());
    let ranges = groups(n, p, trials);
    let outputs = threads::split(lowered.as_slice_mut().unwrap_or_default(), &ranges, trials);
    let height = rows_per_block(p, trials);
    let parts: Vec<Result<Vec<f64>, Error>> = map_items(
        ranges.into_iter().zip(outputs).collect(),
        || zeros::<f64>(height.min(n), p),
        |block, (rows, lowered)| {
            let block = block.as_mut().map_err(|error| error.clone())?;
            let mut sums = vec![0.0; points.len()];
            for (i, lowered) in lowered.chunks_mut(height * trials).enumerate() {
                let first = rows.start + i * height;
                let mut block = block.slice_mut(s![..lowered.len() / trials, ..]);
                samples.load(first..first + block.nrows(), &mut block);
                let block = block.as_slice().unwrap_or_default();
                for (i, (x, lowered)) in
                    block.chunks_exact(p).zip(lowered.chunks_exact_mut(trials)).enumerate()
                {
                    let (share, weight) = (shares[first + i], samples.weight(first + i));
                    for ((point, lowered), sum) in points.iter().zip(lowered).zip(&mut sums) {
                        *lowered = share.min(weight * squared_distance(x, point));
                        *sum += *lowered;
                    }
                }
            }
            Ok(sums)
        },
    );
    let mut total = vec![0.0; points.len()];
    for part in parts {
        total.iter_mut().zip(part?).for_each(|(total, part): (&mut f64, f64)| *total += part);
    }
    Ok(total)
}

/// Draws `count` indices, each with a probability in proportion to its share; uniformly where all shares are zero.
fn draw(shares: &[f64], count: usize, random: &mut Pcg64) -> Vec<usize> {
    let total: f64 = shares.iter().sum();
    if total <= 0.0 {
        return (0..count).map(|_| random.random_range(0..shares.len())).collect();
    }
    let mut targets: Vec<(f64, usize)> = (0..count).map(|i| (random.random::<f64>() * total, i)).collect();
    targets.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut drawn = vec![shares.iter().rposition(|share| *share > 0.0).unwrap_or(0); count];
    let (mut sum, mut next) = (0.0, 0);
    for (index, share) in shares.iter().enumerate() {
        sum += share;
        // A target of exactly the sum belongs to the next sample, so that none without a share is drawn.
        while next < count && targets[next].0 < sum {
            drawn[targets[next].1] = index;
            next += 1;
        }
    }
    drawn
}

/// Different samples, drawn one after the other with a probability in proportion to their weight; those without weight come
/// last. By the exponential keys of P. Efraimidis and P. Spirakis, "Weighted random sampling with a reservoir", Information
/// Processing Letters 97 (2006).
pub(super) fn random_samples<T: Scalar>(
    samples: &Samples<T>,
    clusters: usize,
    random: &mut Pcg64,
) -> Result<Array2<f64>, Error> {
    let (n, p) = samples.dim();
    let key = |i: usize, uniform: f64| match samples.weight(i) {
        0.0 => f64::INFINITY,
        weight => -(1.0 - uniform).ln() / weight,
    };
    let mut keys: Vec<(f64, usize)> = (0..n).map(|i| (key(i, random.random()), i)).collect();
    keys.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut centres = zeros(clusters, p)?;
    for (mut centre, (_, i)) in centres.outer_iter_mut().zip(keys) {
        centre.assign(&samples.row(i));
    }
    Ok(centres)
}
