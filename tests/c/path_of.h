/* The path of ORDER nodes: second differences, whose eigenvalues are 2 - 2 cos(j pi / (ORDER + 1)), and first differences
 * (ORDER x ORDER + 1), whose singular values are their roots; in compressed rows, and by their products alone. Residuals
 * are computed anew, in double precision.
 *
 * A product with a row of three entries of at most 2, by a vector of norm 1, and the difference from another are off by
 * ROUNDING, in norm. */

#include "matrix_of.h"

#ifndef ORDER
enum { PATH_ORDER = 30, K = 4, ENTRIES = 3 * PATH_ORDER };
#define ORDER PATH_ORDER
#define TURN 3.141592653589793
#define ROUNDING (16 * 4 * UNIT_ROUNDOFF)

/* What a callback is to do, and what it has done. */
typedef struct {
    int64_t order;
    int calls, stop_at, poison;
} instructions;

/* Called after an iteration: stops when it is time. */
static int32_t watch(void *user, int64_t iterations, double residual) {
    instructions *mine = user;
    CHECK(iterations > 0 && residual >= 0);
    return ++mine->calls == mine->stop_at ? 5 : 0;
}
#endif

static const NAME(lapwing_mat_mut) NAME(no_matrix) = {NULL, 0, 0, 0, 0};
static const NAME(lapwing_vec_mut) NAME(no_list) = {NULL, 0, 0};
static const NAME(lapwing_vec) NAME(no_guess) = {NULL, 0, 0};

static inline NAME(lapwing_vec_mut) NAME(list)(REAL *entries, int64_t len) {
    NAME(lapwing_vec_mut) view = {entries, len, 1};
    return view;
}

typedef struct {
    REAL values[ENTRIES];
    int32_t columns[ENTRIES], row_starts[ORDER + 1];
} NAME(rows);

/* diagonal on the diagonal, and -1 beside it on both sides. */
static inline NAME(lapwing_csr) NAME(path)(NAME(rows) *memory, REAL diagonal) {
    int32_t count = 0;
    for (int32_t i = 0; i < ORDER; ++i) {
        memory->row_starts[i] = count;
        for (int32_t j = i - 1; j <= i + 1; ++j) {
            if (j < 0 || j >= ORDER) continue;
            memory->columns[count] = j;
            memory->values[count++] = j == i ? diagonal : -1;
        }
    }
    memory->row_starts[ORDER] = count;
    NAME(lapwing_csr) a = {memory->values, memory->columns, memory->row_starts, ORDER, ORDER};
    return a;
}

/* -1 on the diagonal and 1 after it. */
static inline NAME(lapwing_csr) NAME(differences)(NAME(rows) *memory) {
    for (int32_t i = 0; i < ORDER; ++i) {
        memory->row_starts[i] = 2 * i;
        memory->columns[2 * i] = i, memory->columns[2 * i + 1] = i + 1;
        memory->values[2 * i] = -1, memory->values[2 * i + 1] = 1;
    }
    memory->row_starts[ORDER] = 2 * ORDER;
    NAME(lapwing_csr) a = {memory->values, memory->columns, memory->row_starts, ORDER, ORDER + 1};
    return a;
}

/* Multiplies by the matrices above, the shapes of the views checked. */
static inline int32_t NAME(obey)(instructions *mine, NAME(lapwing_mat_mut) result) {
    if (mine->poison) result.data[0] = (REAL)NAN;
    return ++mine->calls == mine->stop_at ? 3 : 0;
}

static inline int32_t NAME(second)(void *user, NAME(lapwing_mat) x, NAME(lapwing_mat_mut) result) {
    CHECK(x.rows == ORDER && result.rows == ORDER && x.cols == result.cols && x.cols > 0);
    for (int64_t j = 0; j < x.cols; ++j)
        for (int64_t i = 0; i < ORDER; ++i) {
            const REAL *at = x.data + i * x.row_stride + j * x.col_stride;
            REAL sum = 2 * *at;
            if (i > 0) sum -= at[-x.row_stride];
            if (i + 1 < ORDER) sum -= at[x.row_stride];
            result.data[i * result.row_stride + j * result.col_stride] = sum;
        }
    return NAME(obey)(user, result);
}

static inline int32_t NAME(first)(void *user, NAME(lapwing_mat) x, NAME(lapwing_mat_mut) result) {
    CHECK(x.rows == ORDER + 1 && result.rows == ORDER && x.cols == result.cols && x.cols > 0);
    for (int64_t j = 0; j < x.cols; ++j)
        for (int64_t i = 0; i < ORDER; ++i) {
            const REAL *at = x.data + i * x.row_stride + j * x.col_stride;
            result.data[i * result.row_stride + j * result.col_stride] = at[x.row_stride] - *at;
        }
    return NAME(obey)(user, result);
}

static inline int32_t NAME(first_transposed)(void *user, NAME(lapwing_mat) y, NAME(lapwing_mat_mut) result) {
    CHECK(y.rows == ORDER && result.rows == ORDER + 1 && y.cols == result.cols && y.cols > 0);
    for (int64_t j = 0; j < y.cols; ++j)
        for (int64_t i = 0; i <= ORDER; ++i) {
            const REAL *at = y.data + i * y.row_stride + j * y.col_stride;
            const REAL before = i > 0 ? at[-y.row_stride] : 0, here = i < ORDER ? *at : 0;
            result.data[i * result.row_stride + j * result.col_stride] = before - here;
        }
    return NAME(obey)(user, result);
}

static inline double NAME(eigenvalue)(int64_t j) { return 2 - 2 * cos((double)j * TURN / (ORDER + 1)); }

/* Values, and the 2-norms of a * v - w * v, against the truth and a bound. */
static inline void NAME(pairs_hold)(const REAL *w, NAME(owned) v, int64_t first, double bound) {
    for (int64_t j = 0; j < K; ++j) {
        CHECK(fabs((double)w[j] - NAME(eigenvalue)(first + j)) <= bound);
        double square = 0;
        for (int64_t i = 0; i < ORDER; ++i) {
            double sum = (2 - (double)w[j]) * (double)*NAME(at)(v, i, j);
            if (i > 0) sum -= (double)*NAME(at)(v, i - 1, j);
            if (i + 1 < ORDER) sum -= (double)*NAME(at)(v, i + 1, j);
            square += sum * sum;
        }
        CHECK(sqrt(square) <= bound);
    }
}
