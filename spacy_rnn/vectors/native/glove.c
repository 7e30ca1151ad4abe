/* GloVe (Pennington et al. 2014): pairs of words that occur together are counted, and vectors fitted to the counts.

   Counting, in memory that does not grow with the text: a pair's hash is its place in a table in which each place holds
   one pair. Another pair that comes to the same place drives the first one out, into a buffer that goes to disk, to be
   summed later. Frequent pairs are thus summed in the table, and little is written. The table and the files on disk
   are in the order of the hash, and so are the sums: that is the shuffle which training needs.

   Pairs are counted without order, (a, b) as (b, a), and both ways are trained together. */
#include "engine.h"

#define AHEAD 4   /* pairs: how early their rows are fetched */
#define BATCH 128 /* places in the table fetched together */

typedef struct {
    int32_t word, context; /* word <= context */
    float count;
} Pair;

typedef struct {
    uint64_t pair; /* word << 32 | context */
    double count;  /* 0: free */
} Slot;

/* A text's table and buffers. Bits of the hash: the first `file_bits` tell the file, the first `slot_bits` the slot. */
typedef struct {
    int32_t window, slot_bits, file_bits, room; /* room: pairs in the buffer of a file */
    uint64_t seed;
    Slot *slots;
    Pair *buffers;   /* files x room */
    int32_t *filled; /* files */
} Counts;

/* The finaliser of splitmix64: no two pairs have the same hash. */
INLINE uint64_t hash_pair(uint64_t pair, uint64_t seed) {
    uint64_t state = (pair ^ seed) - 0x9E3779B97F4A7C15ULL;
    return next_random(&state);
}

INLINE Pair to_pair(Slot slot) { return (Pair){(int32_t)(slot.pair >> 32), (int32_t)slot.pair, (float)slot.count}; }

/* 1 if the buffer of a file is nearly full. */
INLINE int put_out(const Counts *c, uint64_t slot) {
    uint64_t file = slot >> (c->slot_bits - c->file_bits);
    c->buffers[file * (uint64_t)c->room + (uint64_t)c->filled[file]++] = to_pair(c->slots[slot]);
    c->slots[slot].count = 0;
    return c->filled[file] > c->room - 2 * BATCH;
}

/* Counts the pairs in sentences of ids that end with -1, from position `from` on, each by 1 / distance; only those that
   belong to the files from `first_file` to `last_file`, so that several threads can count, each its own. Returns how
   far it came: where that is not n, a buffer must be emptied first. `room` must be more than 2 * BATCH. */
EXPORT int64_t count_pairs(const Counts *c, const int32_t *ids, int64_t n, int64_t from, int32_t first_file,
                           int32_t last_file) {
    Slot batch[BATCH];
    uint64_t places[BATCH], above = (uint64_t)1 << c->file_bits;
    int size = 0, full = 0;
    int64_t p = from;
    for (; p < n && !full; p++) {
        for (int distance = 1; ids[p] >= 0 && distance <= c->window && distance <= p; distance++) {
            uint64_t a = (uint32_t)ids[p], b = (uint32_t)ids[p - distance], pair = a < b ? a << 32 | b : b << 32 | a;
            if (ids[p - distance] < 0) break;
            uint64_t hash = hash_pair(pair, c->seed), file = above > 1 ? hash >> (64 - c->file_bits) : 0;
            if (file < (uint64_t)first_file || file >= (uint64_t)last_file) continue;
            places[size] = hash >> (64 - c->slot_bits);
            batch[size] = (Slot){pair, (a == b ? 2.0 : 1.0) / distance};
            PREFETCH(c->slots + places[size++], 1);
        }
        if (size < BATCH - 64 && p < n - 1) continue; /* 64: the widest window */
        for (int i = 0; i < size; i++) {
            Slot *slot = c->slots + places[i];
            if (slot->count > 0 && slot->pair != batch[i].pair) full |= put_out(c, places[i]);
            slot->pair = batch[i].pair;
            slot->count += batch[i].count;
        }
        size = 0;
    }
    return p;
}

/* The same for the pairs that are still in the table, at the end: from slot `from` to slot `to`. */
EXPORT int64_t empty_table(const Counts *c, int64_t from, int64_t to) {
    int full = 0;
    for (; from < to && !full; from++)
        if (c->slots[from].count > 0) full = put_out(c, (uint64_t)from);
    return from;
}

/* Sums pairs in a table of 2^slot_bits free slots, more than there are pairs, in the order of the hash: of all pairs
   only those whose hash begins with the `bits` bits `part`. How many slots are taken more than before. */
EXPORT int64_t sum_pairs(const Pair *pairs, int64_t n, Slot *slots, int32_t slot_bits, uint64_t seed, int32_t bits,
                         uint64_t part) {
    uint64_t last = ((uint64_t)1 << slot_bits) - 1;
    int64_t taken = 0;
    for (int64_t i = 0; i < n; i++) {
        uint64_t pair = (uint64_t)pairs[i].word << 32 | (uint32_t)pairs[i].context, hash = hash_pair(pair, seed);
        if (bits && hash >> (64 - bits) != part) continue;
        uint64_t at = (hash << bits) >> (64 - slot_bits);
        while (slots[at].count > 0 && slots[at].pair != pair) at = (at + 1) & last;
        taken += slots[at].count == 0;
        slots[at].pair = pair;
        slots[at].count += pairs[i].count;
    }
    return taken;
}

