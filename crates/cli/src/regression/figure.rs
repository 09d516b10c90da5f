//! The figure of a regression: how it depends on its penalty, where it has one, and how it fits.

use super::{Command, Fit, Method, Outcome, Path};
use crate::error::Result;
use crate::model_run::Written;
use crate::number::Number;
use crate::plot::{CoefficientPath, Figure, Predictions, Residuals};
use crate::read;
use crate::report::shortest;

/// Draws the figure, if one is asked for.
pub(super) fn draw<M: Method, T: Number>(
    command: &Command<'_, M>,
    fit: &Fit<M::Model<T>>,
    outcome: &Outcome<'_, T>,
    written: &mut Written,
) -> Result<()> {
    let Some(observed) = &command.observed else { return Ok(()) };
    let predicted: Vec<f64> = outcome.predictions.iter().map(|&value| value.into()).collect();
    let title = read::file_name(&command.arguments.model.input);
    let subtitle = subtitle::<M, T>(command, fit, outcome);
    let residuals = observed.values.iter().zip(&predicted).map(|(y, prediction)| y - prediction).collect();
    let predictions = || Predictions {
        observed: observed.values.clone(),
        predicted: predicted.clone(),
        target: observed.name.clone(),
    };
    match (&fit.path, M::alpha(&fit.model)) {
        (Some(path), Some(alpha)) => written.figure(&command.run, || Figure {
            title,
            subtitle,
            left: coefficient_path(path, alpha, &outcome.deviations, &command.names),
            right: predictions(),
            left_width: 740,
        }),
        _ => written.figure(&command.run, || Figure {
            title,
            subtitle,
            left: predictions(),
            right: Residuals { predicted: predicted.clone(), residuals },
            left_width: 620,
        }),
    }
}

fn subtitle<M: Method, T: Number>(
    command: &Command<'_, M>,
    fit: &Fit<M::Model<T>>,
    outcome: &Outcome<'_, T>,
) -> String {
    let (samples, features) = outcome.x.dim();
    let mut parts = vec![format!("{}: {samples} samples, {features} features", M::NAME)];
    if let Some(alpha) = M::alpha(&fit.model) {
        let chosen = fit.search.as_ref().map(|search| format!(" by {}", search.method)).unwrap_or_default();
        parts.push(format!("\u{3b1} = {}{chosen}", shortest(alpha)));
    }
    if let Some(model) = &command.arguments.model.load_model {
        parts.push(format!("by {}", read::file_name(model)));
    }
    if let Some(r2) = outcome.scores.as_ref().and_then(|scores| scores.r2) {
        parts.push(format!("R\u{b2} = {r2:.4}"));
    }
    parts.join("; ")
}

fn coefficient_path(path: &Path, chosen: f64, deviations: &[f64], names: &[String]) -> CoefficientPath {
    let effect = |feature: usize, coefficients: &Vec<f64>| coefficients[feature] * deviations[feature];
    CoefficientPath {
        alphas: path.alphas.clone(),
        effects: (0..names.len())
            .map(|feature| path.coefficients.iter().map(|row| effect(feature, row)).collect())
            .collect(),
        names: names.to_vec(),
        chosen,
    }
}
