"""Names of bodies that are written almost, but not quite, as they are: a wrong county in the sign line, a missing word in a unit's name."""

from collections.abc import Iterator, Sequence

from responder.scoring import best_place

#: shorter names are too much like other words
SHORTEST = 6
#: from this likeness on a place is meant to be the name
MEANT = 0.75
#: before a shortened name (县人社局, 我县…局): nothing is wrong with it
BEFORE_SHORT = frozenset("由请到向与和及或是在的经报至归属被让找去对从我本该各全为")


def near_names(text: str, names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Places (start, end) that are like one of the names but none of them, each with the name that was meant; one place for each name.

    The names themselves are covered first, so that a name is never taken for a misspelling of another.
    """
    covered = text
    for name in sorted(set(names), key=len, reverse=True):
        if name:
            covered = covered.replace(name, "\n" * len(name))
    taken: list[tuple[int, int]] = []
    for name in sorted((name for name in set(names) if len(name) >= SHORTEST), key=len, reverse=True):
        score, start, end = best_place(name, covered)
        place = covered[start:end]
        if score < MEANT or place[-1:] != name[-1:] or "\n" in place or shortened(covered[:end], name):
            continue
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield start, end, name


def shortened(before: str, name: str) -> bool:
    """Whether the text ends with the end of the name, and no other name stands before that."""
    same = next((length for length in range(len(name)) if before[-length - 1 :][:1] != name[-length - 1]), len(name))
    ahead = before[: len(before) - same][-1:]
    return not ("\u4e00" <= ahead <= "\u9fff") or ahead in BEFORE_SHORT
