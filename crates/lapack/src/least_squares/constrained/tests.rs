use ndarray::array;

use super::*;
use crate::least_squares::lstsq;
use crate::random::standard_normal;

fn vector(length: usize, seed: u64) -> Array1<f64> {
    standard_normal(length, 1, seed).index_axis_move(Axis(1), 0)
}

fn assert_close(found: ArrayView1<f64>, expected: &Array1<f64>, tolerance: f64) {
    let size = expected.iter().fold(f64::MIN_POSITIVE, |largest, x| largest.max(x.abs()));
    assert_eq!(found.len(), expected.len());
    assert!((&found - expected).iter().all(|d| d.abs() <= tolerance * size), "{found} for {expected}");
}

/// The nearest point of a plane: x = b − cᵀ (c b − d) / (c cᵀ).
#[test]
fn projects_onto_a_plane() {
    let (b, c) = (array![4.0, -1.0, 2.5], array![[1.0, 2.0, -2.0]]);
    let fit = equality_constrained(&Array2::eye(3), &b, &c, &array![6.0]).unwrap();
    let expected = &b - &c.row(0) * ((c.row(0).dot(&b) - 6.0) / 9.0);
    assert_close(fit.solution(), &expected, 1e-15);
    assert!(fit.violations()[0].abs() <= 1e-14);
    assert_close(fit.residuals(), &(&b - &expected), 1e-14);
    assert!((fit.residual_norm() - 3.0).abs() < 1e-14);
}

/// Without constraints it is ordinary least squares; with as many as unknowns, a linear system.
#[test]
fn the_number_of_constraints_may_be_none_or_all() {
    let (a, b) = (standard_normal(7, 3, 1), vector(7, 2));
    let none = equality_constrained(&a, &b, &Array2::zeros((0, 3)), &Array1::zeros(0)).unwrap();
    assert_close(none.solution(), &lstsq(&a, &b).unwrap().into_solution(), 1e-13);
    let (c, x) = (array![[2.0, 1.0], [1.0, 1.0]], array![3.0, -5.0]);
    for m in [0, 1, 4] {
        let (a, b) = (standard_normal(m, 2, 3), vector(m, 4));
        let all = equality_constrained(&a, &b, &c, &c.dot(&x)).unwrap();
        assert_close(all.solution(), &x, 1e-14);
    }
    let nothing =
        equality_constrained(&Array2::zeros((2, 0)), &array![3.0, 4.0], &Array2::zeros((0, 0)), &array![])
            .unwrap();
    assert_eq!((nothing.solution().len(), nothing.residual_norm()), (0, 5.0));
}

#[test]
fn ranks_that_leave_no_unique_solution_are_named() {
    let (a, b) = (standard_normal(5, 3, 1), vector(5, 2));
    let twice = array![[1.0, 2.0, 3.0], [0.1, 0.2, 0.3]];
    let error = equality_constrained(&a, &b, &twice, &array![1.0, 0.1]).unwrap_err();
    assert_eq!(error, Error::RankDeficient { argument: "c", rank: 1, needed: 2 });
    let zero = equality_constrained(&a, &b, &array![[0.0, 0.0, 0.0]], &array![0.0]).unwrap_err();
    assert_eq!(zero, Error::RankDeficient { argument: "c", rank: 0, needed: 1 });
    let error = equality_constrained(&a, &b, &standard_normal(4, 3, 3), &vector(4, 4)).unwrap_err();
    assert_eq!(error, Error::RankDeficient { argument: "c", rank: 3, needed: 4 });

    let few = equality_constrained(
        &a.slice(s![..1, ..]),
        &b.slice(s![..1]),
        &array![[1.0, 1.0, 1.0]],
        &array![1.0],
    );
    assert_eq!(few.unwrap_err(), Error::RankDeficient { argument: "[a; c]", rank: 2, needed: 3 });
    // The third unknown is the sum of the others in `a`, and so it is in the constraint.
    let mut a = a;
    let sum = &a.column(0) + &a.column(1);
    a.column_mut(2).assign(&sum);
    let same = equality_constrained(&a, &b, &array![[1.0, 1.0, 2.0]], &array![1.0]).unwrap_err();
    assert_eq!(same, Error::RankDeficient { argument: "[a; c]", rank: 2, needed: 3 });
    assert!(equality_constrained(&a, &b, &array![[1.0, 1.0, 2.1]], &array![1.0]).is_ok());
    let zero = Array2::zeros((5, 3));
    let error = equality_constrained(&zero, &b, &array![[1.0, 1.0, 2.0]], &array![1.0]).unwrap_err();
    assert_eq!(error, Error::RankDeficient { argument: "[a; c]", rank: 2, needed: 3 });
}

