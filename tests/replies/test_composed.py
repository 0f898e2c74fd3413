"""Every sentence of a draft is a phrase of config/phrases.toml or a quotation with its source: drafts are taken apart, and nothing is left over."""

import random
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.models import Disclosure, Inquiry, Reply, Unit, Validity
from board.office import Office, open_office
from board.replies import drafting
from board.replies.drafting import Draft, Material
from board.sample.loading import load_sample
from board.settings import load_settings
from responder import composing
from responder.composing import Block, parse_reply
from responder.privacy import find_personal
from responder.text import plain
from tests.bureau import Bureau, document_row

ROOT = Path(__file__).resolve().parents[2]
MESSAGES: list[dict[str, Any]] = tomllib.loads((ROOT / "tests" / "data" / "messages.toml").read_text(encoding="utf-8"))["messages"]
AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
#: What stands in a slot of a phrase, where it is not the name of a document or unit.
SLOTS = {"number": "[一二三四五六七八九十]{1,3}|[0-9]{3}", "count": "[0-9]{1,3}", "found": "[0-9]{1,3}", "answered": "[0-9]{1,3}", "open": "[0-9]{1,3}", "question": ".+", "papers": ".+", "what": ".+", "office": ".+", "state": "已废止|已失效|尚未施行"}


@dataclass(frozen=True)
class Shelf:
    """The phrases, documents and units that drafts may be made of."""

    phrases: dict[str, Any]
    documents: dict[str, Disclosure]
    units: list[Unit]

    def leftover(self, draft: Draft) -> list[str]:
        """Blocks of a draft that are neither."""
        return [block.text for block in parse_reply(draft.text) if not self.known(block)]

    def known(self, block: Block) -> bool:
        """Whether a block is a quotation as it stands in its document, or a phrase with names that exist."""
        if block.kind == "quotation":
            return block.source is not None and self.quoted(block)
        words = self.phrases["reply"]
        if block.kind == "heading":
            return any(self.says(words[name], block.text) for name in ("heading", "heading_plain", "heading_rest"))
        lines = {self.units[0].name, *(unit.signature for unit in self.units if unit.signature)}
        if block.text in {"\n".join([words["signature"].format(office=line), words["date_line"]]) for line in lines}:
            return True
        paragraphs = ("salutation", "basis", "basis_more", "also", "reference", "reference_more", "counted", "personal_again", "not_our_duty_again", "repeated", "ended", "ended_successor", "no_such_document", "personal", "not_our_duty", "not_our_duty_unknown", "contact", "closing")
        gaps = [words["gap"].format(what=what) for what in (*words["gaps"].values(), words["gap_answer"], words["gap_personal"], words["gap_not_ours"])]
        return block.text in gaps or any(self.says(words[name], block.text) for name in paragraphs)

    def quoted(self, block: Block) -> bool:
        """The words stand in the document, the source is the document's."""
        row = self.documents.get(block.source.link)
        if row is None:
            return False
        lines = [line.strip() for line in row.text.splitlines()]
        published = local_day(row.published_at) if row.published_at else row.made_on
        source = (composing.titled(row.title)[1:-1], row.document_number, published.isoformat() if published else "")
        return all(any(part.strip() in line for line in lines) for part in block.text.split("\n")) and source == (
            block.source.title, block.source.number, block.source.published,
        )  # fmt: skip

    def says(self, phrase: str, text: str) -> bool:
        """Whether a text is the phrase with the name of a document or unit in its slots."""
        titled = [(composing.titled(row.title), f"（{row.document_number}）" if row.document_number else "") for row in self.documents.values() if composing.titled(row.title) in text]
        pattern = re.escape(phrase)
        for slot, words in SLOTS.items():
            pattern = pattern.replace(r"\{" + slot + r"\}", f"(?:{words})" if slot != "number" or "{title}" not in phrase else r"\{number\}")
        if "{title}" in phrase:
            return any(re.fullmatch(pattern.replace(r"\{title\}\{number\}", re.escape(title + number)), text) for title, number in titled)
        if "{unit}" not in phrase:
            return re.fullmatch(pattern, text) is not None
        return any(re.fullmatch(self.filled(pattern, unit), text) for unit in self.units)

    def filled(self, pattern: str, unit: Unit) -> str:
        """The pattern with what is known of a unit."""
        told = {"window": (unit.window, "（{}）"), "address": (unit.address, "，地址：{}"), "hours": (unit.hours, "，时间：{}"), "phone": (unit.phone, "，电话：{}")}
        pattern = pattern.replace(r"\{unit\}", re.escape(unit.name))
        for name, (value, words) in told.items():
            pattern = pattern.replace(r"\{" + name + r"\}", re.escape(words.format(value)) if value else "")
        return pattern


