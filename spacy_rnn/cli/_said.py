"""Arguments that are a text, or the name of a file with one."""

import re
from pathlib import Path

from ..errors import Errors, RNNError

LOOKS_LIKE_A_FILE = re.compile(r"\S+\.(txt|text|md|html?|csv|tsv|jsonl?|conllu?|iob2?|spacy)")


def is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # too long for a name
        return False


def read_said(text: str) -> str:
    """What is in the file of this name, if there is one; otherwise the text itself."""
    found = is_file(text)
    try:
        if found:
            return Path(text).read_text(encoding="utf-8-sig")
        text.encode("utf8")  # half of a sign, from a shell that writes another encoding
    except OSError as error:
        raise RNNError(Errors.R464.format(path=text, reason=error.strerror)) from error
    except UnicodeError as error:
        raise RNNError(Errors.R464.format(path=text if found else "TEXT", reason=error.reason)) from error
    if LOOKS_LIKE_A_FILE.fullmatch(text):
        raise RNNError(Errors.R460.format(path=text))
    return text
