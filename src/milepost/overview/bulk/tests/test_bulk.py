"""One verb for many rows: tried, carried out in sets, stopped, resumed after a kill."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from milepost.ground.access import commands as access
from milepost.ground.arrivals import queries as arrived
from milepost.ground.duties.models import Duty
from milepost.ground.journal.models import Entry
from milepost.ground.notices.models import Notice
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.overview.bulk import commands, ports, queries, rules
from milepost.overview.bulk.effects import WOULD_GO
from milepost.overview.bulk.models import Row
from milepost.overview.bulk.words import MOST_FAILURES, RunCard, Standing, State, Wish
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Packing, Shipping
from milepost.way.intake import opened
from milepost.way.intake.tests.test_mail import NEW_ADDRESS, arrives, mail
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as order_reads
from milepost.way.orders.models import Order
from milepost.way.orders.words import State as Stage
from tests import cast

NOW = datetime(2026, 11, 16, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def omar() -> Act:
    """Order management."""
    number = access.join(email="omar@milepost.example", name="Omar", roles=["order_management"], act=cast.SHOP)
    return Act.now(f"staff:{number}", channel="desk", now=NOW)


@pytest.fixture
def many(db: None) -> list[int]:
    """Seven orders, confirmed at once; the second is held by hand and the third cancelled."""
    cast.stocked(1000)
    made = cast.ordered(*[cast.draft() for _ in range(7)])
    orders.cancel([made[2]], reason_code="other", act=cast.OMAR)
    return made


@pytest.fixture
def small_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets of two rows, so that a few orders are several sets."""
    monkeypatch.setattr(commands, "IN_A_SET", 2)


def prepared(keys: list[int], act: Act, verb: str = "cancel", **values: str) -> int:
    said = values or {"reason_code": "customer_request"}
    return commands.prepare(Wish(listing="orders", verb=verb, keys=references(keys), values=said), act=act)


def references(keys: list[int]) -> list[str]:
    found = order_reads.contacts(keys)
    return [found[key].reference for key in keys]


def worked(run_id: int, *, most: int = 50) -> RunCard:
    """The worker goes round until nothing is at work."""
    for _ in range(most):
        if not commands.work(NOW):
            break
    return card(run_id)


def card(run_id: int) -> RunCard:
    found = queries.run(run_id)
    assert found is not None
    return found


def states(keys: list[int]) -> list[str]:
    found = dict(Order.objects.filter(id__in=keys).values_list("id", "state"))
    return [found[key] for key in keys]


def test_what_it_would_do_is_told_before_anything_is_done(many: list[int], omar: Act, small_sets: None) -> None:
    before, written = states(many), (Entry.objects.exclude(stream="bulk").count(), Notice.objects.count())
    run = worked(prepared(many, omar))
    assert (run.state, run.total, run.tried, run.would, run.refused, run.done) == (State.TRIED, 7, 7, 6, 1, 0)
    assert states(many) == before
    assert (Entry.objects.exclude(stream="bulk").count(), Notice.objects.count()) == written
    [reason] = queries.reasons(run.id)
    assert (reason.code, reason.count, reason.rows[0].key) == ("not_now", 1, str(many[2]))
    assert "cancelled" in reason.rows[0].says
    told = {(one.template, one.audience): one.number for one in run.telling}
    assert told["cancellation", "customer"] == 6
    assert run.facts["OrderCancelled"] == 6


def test_once_started_it_does_what_it_said_and_no_more(many: list[int], omar: Act, small_sets: None) -> None:
    run = worked(prepared(many, omar))
    foretold = {(one.template, one.audience, one.channel): one.number for one in run.telling}
    commands.start(run.id, act=omar)
    run = worked(run.id)
    assert (run.state, run.done, run.refused) == (State.DONE, 6, 1)
    assert states(many) == [Stage.CANCELLED] * 7
    planned = Notice.objects.filter(planned_at=NOW, state__in=WOULD_GO).values_list("template", "audience", "channel")
    assert Counter(planned) == foretold != {}
    kinds = Entry.objects.filter(stream="bulk", stream_id=run.id).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["BulkPrepared", "BulkStarted", "BulkEnded"]
    last = Entry.objects.filter(stream="order", stream_id=many[0], kind="OrderCancelled").get()
    assert (last.actor, last.channel) == (omar.actor, "desk")


