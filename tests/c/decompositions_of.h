/* Every decomposition in one precision, checked by LAPACK's own test ratios: a residual entry is at most its
 * 1-norm, and that at most threshold * extent * norm(a) * unit roundoff. The thresholds are LAPACK's. */

#include "matrix_of.h"

/* The largest entry in magnitude of a - l * diag(d) * r, where a NULL diagonal is of ones. r may be read as its
 * transpose. */
static double NAME(defect)(NAME(owned) a, NAME(owned) l, const REAL *d, NAME(owned) r, int transposed) {
    double largest = 0;
    for (int64_t i = 0; i < a.view.rows; ++i) {
        for (int64_t j = 0; j < a.view.cols; ++j) {
            double sum = *NAME(at)(a, i, j);
            for (int64_t k = 0; k < l.view.cols; ++k) {
                const double right = transposed ? *NAME(at)(r, j, k) : *NAME(at)(r, k, j);
                sum -= (double)*NAME(at)(l, i, k) * (d == NULL ? 1.0 : (double)d[k]) * right;
            }
            largest = fmax(largest, fabs(sum));
        }
    }
    return largest;
}

/* The largest entry in magnitude of the identity - transpose(q) * q, or of q * transpose(q) for rows. */
static double NAME(skew)(NAME(owned) q, int of_rows) {
    const int64_t count = of_rows ? q.view.rows : q.view.cols, length = of_rows ? q.view.cols : q.view.rows;
    double largest = 0;
    for (int64_t i = 0; i < count; ++i) {
        for (int64_t j = 0; j < count; ++j) {
            double sum = i == j ? 1.0 : 0.0;
            for (int64_t k = 0; k < length; ++k)
                sum -= of_rows ? (double)*NAME(at)(q, i, k) * *NAME(at)(q, j, k)
                               : (double)*NAME(at)(q, k, i) * *NAME(at)(q, k, j);
            largest = fmax(largest, fabs(sum));
        }
    }
    return largest;
}

/* The largest absolute column sum. */
static double NAME(norm)(NAME(owned) a) {
    double largest = 0;
    for (int64_t j = 0; j < a.view.cols; ++j) {
        double sum = 0;
        for (int64_t i = 0; i < a.view.rows; ++i) sum += fabs((double)*NAME(at)(a, i, j));
        largest = fmax(largest, sum);
    }
    return largest;
}

static void NAME(svd_reconstructs)(int64_t m, int64_t n, int layout_in, int layout_out) {
    const int64_t k = m < n ? m : n;
    const double most = (double)(m > n ? m : n);
    NAME(owned) a = NAME(make)(layout_in, m, n), u = NAME(make)(layout_out, m, k), vt = NAME(make)(layout_out, k, n);
    NAME(owned) s = NAME(make)(0, k, 1), values = NAME(make)(0, k, 1);
    NAME(lapwing_vec_mut) s_view = {s.memory, k, 1};
    /* Backwards: the negative stride puts the largest value last in memory. */
    NAME(lapwing_vec_mut) values_view = {k == 0 ? NULL : values.memory + k - 1, k, -1};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    NAME(scatter)(a, (uint64_t)(m * 100 + n));
    EXPECT(LAPWING_OK, NAME(lapwing_svd)(NAME(read_only)(a), s_view, u.view, vt.view));
    CHECK(NAME(defect)(a, u, s.memory, vt, 0) <= 50 * most * NAME(norm)(a) * UNIT_ROUNDOFF);
    CHECK(NAME(skew)(u, 0) <= 50 * (double)m * UNIT_ROUNDOFF);
    CHECK(NAME(skew)(vt, 1) <= 50 * (double)n * UNIT_ROUNDOFF);
    for (int64_t i = 0; i + 1 < k; ++i) CHECK(s.memory[i] >= s.memory[i + 1] && s.memory[i + 1] >= 0);

    EXPECT(LAPWING_OK, NAME(lapwing_svd)(NAME(read_only)(a), values_view, unwanted, unwanted));
    for (int64_t i = 0; i < k; ++i)
        CHECK(fabs((double)values.memory[k - 1 - i] - s.memory[i]) <= 50 * most * s.memory[0] * UNIT_ROUNDOFF);

    /* One side alone is the same as with the other. */
    if (k > 0) {
        NAME(owned) alone = NAME(make)(layout_out, m, k);
        EXPECT(LAPWING_OK, NAME(lapwing_svd)(NAME(read_only)(a), values_view, alone.view, unwanted));
        CHECK(NAME(defect)(a, alone, s.memory, vt, 0) <= 50 * most * NAME(norm)(a) * UNIT_ROUNDOFF);
        EXPECT(LAPWING_OK, NAME(lapwing_svd)(NAME(read_only)(a), values_view, unwanted, vt.view));
        CHECK(NAME(defect)(a, alone, s.memory, vt, 0) <= 50 * most * NAME(norm)(a) * UNIT_ROUNDOFF);
        free(alone.memory);
    }
    free(a.memory), free(u.memory), free(vt.memory), free(s.memory), free(values.memory);
}

