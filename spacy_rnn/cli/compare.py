"""``spacy rnn compare``: what several systems scored, in one table."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ._app import app, command


@command(app, "compare")
def compare_cli(
    files: Annotated[
        list[Path], typer.Argument(metavar="METRICS...", help="Files that evaluate --output or crossval wrote")
    ],
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table")] = False,
):
    """Put the scores of several systems side by side, one a row, named after their files. Of a cross-validation
    (scores.json), the mean and the deviation."""
    from ..training import compare

    found = [compare.read_metrics(file) for file in files]
    names = [str(metrics.get("name") or file.stem) for file, metrics in zip(files, found, strict=True)]
    if len(set(names)) < len(names):
        names = [str(file.with_suffix("")) for file in files]
    systems = dict(zip(names, found, strict=True))
    header, rows = compare.comparison(systems)
    if markdown:
        print(compare.markdown(header, rows))
    else:
        msg.table(rows, header=header, divider=True, aligns=["l"] + ["r"] * (len(header) - 1))
