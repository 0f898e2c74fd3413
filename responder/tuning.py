"""The matcher's settings, read from responder.toml and terms.toml of the directory that it is given."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from responder.confidence import CONFIDENCE_FEATURES, Thresholds
from responder.duties import Duties, duties
from responder.evidence import WINDOW_FEATURES
from responder.follow_rules import FollowRules, follow_rules
from responder.ordering import ORDER_FEATURES
from responder.question_rules import QuestionRules, question_rules
from responder.terms import Kind, TermRules, Unit
from responder.windows import Floats


class SettingsError(ValueError):
    """A settings file is missing, is not TOML, or lacks something; the message says which file and what."""


@dataclass(frozen=True)
class SearchSettings:
    """BM25's k1 and b; documents that the rarity of a term is smoothed with (so that small collections are not odd);
    how many documents are read, how many of their windows are aligned for the first `closely` and for the others;
    quotations a document, and for how many documents.
    """

    k1: float = 1.2
    b: float = 0.75
    background: int = 0
    documents: int = 10
    windows: int = 12
    far_windows: int = 4
    closely: int = 5
    quotations: int = 3
    quoted_documents: int = 3
    cached_documents: int = 4_096


@dataclass(frozen=True)
class Weights:
    """Learned weights in the order of the feature names of evidence, ordering and confidence."""

    windows: Floats
    order: Floats
    confidence: Floats
    intercept: float


@dataclass(frozen=True)
class MatcherSettings:
    """All that a Matcher needs beside documents."""

    rules: TermRules
    search: SearchSettings
    thresholds: Thresholds
    weights: Weights
    questions: QuestionRules = field(default_factory=QuestionRules)
    duties: Duties = field(default_factory=Duties)
    following: FollowRules = field(default_factory=FollowRules)


def load_settings(config_dir: Path) -> MatcherSettings:
    """Read the settings of a directory; raises SettingsError."""
    responder = _toml(config_dir / "responder.toml")
    terms = _toml(config_dir / "terms.toml")
    try:
        return MatcherSettings(
            rules=term_rules(terms),
            search=SearchSettings(**responder["search"]),
            thresholds=Thresholds(**responder["thresholds"]),
            weights=weights(responder["learned"]),
            questions=question_rules(_toml(config_dir / "questions.toml")),
            duties=duties(_toml(config_dir / "offices.toml"), _toml(config_dir / "taxonomy.toml"), _toml(config_dir / "places.toml")),
            following=follow_rules(_toml(config_dir / "follow_ups.toml")),
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise SettingsError(f"{config_dir}: {type(error).__name__}: {error}") from error


def _toml(path: Path) -> dict[str, Any]:
    """Parse one file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error


def term_rules(table: Mapping[str, Any]) -> TermRules:
    """Make the rules for cutting questions of a parsed terms.toml."""
    return TermRules(
        question_words=tuple(table.get("question_words", ())),
        function_words=tuple(table.get("function_words", ())),
        domain_words=tuple(table.get("domain_words", ())),
        synonyms=tuple(tuple(group) for group in table.get("synonyms", ())),
        regions=tuple(table.get("regions", ())),
        personal=tuple(table.get("personal", ())),
        units=tuple(Unit(re.compile(unit["ask"]), re.compile(unit["answer"])) for unit in table.get("units", ())),
        kinds=tuple(Kind(kind["name"], re.compile(kind["ask"]), re.compile(kind["answer"]), bool(kind.get("short", False))) for kind in table.get("kinds", ())),
    )


def weights(table: Mapping[str, Any]) -> Weights:
    """Make the weights of the parsed table; every feature must have exactly one."""
    return Weights(
        windows=_vector(table["windows"], WINDOW_FEATURES),
        order=_vector(table["order"], ORDER_FEATURES),
        confidence=_vector(table["confidence"], CONFIDENCE_FEATURES),
        intercept=float(table["intercept"]),
    )


def _vector(table: Mapping[str, float], names: Sequence[str]) -> Floats:
    """Weights in the order of the features' names."""
    if set(table) != set(names):
        raise ValueError(f"weights do not fit the features: {', '.join(sorted(set(table) ^ set(names)))}")
    return np.array([float(table[name]) for name in names])
