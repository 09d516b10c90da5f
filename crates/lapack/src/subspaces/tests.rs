use std::f64::consts::FRAC_PI_2;

use ndarray::{Array2, ArrayView, ArrayView2, array, s};

use super::*;
use crate::testing::gallery::{hilbert, kahan};
use crate::testing::{Kind, Layout, matrix};

const STANDARD: Tolerance = Tolerance::Standard;

/// The first `count` coordinate axes of m dimensions.
fn axes(m: usize, count: usize) -> Array2<f64> {
    Array2::eye(m).slice_move(s![.., ..count])
}

fn largest(a: &Array2<f64>) -> f64 {
    a.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()))
}

/// Two planes that share one axis and are turned about it by θ: the angles are 0 and θ, from 1e-17 to π/2, each to a
/// few ε of the whole, where a cosine alone would lose all below 1e-8 and a sine alone all near π/2.
#[test]
fn angles_are_accurate_at_both_ends() {
    let plane = axes(4, 2);
    for theta in
        [0.0, 1e-17, 1e-12, 1e-8, 1e-3, 0.5, 0.785, 1.0, 1.5, FRAC_PI_2 - 1e-9, FRAC_PI_2 - 1e-13, FRAC_PI_2]
    {
        let turned = array![[1.0, 0.0], [0.0, f64::cos(theta)], [0.0, f64::sin(theta)], [0.0, 0.0]];
        for (a, b) in [(&plane, &turned), (&turned, &plane)] {
            let angles = principal_angles(a, b).unwrap();
            assert!((angles[0] - theta).abs() < 4.0 * f64::EPSILON, "{theta}: {}", angles[0]);
            assert!(angles[1].abs() < 4.0 * f64::EPSILON, "{theta}: {}", angles[1]);
        }
    }
}

/// In single precision too, and for bases that are neither orthonormal nor independent.
#[test]
fn angles_do_not_depend_on_the_columns_that_span() {
    let (a, b) = (axes(5, 3), array![[1.0, 2.0], [1.0, 2.0], [0.0, 0.0], [0.0, 0.0], [2.0, 4.0]]);
    let angles = principal_angles(&a, &b).unwrap();
    let exact = (2.0 / 6f64.sqrt()).asin();
    assert_eq!(angles.len(), 1);
    assert!((angles[0] - exact).abs() < 4.0 * f64::EPSILON);
    let single = principal_angles(&a.mapv(|x| x as f32), &b.mapv(|x| x as f32)).unwrap();
    assert!((f64::from(single[0]) - exact).abs() < 4.0 * f64::from(f32::EPSILON));
    // Skewed by an invertible matrix of condition about 1e3, the span is the same.
    let skewed = a.dot(&array![[1.0, 1.0, 1.0], [0.0, 1e-3, 2.0], [0.0, 0.0, 1e-1]]);
    assert!((principal_angles(&skewed, &b).unwrap()[0] - exact).abs() < 1e5 * f64::EPSILON);
}

/// The distances of two lines at 30 degrees, of a line to a plane that contains it, and of complements.
#[test]
fn distances_follow_from_the_angles() {
    let range = |a: &Array2<f64>| Subspace::range(a, STANDARD).unwrap();
    let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-15, "{x} is not {y}");
    let (line, turned) = (range(&axes(3, 1)), range(&array![[3f64.sqrt()], [1.0], [0.0]]));
    near(line.distance(&turned, Distance::Gap).unwrap(), 0.5);
    near(line.distance(&turned, Distance::Chordal).unwrap(), 0.5);
    near(line.distance(&turned, Distance::Geodesic).unwrap(), FRAC_PI_2 / 3.0);
    let plane = range(&axes(3, 2));
    near(line.distance(&plane, Distance::Gap).unwrap(), 1.0);
    near(plane.distance(&line, Distance::Geodesic).unwrap(), FRAC_PI_2);
    let complement = plane.complement().unwrap();
    assert_eq!(complement.dimension(), 1);
    near(plane.distance(&complement, Distance::Chordal).unwrap(), 2f64.sqrt());
    near(plane.distance(&plane, Distance::Geodesic).unwrap(), 0.0);
}

