/* Skip-gram and CBOW with negative sampling, hierarchical softmax or the full softmax (Mikolov et al. 2013a, b), on
   words that may be composed of n-grams (Bojanowski et al. 2017).

   The input vector of a word is the mean of its rows: its own, and those of its n-grams. To compose it and to write its
   gradient back is most of the memory traffic, so both happen once for each position of the text, not once for each
   pair of words.

   Positions are taken in groups of sixteen, which share one sample of noise words. Scores and gradients of positions
   against noise are then products of small matrices that stay in the cache (Ji et al. 2016, "Parallelizing Word2Vec in
   Shared and Distributed Memory"). A pair does not get `negative` noise words of its own but a share of all of them,
   weighted so that the loss has the same expectation.

   Threads share the weights without locks (Recht et al. 2011, "Hogwild!"). Read `train_group` first. */
#include "engine.h"

enum { SKIPGRAM, CBOW };
enum { NEGATIVE_SAMPLING, HIERARCHICAL_SOFTMAX, FULL_SOFTMAX };

#define GROUP LANES /* positions */
#define NOISE 32    /* noise words of a group */
#define BLOCK 8     /* accumulators in registers */
#define MAX_WINDOW 64
#define TEXT 4096 /* positions read at once */
#define LOSS_EVERY 16 /* groups: the loss is an estimate from these */
#define STEP_MOST 3.0f /* see limit_steps */
#define STEP_SURE 1.5f /* learning rate times noise words of a position: up to here, steps are short by themselves */
#define CBOW_STEP 2.0f /* with negative sampling, the step of the inputs for one of the outputs; see docs/design.md */

typedef struct {
    int32_t model, loss, dim, window, negative, words;
    float *inputs, *outputs;
    const int64_t *starts;       /* words + 1: where each word's rows begin in `rows` */
    const int32_t *rows;         /* of `inputs` */
    const uint32_t *keep;        /* words: of 2^32 occurrences, how many are kept; NULL: all */
    const uint32_t *alias_share; /* words: Walker's alias method for the noise distribution */
    const int32_t *alias;
    const int64_t *path_starts; /* words + 1: Huffman paths, root first */
    const int32_t *path_nodes;  /* rows of `outputs` */
    const uint8_t *path_codes;  /* 1: the path goes right */
} Model;

typedef struct {
    double loss;    /* nats, summed over the pairs it was measured on */
    int64_t pairs;  /* (input, word to predict) of the loss */
    int64_t words;  /* read, before thinning out */
} Result;

/* Working space of a thread; rows are `width` floats apart, dim rounded up to full lanes and filled with zeros. */
typedef struct {
    int dim, width, ring;
    float *hidden;   /* GROUP x width: the inputs of the group */
    float *gradient; /* GROUP x width */
    float *turned;   /* width x GROUP: hidden transposed */
    float *noise;    /* NOISE x width */
    float *change;   /* NOISE x width */
    float *scores;   /* NOISE x GROUP, then the steps */
    float *weights;  /* NOISE x GROUP */
    float *vectors;  /* ring x width: of the words in the windows (CBOW) */
    float *entered;  /* ring x width: as they were when they entered */
    float *softmax;  /* words */
} Space;

/* The words of some sentences, thinned out, and for each the first and last position of its sentence. */
typedef struct {
    int count;
    int32_t words[TEXT], first[TEXT], last[TEXT];
} Text;

INLINE int round_up(int n, int to) { return (n + to - 1) / to * to; }

INLINE int ring_size(const Model *m) {
    int size = 1;
    while (size < GROUP + 2 * m->window + 1) size *= 2;
    return size;
}

/* How many floats of working space `train` needs for each thread. */
EXPORT int64_t space_needed(const Model *m) {
    int64_t width = round_up(m->dim, LANES);
    return LANES + width * (3 * GROUP + 2 * NOISE + 2 * ring_size(m)) + 2 * NOISE * GROUP +
           (m->loss == FULL_SOFTMAX ? m->words : 0);
}

