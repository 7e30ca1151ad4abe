/* Words of a text: normalised, counted and numbered in one pass; and the n-grams of words. */
#include "engine.h"

#define PLANE 0x10000
#define DELETED 0xFFFFFFFFu
#define MAX_BYTES 1024 /* of a word; a longer one is no word */
#define FNV_OFFSET 2166136261u
#define FNV_PRIME 16777619u

/* Open addressing with linear probing; a slot is the number of an entry, or -1. Entries are numbered as they come, and
   keep their number when rare ones are pruned: a pruned word that comes back gets a new one. */
typedef struct {
    uint64_t hash;
    int64_t at; /* its letters in `letters` */
    int64_t count;
    int32_t length;
    int32_t number;
} Entry;

typedef struct {
    Entry *entries;
    int32_t *slots;
    char *letters;
    uint32_t *codes; /* what each code point becomes, see normalize.py */
    int64_t used, entry_room, slot_room, letters_used, letters_room, most;
    int64_t next_number, threshold, words, too_long, pruned;
} Counter;

EXPORT void counter_free(Counter *c) {
    if (!c) return;
    free(c->entries);
    free(c->slots);
    free(c->letters);
    free(c->codes);
    free(c);
}

/* most: entries kept at once, the rarest are pruned beyond. NULL if there is no memory. */
EXPORT Counter *counter_new(const uint32_t *codes, int64_t most) {
    Counter *c = calloc(1, sizeof(Counter));
    if (!c) return NULL;
    c->entry_room = 1 << 12, c->slot_room = 1 << 13, c->letters_room = 1 << 16, c->most = most;
    c->entries = malloc(sizeof(Entry) * (size_t)c->entry_room);
    c->slots = malloc(sizeof(int32_t) * (size_t)c->slot_room);
    c->letters = malloc((size_t)c->letters_room);
    c->codes = malloc(sizeof(uint32_t) * PLANE);
    if (!c->entries || !c->slots || !c->letters || !c->codes) {
        counter_free(c);
        return NULL;
    }
    memset(c->slots, -1, sizeof(int32_t) * (size_t)c->slot_room);
    memcpy(c->codes, codes, sizeof(uint32_t) * PLANE);
    return c;
}

INLINE uint64_t hash_bytes(const char *text, int32_t length) {
    uint64_t hash = 14695981039346656037ULL; /* FNV-1a, 64 bits, and a final mix */
    for (int32_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)text[i]) * 1099511628211ULL;
    return hash ^ (hash >> 32);
}

static void fill_slots(Counter *c) {
    memset(c->slots, -1, sizeof(int32_t) * (size_t)c->slot_room);
    for (int64_t e = 0; e < c->used; e++) {
        int64_t at = (int64_t)(c->entries[e].hash & (uint64_t)(c->slot_room - 1));
        while (c->slots[at] >= 0) at = (at + 1) & (c->slot_room - 1);
        c->slots[at] = (int32_t)e;
    }
}

/* Drops the entries seen `threshold` times or less, and raises the threshold, until a quarter of the room is free. */
static void prune(Counter *c) {
    while (c->used > c->most - c->most / 4) {
        int64_t kept = 0, letters = 0;
        c->threshold++;
        for (int64_t e = 0; e < c->used; e++) {
            Entry entry = c->entries[e];
            if (entry.count <= c->threshold) {
                c->pruned++;
                continue;
            }
            memmove(c->letters + letters, c->letters + entry.at, (size_t)entry.length);
            entry.at = letters;
            letters += entry.length;
            c->entries[kept++] = entry;
        }
        c->used = kept;
        c->letters_used = letters;
    }
    fill_slots(c);
}

/* Room for one more entry: 0 if there is no memory. */
static int make_room(Counter *c, int32_t length) {
    if (c->used >= c->most) prune(c);
    if (c->used == c->entry_room) {
        Entry *entries = realloc(c->entries, sizeof(Entry) * (size_t)c->entry_room * 2);
        if (!entries) return 0;
        c->entries = entries;
        c->entry_room *= 2;
    }
    if (c->letters_used + length > c->letters_room) {
        char *letters = realloc(c->letters, (size_t)c->letters_room * 2);
        if (!letters) return 0;
        c->letters = letters;
        c->letters_room *= 2;
    }
    if (c->used * 2 >= c->slot_room) {
        int32_t *slots = realloc(c->slots, sizeof(int32_t) * (size_t)c->slot_room * 2);
        if (!slots) return 0;
        c->slots = slots;
        c->slot_room *= 2;
        fill_slots(c);
    }
    return 1;
}

