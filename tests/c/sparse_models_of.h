/* One precision: principal components and truncated singular values of one small sparse matrix, beside scikit-learn's. */

#include "matrix_of.h"

#ifndef SPARSE_MODELS_REFERENCE
#define SPARSE_MODELS_REFERENCE
enum { SAMPLES = 6, FEATURES = 4, ENTRIES = 10, KEPT = 2, HEAD = 2 };

static const double DENSE[SAMPLES][FEATURES] = {{1, 0, 2, 0}, {0, 0, 0, 3}, {0, 3, 0, 0},
                                                {4, 0, 5, 0}, {0, 1, 0, 2}, {6, 0, 0, 1}};
static const int32_t COLUMNS[ENTRIES] = {0, 2, 3, 1, 0, 2, 1, 3, 0, 3};
static const int32_t ROW_STARTS[SAMPLES + 1] = {0, 2, 3, 4, 6, 8, 10};

/* What scikit-learn 1.9.1 answers: the scores are those of the first rows. */
static const struct reference {
    double components[KEPT][FEATURES], singular_values[KEPT], variance[KEPT], ratio[KEPT], scores[HEAD][KEPT];
} TRUNCATED = /* TruncatedSVD(2, algorithm="arpack", tol=0) */
    {{{0.8587576003229135, 0.003470018007756436, 0.5028821360514839, 0.09814733874616317},
      {-0.35460536383336483, -0.14209730635858564, 0.7196816371711364, -0.5797600646689233}},
     {8.158969160172317, 4.261460195149769},
     {5.980208500195116, 2.791475158278624},
     {0.5200181304517492, 0.24273697028509775},
     {{1.8645218724258812, 1.084757910508908}, {0.29444201623848953, -1.7392801940067697}}},
  PRINCIPAL = /* PCA(2, svd_solver="full") */
    {{{0.8184761288140145, -0.2289694989605673, 0.48369498281169365, -0.20906687616685446},
      {-0.5221843495787429, 0.08601854041044937, 0.7813014202261563, -0.33089636823826307}},
     {6.448196541411721, 4.142176513652425},
     {8.315847727334816, 3.431525254050751},
     {0.6025976614010736, 0.24866125029353264},
     {{0.08272892047196523, 1.3597888161353793}, {-2.330337802466, -0.6733187794529795}}};
static const double MEAN[FEATURES] = {11.0 / 6, 4.0 / 6, 7.0 / 6, 1};
static const double NOISE = 1.0263135093072169;
#endif

/* Four features and ten random vectors beyond the components span the whole space: what remains are 60 * SAMPLES roundings
 * of the largest singular value, at most 8.2, and the tolerance of the Lanczos algorithm, 100. Vectors and scores are off
 * by that over the gaps, at least 0.7. */
#define BOUND ((60 * SAMPLES + 100) * 8.2 / 0.7 * UNIT_ROUNDOFF)
/* Of a square, twice the error times the largest root. */
#define VARIANCE_BOUND (2 * 8.2 * BOUND)

static void NAME(near)(NAME(lapwing_vec) found, const double *expected, int64_t count, double bound) {
    CHECK(found.len == count);
    for (int64_t i = 0; i < found.len; ++i) CHECK(fabs(found.data[i * found.stride] - expected[i]) <= bound);
}

static void NAME(near_matrix)(NAME(lapwing_mat) found, const double *expected, int64_t rows, int64_t cols) {
    CHECK(found.rows == rows && found.cols == cols);
    for (int64_t i = 0; i < found.rows; ++i)
        for (int64_t j = 0; j < found.cols; ++j)
            CHECK(fabs(found.data[i * found.row_stride + j * found.col_stride] - expected[i * cols + j]) <= BOUND);
}

/* The stored entries, in memory of their own so that a memory checker sees a step outside. */
static NAME(lapwing_csr) NAME(rows_of)(REAL *values) {
    int64_t count = 0;
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j)
            if (DENSE[i][j] != 0) values[count++] = (REAL)DENSE[i][j];
    CHECK(count == ENTRIES);
    const NAME(lapwing_csr) x = {values, COLUMNS, ROW_STARTS, SAMPLES, FEATURES};
    return x;
}

