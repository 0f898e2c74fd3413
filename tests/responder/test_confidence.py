"""The logistic function, the decision and the reason."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.confidence import CONFIDENCE_FEATURES, Thresholds, agree, decide, explains, near, probability
from responder.corpus import Document
from responder.terms import Cutter
from responder.windows import prepare
from tests.responder.office_documents import UNEMPLOYMENT, settings

THRESHOLDS = Thresholds(draft=0.7, suggest=0.4, close=0.3)


@pytest.mark.parametrize(
    ("confidence", "lead", "decision", "reason"),
    [
        (0.9, 0.0, "draft", ""),
        (0.7, 0.0, "draft", ""),
        (0.69, 9.0, "suggest", ""),
        (0.4, 9.0, "suggest", ""),
        (0.39, 9.0, "hand_over", "low_confidence"),
        (0.39, 0.1, "hand_over", "too_close"),
    ],
)
def test_decision(confidence, lead, decision, reason):
    assert decide(confidence, lead, THRESHOLDS) == (decision, reason)


@pytest.mark.parametrize(
    ("confidence", "lead", "decision"), [(0.25, 0.1, "suggest"), (0.25, 9.0, "hand_over"), (0.1, 0.1, "hand_over"), (0.39, 1.0, "suggest")]
)
def test_two_close_documents_that_agree_are_suggested(confidence, lead, decision):
    assert decide(confidence, lead, THRESHOLDS, agreed=True)[0] == decision
    assert decide(confidence, lead, THRESHOLDS, agreed=True)[1] != "too_close"


def test_quotations_agree_unless_their_numbers_differ():
    assert agree(["每月1036元,15个工作日", "每月１０３６元"])
    assert agree(["每月1036元", "按月发放"])
    assert agree([])
    assert not agree(["每月1036元", "每月896元"])


def test_an_interpretation_explains_what_it_speaks_of():
    cutter = Cutter(settings().rules)
    policy = prepare(UNEMPLOYMENT, cutter)
    said = Document("i", "失业保险金标准解读", "失业保险金发放标准由每人每月896元调整为1036元,领取期限按缴费年限确定。", kind="interpretation")
    assert explains(prepare(said, cutter), policy)
    assert explains(policy, prepare(said, cutter))
    assert not explains(policy, prepare(replace(said, kind="disclosure"), cutter))
    assert not explains(policy, prepare(replace(said, text="公园晚上十点关门,请游客注意安全。"), cutter))
    assert not explains(policy, prepare(replace(said, text=""), cutter))


def test_a_document_in_force_is_near_by_its_share_of_the_best_score():
    assert near(9.0, 10.0, THRESHOLDS)
    assert near(-2.0, -2.0, THRESHOLDS)
    assert not near(7.0, 10.0, THRESHOLDS)
    assert not near(-3.0, -2.0, THRESHOLDS)


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), st.floats(-100, 100))
def test_probability_stays_between_zero_and_one(row, intercept):
    assert 0 < probability(np.array(row), np.array([1.0, -2.0, 3.0]), intercept) < 1


def test_probability_is_the_logistic_function():
    assert probability(np.array([2.0]), np.array([0.5]), -1.0) == 0.5
    assert probability(np.array([1.0]), np.array([np.log(3)]), 0.0) == pytest.approx(0.75)


def test_features_are_named_once():
    assert len(set(CONFIDENCE_FEATURES)) == len(CONFIDENCE_FEATURES)
