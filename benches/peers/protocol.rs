//! What the Rust workers share: the JSON lines that `compare` speaks, and the digests of answers.
//!
//! | request                                        | answer                                   |
//! |------------------------------------------------|------------------------------------------|
//! | `{"op": "versions"}`                           | `{"versions": {..}}`                     |
//! | `{"op": "load", "call", "path", "options"}`    | `{}`; reads the input, nothing is timed  |
//! | `{"op": "threads", "count"}`                   | `{}`                                     |
//! | `{"op": "run"}`                                | `{"seconds": ..}`; the call alone        |
//! | `{"op": "digest"}`                             | `{"digest": {name: [numbers]}}`          |
//!
//! As in `python_worker.py`, the previous result is dropped before the clock starts and the new one
//! after it stops, and a digest holds only numbers that do not depend on the signs of vectors.

use std::error::Error;
use std::io::{BufRead, Write};
use std::time::Instant;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use serde_json::{Map, Value, json};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// A library that is compared.
pub(crate) trait Library {
    /// A call and its options.
    type Work;
    /// A result, whole, so that dropping it costs what it costs.
    type Product;

    fn versions() -> Value;
    fn set_threads(count: usize);
    /// The call of this name in `cases.py`.
    fn work(name: &str, options: &Value) -> Outcome<Self::Work>;
    /// Makes of the input what the call takes, such as a sparse matrix of a table of its entries. Not timed.
    fn prepare(_: &mut Self::Work, _: &mut Input) -> Outcome<()> {
        Ok(())
    }
    fn run(work: &Self::Work, input: &Input) -> Outcome<Self::Product>;
    fn digest(product: &Self::Product, input: &Input) -> Outcome<Digest>;
}

/// What a call is given.
#[derive(Default)]
pub(crate) struct Input {
    pub(crate) matrix: Array2<f64>,
    /// [`probe`] of as many entries as the matrix has rows: the right-hand side of systems and fits.
    pub(crate) right_hand_side: Array1<f64>,
}

/// Answers requests until the input ends.
pub(crate) fn serve<L: Library>() -> Outcome<()> {
    let mut worker = Worker::<L> { work: None, input: Input::default(), product: None };
    for line in std::io::stdin().lock().lines() {
        let answer = worker.answer(&line?).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        let mut output = std::io::stdout().lock();
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

struct Worker<L: Library> {
    work: Option<L::Work>,
    input: Input,
    product: Option<L::Product>,
}

impl<L: Library> Worker<L> {
    fn answer(&mut self, line: &str) -> Outcome<Value> {
        let request: Value = serde_json::from_str(line)?;
        match text(&request, "op")? {
            "versions" => Ok(json!({ "versions": L::versions() })),
            "load" => {
                self.product = None;
                let mut work = L::work(text(&request, "call")?, &request["options"])?;
                let matrix: Array2<f64> = ndarray_npy::read_npy(text(&request, "path")?)?;
                self.input = Input { right_hand_side: probe(matrix.nrows()), matrix };
                L::prepare(&mut work, &mut self.input)?;
                self.work = Some(work);
                Ok(json!({}))
            }
            "threads" => {
                L::set_threads(usize::try_from(request["count"].as_u64().ok_or("count is missing")?)?);
                Ok(json!({}))
            }
            "run" => {
                let work = self.work.as_ref().ok_or("nothing is loaded")?;
                self.product = None;
                let start = Instant::now();
                let product = L::run(work, &self.input);
                let seconds = start.elapsed().as_secs_f64();
                self.product = Some(product?);
                Ok(json!({ "seconds": seconds }))
            }
            "digest" => {
                let product = self.product.as_ref().ok_or("nothing has run")?;
                Ok(json!({ "digest": L::digest(product, &self.input)?.0 }))
            }
            other => Err(format!("unknown op {other:?}").into()),
        }
    }
}

fn text<'a>(request: &'a Value, field: &str) -> Outcome<&'a str> {
    request[field].as_str().ok_or_else(|| format!("the field {field:?} is missing").into())
}

