"""The desk over a small bureau, on either database."""

import pytest
from flask import Flask

from board.app import create_app
from tests.bureau import Bureau, bureau

__all__ = ["bureau"]


@pytest.fixture
def app(bureau: Bureau) -> Flask:
    """The application of the bureau."""
    made = create_app(bureau.office)
    made.testing = True
    return made
