"""Score a pipeline against gold: tags, entities, morphemes (on gold tokens, on raw text, and on what is new in it), and
categories of texts.

Works with every pipeline that sets ``pos_``, ``tag_``, ``morph``, ``ents`` or ``cats``. Read ``evaluate`` first;
``scores``, ``span_scores`` and ``cat_scores`` count.
"""

import time
from collections.abc import Iterable, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.training import Example

from ..errors import Errors, RNNError
from .cat_scores import score_table
from .cats import has_cats, tables
from .gold import bare_copy
from .scores import LAYERS, Tags, confusions, count_correct, fscore, per_feature, per_label
from .span_scores import compare_characters, has_entities, score_entities

SEGMENTER = "rnn_segmenter"
METRICS = ("upos", "xpos", "ufeats", "ufeats_universal", "alltags")


def evaluate(
    nlp: Language,
    gold: Iterable[Doc | Example],
    *,
    train_vocab: set[str] | None = None,
    train_entities: set[str] | None = None,
    batch_size: int = 256,
    top: int = 10,
) -> dict:
    """All scores as one dict of plain numbers (fractions of 1), ready for JSON; None for what cannot be scored.

    train_vocab, train_entities: the word forms of the training corpus, and the texts of its entities; what is not among
    them is scored apart. top: how many confusions.
    A layer that fewer than half of the gold words have is not annotated; on the others, unset counts as the tag "_".
    """
    every = [item.reference if isinstance(item, Example) else item for item in gold]
    docs = [doc for doc in every if len(doc)]
    if not docs and not has_cats(every):
        raise RNNError(Errors.R319)
    annotated = count_annotated(docs)
    layers = [layer for layer in LAYERS if docs and 2 * annotated[layer] >= sum(map(len, docs))]
    on_words = bool(layers or has_entities(docs) or has_morphemes(docs))
    if not (on_words or has_cats(every)):
        raise RNNError(Errors.R320)
    known = {"train_vocab": train_vocab, "train_entities": train_entities}
    scores = _score_words(nlp, docs, layers, **known, batch_size=batch_size, top=top) if on_words else _no_words()
    categories, speed = score_categories(nlp, every, batch_size, top) if has_cats(every) else (None, None)
    if not on_words and categories is None:
        raise RNNError(Errors.R546.format(names=", ".join(nlp.pipe_names) or "nothing"))
    return {
        "docs": len(every),
        "words": sum(map(len, docs)),
        "annotated": annotated,
        **scores,
        "has_categories": has_cats(every),
        "categories": categories,
        "docs_per_second": speed,
    }


def _score_words(
    nlp: Language,
    docs: list[Doc],
    wanted_layers: list[str],
    *,
    train_vocab: set[str] | None,
    train_entities: set[str] | None,
    batch_size: int,
    top: int,
) -> dict:
    """Tags, entities and morphemes."""
    guesses, speed = predict(nlp, [bare_copy(doc, nlp) for doc in docs], batch_size)
    predicted = count_annotated(guesses)
    layers = [layer for layer in wanted_layers if predicted[layer]]
    gold_tags, guess_tags = join_tags(docs), join_tags(guesses)
    if len(gold_tags) != len(guess_tags):
        raise RNNError(Errors.R325.format(before=len(gold_tags), after=len(guess_tags)))
    scored = {"layers": layers, "complete": layers == wanted_layers}
    raw, raw_speed = score_raw_text(nlp, docs, batch_size, **scored)
    return {
        "predicted": predicted,
        "gold_tokens": accuracy(gold_tags, guess_tags, **scored),
        "raw_text": raw,
        "oov": None if train_vocab is None else score_unseen(docs, gold_tags, guess_tags, train_vocab, **scored),
        **score_details(gold_tags, guess_tags, layers, top),
        "has_entities": has_entities(docs),
        "entities": _entities(nlp, docs, guesses, train_entities, top),
        "morphemes": score_morphemes(nlp, docs, guesses),
        "words_per_second": {"gold_tokens": speed, "raw_text": raw_speed},
    }


def _no_words() -> dict:
    """The same of a corpus that annotates none of them."""
    return {
        "predicted": dict.fromkeys(LAYERS, 0),
        "gold_tokens": fill({}, complete=False),
        "raw_text": None,
        "oov": None,
        **{"per_tag": {}, "per_feature": None, "confusions": {}},
        **{"has_entities": False, "entities": None, "morphemes": None},
        "words_per_second": {"gold_tokens": None, "raw_text": None},
    }


def score_categories(nlp: Language, docs: list[Doc], batch_size: int, top: int) -> tuple[dict | None, float]:
    """The scores of each component that sets ``doc.cats``, if one does, and the texts per second. Empty texts count."""
    inputs = [_as_raw(doc, nlp) for doc in docs]
    nlp(_as_raw(docs[0], nlp))  # to warm up
    start = time.perf_counter()
    guesses = list(nlp.pipe(inputs, batch_size=batch_size))
    speed = len(docs) / (time.perf_counter() - start)
    found = tables(nlp, docs, guesses)
    return {table.task.component: score_table(table, top) for table in found} or None, speed


def _entities(nlp: Language, docs: list[Doc], guesses: list[Doc], known: set[str] | None, top: int) -> dict | None:
    """With the gold labels that were never found because no component has them."""
    scores = score_entities(docs, guesses, known, top)
    if scores is not None:
        able = {label for labels in nlp.pipe_labels.values() for label in labels}
        missed = [label for label, found in scores["per_label"].items() if found["support"] and not found["r"]]
        scores["unknown_labels"] = [label for label in missed if able and label not in able]
    return scores


