"""``spacy rnn crossval``: how good is a config on a corpus, and how much of that is chance?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg

from ..atomic import whole_file, writing_to
from ..errors import Errors, RNNError
from ._app import app, command
from ._folds import print_summary, short

if TYPE_CHECKING:
    from ..training.crossval import Crossval

ANY_SETTING = {"allow_extra_args": True, "ignore_unknown_options": True}
FOLDS = 10


@command(app, "crossval", context_settings=ANY_SETTING)
def crossval_cli(
    ctx: typer.Context,
    config: Annotated[Path, typer.Argument(help="Config, as spacy train takes it")],
    data: Annotated[Path, typer.Argument(help="Gold corpus, .spacy or what convert reads")],
    out: Annotated[Path, typer.Argument(help="Folder for the results")],
    folds: Annotated[int | None, typer.Option("--folds", "-k", help=f"How many. Default: {FOLDS}")] = None,
    seed: Annotated[int, typer.Option("--seed", "-s", help="The same seed makes the same folds")] = 0,
    stratify: Annotated[
        bool, typer.Option("--stratify/--no-stratify", help="Each fold has its share of each category")
    ] = True,
    dev_share: Annotated[
        float, typer.Option("--dev-share", help="Of the texts to train on: for choosing the best model")
    ] = 0.1,
    no_dev: Annotated[
        bool, typer.Option("--no-dev", help="Train on all, as long as the config says, and score the last model")
    ] = False,
    train_share: Annotated[
        float, typer.Option("--train-share", help="Train on less: would more texts make it better?")
    ] = 1.0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Folds at a time, each in a process")] = 1,
    folds_file: Annotated[
        Path | None, typer.Option("--folds-file", help="JSON list with the fold of each text, instead of drawing them")
    ] = None,
    fold_key: Annotated[
        str | None, typer.Option("--fold-key", help="The same in the corpus: this entry of each Doc's user_data")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the pipeline and the corpora of each fold")] = False,
    force: Annotated[bool, typer.Option("--force", "-F", help="Begin anew, without the results in OUT")] = False,
    name: Annotated[str, typer.Option("--name", help="For tables of several. Default: that of OUT")] = "",
    code: Annotated[Path | None, typer.Option("--code", "-c", help="Python file to import, as spacy train's")] = None,
    gpu_id: Annotated[int, typer.Option("--gpu-id", "-g", help="GPU to use, -1 for the CPU")] = -1,
):
    """Train and score a config by cross-validation: k times, each on all folds but one, and tested on that one.

    \b
    spacy rnn crossval config.cfg reviews.spacy results
    spacy rnn crossval config.cfg reviews.spacy results --folds 5 --jobs 2 --training.max_steps 500

    Each fold is trained as spacy train would train it, and settings of the config are changed in the same way. Works
    with any pipeline: of those that set doc.cats, accuracy, F1, log loss and calibration are told; of others, what
    their own scorers say. Stopped, it goes on with the same command.
    """
    from ..training.crossval import Crossval
    from ..training.fold_config import lost_settings
    from ..training.fold_plan import Options

    drawn = not (folds_file or fold_key)
    if not drawn and (folds is not None or (folds_file and fold_key)):
        raise RNNError(Errors.R544)
    dev = 0.0 if no_dev else dev_share
    options = Options(folds if folds is not None else FOLDS, seed, stratify and drawn, dev, train_share, gpu_id)
    sources = {"overrides": overrides_of(ctx), "code": code, "folds_file": folds_file, "fold_key": fold_key}
    task = Crossval(config, data, out, options, **sources, keep=keep, name=name)
    _tell(task, lost_settings(task.config), drawn and stratify)
    task.prepare(force)
    results = _run(task, jobs)
    _finish(task, results)


def overrides_of(ctx: typer.Context) -> dict:
    """--training.max_steps 500 and the like, which spaCy reads."""
    from spacy.cli._util import parse_config_overrides

    for place, name in enumerate(ctx.args):
        if "." not in name.partition("=")[0] if name.startswith("--") else not place:
            raise RNNError(Errors.R545.format(name=name))
    return parse_config_overrides(list(ctx.args))


def _tell(task: "Crossval", lost: list[str], stratified: bool) -> None:
    sizes = [task.folds.count(fold) for fold in range(task.count)]
    size = f"{min(sizes):,} to {max(sizes):,}" if min(sizes) < max(sizes) else f"{sizes[0]:,}"
    msg.info(f"{len(task.docs):,} texts in {task.count} folds of {size}")
    rare, repeated, unlabelled = task.rare(), task.repeated(), task.unlabelled()
    if unlabelled:
        msg.warn(f"{unlabelled:,} texts have no gold categories: they are not scored")
    if rare:
        shown = ", ".join(f"{label} {count}" for label, count in list(rare.items())[:10])
        more = f" and {len(rare) - 10:,} more" if len(rare) > 10 else ""
        msg.warn(f"Categories of fewer texts than there are folds, so that some folds have none: {shown}{more}")
    if repeated:
        msg.warn(f"{repeated:,} texts are the same as one in another fold, so what is tested was partly learned")
    if stratified and not any(task.labels):
        msg.info("No categories: the folds are drawn at random")
    if lost:
        msg.warn(f"The folds are read by spacy.Corpus.v1, which does without: {', '.join(lost)}")


def _run(task: "Crossval", jobs: int) -> list[dict]:
    from tqdm import tqdm

    results: dict[int, dict] = {}
    running: dict[int, str] = {}
    bar = tqdm(total=task.count, unit="fold", disable=None, leave=False)
    try:
        with bar:
            for event in task.run(jobs):
                if event.kind in ("done", "kept"):
                    results[event.fold] = event.scores or {}
                    running.pop(event.fold, None)
                    bar.update()
                    with tqdm.external_write_mode():
                        again = " (done before)" if event.kind == "kept" else ""
                        msg.good(f"Fold {event.fold}{again}: {short(results[event.fold])}")
                elif event.progress:
                    running[event.fold] = f"{event.fold}: step {event.progress.step:,}, {event.progress.score:.2f}"
                else:
                    running[event.fold] = f"{event.fold}: begun"
                bar.set_postfix_str("; ".join(running.values()))
    except KeyboardInterrupt as error:
        raise RNNError(Errors.R537.format(done=len(results), folds=task.count, path=task.out)) from error
    return [results[fold] for fold in sorted(results)]


def _finish(task: "Crossval", results: list[dict]) -> None:
    import srsly

    from ..training.crossval import RESULT
    from ..training.fold_summary import summary

    found = {"about": task.about, **summary(results), "folds": results}
    path = task.out / RESULT
    with writing_to(path), whole_file(path, "w", encoding="utf8") as file:
        file.write(srsly.json_dumps(found, indent=2) + "\n")
    print_summary(found)
    msg.good(f"Scores written to {path}")
