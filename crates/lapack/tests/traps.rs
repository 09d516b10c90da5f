//! What breaks naive wrappers of LAPACK, laid before every routine that takes a matrix: NaN and infinities at every
//! place, extents 0 and 1, sizes past 32 bits, matrices that are not symmetric, and a thread with little stack.
//!
//! A routine is one line of [`ROUTINES`]. One that never returns is given up after a while, and named.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

use lapwing_lapack::condition::{condition_number, estimate_condition_number};
use lapwing_lapack::definiteness::{definiteness, quadratic_form};
use lapwing_lapack::equations::{self, Riccati};
use lapwing_lapack::functions;
use lapwing_lapack::gram_schmidt::GramSchmidt;
use lapwing_lapack::inner_products::{WeightedInnerProduct, frobenius_inner_product};
use lapwing_lapack::invariants::{determinant, leading_principal_minors, log_determinant, trace};
use lapwing_lapack::inverse::{inverse, left_inverse, pseudoinverse, right_inverse, symmetric_pseudoinverse};
use lapwing_lapack::invertibility::invertibility;
use lapwing_lapack::least_squares::{
    LeastSquares, Method, Regularization, equality_constrained, gauss_markov, refined,
};
use lapwing_lapack::norms::{Norm, norm};
use lapwing_lapack::rank::{
    Tolerance, analyze_columns, analyze_rank, effective_rank, numerical_rank, stable_rank,
};
use lapwing_lapack::structured::{self, Householder};
use lapwing_lapack::subspaces::{
    FundamentalSubspaces, Subspace, null_space, orthogonal_complement, orthonormal_basis, principal_angles,
};
use lapwing_lapack::{
    Banded, BandedCholesky, BandedLu, Cholesky, ComplexSchur, ConditionNorm, ConditionNumbers, Diagonal,
    Error, ExplicitQr, GeneralEigen, GeneralizedEigen, GeneralizedSchur, GeneralizedSvd,
    GeneralizedSymmetricEigen, Hessenberg, Ldlt, LowRank, Lu, ModifiedCholesky, PivotedCholesky, PivotedQr,
    Polar, Procrustes, Qr, Schur, Spectrum, Svd, SymmetricEigen, Triangle, Truncation, matmul,
    require_finite, solve, triangular, zeros,
};
use ndarray::{Array2, ArrayRef1, ArrayRef2, ArrayView2, aview1, s};

/// Which entries of its matrix a routine reads.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reads {
    All,
    Lower,
    Upper,
    /// None that it judges: products and copies, in which NaN spreads as IEEE 754 has it.
    Unjudged,
}

impl Reads {
    fn covers(self, row: usize, col: usize) -> bool {
        match self {
            Reads::All => true,
            Reads::Lower => col <= row,
            Reads::Upper => row <= col,
            Reads::Unjudged => false,
        }
    }
}

/// What bounds the size of the matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    /// LAPACK's integers or the memory of a result.
    Size,
    /// Nothing: the matrix is read where it lies, and a large one takes long.
    Patience,
}

/// A call with everything that follows from it: solutions, conditions, certificates.
type Call = fn(&ArrayRef2<f64>) -> Result<(), Error>;

