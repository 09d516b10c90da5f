/* The decompositions give back the matrix, in both precisions and in every layout of inputs and outputs. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "decompositions_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "decompositions_of.h"

int main(void) {
    decompositions_f64();
    decompositions_f32();
    return failures != 0;
}
