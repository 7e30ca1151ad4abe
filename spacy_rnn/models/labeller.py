"""`spacy-rnn.Labeller.v1`: token vectors and one score for each label of a scheme, List[Doc] -> List[Floats2d].

The component that owns the model puts its labels into the attribute `labels` of its reference `heads` before the model
is initialised: {"labels": ["O", "B-PER", ...], "scheme": "BILUO"}. It asks the net there (nets/labeller.py) for the
loss and for the chain that decodes the scores.
"""

from typing import Literal

from thinc.api import Model
from thinc.types import Floats2d

from ..bridge.module import sequence_model
from ..errors import Errors, RNNError
from ..nets.labeller import LabellerHead
from ..types import LabellerT, Tok2VecT
from .long import MAX_TOKENS, in_parts


def Labeller(tok2vec: Tok2VecT, decoder: Literal["crf", "softmax"] = "crf", max_tokens: int = MAX_TOKENS) -> LabellerT:
    """Scores of the labels for each token.

    tok2vec: any Model[List[Doc], List[Floats2d]], `spacy.Tok2Vec.v2` or a listener.
    decoder: "crf" learns which label follows which, and is trained on whole sequences; "softmax" is trained on each
        token for itself, and only obeys the scheme.
    max_tokens: laid out at a time when predicting; more than these run in parts, with the same result (models/long.py).
    """
    dims = {"nI": None, "nO": None}
    heads = sequence_model("labeller_head", LabellerHead, {"decoder": decoder}, init_heads, dims, labels=None)
    return in_parts("labeller", tok2vec, heads, max_tokens)


def init_heads(model: Model, X: list[Floats2d] | None = None, Y: object = None) -> None:
    labels = model.attrs["labels"]
    if labels is None:
        raise RNNError(Errors.R130)
    if X is not None:
        model.set_dim("nI", X[0].shape[1], force=True)
    model.set_dim("nO", len(labels["labels"]), force=True)  # initialised anew, the labels may be others
    model.shims[0].build(n_in=model.get_dim("nI"), **labels)