def _as_raw(doc: Doc, nlp: Language) -> Doc:
    """The text as the tokenizer cuts it; the gold words where it is not known, or longer than the tokenizer takes."""
    known = len(doc.text) <= nlp.max_length and not (doc.has_unknown_spaces and len(doc))
    return nlp.make_doc(doc.text) if known else bare_copy(doc, nlp)


def word_tags(doc: Doc) -> list[Tags]:
    return [(word.pos_ or "_", word.tag_ or "_", str(word.morph) or "_") for word in doc]


def join_tags(docs: Iterable[Doc]) -> list[Tags]:
    return [tags for doc in docs for tags in word_tags(doc)]


def count_annotated(docs: Iterable[Doc]) -> dict[str, int]:
    """How many words have each layer. A word without features can be annotated: has_morph() tells."""
    counts = dict.fromkeys(LAYERS, 0)
    for doc in docs:
        for word in doc:
            counts["upos"] += word.pos != 0
            counts["xpos"] += word.tag != 0
            counts["ufeats"] += word.has_morph()
    return counts


def predict(nlp: Language, inputs: Sequence[Doc | str], batch_size: int) -> tuple[list[Doc], float]:
    """The Docs, and the words per second. One Doc goes first, outside the timing, to warm up."""
    first = inputs[0] if isinstance(inputs[0], str) else bare_copy(inputs[0], nlp)
    nlp(first)
    start = time.perf_counter()
    docs = list(nlp.pipe(inputs, batch_size=batch_size))
    return docs, sum(map(len, docs)) / (time.perf_counter() - start)


def accuracy(gold: Sequence[Tags], guess: Sequence[Tags], *, layers: list[str], complete: bool) -> dict:
    right = count_correct(gold, guess, layers) if layers else {}
    return fill({name: count / len(gold) for name, count in right.items()} if gold else {}, complete)


def fill(scores: dict, complete: bool) -> dict:
    """Every metric by name: None where it is not scored, as alltags is when a gold layer is not predicted."""
    return {name: scores.get(name) if name != "alltags" or complete else None for name in METRICS}


def score_raw_text(
    nlp: Language, docs: list[Doc], batch_size: int, *, layers: list[str], complete: bool
) -> tuple[dict | None, float | None]:
    """F1 over the tokenizer's words. None if the gold does not know where the spaces were."""
    if any(doc.has_unknown_spaces for doc in docs):
        return None, None
    guesses, speed = predict(nlp, [doc.text for doc in docs], batch_size)
    gold_aligned, guess_aligned, predicted = [], [], 0
    for doc, guess in zip(docs, guesses, strict=True):
        spans = {
            (t.idx, t.idx + len(t)): tags for t, tags in zip(guess, word_tags(guess), strict=True) if not t.is_space
        }
        predicted += len(spans)
        for word, tags in zip(doc, word_tags(doc), strict=True):
            found = spans.get((word.idx, word.idx + len(word)))
            if found is not None:
                gold_aligned.append(tags)
                guess_aligned.append(found)
    words = sum(map(len, docs))
    right = count_correct(gold_aligned, guess_aligned, layers) if layers else {}
    scores = fill({name: fscore(count, predicted, words) for name, count in right.items()}, complete)
    scores["entities"] = compare_characters(docs, guesses)
    return {"tokens": fscore(len(gold_aligned), predicted, words), **scores}, speed


def has_morphemes(docs: list[Doc]) -> bool:
    return Token.has_extension("morphemes") and any(word._.morphemes for doc in docs for word in doc)


def score_morphemes(nlp: Language, docs: list[Doc], guesses: list[Doc]) -> dict | None:
    """What the component's own scorer says; None without one, or without gold."""
    names = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == SEGMENTER]
    if not names or not has_morphemes(docs):
        return None
    return nlp.get_pipe(names[0]).score([Example(guess, doc) for doc, guess in zip(docs, guesses, strict=True)])


def score_unseen(
    docs: list[Doc], gold: list[Tags], guess: list[Tags], train_vocab: set[str], *, layers: list[str], complete: bool
) -> dict:
    """Accuracy on words whose form is not in the training corpus, and how many they are."""
    forms = [word.text for doc in docs for word in doc]
    unseen = [i for i, form in enumerate(forms) if form not in train_vocab]
    scores = accuracy([gold[i] for i in unseen], [guess[i] for i in unseen], layers=layers, complete=complete)
    counts = {"words": len(unseen), "forms": len({forms[i] for i in unseen}), "rate": len(unseen) / len(forms)}
    return {**counts, **scores}


def score_details(gold: list[Tags], guess: list[Tags], layers: list[str], top: int) -> dict:
    """Tables: every tag, every feature, the most frequent confusions."""
    columns = {layer: ([tags[row] for tags in gold], [tags[row] for tags in guess]) for row, layer in enumerate(LAYERS)}
    return {
        "per_tag": {layer: per_label(*columns[layer]) for layer in layers if layer != "ufeats"},
        "per_feature": per_feature(*columns["ufeats"]) if "ufeats" in layers else None,
        "confusions": {layer: confusions(*columns[layer], top=top) for layer in layers},
    }
