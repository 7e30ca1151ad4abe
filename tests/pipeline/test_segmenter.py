"""rnn_segmenter as spaCy uses it: from add_pipe to other processes."""

import json

import numpy
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed

from spacy_rnn.errors import RNNError
from spacy_rnn.pipeline.segmenter_scorer import segmenter_score

SMALL = {
    "model": {
        "@architectures": "spacy-rnn.Segmenter.v1",
        "encode": {"@architectures": "spacy-rnn.RNNEncoder.v1", "width": 32},
        "width": 24,
        "ngram_rows": 1000,
        "members": 2,
    }
}
EN = "walk/er walk/s un/do re/do/ing un/walk/ing do/er a"
RU = "за:PREF/пис:ROOT/к:SUFF/а:END пере:PREF/пис:ROOT/чик:SUFF слов:ROOT/а:END слов:ROOT/ник:SUFF за:PREF/слон:ROOT"
CORPORA = {"en": EN, "ru": RU}


def make_examples(nlp, lang="en", size=2):
    words = CORPORA[lang].split()
    examples = []
    for begin in range(0, len(words), size):
        cut = [[tuple(part.partition(":")[::2]) for part in word.split("/")] for word in words[begin : begin + size]]
        texts = ["".join(text for text, _ in parts) for parts in cut]
        reference = Doc(nlp.vocab, words=texts)
        for token, parts in zip(reference, cut, strict=True):
            token._.morphemes = parts
        examples.append(Example(Doc(nlp.vocab, words=texts), reference))
    return examples


def make_nlp(lang="en", **config):
    fix_random_seed(0)
    nlp = spacy.blank(lang)
    nlp.add_pipe("rnn_segmenter", config={**SMALL, **config})
    return nlp


def changed(**changes):
    return {"model": {**SMALL["model"], **changes}}


def train(nlp, examples, steps=60, **settings):
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.01
    for _ in range(steps):
        losses = nlp.update(examples, sgd=optimizer, **settings)
    return losses


def cut(doc):
    return [t._.morphemes and [(str(m), m.type) for m in t._.morphemes] for t in doc]


def gold(examples):
    return [cut(example.reference) for example in examples]


def predicted(nlp, examples):
    return [cut(doc) for doc in nlp.pipe([Doc(nlp.vocab, words=[t.text for t in e.reference]) for e in examples])]


def segmenter_of(nlp):
    return nlp.get_pipe("rnn_segmenter")


@pytest.fixture(scope="module", params=["en", "ru"])
def trained(request):
    nlp = make_nlp(request.param)
    examples = make_examples(nlp, request.param)
    train(nlp, examples)
    return nlp, examples


# -- before training


def test_not_initialized():
    nlp = spacy.blank("en")
    assert nlp.add_pipe("rnn_segmenter").labels == ()
    with pytest.raises(ValueError, match="E109"):
        nlp("A text.")
    segmenter_of(nlp).add_label("ROOT")
    with pytest.raises(RNNError, match="R001|R140"):
        nlp("A text.")


def test_initialize_without_data():
    for nothing in (lambda: [], None):
        with pytest.raises(TypeError, match="E930"):
            segmenter_of(make_nlp()).initialize(nothing)
    nlp = make_nlp()
    bare = [Example(nlp.make_doc("so"), nlp.make_doc("so"))]
    with pytest.raises(RNNError, match="R142"):
        nlp.initialize(lambda: bare)
    bare[0].reference[0]._.morphemes = ["such"]
    with pytest.raises(RNNError, match="R142.*such as so: such"):
        nlp.initialize(lambda: bare)


def test_types_come_from_the_data():
    nlp = make_nlp("ru")
    nlp.initialize(lambda: make_examples(nlp, "ru"))
    assert segmenter_of(nlp).label_data == ["END", "PREF", "ROOT", "SUFF"] == list(segmenter_of(nlp).labels)
    other = make_nlp("ru")
    segmenter_of(other).initialize(lambda: make_examples(other, "ru")[:1], labels=segmenter_of(nlp).label_data)
    assert segmenter_of(other).labels == segmenter_of(nlp).labels
    assert other.update(make_examples(other, "ru"), sgd=other.create_optimizer())["rnn_segmenter"] > 0


def test_add_label():
    nlp = make_nlp("ru")
    assert [segmenter_of(nlp).add_label(label) for label in ("ROOT", "ROOT", "LINK")] == [1, 0, 1]
    with pytest.raises(RNNError, match="R144"):
        segmenter_of(nlp).add_label("")
    nlp.initialize(lambda: make_examples(nlp, "ru"))
    assert {"END", "LINK", "ROOT"} <= set(segmenter_of(nlp).labels)
    with pytest.raises(RNNError, match="R143"):
        segmenter_of(nlp).add_label("NEW")


