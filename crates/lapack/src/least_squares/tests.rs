use ndarray::{Array1, Array2, ArrayView2, array};

use super::*;
use crate::random::standard_normal;

const METHODS: [Method; 3] = [Method::Qr, Method::CompleteOrthogonal, Method::Svd];

fn close(found: &Array2<f64>, expected: &Array2<f64>, tolerance: f64) -> bool {
    let size = expected.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    found.dim() == expected.dim()
        && (found - expected).iter().all(|difference| difference.abs() <= tolerance * size)
}

/// No entries: the solution of least norm is zero, and the residual is the right-hand side.
#[test]
fn empty_systems_are_answered() {
    for (m, n, columns) in [(0, 0, 0), (0, 0, 2), (0, 3, 2), (3, 0, 2), (3, 2, 0), (2, 3, 0)] {
        let (a, b) = (standard_normal(m, n, 1), standard_normal(m, columns, 2));
        for method in METHODS {
            let fit = LeastSquares::params().method(method).solve(&a, &b).unwrap();
            assert_eq!((fit.solution().dim(), fit.rank()), ((n, columns), m.min(n)), "{method:?} {m}x{n}");
            assert_eq!(fit.residuals(), b);
            assert_eq!(
                fit.singular_values().map(|values| values.len()),
                (method == Method::Svd).then(|| m.min(n))
            );
            assert!(fit.solution().iter().all(|&x| x == 0.0));
        }
    }
    let fit = lstsq(&Array2::<f32>::zeros((0, 2)), &Array1::zeros(0)).unwrap();
    assert_eq!(fit.solution(), array![0.0, 0.0]);
}

#[test]
fn names_every_entry_that_is_not_finite() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (row, col) in (0..4).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let (mut a, b) = (standard_normal(4, 3, 1), standard_normal(4, 3, 2));
            let mut spoiled = b.clone();
            spoiled[[row, col]] = bad;
            for method in METHODS {
                let params = LeastSquares::params().method(method);
                let error = params.solve(&a, &spoiled).unwrap_err();
                assert_eq!(error, Error::NonFinite { argument: "b", row, col });
            }
            a[[row, col]] = bad;
            for method in METHODS {
                let error = LeastSquares::params().method(method).solve(&a, &b).unwrap_err();
                assert_eq!(error, Error::NonFinite { argument: "a", row, col });
            }
        }
    }
}

#[test]
fn shapes_sizes_and_tolerances_are_checked_first() {
    let a = standard_normal(4, 3, 1);
    let error = lstsq(&a, &Array1::zeros(3)).unwrap_err();
    assert_eq!(error.to_string(), "b has 3 rows, but must have 4: as many as a has");
    for rcond in [-1e-3, 1.0, 7.0, f64::NAN, f64::INFINITY] {
        let error = LeastSquares::params().rcond(rcond).solve(&a, &Array1::zeros(4)).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter: "rcond", .. }));
    }
    // Zero strides: nothing of this size is in memory.
    let (zero, many) = (0.0f32, 1usize << 31);
    let one = ArrayView2::from_shape((1, 1), std::slice::from_ref(&zero)).unwrap();
    for (a, b) in [((many, 1), (many, 1)), ((1, many), (1, 1)), ((1, 1), (1, many))] {
        for method in METHODS {
            let error = LeastSquares::params()
                .method(method)
                .solve(&one.broadcast(a).unwrap(), &one.broadcast(b).unwrap())
                .unwrap_err();
            assert!(matches!(error, Error::TooLarge { value, .. } if value == many as u128), "{error}");
        }
    }
}

