use ndarray::array;

use super::*;
use crate::testing::Layout;

/// Small integers, so that every product is exact and equality is the test.
fn integers(rows: usize, cols: usize, seed: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, cols), |(i, j)| ((i * 7 + j * 11 + seed * 5 + i * j) % 13) as f64 - 6.0)
}

#[test]
fn products_and_sums_are_their_definitions_in_every_layout() {
    for ((m, n), (p, q)) in
        [((2, 3), (4, 5)), ((1, 1), (3, 2)), ((3, 1), (1, 3)), ((0, 2), (3, 2)), ((2, 2), (0, 0))]
    {
        let (a, b) = (integers(m, n, 1), integers(p, q, 2));
        for layout in Layout::ALL {
            let product = layout.with(&a, |a| layout.with(&b, |b| kronecker(&a, &b).unwrap()));
            assert_eq!(product.dim(), (m * p, n * q));
            for ((i, j), &x) in product.indexed_iter() {
                assert_eq!(x, a[[i / p, j / q]] * b[[i % p, j % q]]);
            }
        }
        let columns = integers(p, n, 3);
        let product = khatri_rao(&a, &columns).unwrap();
        for (j, column) in product.columns().into_iter().enumerate() {
            let (left, right) = (a.slice(s![.., j..j + 1]), columns.slice(s![.., j..j + 1]));
            assert_eq!(column, kronecker(&left, &right).unwrap().column(0));
        }
        assert_eq!(hadamard(&a, &a).unwrap(), &a * &a);
    }
    for (n, m) in [(2, 3), (3, 2), (1, 4), (0, 2), (4, 0)] {
        let (a, b) = (integers(n, n, 1), integers(m, m, 2));
        let (left, right) = (Array2::<f64>::eye(n), Array2::<f64>::eye(m));
        let expected = kronecker(&a, &right).unwrap() + kronecker(&left, &b).unwrap();
        assert_eq!(kronecker_sum(&a, &b).unwrap(), expected);
    }
}

/// Both orders of the two products occur: the cheaper one depends on the shapes.
#[test]
fn what_is_not_formed_gives_the_same_products() {
    for ((m, n), (p, q)) in
        [((2, 3), (4, 5)), ((5, 1), (1, 6)), ((1, 6), (5, 1)), ((0, 2), (3, 2)), ((2, 0), (3, 2))]
    {
        let (a, b, x) = (integers(m, n, 1), integers(p, q, 2), integers(n * q, 3, 4));
        let dense = kronecker(&a, &b).unwrap();
        for layout in Layout::ALL {
            let product = layout
                .with(&a, |a| layout.with(&b, |b| layout.with(&x, |x| kronecker_apply(&a, &b, &x).unwrap())));
            assert_eq!(product, dense.dot(&x), "{m}x{n} {p}x{q} {layout:?}");
        }
        let vector = x.column(1).to_owned();
        assert_eq!(kronecker_apply(&a, &b, &vector).unwrap(), dense.dot(&vector));
        // The rule itself: (A ⊗ B) vec(X) = vec(B X Aᵀ).
        let matrix = integers(q, n, 9);
        let right = vec(&b.dot(&matrix).dot(&a.t())).unwrap();
        assert_eq!(kronecker_apply(&a, &b, &vec(&matrix).unwrap()).unwrap(), right);
    }
    for (n, m) in [(2, 3), (3, 2), (1, 4), (0, 2)] {
        let (a, b, x) = (integers(n, n, 1), integers(m, m, 2), integers(n * m, 2, 4));
        let dense = kronecker_sum(&a, &b).unwrap();
        for layout in Layout::ALL {
            let product = layout.with(&a, |a| {
                layout.with(&b, |b| layout.with(&x, |x| kronecker_sum_apply(&a, &b, &x).unwrap()))
            });
            assert_eq!(product, dense.dot(&x));
        }
        let matrix = integers(m, n, 9);
        let right = vec(&(b.dot(&matrix) + matrix.dot(&a.t()))).unwrap();
        assert_eq!(kronecker_sum_apply(&a, &b, &vec(&matrix).unwrap()).unwrap(), right);
    }
}

