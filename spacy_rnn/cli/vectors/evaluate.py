"""``spacy rnn vectors evaluate``: how good are these vectors?"""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from .._app import command
from ._app import option, vectors
from ._opening import VECTORS

SETS = "Evaluation sets of any kind, recognised by their content. Without any: those that come with gensim (English)"


@command(vectors, "evaluate")
def evaluate_vectors_cli(
    source: Annotated[str, VECTORS],
    files: Annotated[list[Path] | None, typer.Argument(help=SETS)] = None,
    limit: Annotated[int, option("Ask analogies among this many most frequent words; 0: all", min=0)] = 30_000,
    output: Annotated[Path | None, option("Write all results to this .json file", "--output", "-o")] = None,
    markdown: Annotated[bool, option("Print tables as Markdown", "--markdown", "-m")] = False,
):
    """Score vectors on word similarity, analogies and misspelt words.

    Similarity: lines of two words and a score (WordSim-353, SimLex-999, RareWords, MEN, RUSSE hj.csv).
    Analogies: Google's questions-words.txt. Misspellings: lines of a misspelt and the right word, or a folder with
    sources.txt and corrections.txt. For Russian no set is built in: https://github.com/nlpub/russe-evaluation
    """
    from ...vectors.evaluation.report import as_data, grids
    from ...vectors.evaluation.report import markdown as as_markdown
    from ...vectors.evaluation.run import bundled_sets, evaluate
    from ...vectors.evaluation.sets import read_set
    from ...vectors.opening import open_space

    sets = [read_set(file) for file in files or []]
    space = open_space(source)
    results = evaluate(space, sets or bundled_sets(space), limit)
    tables = grids(results)
    if markdown:
        print(as_markdown(tables))
    else:
        for table in tables:
            aligns = ("l", *["r"] * (len(table.header) - 1))
            msg.table(table.rows, header=table.header, divider=True, aligns=aligns, max_col=60)
            msg.info(table.note)
    if output:
        _write(output, {"vectors": source, "words": len(space.words), "limit": limit, **as_data(results)})


def _write(path: Path, data: dict) -> None:
    import srsly

    from ...atomic import whole_file, writing_to

    with writing_to(path), whole_file(path, "w", encoding="utf8") as file:
        file.write(srsly.json_dumps(data, indent=2) + "\n")
    msg.good(f"Results written to {path}")
