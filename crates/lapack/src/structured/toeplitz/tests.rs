use ndarray::array;

use super::*;
use crate::testing::Layout;

fn numbers(count: usize, seed: usize) -> Array1<f64> {
    Array1::from_shape_fn(count, |i| ((i * i * 7 + seed * 5 + i) % 17) as f64 - 8.0)
}

/// `ε log₂ ‖k‖₁ ‖x‖₂` with 4 for the constant of the transform; 0 where products are sums of integers.
fn bound(smaller: usize, length: usize, kernel: impl Iterator<Item = f64>, x: ArrayView1<f64>) -> f64 {
    if smaller <= DIRECT {
        return 0.0;
    }
    let norm: f64 = kernel.map(f64::abs).sum();
    4.0 * f64::UNIT_ROUNDOFF * (2.0 * length as f64).log2() * norm * x.dot(&x).sqrt()
}

fn assert_close(found: &Array2<f64>, expected: &Array2<f64>, bounds: impl Fn(usize) -> f64, case: &str) {
    assert_eq!(found.dim(), expected.dim(), "{case}");
    for ((i, j), x) in found.indexed_iter() {
        assert!((x - expected[[i, j]]).abs() <= bounds(j), "{case}: {x} is not {}", expected[[i, j]]);
    }
}

/// On integers, through sums and through transforms of lengths that are prime, powers of two, and neither.
#[test]
fn products_are_those_of_the_matrix() {
    let sizes = [
        (0, 0),
        (0, 3),
        (3, 0),
        (1, 1),
        (1, 7),
        (7, 1),
        (32, 32),
        (33, 33),
        (32, 100),
        (37, 61),
        (64, 64),
        (127, 127),
        (61, 128),
    ];
    for (m, n) in sizes {
        let (c, mut r) = (numbers(m, 1), numbers(n, 2));
        // Ignored, as in SciPy.
        if n > 0 {
            r[0] = f64::NAN;
        }
        let case = format!("{m}x{n}");
        let t = Toeplitz::new(&c, &r).unwrap();
        let h = Hankel::new(&c, &r).unwrap();
        let (dense_t, dense_h) = (t.to_dense().unwrap(), h.to_dense().unwrap());
        assert_eq!((t.dim(), h.dim()), ((m, n), (m, n)));
        assert_eq!(dense_t, toeplitz(&c, &r).unwrap(), "{case}");
        assert_eq!(dense_h, hankel(&c, &r).unwrap(), "{case}");
        for (i, j) in (0..m).flat_map(|i| (0..n).map(move |j| (i, j))) {
            assert_eq!(dense_t[[i, j]], if i >= j { c[i - j] } else { r[j - i] });
            assert_eq!(dense_h[[i, j]], if i + j < m { c[i + j] } else { r[i + j - m + 1] });
        }
        let kernel = || c.iter().chain(r.iter().skip(1)).copied();
        let x = Array2::from_shape_fn((n, 3), |(i, j)| numbers(n, j)[i]);
        let z = Array2::from_shape_fn((m, 2), |(i, j)| numbers(m, j + 7)[i]);
        let bound_x = |j: usize| bound(m.min(n), m + n, kernel(), x.column(j));
        let bound_z = |j: usize| bound(m.min(n), m + n, kernel(), z.column(j));
        for layout in Layout::ALL {
            layout.with(&x, |x| {
                assert_close(&t.apply(&x).unwrap(), &dense_t.dot(&x), bound_x, &case);
                assert_close(&h.apply(&x).unwrap(), &dense_h.dot(&x), bound_x, &case);
            });
            layout.with(&z, |z| {
                assert_close(&t.apply_transposed(&z).unwrap(), &dense_t.t().dot(&z), bound_z, &case);
                assert_close(&h.apply_transposed(&z).unwrap(), &dense_h.t().dot(&z), bound_z, &case);
            });
        }
        let column = x.column(0).to_owned();
        assert_eq!(t.apply(&column).unwrap(), t.apply(&x).unwrap().column(0));
    }
}

