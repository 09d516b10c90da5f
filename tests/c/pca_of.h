/* Principal component analysis in one precision: every accessor against its definition, in every layout. */

#include "matrix_of.h"

enum { JOIN(SAMPLES, SUFFIX) = 12, JOIN(FEATURES, SUFFIX) = 4 };
#define SAMPLES NAME(SAMPLES)
#define FEATURES NAME(FEATURES)

/* Data with a mean and directions of different variance. */
static NAME(owned) NAME(data)(int layout) {
    NAME(owned) x = NAME(make)(layout, SAMPLES, FEATURES);
    NAME(scatter)(x, 3);
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j)
            *NAME(at)(x, i, j) = (REAL)(j + 1) * *NAME(at)(x, i, j) + (REAL)(10 * j);
    return x;
}

static NAME(lapwing_pca) *NAME(fit)(NAME(owned) x, int32_t solver, int32_t whiten, int64_t count) {
    lapwing_pca_options options = {.struct_size = sizeof options, .solver = solver, .whiten = whiten,
                                   .n_components = count, .seed = 5};
    NAME(lapwing_pca) *pca = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_fit)(NAME(read_only)(x), &options, &pca));
    return pca;
}

/* Entries are at most 34, centred ones 8, rows of centred ones 16 in norm. A centred entry is off by at most 100
 * roundings, so a score by 300, and restored data by those and 60 * FEATURES roundings of a score, which the
 * components may be off from orthonormal. */
#define BOUND (8192 * UNIT_ROUNDOFF)
/* Eigenvalues are off by 60 * FEATURES roundings of the norm of the covariance, at most 120, and by what the
 * error of a score does to its square. */
#define VARIANCE_BOUND (40000 * UNIT_ROUNDOFF)

static void NAME(accessors_are_what_they_say)(int layout, int32_t solver) {
    NAME(owned) x = NAME(data)(layout);
    NAME(lapwing_pca) *pca = NAME(fit)(x, solver, LAPWING_PCA_NO_WHITENING, 0);
    NAME(lapwing_mat) components;
    NAME(lapwing_vec) mean, variance, ratio, singular;
    REAL noise = -1;
    int64_t count = -1, features = -1, samples = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_components)(pca, &components));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_mean)(pca, &mean));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(pca, &variance));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance_ratio)(pca, &ratio));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_singular_values)(pca, &singular));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_noise_variance)(pca, &noise));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_components)(pca, &count));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_features)(pca, &features));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_samples)(pca, &samples));
    int32_t ran = -1, whitening = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_solver)(pca, &ran));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_whitening)(pca, &whitening));
    /* Twelve samples of four features are too few for the covariance. */
    CHECK(ran == (solver == LAPWING_PCA_AUTO ? LAPWING_PCA_FULL : solver) && whitening == LAPWING_PCA_NO_WHITENING);
    CHECK(count == FEATURES && features == FEATURES && samples == SAMPLES && noise == 0);
    CHECK(components.rows == FEATURES && components.cols == FEATURES);
    CHECK(mean.len == FEATURES && variance.len == FEATURES && ratio.len == FEATURES && singular.len == FEATURES);

    /* transform centres and projects; inverse_transform undoes it when all components are kept. */
    NAME(owned) scores = NAME(make)(layout, SAMPLES, FEATURES), restored = NAME(make)(layout, SAMPLES, FEATURES);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform)(pca, NAME(read_only)(x), scores.view));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_inverse_transform)(pca, NAME(read_only)(scores), restored.view));
    double total_share = 0;
    for (int64_t c = 0; c < FEATURES; ++c) {
        const double v = variance.data[c * variance.stride], s = singular.data[c * singular.stride];
        double average = 0, square = 0, sum = 0;
        for (int64_t i = 0; i < SAMPLES; ++i) {
            double projected = 0;
            for (int64_t j = 0; j < FEATURES; ++j)
                projected += ((double)*NAME(at)(x, i, j) - mean.data[j * mean.stride]) *
                             components.data[c * components.row_stride + j * components.col_stride];
            CHECK(fabs(projected - *NAME(at)(scores, i, c)) <= BOUND);
            CHECK(fabs((double)*NAME(at)(restored, i, c) - *NAME(at)(x, i, c)) <= BOUND);
            average += (double)*NAME(at)(x, i, c) / SAMPLES;
            sum += projected, square += projected * projected;
        }
        CHECK(fabs(average - mean.data[c * mean.stride]) <= BOUND);
        CHECK(fabs(sum) <= SAMPLES * BOUND);
        CHECK(fabs(square / (SAMPLES - 1) - v) <= VARIANCE_BOUND);
        CHECK(fabs(s * s / (SAMPLES - 1) - v) <= VARIANCE_BOUND);
        CHECK(c == 0 || v <= variance.data[(c - 1) * variance.stride]);
        for (int64_t d = 0; d < FEATURES; ++d) {
            double product = c == d ? -1 : 0;
            for (int64_t j = 0; j < FEATURES; ++j)
                product += (double)components.data[c * components.row_stride + j * components.col_stride] *
                           components.data[d * components.row_stride + j * components.col_stride];
            CHECK(fabs(product) <= 60 * FEATURES * UNIT_ROUNDOFF);
        }
        total_share += ratio.data[c * ratio.stride];
    }
    CHECK(fabs(total_share - 1) <= 16 * FEATURES * UNIT_ROUNDOFF);
    NAME(lapwing_pca_free)(pca);
    free(x.memory), free(scores.memory), free(restored.memory);
}

