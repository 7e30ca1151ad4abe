"""Flair's recogniser, for benchmarks/labelling.py, which starts this with the Python that has Flair.

    python benchmarks/labelling_peers.py train CASE OUT --seed 0 --epochs 100
    python benchmarks/labelling_peers.py speed CASE MODEL --batch 32

CASE is a folder with SET.json of each set, a list of [words, spans], a span being [first, behind the last, type]; and
the vectors of all words in it, words.json and vectors.npy. ``train`` keeps the model that was best on dev, and writes
what it finds in the other sets into OUT/SET.json. ``speed`` predicts test as often as a line comes in, and says how
many seconds that took; sentences are made beforehand, outside that time.

The recogniser is Flair's SequenceTagger with all its defaults: a BiLSTM with 256 units a direction and a CRF over word
vectors and CharacterEmbeddings (a BiLSTM over characters that is trained with it), trained by ModelTrainer.train with
its defaults: SGD, learning rate 0.1, halved after four epochs without progress on dev, batches of 32 sentences. Its
list of characters is that of train; Flair's own would be fetched from the internet. But when its speed is measured, the
words of a batch go through the characters' LSTM together rather than one sentence at a time: training is three times as
fast so, with the same numbers, except that Flair 0.15.1 gives a word that a sentence repeats the characters of another.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy
import torch

LABEL = "ner"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("train")
    verb.add_argument("case", type=Path)
    verb.add_argument("out", type=Path)
    verb.add_argument("--seed", type=int, default=0)
    verb.add_argument("--epochs", type=int, default=100)
    verb.set_defaults(run=train)
    verb = verbs.add_parser("speed")
    verb.add_argument("case", type=Path)
    verb.add_argument("model", type=Path)
    verb.add_argument("--batch", type=int, default=32)
    verb.set_defaults(run=speed)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.run(args)


def train(args: argparse.Namespace) -> None:
    import flair
    from flair.data import Corpus
    from flair.datasets import FlairDatapointDataset
    from flair.embeddings import CharacterEmbeddings
    from flair.models import SequenceTagger
    from flair.trainers import ModelTrainer

    flair.set_seed(args.seed)
    CharacterEmbeddings._add_embeddings_internal = embed_together
    sets = {path.stem: read(path) for path in sorted(args.case.glob("*.json")) if path.stem != "words"}
    parts = {name: FlairDatapointDataset(sentences(sets[name])) for name in ("train", "dev")}
    corpus = Corpus(**parts, sample_missing_splits=False)
    tagger = SequenceTagger(
        embeddings=embeddings(args.case, sets["train"]),
        tag_dictionary=corpus.make_label_dictionary(LABEL, add_unk=False),
        tag_type=LABEL,
    )
    ModelTrainer(tagger, corpus).train(args.out, max_epochs=args.epochs, save_final_model=False)
    tagger = SequenceTagger.load(args.out / "best-model.pt")
    for name in sets.keys() - {"train", "dev"}:
        found = [spans_of(sentence) for sentence in predicted(tagger, sentences(sets[name], gold=False), 64)]
        (args.out / f"{name}.json").write_text(json.dumps(found), encoding="utf8")


def speed(args: argparse.Namespace) -> None:
    from flair.models import SequenceTagger

    tagger = SequenceTagger.load(args.model)
    data = read(args.case / "test.json")
    print("ready", flush=True)
    for _ in sys.stdin:
        fresh = sentences(data, gold=False)
        started = time.perf_counter()
        predicted(tagger, fresh, args.batch)
        print(time.perf_counter() - started, flush=True)


def read(path: Path) -> list:
    return json.loads(path.read_text(encoding="utf8"))


def sentences(data: list, gold: bool = True) -> list:
    from flair.data import Sentence

    made = []
    for words, spans in data:
        made.append(Sentence(words))
        if len(made[-1]) != len(words):
            sys.exit(f"Flair does not keep these words: {words}")
        for start, end, label in spans if gold else ():
            made[-1][start:end].add_label(LABEL, label)
    return made


def embeddings(case: Path, data: list) -> object:
    """Our vectors of all words, also of those that training does not have, beside characters."""
    from flair.data import Dictionary
    from flair.embeddings import CharacterEmbeddings, StackedEmbeddings, WordEmbeddings

    vectors = numpy.load(case / "vectors.npy")
    vocab = {word: i for i, word in enumerate(read(case / "words.json"))}
    words = WordEmbeddings(None, vocab=vocab, embedding_length=vectors.shape[1], name="ours")
    unknown = numpy.zeros((1, vectors.shape[1]), dtype="float32")
    words.embedding = torch.nn.Embedding.from_pretrained(torch.from_numpy(numpy.concatenate([vectors, unknown])))
    chars = Dictionary(add_unk=True)
    for char in sorted({char for sentence, _ in data for word in sentence for char in word}):
        chars.add_item(char)
    return StackedEmbeddings([words, CharacterEmbeddings(chars)])


def embed_together(self, made: list) -> None:
    """What CharacterEmbeddings does, for all sentences at once and for each form once."""
    forms = dict.fromkeys(token.text for sentence in made for token in sentence)
    numbers = {form: i for i, form in enumerate(forms)}
    rows = [torch.tensor(self.char_dictionary.get_idx_for_items(list(form))) for form in forms]
    lengths = [len(row) for row in rows]
    chars = self.char_embedding(torch.nn.utils.rnn.pad_sequence(rows))
    packed = torch.nn.utils.rnn.pack_padded_sequence(chars, lengths, enforce_sorted=False)
    states, lengths = torch.nn.utils.rnn.pad_packed_sequence(self.char_rnn(packed)[0])
    last = states[lengths - 1, torch.arange(len(rows))].unbind()
    for sentence in made:
        for token in sentence:
            token.set_embedding(self.name, last[numbers[token.text]])


def predicted(tagger: object, made: list, batch: int) -> list:
    tagger.predict(made, mini_batch_size=batch)
    return made


def spans_of(sentence: object) -> list[tuple[int, int, str]]:
    spans = [label.data_point for label in sentence.get_labels(LABEL)]
    return [(span[0].idx - 1, span[-1].idx, span.get_label(LABEL).value) for span in spans]


if __name__ == "__main__":
    main()
