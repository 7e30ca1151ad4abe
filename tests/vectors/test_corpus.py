"""Files of all kinds become blocks of valid text; words become numbers, and none is lost on the way."""

import gzip
import json
from collections import Counter

import numpy
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors import corpus as corpus_module
from spacy_rnn.vectors import counting, native, vocabulary
from spacy_rnn.vectors.corpus import find_texts, read_blocks, read_texts
from spacy_rnn.vectors.counting import NativeCounter, PythonCounter
from spacy_rnn.vectors.normalize import DELETED, Normalization, compose_block
from spacy_rnn.vectors.vocabulary import Corpus, encode

COUNTERS = [PythonCounter] + [NativeCounter] * (native.reason_missing() is None)


def read(*files, nlp=None) -> list[list[str]]:
    text = b"".join(read_blocks(list(files), nlp, lambda done: None)).decode("utf8")
    return [line.split() for line in lines_of(text)]


def lines_of(text: str) -> list[str]:
    """With spaces between the words."""
    codes = {code: becomes for code, becomes in enumerate(Normalization().codes().tolist()) if code != 10}
    return text.translate(codes).split("\n")


PLAIN = Normalization()


def numbered(text: str | bytes, folder, normalization=PLAIN, **settings) -> Corpus:
    blocks = [compose_block(text.encode("utf8") if isinstance(text, str) else text)]
    settings = {"min_count": 1, "most": 10_000, "hold_out": False} | settings
    return encode(blocks, folder / "ids", normalization, **settings)


def sentences(corpus: Corpus, ids=None) -> list[list[str]]:
    ids = numpy.concatenate([corpus.read(i) for i in range(len(corpus))] or [[]]) if ids is None else ids
    parts = numpy.split(numpy.asarray(ids, dtype=int), numpy.flatnonzero(numpy.asarray(ids) < 0) + 1)
    return [[corpus.words[i] for i in part[:-1]] for part in parts if len(part)]


@pytest.fixture(params=COUNTERS, ids=lambda counter: counter.__name__)
def counter(request, monkeypatch):
    """Each way of counting, as ``encode`` would choose it."""
    if request.param is PythonCounter:
        monkeypatch.setattr(native, "reason_missing", lambda: "for a test")
    return request.param


