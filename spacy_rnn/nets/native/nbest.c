/* The n best paths of each sequence, as in nbest.py: the same sums in the same order. One number at a time. */
#include <math.h>

#include "chain.h"

/* The n best ways to label j, from the labels before with n ways each, the best first; and where they come from:
   label * n + rank. A label's ways are left as soon as one is no better than the worst that is kept. */
static void ways_to(const Chain *c, const double *from, int64_t n, int64_t j, double *to, uint32_t *back) {
    int64_t kept = 0;
    for (int64_t i = 0; i < c->k; i++)
        for (int64_t rank = 0; rank < n; rank++) {
            double way = from[i * n + rank] + (c->transitions ? c->transitions[i * c->wide + j] : c->end[i]);
            if (way == -INFINITY || (kept == n && !(way > to[n - 1]))) break;
            int64_t at = kept < n ? kept++ : n - 1;
            for (; at > 0 && way > to[at - 1]; at--) to[at] = to[at - 1], back[at] = back[at - 1];
            to[at] = way, back[at] = (uint32_t)(i * n + rank);
        }
    for (; kept < n; kept++) to[kept] = -INFINITY, back[kept] = 0;
}

/* totals: sequences x n, scores of the paths, -infinity where there are no more. paths: tokens x n.
   back: longest sequence x k x n. space: 2 * k * n. */
static void n_best(const Chain *c, const Batch *batch, int64_t n, uint32_t *back, double *space, double *totals,
                   int64_t *paths) {
    const Chain last = {c->k, c->wide, NULL, NULL, NULL, c->end};
    double *from = space, *to = space + c->k * n;
    int64_t first = 0, size = c->k * n;
    for (int64_t s = 0; s < batch->sequences; first += batch->lengths[s++], totals += n) {
        for (int64_t t = 0; t < batch->lengths[s]; t++) {
            const float *scores = batch->scores + (first + t) * c->k;
            const uint8_t *may = batch->allowed ? batch->allowed + (first + t) * c->k : NULL;
            for (int64_t j = 0; j < c->k; j++) {
                double score = scores[j] * batch->scale + (may && !may[j] ? FORBIDDEN : 0.0);
                for (int64_t rank = 0; !t && rank < n; rank++) to[j * n + rank] = rank ? -INFINITY : c->start[j];
                if (t) ways_to(c, from, n, j, to + j * n, back + t * size + j * n);
                for (int64_t rank = 0; rank < n; rank++) to[j * n + rank] += score;
            }
            double *swap = from;
            from = to, to = swap;
        }
        ways_to(&last, from, n, 0, totals, back); /* the first token needs no way back, and leaves room */
        for (int64_t rank = 0; rank < n; rank++) {
            uint32_t way = back[rank];
            for (int64_t t = batch->lengths[s] - 1; t >= 0; t--) {
                paths[(first + t) * n + rank] = way / n;
                if (t) way = back[t * size + way];
            }
        }
    }
}
