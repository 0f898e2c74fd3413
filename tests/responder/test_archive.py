"""The index on disk: it answers exactly like one in memory, whatever its history, and never believes damaged files."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from responder import pruning
from responder.archive import LOADED, META, PIECEWISE, Archive, Damaged
from responder.archive_writing import write_archive
from responder.candidates import Candidates
from responder.corpus import Document
from responder.matching import Matcher
from responder.terms import bigrams
from responder.windows import document_codes
from tests.responder.office_documents import DOCUMENTS, settings

WORDS = ["养老保险", "失业登记", "招聘公告", "社会保障卡", "劳动合同", "仲裁申请", "技能补贴", "工伤认定", "参保范围", "缴费标准"]


def made_up(count: int, seed: int = 1) -> list[Document]:
    rng = random.Random(seed)
    return [Document(str(i), "".join(rng.choices(WORDS, k=2)), "。".join("".join(rng.choices(WORDS, k=3)) for _ in range(rng.randint(1, 6)))) for i in range(count)]


def written(directory: Path, documents: list[Document], older: Archive | None = None, buried: list[int] = ()) -> Archive:
    directory.mkdir()
    write_archive(directory, documents, {"sequence": 7}, 1.2, 0.75, older, np.array(buried, np.int32))
    return Archive(directory)


def in_memory(documents: list[Document]) -> Candidates:
    index = Candidates(background=200)
    for document in documents:
        index.put(document.id, document_codes(document))
    return index


def hits(index: Candidates, text: str, limit: int = 10) -> list[tuple[str, float]]:
    codes = np.unique(bigrams(text).codes)
    return [(hit.document_id, hit.score) for hit in index.search(codes, index.idf(codes), limit)]


def test_documents_come_back_as_they_were_with_their_ids_and_the_note(tmp_path):
    odd = Document("半\ud800", "题\x00", "文\n" * 3, "号", date(2016, 3, 14), "局", "省", "interpretation", in_force=False, valid_from=date(2015, 1, 1), valid_until=date(2017, 1, 1))
    archive = written(tmp_path / "a", [*DOCUMENTS, odd])
    assert [archive.document(slot) for slot in range(len(archive))] == [*DOCUMENTS, odd]
    assert [archive.slot_of(document.id) for document in (*DOCUMENTS, odd)] == list(range(len(archive)))
    assert archive.slot_of("unknown") == -1
    assert archive.note == {"sequence": 7}


@pytest.mark.parametrize("limit", [1, 3, 10, 50])
def test_an_archive_finds_what_memory_finds_with_the_same_scores(tmp_path, limit, monkeypatch):
    monkeypatch.setattr(pruning, "_SAMPLE", 20)
    monkeypatch.setattr(pruning, "_FEW", 10)
    documents = made_up(400)
    memory, below = in_memory(documents), Candidates(background=200, archive=written(tmp_path / "a", documents))
    for question in ("失业登记要什么材料", "养老保险缴费标准", "招聘公告工伤认定仲裁申请劳动合同", "参保", "道路积水", "技能补贴" * 20):
        assert hits(below, question, limit) == hits(memory, question, limit)


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 39), st.booleans()), max_size=40), st.integers(0, 30), st.integers(0, 10_000))
def test_any_history_over_an_archive_equals_a_new_index_of_what_is_left(tmp_path_factory, history, archived, seed):
    documents = made_up(40, seed)
    archive = written(tmp_path_factory.mktemp("shelf") / "a", documents[:archived])
    changed, left = Candidates(background=200, archive=archive), {document.id: document for document in documents[:archived]}
    for place, keep in history:
        document = replace(documents[place], text=documents[-place].text)
        if document.id in left:
            changed.remove(document.id, document_codes(left.pop(document.id)))
        if keep:
            changed.put(document.id, document_codes(document))
            left[document.id] = document
    new = in_memory(list(left.values()))
    assert len(changed) == len(new)
    for question in ("养老保险缴费标准", "失业登记仲裁申请", "社会保障卡"):
        assert hits(changed, question) == hits(new, question)


def test_an_archive_is_written_on_from_an_older_one_without_its_buried_documents(tmp_path):
    documents, more = made_up(120), [replace(document, id=f"n{document.id}") for document in made_up(60, 2)]
    older = written(tmp_path / "a", documents)
    newer = written(tmp_path / "b", more, older, buried=[0, 5, 119])
    left = [document for slot, document in enumerate(documents) if slot not in {0, 5, 119}] + more
    direct = written(tmp_path / "c", left)
    for name in (*LOADED, *PIECEWISE):
        if name != "documents":  # packed texts may differ in form
            assert (newer.directory / name).read_bytes() == (direct.directory / name).read_bytes(), name
    assert [newer.document(slot) for slot in range(len(newer))] == left


def test_runs_and_stretches_of_any_size_give_the_same_files(tmp_path, monkeypatch):
    documents = made_up(150)
    whole = written(tmp_path / "a", documents)
    monkeypatch.setattr("responder.archive_writing._BATCH", 500)
    monkeypatch.setattr("responder.archive_writing._STRETCH", 90)
    pieces = written(tmp_path / "b", documents)
    assert {path.name for path in pieces.directory.iterdir()} == {META, *LOADED, *PIECEWISE}
    for name in (*LOADED, *PIECEWISE):
        assert (whole.directory / name).read_bytes() == (pieces.directory / name).read_bytes(), name


def test_a_matcher_over_an_archive_matches_like_one_in_memory(tmp_path, matcher):
    over = Matcher(settings(), written(tmp_path / "a", list(DOCUMENTS)))
    for question in ("城乡居民养老保险每年交多少钱?", "社保卡丢了在哪里挂失?", "失业保险金每月发放多少?"):
        assert over.match(question) == matcher.match(question)


def test_empty_archives_are_archives(tmp_path):
    archive = written(tmp_path / "a", [])
    assert len(archive) == 0
    assert Matcher(settings(), archive).match("养老金如何领取?").reason == "nothing_found"
    assert len(written(tmp_path / "b", [Document("x", "", "")])) == 1


@pytest.mark.parametrize("name", [META, *LOADED, *PIECEWISE])
@pytest.mark.parametrize("harm", ["gone", "short", "changed"])
def test_damage_is_noticed_before_anything_is_believed(tmp_path, name, harm):
    path = written(tmp_path / "a", made_up(50)).directory / name
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if harm == "short" else data[:-9] + bytes(255 - byte for byte in data[-9:]))
    with pytest.raises(Damaged):
        archive = Archive(tmp_path / "a")
        for row in range(len(archive.codes)):
            archive.postings(row)
        for slot in range(len(archive)):
            archive.document(slot)


def test_another_format_is_no_archive(tmp_path):
    meta = written(tmp_path / "a", made_up(3)).directory / META
    meta.write_text(meta.read_text().replace('"format": 2', '"format": 1'))
    with pytest.raises(Damaged, match="format"):
        Archive(tmp_path / "a")


def test_common_words_in_a_large_collection_read_a_bounded_number_of_postings(tmp_path, monkeypatch):
    monkeypatch.setattr(pruning, "MOST_POSTINGS", 300)
    monkeypatch.setattr(pruning, "MOST_FOUND", 50)
    added = []
    shares = pruning._share
    monkeypatch.setattr(pruning, "_share", lambda counts, norm, height: added.append(len(counts)) or shares(counts, norm, height))
    documents = made_up(400)
    index = Candidates(background=200, archive=written(tmp_path / "a", documents))
    assert len(hits(index, "".join(WORDS), 10)) == 10
    longest = max(index._archive.sizes)
    most_terms = len(bigrams("".join(WORDS)))
    assert sum(added) <= 300 + longest + most_terms * (50 + pruning._FEW)
