//! What a system is multiplied by to make it easier: the constants, and the operators that they and pointers stand for.

use lapwing_iterative::LinearOperator;
use lapwing_iterative::preconditioners::{
    IncompleteCholesky, IncompleteLu, Jacobi, SymmetricSuccessiveOverrelaxation,
};
use lapwing_iterative::sprs::CsMatViewI;
use lapwing_lapack::Scalar;

use crate::guard::require_pointer;
use crate::iterations::lapwing_iteration_options;
use crate::numbers::constant;
use crate::operators::UncheckedOperator;
use crate::status::Failure;
use crate::view::Lent;

/// No preconditioner.
pub const LAPWING_PRECONDITIONER_NONE: i32 = 0;
/// The diagonal: undoes a bad scaling of the unknowns, at next to no cost.
pub const LAPWING_PRECONDITIONER_JACOBI: i32 = 1;
/// Symmetric successive overrelaxation, with the omega of the options.
pub const LAPWING_PRECONDITIONER_SSOR: i32 = 2;
/// Incomplete Cholesky factorization with the pattern of the matrix, IC(0), for symmetric positive definite matrices:
/// mostly the fewest iterations.
pub const LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY: i32 = 3;
/// Incomplete LU factorization with the pattern of the matrix, ILU(0), for matrices that are not symmetric.
pub const LAPWING_PRECONDITIONER_INCOMPLETE_LU: i32 = 4;

/// Which preconditioners a method can use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usable {
    /// Those that are symmetric for a symmetric matrix.
    Symmetric,
    All,
}

/// The preconditioner that a constant of C names, made from the matrix; none where it names none.
pub(crate) fn preconditioner_of_rows<T: Scalar>(
    matrix: &CsMatViewI<'_, T, i32>,
    choice: i32,
    usable: Usable,
    options: &lapwing_iteration_options,
) -> Result<Option<Box<dyn LinearOperator<T>>>, Failure> {
    let choices = [
        LAPWING_PRECONDITIONER_NONE,
        LAPWING_PRECONDITIONER_JACOBI,
        LAPWING_PRECONDITIONER_SSOR,
        LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY,
        LAPWING_PRECONDITIONER_INCOMPLETE_LU,
    ];
    let (choices, requirement) = match usable {
        Usable::All => (
            &choices[..],
            "one of LAPWING_PRECONDITIONER_NONE (0) to LAPWING_PRECONDITIONER_INCOMPLETE_LU (4)",
        ),
        Usable::Symmetric => (
            &choices[..4],
            "one of LAPWING_PRECONDITIONER_NONE (0) to LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY (3)",
        ),
    };
    Ok(match constant("preconditioner", choice, choices, requirement)? {
        LAPWING_PRECONDITIONER_JACOBI => Some(Box::new(Jacobi::new(matrix)?)),
        LAPWING_PRECONDITIONER_SSOR => {
            let omega = if options.omega == 0.0 { 1.0 } else { options.omega };
            Some(Box::new(SymmetricSuccessiveOverrelaxation::new(matrix, omega)?))
        }
        LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY => Some(Box::new(IncompleteCholesky::new(matrix)?)),
        LAPWING_PRECONDITIONER_INCOMPLETE_LU => Some(Box::new(IncompleteLu::new(matrix)?)),
        _ => None,
    })
}

/// The operator behind a pointer, if there is one.
///
/// # Safety
/// `pointer` is NULL or readable.
pub(crate) unsafe fn operator_of_c<T: Lent, C: Copy + Into<UncheckedOperator<T>>>(
    name: &str,
    pointer: *const C,
) -> Result<Option<UncheckedOperator<T>>, Failure> {
    if pointer.is_null() {
        return Ok(None);
    }
    require_pointer(name, pointer)?;
    // SAFETY: neither NULL nor misaligned; the rest is this function's own condition.
    Ok(Some(unsafe { pointer.read() }.into()))
}
