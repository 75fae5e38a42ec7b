"""What the environment says wrongly is told in a sentence before anything starts."""

import pytest

from milepost.config import descriptions, environment
from milepost.config.environment import Misunderstood
from milepost.config.main import main


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "{'mailgun': {}}",
            "MILEPOST_MAIL_SENDERS is not JSON: Expecting property name enclosed in double quotes at character 2",
        ),
        ('["mailgun"]', "MILEPOST_MAIL_SENDERS must be an object in braces"),
    ],
)
def test_a_description_that_is_none_says_where_and_what_to_write(said: str, told: str, monkeypatch):
    monkeypatch.setenv("MILEPOST_MAIL_SENDERS", said)
    with pytest.raises(Misunderstood, match=told):
        environment.described("MILEPOST_MAIL_SENDERS")


def test_a_number_is_whole_and_has_a_default(monkeypatch):
    assert environment.number("MILEPOST_SMTP_CONNECTIONS", 8) == 8
    monkeypatch.setenv("MILEPOST_SMTP_CONNECTIONS", " 12 ")
    assert environment.number("MILEPOST_SMTP_CONNECTIONS", 8) == 12
    monkeypatch.setenv("MILEPOST_SMTP_CONNECTIONS", "many")
    with pytest.raises(Misunderstood, match=r"says 'many'\. Give a whole number, such as 8"):
        environment.number("MILEPOST_SMTP_CONNECTIONS", 8)


def test_a_list_has_no_blanks_and_no_empty_places(monkeypatch):
    monkeypatch.setenv("MILEPOST_SIMULATED_CARRIERS", " dhl, ups,,")
    assert environment.listed("MILEPOST_SIMULATED_CARRIERS") == ["dhl", "ups"]


def test_providers_that_cannot_be_meant_are_told_before_anything_waits_for_them(settings):
    settings.MAIL_SENDERS = {"pigeon": {}}
    with pytest.raises(Misunderstood, match="names pigeon; known are"):
        descriptions.understood()
    settings.MAIL_SENDERS, settings.SMS_HTTP = {}, {"name": "acme"}
    with pytest.raises(
        Misunderstood, match="MILEPOST_SMS_HTTP is not enough, or too much: a provider is described by name"
    ):
        descriptions.understood()


def test_the_command_says_it_in_one_line_and_stops(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "eighty")
    assert main(["up"]) == 1
    assert capsys.readouterr().err == "PORT says 'eighty'. Give a whole number, such as 8000.\n"
