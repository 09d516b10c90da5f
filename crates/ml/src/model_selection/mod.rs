//! Which samples a model is fitted on, and which it is judged by: scikit-learn's `sklearn.model_selection`.

use std::ops::Range;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

use crate::error::Error;

/// Which rows make a fold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FoldOrder {
    /// Consecutive rows, as scikit-learn's `KFold`. For rows in random order.
    #[default]
    Consecutive,
    /// Random rows, by this seed. For rows that are sorted, or drift.
    Shuffled(u64),
}

/// The rows in k parts, each of which is left out once.
///
/// The first n mod k folds have one row more than the others, as in scikit-learn's `KFold`.
///
/// ```
/// use lapwing_ml::model_selection::KFold;
/// let folds = KFold::new(2).split(5)?;
/// let left_out: Vec<_> = folds.map(|split| split.test).collect();
/// assert_eq!(left_out, [vec![0, 1, 2], vec![3, 4]]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KFold {
    n_splits: usize,
    order: FoldOrder,
}

impl Default for KFold {
    /// 5 folds of consecutive rows.
    fn default() -> Self {
        Self::new(5)
    }
}

impl KFold {
    /// So many folds, of consecutive rows.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, order: FoldOrder::Consecutive }
    }

    /// Which rows make a fold. Default: [`FoldOrder::Consecutive`].
    pub fn order(mut self, order: FoldOrder) -> Self {
        self.order = order;
        self
    }

    /// The number of folds.
    pub fn n_splits(&self) -> usize {
        self.n_splits
    }

    /// The folds of `n_samples` rows, in order.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for fewer than 2 folds; [`Error::TooFewSamples`] for more folds than rows;
    /// [`Error::Lapack`] with `OutOfMemory`.
    pub fn split(&self, n_samples: usize) -> Result<Folds, Error> {
        if self.n_splits < 2 {
            return Err(Error::InvalidParameter {
                parameter: "n_splits",
                value: self.n_splits.to_string(),
                requirement: "at least 2, because each fold is judged by a model of the others".to_owned(),
            });
        }
        if self.n_splits > n_samples {
            let (method, least) = ("a split into folds of at least one row", self.n_splits);
            return Err(Error::TooFewSamples { argument: "x", method, found: n_samples, least });
        }
        let mut rows = Vec::new();
        let bytes = n_samples as u128 * size_of::<usize>() as u128;
        rows.try_reserve_exact(n_samples).map_err(|_| lapwing_lapack::Error::OutOfMemory { bytes })?;
        rows.extend(0..n_samples);
        if let FoldOrder::Shuffled(seed) = self.order {
            rows.shuffle(&mut Pcg64::seed_from_u64(seed));
        }
        Ok(Folds { rows, n_splits: self.n_splits, next: 0 })
    }
}

/// Each row is left out once: scikit-learn's `LeaveOneOut`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LeaveOneOut;

impl LeaveOneOut {
    /// The n splits of n rows, in order.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for fewer than 2 rows; [`Error::Lapack`] with `OutOfMemory`.
    pub fn split(&self, n_samples: usize) -> Result<Folds, Error> {
        KFold::new(n_samples.max(2)).split(n_samples)
    }
}

/// The rows that a model is fitted on, and those that it is judged by; both in increasing order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The rows to fit on.
    pub train: Vec<usize>,
    /// The rows that are left out.
    pub test: Vec<usize>,
}

/// The splits of a [`KFold`] or [`LeaveOneOut`], one after the other.
#[derive(Clone, Debug)]
pub struct Folds {
    /// Fold after fold.
    rows: Vec<usize>,
    n_splits: usize,
    next: usize,
}

impl Folds {
    /// The fold that each row is left out in, from 0, of all folds from the first.
    pub fn fold_of_rows(&self) -> Vec<usize> {
        let mut folds = vec![0; self.rows.len()];
        for fold in 0..self.n_splits {
            self.rows[self.range(fold)].iter().for_each(|&row| folds[row] = fold);
        }
        folds
    }

    /// Where a fold lies in the rows.
    fn range(&self, fold: usize) -> Range<usize> {
        let (size, larger) = (self.rows.len() / self.n_splits, self.rows.len() % self.n_splits);
        let start = fold * size + fold.min(larger);
        start..start + size + usize::from(fold < larger)
    }
}

impl Iterator for Folds {
    type Item = Split;

    fn next(&mut self) -> Option<Split> {
        if self.next == self.n_splits {
            return None;
        }
        let left_out = self.range(self.next);
        self.next += 1;
        let mut train = [&self.rows[..left_out.start], &self.rows[left_out.end..]].concat();
        let mut test = self.rows[left_out].to_vec();
        test.sort_unstable();
        train.sort_unstable();
        Some(Split { train, test })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.n_splits - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Folds {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folds_have_one_row_more() {
        let splits: Vec<Split> = KFold::new(3).split(8).unwrap().collect();
        let test: Vec<_> = splits.iter().map(|split| split.test.clone()).collect();
        assert_eq!(test, [vec![0, 1, 2], vec![3, 4, 5], vec![6, 7]]);
        assert_eq!(splits[1].train, [0, 1, 2, 6, 7]);
    }

    #[test]
    fn every_row_is_left_out_once_whatever_the_order() {
        for (n, k) in [(2, 2), (11, 4), (100, 7)] {
            let shuffled = KFold::new(k).order(FoldOrder::Shuffled(3));
            let folds = shuffled.split(n).unwrap();
            assert_eq!(folds.len(), k);
            let mut left_out = Vec::new();
            let fold_of = folds.fold_of_rows();
            for (fold, Split { train, test }) in folds.enumerate() {
                assert!(test.iter().all(|&row| fold_of[row] == fold));
                assert!(train.is_sorted() && test.is_sorted());
                assert!(test.iter().all(|row| !train.contains(row)));
                assert_eq!(train.len() + test.len(), n);
                left_out.extend(test);
            }
            assert_eq!(shuffled.split(n).unwrap().flat_map(|split| split.test).collect::<Vec<_>>(), left_out);
            left_out.sort_unstable();
            assert_eq!(left_out, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn leaving_one_out_is_n_folds_of_n_rows() {
        let test: Vec<_> = LeaveOneOut.split(3).unwrap().map(|split| split.test).collect();
        assert_eq!(test, [[0], [1], [2]]);
    }

    #[test]
    fn folds_that_cannot_be_are_refused() {
        assert!(matches!(KFold::new(1).split(5), Err(Error::InvalidParameter { parameter: "n_splits", .. })));
        let text = KFold::new(2).split(usize::MAX).unwrap_err().to_string();
        assert!(text.contains("memory"), "{text}");
        assert!(matches!(KFold::default().split(4), Err(Error::TooFewSamples { found: 4, least: 5, .. })));
        for n in [0, 1] {
            assert!(matches!(LeaveOneOut.split(n), Err(Error::TooFewSamples { least: 2, .. })));
        }
    }
}
