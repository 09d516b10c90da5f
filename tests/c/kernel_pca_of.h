/* Kernel principal component analysis in one precision: scikit-learn's numbers in every layout, closed forms of two
 * samples, and one model on several threads. */

#include "matrix_of.h"

#ifndef KERNEL_PCA_REFERENCE
#define KERNEL_PCA_REFERENCE
enum { SAMPLES = 6, FEATURES = 2, NEW_ROWS = 2, KEPT = 2 };

static const double SAMPLE[SAMPLES][FEATURES] = {{1, 0}, {2, 1}, {0, 3}, {4, 2}, {3, 5}, {5, 1}};
static const double NEW_ROW[NEW_ROWS][FEATURES] = {{1, 1}, {4, 4}};

/* What scikit-learn 1.9.1 answers: KernelPCA(n_components=2, fit_inverse_transform=True, alpha=0.5, ...).fit(SAMPLE). */
static const struct reference {
    lapwing_kernel_pca_options options;
    double eigenvalues[KEPT], scores[NEW_ROWS][KEPT], restored[NEW_ROWS][FEATURES];
    /* The largest eigenvalue over the smallest gap, times the largest over the second. */
    double amplification;
    /* Of the kernel matrix of the scores plus alpha; 0 where it leaves no digits in single precision. */
    double condition;
} REFERENCES[] = {
    {{.kernel = LAPWING_KERNEL_LINEAR},
     {17.500000000000004, 16.0},
     {{-1.499999999999999, -1.000000000000002}, {1.4999999999999976, 2.000000000000002}},
     {{-1.458333333333324, -0.9696969696969603}, {1.4583333333333193, 1.9393939393939337}},
     13, 36},
    {{.kernel = LAPWING_KERNEL_RBF, .gamma = 0.25},
     {1.426340899464054, 1.1916118033630207},
     {{-0.5907893609299033, -0.2622789780872259}, {0.18774858892192045, 0.4040545756960421}},
     {{1.4145930076448252, 1.1416694127511833}, {2.4928232742328307, 2.6896251260262547}},
     7.3, 11},
    {{.kernel = LAPWING_KERNEL_POLYNOMIAL},
     {4014.3866678395093, 2161.582023527268},
     {{-18.17263307464599, -14.456396840519746}, {41.98841664297625, 15.25792476077476}},
     {{0.8970662719293847, 0.47021363330012744}, {29.296025506705842, 61.32401466264588}},
     4.1, 0},
    {{.kernel = LAPWING_KERNEL_POLYNOMIAL, .degree = 2, .gamma = 0.5, .homogeneity = LAPWING_KERNEL_HOMOGENEOUS},
     {182.23125284265765, 127.94416841259327},
     {{-5.085831048860293, -2.452036380537534}, {9.397488454169851, 1.2983145871514024}},
     {{1.0100162862250048, 1.290607852234738}, {1.9065648732532983, 3.6448471696135245}},
     4.8, 0},
    {{.kernel = LAPWING_KERNEL_SIGMOID, .gamma = 0.01, .coef0 = 0.1},
     {0.16408160553213938, 0.14629304932447054},
     {{0.13047557824372308, -0.11344035896350653}, {-0.11485791662722576, 0.20376169180570294}},
     {{1.3567787282529968, 1.0864115942565409}, {1.3662272926308534, 1.0948766312730003}},
     11, 2.2},
    {{.kernel = LAPWING_KERNEL_COSINE},
     {1.4181309996517104, 0.07470550804665155},
     {{0.1550916415040067, -0.15016495529949583}, {0.1550916415040067, -0.15016495529949583}},
     {{0.7219770315578566, 2.287157539300389}, {0.7219770315578566, 2.287157539300389}},
     361, 12},
};
#endif

