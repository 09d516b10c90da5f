//! The `lapwing` command line.
#![forbid(unsafe_code)]

mod arguments;
mod atomic_write;
mod cluster;
mod columns;
mod eig;
mod error;
mod info;
mod mahalanobis;
mod matrix_run;
mod model_run;
mod number;
mod pca;
mod plot;
mod progress;
mod read;
mod regression;
mod report;
mod svd;

use arguments::{Arguments, Command};
use clap::Parser;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Pca(arguments) => pca::run(&arguments),
        Command::Eig(arguments) => eig::run(&arguments),
        Command::Svd(arguments) => svd::run(&arguments),
        Command::Ols(arguments) => regression::run(&arguments, &arguments.regression),
        Command::Ridge(arguments) => regression::run(&arguments, &arguments.regression),
        Command::Lasso(arguments) => regression::run(&arguments, &arguments.regression),
        Command::Mahalanobis(arguments) => mahalanobis::run(&arguments),
        Command::Cluster(arguments) => cluster::run(&arguments),
        Command::Info => info::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is closed too, the exit code has to say it all.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
