/* The part of lapwing.hpp that has the iterative methods: linear systems, least squares, a few eigenpairs or singular triplets
 * of matrices that are large and sparse, or known by their products. Included by it, before what stands on it.
 *
 *   lapwing::ConstSparseView<double> a(values, columns, row_starts, cols);
 *   auto solution = lapwing::gmres(a, b, lapwing::Preconditioner::incomplete_lu);
 *   auto lowest = lapwing::partial_eigh(a, 3, lapwing::Extreme::smallest);
 */
#ifndef LAPWING_HPP
#include "lapwing.hpp"
#elif !defined(LAPWING_ITERATIONS_HPP)
#define LAPWING_ITERATIONS_HPP

namespace lapwing {

/** The options of an iterative method; see lapwing_iteration_options. */
struct IterationOptions {
    /** Zero for the default of the method, as with all numbers here. */
    double tolerance = 0.0;
    std::int64_t max_iterations = 0;
    std::int64_t subspace = 0;
    std::uint64_t seed = 0;
    double absolute_tolerance = 0.0;
    double omega = 0.0;
    /** Called after every iteration with their number and the residual; false ends the call with
     *  LAPWING_ERR_CANCELLED. What it throws ends the call as well, and reaches its caller. */
    std::function<bool(std::int64_t, double)> progress = nullptr;
    /** Numbers again, of which zero is the default: later ones come last. */
    std::int64_t restart = 0;
    std::int64_t block = 0;
    double damping = 0.0;
    double right_hand_side_tolerance = 0.0;
    double condition_limit = 0.0;
};

/** The options of a randomized eigendecomposition; see lapwing_randomized_options. Zero for the defaults. */
struct RandomizedOptions {
    std::int64_t oversampling = 0;
    std::int64_t power_iterations = 0;
    std::uint64_t seed = 0;
};

/** Which eigenvalues of a symmetric matrix. */
enum class Extreme : std::int32_t {
    largest = LAPWING_LARGEST,
    smallest = LAPWING_SMALLEST,
    both_ends = LAPWING_BOTH_ENDS,
    largest_magnitude = LAPWING_LARGEST_MAGNITUDE,
};

/** Which eigenvalues of a general matrix. */
enum class ComplexExtreme : std::int32_t {
    largest_magnitude = LAPWING_LARGEST_MAGNITUDE,
    largest_real = LAPWING_LARGEST_REAL,
    smallest_real = LAPWING_SMALLEST_REAL,
    largest_imaginary = LAPWING_LARGEST_IMAGINARY,
};

/** What a sparse system is multiplied by to make it easier. */
enum class Preconditioner : std::int32_t {
    none = LAPWING_PRECONDITIONER_NONE,
    jacobi = LAPWING_PRECONDITIONER_JACOBI,
    ssor = LAPWING_PRECONDITIONER_SSOR,
    incomplete_cholesky = LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY,
    incomplete_lu = LAPWING_PRECONDITIONER_INCOMPLETE_LU,
};

/** The k largest singular triplets of a: u is m x k, s has k entries by decreasing size, vt is k x n; residuals bound how
 *  far each value is from one of a. */
template <class T>
struct PartialSvd {
    Matrix<T> u;
    std::vector<T> s;
    Matrix<T> vt;
    std::vector<T> residuals;
};

/** k eigenpairs of a symmetric matrix: w ascending unless the function says otherwise, eigenvectors in the columns of v
 *  (n x k), and the 2-norms of a * v - v * diag(w), or of what else the function says. */
template <class T>
struct PartialEigh {
    std::vector<T> w;
    Matrix<T> v;
    std::vector<T> residuals;
};

/** k eigenpairs of a general matrix, the one farthest out or nearest first, with eigenvectors of 2-norm 1 in the columns of v
 *  (n x k), and the 2-norms of a * v - v * diag(w). Conjugate ones are neighbours; where the last one stands alone, its
 *  conjugate is an eigenvalue too. */
template <class T>
struct PartialEig {
    std::vector<std::complex<T>> w;
    Matrix<std::complex<T>> v;
    std::vector<T> residuals;
};

/** The solution of a linear system, how many iterations led to it, and the 2-norm of b - a * x relative to that of b. */
template <class T>
struct Solution {
    std::vector<T> x;
    std::int64_t iterations = 0;
    double residual = 0.0;
};

/** A solution by least squares, how many iterations led to it, the 2-norms of r = b - a * x and of transpose(a) * r, and an
 *  estimate of the condition number of a. */
template <class T>
struct LeastSquaresSolution {
    std::vector<T> x;
    std::int64_t iterations = 0;
    double residual = 0.0, normal_residual = 0.0, condition = 0.0;
};

namespace detail {

/** What callbacks throw, on its way past the C functions between them and the caller. */
class Passage {
public:
    /** Runs a callback; 1, which stops the call, when it throws. */
    template <class Callback>
    std::int32_t carry(Callback callback) noexcept {
        try {
            return callback();
        } catch (...) {
            thrown_ = std::current_exception();
            return 1;
        }
    }
    /** Throws what a callback threw, or else what the status says. */
    void check(lapwing_status status) const {
        if (thrown_) std::rethrow_exception(thrown_);
        detail::check(status);
    }

private:
    std::exception_ptr thrown_;
};

/** The options for the C functions, for as long as this lives. */
class PlainOptions {
public:
    PlainOptions(const IterationOptions &options, Passage &passage) : options_(options), passage_(passage) {
        plain_.struct_size = sizeof plain_;
        plain_.tolerance = options.tolerance;
        plain_.max_iterations = options.max_iterations;
        plain_.subspace = options.subspace;
        plain_.seed = options.seed;
        plain_.absolute_tolerance = options.absolute_tolerance;
        plain_.omega = options.omega;
        plain_.restart = options.restart;
        plain_.block = options.block;
        plain_.damping = options.damping;
        plain_.right_hand_side_tolerance = options.right_hand_side_tolerance;
        plain_.condition_limit = options.condition_limit;
        if (!options.progress) return;
        plain_.user = this;
        plain_.progress = [](void *user, std::int64_t iterations, double residual) -> std::int32_t {
            auto &self = *static_cast<PlainOptions *>(user);
            return self.passage_.carry([&] { return self.options_.progress(iterations, residual) ? 0 : 1; });
        };
    }
    PlainOptions(const PlainOptions &) = delete;
    PlainOptions &operator=(const PlainOptions &) = delete;