static NAME(owned) NAME(dense)(int layout) {
    NAME(owned) x = NAME(make)(layout, SAMPLES, FEATURES);
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j) *NAME(at)(x, i, j) = (REAL)DENSE[i][j];
    return x;
}

/* The first rows of a sparse matrix. */
static NAME(lapwing_csr) NAME(head)(NAME(lapwing_csr) x) {
    x.rows = HEAD;
    return x;
}

static void NAME(truncated_svd_is_that_of_scikit_learn)(NAME(lapwing_truncated_svd) *model, int32_t algorithm, int layout) {
    REAL values[ENTRIES];
    NAME(lapwing_mat) components;
    NAME(lapwing_vec) singular, variance, ratio;
    int64_t count = 0, features = 0, samples = 0;
    int32_t found = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_components)(model, &components));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_singular_values)(model, &singular));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_explained_variance)(model, &variance));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_explained_variance_ratio)(model, &ratio));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_n_components)(model, &count));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_n_features)(model, &features));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_n_samples)(model, &samples));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_algorithm)(model, &found));
    CHECK(count == KEPT && features == FEATURES && samples == SAMPLES && found == algorithm);
    NAME(near_matrix)(components, &TRUNCATED.components[0][0], KEPT, FEATURES);
    NAME(near)(singular, TRUNCATED.singular_values, KEPT, BOUND);
    NAME(near)(variance, TRUNCATED.variance, KEPT, VARIANCE_BOUND);
    NAME(near)(ratio, TRUNCATED.ratio, KEPT, VARIANCE_BOUND);

    NAME(owned) x = NAME(dense)(layout), scores = NAME(make)(layout, HEAD, KEPT), all = NAME(make)(layout, SAMPLES, KEPT);
    NAME(owned) restored = NAME(make)(layout, HEAD, FEATURES);
    NAME(scatter)(scores, 1); /* What was there before does not matter. */
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_transform_csr)(model, NAME(head)(NAME(rows_of)(values)), scores.view));
    NAME(near_matrix)(NAME(read_only)(scores), &TRUNCATED.scores[0][0], HEAD, KEPT);
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_transform)(model, NAME(read_only)(x), all.view));
    for (int64_t i = 0; i < HEAD; ++i)
        for (int64_t k = 0; k < KEPT; ++k)
            CHECK(fabs((double)*NAME(at)(all, i, k) - TRUNCATED.scores[i][k]) <= BOUND);
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_inverse_transform)(model, NAME(read_only)(scores), restored.view));
    for (int64_t i = 0; i < HEAD; ++i)
        for (int64_t j = 0; j < FEATURES; ++j) {
            double expected = 0;
            for (int64_t k = 0; k < KEPT; ++k) expected += TRUNCATED.scores[i][k] * TRUNCATED.components[k][j];
            CHECK(fabs(*NAME(at)(restored, i, j) - expected) <= 2 * KEPT * 2 * BOUND);
        }
    free(x.memory), free(scores.memory), free(all.memory), free(restored.memory);
}

