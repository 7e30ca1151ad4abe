/* Forward and backward messages (Rabiner 1989) as products, made to sum to one at each step. What was lost in a product
   that underflows is less than 1e-10 of what is kept as long as no step falls below TINY. A sequence where one does is left
   to chain.py, which takes logarithms; it takes scores that differ by more than 57, or that contradict the scheme. */
#define TINY 1e-25

/* out = from * matrix (k x wide), LANES columns. */
INLINE Lanes product(const Chain *c, const double *from, const double *matrix) {
    Lanes even = {0}, odd = {0};
    int64_t i = 0;
    for (; i + 1 < c->k; i += 2) {
        even += splat(from[i]) * LOAD(Lanes, matrix + i * c->wide);
        odd += splat(from[i + 1]) * LOAD(Lanes, matrix + (i + 1) * c->wide);
    }
    if (i < c->k) even += splat(from[i]) * LOAD(Lanes, matrix + i * c->wide);
    return even + odd;
}

/* The exponentials of a token's scores, the largest being 1. Gives that largest score. */
INLINE double exponentials(const Chain *c, const Batch *batch, int64_t token, double *to) {
    read_scores(c, batch, token, -INFINITY, to);
    Lanes most = LOAD(Lanes, to);
    for (int64_t j = LANES; j < c->wide; j += LANES) {
        Lanes x = LOAD(Lanes, to + j);
        most = pick(above(x, most), x, most);
    }
    double peak = most_of(most);
    for (int64_t j = 0; j < c->wide; j += LANES) {
        Lanes x = exp_of(LOAD(Lanes, to + j) - peak);
        STORE(to + j, x);
    }
    return peak;
}

INLINE void keep(float *to, const double *from, double factor, int64_t wide) {
    for (int64_t j = 0; j < wide; j += LANES) {
        Singles x = CONVERT(LOAD(Lanes, from + j) * factor, Singles);
        STORE(to + j, x);
    }
}

/* Forward: messages tokens x wide, each summing to 1; tokens: the exponentials. Gives 0 if a step falls below TINY. */
INLINE int forward(const Chain *c, const Batch *batch, int64_t first, int64_t n, double *space, float *tokens,
                   float *messages, double *log_z) {
    double *from = space, *to = space + c->wide, *e = space + 2 * c->wide;
    double total = 1.0, so_far = 1.0, logs = 0.0;
    for (int64_t t = 0; t < n; t++) {
        logs += exponentials(c, batch, first + t, e);
        Lanes sum = {0};
        double factor = 1.0 / total; /* of the token before: known by now, while this one's would have to be waited for */
        for (int64_t j = 0; j < c->wide; j += LANES) {
            Lanes x = (t ? product(c, from, c->transitions + j) * factor : LOAD(Lanes, c->start + j)) * LOAD(Lanes, e + j);
            STORE(to + j, x);
            sum += x;
        }
        total = sum_of(sum);
        if (!(total >= TINY)) return 0;
        keep(tokens + (first + t) * c->wide, e, 1.0, c->wide);
        keep(messages + (first + t) * c->wide, to, 1.0 / total, c->wide);
        so_far *= total;
        if (so_far < 1e-200 || so_far > 1e200) logs += log(so_far), so_far = 1.0;
        double *swap = from;
        from = to, to = swap;
    }
    *log_z = logs + log(so_far);
    return 1;
}

/* Backward: the exponentials in `tokens` become probabilities. pairs: k x wide or NULL; what is added to it, times the
   transitions' exponentials, is `weight` times how often each pair of labels is expected. */
INLINE int backward(const Chain *c, int64_t first, int64_t n, double weight, double *space, float *tokens,
                    const float *messages, double *pairs, double *log_z) {
    double *back = space, *next = space + c->wide, *w = space + 2 * c->wide;
    Lanes sum = {0};
    for (int64_t j = 0; j < c->wide; j += LANES) {
        Lanes x = LOAD(Lanes, c->end + j);
        STORE(back + j, x);
        sum += x;
    }
    double total = sum_of(sum), before = 1.0;
    for (int64_t t = n - 1;; t--) {
        float *token = tokens + (first + t) * c->wide;
        const float *message = messages + (first + t) * c->wide;
        Lanes both = {0};
        for (int64_t j = 0; j < c->wide; j += LANES)
            both += LOAD(Lanes, back + j) * CONVERT(LOAD(Singles, message + j), Lanes);
        double met = sum_of(both);
        if (!(total >= TINY && met >= TINY * total)) return 0;
        if (t == n - 1) *log_z += log(met);
        if (pairs && t < n - 1) /* w is still that of the token behind */
            for (int64_t i = 0; i < c->k; i++) {
                double factor = weight * message[i] / (met * before);
                for (int64_t j = 0; j < c->wide; j += LANES) {
                    Lanes x = LOAD(Lanes, pairs + i * c->wide + j) + factor * LOAD(Lanes, w + j);
                    STORE(pairs + i * c->wide + j, x);
                }
            }
        for (int64_t j = 0; j < c->wide; j += LANES) {
            Lanes b = LOAD(Lanes, back + j), x = b * CONVERT(LOAD(Singles, token + j), Lanes);
            STORE(w + j, x);
            Singles p = CONVERT(b * CONVERT(LOAD(Singles, message + j), Lanes) * (1.0 / met), Singles);
            STORE(token + j, p);
        }
        if (!t) return 1;
        double factor = 1.0 / total;
        sum = (Lanes){0};
        for (int64_t j = 0; j < c->wide; j += LANES) {
            Lanes x = product(c, w, c->transposed + j) * factor;
            STORE(next + j, x);
            sum += x;
        }
        before = total; /* the sum that `back` is divided by, and w is not */
        total = sum_of(sum);
        double *swap = back;
        back = next, next = swap;
    }
}

MARGINALS(LEVEL(crf_marginals)) {
    int64_t first = 0;
    for (int64_t s = 0; s < batch->sequences; first += batch->lengths[s++]) {
        int64_t n = batch->lengths[s];
        done[s] = forward(c, batch, first, n, space, tokens, messages, log_z + s) &&
                  backward(c, first, n, weights ? weights[s] : 0.0, space, tokens, messages, pairs, log_z + s);
    }
}