INLINE Space lay_out(const Model *m, float *memory, int dim) {
    Space s;
    float *next = memory + (LANES - ((uintptr_t)memory / sizeof(float)) % LANES) % LANES;
    s.dim = dim;
    s.width = round_up(dim, LANES);
    s.ring = ring_size(m);
    s.hidden = next, next += GROUP * s.width;
    s.gradient = next, next += GROUP * s.width;
    s.turned = next, next += GROUP * s.width;
    s.noise = next, next += NOISE * s.width;
    s.change = next, next += NOISE * s.width;
    s.scores = next, next += NOISE * GROUP;
    s.weights = next, next += NOISE * GROUP;
    s.vectors = next, next += s.ring * s.width;
    s.entered = next, next += s.ring * s.width;
    s.softmax = next;
    memset(memory, 0, sizeof(float) * (size_t)(next - memory));
    return s;
}

/* -- Words and their rows */

#define TOGETHER 3 /* lanes that stay in registers while all rows of a word pass */

INLINE void compose(const Model *m, int32_t word, float *RESTRICT to, int dim) {
    const int32_t *first = m->rows + m->starts[word], *end = m->rows + m->starts[word + 1];
    float share = 1.0f / (float)(end - first);
    int i = 0;
    for (; i + TOGETHER * LANES <= dim; i += TOGETHER * LANES) {
        Lanes sums[TOGETHER];
        memset(sums, 0, sizeof sums);
        for (const int32_t *row = first; row < end; row++) {
            const Loose *from = (const Loose *)(m->inputs + (int64_t)*row * dim + i);
            for (int l = 0; l < TOGETHER; l++) sums[l] = plus(sums[l], from[l]);
        }
        for (int l = 0; l < TOGETHER; l++) ((Loose *)(to + i))[l] = sums[l];
    }
    for (; i < dim && dim >= LANES; i += LANES) {
        int at = i + LANES <= dim ? i : dim - LANES; /* the last lane overlaps the one before */
        Lanes sum = {0};
        for (const int32_t *row = first; row < end; row++)
            sum = plus(sum, *(const Loose *)(m->inputs + (int64_t)*row * dim + at));
        *(Loose *)(to + at) = sum;
    }
    for (; i < dim; i++) {
        to[i] = 0;
        for (const int32_t *row = first; row < end; row++) to[i] += m->inputs[(int64_t)*row * dim + i];
    }
    for (i = 0; i < dim; i++) to[i] *= share;
}

/* Every row gets the whole gradient of the mean, as in fastText. */
INLINE void write_back(const Model *m, int32_t word, const float *RESTRICT gradient, int dim) {
    const int32_t *row = m->rows + m->starts[word], *end = m->rows + m->starts[word + 1];
    for (; row < end; row++) add_to(m->inputs + (int64_t)*row * dim, gradient, dim);
}

INLINE void fetch_index(const Model *m, int32_t word) {
    const int32_t *first = m->rows + m->starts[word];
    PREFETCH(first, 0);
    PREFETCH(first + LANES - 1, 0);
}

INLINE void fetch_word(const Model *m, int32_t word, int dim) {
    for (int64_t i = m->starts[word]; i < m->starts[word + 1]; i++)
        fetch_row(m->inputs + (int64_t)m->rows[i] * dim, dim);
    fetch_row(m->outputs + (int64_t)word * dim, dim);
}

INLINE int32_t draw_noise(const Model *m, uint64_t *random) {
    uint64_t r = next_random(random);
    uint32_t column = below(r, (uint32_t)m->words);
    return (uint32_t)r < m->alias_share[column] ? (int32_t)column : m->alias[column];
}

/* -- One prediction at a time */

INLINE float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

INLINE float log1p_exp(float x) { return x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x)); } /* -log sigmoid(-x) */

