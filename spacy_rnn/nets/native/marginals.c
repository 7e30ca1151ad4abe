/* Marginals by products, made to sum to one at each step (Rabiner 1989), in the form that needs no backward messages:

       a_t(j) = q_t(j) e_t(j),   q_t(j) = sum_i a_{t-1}(i) T(i, j) / c_t        forward; c_t makes a_t sum to one
       p_{t-1}(i) = a_{t-1}(i) b(i) / s,   b(i) = sum_j T(i, j) p_t(j) / q_t(j)  backward

   e and T are exponentials. Kept are a and q, in single precision. What is too small for that is lost; as a probability
   it is less than 1e-12 as long as every c_t is above TINY, and every s above TINY times the sum of b. A sequence for
   which that is not so is left to chain.py, which takes logarithms: its scores contradict each other by 57 or more. */

#define TINY 1e-25

/* to = from * matrix (k x wide) * factor; gives its sum. Two vectors at a time, and of each two sums, so that none
   waits for another. */
INLINE double product(const Chain *c, const double *from, const double *matrix, double factor, double *to) {
    Lanes sum = {0};
    int64_t wide = c->wide, j = 0;
    for (; j + LANES < wide; j += 2 * LANES) {
        Lanes a = {0}, b = {0}, even_a = {0}, even_b = {0};
        const double *row = matrix + j;
        int64_t i = 0;
        for (; i + 1 < c->k; i += 2, row += 2 * wide) {
            even_a += from[i] * LOAD(Lanes, row), even_b += from[i] * LOAD(Lanes, row + LANES);
            a += from[i + 1] * LOAD(Lanes, row + wide), b += from[i + 1] * LOAD(Lanes, row + wide + LANES);
        }
        if (i < c->k) a += from[i] * LOAD(Lanes, row), b += from[i] * LOAD(Lanes, row + LANES);
        a = (a + even_a) * factor, b = (b + even_b) * factor;
        STORE(to + j, a);
        STORE(to + j + LANES, b);
        sum += a + b;
    }
    if (j < wide) {
        Lanes a = {0}, even = {0};
        const double *row = matrix + j;
        int64_t i = 0;
        for (; i + 1 < c->k; i += 2, row += 2 * wide)
            even += from[i] * LOAD(Lanes, row), a += from[i + 1] * LOAD(Lanes, row + wide);
        if (i < c->k) a += from[i] * LOAD(Lanes, row);
        a = (a + even) * factor;
        STORE(to + j, a);
        sum += a;
    }
    return sum_of(sum);
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

/* to = a * b; gives its sum. */
INLINE double times(const double *a, const double *b, double *to, int64_t wide) {
    Lanes sum = {0};
    for (int64_t j = 0; j < wide; j += LANES) {
        Lanes x = LOAD(Lanes, a + j) * LOAD(Lanes, b + j);
        STORE(to + j, x);
        sum += x;
    }
    return sum_of(sum);
}

/* Fills messages with a and tokens with q. Gives 0 if a step falls below TINY. */
INLINE int forward(const Chain *c, const Batch *batch, int64_t first, int64_t n, double *space, float *tokens,
                   float *messages, double *log_z) {
    double *message = space, *ways = space + c->wide, *e = space + 2 * c->wide;
    double total = 1.0, so_far = 1.0, logs = 0.0;
    for (int64_t t = 0; t < n; t++) {
        logs += exponentials(c, batch, first + t, e);
        /* divided by the sum of the token before, which is known by now: this token's would have to be waited for */
        if (t) product(c, message, c->transitions, 1.0 / total, ways);
        total = times(t ? ways : c->start, e, message, c->wide);
        if (!(total >= TINY)) return 0;
        if (t) keep(tokens + (first + t) * c->wide, ways, 1.0 / total, c->wide);
        keep(messages + (first + t) * c->wide, message, 1.0 / total, c->wide);
        so_far *= total;
        if (so_far < 1e-200 || so_far > 1e200) logs += log(so_far), so_far = 1.0;
    }
    *log_z = logs + log(so_far);
    return 1;
}

/* Turns q into probabilities. pairs: k x wide or NULL; what is added to it, times T, is `weight` times how often each
   pair of labels is expected. */
INLINE int backward(const Chain *c, int64_t first, int64_t n, double weight, double *space, float *tokens,
                    const float *messages, double *pairs, double *log_z) {
    double *b = space, *w = space + c->wide;
    Lanes sum = {0};
    for (int64_t j = 0; j < c->wide; j += LANES) {
        Lanes x = LOAD(Lanes, c->end + j);
        STORE(b + j, x);
        sum += x;
    }
    double total = sum_of(sum);
    for (int64_t t = n - 1;; t--) {
        float *token = tokens + (first + t) * c->wide;
        const float *message = messages + (first + t) * c->wide;
        Lanes both = {0};
        for (int64_t j = 0; j < c->wide; j += LANES)
            both += LOAD(Lanes, b + j) * CONVERT(LOAD(Singles, message + j), Lanes);
        double met = sum_of(both);
        if (!(met > 0.0 && met >= TINY * total)) return 0;
        if (t == n - 1) *log_z += log(met);
        if (pairs && t < n - 1) /* w is still that of the token behind */
            for (int64_t i = 0; i < c->k; i++) {
                double factor = weight * message[i] / met;
                for (int64_t j = 0; j < c->wide; j += LANES) {
                    Lanes x = LOAD(Lanes, pairs + i * c->wide + j) + factor * LOAD(Lanes, w + j);
                    STORE(pairs + i * c->wide + j, x);
                }
            }
        for (int64_t j = 0; j < c->wide; j += LANES) {
            Lanes q = CONVERT(LOAD(Singles, token + j), Lanes);
            Lanes p = LOAD(Lanes, b + j) * CONVERT(LOAD(Singles, message + j), Lanes) * (1.0 / met);
            Lanes x = pick(above(q, splat(0.0)), p / q, splat(0.0));
            Singles kept = CONVERT(p, Singles);
            STORE(w + j, x);
            STORE(token + j, kept);
        }
        if (!t) return 1;
        total = product(c, w, c->transposed, 1.0, b);
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
