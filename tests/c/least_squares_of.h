/* Least squares in one precision. The bounds are 30 roundoffs times the extent, LAPACK's threshold, times sizes and
 * condition numbers that are below ten here. */

#include "matrix_of.h"

static const NAME(lapwing_mat_mut) NAME(no_matrix) = {NULL, 0, 0, 0, 0};
static const NAME(lapwing_vec_mut) NAME(no_vector) = {NULL, 0, 0};

/* The largest entry of transpose(a) * (b - a * x) in magnitude: zero for the least squares solution alone. */
static double NAME(gradient)(NAME(owned) a, NAME(owned) b, NAME(owned) x, int64_t column) {
    double largest = 0;
    for (int64_t j = 0; j < a.view.cols; ++j) {
        double sum = 0;
        for (int64_t i = 0; i < a.view.rows; ++i) {
            double residual = *NAME(at)(b, i, column);
            for (int64_t k = 0; k < a.view.cols; ++k)
                residual -= (double)*NAME(at)(a, i, k) * *NAME(at)(x, k, column);
            sum += *NAME(at)(a, i, j) * residual;
        }
        largest = fmax(largest, fabs(sum));
    }
    return largest;
}

static double NAME(residual_norm)(NAME(owned) a, NAME(owned) b, NAME(owned) x, int64_t column) {
    double sum = 0;
    for (int64_t i = 0; i < a.view.rows; ++i) {
        double residual = *NAME(at)(b, i, column);
        for (int64_t k = 0; k < a.view.cols; ++k) residual -= (double)*NAME(at)(a, i, k) * *NAME(at)(x, k, column);
        sum += residual * residual;
    }
    return sqrt(sum);
}

