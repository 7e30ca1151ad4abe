"""How fast, how small and how good vector training is, beside gensim and fastText's own C++.

    python benchmarks/vectors.py speed [--text corpus/en/text.txt] [--rounds 3] [--epochs 1]
    python benchmarks/vectors.py quality [--text corpus/en/text.txt] [--sets assets/evaluation/en] [--seeds 5]
    python benchmarks/vectors.py limit [--text corpus/en/text.txt]

Every run is a process of its own, from a lower-cased text file to saved vectors, so that start-up and the vocabulary
count; peak memory is the process's. Equal settings everywhere: SETTINGS, two threads. In ``speed`` the contestants take
turns, and a ratio is the median over the rounds of the ratio within a round, so that a machine that slows down slows
all of them. ``quality`` trains with several seeds and gives mean and standard deviation; what has been trained is kept
in --work and not trained again. fastText (pip install fasttext) takes part if it is installed here or for --peers, the
Python that runs the peers; it takes no seed, and differs from run to run by its threads alone.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SETTINGS = {"dim": 100, "window": 5, "negative": 5, "min_n": 3, "max_n": 6, "bucket": 2_000_000, "min_count": 5}
SAMPLE, THREADS = 1e-3, 2
LR = {"ft-sg": 0.05, "ft-cbow": 0.05, "w2v-sg": 0.025, "w2v-cbow": 0.025, "glove": 0.05}
RUNS = {  # in the order of their turns
    "ft-sg": ["ours", "gensim", "gensim-iter", "fasttext"],
    "ft-cbow": ["ours", "gensim", "fasttext"],
    "w2v-sg": ["ours", "gensim"],
    "w2v-cbow": ["ours", "gensim"],
}


def main() -> None:
    if sys.argv[1:2] == ["peer"]:
        return run_peer(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "quality", "limit"])
    parser.add_argument("--text", type=Path, default=Path("corpus/en/text.txt"), help="one sentence a line")
    parser.add_argument("--sets", type=Path, default=Path("assets/evaluation/en"), help="folder of evaluation sets")
    parser.add_argument("--work", type=Path, default=Path("metrics/vectors"), help="where trained vectors are kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=None, help="default: 1 for speed, 5 for quality")
    parser.add_argument("--models", nargs="+", default=list(RUNS), choices=list(RUNS))
    parser.add_argument("--skip", nargs="*", default=[], help="contestants to leave out: fasttext, gensim-iter ...")
    parser.add_argument("--peers", default=sys.executable, help="the Python that has gensim and fasttext")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    text = args.work / f"{args.text.parent.name}.txt"
    if not text.exists():
        # line by line: a child's peak memory begins with that of its parent
        with args.text.open(encoding="utf8", newline="\n") as lines, text.open("w", encoding="utf8") as lowered:
            lowered.writelines(line.lower() for line in lines)
    {"speed": speed, "quality": quality, "limit": limit}[args.what](args, text)


# -- One run


def run(who: str, model: str, text: Path, out: Path, epochs: int, seed: int, peers: str) -> dict | None:
    """Seconds and peak megabytes of one training, from text to saved vectors; None if the peer is not installed."""
    if who == "ours":
        ngrams = model.startswith("ft")
        settings = SETTINGS | ({} if ngrams else {"min_n": 0, "max_n": 0})
        settings |= {"model": "cbow" if model.endswith("cbow") else "skipgram", "sample": SAMPLE, "threads": THREADS}
        settings |= {"lr": LR[model], "epochs": epochs, "seed": seed}
        options = [part for name, value in settings.items() for part in (f"--{name.replace('_', '-')}", str(value))]
        program = [sys.executable, "-m", "spacy_rnn.cli", "vectors", "train", str(text), f"{out}.safetensors"]
        command = [*program, "--lang", "xx", "--lower", "--force", *options]
    else:
        command = [peers, __file__, "peer", who, model, str(text), str(out), str(epochs), str(seed)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        if "No module named" in said:
            print(f"{who} is left out: {said.strip().splitlines()[-1]}")
            return None
        raise SystemExit(said)
    return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024}


def run_peer(who: str, model: str, text: str, out: str, epochs: str, seed: str) -> None:
    """In the process of a peer: train and save as its users do."""
    if who == "fasttext":
        import fasttext

        name = "cbow" if model.endswith("cbow") else "skipgram"
        names = {"window": "ws", "negative": "neg", "min_n": "minn", "max_n": "maxn", "min_count": "minCount"}
        settings = {names.get(key, key): value for key, value in SETTINGS.items()}
        settings |= {"t": SAMPLE, "lr": LR[model], "epoch": int(epochs), "thread": THREADS, "verbose": 0}
        return fasttext.train_unsupervised(text, model=name, **settings).save_model(f"{out}.bin")
    from gensim.models import FastText, Word2Vec
    from gensim.models.word2vec import LineSentence

    settings = {"vector_size" if key == "dim" else key: value for key, value in SETTINGS.items()}
    settings |= {"sample": SAMPLE, "alpha": LR[model], "min_alpha": 1e-4, "workers": THREADS, "seed": int(seed)}
    settings |= {"sg": int(model.endswith("sg")), "epochs": int(epochs)}
    settings |= {"sentences": LineSentence(text)} if who == "gensim-iter" else {"corpus_file": text}
    if model.startswith("w2v"):
        settings = {key: value for key, value in settings.items() if key not in ("min_n", "max_n", "bucket")}
        return Word2Vec(**settings).wv.save_word2vec_format(f"{out}.w2v.bin", binary=True)
    trained = FastText(**settings)
    if Path(out).name == "speed":  # its own way to save, which takes the least memory
        return trained.wv.save(f"{out}.gensim")
    from gensim.models.fasttext import save_facebook_model

    return save_facebook_model(trained, f"{out}.bin")


# -- Speed


def speed(args: argparse.Namespace, text: Path) -> None:
    epochs = args.epochs or 1
    words = sum(len(line.split()) for line in text.open(encoding="utf8")) * epochs
    turns = [(model, who) for model in args.models for who in RUNS[model] if who not in args.skip]
    rounds: list[dict] = []
    for number in range(args.rounds):
        rounds.append({})
        for model, who in list(turns):
            result = run(who, model, text, args.work / "speed", epochs, number + 1, args.peers)
            if result is None:
                turns.remove((model, who))
                continue
            rounds[-1][model, who] = result
            rate = words / result["seconds"] / 1000
            print(f"round {number + 1}: {model} {who}: {rate:,.0f} kwords/s, {result['mb']:,.0f} MB", flush=True)
    print("\n| model | who | kwords/s | per CPU second | peak MB | ours is faster | per CPU second | memory of ours |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for model, who in turns:
        own = [each[model, who] for each in rounds]
        ours = [each[model, "ours"] for each in rounds]
        rate, cpu = (statistics.median(words / each[key] / 1000 for each in own) for key in ("seconds", "cpu"))
        pairs = list(zip(own, ours, strict=True))
        ratio, cpu_ratio = (statistics.median(a[key] / b[key] for a, b in pairs) for key in ("seconds", "cpu"))
        memory = statistics.median(b["mb"] / a["mb"] for a, b in pairs)
        megabytes = statistics.median(each["mb"] for each in own)
        print(
            f"| {model} | {who} | {rate:,.0f} | {cpu:,.0f} | {megabytes:,.0f} | {ratio:.2f}x | {cpu_ratio:.2f}x "
            f"| {memory:.2f} |"
        )


# -- Quality


def quality(args: argparse.Namespace, text: Path) -> None:
    epochs = args.epochs or 5
    print("| model | who | seeds | " + " | ".join(titles := _titles(args.sets)) + " |")
    print("|---|---|---:|" + "---:|" * len(titles))
    for model in args.models:
        for who in RUNS[model]:
            if who in args.skip or who == "gensim-iter":
                continue
            rows = []
            for seed in range(1, args.seeds + 1):
                scores = _scores(args, text, who, model, epochs, seed)
                if scores is None:
                    break
                rows.append(scores)
            if rows:
                cells = [_mean([row[title] for row in rows]) for title in titles]
                print(f"| {model} | {who} | {len(rows)} | " + " | ".join(cells) + " |", flush=True)


def _titles(folder: Path) -> list[str]:
    from spacy_rnn.vectors.evaluation.sets import read_set

    titles = []
    for path in sorted(folder.iterdir()):
        each = read_set(path)
        if each.pairs is not None:
            titles += [path.stem, f"{path.stem} +unseen"]
        elif each.sections is not None:
            titles += [path.stem]
        else:
            titles += [f"{path.stem} @10"]
    return titles


def _mean(values: list[float | None]) -> str:
    if None in values:
        return "-"  # whole words: nothing to say of unknown ones
    mean = 100 * statistics.mean(values)
    return f"{mean:.1f} ± {100 * statistics.stdev(values):.1f}" if len(values) > 1 else f"{mean:.1f}"


def _scores(args, text: Path, who: str, model: str, epochs: int, seed: int) -> dict | None:
    """Trained and scored once, then kept as a line of JSON."""
    out = args.work / f"{text.stem}-{model}-{who}-{epochs}-{seed}"
    kept = out.with_name(out.name + ".json")
    if not kept.exists():
        if run(who, model, text, out, epochs, seed, args.peers) is None:
            return None
        trained = next(
            args.work / f"{out.name}{end}"
            for end in (".safetensors", ".bin", ".w2v.bin")
            if (args.work / f"{out.name}{end}").exists()
        )
        kept.write_text(json.dumps(_evaluate(trained, args.sets)) + "\n", encoding="utf8")
        trained.unlink()
    return json.loads(kept.read_text(encoding="utf8"))


def _evaluate(trained: Path, folder: Path) -> dict:
    from spacy_rnn.vectors.evaluation.run import evaluate
    from spacy_rnn.vectors.evaluation.sets import read_set
    from spacy_rnn.vectors.opening import open_space

    paths = sorted(folder.iterdir())
    scores = {}
    space = open_space(str(trained))
    for path in paths:
        results = evaluate(space, [read_set(path)])
        for similarity in results.similarity:
            scores |= {path.stem: similarity.seen.rho, f"{path.stem} +unseen": similarity.all.rho}
        for analogy in results.analogies:
            scores[path.stem] = analogy.total("").accuracy("add")
        for misspelling in results.misspellings:
            scores[f"{path.stem} @10"] = misspelling.ten
    return scores


# -- The limit


def limit(args: argparse.Namespace, text: Path) -> None:
    """Memory traffic of a word of text against what the machine's memory can do."""
    import numpy

    from spacy_rnn.vectors.corpus import read_blocks
    from spacy_rnn.vectors.engines.native import NativeEngine
    from spacy_rnn.vectors.fit import Position, fit
    from spacy_rnn.vectors.model import create_model
    from spacy_rnn.vectors.noise import thin_out
    from spacy_rnn.vectors.settings import VectorSettings
    from spacy_rnn.vectors.vocabulary import encode

    settings = VectorSettings(**SETTINGS, sample=SAMPLE, threads=THREADS, epochs=1)
    blocks = read_blocks([text], None, lambda done: None)
    corpus = encode(
        blocks, args.work / "limit.i32", settings.normalization, min_count=5, most=settings.max_vocab, hold_out=False
    )
    model = create_model(corpus.words, corpus.counts, settings, "xx")
    starts, _ = model.index()
    kept = corpus.counts * numpy.minimum(thin_out(corpus.counts, SAMPLE) / 2**32, 1)
    rows = float((kept * numpy.diff(starts)).sum() / corpus.known)  # input rows of a word of text
    noise = float(kept.sum() / corpus.known) * 2  # 32 noise rows for 16 positions
    row = settings.dim * 4
    traffic = (rows + noise) * row * 2  # read and written; the rows of neighbours stay in the cache
    started, done = time.perf_counter(), []
    fit(NativeEngine(model), corpus, model, Position(), progress=lambda state: None, log=done)
    rate = done[0]["words_per_second"]
    print(f"{corpus.known:,} words, {len(model.inputs):,} rows of {row} bytes, {model.inputs.nbytes / 1e6:.0f} MB")
    print(f"a word of text: {rows:.1f} input rows, {noise:.1f} noise rows, {traffic / 1000:.1f} KB read and written")
    print(f"{rate / 1e6:.2f}M words/s in {time.perf_counter() - started:.1f} s: {rate * traffic / 1e9:.1f} GB/s")
    for name, measure in (("in order", _copy), ("rows at random", _scatter)):
        best = max(measure(model.inputs, row) for _ in range(3))
        print(f"memory, {THREADS} threads, {name}: {best:.1f} GB/s; reached {rate * traffic / 1e9 / best:.0%}")


def _in_threads(work) -> float:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(THREADS) as pool:
        started = time.perf_counter()
        moved = sum(pool.map(work, range(THREADS)))
        return moved / (time.perf_counter() - started) / 1e9


def _copy(inputs, row: int) -> float:
    """GB/s read and written, far beyond the cache."""
    import numpy

    arrays = [(numpy.ones(2**25, dtype=numpy.float32), numpy.ones(2**25, dtype=numpy.float32)) for _ in range(THREADS)]

    def work(thread: int) -> int:
        source, target = arrays[thread]
        for _ in range(5):
            numpy.copyto(target, source)
        return 5 * 2 * source.nbytes

    return _in_threads(work)


def _scatter(inputs, row: int) -> float:
    """GB/s of rows read and written at places drawn at random from a table of this size."""
    import numpy

    places = [numpy.random.default_rng(i).integers(len(inputs), size=200_000) for i in range(THREADS)]

    def work(thread: int) -> int:
        rows = inputs[places[thread]]
        inputs[places[thread]] = rows
        return 2 * 2 * rows.nbytes

    return _in_threads(work)


if __name__ == "__main__":
    main()
