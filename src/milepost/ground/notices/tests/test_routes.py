"""Which of several senders gets a message, and how each does."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from milepost.ground.notices import routes
from milepost.ground.notices.routes import Wish
from milepost.ground.notices.words import Health, Result, SenderState
from milepost.ground.procedures.words import SendingPolicy

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
ONE, TWO = SenderState(name="one"), SenderState(name="two")


def policy(**changes: object) -> SendingPolicy:
    usual: dict[str, object] = {
        "ladder_minutes": (1, 5), "asking_minutes": 60, "window_minutes": 5, "least": 5, "down_percent": 50, "probes": 4,
        "up_percent": 75, "rest_minutes": 1, "longest_rest_minutes": 8,
    }  # fmt: skip
    return SendingPolicy(**(usual | changes))


def seen(state: SenderState, results: str, *, minute: int = 0) -> SenderState:
    """s sent, d deferred, x refused for good, u unknown."""
    kinds = {"s": Result.SENT, "d": Result.DEFERRED, "x": Result.REFUSED, "u": Result.UNKNOWN}
    return routes.observed(state, [kinds[one] for one in results], policy=policy(), now=NOW + timedelta(minutes=minute))


def share(states: list[SenderState], **weights: int) -> Counter[str | None]:
    wishes = [Wish(UUID(int=number), number) for number in range(1, 2001)]
    return Counter(routes.routed(wishes, states, policy=policy(weights=weights)).values())


def test_a_sender_rests_when_half_of_its_attempts_go_wrong_and_not_before():
    assert seen(ONE, "sssdd").health == Health.UP
    assert seen(ONE, "dddd").health == Health.UP  # four tell too little
    assert seen(ONE, "ssddd").health == Health.DOWN


def test_what_is_refused_for_good_is_the_fault_of_no_sender():
    assert seen(ONE, "xxxxxxxxxx").health == Health.UP


def test_only_the_last_minutes_count():
    state = seen(seen(ONE, "dd"), "dds", minute=6)
    assert (state.health, len(state.tallies)) == (Health.UP, 1)
    assert seen(seen(ONE, "dd"), "dds", minute=4).health == Health.DOWN


def test_after_its_rest_it_is_tried_and_comes_back_only_when_it_does_clearly_better():
    down = seen(ONE, "ddddd")
    assert routes.as_of(down, policy=policy(), now=NOW + timedelta(seconds=59)).health == Health.DOWN
    trying = routes.as_of(down, policy=policy(), now=NOW + timedelta(minutes=1))
    assert trying.health == Health.TRYING
    assert seen(trying, "sss", minute=1).health == Health.TRYING
    assert seen(trying, "sssd", minute=1).health == Health.UP
    assert seen(trying, "ssdd", minute=1).health == Health.DOWN  # half was enough to stay, and is not to come back


def test_each_rest_in_a_row_is_twice_as_long_up_to_the_longest():
    state, rests = seen(ONE, "ddddd"), []
    for _ in range(6):
        until = routes.rests_until(state, policy=policy())
        assert until is not None
        assert state.since is not None
        rests.append(int((until - state.since).total_seconds() // 60))
        state = routes.observed(
            routes.as_of(state, policy=policy(), now=until), [Result.DEFERRED] * 4, policy=policy(), now=until
        )
    assert rests == [1, 2, 4, 8, 8, 8]


def test_messages_are_shared_by_weight_and_an_order_keeps_its_way():
    even = share([ONE, TWO])
    assert 900 < even["one"] < 1100
    uneven = share([ONE, TWO], one=80, two=20)
    assert 1500 < uneven["one"] < 1700
    assert share([ONE, TWO], two=0) == {"one": 2000}
    wishes = [Wish(UUID(int=number), 7) for number in range(1, 50)]
    assert len(set(routes.routed(wishes, [ONE, TWO], policy=policy()).values())) == 1


def test_what_went_wrong_with_one_is_tried_with_another():
    wishes = [Wish(UUID(int=number), number, former="one") for number in range(1, 50)]
    assert set(routes.routed(wishes, [ONE, TWO], policy=policy()).values()) == {"two"}
    assert set(routes.routed(wishes, [ONE], policy=policy()).values()) == {"one"}


def test_while_one_rests_the_other_takes_all_even_with_no_weight():
    down = SenderState(name="one", health=Health.DOWN, since=NOW)
    assert share([down, TWO], two=0) == {"two": 2000}
    assert share([down, SenderState(name="two", health=Health.DOWN, since=NOW)]) == {None: 2000}


def test_a_few_messages_find_out_whether_it_is_back():
    trying = SenderState(name="one", health=Health.TRYING, since=NOW)
    assert share([trying, TWO]) == {"one": 4, "two": 1996}


def test_a_single_sender_gets_everything_whatever_it_does():
    assert share([SenderState(name="one", health=Health.DOWN, since=NOW)]) == {"one": 2000}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"up_percent": 50}, "do better to come back"),
        ({"least": 0}, "more than zero"),
        ({"down_percent": 0}, "between 1 and 100"),
        ({"longest_rest_minutes": 0}, "no shorter"),
        ({"weights": {"one": -1}}, "zero or more"),
    ],
)
def test_a_procedure_that_makes_no_sense_is_refused(wrong: dict[str, object], says: str):
    with pytest.raises(ValueError, match=says):
        policy(**wrong)
