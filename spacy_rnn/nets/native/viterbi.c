/* The best path of each sequence (Viterbi 1967). Sums are taken in the same order as in chain.py, in double precision:
   both find the very same paths. Of equal scores the first label wins. */
/* The best way to each of the labels of LANES columns: its score, and the label it comes from. Two halves of the labels
   are searched side by side, so that neither waits for the other. */
INLINE void best_ways(const Chain *c, const double *from, int64_t column, Lanes *score, Marks *label) {
    const double *row = c->transitions + column;
    int64_t half = c->k / 2, wide = c->wide;
    Lanes best = splat(from[0]) + LOAD(Lanes, row), other = splat(from[half]) + LOAD(Lanes, row + half * wide);
    Marks at = (Marks){0}, other_at = at + half;
    for (int64_t i = 1; i < half; i++) {
        Lanes x = splat(from[i]) + LOAD(Lanes, row + i * wide);
        Lanes y = splat(from[half + i]) + LOAD(Lanes, row + (half + i) * wide);
        Marks x_wins = above(x, best), y_wins = above(y, other);
        best = pick(x_wins, x, best), at = pick_marks(x_wins, (Marks){0} + i, at);
        other = pick(y_wins, y, other), other_at = pick_marks(y_wins, (Marks){0} + (half + i), other_at);
    }
    Marks wins = above(other, best);
    best = pick(wins, other, best), at = pick_marks(wins, other_at, at);
    if (c->k % 2) {
        Lanes x = splat(from[c->k - 1]) + LOAD(Lanes, row + (c->k - 1) * wide);
        wins = above(x, best);
        best = pick(wins, x, best), at = pick_marks(wins, (Marks){0} + (c->k - 1), at);
    }
    *score = best, *label = at;
}

/* From one token to the next. back: wide labels, of one byte each or of two. */
INLINE void step(const Chain *c, const double *from, const double *scores, double *to, void *back, int bytes) {
    for (int64_t j = 0; j < c->wide; j += LANES) {
        Lanes best;
        Marks label;
        best_ways(c, from, j, &best, &label);
        best += LOAD(Lanes, scores + j);
        STORE(to + j, best);
        if (bytes == 1) {
            Bytes small = CONVERT(label, Bytes);
            STORE((uint8_t *)back + j, small);
        } else {
            Words small = CONVERT(label, Words);
            STORE((uint16_t *)back + j, small);
        }
    }
}

INLINE void decode(const Chain *c, const Batch *batch, void *back, double *space, int64_t *path, int bytes) {
    double *from = space, *to = space + c->wide, *scores = space + 2 * c->wide;
    int64_t first = 0;
    for (int64_t s = 0; s < batch->sequences; first += batch->lengths[s++]) {
        int64_t n = batch->lengths[s];
        read_scores(c, batch, first, 0.0, from);
        for (int64_t j = 0; j < c->wide; j++) from[j] += c->start[j];
        for (int64_t t = 1; t < n; t++) {
            read_scores(c, batch, first + t, 0.0, scores);
            step(c, from, scores, to, (char *)back + t * c->wide * bytes, bytes);
            double *swap = from;
            from = to, to = swap;
        }
        int64_t label = 0;
        for (int64_t j = 1; j < c->k; j++)
            if (from[j] + c->end[j] > from[label] + c->end[label]) label = j;
        for (int64_t t = n - 1;; t--) {
            path[first + t] = label;
            if (!t) break;
            int64_t at = t * c->wide + label;
            label = bytes == 1 ? ((const uint8_t *)back)[at] : ((const uint16_t *)back)[at];
        }
    }
}

VITERBI(LEVEL(crf_viterbi)) {
    if (bytes == 1) /* for the compiler, two functions */
        decode(c, batch, back, space, path, 1);
    else
        decode(c, batch, back, space, path, 2);
}
