"""The same small corpus in each format, for two languages."""

import csv
import gzip
import io
import json
import tarfile
import zipfile

PAIRS = {
    "en": [("The film, as a whole, is good.", "pos"), ("It is\nnot.", "neg"), ('She said "fine" 🙂', "pos")],
    "ru": [("Фильм, в общем, хорош.", "радость"), ("Мне\nстрашно…", "страх"), ("Он сказал «ну да» 🙂 ok", "радость")],
}
FLAT = {lang: [(" ".join(text.split()), label) for text, label in pairs] for lang, pairs in PAIRS.items()}


def as_csv(pairs, header=("text", "label"), **settings):
    file = io.StringIO()
    csv.writer(file, lineterminator="\n", **settings).writerows([header, *pairs] if header else pairs)
    return file.getvalue()


def as_tsv(pairs):
    return "".join(f"{text}\t{label}\n" for text, label in [("text", "label"), *pairs])


def as_jsonl(pairs):
    lines = [json.dumps({"text": text, "label": label}, ensure_ascii=False) for text, label in pairs]
    return "\n".join(lines) + "\n\n"


def as_json(pairs):
    return json.dumps([{"text": text, "label": label} for text, label in pairs], indent=1)


def as_parts(pairs):
    return json.dumps({"train": pairs, "test": [["?", "?"]]})


def by_label(pairs):
    return json.dumps({label: [text for text, other in pairs if other == label] for _, label in pairs})


def as_fasttext(pairs):
    return "".join(f"__label__{label} {text}\n" for text, label in pairs)


def files_of(pairs, folders=False):
    """Name -> bytes: a file for each label, or a folder for each label with a file for each text."""
    if folders:
        return {f"{label}/{i}.txt": text.encode() for i, (text, label) in enumerate(pairs)}
    labels = {label for _, label in pairs}
    return {
        f"film.{name}.txt": "".join(f"{text}\n" for text, other in pairs if other == name).encode() for name in labels
    }


def write_files(path, files):
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def write_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"top/{name}", content)
    return path


def write_tar(path, files):
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(f"top/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def write(path, content):
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
