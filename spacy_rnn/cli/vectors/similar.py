"""``spacy rnn vectors similar``: a word's nearest neighbours."""

from typing import Annotated

import typer
from wasabi import msg

from .._app import command
from ._app import option, vectors
from ._opening import VECTORS, how_found, print_neighbours


@command(vectors, "similar")
def similar_cli(
    source: Annotated[str, VECTORS],
    words: Annotated[list[str], typer.Argument(help="Words, also unseen or misspelt ones")],
    n: Annotated[int, option("Neighbours of each", "-n", "--number", min=1)] = 10,
):
    """List the words nearest to each of WORDS, by the cosine of the angle between their vectors.

    1 is the same direction, 0 has nothing in common. A word that was not seen in training, or is misspelt, gets its
    vector from its n-grams, if the vectors have any.
    """
    from ...vectors.opening import open_space

    space = open_space(source)
    found = [space.require(word) for word in words]
    for asked, word in zip(words, found, strict=True):
        msg.divider(asked)
        if note := how_found(asked, word):
            msg.info(note)
        print_neighbours(space.neighbours(word.vector, n, [word.row]))