/// Entries are small integers times a power of two, so that scaling loses nothing, and the solution is a vector
/// of integers: from the smallest subnormals to the largest numbers it is found to rounding.
#[test]
fn solves_at_both_ends_of_the_range() {
    let tall = array![[3.0, -1.0], [2.0, 5.0], [-4.0, 1.0]];
    for a in [tall.clone(), tall.slice(s![..2, ..]).to_owned(), tall.t().to_owned()] {
        // In the row space of `a`, so that it is the solution of least norm.
        let x = a.t().dot(&standard_normal(a.nrows(), 1, 4).mapv(|x| (8.0 * x).round()));
        let b = a.dot(&x);
        for (matrix, rhs) in [(-1074, -1074), (1021, 1015), (-1060, -500), (1000, 300), (-600, 380), (0, 0)] {
            let (a, b) = (a.mapv(|x| ldexp(x, matrix)), b.mapv(|x| ldexp(x, rhs)));
            for method in METHODS {
                let fit = LeastSquares::params().method(method).solve(&a, &b).unwrap();
                let expected = x.mapv(|x| ldexp(x, rhs - matrix));
                // 30 max(m, n) roundoffs times a condition number below 4.
                assert!(close(&fit.solution().to_owned(), &expected, 4e-14), "{method:?} {matrix} {rhs}");
                let norm = fit.singular_values().map_or(6.0, |values| ldexp(values[0], -matrix));
                assert!((5.0..9.0).contains(&norm), "{norm}");
            }
        }
    }
    let beyond = lstsq(&array![[1e-300]], &array![1e300]).unwrap_err();
    assert!(matches!(beyond, Error::Overflow { scalar: "f64", .. }));
}

/// Dependent columns: refused by QR, and solved in the least norm by the others.
#[test]
fn exact_rank_deficiency_is_an_error_for_qr_and_a_rank_for_the_others() {
    let outer = |x: &[f64], y: &[f64]| Array2::from_shape_fn((x.len(), y.len()), |(i, j)| x[i] * y[j]);
    for a in [
        outer(&[1.0, 2.0, 3.0], &[1.0, 2.0]),
        outer(&[1.0, 2.0], &[3.0, 1.0, 7.0]),
        outer(&[1.0, 2.0, 3.0], &[2.0, 7.0, 5.0]),
        outer(&[0.1, 0.7, 1.3], &[0.0, 1.0]),
    ] {
        let b = Array1::from_iter((0..a.nrows()).map(|i| i as f64 - 0.25)).insert_axis(Axis(1));
        let error = LeastSquares::params().method(Method::Qr).solve(&a, &b).unwrap_err();
        let needed = a.nrows().min(a.ncols());
        assert_eq!(error, Error::RankDeficient { argument: "a", rank: needed - 1, needed });
        // For a = u vᵀ the solution of least norm is v (uᵀ b) / (‖u‖² ‖v‖²).
        let frobenius: f64 = a.iter().map(|x| x * x).sum();
        let expected = a.t().dot(&b) / frobenius;
        for method in [Method::CompleteOrthogonal, Method::Svd] {
            let fit = LeastSquares::params().method(method).solve(&a, &b).unwrap();
            assert_eq!(fit.rank(), 1);
            assert!(close(&fit.solution().to_owned(), &expected, 1e-14), "{method:?}");
        }
    }
    let zero = Array2::<f32>::zeros((3, 2));
    for method in METHODS {
        let fit = LeastSquares::params().method(method).solve(&zero, &array![1.0, 2.0, 2.0]);
        match method {
            Method::Qr => assert!(matches!(fit, Err(Error::RankDeficient { .. }))),
            _ => {
                let fit = fit.unwrap();
                assert_eq!((fit.rank(), fit.solution()), (0, array![0.0, 0.0].view()));
                assert!((fit.residual_norms()[0] - 3.0).abs() < 1e-6);
            }
        }
    }
}

