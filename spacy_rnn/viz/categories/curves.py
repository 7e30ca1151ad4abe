"""Curves: score and loss over the steps of trainings, and the score over the amount of training text."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from ..colours import COLOURS
from ..drawing import save_figure
from ..labelling.panels import GREY
from .logs import Log

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE, HALF = (6.5, 6.5), (6.5, 4.2)  # inches
FAR = 30  # times as large: losses on a scale of logarithms
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)))


class Amount(NamedTuple):
    """What a cross-validation with so many texts to train on scored."""

    texts: float
    mean: float
    deviation: float | None


def save_curves(trainings: dict[str, list[Log]], path: Path, title: str) -> None:
    """Each name has one training, or several whose mean is shown: the folds of a cross-validation."""
    save_figure(SIZE, path, partial(_draw_trainings, trainings=trainings, title=title))


def _draw_trainings(figure: "Figure", trainings: dict[str, list[Log]], title: str) -> None:
    upper = figure.add_axes((0.12, 0.52, 0.84, 0.4))
    lower = figure.add_axes((0.12, 0.08, 0.84, 0.36), sharex=upper)
    logs = [log for each in trainings.values() for log in each]
    parts = list(logs[0].scores) if len(logs) == 1 else []
    for n, (name, each) in enumerate(trainings.items()):
        _draw_runs(
            upper, [(log.steps, log.score) for log in each], "score" if parts else name, COLOURS[n % len(COLOURS)]
        )
        for log in each:
            best = max(range(len(log.steps)), key=lambda i: log.score[i])
            upper.plot(log.steps[best], log.score[best], "o", color=COLOURS[n % len(COLOURS)], markersize=4)
    for n, part in enumerate(parts if len(parts) > 1 else [], 1):
        upper.plot(logs[0].steps, logs[0].scores[part], color=COLOURS[n % len(COLOURS)], lw=1.1, label=part)
    losses = list(dict.fromkeys(name for log in logs for name in log.losses))
    for n, (name, each) in enumerate(trainings.items()):
        for k, loss in enumerate(losses):
            runs = [(log.steps, log.losses[loss]) for log in each if loss in log.losses]
            colour = COLOURS[(n if len(trainings) > 1 else k) % len(COLOURS)]
            said = " ".join(filter(None, [name if len(trainings) > 1 else "", loss])) if len(losses) > 1 else ""
            if runs:
                _draw_runs(lower, runs, said, colour, DASHES[k % len(DASHES)] if len(trainings) > 1 else "-")
    values = [value for log in logs for each in log.losses.values() for value in each]
    if values and 0 < min(values) < max(values) / FAR:
        lower.set_yscale("log")
    upper.set(ylabel="Score on dev, per cent")
    lower.set(xlabel="Step", ylabel="Loss per step")
    upper.tick_params(labelbottom=False)
    _finish(figure, title, [upper, lower])


def _draw_runs(axes: "Axes", runs: Sequence[tuple[list[int], list[float]]], name: str, colour: str, dashes="-") -> None:
    """A line; of several runs, thin ones and their mean, for as long as all of them went on."""
    if len(runs) == 1:
        axes.plot(*runs[0], color=colour, lw=1.6, ls=dashes, label=_for_legend(name))
        return
    for steps, values in runs:
        axes.plot(steps, values, color=colour, lw=0.7, alpha=0.35, ls=dashes)
    known = [dict(zip(*run, strict=True)) for run in runs]
    shared = sorted(set.intersection(*(set(run) for run in known)))
    means = [fmean(run[step] for run in known) for step in shared]
    axes.plot(
        shared, means, color=colour, lw=1.8, ls=dashes, label=name and _for_legend(f"{name} (mean of {len(runs)})")
    )


def save_amounts(systems: dict[str, list[Amount]], metric: str, plain: bool, path: Path, title: str) -> None:
    """plain: the metric is no share, and not shown per cent."""
    save_figure(HALF, path, partial(_draw_amounts, systems=systems, metric=metric, plain=plain, title=title))


def _draw_amounts(figure: "Figure", systems: dict[str, list[Amount]], metric: str, plain: bool, title: str) -> None:
    axes = figure.add_axes((0.12, 0.13, 0.84, 0.74))
    for n, (name, found) in enumerate(systems.items()):
        found = sorted(found)
        times = 1 if plain else 100
        deviations = [times * (amount.deviation or 0.0) for amount in found]
        texts, means = [amount.texts for amount in found], [times * amount.mean for amount in found]
        style = {"lw": 1.6, "marker": "o", "markersize": 4, "capsize": 3, "elinewidth": 1.0, "label": _for_legend(name)}
        axes.errorbar(texts, means, yerr=deviations, color=COLOURS[n % len(COLOURS)], **style)
    texts = [amount.texts for found in systems.values() for amount in found]
    if max(texts) > 5 * min(texts):
        axes.set_xscale("log")
        axes.set_xticks(sorted(set(texts)), [f"{round(x):,}" for x in sorted(set(texts))], minor=False)
        axes.minorticks_off()
    axes.set(xlabel="Texts to train on", ylabel=metric if plain else f"{metric}, per cent")
    _finish(figure, title, [axes])


def _for_legend(name: str) -> str:
    """matplotlib leaves out names that begin with an underscore."""
    return f" {name}" if name.startswith("_") else name


def _finish(figure: "Figure", title: str, every: list["Axes"]) -> None:
    figure.text(0.12, 0.95, title, fontsize=11, weight="bold", parse_math=False)
    for axes in every:
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color=GREY, alpha=0.2, lw=0.6)
        axes.tick_params(labelsize=8)
        axes.xaxis.label.set_size(9)
        axes.yaxis.label.set_size(9)
        if any(axes.get_legend_handles_labels()[1]):
            for text in axes.legend(frameon=False, fontsize=8).get_texts():
                text.set_parse_math(False)
