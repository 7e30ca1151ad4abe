"""Coded warnings look like all else that a command says; those of others stay as they are."""

import warnings

import pytest
import typer

from spacy_rnn.cli._app import command
from spacy_rnn.cli.vectors._bars import Bars
from spacy_rnn.errors import Warnings


def test_warnings_above_a_bar(capsys):
    app = typer.Typer()

    @command(app, "warn")
    def warn(times: int):
        with Bars() as bars:
            for done in range(1, times + 1):
                bars.show("Epoch", done, times)
                warnings.warn(Warnings.W202.format(lr=done), stacklevel=1)
        warnings.warn("of a library", DeprecationWarning, stacklevel=1)

    before = warnings.showwarning
    with pytest.warns(DeprecationWarning, match="of a library") as others:
        app(["2"], standalone_mode=False)
    said = capsys.readouterr()
    assert said.out.count("⚠ [W202]") == 2 and "which was 2" in " ".join(said.out.split())
    assert "W202" not in said.err and "Epoch: 100%" in said.err
    assert len(others) == 1 and warnings.showwarning is before
