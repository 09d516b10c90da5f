//! A k-d tree: samples halved again and again across the widest side of their bounding box (Bentley 1975; Friedman,
//! Bentley and Finkel 1977).
//!
//! The tree is complete, so that nothing of it is stored but boxes: node j of level l holds the samples from ⌊n j / 2ˡ⌋
//! to ⌊n (j + 1) / 2ˡ⌋ in the tree's order, and its children are the nodes 2j and 2j + 1 of the next level. Halving by
//! position, not by value, keeps its depth at log₂(n / leaf size) also where all points are equal. Samples are stored in
//! the tree's order: a leaf is one run of memory.

use std::ops::Range;

use lapwing_lapack::threads;

use super::candidates::{Collector, squared_distance, sum_of_squares};

/// Below this many samples to a level, or queries, a second thread costs more than it saves.
const PER_THREAD: usize = 1 << 10;

#[derive(Clone, Debug)]
pub(super) struct KdTree {
    features: usize,
    /// The samples, row after row, in the tree's order.
    points: Vec<f64>,
    /// Which sample each row is.
    order: Vec<usize>,
    /// How many levels there are below the root.
    depth: u32,
    /// For each node, level after level, the lower corner of its bounding box and then the upper.
    boxes: Vec<f64>,
}

impl KdTree {
    /// Builds the tree of at least one sample of at least one feature, given row after row, in O(n log n).
    pub(super) fn new(samples: &[f64], features: usize, leaf_size: usize) -> Self {
        let n = samples.len() / features;
        let mut depth = 0;
        while n.div_ceil(1 << depth) > leaf_size.max(1) {
            depth += 1;
        }
        let mut order: Vec<usize> = (0..n).collect();
        let mut boxes = Vec::new();
        for level in 0..=depth {
            let mut rest = order.as_mut_slice();
            let mut nodes = Vec::new();
            for node in 0..1 << level {
                let (samples, after) = rest.split_at_mut(range(n, level, node).len());
                nodes.push((node, samples));
                rest = after;
            }
            let parts = threads::partition(nodes.len(), (PER_THREAD << level) / n + 1);
            let mut nodes = nodes.into_iter();
            let hands = parts.into_iter().map(|part| nodes.by_ref().take(part.len()).collect()).collect();
            let of_level = threads::map(hands, |hand: Vec<(usize, &mut [usize])>| {
                let mut keys = Vec::new();
                let mut boxes = Vec::with_capacity(2 * features * hand.len());
                for (node, order) in hand {
                    push_bounding_box(samples, features, order, &mut boxes);
                    if level < depth {
                        let half = range(n, level + 1, 2 * node).len();
                        let side = widest_side(&boxes[boxes.len() - 2 * features..]);
                        halve(samples, features, order, (side, half), &mut keys);
                    }
                }
                boxes
            });
            boxes.extend(of_level.into_iter().flatten());
        }
        let rows = order.iter().flat_map(|&i| &samples[i * features..][..features]);
        Self { features, points: rows.copied().collect(), order, depth, boxes }
    }