static void NAME(qr_reconstructs)(int64_t m, int64_t n, int layout_in, int layout_out) {
    const int64_t k = m < n ? m : n;
    NAME(owned) a = NAME(make)(layout_in, m, n), q = NAME(make)(layout_out, m, k), r = NAME(make)(layout_out, k, n);
    NAME(owned) alone = NAME(make)(0, k, n);
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    NAME(scatter)(a, (uint64_t)(m * 100 + n));
    EXPECT(LAPWING_OK, NAME(lapwing_qr)(NAME(read_only)(a), q.view, r.view));
    CHECK(NAME(defect)(a, q, NULL, r, 0) <= 30 * (double)(m > n ? m : n) * NAME(norm)(a) * UNIT_ROUNDOFF);
    CHECK(NAME(skew)(q, 0) <= 30 * (double)m * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_qr)(NAME(read_only)(a), unwanted, alone.view));
    for (int64_t i = 0; i < k; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            CHECK(j >= i || *NAME(at)(r, i, j) == 0);
            CHECK(*NAME(at)(r, i, j) == *NAME(at)(alone, i, j));
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_qr)(NAME(read_only)(a), q.view, unwanted));
    CHECK(NAME(defect)(a, q, NULL, r, 0) <= 30 * (double)(m > n ? m : n) * NAME(norm)(a) * UNIT_ROUNDOFF);
    free(a.memory), free(q.memory), free(r.memory), free(alone.memory);
}

/* The triangle that is not referenced holds NaN: reading it would be seen. */
static void NAME(symmetric_reconstruct)(int64_t n, int layout_in, int layout_out, int32_t uplo) {
    NAME(owned) full = NAME(make)(0, n, n), given = NAME(make)(layout_in, n, n), v = NAME(make)(layout_out, n, n);
    NAME(owned) w = NAME(make)(0, n, 1), values = NAME(make)(0, n, 1), factor = NAME(make)(layout_out, n, n);
    NAME(lapwing_vec_mut) w_view = {w.memory, n, 1}, values_view = {values.memory, n, 1};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    NAME(scatter)(full, (uint64_t)n + 7);
    for (int64_t i = 0; i < n; ++i) {
        /* Diagonally dominant, so positive definite. */
        for (int64_t j = 0; j < i; ++j) *NAME(at)(full, j, i) = *NAME(at)(full, i, j);
        *NAME(at)(full, i, i) = (REAL)(n + 1);
    }
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j)
            *NAME(at)(given, i, j) =
                (uplo == LAPWING_LOWER ? j <= i : j >= i) ? *NAME(at)(full, i, j) : (REAL)NAN;

    EXPECT(LAPWING_OK, NAME(lapwing_eigh)(NAME(read_only)(given), uplo, w_view, v.view));
    CHECK(NAME(defect)(full, v, w.memory, v, 1) <= 60 * (double)n * NAME(norm)(full) * UNIT_ROUNDOFF);
    CHECK(NAME(skew)(v, 0) <= 60 * (double)n * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_eigh)(NAME(read_only)(given), uplo, values_view, unwanted));
    for (int64_t i = 0; i < n; ++i) {
        CHECK(i == 0 || w.memory[i - 1] <= w.memory[i]);
        CHECK(fabs((double)values.memory[i] - w.memory[i]) <= 60 * (double)n * NAME(norm)(full) * UNIT_ROUNDOFF);
    }

    EXPECT(LAPWING_OK, NAME(lapwing_cholesky)(NAME(read_only)(given), uplo, factor.view));
    for (int64_t i = 0; i < n; ++i) {
        for (int64_t j = 0; j < n; ++j)
            CHECK((uplo == LAPWING_LOWER ? j <= i : j >= i) || *NAME(at)(factor, i, j) == 0);
    }
    if (uplo == LAPWING_UPPER && n > 0) { /* the lower factor is its transpose */
        const int64_t stride = factor.view.row_stride;
        factor.view.row_stride = factor.view.col_stride, factor.view.col_stride = stride;
    }
    CHECK(NAME(defect)(full, factor, NULL, factor, 1) <= 30 * (double)n * NAME(norm)(full) * UNIT_ROUNDOFF);
    free(full.memory), free(given.memory), free(v.memory);
    free(w.memory), free(values.memory), free(factor.memory);
}

/* A zero stride repeats a row: a matrix of rank one, whose singular value is known. */
static void NAME(zero_stride_repeats)(void) {
    const REAL row[3] = {2, 3, 6};
    REAL s[3];
    const NAME(lapwing_mat) a = {row, 4, 3, 0, 1};
    const NAME(lapwing_vec_mut) s_view = {s, 3, 1};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    EXPECT(LAPWING_OK, NAME(lapwing_svd)(a, s_view, unwanted, unwanted));
    CHECK(fabs((double)s[0] - 14) <= 50 * 4 * 14 * UNIT_ROUNDOFF);
    CHECK(s[1] <= 50 * 4 * 14 * UNIT_ROUNDOFF && s[2] <= 50 * 4 * 14 * UNIT_ROUNDOFF);
}

static void NAME(decompositions)(void) {
    static const int64_t shapes[][2] = {{1, 1}, {7, 4}, {4, 7}, {12, 12}, {40, 3}, {3, 40}, {0, 3}, {3, 0}, {0, 0}};
    for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; ++shape) {
        for (int in = 0; in < LAYOUTS; ++in) {
            /* Every layout in, every layout out, and in the course of the shapes every pair of them. */
            const int out = (in + (int)shape) % LAYOUTS;
            const int64_t m = shapes[shape][0], n = shapes[shape][1];
            NAME(svd_reconstructs)(m, n, in, out);
            if (m * n > 0) NAME(qr_reconstructs)(m, n, in, out);
            NAME(symmetric_reconstruct)(m, in, out, LAPWING_LOWER);
            NAME(symmetric_reconstruct)(m, in, out, LAPWING_UPPER);
        }
    }
    NAME(zero_stride_repeats)();
}
