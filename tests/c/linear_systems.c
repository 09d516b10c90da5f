/* Linear systems in both precisions and in every layout: what solves, solves; what factors, gives back the matrix. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "linear_systems_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "linear_systems_of.h"

int main(void) {
    linear_systems_f64();
    linear_systems_f32();
    return failures != 0;
}
