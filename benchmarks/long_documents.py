"""Working memory and speed on one document of any length, and whether its predictions are those of the whole.

    python benchmarks/long_documents.py [--model training/en/model-best] [--text corpus/en/text.txt] [--tokens 20000
    1000000] [--rounds 1] [--same 100000]

Each length runs in a process of its own, which makes the Doc, notes its memory, lets the component predict and
annotate, and notes the highest memory in between; annotation that the Doc keeps counts as working memory too. Memory is
what the process has for itself (RssAnon): not the mapped file of the vectors, which is read as far as its words are
met. A sentence comes first, so that what is made once counts for no length. The text comes again from its beginning
where it is too short.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import spacy
import torch
from spacy.language import Language
from spacy.tokens import Doc


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("training/en/model-best"))
    parser.add_argument("--text", type=Path, default=Path("corpus/en/text.txt"))
    parser.add_argument("--pipe", default="rnn_tagger", help="the component")
    parser.add_argument("--tokens", type=int, nargs="+", default=[20_000, 1_000_000])
    parser.add_argument("--same", type=int, default=100_000, help="tokens for the comparison with the unchunked run")
    parser.add_argument("--output", type=Path, help="write the figures there, as JSON")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.one:
        print(json.dumps(measure(args, args.one)))
        return
    figures = {"lengths": [measured_elsewhere(n) for n in args.tokens], "same": compare(args)}
    for found in figures["lengths"]:
        print("{tokens:>9,} tokens: {working_mb:7.1f} MB beyond the Doc".format(**found), end=", ")
        print("{words_per_second:,.0f} words/s, {cpu_seconds:.0f} s of a processor".format(**found))
    print("{tokens:,} tokens: {different} predictions differ from those of the unchunked run".format(**figures["same"]))
    if args.output:
        args.output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf8")


def measured_elsewhere(tokens: int) -> dict:
    command = [sys.executable, *sys.argv, "--one", str(tokens)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def measure(args: argparse.Namespace, tokens: int) -> dict:
    nlp = spacy.load(args.model)
    pipe = nlp.get_pipe(args.pipe)
    pipe(make_doc(nlp, args.text, 20))
    doc = make_doc(nlp, args.text, tokens)
    before = resident_mb()
    with Highest() as highest:
        begin, cpu = time.perf_counter(), time.thread_time()
        pipe(doc)
        seconds, cpu = time.perf_counter() - begin, time.thread_time() - cpu
    return {
        "tokens": tokens,
        "doc_mb": before,
        "working_mb": highest.mb - before,
        "words_per_second": tokens / seconds,
        "seconds": seconds,
        "cpu_seconds": cpu,
    }


def compare(args: argparse.Namespace) -> dict:
    nlp = spacy.load(args.model)
    pipe = nlp.get_pipe(args.pipe)
    docs = [make_doc(nlp, args.text, args.same) for _ in range(2)]
    parts = pipe.model.attrs["parts"]
    for doc, max_tokens in zip(docs, (parts.max_tokens, 10**9), strict=True):
        parts.max_tokens = max_tokens
        pipe(doc)
    found = [doc.to_array(["TAG", "POS", "MORPH", "ENT_IOB", "ENT_TYPE"]) for doc in docs]
    return {"tokens": args.same, "different": int((found[0] != found[1]).any(axis=1).sum())}


def make_doc(nlp: Language, text: Path, tokens: int) -> Doc:
    lines = chain.from_iterable(_lines(text) for _ in iter(int, 1))
    words = (word for line in lines for word in line.split())
    return Doc(nlp.vocab, words=list(islice(words, tokens)))


def _lines(text: Path) -> Iterator[str]:
    with text.open(encoding="utf8") as file:
        yield from file


class Highest:
    """The most memory that this process held meanwhile, looked at every few milliseconds."""

    def __enter__(self) -> "Highest":
        self.mb, self.stopped = resident_mb(), threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.stopped.wait(0.005):
            self.mb = max(self.mb, resident_mb())


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"RssAnon:\s*(\d+) kB", status)[1]) / 1000


if __name__ == "__main__":
    main()
