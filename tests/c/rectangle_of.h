/* A rectangle's corners in one precision, and what the tests of their statistics share. */

#include "matrix_of.h"

#ifndef STATISTICS_REFERENCE
#define STATISTICS_REFERENCE
/* Mean (1, 2); covariance diag(1, 4). */
static const double CORNERS[4][2] = {{0, 0}, {2, 0}, {0, 4}, {2, 4}};
static const double PI = 3.141592653589793;
#endif

static inline NAME(owned) NAME(filled)(int layout, int64_t rows, int64_t cols, const double *entries) {
    NAME(owned) a = NAME(make)(layout, rows, cols);
    for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < cols; ++j) *NAME(at)(a, i, j) = (REAL)entries[i * cols + j];
    return a;
}

static inline int NAME(near)(double found, double exact) {
    /* No answer takes more than some 50 roundings of numbers up to the exact one, or up to 10. */
    return fabs(found - exact) <= 500 * UNIT_ROUNDOFF * fmax(1, fabs(exact));
}

static inline int NAME(is)(NAME(owned) a, double a00, double a01, double a10, double a11) {
    return NAME(near)(*NAME(at)(a, 0, 0), a00) && NAME(near)(*NAME(at)(a, 0, 1), a01) &&
           NAME(near)(*NAME(at)(a, 1, 0), a10) && NAME(near)(*NAME(at)(a, 1, 1), a11);
}

static inline NAME(lapwing_vec_mut) NAME(column)(NAME(owned) a) {
    const NAME(lapwing_vec_mut) vector = {a.view.data, a.view.rows, a.view.row_stride};
    return vector;
}

/* The model again, from its text; the first one is freed. */
#define AGAIN(stem, model)                                                                                             \
    do {                                                                                                               \
        size_t length_ = 0;                                                                                            \
        EXPECT(LAPWING_OK, NAME(stem##_to_json)(model, NULL, 0, &length_));                                            \
        char *text_ = malloc(length_ + 1);                                                                             \
        EXPECT(LAPWING_OK, NAME(stem##_to_json)(model, text_, length_ + 1, &length_));                                 \
        NAME(stem##_free)(model);                                                                                      \
        model = NULL;                                                                                                  \
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "text is not a model",                                                    \
                       NAME(stem##_from_json)(text_, length_ / 2, &model));                                            \
        CHECK(model == NULL);                                                                                          \
        EXPECT(LAPWING_OK, NAME(stem##_from_json)(text_, length_, &model));                                            \
        free(text_);                                                                                                   \
    } while (0)
