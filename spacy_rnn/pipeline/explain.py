"""Why a text classifier said so: Docs -> windows -> nets/saliency.py and nets/firing.py -> an Explanation of each Doc.

Whatever has a model of this package can be explained, spaCy's own textcat too. Windows of a long Doc have one vote
each, so what a token adds in its window is divided by their number. Start reading at `explain`.
"""

from collections.abc import Iterable
from typing import Any, Literal

import numpy
import torch
from spacy.attrs import IDS
from spacy.pipeline.tok2vec import Tok2VecListener
from spacy.tokens import Doc
from thinc.api import Model

from ..bridge.convert import flat_of
from ..errors import Errors, RNNError
from ..nets.classifier import FilterReader, RecurrentReader, TextClassifier
from ..nets.firing import fire, reach
from ..nets.ngrams import ngram_spans
from ..nets.saliency import STEPS, Shares, Texts, gradients, of_zeros, without_each
from .categories import probabilities
from .explanation import Explanation, Firing, Ngram

METHODS = ("gradient", "integrated", "occlusion")
DEFAULT = "integrated"  # a gradient alone vanishes where a state is saturated; docs/explaining.md has figures
Method = Literal["gradient", "integrated", "occlusion"]


def can_explain(pipe: Any) -> bool:
    """Whether the component's model is one of this package's text classifiers."""
    model = getattr(pipe, "model", None)
    return isinstance(model, Model) and "logits" in model.ref_names and "window_groups" in model.get_ref("logits").attrs


def explain(
    pipe: Any, docs: Doc | Iterable[Doc], label: str | Iterable[str] | None = None, method: str | None = None
) -> Any:
    """An Explanation of each Doc, or of the one Doc.

    label: None for the most probable one of each Doc. For several labels there is a list of Explanations.
    """
    single, several = isinstance(docs, Doc), not (label is None or isinstance(label, str))
    docs = [docs] if isinstance(docs, Doc) else list(docs)
    check(pipe, docs, method)
    numbers = None
    if label is not None:
        row = [number_of(pipe, name) for name in ([label] if isinstance(label, str) else label)]
        numbers = numpy.tile(numpy.array(row, dtype="int64"), (len(docs), 1))
    found = explain_columns(pipe, docs, numbers, method)
    found = found if several else [one for (one,) in found]
    return found[0] if single else found


def check(pipe: Any, docs: Iterable[Doc] = (), method: str | None = None) -> None:
    """R551: what cannot be explained. R552: not trained. R553: no such method. R554: Docs without vectors.
    R561: something else than Docs."""
    name = getattr(pipe, "name", None) or type(pipe).__name__
    if not can_explain(pipe):
        raise RNNError(Errors.R551.format(name=name))
    if not pipe.model.get_ref("heads").shims[0].built:
        raise RNNError(Errors.R552.format(name=name))
    check_method(method)
    for doc in docs:
        if not isinstance(doc, Doc):
            raise RNNError(Errors.R561.format(name=name, found=type(doc).__name__))
    listens = any(isinstance(node, Tok2VecListener) for node in pipe.model.get_ref("tok2vec").walk())
    if listens and any(len(doc) and not doc.tensor.size for doc in docs):
        raise RNNError(Errors.R554.format(name=name))


def check_method(method: str | None) -> None:
    if method is not None and method not in METHODS:
        raise RNNError(Errors.R553.format(method=method, known=", ".join(METHODS)))


def number_of(pipe: Any, label: str) -> int:
    if label not in pipe.labels:
        known = ", ".join(pipe.labels[:10]) + ", ..." * (len(pipe.labels) > 10)
        raise RNNError(Errors.R555.format(name=pipe.name, label=label, known=known))
    return pipe.labels.index(label)


def explain_columns(
    pipe: Any, docs: list[Doc], columns: Any = None, method: str | None = None
) -> list[list[Explanation]]:
    """columns: Docs x K numbers of labels; None for the most probable label of each Doc."""
    if not docs or columns is not None and not numpy.size(columns):
        return [[] for _ in docs]
    reader = Reader(pipe, method or DEFAULT)
    columns = reader.logits(docs).argmax(1)[:, None] if columns is None else numpy.asarray(columns)
    accounts = [Account(len(doc), columns.shape[1], len(pipe.labels)) for doc in docs]
    for windows, texts in reader.groups(docs):
        wanted = torch.from_numpy(columns[windows.doc]).to(texts.flat.device)
        reader.read(docs, windows, texts, wanted, accounts)
    logits = numpy.array([account.logits / account.windows for account in accounts]) / reader.temperature
    scores = probabilities(logits, reader.exclusive)
    return [
        [account.told(pipe, reader, k, int(number), float(p[number])) for k, number in enumerate(row)]
        for account, row, p in zip(accounts, columns, scores, strict=True)
    ]


class Account:
    """What is added up of one Doc, window by window."""

    def __init__(self, length: int, labels: int, all_labels: int):
        self.windows = 0
        self.logits = numpy.zeros(all_labels)
        self.base = numpy.zeros(all_labels)
        self.tokens = numpy.zeros((length, labels))
        self.attention = numpy.zeros(length)
        self.filters: list[list[tuple]] = [[] for _ in range(labels)]  # the fields of a Firing
        self.ngrams: list[list[tuple]] = [[] for _ in range(labels)]

    def told(self, pipe: Any, reader: "Reader", k: int, number: int, probability: float) -> Explanation:
        share = 1 / (self.windows * reader.temperature)
        return Explanation(
            component=pipe.name,
            label=pipe.labels[number],
            method=reader.method,
            probability=probability,
            logit=float(self.logits[number] * share),
            tokens=(self.tokens[:, k] * share).astype("float32"),
            attention=(self.attention / self.windows).astype("float32") if reader.attends else None,
            filters=_strongest(Firing, self.filters[k], share),
            ngrams=_strongest(Ngram, self.ngrams[k], share),
            base=float(self.base[number] * share) if reader.method == "integrated" else None,
        )


