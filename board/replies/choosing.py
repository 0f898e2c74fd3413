"""What somebody wants to see of the queue: lane, filters, search, order; it lives in the address and can be saved and shared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from board.models import Account, Channel, Inquiry, InquiryKind, InquiryState, Reply, Unit, Urgency
from board.replies.lanes import LANES, Lines, conditions
from board.staff.roles import OWN_ONLY, Actor, Right, may
from board.storage import words

SORTS = ("due", "received", "newest")
DUES = ("overdue", "today", "soon", "later", "none")
DRAFTS = ("any", "none", "draft", "suggest", "hand_over")
#: a word that could be part of a telephone or an address has at least four ASCII signs in a row
CONTACT_LEAST = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A view of the queue; "" leaves a filter open."""

    lane: str = "all"
    q: str = ""
    unit: str = ""
    kind: str = ""
    subject: str = ""
    state: str = ""
    channel: str = ""
    due: str = ""
    holder: str = ""
    draft: str = ""
    held: str = ""
    urgent: str = ""
    sort: str = ""

    @property
    def order(self) -> str:
        """The order in force: as chosen, else what suits the lane."""
        return self.sort or ("newest" if self.lane == "done" else "received" if self.lane in {"warn", "escalate", "fail"} else "due")

    @property
    def narrowed(self) -> bool:
        """Whether more is asked for than a lane."""
        return replace(self, lane="all", sort="") != Choice()

    def parts(self, **changes: str) -> dict[str, str]:
        """Names and values for an address; what is open is left out."""
        changed = replace(self, **changes)
        return {field.name: value for field in fields(Choice) if (value := getattr(changed, field.name)) and (field.name, value) != ("lane", "all")}


#: filter -> the values that it takes; filters that are not here take any short text
VALUES: Mapping[str, frozenset[str]] = {
    "lane": frozenset(LANES), "kind": frozenset(InquiryKind), "state": frozenset(InquiryState), "channel": frozenset(Channel),
    "due": frozenset(DUES), "draft": frozenset(DRAFTS), "held": frozenset({"yes"}), "urgent": frozenset({"yes"}), "sort": frozenset(SORTS),
}  # fmt: skip
LONGEST = {"q": 200}


def choice_of(given: Mapping[str, str]) -> Choice:
    """The view that an address asks for; what it does not know is left out."""
    known = {field.name: given.get(field.name, "").strip()[: LONGEST.get(field.name, 60)] for field in fields(Choice)}
    return Choice(**{name: value for name, value in known.items() if value and (name not in VALUES or value in VALUES[name])})


def condition(session: Session, actor: Actor, choice: Choice, lines: Lines) -> ColumnElement[bool]:
    """What the view holds, as far as this member of staff may know."""
    found = [searched(session, actor, choice.q)] if choice.q else []
    return and_(conditions(actor, lines)[choice.lane], *filters(choice, actor, lines), *found)


def filters(choice: Choice, actor: Actor, lines: Lines) -> Iterator[ColumnElement[bool]]:
    """One condition for each filter that is set."""
    for name in ("kind", "subject", "state", "channel"):
        if value := getattr(choice, name):
            yield getattr(Inquiry, name) == value
    if choice.unit:
        yield Inquiry.unit_id.in_(select(Unit.id).where(Unit.code == choice.unit))
    if choice.held:
        yield Inquiry.held_reason != ""
    if choice.urgent:
        yield Inquiry.urgency != Urgency.ordinary
    if choice.due:
        yield by_due(choice.due, lines)
    if choice.holder:
        yield by_holder(choice.holder, actor)
    if choice.draft:
        yield by_draft(choice.draft)


def by_due(value: str, lines: Lines) -> ColumnElement[bool]:
    """How the term stands."""
    return {
        "overdue": Inquiry.due_on < lines.today,
        "today": Inquiry.due_on == lines.today,
        "soon": and_(Inquiry.due_on > lines.today, Inquiry.due_on <= lines.soon),
        "later": Inquiry.due_on > lines.soon,
        "none": Inquiry.due_on.is_(None),
    }[value]


def by_holder(value: str, actor: Actor) -> ColumnElement[bool]:
    """Who has it in hand: "me", "none" or a login."""
    if value == "none":
        return Inquiry.claimed_by_id.is_(None)
    if value == "me":
        return Inquiry.claimed_by_id == actor.account_id
    return Inquiry.claimed_by_id.in_(select(Account.id).where(Account.login == value))


def by_draft(value: str) -> ColumnElement[bool]:
    """Whether there is a reply in force, or how well the system's draft is founded."""
    here = exists().where(Reply.inquiry_id == Inquiry.id, Reply.in_force)
    return ~here if value == "none" else here if value == "any" else here.where(Reply.decision == value)


def searched(session: Session, actor: Actor, query: str) -> ColumnElement[bool]:
    """Number, title and text for everybody, nicknames but those of reports (举报); contacts and what is masked for those who may see it (RELIABILITY 6)."""
    asked = words.search_words(query)
    if not asked:
        return true() if not query.strip() else Inquiry.id.in_(())
    if not may(actor, Right.see_contact):
        return words.INQUIRIES.matches(session, asked, "wn")
    private = ["wns" + number_letter(word) for word in asked]
    if (Right.see_contact, actor.role) not in OWN_ONLY:
        return words.INQUIRIES.matches(session, asked, private)
    open_to_all = Inquiry.kind != InquiryKind.report
    own = or_(Inquiry.claimed_by_id.in_(sorted({actor.account_id or 0, *actor.stands_in})), Inquiry.unit_id.in_(sorted(actor.unit_ids)))
    return or_(
        words.INQUIRIES.matches(session, asked, "w"),
        and_(open_to_all, words.INQUIRIES.matches(session, asked, "wn")),
        and_(open_to_all, own, words.INQUIRIES.matches(session, asked, private)),
    )


def number_letter(word: tuple[str, ...]) -> str:
    """Where a word is looked for among telephones and addresses: four digits as the end of a number (尾号), five signs and more anywhere, fewer nowhere.

    Four digits stand somewhere inside every thousandth number; what people say or a display shows is the number's end.
    """
    if len(word) == 1 and word[0].isdigit() and len(word[0]) == words.ENDING:
        return "e"
    return "c" if any(gram.isascii() and len(gram) >= CONTACT_LEAST for gram in word) else ""
