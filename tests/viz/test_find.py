"""What components can tell, found in a text."""

import numpy
import pytest
import spacy

from spacy_rnn.errors import RNNError
from spacy_rnn.viz.labelling.figures import least_sure
from spacy_rnn.viz.labelling.find import find, sentences_of
from spacy_rnn.viz.labelling.found import UNKNOWN, Span, describe

from ..pipeline.tiny import make_examples, make_nlp, train
from .labelling import TEXTS


def pipeline(lang="en", *names, **config):
    nlp = spacy.blank(lang)
    for name in names or ("stand_in",):
        nlp.add_pipe(name, config=config)
    return nlp


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("scheme", ["BILUO", "IOB2"])
def test_entities_with_all_there_is_to_tell(lang, scheme):
    found = find(pipeline(lang, scheme=scheme), TEXTS[lang])
    assert "".join(map("".join, zip(found.words, found.spaces, strict=True))) == TEXTS[lang] and found.lang == lang
    texts = [" ".join(found.words[span.first : span.end]) for span in found.spans]
    assert texts == (["Ann Lee", "Bob", "Oslo"] if lang == "en" else ["Анна Ли", "Бориса", "Осло"])
    assert [span.confidence for span in found.spans] == [0.98, 0.4, 0.996]
    (scores,) = found.scores
    assert (scores.component, scores.head) == ("stand_in", "") and scores.probabilities.shape[0] == len(found.words)
    got = [scores.labels[k] for k in scores.chosen]
    assert got[:4] == (["B-PER", "L-PER", "O", "U-PER"] if scheme == "BILUO" else ["B-PER", "I-PER", "O", "B-PER"])
    assert found.transitions[0].labels == scores.labels and found.morphemes is None
    assert len(found.sentences) == 3 and least_sure(found, found.scores) == [0.4, 0.999, 0.999]
    assert describe(found).startswith("3 sentences, ") and describe(found).endswith(" 3 entities")


def test_what_was_nearly_found_and_settings_that_come_back():
    nlp = pipeline()
    found = find(nlp, TEXTS["en"])
    assert found.rivals == [Span(0, 1, "LOC", 0.015)]  # neither the entities nor what has no probability
    assert nlp.get_pipe("stand_in").cfg == {"scheme": "BILUO", "nbest": 0, "temperature": 1.0}
    nlp.get_pipe("stand_in").marginals = None  # which cannot be called
    with pytest.raises(TypeError):
        find(nlp, TEXTS["en"])
    assert nlp.get_pipe("stand_in").cfg["nbest"] == 0


def test_marginals_see_the_entities_of_those_before_and_not_their_own():
    nlp = pipeline("en", "entity_ruler", "stand_in")
    nlp.get_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Oslo"}])
    found = find(nlp, TEXTS["en"])
    assert nlp.get_pipe("stand_in").seen == [["Oslo"]]
    assert [(span.label, span.confidence) for span in found.spans] == [("PER", 0.98), ("PER", 0.4), ("GPE", None)]
    assert found.scores[0].chosen[found.spans[2].first] == UNKNOWN  # GPE is none of its labels
    assert least_sure(found, found.scores)[0] == 0.4  # and so it is not unsure of it


def test_of_some_components_only():
    nlp = pipeline("en", "entity_ruler", "stand_in", "stand_in_morphemes")
    assert find(nlp, TEXTS["en"]).morphemes is not None
    found = find(nlp, TEXTS["en"], ["entity_ruler"])
    assert len(found.spans) == 3 and not found.scores and not found.transitions and found.morphemes is None
    found = find(nlp, TEXTS["en"], ["stand_in_morphemes"])
    assert found.spans is None and found.morphemes[0] == [("An", ""), ("n", "")] and found.morphemes[2][0] == ("me", "")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_tagger(lang):
    nlp = make_nlp(lang)
    train(nlp, make_examples(nlp, lang), steps=15)
    text = " ".join(token.text for token in make_examples(nlp, lang)[0].reference)
    found, doc = find(nlp, text), nlp(text)
    assert [scores.head for scores in found.scores] == ["tag", "pos", "morph"] and found.spans is None
    for scores, attribute in zip(found.scores, ("tag_", "pos_", "morph"), strict=True):
        numpy.testing.assert_allclose(scores.probabilities.sum(axis=1), 1, atol=1e-5)
        given = [str(getattr(token, attribute)) or "_" for token in doc]
        assert [scores.labels.index(label) if label in scores.labels else UNKNOWN for label in given] == scores.chosen
    assert nlp.get_pipe("rnn_tagger").cfg["store_scores"] is False
    assert "rnn_tagger_scores" not in nlp(text).user_data


def test_sentences():
    nlp = spacy.blank("en")
    doc = nlp("Dr. Lee came. \n\n  She left!  \n")
    assert [doc[a:b].text.strip() for a, b in sentences_of(doc)] == ["Dr. Lee came.", "She left!"]
    doc = nlp("St. James ate . Mr. X is here")
    doc.ents = [doc.char_span(10, 19, "X")]  # a full stop inside an entity
    assert sentences_of(doc) == [(0, len(doc))]
    nlp.add_pipe("sentencizer", config={"punct_chars": ["ate"]})
    assert len(sentences_of(nlp("St. James ate . Mr. X is here"))) == 2
    assert sentences_of(spacy.blank("ru")("Да")) == [(0, 1)]


def test_nothing_to_show():
    nlp = pipeline("en", "sentencizer", "stand_in")
    for asked in (["nothing"], ["sentencizer"], ["stand_in", "nothing"]):
        with pytest.raises(RNNError, match=f"R461.*{asked[-1]}.*can show: stand_in"):
            find(nlp, "A text.", asked)
    with pytest.raises(RNNError, match="R461.*any component"):
        find(spacy.blank("en"), "A text.")
    for text in ("", "  \n ", "\u00a0"):
        with pytest.raises(RNNError, match="R462"):
            find(nlp, text)
