//! A few singular triplets of sparse matrices, beside those of SciPy's three solvers, which
//! `reference/make_singular_reference.py` writes.

use std::collections::BTreeMap;

use lapwing_iterative::sprs::{CsMat, TriMat};
use lapwing_iterative::{LinearOperator, PartialSvd};
use ndarray::Array2;
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    matrices: BTreeMap<String, Case>,
}

#[derive(Deserialize)]
struct Case {
    shape: (usize, usize),
    rows: Vec<usize>,
    columns: Vec<usize>,
    entries: Vec<f64>,
    k: usize,
    solvers: BTreeMap<String, Solver>,
}

#[derive(Deserialize)]
struct Solver {
    values: Vec<f64>,
    /// How far SciPy's values are from LAPACK's, relative to the largest.
    difference: f64,
}

/// Tall, wide, graded over eight decades, and with every value three times.
#[test]
fn the_triplets_are_scipys() {
    let reference: Reference = serde_json::from_str(include_str!("reference/singular_values.json")).unwrap();
    for (name, case) in &reference.matrices {
        let triplets =
            TriMat::from_triplets(case.shape, case.rows.clone(), case.columns.clone(), case.entries.clone());
        let a: CsMat<f64> = triplets.to_csr();
        let svd = PartialSvd::params(case.k).compute(&a).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (u, v, values) = (svd.u(), svd.vt().reversed_axes(), svd.singular_values());
        let largest = values[0];

        // The tolerance, and what rounding adds in products of this length.
        let rounding = 10.0 * (case.shape.0 + case.shape.1) as f64 * f64::EPSILON;
        let bound = 50.0 * f64::EPSILON + rounding;
        let within = |defect: Array2<f64>, bound: f64| {
            let worst = defect.columns().into_iter().map(|x| x.dot(&x).sqrt()).fold(0.0, f64::max);
            assert!(worst <= bound, "{name}: {worst:e} over {bound:e}");
        };
        within(a.apply(&v).unwrap() - &u * &values, bound * largest);
        within(a.apply_transposed(&u).unwrap() - &v * &values, bound * largest);
        for basis in [u, v] {
            within(basis.t().dot(&basis) - Array2::<f64>::eye(case.k), rounding);
        }

        // Weyl: a singular value moves by no more than the matrix.
        for (solver, scipys) in &case.solvers {
            assert_eq!(values.len(), scipys.values.len());
            for (value, other) in values.iter().zip(&scipys.values) {
                let difference = (value - other).abs() / largest;
                assert!(difference <= scipys.difference + bound, "{name}, {solver}: {difference:e}");
            }
        }
    }
}