def test_what_changed_between_the_look_and_the_deed_is_refused_then(many: list[int], omar: Act) -> None:
    run = worked(prepared(many, omar))
    orders.cancel([many[0]], reason_code="other", act=cast.OMAR)
    commands.start(run.id, act=omar)
    run = worked(run.id)
    assert (run.done, run.refused, run.would) == (5, 2, 6)
    assert [row.key for row in queries.rows(run.id, [Standing.REFUSED])] == [str(many[0]), str(many[2])]


@pytest.mark.clause("OPS-1")
def test_a_worker_that_is_killed_within_a_set_leaves_nothing_half_done_and_nothing_is_done_twice(
    many: list[int], omar: Act, small_sets: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = worked(prepared(many, omar))
    commands.start(run.id, act=omar)
    commands.work(NOW)
    note = commands._note

    def killed(*given: Any) -> None:
        note(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "_note", killed)
    with pytest.raises(KeyboardInterrupt):
        commands.work(NOW)
    assert card(run.id).done == 2
    assert states(many).count(Stage.CANCELLED) == 3
    monkeypatch.setattr(commands, "_note", note)
    assert worked(run.id).done == 6
    done = Entry.objects.filter(kind="OrderCancelled", stream="order", stream_id__in=many)
    assert done.count() == 7
    assert Notice.objects.filter(template="cancellation", audience="customer", channel="email").count() == 7


def test_a_set_that_fails_again_and_again_by_an_error_of_ours_breaks_the_run_off(
    many: list[int], omar: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = worked(prepared(many, omar))
    commands.start(run.id, act=omar)

    def wrong(*given: Any, **named: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(commands, "carry", wrong)
    for _ in range(MOST_FAILURES):
        with pytest.raises(ZeroDivisionError):
            commands.work(NOW)
    run = worked(run.id)
    assert (run.state, run.done) == (State.BROKEN, 0)
    assert "error of ours" in run.because


def test_it_can_be_stopped_and_what_is_done_stays_done(many: list[int], omar: Act, small_sets: None) -> None:
    run = worked(prepared(many, omar))
    commands.start(run.id, act=omar)
    commands.work(NOW)
    commands.stop(run.id, act=omar)
    run = worked(run.id)
    assert (run.state, run.done) == (State.STOPPED, 2)
    assert states(many).count(Stage.CANCELLED) == 3
    with pytest.raises(Refused) as refused:
        commands.start(run.id, act=omar)
    assert refused.value.refusals[0].code == "not_now"


@pytest.mark.clause("ROL-1")
def test_only_who_has_looked_at_it_starts_it(many: list[int], omar: Act) -> None:
    run = worked(prepared(many, omar))
    with pytest.raises(Refused, match="Somebody else"):
        commands.start(run.id, act=cast.OMAR)
    assert card(run.id).state == State.TRIED


@pytest.mark.clause("ROL-1")
def test_who_loses_the_permission_meanwhile_has_nothing_more_done(many: list[int], omar: Act, small_sets: None) -> None:
    run = worked(prepared(many, omar))
    commands.start(run.id, act=omar)
    commands.work(NOW)
    access.set_roles(int(omar.actor.partition(":")[2]), ["auditor"], act=cast.SHOP)
    run = worked(run.id)
    assert (run.state, run.done) == (State.STOPPED, 2)
    assert "may no longer" in run.because


def test_a_short_run_is_done_at_once_and_a_long_one_left_to_the_worker(
    many: list[int], omar: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = prepared(many, omar)
    commands.carry_on(run_id, now=lambda: NOW)
    assert card(run_id).state == State.TRIED
    monkeypatch.setattr(commands, "AT_ONCE", 3)
    run_id = prepared(many, omar)
    commands.carry_on(run_id, now=lambda: NOW)
    assert (card(run_id).state, card(run_id).tried) == (State.TRYING, 0)


def test_all_that_match_a_search_are_gathered_page_by_page(
    many: list[int], omar: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(listing: str, search: Mapping[str, str], after: str) -> ports.Picked:
        assert (listing, search) == ("orders", {"q": "ada"})
        at = int(after or 0)
        return ports.Picked(references(many[at : at + 3]), str(at + 3) if at + 3 < len(many) else "")

    monkeypatch.setattr(ports, "read", read)
    wish = Wish(listing="orders", verb="cancel", search={"q": "ada"}, values={"reason_code": "other"})
    run_id = commands.prepare(wish, act=omar)
    assert card(run_id).state == State.GATHERING
    run = worked(run_id)
    assert (run.state, run.total, run.would) == (State.TRIED, 7, 6)


@pytest.mark.parametrize(("most", "matching", "says"), [(2, 7, "More than"), (50, 0, "No row is chosen")])
def test_too_many_and_none_at_all_are_refused(
    most: int, matching: int, says: str, many: list[int], omar: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "MOST_ROWS", most)
    monkeypatch.setattr(ports, "read", lambda *given: ports.Picked(references(many[:matching]), ""))
    wish = Wish(listing="orders", verb="cancel", search={}, values={"reason_code": "other"})
    run = worked(commands.prepare(wish, act=omar))
    assert (run.state, run.tried) == (State.STOPPED, 0)
    assert says in run.because
    with pytest.raises(Refused, match=says):
        prepared(many[:matching], omar)


def test_what_is_no_verb_of_the_list_or_lacks_its_reason_is_refused(many: list[int], omar: Act) -> None:
    for verb, values, code in (("eat", {"reason": "x"}, "no_verb"), ("hold", {"reason": ""}, "not_said")):
        with pytest.raises(Refused) as refused:
            prepared(many, omar, verb, **values)
        assert refused.value.refusals[0].code == code


def test_keys_that_are_none_of_ours_are_passed_over_and_none_counts_twice(many: list[int], omar: Act) -> None:
    wish = Wish(
        listing="orders", verb="cancel", keys=[*references(many[:1]), "x'; --", "99", "", *references(many[:1])],
        values={"reason_code": "other"},
    )  # fmt: skip
    assert card(commands.prepare(wish, act=omar)).total == 1


def test_holding_and_releasing_many(many: list[int], omar: Act) -> None:
    run = worked(prepared(many, omar, "hold", reason="The catalogue had the wrong price"))
    assert (run.would, run.refused) == (6, 1)
    commands.start(run.id, act=omar)
    worked(run.id)
    again = worked(prepared(many, omar, "hold", reason="Again"))
    assert (again.would, again.refused) == (0, 7)
    assert {reason.code for reason in queries.reasons(again.id)} == {"held_already", "not_now"}
    run = worked(prepared(many, omar, "release", kind="manual", outcome="The price is right"))
    commands.start(run.id, act=omar)
    assert worked(run.id).done == 6


def test_a_command_that_names_whom_it_refuses_need_not_be_asked_again_and_again(many: list[int], omar: Act) -> None:
    femi = access.join(email="femi@milepost.example", name="Femi", roles=["fulfilment"], act=cast.SHOP)
    act = Act.now(f"staff:{femi}", channel="desk", now=NOW)
    run = worked(prepared(many, act, "pick", note="-"))
    assert (run.would, run.refused) == (6, 1)
    [reason] = queries.reasons(run.id)
    assert reason.rows[0].label in reason.rows[0].says


def test_the_duties_of_many_orders_are_taken_and_handed_over(many: list[int], omar: Act) -> None:
    mine = Duty.objects.filter(order_id__in=many, closed_at=None)
    run = worked(prepared(many, omar, "hand_over", role="logistics"))
    commands.start(run.id, act=omar)
    run = worked(run.id)
    assert run.done == len(set(mine.values_list("order_id", flat=True))) > 0
    assert set(mine.values_list("role", flat=True)) == {"logistics"}
    assert worked(prepared(many, omar, "take", note="-")).would == 0


def test_a_refusal_that_points_nowhere_is_looked_for_in_halves() -> None:
    no = Refusal(code="no", says="No.")
    assert rules.told_apart(["a", "b"], [no]) == {}
    assert rules.told_apart(["a", "b"], [no.at(index=1)]) == {"b": no.at(index=1)}
    assert rules.told_apart(["a", "b"], [no.at(index=2)]) == {}
    assert rules.halves(["a", "b", "c"]) == (["a"], ["b", "c"])


def test_old_runs_are_forgotten(many: list[int], omar: Act) -> None:
    run_id = prepared(many, omar)
    assert commands.forget(NOW) == 0
    assert commands.forget(datetime(2027, 1, 1, tzinfo=UTC)) == 1
    assert queries.run(run_id) is None


def test_each_step_takes_as_many_statements_however_many_rows_a_set_has(
    many: list[int], omar: Act, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    counts = []
    for keys in (many[3:4], many[4:]):
        run = worked(prepared(keys, omar))
        commands.start(run.id, act=omar)
        with django_assert_max_num_queries(200) as asked:
            worked(run.id)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2
    assert connection.vendor == "postgresql"


def test_messages_that_failed_are_sent_again_and_others_are_refused(many: list[int]) -> None:
    mona = access.join(email="mona@milepost.example", name="Mona", roles=["customer_service"], act=cast.SHOP)
    act = Act.now(f"staff:{mona}", channel="desk", now=NOW)
    failed, planned = Notice.objects.filter(channel="email", state="planned").order_by("id")[:2]
    Notice.objects.filter(id=failed.id).update(state="failed", reason="failed", due_at=None)
    wish = Wish(listing="messages", verb="send_again", keys=[str(failed.id), str(planned.id), "no-id"])
    run = worked(commands.prepare(wish, act=act))
    assert (run.total, run.would, run.refused) == (2, 1, 1)
    commands.start(run.id, act=act)
    assert worked(run.id).done == 1
    assert Notice.objects.get(id=failed.id).state == "planned"


def test_packed_shipments_are_handed_over_and_what_has_left_is_refused(many: list[int]) -> None:
    femi = access.join(email="femi@milepost.example", name="Femi", roles=["fulfilment"], act=cast.SHOP)
    act = Act.now(f"staff:{femi}", channel="desk", now=NOW)
    fulfilment.pack([Packing(order_id=one) for one in many[3:6]], act=act)
    gone, *packed = [shipments.shipments_of([one])[one][0].id for one in many[3:6]]
    fulfilment.ship([Shipping(order_id=many[3], shipment_id=gone)], act=act)
    wish = Wish(
        listing="shipments", verb="ship", keys=[str(gone), *map(str, packed), "7777", "none"], values={"carrier": "own"}
    )
    run = worked(commands.prepare(wish, act=act))
    assert (run.total, run.would, run.refused) == (3, 2, 1)
    assert {one.state for one in shipments.these(packed)} == {"packed"}
    commands.start(run.id, act=act)
    assert worked(run.id).done == 2
    assert [[parcel.carrier for parcel in one.parcels] for one in shipments.these(packed)] == [["own"], ["own"]]
    assert {one.state for one in shipments.these(packed)} == {"shipped"}


def test_requests_that_are_no_orders_are_discarded_at_once(many: list[int], omar: Act) -> None:
    for number in range(3):
        arrives(mail(f"Please send some kettles, KETTLE-1, {number}." + NEW_ADDRESS), delivery_id=f"d{number}")
    asked = opened.open_requests()
    keys = [one.reference for one in asked]
    wish = Wish(
        listing="requests", verb="discard", keys=[*keys[:2], *references(many[:1]), "none"], values={"no_order": "spam"}
    )
    run = worked(commands.prepare(wish, act=omar))
    assert (run.total, run.would, run.refused) == (3, 2, 1)
    assert len(opened.open_requests()) == 3
    commands.start(run.id, act=omar)
    assert worked(run.id).done == 2
    assert [one.reference for one in opened.open_requests()] == keys[2:]
    assert Duty.objects.filter(order_id__in=[one.order_id for one in asked[:2]], closed_at=None).count() == 0
    assert {row.state for row in arrived.arrivals(source="email")} == {"ignored", "open"}


def test_the_next_rows_and_the_pages_of_a_long_run_are_read_from_an_index(many: list[int], omar: Act) -> None:
    run_id = prepared(many, omar)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO bulk_row (run_id, place, key, label, standing, code, says, "do")'
            " SELECT %s, 100 + g, 'k' || g, 'l', CASE WHEN g < 19000 THEN 'done' ELSE 'would' END, '', '', ''"
            " FROM generate_series(1, 20000) AS g",
            [run_id],
        )
        cursor.execute("ANALYZE bulk_row")
    next_rows = Row.objects.filter(run=run_id, standing=Standing.WOULD).order_by("place")[:50]
    page = Row.objects.filter(run_id=run_id, standing__in=list(Standing), place__gt=9000).order_by("place")[:100]
    for rows in (next_rows, page):
        plan = rows.explain()
        assert "Index Scan" in plan or "Index Only Scan" in plan
        assert "Seq Scan" not in plan
        assert "Sort" not in plan
