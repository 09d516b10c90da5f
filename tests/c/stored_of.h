/* Models as text in one precision: what is read back is the model that was written, bit for bit. */

#include "matrix_of.h"

#ifndef STORED_EXTENTS
#define STORED_EXTENTS
enum { SAMPLES = 12, FEATURES = 3, KEPT = 2 };
#endif

static NAME(owned) NAME(data)(void) {
    NAME(owned) x = NAME(make)(0, SAMPLES, FEATURES);
    NAME(scatter)(x, 5);
    return x;
}

/* The text of a model, asked for twice: for its length, and for itself. */
#define TEXT_OF(to_json, model, text, length)                                                                \
    do {                                                                                                     \
        size_t again_ = 0;                                                                                   \
        EXPECT(LAPWING_OK, to_json(model, NULL, 0, &(length)));                                              \
        (text) = malloc((length) + 1);                                                                       \
        EXPECT(LAPWING_OK, to_json(model, text, (length) + 1, &again_));                                     \
        CHECK(again_ == (length) && strlen(text) == (length));                                               \
    } while (0)

/* Its fault, and that the output is left alone. The unset model is never dereferenced. */
#define REFUSED(from_json, type, status, why, text, length)                                                  \
    do {                                                                                                     \
        type *const unset_ = (type *)(void *)x.memory, *out_ = unset_;                                       \
        EXPECT_MESSAGE(status, why, from_json(text, length, &out_));                                         \
        CHECK(out_ == unset_);                                                                               \
    } while (0)

/* A model that was fitted, written, read and written again, and what both make of the data. */
#define COMES_BACK(model_name, format, fit, to_json, from_json, transform, release, type)                    \
    static void NAME(model_name##_comes_back)(void) {                                                        \
        NAME(owned) x = NAME(data)(), first = NAME(make)(0, SAMPLES, KEPT), second = NAME(make)(0, SAMPLES, KEPT); \
        type *model = fit(NAME(read_only)(x)), *other = NULL;                                                \
        char *text = NULL, *again = NULL, cut[9];                                                            \
        size_t length = 0, length_again = 0;                                                                 \
        TEXT_OF(to_json, model, text, length);                                                               \
        CHECK(strncmp(text, "{\"format\":\"" format "\"", strlen(format) + 12) == 0);                        \
        EXPECT(LAPWING_OK, to_json(model, cut, sizeof cut, &length_again));                                  \
        CHECK(length_again == length && strcmp(cut, "{\"format") == 0);                                      \
        /* Of exactly its length, without the terminating NUL. */                                            \
        char *exact = malloc(length);                                                                        \
        memcpy(exact, text, length);                                                                         \
        EXPECT(LAPWING_OK, from_json(exact, length, &other));                                                \
        free(exact);                                                                                         \
        TEXT_OF(to_json, other, again, length_again);                                                        \
        CHECK(length_again == length && strcmp(text, again) == 0);                                           \
        EXPECT(LAPWING_OK, transform(model, NAME(read_only)(x), first.view));                                \
        EXPECT(LAPWING_OK, transform(other, NAME(read_only)(x), second.view));                               \
        CHECK(memcmp(first.memory, second.memory, first.count * sizeof(REAL)) == 0);                         \
                                                                                                             \
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "is NULL", to_json(NULL, text, length, &length_again));             \
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "length is NULL", to_json(model, text, length, NULL));              \
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", from_json(text, length, NULL));                      \
        REFUSED(from_json, type, LAPWING_ERR_NULL, "text is NULL", NULL, length);                            \
        REFUSED(from_json, type, LAPWING_ERR_ARGUMENT, "text is not a model", text, 0);                      \
        REFUSED(from_json, type, LAPWING_ERR_ARGUMENT, "EOF", text, length - 1);                             \
        text[11] = 'L';                                                                                      \
        REFUSED(from_json, type, LAPWING_ERR_ARGUMENT, "its format is \"Lapwing", text, length);             \
        text[11] = 'l';                                                                                      \
        char *version = strstr(text, "\"version\":1");                                                       \
        CHECK(version != NULL);                                                                              \
        if (version != NULL) version[10] = '9';                                                              \
        REFUSED(from_json, type, LAPWING_ERR_ARGUMENT, "format version 9", text, length);                    \
        release(model), release(other);                                                                      \
        free(text), free(again), free(x.memory), free(first.memory), free(second.memory);                    \
    }

static NAME(lapwing_pca) *NAME(fit_pca)(NAME(lapwing_mat) x) {
    const lapwing_pca_options options = {.struct_size = sizeof options, .n_components = KEPT};
    NAME(lapwing_pca) *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_fit)(x, &options, &model));
    return model;
}
COMES_BACK(pca, "lapwing.pca", NAME(fit_pca), NAME(lapwing_pca_to_json), NAME(lapwing_pca_from_json),
           NAME(lapwing_pca_transform), NAME(lapwing_pca_free), NAME(lapwing_pca))

