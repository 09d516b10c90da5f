//! LAPACK's test ratios stay below LAPACK's thresholds: every routine, both scalars, every layout, sizes 0 to 300,
//! and the matrices that break naive code.
//!
//! The ratios are computed here, in double precision with `ndarray`'s own products. Each test prints the largest
//! that it saw, as lines of a table: `cargo test -p lapwing-lapack --test ratios -- --nocapture`.

mod banded;
mod cases;
mod cholesky;
mod definite;
mod equations;
mod functions;
mod general_eigen;
mod generalized_eigen;
mod generalized_schur;
mod generalized_svd;
mod generalized_symmetric_eigen;
mod hessenberg;
mod inverses;
mod ldlt;
mod least_squares;
mod lu;
mod measure;
mod qr;
mod schur;
mod square_cases;
mod structured;
mod subspaces;
mod svd;
mod symmetric_eigen;
