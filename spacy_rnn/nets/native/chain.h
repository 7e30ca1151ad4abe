/* A chain as both algorithms see it; its rows are padded with zeros to whole lanes. */
#ifndef SPACY_RNN_CHAIN_H
#define SPACY_RNN_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#define FORBIDDEN -1e4 /* as in chain.py */

/* k: labels; wide: the same, rounded up to whole lanes. For decoding the numbers are scores. For marginals they are
   exponentials, the largest of each array being 1. */
typedef struct {
    int64_t k, wide;
    const double *transitions; /* k x wide, from the row's label to the column's */
    const double *transposed;  /* k x wide, marginals only */
    const double *start, *end; /* wide */
} Chain;

/* A batch of sequences, flat. */
typedef struct {
    const float *scores;     /* tokens x k */
    const uint8_t *allowed;  /* tokens x k, or NULL */
    const int64_t *lengths;  /* of the sequences, none is 0 */
    int64_t sequences, tokens;
    double scale; /* of the scores: they are multiplied by it first */
} Batch;

/* path: a label for each token. back: room for the longest sequence, wide labels of `bytes` bytes for each token.
   space: 3 * wide. */
#define VITERBI(name) \
    void name(const Chain *c, const Batch *batch, void *back, int bytes, double *space, int64_t *path)

/* tokens, messages: tokens x wide. log_z, done, weights: one for each sequence; where `done` is 0 nothing else counts,
   and log_z lacks what was taken out of the chain's exponentials. pairs (k x wide), and with it weights, may be NULL:
   to them is added how often each pair of labels is expected, over its transition's exponential. space: 3 * wide. */
#define MARGINALS(name)                                                                                         \
    void name(const Chain *c, const Batch *batch, double *space, float *tokens, float *messages, double *log_z, \
              uint8_t *done, const double *weights, double *pairs)

/* One direction of an LSTM: `sequences` of them, the longest first, none empty. */
typedef struct {
    int64_t hidden, sequences; /* hidden: units, a multiple of 16 */
    const int64_t *first, *lengths; /* of each sequence: its first token, how many */
    const int64_t *rows;       /* of each token: its row of `added` */
    const float *added;        /* ... x 4 x hidden, what the input adds to the gates; biases too. Input, forget, cell,
                                  output, as in torch */
    const float *weights;      /* 4 x hidden x hidden, recurrent */
    float *packed;             /* room for as many */
    float *cells;              /* room for sequences x hidden */
    float *states;             /* the result, token by token */
    int64_t width, reverse;    /* of a row of the result; whether it is read from the right */
} Lstm;

#define LSTM(name) void name(const Lstm *l)

/* Filters of several sizes over a batch of texts. A window of `size` words may begin before the first and end behind the
   last word of its text, but holds one of them at least. */
typedef struct {
    int64_t filters, kinds, total; /* filters: of each size, at least 16; kinds: how many sizes; total: their sum */
    const int64_t *sizes;          /* kinds */
    int64_t texts;
    const int64_t *lengths; /* of the texts, in words; some may be 0 */
    const int64_t *words;   /* of each text after the other: the row of each word */
} Filters;

/* known: rows x total x filters, what a filter adds up for a word in each place of its window, size after size.
   tops: texts x kinds x filters, the largest sums, 0 of a text without words. where: as many, the number of the first
   window with this sum; or NULL. */
#define FILTER_TOPS(name) void name(const Filters *f, const float *known, float *tops, int32_t *where)

/* d_tops, where: texts x kinds x filters. rows: rows x width. weights: of each size filters x size x width. d_rows, and
   each of d_weights, as these, where the gradient is added, or NULL. */
#define FILTER_BACK(name)                                                                                \
    void name(const Filters *f, const float *d_tops, const int32_t *where, int64_t width, const float *rows, \
              const float *const *weights, float *d_rows, float *const *d_weights)

#endif