    const lapwing_iteration_options *get() const noexcept { return &plain_; }

private:
    const IterationOptions &options_;
    Passage &passage_;
    lapwing_iteration_options plain_{};
};

/** An operator for the C functions, for as long as this lives. */
template <class T>
class PlainOperator {
public:
    PlainOperator(const Operator<T> &a, Passage &passage) : a_(a), passage_(passage) {
        plain_.rows = a.rows;
        plain_.cols = a.cols;
        plain_.user = this;
        if (a.multiply) plain_.multiply = call<&Operator<T>::multiply>;
        if (a.multiply_transposed) plain_.multiply_transposed = call<&Operator<T>::multiply_transposed>;
    }
    PlainOperator(const PlainOperator &) = delete;
    PlainOperator &operator=(const PlainOperator &) = delete;

    const typename api<T>::linear_operator &get() const noexcept { return plain_; }

private:
    template <typename Operator<T>::Product Operator<T>::*product>
    static std::int32_t call(void *user, typename api<T>::mat x, typename api<T>::mat_mut result) {
        auto &self = *static_cast<PlainOperator *>(user);
        return self.passage_.carry([&] {
            (self.a_.*product)({x.data, x.rows, x.cols, x.row_stride, x.col_stride},
                               {result.data, result.rows, result.cols, result.row_stride, result.col_stride});
            return 0;
        });
    }