static void NAME(whitened_scores_have_unit_variance)(void) {
    NAME(owned) x = NAME(data)(0), scores = NAME(make)(1, SAMPLES, 2), restored = NAME(make)(0, SAMPLES, FEATURES);
    NAME(owned) plain = NAME(make)(0, SAMPLES, FEATURES), plain_scores = NAME(make)(0, SAMPLES, 2);
    NAME(lapwing_pca) *pca = NAME(fit)(x, LAPWING_PCA_FULL, LAPWING_PCA_UNIT_VARIANCE, 2);
    NAME(lapwing_pca) *unwhitened = NAME(fit)(x, LAPWING_PCA_FULL, LAPWING_PCA_NO_WHITENING, 2);
    NAME(lapwing_vec) variance;
    REAL noise = 0;
    int32_t whitening = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_whitening)(pca, &whitening));
    CHECK(whitening == LAPWING_PCA_UNIT_VARIANCE);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(pca, &variance));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_noise_variance)(pca, &noise));
    CHECK(noise > 0);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform)(pca, NAME(read_only)(x), scores.view));
    for (int64_t c = 0; c < 2; ++c) {
        double square = 0;
        for (int64_t i = 0; i < SAMPLES; ++i) square += pow(*NAME(at)(scores, i, c), 2) / (SAMPLES - 1);
        CHECK(fabs(square - 1) * variance.data[c * variance.stride] <= VARIANCE_BOUND);
    }
    EXPECT(LAPWING_OK, NAME(lapwing_pca_inverse_transform)(pca, NAME(read_only)(scores), restored.view));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform)(unwhitened, NAME(read_only)(x), plain_scores.view));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_inverse_transform)(unwhitened, NAME(read_only)(plain_scores), plain.view));
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j)
            CHECK(fabs((double)*NAME(at)(restored, i, j) - *NAME(at)(plain, i, j)) <= BOUND);
    NAME(lapwing_pca_free)(pca), NAME(lapwing_pca_free)(unwhitened);
    free(x.memory), free(scores.memory), free(restored.memory), free(plain.memory), free(plain_scores.memory);
}

