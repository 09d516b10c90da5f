//! Which of the Ritz values, and of those locked before, are the ones asked for.

use lapwing_lapack::Scalar;
use ndarray::Array1;

use super::Extreme;

/// An end of the spectrum, and how many eigenvalues to take from it.
pub(super) struct End {
    which: Extreme,
    count: usize,
}

impl End {
    pub(super) fn of(which: Extreme, k: usize) -> Vec<End> {
        match which {
            Extreme::Both => vec![
                End { which: Extreme::Largest, count: k - k / 2 },
                End { which: Extreme::Smallest, count: k / 2 },
            ],
            _ => vec![End { which, count: k }],
        }
    }

    /// How far towards this end a value lies.
    fn key<T: Scalar>(&self, value: T) -> T {
        match self.which {
            Extreme::Smallest => -value,
            Extreme::LargestMagnitude => value.abs(),
            Extreme::Largest | Extreme::Both => value,
        }
    }
}

/// Indices of Ritz values and of locked ones.
pub(super) struct Selection<T> {
    /// The Ritz values among those asked for.
    pub(super) wanted: Vec<usize>,
    /// The locked values among those asked for, ascending.
    pub(super) kept: Vec<usize>,
    /// For each end the best Ritz value that is not among them, and how far it lies behind the worst that is.
    pub(super) candidates: Vec<(usize, T)>,
    /// All Ritz values, the more useful first.
    pub(super) preference: Vec<usize>,
}

impl<T: Scalar> Selection<T> {
    /// A Ritz value takes the place of a locked one only when it is better by more than `slack`.
    pub(super) fn new(ends: &[End], locked: &[T], ritz: &Array1<T>, slack: T) -> Self {
        let (mut wanted, mut kept, mut candidates) = (Vec::new(), Vec::new(), Vec::new());
        let mut orders = Vec::new();
        for end in ends.iter().filter(|end| end.count > 0) {
            let locked_here = (0..locked.len()).filter(|index| !kept.contains(index));
            let ritz_here = (0..ritz.len()).filter(|index| !wanted.contains(index));
            let mut entries: Vec<(T, bool, usize)> = locked_here
                .map(|index| (end.key(locked[index]) + slack, true, index))
                .chain(ritz_here.map(|index| (end.key(ritz[index]), false, index)))
                .collect();
            entries.sort_by(|a, b| b.0.as_f64().total_cmp(&a.0.as_f64()));
            let mut worst = None;
            for &(key, is_locked, index) in entries.iter().take(end.count) {
                worst = Some(if is_locked { key - slack } else { key });
                if is_locked { kept.push(index) } else { wanted.push(index) }
            }
            let next = entries.iter().skip(end.count).find(|(_, is_locked, _)| !is_locked);
            if let (Some(worst), Some(&(key, _, index))) = (worst, next) {
                candidates.push((index, worst - key));
            }
            let mut order: Vec<usize> = (0..ritz.len()).collect();
            order.sort_by(|&a, &b| end.key(ritz[b]).as_f64().total_cmp(&end.key(ritz[a]).as_f64()));
            orders.push(order);
        }
        candidates.retain(|(index, _)| !wanted.contains(index));
        kept.sort_unstable();

        let mut chosen = vec![false; ritz.len()];
        let alternating = (0..ritz.len()).flat_map(|i| orders.iter().map(move |order| order[i]));
        let first = wanted.iter().copied().chain(candidates.iter().map(|&(index, _)| index));
        let preference =
            first.chain(alternating).filter(|&index| !std::mem::replace(&mut chosen[index], true)).collect();
        Self { wanted, kept, candidates, preference }
    }
}
