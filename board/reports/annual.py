"""The year of an office: figures in the nesting of the statutory report, statistics of its inquiries, words, checks and findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from board.clock import local, local_day
from board.inquiries.deadlines import Calendar
from board.inquiries.hot_topics import HotTopics, agreed_topics
from board.models import InquiryKind, Unit
from board.reports import dimensions
from board.reports.checking import Check, Finding, findings, reconciled
from board.reports.dimensions import DAYS_TAKEN
from board.reports.fees import fees_paid
from board.reports.figures import FIGURES, Figure, count, grouped
from board.reports.forms import filled_form, form_of
from board.reports.handling import handling, share
from board.reports.layout import Grid, grids
from board.reports.narrative import Part, Section, listed, load_form, sections
from board.reports.scope import FIRST_YEAR, Scope, scoped_unit, year_scope
from board.reports.trend import five_years
from board.settings import Settings
from board.wording.labels import Labels, load_labels

MONTHS = tuple(str(month) for month in range(1, 13))
SAMPLE_MARK = "样例"
#: figures that only the words of the six-section report use
SAID = ("applications.carried_in", "applications.done", "applications.carried_out")


@dataclass(frozen=True, slots=True)
class Report:
    """One counted year; ``figures`` and ``inquiries`` are plain values in the nesting of the JSON contract.

    ``asked`` is what people asked in the year's last days (only messages that may be public; None for a single unit). ``statutory`` is the year in the
    form that belongs to the report (``filled_form``), ``grids`` its tables; ``trend`` the last five years;
    a ``draft`` says so on every page.
    """

    year: int
    unit: str
    title: str
    counted_at: datetime
    provisional: bool
    sample: bool
    figures: Mapping[str, Any]
    inquiries: Mapping[str, Any]
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    sections: tuple[Section, ...]
    labels: Labels
    scope: Scope
    asked: HotTopics | None = None
    statutory: Mapping[str, Any] = field(default_factory=dict)
    grids: Mapping[str, Grid] = field(default_factory=dict)
    trend: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    draft: bool = True

    @property
    def counted(self) -> str:
        """The time of counting as a Shanghai wall-clock time."""
        return f"{local(self.counted_at):%Y-%m-%d %H:%M}"


def annual_report(
    session: Session, settings: Settings, taxonomy: Mapping[str, Any], calendar: Calendar, year: int, unit: str | None = None, *, at: datetime
) -> Report:
    """Counts a year of the office, or of one unit and all below it, as it stands at ``at``; InvalidInput for a bad year or unit."""
    scope = year_scope(session, year, unit, at)
    body, labels, form = scoped_unit(session, unit), load_labels(settings.config_dir), load_form(settings.config_dir, year)
    counted, inquiries = figures(session, scope, taxonomy), inquiry_statistics(session, scope, calendar)
    checks = reconciled(counted, inquiries)
    found = findings(session, scope, calendar, labels, form, checks)
    numbers = plain_numbers(counted, inquiries) | {"findings": len(found), "provisional": scope.provisional, "fees.paid": fees_paid(session, scope)}
    numbers |= {name: count(session, scope, name) for name in SAID}
    statutory = form_of(settings.config_dir, form["form"])
    cells = filled_form(session, scope, calendar, statutory)
    known = places(form, body, scope, numbers, counted, inquiries, labels)
    title = "".join(part.text for part in listed(form["title"], "", [known]))
    return Report(
        year=year, unit=body.name, title=title, counted_at=at, provisional=scope.provisional, sample=SAMPLE_MARK in settings.office_name + scoped_unit(session, None).name,
        figures=counted, inquiries=inquiries, findings=tuple(found), checks=tuple(checks),
        sections=sections(form, known, numbers), labels=labels, scope=scope,
        asked=agreed_topics(session, settings, min(date(year, 12, 31), local_day(at))) if unit is None else None,
        trend=five_years(session, scope), statutory=cells, grids=grids(settings.config_dir, statutory, cells["cells"]),
    )  # fmt: skip


def figures(session: Session, scope: Scope, taxonomy: Mapping[str, Any]) -> dict[str, Any]:
    """主动公开, 依申请公开, 复议诉讼: the nesting of the statutory figures."""
    total = count(session, scope, "proactive_disclosures.total")
    units = ordered(grouped(session, scope, "proactive_disclosures.by_unit"), [unit.short_name for unit in dimensions.units(session)])
    areas = grouped(session, scope, "proactive_disclosures.key_areas")
    reported = [name for name, mark in taxonomy["key_areas"].items() if mark["reported"]]
    own = {
        "total": total,
        "by_unit": {name: {"count": number, "share_percent": share(number, total)} for name, number in units.items()},
        "cumulative": {"from": FIRST_YEAR, "to": scope.year, "count": count(session, scope, "proactive_disclosures.cumulative")},
        "by_category": ordered(grouped(session, scope, "proactive_disclosures.by_category"), taxonomy["categories"]),
        "by_channel": ordered(grouped(session, scope, "proactive_disclosures.by_channel"), taxonomy["channels"]),
        "key_areas": {"total": sum(areas.values()), **{name: areas.get(name, 0) for name in reported}},
    }
    applications = {name: count(session, scope, f"applications.{name}") for name in ("received", "cumulative")}
    cases = grouped(session, scope, "reviews")
    return {"proactive_disclosures": own, "applications": applications, "reviews": {kind: cases.get(kind, 0) for kind in taxonomy["review_kinds"]}}


def inquiry_statistics(session: Session, scope: Scope, calendar: Calendar) -> dict[str, Any]:
    """留言 statistics of DOMAIN 5.5: every plain figure, then rate and times, then the splits."""
    plain = {name_of(figure): count(session, scope, figure.key) for figure in inquiry_figures() if not figure.by}
    split = {name_of(figure): grouped(session, scope, figure.key) for figure in inquiry_figures() if figure.by}
    times = handling(session, scope, calendar)
    months = {name: {month: split[name].get(month, 0) for month in MONTHS} for name in ("by_month", "closed_by_month")}
    split["closed_by_days"] = {name: split["closed_by_days"].get(name, 0) for name in DAYS_TAKEN.values()}
    split["by_kind"] = ordered(split["by_kind"], [kind.value for kind in InquiryKind])
    return {
        **plain,
        "answer_rate": share(plain["answered"], plain["valid"]),
        "mean_handling_days": times.mean_days,
        "median_handling_days": times.median_days,
        "mean_working_days": times.mean_working_days,
        **split,
        **months,
    }


def inquiry_figures() -> list[Figure]:
    """The figures that count inquiries."""
    return [figure for figure in FIGURES.values() if figure.key.startswith("inquiries.")]


def name_of(figure: Figure) -> str:
    """The last part of a figure's key."""
    return figure.key.rpartition(".")[2]


