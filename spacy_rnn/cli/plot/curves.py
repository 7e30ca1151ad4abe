"""``spacy rnn plot curves``: score and loss over the steps of trainings."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ...atomic import check_apart, writing_to
from ...errors import Errors, RNNError
from .._app import command
from ._app import TITLE, check_ending, plot


@command(plot, "curves")
def curves_cli(
    files: Annotated[
        list[Path], typer.Argument(metavar="LOG... OUT", help="Logs or folders of crossval; last the picture to write")
    ],
    title: Annotated[str, TITLE] = "",
):
    """Draw the score and the loss of one training, or of several.

    \b
    spacy rnn plot curves train.jsonl curves.png
    spacy rnn plot curves cnn.jsonl rnn.jsonl curves.png
    spacy rnn plot curves results-of-crossval curves.png

    A log is what spaCy writes with these settings in the section training.logger of the config: @loggers =
    "spacy.ConsoleLogger.v3", output_file = "train.jsonl". Of a folder that crossval made, all folds and their mean are
    shown. A dot is the best model.
    """
    *logs, out = files
    if not logs:
        raise RNNError(Errors.R549.format(path=out, reason="there must be a log, and then the picture to write"))
    check_ending(out, ".png", ".svg")
    check_apart(out, *logs)
    from ...viz.categories.curves import save_curves
    from ...viz.categories.logs import read_logs

    names = [log.stem for log in logs]
    if len(set(names)) < len(names):
        names = [str(log.with_suffix("")) for log in logs]
    trainings = {name: read_logs(log) for name, log in zip(names, logs, strict=True)}
    with writing_to(out):
        save_curves(trainings, out, title or "Training")
    msg.good(f"{out}: {sum(map(len, trainings.values())):,} training(s)")
