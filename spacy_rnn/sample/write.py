"""The sample world on disk: CoNLL-U, entities, labels, morphemes, pairs, analogies and raw text, written whole or
not at all.

Everything goes to a temporary folder beside the target, which is renamed at the end. One pass over the pairs fills
all files of all languages.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from .. import __version__
from ..errors import Errors, RNNError
from .analogies import analogies
from .lexicon import held_out_lemmas
from .patterns import PATTERNS
from .tree import Pair, Sentence, Token
from .world import LANGS, SPLITS, TEXT_PER_SENTENCE, running_text, split_sizes, splits

MARK = "spacy-rnn sample world"
FILES = {"conllu": "{}.conllu", "ner": "ner/{}.iob", "textcat": "textcat/{}.jsonl"}
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
| `morphemes/*.tsv` | word TAB pieces `type:text` (pre, root, link, suff, end, post); no word is in two splits |
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


def write_lines(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf8", newline="\n") as file:
        for line in lines:
            file.write(line + "\n")


class LanguageWriter:
    """The files of one language, open together; remembers dev and test texts, and the morphemes of every word."""

    def __init__(self, lang: str, folder: Path):
        self.lang, self.folder = lang, folder
        self.sentences, self.tokens = dict.fromkeys(SPLITS, 0), dict.fromkeys(SPLITS, 0)
        self.refused: set[str] = set()
        self.words: dict[str, dict[str, str]] = {}  # word -> {segmentation: lemma}

    def __enter__(self) -> "LanguageWriter":
        self.stack = ExitStack()
        self.files: dict[tuple[str, str], TextIO] = {}
        for kind, name in FILES.items():
            for split in SPLITS:
                path = self.folder / name.format(split)
                path.parent.mkdir(parents=True, exist_ok=True)
                self.files[kind, split] = self.stack.enter_context(path.open("w", encoding="utf8", newline="\n"))
        return self

    def __exit__(self, *error) -> None:
        self.stack.close()

    def add(self, split: str, sentence: Sentence) -> None:
        self.sentences[split] += 1
        self.tokens[split] += len(sentence.tokens)
        self.files["conllu", split].write(conllu(sentence, f"{self.lang}-{split}-{self.sentences[split]}"))
        self.files["ner", split].write("".join(f"{token.form}\t{token.entity}\n" for token in sentence.tokens) + "\n")
        labels = {"text": sentence.text, "sentiment": sentence.sentiment, "topic": sentence.topic}
        self.files["textcat", split].write(json.dumps(labels, ensure_ascii=False) + "\n")
        if split != "train":
            self.refused.add(sentence.text)
        for token in sentence.tokens:
            if token.form.isalpha():
                pieces = " ".join(f"{kind}:{text.lower()}" for kind, text in token.morphemes)
                self.words.setdefault(token.form.lower(), {})[pieces] = token.lemma

    def write_morphemes(self) -> dict[str, dict[str, int]]:
        """Words go to train, dev or test (8 : 1 : 1) by the hash of their first lemma: forms of one stay together."""
        folder = self.folder / "morphemes"
        folder.mkdir()
        rows: dict[str, list[str]] = {split: [] for split in SPLITS}
        for word in sorted(self.words):
            lemma = min(self.words[word].values())
            share = int(hashlib.sha256(lemma.encode("utf8")).hexdigest(), 16) % 10
            split = "test" if share == 0 else "dev" if share == 1 else "train"
            rows[split] += [f"{word}\t{pieces}" for pieces in sorted(self.words[word])]
        for split in SPLITS:
            write_lines(folder / f"{split}.tsv", iter(rows[split]))
        return {"segmented words": {split: len(rows[split]) for split in SPLITS}}


class PairWriter:
    def __init__(self, stack: ExitStack, folder: Path):
        folder.mkdir()
        self.files = {
            s: stack.enter_context((folder / f"{s}.tsv").open("w", encoding="utf8", newline="\n")) for s in SPLITS
        }

    def add(self, split: str, pair: Pair) -> None:
        links = " ".join(f"{i}-{j}" for i, j in pair.alignment)
        self.files[split].write(f"{pair.en.text}\t{pair.ru.text}\t{links}\n")


def conllu(sentence: Sentence, sent_id: str) -> str:
    head = f"# sent_id = {sent_id}\n# text = {sentence.text}\n"
    return head + "".join(row(number, token) for number, token in enumerate(sentence.tokens, 1)) + "\n"


def row(number: int, token: Token) -> str:
    misc = "_" if token.space_after else "SpaceAfter=No"
    cells = (number, token.form, token.lemma, token.upos, token.xpos, token.feats, token.head, token.deprel, "_", misc)
    return "\t".join(map(str, cells)) + "\n"