def test_types_never_seen_are_told():
    nlp = make_nlp("ru")
    nlp.initialize(lambda: make_examples(nlp, "ru")[2:])  # a prefix, a root: no endings
    with pytest.warns(UserWarning, match="W116.*END"):
        losses = nlp.update(make_examples(nlp, "ru"), sgd=nlp.create_optimizer())
    assert losses["rnn_segmenter"] > 0


def test_what_is_no_cut_is_told():
    nlp = make_nlp()
    examples = make_examples(nlp)
    examples[0].reference[0]._.morphemes = ["walking", "er"]
    with pytest.warns(UserWarning, match="W115.* 1 of 7 words.*walker: walking, er"):
        nlp.initialize(lambda: examples)
    assert nlp.update(examples[:1], sgd=nlp.create_optimizer())["rnn_segmenter"] > 0


def test_morphemes_that_are_no_cuts():
    """writer = write + er, with a setting; what becomes of each character is learned beside the cuts."""
    words = {"Writer": "Write er", "driver": "drive er", "runs": "run s", "running": "run ing", "geese": "goose"}
    nlp = make_nlp(edit_freq=2)
    doc = Doc(nlp.vocab, words=[*words] * 2)
    for token in doc:
        token._.morphemes = words[token.text].split()
    doc[4]._.morphemes = ["honk", "quack"]
    examples = [Example(Doc(nlp.vocab, words=[*words] * 2), doc)]
    with pytest.warns(UserWarning, match="W115.* 1 of 10 words.*geese: honk, quack"):
        nlp.initialize(lambda: examples)
    optimizer = nlp.create_optimizer()
    optimizer.learn_rate = 0.01
    for _ in range(80):
        nlp.update(examples, sgd=optimizer)
    assert segmenter_of(nlp).cfg["edits"] == ["=", "", "=e", "o"]
    for pipeline in (nlp, make_nlp(edit_freq=2).from_bytes(nlp.to_bytes())):
        found = segmenter_of(pipeline)(Doc(pipeline.vocab, words=[*words][:4]))
        assert [t._.morphemes for t in found] == [gold.split() for gold in [*words.values()][:4]]


@pytest.mark.parametrize("name", ["width", "ngram_size", "ngram_rows", "reach", "members"])
def test_bad_settings(name):
    with pytest.raises(RNNError, match=f"R103.*|{name} = 0"):
        make_nlp(**changed(**{name: 0}))
    with pytest.raises(RNNError, match="R149"):
        make_nlp(max_memory=-1)
    with pytest.raises(RNNError, match="R149"):
        make_nlp(edit_freq=-1)


# -- trained


def test_overfits(trained):
    nlp, examples = trained
    assert predicted(nlp, examples) == gold(examples)
    scores = nlp.evaluate(examples)
    for name in ("morphemes_acc", "morphemes_p", "morphemes_r", "morphemes_f", "morpheme_boundaries_f"):
        assert scores[name] == 1.0
    if nlp.lang == "ru":
        assert scores["morphemes_typed_acc"] == 1.0
        assert {t: s["f"] for t, s in scores["morphemes_per_type"].items()} == dict.fromkeys(
            ["END", "PREF", "ROOT", "SUFF"], 1.0
        )
    else:
        assert scores["morphemes_per_type"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"decoder": "softmax"},
        {"members": 1},
        {"encode": {"@architectures": "spacy-rnn.CNNEncoder.v1", "width": 32, "depth": 2}},
    ],
    ids=str,
)
def test_every_kind_of_network_learns(changes):
    nlp = make_nlp("ru", **changed(**changes))
    examples = make_examples(nlp, "ru")
    train(nlp, examples, 100)
    assert predicted(nlp, examples) == gold(examples)


def test_words_without_gold():
    nlp = make_nlp("ru")
    examples = make_examples(nlp, "ru")
    words = [stem + end for stem in ("слов", "слон", "заслон", "Пис", "пере") for end in ("а", "у", "ы", "ом", "ник")]
    segmenter = segmenter_of(nlp)
    segmenter.initialize(lambda: examples, nlp=nlp, words=[*words, "42", ""])
    optimizer = nlp.create_optimizer()
    optimizer.learn_rate = 0.01
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    assert predicted(nlp, examples) == gold(examples)
    other = make_nlp("ru").from_bytes(nlp.to_bytes())
    embed = segmenter_of(other).model.layers[0]
    assert len(embed.shims[0].net.keys) > 10
    texts = ["словами", "писал", "запись"]
    assert [cut(doc) for doc in other.pipe(texts)] == [cut(doc) for doc in nlp.pipe(texts)]