/* The pairs in the table, one after the other. */
EXPORT void list_pairs(const Slot *slots, int64_t size, Pair *pairs) {
    for (int64_t s = 0; s < size; s++)
        if (slots[s].count > 0) *pairs++ = to_pair(slots[s]);
}

/* -- Training */

typedef struct {
    int32_t dim;
    float x_max;
    float *inputs, *outputs;               /* words x dim: of a word, and of a word as context */
    float *biases;                         /* words x 2: of both */
    float *input_squares, *output_squares; /* words x dim: of the gradients so far (AdaGrad, Duchi et al. 2011) */
    float *bias_squares;                   /* words x 2 */
} Glove;

/* 1 / sqrt(x): a first guess from the bits of x, and two steps of Newton's. Relative error below 5e-6, and several
   times as fast as a division and a root. */
INLINE float inverse_root(float x) {
    int32_t bits;
    float root, half = 0.5f * x;
    memcpy(&bits, &x, sizeof bits);
    bits = 0x5F375A86 - (bits >> 1);
    memcpy(&root, &bits, sizeof root);
    root *= 1.5f - half * root * root;
    return root * (1.5f - half * root * root);
}

/* A step of AdaGrad: gradient / sqrt(1 / lr^2 + squared gradients so far), as the authors' program has it. The learning
   rate is where steps begin, not how far they go; squares are 1 at first, and of gradients times the rate. */
INLINE void step(float *weight, float *squares, float change) {
    *weight -= change * inverse_root(*squares);
    *squares += change * change;
}

/* J = f(x) (w.u + b_w + b_u - log x)^2: moves the word and its context, and returns J. The factor 2 of the gradient is
   left to the learning rate, too. */
INLINE float fit_pair(const Glove *g, int32_t word, int32_t context, float log_count, float weight, float lr, int dim) {
    float *RESTRICT w = g->inputs + (int64_t)word * dim, *RESTRICT u = g->outputs + (int64_t)context * dim;
    float *RESTRICT w_squares = g->input_squares + (int64_t)word * dim;
    float *RESTRICT u_squares = g->output_squares + (int64_t)context * dim;
    int64_t b_w = 2 * (int64_t)word, b_u = 2 * (int64_t)context + 1;
    float error = dot(w, u, dim) + g->biases[b_w] + g->biases[b_u] - log_count, slope = weight * error;
    if (!(lr > 0)) return error * slope;
    float change = lr * slope;
    INDEPENDENT
    for (int i = 0; i < dim; i++) {
        float w_old = w[i], u_old = u[i];
        step(w + i, w_squares + i, change * u_old);
        step(u + i, u_squares + i, change * w_old);
    }
    step(g->biases + b_w, g->bias_squares + b_w, change);
    step(g->biases + b_u, g->bias_squares + b_u, change);
    return error * slope;
}

INLINE void fetch_pair(const Glove *g, const Pair *pair, int dim) {
    int64_t word = pair->word, context = pair->context;
    fetch_row(g->inputs + word * dim, dim), fetch_row(g->input_squares + word * dim, dim);
    fetch_row(g->inputs + context * dim, dim), fetch_row(g->input_squares + context * dim, dim);
    fetch_row(g->outputs + word * dim, dim), fetch_row(g->output_squares + word * dim, dim);
    fetch_row(g->outputs + context * dim, dim), fetch_row(g->output_squares + context * dim, dim);
}

INLINE void fit_pairs(const Glove *g, const Pair *pairs, int64_t n, float lr, Result *result, int dim) {
    for (int64_t i = 0; i < n; i++) {
        const Pair *pair = pairs + i;
        if (i + AHEAD < n) fetch_pair(g, pair + AHEAD, dim);
        float log_count = logf(pair->count);
        float weight = pair->count < g->x_max ? expf(0.75f * (log_count - logf(g->x_max))) : 1.0f;
        result->loss += fit_pair(g, pair->word, pair->context, log_count, weight, lr, dim);
        result->pairs++;
        if (pair->word == pair->context) continue;
        result->loss += fit_pair(g, pair->context, pair->word, log_count, weight, lr, dim);
        result->pairs++;
    }
    result->words += n;
}

INLINE void fit_any(const Glove *g, const Pair *pairs, int64_t n, float lr, Result *result) {
    if (g->dim == 100) /* the commonest sizes are unrolled */
        fit_pairs(g, pairs, n, lr, result, 100);
    else if (g->dim == 300)
        fit_pairs(g, pairs, n, lr, result, 300);
    else
        fit_pairs(g, pairs, n, lr, result, g->dim);
}

AVX512 static void fit_avx512(const Glove *g, const Pair *pairs, int64_t n, float lr, Result *result) {
    fit_any(g, pairs, n, lr, result);
}
AVX2 static void fit_avx2(const Glove *g, const Pair *pairs, int64_t n, float lr, Result *result) {
    fit_any(g, pairs, n, lr, result);
}

/* Fit the vectors to pairs and their counts. With lr = 0 nothing moves, and only the loss is measured: J, summed.
   level: as in `train`. */
EXPORT void fit_counts(const Glove *g, const Pair *pairs, int64_t n, float lr, int level, Result *result) {
    switch (best_level(level)) {
        case 2: fit_avx512(g, pairs, n, lr, result); break;
        case 1: fit_avx2(g, pairs, n, lr, result); break;
        default: fit_any(g, pairs, n, lr, result);
    }
}
