//! A few eigenpairs of large operators: closed-form spectra, SciPy's numbers, and residuals computed here.

mod general;
mod lobpcg;
mod problems;
mod shift_invert;
mod symmetric;