/* A logistic regression: do `hidden` and row `out` go together? Moves the row, adds the gradient of `hidden` to `moved`,
   which may be `hidden` itself, and gives the loss. */
INLINE float classify(const Model *m, const float *hidden, float *moved, int64_t out, int right, float lr, int measure,
                      int dim) {
    float *row = m->outputs + out * dim, score = dot(hidden, row, dim);
    float step = lr * ((float)right - sigmoid(score));
    if (lr > 0) {
        INDEPENDENT
        for (int i = 0; i < dim; i++) {
            float old = row[i];
            row[i] = old + step * hidden[i];
            moved[i] += step * old;
        }
    }
    return measure ? log1p_exp(right ? -score : score) : 0;
}

INLINE float follow_path(const Model *m, const float *hidden, float *moved, int32_t word, float lr, int measure,
                         int dim) {
    float loss = 0;
    for (int64_t i = m->path_starts[word]; i < m->path_starts[word + 1]; i++)
        loss += classify(m, hidden, moved, m->path_nodes[i], !m->path_codes[i], lr, measure, dim);
    return loss;
}

/* -sum of log p(word | hidden) = u_word.h - log sum over all w of exp(u_w.h), for `count` words at once. */
INLINE float predict_among_all(const Model *m, const float *hidden, float *gradient, const int32_t *words, int count,
                               float *scores, float lr, int dim) {
    float most = -INFINITY, total = 0, loss = 0;
    for (int32_t w = 0; w < m->words; w++) {
        scores[w] = dot(hidden, m->outputs + (int64_t)w * dim, dim);
        if (scores[w] > most) most = scores[w];
    }
    for (int j = 0; j < count; j++) loss -= scores[words[j]] - most;
    for (int32_t w = 0; w < m->words; w++) total += scores[w] = expf(scores[w] - most);
    loss += (float)count * logf(total);
    if (!(lr > 0)) return loss;
    for (int32_t w = 0; w < m->words; w++) scores[w] *= -(float)count / total;
    for (int j = 0; j < count; j++) scores[words[j]] += 1.0f;
    for (int32_t w = 0; w < m->words; w++) {
        float *RESTRICT row = m->outputs + (int64_t)w * dim, step = lr * scores[w];
        INDEPENDENT
        for (int i = 0; i < dim; i++) {
            float old = row[i];
            gradient[i] += step * old;
            row[i] = old + step * hidden[i];
        }
    }
    return loss;
}

/* -- A group against its noise */

INLINE void turn(const Space *s) {
    for (int b = 0; b < GROUP; b++)
        for (int i = 0; i < s->dim; i++) s->turned[i * GROUP + b] = s->hidden[b * s->width + i];
}

/* to[j] = sum over i < depth of scale(j, i) * rows[i], for BLOCK rows j of one lane each.
   scale(j, i) lies at scales[j * next_j + i * next_i]; rows are `stride` floats apart. */
INLINE void multiply_block(float *to, int to_stride, const float *scales, int next_j, int next_i, const float *rows,
                           int stride, int depth) {
    Lanes sums[BLOCK];
    memset(sums, 0, sizeof sums);
    for (int i = 0; i < depth; i++) {
        Lanes row = *(const Lanes *)(rows + i * stride);
        for (int j = 0; j < BLOCK; j++) sums[j] = multiply_add(sums[j], scales[j * next_j + i * next_i], row);
    }
    for (int j = 0; j < BLOCK; j++) *(Lanes *)(to + j * to_stride) = sums[j];
}

INLINE void score_noise(const Space *s) { /* scores = noise . hidden^T */
    for (int k = 0; k < NOISE; k += BLOCK)
        multiply_block(s->scores + k * GROUP, GROUP, s->noise + k * s->width, s->width, 1, s->turned, GROUP, s->dim);
}