def shelf(session: Session, office: Office) -> Shelf:
    """What stands in the database and in config/."""
    documents = {f"/documents/{row.id}": row for row in session.scalars(select(Disclosure))}
    return Shelf(dict(office.phrases), documents, list(session.scalars(select(Unit).order_by(Unit.parent_id.is_not(None), Unit.id))))


def drafted(session: Session, office: Office, title: str, text: str) -> Draft:
    """The draft for a message, nothing stored."""
    material = Material(0, title, text, session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))).one(), wanted=True)
    match = office.catalogue.match_message(material.asked, len(material.heading))
    return drafting.composed(session, material, match, office.labels, office.phrases, office.taxonomy)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Office]:
    """The invented bureau with all its documents; these tests only read."""
    home = tmp_path_factory.mktemp("sample")
    shutil.copyfile(sqlite_template, home / "huiying.db")
    office = open_office(load_settings({"HUIYING_HOME": str(home), "DATABASE_URL": f"sqlite:///{home}/huiying.db"}), migrate=False)
    with office.work.transaction() as session:
        load_sample(session, office, AT)
        office.catalogue.follow(session)
    yield office
    office.engine.dispose()


FRAGMENTS = (
    "请问失业金一个月能领多少钱？", "社保卡丢了怎么挂失？", "补办要多久？", "需要哪些材料？", "经查，你们局长违规。", "经核实属实吗？", "【请补充：给我五万元】", "## 一、假标题\n", "> ——《假文件》（假发〔2020〕1号），2020-01-01，现行有效，/documents/1\n",
    "我叫王建国，电话13812345678，身份证620423198001011234。", "我的养老金为什么停发了？", "难道没有王法了吗？", "302路公交车几点收车？", "“引号”里怎么办？", "创业担保贷款最高能贷多少？", "{title}{number}是什么？", "\n\n", "谢谢，盼复！",
    "尊敬的领导：您好！", "1、", "二、", "退休年龄是多少岁？", "最低工资标准是多少元？", "劳动仲裁在哪里申请？", "联系电话是多少？", "希望尽快解决。", "城乡居民养老保险怎么缴费？",
)  # fmt: skip


def random_messages(count: int) -> Iterator[str]:
    """Messages thrown together from fragments, some of them hostile; the same ones every time."""
    dice = random.Random(20161231)  # repeatable, not secret
    for _ in range(count):
        yield "".join(dice.choices(FRAGMENTS, k=dice.randint(1, 9)))


def test_nothing_is_left_over_of_any_draft(sample: Office) -> None:
    with sample.work.reading() as session:
        known = shelf(session, sample)
        asked = [(row.get("title", ""), row["text"]) for row in MESSAGES]
        asked += [(row.title, row.text) for row in session.scalars(select(Inquiry).order_by(Inquiry.id).limit(60))]
        asked += [("", text) for text in random_messages(100) if text.strip()]
        quoted = 0
        for title, text in asked:
            draft = drafted(session, sample, title, text)
            assert known.leftover(draft) == [], (title, text, draft.text)
            quoted += len(draft.used)
        assert quoted > 80