/* Every layout in and out, tall and wide; every method; entries are below one, and there are 40 at most in a sum. */
static void NAME(solutions_leave_no_gradient)(int64_t m, int64_t n, int layout_in, int layout_out) {
    enum { RIGHT_HAND_SIDES = 2 };
    const double bound = 30 * 40 * 40 * UNIT_ROUNDOFF;
    NAME(owned) a = NAME(make)(layout_in, m, n), b = NAME(make)(layout_in, m, RIGHT_HAND_SIDES);
    NAME(owned) x = NAME(make)(layout_out, n, RIGHT_HAND_SIDES), bounds = NAME(make)(layout_out, n, RIGHT_HAND_SIDES);
    NAME(owned) values = NAME(make)(0, m < n ? m : n, 1);
    REAL residuals[RIGHT_HAND_SIDES], sizes[RIGHT_HAND_SIDES];
    const NAME(lapwing_vec_mut) norms = {residuals, RIGHT_HAND_SIDES, 1}, of_x = {sizes, RIGHT_HAND_SIDES, 1};
    const NAME(lapwing_vec_mut) s = {values.memory, m < n ? m : n, 1};
    const NAME(lapwing_mat) in = NAME(read_only)(a), rhs = NAME(read_only)(b);
    int64_t rank = -1, unconverged = -1;
    NAME(scatter)(a, (uint64_t)(m * 100 + n));
    NAME(scatter)(b, 3);

    for (int32_t method = LAPWING_LSTSQ_SVD; method <= LAPWING_LSTSQ_QR; ++method) {
        const NAME(lapwing_vec_mut) wanted = method == LAPWING_LSTSQ_SVD ? s : NAME(no_vector);
        EXPECT(LAPWING_OK, NAME(lapwing_lstsq)(in, rhs, method, -1, x.view, norms, wanted, &rank));
        CHECK(rank == (m < n ? m : n));
        for (int64_t column = 0; column < RIGHT_HAND_SIDES; ++column) {
            CHECK(NAME(gradient)(a, b, x, column) <= bound);
            CHECK(fabs(NAME(residual_norm)(a, b, x, column) - residuals[column]) <= bound);
        }
    }
    for (int64_t i = 1; i < s.len; ++i) CHECK(values.memory[i - 1] >= values.memory[i] && values.memory[i] > 0);
    EXPECT(LAPWING_OK, NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_QR, 0, x.view, NAME(no_vector), NAME(no_vector), &rank));
    CHECK(NAME(gradient)(a, b, x, 0) <= bound);

    if (m >= n) {
        EXPECT(LAPWING_OK, NAME(lapwing_lstsq_refined)(in, rhs, x.view, bounds.view, norms, &unconverged));
        CHECK(unconverged == 0 && NAME(gradient)(a, b, x, 1) <= bound);
        for (int64_t j = 0; j < n; ++j)
            CHECK(*NAME(at)(bounds, j, 0) <= 20 * UNIT_ROUNDOFF * fabs((double)*NAME(at)(x, j, 0)));
        EXPECT(LAPWING_OK, NAME(lapwing_lstsq_refined)(in, rhs, x.view, NAME(no_matrix), NAME(no_vector), &unconverged));
    }

    /* Nothing damped, and nothing dropped, is least squares. */
    EXPECT(LAPWING_OK, NAME(lapwing_lstsq_tikhonov)(in, rhs, 0, x.view, norms, of_x, s));
    CHECK(NAME(gradient)(a, b, x, 0) <= bound && sizes[0] > 0);
    for (int64_t i = 0; i < s.len; ++i) CHECK(values.memory[i] == 1);
    EXPECT(LAPWING_OK, NAME(lapwing_lstsq_truncated)(in, rhs, s.len, 0, x.view, norms, of_x, NAME(no_vector)));
    CHECK(NAME(gradient)(a, b, x, 1) <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_lstsq_truncated)(in, rhs, -1, 1e-6, x.view, NAME(no_vector), NAME(no_vector),
                                                           NAME(no_vector)));
    CHECK(NAME(gradient)(a, b, x, 1) <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_lstsq_truncated)(in, rhs, 1, 0, x.view, NAME(no_vector), NAME(no_vector), s));
    for (int64_t i = 0; i < s.len; ++i) CHECK(values.memory[i] == (REAL)(i == 0));
    /* Damped, the gradient is alpha times x. */
    EXPECT(LAPWING_OK, NAME(lapwing_lstsq_tikhonov)(in, rhs, (REAL)0.5, x.view, NAME(no_vector), NAME(no_vector),
                                                           NAME(no_vector)));
    double largest = 0;
    for (int64_t j = 0; j < n; ++j) largest = fmax(largest, fabs((double)*NAME(at)(x, j, 0)));
    CHECK(fabs(NAME(gradient)(a, b, x, 0) - 0.5 * largest) <= bound);
    free(a.memory), free(b.memory), free(x.memory), free(bounds.memory), free(values.memory);
}

