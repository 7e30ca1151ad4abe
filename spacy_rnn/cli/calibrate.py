"""``spacy rnn calibrate``: make the confidences of a trained pipeline say how often it is right."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ._app import app, command
from ._entities import print_calibration
from ._load import load


@command(app, "calibrate")
def calibrate_cli(
    model: Annotated[str, typer.Argument(help="A pipeline: its folder or package name")],
    dev: Annotated[Path, typer.Argument(help="Gold corpus that the model was not trained on, as evaluate takes it")],
    component: Annotated[str | None, typer.Option("--component", "-c", help="Which, if there are several")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the pipeline. Default: in place of MODEL (--force)"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-F", help="Replace the pipeline that is there")] = False,
    thresholds: Annotated[
        bool, typer.Option("--thresholds", "-t", help="Find a threshold for each category too, for the highest F1")
    ] = False,
    batch_size: Annotated[int, typer.Option("--batch-size", "-b", min=1, help="Docs per batch")] = 256,
    gpu_id: Annotated[int, typer.Option("--gpu-id", "-g", help="GPU to use, -1 for the CPU")] = -1,
):
    """Fit the temperature of an entity recogniser or a text classifier on held-out gold text.

    What it predicts stays what it is (but for a threshold, which then takes others); the confidences come to say how
    often it is right. A hundred entities, or a few hundred texts, are enough.
    """
    from ..training.calibrate import calibrate, check_output, save
    from ..training.gold import read_gold

    target = check_output(model, output, force)
    nlp = load(model, [], gpu_id)
    result = calibrate(nlp, component, read_gold(dev, nlp.vocab), dev, batch_size, thresholds)
    if result["better"] or thresholds or output:
        save(nlp, target)
    for when in ("before", "after"):
        msg.divider(when)
        print_calibration(result[when], result["things"])
    change = f"{result['before']['ece']:.4f} to {result['after']['ece']:.4f}"
    if not result["better"]:
        worse = f"{result['before']['log_loss']:.4f} to {result['after']['log_loss']:.4f}"
        fitted = f"With the temperature {result['temperature']:.3f}"
        msg.warn(f"{fitted} confidences would be worse (log loss {worse}): it stays as it was")
    if thresholds:
        msg.info("Thresholds: " + ", ".join(f"{label} {value:.3f}" for label, value in result["thresholds"].items()))
    if result["better"]:
        msg.good(f"{target}: temperature {result['temperature']:.3f}, expected calibration error {change}")