INLINE void add_noise_gradient(const Space *s) { /* gradient = steps^T . noise; change = steps . hidden */
    for (int c = 0; c < s->width; c += LANES) {
        for (int b = 0; b < GROUP; b += BLOCK)
            multiply_block(s->gradient + b * s->width + c, s->width, s->scores + b, 1, GROUP, s->noise + c, s->width,
                           NOISE);
        for (int k = 0; k < NOISE; k += BLOCK)
            multiply_block(s->change + k * s->width + c, s->width, s->scores + k * GROUP, GROUP, 1, s->hidden + c,
                           s->width, GROUP);
    }
}

/* scores -> -lr * weights * sigmoid(scores), with e^x as 2^n times a polynomial: relative error below 1e-5. */
INLINE void scores_to_steps(float *RESTRICT scores, const float *RESTRICT weights, float lr) {
    INDEPENDENT
    for (int i = 0; i < NOISE * GROUP; i++) {
        float x = scores[i] * -1.44269504f;
        x = x < -30.0f ? -30.0f : x;
        x = x > 30.0f ? 30.0f : x;
        int32_t whole = (int32_t)(x + 32.0f) - 32, bits = (whole + 127) << 23;
        float f = x - (float)whole, power;
        memcpy(&power, &bits, sizeof power);
        power *= 1.0f + f * (0.693147f + f * (0.2402265f + f * (0.0558011f + f * (0.0089893f + f * 0.0018775f))));
        scores[i] = -lr * weights[i] / (1.0f + power);
    }
}

/* With a high learning rate and frequent words, the sum of all steps may go so far beyond its aim that weights grow
   without end. So a step moves its own scores by no more than STEP_MOST or so, in sum over the noise of a position and
   over the positions of a noise word. */
static void limit_steps(const Space *s) {
    float far[GROUP] = {0}, *RESTRICT steps = s->scores;
    for (int k = 0; k < NOISE; k++) {
        float length = dot(s->noise + k * s->width, s->noise + k * s->width, s->dim);
        for (int b = 0; b < GROUP; b++) far[b] -= steps[k * GROUP + b] * length;
    }
    for (int b = 0; b < GROUP; b++) far[b] = far[b] > STEP_MOST ? STEP_MOST / far[b] : 1.0f;
    float lengths[GROUP];
    for (int b = 0; b < GROUP; b++) lengths[b] = dot(s->hidden + b * s->width, s->hidden + b * s->width, s->dim);
    for (int k = 0; k < NOISE; k++) {
        float sum = 0;
        for (int b = 0; b < GROUP; b++) sum -= (steps[k * GROUP + b] *= far[b]) * lengths[b];
        if (sum > STEP_MOST)
            for (int b = 0; b < GROUP; b++) steps[k * GROUP + b] *= STEP_MOST / sum;
    }
}

/* -- A group */

/* The positions of a group, and the window of each: reduced at random, as in word2vec. */
typedef struct {
    int size, first[GROUP], last[GROUP]; /* first to last, but for the position itself */
    int32_t noise[NOISE];
} Group;

INLINE void draw_group(const Model *m, const Text *text, int start, Group *group, uint64_t *random, int dim) {
    group->size = text->count - start < GROUP ? text->count - start : GROUP;
    for (int b = 0; b < group->size; b++) {
        int p = start + b, reach = 1 + (int)below(next_random(random), (uint32_t)m->window);
        group->first[b] = p - reach < text->first[p] ? text->first[p] : p - reach;
        group->last[b] = p + reach > text->last[p] ? text->last[p] : p + reach;
    }
    if (m->loss == NEGATIVE_SAMPLING)
        for (int k = 0; k < NOISE; k++) {
            group->noise[k] = draw_noise(m, random);
            fetch_row(m->outputs + (int64_t)group->noise[k] * dim, dim);
        }
}

