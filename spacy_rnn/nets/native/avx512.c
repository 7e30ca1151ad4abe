/* For processors with AVX-512. */
#if defined(__GNUC__) && defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), \
                             apply_to = function)
#else
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")
#endif
#define LANES 8
#define LEVEL(name) name##_avx512
#include "kernel.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
