/* A workspace changes where a decomposition computes, and no bit of what. */
#include <stdint.h>

#include "check.h"

#define SCALAR double
#define SUFFIX f64
#include "workspaces_of.h"
#undef SCALAR
#undef SUFFIX
#define SCALAR float
#define SUFFIX f32
#include "workspaces_of.h"

int main(void) {
    workspaces_f64();
    workspaces_f32();
    return failures == 0 ? 0 : 1;
}
