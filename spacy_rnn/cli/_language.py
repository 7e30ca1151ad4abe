"""A blank pipeline for the language a user typed, or a coded error."""

from ..errors import Errors, RNNError


def blank(lang: str):
    import spacy

    try:
        return spacy.blank(lang)
    except (ImportError, ValueError) as error:
        raise RNNError(Errors.R209.format(lang=lang, error=error)) from error
