/* The options of the linear models in lapwing_linear_models.hpp, whose defaults are the values they are made with. */

/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_LINEAR_MODEL_OPTIONS_HPP
#define LAPWING_LINEAR_MODEL_OPTIONS_HPP

namespace lapwing {

/** Whether a linear model has an intercept. */
enum class Intercept : std::int32_t { fitted = LAPWING_INTERCEPT_FITTED, zero = LAPWING_INTERCEPT_ZERO };

/** How to solve a linear regression. */
enum class LinearRegressionSolver : std::int32_t {
    automatic = LAPWING_LINEAR_REGRESSION_AUTO,
    cholesky = LAPWING_LINEAR_REGRESSION_CHOLESKY,
    qr = LAPWING_LINEAR_REGRESSION_QR,
    svd = LAPWING_LINEAR_REGRESSION_SVD,
    refined = LAPWING_LINEAR_REGRESSION_REFINED,
    lsqr = LAPWING_LINEAR_REGRESSION_LSQR,
};

/** The options of a linear regression; see lapwing_linear_regression_options. */
struct LinearRegressionOptions {
    Intercept intercept = Intercept::fitted;
    LinearRegressionSolver solver = LinearRegressionSolver::automatic;
    /** Of LSQR, as what follows; 0 for the default. */
    double tolerance = 0.0;
    std::int64_t max_iterations = 0;
};

/** How to solve a ridge regression. */
enum class RidgeSolver : std::int32_t {
    automatic = LAPWING_RIDGE_AUTO,
    cholesky = LAPWING_RIDGE_CHOLESKY,
    svd = LAPWING_RIDGE_SVD,
    lsqr = LAPWING_RIDGE_LSQR,
    conjugate_gradient = LAPWING_RIDGE_CONJUGATE_GRADIENT,
};

/** The options of a ridge regression; see lapwing_ridge_options. */
struct RidgeOptions {
    double alpha = 1.0;
    /** A penalty for each target instead of alpha; empty for none. */
    std::vector<double> penalties;
    Intercept intercept = Intercept::fitted;
    RidgeSolver solver = RidgeSolver::automatic;
    /** Of the solvers that iterate, as what follows; 0 for the default. */
    double tolerance = 0.0;
    std::int64_t max_iterations = 0;
};

/** Which signs the coefficients of an elastic net may have. */
enum class CoefficientSign : std::int32_t { any = LAPWING_SIGN_ANY, non_negative = LAPWING_SIGN_NON_NEGATIVE };

/** In which order an elastic net visits coordinates. */
enum class Selection : std::int32_t { cyclic = LAPWING_SELECTION_CYCLIC, random = LAPWING_SELECTION_RANDOM };

/** What an elastic net keeps up to date. */
enum class Updates : std::int32_t {
    automatic = LAPWING_UPDATES_AUTO,
    covariance = LAPWING_UPDATES_COVARIANCE,
    residual = LAPWING_UPDATES_RESIDUAL,
};

/** The options of a lasso; see lapwing_elastic_net_options. */
struct LassoOptions {
    double alpha = 1.0;
    Intercept intercept = Intercept::fitted;
    CoefficientSign sign = CoefficientSign::any;
    Selection selection = Selection::cyclic;
    Updates updates = Updates::automatic;
    /** As with max_iterations, 0 stands for the default, too. */
    double tolerance = 1e-4;
    std::int64_t max_iterations = 1000;
    std::uint64_t seed = 0;
};

/** The options of an elastic net. */
struct ElasticNetOptions : LassoOptions {
    /** The share of the penalty on magnitudes. */
    double l1_ratio = 0.5;
};

/** The options of a lasso whose penalty is chosen by cross-validation; see lapwing_elastic_net_cv_options. */
struct LassoCvOptions {
    std::int64_t folds = 5;
    FoldOrder order = FoldOrder::consecutive;
    /** The penalties to try; empty for n_alphas of them, the last of which is this share of the first. */
    std::vector<double> alphas;
    std::int64_t n_alphas = 100;
    double share = 1e-3;
    Intercept intercept = Intercept::fitted;
    CoefficientSign sign = CoefficientSign::any;
    Selection selection = Selection::cyclic;
    Updates updates = Updates::automatic;
    /** As with max_iterations, 0 stands for the default, too. */
    double tolerance = 1e-4;
    std::int64_t max_iterations = 1000;
    std::uint64_t seed = 0;
};

/** The options of an elastic net whose penalty is. */
struct ElasticNetCvOptions : LassoCvOptions {
    /** The shares of the penalty on magnitudes to try. */
    std::vector<double> l1_ratios{0.5};
};

/** Which samples cross-validation leaves out at a time. */
enum class LeaveOut : std::int32_t { one = LAPWING_LEAVE_OUT_ONE, folds = LAPWING_LEAVE_OUT_FOLDS };

/** By what cross-validation judges a penalty on squares. */
enum class RidgeScoring : std::int32_t {
    automatic = LAPWING_RIDGE_SCORING_AUTO,
    mean_squared_error = LAPWING_RIDGE_SCORING_MEAN_SQUARED_ERROR,
    r2 = LAPWING_RIDGE_SCORING_R2,
};

/** For whom cross-validation chooses a penalty. */
enum class PenaltyChoice : std::int32_t {
    common = LAPWING_PENALTY_COMMON,
    per_target = LAPWING_PENALTY_PER_TARGET,
};

/** The options of a ridge regression whose penalty is chosen by cross-validation; see lapwing_ridge_cv_options. */
struct RidgeCvOptions {
    std::vector<double> alphas{0.1, 1.0, 10.0};
    Intercept intercept = Intercept::fitted;
    LeaveOut leave_out = LeaveOut::one;
    RidgeScoring scoring = RidgeScoring::automatic;
    PenaltyChoice choice = PenaltyChoice::common;
    /** Of LeaveOut::folds, as what follows. */
    std::int64_t folds = 5;
    FoldOrder order = FoldOrder::consecutive;
    std::uint64_t seed = 0;
};

/** The shape and the rate of the gamma prior of a precision; both 0 for a flat one. */
struct GammaPrior {
    double shape = 1e-6;
    double rate = 1e-6;
};

/** The options of a Bayesian ridge regression; see lapwing_bayesian_ridge_options. */
struct BayesianRidgeOptions {
    Intercept intercept = Intercept::fitted;
    GammaPrior noise_prior;
    GammaPrior coefficient_prior;
    std::int64_t max_iterations = 300;
    double tolerance = 1e-3;
    /** The precisions to begin with; 0 for the defaults. */
    double alpha_init = 0.0;
    double lambda_init = 0.0;
};

/** The options of a regression on singular vectors; see lapwing_truncated_svd_regression_options. */
struct TruncatedSvdRegressionOptions {
    /** How many to keep; 0 for what the tolerance says. */
    std::int64_t rank = 0;
    double tolerance = 0.0;
    Intercept intercept = Intercept::fitted;
};

/** The options of total least squares. */
struct TotalLeastSquaresOptions {
    Intercept intercept = Intercept::fitted;
};

/** The options of a Tikhonov regularization. */
struct TikhonovOptions {
    double alpha = 1.0;
    Intercept intercept = Intercept::fitted;
};

/** The options of a summary of least squares; see lapwing_ols_options. */
struct OlsOptions {
    Intercept intercept = Intercept::fitted;
    LinearRegressionSolver solver = LinearRegressionSolver::automatic;
    /** The probability with which the intervals cover the coefficients. */
    double level = 0.95;
};

namespace detail {

/** Numbers among options; NULL data, which stands for the default, where there are none. */
inline lapwing_vec_f64 numbers(const std::vector<double> &values) {
    return {values.empty() ? nullptr : values.data(), static_cast<std::int64_t>(values.size()), 1};
}

inline lapwing_linear_regression_options plain(const LinearRegressionOptions &options) {
    lapwing_linear_regression_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.solver = static_cast<std::int32_t>(options.solver);
    plain.tolerance = options.tolerance;
    plain.max_iterations = options.max_iterations;
    return plain;
}

inline lapwing_ridge_options plain(const RidgeOptions &options) {
    lapwing_ridge_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.solver = static_cast<std::int32_t>(options.solver);
    plain.penalties = numbers(options.penalties);
    if (options.penalties.empty()) {
        plain.penalty = options.alpha == 0.0 ? LAPWING_PENALTY_NONE : LAPWING_PENALTY_ALPHA;
        plain.alpha = options.alpha;
    }
    plain.tolerance = options.tolerance;
    plain.max_iterations = options.max_iterations;
    return plain;
}

inline lapwing_elastic_net_options plain(const LassoOptions &options) {
    lapwing_elastic_net_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.penalty = options.alpha == 0.0 ? LAPWING_PENALTY_NONE : LAPWING_PENALTY_ALPHA;
    plain.sign = static_cast<std::int32_t>(options.sign);
    plain.selection = static_cast<std::int32_t>(options.selection);
    plain.updates = static_cast<std::int32_t>(options.updates);
    plain.alpha = options.alpha;
    plain.tolerance = options.tolerance;
    plain.max_iterations = options.max_iterations;
    plain.seed = options.seed;
    return plain;
}

inline lapwing_elastic_net_options plain(const ElasticNetOptions &options) {
    auto result = plain(static_cast<const LassoOptions &>(options));
    result.mixture = options.l1_ratio == 0.0 ? LAPWING_L1_RATIO_ZERO : LAPWING_L1_RATIO_GIVEN;
    result.l1_ratio = options.l1_ratio;
    return result;
}

inline lapwing_elastic_net_cv_options plain(const LassoCvOptions &options) {
    lapwing_elastic_net_cv_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.sign = static_cast<std::int32_t>(options.sign);
    plain.selection = static_cast<std::int32_t>(options.selection);
    plain.updates = static_cast<std::int32_t>(options.updates);
    plain.order = static_cast<std::int32_t>(options.order);
    /* Zero, which is the default in C, is refused here like other numbers below 2. */
    plain.folds = options.folds == 0 ? 1 : options.folds;
    plain.alphas = numbers(options.alphas);
    if (options.alphas.empty()) {
        plain.n_alphas = options.n_alphas;
        plain.share = options.share;
    }
    plain.tolerance = options.tolerance;
    plain.max_iterations = options.max_iterations;
    plain.seed = options.seed;
    return plain;
}

inline lapwing_elastic_net_cv_options plain(const ElasticNetCvOptions &options) {
    auto result = plain(static_cast<const LassoCvOptions &>(options));
    result.l1_ratios = numbers(options.l1_ratios);
    return result;
}

inline lapwing_ridge_cv_options plain(const RidgeCvOptions &options) {
    lapwing_ridge_cv_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.cross_validation = static_cast<std::int32_t>(options.leave_out);
    plain.scoring = static_cast<std::int32_t>(options.scoring);
    plain.choice = static_cast<std::int32_t>(options.choice);
    if (options.leave_out == LeaveOut::folds) {
        plain.order = static_cast<std::int32_t>(options.order);
        /* Zero, which is the default in C, is refused here like other numbers below 2. */
        plain.folds = options.folds == 0 ? 1 : options.folds;
        plain.seed = options.seed;
    }
    plain.alphas = numbers(options.alphas);
    return plain;
}

inline lapwing_bayesian_ridge_options plain(const BayesianRidgeOptions &options) {
    const auto flat = [](const GammaPrior &prior) {
        return prior.shape == 0.0 && prior.rate == 0.0 ? LAPWING_PRIOR_FLAT : LAPWING_PRIOR_GAMMA;
    };
    lapwing_bayesian_ridge_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.noise_prior = flat(options.noise_prior);
    plain.coefficient_prior = flat(options.coefficient_prior);
    plain.max_iterations = options.max_iterations;
    plain.tolerance = options.tolerance;
    plain.alpha_1 = options.noise_prior.shape;
    plain.alpha_2 = options.noise_prior.rate;
    plain.lambda_1 = options.coefficient_prior.shape;
    plain.lambda_2 = options.coefficient_prior.rate;
    plain.alpha_init = options.alpha_init;
    plain.lambda_init = options.lambda_init;
    return plain;
}

inline lapwing_truncated_svd_regression_options plain(const TruncatedSvdRegressionOptions &options) {
    lapwing_truncated_svd_regression_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.rank = options.rank;
    plain.tolerance = options.tolerance;
    return plain;
}

inline lapwing_total_least_squares_options plain(const TotalLeastSquaresOptions &options) {
    lapwing_total_least_squares_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    return plain;
}

inline lapwing_tikhonov_options plain(const TikhonovOptions &options) {
    lapwing_tikhonov_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.penalty = options.alpha == 0.0 ? LAPWING_PENALTY_NONE : LAPWING_PENALTY_ALPHA;
    plain.alpha = options.alpha;
    return plain;
}

inline lapwing_ols_options plain(const OlsOptions &options) {
    lapwing_ols_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.solver = static_cast<std::int32_t>(options.solver);
    plain.level = options.level;
    return plain;
}

} // namespace detail

} // namespace lapwing

#endif /* LAPWING_LINEAR_MODEL_OPTIONS_HPP */