#[test]
fn membership_is_told_by_the_sine_of_the_angle() {
    let plane = Subspace::range(&axes(3, 2), STANDARD).unwrap();
    for scale in [1.0, 1e300, 1e-300] {
        let x = array![3.0, 4.0, 5e-6] * scale;
        assert_eq!((plane.contains(&x, 1e-6), plane.contains(&x, 9e-7)), (Ok(true), Ok(false)), "{scale}");
    }
    assert_eq!(plane.contains(&array![0.0, 0.0, 0.0], 0.0), Ok(true));
    // The small column is judged by itself, beside a large one that lies in the plane.
    let mixed = array![[1e300, 0.0], [0.0, 1e-300], [0.0, 1e-300]];
    assert_eq!(plane.contains(&mixed, 0.5), Ok(false));
    let line = Subspace::range(&array![[1.0], [1.0], [1e-7]], STANDARD).unwrap();
    assert_eq!(
        (plane.contains_subspace(&line, 1e-7), plane.contains_subspace(&line, 7e-8)),
        (Ok(true), Ok(false))
    );
    assert_eq!(
        (line.contains_subspace(&plane, 1.0), plane.coincides_with(&line, 1.0)),
        (Ok(false), Ok(false))
    );
    let other = Subspace::range(&array![[1.0, 1.0], [1.0, -1.0], [0.0, 0.0]], STANDARD).unwrap();
    assert_eq!(plane.coincides_with(&other, 1e-15), Ok(true));
}

/// ‖P² − P‖ and symmetry of the projectors; what is projected and what is left are orthogonal.
#[test]
fn projectors_split_every_vector() {
    for (m, n) in [(1, 1), (6, 4), (4, 6), (40, 30)] {
        let a = matrix::<f64>(Kind::RankDeficient, m, n);
        let space = Subspace::range(&a, STANDARD).unwrap();
        let (onto, off) = (space.projector().unwrap(), space.complement_projector().unwrap());
        let bound = 10.0 * m as f64 * f64::EPSILON;
        assert_eq!((&onto, &off), (&onto.t().to_owned(), &off.t().to_owned()));
        assert!(largest(&(onto.dot(&onto) - &onto)) < bound);
        assert!(largest(&(&onto + &off - Array2::<f64>::eye(m))) <= f64::EPSILON);
        let complement = space.complement().unwrap();
        assert_eq!(complement.dimension() + space.dimension(), m);
        assert!(largest(&(complement.projector().unwrap() - &off)) < bound);
        let x = matrix::<f64>(Kind::Random, m, 3);
        let nearest = space.project(&x).unwrap();
        assert!(largest(&(&nearest - &onto.dot(&x))) < bound * 10.0);
        assert!(
            space.contains(&nearest, bound).unwrap()
                && complement.contains(&(&x - &nearest), 100.0 * bound).unwrap()
        );
        let vector = space.project(&x.column(0).to_owned()).unwrap();
        assert!((&vector - &nearest.column(0)).iter().all(|x| x.abs() < bound));
    }
}

/// The four subspaces are what the separate functions find, in every layout and shape, and pairwise orthogonal.
#[test]
fn the_four_subspaces_agree_with_the_separate_functions() {
    for (m, n) in [(0, 3), (3, 0), (1, 1), (5, 3), (3, 5), (9, 4), (4, 9), (12, 12)] {
        let a = matrix::<f64>(Kind::RankDeficient, m, n);
        let bound = 20.0 * m.max(n) as f64 * f64::EPSILON;
        for layout in Layout::ALL {
            layout.with(&a, |a| {
                let spaces = FundamentalSubspaces::new(&a, STANDARD).unwrap();
                let rank = spaces.rank();
                assert_eq!(rank, m.min(n) / 2, "{m}x{n}");
                assert_eq!(spaces.column_space().dim(), (m, rank));
                assert_eq!(spaces.left_null_space().dim(), (m, m - rank));
                assert_eq!(spaces.row_space().dim(), (n, rank));
                assert_eq!(spaces.null_space().dim(), (n, n - rank));
                let same = |one: ArrayView2<f64>, other: Array2<f64>| {
                    assert_eq!(one.dim(), other.dim());
                    let difference = one.dot(&one.t()) - other.dot(&other.t());
                    assert!(largest(&difference) < bound, "{m}x{n} {layout:?}");
                };
                same(spaces.column_space(), orthonormal_basis(&a, STANDARD).unwrap());
                same(spaces.left_null_space(), orthogonal_complement(&a, STANDARD).unwrap());
                same(spaces.row_space(), orthonormal_basis(&a.t(), STANDARD).unwrap());
                same(spaces.null_space(), null_space(&a, STANDARD).unwrap());
                same(spaces.left_null_space(), null_space(&a.t(), STANDARD).unwrap());
                assert!(largest(&spaces.row_space().t().dot(&spaces.null_space())) < bound);
            });
        }
    }
}

