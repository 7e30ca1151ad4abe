"""Words typed into a shell: ``spacy rnn VERB``, one verb per file; mounted on spaCy's own command in ``mount``.
``python -m spacy_rnn.cli VERB`` is the same without loading spaCy where it is not needed."""

from . import (  # noqa: F401
    annotate,
    calibrate,
    compare,
    convert,
    crossval,
    evaluate,
    explain,
    plot,
    sample,
    show,
    split,
    text,
    vectors,
    verify,
)
from ._app import app

__all__ = ["app"]
