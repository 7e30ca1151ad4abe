/* Both algorithms, compiled for one kind of processor: LANES and LEVEL(name) are defined by whoever includes this. */
#include "chain.h"
#include "lanes.h"

/* The scores of one token, wide of them; what is behind the k is `low`. */
INLINE void read_scores(const Chain *c, const Batch *batch, int64_t token, double low, double *to) {
    const float *from = batch->scores + token * c->k;
    if (token * c->k + c->wide <= batch->tokens * c->k) { /* else the last row lies at the very end */
        for (int64_t j = 0; j < c->wide; j += LANES) {
            Lanes x = CONVERT(LOAD(Singles, from + j), Lanes) * batch->scale;
            STORE(to + j, x);
        }
    } else
        for (int64_t j = 0; j < c->k; j++) to[j] = from[j] * batch->scale;
    for (int64_t j = c->k; j < c->wide; j++) to[j] = low;
    if (batch->allowed) {
        const uint8_t *may = batch->allowed + token * c->k;
        for (int64_t j = 0; j < c->k; j++) to[j] += may[j] ? 0.0 : FORBIDDEN;
    }
}

#include "viterbi.c"
#include "marginals.c"
