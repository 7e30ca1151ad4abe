"""Morphemes that are no cuts of their word, as one edit for each of its characters: writer = write + er.

    w   r   i   t   e   r
    =   =   =   =e  =   =        what becomes of the character; "=" stands for itself, "" takes it away
    B   M   M   E   B   E        and its label

The word and its morphemes are aligned by the fewest edits (Levenshtein 1966), and among these so that each morpheme
begins as early as it can: rather writ|er, and an ending kept as it is, than write|r.
"""

import numpy

SAME = "="


def aligned(form: str, parts: list[str]) -> tuple[list[int], list[str]] | None:
    """After how many characters of the form each part ends, and the edit of each character.

    None if a part would be left without any character of the form, or either side holds the sign for itself.
    """
    target = "".join(parts)
    if SAME in form + target and form != target:
        return None
    owner = [number for number, part in enumerate(parts) for _ in part]  # of each character of the target
    steps = _steps(form, target)
    members: list[int | None] = [None] * len(form)  # the part of each character
    edits = [""] * len(form)
    last = -1  # character that was edited last
    waiting = ""  # inserted at the beginning of a part, before its first character
    for i, j in steps:
        if i is not None and j is not None:
            members[i] = owner[j]
            edits[i] = waiting + (SAME if form[i] == target[j] else target[j])
            waiting = ""
        elif i is not None:  # taken away: belongs to what stands before it
            members[i] = members[last] if last >= 0 else 0
        elif last >= 0 and members[last] == owner[j] and not waiting:
            edits[last] += target[j]
        else:
            waiting += target[j]
        last = i if i is not None else last
    present = [number for number in members if number is not None]
    if waiting or sorted(present) != present or set(present) != set(range(len(parts))):
        return None
    return [present.index(number) for number in range(1, len(parts))] + [len(form)], edits


def _steps(form: str, target: str) -> list[tuple[int | None, int | None]]:
    """Pairs of places, None for what is inserted or taken away; from the left, matches as late as they can be."""
    cost = numpy.add.outer(numpy.arange(len(form) + 1), numpy.arange(len(target) + 1)).tolist()
    for i, char in enumerate(form, start=1):
        for j, other in enumerate(target, start=1):
            cost[i][j] = min(cost[i - 1][j - 1] + (char != other), cost[i - 1][j] + 1, cost[i][j - 1] + 1)
    steps, i, j = [], len(form), len(target)
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + (form[i - 1] != target[j - 1]):
            i, j = i - 1, j - 1
            steps.append((i, j))
        elif j and cost[i][j] == cost[i][j - 1] + 1:
            j -= 1
            steps.append((None, j))
        else:
            i -= 1
            steps.append((i, None))
    return steps[::-1]


def edited(piece: str, edit: str) -> str:
    return edit.replace(SAME, piece)