#[test]
fn circulant_products_and_solutions_are_those_of_the_matrix() {
    for n in [0, 1, 2, 3, 7, 32, 33, 64, 97, 101, 120] {
        let mut c = numbers(n, 3);
        // Diagonally dominant: singular values between 1 and 2 ‖c‖₁.
        if n > 0 {
            c[0] = c.iter().skip(1).map(|x| x.abs()).sum::<f64>() + 1.0;
        }
        let circulant = Circulant::new(&c).unwrap();
        let dense = circulant.to_dense().unwrap();
        for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
            assert_eq!(dense[[i, j]], c[(n + i - j) % n]);
        }
        let x = Array2::from_shape_fn((n, 2), |(i, j)| numbers(n, j)[i]);
        let allowed = |j: usize| bound(n, n, c.iter().copied(), x.column(j));
        for layout in Layout::ALL {
            layout.with(&x, |x| {
                let (product, transposed) =
                    (circulant.apply(&x).unwrap(), circulant.apply_transposed(&x).unwrap());
                assert_close(&product, &dense.dot(&x), allowed, "C x");
                assert_close(&transposed, &dense.t().dot(&x), allowed, "Cᵀ x");
            });
        }
        // The residual of the solution: ε times the condition of the diagonal system of the transform, at most 2 ‖c‖₁.
        let solution = circulant.solve(&x).unwrap();
        let norm = c.iter().sum::<f64>();
        for (solution, b) in solution.columns().into_iter().zip(x.columns()) {
            let residual = dense.dot(&solution) - b;
            let scale = 16.0 * f64::UNIT_ROUNDOFF * (2.0 * n as f64).log2() * norm * b.dot(&b).sqrt();
            assert!(residual.iter().all(|r| r.abs() <= scale.max(0.0)), "{n}");
        }
        assert_eq!(circulant.order(), n);
    }
}

/// The eigenvalues of the cyclic shift are the roots of unity; of 2, -1, ..., -1 they are 2 - 2 cos(2πk/n).
#[test]
fn eigenvalues_are_those_of_the_closed_form() {
    for n in [3, 8, 13, 40] {
        let mut c = Array1::<f64>::zeros(n);
        c[1] = 1.0;
        let shift = Circulant::new(&c).unwrap();
        let angle = |k: usize| 2.0 * std::f64::consts::PI * k as f64 / n as f64;
        for (k, value) in shift.eigenvalues().unwrap().iter().enumerate() {
            let expected = Complex::new(angle(k).cos(), -angle(k).sin());
            assert!((value - expected).norm() < 1e-15 * n as f64);
        }
        assert!((shift.reciprocal_condition() - 1.0).abs() < 1e-14);
        (c[0], c[1], c[n - 1]) = (2.0, -1.0, -1.0);
        let laplacian = Circulant::new(&c).unwrap();
        for (k, value) in laplacian.eigenvalues().unwrap().iter().enumerate() {
            assert!((value - (2.0 - 2.0 * angle(k).cos())).norm() < 1e-15 * n as f64);
        }
        // It annihilates constants, and nothing else.
        let error = laplacian.solve(&Array1::ones(n)).unwrap_err();
        assert_eq!(error, Error::RankDeficient { argument: "the circulant matrix", rank: n - 1, needed: n });
    }
    let zero = Circulant::new(&Array1::<f32>::zeros(5)).unwrap();
    assert_eq!(zero.reciprocal_condition(), 0.0);
    assert!(matches!(zero.solve(&Array1::ones(5)), Err(Error::RankDeficient { rank: 0, .. })));
    let empty = Circulant::new(&Array1::<f32>::zeros(0)).unwrap();
    assert_eq!((empty.reciprocal_condition(), empty.eigenvalues().unwrap().len()), (1.0, 0));
    assert_eq!(empty.solve(&Array1::zeros(0)).unwrap().len(), 0);
}