def ordered(parts: Mapping[str, int], preferred: Iterable[str]) -> dict[str, int]:
    """The parts in the order of the office's own list; those not in it follow."""
    first = [name for name in dict.fromkeys(preferred) if name in parts]
    return {name: parts[name] for name in [*first, *(name for name in parts if name not in first)]}


def plain_numbers(counted: Mapping[str, Any], inquiries: Mapping[str, Any]) -> dict[str, float]:
    """The numbers that stand alone, by the names that the form uses."""
    own = counted["proactive_disclosures"]
    numbers: dict[str, float] = {"total": own["total"], "cumulative": own["cumulative"]["count"], "key_areas": own["key_areas"]["total"]}
    numbers |= {f"applications.{name}": number for name, number in counted["applications"].items()}
    return numbers | {f"inquiries.{name}": number for name, number in inquiries.items() if isinstance(number, int | float)}


def places(
    form: Mapping[str, Any], body: Unit, scope: Scope, numbers: Mapping[str, float],
    counted: Mapping[str, Any], inquiries: Mapping[str, Any], labels: Labels,
) -> dict[str, list[Part]]:  # fmt: skip
    """What stands in the named places of the form, each number with the figure behind it."""
    known = {"year": scope.year, "next_year": scope.year + 1, "unit": body.name, "cumulative_from": FIRST_YEAR}
    said = {name: [Part(str(value))] for name, value in known.items()}
    said["counted_at"] = [Part(moment(scope.at))]
    said |= {name: [Part(str(number), figure_key(name))] for name, number in numbers.items()}
    own, words = counted["proactive_disclosures"], form["phrases"]
    areas = {name: number for name, number in own["key_areas"].items() if name != "total"}
    kinds = inquiries["by_kind"]
    lists = {
        "by_unit": ({name: part["count"] for name, part in own["by_unit"].items()}, "proactive_disclosures.by_unit"),
        "by_category": (own["by_category"], "proactive_disclosures.by_category"),
        "by_channel": (own["by_channel"], "proactive_disclosures.by_channel"),
        "reported_areas": (areas, "proactive_disclosures.key_areas"),
        "reviews": (counted["reviews"], "reviews"),
        "inquiries_by_kind": (kinds, "inquiries.by_kind"),
    }
    for name, (parts, key) in lists.items():
        said[name] = listed(words[name], words["join"], [entry(value, labels("kind", value), number, key, own["total"]) for value, number in parts.items()])
    return said


def moment(at: datetime) -> str:
    """An instant in words, e.g. 2017年1月6日19:37."""
    wall = local(at)
    return f"{wall.year}年{wall.month}月{wall.day}日{wall:%H:%M}"


def entry(value: str, name: str, number: int, key: str, whole: int) -> dict[str, list[Part]]:
    """One entry of a list: its name, its number as a figure, and its share of the whole."""
    return {"name": [Part(name)], "count": [Part(str(number), key, value)], "share": [Part(f"{share(number, whole):.1f}")]}


def figure_key(name: str) -> str:
    """The figure behind a name that the form uses; "" for a derived number."""
    return next((key for key in (name, f"proactive_disclosures.{name}") if key in FIGURES), "")


def document(report: Report) -> dict[str, Any]:
    """The report as the JSON contract has it."""
    return {
        "year": report.year,
        "unit": report.unit,
        "counted_at": report.counted_at.isoformat(timespec="seconds"),
        "provisional": report.provisional,
        "sample": report.sample,
        "figures": report.figures,
        "inquiries": report.inquiries,
        "findings": [
            {
                "code": finding.code,
                "message": finding.message,
                "items": [{"kind": i.kind, "id": i.id, "number": i.number, "title": i.printed, "date": i.date.isoformat()} for i in finding.items],
            }
            for finding in report.findings
        ],
        "checks": [{"text": check.text, "holds": check.holds} for check in report.checks],
        "topics": topics_of(report.asked) if report.asked is not None else [],
    }


def topics_of(asked: HotTopics) -> list[dict[str, Any]]:
    """What people asked: name, place and subject, how many in the window and in the one before, the window's days, the numbers of the messages."""
    days = {"from": asked.first.isoformat(), "until": asked.last.isoformat()}
    return [
        {
            "name": topic.name, "matter": topic.matter, "place": topic.place, "subject": topic.subject, "unit": topic.unit, "count": topic.count, "before": topic.before,
            **days, "inquiries": [one.number for one in topic.inquiries],
        }
        for topic in asked.topics
    ]  # fmt: skip
