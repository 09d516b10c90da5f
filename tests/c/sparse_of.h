/* Products with one small matrix of integers, so that they are exact, and what is refused of its arrays. */

#include "matrix_of.h"

#ifndef SPARSE_EXTENTS
#define SPARSE_EXTENTS
enum { SPARSE_ROWS = 4, SPARSE_COLS = 3, SPARSE_ENTRIES = 5, WIDTH = 2 };
#endif

/* 1 0 2
 * 0 0 0
 * 0 3 0
 * 4 0 5 */
static const REAL NAME(entries)[] = {1, 2, 3, 4, 5};
static const int32_t NAME(columns)[] = {0, 2, 1, 0, 2};
static const int32_t NAME(row_starts)[] = {0, 2, 2, 3, 5};
static const int NAME(dense)[SPARSE_ROWS][SPARSE_COLS] = {{1, 0, 2}, {0, 0, 0}, {0, 3, 0}, {4, 0, 5}};

static NAME(lapwing_csr) NAME(example)(void) {
    NAME(lapwing_csr) a = {NAME(entries), NAME(columns), NAME(row_starts), SPARSE_ROWS, SPARSE_COLS};
    return a;
}

static void NAME(products_are_exact)(int in, int out, int32_t transpose) {
    const int64_t from = transpose ? SPARSE_ROWS : SPARSE_COLS, to = transpose ? SPARSE_COLS : SPARSE_ROWS;
    NAME(owned) x = NAME(make)(in, from, WIDTH), result = NAME(make)(out, to, WIDTH);
    NAME(scatter)(result, 1); /* What was there before does not matter. */
    for (int64_t i = 0; i < from; ++i)
        for (int64_t j = 0; j < WIDTH; ++j) *NAME(at)(x, i, j) = (REAL)(i - 2 * j + 1);
    EXPECT(LAPWING_OK, NAME(lapwing_sparse_multiply)(NAME(example)(), transpose, NAME(read_only)(x), result.view));
    for (int64_t i = 0; i < to; ++i)
        for (int64_t j = 0; j < WIDTH; ++j) {
            REAL sum = 0;
            for (int64_t k = 0; k < from; ++k)
                sum += (REAL)(transpose ? NAME(dense)[k][i] : NAME(dense)[i][k]) * *NAME(at)(x, k, j);
            CHECK(*NAME(at)(result, i, j) == sum);
        }
    free(x.memory), free(result.memory);
}

/* The product fails like this, and leaves its result alone. */
static void NAME(refused)(lapwing_status status, const char *text, NAME(lapwing_csr) a) {
    REAL x[SPARSE_COLS] = {1, 1, 1}, result[SPARSE_ROWS] = {77, 77, 77, 77};
    const NAME(lapwing_mat) from = {x, SPARSE_COLS, 1, 1, 1};
    const NAME(lapwing_mat_mut) to = {result, SPARSE_ROWS, 1, 1, 1};
    EXPECT_MESSAGE(status, text, NAME(lapwing_sparse_multiply)(a, LAPWING_AS_GIVEN, from, to));
    for (int i = 0; i < SPARSE_ROWS; ++i) CHECK(result[i] == 77);
}