/// The whole space and the zero space are subspaces like others.
#[test]
fn dimensions_zero_and_m_are_no_exception() {
    let nothing = Subspace::range(&Array2::<f64>::zeros((3, 2)), STANDARD).unwrap();
    let everything = nothing.complement().unwrap();
    assert_eq!((nothing.dimension(), everything.dimension()), (0, 3));
    assert_eq!(nothing.projector().unwrap(), Array2::<f64>::zeros((3, 3)));
    assert_eq!(nothing.angles(&everything).unwrap().len(), 0);
    assert_eq!(nothing.distance(&nothing, Distance::Gap), Ok(0.0));
    assert_eq!(
        (nothing.contains(&array![1.0, 0.0, 0.0], 0.5), everything.contains_subspace(&nothing, 0.0)),
        (Ok(false), Ok(true))
    );
    assert_eq!(everything.complement().unwrap().dimension(), 0);
    assert_eq!(nothing.project(&array![1.0, 2.0, 3.0]).unwrap(), array![0.0, 0.0, 0.0]);
    assert_eq!(null_space(&Array2::<f64>::zeros((0, 3)), STANDARD).unwrap().dim(), (3, 3));
    assert_eq!(null_space(&Array2::<f64>::zeros((3, 0)), STANDARD).unwrap().dim(), (0, 0));
}

/// The null vector of Kahan's matrix, which pivoted QR does not see, and the many directions that a Hilbert matrix
/// of order 20 all but loses: ‖A N‖ is at most the tolerance and a few roundings of ‖A‖.
#[test]
fn hard_matrices_have_null_spaces_to_rounding() {
    for (a, least) in [(kahan::<f64>(90, 1.2, 25.0), 1), (hilbert::<f64>(20), 5)] {
        let basis = null_space(&a, STANDARD).unwrap();
        assert!(basis.ncols() >= least);
        let norm = a.iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!(largest(&a.dot(&basis)) < 20.0 * a.nrows() as f64 * f64::EPSILON * norm);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let a = axes(3, 2);
    let space = Subspace::range(&a, STANDARD).unwrap();
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        let invalid = [
            null_space(&a, Tolerance::Relative(bad)).map(|_| ()),
            orthonormal_basis(&a, Tolerance::Absolute(bad)).map(|_| ()),
            FundamentalSubspaces::new(&a, Tolerance::Absolute(bad)).map(|_| ()),
            space.contains(&a, bad).map(|_| ()),
            space.coincides_with(&space, bad).map(|_| ()),
        ];
        for result in invalid {
            assert!(matches!(result, Err(Error::InvalidParameter { parameter: "tolerance", .. })));
        }
    }
    for (row, col) in (0..3).flat_map(|i| (0..2).map(move |j| (i, j))) {
        let mut spoiled = a.clone();
        spoiled[[row, col]] = f64::NAN;
        let named = |argument| Err(Error::NonFinite { argument, row, col });
        assert_eq!(null_space(&spoiled, STANDARD).map(|_| ()), named("a"));
        assert_eq!(orthonormal_basis(&spoiled, STANDARD).map(|_| ()), named("a"));
        assert_eq!(principal_angles(&a, &spoiled).map(|_| ()), named("b"));
        assert_eq!(space.project(&spoiled).map(|_| ()), named("x"));
        assert_eq!(space.contains(&spoiled, 0.1).map(|_| ()), named("x"));
    }
    let error = principal_angles(&a, &axes(4, 2)).unwrap_err();
    assert_eq!(error.to_string(), "b has 4 rows, but must have 3: as many as a has");
    let other = Subspace::range(&axes(4, 2), STANDARD).unwrap();
    assert!(matches!(space.angles(&other), Err(Error::Shape { argument: "other", .. })));
    assert!(matches!(space.project(&array![1.0, 2.0]), Err(Error::Shape { argument: "x", .. })));
    let zero = [0.0f64];
    let wide = ArrayView::from(&zero).into_shape_with_order((1, 1)).unwrap();
    let wide = wide.broadcast((1, 1 << 31)).unwrap();
    assert!(matches!(null_space(&wide, STANDARD), Err(Error::TooLarge { .. })));
    assert!(matches!(null_space(&wide.t(), STANDARD), Err(Error::TooLarge { .. })));
}