static void NAME(options_choose)(void) {
    NAME(owned) x = NAME(data)(0);
    NAME(lapwing_pca) *pca = NULL;
    int64_t count = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_fit)(NAME(read_only)(x), NULL, &pca));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_components)(pca, &count));
    CHECK(count == FEATURES);
    NAME(lapwing_pca_free)(pca);

    lapwing_pca_options options = {.struct_size = sizeof options, .variance = 1e-6};
    EXPECT(LAPWING_OK, NAME(lapwing_pca_fit)(NAME(read_only)(x), &options, &pca));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_components)(pca, &count));
    CHECK(count == 1);
    NAME(lapwing_pca_free)(pca);

    pca = NAME(fit)(x, LAPWING_PCA_AUTO, LAPWING_PCA_NO_WHITENING, LAPWING_PCA_MLE);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_components)(pca, &count));
    CHECK(count >= 1 && count < FEATURES);
    NAME(lapwing_pca_free)(pca);

    /* The same seed gives the same bits. */
    NAME(lapwing_vec) first, second;
    pca = NAME(fit)(x, LAPWING_PCA_RANDOMIZED, LAPWING_PCA_NO_WHITENING, 2);
    NAME(lapwing_pca) *again = NAME(fit)(x, LAPWING_PCA_RANDOMIZED, LAPWING_PCA_NO_WHITENING, 2);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(pca, &first));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(again, &second));
    CHECK(first.len == 2 && second.len == 2 && memcmp(first.data, second.data, 2 * sizeof(REAL)) == 0);
    NAME(lapwing_pca_free)(pca), NAME(lapwing_pca_free)(again);
    NAME(lapwing_pca_free)(NULL);

    /* No rows have no scores. */
    const NAME(lapwing_mat) nothing = {NULL, 0, FEATURES, FEATURES, 1};
    const NAME(lapwing_mat_mut) no_scores = {NULL, 0, FEATURES, FEATURES, 1};
    pca = NAME(fit)(x, LAPWING_PCA_AUTO, LAPWING_PCA_NO_WHITENING, 0);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform)(pca, nothing, no_scores));
    NAME(lapwing_pca_free)(pca);
    free(x.memory);
}

/* scikit-learn 1.9.1's PCA(2, svd_solver="full") of six rows of four small integers. The variances are above 1 and below 9,
 * and hold to 60 * 6 roundings of the largest over the gaps, at least 2; the inverse and the distances in units of it to
 * twice that of the largest distance, 10. */
