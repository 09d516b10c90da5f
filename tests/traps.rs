//! What LAPACK and OpenBLAS do wrong, each stopped at the boundary: every test here fails without its remedy.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lapwing::lapack::Error;
use lapwing::lapack::random::standard_normal;
use lapwing::lapack::testing::{Kind, matrix, symmetric};
use lapwing::{
    Cholesky, NComponents, Pca, PcaSolver, PivotedQr, Qr, Scalar, Spectrum, Svd, SymmetricEigen, Triangle,
    gemm, matmul, syrk, threads,
};
use ndarray::{Array1, Array2, ArrayView2, array};

/// The number of threads is the process's, and tests run side by side: whoever changes it holds this.
static THREADS: Mutex<()> = Mutex::new(());

fn with_threads<R>(count: usize, work: impl FnOnce() -> R) -> R {
    let _alone = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
    threads::with(count, work)
}

/// Every routine on one matrix that is symmetric positive definite.
fn every_routine<T: Scalar>(a: &Array2<T>) {
    let n = a.nrows();
    assert_eq!(Svd::thin(a).unwrap().singular_values().len(), n);
    assert_eq!(Svd::values(a).unwrap().values.len(), n);
    assert_eq!(SymmetricEigen::new(a).unwrap().values().len(), n);
    let few = SymmetricEigen::params().spectrum(Spectrum::Index(n - n / 10..n)).compute(a).unwrap();
    assert_eq!(few.values().len(), n / 10);
    assert_eq!(Qr::new(a).unwrap().into_thin().unwrap().0.dim(), (n, n));
    assert_eq!(PivotedQr::new(a).unwrap().rank(), n);
    let cholesky = Cholesky::new(a).unwrap();
    assert_eq!(cholesky.solve(a).unwrap().dim(), (n, n));
    assert_eq!(cholesky.inverse().unwrap().dim(), (n, n));
    assert!(cholesky.reciprocal_condition(a).unwrap() > T::zero());
    let mut c = matmul(a, &a.t()).unwrap();
    syrk(Triangle::Lower, T::one(), a, T::one(), &mut c).unwrap();
    gemm(T::one(), a, a, T::one(), &mut c).unwrap();
}

fn definite<T: Scalar>(n: usize) -> Array2<T> {
    let a = standard_normal(n, n, 11).mapv(T::from_f64);
    let mut gram = matmul(&a, &a.t()).unwrap();
    gram.diag_mut().mapv_inplace(|x| x + T::from_f64(n as f64));
    gram
}

/// OpenBLAS's threaded routines keep megabytes on the caller's stack; a Rust thread has 2 MiB.
#[test]
fn every_routine_survives_a_small_stack_with_two_threads() {
    let worker = || {
        with_threads(2, || {
            for n in [20, 100, 300, 1000] {
                every_routine(&definite::<f64>(n));
                every_routine(&definite::<f32>(n));
            }
            every_routine(&definite::<f64>(2000));
        });
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(worker).unwrap().join().unwrap();
}

/// `gesdd` loops for ever on an infinity, `potrf` and `syevr` succeed with garbage on NaN: all of them must
/// name the entry instead, within a second.
#[test]
fn a_bad_entry_anywhere_is_named_within_a_second() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (row, col) in [(0, 0), (0, 29), (17, 11), (29, 0), (29, 29)] {
            let mut a = definite::<f64>(30);
            a[[row, col]] = bad;
            let triangle = if row >= col { Triangle::Lower } else { Triangle::Upper };
            let start = Instant::now();
            let expected = Error::NonFinite { argument: "a", row, col };
            assert_eq!(Svd::thin(&a).unwrap_err(), expected);
            assert_eq!(Svd::full(&a).unwrap_err(), expected);
            assert_eq!(Svd::values(&a).unwrap_err(), expected);
            assert_eq!(Qr::new(&a).unwrap_err(), expected);
            assert_eq!(PivotedQr::new(&a).unwrap_err(), expected);
            assert_eq!(Cholesky::with_triangle(&a, triangle).unwrap_err(), expected);
            assert_eq!(SymmetricEigen::params().triangle(triangle).compute(&a).unwrap_err(), expected);
            let some = SymmetricEigen::params().triangle(triangle).spectrum(Spectrum::Index(0..2));
            assert_eq!(some.compute(&a).unwrap_err(), expected);
            for solver in [PcaSolver::Full, PcaSolver::CovarianceEigh, PcaSolver::Randomized] {
                let params = Pca::params().n_components(NComponents::Count(3)).solver(solver);
                let expected = lapwing::Error::from(Error::NonFinite { argument: "x", row, col });
                assert_eq!(params.fit(&a).unwrap_err(), expected);
            }
            assert!(start.elapsed() < Duration::from_secs(1));
        }
    }
}

