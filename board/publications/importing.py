"""Importing disclosures: rows in, disclosures added, changed or left as they are; the same row twice is one disclosure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from board.intake.reading import BadRow, Line
from board.intake.rejects import Rejected
from board.intake.runs import Outcome
from board.models import Disclosure, DisclosureChannel, DisclosureFinding
from board.publications.incoming import Incoming, Rules, incoming_of
from board.publications.indexing import note_change
from board.publications.pages import page_values
from responder.text import plain


def disclosures_taker(rules: Rules, at: datetime) -> Callable[[Session, Sequence[Line]], Outcome]:
    """What ``carry_out`` calls for each batch of rows."""
    return lambda session, lines: take_disclosures(session, rules, lines, at)


def page_line(content: str) -> Line:
    """A saved page as the one row of its file; what is odd about it travels along under the key "findings"."""
    values, findings = page_values(content)
    return Line(1, {"": content[:200]}, {**values, "findings": findings})


def take_disclosures(session: Session, rules: Rules, lines: Sequence[Line], at: datetime) -> Outcome:
    """Adds and changes the disclosures of a batch and tells the index of each; bad rows are in the outcome."""
    outcome = Outcome()
    rows: list[Incoming] = []
    for line in lines:
        try:
            rows.append(incoming_of(line.values, rules, line.values.get("findings", ())))
        except BadRow as error:
            outcome.rejected.append(Rejected(line, str(error)))
    known = Known(session, rules.source, rows)
    touched: list[Disclosure] = []
    for row in rows:
        found = known.find(row)
        if found is None:
            found = new_disclosure(row, rules, at)
            session.add(found)
            known.learn(found)
            touched.append(found)
            outcome.added += 1
        elif apply_changes(found, row, rules.source):
            touched.append(found)
            outcome.changed += 1
        else:
            outcome.unchanged += 1
        outcome.findings += [(code, found.title) for code in row.findings]
    session.flush()
    for one in touched:
        note_change(session, one.id)
    return outcome


class Known:
    """What is already there of a batch of rows, looked up at once.

    Identity, in this order: source and id; a document number stated in its own field, together with the title (the same number over
    another title is another document: numbers are mistyped, and one number may carry several papers), unless both come from one source
    with ids of their own and texts that differ; the fingerprint of title and text for a row that has neither number nor id. A number
    that was only read out of the text never decides.
    """

    def __init__(self, session: Session, source: str, rows: Sequence[Incoming]) -> None:
        self.source = source
        self.by_ref: dict[str, Disclosure] = {}
        self.by_number: dict[tuple[str, str], list[Disclosure]] = {}
        self.by_fingerprint: dict[str, Disclosure] = {}
        wanted = or_(
            (Disclosure.import_source == source) & Disclosure.import_ref.in_({row.ref for row in rows if row.ref}),
            Disclosure.document_number.in_({row.fields["document_number"] for row in rows if row.numbered}),
            Disclosure.fingerprint.in_({row.fields["fingerprint"] for row in rows if not row.ref and not row.numbered}),
        )
        for found in session.scalars(select(Disclosure).where(wanted).order_by(Disclosure.id)):
            self.learn(found)

    def learn(self, found: Disclosure) -> None:
        """Takes in a disclosure that is there or has just been made."""
        if found.import_ref and found.import_source == self.source:
            self.by_ref[found.import_ref] = found
        if found.document_number:
            self.by_number.setdefault((found.document_number, plain(found.title)), []).append(found)
        self.by_fingerprint.setdefault(found.fingerprint, found)

    def find(self, row: Incoming) -> Disclosure | None:
        """The disclosure that the row speaks of; None for a new one."""
        if row.ref and row.ref in self.by_ref:
            return self.by_ref[row.ref]
        if row.numbered:
            same = self.by_number.get((row.fields["document_number"], plain(row.fields["title"])), ())
            return next((one for one in same if not self._apart(one, row)), None)
        return None if row.ref else self.by_fingerprint.get(row.fields["fingerprint"])

    def _apart(self, one: Disclosure, row: Incoming) -> bool:
        """Two records of one source, each with an id, that do not say the same."""
        ids = bool(row.ref and one.import_ref and one.import_source == self.source)
        return ids and one.fingerprint != row.fields["fingerprint"]


def new_disclosure(row: Incoming, rules: Rules, at: datetime) -> Disclosure:
    """A disclosure of an imported row: published, marked 导入, with its historic dates."""
    return Disclosure(
        **row.fields, unit_id=rules.unit_id, imported=True, import_source=rules.source, import_ref=row.ref, created_at=at,
        channels=[DisclosureChannel(channel=name) for name in row.channels], findings=findings_of(row.findings),
    )  # fmt: skip


def findings_of(findings: Mapping[str, str]) -> list[DisclosureFinding]:
    """Rows for what was odd."""
    return [DisclosureFinding(code=code, detail=detail) for code, detail in findings.items()]


def apply_changes(found: Disclosure, row: Incoming, source: str) -> bool:
    """Brings an imported disclosure up to its row; False when nothing differs, or when it was typed in by hand or came from elsewhere."""
    if not found.imported or found.import_source != source:
        return False
    differing = {name: value for name, value in row.fields.items() if getattr(found, name) != value}
    if not differing:
        return False
    for name, value in differing.items():
        setattr(found, name, value)
    found.version += 1
    old = {finding.code for finding in found.findings}
    found.findings = [finding for finding in found.findings if finding.code in row.findings]
    found.findings += findings_of({code: detail for code, detail in row.findings.items() if code not in old})
    return True
