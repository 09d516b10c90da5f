/* What is refused, with which status, and that a refused call leaves its outputs as they were. */

#include <math.h>
#include <stdint.h>

#include "check.h"

enum { ROWS = 4, COLS = 3, SENTINEL = 77 };

static double a[ROWS * COLS], square[COLS * COLS], out[64];
static lapwing_mat_f64 a_view, square_view;
static lapwing_vec_mut_f64 s;
static lapwing_mat_mut_f64 u, vt, factor;
static const lapwing_mat_mut_f64 unwanted = {NULL, 0, 0, 0, 0};

/* Valid arguments, of which each test spoils one. */
static void reset(void) {
    for (int i = 0; i < ROWS * COLS; ++i) a[i] = sin(i + 1.0);
    for (int i = 0; i < COLS * COLS; ++i) square[i] = i % (COLS + 1) == 0 ? 2 : 0.5;
    for (int i = 0; i < 64; ++i) out[i] = SENTINEL;
    a_view = (lapwing_mat_f64){a, ROWS, COLS, COLS, 1};
    square_view = (lapwing_mat_f64){square, COLS, COLS, COLS, 1};
    s = (lapwing_vec_mut_f64){out, COLS, 1};
    u = (lapwing_mat_mut_f64){out + 8, ROWS, COLS, COLS, 1};
    vt = (lapwing_mat_mut_f64){out + 32, COLS, COLS, COLS, 1};
    factor = (lapwing_mat_mut_f64){out + 48, COLS, COLS, COLS, 1};
}

static void outputs_are_untouched(void) {
    for (int i = 0; i < 64; ++i) CHECK(out[i] == SENTINEL);
    reset();
}

#define REFUSED(status, text, call)                                                                          \
    do {                                                                                                     \
        EXPECT_MESSAGE(status, text, call);                                                                  \
        outputs_are_untouched();                                                                             \
    } while (0)

static void null_data(void) {
    a_view.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "a.data is NULL", lapwing_svd_f64(a_view, s, u, vt));
    s.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "s.data is NULL", lapwing_svd_f64(a_view, s, u, vt));
    square_view.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "a.data is NULL", lapwing_eigh_f64(square_view, LAPWING_LOWER, s, vt));
    s.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "w.data is NULL", lapwing_eigh_f64(square_view, LAPWING_LOWER, s, vt));
    a_view.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "a.data is NULL", lapwing_qr_f64(a_view, u, vt));
    REFUSED(LAPWING_ERR_NULL, "q.data and r.data", lapwing_qr_f64(a_view, unwanted, unwanted));
    square_view.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "a.data is NULL", lapwing_cholesky_f64(square_view, LAPWING_LOWER, factor));
    factor.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "factor.data is NULL", lapwing_cholesky_f64(square_view, LAPWING_LOWER, factor));
}

static void shapes(void) {
    s.len = 4;
    REFUSED(LAPWING_ERR_SHAPE, "s has 4 entries, but must have 3", lapwing_svd_f64(a_view, s, u, vt));
    u.cols = 4, u.row_stride = 4;
    REFUSED(LAPWING_ERR_SHAPE, "u has 4 columns", lapwing_svd_f64(a_view, s, u, vt));
    u.rows = 3;
    REFUSED(LAPWING_ERR_SHAPE, "u has 3 rows", lapwing_svd_f64(a_view, s, u, vt));
    vt.rows = 2;
    REFUSED(LAPWING_ERR_SHAPE, "vt has 2 rows", lapwing_svd_f64(a_view, s, u, vt));
    a_view.rows = -1;
    REFUSED(LAPWING_ERR_SHAPE, "a has -1 rows", lapwing_svd_f64(a_view, s, u, vt));
    s.len = INT64_MIN;
    REFUSED(LAPWING_ERR_SHAPE, "s has -9223372036854775808 entries", lapwing_svd_f64(a_view, s, u, vt));
    REFUSED(LAPWING_ERR_SHAPE, "a is 4 x 3, but must be square", lapwing_eigh_f64(a_view, LAPWING_LOWER, s, vt));
    s.len = 2;
    REFUSED(LAPWING_ERR_SHAPE, "w has 2 entries", lapwing_eigh_f64(square_view, LAPWING_LOWER, s, vt));
    vt.cols = 2;
    REFUSED(LAPWING_ERR_SHAPE, "v has 2 columns", lapwing_eigh_f64(square_view, LAPWING_LOWER, s, vt));
    u.rows = 3;
    REFUSED(LAPWING_ERR_SHAPE, "q has 3 rows", lapwing_qr_f64(a_view, u, vt));
    vt.rows = 2;
    REFUSED(LAPWING_ERR_SHAPE, "r has 2 rows", lapwing_qr_f64(a_view, u, vt));
    REFUSED(LAPWING_ERR_SHAPE, "must be square", lapwing_cholesky_f64(a_view, LAPWING_LOWER, factor));
    factor.rows = 2;
    REFUSED(LAPWING_ERR_SHAPE, "factor has 2 rows", lapwing_cholesky_f64(square_view, LAPWING_LOWER, factor));
}

