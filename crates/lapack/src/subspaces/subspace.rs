//! One subspace, and how it lies to vectors and to other subspaces.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef2, ArrayView2, Axis, s};

use crate::error::Error;
use crate::finite::{require_finite, require_finite_result};
use crate::gram_schmidt::{balance_columns, symmetric_product, take_out};
use crate::layout::{column_major, zeros};
use crate::norms::two_norm;
use crate::products::{matmul, same};
use crate::qr::Qr;
use crate::rank::{Tolerance, decide, invalid};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::svd::Svd;

/// A subspace of the vectors of m entries, kept as an orthonormal basis.
///
/// ```
/// use lapwing_lapack::rank::Tolerance;
/// use lapwing_lapack::subspaces::{Distance, Subspace};
/// use ndarray::array;
/// let plane = Subspace::range(&array![[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]], Tolerance::Standard)?;
/// assert_eq!(plane.dimension(), 2);
/// assert!(plane.contains(&array![3.0, -4.0, 0.0], 1e-14)?);
/// let axis = plane.complement()?;
/// assert!((plane.distance(&axis, Distance::Gap)? - 1.0f64).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Subspace<T: Scalar> {
    /// m x dimension, orthonormal columns.
    basis: Array2<T>,
}

/// How the principal angles θ between two subspaces make one number.
///
/// A dimension that one subspace has and the other lacks counts as a right angle (K. Ye and L.-H. Lim, "Schubert
/// varieties and distances between subspaces of different dimensions", SIAM J. Matrix Anal. Appl. 37, 2016).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Distance {
    /// The largest `sin θ`: the 2-norm of the difference of the projectors, between 0 and 1.
    #[default]
    Gap,
    /// `√Σ sin² θ`: for subspaces of one dimension, the Frobenius norm of that difference over √2.
    Chordal,
    /// `√Σ θ²`: the length of the shortest way from one to the other on the Grassmann manifold.
    Geodesic,
}

impl<T: Scalar> Subspace<T> {
    /// The span of the columns of `a` (m x n).
    ///
    /// # Errors
    /// As [`orthonormal_basis`](crate::subspaces::orthonormal_basis).
    pub fn range(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<Self, Error> {
        tolerance.validate()?;
        let svd = Svd::thin(a)?;
        let rank = svd.rank(tolerance)?;
        let (u, ..) = svd.into_factors();
        Ok(Self { basis: u.slice_move(s![.., ..rank]) })
    }

    /// The solutions of `a x = 0`, for `a` (m x n): a subspace of the vectors of n entries.
    ///
    /// # Errors
    /// As [`null_space`](crate::subspaces::null_space).
    pub fn null(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<Self, Error> {
        tolerance.validate()?;
        let (m, n) = a.dim();
        let svd = if m < n {
            Svd::full(a)?
        } else if m < 2 * n {
            Svd::thin(a)?
        } else {
            // Q changes neither the null space nor the singular values, and U would be m x n for nothing.
            Svd::thin(&Qr::new(a)?.r())?
        };
        let (rank, _) = decide((m, n), &svd.singular_values(), tolerance)?;
        let (_, _, vt) = svd.into_factors();
        Ok(Self { basis: vt.slice_move(s![rank.., ..]).reversed_axes() })
    }

    /// The number of its dimensions.
    pub fn dimension(&self) -> usize {
        self.basis.ncols()
    }

    /// The number of dimensions of the space around it, m.
    pub fn ambient_dimension(&self) -> usize {
        self.basis.nrows()
    }

    /// An orthonormal basis in columns, m x dimension.
    pub fn basis(&self) -> ArrayView2<'_, T> {
        self.basis.view()
    }

    /// The basis, without a copy.
    pub fn into_basis(self) -> Array2<T> {
        self.basis
    }

    /// All that is orthogonal to it, of dimension m − dimension.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::TooLarge`].
    pub fn complement(&self) -> Result<Self, Error> {
        let q = Qr::new(&self.basis)?.q_full()?;
        Ok(Self { basis: q.slice_move(s![.., self.dimension()..]) })
    }

    /// The orthogonal projector onto it, m x m and exactly symmetric. To project, [`project`](Self::project)
    /// needs no such matrix.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn projector(&self) -> Result<Array2<T>, Error> {
        let m = self.ambient_dimension();
        let mut projector = zeros(m, m)?;
        symmetric_product(&self.basis, &mut projector)?;
        Ok(projector)
    }

    /// The orthogonal projector onto its complement, the identity less [`projector`](Self::projector).
    ///
    /// # Errors
    /// As [`projector`](Self::projector).
    pub fn complement_projector(&self) -> Result<Array2<T>, Error> {
        let mut projector = self.projector()?;
        projector.mapv_inplace(|x| -x);
        projector.diag_mut().mapv_inplace(|x| x + T::one());
        Ok(projector)
    }

