//! What a call through C costs above the same call in Rust: `cargo bench -p lapwing-capi --bench overhead`.
//!
//! The library is loaded as a C program loads it, and called through pointers to its functions. The work is as small as it
//! gets, so that what is between the two is what the gate does: views checked, results copied, errors and panics fenced off.

use std::env;
use std::ffi::{CString, c_void};
use std::path::PathBuf;
use std::process::Command;

use criterion::{Criterion, criterion_group, criterion_main};
use lapwing_lapack::Svd;
use lapwing_ml::{Mahalanobis, NComponents, Pca};
use ndarray::{Array1, Array2, array};

/// `lapwing_mat_f64`, and `lapwing_mat_mut_f64`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Matrix {
    data: *const f64,
    rows: i64,
    cols: i64,
    row_stride: i64,
    col_stride: i64,
}

/// `lapwing_vec_f64`, and `lapwing_vec_mut_f64`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Vector {
    data: *const f64,
    len: i64,
    stride: i64,
}

impl From<&Array2<f64>> for Matrix {
    fn from(a: &Array2<f64>) -> Self {
        let (rows, cols) = a.dim();
        Self {
            data: a.as_ptr(),
            rows: rows as i64,
            cols: cols as i64,
            row_stride: cols as i64,
            col_stride: 1,
        }
    }
}

impl From<&Array1<f64>> for Vector {
    fn from(x: &Array1<f64>) -> Self {
        Self { data: x.as_ptr(), len: x.len() as i64, stride: 1 }
    }
}

type SvdFunction = unsafe extern "C" fn(Matrix, Vector, Matrix, Matrix) -> i32;
type FitFunction = unsafe extern "C" fn(Matrix, *const c_void, *mut *mut c_void) -> i32;
type TransformFunction = unsafe extern "C" fn(*const c_void, Matrix, Matrix) -> i32;
type NewFunction = unsafe extern "C" fn(Vector, Matrix, i32, *mut *mut c_void) -> i32;
type DistancesFunction = unsafe extern "C" fn(*const c_void, Matrix, Vector) -> i32;

/// The library as this profile builds it.
fn library() -> *mut c_void {
    let build = env::current_exe().expect("a bench has a path");
    let directory: PathBuf =
        build.ancestors().nth(2).expect("benches lie in <target>/<profile>/deps").to_owned();
    let target = directory.parent().expect("a profile's directory lies in the target directory");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "lapwing-capi", "--target-dir"])
        .arg(target)
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the library is built");
    let path = directory.join("liblapwing.so").to_string_lossy().into_owned();
    let path = CString::new(path).expect("a path holds no NUL");
    // SAFETY: the path is terminated; what the library runs when it is loaded is Rust's and OpenBLAS's own.
    let library = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW) };
    assert!(!library.is_null(), "{path:?} can be loaded");
    library
}

/// A function of the library.
///
/// # Safety
/// `F` is the type of the function of this name, as include/lapwing.h declares it.
unsafe fn function<F>(library: *mut c_void, name: &str) -> F {
    let terminated = CString::new(name).expect("a name holds no NUL");
    // SAFETY: the library is loaded and never unloaded, and the name is terminated.
    let found = unsafe { libc::dlsym(library, terminated.as_ptr()) };
    assert!(!found.is_null(), "{name} is exported");
    assert_eq!(size_of::<F>(), size_of_val(&found));
    // SAFETY: a pointer to a function of that type, by this function's own condition.
    unsafe { std::mem::transmute_copy(&found) }
}