/// Columns in units 10²⁰ apart are independent all the same; a tolerance that is named, and `Never`, see them as
/// NumPy does.
#[test]
fn units_do_not_decide_the_rank() {
    let a = array![[1.0, 1e-20], [1.0, 2e-20], [1.0, 4e-20]];
    for (a, b, expected) in [
        (a.clone(), array![1.0, 3.0, 7.0].insert_axis(Axis(1)), array![[-1.0], [2e20]]),
        // Rows in other units: the same solution of least norm, which lies in the span of the rows.
        (a.t().to_owned(), array![3.0, 7e-20].insert_axis(Axis(1)), array![[1.0], [1.0], [1.0]]),
    ] {
        for method in METHODS {
            let fit = LeastSquares::params().method(method).solve(&a, &b).unwrap();
            assert!(fit.equilibrated() && fit.rank() == 2, "{method:?}");
            assert!(close(&fit.solution().to_owned(), &expected, 1e-13), "{method:?} {}", fit.solution());
            let never = LeastSquares::params().method(method).equilibration(Equilibration::Never);
            let named = LeastSquares::params().method(method).rcond(1e-12);
            for params in [never, named] {
                match params.solve(&a, &b) {
                    Err(error) => assert!(
                        method == Method::Qr && matches!(error, Error::RankDeficient { .. }),
                        "{error}"
                    ),
                    Ok(fit) => assert!(fit.rank() == 1 && !fit.equilibrated()),
                }
            }
        }
        let svd = Svd::values(&a).unwrap().values;
        let fit = lstsq(&a, &b).unwrap();
        let values = fit.singular_values().unwrap();
        assert!(values.iter().zip(&svd).all(|(x, y)| (x - y).abs() <= 1e-15 * svd[0]));
    }
}

/// Equilibration that does not lead to full rank leaves no trace: rank and solution are those of `Never`.
#[test]
fn a_deficient_matrix_keeps_its_least_norm() {
    let a = array![[1.0, 1e6, 1e6], [2.0, 2e6, 3e6], [3.0, 3e6, 1e6], [4.0, 4e6, 5e6]];
    for a in [a.clone(), a.t().to_owned(), a.slice(s![..3, ..]).to_owned()] {
        let b = standard_normal(a.nrows(), 2, 5);
        for method in [Method::CompleteOrthogonal, Method::Svd] {
            let params = LeastSquares::params().method(method);
            let (automatic, never) = (
                params.solve(&a, &b).unwrap(),
                params.equilibration(Equilibration::Never).solve(&a, &b).unwrap(),
            );
            assert!(!automatic.equilibrated());
            assert_eq!((automatic.rank(), never.rank()), (2, 2));
            assert!(
                close(&automatic.solution().to_owned(), &never.solution().to_owned(), 1e-9),
                "{method:?}"
            );
        }
    }
}

#[test]
fn a_tolerance_cuts_where_it_says() {
    let a = Array2::from_diag(&array![1.0, 1e-2, 1e-4, 1e-9]);
    for (rcond, rank) in [(0.0, 4), (1e-10, 4), (1e-5, 3), (1e-3, 2), (0.5, 1)] {
        for method in [Method::CompleteOrthogonal, Method::Svd] {
            let fit = LeastSquares::params().method(method).rcond(rcond).solve(&a, &Array1::ones(4)).unwrap();
            assert_eq!(fit.rank(), rank, "{method:?} {rcond}");
            let expected = Array1::from_iter((0..4).map(|i| if i < rank { 1.0 / a[[i, i]] } else { 0.0 }));
            let difference = (&fit.solution() - &expected).mapv(f64::abs);
            assert!(difference.iter().zip(&expected).all(|(d, x)| *d <= 1e-12 * x), "{}", fit.solution());
        }
    }
    // Zero means that only an exact zero is negligible.
    let qr = LeastSquares::params().method(Method::Qr);
    let near = array![[1.0, 1.0], [1.0, 1.0 + f64::EPSILON]];
    assert!(matches!(qr.solve(&near, &array![1.0, 1.0]), Err(Error::RankDeficient { .. })));
    assert!(qr.rcond(0.0).solve(&near, &array![1.0, 1.0]).is_ok());
}

