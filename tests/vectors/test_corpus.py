import gzip

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors import corpus as corpus_module
from spacy_rnn.vectors.corpus import find_texts, read_texts, split_tokens, tokenize, write_corpus


def read(*files):
    return list(split_tokens(read_texts(list(files), lambda done: None)))


def test_find_texts(tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("b.txt", "a.txt.gz", "deep/c.txt", "notes.md"):
        (tmp_path / name).write_text("x")
    assert sorted(path.name for path in find_texts([tmp_path])) == ["a.txt.gz", "b.txt", "c.txt"]
    assert find_texts([tmp_path / "notes.md"]) == [tmp_path / "notes.md"]
    with pytest.raises(RNNError, match="R201.*missing"):
        find_texts([tmp_path / "missing"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(RNNError, match="R202.*empty"):
        find_texts([tmp_path / "empty"])


def test_lines_are_cleaned(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes("\ufeffthe\x00dog\r\n\n  ёж\tи\u00a0кот \x1b\x85last".encode())
    assert read(file) == [["the", "dog"], [], ["ёж", "и", "кот", "last"]]


def test_gzip(tmp_path):
    file = tmp_path / "a.txt.gz"
    data = gzip.compress("собака лает\n".encode() * 5000)
    file.write_bytes(data)
    assert read(file) == [["собака", "лает"]] * 5000
    for broken in (data[: len(data) // 2], data[:-4], b"not gzip", data[:30] + b"?????" + data[35:]):
        file.write_bytes(broken)
        with pytest.raises(RNNError, match="R204.*a.txt.gz"):
            read(file)


@pytest.mark.parametrize("bad", ["кот".encode("cp1251"), "dog".encode("utf-16"), b"\xff"])
def test_invalid_utf8_names_file_and_line(tmp_path, bad):
    file = tmp_path / "a.txt"
    file.write_bytes("пёс\n".encode() * 2 + bad)
    with pytest.raises(RNNError, match="R203.*a.txt, line 3"):
        read(file)


def test_progress_ends_at_the_size_of_all_files(tmp_path):
    files = [tmp_path / "a.txt", tmp_path / "b.txt.gz"]
    files[0].write_text("a dog\n" * 3000)
    files[1].write_bytes(gzip.compress(b"a cat\n" * 3000))
    reports = []
    list(read_texts(files, reports.append))
    assert reports == sorted(reports) and len(reports) > 4
    assert reports[-1] == sum(file.stat().st_size for file in files)


@given(st.lists(st.integers(0, 30), max_size=400), st.integers(1, 100))
def test_every_sentence_is_written_or_held_out(tmp_path_factory, lengths, shard_words):
    sentences = [[f"w{i}-{j}" for j in range(length)] for i, length in enumerate(lengths)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus_module, "SHARD_WORDS", shard_words)
        patch.setattr(corpus_module, "HOLD_OUT_EVERY", 7)
        patch.setattr(corpus_module, "HOLD_OUT_MOST", 5)
        patch.setattr(corpus_module, "MAX_SENTENCE", 20)
        corpus = write_corpus(sentences, tmp_path_factory.mktemp("corpus"), seed=1)
    written = list(corpus)
    words = [word for sentence in written for word in sentence]
    assert sorted(words + [word for sentence in corpus.held_out for word in sentence]) == sorted(sum(sentences, []))
    assert (corpus.sentences, corpus.words) == (len(written), len(words))
    assert sum(corpus.counts.values()) == len(words) and len(corpus.held_out) <= 5
    assert all(len(sentence) <= 20 for sentence in written)
    assert all(shard.words < shard_words + 20 for shard in corpus.shards)


def test_tokenize():
    assert list(tokenize(["Don't stop.", "", "U.K.  dogs\n"], spacy.blank("en"))) == [
        ["Do", "n't", "stop", "."],
        [],
        ["U.K.", "dogs"],
    ]
    assert list(tokenize(["Привет, мир!"], spacy.blank("ru"))) == [["Привет", ",", "мир", "!"]]
