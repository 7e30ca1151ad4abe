"""``spacy rnn plot confusion``: which categories are taken for which."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ...atomic import check_apart, writing_to
from .._app import command
from ._app import COMPONENT, SCORES, TITLE, check_ending, plot


@command(plot, "confusion")
def confusion_cli(
    scores: Annotated[Path, SCORES],
    out: Annotated[Path, typer.Argument(help="File to write: .png or .svg for print, .html to look around in")],
    most: Annotated[
        int, typer.Option("--most", "-n", min=0, help="Of many categories show those confused the most; 0: all")
    ] = 30,
    component: Annotated[str | None, COMPONENT] = None,
    title: Annotated[str, TITLE] = "",
):
    """Draw a confusion matrix: rows are gold, columns predicted, the colour is the share of the row.

    \b
    spacy rnn evaluate MODEL test.spacy --output scores.json
    spacy rnn plot confusion scores.json confusion.png
    spacy rnn plot confusion scores.json confusion.html

    The page (.html, one file, works offline) has all categories, in an order in which those that are confused stand
    together; pointing at a cell tells what it means. Where a text may have several categories, one that was missed is
    confused with those that it was wrongly given, or with none.
    """
    kind = check_ending(out, ".png", ".svg", ".html")
    check_apart(out, scores)
    from ...viz.categories.matrix import read_matrix
    from ...viz.categories.scores import read_categories

    name, found = read_categories(scores, component)
    matrix = read_matrix(found, scores)
    title = title or f"{name}: confusion of categories"
    shown = len(matrix.labels)
    with writing_to(out):
        if kind == ".html":
            from ...viz.categories.page import save_page

            save_page(matrix, out, title)
        else:
            from ...viz.categories.confusion import save_picture

            shown = save_picture(matrix, out, title, most)
    msg.good(f"{out}: {shown:,} of {len(matrix.labels):,} categories")
