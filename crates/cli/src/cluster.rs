//! `lapwing cluster`: which rows, or which nodes of a graph, belong together.

mod figure;
mod report;

use crate::arguments::{AffinityKind, ClusterArguments, ClusterMethod, Clusters, LabelsFrom};
use crate::columns::Heading;
use crate::error::{Error, Result};
use crate::model_run::{ModelRun, Written};
use crate::number::Number;
use crate::plot::Sizes;
use crate::read::{self, Apart, Column, Features, Labels, Matrix, Table};
use lapwing::iterative::sprs::{CsMat, CsMatI};
use lapwing::ml::affinity::{Affinity, AffinityMatrix, Gamma};
use lapwing::ml::cluster::{GapStatistic, KMeans, LabelAssignment, NClusters, SpectralClustering};
use ndarray::{Array1, Array2, Axis};
use report::Report;
use std::time::Instant;

/// The most clusters that auto finds.
const MOST_BY_GAP: usize = 10;
/// Eigenvalues beyond the number of clusters, for the figure and the report to show what the gap is beside.
const FURTHER: usize = 5;
/// The most rows of which all pairs have an affinity: 3 GB.
const MOST_ROWS_OF_PAIRS: usize = 20_000;

pub(crate) fn run(arguments: &ClusterArguments) -> Result<()> {
    check(arguments)?;
    let run = ModelRun::start(&arguments.model)?;
    if arguments.affinity == Some(AffinityKind::Precomputed) {
        let affinities = match read::matrix(&arguments.model.input, &run.progress)? {
            Matrix::Dense(Features::Single(a)) => AffinityMatrix::from_dense("the input", &a)?,
            Matrix::Dense(Features::Double(a)) => AffinityMatrix::from_dense("the input", &a)?,
            Matrix::Sparse(a) => AffinityMatrix::from_sparse("the input", &of_usize(&a))?,
        };
        return Command { arguments, run, labels: None }.of_graph(&affinities);
    }
    let label = Apart::Label(arguments.label.as_deref());
    let Table { features, apart, .. } = read::table(&arguments.model.input, label, &run.progress)?;
    let labels = apart.and_then(Column::label);
    let command = Command { arguments, run, labels };
    match features {
        Features::Single(x) => command.of_table(&x),
        Features::Double(x) => command.of_table(&x),
    }
}

/// That no option is there which the method has no use for, before anything is read.
fn check(arguments: &ClusterArguments) -> Result<()> {
    let refused = |what: &str, remedy: &str| Err(Error::new(what).remedy(remedy));
    let spectral = arguments.method != Some(ClusterMethod::Kmeans);
    if !spectral && (arguments.affinity.is_some() || arguments.labels.is_some()) {
        return refused(
            "k-means has neither affinities nor eigenvectors to read labels from",
            "leave --affinity and --labels out, or --method kmeans",
        );
    }
    let affinity = arguments.affinity.unwrap_or(AffinityKind::Rbf);
    if arguments.gamma.is_some() && !(spectral && affinity == AffinityKind::Rbf) {
        return refused("--gamma is that of --affinity rbf", "leave it out");
    }
    if arguments.neighbors.is_some() && !(spectral && affinity == AffinityKind::Knn) {
        return refused("--neighbors are those of --affinity knn", "add --affinity knn, or leave it out");
    }
    if arguments.label.is_some() && affinity == AffinityKind::Precomputed {
        return refused("a matrix of affinities has no column of labels", "leave --label out");
    }
    if spectral && arguments.model.save_model.is_some() {
        return refused(
            "spectral clustering has no centres to save",
            "leave --save-model out, or choose --method kmeans",
        );
    }
    Ok(())
}

fn of_usize(a: &CsMatI<f64, u32>) -> CsMat<f64> {
    let starts = a.indptr().raw_storage().iter().map(|&start| start as usize).collect();
    let indices = a.indices().iter().map(|&index| index as usize).collect();
    CsMat::new(a.shape(), starts, indices, a.data().to_vec())
}

