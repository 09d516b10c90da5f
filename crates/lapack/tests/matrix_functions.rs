//! Matrix functions and equations against high-precision values, in both precisions.
//!
//! The values are mpmath's, made by `reference/make_matrix_functions_reference.py`. A result may be off by what
//! rounding its input may move the exact value by, times a modest factor: `10 n ε` times the condition number that the
//! script computed. In single precision the input is rounded first, which the same bound covers.

use lapwing_lapack::equations::{Riccati, continuous_lyapunov, discrete_lyapunov, sylvester};
use lapwing_lapack::{Error, Scalar, functions};
use ndarray::{Array2, ArrayRef2};
use num_complex::Complex;
use serde::Deserialize;

type Rows = Vec<Vec<f64>>;

#[derive(Deserialize)]
struct Reference {
    functions: Vec<FunctionCase>,
    equations: Vec<EquationCase>,
}

#[derive(Deserialize)]
struct FunctionCase {
    name: String,
    function: String,
    a: Rows,
    value: Rows,
    value_im: Option<Rows>,
    exponent: Option<f64>,
    condition: f64,
}

#[derive(Deserialize)]
struct EquationCase {
    name: String,
    equation: String,
    a: Rows,
    b: Option<Rows>,
    c: Option<Rows>,
    q: Option<Rows>,
    r: Option<Rows>,
    e: Option<Rows>,
    s: Option<Rows>,
    x: Rows,
    condition: f64,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("reference/matrix_functions.json")).expect("the reference is JSON")
}

fn matrix<T: Scalar>(rows: &Rows) -> Array2<T> {
    Array2::from_shape_fn((rows.len(), rows.first().map_or(0, Vec::len)), |(i, j)| T::from_f64(rows[i][j]))
}

/// The error in units of what the condition number and rounding explain, with the bound that it must stay below; the
/// largest is printed by the tests.
struct Worst {
    ratio: f64,
    case: String,
    compared: usize,
}

impl Worst {
    fn new() -> Self {
        Self { ratio: 0.0, case: String::new(), compared: 0 }
    }

    /// Compares `value` with `exact`, unless the bound passes a tenth: no digit is promised then.
    fn compare<T: Scalar>(
        &mut self,
        value: &ArrayRef2<Complex<f64>>,
        exact: &ArrayRef2<Complex<f64>>,
        condition: f64,
        case: &str,
    ) {
        let norm = |a: &Array2<Complex<f64>>| a.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
        let error = norm(&(value - exact)) / norm(&exact.to_owned());
        let unit = condition * value.nrows() as f64 * T::UNIT_ROUNDOFF.as_f64();
        if 10.0 * unit > 0.1 {
            return;
        }
        self.compared += 1;
        let ratio = error / unit;
        println!("{case} {}: {ratio:.3}, error {error:.2e}", T::NAME);
        assert!(ratio < 10.0, "{case} {}: relative error {error:e} is {ratio} times {unit:e}", T::NAME);
        if ratio > self.ratio {
            (self.ratio, self.case) = (ratio, case.to_owned());
        }
    }
}

fn functions_agree<T: Scalar>() {
    let mut worst = Worst::new();
    for case in reference().functions {
        let name = format!("{} of {}", case.function, case.name);
        let a = matrix::<T>(&case.a);
        let p = case.exponent.unwrap_or(0.0);
        let real: Result<Array2<T>, Error> = match case.function.as_str() {
            "expm" => functions::expm(&a),
            "logm" => functions::logm(&a),
            "sqrtm" => functions::sqrtm(&a),
            "signm" => functions::signm(&a),
            "fractional_power" => functions::fractional_power(&a, p),
            other => panic!("no function is called {other}"),
        };
        let mut exact = matrix::<f64>(&case.value).mapv(Complex::from);
        let value = match &case.value_im {
            None => match real {
                Ok(value) => value.mapv(|x| Complex::from(x.as_f64())),
                // e¹⁰⁰ is beyond single precision.
                Err(Error::Overflow { .. })
                    if exact.iter().any(|z| z.re.abs() > 1e37) && T::NAME == "f32" =>
                {
                    continue;
                }
                Err(error) => panic!("{name} {}: {error}", T::NAME),
            },
            Some(im) => {
                assert!(matches!(real, Err(Error::DoesNotExist { .. })), "{name} is complex");
                exact.zip_mut_with(&matrix::<f64>(im), |z, &im| z.im = im);
                let value = match case.function.as_str() {
                    "logm" => functions::logm_complex(&a),
                    "sqrtm" => functions::sqrtm_complex(&a),
                    _ => functions::fractional_power_complex(&a, p),
                };
                value.expect(&name).mapv(|z| Complex::new(z.re.as_f64(), z.im.as_f64()))
            }
        };
        worst.compare::<T>(&value, &exact, case.condition, &name);
    }
    println!("functions {}: largest of {} is {:.3}, {}", T::NAME, worst.compared, worst.ratio, worst.case);
    assert!(worst.compared > 60);
}

#[test]
fn functions_agree_with_high_precision_f32() {
    functions_agree::<f32>();
}

#[test]
fn functions_agree_with_high_precision_f64() {
    functions_agree::<f64>();
}

fn equations_agree<T: Scalar>() {
    let mut worst = Worst::new();
    for case in reference().equations {
        let name = format!("{}, {}", case.equation, case.name);
        let get = |rows: &Option<Rows>| matrix::<T>(rows.as_ref().expect("the case has this matrix"));
        let a = matrix::<T>(&case.a);
        let x = match case.equation.as_str() {
            "sylvester" => sylvester(&a, &get(&case.b), &get(&case.c)),
            "continuous_lyapunov" => continuous_lyapunov(&a, &get(&case.q)),
            "discrete_lyapunov" => discrete_lyapunov(&a, &get(&case.q)),
            kind => {
                let (b, q, r) = (get(&case.b), get(&case.q), get(&case.r));
                let (e, s) = (case.e.as_ref().map(matrix::<T>), case.s.as_ref().map(matrix::<T>));
                let mut params = Riccati::params();
                if let Some(e) = &e {
                    params = params.descriptor(e);
                }
                if let Some(s) = &s {
                    params = params.cross(s);
                }
                let solved = match kind {
                    "continuous_riccati" => params.continuous(&a, &b, &q, &r),
                    _ => params.discrete(&a, &b, &q, &r),
                };
                solved.map(|riccati| riccati.into_solution_and_gain().0)
            }
        };
        // What double precision solves may be singular up to the rounding of single precision.
        let hopeless = case.condition * f64::from(f32::EPSILON) > 1.0 && T::NAME == "f32";
        let x = match x {
            Err(Error::DoesNotExist { .. }) if hopeless => continue,
            x => x.unwrap_or_else(|error| panic!("{name} {}: {error}", T::NAME)),
        };
        let wide = x.mapv(|x| Complex::from(x.as_f64()));
        worst.compare::<T>(&wide, &matrix::<f64>(&case.x).mapv(Complex::from), case.condition, &name);
    }
    println!("equations {}: largest of {} is {:.3}, {}", T::NAME, worst.compared, worst.ratio, worst.case);
    assert!(worst.compared > 20);
}

#[test]
fn equations_agree_with_high_precision_f32() {
    equations_agree::<f32>();
}

#[test]
fn equations_agree_with_high_precision_f64() {
    equations_agree::<f64>();
}
