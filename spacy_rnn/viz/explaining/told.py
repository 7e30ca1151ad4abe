"""What a text classifier tells of texts, as plain data: what the terminal, pages and JSON are made of."""

from typing import Any, NamedTuple

from ...pipeline.explanation import Explanation

METHODS = {  # what the numbers mean
    "gradient": "Gradient times input: to first order, by how much the logit would fall without the word's vector.",
    "integrated": "Integrated gradients: each word's share in the logit, beyond what empty vectors would have.",
    "occlusion": "By how much the logit falls if the word is left out.",
}


class Decision(NamedTuple):
    """One text. The first explanation is that of the label to show first."""

    words: list[str]
    spaces: list[str]  # what follows each word: " " or ""
    blank: list[bool]  # words that are nothing but white space
    scores: list[tuple[str, float]]  # all labels with their probabilities, the most probable first
    explanations: list[Explanation]

    def said(self, first: int = 0, end: int | None = None) -> str:
        """The words from one to another as they stand in the text."""
        pairs = list(zip(self.words, self.spaces, strict=True))[first:end]
        return "".join(word + space for word, space in pairs).strip()

    def strongest(self, number: int, most: int) -> list[tuple[int, float]]:
        """Words of the most weight for or against the label of this explanation, and what they have added."""
        values = self.explanations[number].tokens.tolist()
        order = sorted(range(len(values)), key=lambda i: -abs(values[i]))
        return [(i, values[i]) for i in order if values[i] and not self.blank[i]][:most]

    def largest(self, number: int) -> float:
        """The most that a word has added to this label, without its sign."""
        return max((abs(value) for _, value in self.strongest(number, 1)), default=0.0)

    def ngrams(self, number: int, most: int) -> list[tuple[list[tuple[int, int]], float]]:
        """N-grams that have added the most to this label, each with all of its places, whatever their case."""
        places: dict[str, list[tuple[int, int]]] = {}
        added: dict[str, float] = {}
        for first, end, value in self.explanations[number].ngrams:
            said = self.said(first, end).lower()
            places.setdefault(said, []).append((first, end))
            added[said] = added.get(said, 0.0) + value
        order = sorted(added, key=lambda said: -abs(added[said]))
        return [(sorted(places[said]), added[said]) for said in order[:most]]


class Told(NamedTuple):
    lang: str
    component: str
    method: str
    decisions: list[Decision]


def as_json(told: Told) -> list[dict[str, Any]]:
    """One record for each text."""
    return [
        {
            "text": "".join(map("".join, zip(decision.words, decision.spaces, strict=True))),
            "words": decision.words,
            "component": told.component,
            "cats": dict(decision.scores),
            "explanations": [one.as_json() for one in decision.explanations],
        }
        for decision in told.decisions
    ]


def describe(told: Told) -> str:
    many = "1 text" if len(told.decisions) == 1 else f"{len(told.decisions):,} texts"
    return f"{many}, {told.component}, {told.method}"