#[test]
fn zero_extents_and_single_entries_are_answered() {
    for (m, n) in [(0, 0), (0, 4), (4, 0)] {
        let a = Array2::<f64>::zeros((m, n));
        let full = Svd::full(&a).unwrap();
        assert_eq!((full.u(), full.vt()), (Array2::eye(m).view(), Array2::eye(n).view()));
        assert_eq!(Svd::thin(&a).unwrap().u().dim(), (m, 0));
        assert_eq!(Svd::values(&a).unwrap().values.len(), 0);
        let qr = Qr::new(&a).unwrap();
        assert_eq!((qr.q().unwrap().dim(), qr.r().dim()), ((m, 0), (0, n)));
        assert_eq!(qr.q_full().unwrap(), Array2::<f64>::eye(m));
        assert_eq!(PivotedQr::new(&a).unwrap().rank(), 0);
    }
    let empty = Array2::<f32>::zeros((0, 0));
    assert_eq!(SymmetricEigen::new(&empty).unwrap().values().len(), 0);
    let cholesky = Cholesky::new(&empty).unwrap();
    assert_eq!((cholesky.log_determinant(), cholesky.inverse().unwrap()), (0.0, empty.clone()));
    assert_eq!(cholesky.solve(&Array1::zeros(0)).unwrap(), Array1::zeros(0));

    let one = array![[-3.0]];
    assert_eq!(Svd::thin(&one).unwrap().singular_values(), array![3.0]);
    assert_eq!(SymmetricEigen::new(&one).unwrap().values(), array![-3.0]);
    assert_eq!(Qr::new(&one).unwrap().solve(&array![6.0]).unwrap(), array![-2.0]);
    assert_eq!(Cholesky::new(&array![[4.0]]).unwrap().factor(), array![[2.0]]);
    assert_eq!(Cholesky::new(&one).unwrap_err(), Error::NotPositiveDefinite { minor: 1 });
}

/// A view of one number repeated has any shape at no cost: sizes must be refused before anything is read.
fn repeated(rows: usize, cols: usize) -> ArrayView2<'static, f64> {
    static ONE: f64 = 1.0;
    let view: &'static ndarray::ArrayView0<f64> = Box::leak(Box::new(ndarray::aview0(&ONE)));
    view.broadcast((rows, cols)).expect("a scalar broadcasts to every shape")
}

/// Past 32 bits LAPACK's workspace queries wrap with `info = 0`.
#[test]
fn sizes_past_32_bits_are_refused_at_once() {
    let start = Instant::now();
    let too_large = |error: Error| assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    for a in [repeated(3_000_000_000, 1), repeated(1, 3_000_000_000)] {
        too_large(Svd::thin(&a).unwrap_err());
        too_large(Svd::values(&a).unwrap_err());
        too_large(Qr::new(&a).unwrap_err());
        too_large(PivotedQr::new(&a).unwrap_err());
        too_large(matmul(&a, &a.t()).unwrap_err());
    }
    // The first orders whose workspace does not fit: 4n² + 7n for gesdd, 2n² + 6n + 1 for syevd.
    too_large(Svd::thin(&repeated(23_170, 23_170)).unwrap_err());
    too_large(Svd::full(&repeated(26_754, 26_754)).unwrap_err());
    too_large(SymmetricEigen::new(&repeated(32_767, 32_767)).unwrap_err());
    too_large(Cholesky::new(&repeated(3_000_000_000, 3_000_000_000)).unwrap_err());
    assert!(start.elapsed() < Duration::from_secs(1));
}

/// What has no rows or no columns must not ask for what a square of its other extent would take.
#[test]
fn an_empty_matrix_with_a_huge_extent_is_cheap() {
    let a = Array2::<f64>::zeros((3_000_000, 0));
    assert_eq!(Qr::new(&a).unwrap().q().unwrap().dim(), (3_000_000, 0));
    assert!(Qr::new(&a).unwrap().certificate(&a).unwrap().holds());
    assert!(matches!(Qr::new(&a).unwrap().q_full(), Err(Error::OutOfMemory { .. })));
    assert_eq!(Svd::thin(&a).unwrap().u().dim(), (3_000_000, 0));
    assert!(matches!(Svd::full(&a), Err(Error::TooLarge { .. } | Error::OutOfMemory { .. })));
}

/// An owned slice keeps the buffer of the matrix that it was cut from, and starts anywhere in it.
#[test]
fn an_owned_slice_is_factored_as_what_it_is() {
    let whole = standard_normal(30, 8, 4).t().as_standard_layout().into_owned().reversed_axes();
    for columns in [0..3, 2..5, 5..8] {
        let slice = whole.clone().slice_move(ndarray::s![.., columns]);
        let copy = slice.as_standard_layout().into_owned();
        assert_eq!(Qr::from_owned(slice).unwrap().r(), Qr::new(&copy).unwrap().r());
    }
}

