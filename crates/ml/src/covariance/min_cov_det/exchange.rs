//! Exchange: where concentration has ended, one sample for another may still lower the determinant.
//!
//! Concentration takes the nearest samples, and no account of how the mean and the covariance follow them. The exchange of
//! a sample inside for one outside does, exactly (Hawkins, "The feasible solution algorithm for the minimum covariance
//! determinant estimator in multivariate data", Computational Statistics & Data Analysis 17, 1994). A few of them lead
//! from most minima of the one to the same minimum of both.

use lapwing_lapack::Scalar;
use ndarray::Axis;

use super::search::Search;
use crate::error::Error;

/// So many samples on either side of the boundary are tried, each with each: a sample far from it does not pay.
const NEIGHBOURS: usize = 64;

/// A bound on the time, which ends a search among very many samples: there, an exchange changes next to nothing.
const MOST_EXCHANGES: usize = 100;

/// By what share of itself a determinant must fall for more than rounding.
const LEAST_GAIN: f64 = 1e-12;

/// The support after the best exchanges, one after the other, until none lowers the determinant.
pub(super) fn exchange<T: Scalar>(search: &Search<T>, mut support: Vec<bool>) -> Result<Vec<bool>, Error> {
    for _ in 0..MOST_EXCHANGES {
        match best_exchange(search, &support)? {
            Some((leaving, entering)) => {
                support[leaving] = false;
                support[entering] = true;
            }
            None => break,
        }
    }
    Ok(support)
}

/// The sample inside and the sample outside whose exchange lowers the determinant most, if one does.
fn best_exchange<T: Scalar>(search: &Search<T>, support: &[bool]) -> Result<Option<(usize, usize)>, Error> {
    let candidates = search.candidates(&[support])?;
    let Some(candidate) = candidates.first().filter(|found| found.log_determinant().is_finite()) else {
        return Ok(None);
    };
    let distances = search.distances(candidate)?;
    let side = |inside: bool| (0..support.len()).filter(|&i| support[i] == inside).collect::<Vec<_>>();
    let leaving = first(side(true), |a, b| distances[b].total_cmp(&distances[a]));
    let entering = first(side(false), |a, b| distances[a].total_cmp(&distances[b]));
    let (from, to) = (search.whitened(candidate, &leaving)?, search.whitened(candidate, &entering)?);
    let (mut least, mut found) = (1.0 - LEAST_GAIN, None);
    for (&i, from) in leaving.iter().zip(from.axis_iter(Axis(0))) {
        for (&j, to) in entering.iter().zip(to.axis_iter(Axis(0))) {
            let ratio = determinant_ratio(from.dot(&from), to.dot(&to), from.dot(&to), search.size as f64);
            if ratio < least {
                (least, found) = (ratio, Some((i, j)));
            }
        }
    }
    Ok(found)
}

/// The first samples in this order, ties by their number, in no particular order.
fn first(mut samples: Vec<usize>, order: impl Fn(usize, usize) -> std::cmp::Ordering) -> Vec<usize> {
    if samples.len() > NEIGHBOURS {
        samples.select_nth_unstable_by(NEIGHBOURS, |&a, &b| order(a, b).then(a.cmp(&b)));
        samples.truncate(NEIGHBOURS);
    }
    samples
}

/// What the determinant is multiplied by when u leaves a support of h samples and v enters, both counted from its mean, from
/// the squared distances of u and v and their inner product in the same metric.
///
/// The scatter becomes `A − u uᵀ + v vᵀ − (v − u)(v − u)ᵀ / h = A + [u v] M [u v]ᵀ`, and its determinant that of A times
/// `det (I + M G)` with `G = [u v]ᵀ A⁻¹ [u v]`.
fn determinant_ratio(u: f64, v: f64, product: f64, h: f64) -> f64 {
    let (uu, vv, uv) = (u / h, v / h, product / h);
    let (m_uu, m_uv, m_vv) = (-1.0 - 1.0 / h, 1.0 / h, 1.0 - 1.0 / h);
    let diagonal = (1.0 + m_uu * uu + m_uv * uv) * (1.0 + m_uv * uv + m_vv * vv);
    diagonal - (m_uu * uv + m_uv * vv) * (m_uv * uu + m_vv * uv)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the values 0, 2, 4, the exchange of 4 for 3 takes the scatter from 8 to 14/3.
    #[test]
    fn the_ratio_of_an_exchange_is_exact() {
        let (u, v, variance) = (2.0, 1.0, 8.0 / 3.0);
        let ratio = determinant_ratio(u * u / variance, v * v / variance, u * v / variance, 3.0);
        assert!((ratio - 14.0 / 24.0).abs() < 1e-15);
    }
}
