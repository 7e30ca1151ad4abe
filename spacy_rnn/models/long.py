"""Documents of any length, and batches of any size, in bounded working memory: List[Doc] -> List[Floats2d].

    model = in_parts("tagger", tok2vec, heads, max_tokens)

learns as `chain(tok2vec, heads)` does, and predicts the same with at most `max_tokens` tokens laid out at a time. A
batch is split into groups of Docs. A Doc that is longer by itself runs in chunks (nets/chunks.py), if embedding and
encoder are those of this package. Otherwise it is seen whole: spaCy's embeddings cannot read a part of a Doc, and a
listener, or a transformer, cannot carry what is behind a border.
"""

from collections.abc import Callable, Iterator

import numpy
from spacy.tokens import Doc
from thinc.api import Model
from thinc.layers.chain import forward as forward_chain
from thinc.layers.chain import init as init_chain
from thinc.types import Floats2d

from ..bridge.convert import join, lengths_of, split
from ..bridge.memory import give_back_memory
from ..bridge.module import no_backprop
from ..errors import Errors, RNNError
from ..nets.chunks import CHUNKS
from ..types import Tok2VecT

MAX_TOKENS = 20_000  # a quarter of a gigabyte with configs/tagger.cfg
CHUNK_TOKENS = 4_000  # of a Doc over the budget; longer ones are not faster


def in_parts(name: str, tok2vec: Tok2VecT, heads: Model, max_tokens: int) -> Model[list[Doc], list[Floats2d]]:
    """Chain an output layer to a tok2vec, with references to both.

    max_tokens: laid out at a time when predicting. Any number gives the same result.
    """
    if max_tokens < 1:
        raise RNNError(Errors.R103.format(name="max_tokens", value=max_tokens))
    return Model(
        name,
        forward,
        init=init_chain,
        dims={"nO": None},
        layers=[tok2vec, heads],
        refs={"tok2vec": tok2vec, "heads": heads},
        attrs={"parts": Parts(max_tokens)},
    )


def forward(model: Model, docs: list[Doc], is_train: bool) -> tuple[list[Floats2d], Callable]:
    lengths = lengths_of(docs)
    if is_train or lengths.sum() <= model.attrs["parts"].max_tokens:
        return forward_chain(model, docs, is_train)
    flat = model.ops.alloc2f(lengths.sum(), model.get_ref("heads").get_dim("nO"), zeros=False)
    filled = 0
    for part in model.attrs["parts"](model, docs):
        flat[filled : filled + len(part)] = part
        filled += len(part)
    ends = numpy.cumsum(lengths)
    return [flat[end - length : end] for end, length in zip(ends, lengths, strict=True)], no_backprop


class Parts:
    """The rows of all Docs one after the other, those of at most max_tokens tokens at a time.

    An attribute of the model that is not saved with it, so that the config's number counts after loading.
    """

    def __init__(self, max_tokens: int):
        self.max_tokens = max_tokens

    def __call__(self, model: Model, docs: list[Doc]) -> Iterator[Floats2d]:
        tok2vec, heads = model.get_ref("tok2vec"), model.get_ref("heads")
        for group in groups(docs, self.max_tokens):
            if len(group[0]) > self.max_tokens and can_be_chunked(tok2vec):
                yield from chunks(tok2vec, heads, group[0], min(self.max_tokens, CHUNK_TOKENS))
            else:
                yield model.ops.xp.concatenate(heads.predict(tok2vec.predict(group)))
            if len(group) < len(docs):
                give_back_memory()


def groups(docs: list[Doc], max_tokens: int) -> Iterator[list[Doc]]:
    """Docs that follow each other, of at most max_tokens tokens together; a longer Doc is a group by itself."""
    group: list[Doc] = []
    tokens = 0
    for doc in docs:
        if group and tokens + len(doc) > max_tokens:
            yield group
            group, tokens = [], 0
        group.append(doc)
        tokens += len(doc)
    if group:
        yield group


def can_be_chunked(tok2vec: Tok2VecT) -> bool:
    names = [layer.name for layer in tok2vec.layers]
    return names in (["char_word_embed", "rnn_encoder"], ["char_word_embed", "cnn_encoder"])


def chunks(tok2vec: Tok2VecT, heads: Model, doc: Doc, size: int) -> Iterator[Floats2d]:
    """The rows of one Doc, from left to right."""
    embed, encode = tok2vec.layers
    shim, ops = encode.shims[0], encode.ops
    encoder = CHUNKS[shim.net_class](shim.net, len(doc), size)
    for read in encoder.reads():
        flat = join(ops, embed.predict([doc[read.begin : read.end]]), shim.device)
        encoded = shim.infer(encoder.run, flat, read)
        if len(encoded):
            yield heads.predict(split(ops, encoded, numpy.array([len(encoded)])))[0]
        del flat, encoded
        give_back_memory()
