"""Annotated corpora of any format we read: which one it is, and its Docs.

conllu      CoNLL-U: tags, features, lemmas, trees
iob         columns with an entity tag in one of them, in any of the usual schemes
uner        Universal NER: id, token, tag, and notes of the annotators
factrueval  a folder of FactRuEval's standoff files
morphemes   words and their morphemes

and classified texts, in all formats of ``texts``.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from ..atomic import write_bytes
from ..errors import Errors, RNNError
from .columns import DOCUMENT, SUFFIXES, UNER, Columns, is_uner
from .convert import Counts
from .entities import EntityCounts, EntityOptions, entity_docs, from_columns
from .morphemes import convert_morphemes
from .rows import files_of, readable
from .standoff import from_standoff
from .tags import read_tag
from .texts.formats import find_format
from .texts.options import FORMATS, TEXT_NAMES, TextOptions, default_column

KINDS = ("conllu", "iob", "uner", "factrueval", "morphemes", *FORMATS)
ENTITIES = ("iob", "uner", "factrueval")
PEEK = 1 << 16  # bytes


def find_kind(path: str | Path, options: TextOptions | None = None) -> str:
    """By the files of a folder; by the suffix of a file, or else by its first line with a token. What is said of
    classified texts, in ``options``, makes it one of these."""
    path = Path(path)
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    texts, options = options not in (None, TextOptions()), options or TextOptions()
    kind = find_format(path, options) if texts else _kind_of_folder(path) if path.is_dir() else _kind_of_file(path)
    kind = kind or find_format(path, options)
    if kind is None:
        raise RNNError(Errors.R346.format(path=path, known=", ".join(KINDS)))
    return kind


def _kind_of_file(path: Path) -> str | None:
    """None: if any, one of classified texts."""
    if path.suffix in (".conllu", ".tokens"):
        return {".conllu": "conllu", ".tokens": "factrueval"}[path.suffix]
    if path.suffix in (".csv", ".json", ".zip", ".gz", ".tar", ".tgz", ".bz2", ".xz"):
        return None
    with readable(path), path.open("rb") as file:
        rows = file.read(PEEK).decode("utf-8-sig", errors="replace").splitlines()
    row = next((row for row in rows if row.strip() and not row.startswith(("#", DOCUMENT))), "")
    if path.suffix == ".jsonl":
        return "morphemes" if '"original":' in row or '"segmented":' in row else None
    if path.suffix == ".tsv" and default_column(row.split("\t"), TEXT_NAMES):
        return None
    if is_uner(row):
        return "uner"
    if row.count("\t") == 9 and row.startswith("1"):
        return "conllu"
    cells = row.split("\t") if "\t" in row else row.split()
    if path.suffix in SUFFIXES or (len(cells) > 1 and read_tag(cells[-1])):
        return "iob"
    return "morphemes" if path.suffix == ".tsv" and _are_words(rows) else None


def _are_words(rows: list[str]) -> bool:
    """Most have no blanks within their first two cells, where texts have them, but for those between morphemes."""
    cells = [[cell.strip().replace(" @@", "") for cell in row.split("\t")[:2]] for row in rows if row.strip()]
    return 2 * sum(" " not in "".join(pair) for pair in cells) > len(cells)


def _kind_of_folder(path: Path) -> str | None:
    suffixes = {file.suffix for file in path.rglob("*") if file.is_file()}
    for kind, known in (("conllu", {".conllu"}), ("factrueval", {".tokens"}), ("iob", set(SUFFIXES))):
        if suffixes & known:
            return kind
    return None


def read_entities(
    path: str | Path,
    vocab: Vocab,
    kind: str,
    *,
    options: EntityOptions | None = None,
    columns: Columns | None = None,
    counts: EntityCounts | None = None,
    bad: list[RNNError] | None = None,
) -> Iterator[Doc]:
    """The Docs of a corpus of one of the kinds in ENTITIES, with sentence starts and entities."""
    path, options, columns = Path(path), options or EntityOptions(), columns or Columns()
    counts = counts if counts is not None else EntityCounts()
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    if kind == "factrueval":
        return entity_docs(from_standoff(path, counts), vocab, options, counts, path)
    files = files_of(path, SUFFIXES)
    if not files:
        raise RNNError(Errors.R347.format(path=path, kind=kind, wanted=f"files named {', '.join(SUFFIXES)}"))
    if kind == "uner":
        columns = replace(UNER, tag=columns.tag if columns.tag != -1 else UNER.tag)
    sentences = chain.from_iterable(from_columns(file, _layout(file, columns), options, counts, bad) for file in files)
    return entity_docs(sentences, vocab, options, counts, path)


def _layout(file: Path, columns: Columns) -> Columns:
    """Files of a folder are asked one by one, where the user has named no columns."""
    return UNER if columns == Columns() and find_kind(file) == "uner" else columns


def convert_entities(path: str | Path, output: str | Path, vocab: Vocab, kind: str, **settings) -> EntityCounts:
    """Write the Docs of ``path`` to the .spacy file ``output``, whole or not at all. Settings as in read_entities."""
    counts = EntityCounts()
    docs = DocBin(docs=read_entities(path, vocab, kind, counts=counts, **settings))
    if settings.get("bad") and not counts.docs:
        raise settings["bad"][0]
    write_bytes(output, docs.to_bytes())
    return counts


def convert_words(path: str | Path, output: str | Path, vocab: Vocab, group: int = 1) -> Counts:
    """The same for words and their morphemes, ``group`` words a Doc."""
    if group < 1:
        raise RNNError(Errors.R315.format(value=group))
    docs = convert_morphemes(path, vocab, group=group)
    write_bytes(output, docs.to_bytes())
    return Counts(docs=len(docs), words=sum(map(len, docs.tokens)))
