/* Least squares in both precisions: every function with an answer that is known, then with what it must refuse. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "least_squares_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "least_squares_of.h"

int main(void) {
    least_squares_f64();
    least_squares_f32();
    return failures != 0;
}
