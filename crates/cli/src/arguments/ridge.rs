//! What may be typed after `lapwing ridge`.

use super::RegressionArguments;
use super::regression::{Alpha, alpha};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  lapwing ridge diabetes.csv --target progression --alpha 10
      A coefficient for each feature, drawn towards zero by the penalty 10.

  lapwing ridge diabetes.csv --target progression --alpha auto --summary --plot path.svg
      The penalty that predicts each row best from all others, and how the coefficients depend on it.

  lapwing ridge diabetes.csv --target progression --alpha auto --save-model model.json -q
  lapwing ridge new.csv --load-model model.json --output predictions.csv
      Predictions for rows whose target is not known: new.csv has the other columns, in the same order.";

#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    mut_arg("plot", |plot| plot.help(
        "Draw the coefficients for each penalty of the grid, and predictions against observations, to a .svg or .png \
         file"
    ))
)]
pub(crate) struct RidgeArguments {
    /// The penalty, which depends on the units of the features; or auto: that of the least exact leave-one-out error among
    /// 61 from 1e-6 to 1e6, five to each power of ten
    #[arg(
        long,
        value_name = "A|auto",
        value_parser = alpha,
        default_value = "1",
        allow_negative_numbers = true,
        conflicts_with = "load_model"
    )]
    pub(crate) alpha: Alpha,

    /// Add the effective degrees of freedom and the leave-one-out error
    #[arg(long, conflicts_with = "load_model")]
    pub(crate) summary: bool,

    #[command(flatten)]
    pub(crate) regression: RegressionArguments,
}
