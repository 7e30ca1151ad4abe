"""Named entities beside spaCy's `ner`, Flair and Stanza: the verbs ner, decoders, confidence, speed of labelling.py."""

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy
import spacy
from baselines import numpy_gemm
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from thinc.api import Config, NumpyOps

from spacy_rnn.training.calibration import SURE, reliability
from spacy_rnn.training.gold import bare_copy, read_gold
from spacy_rnn.training.span_scores import collect
from spacy_rnn.training.tags import read_tag
from spacy_rnn.training.tags import spans_of as spans_of_tags

PEERS = Path(__file__).with_name("labelling_peers.py")
TESTS = ("test", "pud")
POSSIBLE = 0.01  # a marginal below counts as zero: nearly all are, and right
Spans = list[tuple[int, int, str]]  # first token, the one behind the last, type


# -- How good


def ner(args: argparse.Namespace) -> None:
    args.work.mkdir(parents=True, exist_ok=True)
    gold = {name: read_gold(args.corpus / f"{name}.spacy", spacy.blank(args.lang).vocab) for name in TESTS}
    runs: dict[str, list[dict[str, list[Spans]]]] = {"rnn_ner": [found_by(spacy.load(m), gold) for m in args.models]}
    runs["spaCy ner"] = [spacy_ner(args, seed, gold) for seed in args.spacy_seeds]
    if args.peers:
        write_case(args)
        runs["Flair BiLSTM-CRF"] = [peer_ner(args, "flair", seed) for seed in args.flair_seeds]
        runs["Stanza BiLSTM-CRF"] = [peer_ner(args, "stanza", seed) for seed in args.stanza_seeds]
    for name, docs in gold.items():
        types = sorted({ent.label_ for doc in docs for ent in doc.ents})
        print(f"\n{name}: {len(docs):,} sentences, {sum(len(doc.ents) for doc in docs):,} entities")
        print(f"{'':18}{'runs':>5}" + "".join(f"{column:>13}" for column in ("F1", "P", "R", *types)))
        for system, found in runs.items():
            if found:
                columns = zip(*(score(docs, run[name], types) for run in found), strict=True)
                print(f"{system:18}{len(found):5}" + "".join(f"{mean_and_deviation(c):>13}" for c in columns))


def found_by(nlp: Language, gold: dict[str, list[Doc]]) -> dict[str, list[Spans]]:
    """Entities on gold tokens."""
    docs = {name: nlp.pipe(bare_copy(doc, nlp) for doc in docs) for name, docs in gold.items()}
    return {name: [spans_of(doc) for doc in found] for name, found in docs.items()}


def spans_of(doc: Doc) -> Spans:
    return [(ent.start, ent.end, ent.label_) for ent in doc.ents]


def score(gold: list[Doc], found: list[Spans], types: Iterable[str]) -> list[float]:
    """F1, precision and recall of whole entities, F1 of each type; all by spaCy's scorer, times 100."""
    examples = []
    for doc, spans in zip(gold, found, strict=True):
        guess = Doc(doc.vocab, words=[token.text for token in doc])
        guess.ents = [Span(guess, start, end, label) for start, end, label in spans]
        examples.append(Example(guess, doc))
    scores = get_ner_prf(examples)
    per_type = scores["ents_per_type"]
    return [100 * x for x in (*(scores[f"ents_{x}"] for x in "fpr"), *(per_type[t]["f"] for t in types))]


def mean_and_deviation(values: Iterable[float], form: str = "{:.1f}") -> str:
    values = list(values)
    spread = f" ± {form.format(statistics.stdev(values))}" if len(values) > 1 else ""
    return f"{form.format(statistics.mean(values))}{spread}"


def spacy_ner(args: argparse.Namespace, seed: int, gold: dict[str, list[Doc]]) -> dict[str, list[Spans]]:
    """Trained by `spacy train`'s loop unless it was before."""
    folder = args.work / f"spacy-{seed}"
    if not (folder / "done").exists():
        folder.mkdir(exist_ok=True)
        NumpyOps.gemm = numpy_gemm
        train(init_nlp(spacy_config(args, seed)), folder)
        (folder / "done").touch()
    return found_by(spacy.load(folder / "model-best"), gold)


