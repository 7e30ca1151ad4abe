"""How small tables of vectors get and what that costs, how fast they load and look words up, and what formats cost.

    python benchmarks/tables.py size --vectors FILE [--sets assets/evaluation/en] [--seeds 3]
    python benchmarks/tables.py load [--rows 1000000] [--dim 300] [--rounds 3]
    python benchmarks/tables.py lookup --vectors FILE [--words 20000] [--rounds 3]
    python benchmarks/tables.py formats --vectors FILE [--rounds 3]

FILE is in any format that can be read; for ``lookup`` it must have n-grams. ``size`` compares similarity (Spearman's
rho over pairs of known words) with that of the same table in float32. ``load`` makes a table of random vectors and
made-up words. In ``load`` and ``formats`` every run is a process of its own; time and memory begin after the imports,
and pages of a mapped file count as memory once they are touched. "From disk": the file has been dropped from the
system's cache (Linux). Contestants take turns; figures are medians over the rounds, and a ratio is the median of the
ratios within a round. One thread. gensim must be installed. Files are made in --work and removed at the end: 7 GB for a
million rows of 300 numbers.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

FEW = 1000  # words looked up after loading
BATCH = 1000  # keys looked up at once
FORMATS = {  # kind: file, how gensim reads it
    "word2vec": ("table.vec", "gensim text"),
    "glove": ("table.txt", "gensim text without header"),
    "word2vec-binary": ("table.w2v.bin", "gensim binary"),
    "fasttext": ("table.bin", "gensim fasttext"),
    "safetensors": ("again.safetensors", None),
    "pipeline": ("pipeline", None),
}


def main() -> None:
    if sys.argv[1:2] == ["one"]:
        return run_one(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["size", "load", "lookup", "formats"])
    parser.add_argument("--vectors", type=Path, help="trained vectors, in any format")
    parser.add_argument("--sets", type=Path, default=Path("assets/evaluation/en"), help="folder of evaluation sets")
    parser.add_argument("--work", type=Path, default=Path("metrics/tables"), help="where files are made")
    parser.add_argument("--seeds", type=int, default=3, help="of each quantised form")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--dim", type=int, default=300)
    parser.add_argument("--words", type=int, default=20_000, help="known words looked up, and as many unseen ones")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if args.what != "load" and args.vectors is None:
        parser.error(f"{args.what} needs --vectors")
    args.work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=args.work) as folder:
        {"size": size, "load": load, "lookup": lookup, "formats": formats}[args.what](args, Path(folder))


# -- One run


def run(*command: object) -> dict:
    """What ``run_one`` measures, in a process of its own. This process stays small: a child's peak memory begins with
    that of its parent."""
    started = [sys.executable, __file__, "one", *map(str, command)]
    return json.loads(subprocess.run(started, stdout=subprocess.PIPE, check=True).stdout)


def run_one(job: str, path: str, *more: str) -> None:
    """Import, then do the job: its seconds, those of looking the words up if there are any, peak megabytes of both."""
    warnings.simplefilter("ignore")
    work = JOBS[job](Path(path), *more)
    times, before = [time.perf_counter()], _peak()
    look_up = work()
    times.append(time.perf_counter())
    if callable(look_up):
        look_up(_few(Path(path)))
        times.append(time.perf_counter())
    seconds = [end - start for start, end in zip(times, times[1:], strict=False)]
    print(json.dumps({"seconds": seconds, "mb": _peak() - before}))


def _peak() -> float:
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _few(path: Path) -> list[str]:
    return (path.parent / "few").read_text(encoding="utf8").split()


def _ours(path: Path, how: str = "mapped") -> Callable:
    from spacy_rnn.vectors.table import FastTextVectors

    return lambda: FastTextVectors(mmap=how == "mapped").from_disk(path).get_batch


def _spacy(path: Path) -> Callable:
    from spacy.vectors import Vectors

    return lambda: Vectors().from_disk(path, exclude=["strings"]).get_batch


def _gensim(path: Path, how: str) -> Callable:
    from gensim.models import KeyedVectors

    ways = {
        "mapped": lambda: KeyedVectors.load(str(path), mmap="r"),
        "whole": lambda: KeyedVectors.load(str(path)),
        "binary": lambda: KeyedVectors.load_word2vec_format(path, binary=True),
    }
    return lambda: ways[how]().__getitem__


def _gensim_reads(path: Path, how: str) -> Callable:
    from gensim.models import KeyedVectors
    from gensim.models.fasttext import load_facebook_vectors

    ways = {
        "gensim text": lambda: KeyedVectors.load_word2vec_format(path),
        "gensim text without header": lambda: KeyedVectors.load_word2vec_format(path, no_header=True),
        "gensim binary": lambda: KeyedVectors.load_word2vec_format(path, binary=True),
        "gensim fasttext": lambda: load_facebook_vectors(path),
    }
    return lambda: bool(ways[how]())


def _read(path: Path, kind: str) -> Callable:
    import spacy  # noqa: F401 - the formats that need it import it late

    from spacy_rnn.vectors.formats import read

    return lambda: bool(read(path, kind=kind))


def _write(path: Path, kind: str, source: str) -> Callable:
    import spacy  # noqa: F401 - as above

    from spacy_rnn.vectors.format import load_table
    from spacy_rnn.vectors.formats import write

    table = load_table(source, mmap=False)
    return lambda: write(table, path, kind=kind)


def _copy(path: Path, source: str) -> Callable:
    from spacy_rnn.vectors.format import save_table
    from spacy_rnn.vectors.formats import read

    return lambda: save_table(read(source), path)


def _make(folder: Path, rows: str, dim: str) -> Callable:
    return lambda: make(folder, int(rows), int(dim))


JOBS: dict[str, Callable[..., Callable]] = {
    "ours": _ours,
    "spacy": _spacy,
    "gensim": _gensim,
    "gensim reads": _gensim_reads,
    "read": _read,
    "write": _write,
    "copy": _copy,
    "make": _make,
}


# -- Size


def size(args: argparse.Namespace, folder: Path) -> None:
    from spacy_rnn.vectors.evaluation.sets import read_set
    from spacy_rnn.vectors.format import load_table, save_table
    from spacy_rnn.vectors.formats import read

    sets = [each for each in map(read_set, sorted(args.sets.iterdir())) if each.pairs is not None]
    table = read(args.vectors).astype("float32")
    dim = table.vectors.shape[1]
    forms: dict[str, Callable] = {"float32": lambda seed: table, "float16": lambda seed: table.astype("float16")}
    forms["--compress"] = lambda seed: table.quantize(seed=seed)
    for parts in (dim // 4, dim // 2):
        forms[f"--pq {parts}"] = lambda seed, parts=parts: table.quantize(parts, seed=seed)
    print(f"{len(table.words):,} words of {dim} numbers, {len(table.ngrams):,} rows for n-grams")
    print("\n| form | MB | smaller | similarity | +unseen | " + " | ".join(each.name for each in sets) + " |")
    print("|---|---:|---:|---:|---:|" + "---:|" * len(sets))
    whole = None
    for name, form in forms.items():
        rows, file = [], folder / "form.safetensors"
        for seed in range(1 if name.startswith("float") else args.seeds):
            save_table(form(seed), file)
            rows.append(_quality(load_table(file), sets))
        found = [[row[i] for row in rows] for i in range(len(rows[0]))]  # of each column, over the seeds
        if whole is None:
            whole, cells = (file.stat().st_size, rows[0]), [f"{100 * value:.1f}" for value in rows[0]]
        else:
            cells = [_share(values, of) for values, of in zip(found, whole[1], strict=True)]
        megabytes = file.stat().st_size
        print(f"| {name} | {megabytes / 1e6:.1f} | {whole[0] / megabytes:.1f}x | {' | '.join(cells)} |", flush=True)


def _quality(table, sets: list) -> list[float]:
    """Mean rho over the sets, the same with unseen words composed, and rho of each set."""
    from spacy_rnn.vectors.evaluation.run import evaluate
    from spacy_rnn.vectors.opening import from_table

    results = evaluate(from_table(table), sets).similarity
    seen = [each.seen.rho for each in results]
    return [statistics.mean(seen), statistics.mean(each.all.rho for each in results), *seen]


def _share(values: list[float], whole: float) -> str:
    shares = [100 * value / whole for value in values]
    spread = f" ± {statistics.stdev(shares):.1f}" if len(shares) > 1 else ""
    return f"{statistics.mean(shares):.1f}%{spread}"


# -- Load


def load(args: argparse.Namespace, folder: Path) -> None:
    contestants = {
        "ours, mapped": ("ours", "words.safetensors"),
        "ours, read whole": ("ours", "words.safetensors", "whole"),
        "ours with n-grams, mapped": ("ours", "ngrams.safetensors"),
        "ours with n-grams, read whole": ("ours", "ngrams.safetensors", "whole"),
        "ours, float16, mapped": ("ours", "half.safetensors"),
        "ours, quantised, mapped": ("ours", "quantised.safetensors"),
        "gensim, mapped": ("gensim", "words.kv", "mapped"),
        "gensim, read whole": ("gensim", "words.kv", "whole"),
        "gensim, word2vec's binary file": ("gensim", "words.bin", "binary"),
        "spaCy's Vectors": ("spacy", "spacy"),
    }
    run("make", folder, args.rows, args.dim)
    os.sync()
    rounds: list[dict] = []
    for _ in range(args.rounds):
        rounds.append({})
        for name, (job, file, *how) in contestants.items():
            _forget(folder)
            cold, warm = (run(job, folder / file, *how) for _ in range(2))
            rounds[-1][name] = [*warm["seconds"], *cold["seconds"], warm["mb"]]
            print(f"{name}: {' '.join(f'{value:.3f}' for value in rounds[-1][name])}", file=sys.stderr, flush=True)
    print(f"{args.rows:,} words of {args.dim} numbers, and {args.rows // 5:,} rows for n-grams where there are any\n")
    few = f"{FEW:,} words, s"
    print(f"| | MB on disk | load, s | {few} | from disk: load, s | {few} | memory, MB | ours, mapped, is faster |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, (_, file, *_) in contestants.items():
        *seconds, megabytes = (statistics.median(each[name][i] for each in rounds) for i in range(5))
        ratio = statistics.median(sum(each[name][:2]) / sum(each["ours, mapped"][:2]) for each in rounds)
        cells = " | ".join(f"{value:.3f}" for value in seconds)
        print(f"| {name} | {_megabytes(folder / file):,.0f} | {cells} | {megabytes:,.0f} | {ratio:.1f}x |")


def make(folder: Path, rows: int, dim: int) -> None:
    import numpy
    from gensim.models import KeyedVectors
    from spacy.vectors import Vectors

    from spacy_rnn.vectors.format import Table, save_table
    from spacy_rnn.vectors.formats import write
    from spacy_rnn.vectors.quantize import Quantized

    rng = numpy.random.default_rng(0)
    words = [_spell(i) for i in range(rows)]
    (folder / "few").write_text(" ".join(rng.permutation(words)[:FEW].tolist()), encoding="utf8")
    vectors = rng.standard_normal((rows, dim), dtype=numpy.float32)
    table = Table(words, vectors, vectors[:0])
    save_table(table, folder / "words.safetensors")
    save_table(table._replace(ngrams=vectors[: rows // 5], min_n=3, max_n=6), folder / "ngrams.safetensors")
    save_table(table.astype("float16"), folder / "half.safetensors")
    parts = dim // 3
    codes = rng.integers(256, size=(rows, parts), dtype=numpy.uint8)
    centroids = rng.standard_normal((parts, 256, 3), dtype=numpy.float32)
    basis = numpy.eye(parts * 3, dim, dtype=numpy.float32)
    quantised = Quantized(codes, numpy.ones(rows, dtype=numpy.float16), centroids, basis)
    save_table(table._replace(vectors=quantised), folder / "quantised.safetensors")
    write(table, folder / "words.bin", kind="word2vec-binary")
    keyed = KeyedVectors(dim)
    keyed.add_vectors(words, vectors)
    keyed.save(str(folder / "words.kv"))
    Vectors(data=vectors, keys=words).to_disk(folder / "spacy")


def _spell(number: int) -> str:
    """A word of six letters or more: another one for each number."""
    code, letters = number * 48_271 % (2**31 - 1) + 26**5, ""
    while code:
        code, letter = divmod(code, 26)
        letters += chr(ord("a") + letter)
    return letters


def _files(path: Path) -> list[Path]:
    """The file; all files of a folder; with gensim's, those that its arrays lie in."""
    return [each for each in (path, *path.rglob("*"), *path.parent.glob(f"{path.name}.*")) if each.is_file()]


