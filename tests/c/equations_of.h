/* Every matrix equation in one precision. The residual of a linear one is at most 20 n roundoffs times the norms of its
 * terms, as in LAPACK's tests. */

#include "matrix_of.h"

/* The largest sum of magnitudes of a column. */
static double NAME(norm)(NAME(owned) a) {
    double largest = 0;
    for (int64_t j = 0; j < a.view.cols; ++j) {
        double sum = 0;
        for (int64_t i = 0; i < a.view.rows; ++i) sum += fabs((double)*NAME(at)(a, i, j));
        largest = fmax(largest, sum);
    }
    return largest;
}

/* Entry (i, j) of a * b, of which b may be read as its transpose. */
static double NAME(product)(NAME(owned) a, NAME(owned) b, int transposed, int64_t i, int64_t j) {
    double sum = 0;
    for (int64_t k = 0; k < a.view.cols; ++k)
        sum += (double)*NAME(at)(a, i, k) * (transposed ? *NAME(at)(b, j, k) : *NAME(at)(b, k, j));
    return sum;
}

/* Random entries, and a number added to the diagonal. */
static void NAME(shifted)(NAME(owned) a, uint64_t seed, double shift) {
    NAME(scatter)(a, seed);
    for (int64_t i = 0; i < a.view.rows && i < a.view.cols; ++i) *NAME(at)(a, i, i) += (REAL)shift;
}

static void NAME(linear_equations_hold)(int64_t m, int64_t n, int in, int out) {
    NAME(owned) a = NAME(make)(in, m, m), b = NAME(make)(out, n, n), c = NAME(make)(in, m, n);
    NAME(owned) x = NAME(make)(out, m, n), q = NAME(make)(out, m, m), y = NAME(make)(out, m, m), ay = NAME(make)(0, m, m);
    double bound;
    NAME(shifted)(a, 1, (double)m + 1);
    NAME(shifted)(b, 2, (double)n + 1);
    NAME(shifted)(c, 3, 0);
    NAME(shifted)(q, 4, 0);

    EXPECT(LAPWING_OK,
           NAME(lapwing_sylvester)(NAME(read_only)(a), NAME(read_only)(b), NAME(read_only)(c), x.view));
    bound = 20 * (double)(m + n) * UNIT_ROUNDOFF * (NAME(norm)(a) + NAME(norm)(b)) * NAME(norm)(x);
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j)
            CHECK(fabs(NAME(product)(a, x, 0, i, j) + NAME(product)(x, b, 0, i, j) - *NAME(at)(c, i, j)) <= bound);

    EXPECT(LAPWING_OK, NAME(lapwing_continuous_lyapunov)(NAME(read_only)(a), NAME(read_only)(q), y.view));
    bound = 40 * (double)m * UNIT_ROUNDOFF * (double)m * NAME(norm)(a) * NAME(norm)(y);
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < m; ++j)
            CHECK(fabs(NAME(product)(a, y, 0, i, j) + NAME(product)(y, a, 1, i, j) - *NAME(at)(q, i, j)) <= bound);

    EXPECT(LAPWING_OK, NAME(lapwing_discrete_lyapunov)(NAME(read_only)(a), NAME(read_only)(q), y.view));
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < m; ++j) *NAME(at)(ay, i, j) = (REAL)NAME(product)(a, y, 0, i, j);
    bound = 20 * (double)m * UNIT_ROUNDOFF * (1 + (double)m * NAME(norm)(a) * NAME(norm)(a)) * NAME(norm)(y);
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < m; ++j)
            CHECK(fabs(NAME(product)(ay, a, 1, i, j) - *NAME(at)(y, i, j) + *NAME(at)(q, i, j)) <= bound);
    free(a.memory), free(b.memory), free(c.memory), free(x.memory), free(q.memory), free(y.memory), free(ay.memory);
}