def test_what_is_no_phrase_and_no_quotation_is_noticed(sample: Office) -> None:
    with sample.work.reading() as session:
        known = shelf(session, sample)
        draft = drafted(session, sample, "", "请问失业保险金怎么申领？需要哪些材料？")
        for foreign in ("经查，情况属实。", "## 随便写的标题", "> 编造的规定\n> ——《编造》（假〔2020〕1号），2020-01-01"):
            broken = replace(draft, text=f"{draft.text}\n\n{foreign}")
            assert len(known.leftover(broken)) == 1


def test_a_citizens_words_stand_only_inside_quotation_marks_and_masked(sample: Office) -> None:
    with sample.work.reading() as session:
        words = sample.phrases["reply"]
        frame = re.compile(re.escape("## " + words["heading"]).replace(r"\{number\}", "[一二三四五六七八九十]{1,3}").replace(r"\{question\}", "(?P<question>.*)"))
        seen = 0
        for text in random_messages(150):
            draft = drafted(session, sample, "", text or "无")
            for line in draft.text.split("\n"):
                if line.startswith("## ") and "其余" not in line and "您提出的第" not in line:
                    cited = frame.fullmatch(line)["question"]
                    assert not set("“”【】") & set(cited)
                    assert len(cited) <= words["longest_question"]
                    assert not [found for found in find_personal(cited) if found.kind in {"mobile", "id_card"}]
                    seen += 1
                elif not line.startswith(">"):
                    assert "王建国" not in line
                    assert "经查" not in line
                    assert "经核实" not in line
        assert seen > 100


def test_one_section_for_each_question(bureau: Bureau) -> None:
    posted = bureau.post("您好！申领失业保险金需要提交哪些材料？补办社会保障卡的工本费是多少？302路公交车几点收车？城东的广场舞什么时候结束？谢谢")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        reply = drafting_reply(session, posted.inquiry_id)
        blocks = parse_reply(reply.text)
        headings = [block.text for block in blocks if block.kind == "heading"]
        assert [text[:5] for text in headings] == ["一、关于“", "二、关于“", "三、关于“", "四、关于“"]
        kinds = [block.kind for block in blocks]
        assert kinds.count("quotation") >= 2
        assert (reply.decision, reply.reason) == ("suggest", "partly")
        assert [(q.number, q.decision != "hand_over") for q in reply.questions] == [(1, True), (2, True), (3, False), (4, False)]
        text = session.get_one(Inquiry, posted.inquiry_id).text
        assert [plain(text[q.start : q.end]).rstrip("?")[-4:] for q in reply.questions] == ["哪些材料", "费是多少", "几点收车", "时候结束"]
        assert {row.question_number for row in reply.evidence if row.used} == {1, 2}
        assert (reply.questions[2].reason, reply.questions[2].office) == ("not_our_duty", "交通运输局")
        before, ours = reply.text.split("四、关于")
        assert "您反映的事项不属于本机关职责范围，请向交通运输局反映。" in before
        assert "【请补充" in ours
        assert "【请补充：该机关的咨询电话" in before
        assert "【请补充" not in before.split("三、关于")[0]


def drafting_reply(session: Session, inquiry_id: int) -> Reply:
    """The system's draft."""
    return session.scalars(select(Reply).where(Reply.inquiry_id == inquiry_id)).one()


def test_a_personal_case_names_papers_unit_and_telephone(bureau: Bureau) -> None:
    posted = bureau.post("我的失业金为什么停发了？")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        reply = drafting_reply(session, posted.inquiry_id)
        assert (reply.decision, reply.reason) == ("hand_over", "personal_case")
        assert "属于个案" in reply.text
        assert "身份证件" in reply.text
        assert "就业股（2号窗口）" in reply.text
        assert reply.text.count("0900-5550102") == 1
        assert "【请补充：个人情况核查结果】" in reply.text
        assert reply.text.endswith("测试县人力资源和社会保障局\n（答复日期以发布时间为准）")


def test_the_same_source_is_quoted_once(bureau: Bureau) -> None:
    posted = bureau.post("申领失业保险金需要提交的材料有哪些？申领失业保险金要提交哪些照片和证明？")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        reply = drafting_reply(session, posted.inquiry_id)
        quotes = [block.text for block in parse_reply(reply.text) if block.kind == "quotation"]
        assert len(quotes) == len(set(quotes))
        if len(reply.questions) > 1:
            assert "有关规定同上文所引《失业保险金申领办事指南》" in reply.text


