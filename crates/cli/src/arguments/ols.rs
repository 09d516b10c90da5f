//! What may be typed after `lapwing ols`.

use super::RegressionArguments;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  lapwing ols diabetes.csv --target progression --summary
      Coefficients with their standard errors, t, p-values and confidence intervals, and what the fit is worth.

  lapwing ols diabetes.csv --target progression --plot fit.svg --save-model model.json
  lapwing ols new.csv --load-model model.json --output predictions.csv
      Predictions for rows whose target is not known: new.csv has the other columns, in the same order.";

#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    mut_arg("plot", |plot| plot.help(
        "Draw predictions against observations, and residuals against predictions, to a .svg or .png file"
    ))
)]
pub(crate) struct OlsArguments {
    /// Add standard errors, t, p-values, 95 % confidence intervals, adjusted R², F, information criteria and condition
    /// numbers, and name columns that nearly depend on each other
    #[arg(long, conflicts_with = "load_model")]
    pub(crate) summary: bool,

    #[command(flatten)]
    pub(crate) regression: RegressionArguments,
}