const ROUTINES: &[(&str, Reads, Bound, Call)] = {
    use Bound::{Patience, Size};
    use Reads::{All, Lower, Unjudged, Upper};
    &[
        ("Svd::thin", All, Size, |a| Svd::thin(a)?.certificate(a).map(drop)),
        ("Svd::full", All, Size, |a| Svd::full(a)?.certificate(a).map(drop)),
        ("Svd::values", All, Size, |a| Svd::values(a).map(drop)),
        ("SymmetricEigen::new", Lower, Size, |a| SymmetricEigen::new(a)?.certificate(a).map(drop)),
        ("SymmetricEigen, upper", Upper, Size, |a| {
            SymmetricEigen::params().triangle(Triangle::Upper).compute(a).map(drop)
        }),
        ("SymmetricEigen, part", Lower, Size, |a| {
            SymmetricEigen::params().spectrum(Spectrum::Index(0..a.nrows().min(1))).compute(a).map(drop)
        }),
        ("SymmetricEigen::eigenvalues", Lower, Size, |a| SymmetricEigen::eigenvalues(a).map(drop)),
        ("GeneralizedSymmetricEigen, a", Lower, Size, |a| {
            with_identity(a, |b| GeneralizedSymmetricEigen::new(a, b).map(drop))
        }),
        ("GeneralizedSymmetricEigen, b", Lower, Size, |b| {
            with_identity(b, |a| GeneralizedSymmetricEigen::new(a, b).map(drop))
        }),
        ("GeneralEigen::new", All, Size, |a| GeneralEigen::new(a)?.certificate(a).map(drop)),
        ("GeneralEigen, conditions", All, Size, |a| {
            GeneralEigen::params()
                .left_vectors()
                .conditions(ConditionNumbers::ValuesAndVectors)
                .compute(a)
                .map(drop)
        }),
        ("GeneralEigen::eigenvalues", All, Size, |a| GeneralEigen::eigenvalues(a).map(drop)),
        ("Hessenberg::new", All, Size, |a| Hessenberg::new(a)?.certificate(a).map(drop)),
        ("Schur::new", All, Size, |a| Schur::new(a)?.certificate(a).map(drop)),
        ("Schur::ordered", All, Size, |a| Schur::ordered(a, |z| z.re < 1.0)?.leading_condition().map(drop)),
        ("ComplexSchur::new", All, Size, |a| ComplexSchur::new(a)?.certificate(a).map(drop)),
        ("GeneralizedSchur, a", All, Size, |a| {
            with_identity(a, |b| GeneralizedSchur::new(a, b)?.certificate(a, b).map(drop))
        }),
        ("GeneralizedSchur, b", All, Size, |b| {
            with_identity(b, |a| GeneralizedSchur::new(a, b)?.certificate(a, b).map(drop))
        }),
        ("Qr::new", All, Size, |a| {
            let qr = Qr::new(a)?;
            qr.q_full()?;
            qr.certificate(a).map(drop)
        }),
        ("Qr::solve", All, Size, |a| with_ones(a, |b| Qr::new(a)?.solve(b).map(drop))),
        ("PivotedQr::new", All, Size, |a| PivotedQr::new(a)?.certificate(a).map(drop)),
        ("PivotedQr::solve", All, Size, |a| with_ones(a, |b| PivotedQr::new(a)?.solve(b).map(drop))),
        ("ExplicitQr::new", All, Size, |a| ExplicitQr::new(a)?.certificate(a).map(drop)),
        ("ExplicitQr::update", All, Size, |a| with_ones(a, |v| ExplicitQr::new(a)?.update(v, v))),
        ("Lu::new", All, Size, |a| Lu::new(a)?.certificate(a).map(drop)),
        ("Lu::solve", All, Size, |a| with_ones(a, |b| Lu::new(a)?.solve(b).map(drop))),
        ("Lu::solve_refined", All, Size, |a| with_ones(a, |b| Lu::new(a)?.solve_refined(a, b).map(drop))),
        ("Lu::inverse", All, Size, |a| Lu::new(a)?.inverse().map(drop)),
        ("Cholesky::new", Lower, Size, |a| Cholesky::new(a)?.certificate(a).map(drop)),
        ("Cholesky, upper", Upper, Size, |a| {
            Cholesky::with_triangle(a, Triangle::Upper)?.reciprocal_condition(a).map(drop)
        }),
        ("Cholesky::solve", Lower, Size, |a| with_ones(a, |b| Cholesky::new(a)?.solve(b).map(drop))),
        ("Cholesky::inverse", Lower, Size, |a| Cholesky::new(a)?.inverse().map(drop)),
        ("Cholesky::update", Lower, Size, |a| with_ones(a, |v| Cholesky::new(a)?.update(v))),
        ("PivotedCholesky::new", Lower, Size, |a| PivotedCholesky::new(a)?.certificate(a).map(drop)),
        ("ModifiedCholesky::new", Lower, Size, |a| ModifiedCholesky::new(a)?.certificate(a).map(drop)),
        ("ModifiedCholesky::solve", Lower, Size, |a| {
            with_ones(a, |b| ModifiedCholesky::new(a)?.solve(b).map(drop))
        }),
        ("Ldlt::new", Lower, Size, |a| Ldlt::new(a)?.certificate(a).map(drop)),
        ("Ldlt::solve", Lower, Size, |a| with_ones(a, |b| Ldlt::new(a)?.solve(b).map(drop))),
        ("lstsq, Svd", All, Size, |a| least_squares(a, Method::Svd)),
        ("lstsq, Qr", All, Size, |a| least_squares(a, Method::Qr)),
        ("lstsq, CompleteOrthogonal", All, Size, |a| least_squares(a, Method::CompleteOrthogonal)),
        ("least_squares::refined", All, Size, |a| with_ones(a, |b| refined(a, b).map(drop))),
        ("equality_constrained", All, Size, |a| {
            let c = a.slice(s![..a.nrows().min(1), ..]);
            with_ones(a, |b| equality_constrained(a, b, &c, &b.slice(s![..c.nrows()])).map(drop))
        }),
        ("gauss_markov", All, Size, |a| with_ones(a, |d| gauss_markov(a, a, d).map(drop))),
        ("Regularization::tikhonov", All, Size, |a| {
            with_ones(a, |b| Regularization::new(a)?.tikhonov(b, 1.0).map(drop))
        }),
        ("condition_number", All, Size, |a| condition_number(a, Norm::Two).map(drop)),
        ("condition_number, one", All, Size, |a| condition_number(a, Norm::One).map(drop)),
        ("estimate_condition_number", All, Size, |a| {
            estimate_condition_number(a, ConditionNorm::One).map(drop)
        }),
        ("definiteness", All, Size, |a| definiteness(a).map(drop)),
        ("WeightedInnerProduct", All, Size, |a| {
            with_ones(a, |x| WeightedInnerProduct::new(a)?.norm(x).map(drop))
        }),
        ("determinant", All, Size, |a| determinant(a).map(drop)),
        ("log_determinant", All, Size, |a| log_determinant(a).map(drop)),
        ("leading_principal_minors", All, Size, |a| leading_principal_minors(a).map(drop)),
        ("invertibility", All, Size, |a| invertibility(a).map(drop)),
        ("GeneralizedEigen, a", All, Size, |a| {
            with_identity(a, |b| GeneralizedEigen::new(a, b)?.certificate(a, b).map(drop))
        }),
        ("GeneralizedEigen, b", All, Size, |b| {
            with_identity(b, |a| GeneralizedEigen::new(a, b)?.certificate(a, b).map(drop))
        }),
        ("GeneralizedSvd, a", All, Size, |a| {
            with_identity(a, |b| GeneralizedSvd::new(a, b)?.certificate(a, b).map(drop))
        }),
        ("GeneralizedSvd, b", All, Size, |b| {
            with_identity(b, |a| GeneralizedSvd::new(a, b)?.certificate(a, b).map(drop))
        }),
        ("GramSchmidt::new", All, Size, |a| GramSchmidt::new(a)?.loss_of_orthogonality().map(drop)),
        ("inverse", All, Size, |a| inverse(a).map(drop)),
        ("left_inverse", All, Size, |a| left_inverse(a).map(drop)),
        ("right_inverse", All, Size, |a| right_inverse(a).map(drop)),
        ("pseudoinverse", All, Size, |a| pseudoinverse(a, Tolerance::Standard).map(drop)),
        ("symmetric_pseudoinverse", Lower, Size, |a| {
            symmetric_pseudoinverse(a, Triangle::Lower, Tolerance::Standard).map(drop)
        }),
        ("LowRank::new", All, Size, |a| LowRank::new(a, Truncation::Rank(2))?.to_matrix().map(drop)),
        ("Polar::new", All, Size, |a| Polar::new(a)?.certificate(a).map(drop)),
        ("Procrustes::orthogonal", All, Size, |a| Procrustes::orthogonal(a, a).map(drop)),
        ("Procrustes::similarity", All, Size, |a| Procrustes::similarity(a, a).map(drop)),
        ("numerical_rank", All, Size, |a| numerical_rank(a, Tolerance::Standard).map(drop)),
        ("analyze_rank", All, Size, |a| analyze_rank(a, Tolerance::Standard).map(drop)),
        ("effective_rank", All, Size, |a| effective_rank(a).map(drop)),
        ("stable_rank", All, Size, |a| stable_rank(a).map(drop)),
        ("analyze_columns", All, Size, |a| analyze_columns(a, Tolerance::Standard).map(drop)),
        ("null_space", All, Size, |a| null_space(a, Tolerance::Standard).map(drop)),
        ("orthonormal_basis", All, Size, |a| orthonormal_basis(a, Tolerance::Standard).map(drop)),
        ("orthogonal_complement", All, Size, |a| orthogonal_complement(a, Tolerance::Standard).map(drop)),
        ("principal_angles", All, Size, |a| principal_angles(a, a).map(drop)),
        ("FundamentalSubspaces::new", All, Size, |a| {
            FundamentalSubspaces::new(a, Tolerance::Standard).map(drop)
        }),
        ("Subspace::range", All, Size, |a| Subspace::range(a, Tolerance::Standard)?.projector().map(drop)),
        ("solve", All, Size, |a| with_ones(a, |b| solve(a, b).map(drop))),
        ("triangular::solve", Lower, Size, |a| {
            with_ones(a, |b| triangular::solve(a, Triangle::Lower, Diagonal::General, b).map(drop))
        }),
        ("triangular::inverse", Upper, Size, |a| {
            triangular::inverse(a, Triangle::Upper, Diagonal::General).map(drop)
        }),
        ("triangular::reciprocal_condition", Lower, Size, |a| {
            let norm = ConditionNorm::One;
            triangular::reciprocal_condition(a, Triangle::Lower, Diagonal::General, norm).map(drop)
        }),
        ("BandedLu::solve", All, Size, |a| {
            with_ones(a, |b| BandedLu::new(&Banded::from_dense(a)?)?.solve(b).map(drop))
        }),
        ("BandedCholesky::solve", All, Size, |a| {
            with_ones(a, |b| BandedCholesky::new(&Banded::from_dense(a)?)?.solve(b).map(drop))
        }),
        ("norm, two", All, Size, |a| norm(a, Norm::Two).map(drop)),
        ("norm, nuclear", All, Size, |a| norm(a, Norm::Nuclear).map(drop)),
        ("norm, one", All, Patience, |a| norm(a, Norm::One).map(drop)),
        ("norm, Frobenius", All, Patience, |a| norm(a, Norm::Frobenius).map(drop)),
        ("trace", Reads::Unjudged, Patience, |a| trace(a).map(drop)),
        ("quadratic_form", All, Patience, |a| with_ones(a, |x| quadratic_form(a, x).map(drop))),
        ("frobenius_inner_product", All, Patience, |a| frobenius_inner_product(a, a).map(drop)),
        ("require_finite", All, Patience, |a| require_finite("a", a)),
        ("matmul", Unjudged, Size, |a| matmul(a, a).map(drop)),
        ("kronecker", All, Size, |a| {
            structured::kronecker(a, &a.slice(s![..a.nrows().min(1), ..])).map(drop)
        }),
        ("kronecker_apply", All, Size, |a| {
            let one = Array2::ones((1, 1));
            with_ones(a, |x| structured::kronecker_apply(&one, a, x).map(drop))
        }),
        ("kronecker_sum", All, Size, |a| structured::kronecker_sum(&Array2::ones((1, 1)), a).map(drop)),
        ("kronecker_sum_apply", All, Size, |a| {
            let one = Array2::ones((1, 1));
            with_ones(a, |x| structured::kronecker_sum_apply(a, &one, x).map(drop))
        }),
        ("khatri_rao", All, Size, |a| {
            structured::khatri_rao(a, &a.slice(s![..a.nrows().min(1), ..])).map(drop)
        }),
        ("hadamard", All, Size, |a| structured::hadamard(a, a).map(drop)),
        ("vec", Unjudged, Size, |a| structured::vec(a).map(drop)),
        ("projection", All, Size, |a| structured::projection(a).map(drop)),
        ("project", All, Size, |a| with_ones(a, |x| structured::project(a, x).map(drop))),
        ("Householder::apply", All, Size, |a| {
            let nothing_to_reflect = a.is_empty();
            with_ones(
                a,
                |x| if nothing_to_reflect { Ok(()) } else { Householder::new(x)?.apply(a).map(drop) },
            )
        }),
        ("block_diagonal", Unjudged, Size, |a| structured::block_diagonal(&[a.view(), a.view()]).map(drop)),
        ("zeros", Unjudged, Size, |a| zeros::<f64>(a.nrows(), a.ncols()).map(drop)),
        ("power", All, Size, |a| functions::power(a, 3).map(drop)),
        ("power, negative", All, Size, |a| functions::power(a, -2).map(drop)),
        ("fractional_power", All, Size, |a| functions::fractional_power(a, 0.3).map(drop)),
        ("fractional_power_complex", All, Size, |a| functions::fractional_power_complex(a, 0.3).map(drop)),
        ("expm", All, Size, |a| functions::expm(a).map(drop)),
        ("logm", All, Size, |a| functions::logm(a).map(drop)),
        ("logm_complex", All, Size, |a| functions::logm_complex(a).map(drop)),
        ("sqrtm", All, Size, |a| functions::sqrtm(a).map(drop)),
        ("sqrtm_complex", All, Size, |a| functions::sqrtm_complex(a).map(drop)),
        ("signm", All, Size, |a| functions::signm(a).map(drop)),
        ("sylvester, a", All, Size, |a| with_identity(a, |b| equations::sylvester(a, b, b).map(drop))),
        ("sylvester, b", All, Size, |b| with_identity(b, |a| equations::sylvester(a, b, a).map(drop))),
        ("sylvester, c", All, Size, |c| with_identity(c, |a| equations::sylvester(a, a, c).map(drop))),
        ("continuous_lyapunov, a", All, Size, |a| {
            with_identity(a, |q| equations::continuous_lyapunov(a, q).map(drop))
        }),
        ("continuous_lyapunov, q", All, Size, |q| {
            with_identity(q, |a| equations::continuous_lyapunov(a, q).map(drop))
        }),
        ("discrete_lyapunov, a", All, Size, |a| {
            with_quarter(a, |a| with_identity(a, |q| equations::discrete_lyapunov(a, q).map(drop)))
        }),
        ("discrete_lyapunov, q", All, Size, |q| {
            with_identity(q, |a| with_quarter(a, |a| equations::discrete_lyapunov(a, q).map(drop)))
        }),
        ("Riccati, continuous", All, Size, |a| {
            with_identity(a, |b| Riccati::continuous(a, b, b, b).map(drop))
        }),
        ("Riccati, discrete", All, Size, |a| with_identity(a, |b| Riccati::discrete(a, b, b, b).map(drop))),
    ]
};

