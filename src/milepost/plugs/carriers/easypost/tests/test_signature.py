"""Signatures of EasyPost: its published vector, and what must not pass."""

import json
import os
import unicodedata
from pathlib import Path

import pytest

from milepost.plugs.carriers.easypost import EasyPost
from milepost.plugs.carriers.easypost.signature import check, signature

SHARED = (
    Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[7] / "shared" / "data") / "easypost_examples"
)
BODY = b'{"description":"tracker.updated"}'
SECRET = "sécret"
with_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")


@with_data
def test_the_published_vector_is_valid_and_one_byte_more_is_not() -> None:
    vector = json.loads((SHARED / "webhook-signature-vector.json").read_text(encoding="utf-8"))
    body = (SHARED / vector["body_file"]).read_bytes().rstrip(b"\n")
    headers = {vector["header"]: vector["hmac_signature"]}
    assert check(headers, body, vector["secret"]) is None
    assert check(headers, body + b"\n", vector["secret"]) is not None


def test_a_secret_is_the_same_composed_or_not() -> None:
    composed, taken_apart = (unicodedata.normalize(form, SECRET) for form in ("NFC", "NFD"))
    assert composed != taken_apart
    assert signature(BODY, composed) == signature(BODY, taken_apart)


@pytest.mark.parametrize("name", ["X-Hmac-Signature", "x-hmac-signature", "X_HMAC_SIGNATURE"])
def test_the_headers_name_knows_no_case(name: str) -> None:
    assert check({name: signature(BODY, SECRET)}, BODY, SECRET) is None


@pytest.mark.parametrize(
    ("headers", "secret", "code"),
    [
        ({}, SECRET, "unsigned"),
        ({"X-Hmac-Signature": ""}, SECRET, "bad_signature"),
        ({"X-Hmac-Signature": "hmac-sha256-hex="}, SECRET, "bad_signature"),
        ({"X-Hmac-Signature": "é\udcff"}, SECRET, "bad_signature"),
        ({"X-Hmac-Signature": signature(BODY, "other")}, SECRET, "bad_signature"),
        ({"X-Hmac-Signature": signature(BODY, SECRET).removeprefix("hmac-sha256-hex=")}, SECRET, "bad_signature"),
        ({"X-Hmac-Signature": signature(BODY + b" ", SECRET)}, SECRET, "bad_signature"),
        ({"X-Hmac-Signature": signature(BODY, "")}, "", "no_secret"),
    ],
)
def test_what_is_not_signed_with_the_secret_is_refused(headers: dict[str, str], secret: str, code: str) -> None:
    refusal = EasyPost(secret=secret).check(headers, BODY)
    assert refusal is not None
    assert refusal.code == code