static NAME(owned) NAME(filled)(int layout, int64_t rows, int64_t cols, const double *entries) {
    NAME(owned) a = NAME(make)(layout, rows, cols);
    for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < cols; ++j) *NAME(at)(a, i, j) = (REAL)entries[i * cols + j];
    return a;
}

static NAME(lapwing_kernel_pca) *NAME(fit)(NAME(owned) x, lapwing_kernel_pca_options options) {
    NAME(lapwing_kernel_pca) *model = NULL;
    options.struct_size = sizeof options;
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_fit)(NAME(read_only)(x), &options, &model));
    return model;
}

static REAL NAME(entry)(NAME(lapwing_mat) a, int64_t i, int64_t j) {
    return a.data[i * a.row_stride + j * a.col_stride];
}

/* An eigenvalue is off by 60 * SAMPLES roundings of the largest, LAPACK's threshold, and by those of the kernel's values: 400
 * in all. Vectors are off by that over the gap, and so are scores, of their largest; what is restored from them, by the
 * condition of the regression more. */
static void NAME(is_that_of_scikit_learn)(int layout, const struct reference *reference) {
    NAME(owned) x = NAME(filled)(layout, SAMPLES, FEATURES, &SAMPLE[0][0]);
    NAME(owned) rows = NAME(filled)(LAYOUTS - 1 - layout, NEW_ROWS, FEATURES, &NEW_ROW[0][0]);
    NAME(owned) scores = NAME(make)(layout, NEW_ROWS, KEPT), restored = NAME(make)(layout, NEW_ROWS, FEATURES);
    lapwing_kernel_pca_options options = reference->options;
    options.n_components = KEPT, options.fit_inverse_transform = LAPWING_KERNEL_PCA_INVERSE, options.alpha = 0.5;
    NAME(lapwing_kernel_pca) *model = NAME(fit)(x, options);
    NAME(lapwing_vec) eigenvalues;
    NAME(lapwing_mat) eigenvectors, samples, coefficients;
    int32_t kernel = -1;
    int64_t components = 0, features = 0, count = 0;
    double gamma = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_eigenvalues)(model, &eigenvalues));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_eigenvectors)(model, &eigenvectors));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_x_fit)(model, &samples));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_dual_coef)(model, &coefficients));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_kernel)(model, &kernel));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_gamma)(model, &gamma));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_n_components)(model, &components));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_n_features)(model, &features));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_n_samples)(model, &count));
    CHECK(kernel == options.kernel && gamma == (options.gamma == 0 ? 1.0 / FEATURES : options.gamma));
    CHECK(components == KEPT && features == FEATURES && count == SAMPLES && eigenvalues.len == KEPT);
    CHECK(eigenvectors.rows == SAMPLES && eigenvectors.cols == KEPT);
    CHECK(samples.rows == SAMPLES && samples.cols == FEATURES);
    CHECK(coefficients.rows == SAMPLES && coefficients.cols == FEATURES);
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j) CHECK(NAME(entry)(samples, i, j) == (REAL)SAMPLE[i][j]);

    const double bound = 400 * UNIT_ROUNDOFF;
    NAME(scatter)(scores, 1); /* What was there before does not matter. */
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_transform)(model, NAME(read_only)(rows), scores.view));
    for (int64_t k = 0; k < KEPT; ++k) {
        const double value = eigenvalues.data[k * eigenvalues.stride];
        CHECK(fabs(value - reference->eigenvalues[k]) <= bound * reference->eigenvalues[0]);
        /* The largest entry of each vector is positive; where two tie, rounding decides which of them. */
        double largest = 0, smallest = 0;
        for (int64_t i = 0; i < SAMPLES; ++i) {
            largest = fmax(largest, NAME(entry)(eigenvectors, i, k));
            smallest = fmin(smallest, NAME(entry)(eigenvectors, i, k));
        }
        CHECK(largest >= -smallest * (1 - bound * reference->amplification));
        const double sign = *NAME(at)(scores, 0, k) * reference->scores[0][k] < 0 ? -1 : 1;
        CHECK(sign == 1 || largest <= -smallest * (1 + bound * reference->amplification));
        for (int64_t i = 0; i < NEW_ROWS; ++i) {
            const double scale = fmax(fabs(reference->scores[0][k]), fabs(reference->scores[1][k]));
            const double error = sign * *NAME(at)(scores, i, k) - reference->scores[i][k];
            CHECK(fabs(error) <= bound * reference->amplification * scale);
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_inverse_transform)(model, NAME(read_only)(scores), restored.view));
    for (int64_t i = 0; i < NEW_ROWS && reference->condition > 0; ++i)
        for (int64_t j = 0; j < FEATURES; ++j) {
            const double error = *NAME(at)(restored, i, j) - reference->restored[i][j];
            CHECK(fabs(error) <= bound * reference->amplification * reference->condition * 3);
        }
    NAME(lapwing_kernel_pca_free)(model);
    free(x.memory), free(rows.memory), free(scores.memory), free(restored.memory);
}