/* Counts a word; its number, or -2 if there is no memory. */
static int32_t count_word(Counter *c, const char *word, int32_t length) {
    uint64_t hash = hash_bytes(word, length);
    int64_t at = (int64_t)(hash & (uint64_t)(c->slot_room - 1));
    for (; c->slots[at] >= 0; at = (at + 1) & (c->slot_room - 1)) {
        Entry *entry = c->entries + c->slots[at];
        if (entry->hash == hash && entry->length == length &&
            !memcmp(c->letters + entry->at, word, (size_t)length)) {
            entry->count++;
            return entry->number;
        }
    }
    if (c->next_number == INT32_MAX || !make_room(c, length)) return -2;
    at = (int64_t)(hash & (uint64_t)(c->slot_room - 1)); /* the table may have been built anew */
    while (c->slots[at] >= 0) at = (at + 1) & (c->slot_room - 1);
    c->slots[at] = (int32_t)c->used;
    c->entries[c->used++] = (Entry){hash, c->letters_used, 1, length, (int32_t)c->next_number};
    memcpy(c->letters + c->letters_used, word, (size_t)length);
    c->letters_used += length;
    return (int32_t)c->next_number++;
}

/* Counts the words of valid UTF-8, parted by white space. Writes their numbers to `ids`, which has room for size + 1,
   and -1 at each end of a line. Words of more than MAX_BYTES are left out. How many ids; -2 if there is no memory. */
EXPORT int64_t counter_add(Counter *c, const char *text, int64_t size, int32_t *ids) {
    char word[MAX_BYTES + 4];
    int64_t written = 0;
    int32_t length = 0;
    for (int64_t i = 0; i <= size;) {
        uint32_t code = '\n', byte = i < size ? (uint8_t)text[i] : '\n';
        int bytes = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        if (bytes == 1)
            code = byte;
        else if (bytes == 2)
            code = (byte & 0x1F) << 6 | ((uint8_t)text[i + 1] & 0x3F);
        else if (bytes == 3)
            code = (byte & 0x0F) << 12 | ((uint8_t)text[i + 1] & 0x3F) << 6 | ((uint8_t)text[i + 2] & 0x3F);
        uint32_t becomes = bytes < 4 ? c->codes[code] : PLANE;
        if (becomes == ' ' || byte == '\n') {
            if (length > MAX_BYTES)
                c->too_long++;
            else if (length) {
                int32_t number = count_word(c, word, length);
                if (number < 0) return -2;
                ids[written++] = number;
                c->words++;
            }
            length = 0;
            if (byte == '\n' && i < size) ids[written++] = -1;
        } else if (becomes != DELETED && length <= MAX_BYTES) {
            if (becomes == code || bytes == 4)
                for (int j = 0; j < bytes; j++) word[length++] = text[i + j];
            else if (becomes < 0x80)
                word[length++] = (char)becomes;
            else if (becomes < 0x800) {
                word[length++] = (char)(0xC0 | becomes >> 6);
                word[length++] = (char)(0x80 | (becomes & 0x3F));
            } else {
                word[length++] = (char)(0xE0 | becomes >> 12);
                word[length++] = (char)(0x80 | (becomes >> 6 & 0x3F));
                word[length++] = (char)(0x80 | (becomes & 0x3F));
            }
        }
        i += bytes;
    }
    return written;
}

/* Sizes of what was counted: entries, bytes of letters, numbers given, words, words left out for their length, pruned. */
EXPORT void counter_sizes(const Counter *c, int64_t *sizes) {
    sizes[0] = c->used, sizes[1] = c->letters_used, sizes[2] = c->next_number;
    sizes[3] = c->words, sizes[4] = c->too_long, sizes[5] = c->pruned;
}

/* The entries: their letters one after the other, and of each its length, count and number. */
EXPORT void counter_words(const Counter *c, char *letters, int32_t *lengths, int64_t *counts, int32_t *numbers) {
    memcpy(letters, c->letters, (size_t)c->letters_used);
    for (int64_t e = 0; e < c->used; e++) {
        lengths[e] = c->entries[e].length;
        counts[e] = c->entries[e].count;
        numbers[e] = c->entries[e].number;
    }
}

/* -- N-grams, as fastText hashes them: the word between < and >, FNV-1a over signed bytes */

/* The buckets of the n-grams of `words` words, whose letters lie one after the other. starts: words + 1. With
   buckets = NULL they are only counted. How many buckets in all. */
EXPORT int64_t hash_ngrams(const char *letters, const int32_t *lengths, int64_t words, int min_n, int max_n,
                           uint32_t bucket, int64_t *starts, int32_t *buckets) {
    int64_t total = 0;
    char word[MAX_BYTES + 8];
    for (int64_t w = 0; w < words; letters += lengths[w], w++) {
        int length = lengths[w] < MAX_BYTES ? lengths[w] : MAX_BYTES;
        starts[w] = total;
        word[0] = '<';
        memcpy(word + 1, letters, (size_t)length);
        word[length + 1] = '>';
        length += 2;
        for (int from = 0; from < length; from++) {
            uint32_t hash = FNV_OFFSET;
            if (((uint8_t)word[from] & 0xC0) == 0x80) continue; /* in the middle of a letter */
            for (int to = from, n = 1; to < length && n <= max_n; n++) {
                do hash = (hash ^ (uint32_t)(int8_t)word[to++]) * FNV_PRIME;
                while (to < length && ((uint8_t)word[to] & 0xC0) == 0x80);
                if (n < min_n || (n == 1 && (from == 0 || to == length))) continue;
                if (buckets) buckets[total] = (int32_t)(hash % bucket);
                total++;
            }
        }
    }
    starts[words] = total;
    return total;
}
