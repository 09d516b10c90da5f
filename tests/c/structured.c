/* Structured and random matrices: every function once with exact or bounded numbers, then with NULL, then with a wrong
 * shape, in both precisions. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "structured_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "structured_of.h"

/* The functions without a precision. */
static void permutations_have_a_sign(void) {
    static const int64_t cycle[] = {1, 2, 0}, exchange[] = {1, 0, 2}, twice[] = {0, 0, 1}, beyond[] = {0, 3, 1};
    static const int64_t negative[] = {0, -1, 1};
    int32_t sign = 77;
    EXPECT(LAPWING_ERR_NULL, lapwing_permutation_sign(NULL, 3, &sign));
    EXPECT(LAPWING_ERR_NULL, lapwing_permutation_sign(cycle, 3, NULL));
    EXPECT(LAPWING_ERR_ARGUMENT, lapwing_permutation_sign(cycle, -3, &sign));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "0 at positions 0 and 1", lapwing_permutation_sign(twice, 3, &sign));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "3 at position 1", lapwing_permutation_sign(beyond, 3, &sign));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "-1 at position 1", lapwing_permutation_sign(negative, 3, &sign));
    CHECK(sign == 77);
    EXPECT(LAPWING_OK, lapwing_permutation_sign(cycle, 3, &sign));
    CHECK(sign == 1);
    EXPECT(LAPWING_OK, lapwing_permutation_sign(exchange, 3, &sign));
    CHECK(sign == -1);
    EXPECT(LAPWING_OK, lapwing_permutation_sign(NULL, 0, &sign));
    CHECK(sign == 1);
}

static void permutations_are_inverted_and_composed(void) {
    static const int64_t cycle[] = {1, 2, 0}, exchange[] = {1, 0, 2}, twice[] = {0, 0, 1};
    int64_t found[] = {77, 77, 77};
    EXPECT(LAPWING_ERR_NULL, lapwing_permutation_inverse(NULL, 3, found));
    EXPECT(LAPWING_ERR_NULL, lapwing_permutation_inverse(cycle, 3, NULL));
    EXPECT(LAPWING_ERR_ARGUMENT, lapwing_permutation_inverse(cycle, -3, found));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "0 at positions 0 and 1", lapwing_permutation_inverse(twice, 3, found));
    EXPECT(LAPWING_ERR_NULL, lapwing_permutation_compose(cycle, NULL, 3, found));
    EXPECT(LAPWING_ERR_NULL, lapwing_permutation_compose(cycle, exchange, 3, NULL));
    EXPECT(LAPWING_ERR_ARGUMENT, lapwing_permutation_compose(cycle, exchange, -1, found));
    EXPECT(LAPWING_ERR_ARGUMENT, lapwing_permutation_compose(twice, exchange, 3, found));
    EXPECT(LAPWING_ERR_ARGUMENT, lapwing_permutation_compose(cycle, exchange, 2, found));
    CHECK(found[0] == 77 && found[1] == 77 && found[2] == 77);

    EXPECT(LAPWING_OK, lapwing_permutation_inverse(cycle, 3, found));
    CHECK(found[0] == 2 && found[1] == 0 && found[2] == 1);
    EXPECT(LAPWING_OK, lapwing_permutation_inverse(found, 3, found));
    CHECK(found[0] == 1 && found[1] == 2 && found[2] == 0);
    EXPECT(LAPWING_OK, lapwing_permutation_compose(cycle, exchange, 3, found));
    CHECK(found[0] == 0 && found[1] == 2 && found[2] == 1);
    EXPECT(LAPWING_OK, lapwing_permutation_compose(exchange, cycle, 3, found));
    CHECK(found[0] == 2 && found[1] == 1 && found[2] == 0);
    EXPECT(LAPWING_OK, lapwing_permutation_inverse(NULL, 0, NULL));
    EXPECT(LAPWING_OK, lapwing_permutation_compose(NULL, NULL, 0, NULL));
}

int main(void) {
    structured_f64();
    structured_f32();
    permutations_have_a_sign();
    permutations_are_inverted_and_composed();
    return failures != 0;
}
