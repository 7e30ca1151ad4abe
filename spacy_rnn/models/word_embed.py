"""`spacy-rnn.WordEmbed.v1`: a vector for each word and nothing else, for text classifiers. List[Doc] -> List[Floats2d].

Its words are those of the corpus (`spacy-rnn` components count them beforehand), or those that training meets: spaCy's
own components show their model a few Docs only.
"""

from collections import Counter
from typing import Literal

import numpy
import torch
from spacy.attrs import IDS, ORTH
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from thinc.api import Model

from ..bridge.module import forward_docs
from ..bridge.shim import TorchShim
from ..errors import Errors, RNNError
from ..nets.channels import SCALE, WordChannels
from ..types import EmbedT
from .pretrained import key_attr, vectors_of
from .rows import WordRows


def WordEmbed(
    vectors: Literal["static", "finetuned", "multichannel", "none"] = "finetuned",
    width: int = 100,
    attr: Literal["ORTH", "LOWER", "NORM"] = "LOWER",
    min_freq: int = 2,
    max_words: int = 50000,
    dropout: float | None = None,
    sparse: bool = True,
) -> EmbedT:
    """Word vectors from the pipeline, or learned ones.

    vectors: "static": the pipeline's as they are; "finetuned": as a starting value; "multichannel": both, side by side
        (Kim 2014, arXiv:1408.5882); "none": learned from nothing.
    width: of vectors learned from nothing; the others have that of the pipeline's.
    attr: what of a word has a row of its own: "LOWER" for one row whatever the case.
    min_freq, max_words: which words have one. The others keep the pipeline's vector, or share that of unknown words.
    dropout: null follows `[training.dropout]`.
    sparse: only rows of words in a batch are stepped, by torch's SparseAdam, which makes large tables cheap.
    """
    for name, value in dict(width=width, min_freq=min_freq, max_words=max_words).items():
        if value < 1:
            raise RNNError(Errors.R103.format(name=name, value=value))
    return Model(
        "word_embed",
        forward_docs,
        init=init_embed,
        dims={"nO": None},
        attrs=dict(
            read=read_words,
            words=[],
            word_counts=None,
            closed=False,
            key=attr,
            min_freq=min_freq,
            max_words=max_words,
            dropout_rate=0.0,
            dropout=dropout,
        ),
        shims=[TorchShim(WordChannels, dict(vectors=vectors, width=width, sparse=sparse))],
    )


def init_embed(model: EmbedT, X: list[Doc] | None = None, Y: object = None) -> None:
    """Build the net, once it is known which words and whether there are vectors."""
    attrs, shim, vocab = model.attrs, model.shims[0], X[0].vocab if X else None
    if attrs["word_counts"]:
        counts: Counter[str] = Counter()
        for form, count in attrs["word_counts"].items():
            counts[_key(vocab, form, attrs["key"])] += count
        attrs.update(closed=True, word_counts=None, words=[])
        rows_of(model).learn(counts)
    n_vector = vocab.vectors.shape[1] if vocab is not None and len(vocab.vectors) else 0
    if shim.fixed["vectors"] != "none" and not n_vector:
        raise RNNError(Errors.R106.format(vectors=shim.fixed["vectors"]))
    n_words = len(attrs["words"]) if attrs["closed"] else attrs["max_words"]
    if shim.fixed["vectors"] == "none":
        shim.build(n_words=n_words + 1)
    else:
        shim.build(n_words=n_words + 1, n_vector=n_vector, scale=_scale(vocab, attrs["words"] or _words(X)))
    model.set_dim("nO", shim.net.width, force=True)


def _scale(vocab: Vocab, words: list[str]) -> float:
    """What brings the vectors of these words to the scale that nets begin with."""
    keys = Doc(vocab, words=words).to_array([key_attr(vocab)]).reshape(-1)
    spread = float(vectors_of(vocab, keys, torch.device("cpu")).std(correction=0)) if words else 0.0
    return SCALE / spread if spread > 0 else 1.0


def _words(docs: list[Doc]) -> list[str]:
    return [token.text for doc in docs for token in doc]


def _key(vocab: Vocab, form: str, attr: str) -> str:
    lexeme = vocab[form]
    return {"ORTH": lexeme.orth_, "LOWER": lexeme.lower_, "NORM": lexeme.norm_}[attr]


def rows_of(model: EmbedT) -> WordRows:
    """The rows of the model's words, found anew after the model was loaded."""
    shim, words = model.shims[0], model.attrs["words"]
    rows = getattr(shim, "rows", None)
    if rows is None or rows.words is not words:
        rows = shim.rows = WordRows(words, model.attrs["max_words"], model.attrs["min_freq"])
    return rows


def read_words(
    model: EmbedT, docs: list[Doc | Span], is_train: bool
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The rows and vectors of the types of these Docs, and the type of each token, as the net wants them."""
    vocab, device, n_vector = docs[0].vocab, model.shims[0].device, model.shims[0].cfg.get("n_vector", 0)
    if n_vector and vocab.vectors.shape[1] != n_vector:
        raise RNNError(Errors.R107.format(wanted=n_vector, found=vocab.vectors.shape[1]))
    key, vector_key = IDS[model.attrs["key"]], key_attr(vocab)
    columns = [key] if not n_vector or key == vector_key else [ORTH, key, vector_key]
    tokens = numpy.concatenate([doc.to_array(columns).reshape(-1, len(columns)) for doc in docs])  # N x columns
    _, first, token_types = numpy.unique(tokens[:, 0], return_index=True, return_inverse=True)
    types = tokens[first]  # T x columns
    hashes, keys = types[:, columns.index(key)], types[:, -1]
    rows = rows_of(model)
    if is_train and not model.attrs["closed"]:
        rows.grow(hashes, vocab.strings)
    vectors = vectors_of(vocab, keys, device) if n_vector else torch.zeros(len(types), 0, device=device)
    return torch.from_numpy(rows.rows(hashes)).to(device), vectors, torch.from_numpy(token_types).to(device)
