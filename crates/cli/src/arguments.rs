//! What may be typed, and what `--help` says of it.

mod cluster;
mod eig;
mod lasso;
mod mahalanobis;
mod matrix;
mod model;
mod ols;
mod pca;
mod regression;
mod ridge;
mod svd;

use clap::{Parser, Subcommand, ValueEnum};
use std::path::Path;

pub(crate) use cluster::{AffinityKind, ClusterArguments, ClusterMethod, Clusters, LabelsFrom};
pub(crate) use eig::{EigArguments, Which};
pub(crate) use lasso::LassoArguments;
pub(crate) use mahalanobis::{CovarianceMethod, MahalanobisArguments};
pub(crate) use matrix::{FactorsFormat, MatrixArguments};
pub(crate) use model::{ColumnsFile, ColumnsFormat, ModelArguments, PlotFormat};
pub(crate) use ols::OlsArguments;
pub(crate) use pca::{Components, PcaArguments, Solver};
pub(crate) use regression::{Alpha, RegressionArguments};
pub(crate) use ridge::RidgeArguments;
pub(crate) use svd::{SvdArguments, SvdMethod};

/// Linear algebra of tables and matrices, over the system's OpenBLAS.
#[derive(Debug, Parser)]
#[command(name = "lapwing", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Principal component analysis of a CSV or .npy file
    Pca(Box<PcaArguments>),
    /// Eigenvalues and eigenvectors of a dense or sparse matrix
    Eig(EigArguments),
    /// Singular value decomposition of a dense or sparse matrix
    Svd(SvdArguments),
    /// Linear regression by ordinary least squares, with the statistics of the fit
    Ols(OlsArguments),
    /// Ridge regression: least squares with a penalty on the squares of the coefficients
    Ridge(RidgeArguments),
    /// The lasso: least squares with a penalty on magnitudes, which makes coefficients zero
    Lasso(LassoArguments),
    /// Mahalanobis distances and outliers, by an empirical, shrunk or robust covariance
    Mahalanobis(Box<MahalanobisArguments>),
    /// Clusters of the rows, or of the nodes of a graph, spectral or by k-means
    Cluster(Box<ClusterArguments>),
    /// The linear algebra library in use, its kernel and its threads
    Info,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// A table to read
    Text,
    /// Everything, every number in full
    Json,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be at least 1".into()),
        Ok(count) => Ok(count),
        Err(_) => Err("expected a whole number from 1".into()),
    }
}

fn by_extension<F: Copy>(path: &str, formats: [(&str, F); 2]) -> Result<F, String> {
    let extension = Path::new(path).extension().unwrap_or_default();
    match formats.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)) {
        Some(&(_, format)) => Ok(format),
        None => Err(format!("the name must end in .{} or .{}", formats[0].0, formats[1].0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn takes_whole_numbers_from_one() {
        assert_eq!(at_least_one("2"), Ok(2));
        assert_eq!(at_least_one("0").unwrap_err(), "must be at least 1");
        for text in ["-1", "two", "1.5", ""] {
            assert_eq!(at_least_one(text).unwrap_err(), "expected a whole number from 1", "{text}");
        }
    }
}
