"""Signatures, answers and addresses of webhooks out: pure."""

import base64
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from milepost.ground.procedures import defaults
from milepost.ground.webhooks import rules
from milepost.ground.webhooks.words import Answer, EndpointDraft, State

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[6] / "shared" / "data")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENDPOINT = UUID("0195f5a0-0000-7000-8000-000000000001")
BOOK = defaults.book().webhooks


@pytest.mark.skipif(not (SHARED / "webhook_vectors").exists(), reason="the shared data is not there")
def test_our_signature_is_that_of_the_specification_s_vectors() -> None:
    cases = json.loads((SHARED / "webhook_vectors" / "vectors.json").read_text("utf-8"))
    cases = cases if isinstance(cases, list) else cases.get("cases", cases.get("vectors"))
    seen = 0
    for case in cases:
        headers = {name.lower(): value for name, value in case.get("headers", {}).items()}
        if "standard" not in case["scheme"] or not case["valid"] or "webhook-id" not in headers:
            continue
        key = base64.b64decode(case["secret"].removeprefix(rules.MARK))
        made = rules.signature(
            [key],
            event_id=headers["webhook-id"],
            timestamp=int(headers["webhook-timestamp"]),
            body=case["body"].encode(),
        )
        seen += 1
        assert made in headers["webhook-signature"].split(" ")
    assert seen


def test_while_a_secret_is_exchanged_both_sign() -> None:
    both = [rules.secret(b"key", ENDPOINT, generation) for generation in (2, 1)]
    signed = rules.signature(both, event_id="e", timestamp=1, body=b"{}").split(" ")
    alone = [rules.signature([one], event_id="e", timestamp=1, body=b"{}") for one in both]
    assert signed == alone
    assert len(set(signed)) == 2


def test_no_two_endpoints_or_generations_share_a_secret() -> None:
    other = UUID(int=ENDPOINT.int + 1)
    made = {rules.spelt(rules.secret(b"key", one, generation)) for one in (ENDPOINT, other) for generation in (1, 2)}
    assert len(made) == 4
    assert all(len(base64.b64decode(one.removeprefix("whsec_"))) == 32 for one in made)


def test_the_previous_sequence_joins_the_event_without_changing_it() -> None:
    told = json.loads(rules.with_previous(b'{"id":"M1.3","sequence":"3"}', 2))
    assert told == {"id": "M1.3", "sequence": "3", "previoussequence": "2"}


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_2xx_is_a_receipt(status: int) -> None:
    assert rules.after(Answer(status=status), failures=3, rules=BOOK, now=NOW).state is State.DELIVERED


@pytest.mark.parametrize("status", [None, 100, 301, 302, 307, 308, 400, 401, 404, 408, 422, 429, 500, 503])
def test_everything_else_is_tried_again_redirects_too(status: int | None) -> None:
    verdict = rules.after(Answer(status=status), failures=0, rules=BOOK, now=NOW)
    assert verdict.state is State.DUE
    assert verdict.due_at is not None
    assert verdict.due_at > NOW


def test_410_ends_the_subscription() -> None:
    verdict = rules.after(Answer(status=410), failures=0, rules=BOOK, now=NOW)
    assert (verdict.state, verdict.gone) == (State.DROPPED, True)


def test_the_ladder_goes_on_for_days_and_then_it_is_up_to_a_person() -> None:
    at, failures, waits = NOW, 0, []
    while (verdict := rules.after(Answer(status=500), failures=failures, rules=BOOK, now=at)).state is State.DUE:
        assert verdict.due_at is not None
        waits.append(verdict.due_at - at)
        at, failures = verdict.due_at, verdict.failures
    assert verdict.state is State.FAILED
    assert at - NOW > timedelta(days=3)
    assert waits == sorted(waits)


@given(seconds=some.integers(0, 10**9), failures=some.integers(0, 8))
def test_patience_that_was_asked_for_is_had_but_no_longer_than_a_day(seconds: int, failures: int) -> None:
    answer = Answer(status=503, wait=timedelta(seconds=seconds))
    verdict = rules.after(answer, failures=failures, rules=BOOK, now=NOW)
    assert verdict.due_at is not None
    assert verdict.due_at - NOW >= min(timedelta(seconds=seconds), timedelta(days=1))
    assert verdict.due_at - NOW <= timedelta(days=1)


@pytest.mark.parametrize(
    ("url", "types", "codes"),
    [
        ("https://peer.example/hook", ("order.shipped",), []),
        ("https://peer.example/hook", ("*",), []),
        ("http://10.0.0.5:8080/hook", ("*",), []),
        ("http://peer.example/hook", ("*",), ["bad_address"]),
        ("https://me:word@peer.example/", ("*",), ["bad_address"]),
        ("ftp://peer.example/", ("*",), ["bad_address"]),
        ("https:///hook", ("*",), ["bad_address"]),
        ("https://[::1", ("*",), ["bad_address"]),
        ("https://peer.example/", ("order.eaten",), ["unknown_type"]),
        ("https://peer.example/", (), ["unknown_type"]),
    ],
)
def test_addresses_and_types_are_looked_at(url: str, types: tuple[str, ...], codes: list[str]) -> None:
    draft = EndpointDraft(url=url, name="", types=types)
    found = rules.refusals(draft, known=["order.shipped"], trusted=["10.0.0.5:8080"])
    assert [one.code for one in found] == codes


def test_the_ladder_of_the_procedure_must_rise() -> None:
    with pytest.raises(ValueError, match="rise"):
        replace(BOOK, ladder_minutes=tuple(reversed(BOOK.ladder_minutes)))
