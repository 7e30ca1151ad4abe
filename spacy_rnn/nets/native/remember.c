/* Rows of numbers that were met before, each kept once. */
#include <stdint.h>
#include <string.h>

static uint64_t hash_row(const float *row, int64_t width) {
    uint64_t hash = (uint64_t)width, two;
    uint32_t one;
    int64_t i = 0;
    for (; i + 2 <= width; i += 2) {
        memcpy(&two, row + i, sizeof two);
        hash = (hash ^ two) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    if (i < width) {
        memcpy(&one, row + i, sizeof one);
        hash = (hash ^ one) * 0x9E3779B97F4A7C15u;
    }
    return hash ^ hash >> 29;
}

/* Finds each of `count` rows in `kept` (room x width, of which `used` are filled), where it is added if it is new: its
   number there goes into `found`. index: a power of two of places, twice the room at least; -1 in those without a row.
   Returns how many are filled now; -1 if there was no room. */
static int64_t remember(const float *rows, int64_t count, int64_t width, float *kept, int64_t used, int64_t room,
                        int64_t *index, int64_t places, int64_t *found) {
    for (int64_t i = 0; i < count; i++) {
        const float *row = rows + i * width;
        int64_t place = (int64_t)(hash_row(row, width) & (uint64_t)(places - 1));
        while (index[place] >= 0 && memcmp(kept + index[place] * width, row, width * sizeof *row))
            place = (place + 1) & (places - 1);
        if (index[place] < 0) {
            if (used == room) return -1;
            memcpy(kept + used * width, row, width * sizeof *row);
            index[place] = used++;
        }
        found[i] = index[place];
    }
    return used;
}
