//! How clusters are read from the coordinates of an embedding.

use std::fmt;

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, s};

use crate::cluster::k_means::KMeans;
use crate::cluster::label_assignment::{cluster_qr, discretize};
use crate::error::Error;

/// How clusters are read from the coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelAssignment {
    /// [`KMeans`], from several random starts.
    #[default]
    KMeans,
    /// [`cluster_qr`]: nothing to choose, and nothing random.
    ClusterQr,
    /// [`discretize`]: a rotation to the nearest partition, from several random starts.
    Discretize,
}

impl fmt::Display for LabelAssignment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            LabelAssignment::KMeans => "kmeans",
            LabelAssignment::ClusterQr => "cluster-qr",
            LabelAssignment::Discretize => "discretize",
        })
    }
}

/// What the caller chose about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment {
    pub(super) labels: LabelAssignment,
    pub(super) n_init: usize,
    pub(super) seed: u64,
}

impl Default for Assignment {
    fn default() -> Self {
        Self { labels: LabelAssignment::default(), n_init: 10, seed: 0 }
    }
}

impl Assignment {
    /// A label below `clusters` for each row.
    pub(super) fn labels_of(
        &self,
        embedding: &ArrayRef2<f64>,
        clusters: usize,
    ) -> Result<Array1<usize>, Error> {
        match self.labels {
            LabelAssignment::KMeans => {
                let params = KMeans::params().n_clusters(clusters).n_init(self.n_init).seed(self.seed);
                Ok(params.fit(embedding)?.labels().to_owned())
            }
            LabelAssignment::ClusterQr => cluster_qr(embedding),
            LabelAssignment::Discretize => discretize(embedding, self.seed),
        }
    }

    /// That there are as many coordinates as clusters, where the assignment has one for each.
    pub(super) fn require_components(&self, components: usize, clusters: usize) -> Result<(), Error> {
        if components == clusters || self.labels == LabelAssignment::KMeans {
            return Ok(());
        }
        let requirement = format!("{clusters}, the number of clusters, for this label assignment");
        Err(Error::InvalidParameter { parameter: "n_components", value: components.to_string(), requirement })
    }
}

/// The mean of the rows of each cluster; out of reach for one that has none.
pub(super) fn means(rows: &ArrayRef2<f64>, labels: &ArrayRef1<usize>, clusters: usize) -> Array2<f64> {
    let mut sums = Array2::zeros((clusters, rows.ncols()));
    let mut counts = vec![0usize; clusters];
    for (row, &label) in rows.outer_iter().zip(labels) {
        let mut sum = sums.slice_mut(s![label, ..]);
        sum += &row;
        counts[label] += 1;
    }
    for (mut sum, &count) in sums.outer_iter_mut().zip(&counts) {
        if count > 0 { sum /= count as f64 } else { sum.fill(f64::INFINITY) }
    }
    sums
}

/// For each row the cluster whose mean is nearest, the first of them on a tie.
pub(super) fn nearest_means(rows: &ArrayRef2<f64>, means: &ArrayRef2<f64>) -> Array1<usize> {
    let square = |a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
    };
    let nearest = |row: ArrayView1<'_, f64>| {
        let distances = means.outer_iter().map(|mean| square(row, mean));
        distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(label, _)| label)
    };
    rows.outer_iter().map(nearest).collect()
}
