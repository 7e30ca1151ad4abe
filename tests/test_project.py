"""project.yml: every file a command needs is an asset or is made by an earlier command of the same workflow."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
import srsly
from typer.main import get_command
from weasel.cli.run import project_run
from weasel.schemas import ProjectConfigSchema
from weasel.util import load_project_config

from spacy_rnn.cli import app

ROOT = Path(__file__).parent.parent
PROJECT = load_project_config(ROOT)
COMMANDS = {command["name"]: command for command in PROJECT["commands"]}
WORKFLOWS = PROJECT["workflows"]
ASSETS = PROJECT["assets"]


def outputs(command):
    return [*command.get("outputs", []), *command.get("outputs_no_cache", [])]


def covers(made, needed):
    """Is one of the two the other, or a folder above it?"""
    made, needed = PurePosixPath(made), PurePosixPath(needed)
    return made == needed or made in needed.parents or needed in made.parents


def is_source(path):
    """Part of the repository itself."""
    return (ROOT / path).exists() and path.split("/")[0] in {
        "configs", "benchmarks", "spacy_rnn", "setup.cfg", "setup.py", "pyproject.toml", "README.md", "constraints.txt"
    }  # fmt: skip


def test_valid():
    ProjectConfigSchema(**srsly.read_yaml(ROOT / "project.yml"))
    for name in ("all", "en", "ru", "ner-en", "ner-ru", "morphemes-ru", "demo", "bench"):
        assert WORKFLOWS[name]


def test_all_is_both_languages():
    assert set(WORKFLOWS["all"]) == set(WORKFLOWS["en"]) | set(WORKFLOWS["ru"])


@pytest.mark.parametrize("name", COMMANDS)
def test_command(name):
    command = COMMANDS[name]
    assert command["help"] and command["script"]
    assert any(name in steps for steps in WORKFLOWS.values()), "no workflow has it"
    for path in outputs(command):
        assert any(path in line or covers(folder, path) for line in command["script"] for folder in line.split())


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_dependency_comes_from_an_earlier_command_or_an_asset(name):
    made = [asset["dest"] for asset in ASSETS]
    if name == "bench":  # compares what `all` made
        made += [path for step in WORKFLOWS["all"] for path in outputs(COMMANDS[step])]
    for step in WORKFLOWS[name]:
        for dep in COMMANDS[step].get("deps", []):
            assert is_source(dep) or any(covers(path, dep) for path in made), f"{step} needs {dep}"
        made += outputs(COMMANDS[step])


def test_no_two_commands_write_the_same():
    written = [path for command in COMMANDS.values() for path in outputs(command)]
    for i, path in enumerate(written):
        assert not any(covers(path, other) for other in written[i + 1 :]), path


def test_assets_are_pinned():
    dests = [asset["dest"] for asset in ASSETS]
    assert len(set(dests)) == len(dests)
    for asset in ASSETS:
        assert re.fullmatch(r"[0-9a-f]{32}", asset["checksum"])
        assert re.fullmatch(r"assets/[A-Za-z0-9_./-]+", asset["dest"]), "no spaces: shells and make read these"
        if "git" in asset:  # many small files: the checksum is that of those a command reads
            assert asset["git"]["repo"].startswith("https://") and asset["git"]["path"] and asset["git"]["branch"]
            continue
        if "url" not in asset:  # nowhere as a file of its own: the user is told how to come by it
            assert "https://" in asset["description"]
            continue
        url = urlsplit(asset["url"])
        assert url.scheme == "https" and re.search(r"/[0-9a-f]{40}/", url.path), "name a commit"
        assert " " not in asset["url"] and asset["url"].isascii() and "\ufffd" not in unquote(url.path)


def test_dev_and_test_are_kept_out_of_the_text_for_vectors():
    for lang in ("en", "ru"):
        (script,) = COMMANDS[f"text-{lang}"]["script"]
        excluded = re.findall(r"--exclude (\S+)", script)
        assert sorted(path.rsplit("-", 1)[1] for path in excluded) == ["dev.conllu", "test.conllu"]
        assert not any(path in script.replace(f"--exclude {path}", "") for path in excluded)
        assert {asset["dest"] for asset in ASSETS} >= set(excluded)


@pytest.mark.parametrize("story", ["sentiment-en", "sentiment-ru", "intent-en"])
def test_what_is_classified_is_kept_out_of_its_text_for_vectors(story):
    """All that is converted but for training, and of that the part that is drawn for dev."""
    (script,) = COMMANDS[f"text-{story}"]["script"]
    excluded = set(re.findall(r"--exclude (\S+)", script))
    assert not any(re.search(rf"(?<!--exclude ){re.escape(path)}(?!\S)", script) for path in excluded)
    for line in COMMANDS[f"convert-{story}"]["script"]:
        source, output = line.split()[5:7]
        source += "::" + line.split("--part ")[1].split()[0] if "--part" in line else ""
        if source in excluded:
            excluded.update(line.split()[6:8])
            continue
        if "/train.spacy" not in output and "/all.spacy" not in output and " split " not in line:
            assert source in excluded, source
        elif " split " in line:
            assert line.split()[7] in excluded


RNN_LINES = [
    line for command in COMMANDS.values() for line in command["script"] if line.startswith("python -m spacy rnn ")
]


@pytest.mark.parametrize("line", RNN_LINES)
def test_every_option_exists(line):
    words = line.split()[4:]
    verb = get_command(app)
    while hasattr(verb, "commands"):
        verb = verb.commands[words.pop(0)]
    known = {option for parameter in verb.params for option in parameter.opts}
    settings = {word for word in words if verb.name == "crossval" and "." in word}  # of the config
    assert {word for word in words if word.startswith("--")} <= known | settings


def test_a_folder_from_git_finds_its_parent():
    """Weasel does not make it: a single file that goes there must come first."""
    for i, asset in enumerate(ASSETS):
        if "git" in asset:
            parent = str(PurePosixPath(asset["dest"]).parent)
            assert any("url" in other and other["dest"].startswith(f"{parent}/") for other in ASSETS[:i])


@pytest.mark.parametrize("name", ["en", "ner-ru", "intent-en", "demo"])
def test_dry_run(name, capsys):
    project_run(ROOT, name, dry=True, skip_requirements_check=True)
    assert "Running command" in capsys.readouterr().out
