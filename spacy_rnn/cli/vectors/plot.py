"""``spacy rnn vectors plot``: a map of words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg

from ...atomic import writing_to
from ...errors import Errors, RNNError
from .._app import command
from ._app import option, vectors
from ._opening import VECTORS

if TYPE_CHECKING:
    from ...vectors.space import Space
    from ...viz.wordmap.points import Choice

PAIRS = "Words to join by arrows: king:queen,man:woman, or a file with a pair in each line (repeatable)"
TOP = 300  # if nothing is chosen
MOST = {".png": 2_000, ".svg": 2_000, ".html": 10_000}  # words: more take minutes, and nobody can read them


@command(vectors, "plot")
def plot_cli(
    source: Annotated[str, VECTORS],
    out: Annotated[Path, typer.Argument(help="File to write: .png or .svg for print, .html to look around in")],
    words: Annotated[list[str] | None, typer.Argument(help="Words to show")] = None,
    pairs: Annotated[list[str] | None, option(PAIRS, "--pairs", "-p")] = None,
    near: Annotated[int, option("Show this many neighbours of each of WORDS, too", min=0)] = 0,
    top: Annotated[int, option(f"Show this many most frequent words; {TOP} if nothing else is chosen", min=0)] = 0,
    method: Annotated[str, option("pca keeps directions (arrows), tsne keeps neighbourhoods (groups)")] = "pca",
    perplexity: Annotated[
        float | None, option("t-SNE: about how many neighbours a word has. Default: 30, fewer for few words", min=1)
    ] = None,
    seed: Annotated[int, option("t-SNE: start of the random numbers")] = 0,
    title: Annotated[str, option("To write above the map")] = "",
):
    """Draw a map of word vectors.

    \b
    spacy rnn vectors plot VECTORS tense.png --pairs walking:walked,swimming:swam,flying:flew
    spacy rnn vectors plot VECTORS near.svg king bread river --near 12 --method tsne
    spacy rnn vectors plot VECTORS map.html --top 2000 --method tsne

    In the page (.html, one file, works offline): wheel to zoom, drag to move, point at a word to see its nearest
    neighbours in all dimensions (click to keep them, Escape to hide the list), type to search.
    """
    kind = out.suffix.lower()
    if kind not in MOST:
        raise RNNError(Errors.R456.format(path=out))
    if near and not words:
        raise RNNError(Errors.R458)

    from ...vectors.opening import open_space
    from ...viz.wordmap.points import draw_map

    space = open_space(source)
    choice = _choose(space, words or [], pairs or [], near, top)
    if len(choice.groups) > MOST[kind]:
        raise RNNError(Errors.R457.format(words=len(choice.groups), kind=kind, most=MOST[kind]))
    drawn = draw_map(space, choice, method, perplexity, seed)
    hidden = 0
    with writing_to(out):
        if kind == ".html":
            from ...viz.wordmap.page import save_page

            save_page(space, drawn, out, title)
        else:
            from ...viz.wordmap.picture import save_picture

            hidden = save_picture(drawn, out, title)
    if hidden:
        msg.info(f"{len(drawn.words):,} words, {hidden:,} of them without a label, since there is no room for it")
    msg.good(f"{out}: {len(drawn.words):,} words, {len(drawn.pairs):,} arrows")


def _choose(space: "Space", words: list[str], pairs: list[str], near: int, top: int) -> "Choice":
    from ...viz.wordmap.pairs import add_pairs
    from ...viz.wordmap.points import Choice, frequent_words

    choice = Choice()
    add_pairs(choice, pairs)
    for word in words:
        choice.add(word, word if near else "")
    for word in words if near else ():
        found = space.require(word)
        for neighbour in space.neighbours(found.vector, near, [found.row]):
            choice.add(neighbour.word, word)
    for word in frequent_words(space, top or (0 if choice.groups else TOP)):
        choice.add(word)
    return choice
