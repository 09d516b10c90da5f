//! How many components: by a share of the variance, or by Minka's estimate of the dimension.

use std::f64::consts::PI;

use ndarray::ArrayRef1;

use super::params::NComponents;
use super::solvers::{Principal, variances};

/// The number of components that `rule` asks for, given the whole spectrum.
pub(super) fn select<T>(rule: NComponents, principal: &Principal<T>, n_samples: usize) -> usize {
    let variances = variances(&principal.singular_values, n_samples);
    match rule {
        NComponents::Variance(share) => by_share(&variances, principal.total_variance, share),
        NComponents::Mle => minka_dimension(&variances, n_samples),
        NComponents::Count(count) => count,
        NComponents::All => variances.len(),
    }
}

/// The first number whose cumulative share exceeds `share`.
fn by_share(variances: &ArrayRef1<f64>, total: f64, share: f64) -> usize {
    let mut cumulative = 0.0;
    for (index, variance) in variances.iter().enumerate() {
        cumulative += variance;
        if cumulative > share * total {
            return index + 1;
        }
    }
    variances.len()
}

/// The rank with the largest evidence in Minka's Laplace approximation, equation 30 of "Automatic choice
/// of dimensionality for PCA" (NIPS 2000). At least 1, at most p − 1; 0 when there is no variance.
///
/// The sum over pairs of eigenvalues grows by one row per rank, so that all ranks together cost O(p²).
/// Two equal eigenvalues make the approximation infinite; their distance is taken as one rounding of the
/// largest eigenvalue, the least that can be told from zero.
fn minka_dimension(spectrum: &ArrayRef1<f64>, n_samples: usize) -> usize {
    let p = spectrum.len();
    let (samples, largest) = (n_samples as f64, spectrum[0]);
    if p == 1 || largest <= 0.0 {
        return usize::from(largest > 0.0);
    }
    // The choice does not depend on the unit of the data: in units of the largest, nothing underflows.
    let spectrum = spectrum / largest;
    let least = f64::EPSILON;
    let distance = |i: usize, j: usize| (spectrum[i] - spectrum[j]).max(least).ln();
    let log_samples = samples.ln();

    let mut best = (f64::NEG_INFINITY, 1);
    let mut log_prior = 0.0; // of the uniform prior over the Stiefel manifold, less rank · ln 2
    let mut log_spectrum = 0.0; // of the kept eigenvalues
    let mut pairs_kept = 0.0; // both eigenvalues among the kept ones
    let mut distances = 0.0; // from a kept eigenvalue to every later one
    for rank in 1..p {
        let last = rank - 1;
        if spectrum[last] < least {
            break;
        }
        let degrees = (p - rank + 1) as f64 / 2.0;
        log_prior += libm::lgamma(degrees) - PI.ln() * degrees;
        log_spectrum += spectrum[last].ln();
        for i in 0..last {
            // The pair (i, last) passes from "kept with discarded" to "kept with kept".
            let inverse =
                (1.0 / spectrum[last] - 1.0 / spectrum[i]).max(least / (spectrum[last] * spectrum[i])).ln();
            pairs_kept += distance(i, last) + inverse + log_samples;
            distances -= distance(i, last);
        }
        distances += (rank..p).map(|j| distance(last, j)).sum::<f64>();

        let discarded = (p - rank) as f64;
        let noise = (spectrum.iter().skip(rank).sum::<f64>() / discarded).max(least);
        let inverses: f64 = (0..rank)
            .map(|i| (1.0 / noise - 1.0 / spectrum[i]).max(least / (noise * spectrum[i])).ln())
            .sum();
        let log_hessian = pairs_kept + distances + discarded * (inverses + rank as f64 * log_samples);

        let parameters = p as f64 * rank as f64 - rank as f64 * (rank as f64 + 1.0) / 2.0;
        let evidence =
            log_prior - rank as f64 * 2f64.ln() - samples / 2.0 * (log_spectrum + discarded * noise.ln())
                + (2.0 * PI).ln() * (parameters + rank as f64) / 2.0
                - log_hessian / 2.0
                - rank as f64 * log_samples / 2.0;
        if evidence > best.0 {
            best = (evidence, rank);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn a_share_is_exceeded_not_just_reached() {
        let variances = array![5.0, 3.0, 2.0];
        assert_eq!(by_share(&variances, 10.0, 0.49), 1);
        assert_eq!(by_share(&variances, 10.0, 0.5), 2, "scikit-learn's searchsorted side='right'");
        assert_eq!(by_share(&variances, 10.0, 0.81), 3);
        assert_eq!(by_share(&array![0.0, 0.0], 0.0, 0.5), 2, "no variance: no share is ever exceeded");
    }

    /// Equation 30 term by term, without the incremental sums.
    fn evidence_by_definition(spectrum: &[f64], rank: usize, samples: f64) -> f64 {
        let p = spectrum.len();
        let noise = spectrum[rank..].iter().sum::<f64>() / (p - rank) as f64;
        let hat = |i: usize| if i < rank { spectrum[i] } else { noise };
        let mut result = -(rank as f64) * 2f64.ln();
        for i in 1..=rank {
            let degrees = (p - i + 1) as f64 / 2.0;
            result += libm::lgamma(degrees) - PI.ln() * degrees;
        }
        result -= samples / 2.0 * spectrum[..rank].iter().map(|l| l.ln()).sum::<f64>();
        result -= samples * (p - rank) as f64 / 2.0 * noise.ln();
        let m = (p * rank) as f64 - (rank * (rank + 1)) as f64 / 2.0;
        result += (2.0 * PI).ln() * (m + rank as f64) / 2.0 - rank as f64 * samples.ln() / 2.0;
        for i in 0..rank {
            for j in i + 1..p {
                result -= ((1.0 / hat(j) - 1.0 / hat(i)) * (spectrum[i] - spectrum[j]) * samples).ln() / 2.0;
            }
        }
        result
    }

    #[test]
    fn the_incremental_evidence_chooses_what_the_definition_chooses() {
        for (planted, p, samples) in [(1, 4, 50), (3, 10, 200), (5, 12, 1000), (2, 30, 60), (9, 10, 40)] {
            let spectrum: Vec<f64> = (0..p)
                .map(|i| if i < planted { 12.0 - i as f64 } else { 1.0 + 0.003 * (p - i) as f64 })
                .collect();
            let chosen = minka_dimension(&Array1::from(spectrum.clone()), samples);
            let evidence = |rank| evidence_by_definition(&spectrum, rank, samples as f64);
            let expected = (1..p).max_by(|&a, &b| evidence(a).total_cmp(&evidence(b))).unwrap();
            assert_eq!(chosen, expected);
        }
    }

    #[test]
    fn degenerate_spectra_are_answered() {
        assert_eq!(minka_dimension(&array![1.0], 5), 1);
        assert_eq!(minka_dimension(&array![0.0, 0.0], 5), 0);
        assert!((1..3).contains(&minka_dimension(&array![1.0, 1.0, 1.0], 50)));
        assert_eq!(minka_dimension(&array![4.0, 2.0, 0.0, 0.0], 100), 2);
    }
}
