/* What data passes before a model, discriminants and metrics: closed forms in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "preparations_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "preparations_of.h"

static double entries[4 * 2] = {0, 0, 2, 0, 0, 4, 2, 4};
static const lapwing_mat_f64 x = {entries, 4, 2, 2, 1};
static const lapwing_vec_f64 none = {0};
static const int64_t labels[] = {5, -3, 5, -3};

/* A model that was not written, and is never dereferenced. */
#define UNSET(type) ((type *)(void *)entries)
#define REFUSED(type, status, text, call)                                                                              \
    do {                                                                                                               \
        type *out = UNSET(type);                                                                                       \
        EXPECT_MESSAGE(status, text, call);                                                                            \
        CHECK(out == UNSET(type));                                                                                     \
    } while (0)

static void metrics_and_folds_refuse(void) {
    double value = 7;
    const double weights[] = {1, -1, 1, 1};
    const lapwing_vec_f64 negative = {weights, 4, 1};
    const lapwing_mat_f64 y = {entries, 4, 1, 2, 1};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "averaging is 2", lapwing_r2_score_f64(y, y, none, 2, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_mean_squared_error_f64(y, y, none, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "y_pred has 2 columns", lapwing_mean_absolute_error_f64(y, x, none, &value));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "-1", lapwing_root_mean_squared_error_f64(y, y, negative, &value));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "at least 2",
                   lapwing_r2_score_f64((lapwing_mat_f64){entries, 1, 1, 1, 1}, (lapwing_mat_f64){entries, 1, 1, 1, 1},
                                        none, 0, &value));
    CHECK(value == 7);

    int64_t folds[8] = {7};
    EXPECT(LAPWING_OK, lapwing_k_fold(8, 3, LAPWING_FOLDS_CONSECUTIVE, 0, folds));
    const int64_t expected[] = {0, 0, 0, 1, 1, 1, 2, 2};
    CHECK(memcmp(folds, expected, sizeof folds) == 0);
    EXPECT(LAPWING_OK, lapwing_k_fold(8, 3, LAPWING_FOLDS_SHUFFLED, 1, folds));
    int64_t count[3] = {0};
    for (int i = 0; i < 8; ++i) {
        CHECK(folds[i] >= 0 && folds[i] < 3);
        ++count[folds[i]];
    }
    CHECK(count[0] == 3 && count[1] == 3 && count[2] == 2);
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "samples", lapwing_k_fold(2, 3, 0, 0, folds));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "n_splits is 1", lapwing_k_fold(8, 1, 0, 0, folds));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "n_samples is -1", lapwing_k_fold(-1, 2, 0, 0, folds));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "order is 2", lapwing_k_fold(8, 2, 2, 0, folds));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "folds is NULL", lapwing_k_fold(8, 2, 0, 0, NULL));
    /* Refused before a number is written: no memory holds so many. */
    EXPECT(LAPWING_ERR_OUT_OF_MEMORY, lapwing_k_fold(INT64_MAX, 2, 0, 0, folds));
}

static void transforms_refuse(void) {
    lapwing_standard_scaler_options scaling = {.struct_size = sizeof scaling, .scaling = 2};
    REFUSED(lapwing_standard_scaler, LAPWING_ERR_ARGUMENT, "scaling is 2",
            lapwing_standard_scaler_fit_f64(x, none, &scaling, &out));
    scaling.struct_size = 1;
    REFUSED(lapwing_standard_scaler, LAPWING_ERR_ARGUMENT, "sizeof(lapwing_standard_scaler_options)",
            lapwing_standard_scaler_fit_f64(x, none, &scaling, &out));
    lapwing_whitening_options whitening = {.struct_size = sizeof whitening, .method = 5};
    REFUSED(lapwing_whitening_f64, LAPWING_ERR_ARGUMENT, "method is 5", lapwing_whitening_fit_f64(x, &whitening, &out));
    whitening.method = LAPWING_WHITENING_CHOLESKY, whitening.floor = 0.5;
    REFUSED(lapwing_whitening_f64, LAPWING_ERR_ARGUMENT, "floor is 0.5",
            lapwing_whitening_fit_f64(x, &whitening, &out));
    REFUSED(lapwing_whitening_f64, LAPWING_ERR_SINGULAR, "singular",
            lapwing_whitening_fit_f64((lapwing_mat_f64){entries, 2, 2, 2, 1}, NULL, &out));
    lapwing_polynomial_features_options polynomial = {.struct_size = sizeof polynomial, .degree = -2};
    REFUSED(lapwing_polynomial_features, LAPWING_ERR_ARGUMENT, "degree is -2",
            lapwing_polynomial_features_new(2, &polynomial, &out));
    REFUSED(lapwing_polynomial_features, LAPWING_ERR_SHAPE, "no features",
            lapwing_polynomial_features_new(0, NULL, &out));
    polynomial.degree = 40;
    REFUSED(lapwing_polynomial_features, LAPWING_ERR_TOO_LARGE, "terms",
            lapwing_polynomial_features_new(1000, &polynomial, &out));

    double scaled[8] = {7, 7, 7, 7, 7, 7, 7, 7};
    lapwing_standard_scaler *scaler = NULL;
    EXPECT(LAPWING_OK, lapwing_standard_scaler_fit_f64(x, none, NULL, &scaler));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "scaled has 3 rows",
                   lapwing_standard_scaler_transform_f64(scaler, x, (lapwing_mat_mut_f64){scaled, 3, 2, 2, 1}));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "scaled overlaps x",
                   lapwing_standard_scaler_transform_f64(scaler, x, (lapwing_mat_mut_f64){entries, 4, 2, 2, 1}));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL",
                   lapwing_standard_scaler_transform_f64(NULL, x, (lapwing_mat_mut_f64){scaled, 4, 2, 2, 1}));
    REFUSED(lapwing_standard_scaler, LAPWING_ERR_NULL, "other is NULL",
            lapwing_standard_scaler_merged(scaler, NULL, &out));
    CHECK(scaled[0] == 7);
    lapwing_standard_scaler_free(scaler), lapwing_standard_scaler_free(NULL), lapwing_polynomial_features_free(NULL);
}

