"""``spacy rnn explain``: why a text classifier said so, and what its filters look for."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg
from wasabi.util import supports_ansi

from ..atomic import whole_file, writing_to
from ..errors import Errors, RNNError
from ._app import app, command
from ._load import load, running
from ._said import is_file, read_said

if TYPE_CHECKING:
    from ..pipeline.filters import Filter
    from ..viz.explaining.told import Told

MOST_WORDS = 20_000  # of a page
MOST_TEXTS = 20  # in the terminal


@command(app, "explain")
def explain_cli(
    model: Annotated[str, typer.Argument(help="A pipeline: its folder or package name")],
    text: Annotated[
        str, typer.Argument(metavar="TEXT|FILE", help="A text in quotes, or a file with one on each line (UTF-8)")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write: .html for a page, or .json")
    ] = None,
    label: Annotated[
        str | None, typer.Option("--label", "-l", help="Default: the most probable one; of --filters all")
    ] = None,
    method: Annotated[
        str | None, typer.Option("--method", "-m", help="integrated (default), gradient or occlusion")
    ] = None,
    component: Annotated[
        str | None, typer.Option("--component", "-c", help="Default: the first that can be explained")
    ] = None,
    filters: Annotated[
        bool, typer.Option("--filters", help="What fires each filter the most, in all of the texts")
    ] = False,
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="Rows in each table")] = 10,
    labels: Annotated[int, typer.Option("--labels", min=1, help="Labels to choose from in a page")] = 5,
    title: Annotated[str, typer.Option(help="Of a page. Default: the name of the pipeline")] = "",
    gpu_id: Annotated[int, typer.Option("--gpu-id", "-g", help="GPU to use, -1 for the CPU")] = -1,
):
    """Why did it say so? What each word, filter and n-gram has added to a label.

    \b
    spacy rnn explain MODEL "A charming journey."
    spacy rnn explain MODEL reviews.txt --output page.html
    spacy rnn explain MODEL "A charming journey." --label negative --method occlusion
    spacy rnn explain MODEL reviews.txt --filters

    Words in blue speak for the label, words in orange against it. For bag_textcat, cnn_textcat, rnn_textcat, and
    spaCy's textcat with a model of spacy-rnn.
    """
    kind = output.suffix.lower() if output else ""
    if output and kind not in (".html", ".json") or filters and kind == ".html":
        raise RNNError((Errors.R560 if filters else Errors.R558).format(path=output))
    said = read_said(text)
    texts = [line for line in said.split("\n") if line.strip()] if is_file(text) else [said]

    from ..viz.explaining.find import filters_in, tell
    from ..viz.explaining.told import as_json, describe

    nlp = load(model, [], gpu_id)
    with running(model):
        if filters:
            found = filters_in(nlp, texts, component, label)
        elif output:
            told = tell(nlp, texts, component, label, method, labels, MOST_WORDS if kind == ".html" else None)
        else:
            told = tell(nlp, texts[:MOST_TEXTS], component, label, method)
    if filters and output:
        _write_json([one._asdict() for one in found], output)
        msg.good(f"{output}: {len(found):,} filters")
    elif filters:
        _print_filters(found, top)
    elif output is None:
        _print(told, top, len(texts) - len(told.decisions))
    elif kind == ".json":
        _write_json(as_json(told), output)
        msg.good(f"{output}: {describe(told)}")
    else:
        _write_page(told, output, title or f"{nlp.meta['lang']}_{nlp.meta['name']}", top)
        msg.good(f"{output}: {describe(told)}")


def _print(told: "Told", top: int, more: int) -> None:
    from ._explained import lines_of

    for line in lines_of(told, top, supports_ansi() and sys.stdout.isatty()):
        print(line)
    if more:
        msg.info(f"{more:,} more texts. --output writes them all.")


def _write_page(told: "Told", output: Path, title: str, top: int) -> None:
    from ..viz.explaining.page import save_page

    with writing_to(output):
        save_page(told, output, title, top)


def _write_json(records: list, output: Path) -> None:
    import srsly

    with writing_to(output), whole_file(output, "w", encoding="utf8") as file:
        file.write(srsly.json_dumps(records, indent=2))


def _print_filters(found: list["Filter"], top: int) -> None:
    for one in found[:top]:
        about = f"{one.size} words, {one.weight:+.2f} for {one.label}, mean activation {one.mean:.2f}"
        print(f"\nfilter {one.number}: {about}")
        print("   " + " | ".join(f"{said} ({value:.2f})" for said, value in one.ngrams))
    if len(found) > top:
        msg.info(f"{len(found) - top:,} more filters: --top, or all of them in a file: --output filters.json")
