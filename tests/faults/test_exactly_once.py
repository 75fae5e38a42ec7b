"""Orders are placed while web and worker are killed: none twice, none lost, each repetition answered byte for byte.

The same run, longer and with PostgreSQL killed as well, is `python -m bench.exactly_once`.
"""

import pytest

from bench.exactly_once import Wanted, run


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.clause("REC-2")
@pytest.mark.clause("ACK-1")
def test_under_fire_every_order_is_placed_once_and_every_repetition_answered_alike(fresh_database: str):
    ran = run(
        Wanted(placements=400, kills=8, reused=0.05, hung_up=0.05, batch=10, workers=1, seed=5),
        database_url=fresh_database,
    )
    assert ran.faults == []
    assert ran.placed == 400
    assert sum(ran.kills.values()) >= 8
    assert ran.met["no answer"] > 0, "the kills missed the work"
    assert ran.replays > 0
    assert ran.refused > 0