    const Operator<T> &a_;
    Passage &passage_;
    typename api<T>::linear_operator plain_{};
};

template <class T>
typename api<T>::csr input(const ConstSparseView<T> &a) {
    return {a.values, a.columns, a.row_starts, a.rows, a.cols};
}

template <class T>
typename api<T>::vec input(const std::vector<T> &a) {
    return {a.data(), static_cast<std::int64_t>(a.size()), 1};
}

template <class T>
std::vector<T> list(std::int64_t size) {
    return zeros<T>(extent(size));
}

template <class T, class Function, class A>
PartialSvd<T> partial_svd(Function function, const A &a, std::int64_t rows, std::int64_t cols, std::int64_t k,
                          const IterationOptions &options, Passage &passage) {
    PartialSvd<T> result{Matrix<T>(extent(rows), extent(k)), list<T>(k), Matrix<T>(extent(k), extent(cols)), list<T>(k)};
    const PlainOptions plain(options, passage);
    passage.check(function(a, k, plain.get(), output(result.s), output(result.u), output(result.vt),
                           output(result.residuals)));
    return result;
}

template <class T, class Function, class A>
PartialEigh<T> partial_eigh(Function function, const A &a, std::int64_t order, std::int64_t k, Extreme which,
                            const IterationOptions &options, Passage &passage) {
    PartialEigh<T> result{list<T>(k), Matrix<T>(extent(order), extent(k)), list<T>(k)};
    const PlainOptions plain(options, passage);
    passage.check(function(a, k, static_cast<std::int32_t>(which), plain.get(), output(result.w), output(result.v),
                           output(result.residuals)));
    return result;
}

/** A guess for the C functions: zeros where it is empty. */
template <class T>
typename api<T>::vec start(ConstVectorView<T> guess) {
    return guess.size == 0 ? none<T>() : input(guess);
}

template <class T, class Function, class A, class P>
Solution<T> solve(Function function, const A &a, std::int64_t order, ConstVectorView<T> b, P preconditioner,
                  const IterationOptions &options, ConstVectorView<T> guess, Passage &passage) {
    Solution<T> result{list<T>(order), 0, 0.0};
    const PlainOptions plain(options, passage);
    passage.check(function(a, input(b), start(guess), preconditioner, plain.get(), output(result.x), &result.iterations,
                           &result.residual));
    return result;
}

template <class T, class Function>
Solution<T> solve(Function function, const ConstSparseView<T> &a, ConstVectorView<T> b,
                  Preconditioner preconditioner, const IterationOptions &options, ConstVectorView<T> guess) {
    Passage passage;
    return solve<T>(function, input(a), a.rows, b, static_cast<std::int32_t>(preconditioner), options, guess, passage);
}

template <class T, class Function>
Solution<T> solve(Function function, const Operator<T> &a, ConstVectorView<T> b, const IterationOptions &options,
                  ConstVectorView<T> guess) {
    Passage passage;
    const PlainOperator<T> plain(a, passage);
    const typename api<T>::linear_operator *none = nullptr;
    return solve<T>(function, plain.get(), a.rows, b, none, options, guess, passage);
}

template <class T, class Function>
Solution<T> solve(Function function, const Operator<T> &a, ConstVectorView<T> b, const Operator<T> &preconditioner,
                  const IterationOptions &options, ConstVectorView<T> guess) {
    Passage passage;
    const PlainOperator<T> plain(a, passage), inverse(preconditioner, passage);
    return solve<T>(function, plain.get(), a.rows, b, &inverse.get(), options, guess, passage);
}

template <class T, class Function, class A>
LeastSquaresSolution<T> fit(Function function, const A &a, std::int64_t unknowns, ConstVectorView<T> b,
                            const IterationOptions &options, ConstVectorView<T> guess, Passage &passage) {
    LeastSquaresSolution<T> result{list<T>(unknowns)};
    const PlainOptions plain(options, passage);
    passage.check(function(a, input(b), start(guess), plain.get(), output(result.x), &result.iterations,
                           &result.residual, &result.normal_residual, &result.condition));
    return result;
}

template <class T, class Function>
LeastSquaresSolution<T> fit(Function function, const ConstSparseView<T> &a, ConstVectorView<T> b,
                            const IterationOptions &options, ConstVectorView<T> guess) {
    Passage passage;
    return fit<T>(function, input(a), a.cols, b, options, guess, passage);
}

template <class T, class Function>
LeastSquaresSolution<T> fit(Function function, const Operator<T> &a, ConstVectorView<T> b,
                            const IterationOptions &options, ConstVectorView<T> guess) {
    Passage passage;
    const PlainOperator<T> plain(a, passage);
    return fit<T>(function, plain.get(), a.cols, b, options, guess, passage);
}

/** Complex pairs by a C function that gets options and outputs: it writes real and imaginary parts apart. */
template <class T, class Call>
PartialEig<T> partial_eig(std::int64_t order, std::int64_t k, const IterationOptions &options, Passage &passage,
                          Call call) {
    std::vector<T> w_re = list<T>(k), w_im = list<T>(k);
    Matrix<T> v_re(extent(order), extent(k)), v_im(extent(order), extent(k));
    std::vector<T> residuals = list<T>(k);
    const PlainOptions plain(options, passage);
    passage.check(call(plain.get(), output(w_re), output(w_im), output(v_re), output(v_im), output(residuals)));
    return {joined(w_re, w_im), joined(v_re, v_im), std::move(residuals)};
}

/** Symmetric pairs by a C function that gets options and outputs. */
template <class T, class Call>
PartialEigh<T> pairs(std::int64_t order, std::int64_t k, const IterationOptions &options, Passage &passage, Call call) {
    PartialEigh<T> result{list<T>(k), Matrix<T>(extent(order), extent(k)), list<T>(k)};
    const PlainOptions plain(options, passage);
    passage.check(call(plain.get(), output(result.w), output(result.v), output(result.residuals)));
    return result;
}

template <class T>
PartialEigh<T> partial_eigh_near(ConstMatrixView<T> a, std::int64_t k, T shift, const IterationOptions &options) {
    Passage passage;
    return pairs<T>(a.rows, k, options, passage, [&](auto... rest) {
        return api<T>::partial_eigh_near_dense(input(a), k, shift, rest...);
    });
}

template <class T>
PartialEig<T> partial_eig_near(ConstMatrixView<T> a, std::int64_t k, T shift, const IterationOptions &options) {
    Passage passage;
    return partial_eig<T>(a.rows, k, options, passage, [&](auto... rest) {
        return api<T>::partial_eig_near_dense(input(a), k, shift, rest...);
    });
}

template <class T, class Function, class A>
PartialEigh<T> randomized_eigh(Function function, const A &a, std::int64_t order, std::int64_t k,
                               const RandomizedOptions &options, const Passage &passage) {
    PartialEigh<T> result{list<T>(k), Matrix<T>(extent(order), extent(k)), list<T>(k)};
    lapwing_randomized_options plain{};
    plain.struct_size = sizeof plain;
    plain.oversampling = options.oversampling;
    plain.power_iterations = options.power_iterations;
    plain.seed = options.seed;
    passage.check(function(a, k, &plain, output(result.w), output(result.v), output(result.residuals)));
    return result;
}

/** A type that no template argument is deduced from: a Matrix converts to a view, and nullptr to a pointer. */
template <class Parameter>
struct given {
    using type = Parameter;
};

template <class T>
using vector_argument = typename given<ConstVectorView<T>>::type;

} // namespace detail

/** The k largest singular triplets of a sparse matrix; see lapwing_partial_svd_f64. */
template <class T>
PartialSvd<T> partial_svd(const ConstSparseView<T> &a, std::int64_t k, const IterationOptions &options = {}) {
    detail::Passage passage;
    return detail::partial_svd<T>(detail::api<T>::partial_svd, detail::input(a), a.rows, a.cols, k, options, passage);
}
/** Of a matrix that is known by its products. */
template <class T>
PartialSvd<T> partial_svd(const Operator<T> &a, std::int64_t k, const IterationOptions &options = {}) {
    detail::Passage passage;
    const detail::PlainOperator<T> plain(a, passage);
    return detail::partial_svd<T>(detail::api<T>::partial_svd_operator, plain.get(), a.rows, a.cols, k, options,
                                  passage);
}

/** k eigenpairs of a symmetric sparse matrix; see lapwing_partial_eigh_f64. */
template <class T>
PartialEigh<T> partial_eigh(const ConstSparseView<T> &a, std::int64_t k, Extreme which = Extreme::largest,
                            const IterationOptions &options = {}) {
    detail::Passage passage;
    return detail::partial_eigh<T>(detail::api<T>::partial_eigh, detail::input(a), a.rows, k, which, options, passage);
}
/** Of a symmetric matrix that is known by its products. */
template <class T>
PartialEigh<T> partial_eigh(const Operator<T> &a, std::int64_t k, Extreme which = Extreme::largest,
                            const IterationOptions &options = {}) {
    detail::Passage passage;
    const detail::PlainOperator<T> plain(a, passage);
    return detail::partial_eigh<T>(detail::api<T>::partial_eigh_operator, plain.get(), a.rows, k, which, options,
                                   passage);
}

/** Solves a * x = b for a symmetric positive definite sparse matrix, from a guess or from zeros; see
 *  lapwing_conjugate_gradient_f64. */
template <class T>
Solution<T> conjugate_gradient(const ConstSparseView<T> &a, detail::vector_argument<T> b,
                               Preconditioner preconditioner = Preconditioner::none,
                               const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::conjugate_gradient, a, b, preconditioner, options, guess);
}
/** Of a matrix that is known by its products. */
template <class T>
Solution<T> conjugate_gradient(const Operator<T> &a, detail::vector_argument<T> b, const IterationOptions &options = {},
                               detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::conjugate_gradient_operator, a, b, options, guess);
}
/** The same with a preconditioner: an operator close to the inverse of a, symmetric and positive definite as well. */
template <class T>
Solution<T> conjugate_gradient(const Operator<T> &a, detail::vector_argument<T> b, const Operator<T> &preconditioner,
                               const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::conjugate_gradient_operator, a, b, preconditioner, options, guess);
}

