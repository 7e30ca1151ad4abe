"""``spacy rnn annotate``: raw text with the entities that trained recognisers are sure of."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ._app import app, command
from ._load import load


@command(app, "annotate")
def annotate_cli(
    text: Annotated[Path, typer.Argument(help="Raw text, a space between tokens, as spacy rnn text writes it")],
    output: Annotated[Path, typer.Argument(help="The .spacy file to write")],
    models: Annotated[list[str], typer.Argument(help="Pipelines with rnn_ner and the same labels")],
    confidence: Annotated[
        float, typer.Option("--confidence", "-c", min=0.0, max=1.0, help="How sure they must be of a token's label")
    ] = 0.9,
    empty: Annotated[
        float, typer.Option("--empty", min=0.0, help="Sentences without entities kept, for each that has one")
    ] = 0.5,
    gold: Annotated[Path | None, typer.Option("--gold", help="Put this annotated corpus in as well")] = None,
    repeat: Annotated[int, typer.Option("--repeat", min=1, help="How many times, so that it counts more")] = 4,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Read only so many sentences (0: all)")] = 0,
    seed: Annotated[int, typer.Option("--seed", "-s", help="Of which sentences without entities are kept")] = 0,
    gpu_id: Annotated[int, typer.Option("--gpu-id", "-g", help="GPU to use, -1 for the CPU")] = -1,
):
    """Make training data from raw text with trained entity recognisers.

    What they doubt is left unannotated, and learned from what surrounds it. With --gold the result is a corpus to train
    on as it is.
    """
    from ..training.annotate import annotate_text

    teachers = [load(model, [], gpu_id) for model in models]
    n = annotate_text(
        teachers,
        text,
        output,
        confidence=confidence,
        empty=empty,
        gold=gold,
        repeat=repeat,
        limit=limit,
        seed=seed,
    )
    msg.info(f"{n['unsure']:,} of {n['tokens']:,} tokens in doubt, and not annotated")
    people = f", and {repeat} times {n['gold']:,} Docs of {gold}" if gold else ""
    msg.good(f"{output}: {n['sentences']:,} sentences with {n['entities']:,} entities{people}")
