/* All algorithms, compiled for one kind of processor: LANES and LEVEL(name) are defined by whoever includes this. */
#include "chain.h"
#include "lanes.h"

/* Of LANES labels from `label` on, those that there are: -1, and 0 behind the last. */
INLINE Marks present(const Chain *c, int64_t label) {
    static const int64_t marks[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return LOAD(Marks, marks + 8 - (c->k - label < 8 ? c->k - label : 8));
}

/* The scores of one token, wide of them; `low` stands behind the last. */
INLINE void read_scores(const Chain *c, const Batch *batch, int64_t token, double low, double *to) {
    const float *from = batch->scores + token * c->k;
    const uint8_t *may = batch->allowed ? batch->allowed + token * c->k : NULL;
    if (token * c->k + c->wide > batch->tokens * c->k || may) { /* the last row lies at the very end */
        for (int64_t j = 0; j < c->wide; j++)
            to[j] = j >= c->k ? low : from[j] * batch->scale + (may && !may[j] ? FORBIDDEN : 0.0);
        return;
    }
    for (int64_t j = 0; j < c->wide; j += LANES) {
        Lanes x = pick(present(c, j), CONVERT(LOAD(Singles, from + j), Lanes) * batch->scale, splat(low));
        STORE(to + j, x);
    }
}

#include "viterbi.c"
#include "marginals.c"
#include "lstm.c"
#include "filters.c"
