"""Raw text for vector training: tokenised, one paragraph or sentence a line, words separated by single spaces.

Start at ``prepare_text``. spaCy's tokenizer looks at one piece between spaces at a time, so each different piece is
tokenised once and then looked up: several times faster.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from tqdm import tqdm

from ..atomic import whole_file
from ..errors import Errors, RNNError
from .formats import Settings
from .sources import Source, find_sources

SHORT = 300  # characters: so short, a line that comes twice is kept once
KNOWN_PIECES = 2_000_000  # tokenised pieces to remember
HELD_OUT_WORDS = 5  # from so many words on, a held-out sentence is also removed from inside a paragraph
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
NOT_WORD = re.compile(r"[\W_]+")


@dataclass
class TextCounts:
    files: int = 0
    texts: int = 0
    lines: int = 0
    tokens: int = 0
    duplicates: int = 0
    held_out: int = 0  # lines left out, or shortened, because of --exclude


class Pieces(dict):
    """piece -> its tokens joined by spaces, tokenised when first asked for."""

    def __init__(self, nlp: Language):
        self.tokenizer = nlp.tokenizer
        self.across = _across_pieces(nlp)

    def tokenize(self, text: str) -> str:
        """Exactly the tokenizer's tokens, but that a space within one ("и др.") cuts it."""
        if self.across and self.across.search(text):
            return self._tokenize(text)
        return " ".join([self[piece] for piece in text.split()])

    def __missing__(self, piece: str) -> str:
        if len(self) >= KNOWN_PIECES:
            self.clear()
        self[piece] = tokens = self._tokenize(piece)
        return tokens

    def _tokenize(self, text: str) -> str:
        return " ".join([token.text for token in self.tokenizer(text) if not token.is_space])


def _across_pieces(nlp: Language) -> re.Pattern | None:
    """Where tokens can depend on more than one piece: at rules with a space, and everywhere for foreign tokenizers."""
    if not isinstance(nlp.tokenizer, Tokenizer):
        return re.compile("")
    tails = {" ".join(rule.split()[1:]) for rule in nlp.tokenizer.rules} - {""}
    return re.compile(" (?:" + "|".join(map(re.escape, sorted(tails))) + ")") if tails else None


class HeldOut:
    """Sentences that must not be in the text, compared by their letters and digits, without case."""

    def __init__(self, texts: Iterable[str]):
        self.keys, self.long = set(), set()
        for text in texts:
            if key := self.key(text):
                self.keys.add(key)
                if len(text.split()) >= HELD_OUT_WORDS:
                    self.long.add(key)

    @staticmethod
    def key(text: str) -> str:
        return NOT_WORD.sub("", text).casefold()

    def has(self, text: str) -> bool:
        return self.key(text) in self.keys

    def remove(self, text: str) -> str:
        """The text without its held-out sentences; "" if it is one."""
        if self.has(text):
            return ""
        sentences = SENTENCE_END.split(text)
        kept = [sentence for sentence in sentences if self.key(sentence) not in self.long]
        return text if len(kept) == len(sentences) else self.remove(" ".join(kept))  # what is left may be one, too


def prepare_text(
    output: str | Path,
    inputs: list[str],
    nlp: Language,
    settings: Settings,
    *,
    exclude: list[str] = (),
    max_tokens: int = 1000,
    progress: bool = False,
) -> TextCounts:
    """Write the text of all inputs to ``output``, whole or not at all."""
    held_out = HeldOut(text for source in find_sources(list(exclude)) for text in source.texts(settings))
    sources = [source for source in find_sources(inputs) if source.path.resolve() != Path(output).resolve()]
    counts, pieces, seen = TextCounts(files=len(sources)), Pieces(nlp), set()
    with whole_file(output, "w", encoding="utf-8", newline="\n") as file:
        for text in _with_progress(sources, settings, progress):
            counts.texts += 1
            text = _select(text, counts, held_out, seen)
            for tokens in split_tokens(pieces.tokenize(text), max_tokens):
                file.write(tokens + "\n")
                counts.lines += 1
                counts.tokens += tokens.count(" ") + 1
        if not counts.lines:
            raise RNNError(Errors.R334)
    return counts


def _select(text: str, counts: TextCounts, held_out: HeldOut, seen: set[int]) -> str:
    """The text, or what is left of it, or "" for a short text that came before."""
    text = " ".join(text.split())
    if held_out.keys and text:
        kept = held_out.remove(text)
        counts.held_out += kept != text
        text = kept
    if len(text) < SHORT and text:
        known = len(seen)
        seen.add(hash(text))
        if len(seen) == known:
            counts.duplicates += 1
            return ""
    return text


def split_tokens(tokens: str, size: int) -> Iterator[str]:
    """Lines of at most ``size`` tokens."""
    if tokens.count(" ") < size:
        if tokens:
            yield tokens
        return
    words = tokens.split(" ")
    for start in range(0, len(words), size):
        yield " ".join(words[start : start + size])


def _with_progress(sources: list[Source], settings: Settings, show: bool) -> Iterator[str]:
    total = sum(source.size for source in sources)
    with tqdm(total=total, unit="B", unit_scale=True, disable=not show) as bar:
        for source in sources:
            start = bar.n
            for number, text in enumerate(source.texts(settings)):
                if number % 1000 == 0:
                    bar.update(start + source.done - bar.n)
                yield text
            bar.update(start + source.size - bar.n)
