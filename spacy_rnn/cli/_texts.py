"""Options for classified texts, and what is told of them: for ``convert`` and ``textcat``."""

from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg

from ..errors import Errors, RNNError

if TYPE_CHECKING:
    from ..training.texts import TextOptions

PANEL = "Classified texts (csv, tsv, jsonl, json, fasttext, lines, folders)"
SHOWN = 5
WIDTH = 60  # of a label; longer ones may be texts, from a column chosen by mistake
MANY = 20_000_000  # numbers in doc.cats, about a gigabyte when they are read again


def option(*names: str, help: str):
    return typer.Option(*names, help=help, rich_help_panel=PANEL)


Text = str | None
TextColumn = Annotated[Text, option("--text-column", help="Column or field with the text; several are joined")]
LabelColumn = Annotated[Text, option("--label-column", help="Column or field with the label or labels")]
OneHot = Annotated[Text, option("--one-hot", help="Columns of 0 and 1, a label each, with commas; all: but the text")]
LabelSeparator = Annotated[Text, option("--label-separator", help="Between the labels in a cell")]
LabelPrefix = Annotated[str, option("--label-prefix", help="Of labels in fastText's format")]
LabelNames = Annotated[Text, option("--label-names", help="For labels that are numbers from 0: names, or a file")]
LabelSet = Annotated[Text, option("--label-set", help="All labels there may be: names, or a file (.json .txt .spacy)")]
Rename = Annotated[list[str] | None, option("--rename", help="OLD=NEW; OLD= takes a label away")]
Keep = Annotated[Text, option("--keep", help="Labels to keep, with commas")]
Drop = Annotated[Text, option("--drop", help="Labels to drop; texts that have no others are left out")]
Part = Annotated[Text, option("--part", help="Keys of a JSON file, folders in an archive or folder")]
Exclusive = Annotated[bool | None, option("--exclusive/--multi-label", help="One label a text, or any number")]
Quotes = Annotated[bool | None, option("--quotes/--no-quotes", help="May cells be quoted? Default: csv yes, tsv no")]
Encoding = Annotated[Text, option("--encoding", help="If not UTF-8, such as cp1251")]
Duplicates = Annotated[bool, option("--drop-duplicates", help="Leave out texts that came before")]
Exclude = Annotated[list[str] | None, option("--exclude", "-x", help="Leave out the texts of this file")]
MaxLength = Annotated[int, option("--max-length", help="Tokens a text at most; 0: any number")]


def names(given: str | None) -> tuple[str, ...]:
    """Names parted by commas."""
    return tuple(name.strip() for name in (given or "").split(",") if name.strip())


def names_or_file(given: str | None) -> list[str] | None:
    from os.path import isfile  # of names too many for a path, too, it only says no

    from ..training.texts.labels import read_labels

    if given is None:
        return None
    return read_labels(given if given.endswith((".json", ".txt", ".spacy")) or isfile(given) else names(given))


def renamed(given: list[str] | None) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in given or ()]
    for old, sign, new in pairs:
        if not (old and sign):
            raise RNNError(Errors.R149.format(setting="--rename", value=old + sign + new, wanted="OLD=NEW"))
    return {old.strip(): new.strip() for old, _, new in pairs}


def reading(given: dict) -> "TextOptions":
    """What the options for classified texts say. given: the values of a command's arguments, by their names."""
    from ..training.texts import TextOptions

    listed = ("text_column", "one_hot", "keep", "drop", "part")
    plain = ("label_column", "quotes", "label_separator", "label_prefix", "exclusive", "encoding")
    return TextOptions(
        **{name: names(given[name]) for name in listed},
        **{name: given[name] for name in plain},
        label_names=tuple(names_or_file(given["label_names"]) or ()),
        rename=renamed(given["rename"]),
    )


def convert(source, output, nlp, options, label_set: str | None, **settings) -> None:
    """With a report of what was read and what was not."""
    from ..training.texts.docs import convert_texts

    labels = names_or_file(label_set)
    counts = convert_texts(source, output, nlp, options, labels=labels, **settings)
    if counts.files > 1 and counts.format not in ("lines", "folders"):
        msg.info(f"{counts.files:,} files")
    for columns in dict.fromkeys(filter(None, counts.columns)):
        msg.info(columns)
    _report_left_out(counts)
    if settings["exclude"] and not counts.excluded:
        msg.warn("No text is in the files to exclude")
    kind = "one for each text"
    if counts.several or counts.none:
        kind = f"{counts.several:,} texts with several, {counts.none:,} with none: for a multi-label component"
    frequent = sorted(labels or counts.labels, key=lambda label: (-counts.labels[label], label))
    frequent = [(label, counts.labels[label]) for label in frequent]
    msg.info(f"{len(frequent):,} labels, {kind}")
    first = frequent[: SHOWN if len(frequent) > 2 * SHOWN else None]
    msg.text(_listed(first) + (f" ... {_listed(frequent[-SHOWN:])}" if len(first) < len(frequent) else ""))
    if counts.texts * len(frequent) > MANY:
        msg.info(f"{counts.texts * len(frequent):,} numbers in doc.cats: spacy-rnn.textcat_corpus.v1 needs less memory")
    msg.good(f"{output}: {counts.texts:,} texts, {counts.tokens:,} tokens")


def _report_left_out(counts) -> None:
    if counts.passed_over:
        more = f" and {len(counts.passed_over) - SHOWN:,} more" if len(counts.passed_over) > SHOWN else ""
        msg.info(f"{len(counts.passed_over):,} files passed over: {', '.join(counts.passed_over[:SHOWN])}{more}")
    for error in counts.first_bad[1:]:
        msg.warn(str(error))
    if counts.unwanted:
        more = " ..." if len(counts.unwanted) > SHOWN else ""
        msg.info(f"Labels left out: {_listed(counts.unwanted.most_common(SHOWN))}{more}")
    for count, reason in (
        (counts.without, "they have no other labels"),
        (counts.repeated, "they came before"),
        (counts.excluded, "they are in the files to exclude"),
    ):
        if count:
            msg.info(f"{count:,} texts left out: {reason}")
    if counts.duplicates > counts.repeated:
        msg.info(f"{counts.duplicates:,} texts came before; --drop-duplicates leaves them out")


def _listed(counted: list[tuple[str, int]]) -> str:
    return ", ".join(f"{label:.{WIDTH}} {count:,}" for label, count in counted)
