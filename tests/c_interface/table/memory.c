#define _DEFAULT_SOURCE
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* More places, and larger ones, than any call has. */
enum { PLACES = 64, LARGEST = 1 << 18 };

static struct place {
    unsigned char *guarded; /* LARGEST bytes between two pages that cannot be touched */
    unsigned char *heap;
    unsigned char *data;
    unsigned char *copy;
    size_t size;
    int output;
} places[PLACES];
static size_t used;
static enum placement current;

static void die(const char *what) {
    perror(what);
    exit(2);
}

static void map(struct place *place) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *whole =
        mmap(NULL, LARGEST + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (whole == MAP_FAILED) die("mmap");
    if (mprotect(whole, page, PROT_NONE) != 0 || mprotect(whole + page + LARGEST, page, PROT_NONE) != 0) {
        die("mprotect");
    }
    place->guarded = whole + page;
    place->copy = malloc(LARGEST);
    if (place->copy == NULL) die("malloc");
}

void memory_begin(enum placement placement) {
    for (size_t i = 0; i < used; i++) {
        free(places[i].heap);
        places[i].heap = NULL;
    }
    used = 0;
    current = placement;
}

void *memory_place(size_t size, int output) {
    if (used == PLACES || size > LARGEST) {
        fprintf(stderr, "no place for %zu bytes\n", size);
        exit(2);
    }
    struct place *place = &places[used++];
    if (place->guarded == NULL) map(place);
    switch (current) {
        case AFTER_A_GUARD: place->data = place->guarded; break;
        case ON_THE_HEAP:
            place->heap = malloc(size);
            if (place->heap == NULL && size > 0) die("malloc");
            place->data = place->heap;
            break;
        default: place->data = place->guarded + LARGEST - size; break;
    }
    place->size = size;
    place->output = output;
    if (size > 0) memset(place->data, UNTOUCHED, size);
    return place->data;
}

void memory_watch(void) {
    for (size_t i = 0; i < used; i++) {
        if (places[i].size > 0) memcpy(places[i].copy, places[i].data, places[i].size);
    }
}

int memory_is_untouched(int all) {
    for (size_t i = 0; i < used; i++) {
        const struct place *place = &places[i];
        if (place->size > 0 && (all || !place->output) && memcmp(place->copy, place->data, place->size) != 0) {
            return 0;
        }
    }
    return 1;
}