/* Each pair weighs every noise word negative / NOISE times, but for the word it should predict. */
INLINE void weigh_noise(const Model *m, const Text *text, int start, const Group *group, float *RESTRICT weights) {
    float share = (float)m->negative / NOISE;
    memset(weights, 0, sizeof(float) * NOISE * GROUP);
    for (int b = 0; b < group->size; b++) {
        int count = group->last[b] - group->first[b];
        float weight = share * (float)(m->model == SKIPGRAM ? count : count > 0);
        for (int k = 0; k < NOISE; k++) weights[k * GROUP + b] = weight;
        for (int q = group->first[b]; q <= group->last[b]; q++) {
            if ((q == start + b) == (m->model == SKIPGRAM) || !count) continue;
            int32_t word = text->words[m->model == SKIPGRAM ? q : start + b];
            int same = 0;
            for (int k = 0; k < NOISE; k++) same += group->noise[k] == word;
            if (same)
                for (int k = 0; k < NOISE; k++)
                    if (group->noise[k] == word) weights[k * GROUP + b] -= share;
            if (m->model == CBOW) break;
        }
    }
}

INLINE double train_on_noise(const Model *m, const Text *text, int start, const Group *group, const Space *s, float lr,
                             int measure) {
    double loss = 0;
    for (int k = 0; k < NOISE; k++)
        memcpy(s->noise + k * s->width, m->outputs + (int64_t)group->noise[k] * s->dim, sizeof(float) * (size_t)s->dim);
    turn(s);
    score_noise(s);
    weigh_noise(m, text, start, group, s->weights);
    if (measure)
        for (int i = 0; i < NOISE * GROUP; i++) loss += s->weights[i] * log1p_exp(s->scores[i]);
    if (lr > 0) {
        scores_to_steps(s->scores, s->weights, lr);
        if (lr * (float)(m->negative * (m->model == SKIPGRAM ? m->window : 1)) > STEP_SURE) limit_steps(s);
        add_noise_gradient(s);
    }
    return loss;
}

/* Vectors enter the ring as the windows reach them, and are written back as the windows leave them. All rows of a word
   get the same gradient, so their mean moves by just that: meanwhile the copy in the ring is kept up to date. */
INLINE void enter_ring(const Model *m, const Text *text, const Space *s, int *entered, int until) {
    for (; *entered < until && *entered < text->count; ++*entered) {
        int at = (*entered & (s->ring - 1)) * s->width;
        compose(m, text->words[*entered], s->vectors + at, s->dim);
        memcpy(s->entered + at, s->vectors + at, sizeof(float) * (size_t)s->dim);
    }
}

INLINE void leave_ring(const Model *m, const Text *text, const Space *s, int *left, int until, float lr) {
    for (; *left < until && *left < text->count; ++*left) {
        float *vector = s->vectors + (*left & (s->ring - 1)) * s->width;
        const float *before = s->entered + (*left & (s->ring - 1)) * s->width;
        if (!(lr > 0)) continue;
        INDEPENDENT
        for (int i = 0; i < s->dim; i++) vector[i] -= before[i];
        write_back(m, text->words[*left], vector, s->dim);
    }
}

INLINE void average_windows(const Space *s, const Group *group, int start) {
    for (int b = 0; b < group->size; b++) {
        float *hidden = s->hidden + b * s->width;
        int count = group->last[b] - group->first[b];
        float share = 1.0f / (float)(count ? count : 1);
        memset(hidden, 0, sizeof(float) * (size_t)s->width);
        for (int q = group->first[b]; q <= group->last[b]; q++)
            if (q != start + b) add_to(hidden, s->vectors + (q & (s->ring - 1)) * s->width, s->width);
        for (int i = 0; i < s->width; i++) hidden[i] *= share;
    }
}

INLINE void move_windows(const Space *s, const Group *group, int start) {
    for (int b = 0; b < group->size; b++)
        for (int q = group->first[b]; q <= group->last[b]; q++)
            if (q != start + b) add_to(s->vectors + (q & (s->ring - 1)) * s->width, s->gradient + b * s->width, s->width);
}

