/* One direction of an LSTM over sequences of any lengths, nothing padded. What the input adds to the gates is known
   beforehand; a step is then the product of the states before it with the recurrent weights, for ROWS sequences and a
   vector of units at a time, whose four gates stay in registers until the new state is written. Each sequence is summed
   up in the same order wherever it stands. */
#define ROWS (LANES == 8 ? 6 : LANES == 1 ? 1 : 2) /* as many as there are registers for */

INLINE Floats limited(Floats x, float low, float high) {
#if LANES == 1
    return x < low ? low : x > high ? high : x;
#else
    Floats bounds[2] = {splat_float(low), splat_float(high)};
    Whole under = x < bounds[0], over = x > bounds[1];
    return (Floats)((under & (Whole)bounds[0]) | (over & (Whole)bounds[1]) | (~(under | over) & (Whole)x));
#endif
}

/* exp(x) between -87 and 87, with a relative error below 2e-7. */
INLINE Floats exp_float(Floats x) {
    x = limited(x, -87.0f, 87.0f);
#if LANES == 1
    return expf(x);
#else
    const float shift = 0x1.8p23f; /* added, it leaves the whole number in the lowest bits */
    Floats shifted = x * 1.44269504f + shift, whole = shifted - shift;
    Floats r = x - whole * 0.693359375f + whole * 2.12194440e-4f; /* |r| <= log(2) / 2 */
    Floats p = r * (1.0f / 5040) + 1.0f / 720; /* Taylor */
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return (Floats)((Whole)p + ((Whole)shifted << 23)); /* times two to the power of `whole` */
#endif
}

INLINE Floats sigmoid_of(Floats x) { return 1.0f / (1.0f + exp_float(-x)); }
INLINE Floats tanh_of(Floats x) { return 1.0f - 2.0f / (1.0f + exp_float(2.0f * x)); }

/* A step of `rows` sequences, a constant up to ROWS, for the units from `unit` on. */
INLINE void cells_of(const Lstm *l, const float *weights, int64_t unit, int64_t sequence, int64_t t, int rows) {
    const float *added[ROWS], *before[ROWS];
    float *state[ROWS];
    Floats gates[ROWS][4];
    int64_t hidden = l->hidden;
    for (int r = 0; r < rows; r++) {
        int64_t s = sequence + r, token = l->first[s] + (l->reverse ? l->lengths[s] - 1 - t : t);
        added[r] = l->added + l->rows[token] * 4 * hidden + unit;
        state[r] = l->states + token * l->width;
        before[r] = state[r] + (l->reverse ? l->width : -l->width);
        for (int g = 0; g < 4; g++) gates[r][g] = LOAD(Floats, added[r] + g * hidden);
    }
    if (t)
        for (int64_t k = 0; k < hidden; k++, weights += 4 * UNITS)
            for (int r = 0; r < rows; r++)
                for (int g = 0; g < 4; g++) gates[r][g] += before[r][k] * LOAD(Floats, weights + g * UNITS);
    for (int r = 0; r < rows; r++) {
        float *kept = l->cells + (sequence + r) * hidden + unit;
        Floats c = sigmoid_of(gates[r][0]) * tanh_of(gates[r][2]);
        if (t) c += sigmoid_of(gates[r][1]) * LOAD(Floats, kept);
        Floats h = sigmoid_of(gates[r][3]) * tanh_of(c);
        STORE(kept, c);
        STORE(state[r] + unit, h);
    }
}

/* The weights in the order in which they are read: for the units of a vector all that comes in, four gates at a time. */
INLINE void pack(const Lstm *l) {
    int64_t hidden = l->hidden;
    for (int64_t u = 0; u < hidden; u += UNITS)
        for (int64_t k = 0; k < hidden; k += 16) /* a block that stays in the cache */
            for (int g = 0; g < 4; g++)
                for (int i = 0; i < UNITS; i++) {
                    const float *from = l->weights + (g * hidden + u + i) * hidden + k;
                    float *to = l->packed + (u * hidden + k * UNITS) * 4 + g * UNITS + i;
                    for (int j = 0; j < 16; j++) to[j * 4 * UNITS] = from[j];
                }
}

LSTM(LEVEL(lstm_run)) {
    int64_t hidden = l->hidden, going = l->sequences;
    pack(l);
    for (int64_t t = 0; going && t < l->lengths[0]; t++) {
        while (l->lengths[going - 1] <= t) going--; /* the longest are first */
        for (int64_t u = 0; u < hidden; u += UNITS) {
            const float *weights = l->packed + u * hidden * 4;
            int64_t s = 0;
            for (; s + ROWS <= going; s += ROWS) cells_of(l, weights, u, s, t, ROWS);
            switch (going - s) { /* constants, so that gates stay in registers */
#if LANES == 8
            case 5: cells_of(l, weights, u, s, t, 5); break;
            case 4: cells_of(l, weights, u, s, t, 4); break;
            case 3: cells_of(l, weights, u, s, t, 3); break;
            case 2: cells_of(l, weights, u, s, t, 2); break;
#endif
            case 1: cells_of(l, weights, u, s, t, 1); break;
            }
        }
    }
}
