"""``spacy rnn evaluate``: scores of any pipeline that labels words or texts, ours or another's, by the same command."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ._app import app, command
from ._categories import print_categories
from ._entities import percent as _p
from ._entities import print_entities
from ._load import load

METRICS = {
    "upos": "UPOS",
    "xpos": "XPOS",
    "ufeats": "UFeats",
    "ufeats_universal": "UFeats (CoNLL 2018)",
    "alltags": "AllTags",
}
MORPHEMES = {
    "morphemes_acc": "Words all right",
    "morphemes_p": "Morphemes P",
    "morphemes_r": "Morphemes R",
    "morphemes_f": "Morphemes F",
    "morpheme_boundaries_f": "Boundaries F",
    "morphemes_typed_acc": "Words with types",
}


@command(app, "evaluate")
def evaluate_cli(
    model: Annotated[str, typer.Argument(help="A pipeline: its folder or package name")],
    data: Annotated[Path, typer.Argument(help="Gold corpus, .spacy or what convert reads")],
    train: Annotated[
        Path | None, typer.Option("--train", "-t", help="Training corpus, to score what is not in it apart")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write all scores to this .json file")] = None,
    component: Annotated[list[str] | None, typer.Option("--component", "-c", help="Run only this (repeatable)")] = None,
    batch_size: Annotated[int, typer.Option("--batch-size", "-b", min=1, help="Docs per batch")] = 256,
    gpu_id: Annotated[int, typer.Option("--gpu-id", "-g", help="GPU to use, -1 for the CPU")] = -1,
):
    """Score tags, features, entities, morphemes (on gold tokens, on raw text, on unseen words), and text categories.

    Entities count if words and label are right. Where a component gives them a confidence (span._.confidence), that is
    scored too: in bins, is as much right as it says? Categories (doc.cats) are exclusive where their component says so:
    then texts of no category are scored apart, by how well a low probability tells them.
    """
    import srsly

    from ..atomic import check_apart, whole_file, writing_to
    from ..training.evaluate import evaluate
    from ..training.gold import read_gold, word_forms
    from ..training.span_scores import surfaces

    if output:
        check_apart(output, data, train)
    nlp = load(model, component or [], gpu_id)
    seen = read_gold(train, nlp.vocab) if train else None
    known = {"train_vocab": word_forms(seen), "train_entities": surfaces(seen)} if train else {}
    scores = evaluate(nlp, read_gold(data, nlp.vocab), batch_size=batch_size, **known)
    if scores["words_per_second"]["gold_tokens"]:  # else the corpus annotates no words
        _print_scores(scores)
    _print_tables(scores)
    if scores["entities"]:
        print_entities(scores["entities"], (scores["raw_text"] or {}).get("entities"))
    elif scores["has_entities"]:
        msg.info("Entities: not predicted by this pipeline")
    _print_morphemes(scores["morphemes"])
    for name, found in (scores["categories"] or {}).items():
        print_categories(name, found)
    if scores["categories"]:
        msg.info(f"Texts per second: {scores['docs_per_second']:,.0f}")
    elif scores["has_categories"]:
        msg.info("Categories: not predicted by this pipeline")
    if output:
        about = {"model": model, "data": str(data), "train": str(train) if train else None}
        with writing_to(output), whole_file(output, "w", encoding="utf-8") as file:
            file.write(srsly.json_dumps({**about, **scores}, indent=2) + "\n")
        msg.good(f"Scores written to {output}")


def _print_scores(scores: dict) -> None:
    raw, unseen, speed = scores["raw_text"] or {}, scores["oov"] or {}, scores["words_per_second"]
    rows = [("Words", "", _f(raw.get("tokens")), "")]
    cells = {t: (scores["gold_tokens"][m], raw.get(m), unseen.get(m)) for m, t in METRICS.items()}
    rows += [(t, _p(gold), _f(text), _p(new)) for t, (gold, text, new) in cells.items() if gold is not None]
    msg.divider(f"{scores['words']:,} words, {scores['docs']:,} texts")
    msg.table(
        rows, header=("", "Gold tokens", "Raw text F1", "Unseen words"), divider=True, aligns=("l", "r", "r", "r")
    )
    tagged = any(2 * count >= scores["words"] for count in scores["annotated"].values())
    for layer, count in scores["annotated"].items() if tagged else ():
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


def _print_morphemes(scores: dict | None) -> None:
    rows = [(title, _p(scores.get(key))) for key, title in MORPHEMES.items()] if scores else []
    if rows:
        msg.table(rows, header=("Morphemes", "Score"), divider=True, aligns=("l", "r"))


def _f(score: dict | None) -> str:
    return _p(score["f"] if score else None)
