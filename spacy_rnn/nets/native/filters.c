/* Filters that slide over texts of any lengths, nothing padded: the largest sum of each and the window it is in; and
   from the gradient of these that of the words and of the filters. Each text is summed up in the same order wherever it
   stands. */

/* The words of a window that lie in the text: from place `i` of the window up to `end`. */
#define INSIDE(window, size, length)                        \
    int64_t begin = (window) - (size) + 1;                  \
    int64_t i = begin < 0 ? -begin : 0, end = (length)-begin < (size) ? (length)-begin : (size)

/* The largest sums in one text, for `vectors` vectors of filters: a constant, so that they stay in registers. */
INLINE void slide(const Filters *f, const float *known, const int64_t *words, int64_t length, int64_t size, float *tops,
                  int32_t *where, int vectors) {
    Floats most[4];
    Whole found[4];
    for (int v = 0; v < vectors; v++) most[v] = splat_float(-INFINITY), found[v] = (Whole){0};
    for (int64_t window = 0; window < length + size - 1; window++) {
        INSIDE(window, size, length);
        Floats sum[4];
        for (int v = 0; v < vectors; v++) sum[v] = splat_float(0.0f);
        for (; i < end; i++) {
            const float *from = known + (words[begin + i] * f->total + i) * f->filters;
            for (int v = 0; v < vectors; v++) sum[v] += LOAD(Floats, from + v * UNITS);
        }
        for (int v = 0; v < vectors; v++) {
            Whole more = greater(sum[v], most[v]);
            most[v] = as_floats((more & as_whole(sum[v])) | (~more & as_whole(most[v])));
            if (where) found[v] = (more & ((int32_t)window - (Whole){0})) | (~more & found[v]);
        }
    }
    for (int v = 0; v < vectors; v++) {
        STORE(tops + v * UNITS, most[v]);
        if (where) STORE(where + v * UNITS, found[v]);
    }
}

INLINE void slide_all(const Filters *f, const float *known, const int64_t *words, int64_t length, int64_t size,
                      float *tops, int32_t *where) {
    int64_t step, at;
    for (int64_t done = 0; done < f->filters; done += step * UNITS) {
        int64_t left = (f->filters - done) / UNITS;
        step = left >= 4 ? 4 : left >= 2 ? 2 : 1;
        at = left ? done : f->filters - UNITS; /* the last vector overlaps the one before */
        int32_t *there = where ? where + at : NULL;
        switch (step) {
        case 4: slide(f, known + at, words, length, size, tops + at, there, 4); break;
        case 2: slide(f, known + at, words, length, size, tops + at, there, 2); break;
        default: slide(f, known + at, words, length, size, tops + at, there, 1);
        }
    }
}

FILTER_TOPS(LEVEL(filter_tops)) {
    const int64_t *words = f->words;
    for (int64_t text = 0; text < f->texts; words += f->lengths[text], text++) {
        const float *from = known;
        for (int64_t kind = 0; kind < f->kinds; kind++, tops += f->filters) {
            int64_t size = f->sizes[kind];
            if (!f->lengths[text]) memset(tops, 0, f->filters * sizeof *tops);
            else if (where) slide_all(f, from, words, f->lengths[text], size, tops, where);
            else slide_all(f, from, words, f->lengths[text], size, tops, NULL);
            if (where) where += f->filters;
            from += size * f->filters;
        }
    }
}

INLINE void add_to(float *__restrict to, float factor, const float *__restrict from, int64_t width) {
    for (int64_t i = 0; i < width; i++) to[i] += factor * from[i];
}

FILTER_BACK(LEVEL(filter_back)) {
    int64_t columns = f->kinds * f->filters;
    for (int64_t kind = 0, column = 0; kind < f->kinds; kind++)
        for (int64_t filter = 0; filter < f->filters; filter++, column++) {
            int64_t size = f->sizes[kind];
            if (!d_weights[kind]) continue;
            float *to = d_weights[kind] + filter * size * width;
            const int64_t *words = f->words;
            for (int64_t text = 0; text < f->texts; words += f->lengths[text], text++) {
                float gradient = d_tops[text * columns + column];
                if (gradient == 0.0f || !f->lengths[text]) continue;
                INSIDE(where[text * columns + column], size, f->lengths[text]);
                for (; i < end; i++) add_to(to + i * width, gradient, rows + words[begin + i] * width, width);
            }
        }
    const int64_t *words = f->words;
    for (int64_t text = 0; d_rows && text < f->texts; words += f->lengths[text], text++)
        for (int64_t kind = 0, at = text * columns; f->lengths[text] && kind < f->kinds; kind++)
            for (int64_t filter = 0; filter < f->filters; filter++, at++) {
                int64_t size = f->sizes[kind];
                float gradient = d_tops[at];
                if (gradient == 0.0f) continue;
                const float *from = weights[kind] + filter * size * width;
                INSIDE(where[at], size, f->lengths[text]);
                for (; i < end; i++) add_to(d_rows + words[begin + i] * width, gradient, from + i * width, width);
            }
}
