"""What is looked at before a reply is handed in: gaps, personal data, documents out of force, brush-offs, wrong names, sensitive words, dead links."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from board.models import Disclosure, Inquiry, Publication, PublicationState, Unit
from board.publications.validity import in_force
from board.replies.public_version import readable_numbers
from board.settings import Settings
from board.wording.filling import VARIABLE
from board.wording.sensitive import hits
from responder.composing import GAP, Block, parse_reply
from responder.near_names import near_names
from responder.privacy import find_personal
from responder.text import plain

FINDINGS_MOST = 50
#: a name that an authority signs with, and in how many last lines it is looked for (name, date)
AUTHORITY = re.compile(r"[\u4e00-\u9fa5（）]{2,40}(?:局|厅|部|委|委员会|办公室|办事处|政府|中心|大队|支队|法院|检察院|管理所|服务站|公司|馆|院|会)")
SIGN_LINES = 3
BLANKS = re.compile(r"_{3,}|＿{2,}|[×ＸX]{2,}|〔\s*〕|（\s*）")
LINK = re.compile(r"(?:https?://|/)[^\s，。；、）)》”>]+", re.IGNORECASE)
OUTSIDE = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:/\S*)?", re.IGNORECASE)
DOCUMENT, INQUIRY = re.compile(r"/documents/(\d{1,9})"), re.compile(r"/inquiries/([\w.-]{1,120})")
SAID_TO_HAVE_ENDED = re.compile(r"[^。；\n]{0,20}(?:废止|失效|停止执行|尚未施行)")
NUMBER = re.compile(r"[\u4e00-\u9fa5]{1,12}(〔\d{4}〕\d{1,5}号)")
NUMBERS_MOST = 20
#: what says nothing by itself
COURTESY = re.compile(r"(?:网民|您)?(?:您好|你好)|您的(?:诉求|问题|来信|建议|意见|投诉)|(?:关于)?您(?:所)?(?:反映|咨询|提出|来信)的(?:问题|情况|事项|内容|诉求)|我(?:局|们|单位|中心)|本(?:局|单位|机关|中心)|您的留言(?:已)?收悉|现(?:就|将).{0,20}答复如下|感谢您.{0,30}(?:支持|关心|关注|理解|来信|留言)|如需进一步了解，请联系[^。]*|此复|特此(?:答复|回复)")
BRUSH_OFF = re.compile(
    r"(?:您的留言|来信|此件|内容)?(?:已阅|已收到|收到|收悉|知悉|已转(?:交)?(?:相关|有关)(?:部门|单位|科室).{0,6})"
    r"|(?:非常|高度)重视|(?:目前|现)?(?:正在?|正抓紧|正积极)(?:抓紧|积极|进一步)?(?:办理|处理|核实|研究|调查|协调|跟进|落实|了解|核查)+(?:之?中)?"
    r"|(?:将|会)?(?:尽快|及时|抓紧|认真|第一时间|依法依规)(?:予以|进行|给您|向您)?(?:办理|处理|核实|研究|解决|落实|答复|回复|反馈|核查)+(?:并|后|和|，)?(?:给您|向您)?(?:答复|回复|反馈)?"
    r"|请(?:您)?(?:耐心|稍作)?(?:等待|等候)(?:答复|回复|结果|通知|处理结果)?|请(?:您)?知悉"
    r"|请(?:您)?(?:直接)?(?:与|向|联系|咨询|拨打|致电).{1,40}?(?:联系|咨询|反映|了解|询问|热线|电话|[-\d]{5,})(?:进行)?(?:咨询|反映|了解)?"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found at [start, end) of the reply.

    ``blocks``: it must be mended; ``asks``: a reason lets the reply pass; neither: it is only said.
    """

    rule: str
    message: str
    start: int
    end: int
    blocks: bool
    asks: bool = False


def check_reply(session: Session, inquiry: Inquiry, text: str, settings: Settings, words: Iterable[str], today: date) -> list[Finding]:
    """All findings in the order of the text, at most 50."""
    rows = session.execute(select(Unit.name, Unit.short_name, Unit.signature)).all()
    names = [name for row in rows for name in row[:2]]
    near = [Finding("unit_name", f"名称疑似有误，应为“{name}”？", start, end, blocks=False, asks=True) for start, end, name in near_names(text, names)]
    found = [
        *gaps_in(text), *personal_in(session, inquiry, text, settings), *out_of_force(session, text, today), *brush_off(text),
        *near, *foreign_signature(text, [name for row in rows for name in row if name], near), *sensitive_in(text, words), *dead_links(session, text, own_sites(settings)),
    ]  # fmt: skip
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule))[:FINDINGS_MOST]


def gaps_in(text: str) -> Iterator[Finding]:
    """Places that a person has still to fill, and variables that nothing filled."""
    for found in GAP.finditer(text):
        yield Finding("gap", f"还有待补充的内容：{found[0]}", *found.span(), blocks=True)
    for found in VARIABLE.finditer(text):
        yield Finding("gap", f"变量没有填入：{found[0]}", *found.span(), blocks=True)
    for found in BLANKS.finditer(text):
        yield Finding("blank", f"疑似空白未填：{found[0][:20]}", *found.span(), blocks=False, asks=True)


