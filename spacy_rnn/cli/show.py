"""``spacy rnn show``: what a pipeline found in a text, and how sure it is, for people to look at."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ..atomic import writing_to
from ..errors import Errors, RNNError
from ._app import app, command
from ._load import load, running
from ._said import read_said

MOST_WORDS = 20_000  # of a page


@command(app, "show")
def show_cli(
    model: Annotated[str, typer.Argument(help="A pipeline: its folder or package name")],
    text: Annotated[str, typer.Argument(metavar="TEXT|FILE", help="A text in quotes, or a text file (UTF-8)")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write: .html for a page, .png or .svg for a picture")
    ],
    component: Annotated[
        list[str] | None, typer.Option("--component", "-c", help="Show only this one (repeatable)")
    ] = None,
    sentence: Annotated[
        int | None,
        typer.Option(
            "--sentence", "-s", min=1, help="Number of the one to look at closely. Default: the least sure one"
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="To write above it. Default: the name of the pipeline")] = "",
    gpu_id: Annotated[int, typer.Option("--gpu-id", "-g", help="GPU to use, -1 for the CPU")] = -1,
):
    """Show entities, tags or morphemes in a text, with the probability of each.

    \b
    spacy rnn show MODEL "Angela Merkel was born in Hamburg." --output page.html
    spacy rnn show MODEL letter.txt --output page.html --component rnn_ner
    spacy rnn show MODEL letter.txt --output picture.png --sentence 3

    The page has the whole text, with entities in colours that are the stronger the surer, the probabilities of all
    labels for the tokens of each sentence, and the scores of the CRF's transitions. A picture has one sentence.
    """
    kind = output.suffix.lower()
    if kind not in (".html", ".png", ".svg"):
        raise RNNError(Errors.R465.format(path=output))
    said = read_said(text)

    from ..viz.labelling.find import find
    from ..viz.labelling.found import describe

    nlp = load(model, [], gpu_id)
    with running(model):
        found = find(nlp, said, component or [])
    if sentence and sentence > len(found.sentences):
        raise RNNError(Errors.R463.format(number=sentence, count=len(found.sentences)))
    if kind == ".html" and len(found.words) > MOST_WORDS:
        advice = "Show a part of the text."
        raise RNNError(Errors.R466.format(words=len(found.words), kind="a page", most=MOST_WORDS, advice=advice))
    title = title or f"{nlp.meta['lang']}_{nlp.meta['name']}"
    with writing_to(output):
        if kind == ".html":
            from ..viz.labelling.page import save_page

            save_page(found, output, title, sentence)
        else:
            from ..viz.labelling.picture import save_picture

            save_picture(found, output, title, sentence)
    msg.good(f"{output}: {describe(found)}")
