"""The files of a sample: CoNLL-U, entities, labels, morphemes, sentence pairs.

Formats: 10 columns of CoNLL-U; token TAB IOB2 tag; JSON lines; word TAB ``text:type`` pieces parted by /; English TAB
Russian TAB ``i-j`` alignments, token numbers from 0.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from .tree import Pair, Sentence, Token
from .world import SPLITS

FILES = {"conllu": "{}.conllu", "ner": "ner/{}.iob", "textcat": "textcat/{}.jsonl"}


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
                pieces = "/".join(f"{text.lower()}:{kind}" for kind, text in token.morphemes)
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