/** Solves a * x = b for a symmetric sparse matrix, definite or not; see lapwing_minres_f64. */
template <class T>
Solution<T> minres(const ConstSparseView<T> &a, detail::vector_argument<T> b,
                   Preconditioner preconditioner = Preconditioner::none,
                   const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::minres, a, b, preconditioner, options, guess);
}
/** Of a matrix that is known by its products. */
template <class T>
Solution<T> minres(const Operator<T> &a, detail::vector_argument<T> b, const IterationOptions &options = {},
                   detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::minres_operator, a, b, options, guess);
}
/** The same with a preconditioner: an operator close to the inverse of a, symmetric and positive definite. */
template <class T>
Solution<T> minres(const Operator<T> &a, detail::vector_argument<T> b, const Operator<T> &preconditioner,
                   const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::minres_operator, a, b, preconditioner, options, guess);
}

/** Solves a * x = b for any square sparse matrix by GMRES(m), with m the restart of the options; see lapwing_gmres_f64. */
template <class T>
Solution<T> gmres(const ConstSparseView<T> &a, detail::vector_argument<T> b,
                  Preconditioner preconditioner = Preconditioner::none,
                  const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::gmres, a, b, preconditioner, options, guess);
}
/** Of a matrix that is known by its products. */
template <class T>
Solution<T> gmres(const Operator<T> &a, detail::vector_argument<T> b, const IterationOptions &options = {},
                  detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::gmres_operator, a, b, options, guess);
}
/** The same with a preconditioner: an operator close to the inverse of a. */
template <class T>
Solution<T> gmres(const Operator<T> &a, detail::vector_argument<T> b, const Operator<T> &preconditioner,
                  const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::gmres_operator, a, b, preconditioner, options, guess);
}