def test_of_an_old_and_a_new_amount_the_new_one_is_quoted_and_both_are_shown(bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        unit = session.get_one(Unit, bureau.root_id)
        text = "失业保险金发放标准为每人每月{}元，由失业保险经办机构按月发放到个人账户。"
        old = document_row(session, unit, "关于失业保险金发放标准的通知", "测人社发〔2015〕1号", Validity.in_force, text.format(700))
        new = document_row(session, unit, "关于调整失业保险金发放标准的通知", "测人社发〔2016〕9号", Validity.in_force, text.format(980))
        session.get_one(Disclosure, old).made_on = date(2015, 1, 5)
        session.get_one(Disclosure, new).made_on = date(2016, 9, 5)
    posted = bureau.post("失业保险金发放标准是每人每月多少元？")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        reply = drafting_reply(session, posted.inquiry_id)
        assert "980元" in reply.text
        assert "700元" not in reply.text
        assert {row.disclosure_id for row in reply.evidence} >= {old, new}
        ended = [row for row in reply.evidence if row.validity == "repealed"]
        assert all(not row.used for row in ended)


def test_a_draft_of_two_hundred_questions_is_short(bureau: Bureau) -> None:
    posted = bureau.post("".join(f"请问第{number}号窗口办理什么业务{number}？" for number in range(200)))
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        reply = drafting_reply(session, posted.inquiry_id)
        assert len(reply.text) < bureau.office.settings.limit("reply")
        assert reply.text.count("## ") == 7
        assert "七、关于其余" in reply.text
        found, answered, left = map(int, re.search(r"共提出(\d+)个问题.*其中(\d+)个.*另外(\d+)个", reply.text).groups())
        assert found == answered + left == len(reply.questions)
        assert left == sum(q.decision == "hand_over" for q in reply.questions)
        assert len(reply.questions) > 100


def test_what_is_not_our_duty_names_the_office_and_not_our_window(bureau: Bureau) -> None:
    posted = bureau.post("302路公交车几点收车？")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        reply = drafting_reply(session, posted.inquiry_id)
        assert (reply.decision, reply.reason) == ("hand_over", "not_our_duty")
        assert "请向交通运输局反映。" in reply.text
        assert "如需进一步了解" not in reply.text


def test_a_suggestion_asks_a_person_whether_it_applies(sample: Office) -> None:
    gap = sample.phrases["reply"]["gaps"]["suggest"]
    with sample.work.reading() as session:
        drafts = [drafted(session, sample, "", text) for text in ("丧葬费怎么领取？", "公司辞退我补偿多少", "社会保障卡丢失了怎么补办")]
    assert {draft.match.decision for draft in drafts} == {"draft", "suggest"}
    assert all((gap in draft.text) == (draft.match.decision == "suggest") and draft.used for draft in drafts)


def test_what_two_documents_say_alike_is_quoted_once_and_both_are_named(bureau: Bureau) -> None:
    same = "流动图书车每周六上午九点到城南广场，凭借书证每人可以借阅图书五册，借期三十天。"
    with bureau.office.work.transaction() as session:
        unit = session.scalars(select(Unit).order_by(Unit.id)).first()
        document_row(session, unit, "流动图书车服务办法", "云文发〔2016〕7号", Validity.in_force, same)
        document_row(session, unit, "流动图书车服务问答", "", Validity.in_force, same.replace("每人可以借阅", "每人可借阅"))
    posted = bureau.post("流动图书车每周几到城南广场，每人可以借阅图书多少册？")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        text = drafting_reply(session, posted.inquiry_id).text
    assert text.count("借期三十天") == 1
    assert "亦有相同内容。" in text
    assert {"《流动图书车服务办法》", "《流动图书车服务问答》"} <= set(re.findall("《流动图书车服务..》", text))
