"""A component that knows some names by heart, with the probabilities that it would have; and what was found by hand."""

import numpy
from spacy.language import Language
from spacy.tokens import Span
from spacy.training import iob_to_biluo, offsets_to_biluo_tags

from spacy_rnn.nets.schemes import allowed, labels_of
from spacy_rnn.pipeline.confidence import register, store
from spacy_rnn.pipeline.morphemes import add_extension
from spacy_rnn.viz.labelling.found import Found, Morpheme, Scores, Transitions
from spacy_rnn.viz.labelling.found import Span as FoundSpan

TEXTS = {
    "en": "Ann Lee met Bob in Oslo & left. It was <cold>.\n\nNobody came!",
    "ru": "Анна Ли встретила Бориса в Осло. Было «холодно».\n\nНикто не пришёл!",
}
NAMES = {"Ann Lee": ("PER", 0.98), "Bob": ("PER", 0.4), "Oslo": ("LOC", 0.996)}
NAMES |= {"Анна Ли": ("PER", 0.98), "Бориса": ("PER", 0.4), "Осло": ("LOC", 0.996)}


class StandIn:
    """As rnn_ner to its users: marginals of the Doc as it is, transitions, confidences, candidates on request."""

    def __init__(self, scheme):
        self.labels = labels_of(["LOC", "PER"], scheme)
        self.cfg = {"scheme": scheme, "nbest": 0, "temperature": 1.0}
        self.seen = []  # for each call of marginals, the entities that the Doc had
        register()

    def __call__(self, doc):
        spans = [doc.char_span(start, end, label) for start, end, label, _ in _names(doc)]
        for span, (*_, p) in zip(spans, _names(doc), strict=True):
            store(span, p)
        taken = {token.i for ent in doc.ents for token in ent}
        free = [span for span in spans if not taken & set(range(span.start, span.end))]
        doc.ents = [*doc.ents, *free]
        if self.cfg["nbest"]:
            rival = Span(doc, 0, 1, "LOC")
            store(rival, 0.015)
            doc.spans["stand_in_nbest"] = [*doc.ents, rival, Span(doc, 1, 2, "LOC")]
        return doc

    def marginals(self, docs):
        self.seen += [[ent.text for ent in doc.ents] for doc in docs]
        return [(self.labels, self.probabilities(doc)) for doc in docs]

    def probabilities(self, doc):
        tags = offsets_to_biluo_tags(doc, [(start, end, label) for start, end, label, _ in _names(doc)])
        sure = {token.i: p for start, end, _, p in _names(doc) for token in doc.char_span(start, end)}
        if self.cfg["scheme"] == "IOB2":
            tags = [tag.replace("U-", "B-").replace("L-", "I-") for tag in tags]
            assert iob_to_biluo(tags)
        found = numpy.zeros((len(doc), len(self.labels)))
        for i, tag in enumerate(tags):
            found[i] = (1 - sure.get(i, 0.999)) / (len(self.labels) - 1)
            found[i, self.labels.index(tag)] = sure.get(i, 0.999)
        return found

    def transitions(self):
        k = len(self.labels)
        return self.labels, numpy.linspace(-2.5, 2.5, k * k).reshape(k, k), allowed(self.labels, self.cfg["scheme"])[0]


def _names(doc):
    places = [(doc.text.find(name), name, *known) for name, known in NAMES.items()]
    return sorted((start, start + len(name), label, p) for start, name, label, p in places if start >= 0)


@Language.factory("stand_in", default_config={"scheme": "BILUO"})
def make_stand_in(nlp, name, scheme):
    return StandIn(scheme)


@Language.component("stand_in_morphemes", assigns=["token._.morphemes"])
def stand_in_morphemes(doc):
    add_extension()
    for token in doc:
        token._.morphemes = [part for part in (token.text[:2], token.text[2:]) if part]
    return doc


def by_hand(words, spans=(), morphemes=None, types=("PER", "LOC"), seed=0):
    """What was found in words with spaces between them: labels BILUO, one sentence."""
    rng = numpy.random.default_rng(seed)
    labels = labels_of(list(types), "BILUO")
    k, blank = len(labels), [word.isspace() for word in words]
    p = rng.dirichlet(numpy.full(k, 0.2), len(words))
    scores = Scores("stand_in", "", labels, p, p.argmax(axis=1).tolist())
    transitions = Transitions("stand_in", labels, rng.normal(size=(k, k)), allowed(labels, "BILUO").transitions)
    return Found(
        "ru", list(words), [" "] * (len(words) - 1) + [""], blank, [(0, len(words))], [FoundSpan(*s) for s in spans],
        [], [scores], [transitions], morphemes and [[Morpheme(*m) for m in word] for word in morphemes],
    )  # fmt: skip
