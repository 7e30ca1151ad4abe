/* For any processor; with GCC and clang two numbers at a time, which SSE2 and NEON have. */
#if defined(__GNUC__)
#define LANES 2
#else
#define LANES 1
#endif
#define LEVEL(name) name##_plain
#include "kernel.h"
