//! PCA beside scikit-learn's, option by option.
//!
//! `tests/parity/pca.json` holds scikit-learn's answers, checked against exact arithmetic when they were
//! made and replaced by the exact ones where it loses digits. `parity::bounds` derives how far a correct
//! computation may be from them. Everything is fitted with the full, the covariance and the automatic solver.

mod parity;

use lapwing::{Pca, Whitening};
use ndarray::s;
use parity::{Comparison, Reference, SOLVERS, each_fit, norm, to_matrix};

/// The rows the reference answers for.
const ROWS: usize = 5;

/// How far each of the first rows is from the mean.
fn distances(comparison: &Comparison<'_>) -> Vec<f64> {
    let rows = comparison.x.outer_iter().take(ROWS);
    rows.map(|row| norm(row.iter().zip(&comparison.model.mean).map(|(value, mean)| value - mean))).collect()
}

#[test]
fn mean_spectrum_and_noise_are_those_of_the_reference() {
    each_fit(Whitening::None, |c| {
        let (pca, model) = (c.pca, c.model);
        for (column, &expected) in model.mean.iter().enumerate() {
            c.near(&format!("mean {column}"), pca.mean()[column], expected, c.bounds.mean(column));
        }
        for (i, &expected) in model.explained_variance.iter().enumerate() {
            let bound = c.bounds.eigenvalue(expected);
            c.near(&format!("variance {i}"), pca.explained_variance()[i], expected, bound);
            let (found, expected) = (pca.explained_variance_ratio()[i], model.explained_variance_ratio[i]);
            c.near(&format!("ratio {i}"), found, expected, c.bounds.ratio(i));
            let (found, expected) = (pca.singular_values()[i], model.singular_values[i]);
            c.near(&format!("singular value {i}"), found, expected, c.bounds.singular_value(i));
        }
        // A mean of discarded eigenvalues: none of them is larger than the last one kept.
        let largest = model.explained_variance.last().copied().unwrap_or(c.data.eigenvalues[0]);
        c.near("noise variance", pca.noise_variance(), model.noise_variance, c.bounds.eigenvalue(largest));
    });
}

/// Including the sign: the entry of largest magnitude is positive.
#[test]
fn components_are_those_of_the_reference() {
    each_fit(Whitening::None, |c| {
        for (i, expected) in c.model.components.iter().flatten().enumerate() {
            let found = c.pca.components().row(i).to_owned();
            c.near_vector(&format!("component {i}"), &found, expected, c.bounds.component(i));
        }
    });
}

/// Where the variance is zero the basis is arbitrary, but it is still an orthonormal basis: the loss of
/// orthogonality stays within LAPACK's own ratio, 60 n ε for the eigensolver (the SVD's is 50).
#[test]
fn components_are_orthonormal_even_without_variance() {
    each_fit(Whitening::None, |c| {
        let components = c.pca.components();
        let bound = 60.0 * c.x.nrows().max(c.x.ncols()) as f64 * f64::EPSILON;
        for ((i, j), &entry) in components.dot(&components.t()).indexed_iter() {
            c.near(&format!("product of components {i} and {j}"), entry, f64::from(i == j), bound);
        }
    });
}

#[test]
fn scores_and_restored_rows_are_those_of_the_reference() {
    each_fit(Whitening::None, |c| {
        let scores = c.pca.transform(&c.x.slice(s![..ROWS, ..])).expect("the data that were fitted");
        let restored = c.pca.inverse_transform(&scores).expect("their scores");
        for (row, &distance) in distances(c).iter().enumerate() {
            for (i, &expected) in c.model.transform[row].iter().enumerate() {
                let bound = c.bounds.score(i, distance);
                c.near(&format!("score {i} of row {row}"), scores[[row, i]], expected, bound);
            }
            let (found, expected) = (restored.row(row).to_owned(), &c.model.inverse_transform[row]);
            c.near_vector(&format!("restored row {row}"), &found, expected, c.bounds.restored(distance));
        }
    });
}

/// Also when a standard deviation is 1e-150, where scikit-learn divides by ε instead.
#[test]
fn whitened_scores_are_those_of_the_reference() {
    each_fit(Whitening::UnitVariance, |c| {
        let scores = c.pca.transform(&c.x.slice(s![..ROWS, ..])).expect("the data that were fitted");
        let restored = c.pca.inverse_transform(&scores).expect("their scores");
        for (row, &distance) in distances(c).iter().enumerate() {
            for (i, &expected) in c.model.transform_whitened[row].iter().enumerate() {
                let bound = c.bounds.whitened(i, distance, expected);
                c.near(&format!("whitened score {i} of row {row}"), scores[[row, i]], expected, bound);
            }
            let (found, expected) = (restored.row(row).to_owned(), &c.model.inverse_transform[row]);
            c.near_vector(&format!("restored row {row}"), &found, expected, c.bounds.restored(distance));
        }
    });
}

/// The density belongs to the data, so whitening must not change it (in scikit-learn it does).
#[test]
fn log_densities_are_those_of_the_reference_whitened_or_not() {
    for whitening in [Whitening::None, Whitening::UnitVariance] {
        each_fit(whitening, |c| {
            let (Some(score), Some(score_samples)) = (c.model.score, &c.model.score_samples) else { return };
            let found = c.pca.score_samples(&c.x.slice(s![..ROWS, ..])).expect("a regular covariance");
            for ((row, &expected), distance) in score_samples.iter().enumerate().zip(distances(c)) {
                let bound = c.bounds.log_density(expected, distance);
                c.near(&format!("log-density of row {row}"), found[row], expected, bound);
            }
            let found = c.pca.score(c.x).expect("a regular covariance");
            c.near("mean log-density", found, score, c.bounds.mean_log_density());
        });
    }
}

#[test]
fn covariance_and_precision_are_those_of_the_reference_whitened_or_not() {
    for whitening in [Whitening::None, Whitening::UnitVariance] {
        each_fit(whitening, |c| {
            if let Some(expected) = c.model.covariance.as_deref().map(to_matrix) {
                let found = c.pca.covariance().expect("a covariance");
                for ((i, j), &expected) in expected.indexed_iter() {
                    c.near(&format!("covariance {i} {j}"), found[[i, j]], expected, c.bounds.covariance());
                }
            }
            if let Some(expected) = c.model.precision.as_deref().map(to_matrix) {
                let found = c.pca.precision().expect("a regular covariance");
                for ((i, j), &expected) in expected.indexed_iter() {
                    c.near(&format!("precision {i} {j}"), found[[i, j]], expected, c.bounds.precision());
                }
            }
        });
    }
}

#[test]
fn auto_runs_the_solver_that_scikit_learn_runs() {
    let reference = Reference::read();
    for case in &reference.cases {
        let Some(model) = case.model() else { continue };
        let x = reference.datasets[&case.dataset].matrix();
        let pca = Pca::params().n_components(case.request()).fit(&x).expect("a case of the reference");
        assert_eq!(pca.solver().to_string(), model.solver_run["auto"], "{}", case.dataset);
    }
}

#[test]
fn what_scikit_learn_refuses_is_an_error() {
    let reference = Reference::read();
    let mut refusals = 0;
    for case in &reference.cases {
        let Some(reason) = &case.refused else { continue };
        let x = reference.datasets[&case.dataset].matrix();
        for solver in SOLVERS {
            let fit = Pca::params().n_components(case.request()).solver(solver).fit(&x);
            assert!(fit.is_err(), "{}, {solver}: {reason}", case.dataset);
            refusals += 1;
        }
    }
    assert!(refusals > 0, "the reference holds a refusal");
}