static void discriminants_refuse(void) {
    lapwing_discriminant_options options;
    const lapwing_discriminant_options valid = {.struct_size = sizeof valid,
                                                .solver = LAPWING_DISCRIMINANT_LEAST_SQUARES};
    const int64_t one_class[4] = {0};
    const double halves[] = {0.5, 0.25};
    options = valid, options.solver = 3;
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_ARGUMENT, "solver is 3",
            lapwing_linear_discriminant_fit_f64(x, labels, none, &options, &out));
    options = valid, options.shrinkage = 3;
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_ARGUMENT, "shrinkage is 3",
            lapwing_linear_discriminant_fit_f64(x, labels, none, &options, &out));
    options = valid, options.share = 0.5;
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_ARGUMENT, "share is 0.5",
            lapwing_linear_discriminant_fit_f64(x, labels, none, &options, &out));
    options = valid, options.struct_size = 9;
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_ARGUMENT, "sizeof(lapwing_discriminant_options)",
            lapwing_linear_discriminant_fit_f64(x, labels, none, &options, &out));
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_NULL, "labels is NULL",
            lapwing_linear_discriminant_fit_f64(x, NULL, none, NULL, &out));
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_ARGUMENT, "1 different labels",
            lapwing_linear_discriminant_fit_f64(x, one_class, none, NULL, &out));
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_ARGUMENT, "priors",
            lapwing_linear_discriminant_fit_f64(x, labels, (lapwing_vec_f64){halves, 2, 1}, NULL, &out));
    options = valid, options.regularization = 2;
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_ARGUMENT, "regularization is 2",
            lapwing_quadratic_discriminant_fit_f64(x, labels, none, &options, &out));
    REFUSED(lapwing_discriminant_f64, LAPWING_ERR_SINGULAR, "class 0",
            lapwing_quadratic_discriminant_fit_f64(x, labels, none, NULL, &out));

    options = valid, options.regularization = 0.5;
    lapwing_discriminant_f64 *model = NULL;
    double values[4] = {7, 7, 7, 7};
    EXPECT(LAPWING_OK, lapwing_quadratic_discriminant_fit_f64(x, labels, none, &options, &model));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "quadratic discriminant analysis, which has no such part",
                   lapwing_discriminant_coefficients_f64(model, (lapwing_mat_mut_f64){values, 2, 2, 2, 1}));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "class_index is 2",
                   lapwing_discriminant_class_covariance_f64(model, 2, (lapwing_mat_mut_f64){values, 2, 2, 2, 1}));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", lapwing_discriminant_predict_f64(model, x, NULL));
    CHECK(values[0] == 7);
    lapwing_discriminant_free_f64(model), lapwing_discriminant_free_f64(NULL);
    /* Least squares finds no projection. */
    EXPECT(LAPWING_OK, lapwing_linear_discriminant_fit_f64((lapwing_mat_f64){entries, 4, 1, 2, 1},
                                                           (const int64_t[]){0, 1, 1, 0}, none, &valid, &model));
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "a projection",
                   lapwing_discriminant_transform_f64(model, (lapwing_mat_f64){entries, 4, 1, 2, 1},
                                                      (lapwing_mat_mut_f64){values, 4, 1, 1, 1}));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "one covariance",
                   lapwing_discriminant_class_covariance_f64(model, 0, (lapwing_mat_mut_f64){values, 1, 1, 1, 1}));
    lapwing_discriminant_free_f64(model);
}

int main(void) {
    /* Row-major, and with both axes strided: views are read by the same code in both precisions, and every call takes long
     * under a memory checker. */
    preparations_f64(0);
    preparations_f32(LAYOUTS - 1);
    metrics_and_folds_refuse();
    transforms_refuse();
    discriminants_refuse();
    return failures != 0;
}
