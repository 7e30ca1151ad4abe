"""`fasttext_vectors`: trains subword vectors when the pipeline is initialised, and makes them the pipeline's vectors.

In the order of its life: the factory and its default config, learning from the training corpus or from text files
(`initialize`), from more text (`train`), a Doc (which stays as it is), disk. The table of vectors is saved by the
vocabulary, as that of any pipeline; the component itself saves the weights of training, if they are wanted.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example, validate_get_examples
from spacy.util import OOV_RANK, logger
from spacy.vectors import Vectors
from thinc.api import Config, Model

from ..errors import Errors, RNNError, Warnings
from ..vectors.corpus import as_lines, find_texts, read_blocks
from ..vectors.model import Model as Weights
from ..vectors.output import MODEL_NAME
from ..vectors.settings import VectorSettings
from ..vectors.table import FastTextVectors

if TYPE_CHECKING:
    from ..vectors.fit import Progress

DEFAULT_CONFIG = Config().from_str(
    """
    [fasttext_vectors]
    text = null
    tokenize = true
    save_model = false
    model = "skipgram"
    loss = "ns"
    dim = 100
    window = 3
    epochs = 5
    min_count = 3
    min_n = 3
    max_n = 6
    bucket = 200000
    negative = 5
    ns_exponent = 0.5
    sample = 0.001
    lr = 0.05
    lower = false
    yo = false
    stress = false
    threads = 0
    deterministic = false
    seed = 1
    engine = "native"
    """
)["fasttext_vectors"]
OWN = {"text", "tokenize", "save_model"}  # all other settings are those of training
VECTORS = {"@vectors": "spacy-rnn.FastTextVectors.v1", "mmap": True}  # [nlp.vectors] of a pipeline with such vectors


@Language.factory("fasttext_vectors", default_config=DEFAULT_CONFIG)
def make_fasttext_vectors(
    nlp: Language,
    name: str,
    text: str | list[str] | None,
    tokenize: bool,
    save_model: bool,
    model: str,
    loss: str,
    dim: int,
    window: int,
    epochs: int,
    min_count: int,
    min_n: int,
    max_n: int,
    bucket: int,
    negative: int,
    ns_exponent: float,
    sample: float,
    lr: float,
    lower: bool,
    yo: bool,
    stress: bool,
    threads: int,
    deterministic: bool,
    seed: int,
    engine: str,
) -> "VectorTrainer":
    """Construct a VectorTrainer. It belongs before all components that use vectors.

    text: files or folders to learn from (.txt, .jsonl, also .gz, or .spacy); null: the training corpus.
    tokenize: whether the text is cut by the pipeline's tokenizer, or has its words parted by spaces.
    save_model: whether the weights of training are saved too, so that a loaded pipeline can be trained on. They make it
        about twice as large, and most pipelines never need them.
    All others are the options of `spacy rnn vectors train`, with the same defaults. For the same vectors each time, set
    deterministic = true.
    """
    given = locals()
    settings = VectorSettings(**{setting: given[setting] for setting in DEFAULT_CONFIG if setting not in OWN})
    return VectorTrainer(nlp, name, settings, text=text, tokenize=tokenize, save_model=save_model)


class VectorTrainer:
    """Gives the pipeline its vectors."""

    is_trainable = False  # not by gradients: nlp.update passes it by

    def __init__(
        self,
        nlp: Language,
        name: str = "fasttext_vectors",
        settings: VectorSettings | None = None,
        *,
        text: str | list[str] | None = None,
        tokenize: bool = True,
        save_model: bool = False,
    ):
        self.nlp, self.name = nlp, name
        self.settings = settings or VectorSettings()
        self.text = [text] if isinstance(text, str) else text
        self.tokenize, self.save_model = tokenize, save_model
        self.weights: Weights | None = None
        self.log: dict = {}  # of the last training
        # spaCy's own table cannot load ours. One that holds anything is left until there is something better.
        self._replaced = isinstance(nlp.vocab.vectors, Vectors) and not len(nlp.vocab.vectors)
        if self._replaced:
            nlp.vocab.vectors = FastTextVectors(strings=nlp.vocab.strings)

    # -- learning

    def initialize(self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None) -> None:
        """Train on the text of the config, or else on the words of all examples, and install the vectors.

        If [initialize] has vectors, training goes on with their weights.
        """
        self.nlp = nlp or self.nlp
        self._check_order()
        start = self._find_start()
        vectors = self.nlp.vocab.vectors
        if start is None and len(vectors) and not isinstance(vectors, FastTextVectors):
            warnings.warn(Warnings.W102.format(name=self.name, count=len(vectors)), stacklevel=2)
        if self.text:
            self._train(self._read_text(), self.settings, start)
            return
        validate_get_examples(get_examples, "VectorTrainer.initialize")
        if self.nlp.config["training"].get("max_epochs") == -1:
            warnings.warn(Warnings.W103.format(name=self.name), stacklevel=2)
        try:
            self._train((as_lines(example.reference) for example in get_examples()), self.settings, start)
        except RNNError as error:
            raise RNNError(Errors.R118.format(name=self.name, error=error)) from error

    def train(self, texts: Iterable[str | Doc], **changes) -> dict:
        """Train on with more text, and return the log. The vocabulary grows, and all components see the new vectors.

        texts: strings, which the pipeline's tokenizer cuts into words, or Docs.
        changes: settings that are to differ from the config, such as `epochs=1` or `min_count=1`.
        """
        if unknown := changes.keys() - asdict(self.settings).keys():
            names = ", ".join(asdict(self.settings))
            raise RNNError(Errors.R122.format(name=self.name, unknown=", ".join(sorted(unknown)), known=names))
        if self.weights is None and len(self.nlp.vocab.vectors):
            raise RNNError(Errors.R121.format(name=self.name))
        docs = (text if isinstance(text, Doc) else self.nlp.make_doc(text) for text in _as_list(texts))
        return self._train(map(as_lines, docs), replace(self.settings, **changes), self.weights)

    def _train(self, texts: Iterable[str], settings: VectorSettings, start: Weights | None) -> dict:
        from ..vectors.train import train_on_texts

        self.weights, self.log = train_on_texts(texts, settings, lang=self.nlp.lang, start=start, progress=_report)
        self._install(FastTextVectors.from_table(self.weights.to_table(), self.nlp.vocab.strings))
        return self.log

    def _read_text(self) -> Iterator[str]:
        files = find_texts(map(Path, self.text))
        size, told = sum(file.stat().st_size for file in files), 0

        def report(done: int) -> None:
            nonlocal told
            if size and done * 10 // size > told:
                told = done * 10 // size
                logger.info("Vectors: %d%% of the text read", told * 10)

        blocks = read_blocks(files, self.nlp if self.tokenize else None, report)
        return (block.decode("utf8").removesuffix("\n") for block in blocks)

    def _install(self, vectors: FastTextVectors) -> None:
        """As the table of the vocabulary, and in the config, so that it is loaded again."""
        vocab, config = self.nlp.vocab, self.nlp.config["nlp"]
        vectors.mmap = getattr(vocab.vectors, "mmap", True)
        vectors.name = f"{self.nlp.lang}_vectors"
        vocab.vectors = vectors
        for lexeme in vocab:
            lexeme.rank = vectors.key2row.get(lexeme.orth, OOV_RANK)
        if config.get("vectors", {}).get("@vectors") != VECTORS["@vectors"]:
            config["vectors"] = dict(VECTORS)
        self._replaced = False

    def _check_order(self) -> None:
        """Components before this one have been initialised already, without the vectors."""
        for name, pipe in self.nlp.pipeline:
            if pipe is self:
                return
            if _uses_vectors(pipe):
                raise RNNError(Errors.R119.format(name=self.name, other=name))

    def _find_start(self) -> Weights | None:
        """The weights behind the vectors of [initialize], beside them or saved by a component of this name."""
        folder = self.nlp.config.interpolate()["initialize"]["vectors"]
        if not folder:
            return None
        for file in (Path(folder) / MODEL_NAME, Path(folder) / self.name / MODEL_NAME):
            if file.is_file():
                return Weights.load(file)
        raise RNNError(Errors.R120.format(name=self.name, path=folder))

    # -- a Doc

    def __call__(self, doc: Doc) -> Doc:
        if not len(doc.vocab.vectors):
            raise ValueError(SpacyErrors.E109.format(name=self.name))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        return map(self, stream)

    # -- disk

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        file = Path(path) / MODEL_NAME
        if self.save_model and self.weights is not None:
            self.weights.save(file)
        else:
            file.unlink(missing_ok=True)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "VectorTrainer":
        file = Path(path) / MODEL_NAME
        self.weights = Weights.load(file) if self.save_model and file.is_file() else None
        if self._replaced and len(self.nlp.vocab.vectors):
            warnings.warn(Warnings.W104.format(name=self.name), stacklevel=2)
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        return self.weights.to_bytes() if self.save_model and self.weights is not None else b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "VectorTrainer":
        self.weights = Weights.from_bytes(data) if data and self.save_model else None
        return self

    def __getstate__(self) -> dict:
        """Processes that only annotate need no weights."""
        return self.__dict__ if self.save_model else {**self.__dict__, "weights": None}


def _as_list(texts: Iterable[str | Doc]) -> Iterable[str | Doc]:
    return [texts] if isinstance(texts, str | Doc) else texts


def _uses_vectors(pipe: Callable) -> bool:
    """spaCy's StaticVectors, or CharWordEmbed with vectors, anywhere in its model."""
    model = getattr(pipe, "model", None)
    if not isinstance(model, Model):
        return False
    settings = ("auto", "static", "finetuned")
    return any(node.name == "static_vectors" or node.attrs.get("vectors") in settings for node in model.walk())


def _report(state: "Progress") -> None:
    if state.stage == "plan":
        logger.info("Vectors: %s", state.message)
    elif state.measured:
        loss = "unknown" if state.loss is None else f"{state.loss:.3f}"
        logger.info("Vectors: epoch %d, loss %s", state.epoch + 1, loss)
