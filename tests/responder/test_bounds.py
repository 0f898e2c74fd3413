"""The work for one message is bounded whatever it holds: searches, documents read, windows aligned, and how long each text is."""

from dataclasses import dataclass, field

import pytest

from responder import evidence, matching, scoring
from responder.collection import Collection
from responder.matching import Matcher
from responder.messages import MessageMatcher
from tests.responder.hostile_messages import MESSAGES
from tests.responder.office_documents import DOCUMENTS, settings


@dataclass
class Work:
    """What was done for one message."""

    searches: list[int] = field(default_factory=list)
    documents: int = 0
    alignments: int = 0
    asked: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Counts searches (with their terms), documents read and alignments with the lengths of both texts."""
    counted = Work()
    search, read, cdist = Collection.search, matching.read, scoring.process.cdist

    def searched(self, codes, weights, limit):
        counted.searches.append(len(codes))
        return search(self, codes, weights, limit)

    def was_read(query, wanted, kinds):
        counted.documents += len(wanted)
        return read(query, wanted, kinds)

    def aligned(asked, texts, **options):
        counted.alignments += len(asked) * len(texts)
        counted.asked += map(len, asked)
        counted.texts += map(len, texts)
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
    assert max(work.asked, default=0) <= 150
    assert sum(work.asked) <= (2 * 150 * 4 if how == "match" else 2 * 150 * parts)
    assert max(work.texts, default=0) <= 400


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
