//! What each sample does to a fit.

use lapwing_lapack::{Scalar, kernel, zeros};
use ndarray::{Array1, Array2, ArrayView1};

use crate::error::Error;
use crate::linear_model::linear_regression::Fit;
use crate::linear_model::regression::Intercept;
use crate::linear_model::regression::Regression;
use crate::linear_model::rows::CentredRows;

/// Residuals and leverages of n samples, and what follows from them (Belsley, Kuh and Welsch, "Regression Diagnostics",
/// 1980). Part of a [`RegressionSummary`](super::RegressionSummary).
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Influence {
    residuals: Vec<f64>,
    leverages: Vec<f64>,
    internally_studentized: Vec<Option<f64>>,
    externally_studentized: Vec<Option<f64>>,
    cooks_distances: Vec<Option<f64>>,
}

impl Influence {
    /// `y − ŷ`, n.
    pub fn residuals(&self) -> ArrayView1<'_, f64> {
        ArrayView1::from(&self.residuals)
    }

    /// The diagonal of the hat matrix, n: between 0 and 1, and the rank in sum.
    pub fn leverages(&self) -> ArrayView1<'_, f64> {
        ArrayView1::from(&self.leverages)
    }

    /// Each residual in units of its standard error, n; `None` for a sample of leverage 1, which the fit always meets, and
    /// where there are no residuals at all.
    pub fn internally_studentized(&self) -> &[Option<f64>] {
        &self.internally_studentized
    }

    /// The same with the standard deviation of a fit without the sample, n: of Student's distribution, for normal noise.
    /// `None` where that fit has no residuals, too.
    pub fn externally_studentized(&self) -> &[Option<f64>] {
        &self.externally_studentized
    }

    /// How far the fit moves without the sample, n, in units of its own uncertainty; `None` for a sample of leverage 1.
    pub fn cooks_distances(&self) -> &[Option<f64>] {
        &self.cooks_distances
    }

    /// Weighted residuals and leverages in one pass over the rows, n p rank operations; and the length of the residuals.
    pub(super) fn of_rows<T: Scalar>(
        rows: &Regression<'_, T>,
        fit: &Fit,
        x_rounding: &Array1<f64>,
        root: &Array2<f64>,
        total_weight: f64,
    ) -> Result<(Self, f64), Error> {
        let root_weights = rows.root_weights();
        let centred = CentredRows {
            rows: *rows,
            x_centre: &fit.centre,
            y_centre: &fit.level,
            root_weights: root_weights.as_ref(),
        };
        let coefficients: Array2<f64> = fit.coefficients.t().to_owned();
        // The rows are centred on a mean that was rounded, which shows where it is far larger than the spread.
        let shift = x_rounding.dot(root);
        let parts = centred.fold(
            || Ok((Vec::new(), Vec::new())),
            |(residuals, leverages): &mut (Vec<f64>, Vec<f64>), range, x, y| {
                kernel::gemm(-1.0, x, &coefficients, 1.0, y)?;
                residuals.extend(y.column(0));
                let mut turned = zeros(x.nrows(), root.ncols())?;
                kernel::gemm(1.0, x, root, 0.0, &mut turned)?;
                for (mut row, i) in turned.outer_iter_mut().zip(range) {
                    row.scaled_add(-root_weights.as_ref().map_or(1.0, |roots| roots[i]), &shift);
                    leverages.push(row.dot(&row));
                }
                Ok(())
            },
        )?;
        let (mut residuals, mut leverages) = (Vec::new(), Vec::new());
        for (of_residuals, of_leverages) in parts {
            residuals.extend(of_residuals);
            leverages.extend(of_leverages);
        }
        if rows.intercept == Intercept::Fitted {
            for (i, leverage) in leverages.iter_mut().enumerate() {
                *leverage += rows.weights.map_or(1.0, |weights| weights[i].as_f64()) / total_weight;
            }
        }
        let length = Array1::from_iter(residuals.iter().copied());
        let length = length.dot(&length).sqrt();
        Ok((Self { residuals, leverages, ..Self::default() }, length))
    }

    /// Fills in what depends on the residuals of all samples, and takes the weights out of the residuals.
    pub(super) fn studentize<T: Scalar>(
        &mut self,
        rows: &Regression<'_, T>,
        residual_norm: f64,
        freedom: usize,
        rank: usize,
    ) {
        let n = self.residuals.len();
        let deviation = residual_norm / (freedom as f64).sqrt();
        for (&residual, &leverage) in self.residuals.iter().zip(&self.leverages) {
            let rest = 1.0 - leverage;
            // A leverage is a sum of squares of at most n roundings.
            let exists = deviation > 0.0 && rest > n as f64 * f64::EPSILON;
            let internal = exists.then(|| residual / (deviation * rest.sqrt()));
            // The squares of the fit without the sample, over those of the fit: 1 − r² / freedom.
            let external = internal.and_then(|internal| {
                let left = freedom as f64 - internal * internal;
                let exists = freedom > 1 && left > n as f64 * f64::EPSILON * freedom as f64;
                exists.then(|| internal * ((freedom - 1) as f64 / left).sqrt())
            });
            self.internally_studentized.push(internal);
            self.externally_studentized.push(external);
            let cook = internal.map(|internal| internal * internal * leverage / (rest * rank as f64));
            self.cooks_distances.push(cook);
        }
        if let Some(roots) = rows.root_weights() {
            self.residuals.iter_mut().zip(&roots).for_each(|(residual, root)| *residual /= root);
        }
    }
}