    /// The point of the subspace that is nearest to `x` (m entries), or to each column of `x`; what is left,
    /// `x` less that, lies in the complement.
    ///
    /// # Errors
    /// [`Error::Shape`] when `x` has not m rows; [`Error::NonFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn project<D: RightHandSide>(&self, x: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let x = D::as_columns(x);
        self.require_point("x", &x)?;
        let nearest = matmul(&self.basis, &matmul(&self.basis.t(), &x)?)?;
        require_finite_result("gemm", nearest.as_slice_memory_order().expect("a new matrix is packed"))?;
        Ok(D::from_columns(nearest))
    }

    /// Whether `x` (m entries), or each column of `x`, is the sum of a point of the subspace and a rest of at most
    /// `tolerance` times its own norm: the sine of the angle to the subspace. Zero is contained.
    ///
    /// A vector that was computed from the matrix behind the subspace is contained to within a few m ε times the
    /// ratio of the largest singular value to the last that counted.
    ///
    /// # Errors
    /// As [`project`](Self::project); [`Error::InvalidParameter`] for a tolerance that is negative or not finite.
    pub fn contains<D: RightHandSide>(&self, x: &ArrayRef<T, D>, tolerance: f64) -> Result<bool, Error> {
        require_tolerance(tolerance)?;
        let x = D::as_columns(x);
        self.require_point("x", &x)?;
        let mut points = column_major(&x)?;
        balance_columns(&mut points);
        let norms: Vec<f64> = points.axis_iter(Axis(1)).map(two_norm).collect();
        take_out(&self.basis, &mut points)?;
        let mut rests = points.axis_iter(Axis(1)).map(two_norm);
        Ok(norms.iter().all(|norm| rests.next().is_some_and(|rest| rest <= tolerance * norm)))
    }

    /// Whether every vector of `other` lies in this subspace up to an angle whose sine is at most `tolerance`.
    ///
    /// # Errors
    /// [`Error::Shape`] when the spaces around the two differ; [`Error::InvalidParameter`] for a tolerance that is
    /// negative or not finite; [`Error::OutOfMemory`], [`Error::NoConvergence`].
    pub fn contains_subspace(&self, other: &Self, tolerance: f64) -> Result<bool, Error> {
        require_tolerance(tolerance)?;
        self.require_same_space(other)?;
        if other.dimension() > self.dimension() {
            return Ok(false);
        }
        let mut rests = column_major(&other.basis)?;
        take_out(&self.basis, &mut rests)?;
        let sines = Svd::values(&rests)?.values;
        Ok(sines.first().is_none_or(|largest| largest.as_f64() <= tolerance))
    }

    /// Whether the two are one subspace up to angles whose sines are at most `tolerance`.
    ///
    /// # Errors
    /// As [`contains_subspace`](Self::contains_subspace).
    pub fn coincides_with(&self, other: &Self, tolerance: f64) -> Result<bool, Error> {
        Ok(self.contains_subspace(other, tolerance)? && self.dimension() == other.dimension())
    }

    /// The principal angles to `other`, in radians between 0 and π/2, largest first: as many as the smaller of the
    /// two has dimensions.
    ///
    /// Each is taken from its sine and its cosine together, since the one is exact for small angles and the other
    /// for large ones: the error is a few ε whatever the angle (A. Knyazev and M. Argentati, "Principal
    /// angles between subspaces in an A-based scalar product", SIAM J. Sci. Comput. 23, 2002).
    ///
    /// # Errors
    /// [`Error::Shape`] when the spaces around the two differ; [`Error::OutOfMemory`], [`Error::NoConvergence`].
    pub fn angles(&self, other: &Self) -> Result<Array1<T>, Error> {
        self.require_same_space(other)?;
        let (large, small) = if self.dimension() < other.dimension() { (other, self) } else { (self, other) };
        let mut rests = column_major(&small.basis)?;
        let cosines = Svd::values(&take_out(&large.basis, &mut rests)?)?.values;
        let sines = Svd::values(&rests)?.values;
        // The largest sine belongs to the smallest cosine.
        Ok(sines.iter().zip(cosines.iter().rev()).map(|(sine, &cosine)| sine.atan2(cosine)).collect())
    }

    /// How far apart this subspace and `other` are; 0 when they are the same.
    ///
    /// # Errors
    /// As [`angles`](Self::angles).
    pub fn distance(&self, other: &Self, distance: Distance) -> Result<T, Error> {
        let right_angle = T::from_f64(std::f64::consts::FRAC_PI_2);
        let missing = self.dimension().abs_diff(other.dimension());
        let mut angles = self.angles(other)?.to_vec();
        angles.extend(std::iter::repeat_n(right_angle, missing));
        Ok(match distance {
            Distance::Gap => angles.iter().fold(T::zero(), |largest, angle| largest.max(angle.sin())),
            Distance::Chordal => angles.iter().map(|angle| angle.sin().powi(2)).sum::<T>().sqrt(),
            Distance::Geodesic => angles.iter().map(|angle| angle.powi(2)).sum::<T>().sqrt(),
        })
    }

    fn require_point(&self, argument: &'static str, x: &ArrayView2<T>) -> Result<(), Error> {
        let reason = "the dimension of the space around the subspace";
        same(argument, "rows", x.nrows(), self.ambient_dimension(), reason)?;
        require_finite(argument, x)
    }

    fn require_same_space(&self, other: &Self) -> Result<(), Error> {
        let reason = "both must lie in one space";
        same("other", "rows", other.ambient_dimension(), self.ambient_dimension(), reason)
    }
}

fn require_tolerance(tolerance: f64) -> Result<(), Error> {
    if (0.0..f64::INFINITY).contains(&tolerance) {
        Ok(())
    } else {
        Err(invalid("tolerance", tolerance, "finite and at least 0"))
    }
}
