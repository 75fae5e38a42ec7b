"""Holds that take two people: one proposes their release, another of the approver's role approves it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from milepost.ground.access import commands as access
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.intake.words import LineDraft
from milepost.way.orders import commands, queries
from milepost.way.orders.words import Amendment, Change, HoldCard, HoldKind, State
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("VER-3"), pytest.mark.clause("VER-4")]

LATER = cast.MONDAY + timedelta(hours=2)


def somebody(name: str, *roles: str) -> Act:
    staff_id = access.join(email=f"{name}@milepost.example", name=name.title(), roles=roles, act=cast.OMAR)
    return Act.now(f"staff:{staff_id}", channel="desk", now=LATER)


def dear() -> int:
    """An order of a value that one person alone does not let go."""
    cast.stocked(1000)
    lines = (LineDraft(code=cast.TEA, quantity=Decimal(2500)),)
    (order_id,) = cast.ordered(cast.draft(lines=lines))
    return order_id


def release(order_id: int, act: Act) -> None:
    commands.release([order_id], kind=HoldKind.VALUE, outcome="looked at", act=act)


def refused(order_id: int, act: Act) -> tuple[str, int]:
    with pytest.raises(Refused) as error:
        release(order_id, act)
    return error.value.refusals[0].code, error.value.status


def the_hold(order_id: int) -> HoldCard:
    (found,) = queries.card(order_id).holds
    return found


def open_duties(order_id: int) -> dict[str, str]:
    return {duty.kind: duty.role for duty in duties.duties_of(order_id) if duty.is_open}


def test_an_order_of_great_value_waits_for_two_people_and_both_are_on_record() -> None:
    order_id = dear()
    omar, max_, ivo = somebody("omar", "order_management"), somebody("max", "management"), somebody("ivo", "it_support")
    assert (the_hold(order_id).kind, the_hold(order_id).approver) == ("value", "management")
    release(order_id, omar)
    assert (the_hold(order_id).released_at, the_hold(order_id).proposed_by) == (None, omar.actor)
    assert open_duties(order_id)["approve_release"] == "management"
    assert refused(order_id, omar) == ("same_person", 409)
    assert refused(order_id, ivo) == ("not_approver", 409)
    assert refused(order_id, replace(ivo, actor="key:7")) == ("not_approver", 409)
    assert queries.states([order_id]) == {order_id: State.RECEIVED}
    release(order_id, max_)
    assert queries.states([order_id]) == {order_id: State.CONFIRMED}
    assert "approve_release" not in open_duties(order_id)
    told = {t.kind: t for t in journal.story(order_id)}
    assert (told["ReleaseProposed"].actor, told["HoldReleased"].actor) == (omar.actor, max_.actor)
    assert (told["HoldReleased"].data["proposed_by"], told["OrderReviewed"].data["by"]) == (omar.actor, "staff")


def test_an_approver_alone_is_one_person_as_well() -> None:
    order_id = dear()
    max_ = somebody("max", "management")
    release(order_id, max_)
    assert refused(order_id, max_) == ("same_person", 409)
    release(order_id, somebody("ines", "management"))
    assert queries.states([order_id]) == {order_id: State.CONFIRMED}


def test_what_is_no_longer_doubtful_needs_nobody_s_word() -> None:
    order_id = dear()
    commands.amend(
        [Amendment(order_id=order_id, changes=(Change("lines.1.quantity", "10"),))], act=somebody("omar", "order_management")
    )  # fmt: skip
    assert the_hold(order_id).outcome == "settled"
    assert queries.states([order_id]) == {order_id: State.CONFIRMED}


def test_a_smaller_order_than_the_one_that_was_approved_is_not_doubted_again_but_a_greater_one_is() -> None:
    order_id = dear()
    release(order_id, somebody("omar", "order_management"))
    release(order_id, somebody("max", "management"))
    commands.amend([Amendment(order_id=order_id, changes=(Change("lines.1.quantity", "2400"),))], act=cast.OMAR)
    assert [hold.kind for hold in queries.card(order_id).holds if hold.released_at is None] == []
    commands.amend([Amendment(order_id=order_id, changes=(Change("lines.1.quantity", "2600"),))], act=cast.OMAR)
    assert [hold.kind for hold in queries.card(order_id).holds if hold.released_at is None] == ["value"]


def test_other_holds_take_one_person() -> None:
    cast.stocked()
    (order_id,) = cast.ordered(cast.draft(payment_pending=True))
    commands.release([order_id], kind=HoldKind.PAYMENT, outcome="approved", act=cast.OMAR)
    assert queries.states([order_id]) == {order_id: State.CONFIRMED}


def test_history_was_released_by_whoever_it_was() -> None:
    cast.stocked()
    past = cast.SHOP.in_the_past(cast.MONDAY - timedelta(days=300))
    (order_id,) = cast.ordered(cast.draft(payment_pending=True), act=past)
    commands.release([order_id], kind=HoldKind.PAYMENT, outcome="approved", act=past)
    assert queries.states([order_id]) == {order_id: State.CONFIRMED}


def test_a_clean_order_was_reviewed_by_the_rules_and_one_confirmed_by_hand_by_staff() -> None:
    cast.stocked()
    clean, held = cast.ordered(cast.draft(), cast.draft(payment_pending=True, customer=cast.BRUNO))
    commands.release([held], kind=HoldKind.PAYMENT, outcome="approved", act=cast.OMAR)
    by = {one: next(t.data["by"] for t in journal.story(one) if t.kind == "OrderReviewed") for one in (clean, held)}
    assert by == {clean: "rule", held: "staff"}
