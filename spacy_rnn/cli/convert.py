"""``spacy rnn convert``: annotated corpora and classified texts to .spacy, checked line by line."""

from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ..atomic import check_apart
from ..errors import Errors, RNNError
from . import _texts
from ._app import app, command
from ._language import blank

LAYERS = {"upos": "UPOS", "xpos": "XPOS", "feats": "FEATS", "lemmas": "LEMMA", "heads": "HEAD"}
SHOWN = 5


class Kind(str, Enum):
    auto = "auto"
    conllu = "conllu"
    iob = "iob"
    uner = "uner"
    factrueval = "factrueval"
    morphemes = "morphemes"
    csv = "csv"
    tsv = "tsv"
    jsonl = "jsonl"
    json = "json"
    fasttext = "fasttext"
    lines = "lines"
    folders = "folders"
    spacy = "spacy"


class Illegal(str, Enum):
    repair = "repair"
    refuse = "refuse"


class Spaces(str, Enum):
    guess = "guess"
    unknown = "unknown"


class Scheme(str, Enum):
    iob1 = "IOB1"
    iob2 = "IOB2"
    ioe1 = "IOE1"
    ioe2 = "IOE2"
    biluo = "BILUO"


COLUMNS = "Columns (iob, uner)"
ENTITIES = "Entities (iob, uner, factrueval)"


@command(app, "convert")
def convert_cli(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A file, or a folder with files of one format")],
    output: Annotated[Path, typer.Argument(help="The .spacy file to write")],
    lang: Annotated[str, typer.Option("--lang", "-l", help="Language code: en, ru, ...")] = "xx",
    kind: Annotated[Kind, typer.Option("--from", "-f", help="Format of INPUT; auto looks at it")] = Kind.auto,
    group: Annotated[int, typer.Option("--group", "-g", help="Sentences per Doc")] = 1,
    by_document: Annotated[
        bool, typer.Option("--by-document", help="One Doc for each document, where the format has them")
    ] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out broken sentences, or rows, and report them")
    ] = False,
    labels: Annotated[
        str | None,
        typer.Option("--labels", help="Entities to keep, with commas: PER,LOC,ORG", rich_help_panel=ENTITIES),
    ] = None,
    spaces: Annotated[
        Spaces,
        typer.Option("--spaces", help="Where the format does not say, guess or do without", rich_help_panel=ENTITIES),
    ] = Spaces.guess,
    illegal: Annotated[
        Illegal, typer.Option("--illegal", help="Tags that break their scheme", rich_help_panel=COLUMNS)
    ] = Illegal.repair,
    scheme: Annotated[
        Scheme | None, typer.Option("--scheme", help="Of the tags, if not found by itself", rich_help_panel=COLUMNS)
    ] = None,
    column: Annotated[
        int, typer.Option("--column", "-c", help="Column of the tag, from 0; -1: the last", rich_help_panel=COLUMNS)
    ] = -1,
    token_column: Annotated[
        int, typer.Option("--token-column", help="Column of the token, from 0", rich_help_panel=COLUMNS)
    ] = 0,
    separator: Annotated[
        str | None,
        typer.Option("--separator", help="Of columns, if not found by itself (also csv, tsv)", rich_help_panel=COLUMNS),
    ] = None,
    text_column: _texts.TextColumn = None,
    label_column: _texts.LabelColumn = None,
    one_hot: _texts.OneHot = None,
    label_separator: _texts.LabelSeparator = None,
    label_names: _texts.LabelNames = None,
    label_prefix: _texts.LabelPrefix = "__label__",
    label_set: _texts.LabelSet = None,
    rename: _texts.Rename = None,
    keep: _texts.Keep = None,
    drop: _texts.Drop = None,
    part: _texts.Part = None,
    exclusive: _texts.Exclusive = None,
    drop_duplicates: _texts.Duplicates = False,
    exclude: _texts.Exclude = None,
    max_length: _texts.MaxLength = 0,
    quotes: _texts.Quotes = None,
    encoding: _texts.Encoding = None,
):
    """Convert annotated corpora and classified texts to spaCy's training format.

    conllu is CoNLL-U (Universal Dependencies). iob are columns with an entity tag (IOB1, IOB2, IOE1, IOE2, BILUO),
    uner the columns of Universal NER, factrueval a folder of FactRuEval's standoff files, morphemes words with their
    morphemes. The others are texts with labels for a text categorizer; lines: a file for each label with a text on
    each line (a folder, .zip or .tar), folders: a folder for each label with a text in each file.

    Example:

        spacy rnn convert en_ewt-ud-train.conllu train.spacy --lang en

        spacy rnn convert eng.train train.spacy --from iob --lang en --group 10

        spacy rnn convert reviews.csv train.spacy --lang en --text-column review --label-column stars
    """
    from ..training.annotated import ENTITIES as WITH_ENTITIES
    from ..training.annotated import find_kind
    from ..training.texts import FORMATS, TextOptions

    check_apart(output, source, label_set, label_names, *(exclude or ()))
    separator = separator.replace("\\t", "\t") if separator else None
    texts = _texts.reading(locals())
    found = find_kind(source, texts) if kind is Kind.auto else kind.value
    if found in FORMATS:
        if group != 1 or by_document or labels:
            raise RNNError(Errors.R518)
        texts = replace(texts, format=found, separator=separator)
        settings = {"max_length": max_length, "drop_duplicates": drop_duplicates, "skip_bad": skip_bad}
        _texts.convert(source, output, blank(lang), texts, label_set, exclude=exclude or (), **settings)
        return
    if texts != TextOptions() or label_set or drop_duplicates or exclude or max_length:
        raise RNNError(Errors.R520.format(kind=found, kinds=", ".join(FORMATS)))
    vocab, bad = blank(lang).vocab, [] if skip_bad else None
    if found in WITH_ENTITIES:
        from ..training.annotated import convert_entities
        from ..training.columns import Columns
        from ..training.entities import EntityOptions

        options = EntityOptions(
            *(group, by_document, _texts.names(labels) or None, spaces.value, illegal.value),
            scheme.value if scheme else None,
        )
        columns = Columns(token_column, column, separator)
        counts = convert_entities(source, output, vocab, found, options=options, columns=columns, bad=bad)
        _report_entities(counts)
    elif found == "morphemes":
        from ..training.annotated import convert_words

        if by_document:
            raise RNNError(Errors.R363.format(path=source))
        counts = convert_words(source, output, vocab, group)
        if kind is Kind.auto:
            msg.info("Read as words with their morphemes; a table of texts with labels is --from tsv")
    else:
        from ..training.convert import convert

        counts = convert(source, output, vocab, group=group, by_document=by_document, bad=bad)
        _report(counts)
    _report_bad(bad or [])
    parts = ((counts.docs, "Docs"), (getattr(counts, "sentences", 0), "sentences"), (counts.words, "words"))
    msg.good(f"{output}: " + ", ".join(f"{count:,} {name}" for count, name in parts if count))


