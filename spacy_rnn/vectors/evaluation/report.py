"""Results as tables for people, and as plain data for JSON."""

from dataclasses import asdict
from typing import NamedTuple

from .analogies import AnalogyResult, SectionResult
from .misspellings import MisspellingResult
from .run import Results
from .similarity import Correlation, SimilarityResult


class Grid(NamedTuple):
    """A table of texts; the first column is a name, the others are numbers."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str


def grids(results: Results) -> list[Grid]:
    found = [_similarity_grid(results.similarity)] if results.similarity else []
    found.extend(_analogy_grid(result) for result in results.analogies)
    if results.misspellings:
        found.append(_misspelling_grid(results.misspellings))
    return found


def _similarity_grid(results: list[SimilarityResult]) -> Grid:
    rows = [(r.name, *_correlation(r.seen), *_correlation(r.all), f"{r.total:,}") for r in results]
    header = ("Similarity", "seen words", "95%", "pairs", "all words", "95%", "pairs", "of")
    note = "Spearman's rho with human scores x 100. All words: those not seen in training are composed of their parts."
    return Grid(header, rows, note)


def _misspelling_grid(results: list[MisspellingResult]) -> Grid:
    shares = [(_percent(r.first), _percent(r.ten), _percent(r.mrr)) for r in results]
    counts = [tuple(f"{n:,}" for n in (r.asked, r.known, r.unknown, r.total)) for r in results]
    rows = [(r.name, *share, *count) for r, share, count in zip(results, shares, counts, strict=True)]
    header = ("Misspelt words", "nearest", "in 10", "MRR", "asked", "known", "right unknown", "of")
    note = "Is the right word near? Not asked: misspelt words in the vocabulary (known), and right words outside it."
    return Grid(header, rows, note)


def _analogy_grid(result: AnalogyResult) -> Grid:
    totals = [result.total()]
    if any(section.name.startswith("gram") for section in result.sections):
        totals = [result.total("semantic"), result.total("syntactic"), *totals]
    rows = [_section(section) for section in [*result.sections, *totals]]
    among = f"the {result.limit:,} most frequent words" if result.limit else "all words"
    note = f"Right answers, %, among {among}. Not asked: questions with a word that is not one of them."
    return Grid((f"Analogies: {result.name}", "3CosAdd", "3CosMul", "asked", "of"), rows, note)


def _section(result: SectionResult) -> tuple[str, ...]:
    accuracies = _percent(result.accuracy("add")), _percent(result.accuracy("mul"))
    return result.name, *accuracies, f"{result.asked:,}", f"{result.total:,}"


def _correlation(result: Correlation) -> tuple[str, str, str]:
    interval = "-" if result.low is None else f"{100 * result.low:.1f} to {100 * result.high:.1f}"
    return _percent(result.rho), interval, f"{result.pairs:,}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def markdown(tables: list[Grid]) -> str:
    return "\n".join(_markdown(table) for table in tables)


def _markdown(table: Grid) -> str:
    lines = [table.header, ("---", *["---:"] * (len(table.header) - 1)), *table.rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells) + f"\n\n{table.note}\n"


def as_data(results: Results) -> dict:
    """Everything, unrounded. Analogies: with accuracies, and totals by kind."""
    data = asdict(results)
    for result, written in zip(results.analogies, data["analogies"], strict=True):
        written["sections"] = [_with_accuracy(section) for section in result.sections]
        written["totals"] = [_with_accuracy(result.total(kind)) for kind in ("", "semantic", "syntactic")]
    return data


def _with_accuracy(section: SectionResult) -> dict:
    return asdict(section) | {"accuracy": {method: section.accuracy(method) for method in section.right}}