fn least_squares(a: &ArrayRef2<f64>, method: Method) -> Result<(), Error> {
    with_ones(a, |b| LeastSquares::params().method(method).solve(a, b)?.certificate(a, b).map(drop))
}

/// A vector of ones with as many entries as `a` has rows, in the memory of one.
fn with_ones<R>(a: &ArrayRef2<f64>, call: impl FnOnce(&ArrayRef1<f64>) -> R) -> R {
    call(&aview1(&[1.0]).broadcast(a.nrows()).expect("a vector that its matrix bounds"))
}

/// The identity of the order of `a`, or, for an order of which no memory holds one, `a` itself.
fn with_identity<R>(a: &ArrayRef2<f64>, call: impl FnOnce(&ArrayRef2<f64>) -> R) -> R {
    if a.nrows() > 1000 { call(a) } else { call(&Array2::<f64>::eye(a.nrows())) }
}

/// A quarter of `a`, all of whose eigenvalues lie inside the unit circle where `a` is a [`good`] matrix; or `a`
/// itself, when no memory holds another.
fn with_quarter<R>(a: &ArrayRef2<f64>, call: impl FnOnce(&ArrayRef2<f64>) -> R) -> R {
    if a.len() > 1 << 20 { call(a) } else { call(&a.mapv(|x| x / 4.0)) }
}