static void NAME(truncated_svd)(void) {
    REAL values[ENTRIES];
    const NAME(lapwing_csr) sparse = NAME(rows_of)(values);
    static const int32_t algorithms[] = {LAPWING_TRUNCATED_SVD_RANDOMIZED, LAPWING_TRUNCATED_SVD_LANCZOS};
    for (int layout = 0; layout < LAYOUTS; ++layout)
        for (int i = 0; i < 2; ++i) {
            const lapwing_truncated_svd_options options = {.struct_size = sizeof options, .algorithm = algorithms[i]};
            NAME(owned) x = NAME(dense)(layout);
            NAME(lapwing_truncated_svd) *model = NULL;
            EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_fit)(NAME(read_only)(x), &options, &model));
            free(x.memory);
            NAME(truncated_svd_is_that_of_scikit_learn)(model, algorithms[i], layout);
            NAME(lapwing_truncated_svd_free)(model);
            EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_fit_csr)(sparse, &options, &model));
            NAME(truncated_svd_is_that_of_scikit_learn)(model, algorithms[i], layout);
            NAME(lapwing_truncated_svd_free)(model);
        }
    NAME(lapwing_truncated_svd) *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_fit_csr)(sparse, NULL, &model));
    NAME(truncated_svd_is_that_of_scikit_learn)(model, LAPWING_TRUNCATED_SVD_RANDOMIZED, 0);
    NAME(lapwing_truncated_svd_free)(model), NAME(lapwing_truncated_svd_free)(NULL);

    /* Of the one vector that a single component takes, without iterations nor vectors beyond it, too little is seen. */
    const lapwing_truncated_svd_options hasty = {.struct_size = sizeof hasty, .n_components = 1,
                                                 .power_iterations = LAPWING_RANDOMIZED_NONE,
                                                 .oversampling = LAPWING_RANDOMIZED_NONE};
    NAME(lapwing_vec) singular;
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_fit_csr)(sparse, &hasty, &model));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_singular_values)(model, &singular));
    CHECK(singular.len == 1 && singular.data[0] < TRUNCATED.singular_values[0] - BOUND);
    NAME(lapwing_truncated_svd_free)(model);
}

static void NAME(sparse_pca)(int layout) {
    REAL values[ENTRIES];
    const NAME(lapwing_csr) sparse = NAME(rows_of)(values);
    const lapwing_pca_options options = {.struct_size = sizeof options, .n_components = KEPT};
    NAME(lapwing_pca) *pca = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_fit_csr)(sparse, &options, &pca));
    NAME(lapwing_mat) components;
    NAME(lapwing_vec) mean, singular, variance, ratio;
    REAL noise = -1;
    int64_t samples = 0;
    int32_t solver = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_components)(pca, &components));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_mean)(pca, &mean));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_singular_values)(pca, &singular));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(pca, &variance));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance_ratio)(pca, &ratio));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_noise_variance)(pca, &noise));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_samples)(pca, &samples));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_solver)(pca, &solver));
    CHECK(samples == SAMPLES && solver == LAPWING_PCA_RANDOMIZED && fabs(noise - NOISE) <= VARIANCE_BOUND);
    NAME(near_matrix)(components, &PRINCIPAL.components[0][0], KEPT, FEATURES);
    NAME(near)(mean, MEAN, FEATURES, BOUND);
    NAME(near)(singular, PRINCIPAL.singular_values, KEPT, BOUND);
    NAME(near)(variance, PRINCIPAL.variance, KEPT, VARIANCE_BOUND);
    NAME(near)(ratio, PRINCIPAL.ratio, KEPT, VARIANCE_BOUND);

    NAME(owned) x = NAME(dense)(layout), scores = NAME(make)(layout, HEAD, KEPT), all = NAME(make)(layout, SAMPLES, KEPT);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform_csr)(pca, NAME(head)(sparse), scores.view));
    NAME(near_matrix)(NAME(read_only)(scores), &PRINCIPAL.scores[0][0], HEAD, KEPT);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform)(pca, NAME(read_only)(x), all.view));
    for (int64_t i = 0; i < HEAD; ++i)
        for (int64_t k = 0; k < KEPT; ++k)
            CHECK(fabs((double)*NAME(at)(all, i, k) - PRINCIPAL.scores[i][k]) <= BOUND);

    /* A model of dense data takes sparse rows, whitened or not. */
    const lapwing_pca_options whitened = {.struct_size = sizeof whitened, .n_components = KEPT,
                                          .solver = LAPWING_PCA_FULL, .whiten = LAPWING_PCA_UNIT_VARIANCE};
    NAME(lapwing_pca) *other = NULL;
    int32_t whitening = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_fit)(NAME(read_only)(x), &whitened, &other));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_whitening)(other, &whitening));
    CHECK(whitening == LAPWING_PCA_UNIT_VARIANCE);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform_csr)(other, NAME(head)(sparse), scores.view));
    for (int64_t i = 0; i < HEAD; ++i)
        for (int64_t k = 0; k < KEPT; ++k)
            CHECK(fabs(*NAME(at)(scores, i, k) - PRINCIPAL.scores[i][k] / sqrt(PRINCIPAL.variance[k])) <= 2 * BOUND);
    NAME(lapwing_pca_free)(pca), NAME(lapwing_pca_free)(other);
    free(x.memory), free(scores.memory), free(all.memory);
}

