"""The table of moves as data, as a diagram and as the page LIFECYCLE.md: nothing here is written by hand twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from board.inquiries.lifecycle import OPEN, TRANSITIONS, Clock, Transition
from board.models import InquiryState
from board.staff.roles import ALLOWED, OWN_ONLY, Right
from board.wording.labels import Labels


@dataclass(frozen=True, slots=True)
class Pictured:
    """A life to be drawn: its moves, its states (main road first, side roads behind), which are open, the tables of labels, and the words of its page."""

    moves: Mapping[str, Transition[Any]]
    order: tuple[StrEnum, ...]
    open: frozenset[Any]
    state_labels: str = "state"
    action_labels: str = "action"
    title: str = "The life of an inquiry"
    made_by: str = "huiying lifecycle --format markdown > board/inquiries/LIFECYCLE.md"
    module: str = "lifecycle.py"


INQUIRIES = Pictured(TRANSITIONS, tuple(InquiryState), OPEN)


def table(labels: Labels, life: Pictured = INQUIRIES) -> dict[str, Any]:
    """All states and moves with every rule, ready for JSON."""
    states = [{"name": state.value, "label": labels(life.state_labels, state.value), "open": state in life.open} for state in life.order]
    return {"states": states, "transitions": [entry(name, step, labels, life) for name, step in life.moves.items()]}


def entry(name: str, step: Transition[Any], labels: Labels, life: Pictured = INQUIRIES) -> dict[str, Any]:
    """One move."""
    return {
        "action": name, "label": labels(life.action_labels, name), "from": [s.value for s in life.order if s in step.sources],
        "to": f"before:{step.undoes}" if step.undoes else step.target.value if step.target else None, "who": who(step),
        "needs_reason": step.needs_reason, "clock": step.clock.value, "notifies": sorted(step.tells), "when": dict(step.when),
    }  # fmt: skip


def who(step: Transition[Any]) -> list[str]:
    """The roles that may make the move (``editor:own`` for own items only), or citizen, or system."""
    if not isinstance(step.by, Right):
        return [step.by.value]
    return sorted(f"{role.value}:own" if (step.by, role) in OWN_ONLY else role.value for role in ALLOWED[step.by])


def mermaid(labels: Labels, life: Pictured = INQUIRIES) -> str:
    """A state diagram of all moves that change the state; the others stand in the table."""
    lines = ["stateDiagram-v2", *(f"    {state.value}: {labels(life.state_labels, state.value)}" for state in life.order)]
    for name, step in life.moves.items():
        lines += arrows(name, step, labels, life)
    return "\n".join(lines) + "\n"


def arrows(name: str, step: Transition[Any], labels: Labels, life: Pictured = INQUIRIES) -> list[str]:
    """The arrows of one move."""
    words = labels(life.action_labels, name)
    if not step.sources and step.target:
        return [f"    [*] --> {step.target.value}: {words}"]
    if step.undoes:
        back = life.moves[step.undoes].sources
        return [f"    {source.value} --> {target.value}: {words}" for source in sorted(step.sources) for target in life.order if target in back]
    return [f"    {source.value} --> {step.target.value}: {words}" for source in life.order if source in step.sources and step.target]


CLOCKS: Mapping[Clock, str] = {
    Clock.none: "", Clock.starts: "starts", Clock.pauses: "pauses", Clock.resumes: "resumes", Clock.extends: "extends", Clock.restarts: "restarts",
    Clock.stops: "stops", Clock.recounts: "counted again",
}  # fmt: skip


def page(labels: Labels, life: Pictured = INQUIRIES) -> str:
    """LIFECYCLE.md: the diagram and the table."""
    head = (
        f"# {life.title}\n\nMade by `{life.made_by}` from the table TRANSITIONS of "
        f"`{life.module}`; a test checks that it is current.\n\n"
    )
    return f"{head}```mermaid\n{mermaid(labels, life)}```\n\n{rows(labels, life)}"


def rows(labels: Labels, life: Pictured = INQUIRIES) -> str:
    """The table of moves in Markdown."""
    lines = ["| move | | from | to | who | reason | clock | notifies | only when |", "|---|---|---|---|---|---|---|---|---|"]
    for name, step in life.moves.items():
        each = entry(name, step, labels, life)
        goes = each["to"] or "stays"
        when = ", ".join(key if value else f"not {key}" for key, value in each["when"].items())
        came = ", ".join(each["from"]) if len(step.sources) < len(life.order) else "any"
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
