"""The part of the item's page about working together: who is there, texts that were kept, two texts side by side."""

from dataclasses import dataclass
from typing import Any

from board.clock import now
from board.errors import NotFound
from board.replies import claims, merging_texts, review, working_texts
from board.staff.roles import Actor, Right, may
from board.web.current import the_office


@dataclass(frozen=True, slots=True)
class Work:
    """``sheet`` names this page's text; ``held`` is the colleague whose claim holds, ``lapsed`` one whose claim has ended.

    ``mine`` and ``others`` are kept texts that stand nowhere yet; ``parts`` are both sides of a conflict.
    """

    sheet: str
    based_on: int
    held: claims.Holder | None
    lapsed: claims.Holder | None
    may_take_over: bool
    needs_reason: bool
    is_mine: bool
    people: list[Any]
    mine: list[Any]
    others: list[Any]
    parts: list[merging_texts.Part]
    autosave_seconds: int


def work_on(db: Any, actor: Actor, inquiry: Any, reply: Any, typed: Any) -> Work:
    """Reads what the page needs."""
    settings, at = the_office().settings, now()
    found = claims.holder(db, inquiry, at, claims.hold_of(settings))
    other = found if found and found.account_id != actor.account_id else None
    writes = may(actor, Right.edit_draft, inquiry)
    kept = working_texts.offered(db, inquiry, reply.text if reply else "") if writes else []
    kept = [row for row in kept if row.sheet != typed.sheet]
    return Work(
        sheet=typed.sheet or working_texts.new_sheet(),
        based_on=typed.based_on if typed.text is not None and typed.current is None and typed.based_on >= 0 else reply.revision if reply else 0,
        held=other if other and other.holds else None,
        lapsed=other if other and not other.holds else None,
        may_take_over=bool(other) and may(actor, Right.claim, inquiry) and (not other.holds or may(actor, Right.assign, inquiry)),  # type: ignore[union-attr]  # bool(other)
        needs_reason=bool(other and other.holds),
        is_mine=bool(found) and other is None,
        people=[person for person in claims.people_at(db, inquiry, at) if person.account_id != actor.account_id],
        mine=[row for row in kept if row.account_id == actor.account_id],
        others=[row for row in kept if row.account_id != actor.account_id],
        parts=merging_texts.parts(typed.current, (typed.text or "").replace("\r\n", "\n")) if typed.current is not None else [],
        autosave_seconds=int(settings.section("desk")["autosave_seconds"]),
    )


def steps_beside(steps: frozenset[str], work: Work, typed: Any) -> frozenset[str]:
    """The steps without writing while a colleague's claim holds, unless a text was typed already: then nothing of it may get lost."""
    return steps - {"write", "submit"} if work.held and typed.text is None else steps


def restored(number: str, key: str, actor: Actor) -> dict[str, Any]:
    """A kept text for the text field, by its key: NotFound for another item's."""
    with the_office().work.reading() as db:
        inquiry = review.inquiry_for_staff(db, actor, number)
        if not may(actor, Right.edit_draft, inquiry):
            raise NotFound("没有这份文字。")
        row = working_texts.text_of(db, inquiry, int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0)
        sheet = row.sheet if row.account_id == actor.account_id else ""
        return {"text": row.text, "based_on": row.based_on, "sheet": sheet, "inserted": "restored"}