#[test]
fn three_million_rows_are_decomposed() {
    let column = Array2::from_elem((3_000_000, 1), 2.0);
    // Summing 3·10⁶ equal squares: an error of n·ε/2 at the very most, and in practice far less.
    let norm = (4.0f64 * 3e6).sqrt();
    let bound = norm * 3e6 * f64::UNIT_ROUNDOFF;
    let svd = Svd::thin(&column).unwrap();
    assert!((svd.singular_values()[0] - norm).abs() < bound);
    assert!(svd.certificate(&column).unwrap().holds());
    assert!((Svd::values(&column.t()).unwrap().values[0] - norm).abs() < bound);
    assert!((Qr::new(&column).unwrap().r()[[0, 0]].abs() - norm).abs() < bound);
    assert_eq!(PivotedQr::new(&column).unwrap().rank(), 1);
}

/// In single precision the workspace query of `ssyevd` is rounded below what it needs from n = 2895 on.
#[test]
fn single_precision_workspace_is_not_rounded_down() {
    let a = symmetric::<f32>(Kind::Random, 2895);
    let eigen = SymmetricEigen::new(&a).unwrap();
    assert!(eigen.certificate(&a).unwrap().holds());
}

#[test]
fn the_failing_leading_minor_is_named() {
    for planted in [1, 2, 17, 100, 150] {
        let mut a = definite::<f64>(150);
        a[[planted - 1, planted - 1]] = -1.0;
        for triangle in [Triangle::Lower, Triangle::Upper] {
            let error = Cholesky::with_triangle(&a, triangle).unwrap_err();
            assert_eq!(error, Error::NotPositiveDefinite { minor: planted });
        }
    }
}

/// Entries at both ends of the range: the result is right, or an error says that it does not exist.
#[test]
fn extreme_entries_never_give_garbage() {
    for scale in [1e300, 1e-300, 1e-310] {
        let a = matrix::<f64>(Kind::Random, 20, 20) * scale;
        let svd = Svd::thin(&a).unwrap();
        assert!(svd.singular_values().iter().all(|s| s.is_finite() && *s > 0.0));
        let qr = Qr::new(&a).unwrap();
        assert!(qr.r().iter().all(|x| x.is_finite()));
    }
    // The norm of the column is twice the largest number: no R exists.
    let column = Array2::from_elem((16, 1), f64::MAX / 2.0);
    assert!(matches!(Qr::new(&column), Err(Error::Overflow { scalar: "f64", .. })));
    assert!(matches!(Svd::thin(&column), Err(Error::Overflow { .. })));
    // A solution beyond the range is an error too.
    let tiny = Cholesky::new(&array![[1e-300]]).unwrap();
    assert!(matches!(tiny.solve(&array![1e300]), Err(Error::Overflow { .. })));
}

/// The same work with the same number of threads gives the same bits.
#[test]
fn the_same_thread_count_gives_the_same_bits() {
    let a = standard_normal(400, 300, 2);
    let run = || {
        let svd = Svd::thin(&a).unwrap();
        let pca = Pca::params().solver(PcaSolver::CovarianceEigh).fit(&standard_normal(5000, 30, 3)).unwrap();
        (svd.u().to_owned(), pca.components().to_owned(), pca.explained_variance().to_owned())
    };
    for count in [1, 2] {
        with_threads(count, || assert!(run() == run()));
    }
}

#[test]
fn a_zero_pivot_is_named_not_divided_by() {
    let a = array![[1.0f64, 2.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]];
    assert_eq!(
        Qr::new(&a).unwrap().solve(&array![1.0, 1.0, 1.0, 1.0]).unwrap_err(),
        Error::Singular { pivot: 2 }
    );
    let basic = PivotedQr::new(&a).unwrap().solve(&array![5.0f64, 6.0, 0.0, 0.0]).unwrap();
    assert!((basic[0] - 1.0).abs() < 1e-15 && (basic[1] - 2.0).abs() < 1e-15 && basic[2] == 0.0);
}

/// OpenBLAS gives a processor that is newer than itself the kernels of 2004; at load it is told better.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn the_kernels_suit_the_processor() {
    let decided_by_user = std::env::var_os("OPENBLAS_CORETYPE").is_some();
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && !decided_by_user {
        let core = lapwing::backend::info().core;
        assert!(!["Prescott", "Core2", "Nehalem", "Generic"].contains(&core.as_str()), "{core}");
    }
}

#[test]
fn the_thread_count_is_restored_even_by_a_panic() {
    let _alone = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
    let before = threads::get();
    let outcome = std::panic::catch_unwind(|| threads::with(1, || panic!("on purpose")));
    assert!(outcome.is_err());
    assert_eq!(threads::get(), before);
}
