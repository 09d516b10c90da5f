//! How often each class meets each cluster, and the scores of agreement that are read from it.

use std::collections::BTreeMap;

use crate::error::Error;

/// How the entropies of two labellings become the one number that their mutual information is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EntropyAverage {
    /// The smaller.
    Minimum,
    /// The geometric mean.
    Geometric,
    /// The arithmetic mean.
    #[default]
    Arithmetic,
    /// The larger.
    Maximum,
}

impl EntropyAverage {
    fn of(self, a: f64, b: f64) -> f64 {
        match self {
            EntropyAverage::Minimum => a.min(b),
            EntropyAverage::Geometric => (a * b).sqrt(),
            EntropyAverage::Arithmetic => 0.5 * (a + b),
            EntropyAverage::Maximum => a.max(b),
        }
    }
}

/// The counts of samples by two labellings, classes and clusters, whose names do not matter.
///
/// Counted once in O(n log n), it answers every score of agreement. Pairs of samples are counted exactly, and logarithms are
/// taken of how far a count lies from what independence would give, so that nothing cancels.
///
/// ```
/// use lapwing_ml::metrics::ContingencyTable;
/// let table = ContingencyTable::new(&["a", "a", "b", "b"], &[0, 0, 1, 2])?;
/// assert!((table.adjusted_rand_score() - 4.0 / 7.0).abs() < 1e-15);
/// assert_eq!(table.homogeneity_score(), 1.0);
/// assert!((table.completeness_score() - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ContingencyTable {
    n_samples: u64,
    /// Samples in each class.
    classes: Vec<u64>,
    /// Samples in each cluster.
    clusters: Vec<u64>,
    /// Class, cluster, and the samples in both, where there are any.
    counts: Vec<(usize, usize, u64)>,
}

impl ContingencyTable {
    /// Counts `labels_true` (n) and `labels_pred` (n) against each other.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for none; [`Error::Lapack`] with `Shape` when the lengths differ.
    pub fn new<C: Ord, K: Ord>(labels_true: &[C], labels_pred: &[K]) -> Result<Self, Error> {
        if labels_true.is_empty() {
            let (argument, method) = ("labels_true", "a comparison of labels");
            return Err(Error::TooFewSamples { argument, method, found: 0, least: 1 });
        }
        check_labels("labels_pred", labels_pred.len(), labels_true.len())?;
        let (class_of, classes) = numbered(labels_true);
        let (cluster_of, clusters) = numbered(labels_pred);
        let mut counts: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for pair in class_of.into_iter().zip(cluster_of) {
            *counts.entry(pair).or_default() += 1;
        }
        let counts = counts.into_iter().map(|((class, cluster), count)| (class, cluster, count)).collect();
        Ok(Self { n_samples: labels_true.len() as u64, classes, clusters, counts })
    }

    /// The share of the pairs of samples that both labellings put together, or both apart; 1 for a single sample.
    pub fn rand_score(&self) -> f64 {
        let Pairs { both, classes, clusters, all } = self.pairs();
        if all == 0 { 1.0 } else { (all + 2 * both - classes - clusters) as f64 / all as f64 }
    }

    /// The Rand score less what chance gives, as a share of what it leaves (Hubert and Arabie 1985): 1 for the same
    /// partition, near 0 for independent ones, and negative below chance.
    pub fn adjusted_rand_score(&self) -> f64 {
        let Pairs { both, classes, clusters, all } = self.pairs();
        if both == classes && both == clusters {
            return 1.0;
        }
        // Exact for up to 2³² samples; only then is there a division.
        let (both, classes, clusters, all) = (both as i128, classes as i128, clusters as i128, all as i128);
        let excess = 2 * (both * all - classes * clusters);
        let room = (classes + clusters) * all - 2 * classes * clusters;
        excess as f64 / room as f64
    }

    /// The geometric mean of the shares of the pairs together in one labelling that are together in the other (Fowlkes and
    /// Mallows 1983); 0 where no pair is together in both.
    pub fn fowlkes_mallows_score(&self) -> f64 {
        let Pairs { both, classes, clusters, .. } = self.pairs();
        if both == 0 {
            return 0.0;
        }
        (both as f64 / classes as f64).sqrt() * (both as f64 / clusters as f64).sqrt()
    }

    /// What one labelling tells of the other, in nats.
    pub fn mutual_info_score(&self) -> f64 {
        let terms = self.counts.iter().map(|&(class, cluster, count)| {
            self.information(count, self.classes[class], self.clusters[cluster])
        });
        terms.sum::<f64>().max(0.0)
    }

