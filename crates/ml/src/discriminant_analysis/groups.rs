//! Rows by their labels: what each class has, and how often each is expected.

use std::collections::BTreeMap;

use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array1, ArrayRef2, Axis};

use crate::error::Error;
use crate::row_blocks::rows_per_block;
use crate::running_moments::RunningMoments;

/// The different labels in ascending order, and the rows of each.
pub(super) struct Groups<L> {
    pub(super) classes: Vec<L>,
    pub(super) rows: Vec<Vec<usize>>,
}

impl<L: Ord + Clone> Groups<L> {
    /// The rows of `x` (n x p) by their labels `y` (n): finite, of at least one feature and two classes.
    pub(super) fn new<T: Scalar>(x: &ArrayRef2<T>, y: &[L]) -> Result<Self, Error> {
        if x.ncols() == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        check_labels(x.nrows(), y)?;
        let mut groups: BTreeMap<&L, Vec<usize>> = BTreeMap::new();
        for (row, label) in y.iter().enumerate() {
            groups.entry(label).or_default().push(row);
        }
        if groups.len() < 2 {
            return Err(Error::TooFewClasses { argument: "y", found: groups.len() });
        }
        require_finite("x", x)?;
        let (classes, rows) = groups.into_iter().map(|(label, rows)| (label.clone(), rows)).unzip();
        Ok(Self { classes, rows })
    }

    /// The probability of each class: `given`, or its share of the rows.
    pub(super) fn priors(&self, given: Option<&[f64]>) -> Result<Array1<f64>, Error> {
        let Some(given) = given else {
            let total: usize = self.rows.iter().map(Vec::len).sum();
            return Ok(self.rows.iter().map(|rows| rows.len() as f64 / total as f64).collect());
        };
        let sum: f64 = given.iter().sum();
        if given.len() != self.classes.len()
            || !given.iter().all(|&prior| prior > 0.0)
            || (sum - 1.0).abs() > 1e-5
        {
            return Err(Error::InvalidParameter {
                parameter: "priors",
                value: format!("{given:?}"),
                requirement: format!(
                    "{} positive numbers that sum to 1, in the order of the classes",
                    self.classes.len()
                ),
            });
        }
        Ok(given.iter().map(|prior| prior / sum).collect())
    }
}

/// That there is a label for each row.
pub(super) fn check_labels<L>(rows: usize, y: &[L]) -> Result<(), Error> {
    if y.len() == rows {
        return Ok(());
    }
    Err(lapwing_lapack::Error::Shape {
        argument: "y",
        extent: "entries",
        found: y.len(),
        expected: rows,
        reason: "one for each row of x",
    }
    .into())
}

/// Mean and scatter of some rows of `x`, at least one, gathered in blocks.
pub(super) fn moments_of_rows<T: Scalar>(x: &ArrayRef2<T>, rows: &[usize]) -> Result<RunningMoments, Error> {
    let mut moments = RunningMoments::new(x.row(rows[0]))?;
    for block in rows.chunks(rows_per_block(x.ncols())) {
        moments.add_rows("x", &x.select(Axis(0), block))?;
    }
    Ok(moments)
}
