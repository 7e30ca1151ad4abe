"""``spacy rnn evaluate``: scores of any tagging pipeline, ours or another's, with the same command."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ..errors import Errors, RNNError
from ._app import app, command

METRICS = {
    "upos": "UPOS",
    "xpos": "XPOS",
    "ufeats": "UFeats",
    "ufeats_universal": "UFeats (CoNLL 2018)",
    "alltags": "AllTags",
}


@command(app, "evaluate")
def evaluate_cli(
    model: Annotated[str, typer.Argument(help="A pipeline: its folder or package name")],
    data: Annotated[Path, typer.Argument(help="Gold corpus, .spacy or .conllu")],
    train: Annotated[
        Path | None, typer.Option("--train", "-t", help="Training corpus, to score unseen words apart")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write all scores to this .json file")] = None,
    component: Annotated[list[str] | None, typer.Option("--component", "-c", help="Run only this (repeatable)")] = None,
    batch_size: Annotated[int, typer.Option("--batch-size", "-b", min=1, help="Docs per batch")] = 256,
    gpu_id: Annotated[int, typer.Option("--gpu-id", "-g", help="GPU to use, -1 for the CPU")] = -1,
):
    """Score tags and features on gold tokens, on raw text and on unseen words, with tables for every tag."""
    import srsly

    from ..atomic import whole_file
    from ..training.evaluate import evaluate
    from ..training.gold import read_gold, word_forms

    nlp = _load(model, component or [], gpu_id)
    vocabulary = word_forms(read_gold(train, nlp.vocab)) if train else None
    scores = evaluate(nlp, read_gold(data, nlp.vocab), train_vocab=vocabulary, batch_size=batch_size)
    _print_scores(scores)
    _print_tables(scores)
    if output:
        about = {"model": model, "data": str(data), "train": str(train) if train else None}
        with whole_file(output, "w", encoding="utf-8") as file:
            file.write(srsly.json_dumps({**about, **scores}, indent=2) + "\n")
        msg.good(f"Scores written to {output}")


def _load(model: str, components: list[str], gpu_id: int):
    import spacy

    if gpu_id >= 0:
        try:
            spacy.require_gpu(gpu_id)
        except Exception as error:
            raise RNNError(Errors.R324.format(gpu=gpu_id, reason=error)) from error
    try:
        nlp = spacy.load(model)
    except (OSError, ValueError) as error:
        raise RNNError(Errors.R322.format(path=model, reason=error)) from error
    for name in components:
        if name not in nlp.component_names:
            raise RNNError(Errors.R321.format(name=name, names=", ".join(nlp.component_names) or "none"))
    if components:
        nlp.select_pipes(enable=components)
    return nlp


def _print_scores(scores: dict) -> None:
    raw, unseen, speed = scores["raw_text"] or {}, scores["oov"] or {}, scores["words_per_second"]
    rows = [("Words", "", _f(raw.get("tokens")), "")]
    rows += [(t, _p(scores["gold_tokens"][m]), _f(raw.get(m)), _p(unseen.get(m))) for m, t in METRICS.items()]
    msg.divider(f"{scores['words']:,} words, {scores['docs']:,} texts")
    msg.table(
        rows, header=("", "Gold tokens", "Raw text F1", "Unseen words"), divider=True, aligns=("l", "r", "r", "r")
    )
    for layer, count in scores["annotated"].items():
        if 2 * count < scores["words"]:
            msg.info(f"{METRICS[layer]}: not annotated ({count:,} of {scores['words']:,} gold words have it)")
        elif not scores["predicted"][layer]:
            msg.info(f"{METRICS[layer]}: not predicted by this pipeline")
    if unseen:
        msg.info(f"Unseen words: {unseen['words']:,} ({_p(unseen['rate'])}%), {unseen['forms']:,} different")
    if speed["raw_text"] is None:
        msg.info("Raw text: not scored, the corpus does not know where the spaces were")
    measured = [f"{rate:,.0f} from {name.replace('_', ' ')}" for name, rate in speed.items() if rate]
    msg.info("Words per second: " + ", ".join(measured))


def _print_tables(scores: dict) -> None:
    tables = {METRICS[layer]: table for layer, table in scores["per_tag"].items()}
    tables["Features"] = scores["per_feature"] or {}
    for title, table in tables.items():
        if table:
            rows = [(tag, _p(x["p"]), _p(x["r"]), _p(x["f"]), f"{x['support']:,}") for tag, x in table.items()]
            header = (title, "P", "R", "F", "Words")
            msg.table(rows, header=header, divider=True, aligns=("l", "r", "r", "r", "r"))
    for layer, wrong in scores["confusions"].items():
        if wrong:
            header = (f"{METRICS[layer]} gold", "predicted", "Words")
            msg.table(wrong, header=header, divider=True, aligns=("l", "l", "r"), max_col=120)


def _p(score: float | None) -> str:
    return "-" if score is None else f"{100 * score:.2f}"


def _f(score: dict | None) -> str:
    return _p(score["f"] if score else None)