struct Command<'a> {
    arguments: &'a ClusterArguments,
    run: ModelRun<'a>,
    labels: Option<Labels>,
}

/// The clusters, and how they were found.
struct Found<T: Number> {
    /// Of each sample, from 0.
    clusters: Vec<usize>,
    n_clusters: usize,
    how: How<T>,
    seconds: f64,
}

impl<T: Number> Found<T> {
    /// Samples in each cluster.
    fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.n_clusters];
        self.clusters.iter().for_each(|&cluster| sizes[cluster] += 1);
        sizes
    }
}

enum How<T: Number> {
    Spectral {
        affinity: AffinityKind,
        gamma: Option<f64>,
        model: Box<SpectralClustering>,
    },
    KMeans(KMeans<T>),
    /// By the centres of a saved model.
    Loaded(KMeans<T>),
}

impl Command<'_> {
    fn of_table<T: Number>(self, x: &Array2<T>) -> Result<()> {
        let started = Instant::now();
        let (clusters, n_clusters, how) = match &self.arguments.model.load_model {
            Some(path) => {
                let model: KMeans<T> = self.run.load(path, x.ncols(), KMeans::n_features, "--label")?;
                self.run.progress.phase(format!("assigning {} rows", x.nrows()));
                (model.predict(x)?, model.n_clusters(), How::Loaded(model))
            }
            None if self.arguments.method == Some(ClusterMethod::Kmeans) => {
                let model = self.k_means(x)?;
                (model.labels().to_owned(), model.n_clusters(), How::KMeans(model))
            }
            None => {
                let (affinity, gamma, affinities) = self.affinities(x)?;
                let model = self.spectral(&affinities)?;
                (
                    model.labels().to_owned(),
                    model.n_clusters(),
                    How::Spectral { affinity, gamma, model: Box::new(model) },
                )
            }
        };
        let seconds = started.elapsed().as_secs_f64();
        let found = Found { clusters: clusters.to_vec(), n_clusters, how, seconds };
        let plane = if self.run.targets.plot.is_some() { Some(figure::Plane::of_rows(x)?) } else { None };
        self.finish(x.ncols(), found, plane)
    }

    /// Of a graph there are the nodes alone.
    fn of_graph(self, affinities: &AffinityMatrix) -> Result<()> {
        let started = Instant::now();
        let model = self.spectral(affinities)?;
        let seconds = started.elapsed().as_secs_f64();
        let plane = figure::Plane::of_embedding(&model);
        let (clusters, n_clusters) = (model.labels().to_vec(), model.n_clusters());
        let how = How::Spectral { affinity: AffinityKind::Precomputed, gamma: None, model: Box::new(model) };
        self.finish(0, Found::<f64> { clusters, n_clusters, how, seconds }, Some(plane))
    }

    fn count(&self) -> Clusters {
        self.arguments.clusters.unwrap_or(Clusters::Auto)
    }

    fn k_means<T: Number>(&self, x: &Array2<T>) -> Result<KMeans<T>> {
        let seed = self.arguments.seed.unwrap_or(0);
        let count = match self.count() {
            Clusters::Count(count) => count,
            Clusters::Auto => {
                let most = MOST_BY_GAP.min(x.nrows());
                self.run.progress.phase(format!("gap statistic of up to {most} clusters"));
                let gap = GapStatistic::params().max_clusters(most).seed(seed).fit(x)?;
                gap.n_clusters().ok_or_else(|| {
                    Error::new(format!("no number of clusters up to {most} stands out by the gap statistic"))
                        .remedy("give --clusters a number")
                })?
            }
        };
        self.run.progress.phase(format!("k-means of {} rows", x.nrows()));
        Ok(KMeans::params().n_clusters(count).seed(seed).fit(x)?)
    }

    /// The affinities of the rows, of which kind, and with which γ.
    fn affinities<T: Number>(&self, x: &Array2<T>) -> Result<(AffinityKind, Option<f64>, AffinityMatrix)> {
        let kind = self.arguments.affinity.unwrap_or(AffinityKind::Rbf);
        self.run.progress.phase(format!("affinities of {} rows", x.nrows()));
        if kind == AffinityKind::Knn {
            let neighbors = self.arguments.neighbors.unwrap_or(10.min(x.nrows()));
            return Ok((kind, None, Affinity::nearest_neighbors(neighbors).matrix(x)?));
        }
        if x.nrows() > MOST_ROWS_OF_PAIRS {
            let rows = x.nrows();
            return Err(Error::new(format!(
                "{} has {rows} rows, and the affinities of all pairs are for at most {MOST_ROWS_OF_PAIRS}",
                self.run.file
            ))
            .remedy("choose --affinity knn, or --method kmeans"));
        }
        let median = Gamma::MedianHeuristic { seed: self.arguments.seed.unwrap_or(0) };
        let gamma = self.arguments.gamma.map_or(median, Gamma::Value).value(x)?;
        Ok((kind, Some(gamma), Affinity::Rbf { gamma: Gamma::Value(gamma) }.matrix(x)?))
    }

    fn spectral(&self, affinities: &AffinityMatrix) -> Result<SpectralClustering> {
        let samples = affinities.n_samples();
        self.run.progress.phase(format!("eigenvectors of a graph of {samples} nodes"));
        let count = match self.count() {
            Clusters::Count(count) => NClusters::Count(count),
            Clusters::Auto => NClusters::Eigengap { max: MOST_BY_GAP.min(samples) },
        };
        let shown = match count {
            NClusters::Count(count) => count.saturating_add(FURTHER),
            NClusters::Eigengap { max } => max + 1,
        };
        let params = SpectralClustering::params()
            .n_clusters(count)
            .n_eigenvalues(shown.min(samples))
            .seed(self.arguments.seed.unwrap_or(0))
            .labels(match self.arguments.labels.unwrap_or(LabelsFrom::Kmeans) {
                LabelsFrom::Kmeans => LabelAssignment::KMeans,
                LabelsFrom::ClusterQr => LabelAssignment::ClusterQr,
                LabelsFrom::Discretize => LabelAssignment::Discretize,
            });
        Ok(match affinities {
            AffinityMatrix::Dense(affinities) => params.fit_affinity(affinities)?,
            AffinityMatrix::Sparse(affinities) => params.fit_affinity(affinities)?,
        })
    }

    /// Writes every file asked for, and reports.
    fn finish<T: Number>(self, features: usize, found: Found<T>, plane: Option<figure::Plane>) -> Result<()> {
        let mut written = Written::default();
        if self.run.targets.columns.is_some() {
            // Whole numbers below 2²⁴ are exact in single precision too, but not all that follow.
            let column: Array1<f64> = found.clusters.iter().map(|&cluster| cluster as f64).collect();
            let headings = [Heading::whole("cluster")];
            let rows = column.insert_axis(Axis(1));
            written.columns(&self.run, "clusters", &headings, &rows, self.labels.as_ref())?;
        }
        if let Some(plane) = plane {
            match &found.how {
                How::Spectral { model, .. } => {
                    let eigenvalues = figure::eigenvalues(model);
                    written.figure(&self.run, || figure::figure(&self, &found, plane, eigenvalues))?;
                }
                How::KMeans(_) | How::Loaded(_) => {
                    let sizes = Sizes { sizes: found.sizes() };
                    written.figure(&self.run, || figure::figure(&self, &found, plane, sizes))?;
                }
            }
        }
        if let How::KMeans(model) | How::Loaded(model) = &found.how {
            written.model(&self.run, model)?;
        }
        let notes = written.commit()?;
        let report = Report::new(&self, features, &found)?;
        let text = report.text(&self, notes);
        let json = report.json();
        self.run.report(|| json, || text)
    }
}
