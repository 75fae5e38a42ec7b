import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.ground.parties.rules import address_key, as_written, is_same_address, sms_word
from milepost.ground.parties.words import SmsWord

STOPS = (
    "STOP", "stop", " Stop. ", "STOP!", "stopall", "stop all", "Please stop", "stop texting me", "opt out", "OPT-OUT",
    "Unsubscribe", "cancel", "Cancel please", "END", "quit", "revoke", "STOP 36180", "stop\n\nSent from my phone",
    "stopp", "Bitte stopp", "Abmelden", "arrêt", "ARRET", "Désabonner", "s'il vous plaît arrêter", "baja",
    "Por favor parar", "cancelar", "dar de baja", "sair", "SAIR por favor", "afmelden", "توقف", "إيقاف", "قِف", "من فضلك توقف",
    "الغاء الاشتراك",
)  # fmt: skip
OTHERS = (
    "", "  \n ", "yes", "ok", "Cancel my order", "please cancel order 4711", "can you stop by at five", "stop the order please",
    "I will be home at 5, thanks", "when does it end?", "10115", "👍", "The bus stop is closed", "quit asking where it is, tell me",
)  # fmt: skip


@pytest.mark.clause("NTF-1")
@pytest.mark.parametrize("text", STOPS)
def test_who_says_stop_in_any_of_our_languages_is_understood(text: str):
    assert sms_word(text) is SmsWord.STOP


@pytest.mark.parametrize("text", OTHERS)
def test_what_only_holds_such_a_word_is_left_to_people(text: str):
    assert sms_word(text) is None


@pytest.mark.parametrize("text", ["START", "unstop", "Bitte anmelden", "alta", "reprendre", "اشترك"])
def test_who_says_start_wants_messages_again(text: str):
    assert sms_word(text) is SmsWord.START


@pytest.mark.parametrize("text", ["HELP", "info", "Hilfe bitte", "ayuda", "aide", "ajuda", "مساعدة"])
def test_who_says_help_asks_for_it(text: str):
    assert sms_word(text) is SmsWord.HELP


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str):
    assert sms_word(text) in {None, *SmsWord}


SAME = (
    ("sms", "+49 170 1234567", "0170/1234567"), ("sms", "0049 (170) 123-45-67", "+491701234567"),
    ("sms", "+1 212 555 0123", "(212) 555-0123"), ("phone", "1-212-555-0123", "+12125550123"),
    ("email", "Ada@Example.org ", "ada@example.org"),
)  # fmt: skip


@pytest.mark.parametrize(("channel", "one", "other"), SAME)
def test_one_address_is_known_however_it_is_written(channel: str, one: str, other: str):
    assert address_key(channel, one) == address_key(channel, other)
    assert is_same_address(channel, one, other)


def test_the_same_digits_in_another_country_are_another_number():
    assert address_key("sms", "+33 170 1234567") == address_key("sms", "+49 170 1234567")
    assert not is_same_address("sms", "+33 170 1234567", "+49 170 1234567")
    assert as_written("sms", "00 49 170 1234567") == "+491701234567"
    assert not address_key("sms", "call me")