/* Weights that add up to one; a mean of observations with unequal noise. Both are known in closed form. */
static void NAME(constraints_hold)(void) {
    const REAL identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, ones[3] = {1, 1, 1};
    const REAL wish[3] = {(REAL)0.5, (REAL)0.25, (REAL)0.5}, sum[1] = {1};
    REAL x[3], norm = -1;
    const NAME(lapwing_mat) eye = {identity, 3, 3, 3, 1}, row = {ones, 1, 3, 3, 1};
    const NAME(lapwing_vec) b = {wish, 3, 1}, d = {sum, 1, 1};
    NAME(lapwing_vec_mut) out = {x, 3, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_lstsq_constrained)(eye, b, row, d, out, &norm));
    for (int i = 0; i < 3; ++i) CHECK(fabs((double)x[i] - (wish[i] - 0.25 / 3)) <= 30 * 3 * UNIT_ROUNDOFF);
    CHECK(fabs((double)norm - 0.25 / sqrt(3)) <= 30 * 3 * UNIT_ROUNDOFF);

    /* Refusals: each leaves x and norm as they are. */
    const REAL before = x[0], kept = norm;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lstsq_constrained)(eye, b, row, d, out, NULL));
    const NAME(lapwing_vec_mut) nowhere = {NULL, 3, 1};
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lstsq_constrained)(eye, b, row, d, nowhere, &norm));
    NAME(lapwing_mat) wrong = row;
    wrong.cols = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "c has 2 columns", NAME(lapwing_lstsq_constrained)(eye, b, wrong, d, out, &norm));
    NAME(lapwing_vec) shorter = b;
    shorter.len = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 2 entries", NAME(lapwing_lstsq_constrained)(eye, shorter, row, d, out, &norm));
    wrong = row, wrong.rows = 2, wrong.row_stride = 0; /* the same constraint twice */
    const REAL sums[2] = {1, 1};
    const NAME(lapwing_vec) twice = {sums, 2, 1};
    EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, "c has rank 1, but the method needs 2",
                   NAME(lapwing_lstsq_constrained)(eye, b, wrong, twice, out, &norm));
    NAME(lapwing_vec_mut) overlapping = {(REAL *)(uintptr_t)wish, 3, 1};
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_lstsq_constrained)(eye, b, row, d, overlapping, &norm));
    CHECK(x[0] == before && norm == kept);

    /* Standard deviations 3 and 1 are weights 1 and 9. */
    const REAL noise[4] = {3, 0, 0, 1}, observed[2] = {10, 20};
    REAL mean = -1, y[2] = {-7, -7};
    const NAME(lapwing_mat) of_noise = {noise, 2, 2, 2, 1}, column = {ones, 2, 1, 1, 1};
    const NAME(lapwing_vec) observations = {observed, 2, 1};
    NAME(lapwing_vec_mut) estimate = {&mean, 1, 1}, residual = {y, 2, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_gauss_markov)(column, of_noise, observations, estimate, residual));
    CHECK(fabs((double)mean - 19) <= 30 * 5 * 19 * UNIT_ROUNDOFF);
    CHECK(fabs((double)y[0] + 3) <= 30 * 5 * 19 * UNIT_ROUNDOFF && fabs((double)y[1] - 1) <= 30 * 5 * 19 * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_gauss_markov)(column, of_noise, observations, estimate, NAME(no_vector)));
    const REAL found = mean;
    const NAME(lapwing_vec_mut) missing = {NULL, 1, 1};
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_gauss_markov)(column, of_noise, observations, missing, residual));
    residual.len = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "y has 1 entries", NAME(lapwing_gauss_markov)(column, of_noise, observations, estimate, residual));
    residual.len = 2, residual.data = &mean, residual.stride = 0;
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_gauss_markov)(column, of_noise, observations, estimate, residual));
    const REAL zeros[2] = {0, 0};
    const NAME(lapwing_mat) nothing = {zeros, 2, 1, 1, 1};
    EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, "a has rank 0",
                   NAME(lapwing_gauss_markov)(nothing, of_noise, observations, estimate, NAME(no_vector)));
    CHECK(mean == found);
}

