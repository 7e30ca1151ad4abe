"""``spacy rnn verify``: do wheels work where nothing but what they ask for is installed?"""

import json
import subprocess
import sys
import zipfile
from configparser import ConfigParser, Error
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from wasabi import msg

from ..errors import Errors, RNNError
from ._app import app, command

CHECK = Path(__file__).with_name("_verify_inside.py")
SHOWN = 5  # categories, the most probable
HEADER = ("Token", "POS", "Tag", "Morphology", "Entity", "Morphemes")


@command(app, "verify")
def verify_cli(
    wheels: Annotated[
        list[Path], typer.Argument(metavar="WHEEL...", help="Wheels to install together; of a folder the newest")
    ],
    text: Annotated[
        list[str] | None, typer.Option("--text", "-t", help="A text for each pipeline among them, in their order")
    ] = None,
    constraint: Annotated[
        list[Path] | None, typer.Option("--constraint", "-c", help="File with the versions to install, as pip's")
    ] = None,
    find_links: Annotated[
        list[Path] | None, typer.Option("--find-links", "-f", help="Folder with more wheels, as pip's")
    ] = None,
):
    """Install wheels into a fresh environment, import all of spacy-rnn there with warnings as errors, and tag texts."""
    for path in [*wheels, *(constraint or []), *(find_links or [])]:
        if not path.exists():
            raise RNNError(Errors.R301.format(path=path))
    wheels = [wheel for path in wheels for wheel in (newest_wheels(path) if path.is_dir() else [path])]
    pipelines = [name for wheel in wheels for name in pipelines_in(wheel)]
    texts = text or []
    if len(pipelines) != len(texts):
        raise RNNError(Errors.R401.format(pipelines=", ".join(pipelines) or "none", texts=len(texts)))
    options = [("--constraint", path.resolve()) for path in constraint or []]
    options += [("--find-links", path.resolve()) for path in find_links or []]
    with TemporaryDirectory() as folder:
        python = fresh_environment(Path(folder), wheels, [str(part) for option in options for part in option])
        report = run_inside(python, Path(folder), list(zip(pipelines, texts, strict=True)))
    if report["modules"]:
        msg.good(f"{report['modules']} modules of spacy-rnn {report['version']} imported without a warning")
    for name, rows, cats in zip(pipelines, report["rows"], report["cats"], strict=True):
        msg.divider(name)
        if cats:
            msg.table(
                [(label, f"{p:.3f}") for label, p in cats[:SHOWN]], header=("Category", "Probability"), divider=True
            )
        filled = [i for i, cells in enumerate(zip(*rows, strict=True)) if i == 0 or any(cells)]
        if not cats or len(filled) > 1:
            msg.table([[row[i] for i in filled] for row in rows], header=[HEADER[i] for i in filled], divider=True)


def newest_wheels(folder: Path) -> list[Path]:
    """The newest wheel of each distribution in a folder."""
    wheels = sorted(folder.glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime)
    if not wheels:
        raise RNNError(Errors.R404.format(path=folder))
    return list({wheel.name.split("-")[0]: wheel for wheel in wheels}.values())


def pipelines_in(wheel: Path) -> list[str]:
    """The names under which spaCy loads the pipelines of a wheel: its entry points."""
    entry_points = ConfigParser()
    entry_points.optionxform = str
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(".dist-info/entry_points.txt"):
                    entry_points.read_string(archive.read(name).decode("utf8"))
    except (zipfile.BadZipFile, Error, OSError) as error:
        raise RNNError(Errors.R402.format(path=wheel, reason=error)) from error
    return list(entry_points["spacy_models"]) if "spacy_models" in entry_points else []


def fresh_environment(folder: Path, wheels: list[Path], options: list[str]) -> Path:
    """Make a virtual environment and install the wheels. Returns its Python."""
    msg.info(f"Installing {', '.join(wheel.name for wheel in wheels)} into a fresh environment")
    _run([sys.executable, "-m", "venv", str(folder / "venv")], folder)
    python = folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [str(python), "-I", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _run([*pip, *options, *(str(wheel.resolve()) for wheel in wheels)], folder)
    return python


def run_inside(python: Path, folder: Path, jobs: list[tuple[str, str]]) -> dict:
    """What the check that runs in the environment found out."""
    report = folder / "report.json"
    _run([str(python), "-I", "-X", "utf8", str(CHECK), json.dumps(jobs), str(report)], folder)
    return json.loads(report.read_text(encoding="utf8"))


def _run(arguments: list[str], folder: Path) -> None:
    """Run away from the source tree; what it says matters only if it fails."""
    done = subprocess.run(arguments, cwd=folder, capture_output=True, encoding="utf8", errors="replace")
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-20:]
        raise RNNError(Errors.R403.format(command=" ".join(arguments[:5]), said="\n".join(said)))
