"""The matcher: documents in, and for a question the documents that answer it, quotations and how sure one may be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from responder.archive import Archive
from responder.candidates import Found
from responder.collection import Collection, Named
from responder.confidence import DRAFT, HAND_OVER, SUGGEST, agree, confidence_row, decide, explains, near, probability
from responder.evidence import Reading, ToRead, read
from responder.lacking import lacks
from responder.naming import cites
from responder.ordering import Ordered, in_force, named_first, order
from responder.quoting import Evidence, quotations
from responder.terms import Asked, Cutter, bigrams
from responder.text import Folded, fold, without_sounds
from responder.tuning import MatcherSettings, SettingsError, Weights, load_settings
from responder.windows import Query, make_query

__all__ = ["Candidate", "Evidence", "Match", "Matcher", "MatcherSettings", "SettingsError", "load_settings"]

_MOST_TERMS = 200
_LONGEST_INPUT = 10_000
# How much a synonym counts in the search beside the question's own words.
_OTHER_WORDS = 0.3
# How much a term counts that only joins two words.
_ACROSS_WORDS = 0.7
_MOST_ENDED = 3
NO_SUCH_DOCUMENT = "no_such_document"
_DECISIONS = (HAND_OVER, SUGGEST, DRAFT)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document for a question; the first few carry up to three quotations, best first."""

    document_id: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What was found. confidence is the probability that the first candidate bears the answer; decision is draft,
    suggest or hand_over; reason is empty or nothing_found, too_close, out_of_force, low_confidence, personal_case,
    not_our_duty (then office is whose it is), no_such_document (under the number that is asked for), empty_question.
    ended are documents out of force that would have been in the first places or are asked for: named, never quoted as
    valid. asked_for are the documents that the question names by number or title.
    """

    candidates: tuple[Candidate, ...]
    confidence: float
    decision: str
    reason: str
    ended: tuple[Candidate, ...] = ()
    office: str = ""
    asked_for: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """Whether a person has to answer without a proposal."""
        return self.decision == HAND_OVER


class Matcher:
    """Documents and an index over them: those of an archive on disk, if one is given, and in memory what came since.
    All methods may be called from any thread; with an archive they may raise Damaged.
    """

    def __init__(self, settings: MatcherSettings, archive: Archive | None = None) -> None:
        self._settings = settings
        self._cutter = Cutter(settings.rules)
        self._kinds = [kind.name for kind in settings.rules.kinds]
        self.collection = Collection(settings.search, self._cutter, archive)
        self.put, self.remove = self.collection.put, self.collection.remove

    def use(self, weights: Weights) -> None:
        """Take other learned weights from the next question on."""
        self._settings = replace(self._settings, weights=weights)

    @property
    def cutter(self) -> Cutter:
        """What cuts questions here, for those who read messages."""
        return self._cutter

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self.collection)

    def match(self, question: str, limit: int = 10) -> Match:
        """Match a message (of which 10,000 characters are read): as a whole and by each sentence that asks. The surest
        of these counts; the first documents of the other sure ones follow.
        """
        folded = without_sounds(fold(question[:_LONGEST_INPUT]))
        if not any(character.isalnum() for character in folded.text):
            return Match((), 0.0, HAND_OVER, "empty_question")
        asked = [folded, *(folded.part(start, end) for start, end in self._cutter.questions(folded.text))]
        matches = [match for match in (self._match(part, limit) for part in asked) if match is not None]
        joined = join(matches, limit) if matches else Match((), 0.0, HAND_OVER, "nothing_found")
        if matches and matches[0].reason == NO_SUCH_DOCUMENT:
            return replace(joined, decision=HAND_OVER, reason=NO_SUCH_DOCUMENT, confidence=matches[0].confidence)
        if not joined.office and self._cutter.personal(folded.text):
            return replace(joined, decision=HAND_OVER, reason="personal_case")
        return joined

    def match_part(self, folded: Folded, limit: int = 10) -> Match:
        """Match one question of a message, given with its places in the message."""
        return self._match(folded, limit) or Match((), 0.0, HAND_OVER, "nothing_found")

    def _match(self, folded: Folded, limit: int) -> Match | None:
        """Match one question, or a message as a whole; None when nothing is found."""
        query = self.query(self._cutter.asked(folded.text))
        named = self.collection.named(folded.text)
        found = self._search(query, limit, named.ids) if query else []
        readings = self._read(query, found) if query else []
        if query is None or not readings:
            office = self._settings.duties.office_for(folded.text, [])
            if office or named.missing:
                return Match((), 0.0, HAND_OVER, "not_our_duty" if office else NO_SUCH_DOCUMENT, office=office)
            return None
        return self._judge(query, folded, found, readings, named, limit)

    def query(self, asked: Asked) -> Query | None:
        """Weigh the terms of a question by the index; None when it has none."""
        codes = np.unique(asked.terms.codes)
        if not len(codes):
            return None
        idf = self.collection.idf(codes) * np.array([_ACROSS_WORDS if code in asked.across else 1.0 for code in codes.tolist()])
        if len(codes) > _MOST_TERMS:
            kept = np.sort(np.argsort(-idf, kind="stable")[:_MOST_TERMS])
            codes, idf = codes[kept], idf[kept]
        return make_query(asked, codes, idf)

    def readings(self, question: str) -> tuple[Query | None, list[Reading]]:
        """Read the most promising documents for a question: what learning needs."""
        folded = without_sounds(fold(question[:_LONGEST_INPUT])).text
        query = self.query(self._cutter.asked(folded))
        if query is None:
            return None, []
        return query, self._read(query, self._search(query, self._settings.search.documents, self.collection.named(folded).ids))

    def _search(self, query: Query, limit: int, named: Sequence[str]) -> list[Found]:
        """Ask the index for enough documents to read and to list, those among them that the question names; words in
        place of the question's own count less.
        """
        codes, idf = query.codes, query.idf
        if query.others:
            others = np.setdiff1d(np.concatenate([bigrams(word).codes for word, _ in query.others]), codes)
            codes = np.concatenate([codes, others])
            idf = np.concatenate([idf, self.collection.idf(others) * _OTHER_WORDS])
        found = self.collection.search(codes, idf, max(limit, self._settings.search.documents))
        read = {hit.document_id for hit in found[: self._settings.search.documents]}
        missed = [Found(key, self.collection.score(key, codes, idf)) for key in named if key not in read]
        return missed + [hit for hit in found if hit.document_id not in named or hit.document_id in read]

    def _read(self, query: Query, found: list[Found]) -> list[Reading]:
        """Read the first documents closely; documents without a passage are left out."""
        search = self._settings.search
        most = float(query.idf.sum()) * (search.k1 + 1)
        wanted = []
        for place, hit in enumerate(found[: search.documents]):
            prepared = self.collection.prepared(hit.document_id)
            if prepared is not None and len(prepared):
                windows = search.windows if place < search.closely else search.far_windows
                wanted.append(ToRead(prepared, hit.score / most, windows))
        return read(query, wanted, self._kinds)

    def _judge(self, query: Query, question: Folded, found: list[Found], readings: list[Reading], named: Named, limit: int) -> Match:
        """Order what was read, quote, and decide."""
        return replace(self._decided(query, question, found, readings, named, limit), asked_for=named.ids)

    def _decided(self, query: Query, question: Folded, found: list[Found], readings: list[Reading], named: Named, limit: int) -> Match:
        weights, limits = self._settings.weights, self._settings.thresholds
        everything = named_first(order(query, readings, weights.windows, weights.order), named.ids)
        first = everything.readings[0].prepared.document
        ordered = in_force(everything)
        listed = self._listed(query, question, ordered, found, limit)
        ended = self._ended(query, question, everything, named.ids)
        gone = first.id in named.ids and not first.in_force
        confidence = self._sure(query, ordered) if ordered.readings else 0.0
        office = self._settings.duties.office_for(query.asked.text, [reading.prepared for reading in everything.readings])
        if office:
            return Match(listed, confidence * limits.elsewhere, HAND_OVER, "not_our_duty", ended, office)
        if gone or not ordered.readings or not near(float(ordered.scores[0]), float(everything.scores[0]), limits):
            answered = gone or self._sure(query, everything) >= limits.suggest
            return Match(listed, 0.0, HAND_OVER, "out_of_force" if answered else "low_confidence" if listed else "nothing_found", ended)
        if any(not cites(ordered.readings[0].prepared.folded.text, number) for number in named.missing):
            return Match(listed, confidence * limits.elsewhere, HAND_OVER, NO_SUCH_DOCUMENT, ended)
        if lacks(query.asked, ordered.readings[0].prepared, [piece.quote for piece in listed[0].evidence], self._settings.rules.units):
            confidence *= limits.lacking
        lead = float(ordered.scores[0] - ordered.scores[1]) if len(ordered.scores) > 1 else float("inf")
        quotes = [candidate.evidence[0].quote for candidate in listed[:2] if candidate.evidence]
        pair = [reading.prepared for reading in ordered.readings[:2]]
        agreed = len(pair) > 1 and (agree(quotes) or explains(*pair))
        decision, reason = decide(confidence, lead, limits, agreed=agreed)
        return Match(listed, confidence, decision, reason, ended)

    def _sure(self, query: Query, ordered: Ordered) -> float:
        """The probability that the first of some documents bears the answer."""
        weights = self._settings.weights
        return probability(confidence_row(query, ordered), weights.confidence, weights.intercept)

    def _ended(self, query: Query, question: Folded, everything: Ordered, named: Sequence[str]) -> tuple[Candidate, ...]:
        """The documents out of force that are named or come near the best of all, each with one quotation."""
        limits, best = self._settings.thresholds, float(everything.scores[0])
        rows = zip(everything.readings, everything.scores.tolist(), everything.window_scores, strict=True)
        gone = [row for row in rows if not row[0].prepared.document.in_force]
        out = [row for row in gone if row[0].prepared.document.id in named or near(row[1], best, limits)]
        return tuple(Candidate(r.prepared.document.id, score, quotations(query, question, r, windows, 1)) for r, score, windows in out[:_MOST_ENDED])

    def _listed(self, query: Query, question: Folded, ordered: Ordered, found: list[Found], limit: int) -> tuple[Candidate, ...]:
        """List documents in force: those that were read in their order, then the rest by the index."""
        search = self._settings.search
        listed: list[Candidate] = []
        for reading, score, windows in zip(ordered.readings, ordered.scores.tolist(), ordered.window_scores, strict=True):
            if reading.prepared.document.in_force:
                quoted = search.quotations if len(listed) < search.quoted_documents else 0
                evidence = quotations(query, question, reading, windows, quoted) if quoted else ()
                listed.append(Candidate(reading.prepared.document.id, score, evidence))
        read_ids = {reading.prepared.document.id for reading in ordered.readings}
        floor = min(ordered.scores.tolist(), default=0.0)
        for hit in found[search.documents :]:
            document = self.collection.document(hit.document_id)
            if document is not None and document.in_force and hit.document_id not in read_ids:
                listed.append(Candidate(hit.document_id, floor - 1.0 / (1.0 + hit.score), ()))
        return tuple(listed[:limit])


def join(matches: Sequence[Match], limit: int) -> Match:
    """Join what was found for the parts of one message: the surest counts, the first documents of the other sure parts
    stand behind its first one by their scores.
    """
    ranked = sorted(matches, key=lambda match: (-_DECISIONS.index(match.decision), not match.office, -match.confidence))
    best = ranked[0]
    if not best.candidates:
        return best
    first = best.candidates[0]
    others = [match.candidates[0] for match in ranked[1:] if not match.abstained]
    behind = {first.document_id: first}
    for candidate in (*others, *best.candidates[1:]):
        behind.setdefault(candidate.document_id, replace(candidate, score=min(candidate.score, first.score)))
    del behind[first.document_id]
    return replace(best, candidates=(first, *sorted(behind.values(), key=lambda candidate: -candidate.score))[:limit])
