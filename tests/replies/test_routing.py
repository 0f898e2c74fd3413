from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from board.errors import InvalidInput, NotFound
from board.models import Event, Inquiry, InquiryState, RouterVersion, Unit
from board.replies import learning_routes, routing
from board.storage import outbox
from responder.router_scores import RoutingScore
from tests.bureau import NOW, Bureau

WORDS = {"jyg": ["领取失业金", "创业贷款贴息", "求职登记"], "sbj": ["社保缴费基数", "医保卡挂失", "养老待遇认证"]}
ENDINGS = ["怎么办理", "要等多久", "需要什么材料", "在哪里办", "可以代办吗"]


def answer(bureau: Bureau, each: int = 6, at=NOW) -> None:
    """Answered inquiries of two units."""
    with bureau.office.work.transaction() as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        for code, words in WORDS.items():
            for number in range(each):
                text = f"{words[number % 3]}{ENDINGS[number % 5]}，第{number}次问"
                session.add(
                    Inquiry(
                        number=f"{code}{number}-{at:%f}", title=words[number % 3], text=text, publish=True, unit_id=units[code], received_at=at,
                        answered_at=at + timedelta(hours=number), closed_at=at + timedelta(hours=number), state=InquiryState.closed,
                    )
                )  # fmt: skip


@pytest.fixture
def few(bureau: Bureau) -> Bureau:
    """The bureau that learns from five answers a unit."""
    bureau.office.settings.tables["routing"]["answered_each"] = 5
    return bureau


def learn(bureau: Bureau, taxonomy=None) -> RouterVersion:
    office = bureau.office
    taxonomy = office.taxonomy if taxonomy is None else taxonomy
    with office.work.reading() as session:
        lesson = learning_routes.gather_lesson(session, office.settings, taxonomy)
    version = learning_routes.learned(lesson, office.settings, taxonomy, "console:test", NOW)
    with office.work.transaction() as session:
        learning_routes.store(session, version)
    return version


def routed(bureau: Bureau, text: str) -> routing.Route:
    with bureau.office.work.reading() as session:
        return routing.routed(session, bureau.office.taxonomy, "", text)


def test_history_without_a_unit_teaches_no_unit_but_which_words_are_rare(few: Bureau) -> None:
    answer(few)
    with few.office.work.transaction() as session:
        session.add(Inquiry(number="IM-1", title="导入", text="公交车几点发车", publish=True, unit_id=few.root_id, received_at=NOW, answered_at=NOW, closed_at=NOW, state=InquiryState.closed, imported=True))
    with few.office.work.reading() as session:
        lesson = learning_routes.gather_lesson(session, few.office.settings, few.office.taxonomy)
    assert {one.unit for one in lesson.answered} == {"jyg", "sbj"}
    assert lesson.others == [("导入", "公交车几点发车")]


def test_without_history_the_words_of_the_taxonomy_decide(bureau: Bureau) -> None:
    assert (routed(bureau, "失业保险金怎么申领？").unit, routed(bureau, "失业保险金怎么申领？").by) == ("jyg", "rules")
    assert routed(bureau, "公交车几点发车？") == routing.Route("", "", "unknown")


def test_equal_rules_are_not_sure_and_name_both_units(bureau: Bureau) -> None:
    taxonomy = {"subjects": [{"name": "甲", "unit": "jyg", "words": ["补贴"]}, {"name": "乙", "unit": "sbj", "words": ["补贴"]}]}
    found = routing.by_rules(taxonomy, "", "补贴怎么领")
    assert (found.by, found.unit, set(found.near)) == ("not_sure", "", {"jyg", "sbj"})


def test_too_few_answers_teach_nothing(few: Bureau) -> None:
    answer(few, each=4)
    with pytest.raises(InvalidInput, match="至少要有两个单位各答复 5 件"):
        learn(few)


def test_the_learned_version_takes_over(few: Bureau) -> None:
    answer(few, each=10)
    version = learn(few)
    assert (version.in_use, version.refused, version.messages) == (True, "", 20)
    found = routed(few, "医保卡挂失要等多久")
    assert (found.by, found.unit, found.version) == ("learned", "sbj", version.id)


def test_what_is_not_sure_goes_to_the_front_office_with_the_units_that_are_near(few: Bureau) -> None:
    answer(few, each=10)
    learn(few)
    with few.office.work.reading() as session:
        learned = routing.in_use(session)
    text = "医保卡挂失和求职登记"
    sure = routing.by_learning(learned, few.office.taxonomy, "", text)
    lead = learned.units.choose("", text).lead
    strict = replace(learned, units=replace(learned.units, least_lead=lead + 1))
    found = routing.by_learning(strict, few.office.taxonomy, "", text)
    assert (found.by, found.unit, set(found.near)) == ("not_sure", "", {"jyg", "sbj"})
    assert sure.unit in {"", "jyg", "sbj"}


def test_a_version_that_is_worse_than_the_rules_is_refused(few: Bureau) -> None:
    answer(few, each=10)
    taxonomy = {"subjects": [{"name": code, "unit": code, "words": words} for code, words in WORDS.items()]}
    assert "不如关键词规则" in learning_routes.refusal(RoutingScore(20, 0.5, 0.5, 0.1, 0.5, 0.5, ()), 0.6)
    version = learn(few, taxonomy)
    assert version.rules_f1 == 1.0
    assert (version.refused == "") == (version.macro_f1 == 1.0)


def test_back_to_an_earlier_version_and_to_the_rules(few: Bureau) -> None:
    answer(few, each=10)
    first = learn(few)
    answer(few, each=11, at=NOW + timedelta(microseconds=5))
    second = learn(few)
    assert (first.id, second.in_use) == (1, True)
    with few.office.work.transaction() as session:
        learning_routes.use_version(session, first.id, "console:test", NOW)
    assert routed(few, "医保卡挂失").version == first.id
    with few.office.work.transaction() as session:
        learning_routes.use_version(session, 0, "console:test", NOW)
        with pytest.raises(NotFound):
            learning_routes.use_version(session, 99, "console:test", NOW)
    assert routed(few, "医保卡挂失要等多久").by in {"rules", "not_sure", "unknown"}
    with few.office.work.reading() as session:
        assert [event.data["version"] for event in session.scalars(select(Event).where(Event.action == "use_routing").order_by(Event.id))] == [1, 0]


def test_a_night_without_news_makes_no_version(few: Bureau) -> None:
    office = few.office
    answer(few, each=10)
    outcomes = []
    for day in ("2026-11-24", "2026-11-25"):
        with office.work.transaction() as session:
            outbox.write(session, "learn_routing", day, NOW)
        outcomes.append(learning_routes.learn_tonight(office.work, office.settings, office.taxonomy, day, NOW))
    assert outcomes == ["learned", "skipped"]


def test_the_draft_tells_the_desk_why(bureau: Bureau) -> None:
    posted = bureau.post("失业保险金怎么申领？")
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        assert routing.route_shown(session, posted.inquiry_id) == routing.RouteShown("rules", 0, ())