/** Solves a * x = b for any square sparse matrix in little memory; see lapwing_bicgstab_f64. */
template <class T>
Solution<T> bicgstab(const ConstSparseView<T> &a, detail::vector_argument<T> b,
                     Preconditioner preconditioner = Preconditioner::none,
                     const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::bicgstab, a, b, preconditioner, options, guess);
}
/** Of a matrix that is known by its products. */
template <class T>
Solution<T> bicgstab(const Operator<T> &a, detail::vector_argument<T> b, const IterationOptions &options = {},
                     detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::bicgstab_operator, a, b, options, guess);
}
/** The same with a preconditioner: an operator close to the inverse of a. */
template <class T>
Solution<T> bicgstab(const Operator<T> &a, detail::vector_argument<T> b, const Operator<T> &preconditioner,
                     const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::solve(detail::api<T>::bicgstab_operator, a, b, preconditioner, options, guess);
}

/** Minimizes the 2-norm of a * x - b for a sparse matrix of any shape and rank; see lapwing_lsqr_f64. */
template <class T>
LeastSquaresSolution<T> lsqr(const ConstSparseView<T> &a, detail::vector_argument<T> b,
                             const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::fit(detail::api<T>::lsqr, a, b, options, guess);
}
/** Of a matrix that is known by its products with it and with its transpose. */
template <class T>
LeastSquaresSolution<T> lsqr(const Operator<T> &a, detail::vector_argument<T> b, const IterationOptions &options = {},
                             detail::vector_argument<T> guess = {}) {
    return detail::fit(detail::api<T>::lsqr_operator, a, b, options, guess);
}

