//! A Krylov space holds one vector of each eigenspace; what is done about the others.

/// What is done about eigenvalues that are multiple, or that the start happens to miss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Multiplicity {
    /// When all pairs have converged, another random vector is taken, orthogonal to them, and the best eigenvalue that
    /// its Krylov space finds must turn out to be worse than those returned, by an error bound of a thousandth of the
    /// difference, or converge itself; where it is better, it replaces the worst, and the search goes on. A copy of an
    /// eigenvalue escapes only when the random vector happens to be a thousand times poorer in it than in its
    /// neighbours, in less than one of a thousand cases. The default.
    #[default]
    Searched,
    /// Nothing, as in ARPACK: copies are found as rounding errors bring them in, and may be missing. Costs less by about
    /// the time to find one further eigenvalue to a few digits.
    AsFound,
}
