//! What rounding does to Gram–Schmidt: three variants of one formula beside Householder's QR, on matrices of growing
//! condition.
//!
//! Run with `cargo run --release --example gram_schmidt`. Each line of the tables is one matrix; its numbers are the loss
//! of orthogonality, ‖I − QᵀQ‖_F. What to look for is how a column grows with the condition κ: not at all, as κ, or
//! as κ².

use lapwing::Qr;
use lapwing::lapack::gram_schmidt::{GramSchmidt, Method, gram};
use lapwing::lapack::norms::{Norm, norm};
use lapwing::lapack::rank::{Tolerance, analyze_rank};
use lapwing::lapack::{Error, zeros};
use ndarray::{Array2, ArrayRef2};

fn main() -> Result<(), Error> {
    println!("Hilbert matrices, 1 / (i + j + 1): the columns are the first powers of x, seen from 0 to 1.\n");
    heading("n");
    for n in 2..=12 {
        let hilbert = Array2::from_shape_fn((n, n), |(i, j)| 1.0 / (i + j + 1) as f64);
        line(&n.to_string(), &hilbert)?;
    }

    println!("\nLäuchli matrices: a row of ones over μ times the identity, 5 columns.\n");
    heading("μ");
    for exponent in 1..=12 {
        let mu = 10f64.powi(-exponent);
        let mut lauchli = zeros(6, 5)?;
        lauchli.row_mut(0).fill(1.0);
        (0..5).for_each(|j| lauchli[[j + 1, j]] = mu);
        line(&format!("1e-{exponent}"), &lauchli)?;
    }
    println!(
        "\nClassical loses κ² ε and ends with vectors that are not even nearly orthogonal; modified loses κ ε;"
    );
    println!(
        "twice is enough: reorthogonalized, Gram–Schmidt is as orthogonal as Householder's reflections."
    );
    Ok(())
}

fn heading(parameter: &str) {
    println!(
        "{parameter:>5}  {:>9}  {:>10}  {:>10}  {:>10}  {:>11}",
        "κ", "classical", "modified", "twice", "reflections"
    );
}

fn line(parameter: &str, a: &ArrayRef2<f64>) -> Result<(), Error> {
    let condition = analyze_rank(a, Tolerance::Standard)?.condition();
    print!("{parameter:>5}  {condition:9.1e}");
    for method in [Method::Classical, Method::Modified, Method::Reorthogonalized] {
        let factors = GramSchmidt::params().method(method).tolerance(0.0).compute(a)?;
        print!("  {:10.1e}", factors.loss_of_orthogonality()?);
    }
    let mut defect = gram(&Qr::new(a)?.q()?)?;
    defect.diag_mut().mapv_inplace(|x| x - 1.0);
    println!("  {:11.1e}", norm(&defect, Norm::Frobenius)?);
    Ok(())
}
