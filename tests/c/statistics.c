/* Covariances and Gaussians: closed forms in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "statistics_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "statistics_of.h"

static double entries[4 * 2] = {0, 0, 2, 0, 0, 4, 2, 4};
static const lapwing_mat_f64 x = {entries, 4, 2, 2, 1};

typedef lapwing_status fit_function(lapwing_mat_f64, const lapwing_covariance_options *, lapwing_covariance_f64 **);
static fit_function *const FITS[] = {lapwing_empirical_covariance_fit_f64, lapwing_shrunk_covariance_fit_f64,
                                     lapwing_ledoit_wolf_fit_f64, lapwing_oas_fit_f64, lapwing_min_cov_det_fit_f64};
enum { ESTIMATORS = sizeof FITS / sizeof *FITS };

/* A model that was not written, and is never dereferenced. */
#define UNSET(type) ((type *)(void *)entries)
#define REFUSED(type, status, text, call)                                                                              \
    do {                                                                                                               \
        type *out = UNSET(type);                                                                                       \
        EXPECT_MESSAGE(status, text, call);                                                                            \
        CHECK(out == UNSET(type));                                                                                     \
    } while (0)

static void covariances_refuse(void) {
    lapwing_covariance_options options;
    const lapwing_covariance_options valid = {.struct_size = sizeof valid};
    lapwing_mat_f64 view;
    for (int k = 0; k < ESTIMATORS; ++k) {
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", FITS[k](x, NULL, NULL));
        options = valid, options.struct_size = 8;
        REFUSED(lapwing_covariance_f64, LAPWING_ERR_ARGUMENT, "sizeof(lapwing_covariance_options)",
                FITS[k](x, &options, &out));
        options = valid, options.centring = 2;
        REFUSED(lapwing_covariance_f64, LAPWING_ERR_ARGUMENT, "centring is 2", FITS[k](x, &options, &out));
        options = valid, options.reserved = 1;
        REFUSED(lapwing_covariance_f64, LAPWING_ERR_ARGUMENT, "reserved is 1", FITS[k](x, &options, &out));
        view = x, view.data = NULL;
        REFUSED(lapwing_covariance_f64, LAPWING_ERR_NULL, "x.data is NULL", FITS[k](view, NULL, &out));
        view = x, view.rows = 0;
        REFUSED(lapwing_covariance_f64, LAPWING_ERR_SHAPE, "at least", FITS[k](view, NULL, &out));
        view = x, view.cols = 0;
        REFUSED(lapwing_covariance_f64, LAPWING_ERR_SHAPE, "no features", FITS[k](view, NULL, &out));
        entries[5] = NAN;
        REFUSED(lapwing_covariance_f64, LAPWING_ERR_NON_FINITE, "x[2, 1]", FITS[k](x, NULL, &out));
        entries[5] = 4;
    }
    options = valid, options.shrinkage = 1.5;
    REFUSED(lapwing_covariance_f64, LAPWING_ERR_ARGUMENT, "shrinkage is 1.5",
            lapwing_shrunk_covariance_fit_f64(x, &options, &out));
    options = valid, options.support_fraction = -1;
    REFUSED(lapwing_covariance_f64, LAPWING_ERR_ARGUMENT, "support_fraction is -1",
            lapwing_min_cov_det_fit_f64(x, &options, &out));
    /* A struct of a later version is read as far as it is known. */
    struct {
        lapwing_covariance_options known;
        char later[16];
    } grown = {.known = {.struct_size = sizeof grown, .shrinkage = LAPWING_COVARIANCE_NO_SHRINKAGE}};
    lapwing_covariance_f64 *model = NULL;
    double value = 7;
    EXPECT(LAPWING_OK, lapwing_shrunk_covariance_fit_f64(x, &grown.known, &model));
    EXPECT(LAPWING_OK, lapwing_covariance_shrinkage_f64(model, &value));
    CHECK(value == 0);
    grown.later[3] = 1;
    REFUSED(lapwing_covariance_f64, LAPWING_ERR_ARGUMENT, "does not know",
            lapwing_shrunk_covariance_fit_f64(x, &grown.known, &out));

    /* What a model does not have, it says by name. */
    lapwing_vec_f64 vector = {entries, 1, 1};
    int64_t dimension = 9;
    int32_t support[4] = {7, 7, 7, 7};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a shrunk covariance, which has no support",
                   lapwing_covariance_distances_f64(model, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "no support", lapwing_covariance_support_f64(model, support));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "no support", lapwing_covariance_support_dimension_f64(model, &dimension));
    CHECK(vector.data == entries && vector.len == 1 && dimension == 9 && support[0] == 7);
    double square[4] = {7, 7, 7, 7};
    const lapwing_mat_mut_f64 wrong = {square, 2, 1, 1, 1}, repeated = {square, 2, 2, 0, 1},
                              good = {square, 2, 2, 2, 1};
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "precision has 1 columns", lapwing_covariance_precision_f64(model, wrong));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "two entries of precision", lapwing_covariance_precision_f64(model, repeated));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_covariance_correlation_f64(NULL, good));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "power is 2",
                   lapwing_covariance_error_norm_f64(model, (lapwing_mat_f64){entries, 2, 2, 2, 1}, 0, 0, 2, &value));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "other", lapwing_covariance_error_norm_f64(model, x, 0, 0, 0, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_covariance_score_f64(model, x, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "columns",
                   lapwing_covariance_score_f64(model, (lapwing_mat_f64){entries, 4, 1, 2, 1}, &value));
    CHECK(value == 0 && square[0] == 7 && square[3] == 7);
    lapwing_covariance_free_f64(model), lapwing_covariance_free_f64(NULL), lapwing_covariance_free_f32(NULL);

    lapwing_covariance_f64 *empirical = NULL;
    EXPECT(LAPWING_OK, lapwing_empirical_covariance_fit_f64(x, NULL, &empirical));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "an empirical covariance, which has no shrinkage",
                   lapwing_covariance_shrinkage_f64(empirical, &value));
    lapwing_covariance_free_f64(empirical);
    /* A constant column has a covariance, and neither distances nor correlations. */
    const lapwing_mat_f64 constant = {entries, 2, 2, 2, 1};
    EXPECT(LAPWING_OK, lapwing_empirical_covariance_fit_f64(constant, NULL, &empirical));
    REFUSED(lapwing_mahalanobis_f64, LAPWING_ERR_SINGULAR, "singular",
            lapwing_covariance_mahalanobis_f64(empirical, &out));
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "does not vary", lapwing_covariance_correlation_f64(empirical, good));
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "column 1", lapwing_correlation_f64(constant, good));
    lapwing_covariance_free_f64(empirical);

    lapwing_running_covariance_f64 *running = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_running_covariance_new_f64(NULL));
    EXPECT(LAPWING_OK, lapwing_running_covariance_new_f64(&running));
    REFUSED(lapwing_covariance_f64, LAPWING_ERR_SHAPE, "at least 1",
            lapwing_running_covariance_empirical_f64(running, NULL, &out));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "the model itself", lapwing_running_covariance_merge_f64(running, running));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "other is NULL", lapwing_running_covariance_merge_f64(running, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_running_covariance_partial_fit_f64(NULL, x));
    EXPECT(LAPWING_OK, lapwing_running_covariance_partial_fit_f64(running, x));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "block has 1 columns",
                   lapwing_running_covariance_partial_fit_f64(running, (lapwing_mat_f64){entries, 4, 1, 2, 1}));
    EXPECT(LAPWING_OK, lapwing_running_covariance_n_samples_f64(running, &dimension));
    CHECK(dimension == 4);
    lapwing_running_covariance_free_f64(running), lapwing_running_covariance_free_f64(NULL);
}

