"""Pairs of words to join by arrows, from the command line (``king:queen``) or a file.

In a file, each line is a pair (walking walked), or four words as in Google's analogies: two pairs. Lines ``: name``
begin a group, drawn in a colour of its own.
"""

import os
import re
from pathlib import Path

from ...errors import Errors, RNNError
from .points import Choice

SEPARATORS = re.compile(r"\s*->\s*|[\s,;:]+")


def add_pairs(choice: Choice, texts: list[str]) -> None:
    """Each of ``texts`` is a file, or pairs like king:queen,man:woman."""
    for text in texts:
        if os.path.isfile(text):  # False, too, for texts that no file can be called
            _add_file(choice, Path(text))
            continue
        for part in filter(None, text.split(",")):
            words = part.strip().split(":")
            if len(words) != 2 or not all(words):
                raise RNNError(Errors.R276.format(text=text))
            choice.add_pair(*words)


def _add_file(choice: Choice, path: Path) -> None:
    group = ""
    for number, raw in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            line = raw.decode("utf-8-sig").strip()
        except UnicodeDecodeError as error:
            raise RNNError(Errors.R265.format(path=path, line=number, byte=error.start + 1)) from error
        if line.startswith(":"):
            group = line[1:].strip()
        elif line and not line.startswith("#"):
            words = SEPARATORS.split(line)
            if len(words) not in (2, 4) or not all(words):
                expected = "a pair of words, or two pairs"
                raise RNNError(Errors.R266.format(path=path, line=number, expected=expected, found=line[:80]))
            for start in range(0, len(words), 2):
                choice.add_pair(words[start], words[start + 1], group)
