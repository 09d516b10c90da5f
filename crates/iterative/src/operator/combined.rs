//! Operators made of operators.

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef2;

use super::{LinearOperator, require_product_shape};

/// `Aᵀ`.
#[derive(Clone, Copy, Debug)]
pub struct Transposed<A>(pub A);

impl<T: Scalar, A: LinearOperator<T>> LinearOperator<T> for Transposed<A> {
    fn dimensions(&self) -> (usize, usize) {
        let (rows, cols) = self.0.dimensions();
        (cols, rows)
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.0.apply_transposed_into(x, result)
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.0.apply_into(y, result)
    }
}

/// `A + B`.
#[derive(Clone, Copy, Debug)]
pub struct Sum<A, B>(A, B);

impl<A, B> Sum<A, B> {
    /// The sum of two operators of the same dimensions.
    ///
    /// # Errors
    /// [`Error::Shape`] when they differ.
    pub fn new<T: Scalar>(a: A, b: B) -> Result<Self, Error>
    where
        A: LinearOperator<T>,
        B: LinearOperator<T>,
    {
        let ((m, n), (rows, cols)) = (a.dimensions(), b.dimensions());
        for (extent, expected, found) in [("rows", m, rows), ("columns", n, cols)] {
            if found != expected {
                return Err(Error::Shape { argument: "b", extent, found, expected, reason: "as many as a" });
            }
        }
        Ok(Self(a, b))
    }
}

impl<T: Scalar, A: LinearOperator<T>, B: LinearOperator<T>> LinearOperator<T> for Sum<A, B> {
    fn dimensions(&self) -> (usize, usize) {
        self.0.dimensions()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.0.apply_into(x, result)?;
        *result += &*self.1.apply(x)?;
        Ok(())
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.0.apply_transposed_into(y, result)?;
        *result += &*self.1.apply_transposed(y)?;
        Ok(())
    }
}

/// `A B`.
#[derive(Clone, Copy, Debug)]
pub struct Composed<A, B>(A, B);

impl<A, B> Composed<A, B> {
    /// The product of two operators, `b` first.
    ///
    /// # Errors
    /// [`Error::Shape`] when `b` has not as many rows as `a` has columns.
    pub fn new<T: Scalar>(a: A, b: B) -> Result<Self, Error>
    where
        A: LinearOperator<T>,
        B: LinearOperator<T>,
    {
        let (expected, found) = (a.dimensions().1, b.dimensions().0);
        if found != expected {
            let reason = "as many as a has columns";
            return Err(Error::Shape { argument: "b", extent: "rows", found, expected, reason });
        }
        Ok(Self(a, b))
    }
}

impl<T: Scalar, A: LinearOperator<T>, B: LinearOperator<T>> LinearOperator<T> for Composed<A, B> {
    fn dimensions(&self) -> (usize, usize) {
        (self.0.dimensions().0, self.1.dimensions().1)
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.0.apply_into(&self.1.apply(x)?, result)
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.1.apply_transposed_into(&self.0.apply_transposed(y)?, result)
    }
}

/// `c A + σ I`, for square `A`.
#[derive(Clone, Copy, Debug)]
pub struct Shifted<T, A> {
    operator: A,
    scale: T,
    shift: T,
}

impl<T: Scalar, A: LinearOperator<T>> Shifted<T, A> {
    /// `scale` times `operator` plus `shift` times the identity.
    ///
    /// # Errors
    /// [`Error::NotSquare`].
    pub fn new(operator: A, scale: T, shift: T) -> Result<Self, Error> {
        let (rows, cols) = operator.dimensions();
        if rows == cols {
            Ok(Self { operator, scale, shift })
        } else {
            Err(Error::NotSquare { argument: "operator", rows, cols })
        }
    }

    fn combine(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) {
        result.zip_mut_with(x, |entry, &x| *entry = self.scale * *entry + self.shift * x);
    }
}

impl<T: Scalar, A: LinearOperator<T>> LinearOperator<T> for Shifted<T, A> {
    fn dimensions(&self) -> (usize, usize) {
        self.operator.dimensions()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        require_product_shape(self.dimensions(), x, result)?;
        self.operator.apply_into(x, result)?;
        self.combine(x, result);
        Ok(())
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        require_product_shape(self.dimensions(), y, result)?;
        self.operator.apply_transposed_into(y, result)?;
        self.combine(y, result);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    fn matrix(rows: usize, cols: usize, seed: usize) -> Array2<f64> {
        Array2::from_shape_fn((rows, cols), |(i, j)| ((i * 7 + j * 5 + seed) % 13) as f64 - 6.0)
    }

    /// Small integers make every product exact.
    fn assert_stands_for(operator: &impl LinearOperator<f64>, explicit: &Array2<f64>) {
        assert_eq!(operator.dimensions(), explicit.dim());
        let (x, y) = (matrix(explicit.ncols(), 3, 1), matrix(explicit.nrows(), 2, 2));
        assert_eq!(operator.apply(&x).unwrap(), explicit.dot(&x));
        assert_eq!(operator.apply_transposed(&y).unwrap(), explicit.t().dot(&y));
        assert!(matches!(operator.apply(&matrix(17, 1, 0)), Err(Error::Shape { .. })));
    }

    #[test]
    fn products_are_those_of_the_matrix_they_stand_for() {
        let (a, b, c) = (matrix(5, 4, 3), matrix(4, 6, 4), matrix(5, 4, 5));
        let square = matrix(4, 4, 6);
        assert_stands_for(&Transposed(&*a), &a.t().to_owned());
        assert_stands_for(&Sum::new(&*a, &*c).unwrap(), &(&a + &c));
        assert_stands_for(&Composed::new(&*a, &*b).unwrap(), &a.dot(&b));
        let shifted = Shifted::new(&*square, -2.0, 3.0).unwrap();
        assert_stands_for(&shifted, &(&square * -2.0 + Array2::<f64>::eye(4) * 3.0));
        let twice = Composed::new(Transposed(&*a), Sum::new(&*a, &*c).unwrap()).unwrap();
        assert_stands_for(&twice, &a.t().dot(&(&a + &c)));
    }

    #[test]
    fn operators_that_do_not_fit_are_refused() {
        let (a, b) = (matrix(5, 4, 0), matrix(5, 3, 0));
        assert!(matches!(Sum::new(&*a, &*b), Err(Error::Shape { argument: "b", extent: "columns", .. })));
        assert!(matches!(Composed::new(&*a, &*b), Err(Error::Shape { argument: "b", extent: "rows", .. })));
        assert!(matches!(Shifted::new(&*a, 1.0, 1.0), Err(Error::NotSquare { rows: 5, cols: 4, .. })));
        assert!(Shifted::new(&*array![[1.0f32]], 1.0, 1.0).is_ok());
    }
}
