"""A line is short: the customer is offered alternatives by mail and chooses, waits, cancels, or says nothing (STK-2, EXC-5)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from milepost.config import errands
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as messages
from milepost.ground.notices.words import LetterCard
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.overview.records import queries as records
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.reactions.letters import compose
from milepost.way.cases import commands as cases
from milepost.way.cases import queries as offers
from milepost.way.cases.words import Choice, Closed, LineChoice, OfferAnswer, OfferState
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Packing, Shipping
from milepost.way.orders import commands as amending
from milepost.way.orders import queries as orders
from milepost.way.orders.words import Amendment, Change, State
from milepost.way.promising import queries as promises
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels
from milepost.way.stock.words import Arrival, StockReceipt, SupplyDraft
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
GREEN, GOLD = "MUG-GREEN", "MUG-GOLD"
DUE = date(2026, 11, 30)


class Clock:
    """Time passes when the test says so; the worker looks at everything whenever it does."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller, self.now = traveller, cast.MONDAY

    def act(self, actor: str = "staff:3", channel: str = "desk") -> Act:
        return Act.now(actor, channel=channel, now=self.now)

    def passes(self, **time: int) -> None:
        self.now += timedelta(**time)
        self.traveller.move_to(self.now, tick=False)
        self.work()

    def work(self) -> None:
        worker = self.act("system:clock", "worker")
        while cases.lapse_offers(act=worker) or cases.tidy_offers(act=worker) or errands.free_reservations(self.now):
            pass
        sender = MailboxSender(
            keep=notices.keep_in_mailbox, which=messages.kept_in_mailbox, clock=lambda: self.now, sent_from="shop@example.org"
        )  # fmt: skip
        while notices.send_due(now=self.now, sender=sender, compose=compose).total:
            pass


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(cast.MONDAY, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def items(clock: Clock) -> dict[str, int]:
    """Kettles are there, blue mugs are not; green and golden ones may stand in for them, and one is much dearer."""
    items = cast.catalogue()
    drafts = [
        ItemDraft(code=GREEN, name="Mug, green", unit="piece", price=Decimal("8.90"), currency="EUR"),
        ItemDraft(code=GOLD, name="Mug, golden", unit="piece", price=Decimal("99.00"), currency="EUR"),
    ]
    items |= dict(zip((GREEN, GOLD), catalog.list_items(drafts, act=cast.SHOP), strict=True))
    catalog.replace(cast.MUG, [GOLD, GREEN])
    bring(items, cast.KETTLE, 5)
    bring(items, GREEN, 10)
    bring(items, GOLD, 10)
    return items


def bring(items: dict[str, int], code: str, quantity: int, act: Act = cast.SHOP) -> None:
    stock.receive_stock([StockReceipt(item_id=items[code], location="MAIN", quantity=Decimal(quantity))], act=act)


@pytest.fixture
def order_id(clock: Clock, items: dict[str, int]) -> int:
    (order_id,) = cast.ordered()
    clock.work()
    return order_id


def mails(order_id: int) -> list[str]:
    return [card.template for card in messages.notices_of(order_id) if card.state == "sent" and card.channel == "email"]


def mail(order_id: int, template: str) -> LetterCard:
    card = next(c for c in messages.notices_of(order_id) if c.template == template and c.state == "sent")
    letter = messages.letter(card.id)
    assert letter, card.trace
    return letter


def page_in(letter: LetterCard) -> str:
    (address, *_) = re.findall(rf"{settings.SITE_URL}(/t/alternatives/[\w.~-]+/)", letter.text)
    return str(address)


def choose(where: str, choice: str, position: int = 2):
    return Client().post(where, {f"line_{position}": choice}, follow=True)


def state(order_id: int) -> str:
    return orders.states([order_id])[order_id]


def offer(order_id: int):
    return offers.latest_offers([order_id])[order_id]


def open_duties(order_id: int) -> set[str]:
    return {duty.kind for duty in duties.duties_of(order_id) if duty.closed_at is None}


def lines(order_id: int) -> dict[str, tuple[Decimal, bool]]:
    return {line.code: (line.quantity, line.cancelled) for line in orders.card(order_id).lines}


def ship(order_id: int, clock: Clock) -> None:
    fulfilment.pack([Packing(order_id=order_id)], act=clock.act())
    fulfilment.ship([Shipping(order_id=order_id)], act=clock.act())
    clock.passes(minutes=5)


def books_agree() -> None:
    assert records.audit(cast.MONDAY) == []
    assert list(journal.breaks()) == []


@pytest.mark.clause("STK-2")
@pytest.mark.clause("EXC-5")
@pytest.mark.clause("NTF-3")
def test_the_customer_takes_the_substitute_on_the_page_and_gets_it(
    clock: Clock, items: dict[str, int], order_id: int
) -> None:
    letter = mail(order_id, "backorder_notice")
    for words in (
        "Mug, blue",
        "our supplier has given us no date yet",
        "Mug, green",
        "0.40 EUR more",
        "19 November 2026",
    ):
        assert words in letter.text
        assert words in letter.html
    assert "Mug, golden" not in letter.text, "it costs more than the policy allows"
    assert levels.availability([items[GREEN]])[items[GREEN]].free == 8, "two are kept aside"
    assert "decide_alternatives" in open_duties(order_id)

    page = choose(page_in(letter), f"item:{items[GREEN]}")
    assert "You get Mug, green instead, at 8.90 EUR" in page.text
    assert lines(order_id) == {cast.KETTLE: (1, False), GREEN: (2, False)}
    assert orders.card(order_id).total == Decimal("39.90") + 2 * Decimal("8.90") + Decimal("4.90")
    assert levels.of_lines([order_id])[order_id][2].allocated == 2
    assert levels.availability([items[GREEN]])[items[GREEN]].free == 8
    assert open_duties(order_id) == {"pick"}
    clock.work()
    summary = mail(order_id, "amended_order")
    assert "Mug, green" in summary.text
    assert "62.60 EUR" in summary.text
    assert "choice_noted" not in mails(order_id), "the summary tells it"
    ship(order_id, clock)
    assert state(order_id) == State.SHIPPED
    assert mails(order_id)[-1] == "shipment_notice"
    books_agree()


@pytest.mark.clause("STK-2")
def test_the_customer_waits_and_everything_is_sent_together_when_it_is_here(
    clock: Clock, items: dict[str, int], order_id: int
) -> None:
    (supply,) = stock.expect_supply(
        [SupplyDraft(item_id=items[cast.MUG], location="MAIN", quantity=Decimal(5), due_on=DUE, reference="S-1")],
        act=clock.act(),
    )
    page = choose(page_in(mail(order_id, "backorder_notice")), "wait")
    assert "We wait for it and send everything together." in page.text
    assert "30 Nov" in page.text
    assert promises.standing([order_id])[order_id].now.latest_on > DUE
    assert open_duties(order_id) == {"restock"}
    clock.work()
    assert "30 November 2026" in mail(order_id, "choice_noted").text
    with pytest.raises(Refused, match="all of the order together"):
        fulfilment.pack([Packing(order_id=order_id)], act=clock.act())
    clock.passes(days=9)
    stock.arrive([Arrival(supply_id=supply)], act=clock.act())
    clock.work()
    assert "everything in your order" in mail(order_id, "stock_arrived").text
    assert open_duties(order_id) == {"pick"}
    ship(order_id, clock)
    assert state(order_id) == State.SHIPPED
    books_agree()


@pytest.mark.clause("STK-2")
def test_the_customer_cancels_the_line_and_pays_for_the_rest(
    clock: Clock, items: dict[str, int], order_id: int
) -> None:
    assert "It is cancelled." in choose(page_in(mail(order_id, "backorder_notice")), "cancel").text
    assert lines(order_id)[cast.MUG] == (2, True)
    assert orders.card(order_id).total == Decimal("44.80")
    clock.work()
    assert "44.80 EUR" in mail(order_id, "amended_order").text
    ship(order_id, clock)
    assert state(order_id) == State.SHIPPED
    books_agree()


def test_who_cancels_all_that_was_ordered_cancels_the_order(clock: Clock, items: dict[str, int]) -> None:
    (order_id,) = cast.ordered(cast.draft(lines=cast.draft().lines[1:]))
    clock.work()
    choose(page_in(mail(order_id, "backorder_notice")), "cancel", position=1)
    assert state(order_id) == State.CANCELLED
    clock.work()
    assert "cancellation" in mails(order_id)
    assert open_duties(order_id) == set()


@pytest.mark.clause("STK-2")
@pytest.mark.clause("EXC-5")
def test_silence_until_the_deadline_does_what_was_stated_and_says_so(
    clock: Clock, items: dict[str, int], order_id: int
) -> None:
    where = page_in(mail(order_id, "backorder_notice"))
    assert "If we do not hear from you by then, we keep the order together" in mail(order_id, "backorder_notice").text
    clock.passes(days=3, hours=13)
    assert offer(order_id).state is OfferState.OPEN, "Thursday, 23:00 in Berlin"
    clock.passes(hours=1)
    assert offer(order_id).state is OfferState.LAPSED
    assert "We have not heard from you" in mail(order_id, "choice_noted").text
    assert levels.availability([items[GREEN]])[items[GREEN]].free == 10, "nothing is kept aside any more"
    late = choose(where, f"item:{items[GREEN]}")
    assert late.status_code == 409
    assert "The time to choose is over" in late.text
    assert lines(order_id)[cast.MUG] == (2, False)
    assert "decide_alternatives" not in open_duties(order_id)
    books_agree()


@pytest.mark.clause("STK-2")
@pytest.mark.clause("TRK-3")
def test_the_rest_is_sent_now_and_each_letter_tells_of_what_is_in_its_shipment(
    clock: Clock, items: dict[str, int], order_id: int
) -> None:
    choose(page_in(mail(order_id, "backorder_notice")), "ship_rest")
    assert "pick" in open_duties(order_id)
    ship(order_id, clock)
    first = mail(order_id, "shipment_notice")
    assert first.subject.startswith("Part of your order")
    shipped, _, rest = first.text.partition("Still to come")
    assert "1 × Kettle" in shipped
    assert "Mug, blue" not in shipped
    assert "2 × Mug, blue" in rest
    assert state(order_id) not in (State.SHIPPED, State.CANCELLED)
    assert {"restock", "pack"} <= open_duties(order_id)
    clock.passes(days=4)
    bring(items, cast.MUG, 2, clock.act())
    ship(order_id, clock)
    assert state(order_id) == State.SHIPPED
    second = [messages.letter(card.id) for card in messages.notices_of(order_id) if card.template == "shipment_notice"]
    last = next(letter for letter in second if not letter.subject.startswith("Part"))
    assert "2 × Mug, blue" in last.text
    assert "Kettle" not in last.text
    books_agree()


def test_what_was_to_follow_can_be_cancelled_and_the_order_is_shipped(
    clock: Clock, items: dict[str, int], order_id: int
) -> None:
    choose(page_in(mail(order_id, "backorder_notice")), "ship_rest")
    ship(order_id, clock)
    amending.amend([Amendment(order_id=order_id, changes=(Change("lines.2.cancelled", True),))], act=clock.act())
    assert state(order_id) == State.SHIPPED
    assert open_duties(order_id) == {"watch_delivery"}
    books_agree()


@pytest.mark.clause("STK-2")
def test_when_the_stock_comes_first_the_offer_closes_itself_and_the_customer_hears_the_truth(
    clock: Clock, items: dict[str, int], order_id: int
) -> None:
    where = page_in(mail(order_id, "backorder_notice"))
    clock.passes(hours=5)
    bring(items, cast.MUG, 2, clock.act())
    clock.work()
    assert (offer(order_id).state, offer(order_id).closed_because) == (OfferState.CLOSED, Closed.STOCK_CAME)
    assert "stock_arrived" in mails(order_id)
    assert "what was missing has come in" in Client().get(where).text
    answer = choose(where, "cancel")
    assert answer.status_code == 409
    assert lines(order_id)[cast.MUG] == (2, False)
    assert levels.availability([items[GREEN]])[items[GREEN]].free == 10
    assert open_duties(order_id) == {"pick"}
    books_agree()


def test_the_answer_by_phone_says_who_and_when(clock: Clock, items: dict[str, int], order_id: int) -> None:
    said_at: datetime = clock.now
    cases.accept(
        [
            OfferAnswer(
                order_id=order_id, offer_id=offer(order_id).id, choices={2: LineChoice(choice=Choice.CANCEL)},
                said_by="Ada Okafor", said_at=said_at,
            )
        ],
        act=clock.act("staff:4", "phone"),
    )  # fmt: skip
    found = offer(order_id)
    assert (found.actor, found.channel, found.said_by, found.said_at) == ("staff:4", "phone", "Ada Okafor", said_at)
