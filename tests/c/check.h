/* What the C tests share: a check that says where it failed, and the count of those that did. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include "lapwing.h"

static int failures = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                           \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

/* The call returns this status. */
#define EXPECT(status, call)                                                                                 \
    do {                                                                                                     \
        const lapwing_status found_ = (call);                                                                \
        if (found_ != (status)) {                                                                            \
            char message_[512];                                                                              \
            lapwing_last_error(message_, sizeof message_);                                                   \
            printf("%s:%d: %s\n  is %s: %s\n", __FILE__, __LINE__, #call, lapwing_status_name(found_),       \
                   message_);                                                                                \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

/* The call returns this status, and the message holds this text. */
#define EXPECT_MESSAGE(status, text, call)                                                                   \
    do {                                                                                                     \
        char message_[512];                                                                                  \
        EXPECT(status, call);                                                                                \
        lapwing_last_error(message_, sizeof message_);                                                       \
        if (strstr(message_, text) == NULL) {                                                                \
            printf("%s:%d: the message does not hold \"%s\": %s\n", __FILE__, __LINE__, text, message_);     \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
/* In the files that are included once for each precision: NAME(lapwing_svd) is lapwing_svd_f64 or _f32. */
#define NAME(stem) JOIN(stem, SUFFIX)

/* How many layouts matrix_of.h makes. */
enum { LAYOUTS = 6 };

#endif
