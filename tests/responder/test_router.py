import math

import pytest

from responder.router import Background, Choice, Example, Material, Rules, fitted, folds_of, learn, least_lead, material, packed, unpacked
from responder.router_scores import cross_validated, scored

TOPICS = {
    "道路": ["路面有坑希望修补", "路灯不亮晚上出行危险", "人行道地砖松动", "桥面裂缝需要修补", "道路积水无法通行"],
    "学校": ["小学报名需要哪些证件", "幼儿园收费过高", "中学教师补课收费", "学位不足孩子无处上学", "校车没有按时到站"],
    "医院": ["医院挂号排队太久", "门诊药费不能报销", "医生开药过多", "急诊床位不足", "住院押金迟迟不退"],
}
EXAMPLES = [Example(text[:6], f"{text}，请有关部门处理", label) for label, texts in TOPICS.items() for text in texts]
NOTHING = Material()


def test_learned_words_decide() -> None:
    router = learn(EXAMPLES, NOTHING, Rules())
    assert [router.choose("", text).label for text in ("路灯坏了没人修", "孩子上小学要什么证件", "住院药费怎么报销")] == ["道路", "学校", "医院"]


def test_a_label_without_messages_is_known_by_the_words_of_the_taxonomy() -> None:
    router = learn(EXAMPLES, material({"环保": ["噪声扰民", "污水排放"]}, [] ), Rules())
    assert router.choose("", "夜间噪声扰民，污水直接排放").label == "环保"


def test_the_choice_can_be_bounded_to_some_labels() -> None:
    router = learn(EXAMPLES, NOTHING, Rules())
    assert router.choose("路灯", "路灯不亮", frozenset({"学校", "医院"})).label != "道路"
    assert router.choose("路灯", "路灯不亮", frozenset()) == Choice("", "", 0.0, sure=False)


@pytest.mark.parametrize("text", ["", "。。。", "zzz", "\ud800", "龘" * 10_000])
def test_what_says_nothing_is_never_sure(text: str) -> None:
    assert learn(EXAMPLES, NOTHING, Rules()).choose("", text) == Choice("", "", 0.0, sure=False)


def test_the_least_lead_keeps_the_share_of_right_ones() -> None:
    pairs = [(0.9, True), (0.8, True), (0.7, False), (0.6, True), (0.5, True), (0.4, False)]
    assert least_lead(pairs, 1.0) == 0.8
    assert least_lead(pairs, 0.8) == 0.5
    assert least_lead([(0.9, False), (0.8, True)], 0.9) == math.inf


def test_equal_leads_stand_or_fall_together() -> None:
    assert least_lead([(0.9, True), (0.5, True), (0.5, False)], 0.9) == 0.9


def test_a_model_comes_back_from_its_bytes() -> None:
    router = learn(EXAMPLES, material({"环保": ["噪声扰民"]}, [("题", "其他留言")]), Rules())
    again = unpacked(packed(router))
    assert again.labels == router.labels
    for example in EXAMPLES:
        assert again.choose(example.title, example.text).label == router.choose(example.title, example.text).label
    with pytest.raises(ValueError, match="damaged"):
        unpacked(packed(router)[:-200])


def test_folds_share_each_label() -> None:
    labels = ["a"] * 10 + ["b"] * 5
    folds = folds_of(labels, 5)
    assert sorted(place for fold in folds for place in fold) == list(range(15))
    assert all(sum(labels[place] == "b" for place in fold) == 1 for fold in folds)


def test_what_everybody_says_weighs_less() -> None:
    bags = [{"请": 1, "路灯": 1}, {"请": 1, "医院": 1}]
    router = fitted(bags, ["道路", "医院"], Material((), Background(1000, {"请": 1000})), Rules())
    assert router.rarity[router.features["请"]] < router.rarity[router.features["路灯"]]


def test_figures_of_a_table_counted_by_hand() -> None:
    labels = ["a", "a", "a", "b"]
    choices = [Choice("a", "b", 1, sure=True), Choice("a", "b", 1, sure=True), Choice("b", "a", 0.1, sure=False), Choice("b", "a", 1, sure=True)]
    score = scored(labels, choices)
    assert (score.right, score.not_sure, score.sure_right) == (0.75, 0.25, 1.0)
    assert [(one.label, one.messages, one.chosen, round(one.f1, 3)) for one in score.labels] == [("a", 3, 2, 0.8), ("b", 1, 2, 0.667)]
    assert score.sure_f1 == 1.0


def test_real_messages_reach_the_goal_by_cross_validation(shared_dir) -> None:
    import json

    def rows(name: str) -> list[dict[str, str]]:
        return [json.loads(line) for line in (shared_dir / "data" / name).read_text(encoding="utf-8").splitlines()]

    examples = [Example(row["留言主题"], row["留言详情"], row["一级分类"]) for row in rows("messages_labelled.jsonl")]
    labels, words = {example.label for example in examples}, {}
    for row in rows("message_categories.jsonl"):
        if row["一级分类"] in labels:
            words.setdefault(row["一级分类"], []).append(f"{row['二级分类']} {row['三级分类']}")
    others = [(row["留言主题"], row["留言详情"]) for row in rows("messages_with_replies.jsonl")]
    score = cross_validated(examples, material(words, others), Rules())
    assert score.macro_f1 >= 0.85
    assert score.sure_right >= 0.9
    assert score.not_sure <= 0.25
