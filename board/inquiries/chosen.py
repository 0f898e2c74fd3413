"""The office's settings as they hold now: config/ with what was chosen on pages laid on top; every process follows within seconds."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from board.clock import local_day
from board.errors import HuiyingError
from board.inquiries.deadlines import Calendar
from board.models import InquiryKind, SettingVersion
from board.settings import Settings, merged
from board.staff.choices import all_versions, newest_id, standing
from board.storage.unit_of_work import UnitOfWork

SECONDS = 2.0
FAR = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything as it holds on one day; ``version`` is the newest change in it."""

    settings: Settings
    calendar: Calendar
    phrases: Mapping[str, Any]
    words: tuple[str, ...]
    version: int
    day: date


class Chosen:
    """Defaults, and the snapshot that holds; ``follow`` looks for changes at most every two seconds."""

    def __init__(self, work: UnitOfWork, settings: Settings, calendar: Calendar, phrases: Mapping[str, Any], words: tuple[str, ...]) -> None:
        self.work = work
        self.default = Snapshot(settings, calendar, phrases, words, 0, date.min)
        self.now = self.default
        self.looked = float("-inf")
        self.turn = threading.Lock()

    def follow(self, at: datetime, *, at_once: bool = False) -> None:
        """Takes over what was changed; while the database is away the last known holds."""
        if not at_once and time.monotonic() - self.looked < SECONDS:
            return
        with self.turn:
            self.looked = time.monotonic()
            try:
                with self.work.reading() as session:
                    version, day = newest_id(session), local_day(at)
                    if (version, day) != (self.now.version, self.now.day):
                        topics = {topic: all_versions(session, topic) for topic in ("limit", "phrase", "words", "holiday")}
                        self.now = snapshot(self.default, topics, version, day)
            except HuiyingError:
                return


def snapshot(default: Snapshot, topics: Mapping[str, Sequence[SettingVersion]], version: int, day: date) -> Snapshot:
    """The defaults with the versions of each topic on top."""
    words = standing(topics["words"], day).get("list")
    return Snapshot(
        with_limits(default.settings, topics["limit"], day), with_holidays(default.calendar, topics["holiday"], day),
        with_phrases(default.phrases, topics["phrase"], day), tuple(words.value["words"]) if words and words.value else default.words, version, day,
    )  # fmt: skip


def with_limits(settings: Settings, versions: Sequence[SettingVersion], day: date) -> Settings:
    """Limits as rules by day of receipt, before those of config/ ; those of today also as the ordinary ones."""
    table = settings.section("deadlines")
    today = {row.name: row.value["days"] for row in standing(versions, day).values() if row.value and "@" not in row.name}
    rules = [*limit_rules(versions), *table.get("rules", ())]
    return replace(settings, tables=merged(settings.tables, {"deadlines": {**today, "rules": rules}}))


def limit_rules(versions: Sequence[SettingVersion]) -> list[dict[str, Any]]:
    """One rule for each stretch of days between two changes; those for a unit (kind@unit) go first. A later change counts from its own day on."""
    rules: list[dict[str, Any]] = []
    for name in sorted({row.name for row in versions}, key=lambda name: ("@" not in name, name)):
        kind, _, unit = name.partition("@")
        for row, following in pairwise([*in_force(versions, name), None]):
            if row is not None and row.value is not None and kind in InquiryKind.__members__:
                last = following.effective_on - timedelta(days=1) if following else FAR
                rule = {"kinds": [kind], "from": row.effective_on, "to": last, "days": row.value["days"], "source": f"本机关{row.effective_on}起的规定"}
                rules.append(rule | ({"unit": unit} if unit else {}))
    return rules


def in_force(versions: Sequence[SettingVersion], name: str) -> list[SettingVersion]:
    """The versions of a limit by the day they begin; one that a later change overtook before it began is left out."""
    kept: list[SettingVersion] = []
    for row in sorted((row for row in versions if row.name == name), key=lambda row: row.id):
        kept = [earlier for earlier in kept if earlier.effective_on < row.effective_on]
        kept.append(row)
    return kept


def with_phrases(phrases: Mapping[str, Any], versions: Sequence[SettingVersion], day: date) -> Mapping[str, Any]:
    """Phrases of the letter; names are "table.key"."""
    result: Mapping[str, Any] = phrases
    for name, row in standing(versions, day).items():
        if row.value is not None:
            over: Any = str(row.value["text"])
            for key in reversed(name.split(".")):
                over = {key: over}
            result = merged(result, over)
    return result


def with_holidays(calendar: Calendar, versions: Sequence[SettingVersion], day: date) -> Calendar:
    """The calendar with the years whose notice was pasted on a page."""
    overrides, years = dict(calendar.overrides), set(calendar.years)
    for name, row in standing(versions, day).items():
        if row.value is not None:
            years.add(int(name))
            overrides |= {date.fromisoformat(one): (False, str(words)) for one, words in row.value["holidays"].items()}
            overrides |= {date.fromisoformat(one): (True, str(words)) for one, words in row.value["workdays"].items()}
    return Calendar(overrides, frozenset(years))