static void NAME(arrays_are_checked)(void) {
    NAME(lapwing_csr) a = NAME(example)();
    a.values = NULL;
    NAME(refused)(LAPWING_ERR_NULL, "a.values is NULL", a);
    a = NAME(example)(), a.columns = NULL;
    NAME(refused)(LAPWING_ERR_NULL, "a.columns is NULL", a);
    a = NAME(example)(), a.row_starts = NULL;
    NAME(refused)(LAPWING_ERR_NULL, "a.row_starts is NULL", a);
    a = NAME(example)(), a.columns = (const int32_t *)(const void *)((const char *)NAME(columns) + 1);
    NAME(refused)(LAPWING_ERR_ARGUMENT, "a.columns is not aligned to 4 bytes", a);
    a = NAME(example)(), a.rows = -1;
    NAME(refused)(LAPWING_ERR_SHAPE, "a has -1 rows", a);
    a = NAME(example)(), a.cols = -3;
    NAME(refused)(LAPWING_ERR_SHAPE, "a has -3 columns", a);
    a = NAME(example)(), a.rows = INT32_MAX;
    NAME(refused)(LAPWING_ERR_TOO_LARGE, "more than 32-bit indices count", a);

    static const int32_t late[] = {1, 2, 2, 3, 5}, falling[] = {0, 2, 1, 3, 5}, negative[] = {0, 2, 2, 3, -5};
    a = NAME(example)(), a.row_starts = late;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "a.row_starts[0] is 1, but must be 0", a);
    a.row_starts = falling;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "a.row_starts[2] is 1, but must be at least 2", a);
    a.row_starts = negative;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "a.row_starts[4] is -5", a);

    static const int32_t beyond[] = {0, 2, 3, 0, 2}, below[] = {0, 2, 1, -1, 2};
    static const int32_t unsorted[] = {2, 0, 1, 0, 2}, twice[] = {0, 2, 1, 2, 2};
    a = NAME(example)(), a.columns = beyond;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "a.columns[2], in row 2, is 3, but must be at least 0 and less than 3", a);
    a.columns = below;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "a.columns[3], in row 3, is -1", a);
    a.columns = unsorted;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "a.columns[1], in row 0, is 0 and follows 2", a);
    a.columns = twice;
    NAME(refused)(LAPWING_ERR_ARGUMENT, "a.columns[4], in row 3, is 2 and follows 2", a);

    const REAL poisoned[] = {1, 2, 3, 4, (REAL)NAN}, infinite[] = {1, (REAL)INFINITY, 3, 4, 5};
    a = NAME(example)(), a.values = poisoned;
    NAME(refused)(LAPWING_ERR_NON_FINITE, "a[3, 2] is NaN or infinite", a);
    a.values = infinite;
    NAME(refused)(LAPWING_ERR_NON_FINITE, "a[0, 2] is NaN or infinite", a);
    const REAL large[] = {(REAL)(sizeof(REAL) == 4 ? FLT_MAX : DBL_MAX), 2, 3, 4, 5};
    REAL x[SPARSE_COLS] = {2, 1, 1}, result[SPARSE_ROWS] = {77, 77, 77, 77};
    NAME(lapwing_mat) from = {x, SPARSE_COLS, 1, 1, 1};
    NAME(lapwing_mat_mut) to = {result, SPARSE_ROWS, 1, 1, 1};
    a.values = large;
    EXPECT(LAPWING_ERR_OVERFLOW, NAME(lapwing_sparse_multiply)(a, LAPWING_AS_GIVEN, from, to));

    a = NAME(example)();
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "transpose is 2", NAME(lapwing_sparse_multiply)(a, 2, from, to));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 3 rows, but must have 4: the rows of a",
                   NAME(lapwing_sparse_multiply)(a, LAPWING_TRANSPOSED, from, to));
    to.rows = SPARSE_ROWS - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "result has 3 rows, but must have 4",
                   NAME(lapwing_sparse_multiply)(a, LAPWING_AS_GIVEN, from, to));
    to.rows = SPARSE_ROWS, to.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "result.data is NULL",
                   NAME(lapwing_sparse_multiply)(a, LAPWING_AS_GIVEN, from, to));
    /* A result over the entries, and one over the row starts. */
    REAL copy[SPARSE_ENTRIES] = {1, 2, 3, 4, 5};
    a.values = copy, to.data = copy;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "result overlaps a.values",
                   NAME(lapwing_sparse_multiply)(a, LAPWING_AS_GIVEN, from, to));
    x[1] = (REAL)NAN, a = NAME(example)(), to.data = result;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[1, 0]", NAME(lapwing_sparse_multiply)(a, LAPWING_AS_GIVEN, from, to));
    for (int i = 0; i < SPARSE_ROWS; ++i) CHECK(result[i] == 77);
}

/* No rows, no columns, no entries: NULL will do where nothing is read. */
static void NAME(emptiness_is_allowed)(void) {
    REAL result[2] = {77, 77};
    const REAL x[2] = {1, 1};
    const int32_t starts[] = {0, 0, 0};
    const NAME(lapwing_csr) nothing = {NULL, NULL, NULL, 0, 2}, zeros = {NULL, NULL, starts, 2, 2};
    const NAME(lapwing_csr) narrow = {NULL, NULL, starts, 2, 0};
    const NAME(lapwing_mat) two = {x, 2, 1, 1, 1}, none = {NULL, 0, 1, 1, 1};
    const NAME(lapwing_mat_mut) to_two = {result, 2, 1, 1, 1}, to_none = {NULL, 0, 1, 1, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_sparse_multiply)(nothing, LAPWING_AS_GIVEN, two, to_none));
    EXPECT(LAPWING_OK, NAME(lapwing_sparse_multiply)(zeros, LAPWING_AS_GIVEN, two, to_two));
    CHECK(result[0] == 0 && result[1] == 0);
    result[0] = result[1] = 77;
    EXPECT(LAPWING_OK, NAME(lapwing_sparse_multiply)(narrow, LAPWING_AS_GIVEN, none, to_two));
    CHECK(result[0] == 0 && result[1] == 0);
    result[0] = result[1] = 77;
    EXPECT(LAPWING_OK, NAME(lapwing_sparse_multiply)(nothing, LAPWING_TRANSPOSED, none, to_two));
    CHECK(result[0] == 0 && result[1] == 0);
}

static void NAME(sparse)(void) {
    for (int in = 0; in < LAYOUTS; ++in)
        for (int out = 0; out < LAYOUTS; ++out) {
            NAME(products_are_exact)(in, out, LAPWING_AS_GIVEN);
            NAME(products_are_exact)(in, out, LAPWING_TRANSPOSED);
        }
    NAME(arrays_are_checked)();
    NAME(emptiness_is_allowed)();
}