def _strongest(kind: type[Firing] | type[Ngram], found: list[tuple], share: float) -> list:
    """The last of each tuple is what was added."""
    found = sorted((one for one in found if one[-1]), key=lambda one: -abs(one[-1]))
    return [kind(*one[:-1], one[-1] * share) for one in found]


class Reader:
    """Reads Docs as the component does, and asks its net why."""

    def __init__(self, pipe: Any, method: str):
        self.method = method
        self.logits_model = pipe.model.get_ref("logits")
        self.net: TextClassifier = pipe.model.get_ref("heads").shims[0].net
        self.exclusive = not pipe.model.attrs["multi_label"]
        self.temperature = getattr(pipe, "cfg", {}).get("temperature", 1.0)
        self.grams = self.logits_model.attrs["reading"].ngrams
        self.filters = isinstance(self.net.reader, FilterReader)
        self.attends = isinstance(self.net.reader, RecurrentReader) and self.net.reader.attention is not None

    def logits(self, docs: list[Doc]) -> numpy.ndarray:
        return self.logits_model.ops.to_numpy(self.logits_model.predict(docs))

    def groups(self, docs: list[Doc]):
        """Windows, and what the net gets of them."""
        model, device = self.logits_model, self.logits_model.get_ref("heads").shims[0].device
        for windows, X, (ngrams, ngram_lengths) in model.attrs["window_groups"](model, docs):
            yield windows, Texts(*flat_of(model.ops, X, device), ngrams, ngram_lengths)

    def read(self, docs: list[Doc], windows: Any, texts: Texts, columns: torch.Tensor, accounts: list[Account]):
        """Add what these windows tell to the accounts of their Docs."""
        shares = gradients(self.net, texts, columns, self.exclusive, STEPS * (self.method == "integrated"))
        tokens = shares.tokens.cpu().numpy()
        ngrams = shares.ngrams.cpu().numpy()
        if self.method == "occlusion":
            tokens = self._falls(docs, windows, texts, columns, shares)
        base = of_zeros(self.net, texts, self.exclusive).cpu().numpy() if self.method == "integrated" else None
        attention = self._attention(texts)
        firing = fire(self.net, texts, columns, self.exclusive) if self.filters else None
        reaches = reach(self.net.reader) if self.filters else []
        at = numpy.cumsum(texts.lengths) - texts.lengths
        gram_at = numpy.cumsum(texts.ngram_lengths) - texts.ngram_lengths
        for i, window in enumerate(windows):
            account, length = accounts[window.doc], window.end - window.begin
            account.windows += 1
            account.logits += shares.logits[i].cpu().numpy()
            account.base += 0 if base is None else base[i]
            rows = account.tokens[window.begin : window.end]
            rows += tokens[at[i] : at[i] + length]
            account.attention[window.begin : window.end] = attention[at[i] : at[i] + length]
            spans = ngram_spans(length, self.grams["sizes"]) if texts.ngram_lengths[i] else []
            self._add_ngrams(account, window.begin, spans, ngrams[gram_at[i] :], rows)
            if firing is not None and length:
                for k, list_ in enumerate(account.filters):
                    list_ += _firings(
                        window, reaches, firing.activation[i], firing.position[i], firing.contribution[k, i]
                    )

    def _add_ngrams(self, account: Account, begin: int, spans: list, values: numpy.ndarray, rows: numpy.ndarray):
        for (first, end), value in zip(spans, values, strict=False):
            for k, one in enumerate(value.tolist()):
                account.ngrams[k].append((begin + first, begin + end, one))
            if self.method != "occlusion":
                rows[first:end] += value / (end - first)

    def _falls(self, docs: list[Doc], windows: Any, texts: Texts, columns: torch.Tensor, shares: Shares):
        found = []
        for i, (window, flat) in enumerate(zip(windows, texts.flat.split(texts.lengths.tolist()), strict=True)):
            words = None
            if self.grams["rows"]:
                words = docs[window.doc].to_array([IDS[self.grams["attr"]]]).reshape(-1)[window.begin : window.end]
            without = without_each(self.net, flat, words, self.grams["sizes"], self.exclusive)
            found.append((shares.logits[i] - without)[:, columns[i]].cpu().numpy())
        return numpy.concatenate(found)

    def _attention(self, texts: Texts) -> numpy.ndarray:  # N
        if not self.attends or not len(texts.flat):
            return numpy.zeros(len(texts.flat))
        reader = self.net.reader
        with torch.no_grad():
            states = reader.encoder(texts.flat, texts.lengths)
            return reader.attention.weights(states, texts.lengths)[:, 0].cpu().numpy()


def _firings(window: Any, reaches: list, activation: Any, position: Any, contribution: Any) -> list[tuple]:
    """The fields of Firings, of one window and label."""
    found, length = [], window.end - window.begin
    for f in numpy.flatnonzero(contribution).tolist():
        before, after = reaches[f]
        first, end = max(0, position[f] - before), min(length, position[f] + after + 1)
        place = (window.begin + int(first), window.begin + int(end))
        found.append((f, *place, float(activation[f]), float(contribution[f])))
    return found
