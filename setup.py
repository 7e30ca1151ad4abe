"""The one thing setup.cfg cannot say: how the compiled parts are built. Without a compiler the package installs all the
same: vectors are trained by gensim, labels are chosen in numpy, LSTMs predict in torch, bags of vectors learn in
numpy."""

from pathlib import Path

from setuptools import Extension, setup

ENGINE, CHAIN = Path("spacy_rnn/vectors/native"), Path("spacy_rnn/nets/native")
# Sums may be taken in any order, so that they can be vectorised; unroll-and-jam would undo just that.
FLAGS = (
    "-O3 -fno-math-errno -fassociative-math -fno-signed-zeros -fno-trapping-math -freciprocal-math "
    "-fno-loop-unroll-and-jam -Wno-psabi"
)

# Sums of decoding keep their order: the paths are those of numpy.
CHAIN_FLAGS = "-O3 -fno-math-errno -fno-trapping-math -Wno-psabi"


def extension(folder: Path, name: str, sources: list[str], included: list[str], flags: str) -> Extension:
    return Extension(
        ".".join((*folder.parts, name)),
        sources=[str(folder / f"{source}.c") for source in sources],
        depends=[str(folder / part) for part in included],
        extra_compile_args=flags.split(),
        py_limited_api=True,
        optional=True,
    )


setup(
    ext_modules=[
        extension(ENGINE, "_engine", ["_engine"], ["engine.h", "train.c", "count.c", "glove.c"], FLAGS),
        extension(
            CHAIN,
            "_chain",
            ["_chain", "plain", "avx2", "avx512"],
            ["chain.h", "kernel.h", "lanes.h"]
            + ["viterbi.c", "marginals.c", "nbest.c", "lstm.c", "filters.c", "remember.c"],
            CHAIN_FLAGS,
        ),
        extension(CHAIN, "_bag", ["_bag"], ["../../vectors/native/engine.h"], FLAGS),
    ]
)