static void gaussians_refuse(void) {
    const lapwing_vec_f64 mean = {entries, 2, 1};
    const double twice[] = {1, 1, 1, 1}, skew[] = {1, 0, 2, 1}, negative[] = {-1, 0, 0, 1};
    const lapwing_mat_f64 singular = {twice, 2, 2, 2, 1}, unequal = {skew, 2, 2, 2, 1},
                          indefinite = {negative, 2, 2, 2, 1};
    REFUSED(lapwing_mahalanobis_f64, LAPWING_ERR_SINGULAR, "feature 1",
            lapwing_mahalanobis_new_f64(mean, singular, 0, &out));
    REFUSED(lapwing_mahalanobis_f64, LAPWING_ERR_NOT_SYMMETRIC, "not symmetric",
            lapwing_mahalanobis_new_f64(mean, unequal, 0, &out));
    REFUSED(lapwing_mahalanobis_f64, LAPWING_ERR_NOT_POSITIVE_DEFINITE, "not a covariance",
            lapwing_mahalanobis_new_f64(mean, indefinite, 0, &out));
    REFUSED(lapwing_mahalanobis_f64, LAPWING_ERR_ARGUMENT, "singular is 3",
            lapwing_mahalanobis_new_f64(mean, singular, 3, &out));
    REFUSED(lapwing_multivariate_normal_f64, LAPWING_ERR_SINGULAR, "feature 1",
            lapwing_multivariate_normal_new_f64(mean, singular, &out));

    lapwing_mahalanobis_f64 *metric = NULL;
    double value = 7, out[4] = {7, 7, 7, 7};
    int64_t rank = 0, count = 7;
    EXPECT(LAPWING_OK, lapwing_mahalanobis_new_f64(mean, singular, LAPWING_SINGULAR_PSEUDO_INVERSE, &metric));
    EXPECT(LAPWING_OK, lapwing_mahalanobis_rank_f64(metric, &rank));
    CHECK(rank == 1);
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "quantile is 1", lapwing_mahalanobis_cutoff_f64(metric, 1, &value));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "distances has 3 entries",
                   lapwing_mahalanobis_distances_f64(metric, x, (lapwing_vec_mut_f64){out, 3, 1}));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "count is NULL",
                   lapwing_mahalanobis_outliers_f64(metric, x, 0.5, NULL, NULL, (lapwing_vec_mut_f64){0},
                                                    (lapwing_vec_mut_f64){0}));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "p_values overlaps squared",
                   lapwing_mahalanobis_outliers_f64(metric, x, 0.5, NULL, &count, (lapwing_vec_mut_f64){out, 4, 1},
                                                    (lapwing_vec_mut_f64){out, 4, 1}));
    EXPECT_MESSAGE(
        LAPWING_ERR_ARGUMENT, "squared is -1",
        lapwing_mahalanobis_p_values_f64(metric, (lapwing_vec_f64){negative, 1, 1}, (lapwing_vec_mut_f64){out, 1, 1}));
    CHECK(value == 7 && count == 7 && out[0] == 7 && out[3] == 7);
    lapwing_mahalanobis_free_f64(metric), lapwing_mahalanobis_free_f64(NULL);

    const int64_t indices[] = {0, 2, -1};
    const double diagonal[] = {1, 0, 0, 1};
    lapwing_multivariate_normal_f64 *normal = NULL;
    EXPECT(LAPWING_OK, lapwing_multivariate_normal_new_f64(mean, (lapwing_mat_f64){diagonal, 2, 2, 2, 1}, &normal));
    REFUSED(lapwing_multivariate_normal_f64, LAPWING_ERR_ARGUMENT, "indices",
            lapwing_multivariate_normal_marginal_f64(normal, indices, 2, &out));
    REFUSED(lapwing_multivariate_normal_f64, LAPWING_ERR_ARGUMENT, "indices is -1",
            lapwing_multivariate_normal_marginal_f64(normal, indices + 2, 1, &out));
    REFUSED(lapwing_multivariate_normal_f64, LAPWING_ERR_NULL, "indices is NULL",
            lapwing_multivariate_normal_marginal_f64(normal, NULL, 1, &out));
    REFUSED(lapwing_multivariate_normal_f64, LAPWING_ERR_SHAPE, "values",
            lapwing_multivariate_normal_conditional_f64(normal, indices, 1, mean, &out));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "other is NULL",
                   lapwing_multivariate_normal_kl_divergence_f64(normal, NULL, &value));
    lapwing_multivariate_normal_free_f64(normal), lapwing_multivariate_normal_free_f64(NULL);
}

int main(void) {
    /* Row-major, and with both axes strided: views are read by the same code in both precisions, and every call takes long
     * under a memory checker. */
    statistics_f64(0);
    statistics_f32(LAYOUTS - 1);
    covariances_refuse();
    gaussians_refuse();
    return failures != 0;
}
