"""`spacy-rnn.Tagger.v1`: token vectors and the output layer above them, List[Doc] -> List[Floats2d] of logits.

The component that owns the model puts the labels into the attribute `labels` of its reference `heads` before the
model is initialised: {"n_tag", "n_pos", "n_values", "bundles"}, the arguments of nets/tagger.py.
"""

from typing import Literal

from ..errors import Errors
from ..nets.tagger import TaggerHeads
from ..types import TaggerT, Tok2VecT
from .heads import output_layer
from .long import MAX_TOKENS, in_parts


def Tagger(tok2vec: Tok2VecT, decoder: Literal["softmax", "crf"] = "softmax", max_tokens: int = MAX_TOKENS) -> TaggerT:
    """Logits for tags, parts of speech, bundles and attribute values, side by side (nets/tagger.py).

    tok2vec: any Model[List[Doc], List[Floats2d]], `spacy.Tok2Vec.v2` or a listener.
    decoder: of tags and parts of speech: each word for itself, or the best sequence by a CRF. Morphology has too many
        bundles for one.
    max_tokens: laid out at a time when predicting; more than these run in parts, with the same result (models/long.py).
    """
    heads = output_layer("tagger_heads", TaggerHeads, decoder, Errors.R108)
    return in_parts("tagger", tok2vec, heads, max_tokens)