/// Numbers that determine whether a result is right, by name; the same that `python_worker.py` reports.
#[derive(Default)]
pub(crate) struct Digest(Map<String, Value>);

impl Digest {
    pub(crate) fn put(mut self, name: &str, numbers: impl IntoIterator<Item = f64>) -> Self {
        self.0.insert(name.to_owned(), numbers.into_iter().collect());
        self
    }

    pub(crate) fn svd(u: ArrayView2<f64>, s: ArrayView1<f64>, vt: ArrayView2<f64>) -> Self {
        Self::default()
            .put("product", u.dot(&(&s * &vt.dot(&probe(vt.ncols())))))
            .put("left", gram_product(u))
            .put("right", gram_product(vt.t()))
            .put("singular_values", s.to_vec())
    }

    pub(crate) fn eigh(w: ArrayView1<f64>, v: ArrayView2<f64>) -> Self {
        Self::default()
            .put("product", v.dot(&(&w * &v.t().dot(&probe(w.len())))))
            .put("vectors", gram_product(v))
            .put("eigenvalues", w.to_vec())
    }

    pub(crate) fn qr(q: ArrayView2<f64>, r: ArrayView2<f64>) -> Self {
        let below = r.indexed_iter().filter(|((row, column), _)| row > column);
        Self::default()
            .put("product", q.dot(&r.dot(&probe(r.ncols()))))
            .put("orthogonal", gram_product(q))
            .put("below_diagonal", [below.map(|(_, value)| value.abs()).sum()])
    }

    pub(crate) fn cholesky(lower: ArrayView2<f64>) -> Self {
        Self::default()
            .put("product", lower.dot(&lower.t().dot(&probe(lower.nrows()))))
            .put("diagonal", lower.diag().to_vec())
    }

    /// `solution` is that of the system whose right-hand side is the input's.
    pub(crate) fn lu(solution: ArrayView1<f64>, log_determinant: f64) -> Self {
        Self::default().put("solution", solution.to_vec()).put("log_determinant", [log_determinant])
    }

    pub(crate) fn least_squares(solution: ArrayView1<f64>) -> Self {
        Self::default().put("solution", solution.to_vec())
    }

    /// Eigenvalues `a + ib` and the vectors `x + iy` that belong to them, in any order and of any length.
    pub(crate) fn eig(
        matrix: ArrayView2<f64>,
        (a, b): (ArrayView1<f64>, ArrayView1<f64>),
        (x, y): (ArrayView2<f64>, ArrayView2<f64>),
    ) -> Self {
        // A (x + iy) - (a + ib) (x + iy), column by column, over the lengths of A and of the vector.
        let real = matrix.dot(&x) - (&x * &a - &y * &b);
        let imaginary = matrix.dot(&y) - (&x * &b + &y * &a);
        let squares = |x: &Array2<f64>, y: &Array2<f64>| (x * x + y * y).sum_axis(Axis(0));
        let norm: f64 = matrix.iter().map(|entry| entry * entry).sum();
        let residual = (squares(&real, &imaginary) / squares(&x.to_owned(), &y.to_owned()) / norm).sqrt();
        let mut order: Vec<usize> = (0..a.len()).collect();
        order.sort_by(|&i, &j| (a[i], b[i]).partial_cmp(&(a[j], b[j])).expect("eigenvalues are numbers"));
        Self::default()
            .put("real_parts", order.iter().map(|&i| a[i]))
            .put("imaginary_parts", order.iter().map(|&i| b[i]))
            .put("one_and_residual", residual + 1.0)
    }
}

/// The vector both sides multiply by: their products with it do not depend on signs.
pub(crate) fn probe(length: usize) -> Array1<f64> {
    Array1::from_shape_fn(length, |index| (index as f64 + 1.0).sin())
}

/// `Qᵀ (Q z)`, which is `z` exactly when the columns of `Q` are orthonormal.
fn gram_product(columns: ArrayView2<'_, f64>) -> Array1<f64> {
    columns.t().dot(&columns.dot(&probe(columns.ncols())))
}
