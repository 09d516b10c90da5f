//! What may be typed after `lapwing lasso`.

use super::RegressionArguments;
use super::regression::{Alpha, alpha};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  lapwing lasso diabetes.csv --target progression --alpha auto --plot path.svg
      The penalty that predicts best in five-fold cross-validation; many coefficients are then exactly zero.

  lapwing lasso diabetes.csv --target progression --alpha 2.5 --format json | jq .coefficients";

#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    mut_arg("plot", |plot| plot.help(
        "Draw the coefficients for penalties from the least that makes all zero down to a thousandth of it, and \
         predictions against observations, to a .svg or .png file"
    ))
)]
pub(crate) struct LassoArguments {
    /// The penalty, which depends on the units of the features; or auto: that of the least error in five-fold
    /// cross-validation, among 100 from the least that makes all coefficients zero down to a thousandth of it
    #[arg(
        long,
        value_name = "A|auto",
        value_parser = alpha,
        default_value = "1",
        allow_negative_numbers = true,
        conflicts_with = "load_model"
    )]
    pub(crate) alpha: Alpha,

    #[command(flatten)]
    pub(crate) regression: RegressionArguments,
}