/// Symmetric and diagonally dominant, with a determinant in range, so that every routine has an answer.
fn good(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| {
        if i == j { 1.0 + i as f64 / 1024.0 } else { 0.5 * 0.3f64.powi(i.abs_diff(j) as i32) }
    })
}

/// Runs on a thread of 2 MiB, as Rust gives each but the first. What went wrong, where that is no error of the routine.
fn answer(call: Call, a: ArrayView2<'static, f64>) -> Result<Result<(), Error>, &'static str> {
    let (sender, receiver) = channel();
    Builder::new().stack_size(2 << 20).spawn(move || sender.send(call(&a))).expect("a thread starts");
    receiver.recv_timeout(Duration::from_secs(60)).map_err(|error| match error {
        RecvTimeoutError::Timeout => "does not return",
        RecvTimeoutError::Disconnected => "panics",
    })
}

#[test]
fn every_entry_that_is_read_and_not_finite_is_named() {
    let base = good(4);
    for &(name, reads, _, call) in ROUTINES {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for (row, col) in (0..4).flat_map(|i| (0..4).map(move |j| (i, j))) {
                let mut a = base.clone();
                a[[row, col]] = bad;
                match call(&a) {
                    Err(Error::NonFinite { row: r, col: c, .. }) if reads.covers(row, col) => {
                        assert_eq!((r, c), (row, col), "{name}");
                    }
                    Ok(()) if !reads.covers(row, col) => {}
                    Err(Error::NonFinite { .. }) if reads == Reads::Unjudged => {}
                    other => panic!("{name}, {bad} at ({row}, {col}): {other:?}"),
                }
            }
        }
    }
}