/* 1 x 1 equations have closed forms, and the double integrator has the gain (1, sqrt(3)). */
static void NAME(riccati_equations_hold)(int in, int out) {
    NAME(owned) a = NAME(make)(in, 2, 2), b = NAME(make)(out, 2, 1), q = NAME(make)(in, 2, 2), r = NAME(make)(out, 1, 1);
    NAME(owned) x = NAME(make)(out, 2, 2), gain = NAME(make)(in, 1, 2);
    const NAME(lapwing_mat) absent = {NULL, 0, 0, 0, 0};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    const double tolerance = 1e3 * UNIT_ROUNDOFF, root = sqrt(3.0), golden = (1 + sqrt(5.0)) / 2;
    const REAL one = 1, two = 2, five = 5;
    const NAME(lapwing_mat) one_view = {&one, 1, 1, 1, 1}, two_view = {&two, 1, 1, 1, 1}, five_view = {&five, 1, 1, 1, 1};
    REAL number = 0, number_gain = 0, re[2], im[2];
    double residual = 77;
    const NAME(lapwing_vec_mut) re_view = {re, 2, 1}, im_view = {im, 2, 1}, unwanted_list = {NULL, 0, 1};
    const NAME(lapwing_vec_mut) one_re = {re, 1, 1};
    const NAME(lapwing_mat_mut) number_view = {&number, 1, 1, 1, 1}, number_gain_view = {&number_gain, 1, 1, 1, 1};
    for (int64_t i = 0; i < 2; ++i) {
        for (int64_t j = 0; j < 2; ++j) {
            *NAME(at)(a, i, j) = (REAL)(i == 0 && j == 1);
            *NAME(at)(q, i, j) = (REAL)(i == j);
        }
        *NAME(at)(b, i, 0) = (REAL)i;
    }
    *NAME(at)(r, 0, 0) = 1;
    EXPECT(LAPWING_OK, NAME(lapwing_continuous_riccati)(NAME(read_only)(a), NAME(read_only)(b), NAME(read_only)(q),
                                                        NAME(read_only)(r), absent, absent, x.view, gain.view, re_view, im_view,
                                                        &residual));
    /* The roots of z^2 + sqrt(3) z + 1. */
    for (int i = 0; i < 2; ++i)
        CHECK(fabs((double)re[i] + root / 2) <= tolerance && fabs((double)im[i] - (i == 0 ? 0.5 : -0.5)) <= tolerance);
    CHECK(residual >= 0 && residual <= tolerance);
    CHECK(fabs((double)*NAME(at)(x, 0, 0) - root) <= tolerance && fabs((double)*NAME(at)(x, 1, 1) - root) <= tolerance);
    CHECK(fabs((double)*NAME(at)(x, 0, 1) - 1) <= tolerance && *NAME(at)(x, 0, 1) == *NAME(at)(x, 1, 0));
    CHECK(fabs((double)*NAME(at)(gain, 0, 0) - 1) <= tolerance);
    CHECK(fabs((double)*NAME(at)(gain, 0, 1) - root) <= tolerance);

    /* x^2 = x + 1 */
    EXPECT(LAPWING_OK, NAME(lapwing_discrete_riccati)(one_view, one_view, one_view, one_view, absent, absent,
                                                      number_view, number_gain_view, one_re, unwanted_list, NULL));
    /* 1 - 1 / golden */
    CHECK(fabs((double)re[0] - (2 - golden)) <= tolerance);
    CHECK(fabs((double)number - golden) <= tolerance && fabs((double)number_gain - 1 / golden) <= tolerance);
    /* 2 e x - (e x + s)^2 + 5 = 0 with e = 2 and s = 1: x = 1 */
    EXPECT(LAPWING_OK, NAME(lapwing_continuous_riccati)(one_view, one_view, five_view, one_view, two_view, one_view,
                                                        number_view, unwanted, unwanted_list, unwanted_list, NULL));
    CHECK(fabs((double)number - 1) <= tolerance);
    free(a.memory), free(b.memory), free(q.memory), free(r.memory), free(x.memory), free(gain.memory);
}

