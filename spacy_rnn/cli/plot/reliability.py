"""``spacy rnn plot reliability``: are the probabilities of categories what they say?"""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ...atomic import check_apart, writing_to
from .._app import command
from ._app import COMPONENT, SCORES, TITLE, check_ending, plot


@command(plot, "reliability")
def reliability_cli(
    scores: Annotated[Path, SCORES],
    out: Annotated[Path, typer.Argument(help="File to write: .png or .svg")],
    component: Annotated[str | None, COMPONENT] = None,
    title: Annotated[str, TITLE] = "",
):
    """Draw a reliability diagram: of the texts the model was 80% sure of, are eight in ten right?

    \b
    spacy rnn evaluate MODEL test.spacy --output scores.json
    spacy rnn plot reliability scores.json reliability.png

    Below the diagonal the model is too sure, above it not sure enough. Of exclusive categories the most probable one
    of each text counts; of others, each category of each text.
    """
    check_ending(out, ".png", ".svg")
    check_apart(out, scores)
    from ...viz.categories.reliability import read_bins, save_reliability
    from ...viz.categories.scores import read_categories

    name, found = read_categories(scores, component)
    bins = read_bins(found, scores)
    with writing_to(out):
        save_reliability(bins, bool(found.get("exclusive")), out, title or f"{name}: reliability")
    msg.good(f"{out}: {bins['spans']:,} probabilities")