def personal_in(session: Session, inquiry: Inquiry, text: str, settings: Settings) -> Iterator[Finding]:
    """Personal data that will be masked in public; a private reply may hold the citizen's own."""
    if inquiry.publish:
        for found in find_personal(text, readable_numbers(session, text, settings)):
            yield Finding("personal", f"疑似个人信息，公开时将隐去：{text[found.start : found.end][:30]}", found.start, found.end, blocks=False)


def out_of_force(session: Session, text: str, today: date) -> Iterator[Finding]:
    """Documents that are quoted (by their link) or named (by their number) and do not hold today."""
    ends = {found[1] for found in NUMBER.finditer(text)}
    links = {int(found[1]): found.span() for found in DOCUMENT.finditer(text)}
    like = [Disclosure.document_number.endswith(end, autoescape=True) for end in sorted(ends)[:NUMBERS_MOST]]
    rows = session.scalars(select(Disclosure).where(or_(Disclosure.id.in_(links), *like), Disclosure.state == PublicationState.published)).all()
    valid = {row.document_number for row in rows if in_force(row, today)}
    for row in rows:
        if in_force(row, today):
            continue
        if row.id in links:
            yield Finding("out_of_force", f"引用的文件已不再有效：《{row.title}》，不能作为依据引用", *links[row.id], blocks=True)
        elif row.document_number not in valid and (start := text.find(row.document_number)) >= 0:
            end = start + len(row.document_number)
            if SAID_TO_HAVE_ENDED.match(text, end):
                continue
            yield Finding("out_of_force", f"提到的文件已不再有效：《{row.title}》（{row.document_number}）", start, end, blocks=False, asks=True)


def brush_off(text: str) -> Iterator[Finding]:
    """A reply that says nothing: without courtesies, quotations and the sign line only 已阅 or 请与…联系 is left."""
    blocks = parse_reply(text)
    if any(block.kind == "quotation" for block in blocks):
        return
    said = "".join(own_words(blocks))
    rest = BRUSH_OFF.sub("", COURTESY.sub("", said))
    if len(re.sub(r"\W", "", rest)) < 4:
        yield Finding("brush_off", "答复没有实质内容（只有“已阅”“请与…联系”一类的话）", 0, len(text), blocks=False, asks=True)


def foreign_signature(text: str, own: Sequence[str], near: Sequence[Finding]) -> Iterator[Finding]:
    """The sign line names an authority that is none of ours: looked for in the last lines that hold no sentence; misspellings were found before."""
    lines = [line for line in re.finditer(r"[^\n]+", text) if line[0].strip()][-SIGN_LINES:]
    for line in lines[1:] if len(lines) > 1 else []:
        said = re.sub(r"\s", "", line[0])
        ours = any(name in said or name.endswith(said) for name in own)
        if AUTHORITY.fullmatch(said) and not ours and not any(one.start < line.end() and line.start() < one.end for one in near):
            yield Finding("unit_name", f"落款不是本机关或所属单位的名称：{said}", *line.span(), blocks=False, asks=True)


def own_words(blocks: Sequence[Block]) -> Iterator[str]:
    """The paragraphs without the sign line (a last short paragraph without a full stop)."""
    for place, block in enumerate(blocks):
        last = place == len(blocks) - 1 and place > 0
        if block.kind == "paragraph" and not (last and len(block.text) <= 60 and not re.search(r"[。！？；]", block.text)):
            yield block.text


def sensitive_in(text: str, words: Iterable[str]) -> Iterator[Finding]:
    """Sensitive words, also where blanks and widths hide them (then the whole reply is the place)."""
    for word in hits(text, words):
        start = plain(text).find(plain(word))
        shown = (start, start + len(word)) if 0 <= start < len(text) else (0, len(text))
        yield Finding("sensitive", f"含有敏感词：{word}", *shown, blocks=False, asks=True)


def own_sites(settings: Settings) -> frozenset[str]:
    """The hosts under which this board is reached, as far as the settings say."""
    addresses = (str(settings.section("mail")["site"]), str(settings.section("office")["domain"]))
    return frozenset(host for address in addresses if (host := re.sub(r"^https?://", "", address.strip().lower()).partition("/")[0]))


def dead_links(session: Session, text: str, own: frozenset[str]) -> Iterator[Finding]:
    """Links into the board that lead nowhere, as paths or as whole addresses, and addresses that are none."""
    for found in LINK.finditer(text):
        link = found[0]
        host, _, path = re.sub(r"^https?://", "", link, flags=re.IGNORECASE).partition("/")
        if link.startswith("/") or host.lower() in own:
            if not leads_somewhere(session, link if link.startswith("/") else f"/{path}"):
                yield Finding("dead_link", f"链接打不开：{link[:60]}", *found.span(), blocks=True)
        elif not OUTSIDE.fullmatch(link):
            yield Finding("dead_link", f"网址写法有误：{link[:60]}", *found.span(), blocks=False, asks=True)


def leads_somewhere(session: Session, link: str) -> bool:
    """Whether a path on this site is a published document or a public answer; what is no path of ours is not judged."""
    if found := DOCUMENT.fullmatch(link):
        state = select(Disclosure.id).where(Disclosure.id == int(found[1]), Disclosure.state == PublicationState.published)
        return session.scalar(state) is not None
    if found := INQUIRY.fullmatch(link):
        shown = select(Publication.id).join(Publication.inquiry).where(Inquiry.number == found[1], Publication.public, Publication.withdrawn_at.is_(None))
        return session.scalar(shown) is not None
    return not link.startswith(("/documents", "/inquiries"))
