"""Names of bodies that are written almost, but not quite, as they are: a wrong county in the sign line, a missing word in a unit's name."""

from collections.abc import Iterator, Sequence

from responder.scoring import best_place

#: shorter names are too much like other words
SHORTEST = 6
#: from this likeness on a place is meant to be the name
MEANT = 0.75


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
        if score >= MEANT and place[-1:] == name[-1:] and "\n" not in place and not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield start, end, name