    /// The mutual information as a share of an average of the two entropies: 1 when both labellings have one label each, 0
    /// when only one of them does.
    pub fn normalized_mutual_info_score(&self, average: EntropyAverage) -> f64 {
        if self.classes.len() == 1 && self.clusters.len() == 1 {
            return 1.0;
        }
        let information = self.mutual_info_score();
        if information == 0.0 { 0.0 } else { (information / self.average_entropy(average)).min(1.0) }
    }

    /// The mutual information less what it is by chance, as a share of what that leaves (Vinh, Epps and Bailey 2010): 1 for
    /// the same partition, near 0 for independent ones, and 0 where chance leaves nothing.
    ///
    /// The expectation takes the sum of a hypergeometric distribution for each pair of different sizes, of which there are at
    /// most 2n.
    pub fn adjusted_mutual_info_score(&self, average: EntropyAverage) -> f64 {
        if self.is_same_partition() {
            return 1.0;
        }
        if self.classes.len() == 1 || self.clusters.len() == 1 {
            return 0.0;
        }
        let expected = self.expected_mutual_information();
        let average = self.average_entropy(average);
        let (excess, room) = (self.mutual_info_score() - expected, average - expected);
        // Where chance reaches all there is, as with a label for each sample, both are what rounding left of a sum.
        if room.abs() <= 64.0 * f64::EPSILON * average { 0.0 } else { excess / room }
    }

    /// How much of the class is known from the cluster, 1 when each cluster holds samples of one class only.
    pub fn homogeneity_score(&self) -> f64 {
        self.share_of_entropy(&self.classes)
    }

    /// How much of the cluster is known from the class, 1 when each class lies within one cluster.
    pub fn completeness_score(&self) -> f64 {
        self.share_of_entropy(&self.clusters)
    }

    /// The harmonic mean of homogeneity and completeness, with `beta` times as much weight on completeness (Rosenberg and
    /// Hirschberg 2007); for `beta` 1, the normalized mutual information with the arithmetic mean.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] unless `beta` is finite and not negative.
    pub fn v_measure_score(&self, beta: f64) -> Result<f64, Error> {
        if !(beta >= 0.0 && beta.is_finite()) {
            return Err(Error::InvalidParameter {
                parameter: "beta",
                value: beta.to_string(),
                requirement: "finite and not negative".into(),
            });
        }
        let (homogeneity, completeness) = (self.homogeneity_score(), self.completeness_score());
        if homogeneity + completeness == 0.0 {
            return Ok(0.0);
        }
        Ok((1.0 + beta) * homogeneity * completeness / (beta * homogeneity + completeness))
    }

    fn pairs(&self) -> Pairs {
        let within = |sizes: &[u64]| sizes.iter().map(|&size| pairs_of(size)).sum();
        Pairs {
            both: self.counts.iter().map(|&(_, _, count)| pairs_of(count)).sum(),
            classes: within(&self.classes),
            clusters: within(&self.clusters),
            all: pairs_of(self.n_samples),
        }
    }

    fn is_same_partition(&self) -> bool {
        self.counts.len() == self.classes.len() && self.counts.len() == self.clusters.len()
    }

    /// What a share of `count` samples adds to the mutual information, for a class and a cluster of these sizes.
    fn information(&self, count: u64, class: u64, cluster: u64) -> f64 {
        let (found, independent) = (self.n_samples as i128 * count as i128, class as i128 * cluster as i128);
        let excess = (found - independent) as f64 / independent as f64;
        count as f64 / self.n_samples as f64 * excess.ln_1p()
    }

    /// The entropy of a labelling with clusters of these sizes, in nats.
    fn entropy(&self, sizes: &[u64]) -> f64 {
        let n = self.n_samples as f64;
        sizes
            .iter()
            .map(|&size| size as f64 / n * ((self.n_samples - size) as f64 / size as f64).ln_1p())
            .sum()
    }

    fn average_entropy(&self, average: EntropyAverage) -> f64 {
        average.of(self.entropy(&self.classes), self.entropy(&self.clusters))
    }

    fn share_of_entropy(&self, sizes: &[u64]) -> f64 {
        match self.entropy(sizes) {
            0.0 => 1.0,
            entropy => (self.mutual_info_score() / entropy).min(1.0),
        }
    }

    /// The mean of the mutual information over all pairs of labellings with these sizes.
    fn expected_mutual_information(&self) -> f64 {
        let (classes, clusters) = (multiplicities(&self.classes), multiplicities(&self.clusters));
        let mut sum = 0.0;
        for (&class, &times) in &classes {
            for (&cluster, &others) in &clusters {
                sum += times as f64 * others as f64 * self.expected_information(class, cluster);
            }
        }
        sum
    }

