"""--help shows what was written: typer takes square brackets for rich's markup, and drops them."""

import pytest
from rich.markup import render
from typer.main import get_command
from typer.testing import CliRunner

from spacy_rnn.cli import app


def commands(command, path="rnn"):
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}")


def test_groups_of_options_below_spacy():
    from spacy.cli._util import app as spacy_app

    import spacy_rnn.cli.mount  # noqa: F401

    said = CliRunner().invoke(spacy_app, ["rnn", "vectors", "train", "--help"]).output
    assert all(f"─ {group} ─" in said for group in ("Model", "Text", "Training"))
    assert "glove: 15" in said and "glove: 0.2" in said


@pytest.mark.parametrize("command", [pytest.param(command, id=path) for path, command in commands(get_command(app))])
def test_nothing_is_taken_for_markup(command):
    for text in filter(None, [command.help, *(getattr(option, "help", None) for option in command.params)]):
        assert render(text).plain == text.replace("\b", "")  # which keeps lines as they are
