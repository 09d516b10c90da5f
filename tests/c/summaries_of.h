/* Every summary in one precision: on integer matrices, whose numbers are known, and what it refuses. */

#include "matrix_of.h"

/* A matrix in this layout with these entries, row after row. */
static NAME(owned) NAME(filled)(int layout, int64_t rows, int64_t cols, const REAL *entries) {
    NAME(owned) a = NAME(make)(layout, rows, cols);
    for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < cols; ++j) *NAME(at)(a, i, j) = entries[i * cols + j];
    return a;
}

static int NAME(near)(REAL found, double exact) {
    return fabs((double)found - exact) <= 64 * UNIT_ROUNDOFF * fmax(1, fabs(exact));
}

static void NAME(norms)(int layout) {
    /* Orthogonal rows of lengths 10 and 5, which are the singular values. */
    static const REAL entries[4] = {6, 8, -4, 3};
    static const double norms[6] = {11, 10, 14, 11.180339887498949, 15, 8};
    /* Over the determinant of 50, the inverse is {3, -8; 4, 6}: column sums 7 and 14, row sums 11 and 10. */
    static const double conditions[6] = {11 * 14 / 50.0, 2, 14 * 11 / 50.0, 2.5, 15 * 0.3, 8 * 8 / 50.0};
    NAME(owned) a = NAME(filled)(layout, 2, 2, entries);
    const NAME(lapwing_mat) view = NAME(read_only)(a);
    const REAL x[3] = {3, 0, -4};
    const NAME(lapwing_vec) x_view = {x, 3, 1}, backwards = {x + 2, 3, -1};
    REAL value = 0;
    for (int32_t which = LAPWING_NORM_ONE; which <= LAPWING_NORM_MAX; ++which) {
        EXPECT(LAPWING_OK, NAME(lapwing_norm)(view, which, &value));
        CHECK(NAME(near)(value, norms[which]));
        EXPECT(LAPWING_OK, NAME(lapwing_condition_number)(view, which, &value));
        CHECK(NAME(near)(value, conditions[which]));
    }
    EXPECT(LAPWING_OK, NAME(lapwing_schatten_norm)(view, 3, &value));
    CHECK(NAME(near)(value, cbrt(1125)));
    EXPECT(LAPWING_OK, NAME(lapwing_vector_norm)(x_view, 2, &value));
    CHECK(NAME(near)(value, 5));
    EXPECT(LAPWING_OK, NAME(lapwing_vector_norm)(backwards, INFINITY, &value));
    CHECK(value == 4);
    EXPECT(LAPWING_OK, NAME(lapwing_estimate_condition_number)(view, LAPWING_NORM_ONE, &value));
    CHECK(value > conditions[0] / 3 && value <= conditions[0] * (1 + 64 * UNIT_ROUNDOFF));
    EXPECT(LAPWING_OK, NAME(lapwing_estimate_condition_number)(view, LAPWING_NORM_INFINITY, &value));
    CHECK(value > conditions[2] / 3 && value <= conditions[2] * (1 + 64 * UNIT_ROUNDOFF));
    free(a.memory);
}

/* The Frobenius norm comes from its inner product, and lies between the 2-norm and the nuclear norm. */
static void NAME(norms_agree)(int layout) {
    NAME(owned) a = NAME(make)(layout, 9, 6);
    const NAME(lapwing_mat) view = NAME(read_only)(a);
    REAL frobenius = 0, square = 0, two = 0, nuclear = 0;
    NAME(scatter)(a, 11);
    EXPECT(LAPWING_OK, NAME(lapwing_norm)(view, LAPWING_NORM_FROBENIUS, &frobenius));
    EXPECT(LAPWING_OK, NAME(lapwing_frobenius_inner_product)(view, view, &square));
    EXPECT(LAPWING_OK, NAME(lapwing_norm)(view, LAPWING_NORM_TWO, &two));
    EXPECT(LAPWING_OK, NAME(lapwing_norm)(view, LAPWING_NORM_NUCLEAR, &nuclear));
    CHECK(NAME(near)((REAL)sqrt((double)square), frobenius));
    CHECK(two < frobenius && frobenius < nuclear);
    free(a.memory);
}

