"""``spacy rnn convert``: annotated corpora to .spacy, checked line by line."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ..atomic import check_apart
from ..errors import Errors, RNNError
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
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out broken sentences and report them")] = False,
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
        str | None, typer.Option("--separator", help="Of columns, if not tabs or blanks", rich_help_panel=COLUMNS)
    ] = None,
):
    """Convert annotated corpora to spaCy's training format.

    conllu is CoNLL-U (Universal Dependencies). iob are columns with an entity tag (IOB1, IOB2, IOE1, IOE2, BILUO),
    uner the columns of Universal NER, factrueval a folder of FactRuEval's standoff files, morphemes words with their
    morphemes.

    Example:

        spacy rnn convert en_ewt-ud-train.conllu train.spacy --lang en

        spacy rnn convert eng.train train.spacy --from iob --lang en --group 10
    """
    from ..training.annotated import ENTITIES as WITH_ENTITIES
    from ..training.annotated import find_kind

    check_apart(output, source)
    found = find_kind(source) if kind is Kind.auto else kind.value
    vocab, bad = blank(lang).vocab, [] if skip_bad else None
    if found in WITH_ENTITIES:
        from ..training.annotated import convert_entities
        from ..training.columns import Columns
        from ..training.entities import EntityOptions

        wanted = tuple(label.strip() for label in labels.split(",") if label.strip()) if labels else None
        options = EntityOptions(
            group, by_document, wanted, spaces.value, illegal.value, scheme.value if scheme else None
        )
        columns = Columns(token_column, column, separator.replace("\\t", "\t") if separator else None)
        counts = convert_entities(source, output, vocab, found, options=options, columns=columns, bad=bad)
        _report_entities(counts)
    elif found == "morphemes":
        from ..training.annotated import convert_words

        if by_document:
            raise RNNError(Errors.R363.format(path=source))
        counts = convert_words(source, output, vocab, group)
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