def _megabytes(path: Path) -> float:
    return sum(file.stat().st_size for file in _files(path)) / 1e6


def _forget(folder: Path) -> None:
    """Have the next reader of any file wait for the disk; where the system can do that."""
    if hasattr(os, "posix_fadvise"):
        for file in _files(folder):
            with file.open("rb") as opened:
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


# -- Looking up


def lookup(args: argparse.Namespace, folder: Path) -> None:
    from gensim.models.fasttext import load_facebook_vectors
    from spacy.strings import StringStore
    from spacy.vectors import Vectors

    from spacy_rnn.vectors.format import load_table, save_table
    from spacy_rnn.vectors.formats import read, write
    from spacy_rnn.vectors.table import FastTextVectors

    warnings.simplefilter("ignore")
    table = read(args.vectors).astype("float32")
    strings = StringStore()
    words = {"known": table.words[: args.words]}
    words["unseen"] = _misspell(words["known"], set(table.words))
    keys = {which: [strings.add(word) for word in each] for which, each in words.items()}
    forms = {"float32": table, "float16": table.astype("float16"), "quantised": table.quantize()}
    for name, form in forms.items():
        save_table(form, folder / f"{name}.safetensors")
    write(table, folder / "table.bin", kind="fasttext")
    keyed = load_facebook_vectors(folder / "table.bin")
    theirs = Vectors(data=table.vectors, keys=list(table.words))
    columns = [f"{which}, {state}" for which in words for state in ("first time", "again")]
    rounds: list[dict] = []
    for _ in range(args.rounds):
        rounds.append({})
        for name in forms:
            mapped = load_table(folder / f"{name}.safetensors")
            for which in words:
                vectors = FastTextVectors.from_table(mapped, strings)
                for state in ("first time", "again"):
                    rounds[-1][f"ours, {name}", f"{which}, {state}"] = _rate(vectors.get_batch, keys[which])
        for which in words:
            rounds[-1]["gensim's FastText", f"{which}, again"] = _rate(keyed.__getitem__, words[which])
        rounds[-1]["spaCy's Vectors", "known, again"] = _rate(theirs.get_batch, keys["known"])
    print(f"{len(words['known']):,} known words and {len(words['unseen']):,} unseen ones, {BATCH:,} at once;")
    print("thousand words a second, and how many times as fast as gensim\n")
    print("| | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for name in dict.fromkeys(name for name, _ in rounds[0]):
        print(f"| {name} | " + " | ".join(_cell(rounds, name, column) for column in columns) + " |")


def _misspell(words: list[str], known: set[str]) -> list[str]:
    """Each with one letter twice, if that is no word."""
    chance = random.Random(0)
    places = [chance.randrange(len(word)) for word in words]
    changed = [word[:place] + word[place] + word[place:] for word, place in zip(words, places, strict=True)]
    return [word for word in dict.fromkeys(changed) if word not in known]


def _rate(look_up: Callable, keys: list) -> float:
    """Words a second, in batches."""
    started = time.perf_counter()
    for start in range(0, len(keys), BATCH):
        look_up(keys[start : start + BATCH])
    return len(keys) / (time.perf_counter() - started)


def _cell(rounds: list[dict], name: str, column: str) -> str:
    if (name, column) not in rounds[0]:
        return ""
    rate = statistics.median(each[name, column] for each in rounds) / 1000
    peer = "gensim's FastText", column.replace("first time", "again")
    return f"{rate:,.0f} ({statistics.median(each[name, column] / each[peer] for each in rounds):.1f}x)"


# -- Formats


def formats(args: argparse.Namespace, folder: Path) -> None:
    source = folder / "table.safetensors"
    run("copy", source, args.vectors)
    rounds: list[dict] = []
    sizes = {}
    for number in range(args.rounds):
        rounds.append({})
        made = folder / str(number)
        made.mkdir()
        for kind, (name, peer) in FORMATS.items():
            file = made / name
            rounds[-1][kind, "write"] = run("write", file, kind, source)
            rounds[-1][kind, "read"] = run("read", file, kind)
            if peer:
                rounds[-1][kind, "gensim"] = run("gensim reads", file, peer)
            sizes[kind] = _megabytes(file)
            print(kind, rounds[-1][kind, "read"], file=sys.stderr, flush=True)
    print("| format | MB on disk | write, s | its MB | read, s | its MB | gensim reads, s | its MB | ours is faster |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for kind in FORMATS:
        cells = [f"{sizes[kind]:,.1f}"]
        for job in ("write", "read", "gensim"):
            own = [each[kind, job] for each in rounds if (kind, job) in each]
            seconds = [statistics.median(each["seconds"][0] for each in own)] if own else []
            cells += [f"{seconds[0]:.3f}", f"{statistics.median(each['mb'] for each in own):,.0f}"] if own else ["", ""]
        pairs = [(each[kind, "gensim"], each[kind, "read"]) for each in rounds if (kind, "gensim") in each]
        ratio = [statistics.median(a["seconds"][0] / b["seconds"][0] for a, b in pairs)] if pairs else []
        print(f"| {kind} | {' | '.join(cells)} | {f'{ratio[0]:.1f}x' if ratio else ''} |")


if __name__ == "__main__":
    main()
