"""FactRuEval 2016: texts with their tokens, spans and objects in files of their own (.tokens, .spans, .objects).

An object (a person, an organisation, a place) names the spans it is mentioned by, a span its first token and how many.
An entity reaches from the first to the last token of its object's spans; of entities that share tokens the longest
stays. The format: https://github.com/dialogue-evaluation/factRuEval-2016, README.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import Errors, RNNError
from .entities import EntityCounts, Sentence
from .rows import decode, rows_of
from .tags import Span

TYPES = {"Person": "PER", "Org": "ORG", "LocOrg": "LOC", "Location": "LOC"}
OTHERS = ("Project", "Facility")  # annotated in a few texts only: left out


@dataclass
class Tokens:
    """The tokens of one text, by their number. ends: the sentences' last tokens + 1."""

    words: list[str]
    starts: list[int]  # characters
    number: dict[str, int]  # id -> number
    ends: list[int]


def from_standoff(folder: str | Path, counts: EntityCounts) -> Iterator[Sentence]:
    """The sentences of all texts of a folder, a document each."""
    folder = Path(folder)
    found = sorted(folder.glob("*.tokens"))
    if not found:
        raise RNNError(Errors.R347.format(path=folder, kind="factrueval", wanted="a folder with .tokens files"))
    for path in found:
        yield from _read_text(path, counts)


def _read_text(path: Path, counts: EntityCounts) -> Iterator[Sentence]:
    tokens = _read_tokens(path)
    entities = _outermost(_read_entities(path, tokens), counts)
    start = 0
    for end in tokens.ends:
        within = [span for span in entities if span[0] < end and span[1] > start]
        counts.divided += sum(a >= start and b > end for a, b, _ in within)
        spans = [(max(a - start, 0), min(b, end) - start, label) for a, b, label in within]
        yield Sentence(tokens.words[start:end], spans, _spaces(tokens, start, end), new_document=start == 0)
        start = end


def _spaces(tokens: Tokens, start: int, end: int) -> list[bool]:
    """A space follows where the next token does not begin right behind this one."""
    behind = [tokens.starts[i] + len(tokens.words[i]) for i in range(start, end)]
    following = [*tokens.starts[start + 1 : end + 1], None][: end - start]
    return [after is None or after > here for here, after in zip(behind, following, strict=True)]


def _rows(path: Path, needed: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line, without what stands behind a #; [] for an empty line."""
    if not path.is_file():
        raise RNNError(Errors.R349.format(path=path, needed=needed))
    for row in rows_of(path):
        yield row[0], decode(path, row).split()


def _broken(path: Path, line: int, what: str) -> RNNError:
    return RNNError(Errors.R348.format(path=path, line=line, what=what))


def _read_tokens(path: Path) -> Tokens:
    tokens = Tokens([], [], {}, [])
    for line, cells in _rows(path, path):
        if not cells:
            if tokens.words and (not tokens.ends or tokens.ends[-1] < len(tokens.words)):
                tokens.ends.append(len(tokens.words))
            continue
        if len(cells) != 4 or not cells[1].isdecimal():
            raise _broken(path, line, "a token has an id, a start, a length and its text")
        if cells[0] in tokens.number:
            raise _broken(path, line, f"the token {cells[0]} is there twice")
        tokens.number[cells[0]] = len(tokens.words)
        tokens.words.append(cells[3])
        tokens.starts.append(int(cells[1]))
    if not tokens.words:
        raise RNNError(Errors.R340.format(path=path))
    if not tokens.ends or tokens.ends[-1] < len(tokens.words):
        tokens.ends.append(len(tokens.words))
    return tokens


def _read_spans(path: Path, tokens: Tokens) -> dict[str, tuple[int, int]]:
    """id -> first token, token behind the last. An id that comes twice has two types for the same tokens."""
    spans: dict[str, tuple[int, int]] = {}
    for line, cells in _rows(path.with_suffix(".spans"), path):
        if not cells:
            continue
        if len(cells) < 6 or not cells[5].isdecimal():
            raise _broken(path.with_suffix(".spans"), line, "a span has an id, a type and four numbers")
        start = tokens.number.get(cells[4])
        if start is None or start + int(cells[5]) > len(tokens.words):
            raise _broken(path.with_suffix(".spans"), line, f"the span {cells[0]} reaches outside of the tokens")
        end = start + int(cells[5])
        before = spans.get(cells[0], (start, end))
        spans[cells[0]] = (min(start, before[0]), max(end, before[1]))
    return spans


def _read_entities(path: Path, tokens: Tokens) -> list[Span]:
    """One for each object: from its first token to its last."""
    spans, entities = _read_spans(path, tokens), []
    source = path.with_suffix(".objects")
    for line, cells in _rows(source, path):
        if not cells or (len(cells) > 1 and cells[1] in OTHERS):
            continue
        ids = cells[2 : cells.index("#")] if "#" in cells else cells[2:]
        if len(cells) < 3 or not ids or cells[1] not in TYPES:
            known = ", ".join([*TYPES, *OTHERS])
            raise _broken(source, line, f"an object has an id, a type ({known}) and the ids of its spans")
        unknown = [name for name in ids if name not in spans]
        if unknown:
            raise _broken(source, line, f"the span {unknown[0]} is not in the .spans file")
        extents = [spans[name] for name in ids]
        entities.append((min(a for a, _ in extents), max(b for _, b in extents), TYPES[cells[1]]))
    return entities


def _outermost(entities: list[Span], counts: EntityCounts) -> list[Span]:
    """The longest first; what shares a token with one of them is left out and counted."""
    taken: set[int] = set()
    kept = []
    for start, end, label in sorted(entities, key=lambda span: (span[0] - span[1], span[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((start, end, label))
        else:
            counts.overlapping += 1
    return sorted(kept)