/* Each call that takes sparse rows fails like this, and leaves its output alone. */
static void NAME(refused)(lapwing_status status, const char *text, NAME(lapwing_csr) x) {
    REAL values[ENTRIES], scores[SAMPLES * KEPT];
    NAME(lapwing_pca) *const no_pca = (NAME(lapwing_pca) *)(void *)values, *pca = no_pca;
    NAME(lapwing_truncated_svd) *const no_svd = (NAME(lapwing_truncated_svd) *)(void *)values, *svd = no_svd;
    EXPECT_MESSAGE(status, text, NAME(lapwing_pca_fit_csr)(x, NULL, &pca));
    EXPECT_MESSAGE(status, text, NAME(lapwing_truncated_svd_fit_csr)(x, NULL, &svd));
    CHECK(pca == no_pca && svd == no_svd);
    for (int i = 0; i < SAMPLES * KEPT; ++i) scores[i] = 77;
    const NAME(lapwing_mat_mut) to = {scores, x.rows < 0 ? 0 : x.rows, KEPT, KEPT, 1};
    const lapwing_pca_options options = {.struct_size = sizeof options, .n_components = KEPT};
    EXPECT(LAPWING_OK, NAME(lapwing_pca_fit_csr)(NAME(rows_of)(values), &options, &pca));
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_fit_csr)(NAME(rows_of)(values), NULL, &svd));
    EXPECT_MESSAGE(status, text, NAME(lapwing_pca_transform_csr)(pca, x, to));
    EXPECT_MESSAGE(status, text, NAME(lapwing_truncated_svd_transform_csr)(svd, x, to));
    for (int i = 0; i < SAMPLES * KEPT; ++i) CHECK(scores[i] == 77);
    NAME(lapwing_pca_free)(pca), NAME(lapwing_truncated_svd_free)(svd);
}

static void NAME(rows_are_checked)(void) {
    REAL values[ENTRIES];
    const NAME(lapwing_csr) valid = NAME(rows_of)(values);
    NAME(lapwing_csr) x = valid;
    x.values = NULL;
    NAME(refused)(LAPWING_ERR_NULL, "x.values is NULL", x);
    x = valid, x.columns = NULL;
    NAME(refused)(LAPWING_ERR_NULL, "x.columns is NULL", x);
    x = valid, x.row_starts = NULL;
    NAME(refused)(LAPWING_ERR_NULL, "x.row_starts is NULL", x);
    x = valid, x.rows = -1;
    NAME(refused)(LAPWING_ERR_SHAPE, "x has -1 rows", x);
    x = valid, x.cols = 3;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "x.columns[2], in row 1, is 3, but must be at least 0 and less than 3", x);
    static const int32_t falling[] = {0, 2, 1, 4, 6, 8, 10}, unsorted[] = {2, 0, 3, 1, 0, 2, 1, 3, 0, 3};
    x = valid, x.row_starts = falling;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "x.row_starts[2] is 1", x);
    x = valid, x.columns = unsorted;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "x.columns[1], in row 0, is 0 and follows 2", x);
    values[5] = (REAL)NAN;
    NAME(refused)(LAPWING_ERR_NON_FINITE, "x[3, 2]", valid);
}

static void NAME(sparse_models)(void) {
    NAME(truncated_svd)();
    for (int layout = 0; layout < LAYOUTS; ++layout) NAME(sparse_pca)(layout);
    NAME(rows_are_checked)();
}
#undef BOUND
#undef VARIANCE_BOUND
