//! What a search for neighbours finds, as tables and as graphs.

use lapwing_iterative::sprs::CsMat;
use lapwing_lapack::zeros;
use ndarray::Array2;

use super::candidates::{Candidate, Collector, Nearest};
use super::units::Unit;
use crate::error::Error;

/// The k nearest samples of each of m queries. Rows are sorted by distance, samples at equal distances by index.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbors {
    /// Which samples, m x k.
    pub indices: Array2<usize>,
    /// How far they are, m x k.
    pub distances: Array2<f64>,
}

/// The samples within a radius of each of m queries, one query after the other. The neighbours of query i are the entries
/// `offsets[i]..offsets[i + 1]`, sorted by distance, at equal distances by index.
#[derive(Clone, Debug, PartialEq)]
pub struct RadiusNeighbors {
    /// Where the neighbours of each query begin, and where the last one's end: m + 1 numbers.
    pub offsets: Vec<usize>,
    /// Which samples.
    pub indices: Vec<usize>,
    /// How far they are.
    pub distances: Vec<f64>,
}

impl RadiusNeighbors {
    /// How many queries there were.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there were no queries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The indices of one query's neighbours, and their distances; `None` past the last query.
    pub fn get(&self, query: usize) -> Option<(&[usize], &[f64])> {
        let range = *self.offsets.get(query)?..*self.offsets.get(query + 1)?;
        Some((self.indices.get(range.clone())?, self.distances.get(range)?))
    }
}

/// What the edges of a graph of neighbours weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeWeights {
    /// 1.
    #[default]
    Connectivity,
    /// The distance. Between equal points that is 0, as a stored entry.
    Distance,
}

/// Whether a sample is among its own neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnNeighbor {
    /// No, not even where others are at distance 0.
    #[default]
    Excluded,
    /// Yes, always: it counts as the nearest of its k neighbours.
    Included,
}

impl Neighbors {
    /// k samples, at least one, for each of m queries, as `search` finds them.
    pub(super) fn find(
        (m, k): (usize, usize),
        unit: Unit,
        search: impl FnOnce(&mut [<Nearest as Collector>::Answer<'_>]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut distances: Array2<f64> = zeros(m, k)?;
        let mut indices: Array2<usize> = Array2::zeros((m, k));
        if let (Some(indices), Some(squares)) = (indices.as_slice_mut(), distances.as_slice_mut()) {
            search(&mut indices.chunks_exact_mut(k).zip(squares.chunks_exact_mut(k)).collect::<Vec<_>>())?;
            unit.restore_roots(squares)?;
        }
        Ok(Self { indices, distances })
    }

    /// The same as lists.
    pub(super) fn into_lists(self) -> RadiusNeighbors {
        let (m, k) = self.indices.dim();
        RadiusNeighbors {
            offsets: (0..=m).map(|i| i * k).collect(),
            indices: self.indices.into_raw_vec_and_offset().0,
            distances: self.distances.into_raw_vec_and_offset().0,
        }
    }
}

impl RadiusNeighbors {
    /// No neighbours of m queries.
    pub(super) fn none(m: usize) -> Self {
        Self { offsets: vec![0; m + 1], indices: Vec::new(), distances: Vec::new() }
    }

    /// Those of m queries, as `search` finds them.
    pub(super) fn find(
        m: usize,
        unit: Unit,
        search: impl FnOnce(&mut [Vec<Candidate>]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut answers = vec![Vec::new(); m];
        search(&mut answers)?;
        let total = answers.iter().map(Vec::len).sum();
        let (mut indices, mut distances) = (Vec::with_capacity(total), Vec::with_capacity(total));
        let mut offsets = vec![0];
        for answer in answers {
            indices.extend(answer.iter().map(|candidate| candidate.index));
            distances.extend(answer.iter().map(|candidate| candidate.square()));
            offsets.push(indices.len());
        }
        unit.restore_roots(&mut distances)?;
        Ok(Self { offsets, indices, distances })
    }
}

/// The graph with a row for each query and a column for each of `n` samples.
pub(super) fn graph(found: &RadiusNeighbors, n: usize, weights: EdgeWeights, own: OwnNeighbor) -> CsMat<f64> {
    let (queries, total) = (found.len(), found.indices.len());
    let mut row: Vec<(usize, f64)> = Vec::new();
    let mut offsets = vec![0];
    let mut indices = Vec::with_capacity(total);
    let mut entries = Vec::with_capacity(total);
    for (query, ends) in found.offsets.windows(2).enumerate() {
        row.clear();
        let range = ends[0]..ends[1];
        row.extend(found.indices[range.clone()].iter().copied().zip(found.distances[range].iter().copied()));
        if own == OwnNeighbor::Included {
            row.push((query, 0.0));
        }
        row.sort_unstable_by_key(|&(index, _)| index);
        indices.extend(row.iter().map(|&(index, _)| index));
        entries.extend(row.iter().map(|&(_, distance)| match weights {
            EdgeWeights::Connectivity => 1.0,
            EdgeWeights::Distance => distance,
        }));
        offsets.push(indices.len());
    }
    // Sorted, and each sample at most once in a row: what the constructor asks for.
    CsMat::new((queries, n), offsets, indices, entries)
}
