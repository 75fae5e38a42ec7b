"""What happens next and when, in one statement."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.faces.portal.outlook import Known, Outlook, outlook
from milepost.way.orders.words import State
from milepost.way.promising.words import PromiseCard
from milepost.way.tracking.words import Stage

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TODAY = date(2026, 11, 18)


def promise(days: int = 3) -> PromiseCard:
    until = NOW + timedelta(days=days)
    return PromiseCard(
        id=UUID(int=1), order_id=1, sequence=1, earliest_on=until.date(), latest_on=until.date(), latest_at=until, basis="stock",
        cause="", explanation="", made_at=NOW,
    )  # fmt: skip


def known(state: str, *parcels: Stage, **more) -> Known:
    return Known(**{"state": state, "today": TODAY, "now": NOW, "promise": promise(), "parcels": parcels, **more})


@pytest.mark.clause("INQ-4")
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (known(State.RECEIVED), Outlook.RECEIVED),
        (known(State.RECEIVED, has_hold=True), Outlook.CHECKING),
        (known(State.CONFIRMED), Outlook.PREPARING),
        (known(State.CONFIRMED, waits_for_stock=True), Outlook.WAITING_FOR_STOCK),
        (known(State.PROCESSING), Outlook.PREPARING),
        (known(State.PACKED), Outlook.PACKED),
        (known(State.SHIPPED, Stage.SHIPPED), Outlook.ON_THE_WAY),
        (known(State.PROCESSING, Stage.IN_TRANSIT, has_rest=True), Outlook.PARTLY_ON_THE_WAY),
        (known(State.IN_TRANSIT, Stage.DELIVERED, Stage.IN_TRANSIT), Outlook.PARTLY_DELIVERED),
        (known(State.OUT_FOR_DELIVERY, Stage.OUT_FOR_DELIVERY, out_on=TODAY), Outlook.TODAY),
        (known(State.OUT_FOR_DELIVERY, Stage.OUT_FOR_DELIVERY, out_on=TODAY - timedelta(days=1)), Outlook.OUT),
        (known(State.IN_TRANSIT, Stage.ATTEMPT_FAILED), Outlook.MISSED),
        (known(State.IN_TRANSIT, Stage.OUT_FOR_DELIVERY, Stage.READY_FOR_PICKUP, out_on=TODAY), Outlook.PICK_UP),
        (known(State.IN_TRANSIT, Stage.LOST), Outlook.LOST),
        (known(State.IN_TRANSIT, Stage.RETURNING), Outlook.COMING_BACK),
        (known(State.IN_TRANSIT, Stage.IN_TRANSIT, is_delayed=True), Outlook.DELAYED),
        (known(State.CONFIRMED, promise=promise(-1)), Outlook.OVERDUE),
        (known(State.DELIVERED, Stage.DELIVERED, promise=promise(-1)), Outlook.DELIVERED),
        (known(State.COMPLETED, Stage.DELIVERED), Outlook.OVER),
        (known(State.CLOSED, Stage.DELIVERED), Outlook.OVER),
        (known(State.CANCELLED, is_delayed=True), Outlook.CANCELLED),
    ],
    ids=lambda one: one.value if isinstance(one, Outlook) else one.state,
)
def test_the_first_sentence_says_what_matters_most(facts: Known, said: Outlook):
    assert outlook(facts) == said


@given(
    st.builds(
        Known, state=st.sampled_from(list(State)), today=st.just(TODAY), now=st.just(NOW),
        promise=st.none() | st.integers(-9, 9).map(promise), parcels=st.lists(st.sampled_from(list(Stage)), max_size=4),
        out_on=st.none() | st.just(TODAY), has_hold=st.booleans(), waits_for_stock=st.booleans(), is_delayed=st.booleans(),
        has_rest=st.booleans(),
    )
)  # fmt: skip
def test_there_is_always_something_to_say_and_an_end_is_never_called_anything_else(facts: Known):
    said = outlook(facts)
    assert isinstance(said, Outlook)
    assert (said == Outlook.CANCELLED) == (facts.state == State.CANCELLED)
    assert (said == Outlook.DELIVERED) == (facts.state == State.DELIVERED)
