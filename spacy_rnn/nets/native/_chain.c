/* Makes the kernels a module, so that they are built and found like any other, and chooses among them. They are called
   through ctypes. */
#define Py_LIMITED_API 0x030A0000
#include <Python.h>

#include "chain.h"

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

VITERBI(crf_viterbi_plain);
MARGINALS(crf_marginals_plain);
#if defined(__GNUC__) && defined(__x86_64__)
VITERBI(crf_viterbi_avx2);
MARGINALS(crf_marginals_avx2);
VITERBI(crf_viterbi_avx512);
MARGINALS(crf_marginals_avx512);
#define CHOOSE(name)                                                     \
    (level >= 2 && has_avx512()   ? name##_avx512                        \
     : level >= 1 && has_avx2()   ? name##_avx2                          \
                                  : name##_plain)
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static int has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}
#else
#define CHOOSE(name) name##_plain
#endif

/* level: the most that may be used of what the processor has: 2 AVX-512, 1 AVX2, 0 neither. */
EXPORT void crf_viterbi(int level, const Chain *c, const Batch *batch, void *back, int bytes, double *space,
                        int64_t *path) {
    (void)level;
    CHOOSE(crf_viterbi)(c, batch, back, bytes, space, path);
}

EXPORT void crf_marginals(int level, const Chain *c, const Batch *batch, double *space, float *tokens, float *messages,
                          double *log_z, uint8_t *done, const double *weights, double *pairs) {
    (void)level;
    CHOOSE(crf_marginals)(c, batch, space, tokens, messages, log_z, done, weights, pairs);
}

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_chain", "The compiled chain; see __init__.py.", -1,
                                    NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__chain(void) { return PyModule_Create(&module); }
