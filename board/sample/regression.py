"""The regression set that ships with the product: short questions to the sample bureau's documents, and some that these do not answer."""

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from responder.corpus import Document
from responder.matching import Matcher, MatcherSettings
from responder.measures import Outcome, bare, judge

_DOCUMENTS = ("disclosures", "interpretations", "references")
_ENDED = {"repealed", "expired"}


def regression_outcomes(settings: MatcherSettings) -> list[Outcome]:
    """What weights make of the set: each question with any of the documents that answer it, or none."""
    documents = list(sample_documents())
    matcher = Matcher(settings)
    for document in documents:
        matcher.put(document)
    texts = {document.id: bare(document.text) for document in documents}
    return [judge(matcher.match(row["question"]), row["documents"], "", texts) for row in read("regression")]


def sample_documents() -> Iterator[Document]:
    """The documents of the sample as the responder sees them."""
    for name in _DOCUMENTS:
        for row in read(name):
            yield Document(
                row["ref"], row["title"], row["text"], number=row["document_number"], issued=date.fromisoformat(row["made_on"]),
                authority="云溪县人力资源和社会保障局", kind=row["kind"], in_force=row["validity"] not in _ENDED,
            )  # fmt: skip


def read(name: str) -> list[dict[str, Any]]:
    """The rows of one of the sample's files."""
    text = files("board.sample").joinpath(f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]
