"""Read the head of a saved disclosure page (索引号, 文号, 发布时间 ...) and say what cannot be right in it."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import rjieba

from responder.repair import repair

# Field -> the names that public offices' pages give it (GB/T 21063 metadata and its local variants).
_LABELS = {
    "index_number": ("索引号", "信息索引号", "公开索引号", "索引编号"),
    "generated_on": ("生成日期", "成文日期", "发文日期", "生成时间", "印发日期"),
    "document_number": ("文号", "发文字号", "发文文号", "文件编号", "文件字号"),
    "keywords": ("关键字", "关键词", "主题词"),
    "organisation": ("所属机构", "所属单位", "公开责任部门", "制发机关", "发文机关", "发文单位"),
    "publisher": ("发布机构", "发布单位", "发布机关"),
    "source": ("信息来源", "来源", "稿件来源"),
    "published_at": ("发布时间", "发布日期", "公开日期", "发布于"),
    "views": ("浏览次数", "浏览量", "点击数", "点击次数", "阅读次数", "访问量"),
    "title": ("名称", "标题", "信息名称", "文件名称"),
    "": ("主题分类", "信息分类", "公开方式", "公开形式", "公开范围", "公开时限", "公开程序", "有效性", "体裁分类", "服务对象", "责任编辑", "作者"),
}
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels}
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[\s|;；】\]]))[【\[]?(" + "|".join(r"\s*".join(label) for label in sorted(_FIELD_OF, key=len, reverse=True)) + r")[】\]]?\s*[:：]"
)
_EDGES = " \t|\u3000"
_UNSET = re.compile(r"[\-—\s=]*请(?:选择|输入|填写)\S{0,6}")
_DATE = re.compile(r"((?:19|20)\d{2})\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})日?(?:[ T]*(\d{1,2}):(\d{2}))?")
_INDEX_YEAR = re.compile(r"(?<=[/\-_〔\[(（])((?:1[89]|20|21)\d{2})(?=[/\-_〕\])）]|\d{2}(?:\d{2})?[/\-_])")
_FIRST_INDEX_YEAR = 1990  # no public office numbered disclosures before
_LONGEST_TITLE = 80
_SENTENCE = re.compile(r"[。；！？;]|^[一二三四五六七八九十]{1,3}、|^[(（][一二三四五六七八九十]")
_OWN_COUNTY = re.compile(r"(?:^|[省市州盟])([^省市州盟县区旗]{1,6}[县区旗])")
_NO_DISTRICT = re.compile(
    r"(?:自治|开发|园|社|地|景|库|辖|城|校|片|厂|小|灾|郊|市|新|老|山|牧|林|特|专|示范|保护|功能|试验|实验|集聚|合作|保税|港|全|我|本|各|该|商务|贸易)区$"
    r"|[全我本各该郊属]县$"
)
_SELF = re.compile(r"(?:全|我|本)([县区旗])")


@dataclass(frozen=True, slots=True)
class Head:
    """Fields of a page's head ("" or None where the page leaves them out), its text, and codes of what is odd."""

    index_number: str
    generated_on: date | None
    document_number: str
    keywords: tuple[str, ...]
    organisation: str
    publisher: str
    source: str
    published_at: datetime | None
    views: int | None
    title: str
    body: str
    findings: tuple[str, ...]


def _read_moment(value: str) -> datetime | None:
    """Read the first date (and time) of a value as Chinese wall-clock time; None if there is none that exists."""
    found = _DATE.search(value)
    if not found:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001  # the page states a wall-clock time without a zone
    except ValueError:
        return None


def _read_line(line: str, fields: dict[str, str]) -> str:
    """Put the labelled values of one line into fields and return what stands before the first label."""
    labels = list(_LABEL.finditer(line))
    ends = [label.start() for label in labels[1:]] + [len(line)] * bool(labels)
    for label, end in zip(labels, ends, strict=True):
        field = _FIELD_OF[re.sub(r"\s", "", label[1])]
        value = line[label.end() : end].strip(_EDGES)
        if value or field not in fields:
            fields[field] = value
    return line[: labels[0].start()].strip(_EDGES) if labels else line.strip(_EDGES)


def _split_head(text: str) -> tuple[dict[str, str], str]:
    """Return the labelled fields (with a title line without label) and the body behind the head."""
    fields: dict[str, str] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines):
        bare = line.strip(_EDGES)
        rest = bare if _SENTENCE.search(bare) and not _LABEL.match(bare) else _read_line(line, fields)
        if not rest or rest == fields.get("title"):
            continue
        if fields.get("title") or len(rest) > _LONGEST_TITLE or _SENTENCE.search(rest):
            return fields, "\n".join(lines[number:])
        fields["title"] = rest
    return fields, ""


def _tidy_body(body: str) -> str:
    """Drop the bars of the page's table around the body."""
    return re.sub(r"(?m)^[ \t|]+$|[ \t|]+$", "", body).strip(_EDGES + "\n")


def _index_year_impossible(index_number: str, years: list[int]) -> bool:
    """Say whether an index number's year is before 1990 or more than a year off every date of the head."""
    found = _INDEX_YEAR.search(index_number)
    if not found:
        return False
    year = int(found[1])
    return year < _FIRST_INDEX_YEAR or (bool(years) and all(abs(year - other) > 1 for other in years))


def _own_county(*names: str) -> str:
    """Return the county or district that the head's organisation belongs to, or ""."""
    found = next((match for match in map(_OWN_COUNTY.search, names) if match), None)
    return found[1] if found else ""


def _unit_name_differs(own: str, body: str) -> bool:
    """Say whether a body speaks of another county or district than its head, and never of its own."""
    if not own or own in body:
        return False
    own_words, other_words = (Counter(found == own[-1] for found in _SELF.findall(body))[same] for same in (True, False))
    if other_words > own_words:
        return True
    named = {word for word in rjieba.cut(body) if len(word) > 2 and word[-1] in "县区旗" and not _NO_DISTRICT.search(word)}
    return bool(named) and own_words == 0


def _find_odd(fields: dict[str, str], dates: list[int], body: str) -> tuple[str, ...]:
    """Return the codes of what cannot be right."""
    own = _own_county(fields.get("title", ""), fields.get("organisation", ""), fields.get("publisher", ""))
    odd = {
        "index_year_impossible": _index_year_impossible(fields.get("index_number", ""), dates),
        "source_unset": bool(_UNSET.fullmatch(fields.get("source", ""))),
        "unit_name_differs": _unit_name_differs(own, body),
    }
    return tuple(code for code, found in odd.items() if found)


def parse_head(text: str) -> Head:
    """Read a saved disclosure page: repair it, part head and body, and report what cannot be right."""
    fields, raw_body = _split_head(repair(text).text)
    body = _tidy_body(raw_body)
    generated, published = (_read_moment(fields.get(name, "")) for name in ("generated_on", "published_at"))
    views = re.search(r"\d+", fields.get("views", ""))
    return Head(
        index_number=fields.get("index_number", ""),
        generated_on=generated.date() if generated else None,
        document_number=fields.get("document_number", ""),
        keywords=tuple(re.findall(r"[^,，、;；\s|]+", fields.get("keywords", ""))),
        organisation=fields.get("organisation", ""),
        publisher=fields.get("publisher", ""),
        source=fields.get("source", ""),
        published_at=published,
        views=int(views[0]) if views else None,
        title=fields.get("title", ""),
        body=body,
        findings=_find_odd(fields, [moment.year for moment in (generated, published) if moment], body),
    )
