"""Which unit answers: the subject whose words the message names most, from config/taxonomy.toml; none found goes to the front office."""

from collections.abc import Mapping
from typing import Any

from responder.text import plain


def route(taxonomy: Mapping[str, Any], title: str, text: str) -> tuple[str, str]:
    """(subject, code of the unit), or ("", "") when no subject's words occur or two are equal. A word in the title counts twice."""
    heading, body = plain(title), plain(text)
    scored = sorted(((weight(subject["words"], heading, body), subject["name"], subject["unit"]) for subject in taxonomy.get("subjects", ())), reverse=True)
    if not scored or scored[0][0] == 0 or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return "", ""
    return scored[0][1], scored[0][2]


def weight(words: list[str], heading: str, body: str) -> int:
    """How often and how specifically the words occur (longer words weigh more), bounded for each word."""
    return sum(len(word) * (2 * (word in heading) + min(3, body.count(word))) for word in words)
