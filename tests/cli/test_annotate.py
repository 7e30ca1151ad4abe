"""Raw text that trained recognisers annotate, for others to learn from."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import DocBin
from typer.testing import CliRunner

from spacy_rnn.cli import app
from spacy_rnn.training.annotate import read_tags

from ..pipeline.tiny_ner import TOK2VEC, entities, make_examples, make_nlp, predicted, train


def call(*arguments):
    return CliRunner().invoke(app, ["annotate", *map(str, arguments)])


@pytest.fixture(scope="module", params=["en", "ru"])
def teachers(request, tmp_path_factory):
    """Two models that know the corpus, and its sentences without annotation."""
    folder = tmp_path_factory.mktemp("teachers")
    for seed, steps in enumerate((30, 40)):
        nlp = make_nlp(request.param)
        examples = make_examples(nlp, request.param)
        train(nlp, examples, steps)
        nlp.to_disk(folder / f"model{seed}")
    lines = [" ".join(token.text for token in example.reference) for example in examples]
    (folder / "text.txt").write_text("\n".join([*lines, "Zzz qqq"]) + "\n", encoding="utf8")
    return folder, nlp, examples


def docs_of(path, nlp):
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def test_what_they_are_sure_of(teachers):
    folder, nlp, examples = teachers
    result = call(folder / "text.txt", folder / "out.spacy", folder / "model0", folder / "model1", "--confidence", 0.6)
    assert result.exit_code == 0, result.output
    made = {doc.text: doc for doc in docs_of(folder / "out.spacy", nlp)}
    gold = {example.reference.text: example.reference for example in examples}
    assert sum(len(doc.ents) for doc in made.values()) >= 5
    for text, doc in made.items():
        if text in gold:
            spans = {(ent.start, ent.end, ent.label_) for ent in gold[text].ents}
            assert {(ent.start, ent.end, ent.label_) for ent in doc.ents} <= spans
    pupil = make_nlp(nlp.lang)
    train(pupil, [spacy.training.Example(pupil.make_doc(doc.text), doc) for doc in made.values()], 60)
    assert predicted(pupil, examples) == predicted(nlp, examples)


def test_what_they_doubt_is_missing(teachers):
    folder, nlp, _ = teachers
    result = call(folder / "text.txt", folder / "sure.spacy", folder / "model0", "--confidence", 0.9999999)
    if result.exit_code:
        assert "R368" in result.output and not (folder / "sure.spacy").exists()
    else:
        assert any(token.ent_iob == 0 for doc in docs_of(folder / "sure.spacy", nlp) for token in doc)


def test_sentences_without_entities(teachers):
    folder, nlp, _ = teachers
    for empty, wanted in ((0, 0), (1, 1)):
        call(folder / "text.txt", folder / "empty.spacy", folder / "model0", "--confidence", 0.5, "--empty", empty)
        found = [doc for doc in docs_of(folder / "empty.spacy", nlp) if not doc.ents]
        assert len(found) >= wanted if wanted else not found


def test_gold_goes_in_as_well(teachers):
    folder, nlp, examples = teachers
    DocBin(docs=[example.reference for example in examples]).to_disk(folder / "gold.spacy")
    call(folder / "text.txt", folder / "alone.spacy", folder / "model0", "--confidence", 0.5)
    options = ("--confidence", 0.5, "--gold", folder / "gold.spacy", "--repeat", 3)
    result = call(folder / "text.txt", folder / "both.spacy", folder / "model0", *options)
    alone, both = (docs_of(folder / name, nlp) for name in ("alone.spacy", "both.spacy"))
    assert len(both) == len(alone) + 3 * len(examples)
    assert f"3 times {len(examples)} Docs of" in result.output
    assert (
        "R3" in call(folder / "text.txt", folder / "b.spacy", folder / "model0", "--gold", folder / "none.spacy").output
    )


def test_gold_with_labels_that_the_models_do_not_know(teachers, tmp_path):
    folder, nlp, _ = teachers
    doc = spacy.tokens.Doc(nlp.vocab, words=["Zzz"], ents=["B-GADGET"])
    DocBin(docs=[doc]).to_disk(tmp_path / "gold.spacy")
    for out, code in (("out.spacy", "R370"), ("gold.spacy", "R354")):
        result = call(folder / "text.txt", tmp_path / out, folder / "model0", "--gold", tmp_path / "gold.spacy")
        assert result.exit_code == 1 and code in result.output
    assert len(docs_of(tmp_path / "gold.spacy", nlp)) == 1 and not (tmp_path / "out.spacy").exists()


def test_a_model_that_listens(tmp_path):
    """Its vectors come from a component before it."""
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 32}
    nlp = make_nlp(tok2vec=listener)
    nlp.add_pipe("tok2vec", first=True, config={"model": TOK2VEC})
    examples = make_examples(nlp)
    train(nlp, examples, 40)
    nlp.to_disk(tmp_path / "model")
    (tmp_path / "text.txt").write_text("\n".join(example.reference.text for example in examples), encoding="utf8")
    result = call(tmp_path / "text.txt", tmp_path / "out.spacy", tmp_path / "model", "--confidence", 0.6)
    assert result.exit_code == 0, result.output
    made = {doc.text: entities(doc) for doc in docs_of(tmp_path / "out.spacy", nlp)}
    wanted = {example.reference.text: entities(example.reference) for example in examples if example.reference.ents}
    assert wanted.items() <= made.items()


def test_models_that_do_not_fit(teachers, tmp_path):
    folder, nlp, _ = teachers
    spacy.blank(nlp.lang).to_disk(tmp_path / "none")
    assert "R365" in call(folder / "text.txt", tmp_path / "out.spacy", tmp_path / "none").output
    other = make_nlp(nlp.lang, scheme="IOB2")
    train(other, make_examples(other, nlp.lang), 2)
    other.to_disk(tmp_path / "other")
    result = call(folder / "text.txt", tmp_path / "out.spacy", folder / "model0", tmp_path / "other")
    assert result.exit_code and "R369" in result.output and not (tmp_path / "out.spacy").exists()
    assert "R201" in call(tmp_path / "no.txt", tmp_path / "out.spacy", folder / "model0").output


@pytest.mark.parametrize(
    "tags, spans, missing",
    [
        ("O U-PER O", [(1, 2, "PER")], []),
        ("B-ORG I-ORG L-ORG U-LOC", [(0, 3, "ORG"), (3, 4, "LOC")], []),
        ("B-ORG ? L-ORG O", [], [0, 1, 2]),
        ("B-PER I-PER O B-LOC", [(0, 2, "PER"), (3, 4, "LOC")], []),
        ("B-PER I-PER ?", [], [0, 1, 2]),
        ("I-PER O", [], [0]),
        ("? O ?", [], [0, 2]),
        ("", [], []),
    ],
)
def test_read_tags(tags, spans, missing):
    assert read_tags([None if tag == "?" else tag for tag in tags.split()]) == (spans, missing)


@given(st.lists(st.sampled_from([None, "O", *(f"{mark}-{t}" for mark in "BILU" for t in ("A", "B"))])))
def test_each_token_is_told_once(tags):
    spans, missing = read_tags(tags)
    told = [i for start, end, _ in spans for i in range(start, end)] + missing
    assert len(told) == len(set(told))
    assert all(i in told or tags[i] == "O" for i in range(len(tags)))
    assert all(tags[i] is not None for start, end, _ in spans for i in range(start, end))
