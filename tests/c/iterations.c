/* Iterative methods on matrices whose spectrum is known: in compressed rows, and by their products alone. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

/* What a callback is to do, and what it has done. */
typedef struct {
    int64_t order;
    int calls, stop_at, poison;
} instructions;

/* Called after an iteration: stops when it is time. */
static int32_t watch(void *user, int64_t iterations, double residual) {
    instructions *mine = user;
    CHECK(iterations > 0 && residual >= 0);
    return ++mine->calls == mine->stop_at ? 5 : 0;
}

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "iterations_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "iterations_of.h"

int main(void) {
    iterations_f64();
    iterations_f32();
    return failures != 0;
}