/* Two samples whose kernel values are a with themselves and b with one another have the one eigenvalue a - b. */
static void NAME(two_samples)(lapwing_kernel_pca_options options, double first, double second, double expected) {
    const double entries[] = {first, second};
    NAME(owned) x = NAME(filled)(0, 2, 1, entries);
    NAME(lapwing_kernel_pca) *model = NAME(fit)(x, options);
    NAME(lapwing_vec) eigenvalues;
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_eigenvalues)(model, &eigenvalues));
    CHECK(eigenvalues.len == (expected > 0));
    /* The roundings of two values below 16 and of their eigenproblem. */
    if (eigenvalues.len == 1) CHECK(fabs(eigenvalues.data[0] - expected) <= 16 * 60 * 2 * UNIT_ROUNDOFF);
    NAME(lapwing_kernel_pca_free)(model);
    free(x.memory);
}

static void NAME(defaults_are_those_of_scikit_learn)(void) {
    const lapwing_kernel_pca_options linear = {0}, rbf = {.kernel = LAPWING_KERNEL_RBF},
                                     polynomial = {.kernel = LAPWING_KERNEL_POLYNOMIAL},
                                     power = {.kernel = LAPWING_KERNEL_POLYNOMIAL, .degree = 2,
                                              .homogeneity = LAPWING_KERNEL_HOMOGENEOUS},
                                     sigmoid = {.kernel = LAPWING_KERNEL_SIGMOID},
                                     tangent = {.kernel = LAPWING_KERNEL_SIGMOID, .homogeneity = LAPWING_KERNEL_HOMOGENEOUS},
                                     cosine = {.kernel = LAPWING_KERNEL_COSINE};
    NAME(two_samples)(linear, 1, -1, 2);
    NAME(two_samples)(rbf, 1, -1, 1 - exp(-4));
    NAME(two_samples)(polynomial, 1, -1, 8);
    NAME(two_samples)(power, 1, -1, 0); /* The squares of both are the same. */
    NAME(two_samples)(sigmoid, 1, -1, tanh(2));
    NAME(two_samples)(tangent, 1, -1, 2 * tanh(1));
    NAME(two_samples)(cosine, 3, -0.5, 2);

    /* The same from values, of which the scores of further rows are known as well: with eigenvectors (1, -1) / sqrt(2),
     * half the difference of the row's values, over the root of half of a - b. */
    const double values[] = {3, 1, 1, 3}, row[] = {5, 2};
    NAME(owned) x = NAME(filled)(1, 2, 2, values), further = NAME(filled)(0, 1, 2, row), scores = NAME(make)(0, 1, 2);
    const lapwing_kernel_pca_options precomputed = {.kernel = LAPWING_KERNEL_PRECOMPUTED, .n_components = 2};
    NAME(lapwing_kernel_pca) *model = NAME(fit)(x, precomputed);
    NAME(lapwing_vec) eigenvalues;
    NAME(lapwing_mat) samples;
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_eigenvalues)(model, &eigenvalues));
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_x_fit)(model, &samples));
    CHECK(eigenvalues.len == 2 && eigenvalues.data[eigenvalues.stride] == 0 && samples.rows == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_transform)(model, NAME(read_only)(further), scores.view));
    CHECK(fabs(fabs(*NAME(at)(scores, 0, 0)) - 1.5) <= 5 * 60 * 2 * UNIT_ROUNDOFF && *NAME(at)(scores, 0, 1) == 0);
    NAME(lapwing_kernel_pca_free)(model);
    lapwing_kernel_pca_options removed = precomputed;
    removed.zero_eigenvalues = LAPWING_KERNEL_PCA_REMOVE_ZEROS;
    model = NAME(fit)(x, removed);
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_eigenvalues)(model, &eigenvalues));
    CHECK(eigenvalues.len == 1);
    NAME(lapwing_kernel_pca_free)(model), NAME(lapwing_kernel_pca_free)(NULL);

    /* A kernel with a negative eigenvalue is none; and values differ from their mirror. */
    NAME(lapwing_kernel_pca) *const unset = (NAME(lapwing_kernel_pca) *)(void *)x.memory, *out = unset;
    lapwing_kernel_pca_options all = precomputed;
    all.struct_size = sizeof all, all.n_components = 0;
    *NAME(at)(x, 0, 1) = *NAME(at)(x, 1, 0) = 5;
    EXPECT_MESSAGE(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "has the eigenvalue -2",
                   NAME(lapwing_kernel_pca_fit)(NAME(read_only)(x), &all, &out));
    *NAME(at)(x, 0, 1) = 1;
    EXPECT_MESSAGE(LAPWING_ERR_NOT_SYMMETRIC, "x is not symmetric: [1, 0]",
                   NAME(lapwing_kernel_pca_fit)(NAME(read_only)(x), &all, &out));
    CHECK(out == unset);
    free(x.memory), free(further.memory), free(scores.memory);
}