    /// Answers each query, a row of `queries`.
    pub(super) fn search<C: Collector>(
        &self,
        queries: &[f64],
        collector: impl Fn(usize) -> C + Sync,
        answers: &mut [C::Answer<'_>],
    ) {
        let row = |i: usize| &queries[i * self.features..][..self.features];
        // Queries that fall into one leaf follow each other, and find what they need in the cache.
        let places = (0..answers.len()).map(|i| self.leaf_near(row(i)));
        self.search_in_order(places, |_, i| row(i), collector, answers);
    }

    /// Answers each sample as a query.
    pub(super) fn search_samples<C: Collector>(
        &self,
        collector: impl Fn(usize) -> C + Sync,
        answers: &mut [C::Answer<'_>],
    ) {
        let mut places = vec![0; self.order.len()];
        for (place, &sample) in self.order.iter().enumerate() {
            places[sample] = place;
        }
        self.search_in_order(places.into_iter(), |place, _| self.point(place), collector, answers);
    }

    /// Answers queries in the order of their places. `query` is given a place and a number.
    fn search_in_order<'a, C: Collector>(
        &self,
        places: impl Iterator<Item = usize>,
        query: impl Fn(usize, usize) -> &'a [f64] + Sync,
        collector: impl Fn(usize) -> C + Sync,
        answers: &mut [C::Answer<'_>],
    ) {
        let mut answers: Vec<_> = places
            .zip(answers.iter_mut().enumerate())
            .map(|(place, (i, answer))| (place, i, answer))
            .collect();
        answers.sort_unstable_by_key(|&(place, i, _)| (place, i));
        let ranges = threads::partition(answers.len(), PER_THREAD);
        threads::map(threads::split(&mut answers, &ranges, 1), |answers| {
            let mut stack = Vec::new();
            for (place, i, answer) in answers {
                let mut collector = collector(*i);
                self.visit(query(*place, *i), &mut stack, &mut collector);
                collector.finish(answer);
            }
        });
    }

    /// Offers the collector every sample that may belong to the answer, from the nearest boxes on.
    fn visit(&self, query: &[f64], stack: &mut Vec<(f64, u32, usize)>, collector: &mut impl Collector) {
        stack.push((0.0, 0, 0));
        while let Some((square, mut level, mut node)) = stack.pop() {
            // At the bound itself there may be a sample of a lower index.
            if square > collector.bound() {
                continue;
            }
            while level < self.depth {
                level += 1;
                let first = (1 << level) - 1 + 2 * node;
                let (left, right) = (self.square_to_box(query, first), self.square_to_box(query, first + 1));
                let (near, far) =
                    if left <= right { (2 * node, 2 * node + 1) } else { (2 * node + 1, 2 * node) };
                if left.max(right) <= collector.bound() {
                    stack.push((left.max(right), level, far));
                }
                node = near;
                if left.min(right) > collector.bound() {
                    break;
                }
            }
            if level == self.depth {
                for i in range(self.order.len(), level, node) {
                    let square = squared_distance(query, self.point(i));
                    if square <= collector.bound() {
                        collector.offer(square, self.order[i]);
                    }
                }
            }
        }
    }

    /// The leaf that the nearest boxes lead to.
    fn leaf_near(&self, query: &[f64]) -> usize {
        let mut node = 0;
        for level in 1..=self.depth {
            let first = (1 << level) - 1 + 2 * node;
            let nearer = self.square_to_box(query, first) <= self.square_to_box(query, first + 1);
            node = 2 * node + usize::from(!nearer);
        }
        node
    }

    /// The squared distance to a box, which as computed is never above that to a point within.
    #[inline]
    fn square_to_box(&self, query: &[f64], node: usize) -> f64 {
        let (lower, upper) =
            self.boxes[2 * self.features * node..][..2 * self.features].split_at(self.features);
        let query = &query[..self.features];
        sum_of_squares(self.features, |i| (lower[i] - query[i]).max(query[i] - upper[i]).max(0.0))
    }

    #[inline]
    fn point(&self, i: usize) -> &[f64] {
        &self.points[i * self.features..][..self.features]
    }
}

/// Which of `n` samples in the tree's order belong to a node.
fn range(n: usize, level: u32, node: usize) -> Range<usize> {
    let cut = |node: usize| ((n as u128 * node as u128) >> level) as usize;
    cut(node)..cut(node + 1)
}

fn push_bounding_box(samples: &[f64], features: usize, order: &[usize], boxes: &mut Vec<f64>) {
    let first = boxes.len();
    boxes.extend(std::iter::repeat_n(f64::INFINITY, features));
    boxes.extend(std::iter::repeat_n(f64::NEG_INFINITY, features));
    let (lower, upper) = boxes[first..].split_at_mut(features);
    for &i in order {
        let row = &samples[i * features..][..features];
        for ((lower, upper), &x) in lower.iter_mut().zip(upper.iter_mut()).zip(row) {
            *lower = lower.min(x);
            *upper = upper.max(x);
        }
    }
}

/// The first of the widest sides.
fn widest_side(bounding_box: &[f64]) -> usize {
    let (lower, upper) = bounding_box.split_at(bounding_box.len() / 2);
    let mut widest = (0, 0.0);
    for (side, (lower, upper)) in lower.iter().zip(upper).enumerate() {
        if upper - lower > widest.1 {
            widest = (side, upper - lower);
        }
    }
    widest.0
}

/// Moves the `half` samples that lie lowest along a side before the others.
fn halve(
    samples: &[f64],
    features: usize,
    order: &mut [usize],
    (side, half): (usize, usize),
    keys: &mut Vec<(f64, usize)>,
) {
    keys.clear();
    keys.extend(order.iter().map(|&i| (samples[i * features + side], i)));
    if half < keys.len() {
        keys.select_nth_unstable_by(half, |a, b| a.0.total_cmp(&b.0));
    }
    for (order, &(_, i)) in order.iter_mut().zip(keys.iter()) {
        *order = i;
    }
}
