//! Products of powers of the features, for linear models of what is not linear.

use lapwing_lapack::{Error as LapackError, Scalar, require_finite, threads, zeros};
use ndarray::{Array2, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, s};

use crate::error::Error;
use crate::row_blocks::partition;
use crate::stored::{Format, StoredError};

/// Which products of features are terms. scikit-learn's `interaction_only`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    /// All up to the degree: 1, a, b, a², ab, b².
    #[default]
    All,
    /// Those of distinct features: 1, a, b, ab.
    Interactions,
}

/// Whether the first term is 1. scikit-learn's `include_bias`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bias {
    /// It is, for models without an intercept.
    #[default]
    Included,
    /// It is not, for models with one.
    Excluded,
}

/// The terms of a polynomial of p features, in scikit-learn's order: by degree, and then by the features that are
/// multiplied.
///
/// ```
/// use lapwing_ml::PolynomialFeatures;
/// use ndarray::array;
/// let polynomial = PolynomialFeatures::params().degree(2).of_features(2)?;
/// // 1, a, b, a², ab, b².
/// assert_eq!(polynomial.transform(&array![[2.0, 3.0]])?, array![[1.0, 2.0, 3.0, 4.0, 6.0, 9.0]]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// Each term is one multiplication: an earlier term times a feature. It serializes with serde, under a format name and
/// version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct PolynomialFeatures {
    params: PolynomialFeaturesParams,
    n_features: usize,
    /// The products after the constant: which one before it, counted with the constant as 0, times which feature.
    products: Vec<(usize, usize)>,
}

/// The choices of polynomial features. Made by [`PolynomialFeatures::params`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PolynomialFeaturesParams {
    degree: usize,
    terms: Terms,
    bias: Bias,
}

impl PolynomialFeaturesParams {
    /// The largest number of features in a product, counted with repetition. Default: 2.
    pub fn degree(mut self, degree: usize) -> Self {
        self.degree = degree;
        self
    }

    /// Which products are terms. Default: [`Terms::All`].
    pub fn terms(mut self, terms: Terms) -> Self {
        self.terms = terms;
        self
    }

    /// Whether the first term is 1. Default: [`Bias::Included`].
    pub fn bias(mut self, bias: Bias) -> Self {
        self.bias = bias;
        self
    }

    /// The polynomial of `n_features` features.
    ///
    /// # Errors
    /// [`Error::NoFeatures`]; [`Error::InvalidParameter`] for degree 0 without bias, which has no terms; [`Error::Lapack`]
    /// with `TooLarge`, which names the number of terms, or `OutOfMemory`.
    pub fn of_features(&self, n_features: usize) -> Result<PolynomialFeatures, Error> {
        if n_features == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        if self.degree == 0 && self.bias == Bias::Excluded {
            return Err(Error::InvalidParameter {
                parameter: "degree",
                value: "0".to_owned(),
                requirement: "at least 1 where the bias is excluded".to_owned(),
            });
        }
        let count = self.count_products(n_features)?;
        let mut products: Vec<(usize, usize)> = Vec::new();
        products.try_reserve_exact(count).map_err(|_| out_of_memory::<(usize, usize)>(count))?;
        // The products of one degree, each multiplied by every feature from its own last one on, are those of the next.
        let mut degree_before = 0..1;
        for _ in 0..self.degree.min(count) {
            let start = products.len() + 1;
            for term in degree_before {
                let last_feature = if term == 0 { None } else { Some(products[term - 1].1) };
                let first = match self.terms {
                    Terms::All => last_feature.unwrap_or(0),
                    Terms::Interactions => last_feature.map_or(0, |feature| feature + 1),
                };
                products.extend((first..n_features).map(|feature| (term, feature)));
            }
            degree_before = start..products.len() + 1;
        }
        Ok(PolynomialFeatures { params: *self, n_features, products })
    }

    /// How many terms there are beside the constant: C(p + d, d) − 1, or Σ C(p, i) over the degrees i.
    fn count_products(&self, n_features: usize) -> Result<usize, Error> {
        let (p, d) = (n_features as u128, self.degree as u128);
        let count = match self.terms {
            Terms::All => {
                let (larger, smaller) = (p.max(d), p.min(d));
                // C(larger + i, i), from i to i + 1; it at least doubles while i is below `larger`.
                let counts = (1..=smaller).scan(1u128, |count, i| {
                    *count = (*count * (larger + i)) / i;
                    Some(*count)
                });
                up_to_limit(counts).map_or(0, |count| count - 1)
            }
            Terms::Interactions => {
                let counts = (1..=d.min(p)).scan((1u128, 0u128), |(of_degree, count), i| {
                    *of_degree = *of_degree * (p + 1 - i) / i;
                    *count += *of_degree;
                    Some(*count)
                });
                up_to_limit(counts).unwrap_or(0)
            }
        };
        if count <= LIMIT {
            return Ok(count as usize);
        }
        let what = "the number of terms of the polynomial, or of a part of them,";
        Err(LapackError::TooLarge { what, value: count, limit: LIMIT as u64 }.into())
    }
}

