"""``spacy rnn plot amounts``: would more texts make it better?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg

from ...atomic import check_apart, writing_to
from ...errors import Errors, RNNError
from .._app import command
from .._folds import PLAIN
from ._app import TITLE, check_ending, plot

if TYPE_CHECKING:
    from ...viz.categories.curves import Amount


@command(plot, "amounts")
def amounts_cli(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="SCORES... OUT", help="scores.json of several crossval; last the picture to write"),
    ],
    metric: Annotated[str | None, typer.Option("--metric", "-m", help="Which number. Default: the first")] = None,
    title: Annotated[str, TITLE] = "",
):
    """Draw the score over the number of texts to train on, with its deviation over the folds.

    \b
    for share in 0.125 0.25 0.5 1; do
        spacy rnn crossval config.cfg reviews.spacy by-$share --train-share $share
    done
    spacy rnn plot amounts by-*/scores.json amounts.png

    Still rising at the right end: more texts would help. Configs are lines of their own.
    """
    *scores, out = files
    if not scores:
        raise RNNError(Errors.R547.format(path=out, reason="there must be scores, and then the picture to write"))
    check_ending(out, ".png", ".svg")
    check_apart(out, *scores)
    from ...viz.categories.curves import save_amounts

    systems: dict[str, list[Amount]] = {}
    for path in scores:
        name, metric, amount = _read(path, metric)
        systems.setdefault(name, []).append(amount)
    plain = str(metric).rpartition(".")[2] in PLAIN
    with writing_to(out):
        save_amounts(systems, str(metric), plain, out, title or "Score by the amount of training text")
    msg.good(f"{out}: {len(scores):,} cross-validation(s)")


def _read(path: Path, metric: str | None) -> tuple[str, str, "Amount"]:
    from ...viz.categories.curves import Amount
    from ...viz.categories.scores import read_json

    found = read_json(path)
    try:
        means, deviations = found["mean"], found["deviation"]
        metric = metric or next(iter(means))
        texts = sum(fold["train"] for fold in found["folds"]) / len(found["folds"])
        name = Path(found["about"]["config"]).stem
        if metric not in means:
            reason = f"there is no number '{metric}' in it, but {', '.join(means)}"
            raise RNNError(Errors.R547.format(path=path, reason=reason))
        deviation = deviations[metric]
        return name, metric, Amount(texts, 0.0 + means[metric], None if deviation is None else 0.0 + deviation)
    except (KeyError, TypeError, StopIteration, ZeroDivisionError) as error:
        raise RNNError(Errors.R547.format(path=path, reason="it is not of a cross-validation")) from error
