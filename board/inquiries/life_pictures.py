"""The table of moves as data, as a diagram and as the page LIFECYCLE.md: nothing here is written by hand twice."""

from collections.abc import Mapping
from typing import Any

from board.inquiries.lifecycle import OPEN, TRANSITIONS, Clock, Transition
from board.models import InquiryState
from board.staff.roles import ALLOWED, OWN_ONLY, Right
from board.wording.labels import Labels

#: states in the order of the main road, side roads behind
ORDER = tuple(InquiryState)


def table(labels: Labels) -> dict[str, Any]:
    """All states and moves with every rule, ready for JSON."""
    states = [{"name": state.value, "label": labels("state", state.value), "open": state in OPEN} for state in ORDER]
    return {"states": states, "transitions": [entry(name, step, labels) for name, step in TRANSITIONS.items()]}


def entry(name: str, step: Transition, labels: Labels) -> dict[str, Any]:
    """One move."""
    return {
        "action": name, "label": labels("action", name), "from": [s.value for s in ORDER if s in step.sources],
        "to": f"before:{step.undoes}" if step.undoes else step.target.value if step.target else None, "who": who(step),
        "needs_reason": step.needs_reason, "clock": step.clock.value, "notifies": sorted(step.tells), "when": dict(step.when),
    }  # fmt: skip


def who(step: Transition) -> list[str]:
    """The roles that may make the move (``editor:own`` for own items only), or citizen, or system."""
    if not isinstance(step.by, Right):
        return [step.by.value]
    return sorted(f"{role.value}:own" if (step.by, role) in OWN_ONLY else role.value for role in ALLOWED[step.by])


def mermaid(labels: Labels) -> str:
    """A state diagram of all moves that change the state; the others stand in the table."""
    lines = ["stateDiagram-v2", *(f"    {state.value}: {labels('state', state.value)}" for state in ORDER)]
    for name, step in TRANSITIONS.items():
        lines += arrows(name, step, labels)
    return "\n".join(lines) + "\n"


def arrows(name: str, step: Transition, labels: Labels) -> list[str]:
    """The arrows of one move."""
    words = labels("action", name)
    if not step.sources and step.target:
        return [f"    [*] --> {step.target.value}: {words}"]
    if step.undoes:
        back = TRANSITIONS[step.undoes].sources
        return [f"    {source.value} --> {target.value}: {words}" for source in sorted(step.sources) for target in ORDER if target in back]
    return [f"    {source.value} --> {step.target.value}: {words}" for source in ORDER if source in step.sources and step.target]


CLOCKS: Mapping[Clock, str] = {
    Clock.none: "", Clock.starts: "starts", Clock.pauses: "pauses", Clock.resumes: "resumes", Clock.extends: "extends", Clock.restarts: "restarts",
    Clock.stops: "stops", Clock.recounts: "counted again",
}  # fmt: skip


def page(labels: Labels) -> str:
    """LIFECYCLE.md: the diagram and the table."""
    head = (
        "# The life of an inquiry\n\nMade by `huiying lifecycle --format markdown > board/inquiries/LIFECYCLE.md` from the table TRANSITIONS of "
        "`lifecycle.py`; a test checks that it is current.\n\n"
    )
    return f"{head}```mermaid\n{mermaid(labels)}```\n\n{rows(labels)}"


def rows(labels: Labels) -> str:
    """The table of moves in Markdown."""
    lines = ["| move | | from | to | who | reason | clock | notifies | only when |", "|---|---|---|---|---|---|---|---|---|"]
    for name, step in TRANSITIONS.items():
        each = entry(name, step, labels)
        goes = each["to"] or "stays"
        when = ", ".join(key if value else f"not {key}" for key, value in each["when"].items())
        came = ", ".join(each["from"]) if len(step.sources) < len(ORDER) else "any"
        cells = (
            name,
            each["label"],
            came,
            goes,
            ", ".join(each["who"]),
            "yes" if step.needs_reason else "",
            CLOCKS[step.clock],
            ", ".join(each["notifies"]),
            when,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
