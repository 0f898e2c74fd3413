"""Grounds of the responder's tests: a small office's matcher, and the real data where a machine has them."""

import os
from pathlib import Path

import pytest

from responder.matching import Matcher, MatcherSettings
from tests.responder.office_documents import ROOT, office, settings


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Where the real data lies; skips when it is not on this machine."""
    path = Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared")
    if not (path / "data").is_dir():
        pytest.skip("no real data beside the project (set HUIYING_SHARED to its directory)")
    return path


@pytest.fixture(scope="session", name="settings")
def product_settings() -> MatcherSettings:
    """The settings that the product ships with."""
    return settings()


@pytest.fixture
def matcher() -> Matcher:
    """A fresh matcher over the small office's documents."""
    return office()
