/* Makes the kernels a module, so that they are built and found like any other, and chooses among them. They are called
   through ctypes. */
#define Py_LIMITED_API 0x030A0000
#include <Python.h>

#include "nbest.c"
#include "remember.c"

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

VITERBI(crf_viterbi_plain);
MARGINALS(crf_marginals_plain);
LSTM(lstm_run_plain);
FILTER_TOPS(filter_tops_plain);
FILTER_BACK(filter_back_plain);
#if defined(__GNUC__) && defined(__x86_64__)
VITERBI(crf_viterbi_avx2);
MARGINALS(crf_marginals_avx2);
LSTM(lstm_run_avx2);
FILTER_TOPS(filter_tops_avx2);
FILTER_BACK(filter_back_avx2);
VITERBI(crf_viterbi_avx512);
MARGINALS(crf_marginals_avx512);
LSTM(lstm_run_avx512);
FILTER_TOPS(filter_tops_avx512);
FILTER_BACK(filter_back_avx512);
#define CHOOSE(name, level) \
    (best_level(level) == 2 ? name##_avx512 : best_level(level) == 1 ? name##_avx2 : name##_plain)
static int best_level(int most) {
    if (most >= 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
        return 2;
    return most >= 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
#define CHOOSE(name, level) ((void)(level), name##_plain)
static int best_level(int most) { return (void)most, 0; }
#endif

/* To a multiple of this rows are padded. */
EXPORT int64_t crf_lanes(int level) { return 2 << best_level(level); }

/* level: the most that may be used of what the processor has: 2 AVX-512, 1 AVX2, 0 neither. */
EXPORT void crf_viterbi(int level, const Chain *c, const Batch *batch, void *back, int bytes, double *space,
                        int64_t *path) {
    CHOOSE(crf_viterbi, level)(c, batch, back, bytes, space, path);
}

EXPORT void crf_marginals(int level, const Chain *c, const Batch *batch, double *space, float *tokens, float *messages,
                          double *log_z, uint8_t *done, const double *weights, double *pairs) {
    CHOOSE(crf_marginals, level)(c, batch, space, tokens, messages, log_z, done, weights, pairs);
}

EXPORT void crf_nbest(const Chain *c, const Batch *batch, int64_t n, uint32_t *back, double *space, double *totals,
                      int64_t *paths) {
    n_best(c, batch, n, back, space, totals, paths);
}

EXPORT void lstm_run(int level, const Lstm *l) { CHOOSE(lstm_run, level)(l); }

EXPORT void filter_tops(int level, const Filters *f, const float *known, float *tops, int32_t *where) {
    CHOOSE(filter_tops, level)(f, known, tops, where);
}

EXPORT void filter_back(int level, const Filters *f, const float *d_tops, const int32_t *where, int64_t width,
                        const float *rows, const float *const *weights, float *d_rows, float *const *d_weights) {
    CHOOSE(filter_back, level)(f, d_tops, where, width, rows, weights, d_rows, d_weights);
}

EXPORT int64_t rows_remember(const float *rows, int64_t count, int64_t width, float *kept, int64_t used, int64_t room,
                             int64_t *index, int64_t places, int64_t *found) {
    return remember(rows, count, width, kept, used, room, index, places, found);
}

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_chain", "The compiled chain; see __init__.py.", -1,
                                    NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__chain(void) { return PyModule_Create(&module); }
