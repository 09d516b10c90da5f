//! Ten principal components of the handwritten digits, with the proof that they are right.
//!
//! Run with `cargo run --release --example quickstart`.

use std::error::Error;
use std::fs;

use lapwing::{NComponents, Pca};
use ndarray::Array2;

fn main() -> Result<(), Box<dyn Error>> {
    let digits = read_digits("examples/data/digits.csv")?;
    let (pca, scores) = Pca::params().n_components(NComponents::Count(10)).fit_transform(&digits)?;

    println!("{} samples, {} features, solver {}", pca.n_samples(), pca.n_features(), pca.solver());
    println!("component   variance   share");
    for (i, (variance, share)) in
        pca.explained_variance().iter().zip(pca.explained_variance_ratio()).enumerate()
    {
        println!("{:9} {variance:10.4} {:5.2} %", i + 1, 100.0 * share);
    }
    println!("the first digit lies at {:.3} on the first two components", scores.slice(ndarray::s![0, ..2]));
    println!("{}", pca.certificate(&digits)?);
    Ok(())
}

/// The pixels; the last column is the digit itself.
fn read_digits(path: &str) -> Result<Array2<f64>, Box<dyn Error>> {
    let text = fs::read_to_string(path)
        .map_err(|error| format!("{path}: {error}; run from the repository's root"))?;
    let mut pixels = Vec::new();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        for cell in &cells[..cells.len() - 1] {
            pixels.push(cell.parse()?);
        }
        rows += 1;
    }
    Ok(Array2::from_shape_vec((rows, pixels.len() / rows.max(1)), pixels)?)
}