fn singular_values(criterion: &mut Criterion, library: *mut c_void) {
    // SAFETY: the type is that of the header.
    let svd: SvdFunction = unsafe { function(library, "lapwing_svd_f64") };
    let a = array![[4.0, 1.0, 0.0, 2.0], [1.0, 3.0, 1.0, 0.0], [0.0, 1.0, 5.0, 1.0], [2.0, 0.0, 1.0, 6.0]];
    let (s, u, vt) = (Array1::<f64>::zeros(4), Array2::zeros((4, 4)), Array2::zeros((4, 4)));
    let mut group = criterion.benchmark_group("svd_4x4");
    group.bench_function("rust", |bencher| bencher.iter(|| Svd::thin(&a)));
    group.bench_function("c", |bencher| {
        bencher.iter(|| {
            // SAFETY: the views are of arrays that outlive the call, and the outputs are used by nobody else.
            let status = unsafe { svd((&a).into(), (&s).into(), (&u).into(), (&vt).into()) };
            assert_eq!(status, 0);
        });
    });
    group.finish();
}

fn transform_of_one_row(criterion: &mut Criterion, library: *mut c_void) {
    // SAFETY: the types are those of the header.
    let (fit, transform): (FitFunction, TransformFunction) =
        unsafe { (function(library, "lapwing_pca_fit_f64"), function(library, "lapwing_pca_transform_f64")) };
    let x = Array2::from_shape_fn((40, 4), |(i, j)| ((i * 7 + j * 5) % 11) as f64 + (i * j) as f64 / 9.0);
    let (row, scores) = (x.row(3).to_owned().insert_axis(ndarray::Axis(0)), Array2::<f64>::zeros((1, 4)));
    let model = Pca::params().n_components(NComponents::All).fit(&x).expect("the data has components");
    let mut pca = std::ptr::null_mut();
    // SAFETY: the view is of an array that outlives the call, and there is a place for the model.
    assert_eq!(unsafe { fit((&x).into(), std::ptr::null(), &mut pca) }, 0);
    let mut group = criterion.benchmark_group("pca_transform_one_row");
    group.bench_function("rust", |bencher| bencher.iter(|| model.transform(&row)));
    group.bench_function("c", |bencher| {
        bencher.iter(|| {
            // SAFETY: the model is never freed, and the views are of arrays that outlive the call.
            let status = unsafe { transform(pca, (&row).into(), (&scores).into()) };
            assert_eq!(status, 0);
        });
    });
    group.finish();
}

fn distance_of_one_row(criterion: &mut Criterion, library: *mut c_void) {
    // SAFETY: the types are those of the header.
    let (new, distances): (NewFunction, DistancesFunction) = unsafe {
        (
            function(library, "lapwing_mahalanobis_new_f64"),
            function(library, "lapwing_mahalanobis_distances_f64"),
        )
    };
    let location = array![1.0, 2.0, 3.0, 4.0];
    let covariance =
        array![[4.0, 1.0, 0.0, 0.5], [1.0, 3.0, 1.0, 0.0], [0.0, 1.0, 5.0, 1.0], [0.5, 0.0, 1.0, 6.0]];
    let (row, distance) = (array![[0.0, 1.0, 5.0, 2.0]], Array1::<f64>::zeros(1));
    let metric = Mahalanobis::new(&location, &covariance).expect("the covariance has an inverse");
    let mut model = std::ptr::null_mut();
    // SAFETY: the views are of arrays that outlive the call, and there is a place for the model.
    assert_eq!(unsafe { new((&location).into(), (&covariance).into(), 0, &mut model) }, 0);
    let mut group = criterion.benchmark_group("mahalanobis_one_row");
    group.bench_function("rust", |bencher| bencher.iter(|| metric.distances(&row)));
    group.bench_function("c", |bencher| {
        bencher.iter(|| {
            // SAFETY: the model is never freed, and the views are of arrays that outlive the call.
            let status = unsafe { distances(model, (&row).into(), (&distance).into()) };
            assert_eq!(status, 0);
        });
    });
    group.finish();
}

fn overhead(criterion: &mut Criterion) {
    let library = library();
    singular_values(criterion, library);
    transform_of_one_row(criterion, library);
    distance_of_one_row(criterion, library);
}

criterion_group!(benches, overhead);
criterion_main!(benches);
