//! The decompositions held to LAPACK's own standards ([`accuracy`]), and to what LAPACK and OpenBLAS get
//! wrong ([`traps`]).

mod accuracy;
mod support;
mod traps;
