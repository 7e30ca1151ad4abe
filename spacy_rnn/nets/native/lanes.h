/* Several numbers at a time: LANES of them, 1, 2, 4 or 8, which whoever includes this has defined. With 1 it needs no
   more than standard C. */
#ifndef SPACY_RNN_LANES_H
#define SPACY_RNN_LANES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if LANES > 1
#define INLINE static inline __attribute__((always_inline))
typedef double Lanes __attribute__((vector_size(8 * LANES)));
typedef int64_t Marks __attribute__((vector_size(8 * LANES))); /* of each lane: -1 yes, 0 no; or a whole number */
typedef uint64_t Bits __attribute__((vector_size(8 * LANES)));
typedef float Singles __attribute__((vector_size(4 * LANES)));
typedef uint16_t Words __attribute__((vector_size(2 * LANES)));
typedef uint8_t Bytes __attribute__((vector_size(LANES)));
#define CONVERT(x, type) __builtin_convertvector(x, type)
#else
#define INLINE static
typedef double Lanes;
typedef int64_t Marks;
typedef float Singles;
typedef uint16_t Words;
typedef uint8_t Bytes;
#define CONVERT(x, type) ((type)(x))
#endif

/* Anywhere in memory. */
#define LOAD(type, from) load_##type(from)
#define LOADS(type) \
    INLINE type load_##type(const void *from) { type x; memcpy(&x, from, sizeof x); return x; }
LOADS(Lanes)
LOADS(Marks)
LOADS(Singles)
#define STORE(to, x) memcpy(to, &(x), sizeof(x))

INLINE Lanes splat(double x) { return x - (Lanes){0}; }
INLINE Marks as_marks(Lanes x) { Marks y; memcpy(&y, &x, sizeof y); return y; }
INLINE Lanes as_lanes(Marks x) { Lanes y; memcpy(&y, &x, sizeof y); return y; }

/* Numbers of half the size, in as much room as two Lanes. */
#if LANES == 1
#define UNITS 1
typedef float Floats;
typedef int32_t Whole;
#else
#define UNITS (2 * LANES)
typedef float Floats __attribute__((vector_size(4 * UNITS)));
typedef int32_t Whole __attribute__((vector_size(4 * UNITS)));
#endif
LOADS(Floats)
INLINE Floats splat_float(float x) { return x - (Floats){0}; }
INLINE Whole as_whole(Floats x) { Whole y; memcpy(&y, &x, sizeof y); return y; }
INLINE Floats as_floats(Whole x) { Floats y; memcpy(&y, &x, sizeof y); return y; }

/* Where a is the larger, or not a number. */
#if LANES == 1
INLINE Whole greater(Floats a, Floats b) { return -(a > b || a != a); }
#else
INLINE Whole greater(Floats a, Floats b) { return (a > b) | (a != a); }
#endif

#if LANES == 1
INLINE Marks above(Lanes a, Lanes b) { return -(int64_t)(a > b); }
#else
INLINE Marks above(Lanes a, Lanes b) { return a > b; }
#endif
INLINE Marks pick_marks(Marks which, Marks a, Marks b) { return (which & a) | (~which & b); }
INLINE Lanes pick(Marks which, Lanes a, Lanes b) { return as_lanes(pick_marks(which, as_marks(a), as_marks(b))); }

#if LANES == 1
INLINE double sum_of(Lanes x) { return x; }
INLINE double most_of(Lanes x) { return x; }
#else
/* Every lane with its neighbours: after the last step all lanes hold the sum, or the largest. */
#if LANES == 2
#define TURNS(DO) DO(1, 0)
#elif LANES == 4
#define TURNS(DO) DO(2, 3, 0, 1) DO(1, 0, 3, 2)
#else
#define TURNS(DO) DO(4, 5, 6, 7, 0, 1, 2, 3) DO(2, 3, 0, 1, 6, 7, 4, 5) DO(1, 0, 3, 2, 5, 4, 7, 6)
#endif
#if defined(__clang__)
#define TURNED(x, ...) __builtin_shufflevector(x, x, __VA_ARGS__)
#else
#define TURNED(x, ...) __builtin_shuffle(x, (Marks){__VA_ARGS__})
#endif
INLINE double sum_of(Lanes x) {
#define DO(...) x += TURNED(x, __VA_ARGS__);
    TURNS(DO)
#undef DO
    return x[0];
}
INLINE double most_of(Lanes x) {
#define DO(...) { Lanes y = TURNED(x, __VA_ARGS__); x = pick(above(x, y), x, y); }
    TURNS(DO)
#undef DO
    return x[0];
}
#endif

/* exp(x) of x <= 0 with a relative error below 1e-10, and 0 below -700. */
INLINE Lanes exp_of(Lanes x) {
#if LANES == 1
    return x < -700.0 ? 0.0 : exp(x);
#else
    const double shift = 0x1.8p52; /* added, it leaves the whole number in the lowest bits */
    Lanes shifted = x * 1.4426950408889634 + shift, whole = shifted - shift;
    Lanes r = x - whole * 0.693147180369123816490 - whole * 1.90821492927058770002e-10; /* |r| <= log(2) / 2 */
    Lanes p = r * (1.0 / 362880) + 1.0 / 40320; /* Taylor */
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    Bits bits = (Bits)as_marks(p) + ((Bits)as_marks(shifted) << 52); /* times two to the power of `whole` */
    return as_lanes((Marks)bits & ~above(splat(-700.0), x));
#endif
}

#endif
