//! What `lapwing cluster` draws.

use super::{Command, Found, How};
use crate::error::Result;
use crate::number::Number;
use crate::plot::{Figure, Pane, Scores, Sequence};
use crate::read::{self, Labels};
use lapwing::ml::cluster::SpectralClustering;
use lapwing::{NComponents, Pca};
use ndarray::{Array2, ArrayRef2, Axis, Slice};

/// Where the samples are drawn.
pub(super) struct Plane {
    names: Vec<String>,
    first: Vec<f64>,
    second: Option<Vec<f64>>,
}

impl Plane {
    /// On the first two principal components; a single sample, which has none, at the origin.
    pub(super) fn of_rows<T: Number>(x: &Array2<T>) -> Result<Self> {
        if x.nrows() < 2 {
            let first = vec![0.0; x.nrows()];
            return Ok(Self { names: Vec::new(), second: Some(first.clone()), first });
        }
        let count = x.ncols().min(x.nrows()).min(2);
        let (pca, scores) = Pca::params().n_components(NComponents::Count(count)).fit_transform(x)?;
        let shares: Vec<f64> = pca.explained_variance_ratio().iter().map(|&share| share.into()).collect();
        Ok(Self::of_columns(Scores::component_names(&shares), &scores))
    }

    /// On the two eigenvectors after the first, which tells next to nothing.
    pub(super) fn of_embedding(model: &SpectralClustering) -> Self {
        let embedding = model.embedding();
        let first = usize::from(embedding.ncols() > 1);
        let last = embedding.ncols().min(first + 2);
        let names = (first..last).map(|column| format!("Coordinate {}", column + 1)).collect();
        Self::of_columns(names, &embedding.slice_axis(Axis(1), Slice::from(first..last)))
    }

    fn of_columns<T: Number>(names: Vec<String>, columns: &ArrayRef2<T>) -> Self {
        let column = |j: usize| columns.column(j).iter().map(|&entry| entry.into()).collect();
        Self { names, first: column(0), second: (columns.ncols() > 1).then(|| column(1)) }
    }
}

/// The eigenvalues, and the gap that the clusters end with.
pub(super) fn eigenvalues(model: &SpectralClustering) -> Sequence {
    Sequence {
        title: "Eigenvalues of the graph's Laplacian".to_owned(),
        counted: "Number",
        measured: "Eigenvalue",
        values: model.eigenvalues().to_vec(),
        cut_after: model.n_clusters(),
    }
}

pub(super) fn figure<T: Number, R: Pane>(
    command: &Command<'_>,
    found: &Found<T>,
    plane: Plane,
    right: R,
) -> Figure<Scores, R> {
    let by = match &found.how {
        How::Spectral { affinity, .. } => format!("spectral, {} affinity", affinity.name()),
        How::KMeans(_) => "k-means".to_owned(),
        How::Loaded(_) => "saved centres".to_owned(),
    };
    let values = found.clusters.iter().map(|cluster| cluster.to_string()).collect();
    Figure {
        title: read::file_name(&command.arguments.model.input),
        subtitle: format!("{} samples in {} clusters, by {by}", found.clusters.len(), found.n_clusters),
        left: Scores {
            names: plane.names,
            first: plane.first,
            second: plane.second,
            labels: Some(Labels { name: "cluster".to_owned(), values }),
        },
        right,
        left_width: 760,
    }
}
