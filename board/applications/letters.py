"""The texts of letters, composed from config/applications.toml and frozen when they are made; nobody but the desk and the applicant reads them."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from board.applications.handbook import Handbook, Outcome
from board.clock import local_day
from board.inquiries.term_clock import words
from board.models import Application, ApplicationLetter, LetterKind
from board.wording.filling import filled

CHANNEL_WORDS = {
    "window": "当面提交", "oral": "当面口头提出", "registered_post": "邮寄", "ordinary_post": "邮寄", "web": "互联网", "fax": "传真",
}  # fmt: skip
QUOTED_MOST = 400


def write_registration(session: Session, book: Handbook, application: Application, at: datetime) -> ApplicationLetter:
    """登记回执, at the entering and again when the day of receipt was confirmed."""
    table = book.letters["registration"]
    if application.received_on is None:
        received, due = filled(table["waiting"], {"law": book.law(local_day(at)).name}), ""
    else:
        received = filled(table["received"], {"received_on": words(application.received_on)})
        due = filled(table["due"], {"due_on": words(application.due_on)}) if application.due_on else ""
    return write(session, book, application, LetterKind.registration, {"received": received, "due": due}, None, at)


def write(
    session: Session, book: Handbook, application: Application, kind: LetterKind, values: dict[str, str], author_id: int | None, at: datetime,
    addressee: str = "",
) -> ApplicationLetter:  # fmt: skip
    """A letter of the kind with its variables filled; ``addressee`` for a third party alone."""
    text = composed(book.letters[kind.value]["body"], shared(book, application, at) | values)
    letter = ApplicationLetter(application_id=application.id, kind=kind, addressee=addressee, body=text, author_id=author_id, made_at=at)
    session.add(letter)
    session.flush()
    session.expire(application, ["letters"])
    return letter


def composed(template: str, values: dict[str, str]) -> str:
    """The template filled line by line; lines that stay empty fall away."""
    lines = (filled(line, values).strip() for line in template.splitlines())
    return "\n".join(line for line in lines if line)


def shared(book: Handbook, application: Application, at: datetime) -> dict[str, str]:
    """What every letter may say."""
    received = application.received_on or local_day(at)
    return {
        "number": application.number, "subject": quoted(application.subject), "law": book.law(received).name, "received_on": words(received),
        "channel": CHANNEL_WORDS[application.channel.value], "due_on": words(application.due_on) if application.due_on else "",
    }  # fmt: skip


def quoted(text: str) -> str:
    """The subject within a sentence: one line, shortened, with its own full stop."""
    line = " ".join(text.split())
    line = line if len(line) <= QUOTED_MOST else line[: QUOTED_MOST - 1] + "…"
    return line if line.endswith(("。", "？", "！", "…")) else f"{line}。"


def decision_body(book: Handbook, application: Application, outcome: Outcome, grounds: str, offices: dict[str, str], day: date) -> str:
    """The reply letter: legal basis of the outcome, what staff wrote, and the remedy notice of the law in force on the day."""
    received = application.received_on or day
    law = book.law(received)
    article = outcome.article if law.key == "2019" else outcome.article_2007
    values = {
        "number": application.number, "received_on": words(received), "subject": quoted(application.subject), "grounds": grounds,
        "text": filled(outcome.text, {"law": law.name, "article": article}), "remedy": filled(book.remedy(day, refusal=outcome.refusal), offices),
    }  # fmt: skip
    lines = [filled(line, {key: values[key] for key in values if key != "grounds"}) for line in book.letters["decision"]["body"].splitlines()]
    return "\n".join(line for line in "\n".join(grounds if line.strip() == "{grounds}" else line for line in lines).splitlines() if line.strip())
