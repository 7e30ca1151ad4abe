"""How to train vectors: the options of ``spacy rnn vectors train``, with their defaults and limits."""

from dataclasses import dataclass

from ..errors import Errors, RNNError

MIN_LR = 1e-4  # where the learning rate ends


@dataclass
class VectorSettings:
    """How to train. The defaults suit a tagger and some ten million words: narrow windows, since near neighbours tell
    the part of speech and distant ones the topic; a small bucket, since it is saved with each pipeline."""

    model: str = "skipgram"
    dim: int = 100
    window: int = 3
    epochs: int = 5
    min_count: int = 3
    min_n: int = 3
    max_n: int = 6
    bucket: int = 200_000
    negative: int = 5
    sample: float = 1e-3
    lr: float = 0.05
    threads: int = 0  # 0: as many as there are processors
    seed: int = 1
    lower: bool = False

    def __post_init__(self) -> None:
        if self.model not in ("skipgram", "cbow"):
            raise RNNError(Errors.R208.format(setting="model", value=self.model, expected="skipgram or cbow"))
        least = {"dim": 1, "window": 1, "epochs": 1, "min_count": 1, "min_n": 1, "max_n": self.min_n, "bucket": 1}
        least |= {"negative": 1, "sample": 0, "lr": MIN_LR, "threads": 0, "seed": 0}
        for setting, minimum in least.items():
            value = getattr(self, setting)
            if not value >= minimum:
                raise RNNError(Errors.R208.format(setting=setting, value=value, expected=f"{minimum} or more"))
