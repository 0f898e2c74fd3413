"""A row or a page becomes the fields of a disclosure: repaired, checked, bounded, with findings for what is odd but kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from board.clock import local, local_day
from board.intake.cells import address, long, moment, short, storable, text_of
from board.intake.reading import BadRow
from board.models import DocumentKind, Origin, Validity
from board.wording.labels import Labels
from responder.corpus import Document, fingerprint
from responder.headings import parse_head

TEXT_MOST = 500_000
HARDLY_ANY = 60
#: short fields: name for messages, greatest length (the columns of the table)
SHORT: Mapping[str, tuple[str, int]] = {
    "index_number": ("索引号", 80), "document_number": ("文号", 80), "keywords": ("关键字", 500), "issuer": ("所属机构", 200),
    "publisher": ("发布机构", 200), "source_text": ("信息来源", 200), "category": ("类别", 60),
    "key_area": ("重点领域", 60), "five_open": ("五公开", 20),
}  # fmt: skip
_NUMBER = r"[\u4e00-\u9fff]{2,12}[〔［\[（(]\s*(?:19|20)\d\d\s*[〕］\])）]\s*第?\s*\d{1,5}\s*号"
_LEADING = re.compile(rf"\s*[（(]?\s*({_NUMBER})")
_IN_TITLE = re.compile(rf"[（(]({_NUMBER})[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Rules:
    """How rows are read: the source's name, whose they are, one origin for all or by category, the labels of names."""

    source: str
    unit_id: int
    origin: Origin | None
    origins: Mapping[str, str]
    labels: Labels


@dataclass(slots=True)
class Incoming:
    """Fields of a disclosure as they came; ``numbered`` when the document number was stated in a field of its own."""

    fields: dict[str, Any]
    ref: str
    numbered: bool
    channels: list[str] = field(default_factory=list)
    findings: dict[str, str] = field(default_factory=dict)


def incoming_of(values: Mapping[str, Any], rules: Rules, findings: tuple[str, ...] = ()) -> Incoming:
    """The fields of one row; BadRow with the reason when there is no text, a date is impossible or a value does not fit."""
    body = long(values.get("text"), "正文", TEXT_MOST)
    if not body.text:
        raise BadRow("没有正文")
    fields: dict[str, Any] = {name: short(values[name], *SHORT[name]) for name in SHORT if name in values}
    fields["title"] = short(values.get("title"), "标题", 500) or first_sentence(body.text)
    fields["text"] = body.text
    given = values.get("original_text") or text_of(values.get("text"), "正文")
    fields["original_text"] = storable(given) if given.strip() != body.text else ""
    if "url" in values:
        fields["url"] = address(values["url"], "网址", 1000)
    numbered = bool(fields.get("document_number"))
    fields["document_number"] = fields.get("document_number") or stated_number(fields["title"], body.text)
    fields |= dates_of(values) | names_of(values, rules, fields.get("category", ""))
    if "views" in values:
        fields["views"] = views_of(values["views"])
    fields["fingerprint"] = fingerprint(Document("", fields["title"], fields["text"]))
    result = Incoming(fields, short(values.get("ref"), "编号", 120), numbered, channels_of(values))
    result.findings = dict.fromkeys(findings, "") or odd_fields(fields)
    return result


def dates_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """made_on and published_at; a missing time of publication is the day of making."""
    made, published = moment(values.get("made_on"), "生成日期"), moment(values.get("published_at"), "发布时间")
    shown = published or made
    return {"made_on": local_day(made.at) if made else None, "published_at": shown.at if shown else None}


def names_of(values: Mapping[str, Any], rules: Rules, category: str) -> dict[str, Any]:
    """kind, validity and origin from their labels; the command's origin goes before the row's, the row's before the category's."""
    kind = named(rules, "document_kind", values.get("kind"), "信息类型", {"政策解读": "interpretation", "解读": "interpretation", "主动公开信息": "disclosure"})
    validity = named(rules, "validity", values.get("validity"), "有效性", {"有效": "in_force", "废止": "repealed", "失效": "expired"})
    origin = rules.origin or named(rules, "origin", values.get("origin"), "来源性质", {}) or rules.origins.get(category, Origin.own)
    fields: dict[str, Any] = {"origin": Origin(origin), "kind": DocumentKind(kind or DocumentKind.disclosure)}
    return fields | ({"validity": Validity(validity)} if validity else {})


def named(rules: Rules, table: str, value: object, name: str, more: Mapping[str, str]) -> str | None:
    """The stored name behind a label; None for an empty cell, BadRow for an unknown label."""
    label = short(value, name, 40)
    if not label:
        return None
    found = more.get(label) or rules.labels.named(table, label)
    if found is None and label not in more.values():
        raise BadRow(f"{name}不认识：{label}")
    return found or label


def views_of(value: object) -> int:
    """The number of views; BadRow for anything but a count."""
    text = short(value, "浏览次数", 20)
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise BadRow("浏览次数应为整数")
    return int(text)


def channels_of(values: Mapping[str, Any]) -> list[str]:
    """Channels of publication; something that has an address was on the web site."""
    stated = [name for name in re.split(r"[,，、;；|\s]+", short(values.get("channels"), "公开渠道", 200)) if name]
    if any(len(name) > 20 for name in stated):
        raise BadRow("公开渠道超过 20 个字")
    return list(dict.fromkeys(stated)) or (["政府网站"] if values.get("url") else [])


def stated_number(title: str, text: str) -> str:
    """The document number that a text begins with or a title ends with; "" when there is none."""
    found = _LEADING.match(text) or _IN_TITLE.search(title)
    return re.sub(r"\s", "", found[1]) if found else ""


def first_sentence(text: str) -> str:
    """A title made of the first words of a text without one."""
    first = re.split(r"[\n。！？!?；;]", text, maxsplit=1)[0].strip() or text
    return first if len(first) <= 80 else first[:79] + "…"


def odd_fields(fields: Mapping[str, Any]) -> dict[str, str]:
    """Findings of a row: those of a page's head, hardly any text, no date."""
    head = [f"索引号：{fields['index_number']}"] if fields.get("index_number") else []
    head += [f"信息来源：{fields['source_text']}"] if fields.get("source_text") else []
    if head and fields["published_at"]:
        head.append(f"发布时间：{local(fields['published_at']):%Y-%m-%d}")
    codes = parse_head("\n".join(head)).findings if head else ()
    odd = dict.fromkeys(codes, "")
    if len(fields["text"]) < HARDLY_ANY:
        odd["text_hardly_any"] = f"正文只有 {len(fields['text'])} 个字"
    if fields["published_at"] is None:
        odd["date_missing"] = "没有发布时间"
    return odd
