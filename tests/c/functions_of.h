/* Every function of a matrix in one precision. An entry may be off by a hundred roundoffs times the condition of the
 * small matrices here, which is below 10. */

#include "matrix_of.h"

#define CLOSE(value, expected) CHECK(fabs((double)(value) - (expected)) <= 1e3 * UNIT_ROUNDOFF * fmax(1, fabs(expected)))

/* x := the 2 x 2 matrix [[p, q], [r, s]] */
static void NAME(fill)(NAME(owned) x, double p, double q, double r, double s) {
    *NAME(at)(x, 0, 0) = (REAL)p, *NAME(at)(x, 0, 1) = (REAL)q;
    *NAME(at)(x, 1, 0) = (REAL)r, *NAME(at)(x, 1, 1) = (REAL)s;
}

static void NAME(expect)(NAME(owned) x, double p, double q, double r, double s) {
    CLOSE(*NAME(at)(x, 0, 0), p);
    CLOSE(*NAME(at)(x, 0, 1), q);
    CLOSE(*NAME(at)(x, 1, 0), r);
    CLOSE(*NAME(at)(x, 1, 1), s);
}

/* Values in closed form, with every layout in and every layout out. */
static void NAME(functions_are_exact)(int layout_in, int layout_out) {
    const double pi = acos(-1.0);
    NAME(owned) a = NAME(make)(layout_in, 2, 2), x = NAME(make)(layout_out, 2, 2), y = NAME(make)(layout_out, 2, 2);
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};

    NAME(fill)(a, 2, 1, 1, 1);
    EXPECT(LAPWING_OK, NAME(lapwing_matrix_power)(NAME(read_only)(a), 5, x.view));
    NAME(expect)(x, 89, 55, 55, 34);
    EXPECT(LAPWING_OK, NAME(lapwing_matrix_power)(NAME(read_only)(a), -1, x.view));
    NAME(expect)(x, 1, -1, -1, 2);
    EXPECT(LAPWING_OK, NAME(lapwing_fractional_power)(NAME(read_only)(a), 2.0, x.view, unwanted));
    NAME(expect)(x, 5, 3, 3, 2);

    /* A third of a turn by 90 degrees. */
    NAME(fill)(a, 0, -1, 1, 0);
    EXPECT(LAPWING_OK, NAME(lapwing_fractional_power)(NAME(read_only)(a), 1.0 / 3, x.view, unwanted));
    NAME(expect)(x, sqrt(0.75), -0.5, 0.5, sqrt(0.75));
    EXPECT(LAPWING_OK, NAME(lapwing_logm)(NAME(read_only)(a), x.view, unwanted));
    NAME(expect)(x, 0, -pi / 2, pi / 2, 0);
    EXPECT(LAPWING_OK, NAME(lapwing_sqrtm)(NAME(read_only)(a), x.view, unwanted));
    NAME(expect)(x, sqrt(0.5), -sqrt(0.5), sqrt(0.5), sqrt(0.5));
    NAME(fill)(a, 0, -pi / 2, pi / 2, 0);
    EXPECT(LAPWING_OK, NAME(lapwing_expm)(NAME(read_only)(a), x.view));
    NAME(expect)(x, 0, -1, 1, 0);
    NAME(fill)(a, 3, 2, 0, -1);
    EXPECT(LAPWING_OK, NAME(lapwing_signm)(NAME(read_only)(a), x.view));
    NAME(expect)(x, 1, 1, 0, -1);

    /* The eigenvalue -4 has a complex root, logarithm and power. */
    NAME(fill)(a, 9, 0, 0, -4);
    EXPECT(LAPWING_OK, NAME(lapwing_sqrtm)(NAME(read_only)(a), x.view, y.view));
    NAME(expect)(x, 3, 0, 0, 0);
    NAME(expect)(y, 0, 0, 0, 2);
    EXPECT(LAPWING_OK, NAME(lapwing_logm)(NAME(read_only)(a), x.view, y.view));
    NAME(expect)(x, log(9), 0, 0, log(4));
    NAME(expect)(y, 0, 0, 0, pi);
    EXPECT(LAPWING_OK, NAME(lapwing_fractional_power)(NAME(read_only)(a), 0.5, x.view, y.view));
    NAME(expect)(x, 3, 0, 0, 0);
    NAME(expect)(y, 0, 0, 0, 2);
    free(a.memory), free(x.memory), free(y.memory);
}