def test_find_texts(tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("b.txt", "a.txt.gz", "deep/c.txt", "d.jsonl", "notes.md"):
        (tmp_path / name).write_text("x")
    assert sorted(path.name for path in find_texts([tmp_path])) == ["a.txt.gz", "b.txt", "c.txt", "d.jsonl"]
    assert find_texts([tmp_path / "notes.md"]) == [tmp_path / "notes.md"]
    with pytest.raises(RNNError, match="R201.*missing"):
        find_texts([tmp_path / "missing"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(RNNError, match="R202.*empty"):
        find_texts([tmp_path / "empty"])


def test_gzip(tmp_path):
    file = tmp_path / "a.txt.gz"
    data = gzip.compress("собака лает\n".encode() * 5000)
    file.write_bytes(data)
    assert read(file) == [["собака", "лает"]] * 5000 + [[]]
    for broken in (data[: len(data) // 2], data[:-4], b"not gzip", data[:30] + b"?????" + data[35:]):
        file.write_bytes(broken)
        with pytest.raises(RNNError, match="R204.*a.txt.gz"):
            read(file)


@pytest.mark.parametrize("bad", ["кот".encode("cp1251"), "dog".encode("utf-16"), b"\xff", "ё".encode()[:1]])
@pytest.mark.parametrize("block", [1, 2**20])
def test_invalid_utf8_names_file_and_line(tmp_path, bad, block, monkeypatch):
    monkeypatch.setattr(corpus_module, "BLOCK", block)
    file = tmp_path / "a.txt"
    file.write_bytes("пёс\n".encode() * 2 + bad)
    with pytest.raises(RNNError, match="R203.*a.txt, line 3"):
        read(file)


def test_jsonl(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps({"text": text, "id": 1}) for text in ("a dog", "кот\nи пёс", "")) + "\n\n")
    assert [line for line in read(file) if line] == [["a", "dog"], ["кот"], ["и", "пёс"]]
    for bad in ("no json", "[1]", '{"text": 5}', '{"text": null}', '{"txt": "a"}', "[" * 100_000):
        file.write_text('{"text": "a"}\n' + bad)
        with pytest.raises(RNNError, match="R212.*a.jsonl, line 2"):
            read(file)


def test_docs_bring_their_own_tokens(tmp_path):
    vocab = spacy.blank("en").vocab
    doc = Doc(
        vocab, ["Do", "n't", "stop", "New York", "ёж", "\n"], sent_starts=[True, False, False, True, False, False]
    )
    DocBin(docs=[doc, Doc(vocab, ["end"])]).to_disk(tmp_path / "a.spacy")
    found = [line for line in read(tmp_path / "a.spacy") if line]
    assert found == [["Do", "n't", "stop"], ["New", "York", "ёж"], ["end"]]
    (tmp_path / "a.spacy").write_bytes(b"broken")
    with pytest.raises(RNNError, match="R213.*a.spacy"):
        read(tmp_path / "a.spacy")


def test_raw_text_is_tokenized(tmp_path):
    (tmp_path / "a.txt").write_text("Don't stop.\n\nU.K.  dogs\n", encoding="utf8")
    assert [line for line in read(tmp_path / "a.txt", nlp=spacy.blank("en")) if line] == [
        ["Do", "n't", "stop", "."],
        ["U.K.", "dogs"],
    ]
    (tmp_path / "a.txt").write_text("Привет, мир!", encoding="utf8")
    assert read(tmp_path / "a.txt", nlp=spacy.blank("ru"))[0] == ["Привет", ",", "мир", "!"]


def test_progress_ends_at_the_size_of_all_files(tmp_path):
    files = [tmp_path / "a.txt", tmp_path / "b.txt.gz"]
    files[0].write_text("a dog\n" * 300_000)
    files[1].write_bytes(gzip.compress(b"a cat\n" * 3000))
    reports = []
    list(read_blocks(files, None, reports.append))
    assert reports == sorted(reports) and len(reports) > 4
    assert reports[-1] == sum(file.stat().st_size for file in files)


@given(st.text(st.sampled_from("ab ё\n\t\u00a0😀я"), max_size=60), st.integers(1, 12))
def test_blocks_join_to_the_same_words(tmp_path_factory, text, size):
    file = tmp_path_factory.mktemp("text") / "a.txt"
    file.write_text(text, encoding="utf8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus_module, "BLOCK", size)
        blocks = list(read_blocks([file], None, lambda done: None))
    assert b"".join(blocks).decode("utf8") == text
    for block in blocks:
        assert block.decode("utf8")  # whole letters


# -- Words and numbers


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=30),
    st.builds(Normalization, st.booleans(), st.booleans(), st.booleans()),
)
def test_both_counters_agree_and_normalise_as_words_are_looked_up(tmp_path_factory, lines, normalization):
    text = "\n".join(lines)
    words = [[normalization(word) for word in line.split(" ")] for line in lines_of(text)]
    expected = [kept for line in words if (kept := [word for word in line if word])]
    for counter in COUNTERS:
        folder = tmp_path_factory.mktemp("ids")
        with pytest.MonkeyPatch.context() as patch:
            if counter is PythonCounter:
                patch.setattr(native, "reason_missing", lambda: "for a test")
            corpus = numbered(text, folder, normalization)
        assert sentences(corpus) == expected
        counts = Counter(word for line in expected for word in line)
        assert dict(zip(corpus.words, corpus.counts.tolist(), strict=True)) == counts
        assert corpus.total == counts.total() and corpus.types == len(counts)
        assert corpus.counts.tolist() == sorted(corpus.counts.tolist(), reverse=True)


def test_control_characters_part_words_and_emoji_stay(tmp_path, counter):
    corpus = numbered("\ufeffthe\x00dog\r\n\n  ёж\tи\u00a0кот \x1b\x85last 😀\u200d😀", tmp_path)
    assert sentences(corpus) == [["the", "dog"], ["ёж", "и", "кот", "last", "😀\u200d😀"]]


def test_russian_normalisation(tmp_path, counter):
    corpus = numbered("За\u0301мок Ёлка ЁЖ замо\u0301к", tmp_path, Normalization(lower=True, yo=True, stress=True))
    assert sentences(corpus) == [["замок", "елка", "еж", "замок"]]
    plain = numbered("За\u0301мок Ёлка", tmp_path)
    assert sentences(plain) == [["За\u0301мок", "Ёлка"]]


DECOMPOSED = "Е\u0308лка и\u0306од е\u0300 cafe\u0301 i\u0302le \u0301 Ё\u0301ж"


def test_letters_and_their_marks_are_one(tmp_path, counter):
    (tmp_path / "a.txt").write_text(DECOMPOSED, encoding="utf8")
    for blocks in (read_blocks([tmp_path / "a.txt"], None, lambda done: None), read_texts([DECOMPOSED])):
        corpus = encode(blocks, tmp_path / "ids", PLAIN, min_count=1, most=100, hold_out=False)
        assert sentences(corpus) == [["Ёлка", "йод", "ѐ", "café", "île", "\u0301", "Ё\u0301ж"]]
    folded = numbered(DECOMPOSED, tmp_path, Normalization(lower=True, yo=True, stress=True))
    assert sentences(folded) == [["елка", "йод", "е", "café", "île", "еж"]]


@given(st.lists(st.text(st.sampled_from("еЕёѐиЙйэaeA1 \n\u0300\u0301\u0306\u0308\u0344\u212b"), max_size=8)))
def test_composing_depends_on_the_letter_alone(texts):
    """However the text is cut into words, they become what they become when they are looked up."""
    for normalization in (PLAIN, Normalization(True, True, True)):
        joined = compose_block(" ".join(texts).encode("utf8")).decode("utf8")
        codes = {code: None if new == DELETED else new for code, new in enumerate(normalization.codes().tolist())}
        alone = [normalization(word) for text in texts for word in text.split()]
        assert joined.translate(codes).split() == [word for word in alone if word]


def test_overlong_words_are_left_out(tmp_path):
    corpus = numbered("a " + "b" * 5000 + " " + "ё" * 512 + " c\n" * 2, tmp_path)
    if native.reason_missing() is None:
        assert sentences(corpus)[0] == ["a", "ё" * 512, "c"] and corpus.too_long == 1


@given(st.lists(st.integers(0, 30), max_size=300), st.integers(1, 100), st.integers(1, 50))
def test_every_sentence_is_in_a_block_or_held_out(tmp_path_factory, lengths, block, chunk):
    texts = [" ".join(f"w{i}-{j}" for j in range(length)) for i, length in enumerate(lengths)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "BLOCK", block)
        patch.setattr(counting, "CHUNK", chunk)
        patch.setattr(vocabulary, "HOLD_OUT_EVERY", 7)
        patch.setattr(vocabulary, "HOLD_OUT_MOST", 5)
        patch.setattr(vocabulary, "MAX_SENTENCE", 20)
        corpus = numbered("\n".join(texts), tmp_path_factory.mktemp("corpus"), hold_out=True)
        kept, out = sentences(corpus), sentences(corpus, corpus.held_out)
    assert sorted(sum(kept + out, [])) == sorted(" ".join(texts).split())
    assert all(0 < len(sentence) <= 20 for sentence in kept + out) or chunk < 30
    assert corpus.known == sum(map(len, kept)) and corpus.sentences == len(kept)
    assert corpus.blocks[0] == 0 and (numpy.diff(corpus.blocks) > 0).all()
    assert len(corpus) <= 1 or all(corpus.read(i)[-1] == -1 for i in range(len(corpus)))


def test_rare_words_are_forgotten_when_there_are_too_many(tmp_path, counter):
    text = "\n".join(f"often again rare{i}" for i in range(5000))
    corpus = numbered(text, tmp_path, most=1000, min_count=2)
    assert corpus.words == ["often", "again"] and corpus.counts.tolist() == [5000, 5000]
    assert corpus.pruned >= 4000 and sentences(corpus) == [["often", "again"]] * 5000


def test_sparse_numbers_are_found_as_well(tmp_path, monkeypatch):
    text = "кот dog кот\nrare dog"
    dense = sentences(numbered(text, tmp_path, min_count=2))
    monkeypatch.setattr(counting, "DENSE", 0)
    assert sentences(numbered(text, tmp_path, min_count=2)) == dense == [["кот", "dog", "кот"], ["dog"]]


def test_corpus_is_saved_and_loaded(tmp_path):
    corpus = numbered("кот dog\nпёс dog", tmp_path)
    corpus.save(tmp_path / "corpus.json")
    loaded = Corpus.load(tmp_path / "corpus.json", corpus.path)
    assert sentences(loaded) == sentences(corpus) and loaded.words == corpus.words
    assert (loaded.known, loaded.total, loaded.counts.tolist()) == (4, 4, [2, 1, 1])


def test_texts_in_memory():
    assert b"".join(read_texts(["a dog", "кот\nпёс"])).decode() == "a dog\nкот\nпёс\n"
