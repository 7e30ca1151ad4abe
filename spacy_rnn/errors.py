"""Every message a user can meet, with a code: what happened, and what to do.

R0xx nets and bridge, R1xx models and pipeline, R2xx vectors, R3xx training and corpora, R4xx command line and sample data.
Raise them as ``RNNError(Errors.R001.format(...))``; warn with ``warnings.warn(Warnings.W001.format(...))``.
"""

import re


class RNNError(ValueError):
    """An error the user can act on. The command line prints it without a traceback."""


class _Coded(type):
    """Puts the attribute's own name in front of its text: ``Errors.R001`` reads "[R001] ..."."""

    def __getattribute__(cls, name):
        text = super().__getattribute__(name)
        return f"[{name}] {text}" if re.fullmatch(r"[RW]\d{3}", name) else text


class Errors(metaclass=_Coded):
    # fmt: off
    # -- R0xx: nets and bridge
    # -- R1xx: models and pipeline
    # -- R2xx: vectors
    # -- R3xx: training and corpora
    # -- R4xx: command line and sample data
    pass
    # fmt: on


class Warnings(metaclass=_Coded):
    # fmt: off
    # -- W0xx: nets and bridge
    # -- W1xx: models and pipeline
    # -- W2xx: vectors
    # -- W3xx: training and corpora
    # -- W4xx: command line and sample data
    pass
    # fmt: on