/// More columns than this are no matrix for LAPACK.
const LIMIT: u128 = i32::MAX as u128;

/// The last of the increasing `counts`, or the first that passes the limit: no product of it with a size overflows.
fn up_to_limit(counts: impl Iterator<Item = u128>) -> Option<u128> {
    let mut last = None;
    for count in counts {
        last = Some(count);
        if count > LIMIT {
            break;
        }
    }
    last
}

impl PolynomialFeatures {
    /// The choices, to change before they meet a number of features.
    pub fn params() -> PolynomialFeaturesParams {
        PolynomialFeaturesParams { degree: 2, terms: Terms::All, bias: Bias::Included }
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    /// The number of terms.
    pub fn n_output_features(&self) -> usize {
        self.products.len() + self.constants()
    }

    /// The power of each feature in each term, n_output_features x p.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `OutOfMemory`.
    pub fn powers(&self) -> Result<Array2<usize>, Error> {
        let (rows, cols) = (self.n_output_features(), self.n_features);
        let mut entries: Vec<usize> = Vec::new();
        entries.try_reserve_exact(rows * cols).map_err(|_| out_of_memory::<usize>(rows * cols))?;
        entries.resize(rows * cols, 0);
        let mut powers =
            Array2::from_shape_vec((rows, cols), entries).map_err(|_| out_of_memory::<usize>(rows * cols))?;
        for (product, &(before, feature)) in self.products.iter().enumerate() {
            let row = product + self.constants();
            // The constant, and only it, may not have a row; its powers are zero.
            if before > 0 {
                let (above, mut below) = powers.view_mut().split_at(Axis(0), row);
                below.row_mut(0).assign(&above.row(before + self.constants() - 1));
            }
            powers[[row, feature]] += 1;
        }
        Ok(powers)
    }

    /// The terms (n x n_output_features) of the rows of `x` (n x p).
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `OutOfMemory`, or `Overflow` when a product is out of
    /// range.
    pub fn transform<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let (found, expected) = (x.ncols(), self.n_features);
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        require_finite("x", x)?;
        let mut out = zeros(x.nrows(), self.n_output_features())?;
        let mut parts = Vec::new();
        let mut rest = out.view_mut();
        for range in partition(x.nrows(), self.n_output_features(), 1) {
            let (part, after) = rest.split_at(Axis(0), range.len());
            parts.push((x.slice(s![range, ..]), part));
            rest = after;
        }
        threads::map(parts, |(x, out)| self.multiply(x, out));
        let overflow = |_| LapackError::Overflow { routine: "a product of features", scalar: T::NAME };
        require_finite("the terms", &out).map_err(overflow)?;
        Ok(out)
    }

    fn multiply<T: Scalar>(&self, x: ArrayView2<T>, mut out: ArrayViewMut2<T>) {
        let constants = self.constants();
        for (x, mut terms) in x.outer_iter().zip(out.outer_iter_mut()) {
            terms.slice_mut(s![..constants]).fill(T::one());
            for (product, &(before, feature)) in self.products.iter().enumerate() {
                let before = if before == 0 { T::one() } else { terms[before + constants - 1] };
                terms[product + constants] = before * x[feature];
            }
        }
    }

    /// How many terms come before the products: the constant, or none.
    fn constants(&self) -> usize {
        usize::from(self.params.bias == Bias::Included)
    }
}

fn out_of_memory<E>(entries: usize) -> LapackError {
    LapackError::OutOfMemory { bytes: entries as u128 * size_of::<E>() as u128 }
}

const FORMAT: Format =
    Format { model: "polynomial features", name: "lapwing.polynomial_features", version: 1 };

/// The stored form: the choices, from which the terms follow.
#[derive(serde::Serialize, serde::Deserialize)]
struct Stored {
    format: String,
    version: u32,
    n_features: usize,
    #[serde(flatten)]
    params: PolynomialFeaturesParams,
}

impl From<PolynomialFeatures> for Stored {
    fn from(model: PolynomialFeatures) -> Self {
        let (n_features, params) = (model.n_features, model.params);
        Self { format: FORMAT.name.to_owned(), version: FORMAT.version, n_features, params }
    }
}