def test_taught_by_another(trained, tmp_path):
    """Where a pipeline trained before cuts words without gold is known to the next."""
    teacher, _ = trained
    teacher.to_disk(tmp_path)
    nlp = make_nlp(teacher.lang)
    examples = make_examples(nlp, teacher.lang)
    words = ["walking", "walks", "doing", "undoing", "слова", "заслонка", "слоны", "walker", "42"] * 2
    segmenter_of(nlp).initialize(lambda: examples, nlp=nlp, words=words, teacher=tmp_path, taught=0.5)
    for bad in (tmp_path / "nothing", tmp_path / "vocab"):
        with pytest.raises(RNNError, match="R149.*teacher"):
            segmenter_of(make_nlp()).initialize(lambda: examples, words=words, teacher=bad)
    with pytest.raises(RNNError, match="R149.*teacher"):
        segmenter_of(make_nlp()).initialize(lambda: examples, teacher=tmp_path)
    with pytest.raises(RNNError, match="R149.*case"):
        segmenter_of(make_nlp(lower=False)).initialize(lambda: examples, words=words, teacher=tmp_path)
    with pytest.raises(RNNError, match="R149.*taught"):
        segmenter_of(make_nlp()).initialize(lambda: examples, taught=-1.0)
    net = segmenter_of(nlp).model.layers[0].shims[0].net
    assert len(net.keys) and net.values[:, 3].max() > 0.3
    optimizer = nlp.create_optimizer()
    optimizer.learn_rate = 0.01
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    assert predicted(nlp, examples) == gold(examples)


def test_saved_and_loaded(trained, tmp_path):
    nlp, examples = trained
    nlp.to_disk(tmp_path / "nlp")
    for other in (spacy.load(tmp_path / "nlp"), make_nlp(nlp.lang).from_bytes(nlp.to_bytes())):
        assert predicted(other, examples) == gold(examples)
        assert segmenter_of(other).label_data == segmenter_of(nlp).label_data
        before = other.update(examples, sgd=other.resume_training())["rnn_segmenter"]
        assert before < 0.5, "it goes on from where it was"


def test_damaged_files(trained, tmp_path):
    nlp, _ = trained
    nlp.to_disk(tmp_path)
    settings = tmp_path / "rnn_segmenter" / "cfg"
    good = settings.read_text(encoding="utf8")
    settings.write_text(json.dumps({**json.loads(good), "types": ["OTHER"]}), encoding="utf8")
    with pytest.raises(RNNError, match="R148"):
        spacy.load(tmp_path)
    settings.write_text(good[:20], encoding="utf8")
    with pytest.raises(RNNError, match="R115"):
        spacy.load(tmp_path)


@pytest.mark.parametrize("texts", [[], [""], ["", "  \n", "a", ""], ["\n\n"], ["42 😀 ..."]], ids=repr)
def test_empty_docs_and_what_is_no_word(trained, texts):
    nlp, _ = trained
    docs = list(nlp.pipe(texts))
    assert [doc.text for doc in docs] == texts
    for doc in docs:
        assert [t._.morphemes for t in doc if t.is_space] == [None] * sum(t.is_space for t in doc)
        assert all(t._.morphemes == [t.text] for t in doc if not t.is_space)
    examples = [Example(nlp.make_doc(text), nlp.make_doc(text)) for text in texts]
    assert segmenter_of(nlp).update(examples, losses={}) == {"rnn_segmenter": 0.0}
    assert segmenter_score(examples)["morphemes_acc"] is None


@pytest.mark.parametrize(
    "word", ["сло\u0301ва", "СЛОВНИК", "walkérs", "e\u0301e\u0301", "😀walk👍🏽", "x" * 10_000, "слово" * 2000, "漢字"]
)
def test_the_text_is_kept(trained, word):
    nlp, _ = trained
    doc = segmenter_of(nlp)(Doc(nlp.vocab, words=[word, "a"]))
    assert "".join(doc[0]._.morphemes) == word


def test_case_and_stress_do_not_matter(trained):
    nlp, _ = trained
    if nlp.lang == "ru":
        doc = segmenter_of(nlp)(Doc(nlp.vocab, words=["Сло\u0301вник", "ПЕРЕПИСЧИК"]))
        assert [t._.morphemes for t in doc] == [["Сло\u0301в", "ник"], ["ПЕРЕ", "ПИС", "ЧИК"]]
    else:
        assert segmenter_of(nlp)(Doc(nlp.vocab, words=["WalkEr"]))[0]._.morphemes == ["Walk", "Er"]


def test_the_same_in_batches_of_any_size(trained):
    nlp, _ = trained
    random = numpy.random.default_rng(0)
    letters = "walkersdoing словникпереа"
    words = ["".join(random.choice(list(letters.replace(" ", "")), n)) for n in random.integers(1, 25, 120)]
    found = []
    for size in (1, 7, 256):
        segmenter_of(nlp)._known.clear()
        found.append([cut(doc) for doc in nlp.pipe([Doc(nlp.vocab, words=[w]) for w in words], batch_size=size)])
    assert found[0] == found[1] == found[2]


