"""What the verbs that look at vectors share."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ...vectors.space import Found, Neighbour

VECTORS = typer.Argument(help="A pipeline with vectors (folder or package name), or a vectors file", metavar="VECTORS")


def print_neighbours(neighbours: "list[Neighbour]", score: str = "cosine") -> None:
    from wasabi import msg

    rows = [(word, f"{value:.4f}") for word, value in neighbours]
    msg.table(rows, header=("word", score), divider=True, aligns=("l", "r"), max_col=60)


def how_found(asked: str, found: "Found") -> str:
    """What to tell the user about a word that is not in the vocabulary as it was typed; else nothing."""
    if found.row is None:
        return f"'{asked}' is not in the vocabulary: its vector is composed of its parts"
    return f"'{asked}' is looked up as '{found.word}'" if found.word != asked else ""