impl TryFrom<Stored> for PolynomialFeatures {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let terms = stored.params.of_features(stored.n_features);
        terms.map_err(|_| {
            StoredError::Inconsistent("a polynomial of these features and this degree cannot be")
        })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn terms_come_by_degree_and_then_by_feature() {
        let all = PolynomialFeatures::params().degree(3).of_features(2).unwrap();
        let powers = array![[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2], [3, 0], [2, 1], [1, 2], [0, 3]];
        assert_eq!(all.powers().unwrap(), powers);
        let interactions =
            PolynomialFeatures::params().degree(9).terms(Terms::Interactions).bias(Bias::Excluded);
        let interactions = interactions.of_features(3).unwrap();
        assert_eq!(
            interactions.powers().unwrap(),
            array![[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1]]
        );
    }

    /// Products of small integers are exact, in any order.
    #[test]
    fn terms_are_the_products_of_their_powers_in_every_layout() {
        let x = Array2::from_shape_fn((7, 6), |(i, j)| ((i * 5 + j * 3) % 7) as f64 - 3.0);
        let x = x.slice(s![..;-1, ..;2]);
        let column_major = x.t().as_standard_layout().into_owned().reversed_axes();
        for (terms, bias) in [(Terms::All, Bias::Included), (Terms::Interactions, Bias::Excluded)] {
            let params = PolynomialFeatures::params().degree(3).terms(terms).bias(bias);
            let polynomial = params.of_features(3).unwrap();
            let powers = polynomial.powers().unwrap();
            let expected = Array2::from_shape_fn((7, polynomial.n_output_features()), |(i, t)| {
                (0..3).map(|j| x[[i, j]].powi(powers[[t, j]] as i32)).product::<f64>()
            });
            assert_eq!(polynomial.transform(&x).unwrap(), expected);
            assert_eq!(polynomial.transform(&column_major).unwrap(), expected);
            assert_eq!(polynomial.transform(&x.mapv(|x| x as f32)).unwrap(), expected.mapv(|x| x as f32));
        }
    }

    #[test]
    fn too_many_terms_are_counted_and_not_made() {
        let params = PolynomialFeatures::params();
        // C(1000 + 4, 4) − 1 terms beside the constant.
        let count: u128 = 1004 * 1003 * 1002 * 1001 / 24 - 1;
        let error = params.degree(4).of_features(1000).err();
        assert!(matches!(error, Some(Error::Lapack(LapackError::TooLarge { value, .. })) if value == count));
        for (degree, features) in [(usize::MAX, usize::MAX), (40, usize::MAX), (usize::MAX, 1)] {
            let error = params.degree(degree).of_features(features).err();
            assert!(matches!(error, Some(Error::Lapack(LapackError::TooLarge { .. }))));
        }
        let few = params.degree(usize::MAX).terms(Terms::Interactions).of_features(4).unwrap();
        assert_eq!(few.n_output_features(), 16);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let params = PolynomialFeatures::params();
        assert_eq!(params.of_features(0), Err(Error::NoFeatures { argument: "x" }));
        let without = params.degree(0).bias(Bias::Excluded).of_features(2);
        assert!(matches!(without, Err(Error::InvalidParameter { parameter: "degree", .. })));
        let constant = params.degree(0).of_features(2).unwrap();
        assert_eq!(constant.transform(&array![[5.0, 6.0]]).unwrap(), array![[1.0]]);
        let polynomial = params.of_features(1).unwrap();
        assert_eq!(polynomial.transform(&Array2::<f64>::zeros((0, 1))).unwrap().dim(), (0, 3));
        assert!(matches!(
            polynomial.transform(&array![[1e300]]),
            Err(Error::Lapack(LapackError::Overflow { .. }))
        ));
        assert!(matches!(
            polynomial.transform(&array![[1.0, 2.0]]),
            Err(Error::FeatureMismatch { found: 2, expected: 1, .. })
        ));
        assert!(polynomial.transform(&array![[f64::NAN]]).is_err());
    }

    #[test]
    fn a_stored_polynomial_is_the_same_and_a_damaged_one_is_refused() {
        let polynomial = PolynomialFeatures::params().degree(3).of_features(2).unwrap();
        let text = serde_json::to_string(&polynomial).unwrap();
        assert_eq!(serde_json::from_str::<PolynomialFeatures>(&text).unwrap(), polynomial);
        for (intact, damaged) in [
            ("polynomial_features", "pca"),
            ("\"version\":1", "\"version\":9"),
            ("\"n_features\":2", "\"n_features\":0"),
        ] {
            let changed = text.replace(intact, damaged);
            assert_ne!(changed, text);
            assert!(serde_json::from_str::<PolynomialFeatures>(&changed).is_err());
        }
    }
}
