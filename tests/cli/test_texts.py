"""convert and split of classified texts, and text --exclude, as a user types them."""

import json

import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab
from typer.testing import CliRunner

from spacy_rnn.cli import app

TEXTS = {"en": ("a good film", "not so good"), "ru": ("хороший фильм", "не очень")}


def call(*args):
    result = CliRunner().invoke(app, [*map(str, args)])
    return result.exit_code, " ".join(result.output.split())


def docs_of(path):
    return list(DocBin().from_disk(path).get_docs(Vocab()))


@pytest.fixture(params=TEXTS)
def corpus(request, tmp_path):
    rows = [f'"{text}, {i}",{label}' for label, text in enumerate(TEXTS[request.param]) for i in range(10)]
    (tmp_path / "a.csv").write_text("\n".join(["sentence,stars", *rows]), encoding="utf-8")
    return request.param, tmp_path / "a.csv", ("--text-column", "sentence", "--label-column", "stars")


def test_convert(corpus, tmp_path):
    lang, path, columns = corpus
    code, said = call("convert", path, tmp_path / "a.spacy", "--lang", lang, *columns, "--label-names", "good, bad")
    assert code == 0, said
    assert "Text: 'sentence'; labels: 'stars'" in said and "2 labels, one for each text" in said
    assert "bad 10, good 10" in said and f"20 texts, {80 + 20 * (lang == 'en')} tokens" in said
    docs = docs_of(tmp_path / "a.spacy")
    assert len(docs) == 20 and docs[0].cats == {"bad": 0.0, "good": 1.0}
    assert docs[0].text == f"{TEXTS[lang][0]}, 0" and docs[0][2].text != f"{TEXTS[lang][0]},"


def test_convert_with_everything_that_is_left_out(tmp_path):
    rows = ["text,label", "one,[a b]", "ONE!,[a]", ",[a]", "two,[c]", "three,[a d]", "four", "five,[a]", "five,[a]"]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    (tmp_path / "test.csv").write_text("text,label\nOne.,a\n")
    options = ("--exclude", tmp_path / "test.csv", "--drop", "c", "--rename", "d=x", "--skip-bad", "--drop-duplicates")
    code, said = call("convert", tmp_path / "a.csv", tmp_path / "a.spacy", *options)
    assert code == 0, said
    assert "W303" in said and "1 row(s) without a text" in said and "W302" in said and "R504" in said
    assert "Labels left out: c 1" in said and "1 texts left out: they have no other labels" in said
    assert "1 texts left out: they came before" in said
    assert "2 texts left out: they are in the files to exclude" in said
    assert "2 labels, 1 texts with several, 0 with none" in said and "a 2, x 1" in said and "2 texts, 2 tokens" in said
    assert [doc.cats for doc in docs_of(tmp_path / "a.spacy")] == [{"a": 1.0, "x": 1.0}, {"a": 1.0, "x": 0.0}]


def test_label_sets(corpus, tmp_path):
    _, path, columns = corpus
    (tmp_path / "labels.json").write_text('["0", "1", "2"]')
    code, said = call("convert", path, tmp_path / "a.spacy", *columns, "--label-set", tmp_path / "labels.json")
    assert code == 0 and "W304" in said and "1 label(s) of the set never occur: 2" in said
    for known in (tmp_path / "a.spacy", "0,1,2"):
        assert call("convert", path, tmp_path / "b.spacy", *columns, "--label-set", known)[0] == 0
        assert list(docs_of(tmp_path / "b.spacy")[0].cats) == ["0", "1", "2"]
    code, said = call("convert", path, tmp_path / "c.spacy", *columns, "--label-set", "0")
    assert code == 1 and "R509" in said and "line 12" in said and not (tmp_path / "c.spacy").exists()
    code, said = call("convert", path, tmp_path / "c.spacy", *columns, "--label-set", "0", "--skip-bad")
    assert code == 0 and "10 bad row(s)" in said and "10 texts" in said


def test_many_labels_are_shown_in_part(tmp_path):
    rows = [f"text {i},label {max(i - 10, 0):02}" for i in range(30)]
    (tmp_path / "a.csv").write_text("\n".join(["text,label", *rows]))
    said = call("convert", tmp_path / "a.csv", tmp_path / "a.spacy")[1]
    assert (
        "20 labels" in said
        and "label 00 11, label 01 1" in said
        and "... label 15 1" in said
        and "label 07" not in said
    )


def test_texts_to_exclude_in_fasttexts_format(corpus, tmp_path):
    lang, path, columns = corpus
    (tmp_path / "test.txt").write_text(f"__label__x {TEXTS[lang][0]}, 3\n", encoding="utf-8")
    (tmp_path / "other.txt").write_text("something else\n")
    for excluded, told in (("test.txt", "1 texts left out"), ("other.txt", "No text is in the files to exclude")):
        code, said = call("convert", path, tmp_path / "a.spacy", *columns, "--exclude", tmp_path / excluded)
        assert code == 0 and told in said


