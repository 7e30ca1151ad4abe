"""How to train vectors: the options of ``spacy rnn vectors train``, with their defaults and limits."""

import os
from dataclasses import dataclass

from ..errors import Errors, RNNError
from .normalize import Normalization

MIN_LR = 1e-4  # where the learning rate ends
CHOICES = {
    "model": ("skipgram", "cbow", "glove"),
    "loss": ("ns", "hs", "softmax"),
    "engine": ("native", "gensim", "torch"),
}
MOST = {"dim": 10_000, "window": 64, "max_n": 100, "bucket": 2**31 - 1, "negative": 1000, "ns_exponent": 2, "sample": 1}
MOST |= {"lr": 10, "epochs": 100_000, "phrases": 10, "threads": 1024, "seed": 2**32 - 1, "x_max": 1e9}
LEAST_SAMPLE = 1e-9  # below, nothing is left to train on


@dataclass
class VectorSettings:
    """How to train. The defaults suit a tagger and some ten million words: narrow windows, since near neighbours tell
    the part of speech and distant ones the topic; a small bucket, since it is saved with each pipeline."""

    model: str = "skipgram"
    loss: str = "ns"  # negative sampling, hierarchical softmax, softmax over all words
    dim: int = 100
    window: int = 3
    epochs: int = None  # type: ignore[assignment]  # 5; glove 15
    min_count: int = 3
    min_n: int = 3
    max_n: int = 6  # 0: whole words only (Word2Vec)
    bucket: int = 200_000
    negative: int = 5
    ns_exponent: float = 0.5  # noise words are drawn by count to the power of this; word2vec has 0.75, fastText 0.5
    sample: float = 1e-3
    lr: float = None  # type: ignore[assignment]  # 0.05; glove 0.2
    threads: int = 0  # 0: as many as there are processors
    seed: int = 1
    lower: bool = False
    yo: bool = False
    stress: bool = False
    phrases: int = 0  # passes that join pairs of words
    max_vocab: int = 5_000_000  # words counted at once; beyond, the rarest are forgotten
    x_max: float = 10.0  # GloVe: counts from here on weigh 1; its authors take 100 for billions of words
    deterministic: bool = False  # one thread trains, whatever ``threads``; a GPU still adds up in any order
    engine: str = "native"
    gpu_id: int = -1  # for the engine torch; -1: the processor

    def __post_init__(self) -> None:
        for setting, choices in CHOICES.items():
            value = getattr(self, setting)
            if value not in choices:
                raise _out_of_limits(setting, value, " or ".join(choices))
        is_glove = self.model == "glove"
        if is_glove:
            self.loss = "ns"  # it has one of its own
        self.epochs = (15 if is_glove else 5) if self.epochs is None else self.epochs
        self.lr = (0.2 if is_glove else 0.05) if self.lr is None else self.lr
        if self.model == "glove" or not self.max_n:
            self.min_n = self.max_n = 0
        if not min(1, self.max_n) <= self.min_n <= self.max_n:
            both, expected = f"--min-n {self.min_n} --max-n", "1 or more, and the first not above the second"
            raise RNNError(Errors.R208.format(setting=both, value=self.max_n, expected=expected))
        least = {"dim": 1, "window": 1, "epochs": 1, "min_count": 1, "gpu_id": -1}
        least |= {"bucket": 1, "negative": 1, "sample": 0, "lr": MIN_LR, "threads": 0, "seed": 0, "phrases": 0}
        least |= {"max_vocab": 1000, "x_max": 1, "ns_exponent": 0}
        for setting, minimum in least.items():
            value = getattr(self, setting)
            if not value >= minimum:
                raise _out_of_limits(setting, value, f"{minimum} or more")
        for setting, maximum in MOST.items():
            value = getattr(self, setting)
            if value > maximum:
                raise _out_of_limits(setting, value, f"{maximum} or less")
        if 0 < self.sample < LEAST_SAMPLE:
            raise _out_of_limits("sample", self.sample, f"{LEAST_SAMPLE} or more, or 0")

    @property
    def normalization(self) -> Normalization:
        return Normalization(self.lower, self.yo, self.stress)

    def lr_at(self, share: float) -> float:
        """The learning rate when this share of the training is done: it falls linearly."""
        return self.lr + (MIN_LR - self.lr) * share

    @property
    def workers(self) -> int:
        return 1 if self.deterministic else self.threads or os.cpu_count() or 1


def typed(setting: str, value: object) -> str:
    """The setting as an option of the command line."""
    if isinstance(value, bool) or value is None:
        return _option(setting) if value else f"no {_option(setting)}"
    return f"{_option(setting)} {value}"


def _option(setting: str) -> str:
    return "--" + setting.replace("_", "-")


def _out_of_limits(setting: str, value: object, expected: str) -> RNNError:
    return RNNError(Errors.R208.format(setting=_option(setting), value=value, expected=expected))