    /// The mean of what a class and a cluster of these sizes add, over a hypergeometric number of samples in both.
    ///
    /// Its probabilities are counted from the likeliest number by their ratios, outward until they no longer matter, and
    /// divided by their sum: no factorial is ever formed.
    fn expected_information(&self, class: u64, cluster: u64) -> f64 {
        let n = self.n_samples;
        let (least, most) = ((class + cluster).saturating_sub(n), class.min(cluster));
        let likeliest = ((class as u128 + 1) * (cluster as u128 + 1) / (n as u128 + 2)) as u64;
        let likeliest = likeliest.clamp(least, most);
        // P(count + 1) / P(count).
        let ratio = |count: u64| {
            let grows = (class - count) as f64 * (cluster - count) as f64;
            grows / ((count + 1) as f64 * (n + count + 1 - class - cluster) as f64)
        };
        let (mut total, mut sum) = (1.0, self.expected_term(likeliest, class, cluster));
        let mut probability = 1.0;
        for count in likeliest..most {
            probability *= ratio(count);
            if probability < NEGLIGIBLE {
                break;
            }
            total += probability;
            sum += probability * self.expected_term(count + 1, class, cluster);
        }
        probability = 1.0;
        for count in (least..likeliest).rev() {
            probability /= ratio(count);
            if probability < NEGLIGIBLE {
                break;
            }
            total += probability;
            sum += probability * self.expected_term(count, class, cluster);
        }
        sum / total
    }

    fn expected_term(&self, count: u64, class: u64, cluster: u64) -> f64 {
        if count == 0 { 0.0 } else { self.information(count, class, cluster) }
    }
}

/// Beside a probability of 1; the tails beyond fall faster than a geometric series.
const NEGLIGIBLE: f64 = 1e-25;

/// Numbers of pairs of samples.
struct Pairs {
    /// Together in both labellings.
    both: u128,
    classes: u128,
    clusters: u128,
    all: u128,
}

fn pairs_of(count: u64) -> u128 {
    count as u128 * (count as u128).saturating_sub(1) / 2
}

/// How many times each size occurs.
fn multiplicities(sizes: &[u64]) -> BTreeMap<u64, u64> {
    let mut times = BTreeMap::new();
    for &size in sizes {
        *times.entry(size).or_default() += 1;
    }
    times
}

/// That there is a label for each of `samples` samples.
pub(super) fn check_labels(argument: &'static str, found: usize, samples: usize) -> Result<(), Error> {
    if found == samples {
        return Ok(());
    }
    let (extent, reason) = ("entries", "one for each sample");
    Err(lapwing_lapack::Error::Shape { argument, extent, found, expected: samples, reason }.into())
}

