/* The library itself: its version, its messages, its threads. */

#include <pthread.h>

#include "check.h"

static void version(void) {
    char expected[32];
    snprintf(expected, sizeof expected, "%d.%d.%d", LAPWING_VERSION_MAJOR, LAPWING_VERSION_MINOR,
             LAPWING_VERSION_PATCH);
    CHECK(strcmp(lapwing_version(), expected) == 0);
    CHECK(lapwing_version_number() == LAPWING_VERSION_NUMBER);
#if LAPWING_VERSION_NUMBER < 100
#error "the version is usable in preprocessor conditions"
#endif
}

static void names(void) {
    CHECK(strcmp(lapwing_status_name(LAPWING_OK), "LAPWING_OK") == 0);
    CHECK(strcmp(lapwing_status_name(LAPWING_ERR_NOT_POSITIVE_DEFINITE), "LAPWING_ERR_NOT_POSITIVE_DEFINITE") == 0);
    CHECK(strcmp(lapwing_status_name(LAPWING_ERR_PANIC), "LAPWING_ERR_PANIC") == 0);
    CHECK(strcmp(lapwing_status_name(-5), "unknown status") == 0);
    CHECK(strcmp(lapwing_status_name(200), "unknown status") == 0);
}

static void fail(int64_t rows) {
    const lapwing_mat_f64 a = {NULL, rows, 0, 0, 0};
    const lapwing_mat_mut_f64 factor = {NULL, 0, 0, 0, 0};
    EXPECT(LAPWING_ERR_SHAPE, lapwing_cholesky_f64(a, LAPWING_LOWER, factor));
}

static void *on_another_thread(void *unused) {
    char message[100] = "x";
    (void)unused;
    CHECK(lapwing_last_error(message, sizeof message) == 0 && message[0] == '\0');
    fail(8);
    CHECK(lapwing_last_error(message, sizeof message) > 0 && strstr(message, "8 x 0") != NULL);
    return NULL;
}

static void messages(void) {
    char whole[100], part[100];
    CHECK(lapwing_last_error(whole, sizeof whole) == 0 && whole[0] == '\0');
    fail(5);
    const size_t length = lapwing_last_error(NULL, 0);
    CHECK(length > 10 && length < sizeof whole);
    CHECK(lapwing_last_error(NULL, 50) == length);
    CHECK(lapwing_last_error(whole, sizeof whole) == length && strlen(whole) == length);
    CHECK(strcmp(whole, "a is 5 x 0, but must be square") == 0);
    for (size_t cap = 0; cap <= length + 2; ++cap) {
        memset(part, '#', sizeof part);
        CHECK(lapwing_last_error(part, cap) == length);
        const size_t kept = cap == 0 ? 0 : cap - 1 < length ? cap - 1 : length;
        CHECK(memcmp(part, whole, kept) == 0);
        CHECK(cap == 0 || part[kept] == '\0');
        CHECK(part[cap] == '#');
    }

    /* Success keeps the message, and so does a failure on another thread. */
    pthread_t thread;
    CHECK(lapwing_threads_set(lapwing_threads_get()) == LAPWING_OK);
    CHECK(pthread_create(&thread, NULL, on_another_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(lapwing_last_error(part, sizeof part) == length && strcmp(part, whole) == 0);
}

static void threads(void) {
    const int32_t before = lapwing_threads_get();
    CHECK(before >= 1);
    EXPECT(LAPWING_OK, lapwing_threads_set(1));
    CHECK(lapwing_threads_get() == 1);
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "count is 0", lapwing_threads_set(0));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "count is -3", lapwing_threads_set(-3));
    CHECK(lapwing_threads_get() == 1);
    EXPECT(LAPWING_OK, lapwing_threads_set(before));
    CHECK(lapwing_threads_get() == before);
}

static void backend(void) {
    char whole[200], part[9];
    const size_t length = lapwing_backend(NULL, 0);
    CHECK(length > 8 && length < sizeof whole);
    CHECK(lapwing_backend(whole, sizeof whole) == length && strlen(whole) == length);
    CHECK(strncmp(whole, "OpenBLAS", 8) == 0 && strchr(whole, '(') != NULL);
    CHECK(lapwing_backend(part, sizeof part) == length && strcmp(part, "OpenBLAS") == 0);
    CHECK(lapwing_backend(NULL, 50) == length);
}

int main(void) {
    version();
    backend();
    names();
    messages();
    threads();
    return failures != 0;
}
