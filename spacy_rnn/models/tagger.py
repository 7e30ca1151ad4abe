"""`spacy-rnn.Tagger.v1`: token vectors and the output layer above them, List[Doc] -> List[Floats2d] of logits.

The component that owns the model puts the labels into the attribute `labels` of its reference `heads` before the
model is initialised: {"n_tag", "n_pos", "n_values", "bundles"}, the arguments of nets/tagger.py.
"""

from typing import Literal

from thinc.api import Model
from thinc.types import Floats2d

from ..bridge.module import sequence_model
from ..errors import Errors, RNNError
from ..nets.tagger import TaggerHeads
from ..types import TaggerT, Tok2VecT
from .long import MAX_TOKENS, in_parts


def Tagger(tok2vec: Tok2VecT, decoder: Literal["softmax", "crf"] = "softmax", max_tokens: int = MAX_TOKENS) -> TaggerT:
    """Logits for tags, parts of speech, bundles and attribute values, side by side (nets/tagger.py).

    tok2vec: any Model[List[Doc], List[Floats2d]], `spacy.Tok2Vec.v2` or a listener.
    decoder: of tags and parts of speech: each word for itself, or the best sequence by a CRF. Morphology has too many
        bundles for one.
    max_tokens: laid out at a time when predicting; more than these run in parts, with the same result (models/long.py).
    """
    fixed = {"decoder": decoder}
    heads = sequence_model("tagger_heads", TaggerHeads, fixed, init_heads, {"nI": None, "nO": None}, labels=None)
    return in_parts("tagger", tok2vec, heads, max_tokens)


def init_heads(model: Model, X: list[Floats2d] | None = None, Y: object = None) -> None:
    labels = model.attrs["labels"]
    if labels is None:
        raise RNNError(Errors.R108)
    if X is not None:
        model.set_dim("nI", X[0].shape[1], force=True)
    n_out = labels["n_tag"] + labels["n_pos"] + len(labels["bundles"]) + labels["n_values"]
    model.set_dim("nO", n_out, force=True)  # initialised anew, the labels may be others
    model.shims[0].build(n_in=model.get_dim("nI"), **labels)