/** The same by LSMR, which may be stopped earlier; see lapwing_lsmr_f64. */
template <class T>
LeastSquaresSolution<T> lsmr(const ConstSparseView<T> &a, detail::vector_argument<T> b,
                             const IterationOptions &options = {}, detail::vector_argument<T> guess = {}) {
    return detail::fit(detail::api<T>::lsmr, a, b, options, guess);
}
/** Of a matrix that is known by its products with it and with its transpose. */
template <class T>
LeastSquaresSolution<T> lsmr(const Operator<T> &a, detail::vector_argument<T> b, const IterationOptions &options = {},
                             detail::vector_argument<T> guess = {}) {
    return detail::fit(detail::api<T>::lsmr_operator, a, b, options, guess);
}

/** k eigenpairs of any square sparse matrix at the outside of its spectrum; see lapwing_partial_eig_f64. */
template <class T>
PartialEig<T> partial_eig(const ConstSparseView<T> &a, std::int64_t k,
                          ComplexExtreme which = ComplexExtreme::largest_magnitude,
                          const IterationOptions &options = {}) {
    detail::Passage passage;
    return detail::partial_eig<T>(a.rows, k, options, passage, [&](auto... rest) {
        return detail::api<T>::partial_eig(detail::input(a), k, static_cast<std::int32_t>(which), rest...);
    });
}
/** Of a matrix that is known by its products. */
template <class T>
PartialEig<T> partial_eig(const Operator<T> &a, std::int64_t k,
                          ComplexExtreme which = ComplexExtreme::largest_magnitude,
                          const IterationOptions &options = {}) {
    detail::Passage passage;
    const detail::PlainOperator<T> plain(a, passage);
    return detail::partial_eig<T>(a.rows, k, options, passage, [&](auto... rest) {
        return detail::api<T>::partial_eig_operator(plain.get(), k, static_cast<std::int32_t>(which), rest...);
    });
}
/** The k eigenpairs of any square dense matrix nearest a real number; see lapwing_partial_eig_near_dense_f64. */
inline PartialEig<double> partial_eig_near(ConstMatrixView<double> a, std::int64_t k, double shift,
                                      const IterationOptions &options = {}) {
    return detail::partial_eig_near(a, k, shift, options);
}
/** In single precision. */
inline PartialEig<float> partial_eig_near(ConstMatrixView<float> a, std::int64_t k, float shift,
                                      const IterationOptions &options = {}) {
    return detail::partial_eig_near(a, k, shift, options);
}

/** The k eigenpairs of a symmetric sparse matrix nearest a number; see lapwing_partial_eigh_near_f64. */
template <class T>
PartialEigh<T> partial_eigh_near(const ConstSparseView<T> &a, std::int64_t k, T shift,
                                 const IterationOptions &options = {}) {
    detail::Passage passage;
    return detail::pairs<T>(a.rows, k, options, passage, [&](auto... rest) {
        return detail::api<T>::partial_eigh_near(detail::input(a), k, shift, rest...);
    });
}
/** Of a dense matrix, which is factored with pivoting; see lapwing_partial_eigh_near_dense_f64. */
inline PartialEigh<double> partial_eigh_near(ConstMatrixView<double> a, std::int64_t k, double shift,
                                        const IterationOptions &options = {}) {
    return detail::partial_eigh_near(a, k, shift, options);
}
/** In single precision. */
inline PartialEigh<float> partial_eigh_near(ConstMatrixView<float> a, std::int64_t k, float shift,
                                        const IterationOptions &options = {}) {
    return detail::partial_eigh_near(a, k, shift, options);
}

/** k eigenpairs at an end of the spectrum of a symmetric sparse matrix, with a preconditioner made from it, orthogonal to the
 *  columns of constraints, if there are any, and of the pencil with b, if there is one; see lapwing_lobpcg_f64. */
template <class T>
PartialEigh<T> lobpcg(const ConstSparseView<T> &a, std::int64_t k, Extreme which = Extreme::smallest,
                      Preconditioner preconditioner = Preconditioner::none, const IterationOptions &options = {},
                      typename detail::given<ConstMatrixView<T>>::type constraints = {nullptr, 0, 0},
                      const typename detail::given<ConstSparseView<T>>::type *b = nullptr) {
    detail::Passage passage;
    typename detail::api<T>::csr other{};
    if (b) other = detail::input(*b);
    return detail::pairs<T>(a.rows, k, options, passage, [&](auto... rest) {
        return detail::api<T>::lobpcg(detail::input(a), b ? &other : nullptr, k, static_cast<std::int32_t>(which),
                                      static_cast<std::int32_t>(preconditioner), detail::input(constraints), rest...);
    });
}
/** Of matrices that are known by their products; the preconditioner is an operator close to the inverse of a, or nullptr for
 *  none. */