static void overlaps(void) {
    u.data = a;
    REFUSED(LAPWING_ERR_ALIAS, "u overlaps a", lapwing_svd_f64(a_view, s, u, vt));
    s.data = a + ROWS * COLS - 1;
    REFUSED(LAPWING_ERR_ALIAS, "s overlaps a", lapwing_svd_f64(a_view, s, u, vt));
    vt.data = u.data + 1;
    REFUSED(LAPWING_ERR_ALIAS, "vt overlaps u", lapwing_svd_f64(a_view, s, u, vt));
    s.data = u.data;
    REFUSED(LAPWING_ERR_ALIAS, "u overlaps s", lapwing_svd_f64(a_view, s, u, vt));
    s.stride = 0;
    REFUSED(LAPWING_ERR_ALIAS, "two entries of s", lapwing_svd_f64(a_view, s, u, vt));
    u.row_stride = 2;
    REFUSED(LAPWING_ERR_ALIAS, "two entries of u", lapwing_svd_f64(a_view, s, u, vt));
    vt.row_stride = 1, vt.col_stride = -1;
    REFUSED(LAPWING_ERR_ALIAS, "two entries of vt", lapwing_svd_f64(a_view, s, u, vt));
    vt.data = square;
    REFUSED(LAPWING_ERR_ALIAS, "v overlaps a", lapwing_eigh_f64(square_view, LAPWING_LOWER, s, vt));
    s.data = vt.data;
    REFUSED(LAPWING_ERR_ALIAS, "v overlaps w", lapwing_eigh_f64(square_view, LAPWING_LOWER, s, vt));
    vt.data = u.data;
    REFUSED(LAPWING_ERR_ALIAS, "r overlaps q", lapwing_qr_f64(a_view, u, vt));
    factor.data = square;
    REFUSED(LAPWING_ERR_ALIAS, "factor overlaps a", lapwing_cholesky_f64(square_view, LAPWING_LOWER, factor));
}

static void values(void) {
    a[1 * COLS + 2] = NAN;
    REFUSED(LAPWING_ERR_NON_FINITE, "a[1, 2] is NaN or infinite", lapwing_svd_f64(a_view, s, u, vt));
    a[0] = -INFINITY;
    REFUSED(LAPWING_ERR_NON_FINITE, "a[0, 0]", lapwing_svd_f64(a_view, s, unwanted, unwanted));
    a[3 * COLS] = INFINITY;
    REFUSED(LAPWING_ERR_NON_FINITE, "a[3, 0]", lapwing_qr_f64(a_view, u, vt));
    square[1] = NAN;
    REFUSED(LAPWING_ERR_NON_FINITE, "a[0, 1]", lapwing_eigh_f64(square_view, LAPWING_UPPER, s, vt));
    square[1] = NAN;
    REFUSED(LAPWING_ERR_NON_FINITE, "a[0, 1]", lapwing_cholesky_f64(square_view, LAPWING_UPPER, factor));
    square[4] = -1;
    REFUSED(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "leading minor of order 2 is not positive",
            lapwing_cholesky_f64(square_view, LAPWING_LOWER, factor));
    square[0] = 0;
    REFUSED(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "order 1",
            lapwing_cholesky_f64(square_view, LAPWING_UPPER, factor));
    for (int i = 0; i < ROWS * COLS; ++i) a[i] = 1.7e308;
    REFUSED(LAPWING_ERR_OVERFLOW, "overflows f64", lapwing_svd_f64(a_view, s, u, vt));
}

static void arguments(void) {
    static const int32_t wrong[] = {2, -1, 'L', INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        REFUSED(LAPWING_ERR_ARGUMENT, "uplo is", lapwing_eigh_f64(square_view, wrong[i], s, vt));
        REFUSED(LAPWING_ERR_ARGUMENT, "uplo is", lapwing_cholesky_f64(square_view, wrong[i], factor));
    }
    a_view.data = (const double *)(const void *)((const char *)a + 4), a_view.rows = 3;
    REFUSED(LAPWING_ERR_ARGUMENT, "a.data is not aligned to 8 bytes", lapwing_svd_f64(a_view, s, u, vt));
    u.data = (double *)(void *)((char *)u.data + 1);
    REFUSED(LAPWING_ERR_ARGUMENT, "u.data is not aligned", lapwing_svd_f64(a_view, s, u, vt));
    a_view.rows = INT64_MAX;
    REFUSED(LAPWING_ERR_TOO_LARGE, "a reaches beyond the address space", lapwing_svd_f64(a_view, s, u, vt));
    a_view.row_stride = INT64_MIN;
    REFUSED(LAPWING_ERR_TOO_LARGE, "a reaches", lapwing_svd_f64(a_view, s, u, vt));
    a_view.rows = INT64_MAX, a_view.cols = INT64_MAX, a_view.row_stride = 0, a_view.col_stride = 0;
    REFUSED(LAPWING_ERR_TOO_LARGE, "a reaches", lapwing_svd_f64(a_view, s, u, vt));
    u.col_stride = INT64_MAX;
    REFUSED(LAPWING_ERR_TOO_LARGE, "u reaches", lapwing_svd_f64(a_view, s, u, vt));
    a_view.rows = INT64_MAX, a_view.cols = 0, s.len = 0;
    REFUSED(LAPWING_ERR_TOO_LARGE, "over the limit", lapwing_svd_f64(a_view, s, unwanted, unwanted));
}

int main(void) {
    reset();
    null_data();
    shapes();
    overlaps();
    values();
    arguments();
    /* What was refused above works when nothing is spoiled. */
    EXPECT(LAPWING_OK, lapwing_svd_f64(a_view, s, u, vt));
    EXPECT(LAPWING_OK, lapwing_cholesky_f64(square_view, LAPWING_LOWER, factor));
    return failures != 0;
}
