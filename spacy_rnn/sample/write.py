"""Writes a sample world to a folder, whole or not at all.

Everything goes to a temporary folder beside the target, which is renamed at the end. One pass over the pairs fills all
files of all languages.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from .. import __version__
from ..errors import Errors, RNNError
from .analogies import analogies
from .files import LanguageWriter, PairWriter, write_lines
from .lexicon import held_out_lemmas
from .patterns import PATTERNS
from .world import LANGS, TEXT_PER_SENTENCE, running_text, split_sizes, splits

MARK = "spacy-rnn sample world"
README = """\
# Generated sample data

This folder was written by `spacy rnn sample` (spacy-rnn {version}, seed {seed}, {size} training sentences).
**It is not real language data**: a small grammar and lexicon produced every sentence, and all annotation is exact by
construction. Use it to try things out and to test; do not report scores on it as results.

| file | what |
|---|---|
| `*.conllu` | tokens, lemmas, tags, features, dependency trees (10 columns of CoNLL-U) |
| `text.txt` | raw text for word vectors, one sentence a line, none of them in dev or test |
| `ner/*.iob` | token TAB tag (IOB2: PER, LOC, ORG) |
| `textcat/*.jsonl` | text, sentiment (positive, negative, neutral), topic |
| `morphemes/*.tsv` | word TAB pieces `text:type` parted by /: pre, root, link, suff, end, post; a word in one split |
| `analogies.txt` | `: section` lines, then `a b c d`: a is to b as c to d |
| `pairs/*.tsv` | English TAB Russian TAB alignment `i-j` (tokens of the .conllu files, from 0) |

Some lemmas occur in test only (`held_out` in meta.json), so that test has out-of-vocabulary words.
"""


def write_sample(
    out: Path,
    langs: Sequence[str] = LANGS,
    size: int = 2000,
    seed: int = 0,
    force: bool = False,
    progress: Callable[[int], None] | None = None,
) -> dict:
    """Write the sample, return its meta data. One language goes to ``out`` itself, two to subfolders beside pairs."""
    out = Path(out)
    for lang in langs:
        if lang not in LANGS:
            raise RNNError(Errors.R451.format(lang=lang))
    check_target(out, force)
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        meta = fill(temporary, langs, size, seed, progress or (lambda lines: None))
        os.chmod(temporary, 0o755)
        swap(temporary, out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return meta


def swap(temporary: Path, out: Path) -> None:
    """Put the finished folder in its place; an earlier sample goes only when the new one is there."""
    if not out.exists():
        os.replace(temporary, out)
        return
    earlier = temporary.with_name(temporary.name + ".earlier")
    os.replace(out, earlier)
    os.replace(temporary, out)
    shutil.rmtree(earlier)


def check_target(out: Path, force: bool) -> None:
    """A new or empty folder, or with ``force`` one that holds an earlier sample."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if out.is_dir() and not force:
        raise RNNError(Errors.R450.format(path=out))
    if not out.is_dir() or not is_sample(out):
        raise RNNError(Errors.R454.format(path=out))


def is_sample(folder: Path) -> bool:
    try:
        return json.loads((folder / "meta.json").read_text(encoding="utf8")).get("kind") == MARK
    except (OSError, ValueError, AttributeError):
        return False


def fill(folder: Path, langs: Sequence[str], size: int, seed: int, progress: Callable[[int], None]) -> dict:
    rooms = {lang: folder / lang if len(langs) > 1 else folder for lang in langs}
    writers = {lang: LanguageWriter(lang, room) for lang, room in rooms.items()}
    with ExitStack() as stack:
        for writer in writers.values():
            stack.enter_context(writer)
        aligned = PairWriter(stack, folder / "pairs") if len(langs) > 1 else None
        for split, pair in splits(size, seed):
            for lang, writer in writers.items():
                writer.add(split, pair.en if lang == "en" else pair.ru)
            if aligned:
                aligned.add(split, pair)
            progress(1)
    counts = {}
    for lang, writer in writers.items():
        lines = running_text(lang, TEXT_PER_SENTENCE * size, seed, writer.refused)
        write_lines(rooms[lang] / "text.txt", counted(lines, progress))
        write_lines(rooms[lang] / "analogies.txt", analogies(lang))
        counts[lang] = {
            "sentences": writer.sentences,
            "tokens": writer.tokens,
            "text lines": TEXT_PER_SENTENCE * size,
        } | writer.write_morphemes()
    meta = describe(langs, size, seed, counts)
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf8")
    (folder / "README.md").write_text(README.format(version=__version__, seed=seed, size=size), encoding="utf8")
    return meta


def describe(langs: Sequence[str], size: int, seed: int, counts: dict) -> dict:
    return {
        "kind": MARK,
        "note": "Generated by a grammar, not real data.",
        "version": __version__,
        "seed": seed,
        "size": size,
        "langs": list(langs),
        "splits": split_sizes(size),
        "counts": counts,
        "patterns": len(PATTERNS),
        "held_out": {lang: held_out_lemmas(lang) for lang in langs},
    }


def counted(lines: Iterator[str], progress: Callable[[int], None]) -> Iterator[str]:
    for line in lines:
        yield line
        progress(1)