def _report(counts) -> None:
    for field, name in LAYERS.items():
        missing = getattr(counts, field)
        if missing:
            words = "all words" if missing == counts.words else f"{missing:,} of {counts.words:,} words"
            msg.info(f"{name}: not annotated on {words}, left unset there")
    if counts.written_apart:
        msg.info(f"{counts.written_apart:,} multiword tokens differ from their words joined: the words stand apart")
    if counts.several_roots:
        msg.warn(f"{counts.several_roots:,} sentences have several roots: spaCy will see a sentence for each")


def _report_entities(counts) -> None:
    found = ", ".join(f"{label} {count:,}" for label, count in sorted(counts.labels.items())) or "none"
    told = msg.info if counts.labels else msg.warn
    told(f"Entities: {found}" + (f" (tags: {', '.join(sorted(counts.schemes))})" if counts.schemes else ""))
    if counts.dropped:
        msg.info("Left out: " + ", ".join(f"{label} {count:,}" for label, count in sorted(counts.dropped.items())))
    if counts.illegal:
        first = "; ".join(f"{path}, line {line}" for path, line in counts.illegal[:SHOWN])
        msg.warn(f"{len(counts.illegal):,} tags break their scheme, and were read as spans that begin or end there")
        msg.text(f"First: {first}")
    if counts.overlapping:
        msg.info(f"{counts.overlapping:,} entities share words with a longer one: left out")
    if counts.divided:
        msg.warn(f"{counts.divided:,} entities reached over the end of a sentence: divided there")
    if counts.missing:
        msg.info(f"{counts.missing:,} words are marked as not annotated")
    if counts.guessed:
        msg.info(f"{counts.guessed:,} sentences come without spaces: guessed, or left unknown with --spaces unknown")


def _report_bad(bad: list) -> None:
    for error in bad[:SHOWN]:
        msg.warn(str(error))
    if bad:
        msg.warn(f"{len(bad):,} broken sentences left out" + (", the first 5 are above" if len(bad) > SHOWN else ""))
