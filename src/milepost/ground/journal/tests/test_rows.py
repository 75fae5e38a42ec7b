"""What an act only adds waits for the next statement, and nothing can tell the difference."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from milepost.ground import journal
from milepost.ground.access.models import LinkGeneration

pytestmark = pytest.mark.django_db

ADD = """
INSERT INTO access_link_generation (order_id, purpose, generation)
SELECT * FROM unnest(%b::bigint[], %b::text[], %b::int[]) AS given
"""
ADD_ONCE = ADD + "ON CONFLICT DO NOTHING"
RAISE = """
UPDATE access_link_generation g SET generation = g.generation + by.number
FROM unnest(%b::bigint[], %b::int[]) AS by(order_id, number) WHERE g.order_id = by.order_id
"""
ADD_ONE = (
    "INSERT INTO access_link_generation (order_id, purpose, generation) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
)


def add(*order_ids: int) -> None:
    journal.write(ADD, [(order_id, "track", 1) for order_id in order_ids])


def add_and_fail(*order_ids: int) -> None:
    add(*order_ids)
    raise ZeroDivisionError


def add_one_by_one(*order_ids: int) -> None:
    for order_id in order_ids:
        add(order_id)
    stored()


def stored() -> set[int]:
    return set(LinkGeneration.objects.values_list("order_id", flat=True))


def test_few_rows_of_several_writes_travel_in_one_statement(django_assert_num_queries) -> None:
    with transaction.atomic(), django_assert_num_queries(1), journal.rows.gathering():
        add(1)
        add(2, 3)
        add(4)
    assert stored() == {1, 2, 3, 4}


def test_many_rows_travel_by_themselves_after_what_waits(django_assert_num_queries) -> None:
    with transaction.atomic(), django_assert_num_queries(2), journal.rows.gathering():
        add(1)
        add(*range(2, 100))
    assert stored() == set(range(1, 100))


def test_a_read_sees_what_waits() -> None:
    with journal.together():
        add(1)
        assert stored() == {1}
        add(2)
        assert stored() == {1, 2}


def test_outside_a_transaction_of_a_command_a_write_is_done_at_once() -> None:
    add(1)
    assert stored() == {1}


def test_what_waits_is_gone_with_its_transaction() -> None:
    with pytest.raises(ZeroDivisionError), journal.together():
        add_and_fail(1)
    assert stored() == set()


def test_a_savepoint_takes_back_its_own_and_no_more() -> None:
    with journal.together():
        add(1)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            add_and_fail(2)
        add(3)
    assert stored() == {1, 3}


def test_a_write_that_the_database_refuses_leaves_nothing_of_the_command() -> None:
    with pytest.raises(IntegrityError), journal.together():
        add_one_by_one(1, 2, 1)
    assert stored() == set()


def test_a_refused_write_inside_a_savepoint_can_be_survived() -> None:
    with journal.together():
        add(1)
        with pytest.raises(IntegrityError), transaction.atomic():
            add_one_by_one(1)
        add(2)
    assert stored() == {1, 2}


def test_the_same_row_twice_in_one_statement_is_written_once_where_that_is_allowed() -> None:
    with journal.together():
        journal.write(ADD_ONCE, [(1, "track", 1)])
        journal.write(ADD_ONCE, [(1, "track", 2)])
    assert LinkGeneration.objects.count() == 1


def test_a_row_may_be_added_and_changed_twice_and_every_change_counts() -> None:
    with journal.together():
        add(1)
        journal.write(RAISE, [(1, 10)])
        journal.write(RAISE, [(1, 100)])
    assert LinkGeneration.objects.get().generation == 111


def test_a_count_and_returned_rows_are_those_of_the_statement_itself() -> None:
    with journal.together():
        add(1, 2, 3)
        assert journal.written(ADD_ONE, [4, "track", 1]) == 1
        add(5)
        assert journal.written(ADD_ONE, [4, "track", 1]) == 0
        add(6)
        assert journal.returned(f"{ADD} RETURNING order_id", [(7, "track", 1)]) == [(7,)]
    assert stored() == {1, 2, 3, 4, 5, 6, 7}


def test_numbers_of_every_size_are_one_kind_of_parameter() -> None:
    """Else PostgreSQL would prepare the statement anew for each size of each number."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    for turn, number in enumerate((1, 40_000, 2**40)):
        journal.write(ADD, [(number, f"p{turn}", 1)])
        journal.write(ADD, [(number, f"q{turn}", 1)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%access_link_generation%'")
        assert cursor.fetchone()[0] <= 1


def test_too_large_a_number_is_refused() -> None:
    with pytest.raises(DataError), journal.together():
        journal.write(ADD, [(1, "track", 2**40)])