/* What the functions with a matrix of right-hand sides refuse; outputs stay as they are. */
static void NAME(least_squares_refusals)(void) {
    REAL a[6] = {1, 2, 2, 4, 3, 6}, b[3] = {1, 2, 4}, x[2] = {-7, -7}, norm = -7, values[2];
    const NAME(lapwing_mat) in = {a, 3, 2, 2, 1};
    NAME(lapwing_mat) rhs = {b, 3, 1, 1, 1};
    NAME(lapwing_mat_mut) out = {x, 2, 1, 1, 1};
    NAME(lapwing_vec_mut) norms = {&norm, 1, 1}, s = {values, 2, 1};
    const NAME(lapwing_vec_mut) none = NAME(no_vector);
    int64_t rank = -7;
    const char *deficient = "a has rank 1, but the method needs 2";

    EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, deficient, NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_QR, -1, out, norms, none, &rank));
    EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, deficient, NAME(lapwing_lstsq_refined)(in, rhs, out, NAME(no_matrix), norms, &rank));
    EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, deficient, NAME(lapwing_lstsq_tikhonov)(in, rhs, 0, out, norms, none, none));
    EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, deficient, NAME(lapwing_lstsq_truncated)(in, rhs, 2, 0, out, norms, none, none));

    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "method is 3", NAME(lapwing_lstsq)(in, rhs, 3, -1, out, norms, none, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_lstsq)(in, rhs, -1, -1, out, norms, none, &rank));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "rcond is 1", NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, 1, out, norms, none, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, NAN, out, norms, none, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_QR, -1, out, norms, s, &rank));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "alpha is -1", NAME(lapwing_lstsq_tikhonov)(in, rhs, -1, out, norms, none, none));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "rank is 3", NAME(lapwing_lstsq_truncated)(in, rhs, 3, 0, out, norms, none, none));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "tolerance is 2", NAME(lapwing_lstsq_truncated)(in, rhs, -1, 2, out, norms, none, none));

    EXPECT_MESSAGE(LAPWING_ERR_NULL, "rank is NULL", NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, -1, out, norms, none, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "unconverged is NULL", NAME(lapwing_lstsq_refined)(in, rhs, out, NAME(no_matrix), norms, NULL));
    rhs.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, -1, out, norms, none, &rank));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lstsq_refined)(in, rhs, out, NAME(no_matrix), norms, &rank));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lstsq_tikhonov)(in, rhs, 1, out, norms, none, none));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lstsq_truncated)(in, rhs, 1, 0, out, norms, none, none));
    rhs.data = b, rhs.rows = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 2 rows", NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, -1, out, norms, none, &rank));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 2 rows", NAME(lapwing_lstsq_refined)(in, rhs, out, NAME(no_matrix), norms, &rank));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 2 rows", NAME(lapwing_lstsq_tikhonov)(in, rhs, 1, out, norms, none, none));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 2 rows", NAME(lapwing_lstsq_truncated)(in, rhs, 1, 0, out, norms, none, none));
    rhs.rows = 3, s.len = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "filter_factors has 1 entries", NAME(lapwing_lstsq_tikhonov)(in, rhs, 1, out, norms, none, s));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "filter_factors has 1 entries", NAME(lapwing_lstsq_truncated)(in, rhs, 1, 0, out, norms, none, s));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "singular_values has 1 entries", NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, -1, out, norms, s, &rank));
    out.rows = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 1 rows", NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, -1, out, norms, none, &rank));
    out.rows = 2, out.data = a;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "x overlaps a", NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, -1, out, norms, none, &rank));
    out.data = x;
    b[1] = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "b[1, 0]", NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_SVD, -1, out, norms, none, &rank));
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "b[1, 0]", NAME(lapwing_lstsq_tikhonov)(in, rhs, 1, out, norms, none, none));
    CHECK(x[0] == -7 && x[1] == -7 && norm == -7 && rank == -7);

    /* What was refused works when nothing is spoiled: of least norm, (1, 2) times (1 + 4 + 12) / 70. */
    b[1] = 2;
    EXPECT(LAPWING_OK, NAME(lapwing_lstsq)(in, rhs, LAPWING_LSTSQ_COMPLETE_ORTHOGONAL, -1, out, norms, none, &rank));
    CHECK(rank == 1 && fabs((double)x[0] - 17.0 / 70) <= 90 * UNIT_ROUNDOFF && fabs((double)x[1] - 34.0 / 70) <= 90 * UNIT_ROUNDOFF);
}

static void NAME(least_squares)(void) {
    static const int64_t shapes[][2] = {{1, 1}, {7, 3}, {3, 7}, {40, 5}, {5, 40}};
    for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; ++shape)
        for (int in = 0; in < LAYOUTS; ++in)
            NAME(solutions_leave_no_gradient)(shapes[shape][0], shapes[shape][1], in, (in + (int)shape) % LAYOUTS);
    NAME(constraints_hold)();
    NAME(least_squares_refusals)();
}
