"""What a written report says in its sentences: numbers of one label, shares, sums of kinds, places, unset entries, impossible years."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from board.reports.handling import share
from board.reports.written import Written
from board.reports.written_tables import WrittenFinding

CLAUSE = re.compile(r"[，,。；;：:、（）()\n]")
SENTENCE = re.compile(r"[^。；;\n]+(?:[；;][^。；;\n]+)*")
SAID = re.compile(r"(?P<label>[^，,。；;：:\n]*?)(?P<number>\d+)(?:条|件|次|个|项)(?![\d率])")
SPAN = re.compile(r"(?:(?P<first>(?:19|20)\d\d)年?[-—~至到]+)?(?P<year>(?:19|20)\d\d)年?度?")
SHARE = re.compile(r"占(?:比|总数的?)?(?:为)?(\d+(?:\.\d+)?)%")
PLACEHOLDER = re.compile(r"请选择|(?<![A-Za-z0-9])[XxＸ]{2,}(?![A-Za-z0-9])|[×✕]{2,}|[＿_]{3,}")
EPOCH = re.compile(r"(?<!\d)1970(?=[-年/.])")
OWN = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}(?:市|州|盟))?(?P<name>[\u4e00-\u9fff]{2,4}(?P<level>[县区市旗]))(?=[\u4e00-\u9fff]{2,20}(?:局|委员会|办公室|人民政府|委|厅|中心)(?:\d{4}|$))"
)
OTHER = re.compile(r"(?P<name>[\u4e00-\u9fff]{2}(?P<level>[县区]))(?=人民政府|政府|人社|人力|子网站|[\u4e00-\u9fff]{0,8}(?:局|委))")
WHOLE = re.compile(r"全(?P<level>[县区])(?![域])")
#: before 区 or 县 these make a common word (园区, 社区, 各区), not a name
COMMON = frozenset("园社地辖景城市各全小片库林矿灾牧山发新郊校营厂学个本我该省县的和在对")


@dataclass(frozen=True, slots=True)
class Said:
    """A number that the text gives: label without year and quotation marks, the span of years it speaks of, and where."""

    label: str
    span: tuple[int, int]
    number: int
    where: str


def word_findings(written: Written, compare: Sequence[Mapping[str, str]]) -> list[WrittenFinding]:
    """All findings of the sentences; ``compare`` names the pairs of labels that mean the same items (config/report_forms)."""
    said = list(numbers_said(written))
    return [
        *unset(written), *places(written), *same_label(said), *pairs(said, compare), *cumulative(said),
        *(one for where, text in written.lines for sentence in SENTENCE.findall(text) for one in [*shares(sentence, where), *kinds(sentence, where, said)]),
    ]  # fmt: skip


def numbers_said(written: Written) -> Iterator[Said]:
    """Every counted thing of the text, sentence by sentence."""
    for where, text in written.lines:
        for sentence in re.split(r"[。\n]", text):
            year: tuple[int, int] = (0, 0)
            for found in SAID.finditer(sentence):
                spans = list(SPAN.finditer(found["label"]))
                if spans:
                    last = spans[-1]
                    year = (int(last["first"] or last["year"]), int(last["year"]))
                label = plain(SPAN.sub("", found["label"]))
                if label:
                    yield Said(label, year, int(found["number"]), where)


def plain(label: str) -> str:
    """A label without signs, polite beginnings and the words that only say that something is counted."""
    text = "".join(character for character in unicodedata.normalize("NFKC", label) if character.isalnum())
    text = re.sub(r"^(?:其中|全年|共|我局|本局|本年度?|累计)+", "", text)
    return re.sub(r"(?:总数|数量|数|共计|共|情况)+$", "", text)


def same_label(said: Sequence[Said]) -> list[WrittenFinding]:
    """The same label over the same years has the same number everywhere."""
    groups: dict[tuple[str, tuple[int, int]], list[Said]] = {}
    for one in said:
        if len(one.label) >= 4 and one.span != (0, 0):
            groups.setdefault((one.label, one.span), []).append(one)
    return [
        WrittenFinding("same_label", f"“{label}”前后不一致：{'、'.join(map(str, distinct(group)))}。", group[-1].where, tuple(map(str, distinct(group))))
        for (label, _), group in groups.items()
        if len(distinct(group)) > 1
    ]


def distinct(group: Iterable[Said]) -> list[int]:
    """The different numbers in the order of the text."""
    return list(dict.fromkeys(one.number for one in group))


def pairs(said: Sequence[Said], compare: Sequence[Mapping[str, str]]) -> list[WrittenFinding]:
    """Two labels that mean the same items (公开类别 and 重点领域) have one number."""
    found = []
    for pair in compare:
        first, second = plain(pair["category"]), plain(pair["key_area"])
        group = [one for one in said if first in one.label or second in one.label]
        numbers = distinct(group)
        if len(numbers) > 1:
            text = f"{pair['name']}：同一类信息前后不一致，{'；'.join(f'“{one.label[:40]}”{one.number}' for one in group)}。"
            found.append(WrittenFinding("same_label", text, "、".join(dict.fromkeys(one.where for one in group)), tuple(map(str, numbers))))
    return found


def cumulative(said: Sequence[Said]) -> list[WrittenFinding]:
    """Previous cumulative + this year = cumulative, where the text gives all three."""
    found = []
    known = {(one.label, one.span): one for one in said}
    for (label, (first, last)), whole in known.items():
        before, this = known.get((label, (first, last - 1))), known.get((label, (last, last)))
        if first < last and before and this and before.number + this.number != whole.number:
            text = f"“{label}”：截至{last - 1}年{before.number} + {last}年{this.number} ≠ 截至{last}年{whole.number}。"
            found.append(WrittenFinding("cumulative", text, whole.where, (str(before.number), str(this.number), str(whole.number))))
    return found


def shares(sentence: str, where: str) -> list[WrittenFinding]:
    """Shares of one sentence: each agrees with its number and the whole, and together they are 100.0 when the parts are the whole."""
    percents = [float(text) for text in SHARE.findall(sentence)]
    parts = [int(number) for number in re.findall(r"(\d+)(?:条|件|次|个|项)[，,]?(?=占)", sentence)]
    total, values = round(sum(percents), 1), tuple(f"{percent:g}%" for percent in percents)
    if len(percents) < 2:
        return []
    if total > 100.0 or (total != 100.0 and total > 99.0):
        return [WrittenFinding("shares", f"占比相加为{total:.1f}%，不是100.0%。", where, values)]
    if len(parts) != len(percents):
        return []
    wrong = [f"{part}占{percent:g}%" for part, percent in zip(parts, percents, strict=True) if abs(share(part, sum(parts)) - percent) > 0.051]
    return [WrittenFinding("shares", f"占比与数量不符：{'；'.join(wrong)}（合计{sum(parts)}）。", where, values)] if wrong and total == 100.0 else []


def kinds(sentence: str, where: str, said: Sequence[Said]) -> list[WrittenFinding]:
    """A list of kinds (…类信息N条；…) adds up to the year's 主动公开政府信息."""
    parts = [int(found["number"]) for found in SAID.finditer(sentence)]
    year = next((int(found["year"]) for found in SPAN.finditer(sentence)), 0)
    wholes = distinct(one for one in said if one.label == "主动公开政府信息" and one.span == (year, year))
    if sentence.count("类信息") < 2 or len(wholes) != 1 or wholes[0] in parts or sum(parts) == wholes[0]:
        return []
    text = f"各类信息{' + '.join(map(str, parts))} = {sum(parts)}，与主动公开政府信息{wholes[0]}条不符。"
    return [WrittenFinding("kinds_sum", text, where, tuple(map(str, [*parts, wholes[0]])))]


def unset(written: Written) -> list[WrittenFinding]:
    """Entries that nobody filled in, and the first day of computers' time in a number or date."""
    found = []
    for where, text in written.lines:
        for match in PLACEHOLDER.finditer(text):
            around = text[max(0, match.start() - 10) : match.end() + 10]
            found.append(WrittenFinding("placeholder", f"有没有填写的内容：{around}。", where, (match[0],)))
        if EPOCH.search(text):
            found.append(WrittenFinding("epoch_date", "出现1970年，是系统默认的起始时间，不是真实日期。", where, ("1970",)))
    return found


def places(written: Written) -> list[WrittenFinding]:
    """The county or district that the report's head names is the one of its body."""
    heads = [found for _, text in written.lines[:40] for cell in re.split(r"[\s|:：]+", text) if (found := OWN.match(cell))]
    if not heads:
        return []
    own, level = heads[0]["name"], heads[0]["level"]
    others: dict[str, str] = {}
    for where, text in written.lines:
        for found in OTHER.finditer(text):
            if found["name"][1] not in COMMON and not own.endswith(found["name"]):
                others.setdefault(found["name"], where)
        for found in WHOLE.finditer(text):
            if level in "县区" and found["level"] != level:
                others.setdefault(found[0], where)
    if not others:
        return []
    return [WrittenFinding("place", f"报告抬头是“{own}”，正文出现“{'”“'.join(others)}”。", "、".join(dict.fromkeys(others.values())), (own, *others))]
