"""Freed memory goes back where the C library can do it, and nothing breaks where it cannot."""

import ctypes

import pytest

from spacy_rnn.bridge import memory


def nothing(name):
    raise TypeError("as on Windows")


@pytest.mark.parametrize("load", [nothing, lambda name: object()])
def test_without_such_a_call(load, monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", load)
    assert memory._find_trim() is None
    monkeypatch.setattr(memory, "_trim", None)
    memory.give_back_memory()


def test_the_call(monkeypatch):
    seen = []
    monkeypatch.setattr(memory, "_trim", seen.append)
    memory.give_back_memory()
    assert seen == [0], "keep nothing at the top of the heap"
