"""Reply checks (校核) before submitting: each finding has its place, and either stops the reply or warns and may be overruled with a reason."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import InvalidInput
from board.models import Disclosure, Inquiry, Publication, Reply
from board.publications.validity import in_force
from board.replies import review
from board.replies.links import ADDRESS, INTERNAL, wrong_address
from board.replies.public_version import readable_numbers
from board.settings import Settings
from board.staff.roles import Actor, Right, require
from board.staff.units import root_unit, unit_names
from board.storage.chains import note
from board.wording.sensitive import places
from responder.composing import GAP, parse_reply
from responder.privacy import find_personal

#: findings that a reason can overrule: all others stop the reply
WARNINGS = frozenset({"personal", "mentions_repealed", "brush_off", "wrong_unit", "sensitive", "odd_address", "unknown_page"})
PLACEHOLDER = re.compile(
    r"\{[a-z_]{1,30}\}|[X×Ｘ✕]{2,}|[_＿]{2,}|[?？]{3,}|【[^】]{0,20}(?:填写|补充|待定)[^】]{0,20}】|（此处[^）]{0,20}）|待补充|某某(?:单位|同志|部门)"
)
NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[［(（](?:19|20)\d{2}[〕\]］)）]\d{1,4}号")
COURTESY = re.compile(
    r"网民(?:朋友)?[，,]?您?好|您好|你好|您的留言(?:已?收悉|已阅)|来信收悉|现(?:就|将)[^。]{0,20}(?:答复|回复)如下|感谢您?[^。！]{0,25}(?:支持|关注|理解|监督|信任|留言)|特此(?:答复|回复)|如有(?:疑问|问题)[^。]{0,40}"
)
EMPTY_WORDS = re.compile(
    r"已阅|已收到|已收悉|收悉|已知悉|知悉|已(?:转|转交|反馈|交由)[^。，]{0,20}(?:处理|办理|核实|研究)|(?:正在|将)[^。，]{0,12}(?:处理|办理|核实|研究)"
    r"|请(?:与|向|到|拨打|致电|咨询|联系)[^。；]{0,60}(?:联系|咨询|反映|了解|办理|询问)?|请耐心等待|谢谢|联系电话|电话"
)
SUBSTANCE_LEAST = 12
EXCERPT = 24


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a reply: what, where (half-open span of the text), the words there, and whether it stops the reply."""

    code: str
    start: int
    end: int
    words: str
    text: str

    @property
    def blocks(self) -> bool:
        """Whether no reason can overrule it."""
        return self.code not in WARNINGS


class Findings(InvalidInput):
    """The reply cannot be handed in as it is; ``found`` says why, in the order of the text."""

    def __init__(self, found: list[Finding]) -> None:
        stops = sum(one.blocks for one in found)
        what = f"有 {stops} 处须先修改" if stops else f"有 {len(found)} 处提示，请修改，或写明理由后提交"
        super().__init__(f"答复稿{what}。", "text")
        self.found = found


@dataclass(frozen=True, slots=True)
class Checks:
    """What the checks need of the office."""

    settings: Settings
    words: tuple[str, ...]
    today: date


def proofread(session: Session, text: str, checks: Checks) -> list[Finding]:
    """Everything that is wrong or doubtful in the text, in order of place."""
    looks: tuple[Callable[[Session, str, Checks], Iterator[Finding]], ...] = (
        gaps_left, personal_data, repealed_sources, repealed_mentions, brush_off, wrong_units, sensitive_words, dead_links,
    )  # fmt: skip
    found = [one for look in looks for one in look(session, text, checks)]
    return sorted(found, key=lambda one: (one.start, not one.blocks, one.code))


def finding(code: str, text: str, start: int, end: int, words: str) -> Finding:
    """A finding with the words that stand there."""
    return Finding(code, start, end, words, text[start : min(end, start + EXCERPT)])


def gaps_left(_session: Session, text: str, _checks: Checks) -> Iterator[Finding]:
    """Places that somebody has still to fill."""
    taken = [match.span() for match in GAP.finditer(text)]
    yield from (finding("gap", text, start, end, "待补充的内容还没有填写") for start, end in taken)
    for match in PLACEHOLDER.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            yield finding("placeholder", text, *match.span(), "还有占位的文字")


def personal_data(session: Session, text: str, checks: Checks) -> Iterator[Finding]:
    """What the public will not see; the office's own numbers are none."""
    for hit in find_personal(text, readable_numbers(session, text, checks.settings)):
        yield finding("personal", text, hit.start, hit.end, "疑似个人信息，公开时会隐去")


