"""The work for one message is bounded whatever it holds: searches, documents read, windows aligned, and how long each text is."""

import random
from dataclasses import dataclass, field

import pytest

from responder import evidence, matching, scoring
from responder.collection import Collection
from responder.matching import Matcher
from responder.messages import MessageMatcher
from tests.responder.office_documents import DOCUMENTS, settings

LENGTH = 10_000
RNG = random.Random(7)
LETTERS = "".join(document.text for document in DOCUMENTS)
MESSAGES = {
    "one character": "补" * LENGTH,
    "two characters": "补贴" * (LENGTH // 2),
    "200 questions": "".join(f"请问第{i}项失业保险金补贴的标准是多少，怎么申请，需要哪些材料？" for i in range(200)),
    "200 headings": "".join(f"{i}、养老保险怎么缴费\n" for i in range(200)),
    "no Chinese": "hello, how do I apply for unemployment benefits? " * 200,
    "emoji": "😀🎉👨‍👩‍👧‍👦" * 900,
    "emoji and a question": "😀" * 9_000 + "失业保险金每月发放多少？",
    "digits": "0123456789" * 1_000,
    "one sentence": "失业保险金申领材料养老保险缴费标准" * 600,
    "numbers": "青人社发〔2015〕8号" * 800,
    "titles": "《青禾县城乡居民基本养老保险办事指南》" * 500,
    "years": "2016〔" * 2_000,
    "letters by chance": "".join(RNG.choices(LETTERS, k=LENGTH)),
    "questions by chance": "".join("".join(RNG.choices(LETTERS, k=28)) + "？" for _ in range(330)),
    "synonyms": "补贴补助电话热线期限企业公司费用申请申报办理标准时间地点职工房租工资社保医保缴费举报赔偿" * 200,
}


@dataclass
class Work:
    """What was done for one message."""

    searches: list[int] = field(default_factory=list)
    documents: int = 0
    alignments: int = 0
    lengths: list[int] = field(default_factory=list)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Counts searches (with their terms), documents read and alignments with the lengths of both texts."""
    counted = Work()
    search, read, cdist = Collection.search, matching.read, scoring.process.cdist

    def searched(self, codes, weights, limit):
        counted.searches.append(len(codes))
        return search(self, codes, weights, limit)

    def was_read(*given):
        counted.documents += 1
        return read(*given)

    def aligned(asked, texts, **options):
        counted.alignments += len(asked) * len(texts)
        counted.lengths += [len(text) for text in (*asked, *texts)]
        return cdist(asked, texts, **options)

    monkeypatch.setattr(Collection, "search", searched)
    monkeypatch.setattr(matching, "read", was_read)
    monkeypatch.setattr(scoring.process, "cdist", aligned)
    return counted


@pytest.fixture(scope="module")
def full() -> Matcher:
    matcher = Matcher(settings())
    for copy in range(40):
        for document in DOCUMENTS:
            matcher.put(type(document)(f"{document.id}{copy}", document.title, document.text + f"\n第{copy}段补充说明，另行通知。" * 40))
    return matcher


@pytest.mark.parametrize("how", ["match", "message"])
@pytest.mark.parametrize("message", MESSAGES.values(), ids=list(MESSAGES))
def test_the_work_for_any_message_is_bounded(full, work, how, message):
    found = full.match(message) if how == "match" else MessageMatcher(full, settings()).match(message)
    search, parts = settings().search, 8  # the whole, its heading, six sentences
    assert found.decision in {"draft", "suggest", "hand_over"}
    assert len(work.searches) <= parts
    assert max(work.searches, default=0) <= 400
    assert work.documents <= parts * (search.documents)
    assert work.alignments <= parts * 2 * (search.closely * search.windows + (search.documents - search.closely) * search.far_windows)
    assert max(work.lengths, default=0) <= max(scoring.LONGEST_QUERY, scoring.LONGEST_TEXT)


def test_what_is_counted_is_really_done(full, work):
    full.match("失业保险金每月发放多少？")
    assert work.searches
    assert work.documents == settings().search.documents
    assert work.alignments > work.documents
    assert evidence.closeness is scoring.closeness


def test_a_document_of_any_length_is_aligned_in_few_places(work):
    matcher = Matcher(settings())
    matcher.put(type(DOCUMENTS[0])("long", "长文件", "失业保险金发放标准每月多少元，按月发放。" * 10_000))
    assert matcher.match("失业保险金每月发放多少？").candidates[0].document_id == "long"
    assert work.alignments <= 2 * settings().search.windows