template <class T>
PartialEigh<T> lobpcg(const Operator<T> &a, std::int64_t k, Extreme which = Extreme::smallest,
                      const typename detail::given<Operator<T>>::type *preconditioner = nullptr,
                      const IterationOptions &options = {},
                      typename detail::given<ConstMatrixView<T>>::type constraints = {nullptr, 0, 0},
                      const typename detail::given<Operator<T>>::type *b = nullptr) {
    detail::Passage passage;
    const Operator<T> none{0, 0, nullptr};
    const detail::PlainOperator<T> plain(a, passage), inverse(preconditioner ? *preconditioner : none, passage),
        other(b ? *b : none, passage);
    return detail::pairs<T>(a.rows, k, options, passage, [&](auto... rest) {
        return detail::api<T>::lobpcg_operator(plain.get(), b ? &other.get() : nullptr, k,
                                               static_cast<std::int32_t>(which),
                                               preconditioner ? &inverse.get() : nullptr, detail::input(constraints),
                                               rest...);
    });
}

/** The k eigenpairs of largest magnitude of a symmetric sparse matrix, approximately, largest first; see
 *  lapwing_randomized_eigh_f64. */
template <class T>
PartialEigh<T> randomized_eigh(const ConstSparseView<T> &a, std::int64_t k, const RandomizedOptions &options = {}) {
    return detail::randomized_eigh<T>(detail::api<T>::randomized_eigh_sparse, detail::input(a), a.rows, k, options, {});
}
/** Of a matrix that is known by its products. */
template <class T>
PartialEigh<T> randomized_eigh(const Operator<T> &a, std::int64_t k, const RandomizedOptions &options = {}) {
    detail::Passage passage;
    const detail::PlainOperator<T> plain(a, passage);
    return detail::randomized_eigh<T>(detail::api<T>::randomized_eigh_operator, plain.get(), a.rows, k, options,
                                      passage);
}
/** Of a dense matrix. */
inline PartialEigh<double> randomized_eigh(ConstMatrixView<double> a, std::int64_t k,
                                      const RandomizedOptions &options = {}) {
    return detail::randomized_eigh<double>(detail::api<double>::randomized_eigh, detail::input(a), a.rows, k, options,
                                        {});
}
/** In single precision. */
inline PartialEigh<float> randomized_eigh(ConstMatrixView<float> a, std::int64_t k,
                                      const RandomizedOptions &options = {}) {
    return detail::randomized_eigh<float>(detail::api<float>::randomized_eigh, detail::input(a), a.rows, k, options,
                                        {});
}

/** Between these lies a spectral norm: the lower one is reached, the upper one not exceeded but for one in a million seeds. */
struct NormBounds {
    double lower = 0.0, upper = 0.0;
};

/** Bounds of the largest singular value of a dense matrix; see lapwing_spectral_norm_bounds_f64. */
template <class A, class T = Scalar<A>>
NormBounds spectral_norm_bounds(const A &a, std::uint64_t seed = 0) {
    NormBounds result;
    const auto function = detail::both(lapwing_spectral_norm_bounds_f64, lapwing_spectral_norm_bounds_f32);
    detail::check(function(detail::matrix<T>(a), seed, &result.lower, &result.upper));
    return result;
}
/** Of a sparse matrix. */
template <class T>
NormBounds spectral_norm_bounds(const ConstSparseView<T> &a, std::uint64_t seed = 0) {
    NormBounds result;
    const auto function =
        detail::both(lapwing_spectral_norm_bounds_sparse_f64, lapwing_spectral_norm_bounds_sparse_f32);
    detail::check(function(detail::input(a), seed, &result.lower, &result.upper));
    return result;
}
/** Of a matrix that is known by its products and those of its transpose. */
template <class T>
NormBounds spectral_norm_bounds(const Operator<T> &a, std::uint64_t seed = 0) {
    NormBounds result;
    detail::Passage passage;
    const detail::PlainOperator<T> plain(a, passage);
    const auto function =
        detail::both(lapwing_spectral_norm_bounds_operator_f64, lapwing_spectral_norm_bounds_operator_f32);
    passage.check(function(plain.get(), seed, &result.lower, &result.upper));
    return result;
}

} // namespace lapwing

#endif
