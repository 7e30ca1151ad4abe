"""Do predictions depend on what else is in the batch? Counts the words whose tags differ; there should be none.

    python benchmarks/invariance.py training/en/model-best corpus/en/test.spacy

Raw text of the whole corpus through nlp.pipe with batches of 1, 7 and 256 documents, and of 256 in two processes.
"""

import argparse

import spacy
import torch
from spacy.language import Language
from spacy.tokens import DocBin

SETTINGS = {"batches of 1": {"batch_size": 1}, "batches of 7": {"batch_size": 7}, "batches of 256": {"batch_size": 256}}
SETTINGS["n_process=2"] = {"batch_size": 256, "n_process": 2}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("corpus")
    args = parser.parse_args()
    torch.set_num_threads(1)
    nlp = spacy.load(args.model)
    texts = [doc.text for doc in DocBin().from_disk(args.corpus).get_docs(nlp.vocab)]
    results = {name: predict(nlp, texts, **setting) for name, setting in SETTINGS.items()}
    reference = results["batches of 1"]
    print(f"{args.model}: {len(reference):,} words of {len(texts):,} texts")
    for name, result in results.items():
        differing = sum(one != other for one, other in zip(reference, result, strict=True))
        print(f"  {name:16} {differing} differ from those of one document at a time")


def predict(nlp: Language, texts: list[str], **setting) -> list[tuple[str, str, str]]:
    return [(t.tag_, t.pos_, str(t.morph)) for doc in nlp.pipe(texts, **setting) for t in doc]


if __name__ == "__main__":
    main()
