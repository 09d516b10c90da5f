/* Ranks, bases, projectors and angles are those of matrices whose subspaces are known, in both precisions and in every
 * layout; what is refused leaves its outputs as they were. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "subspaces_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "subspaces_of.h"

int main(void) {
    subspaces_f64();
    subspaces_f32();
    return failures != 0;
}
