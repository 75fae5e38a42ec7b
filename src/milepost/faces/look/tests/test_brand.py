"""The brand's name, colours and logo from the settings, on the portal, the shop and the sign-in page."""

from pathlib import Path

import pytest
from django.test import Client

from milepost.config import branding
from milepost.config.environment import Misunderstood
from milepost.faces.look import colours
from milepost.faces.look.colours import Palette, Unreadable, contrast
from milepost.faces.look.tests.test_look import DARK, LIGHT

PAGES = ("/accounts/login/", "/track/", "/shop/sign-in/", "/t/nonsense/")


@pytest.mark.parametrize("said", ["#c2185b", "#0b5c66", "#b00020", "#000", "#1565cf"])
def test_what_is_written_in_a_brands_colour_can_be_read_in_light_and_dark(said: str) -> None:
    palette = Palette.of(said)
    for accent, behind in ((palette.accent, colours.LIGHT), (palette.accent_dark, colours.DARK)):
        assert all(contrast(accent, one) >= 4.5 for one in behind.values())
    assert f"--accent:{palette.accent};" in palette.css
    assert "prefers-color-scheme:dark" in palette.css


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("#ffcc00", "its contrast is 1.4, and 4.5 is needed. Take #"),
        ("red", "'red' is no colour"),
        ("#12345", "is no colour"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_at_the_start_with_one_that_would_do(
    said: str, why: str, monkeypatch
) -> None:
    monkeypatch.setenv("MILEPOST_BRAND_ACCENT", said)
    with pytest.raises(Misunderstood, match=why):
        branding.palette()
    with pytest.raises(Unreadable):
        Palette.of("#0b5c66", "#0b5c66")


def test_the_colour_that_is_offered_instead_would_do(monkeypatch) -> None:
    with pytest.raises(Unreadable) as refused:
        Palette.of("#ffcc00")
    Palette.of(str(refused.value).split("Take ")[1][:7])


def test_what_stands_behind_text_is_what_the_style_sheet_says() -> None:
    for known, theme in ((colours.LIGHT, LIGHT), (colours.DARK, DARK)):
        assert known == {name: theme[name] for name in known}


@pytest.mark.django_db
def test_name_colours_and_logo_are_on_every_page_that_strangers_see(settings, tmp_path: Path) -> None:
    logo = tmp_path / "acme.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    settings.BRAND, settings.BRAND_PALETTE, settings.BRAND_LOGO = "Acme & Sons", Palette.of("#c2185b"), logo
    for page in PAGES:
        text = Client().get(page).text
        assert "Acme &amp; Sons" in text
        assert 'href="/brand/colours.css?c2185b' in text
        assert 'src="/brand/logo?' in text
        assert 'alt="Acme &amp; Sons"' in text
    css, picture = Client().get("/brand/colours.css"), Client().get("/brand/logo")
    assert (css.headers["Content-Type"], picture.headers["Content-Type"]) == (
        "text/css; charset=utf-8",
        "image/svg+xml",
    )
    assert "immutable" in css.headers["Cache-Control"]
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert Client().get("/brand/logo", headers={"If-None-Match": picture.headers["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_without_a_brand_our_own_colours_stay_and_nothing_more_is_fetched() -> None:
    assert "/brand/" not in Client().get("/track/").text
    assert {Client().get(f"/brand/{name}").status_code for name in ("colours.css", "logo")} == {404}


@pytest.mark.parametrize(
    ("name", "why"),
    [("logo.exe", "Give a picture"), ("missing.svg", "where no file is"), ("large.png", "larger than 200 kB")],
)
def test_a_logo_that_cannot_be_served_is_told_at_the_start(name: str, why: str, tmp_path: Path, monkeypatch) -> None:
    if name == "large.png":
        (tmp_path / name).write_bytes(b"0" * 200_001)
    monkeypatch.setenv("MILEPOST_BRAND_LOGO", str(tmp_path / name))
    with pytest.raises(Misunderstood, match=why):
        branding.logo()
