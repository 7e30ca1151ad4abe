"""`spacy-rnn.Labeller.v1`: token vectors and one score for each label of a scheme, List[Doc] -> List[Floats2d].

The component that owns the model puts its labels into the attribute `labels` of its reference `heads` before the model
is initialised: {"labels": ["O", "B-PER", ...], "scheme": "BILUO"}. It asks the net there (nets/labeller.py) for the
loss and for the chain that decodes the scores.
"""

from typing import Literal

from ..errors import Errors
from ..nets.labeller import LabellerHead
from ..types import LabellerT, Tok2VecT
from .heads import output_layer
from .long import MAX_TOKENS, in_parts


def Labeller(tok2vec: Tok2VecT, decoder: Literal["crf", "softmax"] = "crf", max_tokens: int = MAX_TOKENS) -> LabellerT:
    """Scores of the labels for each token.

    tok2vec: any Model[List[Doc], List[Floats2d]], `spacy.Tok2Vec.v2` or a listener.
    decoder: "crf" learns which label follows which, and is trained on whole sequences; "softmax" is trained on each
        token for itself, and only obeys the scheme.
    max_tokens: laid out at a time when predicting; more than these run in parts, with the same result (models/long.py).
    """
    heads = output_layer("labeller_head", LabellerHead, decoder, Errors.R130)
    return in_parts("labeller", tok2vec, heads, max_tokens)
