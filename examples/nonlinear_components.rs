//! Three questions to which principal components are not the whole answer: structure that is bent, a number of components
//! that nobody knows, and counts that are mostly zero.
//!
//! Run with `cargo run --release --example nonlinear_components`.

use std::error::Error;
use std::f64::consts::TAU;

use lapwing::ml::decomposition::component_selection::elbow;
use lapwing::ml::sprs::{CsMat, TriMat};
use lapwing::random::standard_normal;
use lapwing::{
    Kernel, KernelPca, LikelihoodValidation, NComponents, ParallelAnalysis, Pca, TruncatedSvd,
    TruncatedSvdAlgorithm,
};
use ndarray::{Array2, ArrayView1, s};

fn main() -> Result<(), Box<dyn Error>> {
    circles()?;
    how_many()?;
    topics()
}

/// Two circles, one within the other: no straight line separates them, and so no principal component does.
fn circles() -> Result<(), Box<dyn Error>> {
    const EACH: usize = 100;
    let noise = standard_normal(2 * EACH, 2, 1) * 0.1;
    let x = noise
        + Array2::from_shape_fn((2 * EACH, 2), |(i, j)| {
            let (radius, angle) = (if i < EACH { 1.0 } else { 4.0 }, TAU * i as f64 / EACH as f64);
            radius * if j == 0 { angle.cos() } else { angle.sin() }
        });
    // How many rows the best threshold puts on the right side.
    let separated = |scores: ArrayView1<f64>| {
        let best = scores.iter().map(|threshold| {
            let right =
                scores.iter().enumerate().filter(|(i, score)| (*score <= threshold) == (*i < EACH)).count();
            right.max(2 * EACH - right)
        });
        best.max().unwrap_or(0)
    };

    println!("two circles of {EACH} points; of {} points, one threshold sorts", 2 * EACH);
    let (_, scores) = Pca::params().n_components(NComponents::Count(1)).fit_transform(&x)?;
    println!("  {:3} by the first principal component", separated(scores.column(0)));
    for gamma in [0.01, 0.3, 3.0] {
        let params = KernelPca::params().kernel(Kernel::Rbf { gamma: Some(gamma) }).n_components(1);
        let (_, scores) = params.fit_transform(&x)?;
        println!(
            "  {:3} by the first component of a Gaussian kernel with gamma {gamma}",
            separated(scores.column(0))
        );
    }

    // The way back: a point between the circles is restored to one of them.
    let params = KernelPca::params().kernel(Kernel::Rbf { gamma: Some(0.3) }).n_components(6);
    let model = params.fit_inverse_transform().alpha(0.01).fit(&x)?;
    let between = Array2::from_shape_vec((1, 2), vec![3.3, 0.0])?;
    let restored = model.inverse_transform(&model.transform(&between)?)?;
    println!("  (3.3, 0) goes through six components and comes back as {restored:.2}\n");
    Ok(())
}

/// Three factors, each behind four of twelve features, found by each of the rules.
fn how_many() -> Result<(), Box<dyn Error>> {
    let loadings = Array2::from_shape_fn((3, 12), |(i, j)| if i == j / 4 { 2.0 } else { 0.0 });
    let x = standard_normal(200, 3, 1).dot(&loadings) + standard_normal(200, 12, 3);
    let pca = Pca::params().fit(&x)?;
    let analysis = ParallelAnalysis::params().fit(&x)?;
    let candidates: Vec<usize> = (1..12).collect();
    let validation = LikelihoodValidation::params().fit(&x, &candidates)?;

    println!(
        "three factors, each behind four of twelve features\ncomponent   variance   by chance   likelihood of unseen rows"
    );
    for i in 0..candidates.len() {
        println!(
            "{:9} {:10.3} {:11.3} {:12.4}",
            i + 1,
            analysis.observed()[i],
            analysis.thresholds()[i],
            validation.mean_scores()[i]
        );
    }
    println!("  {} come before the elbow of the variances", elbow(&pca.explained_variance())?);
    println!("  {} exceed what chance gives", analysis.n_components());
    println!("  {} make unseen rows most likely\n", validation.n_components());
    Ok(())
}

/// Words in documents: each document has one of three topics, each topic ten words of its own, and all share ten more.
fn topics() -> Result<(), Box<dyn Error>> {
    const DOCUMENTS: usize = 300;
    let mut counts = TriMat::new((DOCUMENTS, 40));
    // A linear congruential generator is random enough for words.
    let mut state = 1u32;
    let mut word = || {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        (state >> 16) as usize % 10
    };
    for document in 0..DOCUMENTS {
        for _ in 0..20 {
            counts.add_triplet(document, 10 * (document % 3) + word(), 1.0);
            counts.add_triplet(document, 30 + word(), 1.0);
        }
    }
    // Words that came up twice are added up.
    let counts: CsMat<f64> = counts.to_csr();
    println!("{DOCUMENTS} documents, 40 words, {} counts that are not zero", counts.nnz());
    let params = TruncatedSvd::params().n_components(3).algorithm(TruncatedSvdAlgorithm::Lanczos);
    let (svd, scores) = params.fit_transform(&counts)?;
    println!(
        "  singular values {:.2}, not centred: the first is the average document",
        svd.singular_values()
    );
    println!("document   topic   scores on the two components after it");
    for document in 0..6 {
        println!("{document:8} {:7}   {:6.2}", document % 3, scores.slice(s![document, 1..]));
    }

    // The mean is subtracted from products, and the matrix stays sparse.
    let pca = Pca::params().n_components(NComponents::Count(2)).fit_sparse(&counts)?;
    let shares = pca.explained_variance_ratio();
    println!("  centred, two components have {:.0} % of the variance", 100.0 * shares.sum());
    Ok(())
}