static NAME(lapwing_kernel_pca) *NAME(fit_kernel_pca)(NAME(lapwing_mat) x) {
    const lapwing_kernel_pca_options options = {.struct_size = sizeof options, .n_components = KEPT,
                                                .kernel = LAPWING_KERNEL_RBF,
                                                .fit_inverse_transform = LAPWING_KERNEL_PCA_INVERSE};
    NAME(lapwing_kernel_pca) *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_kernel_pca_fit)(x, &options, &model));
    return model;
}
COMES_BACK(kernel_pca, "lapwing.kernel_pca", NAME(fit_kernel_pca), NAME(lapwing_kernel_pca_to_json),
           NAME(lapwing_kernel_pca_from_json), NAME(lapwing_kernel_pca_transform), NAME(lapwing_kernel_pca_free),
           NAME(lapwing_kernel_pca))

static NAME(lapwing_truncated_svd) *NAME(fit_truncated_svd)(NAME(lapwing_mat) x) {
    NAME(lapwing_truncated_svd) *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_fit)(x, NULL, &model));
    return model;
}
COMES_BACK(truncated_svd, "lapwing.truncated_svd", NAME(fit_truncated_svd), NAME(lapwing_truncated_svd_to_json),
           NAME(lapwing_truncated_svd_from_json), NAME(lapwing_truncated_svd_transform),
           NAME(lapwing_truncated_svd_free), NAME(lapwing_truncated_svd))

/* A pass over the data that is interrupted in the middle ends as if it had not been, up to the roundings of sums of SAMPLES
 * squares, each at most 4, and of eigenvalues of their size. */
static void NAME(a_pass_goes_on)(int32_t method) {
    NAME(owned) x = NAME(data)();
    NAME(lapwing_mat) upper = NAME(read_only)(x), lower = upper;
    upper.rows = lower.rows = SAMPLES / 2, lower.data += SAMPLES / 2 * FEATURES;
    const lapwing_incremental_pca_options options = {.struct_size = sizeof options, .method = method, .n_components = KEPT};
    NAME(lapwing_incremental_pca) *model = NULL, *other = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_new)(&options, &model));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_partial_fit)(model, upper));
    char *text = NULL;
    size_t length = 0;
    TEXT_OF(NAME(lapwing_incremental_pca_to_json), model, text, length);
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_from_json)(text, length, &other));
    NAME(lapwing_pca) *whole = NULL, *resumed = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_partial_fit)(model, lower));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_partial_fit)(other, lower));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_finish)(model, &whole));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_finish)(other, &resumed));
    NAME(lapwing_vec) expected, found;
    int64_t samples = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(whole, &expected));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(resumed, &found));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_samples)(resumed, &samples));
    CHECK(samples == SAMPLES && expected.len == KEPT && found.len == KEPT);
    for (int k = 0; k < KEPT; ++k)
        CHECK(fabs((double)found.data[k] - (double)expected.data[k]) <= (60 * FEATURES + SAMPLES) * 4 * UNIT_ROUNDOFF);

    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", NAME(lapwing_incremental_pca_to_json)(NULL, NULL, 0, &length));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "length is NULL", NAME(lapwing_incremental_pca_to_json)(model, NULL, 0, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", NAME(lapwing_incremental_pca_from_json)(text, length, NULL));
    REFUSED(NAME(lapwing_incremental_pca_from_json), NAME(lapwing_incremental_pca), LAPWING_ERR_NULL, "text is NULL", NULL, 1);
    /* A model in the making is no fitted one, and the other way round. */
    REFUSED(NAME(lapwing_pca_from_json), NAME(lapwing_pca), LAPWING_ERR_ARGUMENT, "text is not a model", text, length);
    free(text);
    TEXT_OF(NAME(lapwing_pca_to_json), whole, text, length);
    REFUSED(NAME(lapwing_incremental_pca_from_json), NAME(lapwing_incremental_pca), LAPWING_ERR_ARGUMENT,
            "text is not a model", text, length);
    NAME(lapwing_pca_free)(whole), NAME(lapwing_pca_free)(resumed);
    NAME(lapwing_incremental_pca_free)(model), NAME(lapwing_incremental_pca_free)(other);
    free(text), free(x.memory);
}

static void NAME(stored)(void) {
    NAME(pca_comes_back)();
    NAME(kernel_pca_comes_back)();
    NAME(truncated_svd_comes_back)();
    NAME(a_pass_goes_on)(LAPWING_INCREMENTAL_EXACT);
    NAME(a_pass_goes_on)(LAPWING_INCREMENTAL_LOW_RANK);
}
#undef TEXT_OF
#undef REFUSED
#undef COMES_BACK
