"""The pipeline a user named, or a coded error."""

from typing import TYPE_CHECKING

from ..errors import Errors, RNNError

if TYPE_CHECKING:
    from spacy.language import Language


def load_pipeline(model: str, gpu_id: int = -1) -> "Language":
    """A folder or a package; on a GPU if ``gpu_id`` is 0 or more."""
    import spacy

    if gpu_id >= 0:
        try:
            spacy.require_gpu(gpu_id)
        except Exception as error:
            raise RNNError(Errors.R324.format(gpu=gpu_id, reason=error)) from error
    try:
        return spacy.load(model)
    except (OSError, ValueError) as error:
        raise RNNError(Errors.R322.format(path=model, reason=error)) from error


def keep_components(nlp: "Language", names: list[str]) -> None:
    """Run only these, or all if there are none."""
    for name in names:
        if name not in nlp.component_names:
            raise RNNError(Errors.R321.format(name=name, names=", ".join(nlp.component_names) or "none"))
    if names:
        nlp.select_pipes(enable=names)
