"""The whole interface against its own description (schemathesis): no fault of ours, no answer that is not described. Few examples a day, many at night."""

import os

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_headers_conformance, response_schema_conformance, status_code_conformance

from board.clock import now
from board.staff import api_keys
from board.staff.api_keys import Scope, Wanted
from tests.bureau import Bureau

NIGHTLY = bool(os.environ.get("HUIYING_NIGHTLY"))
EXAMPLES = 200 if NIGHTLY else 4
STEPS = 10
#: what is looked at; bodies that the description calls good may be refused by rules of the office (only a report is never public), and the reverse
CHECKED = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]


@pytest.fixture
def keyed(bureau: Bureau) -> dict[str, str]:
    """A key that may do everything."""
    with bureau.office.work.transaction() as session:
        _, token = api_keys.create(session, bureau.actors["admin"], Wanted("试验", list(Scope)), now())
    return {"Authorization": f"Bearer {token}"}


def test_every_answer_is_described(app: Flask, keyed: dict[str, str]) -> None:
    seen = 0
    for found in schemathesis.openapi.from_wsgi("/api/openapi.json", app).get_all_operations():
        step, seen = found.ok(), seen + 1

        @hypothesis.settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=not NIGHTLY, suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(case=step.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE) | step.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
        def asked(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={**keyed, "Accept-Encoding": "identity"}, checks=CHECKED)

        asked()
    assert seen >= STEPS - 1
