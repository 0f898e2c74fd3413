"""Learning the routing anew from the office's answered inquiries: versions with figures, refused when worse than the rules, rolled back at will."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from board.errors import InvalidInput, NotFound
from board.inquiries.events import note
from board.models import Inquiry, RouterVersion, Unit
from board.replies.routing import by_rules, subjects_of
from board.settings import Settings
from board.storage import outbox
from board.storage.unit_of_work import UnitOfWork
from responder.router import Example, Material, Rules, learn, material, packed
from responder.router_scores import RoutingScore, cross_validated, label_scores, mean_f1

TEXT_MOST = 4_000


@dataclass(frozen=True, slots=True)
class Answered:
    """What one answered inquiry teaches: its words, the unit that answered, its subject ("" when none of that unit's)."""

    title: str
    text: str
    unit: str
    subject: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """Everything that is learned from: answered inquiries (newest first), the words of units and of subjects, other inquiries."""

    answered: Sequence[Answered]
    unit_words: Mapping[str, Sequence[str]]
    subject_words: Mapping[str, Sequence[str]]
    others: Sequence[tuple[str, str]]

    def known(self, words: Mapping[str, Sequence[str]]) -> Material:
        """The taxonomy's words and the others, made ready."""
        return material(words, self.others)

    @property
    def by_unit(self) -> list[Example]:
        """Examples labelled with the unit."""
        return [Example(one.title, one.text, one.unit) for one in self.answered]

    @property
    def by_subject(self) -> list[Example]:
        """Examples labelled with the subject."""
        return [Example(one.title, one.text, one.subject) for one in self.answered if one.subject]


def gather_lesson(session: Session, settings: Settings, taxonomy: Mapping[str, Any]) -> Lesson:
    """Reads the newest answered inquiries, live ones and history (at most ``routing.examples_most``), and as many others: those that wait, and
    history that was brought in without a unit, which does not say who answered.
    """
    most = int(settings.section("routing")["examples_most"])
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    columns = (Inquiry.title, Inquiry.text, Inquiry.unit_id, Inquiry.subject)
    untold = Inquiry.imported & Inquiry.unit_id.in_([key for key, unit in units.items() if unit.parent_id is None and len(units) > 1])
    rows = session.execute(select(*columns).where(Inquiry.answered_at.is_not(None), ~untold).order_by(Inquiry.answered_at.desc(), Inquiry.id.desc()).limit(most)).all()
    waiting = select(Inquiry.title, Inquiry.text).where(Inquiry.answered_at.is_(None) | untold).order_by(Inquiry.id.desc()).limit(most)
    answered = [answered_one(row.title, row.text, units[row.unit_id].code, row.subject, taxonomy) for row in rows]
    others = [(title, text[:TEXT_MOST]) for title, text in session.execute(waiting)]
    subjects = {str(entry["name"]): [str(entry["name"]), *entry["words"]] for entry in taxonomy.get("subjects", ())}
    return Lesson(answered, words_of_units(list(units.values()), taxonomy), subjects, others)


def answered_one(title: str, text: str, unit: str, subject: str, taxonomy: Mapping[str, Any]) -> Answered:
    """A row as a lesson; a subject that belongs to another unit was chosen before somebody sent the item on, and teaches nothing."""
    return Answered(title, text[:TEXT_MOST], unit, subject if subject in subjects_of(taxonomy, unit) else "")


def words_of_units(units: Sequence[Unit], taxonomy: Mapping[str, Any]) -> dict[str, list[str]]:
    """Code of a unit -> phrases that speak of it: its subjects with their words, its own keywords."""
    known: dict[str, list[str]] = {unit.code: unit.keywords.split() for unit in units}
    for subject in taxonomy.get("subjects", ()):
        if subject["unit"] in known:
            known[subject["unit"]] += [subject["name"], *subject["words"]]
    return {code: phrases for code, phrases in known.items() if phrases}


def rules_of(settings: Settings) -> Rules:
    """How the office lets it be learned."""
    chosen = settings.section("routing")
    return Rules(precision=float(chosen["sure_right"]))


def too_few(lesson: Lesson, settings: Settings) -> str:
    """Why nothing can be learned yet, in words; "" when it can: two units must have answered enough each."""
    least = int(settings.section("routing")["answered_each"])
    enough = [code for code, number in Counter(one.unit for one in lesson.answered).items() if number >= least]
    return "" if len(enough) > 1 else f"至少要有两个单位各答复 {least} 件留言才能学习，现有 {len(enough)} 个单位达到。"


def learn_tonight(work: UnitOfWork, settings: Settings, taxonomy: Mapping[str, Any], day: str, at: datetime) -> str:
    """Learns once a day and closes the outbox row; "learned", "refused", or "skipped" with too few answers or nothing new. May run twice."""
    with work.reading() as session:
        lesson, newest = gather_lesson(session, settings, taxonomy), session.scalar(select(RouterVersion.digest).order_by(RouterVersion.id.desc()).limit(1))
    made = None if too_few(lesson, settings) else learned(lesson, settings, taxonomy, "system", at)
    with work.transaction() as session:
        fresh = made is not None and made.digest != newest
        if made is not None and fresh:
            store(session, made)
        outbox.finish(session, "learn_routing", day, at)
    return "skipped" if made is None or not fresh else "refused" if made.refused else "learned"


def learned(lesson: Lesson, settings: Settings, taxonomy: Mapping[str, Any], actor: str, at: datetime) -> RouterVersion:
    """A version with its figures, not stored yet; refused when the rules do better. InvalidInput with too few answers."""
    if reason := too_few(lesson, settings):
        raise InvalidInput(reason)
    rules, known = rules_of(settings), lesson.known(lesson.unit_words)
    score, plain_rules = cross_validated(lesson.by_unit, known, rules), rules_score(lesson, taxonomy)
    content = packed(learn(lesson.by_unit, known, rules))
    subjects = packed(learn(lesson.by_subject, lesson.known(lesson.subject_words), rules)) if lesson.by_subject else b""
    return RouterVersion(
        made_at=at, made_by=actor, messages=score.messages, units=len(score.labels), macro_f1=score.macro_f1, rules_f1=plain_rules,
        not_sure=score.not_sure, sure_right=score.sure_right, refused=refusal(score, plain_rules), content=content, subjects=subjects,
        digest=hashlib.sha256(content + subjects).hexdigest(),
    )  # fmt: skip


def store(session: Session, version: RouterVersion) -> None:
    """Keeps a version and takes it into use unless it was refused."""
    session.add(version)
    session.flush()
    note(session, "learn_routing", version.made_by, version.made_at, version.refused, {"version": version.id})
    if not version.refused:
        put_in_use(session, version)


def rules_score(lesson: Lesson, taxonomy: Mapping[str, Any]) -> float:
    """What the words of the taxonomy alone reach on the same messages (macro F1)."""
    chosen = [by_rules(taxonomy, one.title, one.text).unit for one in lesson.answered]
    return mean_f1(label_scores([one.unit for one in lesson.answered], chosen))


def refusal(score: RoutingScore, rules_f1: float) -> str:
    """Why a version is not taken into use; "" when it is."""
    return "" if score.macro_f1 >= rules_f1 else f"不如关键词规则（{score.macro_f1:.3f} 低于 {rules_f1:.3f}）。"


def put_in_use(session: Session, version: RouterVersion) -> None:
    """From now on this version routes, and no other."""
    session.execute(update(RouterVersion).where(RouterVersion.in_use).values(in_use=False).execution_options(synchronize_session=False))
    session.execute(update(RouterVersion).where(RouterVersion.id == version.id).values(in_use=True).execution_options(synchronize_session=False))
    session.refresh(version)


def use_version(session: Session, number: int, actor: str, at: datetime) -> None:
    """Back (or forward) to a version; 0 is the rules alone. NotFound without such a version, InvalidInput for a refused one."""
    version = session.get(RouterVersion, number) if 0 < number < 2**31 else None
    if number and version is None:
        raise NotFound(f"没有第 {number} 版分办模型。")
    if version is not None and version.refused:
        raise InvalidInput(f"第 {number} 版没有采用：{version.refused}")
    if version is not None:
        put_in_use(session, version)
    else:
        session.execute(update(RouterVersion).where(RouterVersion.in_use).values(in_use=False).execution_options(synchronize_session=False))
    note(session, "use_routing", actor, at, data={"version": number})


def versions(session: Session, most: int = 20) -> Sequence[RouterVersion]:
    """The newest versions first."""
    return session.scalars(select(RouterVersion).order_by(RouterVersion.id.desc()).limit(most)).all()