static void NAME(invariants)(int layout) {
    static const REAL entries[9] = {2, -1, 0, -1, 2, -1, 0, -1, 2}, singular[9] = {1, 0, 0, 0, 0, 0, 0, 0, 1};
    NAME(owned) a = NAME(filled)(layout, 3, 3, entries), b = NAME(filled)(layout, 3, 3, singular);
    REAL value = 0, sign = 0, minors[3], rcond = 0;
    const NAME(lapwing_vec_mut) minors_view = {minors + 2, 3, -1};
    int32_t verdict = -1;
    int64_t pivot = 0, digits = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_trace)(NAME(read_only)(a), &value));
    CHECK(value == 6);
    EXPECT(LAPWING_OK, NAME(lapwing_determinant)(NAME(read_only)(a), &value));
    CHECK(NAME(near)(value, 4));
    EXPECT(LAPWING_OK, NAME(lapwing_log_determinant)(NAME(read_only)(a), &sign, &value));
    CHECK(sign == 1 && NAME(near)(value, log(4)));
    EXPECT(LAPWING_OK, NAME(lapwing_log_determinant)(NAME(read_only)(b), &sign, NULL));
    CHECK(sign == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_leading_principal_minors)(NAME(read_only)(a), minors_view));
    CHECK(NAME(near)(minors[2], 2) && NAME(near)(minors[1], 3) && NAME(near)(minors[0], 4));

    EXPECT(LAPWING_OK, NAME(lapwing_invertibility)(NAME(read_only)(a), &verdict, &pivot, &rcond, &digits));
    /* The condition number is 4 * 2 in the 1-norm. */
    CHECK(verdict == LAPWING_INVERTIBLE && pivot == -1 && rcond >= 0.124 && rcond < 0.4);
    CHECK(digits == (sizeof(REAL) == 8 ? 15 : 6) || digits == (sizeof(REAL) == 8 ? 14 : 6));
    EXPECT(LAPWING_OK, NAME(lapwing_invertibility)(NAME(read_only)(b), &verdict, &pivot, &rcond, &digits));
    CHECK(verdict == LAPWING_SINGULAR && pivot == 1 && rcond == 0 && digits == 0);
    b.view.cols = 2;
    EXPECT(LAPWING_OK, NAME(lapwing_invertibility)(NAME(read_only)(b), &verdict, NULL, NULL, NULL));
    CHECK(verdict == LAPWING_RECTANGULAR);
    free(a.memory), free(b.memory);
}

static void NAME(forms)(int layout) {
    static const REAL saddle[4] = {1, 2, 2, 1}, weight[4] = {4, 0, 0, 1}, laplacian[4] = {1, -1, -1, 1};
    NAME(owned) a = NAME(filled)(layout, 2, 2, saddle), w = NAME(filled)(layout, 2, 2, weight);
    NAME(owned) l = NAME(filled)(layout, 2, 2, laplacian);
    const REAL x[2] = {1, 2}, y[2] = {1, -2};
    const NAME(lapwing_vec) x_view = {x, 2, 1}, y_view = {y, 2, 1};
    REAL up[2], down[2], value = 0;
    const NAME(lapwing_vec_mut) up_view = {up, 2, 1}, down_view = {down, 2, 1}, unwanted = {NULL, 0, 0};
    int32_t verdict = -1;
    int64_t minor = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_definiteness)(NAME(read_only)(a), &verdict, &minor, up_view, down_view));
    CHECK(verdict == LAPWING_INDEFINITE && minor == 2);
    CHECK(NAME(near)(up[0] - up[1], 0) && NAME(near)(down[0] + down[1], 0));
    CHECK(NAME(near)(up[0] * up[0] + up[1] * up[1], 1) && NAME(near)(down[0] * down[0] + down[1] * down[1], 1));
    EXPECT(LAPWING_OK, NAME(lapwing_definiteness)(NAME(read_only)(l), &verdict, &minor, up_view, down_view));
    CHECK(verdict == LAPWING_POSITIVE_SEMIDEFINITE && up[0] != 0 && down[0] == 0 && down[1] == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_definiteness)(NAME(read_only)(w), &verdict, NULL, unwanted, unwanted));
    CHECK(verdict == LAPWING_POSITIVE_DEFINITE);

    EXPECT(LAPWING_OK, NAME(lapwing_quadratic_form)(NAME(read_only)(a), x_view, &value));
    CHECK(value == 13);
    EXPECT(LAPWING_OK, NAME(lapwing_bilinear_form)(x_view, NAME(read_only)(a), y_view, &value));
    CHECK(value == -3);
    EXPECT(LAPWING_OK, NAME(lapwing_inner_product)(x_view, y_view, &value));
    CHECK(value == -3);
    EXPECT(LAPWING_OK, NAME(lapwing_frobenius_inner_product)(NAME(read_only)(a), NAME(read_only)(w), &value));
    CHECK(value == 5);
    EXPECT(LAPWING_OK, NAME(lapwing_angle)(x_view, y_view, &value));
    CHECK(NAME(near)(value, 2 * atan(2.0)));
    EXPECT(LAPWING_OK, NAME(lapwing_weighted_inner_product)(NAME(read_only)(w), x_view, y_view, &value));
    CHECK(NAME(near)(value, 0));
    EXPECT(LAPWING_OK, NAME(lapwing_weighted_norm)(NAME(read_only)(w), x_view, &value));
    CHECK(NAME(near)(value, sqrt(8)));
    EXPECT(LAPWING_OK, NAME(lapwing_weighted_angle)(NAME(read_only)(w), x_view, y_view, &value));
    CHECK(NAME(near)(value, acos(0)));
    free(a.memory), free(w.memory), free(l.memory);
}