static void *NAME(transforms)(void *model) {
    NAME(owned) x = NAME(filled)(0, NEW_ROWS, FEATURES, &NEW_ROW[0][0]), scores = NAME(make)(0, NEW_ROWS, KEPT);
    for (int round = 0; round < 20; ++round)
        if (NAME(lapwing_kernel_pca_transform)(model, NAME(read_only)(x), scores.view) != LAPWING_OK) model = NULL;
    free(x.memory);
    return model == NULL ? NULL : scores.memory;
}

static void NAME(threads_share_a_model)(void) {
    NAME(owned) x = NAME(filled)(0, SAMPLES, FEATURES, &SAMPLE[0][0]);
    const lapwing_kernel_pca_options options = {.kernel = LAPWING_KERNEL_RBF, .n_components = KEPT};
    NAME(lapwing_kernel_pca) *model = NAME(fit)(x, options);
    pthread_t others[3];
    for (int i = 0; i < 3; ++i) CHECK(pthread_create(&others[i], NULL, NAME(transforms), model) == 0);
    void *mine = NAME(transforms)(model);
    for (int i = 0; i < 3; ++i) {
        void *theirs = NULL;
        CHECK(pthread_join(others[i], &theirs) == 0);
        CHECK(theirs != NULL && mine != NULL && memcmp(theirs, mine, NEW_ROWS * KEPT * sizeof(REAL)) == 0);
        free(theirs);
    }
    free(mine), free(x.memory);
    NAME(lapwing_kernel_pca_free)(model);
}

static void NAME(kernel_pca)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout)
        for (size_t i = 0; i < sizeof REFERENCES / sizeof *REFERENCES; ++i)
            NAME(is_that_of_scikit_learn)(layout, &REFERENCES[i]);
    NAME(defaults_are_those_of_scikit_learn)();
    NAME(threads_share_a_model)();
}
