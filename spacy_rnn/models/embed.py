"""`spacy-rnn.CharWordEmbed.v1`: a vector for each token from its form alone, List[Doc] -> List[Floats2d].

Word row, hashed n-grams, character net, attributes and pretrained vectors (nets/embed.py), each once per word type of
the batch. A component that has counted the words of its corpus puts the counts into the attribute `word_counts` before
the model is initialised; otherwise the vocabulary grows from the training batches.
"""

from typing import Literal

import numpy
import torch
from spacy.attrs import IDS, ORTH
from spacy.tokens import Doc
from spacy.util import logger
from spacy.vocab import Vocab
from thinc.api import Model

from ..bridge.module import forward_docs
from ..bridge.shim import TorchShim
from ..errors import Errors, RNNError
from ..forms import normalize as normal_form
from ..nets.embed import WordEmbedder, WordTypes
from ..types import EmbedT
from .pretrained import key_attr, vectors_of
from .words import CHAR_ROWS, WordReader

FormAttr = Literal["LOWER", "PREFIX", "SUFFIX", "SHAPE"]  # what depends on the form alone, not on the context


def CharWordEmbed(
    width: int,
    word_width: int = 100,
    min_freq: int = 2,
    max_words: int = 50000,
    word_dropout: float = 0.25,
    ignore_case: bool = False,
    chars: Literal["cnn", "rnn", "none"] = "cnn",
    char_width: int = 32,
    char_output: int = 128,
    char_windows: list[int] = [3],  # noqa: B006  (confection wants a plain default; it is never changed)
    ngram_width: int = 100,
    ngram_rows: int = 30000,
    ngram_sizes: list[int] = [2, 5],  # noqa: B006
    attrs: list[FormAttr] = ["PREFIX", "SUFFIX", "SHAPE"],  # noqa: B006
    attr_width: int = 64,
    attr_rows: int = 5000,
    vectors: Literal["auto", "static", "finetuned", "none"] = "auto",
    vector_width: int = 100,
    dropout: float | None = None,
    sparse: bool = False,
    normalize: list[Literal["stress", "yo", "signs"]] = [],  # noqa: B006
) -> EmbedT:
    """Embed words by what they are and by what they look like. A width of 0 leaves a feature out.

    width: of the output.
    word_width, min_freq, max_words: the table of the words seen at least min_freq times in training.
    word_dropout: share of the tokens that are shown as unknown words during training.
    ignore_case: look words up in lower case in the table; n-grams and characters still see the case.
    chars: a character net: "cnn" (filters over char_windows characters, maximum), "rnn" (bidirectional LSTM) or "none".
    char_width, char_output: width of a character, and of what the net makes of a word.
    ngram_width, ngram_rows, ngram_sizes: hashed n-grams of #word#, from the shortest to the longest size.
    attrs, attr_width, attr_rows: spaCy's attributes of a form, each in a table of its own with hashed rows.
    vectors: the pipeline's vectors. "static": as they are, behind a learned projection to vector_width; "finetuned": as
        the first values of the word table, whose width is then theirs; "none": unused; "auto": static where the
        pipeline has vectors.
    dropout: null follows `[training.dropout]`.
    sparse: sparse gradients for the tables of words, n-grams and attributes, for very large ones.
    normalize: what makes no difference between words (forms.py): "stress", marks such as in замо́к; "yo", ё as е;
        "signs", one hyphen or apostrophe or another, and what is not seen at all. The Doc keeps its text.
    """
    pretrained = vectors == "finetuned" or (vectors == "static" and vector_width)
    attrs = list(attrs) if attr_width else []
    if not (word_width or ngram_width or attrs or chars != "none" or pretrained):
        raise RNNError(Errors.R104)
    sizes = dict(width=width, max_words=max_words, char_width=char_width, ngram_rows=ngram_rows, attr_rows=attr_rows)
    for name, value in sizes.items():
        if value < 1:
            raise RNNError(Errors.R103.format(name=name, value=value))
    parts = len(char_windows) if chars == "cnn" else 2
    if chars != "none" and (not parts or char_output < parts or char_output % parts):
        raise RNNError(Errors.R109.format(value=char_output, parts=parts))
    if ngram_width and not (len(ngram_sizes) == 2 and 1 <= ngram_sizes[0] <= ngram_sizes[1]):
        raise RNNError(Errors.R105.format(value=ngram_sizes))
    fixed = dict(
        width=width,
        n_chars=CHAR_ROWS if chars != "none" else 0,
        chars=chars,
        char_width=char_width,
        char_output=char_output if chars != "none" else 0,
        char_windows=list(char_windows),
        ngram_rows=ngram_rows if ngram_width else 0,
        ngram_width=ngram_width,
        n_attrs=len(attrs),
        attr_rows=attr_rows,
        attr_width=attr_width,
        word_dropout=word_dropout,
        sparse=sparse,
    )
    settings = dict(
        word_width=word_width,
        min_freq=min_freq,
        max_words=max_words,
        ignore_case=ignore_case,
        vectors=vectors,
        vector_width=vector_width,
        normalize=list(normalize),
    )
    state = dict(
        read=read_types,
        words=[],
        word_counts=None,
        closed=False,
        ngram_sizes=list(ngram_sizes),
        attrs=attrs,
        dropout_rate=0.0,
        dropout=dropout,
    )
    return Model(
        "char_word_embed",
        forward_docs,
        init=init_embed,
        dims={"nO": width},
        attrs={**state, **settings},
        shims=[TorchShim(WordEmbedder, fixed)],
    )


