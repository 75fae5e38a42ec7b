"""Customers sign in with a code."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from milepost.ground.access import codes
from milepost.ground.access.models import CustomerSession, SignIn
from milepost.ground.access.rules import code_of, spelt_code
from milepost.ground.journal.models import Entry
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)
ADA = "ada@okafor.example"


def act(at: datetime = NOW) -> Act:
    return Act.now("customer", channel="portal", now=at)


def ask(email: str = ADA, *, at: datetime = NOW, place: str = "192.0.2.1") -> int:
    return codes.ask(email, place=place, act=act(at))


def code(number: int) -> str:
    return codes.asked([number])[number].code


def refusal(number: int, typed: str, *, at: datetime = NOW) -> str:
    with pytest.raises(Refused) as refused:
        codes.sign_in(number, typed, act=act(at))
    return refused.value.refusals[0].code


@given(st.integers(0, 2**63 - 1), st.binary(min_size=1, max_size=40))
def test_a_code_has_six_digits_and_follows_from_number_and_secret(number: int, secret: bytes) -> None:
    made = code_of(number, secret)
    assert len(made) == 6
    assert made.isdecimal()
    assert made == code_of(number, secret)


def test_neighbouring_codes_are_unlike_each_other() -> None:
    assert len({code_of(number, b"secret") for number in range(1000)}) > 990
    assert code_of(1, b"secret") != code_of(1, b"another")


def test_blanks_and_dashes_between_the_digits_do_no_harm() -> None:
    assert spelt_code(" 123 456\u00a0") == spelt_code("123-456") == "123456"


@pytest.mark.django_db
class TestSigningIn:
    def test_the_code_opens_a_session_of_the_address_in_small_letters(self) -> None:
        number = ask(" Ada@Okafor.example ")
        token = codes.sign_in(number, code(number), act=act())
        assert codes.signed_in(token, now=NOW) == ADA
        assert codes.signed_in(token + "x", now=NOW) == ""
        assert codes.signed_in("", now=NOW) == ""

    def test_a_code_is_good_once(self) -> None:
        number = ask()
        codes.sign_in(number, code(number), act=act())
        assert refusal(number, code(number)) == "code_over"

    def test_a_code_is_good_for_ten_minutes(self) -> None:
        late, in_time = ask(), ask()
        assert refusal(late, code(late), at=NOW + timedelta(minutes=10)) == "code_over"
        assert codes.sign_in(in_time, code(in_time), act=act(NOW + timedelta(minutes=9, seconds=59)))

    def test_the_sixth_try_is_one_too_many_even_with_the_code(self) -> None:
        number = ask()
        wrong = f"{(int(code(number)) + 1) % 1_000_000:06}"
        assert [refusal(number, wrong) for _ in range(5)] == ["code_wrong"] * 4 + ["code_over"]
        assert refusal(number, code(number)) == "code_over"

    def test_the_fifth_try_may_still_be_right(self) -> None:
        number = ask()
        for typed in ("", "abc", "1234567", "١٢٣٤٥٦"):
            assert refusal(number, typed) == "code_wrong"
        assert codes.sign_in(number, code(number), act=act())

    def test_somebody_else_s_code_is_no_code(self) -> None:
        mine, theirs = ask(), ask("bruno@keller.example")
        assert code(mine) != code(theirs)
        assert refusal(mine, code(theirs)) == "code_wrong"
        assert refusal(10**12, code(mine)) == "code_over"

    def test_a_session_lasts_two_weeks_or_until_it_is_ended(self) -> None:
        first, second = ask(), ask()
        token, other = (codes.sign_in(number, code(number), act=act()) for number in (first, second))
        assert codes.signed_in(token, now=NOW + timedelta(days=13)) == ADA
        assert codes.signed_in(token, now=NOW + timedelta(days=14)) == ""
        codes.sign_out(token)
        assert codes.signed_in(token, now=NOW) == ""
        assert codes.signed_in(other, now=NOW) == ADA

    def test_after_five_codes_in_an_hour_an_address_gets_no_more_for_a_while(self) -> None:
        for minute in range(5):
            ask(at=NOW + timedelta(minutes=minute))
        with pytest.raises(Refused) as refused:
            ask(at=NOW + timedelta(minutes=6))
        assert refused.value.status == 429
        ask("bruno@keller.example", at=NOW + timedelta(minutes=6))
        ask(at=NOW + timedelta(minutes=61))

    def test_after_fifteen_codes_in_a_day_an_address_waits_for_the_next(self) -> None:
        for hour in range(15):
            ask(at=NOW + timedelta(hours=hour))
        with pytest.raises(Refused):
            ask(at=NOW + timedelta(hours=16))
        ask(at=NOW + timedelta(hours=24, seconds=1))

    def test_from_one_place_nobody_asks_for_many_addresses(self) -> None:
        for number in range(100):
            ask(f"n{number}@post.example")
        with pytest.raises(Refused):
            ask("n100@post.example")
        ask("n100@post.example", place="192.0.2.2")

    def test_neither_code_nor_token_is_kept_and_no_fact_knows_the_address(self) -> None:
        number = ask()
        plain = code(number)
        token = codes.sign_in(number, plain, act=act())
        kept = repr([list(SignIn.objects.values()), list(CustomerSession.objects.values())])
        facts = repr(list(Entry.objects.filter(stream="sign_in").values()))
        assert plain not in kept
        assert token not in kept
        assert "192.0.2.1" not in kept
        assert {"CodeAsked", "CustomerSignedIn"} == set(
            Entry.objects.filter(stream="sign_in").values_list("kind", flat=True)
        )
        assert ADA not in facts
        assert plain not in facts

    def test_what_was_typed_is_forgotten_after_a_while_and_sessions_live_on(self) -> None:
        number = ask()
        token = codes.sign_in(number, code(number), act=act())
        codes.forget(NOW + timedelta(days=1))
        assert not SignIn.objects.exists()
        assert codes.signed_in(token, now=NOW + timedelta(days=1)) == ADA
        codes.forget(NOW + timedelta(days=15))
        assert not CustomerSession.objects.exists()

    def test_asking_takes_as_many_statements_whoever_asks(self) -> None:
        counts = set()
        for email in (ADA, ADA, "stranger@nowhere.example"):
            with CaptureQueriesContext(connection) as asked:
                ask(email)
            counts.add(len(asked))
        assert len(counts) == 1

    @pytest.mark.parametrize("column", ["email", "place"])
    def test_counting_reads_an_index(self, column: str) -> None:
        rows = [
            SignIn(email=f"n{n}@post.example", place=str(n).encode(), asked_at=NOW, expires_at=NOW) for n in range(2000)
        ]
        SignIn.objects.bulk_create(rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE access_sign_in")
            counting = codes._HOW_MANY.format(of=codes._OF_EMAIL)
            cursor.execute(f"EXPLAIN {counting}", [HOUR_AGO, "sign_in", ADA, HOUR_AGO, b"7", HOUR_AGO])
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert f"access_sign_in_of_{column}" in plan, plan
