/* Inverses, approximations and motions are those of matrices for which they are known, in both precisions and in every
 * layout; what is refused leaves its outputs as they were. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "inverses_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "inverses_of.h"

int main(void) {
    inverses_f64();
    inverses_f32();
    return failures != 0;
}