def init_embed(model: EmbedT, X: list[Doc] | None = None, Y: object = None) -> None:
    """Build the net, once it is known which words and whether there are vectors."""
    if model.attrs["word_counts"]:
        counts = model.attrs["word_counts"]
        model.attrs.update(closed=True, word_counts=None, words=[])
        reader_of(model).learn(counts)
        if model.shims[0].fixed["ngram_rows"]:
            logger.info("%d n-grams of known words, of which %d share a row", *reader_of(model).collisions())
    settings, vocab = model.attrs, X[0].vocab if X else None
    n_vector = vocab.vectors.shape[1] if vocab is not None and len(vocab.vectors) else 0
    if settings["vectors"] in ("static", "finetuned") and not n_vector:
        raise RNNError(Errors.R106.format(vectors=settings["vectors"]))
    finetuned = settings["vectors"] == "finetuned"
    if finetuned and not settings["closed"]:
        raise RNNError(Errors.R110)
    word_width = n_vector if finetuned else settings["word_width"]
    static = n_vector if settings["vectors"] in ("auto", "static") and settings["vector_width"] else 0
    n_words = len(settings["words"]) if settings["closed"] else settings["max_words"]
    shim = model.shims[0]
    shim.build(
        n_words=n_words + 1 if word_width else 0,
        word_width=word_width,
        n_vector=static,
        vector_width=settings["vector_width"] if static else 0,
    )
    if finetuned:
        words = Doc(vocab, words=settings["words"])
        rows = vectors_of(vocab, words.to_array(key_attr(vocab)), model.shims[0].device)
        shim.net.words.weight.data[1 : len(words) + 1] = rows


def reader_of(model: EmbedT) -> WordReader:
    """The model's word reader, made anew after the model was loaded."""
    shim = model.shims[0]
    reader = getattr(shim, "reader", None)
    if reader is None or reader.words is not model.attrs["words"]:
        settings = model.attrs
        reader = WordReader(
            settings["words"],
            settings["max_words"],
            settings["min_freq"],
            settings["ignore_case"],
            shim.fixed["ngram_rows"],
            settings["ngram_sizes"],
            settings["normalize"],
        )
        shim.reader = reader
    return reader


def read_types(model: EmbedT, docs: list[Doc], is_train: bool) -> tuple[WordTypes, torch.Tensor]:
    """The types of the Docs and the type of each token, as the net wants them."""
    reader, shim, vocab = reader_of(model), model.shims[0], docs[0].vocab
    wanted = [ORTH, *(IDS[attr] for attr in model.attrs["attrs"]), key_attr(vocab)]
    tokens = numpy.concatenate([doc.to_array(wanted).reshape(len(doc), len(wanted)) for doc in docs])
    _, first, token_types = numpy.unique(tokens[:, 0], return_index=True, return_inverse=True)
    if is_train and not model.attrs["closed"]:
        reader.grow([vocab.strings[orth] for orth in tokens[:, 0].tolist()])
    types = tokens[first]  # T x wanted
    if model.attrs["normalize"]:
        _normalize(types, model.attrs["normalize"], wanted, vocab)
    features = reader.read(types[:, 0].tolist(), vocab.strings)
    device = shim.device
    n_vector = shim.cfg["n_vector"]
    if n_vector and vocab.vectors.shape[1] != n_vector:
        raise RNNError(Errors.R107.format(wanted=n_vector, found=vocab.vectors.shape[1]))
    rows = shim.fixed["attr_rows"]
    attrs = (types[:, 1:-1] % rows).astype("int64") + numpy.arange(len(wanted) - 2) * rows
    vectors = vectors_of(vocab, types[:, -1], device) if n_vector else torch.zeros(len(types), 0)
    return (
        WordTypes(
            torch.tensor([f.row for f in features]).to(device),
            torch.from_numpy(numpy.concatenate([f.chars for f in features])).to(device),
            numpy.array([len(f.chars) for f in features]),
            torch.from_numpy(numpy.concatenate([f.ngrams for f in features])).to(device),
            numpy.array([len(f.ngrams) for f in features]),
            torch.from_numpy(attrs).to(device),
            vectors.to(device),
        ),
        torch.from_numpy(token_types).to(device),
    )


def _normalize(types: numpy.ndarray, kinds: list[str], wanted: list[int], vocab: Vocab) -> None:
    """Put the attributes of the words that forms are looked up by in place of their own."""
    forms = [vocab.strings[orth] for orth in types[:, 0].tolist()]
    words = [normal_form(form, kinds) for form in forms]
    changed = [i for i, (form, word) in enumerate(zip(forms, words, strict=True)) if form != word]
    if changed:
        types[changed] = Doc(vocab, words=[words[i] for i in changed]).to_array(wanted)