def test_words_with_morphemes_are_told_from_texts(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text("слово\tслов/о\n", encoding="utf-8")
    assert "--from tsv" in call("convert", path, tmp_path / "a.spacy")[1]
    assert "--from tsv" not in call("convert", path, tmp_path / "a.spacy", "--from", "morphemes")[1]
    path.write_text("ham\tsee you\nspam\tfree entry\n", encoding="utf-8")
    assert "R501" in call("convert", path, tmp_path / "a.spacy")[1]


def test_a_label_as_long_as_a_text_is_shown_in_part(tmp_path):
    (tmp_path / "a.csv").write_text(f"text,label\na,{'long' * 100}\nb,c\n")
    said = call("convert", tmp_path / "a.csv", tmp_path / "a.spacy")[1]
    assert "c 1" in said and "long" * 15 + " 1" in said and "long" * 16 not in said


@pytest.mark.parametrize(
    "options, code",
    [
        (["--group", "2"], "R518"),
        (["--by-document"], "R518"),
        (["--labels", "0"], "R518"),
        (["--from", "conllu"], "R520"),
        (["--rename", "x"], "R149"),
        (["--text-column", "x"], "R501"),
        (["--label-set", "none.json"], "R301"),
        (["--exclusive", "--label-separator", "0"], "R507"),
        (["--lang", "qqq"], "R209"),
        (["--encoding", "nope"], "R331"),
        (["--max-length", "-5"], "R149"),
        (["--part", "train"], "R514"),
    ],
)
def test_mistakes(corpus, tmp_path, options, code):
    _, path, columns = corpus
    status, said = call("convert", path, tmp_path / "a.spacy", *columns, *options)
    assert status == 1 and code in said, said
    assert not (tmp_path / "a.spacy").exists()


def test_input_is_not_output(corpus, tmp_path):
    _, path, columns = corpus
    assert "R354" in call("convert", path, path)[1]
    known = tmp_path / "known.spacy"
    assert call("convert", path, known, *columns)[0] == 0
    before = known.read_bytes()
    for option in ("--exclude", "--label-set", "--label-names"):
        assert "R354" in call("convert", path, known, *columns, option, known)[1]
    assert known.read_bytes() == before


def test_more_names_than_a_path_may_have_letters(corpus, tmp_path):
    _, path, columns = corpus
    names = ",".join(f"name {i}" for i in range(77))
    code, said = call("convert", path, tmp_path / "a.spacy", *columns, "--label-names", names, "--label-set", names)
    assert code == 0 and "name 0 10, name 1 10" in said and len(docs_of(tmp_path / "a.spacy")[0].cats) == 77


def test_split_by_label(tmp_path):
    rows = [f"text {i},{'rare' if i < 20 else 'often'}" for i in range(200)] + ["text 200,once"]
    (tmp_path / "a.csv").write_text("\n".join(["text,label", *rows]))
    parts = tmp_path / "train.spacy", tmp_path / "dev.spacy"
    code, said = call("split", tmp_path / "a.csv", *parts, "--stratify", "--lang", "en")
    assert code == 0 and "181 Docs" in said and "20 Docs" in said
    assert "W304" in said and "dev.spacy: 1 label(s) of the set never occur: once" in said
    counts = [sum(doc.cats["rare"] for doc in docs_of(part)) for part in parts]
    assert counts == [18, 2] and all(set(doc.cats) == {"rare", "often", "once"} for doc in docs_of(parts[1]))
    code, said = call("convert", parts[1], tmp_path / "b.spacy", "--rename", "often=common")
    assert code == 0 and "common 18, rare 2" in said


def test_split_without_labels(tmp_path):
    (tmp_path / "a.conllu").write_text("1\ta\ta\tX\t_\t_\t0\troot\t_\t_\n\n" * 4)
    said = call("split", tmp_path / "a.conllu", tmp_path / "b.spacy", tmp_path / "c.spacy", "--stratify")[1]
    assert "R523" in said and not (tmp_path / "b.spacy").exists()


def test_text_for_vectors_without_the_tests(corpus, tmp_path):
    """Of a table, of a JSON part, and of a converted corpus."""
    lang, path, columns = corpus
    json_path = tmp_path / "parts.json"
    texts = [f"{text}, {i}" for text in TEXTS[lang] for i in range(10)]
    json_path.write_text(json.dumps({"train": [[t, "x"] for t in texts[:15]], "test": [[t, "x"] for t in texts[15:]]}))
    call("convert", json_path, tmp_path / "test.spacy", "--part", "test")
    for excluded in (f"{json_path}::test", tmp_path / "test.spacy"):
        code, said = call("text", tmp_path / "out.txt", path, "--column", "sentence", "-x", excluded, "--lang", lang)
        assert code == 0 and "5 paragraphs left out" in said and "15 lines" in said
    (tmp_path / "test.spacy").write_bytes(b"no")
    assert "R318" in call("text", tmp_path / "o.txt", path, "-x", tmp_path / "test.spacy", "--lang", lang)[1]
