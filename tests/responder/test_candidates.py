"""The index in memory: it must always equal one that was built anew."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.candidates import Candidates
from responder.terms import bigrams

TEXTS = {"pension": "城乡居民养老金领取", "card": "社会保障卡补办", "job": "事业单位公开招聘报名", "benefit": "失业保险金领取期限"}


def index(texts: dict[str, str]) -> Candidates:
    made = Candidates()
    for key, text in texts.items():
        made.put(key, bigrams(text).codes)
    return made


def asked(candidates: Candidates, text: str, limit: int = 10) -> list[tuple[str, float]]:
    codes = np.unique(bigrams(text).codes)
    return [(hit.document_id, hit.score) for hit in candidates.search(codes, candidates.idf(codes), limit)]


def test_the_right_document_is_first():
    assert asked(index(TEXTS), "养老金领取")[0][0] == "pension"
    assert {key for key, _ in asked(index(TEXTS), "领取")} == {"pension", "benefit"}


def test_nothing_shared_finds_nothing_and_an_empty_index_too():
    assert asked(index(TEXTS), "道路积水") == []
    assert asked(Candidates(), "养老金") == []


def test_removed_documents_are_forgotten_and_their_place_is_used_again():
    candidates = index(TEXTS)
    candidates.remove("card", bigrams(TEXTS["card"]).codes)
    assert len(candidates) == 3
    assert asked(candidates, "社会保障卡") == []
    candidates.put("road", bigrams("道路积水").codes)
    assert [key for key, _ in asked(candidates, "道路积水")] == ["road"]
    assert asked(candidates, "社会保障卡") == []


def test_what_is_there_is_not_put_twice_and_what_is_not_there_not_removed():
    candidates = index(TEXTS)
    with pytest.raises(KeyError):
        candidates.put("card", bigrams("道路").codes)
    with pytest.raises(KeyError):
        candidates.remove("unknown", bigrams("道路").codes)
    assert asked(candidates, "社会保障卡") == asked(index(TEXTS), "社会保障卡")


def test_rare_codes_weigh_more_and_absent_ones_most():
    candidates = index(TEXTS)
    common, rare, absent = candidates.idf(np.array([bigrams(t).codes[0] for t in ("领取", "补办", "积水")]))
    assert common < rare < absent


def test_limit_keeps_the_best_and_ties_go_by_id():
    candidates = index({str(i): "养老金" for i in range(50)})
    assert [key for key, _ in asked(candidates, "养老金", 3)] == ["0", "1", "10"]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([*TEXTS.values(), None])), max_size=30))
def test_any_history_equals_a_new_index_of_what_is_left(history):
    changed, left = Candidates(), {}
    for key, text in history:
        if key in left:
            changed.remove(key, bigrams(left.pop(key)).codes)
        if text is not None:
            changed.put(key, bigrams(text).codes)
            left[key] = text
    assert len(changed) == len(left)
    for question in TEXTS.values():
        assert asked(changed, question) == asked(index(left), question)


def test_readers_and_a_writer_at_once():
    candidates, errors, done = index(TEXTS), [], threading.Event()

    def read() -> None:
        while not done.is_set():
            if asked(candidates, "养老金领取")[0][0] != "pension":
                errors.append("lost")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(2_000):
        candidates.put(f"new{turn}", bigrams("报名时间地点").codes)
        if turn % 2:
            candidates.remove(f"new{turn}", bigrams("报名时间地点").codes)
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []
