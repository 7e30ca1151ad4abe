/* Trains a bag of vectors, text by text (Joulin et al. 2017, "Bag of Tricks for Efficient Text Classification"):

       h = mean of the word vectors beside mean of the n-gram vectors,  p = softmax(W h + b), or a sigmoid of each label

   by stochastic gradient descent. Threads share the weights without locks (Recht et al. 2011, "Hogwild!").
   nets/bag.py does the same in numpy. Read `train_on` first. */
#define Py_LIMITED_API 0x030A0000
#include <Python.h>

#include "../../vectors/native/engine.h"

/* A label whose probability is closer to the truth is left alone: of many labels, most. The same number is in bag.py. */
#define SMALL 1e-4f

/* Flat lists: those of text t are rows[starts[t]] to rows[starts[t + 1] - 1]. */
typedef struct {
    const int64_t *starts;
    const int32_t *rows;
} Lists;

typedef struct {
    int32_t width, ngram_width, labels, exclusive;
    uint32_t dropped;               /* of 2^32 words and n-grams */
    float *words, *ngrams;          /* tables: ... x width, ... x ngram_width */
    float *weights, *bias;          /* labels x (width + ngram_width), labels */
    Lists word_rows, ngram_rows, label_rows; /* of the texts; label_rows: the labels that are right */
    const float *base;              /* texts x width, added to the mean of the words, or NULL. With it, row 0 is none */
} Bag;

INLINE void add_scaled(float *RESTRICT to, float scale, const float *RESTRICT from, int dim) {
    INDEPENDENT
    for (int i = 0; i < dim; i++) to[i] += scale * from[i];
}

/* Those that are not dropped, into `kept`. */
INLINE int64_t choose(const Bag *b, const int32_t *rows, int64_t n, int32_t *kept, uint64_t *random) {
    int64_t found = 0;
    for (int64_t i = 0; i < n; i++)
        if ((uint32_t)(next_random(random) >> 32) >= b->dropped) kept[found++] = rows[i];
    return found;
}

INLINE void average(const float *table, const int32_t *rows, int64_t n, float share, float *to, int dim) {
    memset(to, 0, sizeof(float) * (size_t)dim);
    for (int64_t i = 0; i < n; i++) add_to(to, table + (int64_t)rows[i] * dim, dim);
    for (int i = 0; i < dim; i++) to[i] *= share;
}

INLINE void move(float *table, const int32_t *rows, int64_t n, float step, const float *gradient, int dim, int none) {
    for (int64_t i = 0; i < n; i++)
        if (rows[i] || !none) add_scaled(table + (int64_t)rows[i] * dim, step, gradient, dim);
}

/* Scores -> what is right minus what is probable; the loss in nats. */
INLINE double errors(const Bag *b, const int32_t *right, int64_t n, float *scores) {
    float most = -INFINITY, total = 0;
    double loss = 0;
    if (b->exclusive) {
        for (int k = 0; k < b->labels; k++) most = scores[k] > most ? scores[k] : most;
        loss = (double)most - scores[*right];
        for (int k = 0; k < b->labels; k++) total += scores[k] = expf(scores[k] - most);
        loss += log(total);
        for (int k = 0; k < b->labels; k++) scores[k] *= -1 / total;
    } else {
        for (int64_t i = 0; i < n; i++) loss -= scores[right[i]];
        for (int k = 0; k < b->labels; k++) {
            float power = expf(-fabsf(scores[k])); /* at most 1 */
            loss += log1pf(power) + (scores[k] > 0 ? scores[k] : 0);
            scores[k] = -(scores[k] > 0 ? 1 : power) / (1 + power);
        }
    }
    for (int64_t i = 0; i < n; i++) scores[right[i]] += 1;
    return loss;
}

/* One text. With lr = 0 nothing moves and nothing is dropped, and the scores stay what they are.
   memory: 2 * (width + ngram_width) floats, those of h and of its gradient. kept: room for all rows of the text. */
