"""Flair's and Stanza's recognisers, for benchmarks/labelling.py, which starts this with the Python that has them.

    python benchmarks/labelling_peers.py train flair|stanza CASE OUT --seed 0 --epochs 100
    python benchmarks/labelling_peers.py speed flair|stanza CASE OUT --batch 32

CASE is a folder with SET.json of each set, a list of [words, spans], a span being [first, behind the last, type]; and
the vectors of all words in it, words.json and vectors.npy. ``train`` keeps in OUT the model that was best on dev, and
writes what it finds in the other sets into OUT/SET.json. ``speed`` predicts test as often as a line comes in, and says
how many seconds that took; sentences are made beforehand, outside that time.

Flair: SequenceTagger with all its defaults, a BiLSTM with 256 units a direction and a CRF over word vectors and
CharacterEmbeddings (a BiLSTM over characters that is trained with it), trained by ModelTrainer.train with its defaults:
SGD, learning rate 0.1, halved after four epochs without progress on dev, batches of 32 sentences. Its list of
characters is that of train; Flair's own would be fetched from the internet. But when its speed is measured, the words
of a batch go through the characters' LSTM together rather than one sentence at a time: training is three times as fast
so, with the same numbers, except that Flair 0.15.1 gives a word that a sentence repeats the characters of another.

Stanza: ner_tagger with all its defaults (the same sizes and the same SGD, looking at dev every 500 batches, and 100
units a direction for the characters), but without a language model over characters, which would have to be fetched, and
with words as they are, since our vectors lower their case where they want it.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import torch

LABEL = "ner"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in ("train", "speed"):
        verb = verbs.add_parser(name)
        verb.add_argument("peer", choices=sorted(PEERS))
        verb.add_argument("case", type=Path)
        verb.add_argument("out", type=Path)
    verb.add_argument("--batch", type=int, default=32, help="sentences")
    verb = verbs.choices["train"]
    verb.add_argument("--seed", type=int, default=0)
    verb.add_argument("--epochs", type=int, default=100, help="at most")
    args = parser.parse_args()
    torch.set_num_threads(1)
    {"train": train, "speed": speed}[args.verb](args, *PEERS[args.peer])


def train(args: argparse.Namespace, learn: Callable, load: Callable) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    sets = {path.stem: read(path) for path in sorted(args.case.glob("*.json")) if path.stem != "words"}
    learn(args, sets["train"], sets["dev"])
    prepare, predict = load(args.case, args.out)
    for name in sets.keys() - {"train", "dev"}:
        found = predict(prepare(sets[name]), 64)
        (args.out / f"{name}.json").write_text(json.dumps(found), encoding="utf8")


def speed(args: argparse.Namespace, _: Callable, load: Callable) -> None:
    prepare, predict = load(args.case, args.out, as_it_is=True)
    data = read(args.case / "test.json")
    print("ready", flush=True)
    for _ in sys.stdin:
        fresh = prepare(data)
        started = time.perf_counter()
        predict(fresh, args.batch)
        print(time.perf_counter() - started, flush=True)


def read(path: Path) -> list:
    return json.loads(path.read_text(encoding="utf8"))


# -- Flair


def train_flair(args: argparse.Namespace, train: list, dev: list) -> None:
    import flair
    from flair.data import Corpus
    from flair.datasets import FlairDatapointDataset
    from flair.embeddings import CharacterEmbeddings
    from flair.models import SequenceTagger
    from flair.trainers import ModelTrainer

    flair.set_seed(args.seed)
    CharacterEmbeddings._add_embeddings_internal = embed_together
    parts = {"train": FlairDatapointDataset(sentences(train)), "dev": FlairDatapointDataset(sentences(dev))}
    corpus = Corpus(**parts, sample_missing_splits=False)
    tagger = SequenceTagger(
        embeddings=embeddings(args.case, train),
        tag_dictionary=corpus.make_label_dictionary(LABEL, add_unk=False),
        tag_type=LABEL,
    )
    ModelTrainer(tagger, corpus).train(args.out, max_epochs=args.epochs, save_final_model=False)


def load_flair(case: Path, out: Path, as_it_is: bool = False) -> tuple[Callable, Callable]:
    from flair.embeddings import CharacterEmbeddings
    from flair.models import SequenceTagger

    if not as_it_is:
        CharacterEmbeddings._add_embeddings_internal = embed_together
    tagger = SequenceTagger.load(out / "best-model.pt")

    def predict(made: list, batch: int) -> list:
        tagger.predict(made, mini_batch_size=batch)
        return [flair_spans(sentence) for sentence in made]

    return lambda data: sentences(data, gold=False), predict


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


def flair_spans(sentence: object) -> list[tuple[int, int, str]]:
    spans = [label.data_point for label in sentence.get_labels(LABEL)]
    return [(span[0].idx - 1, span[-1].idx, span.get_label(LABEL).value) for span in spans]


# -- Stanza


def train_stanza(args: argparse.Namespace, train: list, dev: list) -> None:
    from stanza.models import ner_tagger
    from stanza.models.common.pretrain import PretrainedWordVocab

    vocab = PretrainedWordVocab(read(args.case / "words.json"))
    vectors = torch.from_numpy(numpy.load(args.case / "vectors.npy"))
    special = torch.zeros(len(vocab) - len(vectors), vectors.shape[1])
    torch.save({"vocab": vocab.state_dict(), "emb": torch.cat([special, vectors])}, args.out / "vectors.pt")
    for name, data in (("train", train), ("dev", dev)):
        (args.out / f"{name}.stanza").write_text(json.dumps(stanza_words(data)), encoding="utf8")
    files = {"train_file": "train.stanza", "eval_file": "dev.stanza", "wordvec_pretrain_file": "vectors.pt"}
    options = {name: args.out / file for name, file in files.items()}
    options |= {"save_dir": args.out, "save_name": "best-model.pt", "shorthand": "xx_set", "seed": args.seed}
    options["max_steps"] = args.epochs * -(-len(train) // 32)
    ner_tagger.main(["--cpu", "--no_lowercase", *(f"--{name}={value}" for name, value in options.items())])


def load_stanza(case: Path, out: Path, as_it_is: bool = False) -> tuple[Callable, Callable]:
    from stanza.models.common.doc import Document
    from stanza.models.common.pretrain import Pretrain
    from stanza.models.ner.data import DataLoader
    from stanza.models.ner.trainer import Trainer

    trainer = Trainer(model_file=str(out / "best-model.pt"), pretrain=Pretrain(str(out / "vectors.pt")), device="cpu")

    @torch.no_grad()
    def predict(document: Document, batch: int) -> list:
        """As Stanza's NERProcessor does."""
        about = {"vocab": trainer.vocab, "evaluation": True, "preprocess_tags": False}
        batches = DataLoader(document, batch, trainer.args, **about)
        return [spans_of(tags) for part in batches for tags in trainer.predict(part)]

    return lambda data: Document(stanza_words([(words, []) for words, _ in data])), predict


def stanza_words(data: list) -> list[list[dict]]:
    made = []
    for words, spans in data:
        tags = ["O"] * len(words)
        for start, end, label in spans:
            tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
        made.append([{"id": i, "text": w, "ner": t} for i, (w, t) in enumerate(zip(words, tags, strict=True), 1)])
    return made


def spans_of(tags: list[str]) -> list[tuple[int, int, str]]:
    """The spans of BIOES tags; what goes on without having begun, begins."""
    spans, inside = [], False
    for i, tag in enumerate(tags):
        letter, _, label = tag.partition("-")
        if label and inside and letter in "IE" and spans[-1][2] == label:
            spans[-1] = (spans[-1][0], i + 1, label)
        elif label:
            spans.append((i, i + 1, label))
        inside = bool(label) and letter in "BI"
    return spans


PEERS = {"flair": (train_flair, load_flair), "stanza": (train_stanza, load_stanza)}

if __name__ == "__main__":
    main()
