"""How much a word has added, as colours and figures."""


def strength(value: float, most: float) -> float:
    """From 0 to 1."""
    return abs(value) / most if most else 0.0


def signed(value: float, most: float) -> str:
    """With as many digits as tell values of this size apart."""
    digits = 2 if most >= 0.1 else 4
    shown = f"{value:+.{digits}f}"
    return shown[1:] if not float(shown) else shown.replace("-", "\u2212")
