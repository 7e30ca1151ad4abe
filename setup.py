"""The one thing setup.cfg cannot say: how the compiled engine is built. Without a compiler the package installs all the
same, and vectors are trained by gensim."""

from pathlib import Path

from setuptools import Extension, setup

SOURCES = Path("spacy_rnn/vectors/native")
# Sums may be taken in any order, so that they can be vectorised; unroll-and-jam would undo just that.
FLAGS = (
    "-O3 -fno-math-errno -fassociative-math -fno-signed-zeros -fno-trapping-math -freciprocal-math "
    "-fno-loop-unroll-and-jam -Wno-psabi"
)

setup(
    ext_modules=[
        Extension(
            "spacy_rnn.vectors.native._engine",
            sources=[str(SOURCES / "_engine.c")],
            depends=[str(SOURCES / name) for name in ("engine.h", "train.c", "count.c", "glove.c")],
            extra_compile_args=FLAGS.split(),
            py_limited_api=True,
            optional=True,
        )
    ]
)