#[test]
fn vec_stacks_columns_and_the_commutation_exchanges_them() {
    for (m, n) in [(2, 3), (3, 2), (1, 5), (4, 4), (0, 3), (3, 0)] {
        let a = integers(m, n, 1);
        for layout in Layout::ALL {
            let stacked = layout.with(&a, |a| vec(&a).unwrap());
            for (i, j) in (0..m).flat_map(|i| (0..n).map(move |j| (i, j))) {
                assert_eq!(stacked[i + m * j], a[[i, j]]);
            }
            assert_eq!(unvec(&stacked, m, n).unwrap(), a);
        }
        let k = commutation(m, n).unwrap();
        assert_eq!(k.apply(&vec(&a).unwrap()).unwrap(), vec(&a.t()).unwrap());
        assert_eq!(k.inverse(), commutation(n, m).unwrap());
    }
    let (a, b) = (integers(2, 3, 1), integers(4, 5, 2));
    let left = commutation(4, 2).unwrap().apply(&kronecker(&a, &b).unwrap()).unwrap();
    let right = commutation(5, 3).unwrap().apply_right(&kronecker(&b, &a).unwrap()).unwrap();
    assert_eq!(left, right);
    let reversed = array![1.0, 2.0, 3.0, 4.0];
    assert_eq!(unvec(&reversed.slice(s![..;-1]), 2, 2).unwrap(), array![[4.0, 2.0], [3.0, 1.0]]);
    assert!(matches!(unvec(&reversed, 3, 2), Err(Error::Shape { found: 4, expected: 6, .. })));
    assert!(matches!(unvec(&reversed, usize::MAX, 2), Err(Error::OutOfMemory { .. })));
}

#[test]
fn bad_entries_and_shapes_are_named() {
    let (good, x) = (integers(2, 2, 1), Array1::from(vec![1.0, 2.0, 3.0, 4.0]));
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (row, col) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let mut spoiled = good.clone();
            spoiled[[row, col]] = bad;
            let at = |argument| Error::NonFinite { argument, row, col };
            for error in [
                kronecker(&spoiled, &good),
                kronecker_sum(&spoiled, &good),
                khatri_rao(&spoiled, &good),
                hadamard(&spoiled, &good),
            ] {
                assert_eq!(error, Err(at("a")));
            }
            for error in [
                kronecker(&good, &spoiled),
                kronecker_sum(&good, &spoiled),
                khatri_rao(&good, &spoiled),
                hadamard(&good, &spoiled),
            ] {
                assert_eq!(error, Err(at("b")));
            }
            assert_eq!(kronecker_apply(&spoiled, &good, &x), Err(at("a")));
            assert_eq!(kronecker_sum_apply(&good, &spoiled, &x), Err(at("b")));
        }
    }
    let bad = array![1.0, 2.0, f64::NAN, 4.0];
    assert_eq!(kronecker_apply(&good, &good, &bad), Err(Error::NonFinite { argument: "x", row: 2, col: 0 }));
    let (wide, short) = (integers(2, 3, 1), array![1.0]);
    assert!(matches!(kronecker_apply(&good, &good, &short), Err(Error::Shape { found: 1, expected: 4, .. })));
    assert!(matches!(kronecker_sum_apply(&good, &good, &short), Err(Error::Shape { argument: "x", .. })));
    assert!(matches!(kronecker_sum(&wide, &good), Err(Error::NotSquare { argument: "a", .. })));
    assert!(matches!(kronecker_sum_apply(&good, &wide, &x), Err(Error::NotSquare { argument: "b", .. })));
    assert!(matches!(khatri_rao(&good, &wide), Err(Error::Shape { argument: "b", .. })));
    assert!(matches!(hadamard(&good, &wide), Err(Error::Shape { extent: "columns", .. })));
}

/// Before anything is read or allocated.
#[test]
fn sizes_that_no_memory_holds_are_refused() {
    let one = array![[1.0]];
    let endless = one.broadcast((10_000_000_000, 1)).unwrap();
    let wide = one.broadcast((1, 10_000_000_000)).unwrap();
    assert!(matches!(kronecker(&endless, &endless), Err(Error::OutOfMemory { .. })));
    assert!(matches!(kronecker(&endless, &wide), Err(Error::OutOfMemory { .. })));
    assert!(matches!(khatri_rao(&endless, &endless), Err(Error::OutOfMemory { .. })));
    assert!(matches!(kronecker_apply(&endless, &endless, &array![1.0]), Err(Error::TooLarge { .. })));
    let order = one.broadcast((1_000_000_000, 1_000_000_000)).unwrap();
    assert!(matches!(kronecker_sum(&order, &one), Err(Error::OutOfMemory { .. })));
    assert!(matches!(hadamard(&order, &order), Err(Error::OutOfMemory { .. })));
    assert!(matches!(commutation(1 << 40, 1 << 40), Err(Error::OutOfMemory { .. })));
}

#[test]
fn overflow_is_an_error() {
    let large = array![[1e200]];
    assert!(matches!(kronecker(&large, &large), Err(Error::Overflow { .. })));
    assert!(matches!(khatri_rao(&large, &large), Err(Error::Overflow { .. })));
    assert!(matches!(hadamard(&large, &large), Err(Error::Overflow { .. })));
    assert!(matches!(kronecker_apply(&large, &large, &array![1.0]), Err(Error::Overflow { .. })));
    let most = array![[f64::MAX]];
    assert!(matches!(kronecker_sum(&most, &most), Err(Error::Overflow { .. })));
    assert!(matches!(kronecker_sum_apply(&most, &most, &array![1.0]), Err(Error::Overflow { .. })));
}
