//! What may be typed after every regression.

use super::ModelArguments;
use clap::Args;
use lapwing::ml::Intercept;

#[derive(Args, Debug)]
#[command(
    mut_arg("output", |output| output.help(
        "Write the column prediction and, where the target is known, observed and residual, a row per sample in the \
         order of the input, to a .csv or .npy file"
    )),
    mut_arg("load_model", |load| load.help(
        "Use a saved model instead of fitting one: predictions for new data, and how good they are where --target is \
         given"
    ))
)]
pub(crate) struct RegressionArguments {
    /// Column to predict from all others: its name, or its number from 1
    #[arg(long, value_name = "COLUMN", required_unless_present = "load_model")]
    pub(crate) target: Option<String>,

    /// Fit no intercept: predict zero where all features are zero
    #[arg(long, conflicts_with = "load_model")]
    no_intercept: bool,

    #[command(flatten)]
    pub(crate) model: ModelArguments,
}

impl RegressionArguments {
    pub(crate) fn intercept(&self) -> Intercept {
        if self.no_intercept { Intercept::Zero } else { Intercept::Fitted }
    }
}

/// How large the penalty is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Alpha {
    Given(f64),
    /// That which predicts best what was left out.
    Auto,
}

pub(super) fn alpha(text: &str) -> Result<Alpha, String> {
    if text == "auto" {
        return Ok(Alpha::Auto);
    }
    match text.parse::<f64>() {
        Ok(alpha) if alpha >= 0.0 && alpha.is_finite() => Ok(Alpha::Given(alpha)),
        Ok(_) => Err("a penalty is finite and at least 0".into()),
        Err(_) => Err("expected a penalty such as 1.5, or auto".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_penalty_is_a_number_or_chosen() {
        assert_eq!(alpha("auto"), Ok(Alpha::Auto));
        assert_eq!(alpha("0"), Ok(Alpha::Given(0.0)));
        assert_eq!(alpha("1e-3"), Ok(Alpha::Given(1e-3)));
        for text in ["-1", "nan", "inf"] {
            assert_eq!(alpha(text).unwrap_err(), "a penalty is finite and at least 0", "{text}");
        }
        assert_eq!(alpha("much").unwrap_err(), "expected a penalty such as 1.5, or auto");
    }
}