static void NAME(summaries_refuse)(void) {
    REAL entries[6] = {2, 1, 1, 2, 0, 0}, vector[3] = {1, 1, 1}, zeros[2] = {0, 0}, value = 77, minors[3];
    const NAME(lapwing_mat) a = {entries, 2, 2, 2, 1}, none = {NULL, 2, 2, 2, 1}, wide = {entries, 2, 3, 3, 1};
    const NAME(lapwing_vec) x = {vector, 2, 1}, longer = {vector, 3, 1}, no_x = {NULL, 2, 1}, zero = {zeros, 2, 1};
    const NAME(lapwing_vec_mut) unwanted = {NULL, 0, 0}, out = {minors, 2, 1}, too_long = {minors, 3, 1};
    const NAME(lapwing_vec_mut) inside = {entries, 2, 1}, no_out = {NULL, 2, 1};
    int32_t verdict = 77;
    int64_t number = 77;
    for (int i = 0; i < 3; ++i) minors[i] = 77;

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_norm)(none, LAPWING_NORM_TWO, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", NAME(lapwing_norm)(a, LAPWING_NORM_TWO, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "which is 6", NAME(lapwing_norm)(a, 6, &value));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_norm)(a, -1, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_schatten_norm)(none, 2, &value));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_schatten_norm)(a, 0.5, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_vector_norm)(no_x, 2, &value));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_vector_norm)(x, NAN, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_condition_number)(none, LAPWING_NORM_TWO, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_condition_number)(wide, LAPWING_NORM_ONE, &value));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_condition_number)(a, 6, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_estimate_condition_number)(none, LAPWING_NORM_ONE, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_estimate_condition_number)(wide, LAPWING_NORM_ONE, &value));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_estimate_condition_number)(a, LAPWING_NORM_TWO, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_trace)(none, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_trace)(wide, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_determinant)(none, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_determinant)(wide, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_log_determinant)(none, &value, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_log_determinant)(wide, &value, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_leading_principal_minors)(a, no_out));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_leading_principal_minors)(a, too_long));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_leading_principal_minors)(a, inside));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_invertibility)(a, NULL, &number, &value, &number));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_invertibility)(none, &verdict, NULL, NULL, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_perturbation_bound)(10, 0, 0, NULL));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_perturbation_bound)(0, 0, 0, &value));
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST, NAME(lapwing_perturbation_bound)(16, 0.0625, 0, &value));

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_definiteness)(a, NULL, &number, unwanted, unwanted));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_definiteness)(wide, &verdict, &number, unwanted, unwanted));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_definiteness)(a, &verdict, &number, too_long, unwanted));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_definiteness)(a, &verdict, &number, out, out));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_quadratic_form)(a, no_x, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_quadratic_form)(a, longer, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_bilinear_form)(x, none, x, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_bilinear_form)(longer, a, x, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_inner_product)(x, no_x, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_inner_product)(x, longer, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_frobenius_inner_product)(a, none, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_frobenius_inner_product)(a, wide, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_angle)(x, x, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_angle)(x, longer, &value));
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST, NAME(lapwing_angle)(x, zero, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_weighted_inner_product)(none, x, x, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_weighted_inner_product)(a, x, longer, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_weighted_norm)(none, x, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_weighted_norm)(wide, x, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_weighted_angle)(a, no_x, x, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_weighted_angle)(a, longer, x, &value));

    entries[1] = -1;
    EXPECT(LAPWING_ERR_NOT_SYMMETRIC, NAME(lapwing_definiteness)(a, &verdict, &number, out, unwanted));
    EXPECT(LAPWING_ERR_NOT_SYMMETRIC, NAME(lapwing_weighted_norm)(a, x, &value));
    entries[1] = 1, entries[0] = -2;
    EXPECT(LAPWING_ERR_NOT_POSITIVE_DEFINITE, NAME(lapwing_weighted_norm)(a, x, &value));
    entries[2] = (REAL)NAN;
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_norm)(a, LAPWING_NORM_MAX, &value));
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_determinant)(a, &value));
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_invertibility)(a, &verdict, &number, &value, &number));
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_definiteness)(a, &verdict, &number, out, unwanted));
    CHECK(value == 77 && verdict == 77 && number == 77);
    for (int i = 0; i < 3; ++i) CHECK(minors[i] == 77);
    EXPECT(LAPWING_OK, NAME(lapwing_perturbation_bound)(16, 0.015625, 0.015625, &value));
    CHECK(NAME(near)(value, 2.0 / 3));
}

static void NAME(summaries)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(norms)(layout);
        NAME(norms_agree)(layout);
        NAME(invariants)(layout);
        NAME(forms)(layout);
    }
    NAME(summaries_refuse)();
}
