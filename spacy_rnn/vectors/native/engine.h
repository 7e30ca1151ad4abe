/* Shared by the parts of the native engine: portability, random numbers, rows of floats. */
#ifndef SPACY_RNN_ENGINE_H
#define SPACY_RNN_ENGINE_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define RESTRICT __restrict__
#define PREFETCH(address, to_write) __builtin_prefetch(address, to_write, 2) /* the first level is full of noise */
#else
#define INLINE static __forceinline
#define RESTRICT __restrict
#define PREFETCH(address, to_write) ((void)(address))
#endif

/* The rows of a loop never overlap, which a compiler forgets when it inlines. */
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT __pragma(loop(ivdep))
#endif

/* Sixteen floats, however wide the processor's registers are: the compiler makes one, two or four of them. */
#define LANES 16
#if defined(__GNUC__)
typedef float Lanes __attribute__((vector_size(4 * LANES)));
typedef Lanes Loose __attribute__((aligned(4))); /* anywhere in memory */
INLINE Lanes multiply_add(Lanes sum, float scale, Lanes x) { return sum + scale * x; }
INLINE Lanes plus(Lanes a, Lanes b) { return a + b; }
#else
typedef struct { float of[LANES]; } Lanes, Loose;
INLINE Lanes multiply_add(Lanes sum, float scale, Lanes x) {
    for (int i = 0; i < LANES; i++) sum.of[i] += scale * x.of[i];
    return sum;
}
INLINE Lanes plus(Lanes a, Lanes b) { return multiply_add(a, 1.0f, b); }
#endif

/* What trains is compiled for each kind of processor, and `best_level` chooses: 2 AVX-512, 1 AVX2, 0 neither. */
#if defined(__GNUC__) && defined(__x86_64__)
#define AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
#define AVX2 __attribute__((target("avx2,fma")))
INLINE int best_level(int most) {
    if (most >= 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
        return 2;
    return most >= 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
#define AVX512
#define AVX2
INLINE int best_level(int most) { return (void)most, 0; }
#endif

/* splitmix64 (Steele et al. 2014): passes BigCrush, and its state is one number. */
INLINE uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

/* A random number below `limit` (Lemire 2019, without the rejection: limits here are far below 2^32). */
INLINE uint32_t below(uint64_t random, uint32_t limit) { return (uint32_t)(((random >> 32) * limit) >> 32); }

INLINE float dot(const float *RESTRICT a, const float *RESTRICT b, int dim) {
    float sum = 0;
    for (int i = 0; i < dim; i++) sum += a[i] * b[i];
    return sum;
}

INLINE void add_to(float *RESTRICT to, const float *RESTRICT from, int dim) {
    INDEPENDENT
    for (int i = 0; i < dim; i++) to[i] += from[i];
}

INLINE void fetch_row(const float *row, int dim) {
    for (int i = 0; i < dim; i += LANES) PREFETCH(row + i, 1);
    PREFETCH(row + dim - 1, 1);
}

#endif
