//! What a search for neighbours finds, as tables and as graphs.

use lapwing_iterative::sprs::CsMat;
use ndarray::Array2;

use super::candidates::{Answers, Candidate};
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

pub(super) fn k_nearest(answers: &Answers, k: usize, unit: Unit) -> Result<Neighbors, Error> {
    let shape = (answers.offsets.len() - 1, k);
    let indices = answers.candidates.iter().map(|candidate| candidate.index).collect();
    let distances = distances(&answers.candidates, unit)?;
    // k is at most the number of samples, so that every query has found k of them.
    Ok(Neighbors {
        indices: Array2::from_shape_vec(shape, indices).expect("k neighbours for each query"),
        distances: Array2::from_shape_vec(shape, distances).expect("k neighbours for each query"),
    })
}

pub(super) fn within(answers: Answers, unit: Unit) -> Result<RadiusNeighbors, Error> {
    let indices = answers.candidates.iter().map(|candidate| candidate.index).collect();
    let distances = distances(&answers.candidates, unit)?;
    Ok(RadiusNeighbors { offsets: answers.offsets, indices, distances })
}

/// The graph with a row for each query and a column for each of `n` samples.
pub(super) fn graph(
    answers: &Answers,
    n: usize,
    weights: EdgeWeights,
    own: OwnNeighbor,
    unit: Unit,
) -> Result<CsMat<f64>, Error> {
    let distances = match weights {
        EdgeWeights::Connectivity => vec![1.0; answers.candidates.len()],
        EdgeWeights::Distance => distances(&answers.candidates, unit)?,
    };
    let own_weight = match weights {
        EdgeWeights::Connectivity => 1.0,
        EdgeWeights::Distance => 0.0,
    };
    let queries = answers.offsets.len() - 1;
    let mut row: Vec<(usize, f64)> = Vec::new();
    let mut offsets = vec![0];
    let mut indices = Vec::with_capacity(answers.candidates.len());
    let mut entries = Vec::with_capacity(answers.candidates.len());
    for (query, ends) in answers.offsets.windows(2).enumerate() {
        row.clear();
        let range = ends[0]..ends[1];
        let neighbours = answers.candidates[range.clone()].iter().map(|candidate| candidate.index);
        row.extend(neighbours.zip(distances[range].iter().copied()));
        if own == OwnNeighbor::Included {
            row.push((query, own_weight));
        }
        row.sort_unstable_by_key(|&(index, _)| index);
        indices.extend(row.iter().map(|&(index, _)| index));
        entries.extend(row.iter().map(|&(_, entry)| entry));
        offsets.push(indices.len());
    }
    // Sorted, and each sample at most once in a row: what the constructor asks for.
    Ok(CsMat::new((queries, n), offsets, indices, entries))
}

fn distances(candidates: &[Candidate], unit: Unit) -> Result<Vec<f64>, Error> {
    unit.restore(candidates.iter().map(|candidate| candidate.square().sqrt()).collect())
}