def repealed_sources(session: Session, text: str, checks: Checks) -> Iterator[Finding]:
    """Quotations whose source is out of force, or not there."""
    for block in parse_reply(text):
        link = block.source.link if block.source else ""
        match = re.fullmatch(r"/documents/(\d{1,9})", link)
        row = session.get(Disclosure, int(match[1])) if match else None
        if row is not None and not in_force(row, checks.today):
            start = max(0, text.find(link))
            yield finding("repealed", text, start, start + len(link), f"引用的《{row.title[:30]}》已失效或废止")


def repealed_mentions(session: Session, text: str, checks: Checks) -> Iterator[Finding]:
    """Numbers of documents in running text that are out of force."""
    numbers = {re.sub(r"[\[［(（]", "〔", re.sub(r"[\]］)）]", "〕", match[0])): match for match in NUMBER.finditer(text)}
    if not numbers:
        return
    ends = [Disclosure.document_number.like(f"%{year_part(number)}") for number in list(numbers)[:20]]
    rows = [row for condition in ends for row in session.scalars(select(Disclosure).where(condition).limit(20))]
    for number, match in numbers.items():
        row = next((one for one in rows if one.document_number and number.endswith(one.document_number)), None)
        if row is not None and not in_force(row, checks.today):
            yield finding("mentions_repealed", text, match.end() - len(row.document_number), match.end(), f"提到的《{row.title[:30]}》已失效或废止")


def year_part(number: str) -> str:
    """〔2016〕12号 of a number: the part that needs no guess where it begins."""
    return number[number.rfind("〔") :]


def brush_off(_session: Session, text: str, _checks: Checks) -> Iterator[Finding]:
    """A reply that says nothing: no quotation, and only courtesy, 已阅 or 请与…联系 in its paragraphs."""
    blocks = parse_reply(text)
    if any(block.kind == "quotation" for block in blocks):
        return
    said = "".join(block.text for block in blocks if block.kind == "paragraph")
    left = re.sub(r"\W+", "", EMPTY_WORDS.sub("", COURTESY.sub("", said)))
    if len(left) < SUBSTANCE_LEAST:
        yield finding("brush_off", text, 0, len(text), "没有实质内容，只有客套、“已阅”或“请与……联系”")


def wrong_units(session: Session, text: str, _checks: Checks) -> Iterator[Finding]:
    """The office's name with another place before it (白银区… for 靖远县…)."""
    name = root_unit(session).name
    split = re.match(r"(.{1,12}?[省市县区州旗])(.{4,})", name)
    if not split:
        return
    place, rest = split[1], split[2]
    known = unit_names(session)
    for match in re.finditer(rf"([\u4e00-\u9fff]{{1,12}}?[省市县区州旗]){re.escape(rest)}", text):
        if not match[1].endswith(place) and not any(match[0].endswith(one) for one in known):
            yield finding("wrong_unit", text, *match.span(), f"单位名称与本机关（{name}）不同，请核对")


def sensitive_words(_session: Session, text: str, checks: Checks) -> Iterator[Finding]:
    """Words of the office's list."""
    for start, end, word in places(text, checks.words):
        yield finding("sensitive", text, start, end, f"敏感词“{word}”")


def dead_links(session: Session, text: str, _checks: Checks) -> Iterator[Finding]:
    """Pages of this site that are not there, and addresses that cannot be right (they are not called)."""
    for match in INTERNAL.finditer(text):
        kind, key = match["kind"], match["key"]
        if kind == "documents":
            known: object = session.get(Disclosure, int(key)) if key.isdigit() and len(key) < 10 else None
        else:
            public = select(Publication.id).join(Inquiry, Inquiry.id == Publication.inquiry_id)
            known = session.scalar(public.where(Inquiry.number == key, Publication.public, Publication.withdrawn_at.is_(None)))
        if known is None:
            yield finding("dead_link", text, *match.span(), "链接的页面不存在或不公开")
    for match in ADDRESS.finditer(text):
        why = wrong_address(match[0])
        if why:
            yield finding("odd_address", text, *match.span(), why)


def submit_checked(session: Session, actor: Actor, inquiry: Inquiry, based_on: int, at: datetime, checks: Checks, overrule: str = "") -> Reply:
    """提交审签 after the checks: Findings when something stops it, or when a warning stands without a reason; an overruled one is written down."""
    require(actor, Right.submit_draft, inquiry)
    reply = review.current_reply(session, inquiry)
    found = proofread(session, reply.text, checks) if reply is not None else []
    reason = overrule.strip()
    if any(one.blocks for one in found) or (found and not reason):
        raise Findings(found)
    done = review.submit(session, actor, inquiry, based_on, at, checks.settings)
    if found:
        data = {"inquiry": inquiry.id, "reply": done.id, "findings": ",".join(sorted({one.code for one in found}))}
        note(session, "overrule_findings", actor.name, at, reason=reason, data=data)
    return done
