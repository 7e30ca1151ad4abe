"""Where the spaces of a text were: read off the text, or guessed from its words. True: a space follows the word."""

import re
from collections.abc import Sequence

CLOSING = re.compile(r"[.,;:!?…%)\]}»”’]+|['’]\w{1,2}|n['’]t")  # no space before; also English 's, 'll, n't
OPENING = re.compile(r"[(\[{«“„‘¿¡$€£#@]")  # no space after
QUOTE = re.compile(r"[\"']|``|''")  # the first of a pair opens, the second closes


def spaces_in(text: str, words: Sequence[str]) -> list[bool] | None:
    """None if the text is not made of these words and white space."""
    spaces, position = [], 0
    for word in words:
        start = position
        while position < len(text) and text[position].isspace() and not text.startswith(word, position):
            position += 1
        if not text.startswith(word, position):
            return None
        if spaces:
            spaces[-1] = position > start
        position += len(word)
        spaces.append(True)
    return spaces if not text[position:].strip() else None


def guess_spaces(words: Sequence[str]) -> list[bool]:
    """By rules for punctuation that hold in many languages: none before a comma or inside quotes and brackets."""
    spaces, open_quotes = [], set()
    for word in words:
        closes = CLOSING.fullmatch(word) is not None
        opens = OPENING.fullmatch(word) is not None
        if QUOTE.fullmatch(word):
            kind = '"' if word in ("``", "''") else word
            closes, opens = kind in open_quotes, kind not in open_quotes
            open_quotes ^= {kind}
        if closes and spaces:
            spaces[-1] = False
        spaces.append(not opens)
    return spaces
