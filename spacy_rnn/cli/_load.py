"""A trained pipeline by the name a user typed, or a coded error."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import Errors, RNNError


def load(model: str, components: list[str], gpu_id: int):
    """The pipeline with only these components enabled, if any are named."""
    import spacy

    if gpu_id >= 0:
        try:
            spacy.require_gpu(gpu_id)
        except Exception as error:
            raise RNNError(Errors.R324.format(gpu=gpu_id, reason=error)) from error
    try:
        nlp = spacy.load(model)
    except (OSError, ValueError) as error:
        # what a reader of JSON says, without the name of the file
        damaged = type(error) is ValueError and not str(error).startswith("[")
        reason = f"{error}. One of its files is damaged: copy it again, or train again." if damaged else error
        raise RNNError(Errors.R322.format(path=model, reason=reason)) from error
    for name in components:
        if name not in nlp.component_names:
            raise RNNError(Errors.R321.format(name=name, names=", ".join(nlp.component_names) or "none"))
    if components:
        nlp.select_pipes(enable=components)
    return nlp


@contextmanager
def running(model: str) -> Iterator[None]:
    """R467: what spaCy says of a component that was never trained, or of a text too long for it."""
    try:
        yield
    except RNNError:
        raise
    except ValueError as error:
        raise RNNError(Errors.R467.format(model=model, reason=error)) from error
