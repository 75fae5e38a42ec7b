"""The living page of the design system: every component stands there, with figures that hold."""

from pathlib import Path

import pytest
from django.test import Client

from milepost.faces import look
from milepost.faces.desk import tokens
from milepost.faces.desk.tests.conftest import SignedIn

pytestmark = pytest.mark.django_db
FOLDER = Path(look.__file__).parent / "templates" / "look"
FRAMES = {"frame.html", "plain.html", "refused.html"}
"""Whole pages rather than pieces of one."""


def test_every_component_is_shown_by_its_own_template(mona: Client) -> None:
    answer = mona.get("/desk/look/")
    shown = {template.name for template in answer.templates if template.name}
    missing = {path.name for path in FOLDER.glob("*.html")} - FRAMES - {name.removeprefix("look/") for name in shown}
    assert missing == set(), "show these on /desk/look/ (desk/components.html)"


def test_whatever_is_written_can_be_read_in_light_and_in_dark() -> None:
    assert [pair for pair in tokens.pairs() if not pair.is_good] == []
    light, dark = tokens.schemes()
    assert set(dark) <= set(light)


@pytest.mark.clause("ROL-1")
def test_the_office_sees_it_and_drivers_do_not(signed_in: SignedIn) -> None:
    assert signed_in("auditor").get("/desk/look/").status_code == 200
    assert signed_in("driver", name="Dora").get("/desk/look/").status_code == 403


def test_fields_are_shown_with_what_is_wrong_with_them(mona: Client) -> None:
    page = mona.get("/desk/look/").text
    assert 'aria-invalid="true"' in page
    assert "This field is required." in page


def test_every_token_is_shown_in_light_and_in_dark(mona: Client) -> None:
    page = mona.get("/desk/look/").text
    light, dark = tokens.schemes()
    for name, colour in light.items():
        assert f"<code>--{name}</code>" in page
        assert f"<code>{colour}</code>" in page
        assert f"<code>{dark.get(name, colour)}</code>" in page
    assert len(light) > 15