/// The number of each sample's label among the different ones in ascending order, and how many samples have each.
pub(super) fn numbered<L: Ord>(labels: &[L]) -> (Vec<usize>, Vec<u64>) {
    let mut sizes: BTreeMap<&L, u64> = BTreeMap::new();
    for label in labels {
        *sizes.entry(label).or_default() += 1;
    }
    let numbers: BTreeMap<&L, usize> =
        sizes.keys().enumerate().map(|(number, &label)| (label, number)).collect();
    (labels.iter().map(|label| numbers[label]).collect(), sizes.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 16.0 * f64::EPSILON * expected.abs(),
            "{found} is not {expected}"
        );
    }

    /// All assignments of the second labels to the samples are equally likely under the null hypothesis, so that the
    /// expectation is a mean over permutations.
    #[test]
    fn the_expected_information_is_the_mean_over_all_permutations() {
        let truth = [0, 0, 0, 1, 1, 2, 2];
        let mut labels = [0, 0, 1, 1, 1, 2, 2];
        let expected = ContingencyTable::new(&truth, &labels).unwrap().expected_mutual_information();
        let (mut sum, mut count) = (0.0, 0);
        permute(&mut labels, 0, &mut |labels| {
            sum += ContingencyTable::new(&truth, labels).unwrap().mutual_info_score();
            count += 1;
        });
        assert_eq!(count, 5040);
        // 5040 additions of numbers below 1.1.
        let mean = sum / 5040.0;
        assert!((expected - mean).abs() <= 5040.0 * f64::EPSILON, "{expected} is not {mean}");
    }

    fn permute(labels: &mut [i32; 7], first: usize, visit: &mut impl FnMut(&[i32; 7])) {
        if first == labels.len() {
            return visit(labels);
        }
        for other in first..labels.len() {
            labels.swap(first, other);
            permute(labels, first + 1, visit);
            labels.swap(first, other);
        }
    }

    /// From the pairs counted by hand: 15 pairs, 3 together in the classes, 4 in the clusters, 2 in both.
    #[test]
    fn scores_of_pairs_are_those_counted_by_hand() {
        let table = ContingencyTable::new(&[0, 0, 1, 1, 2, 2], &[0, 0, 1, 2, 2, 2]).unwrap();
        near(table.rand_score(), 12.0 / 15.0);
        near(table.adjusted_rand_score(), (2.0 - 12.0 / 15.0) / (3.5 - 12.0 / 15.0));
        near(table.fowlkes_mallows_score(), 2.0 / 12f64.sqrt());
    }

    #[test]
    fn names_of_labels_and_their_order_do_not_matter() {
        let a = ContingencyTable::new(&["x", "x", "y", "z"], &[5u8, 5, 7, 6]).unwrap();
        for average in [
            EntropyAverage::Minimum,
            EntropyAverage::Geometric,
            EntropyAverage::Arithmetic,
            EntropyAverage::Maximum,
        ] {
            near(a.normalized_mutual_info_score(average), 1.0);
            assert_eq!(a.adjusted_mutual_info_score(average), 1.0);
        }
        assert_eq!((a.adjusted_rand_score(), a.rand_score(), a.fowlkes_mallows_score()), (1.0, 1.0, 1.0));
        assert_eq!((a.homogeneity_score(), a.completeness_score()), (1.0, 1.0));
    }

    /// Every class meets every cluster as often as chance has it.
    #[test]
    fn independent_labels_tell_nothing_of_each_other() {
        let truth: Vec<usize> = (0..36).map(|i| i / 6).collect();
        let found: Vec<usize> = (0..36).map(|i| i % 6).collect();
        let table = ContingencyTable::new(&truth, &found).unwrap();
        assert_eq!((table.mutual_info_score(), table.v_measure_score(1.0).unwrap()), (0.0, 0.0));
        assert!(
            table.adjusted_rand_score() < 0.0 && table.adjusted_mutual_info_score(Default::default()) < 0.0
        );
    }

    #[test]
    fn a_single_label_and_a_label_for_each_sample_have_their_limits() {
        let (one, each) = ([7; 5], [0, 1, 2, 3, 4]);
        let score = |a: &[i32], b: &[i32]| {
            let table = ContingencyTable::new(a, b).unwrap();
            let average = EntropyAverage::default();
            (
                table.adjusted_rand_score(),
                table.normalized_mutual_info_score(average),
                table.adjusted_mutual_info_score(average),
                table.fowlkes_mallows_score(),
                table.v_measure_score(1.0).unwrap(),
            )
        };
        assert_eq!(score(&one, &one), (1.0, 1.0, 1.0, 1.0, 1.0));
        assert_eq!(score(&one, &each), (0.0, 0.0, 0.0, 0.0, 0.0));
        assert_eq!(score(&[1], &[2]), (1.0, 1.0, 1.0, 0.0, 1.0));
        let (ari, nmi, ami, fowlkes_mallows, v) = score(&each, &each);
        assert_eq!((ari, ami, fowlkes_mallows), (1.0, 1.0, 0.0));
        near(nmi, 1.0);
        near(v, 1.0);
    }

    /// 200,000 samples in clusters of their own: the sizes are what is summed over, not the clusters.
    #[test]
    fn as_many_clusters_as_samples_take_no_square_of_them() {
        let truth: Vec<usize> = (0..200_000).map(|i| i / 2).collect();
        let found: Vec<usize> = (0..200_000usize).map(|i| i.div_ceil(2)).collect();
        let table = ContingencyTable::new(&truth, &found).unwrap();
        let score = table.adjusted_mutual_info_score(EntropyAverage::default());
        assert!(score.is_finite() && score < 0.0, "{score}");
    }

    #[test]
    fn refuses_nothing_unequal_lengths_and_a_bad_beta() {
        assert!(matches!(ContingencyTable::new(&[0; 0], &[0; 0]), Err(Error::TooFewSamples { .. })));
        let text = ContingencyTable::new(&[0, 1], &[0]).unwrap_err().to_string();
        assert!(text.starts_with("labels_pred has 1 entries"), "{text}");
        let table = ContingencyTable::new(&[0, 1], &[0, 1]).unwrap();
        for beta in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(table.v_measure_score(beta), Err(Error::InvalidParameter { .. })));
        }
    }
}
