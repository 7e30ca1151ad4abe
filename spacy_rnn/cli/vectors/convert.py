"""``spacy rnn vectors convert``: from one format of word vectors to another."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg

from .._app import command
from ._app import option, vectors
from ._bars import Bars

if TYPE_CHECKING:
    from ...vectors.formats.convert import Summary

KINDS = "pipeline, safetensors, word2vec (text), word2vec-binary, glove (text), fasttext (.bin), floret, navec"
WHOLE_WORDS = "word2vec", "word2vec-binary", "glove"


@command(vectors, "convert")
def convert_vectors_cli(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Vectors of any kind named below: a file, or a folder")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A folder (a pipeline), or a file named by its suffix")],
    lang: Annotated[str | None, option("Language of the words: en, ru, ... Default: that of IN, else xx")] = None,
    source_kind: Annotated[str | None, option(f"What IN is, if that is not seen right: {KINDS}", "--from")] = None,
    target_kind: Annotated[str | None, option("What OUT shall be, if its suffix does not tell", "--to")] = None,
    dtype: Annotated[str | None, option("float16: half the size, nearly as good; or float32. Default: as IN")] = None,
    compress: Annotated[bool, option("A tenth of the size, by product quantisation", "--compress")] = False,
    pq: Annotated[int, option("The same, with so many bytes for a vector: for example 100 for 300 numbers")] = 0,
    limit: Annotated[int, option("The first so many words only: files begin with the most frequent ones")] = 0,
    lower: Annotated[bool, option("IN was trained on lower-case text: look all words up so", "--lower")] = False,
    encoding: Annotated[str, option("Encoding of the words in IN: utf8, cp1251, latin-1, ...")] = "utf8",
    words: Annotated[Path | None, option("Words to look up in a floret table, one on each line")] = None,
    force: Annotated[bool, option("Replace OUT", "--force", "-f")] = False,
):
    """Convert word vectors: word2vec, GloVe, fastText, floret, navec, spaCy, and our own.

    What IN holds is seen by its content. What OUT will be is told by its suffix:

    \b
    no suffix     a pipeline: spacy.load(OUT), or spacy train --initialize.vectors OUT
    .safetensors  our own file, which opens in an instant
    .txt .vec     text with a first line "words numbers"; also .txt.gz and .vec.gz
    .bin          fastText's file if there are n-grams, else word2vec's
    .floret       text of a floret table

    \b
    spacy rnn vectors convert cc.ru.300.bin vectors_ru --lang ru --dtype float16
    spacy rnn vectors convert glove.6B.100d.txt vectors_en --lang en --lower --limit 100000
    spacy rnn vectors convert vectors_ru vectors_ru.bin        (for fastText and gensim)
    spacy rnn vectors convert navec_news_v1_1B_250K_300d_100q.tar vectors_ru --lang ru

    Vectors of parts of words (fastText, floret) stay, where OUT can hold them: then unseen words have vectors, too.
    Of fastText's .bin, broken letters are kept as \\xff. From .bin to .bin, all that training needs is kept.
    """
    from ...vectors.formats.convert import Options, convert

    options = Options(lang, source_kind, target_kind, dtype, compress, pq, limit, lower, encoding, words, force)
    with Bars() as bars:
        made = convert(
            source, out, options, lambda stage, done, total: bars.show(stage.capitalize(), done, total, delay=1)
        )
    msg.good(f"{out}: {_describe(made)}, {made.bytes / 1e6:,.1f} MB ({made.source_kind} to {made.target_kind})")


def _describe(made: "Summary") -> str:
    words = f"{made.words:,} words of {made.dim} numbers" if made.words else f"no words, vectors of {made.dim} numbers"
    if made.ngrams and made.target_kind in WHOLE_WORDS:
        return f"{words}, without the vectors of their parts"
    return f"{words}, {made.ngrams:,} rows for parts of words" if made.ngrams else words