def test_many_processes(trained):
    nlp, _ = trained
    texts = ["walker doing", "словник записка", "", "x"] * 3
    expected = [cut(doc) for doc in nlp.pipe(texts)]
    assert [cut(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=2)] == expected


def test_learning_forgets_what_was_remembered():
    nlp = make_nlp()
    examples = make_examples(nlp)
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.01
    before = predicted(nlp, examples)
    for _ in range(60):
        nlp.update(examples, sgd=optimizer, drop=0.1)
    assert before != gold(examples) == predicted(nlp, examples)
    with nlp.use_params({"nothing": 0}):
        assert not segmenter_of(nlp)._known
        assert predicted(nlp, examples) == gold(examples)
    assert not segmenter_of(nlp)._known


def test_memory():
    """Untrained, it knows the words of the corpus, but those that are cut in two ways."""
    nlp = make_nlp(memorise=True)
    examples = make_examples(nlp) + make_examples(nlp)[:1]
    examples[-1].reference[0]._.morphemes = ["wal", "ker"]
    nlp.initialize(lambda: examples)
    assert "walker" not in segmenter_of(nlp).cfg["memory"] and len(segmenter_of(nlp).cfg["memory"]) == 6
    other = make_nlp(memorise=True).from_bytes(nlp.to_bytes())
    for pipeline in (nlp, other):
        doc = segmenter_of(pipeline)(Doc(pipeline.vocab, words=["Redoing", "walks"]))
        assert [t._.morphemes for t in doc] == [["Re", "do", "ing"], ["walk", "s"]]
    bounded = make_nlp(memorise=True, max_memory=2)
    bounded.initialize(lambda: make_examples(bounded))
    assert len(segmenter_of(bounded).cfg["memory"]) == 2


def test_overwrite(trained):
    nlp, _ = trained
    for overwrite in (True, False):
        segmenter_of(nlp).cfg["overwrite"] = overwrite
        doc = Doc(nlp.vocab, words=["walker", "словник"])
        doc[0]._.morphemes = ["wal", "ker"]
        segmenter_of(nlp)(doc)
        assert (doc[0]._.morphemes == ["wal", "ker"]) is not overwrite
        assert doc[1]._.morphemes
    segmenter_of(nlp).cfg["overwrite"] = True


# -- scores


def test_scores_by_hand():
    vocab = spacy.blank("en").vocab
    gold_cuts = {"walkers": ["walk", "er", "s"], "papa": ["pa", "pa"], "so": ["so"], "done": ["do", "ed"]}
    found = {"walkers": ["walk", "ers"], "papa": ["pa", "pa"], "so": ["s", "o"], "done": ["do", "ne"]}
    example = Example(Doc(vocab, words=[*found]), Doc(vocab, words=[*gold_cuts]))
    for token, reference in zip(example.predicted, example.reference, strict=True):
        token._.morphemes, reference._.morphemes = found[token.text], gold_cuts[token.text]
    scores = segmenter_score([example])
    assert scores["morphemes_acc"] == 0.25
    assert scores["morphemes_p"] == pytest.approx(4 / 8) and scores["morphemes_r"] == pytest.approx(4 / 8)
    # done: its gold is no cut of it
    assert scores["morpheme_boundaries_p"] == pytest.approx(2 / 3)
    assert scores["morpheme_boundaries_r"] == pytest.approx(2 / 3)
    assert scores["morphemes_per_type"] is None


def test_scores_of_types_and_other_tokens():
    vocab = spacy.blank("en").vocab
    example = Example(Doc(vocab, words=["walk", "er", "does"]), Doc(vocab, words=["walker", "does"]))
    example.reference[0]._.morphemes = [("walk", "ROOT"), ("er", "SUFF")]
    example.reference[1]._.morphemes = [("doe", "ROOT"), ("s", "SUFF")]
    example.predicted[0]._.morphemes = ["walk"]
    example.predicted[2]._.morphemes = [("doe", "PREF"), ("s", "SUFF")]
    scores = segmenter_score([example])
    assert (scores["morphemes_acc"], scores["morphemes_typed_acc"]) == (0.5, 0.0)
    assert (scores["morphemes_p"], scores["morphemes_r"]) == (1.0, 0.5)
    assert {t: (s["p"], s["r"]) for t, s in scores["morphemes_per_type"].items()} == {
        "PREF": (0.0, 0.0),
        "ROOT": (0.0, 0.0),
        "SUFF": (1.0, 0.5),
    }
