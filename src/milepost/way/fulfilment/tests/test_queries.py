"""Parcels are found by an index, however many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.way.fulfilment import queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "named", [{"numbers": ["JD1", "JD2"]}, {"parcel_ids": [1, 2]}, {"numbers": ["JD1"], "parcel_ids": [1]}]
)
def test_parcels_are_found_by_number_or_id_without_reading_the_others(named) -> None:
    with CaptureQueriesContext(connection) as asked:
        queries.parcels_named(**named)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + asked.captured_queries[0]["sql"].replace("%", "%%"))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert ("fulfilment_parcel_tracking" in plan) == ("numbers" in named)