/// The unknowns, the constraints and the objective in other units: the same solution in those units.
#[test]
fn units_change_nothing() {
    let (a, b) = (standard_normal(9, 4, 1), vector(9, 2));
    let (c, d) = (standard_normal(2, 4, 3), vector(2, 4));
    let plain = equality_constrained(&a, &b, &c, &d).unwrap().into_solution();
    for (objective, constraint, unknown) in [(0, 40, 20), (900, -900, -3), (-900, 3, -30), (-40, -1010, 0)] {
        let units = Array1::from_iter((0..4).map(|j| j * unknown));
        let scaled = |a: &Array2<f64>, of_row: &dyn Fn(i32) -> i32| {
            Array2::from_shape_fn(a.dim(), |(i, j)| ldexp(a[[i, j]], of_row(i as i32) + units[j]))
        };
        let of_constraint = |i: i32| constraint / (i + 1);
        let d = Array1::from_iter(d.iter().zip(0..).map(|(&d, i)| ldexp(d, of_constraint(i))));
        let fit = equality_constrained(
            &scaled(&a, &|_| objective),
            &b.mapv(|b| ldexp(b, objective)),
            &scaled(&c, &of_constraint),
            &d,
        )
        .unwrap();
        let found = Array1::from_iter(fit.solution().iter().zip(&units).map(|(&x, &unit)| ldexp(x, unit)));
        assert_close(found.view(), &plain, 1e-12);
    }
}

#[test]
fn wrong_shapes_and_entries_are_named() {
    let (a, b, c, d) = (standard_normal(5, 3, 1), vector(5, 2), standard_normal(1, 3, 3), vector(1, 4));
    let message = |result: Result<EqualityConstrained<f64>, Error>| result.unwrap_err().to_string();
    let wrong = message(equality_constrained(&a, &b, &standard_normal(1, 2, 1), &d));
    assert_eq!(wrong, "c has 2 columns, but must have 3: as many as a has");
    let wrong = message(equality_constrained(&a, &vector(4, 1), &c, &d));
    assert_eq!(wrong, "b has 4 entries, but must have 5: as many as a has rows");
    let wrong = message(equality_constrained(&a, &b, &c, &vector(2, 1)));
    assert_eq!(wrong, "d has 2 entries, but must have 1: as many as c has rows");
    for bad in [f64::NAN, f64::INFINITY] {
        let spoil = |x: &Array1<f64>, i| {
            let mut x = x.clone();
            x[i] = bad;
            x
        };
        let error = equality_constrained(&a, &spoil(&b, 3), &c, &d).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "b", row: 3, col: 0 });
        let error = equality_constrained(&a, &b, &c, &spoil(&d, 0)).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "d", row: 0, col: 0 });
        for (argument, row, col) in [("a", 4, 1), ("c", 0, 2)] {
            let (mut a, mut c) = (a.clone(), c.clone());
            (if argument == "a" { &mut a } else { &mut c })[[row, col]] = bad;
            let error = equality_constrained(&a, &b, &c, &d).unwrap_err();
            assert_eq!(error, Error::NonFinite { argument, row, col });
        }
        let error = gauss_markov(&a, &Array2::eye(5), &spoil(&b, 1)).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "d", row: 1, col: 0 });
    }
    let wrong = gauss_markov(&a, &Array2::eye(4), &b).unwrap_err().to_string();
    assert_eq!(wrong, "b has 4 rows, but must have 5: as many as a has");
}

