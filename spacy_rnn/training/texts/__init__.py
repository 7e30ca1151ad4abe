"""Classified texts from files: tables, JSON, fastText's lines, a file or a folder for each label.

files                   what is in a path: a file, a folder, an archive
formats                 which format it is, and its rows
tables, records, plain  the formats; cells: what a cell says of labels
labels                  from what a row says to the labels of its text
reading                 rows to texts, checked and counted: start there
docs, corpus            texts to Docs and a .spacy file; to Examples
"""

from .counts import TextCounts
from .options import FORMATS, TextOptions
from .reading import Text, find_labels, read_texts

__all__ = ["FORMATS", "Text", "TextCounts", "TextOptions", "find_labels", "read_texts"]