/// `gels`, `gelsy` and `gelsd` of a size that OpenBLAS threads, on the stack that a Rust thread has.
#[test]
fn large_systems_run_on_a_small_stack() {
    let work = || {
        let (a, b) = (standard_normal(300, 300, 1), standard_normal(300, 2, 2));
        for method in METHODS {
            let fit = LeastSquares::params().method(method).solve(&a, &b).unwrap();
            assert!(fit.certificate(&a, &b).unwrap().holds());
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

/// The certificate tells the least squares solution of one right-hand side from that of another.
#[test]
fn the_certificate_fails_for_another_problem() {
    let (a, b) = (standard_normal(20, 5, 1), standard_normal(20, 1, 2));
    let fit = lstsq(&a, &b).unwrap();
    assert!(fit.certificate(&a, &b).unwrap().holds());
    assert!(!fit.certificate(&a, &(&b + &standard_normal(20, 1, 3))).unwrap().holds());
    assert!(matches!(fit.certificate(&a.slice(s![..10, ..]), &b), Err(Error::Shape { argument: "b", .. })));
}

/// The inverse Hilbert matrix of order 8 scaled to integers below 2⁵³ is exact, and so are its products with
/// integers: the refined solution is that vector of integers, in spite of a condition number of 10¹⁰.
#[test]
fn refinement_finds_every_digit_of_an_ill_conditioned_solution() {
    let binomial =
        |n: usize, k: usize| (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64);
    let n = 8;
    let inverse_hilbert = Array2::from_shape_fn((n, n), |(i, j)| {
        let sign = if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
        let middle = binomial(i + j, i).powi(2);
        sign * (i + j + 1) as f64 * binomial(n + i, n - j - 1) * binomial(n + j, n - i - 1) * middle
    });
    // Stacked on itself, with a right-hand side off its range by the same vector up and down.
    let a = ndarray::concatenate![Axis(0), inverse_hilbert, inverse_hilbert];
    let x = Array1::from_iter((0..n).map(|i| (i * i) as f64 - 7.0));
    let off = Array1::from_iter((0..n).map(|i| 1e4 * (i as f64 - 2.5)));
    let b = inverse_hilbert.dot(&x);
    let b = ndarray::concatenate![Axis(0), &b + &off, &b - &off];
    let plain = lstsq(&a, &b).unwrap();
    let fit = refined(&a, &b).unwrap();
    let report = fit.refinements()[0];
    assert!(report.converged && report.iterations <= 4, "{report:?}");
    assert_eq!(fit.solution(), x);
    assert_eq!(fit.residuals(), ndarray::concatenate![Axis(0), off, -&off]);
    assert!(fit.error_bounds().iter().zip(&x).all(|(bound, x)| *bound <= 3e-15 * x.abs()));
    let error = (&plain.solution() - &x).mapv(f64::abs);
    assert!(error.iter().any(|&error| error > 1e-12), "the plain solution has nothing to refine: {error}");
}

/// In single precision, against the solution in double precision: within the bounds, which are a few roundoffs.
#[test]
fn refinement_bounds_hold_in_single_precision() {
    for (m, n, seed) in [(1, 1, 1), (5, 5, 2), (40, 7, 3), (200, 20, 4)] {
        // Condition numbers up to 10⁴, in columns of all units.
        let base = standard_normal(m, n, seed);
        let a = Array2::from_shape_fn((m, n), |(i, j)| {
            ((base[[i, 0]] + 1e-3 * base[[i, j]]) * 10f64.powi(3 * j as i32 % 11 - 5)) as f32
        });
        let b = standard_normal(m, 2, seed + 10).mapv(|x| x as f32);
        let fit = refined(&a, &b).unwrap();
        let truth = refined(&a.mapv(f64::from), &b.mapv(f64::from)).unwrap();
        for ((found, exact), bound) in fit.solution().iter().zip(&truth.solution()).zip(&fit.error_bounds()) {
            assert!((f64::from(*found) - exact).abs() <= f64::from(*bound), "{found} {exact} {bound}");
        }
        for report in fit.refinements() {
            let most = 10f64.max(((m + n) as f64).sqrt()) * f64::from(f32::EPSILON);
            assert!(report.converged && report.normwise_bound <= most, "{report:?}");
        }
    }
}

#[test]
fn refinement_refuses_what_it_cannot_solve() {
    let wide = standard_normal(2, 3, 1);
    assert!(matches!(refined(&wide, &Array1::zeros(2)), Err(Error::Shape { argument: "a", .. })));
    let dependent = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]];
    let error = refined(&dependent, &array![1.0, 0.0, 0.0]).unwrap_err();
    assert_eq!(error, Error::RankDeficient { argument: "a", rank: 1, needed: 2 });
    let mut a = standard_normal(4, 2, 1);
    a[[3, 1]] = f64::NAN;
    assert_eq!(
        refined(&a, &Array1::zeros(4)).unwrap_err(),
        Error::NonFinite { argument: "a", row: 3, col: 1 }
    );
    assert!(matches!(refined(&array![[1e-300]], &array![1e300]), Err(Error::Overflow { .. })));
}

#[test]
fn refinement_of_nothing_is_nothing() {
    for (m, n, columns) in [(0, 0, 0), (0, 0, 2), (3, 0, 2), (3, 2, 0)] {
        let b = standard_normal(m, columns, 2);
        let fit = refined(&standard_normal(m, n, 1), &b).unwrap();
        assert_eq!((fit.solution().dim(), fit.error_bounds().dim()), ((n, columns), (n, columns)));
        assert_eq!(fit.residuals(), b);
        assert_eq!(fit.refinements().len(), columns);
    }
    // A right-hand side of zeros has the solution zero, exactly.
    let fit = refined(&standard_normal(5, 3, 1), &Array1::zeros(5)).unwrap();
    assert_eq!(fit.solution(), Array1::<f64>::zeros(3));
    assert!(fit.error_bounds().iter().all(|&bound| bound == 0.0));
}

/// From the smallest numbers to the largest: the solution of integers comes out exactly.
#[test]
fn refinement_works_at_both_ends_of_the_range() {
    let a = array![[3.0, -1.0], [2.0, 5.0], [-4.0, 1.0]];
    let x = array![7.0, -3.0];
    for (matrix, rhs) in [(-1074, -1074), (1021, 1015), (-1060, -500), (1000, 300), (-600, 380)] {
        let (scaled, b) = (a.mapv(|x| ldexp(x, matrix)), a.dot(&x).mapv(|x: f64| ldexp(x, rhs)));
        let fit = refined(&scaled, &b).unwrap();
        assert_eq!(fit.solution(), x.mapv(|x| ldexp(x, rhs - matrix)), "{matrix} {rhs}");
    }
}

/// Leading columns of the Hilbert matrix in single precision, from well conditioned to hopeless: the refinement refuses,
/// or admits that it did not converge, or keeps its bounds.
#[test]
fn refinement_is_honest_up_to_the_edge_of_the_precision() {
    let (mut refused, mut converged) = (0, 0);
    for n in 1..=12 {
        let a = Array2::from_shape_fn((20, n), |(i, j)| 1.0 / (i + j + 1) as f32);
        let b = standard_normal(20, 1, n as u64).mapv(|x| x as f32);
        let fit = match refined(&a, &b) {
            Err(error) => {
                assert!(matches!(error, Error::RankDeficient { .. }), "{error}");
                refused += 1;
                continue;
            }
            Ok(fit) => fit,
        };
        // In double precision the condition number, at most the inverse of an f32 roundoff, leaves enough.
        let truth = refined(&a.mapv(f64::from), &b.mapv(f64::from)).unwrap();
        for ((found, exact), bound) in fit.solution().iter().zip(&truth.solution()).zip(&fit.error_bounds()) {
            let error = (f64::from(*found) - exact).abs();
            assert!(error <= f64::from(*bound), "{n}: {error} over {bound}, {:?}", fit.refinements());
        }
        converged += usize::from(fit.refinements()[0].converged);
    }
    assert!(refused >= 2 && converged >= 5, "{refused} refused, {converged} converged");
}
