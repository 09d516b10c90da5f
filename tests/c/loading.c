/* The library as a plug-in has it: loaded while the program runs, used by name, and unloaded, again and again.
 *
 *     loading LIBRARY
 */
#include <dlfcn.h>
#include <stdint.h>

#include "check.h"

enum { TIMES = 10 };

typedef lapwing_status (*svd_function)(lapwing_mat_f64, lapwing_vec_mut_f64, lapwing_mat_mut_f64, lapwing_mat_mut_f64);
typedef size_t (*last_error_function)(char *, size_t);
typedef uint32_t (*version_function)(void);

/* A pointer to a function, which C does not let a pointer to data become. */
#define SYMBOL(function, library, name)                                                                      \
    do {                                                                                                     \
        void *found_ = dlsym(library, name);                                                                 \
        memcpy(&(function), &found_, sizeof found_);                                                         \
    } while (0)

int main(int count, char **arguments) {
    if (count != 2) return 2;
    for (int time = 0; time < TIMES; time++) {
        void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) {
            printf("%s\n", dlerror());
            return 1;
        }
        svd_function svd = NULL;
        last_error_function last_error = NULL;
        version_function version_number = NULL;
        SYMBOL(svd, library, "lapwing_svd_f64");
        SYMBOL(last_error, library, "lapwing_last_error");
        SYMBOL(version_number, library, "lapwing_version_number");
        if (svd == NULL || last_error == NULL || version_number == NULL) return 1;
        CHECK(version_number() == LAPWING_VERSION_NUMBER);

        const double entries[] = {3.0, 0.0, 0.0, 4.0};
        double values[2] = {0.0, 0.0};
        char message[128];
        const lapwing_mat_f64 a = {entries, 2, 2, 2, 1};
        const lapwing_mat_mut_f64 unwanted = {NULL, 0, 0, 0, 0};
        const lapwing_vec_mut_f64 s = {values, 2, 1}, too_short = {values, 1, 1};
        CHECK(svd(a, s, unwanted, unwanted) == LAPWING_OK);
        CHECK(values[0] == 4.0 && values[1] == 3.0);
        /* The message is memory of this thread that belongs to the library. */
        CHECK(svd(a, too_short, unwanted, unwanted) == LAPWING_ERR_SHAPE);
        CHECK(last_error(message, sizeof message) > 0);
        CHECK(dlclose(library) == 0);
    }
    printf("loaded, used and unloaded %d times\n", TIMES);
    return failures == 0 ? 0 : 1;
}
