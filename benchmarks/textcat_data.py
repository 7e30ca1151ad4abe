"""The splits on which everyone trains: the verb prepare of textcat.py."""

import argparse
import csv
import json
import random
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.tokens import Doc, DocBin

FOLDS = 10
EMOTIONS = ("joy", "sadness", "surprise", "fear", "anger")
README = """Texts with their categories: the same splits for everyone. Made by `python benchmarks/textcat.py prepare`.

banking77, clinc150, cedr: {train,dev,test}.spacy, .jsonl, .fasttext; clinc150 also oos_test (out of scope, no label).
train and all are in random order, since not everybody shuffles what it reads.
dev of banking77, cedr: a tenth of train, stratified (cedr: by set of labels), seed 0. clinc150: data_full's own val.
mr, subj: all.spacy, .jsonl and .fasttext in the same order; each line of all.jsonl has its "fold", 0 to 9 (stratified,
    seed 0), also a list in folds.json. Test of fold k: the texts with fold k. Dev, for whoever needs one: those of
    fold (k + 1) % 10. Training: the other eight folds.
labels.json: the sorted labels, and whether exactly one holds ("exclusive").

.spacy: tokens of a blank pipeline (en, ru), every label in doc.cats, 1.0 or 0.0.
.jsonl: {"text", "label"}, or {"text", "labels"} where several or none may hold.
.fasttext: __label__NAME (none or several in cedr), then the tokens of the .spacy file, lower-cased, without whitespace.
"""


class Text(NamedTuple):
    text: str
    labels: list[str]


def prepare(args: argparse.Namespace) -> None:
    args.splits.mkdir(parents=True, exist_ok=True)
    (args.splits / "README").write_text(README, encoding="utf8")
    for name, (read, lang, exclusive) in DATASETS.items():
        sets = read(args.data)
        labels = sorted({label for texts in sets.values() for text in texts for label in text.labels})
        folder = args.splits / name
        folder.mkdir(exist_ok=True)
        about = {"labels": labels, "exclusive": exclusive, "lang": lang}
        (folder / "labels.json").write_text(json.dumps(about, ensure_ascii=False) + "\n", encoding="utf8")
        for part, texts in sets.items():
            if part in ("train", "all"):  # come in by label
                random.Random(0).shuffle(texts)
            folds = deal(texts) if part == "all" else None
            write(folder / part, texts, about, folds)
            if folds:
                (folder / "folds.json").write_text(json.dumps(folds), encoding="utf8")
        print(f"{name}: {len(labels)} labels", *(f"{part} {len(texts):,}" for part, texts in sets.items()), flush=True)


# -- Raw files


def read_banking(data: Path) -> dict[str, list[Text]]:
    sets = {name: list(read_csv(data / "BANKING77" / f"{name}.csv")) for name in ("train", "test")}
    rows = {name: [Text(row["text"], [row["category"]]) for row in table] for name, table in sets.items()}
    return {**hold_out(rows["train"]), "test": rows["test"]}


def read_clinc(data: Path) -> dict[str, list[Text]]:
    sets = json.loads((data / "CLINC150" / "data_full.json").read_text(encoding="utf8"))
    sets = {"train": sets["train"], "dev": sets["val"], "test": sets["test"], "oos_test": sets["oos_test"]}
    return {name: [Text(text, [label] * (label != "oos")) for text, label in rows] for name, rows in sets.items()}


def read_cedr(data: Path) -> dict[str, list[Text]]:
    rows = {}
    for name in ("train", "test"):
        table = read_csv(data / "CEDR" / f"cedr-main-{name}.csv")
        rows[name] = [Text(row["text"], [EMOTIONS[int(i)] for i in re.findall(r"\d", row["labels"])]) for row in table]
    return {**hold_out(rows["train"]), "test": rows["test"]}


def read_mr(data: Path) -> dict[str, list[Text]]:
    return read_lines(data / "sentence_polarity", {"neg": "rt-polarity.neg", "pos": "rt-polarity.pos"})


def read_subj(data: Path) -> dict[str, list[Text]]:
    files = {"objective": "plot.tok.gt9.5000", "subjective": "quote.tok.gt9.5000"}
    return read_lines(data / "subjectivity", files)


def read_lines(folder: Path, files: dict[str, str]) -> dict[str, list[Text]]:
    rows = []
    for label, file in files.items():
        lines = (folder / file).read_text(encoding="utf8").split("\n")
        rows += [Text(line.strip(), [label]) for line in lines if line.strip()]
    return {"all": rows}


def read_csv(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf8", newline="") as file:
        yield from csv.DictReader(file)


DATASETS = {  # how to read it, its language, whether exactly one label holds
    "banking77": (read_banking, "en", True),
    "clinc150": (read_clinc, "en", True),
    "cedr": (read_cedr, "ru", False),
    "mr": (read_mr, "en", True),
    "subj": (read_subj, "en", True),
}


# -- Splitting


def deal(texts: list[Text], parts: int = FOLDS, seed: int = 0) -> list[int]:
    """A number of each text: of those with the same labels, as many in each part as can be."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for i, text in enumerate(texts):
        alike.setdefault(tuple(sorted(text.labels)), []).append(i)
    chance, dealt, numbers = random.Random(seed), 0, [0] * len(texts)
    for _, group in sorted(alike.items()):
        chance.shuffle(group)
        for i in group:
            numbers[i] = dealt % parts
            dealt += 1
    return numbers


def hold_out(texts: list[Text]) -> dict[str, list[Text]]:
    """A tenth as dev; both in the order they came in."""
    numbers = deal(texts)
    dev = [text for text, number in zip(texts, numbers, strict=True) if not number]
    return {"train": [text for text, number in zip(texts, numbers, strict=True) if number], "dev": dev}


# -- Files


def write(stem: Path, texts: list[Text], about: dict, folds: list[int] | None) -> None:
    nlp = spacy.blank(about["lang"])
    docs = []
    for text in texts:
        docs.append(nlp.make_doc(text.text))
        docs[-1].cats = {label: float(label in text.labels) for label in about["labels"]}
    DocBin(docs=docs).to_disk(stem.with_suffix(".spacy"))
    rows: list[dict] = [{"text": text.text, **labelled(text, about["exclusive"])} for text in texts]
    for row, fold in zip(rows, folds or (), strict=bool(folds)):
        row["fold"] = fold
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    stem.with_suffix(".jsonl").write_text("\n".join(lines) + "\n", encoding="utf8")
    lines = [fasttext_line(doc, text.labels) for doc, text in zip(docs, texts, strict=True)]
    stem.with_suffix(".fasttext").write_text("\n".join(lines) + "\n", encoding="utf8")


def labelled(text: Text, exclusive: bool) -> dict:
    return {"label": text.labels[0]} if exclusive and text.labels else {"labels": text.labels}


def fasttext_line(doc: Doc, labels: list[str]) -> str:
    words = [token.lower_ for token in doc if not token.is_space]
    return " ".join([*(f"__label__{label}" for label in labels), *words])
