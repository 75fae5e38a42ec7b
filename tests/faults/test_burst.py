"""Providers that misbehave in every way and workers that are killed: no message is lost, none sent twice."""

import pytest

from bench.burst import Wanted, run

FAULTS = (
    "late=0.2,late_seconds=0.2,silent=0.05,deaf=0.03,overdue=0.03,overdue_seconds=2.5,nonsense=0.04,partly=0.03,refused=0.005,"
    "bursts=0.2,burst_seconds=0.5"
)
SILENCES = {"silent", "deaf", "overdue", "nonsense", "partly"}


@pytest.mark.fault
@pytest.mark.clause("NTF-1")
def test_a_burst_through_two_faulty_providers_and_killed_workers_loses_nothing_and_sends_nothing_twice(
    fresh_database: str,
):
    ran = run(fresh_database, Wanted(notices=1200, kill_every=1.5, seed=3, seconds=150, faults=FAULTS))
    assert ran.faults == []
    assert ran.kills > 0
    assert len(SILENCES & ran.met.keys()) >= 2, "the faults missed the work"
    assert max(ran.accepted.values()) == 1
    assert len(ran.accepted) == ran.states["sent"]
