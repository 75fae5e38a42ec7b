"""Pushes, alerts and what is told to one person: planned by the matrix, sent by whoever serves the channel."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import orjson
import pytest

from milepost.config import errands, wiring
from milepost.ground.access import commands as access
from milepost.ground.duties import commands as duties
from milepost.ground.duties import queries as desks
from milepost.ground.duties.words import Wanted
from milepost.ground.notices import people, queries
from milepost.ground.notices.commands import note_browser, plan, send_due
from milepost.ground.notices.models import Notice
from milepost.ground.notices.tests.acting import wanted
from milepost.ground.notices.tests.test_browsers_and_seen import DRAFT, SERVICES
from milepost.ground.notices.words import Message, Outcome, Reason, Result, State
from milepost.kernel.acts import Act
from milepost.reactions.letters import compose
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = pytest.mark.django_db
NOON = datetime.now(UTC).replace(hour=11, minute=0) + timedelta(days=1)


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def order_id() -> int:
    cast.stocked()
    return cast.ordered(act=now())[0]


class Pusher:
    """A push service that takes everything."""

    name = channel = "web_push"

    def __init__(self) -> None:
        self.got: list[Message] = []

    def send(self, messages, lanes) -> None:
        with lanes.open() as lane:
            self.got += [one for one in messages if one.reference in lane.hand_over([one.reference])]
            lane.tell({one.reference: Outcome(result=Result.SENT) for one in self.got})

    def lookup(self, references):
        return {}


def push_about(order_id: int) -> Notice:
    """A push to Ada about her order, as the matrix would have it."""
    contact = orders.contacts([order_id])[order_id]
    key = f"customer:{contact.customer_id}"
    notice = wanted(
        order_id, filed_at=contact.received_at, channel="web_push", recipient_key=key, milestone="pushed", lasting=True
    )
    plan([notice], act=now())
    return Notice.objects.get(channel="web_push")


@pytest.mark.clause("NTF-2")
def test_a_push_leads_to_the_order_in_short_words(order_id: int, settings):
    settings.VAPID_PRIVATE_KEY = "set up"
    notice, pusher = push_about(order_id), Pusher()
    note_browser(DRAFT, recipient_key=notice.recipient_key, order_id=order_id, services=SERVICES, act=now())
    assert send_due(now=NOON, sender=pusher, compose=compose).sent == 1
    (message,) = pusher.got
    reference = orders.contacts([order_id])[order_id].reference
    assert reference in message.letter.text
    assert len(message.letter.text) < 300
    assert message.letter.link.startswith(f"{settings.SITE_URL}/t/")
    assert (message.letter.address, message.letter.html) == (notice.recipient_key, "")


@pytest.mark.clause("NTF-2")
@pytest.mark.parametrize("why", ["not set up", "no browser", "a browser of another order"])
def test_where_no_browser_waits_the_next_way_of_the_matrix_is_taken_or_the_trace_says_why(
    order_id: int, settings, why: str
):
    settings.VAPID_PRIVATE_KEY = "" if why == "not set up" else "set up"
    notice, pusher = push_about(order_id), Pusher()
    if why != "no browser":
        other = order_id + 1 if why == "a browser of another order" else None
        note_browser(DRAFT, recipient_key=notice.recipient_key, order_id=other, services=SERVICES, act=now())
    assert send_due(now=NOON, sender=pusher, compose=compose).withheld == 1
    card = queries.notice(notice.id)
    assert (card.state, card.reason, pusher.got) == (State.SUPPRESSED, Reason.NOT_SET_UP, [])
    assert any("no browser of theirs takes messages" in step for step in card.trace)
    assert not [one for one in desks.duties_of(order_id) if one.is_open and one.kind == "retry_notice"]


@pytest.fixture
def chat() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A chat room of IT."""
    got: list[dict[str, str]] = []

    class Room(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(orjson.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Room)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/", got
    server.shutdown()
    server.server_close()


def something_breaks(order_id: int | None = None) -> None:
    """A duty of IT, and the look of the clock at it a moment later."""
    wanted_duty = Wanted(kind="it_repair", order_id=order_id, subject_kind="sender", subject_id="smtp")
    duties.open_duties([wanted_duty], act=now())
    duties.check_due(datetime.now(UTC) + timedelta(seconds=1))


@pytest.mark.clause("NTF-5")
@pytest.mark.clause("OPS-1")
def test_what_fails_in_the_machinery_rings_at_once_where_it_is_set_up(order_id: int, settings, chat):
    url, got = chat
    settings.STAFF_ALERTS = {"it_support": (url,)}
    wiring.other_ways.cache_clear()
    something_breaks(order_id)
    errands.send_other_ways(datetime.now(UTC) + timedelta(seconds=2))
    wiring.other_ways.cache_clear()
    (said,) = got
    reference = orders.contacts([order_id])[order_id].reference
    assert reference in said["title"]
    assert "Something in the machinery needs repair" in said["message"]
    assert f"/desk/orders/{reference}/" in said["message"]
    (alert,) = Notice.objects.filter(channel="staff_alert")
    assert (alert.state, alert.recipient_key) == (State.SENT, "role:it_support")
    assert people.unread(["role:it_support"], staff_id=1) >= 1, "and the desk's bell rings as well"


@pytest.mark.clause("NTF-5")
def test_where_no_service_is_set_up_the_desk_alone_tells_it_and_the_trace_says_why(settings):
    settings.STAFF_ALERTS = {}
    something_breaks()
    errands.send_other_ways(datetime.now(UTC) + timedelta(seconds=2))
    (alert,) = Notice.objects.filter(channel="staff_alert")
    assert (alert.state, alert.reason) == (State.SUPPRESSED, Reason.NOT_SET_UP)
    assert any("MILEPOST_ALERTS_IT_SUPPORT" in step for step in queries.notice(alert.id).trace)
    assert people.unread(["role:it_support"], staff_id=1) == 1


def test_a_rung_that_rings_nobody_is_told_on_the_desk_only(order_id: int):
    late = datetime.now(UTC) - timedelta(minutes=1)
    wanted_duty = Wanted(kind="ship", order_id=order_id, subject_kind="shipment", subject_id="1", due_at=late)
    duties.open_duties([wanted_duty], act=now())
    duties.check_due(datetime.now(UTC) + timedelta(seconds=1))
    told = Notice.objects.filter(because="DutyEscalated")
    assert {one.channel for one in told} == {"in_app"}


@pytest.mark.clause("NTF-2")
def test_who_is_given_a_duty_hears_of_it_on_their_desk(order_id: int):
    paul = access.join(email="paul@milepost.example", name="Paul", roles=["procurement"], act=now())
    duty = next(one for one in desks.duties_of(order_id) if one.is_open)
    duties.hand_over([duty.id], role="procurement", assignee=paul, act=now())
    ((card, new),) = people.told_on_desk([f"staff:{paul}"], staff_id=paul)
    assert (new, card.order_id, card.sentence.startswith(f"Duty {duty.kind} handed from")) == (True, order_id, True)
    duties.hand_over([duty.id], role="logistics", act=now())
    assert people.unread(["role:logistics"], staff_id=99) >= 1