/* The words that position b of a group should predict. */
INLINE int targets_of(const Model *m, const Text *text, int start, const Group *group, int b, int32_t *targets) {
    int count = 0;
    if (group->last[b] == group->first[b]) return 0; /* alone in its sentence */
    if (m->model == CBOW) {
        targets[0] = text->words[start + b];
        return 1;
    }
    for (int q = group->first[b]; q <= group->last[b]; q++)
        if (q != start + b) targets[count++] = text->words[q];
    return count;
}

/* Skip-gram: `hidden` itself moves from pair to pair, so that each sees what the others have learned; meanwhile
   `gradient` keeps where it was. */
INLINE void keep_and_move(float *RESTRICT hidden, float *RESTRICT gradient, int dim) {
    INDEPENDENT
    for (int i = 0; i < dim; i++) {
        float before = hidden[i];
        hidden[i] += gradient[i];
        gradient[i] = before;
    }
}

INLINE void train_group(const Model *m, const Text *text, int start, const Group *group, const Space *s, int *entered,
                        int *left, float lr, int measure, Result *result) {
    int dim = s->dim;
    double loss = 0;
    int64_t pairs = 0;
    int moves = m->model == SKIPGRAM && m->loss != FULL_SOFTMAX;
    if (m->model == CBOW) {
        leave_ring(m, text, s, left, start - m->window, lr);
        enter_ring(m, text, s, entered, start + GROUP + m->window);
        average_windows(s, group, start);
    } else
        for (int b = 0; b < group->size; b++) compose(m, text->words[start + b], s->hidden + b * s->width, dim);

    if (m->loss == NEGATIVE_SAMPLING)
        loss += train_on_noise(m, text, start, group, s, lr, measure);
    else
        memset(s->gradient, 0, sizeof(float) * (size_t)(GROUP * s->width));

    int32_t targets[GROUP][2 * MAX_WINDOW];
    int counts[GROUP], most = 0;
    for (int b = 0; b < group->size; b++) {
        float *hidden = s->hidden + b * s->width, *gradient = s->gradient + b * s->width;
        pairs += counts[b] = targets_of(m, text, start, group, b, targets[b]);
        if (counts[b] > most) most = counts[b];
        if (m->loss == FULL_SOFTMAX && counts[b])
            loss += predict_among_all(m, hidden, gradient, targets[b], counts[b], s->softmax, lr, dim);
        if (moves) keep_and_move(hidden, gradient, dim);
    }
    /* Neighbouring pairs are of different positions, so that the processor need not wait for one to begin the next. */
    for (int j = 0; m->loss != FULL_SOFTMAX && j < most; j++)
        for (int b = 0; b < group->size; b++) {
            if (j >= counts[b]) continue;
            float *hidden = s->hidden + b * s->width, *moved = moves ? hidden : s->gradient + b * s->width;
            loss += m->loss == HIERARCHICAL_SOFTMAX ? follow_path(m, hidden, moved, targets[b][j], lr, measure, dim)
                                                    : classify(m, hidden, moved, targets[b][j], 1, lr, measure, dim);
        }
    if (moves)
        for (int i = 0; i < group->size * s->width; i++) s->gradient[i] = s->hidden[i] - s->gradient[i];

    if (lr > 0) {
        if (m->loss == NEGATIVE_SAMPLING) {
            if (m->model == CBOW)
                for (int i = 0; i < group->size * s->width; i++) s->gradient[i] *= CBOW_STEP;
            for (int k = 0; k < NOISE; k++)
                add_to(m->outputs + (int64_t)group->noise[k] * dim, s->change + k * s->width, dim);
        }
        if (m->model == CBOW)
            move_windows(s, group, start);
        else
            for (int b = 0; b < group->size; b++)
                write_back(m, text->words[start + b], s->gradient + b * s->width, dim);
    }
    if (measure) {
        result->loss += loss;
        result->pairs += pairs;
    }
}

