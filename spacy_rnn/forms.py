"""Forms that are one word to a reader: with and without stress marks, ё or е, one hyphen or another.

на́ши -> наши    замёрз -> замерз    интернет‑магазин -> интернет-магазин    don’t -> don't
"""

import unicodedata

STRESS = {0x300: None, 0x301: None, ord("ѐ"): "е", ord("Ѐ"): "Е", ord("ѝ"): "и", ord("Ѝ"): "И"}  # grave, acute
YO = {ord("ё"): "е", ord("Ё"): "Е"}
SIGNS = {
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2043, 0x2212), "-"),  # hyphens
    **dict.fromkeys((0x2018, 0x2019, 0x2B9, 0x2BC, 0xB4), "'"),  # apostrophes
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), None),  # what is not seen at all
}
KINDS = {"signs": SIGNS, "stress": STRESS, "yo": YO}  # in this order: what is left out may part a letter from its marks


def normalize(form: str, kinds: list[str]) -> str:
    """The form by which a word is looked up. kinds: some of "stress", "yo" and "signs".

    Letters and their marks become one letter where there is one (NFC), so only marks of their own are dropped: an é
    stays. What is a single character, such as a quotation mark, or nothing but marks, stays as it is.
    """
    if form.isascii() or len(form) == 1 or not kinds:
        return form
    found = unicodedata.normalize("NFC", form)
    for kind, mapping in KINDS.items():
        if kind in kinds:
            found = unicodedata.normalize("NFC", found.translate(mapping))
    return form if found in ("", form) else normalize(found, kinds)  # a mark that went may have hidden another