def spacy_config(args: argparse.Namespace, seed: int) -> Config:
    """`spacy init config --pipeline ner --optimize accuracy`: HashEmbedCNN with static vectors, ours."""
    config = init_config(lang=args.lang, pipeline=["ner"], optimize="accuracy")
    config["paths"].update({name: str(args.corpus / f"{name}.spacy") for name in ("train", "dev")})
    config["paths"]["vectors"] = str(args.vectors)
    config["nlp"]["vectors"] = {"@vectors": "spacy-rnn.FastTextVectors.v1"}
    config["system"]["seed"] = config["training"]["seed"] = seed
    config["training"]["max_steps"] = args.spacy_steps
    return config


def peer_ner(args: argparse.Namespace, peer: str, seed: int) -> dict[str, list[Spans]]:
    """Trained by benchmarks/labelling_peers.py unless it was before."""
    folder = args.work / f"{peer}-{seed}"
    if not all((folder / f"{name}.json").exists() for name in TESTS):
        options = ["--seed", str(seed), "--epochs", str(args.epochs)]
        subprocess.run([args.peers, str(PEERS), "train", peer, str(case_of(args)), str(folder), *options], check=True)
    return {name: read_found(folder / f"{name}.json") for name in TESTS}


def read_found(path: Path) -> list[Spans]:
    return [[tuple(span) for span in spans] for spans in json.loads(path.read_text(encoding="utf8"))]


def case_of(args: argparse.Namespace) -> Path:
    return args.work / "case"