/* A refused call says why, and leaves the outputs alone. */
static void NAME(functions_refuse)(void) {
    NAME(owned) a = NAME(make)(0, 2, 2), x = NAME(make)(0, 2, 2), y = NAME(make)(0, 2, 2);
    NAME(owned) wide = NAME(make)(0, 2, 3);
    NAME(lapwing_mat) none = {NULL, 2, 2, 2, 1}, rectangle;
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0}, nowhere = {NULL, 2, 2, 2, 1};
    NAME(scatter)(wide, 1);
    rectangle = NAME(read_only)(wide);
    NAME(fill)(a, 1, 3, 2, 0);
    NAME(fill)(x, 7, 7, 7, 7);
    NAME(fill)(y, 7, 7, 7, 7);

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_matrix_power)(none, 2, x.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_matrix_power)(NAME(read_only)(a), 2, nowhere));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_expm)(none, x.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_logm)(none, x.view, y.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_sqrtm)(none, x.view, y.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_fractional_power)(none, 0.5, x.view, y.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_signm)(none, x.view));

    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_matrix_power)(rectangle, 2, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_matrix_power)(NAME(read_only)(a), 2, wide.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_expm)(rectangle, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_expm)(NAME(read_only)(a), wide.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_logm)(rectangle, x.view, y.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_logm)(NAME(read_only)(a), x.view, wide.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_sqrtm)(rectangle, x.view, unwanted));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_fractional_power)(rectangle, 0.5, x.view, unwanted));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_signm)(rectangle, x.view));

    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_expm)(NAME(read_only)(a), a.view));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_sqrtm)(NAME(read_only)(a), x.view, x.view));

    /* The eigenvalues are 3 and -2. */
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "eigenvalue -2", NAME(lapwing_logm)(NAME(read_only)(a), x.view, unwanted));
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "eigenvalue -2", NAME(lapwing_sqrtm)(NAME(read_only)(a), x.view, unwanted));
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "eigenvalue -2",
                   NAME(lapwing_fractional_power)(NAME(read_only)(a), 0.5, x.view, unwanted));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "exponent", NAME(lapwing_fractional_power)(NAME(read_only)(a), NAN, x.view, y.view));
    NAME(fill)(a, 0, 1, -1, 0);
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST, NAME(lapwing_signm)(NAME(read_only)(a), x.view));
    NAME(fill)(a, 0, 1, 0, 0);
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST, NAME(lapwing_sqrtm)(NAME(read_only)(a), x.view, y.view));
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST, NAME(lapwing_logm)(NAME(read_only)(a), x.view, y.view));
    EXPECT(LAPWING_ERR_SINGULAR, NAME(lapwing_matrix_power)(NAME(read_only)(a), -1, x.view));
    NAME(fill)(a, 1e30, 1e30, 1e30, 1e30);
    EXPECT(LAPWING_ERR_OVERFLOW, NAME(lapwing_expm)(NAME(read_only)(a), x.view));
    NAME(fill)(a, 1, NAN, 0, 1);
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[0, 1]", NAME(lapwing_expm)(NAME(read_only)(a), x.view));

    NAME(expect)(x, 7, 7, 7, 7);
    NAME(expect)(y, 7, 7, 7, 7);
    free(a.memory), free(x.memory), free(y.memory), free(wide.memory);
}

static void NAME(functions)(void) {
    for (int in = 0; in < LAYOUTS; ++in) NAME(functions_are_exact)(in, (in + 2) % LAYOUTS);
    NAME(functions_refuse)();
}

#undef CLOSE
