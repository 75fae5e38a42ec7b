"""Customers found while somebody types."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.parties import commands, queries
from milepost.ground.parties.rules import dialled
from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.acts import Act

ACT = Act.now("staff:1", channel="desk", now=datetime(2026, 11, 16, 9, tzinfo=UTC))
PEOPLE = (
    CustomerDraft(external_ref="C-1", name="Ada Okafor", email="ada@okafor.example", phone="+49 30 901820"),
    CustomerDraft(external_ref="C-2", name="Bruno Keller", email="bruno@keller.example", phone="+41 44 668 18 00"),
    CustomerDraft(name="Émile Müller", email="emile.mueller@post.example", phone="(030) 4428-117"),
    CustomerDraft(name="Harriet O’Neill", phone="+44 (0)20 7946 0958"),
    CustomerDraft(name="Chiara Conti", email="chiara@conti.example", phone="+39 02 7740 4343"),
)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+49 30 901820", "30901820"), ("0049 30 901820", "30901820"), ("030/90 18-20", "30901820"), ("901820", "901820"),
        ("+44 (0)20 7946", "207946"), ("+39 02 7740", "27740"), ("+1 503-823", "503823"), ("+49 3", ""), ("123", ""),
        ("Ada 901820", ""), ("", ""), ("+", ""), ("0000", ""), ("+999 123456", "999123456"),
    ],
)  # fmt: skip
def test_a_number_is_the_same_from_wherever_it_is_dialled(text: str, digits: str) -> None:
    assert dialled(text) == digits


def found(text: str) -> list[str]:
    return [card.name for card in queries.look_up(text)]


@pytest.fixture
def people(db: None) -> None:
    commands.register(PEOPLE, act=ACT)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("+49 30 901820", "Ada Okafor"), ("030 9018", "Ada Okafor"), ("004930901820", "Ada Okafor"), ("1820", "Ada Okafor"),
        ("+49 30 4428117", "Émile Müller"), ("020 7946", "Harriet O’Neill"), ("044 6681800", "Bruno Keller"),
        ("027740", "Chiara Conti"), ("C-2", "Bruno Keller"),
    ],
)  # fmt: skip
def test_a_caller_is_found_by_any_part_of_their_number_however_it_is_written(
    people: None, text: str, name: str
) -> None:
    assert found(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("oka", "Ada Okafor"), ("okafor ada", "Ada Okafor"), ("emile", "Émile Müller"), ("muller", "Émile Müller"),
        ("bruno@kel", "Bruno Keller"), ("o'neill", "Harriet O’Neill"), ("mueller", "Émile Müller"),
        ("ada okaphor", "Ada Okafor"), ("chiarra contti", "Chiara Conti"), ("Kelller", "Bruno Keller"),
    ],
)  # fmt: skip
def test_a_caller_is_found_by_words_of_name_and_address_typos_forgiven(people: None, text: str, name: str) -> None:
    assert found(text) == [name]


@pytest.mark.parametrize("text", ["", "x", "nobody", "0711 5555", "%", "_", "@", "%%", "+"])
def test_who_is_not_on_record_is_not_found(people: None, text: str) -> None:
    assert found(text) == []


def test_all_customers_of_an_address_are_found_whatever_its_case(people: None) -> None:
    commands.register([CustomerDraft(external_ref="C-9", name="Ada’s office", email="ADA@okafor.example")], act=ACT)
    assert [card.name for card in queries.with_email(" Ada@Okafor.example")] == ["Ada Okafor", "Ada’s office"]
    assert queries.with_email("") == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["okafor 123", "okafro 123", "030 90123"], ids=["words", "typos", "number"])
def test_looking_up_reads_the_index_of_words(text: str) -> None:
    commands.register(
        [CustomerDraft(external_ref=f"N-{n}", name=f"Okafor {n}", phone=f"+49 30 90{n:04}") for n in range(2000)],
        act=ACT,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE parties_customer")
    with CaptureQueriesContext(connection) as asked:
        assert queries.look_up(text)
    statements = [one["sql"] for one in asked.captured_queries if "milepost_" in one["sql"]]
    assert len(statements) == (2 if "okafro" in text else 1)
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "parties_customer_words" in plan, plan