def write_case(args: argparse.Namespace) -> None:
    """The same sentences and vectors, for a Python without spaCy."""
    nlp = spacy.load(args.vectors)
    folder, words = case_of(args), set()
    folder.mkdir(exist_ok=True)
    for name in ("train", "dev", *TESTS):
        docs = read_gold(args.corpus / f"{name}.spacy", nlp.vocab)
        data = [([token.text for token in doc], spans_of(doc)) for doc in docs]
        words.update(word for sentence, _ in data for word in sentence)
        (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf8")
    listed = sorted(words)
    (folder / "words.json").write_text(json.dumps(listed), encoding="utf8")
    vectors = nlp.vocab.vectors.get_batch([nlp.vocab.strings.add(word) for word in listed])
    numpy.save(folder / "vectors.npy", numpy.asarray(vectors, dtype="float32"))


# -- Of what use the chain is


def decoders(args: argparse.Namespace) -> None:
    print(f"{'F1':8}{'runs':>5}{'best labelling':>16}{'best label of each token':>26}")
    pipelines = [spacy.load(model) for model in args.models]
    for name in TESTS:
        gold = read_gold(args.corpus / f"{name}.spacy", spacy.blank(args.lang).vocab)
        rows = []
        for nlp in pipelines:
            both = found_by(nlp, {name: gold})[name], token_by_token(nlp, gold)
            rows.append([score(gold, found, [])[0] for found in both])
        cells = [mean_and_deviation(column, "{:.2f}") for column in zip(*rows, strict=True)]
        print(f"{name:8}{len(rows):5}{cells[0]:>16}{cells[1]:>26}")


def token_by_token(nlp: Language, gold: list[Doc]) -> list[Spans]:
    """What the label of the highest score at each token says, as it is without a chain. What goes on begins, too."""
    component, docs = nlp.get_pipe("rnn_ner"), [bare_copy(doc, nlp) for doc in gold]
    labels = [read_tag(label) for label in component.columns.labels]
    return [spans_of_tags([labels[i] for i in scores.argmax(1)]) for scores in component.model.predict(docs)]


# -- How sure


def confidence(args: argparse.Namespace) -> None:
    """Means over the models, each with its deviation."""
    print(f"{'':8}{'runs':>5}{'entities':>15}{'ECE':>15}{'by chance':>15}{f'>= {SURE}':>15}", end="")
    print(f"{'of them right':>15}{'marginals':>15}{'ECE':>15}")
    pipelines = [spacy.load(model) for model in args.models]
    for name in TESTS:
        gold = read_gold(args.corpus / f"{name}.spacy", spacy.blank(args.lang).vocab)
        rows = [how_sure(nlp, gold) for nlp in pipelines]
        columns = zip(*rows, strict=True)
        formats = ("{:,.0f}", "{:.3f}", "{:.3f}", "{:,.0f}", "{:.1f}%", "{:,.0f}", "{:.3f}")
        cells = (mean_and_deviation(column, form) for column, form in zip(columns, formats, strict=True))
        print(f"{name:8}{len(rows):5}" + "".join(f"{cell:>15}" for cell in cells))


def how_sure(nlp: Language, gold: list[Doc]) -> tuple[float, ...]:
    """Of the entities found: how many, expected calibration error, what exact confidences would show, how many are sure
    and how many percent of these right. Of the marginals, a token being in an entity of a type, that are not next to
    zero: how many, expected calibration error."""
    guesses = list(nlp.pipe(bare_copy(doc, nlp) for doc in gold))
    spans = reliability(collect(gold, guesses).confident)
    marginals = []
    component = nlp.get_pipe("rnn_ner")
    for doc, (labels, p) in zip(gold, component.marginals(bare_copy(doc, nlp) for doc in gold), strict=True):
        for type_ in {label[2:] for label in labels} - {""}:
            inside = p[:, [label[2:] == type_ for label in labels]].sum(1)
            marginals += [(float(x), t.ent_type_ == type_) for x, t in zip(inside, doc, strict=True) if x >= POSSIBLE]
    tokens, sure = reliability(marginals), spans["sure"]
    right = 100 * (sure["precision"] or 0.0)
    return spans["spans"], spans["ece"], spans["chance"], sure["spans"], right, tokens["spans"], tokens["ece"]


# -- How fast


def speed(args: argparse.Namespace) -> None:
    pipelines = {model.parent.name: spacy.load(model) for model in args.models}
    docs = [doc for doc in read_gold(args.corpus / "test.spacy", spacy.blank(args.lang).vocab) if len(doc)]
    words = sum(map(len, docs))
    print(f"{args.corpus}: {len(docs):,} sentences, {words:,} words, one thread, {args.rounds} rounds")
    contestants = {}
    for name, nlp in pipelines.items():
        contestants[f"rnn_ner {name}"] = piped(nlp, docs)
        contestants[f"rnn_ner {name}, no confidence"] = piped(nlp, docs, confidence=False)
    if (args.work / "spacy-0" / "model-best").exists():
        contestants["spaCy ner"] = piped(spacy.load(args.work / "spacy-0" / "model-best"), docs)
    for peer, batch in itertools.product(("flair", "stanza"), args.batches if args.peers else ()):
        if (args.work / f"{peer}-0" / "best-model.pt").exists():
            command = [args.peers, "-W", "ignore", str(PEERS), "speed", peer, str(case_of(args))]
            command += [str(args.work / f"{peer}-0"), "--batch", str(batch)]
            contestants[f"{peer.title()}, batches of {batch}"] = answering(command)
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(args.rounds + 1):  # the first is not counted
        for name in list(contestants) if turn % 2 else reversed(contestants):
            seconds[name].append(contestants[name]())
    ours = [name for name in contestants if name.startswith("rnn_ner")]
    print(f"{'':34}{'words/s':>9}{'lowest':>9}{'highest':>9}   times as fast are:")
    for i, name in enumerate(ours):
        print(f"{'':64}({i + 1}) {name}")
    for name, (_, *times) in seconds.items():
        rates = [words / t for t in times]
        print(f"{name:34}{statistics.median(rates):9,.0f}{min(rates):9,.0f}{max(rates):9,.0f}", end="   ")
        print("".join(f"{times_as_fast(seconds[mine][1:], times):9.2f}" for mine in ours))


def times_as_fast(ours: list[float], theirs: list[float]) -> float:
    """The median over the rounds of the ratio within a round."""
    return statistics.median(their / our for our, their in zip(ours, theirs, strict=True))


def piped(nlp: Language, docs: list[Doc], confidence: bool = True) -> Callable[[], float]:
    """Seconds of nlp.pipe on Docs made beforehand."""

    def run() -> float:
        if "rnn_ner" in nlp.pipe_names:
            nlp.get_pipe("rnn_ner").cfg["confidence"] = confidence
        fresh = [bare_copy(doc, nlp) for doc in docs]
        started = time.perf_counter()
        for _ in nlp.pipe(fresh):
            pass
        return time.perf_counter() - started

    return run


def answering(command: list[str]) -> Callable[[], float]:
    """Seconds that a process measures when it is asked to."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line == "ready\n":
            break
    else:
        sys.exit(f"No answer: {' '.join(command)}")

    def run() -> float:
        print(file=process.stdin, flush=True)
        return float(process.stdout.readline())

    return run
