/* Memory of which every byte is watched: against pages that cannot be touched, and before and after a call. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

enum placement {
    BEFORE_A_GUARD, /* the last byte lies before a page that cannot be touched */
    AFTER_A_GUARD,  /* the first byte lies after one */
    ON_THE_HEAP     /* allocated to the byte, for valgrind and AddressSanitizer */
};

/* A byte of outputs before they are written. */
enum { UNTOUCHED = 0xA5 };

/* Forgets all places, and begins with new ones. */
void memory_begin(enum placement placement);

/* A place of so many bytes; an output when it may be written. */
void *memory_place(size_t size, int output);

/* Remembers what all places hold, once they are filled. */
void memory_watch(void);

/* Whether inputs, and with all = 1 outputs, still hold what they held. */
int memory_is_untouched(int all);

#endif