INLINE double train_on(const Bag *b, int32_t t, float lr, float *memory, float *scores, int32_t *kept, uint64_t *random,
                       int width, int ngram_width) {
    int wide = width + ngram_width;
    float *hidden = memory, *gradient = memory + wide;
    const int32_t *words = b->word_rows.rows + b->word_rows.starts[t];
    const int32_t *ngrams = b->ngram_rows.rows + b->ngram_rows.starts[t];
    int64_t n = b->word_rows.starts[t + 1] - b->word_rows.starts[t], all = n;
    int64_t m = b->ngram_rows.starts[t + 1] - b->ngram_rows.starts[t], all_ngrams = m;
    if (lr > 0 && b->dropped) {
        n = choose(b, words, n, kept, random), words = kept;
        m = choose(b, ngrams, m, kept + n, random), ngrams = kept + n;
    }
    float share = 1.0f / (float)(all ? all : 1), ngram_share = 1.0f / (float)(all_ngrams ? all_ngrams : 1);
    average(b->words, words, n, share, hidden, width);
    average(b->ngrams, ngrams, m, ngram_share, hidden + width, ngram_width);
    if (b->base) add_to(hidden, b->base + (int64_t)t * width, width);
    for (int k = 0; k < b->labels; k++) scores[k] = b->bias[k] + dot(hidden, b->weights + (int64_t)k * wide, wide);
    if (!(lr > 0)) return 0;

    const int32_t *right = b->label_rows.rows + b->label_rows.starts[t];
    double loss = errors(b, right, b->label_rows.starts[t + 1] - b->label_rows.starts[t], scores);
    memset(gradient, 0, sizeof(float) * (size_t)wide);
    for (int k = 0; k < b->labels; k++) {
        if (fabsf(scores[k]) < SMALL) continue;
        float *RESTRICT row = b->weights + (int64_t)k * wide, error = scores[k], step = lr * error;
        INDEPENDENT
        for (int i = 0; i < wide; i++) {
            float old = row[i];
            gradient[i] += error * old;
            row[i] = old + step * hidden[i];
        }
        b->bias[k] += step;
    }
    move(b->words, words, n, lr * share, gradient, width, b->base != NULL);
    move(b->ngrams, ngrams, m, lr * ngram_share, gradient + width, ngram_width, 0);
    return loss;
}

INLINE void fetch(const float *table, const Lists *lists, int32_t t, int dim) {
    for (int64_t i = lists->starts[t]; dim && i < lists->starts[t + 1]; i++)
        fetch_row(table + (int64_t)lists->rows[i] * dim, dim);
}

INLINE double train_texts(const Bag *b, const int32_t *texts, int64_t n, float lr, float last_lr, uint64_t random,
                          float *memory, int32_t *kept, float *scores, int64_t next, int width, int ngram_width) {
    double loss = 0;
    for (int64_t i = 0; i < n; i++, scores += next) {
        if (i + 1 < n) {
            fetch(b->words, &b->word_rows, texts[i + 1], width);
            fetch(b->ngrams, &b->ngram_rows, texts[i + 1], ngram_width);
        }
        float now = lr + (last_lr - lr) * (float)i / (float)n;
        loss += train_on(b, texts[i], now, memory, scores, kept, &random, width, ngram_width);
    }
    return loss;
}

#define ARGUMENTS                                                                                                 \
    const Bag *b, const int32_t *texts, int64_t n, float lr, float last_lr, uint64_t seed, float *memory, int32_t *kept, \
        float *scores, int64_t next
#define GIVEN b, texts, n, lr, last_lr, seed, memory, kept, scores, next

INLINE double train_any(ARGUMENTS) {
    if (b->width == 100 && b->ngram_width == 100) return train_texts(GIVEN, 100, 100); /* the usual size is unrolled */
    return train_texts(GIVEN, b->width, b->ngram_width);
}

AVX512 static double train_avx512(ARGUMENTS) { return train_any(GIVEN); }
AVX2 static double train_avx2(ARGUMENTS) { return train_any(GIVEN); }

/* Train on these texts, while the learning rate goes from `lr` to `last_lr`: their loss in nats. The scores of the i-th
   lie at scores + i * next; in training that is one place for all. level: as in `best_level`. */
EXPORT double train_bag(int level, ARGUMENTS) {
    switch (best_level(level)) {
        case 2: return train_avx512(GIVEN);
        case 1: return train_avx2(GIVEN);
        default: return train_any(GIVEN);
    }
}

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_bag", "The compiled bag of vectors; see nets/bag.py.", -1,
                                    NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__bag(void) { return PyModule_Create(&module); }
