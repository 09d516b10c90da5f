//! How many clusters a spectrum shows.

use ndarray::ArrayRef1;

/// How many clusters there are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NClusters {
    /// So many, at least 1 and at most as many as there are samples.
    Count(usize),
    /// As many as there are eigenvalues below the largest gap, by [`eigengap`]; at most `max`.
    Eigengap {
        /// The most that there may be. One more eigenvalue is computed.
        max: usize,
    },
}

impl From<usize> for NClusters {
    fn from(count: usize) -> Self {
        NClusters::Count(count)
    }
}

/// The number of eigenvalues (ascending) below the largest gap, the first of them on a tie: the number of clusters that they
/// suggest (von Luxburg, "A tutorial on spectral clustering", Statistics and Computing 17, 2007). 1 for fewer than two.
///
/// It is exact for clusters without affinity to each other, whose number is that of the zeros, and a heuristic otherwise.
///
/// ```
/// use lapwing_ml::cluster::eigengap;
/// assert_eq!(eigengap(&ndarray::array![0.0, 0.001, 0.002, 0.8, 0.9]), 3);
/// ```
pub fn eigengap(eigenvalues: &ArrayRef1<f64>) -> usize {
    let gaps = eigenvalues.iter().zip(eigenvalues.iter().skip(1)).map(|(below, above)| above - below);
    let larger = |best: (usize, f64), (i, gap): (usize, f64)| if gap > best.1 { (i + 1, gap) } else { best };
    gaps.enumerate().fold((1, f64::NEG_INFINITY), larger).0
}