INLINE void train_text(const Model *m, const Text *text, const Space *s, float lr, uint64_t *random, Result *result) {
    Group groups[2];
    int entered = 0, left = 0, ahead = m->model == CBOW ? m->window : 0;
    draw_group(m, text, 0, &groups[0], random, s->dim);
    for (int start = 0, turn = 0; start < text->count; start += GROUP, turn ^= 1) {
        for (int p = start + GROUP + ahead; p < start + 2 * GROUP + ahead; p++) {
            if (p + GROUP < text->count) fetch_index(m, text->words[p + GROUP]);
            if (p < text->count) fetch_word(m, text->words[p], s->dim);
        }
        if (start + GROUP < text->count)
            draw_group(m, text, start + GROUP, &groups[turn ^ 1], random, s->dim);
        int measure = !(lr > 0) || below(next_random(random), LOSS_EVERY) == 0;
        train_group(m, text, start, &groups[turn], s, &entered, &left, lr, measure, result);
    }
    if (m->model == CBOW) leave_ring(m, text, s, &left, text->count, lr);
}

/* Collects sentences until the text is full, and trains on them. */
INLINE void train_ids(const Model *m, const int32_t *ids, int64_t n, float lr, uint64_t random, float *memory,
                      Result *result, int dim) {
    Space space = lay_out(m, memory, dim);
    Text text;
    int first = 0; /* of the current sentence */
    text.count = 0;
    for (int64_t i = 0; i < n; i++) {
        if (ids[i] >= 0) {
            result->words++;
            if (!m->keep || (uint32_t)next_random(&random) <= m->keep[ids[i]]) text.words[text.count++] = ids[i];
        }
        if (ids[i] < 0 || text.count == TEXT || i == n - 1) {
            for (int p = first; p < text.count; p++) text.first[p] = first, text.last[p] = text.count - 1;
            first = text.count;
        }
        if (text.count == TEXT || i == n - 1) {
            train_text(m, &text, &space, lr, &random, result);
            text.count = first = 0;
        }
    }
}

INLINE void train_any(const Model *m, const int32_t *ids, int64_t n, float lr, uint64_t seed, float *memory,
                      Result *result) {
    if (m->dim == 100) /* the commonest sizes are unrolled */
        train_ids(m, ids, n, lr, seed, memory, result, 100);
    else if (m->dim == 300)
        train_ids(m, ids, n, lr, seed, memory, result, 300);
    else
        train_ids(m, ids, n, lr, seed, memory, result, m->dim);
}

AVX512 static void train_avx512(const Model *m, const int32_t *ids, int64_t n, float lr, uint64_t seed, float *memory,
                                Result *result) {
    train_any(m, ids, n, lr, seed, memory, result);
}
AVX2 static void train_avx2(const Model *m, const int32_t *ids, int64_t n, float lr, uint64_t seed, float *memory,
                            Result *result) {
    train_any(m, ids, n, lr, seed, memory, result);
}

/* Train on `n` ids, sentences ended by -1. With lr = 0 nothing moves, and only the loss is measured.
   level: the most that may be used of what the processor has, as in `best_level`. */
EXPORT void train(const Model *m, const int32_t *ids, int64_t n, float lr, uint64_t seed, float *memory, int level,
                  Result *result) {
    switch (best_level(level)) {
        case 2: train_avx512(m, ids, n, lr, seed, memory, result); break;
        case 1: train_avx2(m, ids, n, lr, seed, memory, result); break;
        default: train_any(m, ids, n, lr, seed, memory, result);
    }
}

/* The finished vectors of words `first` to `last` - 1, one after the other. */
EXPORT void compose_words(const Model *m, int32_t first, int32_t last, float *to) {
    for (int32_t word = first; word < last; word++, to += m->dim) compose(m, word, to, m->dim);
}
