/* For processors with AVX2. */
#if defined(__GNUC__) && defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif
#define LANES 4
#define LEVEL(name) name##_avx2
#include "kernel.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