/// White noise makes it ordinary least squares, and the noise the residual; one observation known exactly makes it
/// a constraint.
#[test]
fn white_noise_is_ordinary_and_no_noise_a_constraint() {
    let (a, d) = (standard_normal(8, 3, 1), vector(8, 2));
    let white = gauss_markov(&a, &Array2::eye(8), &d).unwrap();
    let ordinary = lstsq(&a, &d).unwrap();
    assert_close(white.solution(), &ordinary.solution().to_owned(), 1e-13);
    assert_close(white.noise(), &ordinary.residuals().to_owned(), 1e-13);
    assert!((white.noise_norm() - ordinary.residual_norms()[0]).abs() < 1e-13);

    let exact_first = Array2::<f64>::eye(8).slice_move(s![.., 1..]);
    let fit = gauss_markov(&a, &exact_first, &d).unwrap();
    let (first, rest) = (s![..1, ..], s![1.., ..]);
    let constrained =
        equality_constrained(&a.slice(rest), &d.slice(s![1..]), &a.slice(first), &d.slice(s![..1])).unwrap();
    assert_close(fit.solution(), &constrained.solution().to_owned(), 1e-12);
    assert_close(fit.noise(), &constrained.residuals().to_owned(), 1e-12);

    // As many unknowns as observations: no noise at all.
    let (square, x) = (array![[2.0, 1.0], [1.0, 1.0]], array![3.0, -5.0]);
    for p in [0, 2] {
        let fit = gauss_markov(&square, &standard_normal(2, p, 1), &square.dot(&x)).unwrap();
        assert_close(fit.solution(), &x, 1e-14);
        assert!(fit.noise_norm() < 1e-14);
    }
    let nothing = gauss_markov(&Array2::<f64>::zeros((0, 0)), &Array2::zeros((0, 2)), &array![]).unwrap();
    assert_eq!((nothing.solution().len(), nothing.noise()), (0, array![0.0, 0.0].view()));
}

#[test]
fn models_without_a_unique_estimate_are_named() {
    let d = vector(4, 1);
    let twice = array![[1.0, 2.0], [0.1, 0.2], [3.0, 6.0], [0.7, 1.4]];
    let error = gauss_markov(&twice, &Array2::eye(4), &d).unwrap_err();
    assert_eq!(error, Error::RankDeficient { argument: "a", rank: 1, needed: 2 });
    let wide = gauss_markov(&standard_normal(4, 5, 1), &Array2::eye(4), &d).unwrap_err();
    assert_eq!(wide, Error::RankDeficient { argument: "a", rank: 4, needed: 5 });
    let a = standard_normal(4, 2, 2);
    let few = gauss_markov(&a, &standard_normal(4, 1, 3), &d).unwrap_err();
    assert_eq!(few, Error::RankDeficient { argument: "[a b]", rank: 3, needed: 4 });
    // Noise that only ever moves along the range of `a`.
    let along = gauss_markov(&a, &a.dot(&standard_normal(2, 3, 4)), &d).unwrap_err();
    assert_eq!(along, Error::RankDeficient { argument: "[a b]", rank: 3, needed: 4 });
    let none = gauss_markov(&a, &Array2::zeros((4, 3)), &d).unwrap_err();
    assert_eq!(none, Error::RankDeficient { argument: "[a b]", rank: 3, needed: 4 });
}

/// Observations near over- and underflow, noise in other units.
#[test]
fn the_gauss_markov_model_works_at_both_ends_of_the_range() {
    let (a, b, d) = (standard_normal(6, 2, 1), standard_normal(6, 6, 2), vector(6, 3));
    let plain = gauss_markov(&a, &b, &d).unwrap();
    for (of_a, of_b, of_d) in [(1015, -900, 900), (-1000, 1015, -950), (3, -1000, -1000)] {
        let scale = |x: &Array2<f64>, e| x.mapv(|x| ldexp(x, e));
        let fit = gauss_markov(&scale(&a, of_a), &scale(&b, of_b), &d.mapv(|d| ldexp(d, of_d)));
        let expected = plain.solution().mapv(|x| ldexp(x, of_d - of_a));
        match fit {
            Ok(fit) => assert_close(fit.solution(), &expected, 1e-5),
            // The noise is beyond the range.
            Err(error) => assert!(of_d - of_b > 1000 && matches!(error, Error::Overflow { .. })),
        }
    }
}