static void NAME(the_density_is_that_of_scikit_learn)(int layout) {
    static const double rows[6][4] = {{1, 0, 2, 0}, {0, 0, 0, 3}, {0, 3, 0, 0}, {4, 0, 5, 0}, {0, 1, 0, 2}, {6, 0, 0, 1}};
    static const double covariance[4][4] = {
        {6.565440323008686, -1.4741391376702464, 1.9045876881540238, -0.8317638379305616},
        {-1.4741391376702464, 1.426278766034942, -0.6456804630901519, 0.2804894728828167},
        {1.9045876881540238, -0.6456804630901519, 4.199997029391084, -1.3589701424587337},
        {-0.8317638379305616, 0.2804894728828167, -1.3589701424587337, 1.6082838815652893}};
    static const double precision[4][4] = {
        {0.21596773706384742, 0.190741406415352, -0.0595051043556046, 0.02814648438795487},
        {0.190741406415352, 0.9245295059854545, 0.0486954291849401, -0.0214473051710537},
        {-0.0595051043556046, 0.0486954291849401, 0.3576413782032394, 0.26293318629498713},
        {0.02814648438795487, -0.0214473051710537, 0.26293318629498713, 0.8622515817840057}};
    static const double likelihoods[3] = {-6.123341604911438, -7.369215785076761, -8.264169561269924};
    const double bound = 2 * 10 * 60 * 6 * 9 / 2 * UNIT_ROUNDOFF;
    NAME(owned) x = NAME(make)(layout, 6, 4), found = NAME(make)(layout, 4, 4);
    for (int64_t i = 0; i < 6; ++i)
        for (int64_t j = 0; j < 4; ++j) *NAME(at)(x, i, j) = (REAL)rows[i][j];
    NAME(lapwing_pca) *pca = NAME(fit)(x, LAPWING_PCA_FULL, LAPWING_PCA_NO_WHITENING, 2);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_covariance)(pca, found.view));
    for (int64_t i = 0; i < 4; ++i)
        for (int64_t j = 0; j < 4; ++j) CHECK(fabs(*NAME(at)(found, i, j) - covariance[i][j]) <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_precision)(pca, found.view));
    for (int64_t i = 0; i < 4; ++i)
        for (int64_t j = 0; j < 4; ++j) CHECK(fabs(*NAME(at)(found, i, j) - precision[i][j]) <= bound);
    REAL densities[3 * 2], mean = 0;
    const NAME(lapwing_vec_mut) backwards = {densities + 4, 3, -2};
    NAME(lapwing_mat) head = NAME(read_only)(x);
    head.rows = 3;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_score_samples)(pca, head, backwards));
    for (int i = 0; i < 3; ++i) CHECK(fabs(densities[4 - 2 * i] - likelihoods[i]) <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_pca_score)(pca, NAME(read_only)(x), &mean));
    CHECK(fabs(mean - -7.043978015105428) <= bound);
    NAME(lapwing_pca_free)(pca);

    /* Equal columns leave a variance of zero, which has no inverse and no density. */
    for (int64_t i = 0; i < 6; ++i) *NAME(at)(x, i, 1) = *NAME(at)(x, i, 0);
    pca = NAME(fit)(x, LAPWING_PCA_FULL, LAPWING_PCA_NO_WHITENING, 0);
    EXPECT_MESSAGE(LAPWING_ERR_SINGULAR, "keep fewer components", NAME(lapwing_pca_precision)(pca, found.view));
    EXPECT_MESSAGE(LAPWING_ERR_SINGULAR, "keep fewer components", NAME(lapwing_pca_score_samples)(pca, head, backwards));
    EXPECT_MESSAGE(LAPWING_ERR_SINGULAR, "keep fewer components", NAME(lapwing_pca_score)(pca, head, &mean));
    CHECK(fabs(mean - -7.043978015105428) <= bound && fabs(densities[4] - likelihoods[0]) <= bound);
    NAME(lapwing_pca_free)(pca);
    free(x.memory), free(found.memory);
}

static void *NAME(transforms)(void *model) {
    NAME(owned) x = NAME(data)(0), scores = NAME(make)(0, SAMPLES, 2);
    for (int round = 0; round < 20; ++round)
        if (NAME(lapwing_pca_transform)(model, NAME(read_only)(x), scores.view) != LAPWING_OK) model = NULL;
    free(x.memory);
    return model == NULL ? NULL : scores.memory;
}

static void NAME(threads_share_a_model)(void) {
    NAME(owned) x = NAME(data)(0);
    NAME(lapwing_pca) *pca = NAME(fit)(x, LAPWING_PCA_FULL, LAPWING_PCA_NO_WHITENING, 2);
    pthread_t others[3];
    for (int i = 0; i < 3; ++i) CHECK(pthread_create(&others[i], NULL, NAME(transforms), pca) == 0);
    void *mine = NAME(transforms)(pca);
    for (int i = 0; i < 3; ++i) {
        void *theirs = NULL;
        CHECK(pthread_join(others[i], &theirs) == 0);
        CHECK(theirs != NULL && mine != NULL && memcmp(theirs, mine, SAMPLES * 2 * sizeof(REAL)) == 0);
        free(theirs);
    }
    free(mine), free(x.memory);
    NAME(lapwing_pca_free)(pca);
}

static void NAME(pca)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(accessors_are_what_they_say)(layout, LAPWING_PCA_AUTO);
        NAME(accessors_are_what_they_say)(layout, LAPWING_PCA_FULL);
        NAME(accessors_are_what_they_say)(layout, LAPWING_PCA_COVARIANCE_EIGH);
    }
    for (int layout = 0; layout < LAYOUTS; ++layout) NAME(the_density_is_that_of_scikit_learn)(layout);
    NAME(whitened_scores_have_unit_variance)();
    NAME(options_choose)();
    NAME(threads_share_a_model)();
}

#undef SAMPLES
#undef FEATURES
#undef BOUND
#undef VARIANCE_BOUND
