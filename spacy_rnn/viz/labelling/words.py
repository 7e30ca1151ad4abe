"""Running text in HTML: entities shaded by their confidence, words that a tagger doubts, morphemes."""

from collections.abc import Callable
from html import escape

import numpy

from .figures import SUM, UNSURE, of_chosen, percent
from .found import Found, Morpheme, Scores, Span

DOUBT = 0.8  # words with a label below are underlined


def plain(found: Found, first: int, end: int, trailing: bool = True) -> str:
    """The words as they stand in the text; ``trailing``: with what follows the last one."""
    spaces = found.spaces[first:end]
    if spaces and not trailing:
        spaces[-1] = ""
    return escape("".join(map("".join, zip(found.words[first:end], spaces, strict=True))))


def entities(found: Found, colours: dict[str, int], anchor: Callable[[int], str]) -> str:
    """anchor: the id of what a token's entity leads to, or ""."""
    parts, at = [], 0
    for span in found.spans or ():
        parts += [plain(found, at, span.first), _entity(found, span, colours, anchor(span.first))]
        parts.append(found.spaces[span.end - 1])
        at = span.end
    return "".join([*parts, plain(found, at, len(found.words))])


def _entity(found: Found, span: Span, colours: dict[str, int], anchor: str) -> str:
    tag, link = ("a", f' href="#{escape(anchor)}"') if anchor else ("span", "")
    about, number, strength = f"{span.label}: no confidence known", "", 0.5
    if span.confidence is not None:
        about, strength = f"{span.label}, confidence {span.confidence:.4f}", span.confidence
        number = f" <b>{escape(percent(strength))}</b>"
    classes = f"c{colours[span.label]}" + " unsure" * (strength < UNSURE)
    text = plain(found, span.first, span.end, trailing=False)
    badge = f'<{tag}{link} class="badge" title="{escape(about)}">{escape(span.label)}{number}</{tag}>'
    return f'<mark class="{classes}" style="--p:{strength:.3f}" title="{escape(about)}">{text}{badge}</mark>'


def rivals(found: Found, first: int, end: int) -> str:
    """What else could be an entity between these tokens."""
    parts = []
    for span in found.rivals:
        if first <= span.first < end:
            about = escape(f"{span.label} {percent(span.confidence)}")
            parts.append(f"{plain(found, span.first, span.end, trailing=False)} <small>{about}</small>")
    return f'<p class="note">Nearly found: {", ".join(parts)}</p>' if parts else ""


def doubts(found: Found, heads: list[Scores]) -> str:
    """The text, the words underlined that have a label below DOUBT."""
    least = numpy.min([of_chosen(scores) for scores in heads], axis=0)  # tokens
    parts = []
    for i, p in enumerate(least.tolist()):
        word = plain(found, i, i + 1, trailing=False)
        if p < DOUBT and not found.blank[i]:
            word = f'<span class="doubt" title="{escape(percent(p))}">{word}</span>'
        parts.append(word + found.spaces[i])
    return "".join(parts)


def morphemes(found: Found, colours: dict[str, int]) -> str:
    """Words and what they lean on, such as quotation marks, do not part at the end of a line."""
    parts: list[str] = []
    together: list[str] = []
    for i, morphs in enumerate(found.morphemes or ()):
        if found.blank[i]:
            parts += [_group(together), escape(found.words[i]), found.spaces[i]]
            together = []
            continue
        together.append(_segmented(found.words[i], morphs, colours))
        if found.spaces[i]:
            parts += [_group(together), found.spaces[i]]
            together = []
    return "".join([*parts, _group(together)])


def _group(words: list[str]) -> str:
    return f'<span class="w">{"".join(words)}</span>' if words else ""


def _segmented(word: str, morphs: list[Morpheme], colours: dict[str, int]) -> str:
    texts = [text for text, _ in morphs]
    if texts == [word] and not morphs[0].type:
        return escape(word)
    if "".join(texts) != word:  # no cuts of the word: they stand below it
        below = escape(SUM.join(texts))
        return f'<ruby class="m last c{colours[""]}">{escape(word)}<rt>{below}</rt></ruby>'
    parts = []
    for place, (text, type_) in enumerate(morphs):
        classes = f"m c{colours[type_]}" + " last" * (place == len(morphs) - 1)
        note = f"<rt>{escape(type_)}</rt>" if type_ else ""
        parts.append(f'<ruby class="{classes}" title="{escape(type_)}">{escape(text)}{note}</ruby>')
    return "".join(parts)
