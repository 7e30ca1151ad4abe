"""``spacy rnn vectors analogy``: king - man + woman."""

from typing import Annotated

import typer
from wasabi import msg

from .._app import command
from ._app import option, vectors
from ._opening import VECTORS, how_found, print_neighbours


@command(vectors, "analogy")
def analogy_cli(
    source: Annotated[str, VECTORS],
    words: Annotated[list[str], typer.Argument(help="king - man + woman, or man : woman :: king : ?", metavar="WORDS")],
    method: Annotated[str, option("add (3CosAdd: sum of cosines) or mul (3CosMul: their product)")] = "add",
    n: Annotated[int, option("Answers to show", "-n", "--number", min=1)] = 10,
):
    """Add and subtract words: king - man + woman is near queen.

    Write the signs apart from the words, or put the whole in quotes. The words of the question are not given as
    answers.
    """
    from ...vectors.analogy import parse, solve
    from ...vectors.opening import open_space

    expression = parse(" ".join(words))
    answer = solve(open_space(source), expression, method, n)
    asked = [*expression.plus, *expression.minus]
    for note in filter(None, map(how_found, asked, answer.terms)):
        msg.info(note)
    print_neighbours(answer.words, "cosine" if method == "add" else "3CosMul")