/// No transform over- or underflows where the result does not.
#[test]
fn the_ends_of_the_range_survive() {
    let (n, plain) = (50, Array1::from_shape_fn(50, |i| 1.0 + (i % 7) as f64));
    let reference = Toeplitz::new(&plain, &plain).unwrap().apply(&plain).unwrap();
    let dominant = |scale: f64| {
        let mut c = &plain * scale;
        c[0] = 500.0 * scale;
        Circulant::new(&c).unwrap()
    };
    let solution = dominant(1.0).solve(&plain).unwrap();
    // A scale that is no power of two rounds each number, where it is subnormal to 1e-310 / 5e-324 = 2e13 parts.
    for (left, right, relative) in [(1e300, 1e-300, 1e-14), (1e-310, 1e300, 1e-10), (1e150, 1e150, 1e-14)] {
        let (k, x) = (&plain * left, &plain * right);
        for y in
            [Toeplitz::new(&k, &k).unwrap().apply(&x), Toeplitz::new(&k, &k).unwrap().apply_transposed(&x)]
        {
            let error = (y.unwrap() / left / right - &reference).fold(0.0, |most: f64, x| most.max(x.abs()));
            assert!(error <= relative * reference.sum(), "{left:e} {right:e}: {error}");
        }
        let x = dominant(left).solve(&(&plain * left)).unwrap();
        assert!((x - &solution).iter().all(|x| x.abs() <= relative), "{left:e}");
    }
    let large = Array1::from_elem(n, 1e200);
    let t = Toeplitz::new(&large, &large).unwrap();
    assert!(matches!(t.apply(&large), Err(Error::Overflow { .. })));
    assert!(matches!(dominant(1e-308).solve(&(&large * 1e100)), Err(Error::Overflow { .. })));
    let eigenvalues = Circulant::new(&Array1::from_elem(3, 1e308)).unwrap().eigenvalues();
    assert!(matches!(eigenvalues, Err(Error::Overflow { .. })));
}

#[test]
fn bad_arguments_are_named() {
    let (good, bad) = (array![1.0, 2.0, 3.0], array![1.0, 2.0, f64::NAN]);
    let at = |argument| Error::NonFinite { argument, row: 2, col: 0 };
    assert_eq!(Toeplitz::new(&bad, &good).unwrap_err(), at("c"));
    assert_eq!(Toeplitz::new(&good, &bad).unwrap_err(), at("r"));
    assert_eq!(Hankel::new(&bad, &good).unwrap_err(), at("c"));
    assert_eq!(Hankel::new(&good, &bad).unwrap_err(), at("r"));
    assert_eq!(Circulant::new(&bad).unwrap_err(), at("c"));
    let (t, h, c) = (
        Toeplitz::new(&good, &good).unwrap(),
        Hankel::new(&good, &good).unwrap(),
        Circulant::new(&good).unwrap(),
    );
    for error in [
        t.apply(&bad),
        t.apply_transposed(&bad),
        h.apply(&bad),
        h.apply_transposed(&bad),
        c.apply(&bad),
        c.apply_transposed(&bad),
        c.solve(&bad),
    ] {
        let argument = if let Err(Error::NonFinite { argument, .. }) = error { argument } else { "" };
        assert!(error == Err(at("x")) || error == Err(at("b")), "{argument} {error:?}");
    }
    let short = array![1.0];
    for error in
        [t.apply(&short), h.apply(&short), h.apply_transposed(&short), c.apply(&short), c.solve(&short)]
    {
        assert!(matches!(error, Err(Error::Shape { found: 1, expected: 3, .. })));
    }
    let one = array![1.0];
    let endless = one.broadcast(1 << 60).unwrap();
    assert!(matches!(Toeplitz::new(&endless, &endless), Err(Error::OutOfMemory { .. })));
    assert!(matches!(Hankel::new(&endless, &endless), Err(Error::OutOfMemory { .. })));
    assert!(matches!(Circulant::new(&endless), Err(Error::OutOfMemory { .. })));
    assert!(matches!(toeplitz(&endless, &endless), Err(Error::OutOfMemory { .. })));
    assert!(matches!(hankel(&endless, &endless), Err(Error::OutOfMemory { .. })));
    assert!(matches!(circulant(&endless), Err(Error::OutOfMemory { .. })));
}