/* A refused call says why, and leaves the outputs alone. */
static void NAME(equations_refuse)(void) {
    const REAL entries[4] = {1, 0, 0, 1}, skewed[4] = {1, 1, 0, 1}, turn[4] = {0, 1, -1, 0}, zeros[4] = {0, 0, 0, 0};
    const REAL spoiled[4] = {1, (REAL)NAN, 0, 1};
    REAL x[4] = {7, 7, 7, 7}, gain[4] = {7, 7, 7, 7}, re[2] = {7, 7}, im[2] = {7, 7};
    double residual = 7;
    const NAME(lapwing_vec_mut) re_view = {re, 2, 1}, im_view = {im, 2, 1}, short_view = {re, 1, 1};
    const NAME(lapwing_mat) one = {entries, 2, 2, 2, 1}, asymmetric = {skewed, 2, 2, 2, 1}, rotation = {turn, 2, 2, 2, 1};
    const NAME(lapwing_mat) zero = {zeros, 2, 2, 2, 1}, none = {NULL, 2, 2, 2, 1}, row = {entries, 1, 2, 2, 1};
    const NAME(lapwing_mat) absent = {NULL, 0, 0, 0, 0}, bad = {spoiled, 2, 2, 2, 1};
    const NAME(lapwing_mat_mut) x_view = {x, 2, 2, 2, 1}, gain_view = {gain, 2, 2, 2, 1}, nowhere = {NULL, 2, 2, 2, 1};
    const NAME(lapwing_mat_mut) wrong = {x, 1, 2, 2, 1};

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_sylvester)(none, one, one, x_view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_sylvester)(one, one, one, nowhere));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_continuous_lyapunov)(one, none, x_view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_discrete_lyapunov)(none, one, x_view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_continuous_riccati)(one, none, one, one, absent, absent, x_view, gain_view, re_view, im_view, &residual));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_discrete_riccati)(one, one, one, one, absent, absent, nowhere, gain_view, re_view, im_view, &residual));

    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_sylvester)(one, one, row, x_view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_sylvester)(one, one, one, wrong));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_continuous_lyapunov)(row, one, x_view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_discrete_lyapunov)(one, one, wrong));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_continuous_riccati)(one, row, one, one, absent, absent, x_view, gain_view, re_view, im_view, &residual));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_continuous_riccati)(one, one, one, one, row, absent, x_view, gain_view, re_view, im_view, &residual));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_discrete_riccati)(one, one, one, one, absent, row, x_view, gain_view, re_view, im_view, &residual));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_discrete_riccati)(one, one, one, one, absent, absent, x_view, x_view, re_view, im_view,
                                                         &residual));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_discrete_riccati)(one, one, one, one, absent, absent, x_view, gain_view, re_view,
                                                             re_view, &residual));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w_im has 1 entries",
                   NAME(lapwing_discrete_riccati)(one, one, one, one, absent, absent, x_view, gain_view, im_view, short_view,
                                                  &residual));

    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "b[0, 1]", NAME(lapwing_sylvester)(one, bad, one, x_view));
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST, NAME(lapwing_sylvester)(zero, zero, one, x_view));
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST, NAME(lapwing_continuous_lyapunov)(rotation, one, x_view));
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST, NAME(lapwing_discrete_lyapunov)(rotation, one, x_view));
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST,
           NAME(lapwing_continuous_riccati)(one, zero, one, one, absent, absent, x_view, gain_view, re_view, im_view, &residual));
    EXPECT(LAPWING_ERR_NOT_SYMMETRIC,
           NAME(lapwing_discrete_riccati)(one, one, asymmetric, one, absent, absent, x_view, gain_view, re_view, im_view, &residual));
    EXPECT(LAPWING_ERR_RANK_DEFICIENT,
           NAME(lapwing_continuous_riccati)(one, one, one, zero, absent, absent, x_view, gain_view, re_view, im_view, &residual));
    for (int i = 0; i < 4; ++i) CHECK(x[i] == 7 && gain[i] == 7 && re[i / 2] == 7 && im[i / 2] == 7);
    CHECK(residual == 7);
}

static void NAME(equations)(void) {
    for (int in = 0; in < LAYOUTS; ++in) {
        NAME(linear_equations_hold)(3, 5, in, (in + 1) % LAYOUTS);
        NAME(linear_equations_hold)(1, 1, in, (in + 2) % LAYOUTS);
        NAME(riccati_equations_hold)(in, (in + 3) % LAYOUTS);
    }
    NAME(linear_equations_hold)(0, 2, 0, 1);
    NAME(equations_refuse)();
}
