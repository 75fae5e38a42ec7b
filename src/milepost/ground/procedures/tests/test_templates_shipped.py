"""Letters that ship with the house."""

import re
from pathlib import Path

import pytest

from milepost.ground.procedures.rules import compile_mjml

FOLDER = Path(__file__).parent.parent / "defaults" / "templates"
LETTERS = sorted(path.parent.name for path in FOLDER.glob("*/body.mjml"))


@pytest.mark.clause("NTF-3")
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_fetches_nothing_from_anybody(letter: str) -> None:
    html = compile_mjml((FOLDER / letter / "body.mjml").read_text())
    fetched = re.findall(r"""(?:src=|url\(|@import|<link[^>]*href=)["'(\s]*(https?://[^"')\s]+)""", html)
    assert fetched == []


def test_there_are_letters_to_look_at() -> None:
    assert {"receipt_note", "acknowledgement", "delivery_confirmation"} <= set(LETTERS)
