"""``spacy rnn convert``: CoNLL-U to .spacy, checked line by line."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ._app import app, command
from ._language import blank

LAYERS = {"upos": "UPOS", "xpos": "XPOS", "feats": "FEATS", "lemmas": "LEMMA", "heads": "HEAD"}


@command(app, "convert")
def convert_cli(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A .conllu file, or a folder with such files")],
    output: Annotated[Path, typer.Argument(help="The .spacy file to write")],
    lang: Annotated[str, typer.Option("--lang", "-l", help="Language code: en, ru, ...")] = "xx",
    group: Annotated[int, typer.Option("--group", "-g", help="Sentences per Doc")] = 1,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out broken sentences and report them")] = False,
):
    """Convert CoNLL-U (Universal Dependencies) to spaCy's training format."""
    from ..training.convert import convert

    bad: list | None = [] if skip_bad else None
    counts = convert(source, output, blank(lang).vocab, group=group, bad=bad)
    _report(counts, bad or [])
    msg.good(f"{output}: {counts.docs:,} Docs, {counts.sentences:,} sentences, {counts.words:,} words")


def _report(counts, bad: list) -> None:
    for field, name in LAYERS.items():
        missing = getattr(counts, field)
        if missing:
            words = "all words" if missing == counts.words else f"{missing:,} of {counts.words:,} words"
            msg.info(f"{name}: not annotated on {words}, left unset there")
    if counts.written_apart:
        msg.info(f"{counts.written_apart:,} multiword tokens differ from their words joined: the words stand apart")
    if counts.several_roots:
        msg.warn(f"{counts.several_roots:,} sentences have several roots: spaCy will see a sentence for each")
    for error in bad[:5]:
        msg.warn(str(error))
    if bad:
        msg.warn(f"{len(bad):,} broken sentences left out" + (", the first 5 are above" if len(bad) > 5 else ""))