/// There may be no answer, in which case the error says why.
#[test]
fn the_smallest_matrices_are_answered() {
    for &(name, _, _, call) in ROUTINES {
        for n in [0, 1] {
            match call(&good(n)) {
                Ok(()) | Err(Error::DoesNotExist { .. } | Error::InvalidParameter { .. }) => {}
                Err(other) => panic!("{name}, {n} x {n}: {other}"),
            }
        }
    }
}

/// Matrices in the memory of one entry: whatever wraps a product of extents, or asks for memory before it looks at them,
/// is seen.
#[test]
fn sizes_past_32_bits_are_refused_before_any_work() {
    // Leaked, so that a thread that never returns may keep it.
    let one: &'static Array2<f64> = Box::leak(Box::new(Array2::ones((1, 1))));
    let vast = |rows, cols| one.broadcast((rows, cols)).expect("fewer entries than isize::MAX");
    let mut complaints = Vec::new();
    for &(name, _, _, call) in ROUTINES.iter().filter(|routine| routine.2 == Bound::Size) {
        for (rows, cols) in [(1 << 31, 1 << 31), (1 << 40, 1), (1, 1 << 40)] {
            match answer(call, vast(rows, cols)) {
                Ok(Err(Error::TooLarge { .. } | Error::OutOfMemory { .. })) => {}
                Ok(Err(Error::NotSquare { .. } | Error::Shape { .. })) if rows != cols => {}
                other => complaints.push(format!("{name}, {rows} x {cols}: {other:?}")),
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// A threaded OpenBLAS overflows 2 MiB of stack from an order of 100 on.
#[test]
fn a_thread_of_2_mib_has_stack_enough() {
    let a: &'static Array2<f64> = Box::leak(Box::new(good(300)));
    for &(name, _, _, call) in ROUTINES {
        assert_eq!(answer(call, a.view()), Ok(Ok(())), "{name}");
    }
}

/// Where the whole matrix is read as symmetric, a pair that differs is named.
#[test]
fn what_must_be_symmetric_is_checked() {
    for name in ["definiteness", "WeightedInnerProduct"] {
        let &(_, _, _, call) = ROUTINES.iter().find(|routine| routine.0 == name).expect("in the list");
        for (row, col) in [(1, 0), (3, 0), (3, 2)] {
            for (i, j) in [(row, col), (col, row)] {
                let mut a = good(4);
                a[[i, j]] += 0.25;
                let error = call(&a).unwrap_err();
                let named = matches!(error, Error::NotSymmetric { row: r, col: c, difference, .. } if (r, c) == (row, col) && difference == 0.25);
                assert!(named, "{name}: {error}");
            }
        }
    }
}
