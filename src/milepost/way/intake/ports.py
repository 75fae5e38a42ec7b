"""What intake needs from outside: somebody who reads the forms in which orders arrive, and answers in them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from milepost.ground.catalog.words import ItemCard
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake.reading import Asking, Known, MailReading, MailWords
from milepost.way.intake.words import AS_IT_STANDS, Address, Answer, FormColumn, Layout, OrderResponse, OrderSheet


class OrderReader(Protocol):
    """Reads one form of order requests. Pure: no database, no network, no clock."""

    name: str
    content_type: str

    def knows(self, body: bytes) -> bool:
        """Whether `body` is of this form by its looks."""

    def columns(self) -> Sequence[FormColumn]:
        """What may stand in the form, for people who fill it in; nothing for forms that machines write."""

    def read(self, body: bytes, layout: Layout = AS_IT_STANDS) -> OrderSheet:
        """The order requests in `body`, and a refusal for everything that makes no sense. Never raises for what it was sent."""


class Answerer(Protocol):
    """Answers documents of one form in that form. Pure; the numbers of what leaves us are given to it."""

    name: str

    def acknowledge(
        self, body: bytes, *, number: int, at: datetime, asked: bool = False, reused: bool = False
    ) -> Answer | None:
        """Whether the document could be read, told as the form tells it; None where the form has no such answer, or none is
        expected unless `asked`. `reused`: its number was that of another document before."""

    def respond(self, original: bytes, response: OrderResponse, *, number: int, at: datetime) -> Answer | None:
        """What became of the order; `original` is the part of the document that it came from."""


_readers: dict[str, OrderReader] = {}
_answerers: dict[str, Answerer] = {}


def use(reader: OrderReader) -> None:
    """Have `reader` read what arrives under its name; `config/wiring` calls this at start. The first that knows a body reads it."""
    _readers[reader.name] = reader


def answer_with(answerer: Answerer) -> None:
    """Have `answerer` answer documents of its form; `config/wiring` calls this at start."""
    _answerers[answerer.name] = answerer


def reader(name: str) -> OrderReader:
    """The reader of that name. Refuses `unknown_form` (415)."""
    try:
        return _readers[name]
    except KeyError:
        raise Refused(
            Refusal(
                code="unknown_form",
                says="Orders cannot be read from {name} files here.",
                do="Possible now: {known}.",
                status=415,
                values={"name": name, "known": ", ".join(sorted(_readers)) or "none"},
            )
        ) from None


def reader_of(body: bytes) -> OrderReader | None:
    """The reader of the form that a body is of by its looks, whatever its name or announced type; None for what nobody knows."""
    return next((one for one in _readers.values() if one.knows(body)), None)


def answerer(name: str) -> Answerer | None:
    """Who answers documents of that form, if anybody does."""
    return _answerers.get(name)


class LockOrders(Protocol):
    """Locks orders, as every verb does that works on one, before anything else of them is locked."""

    def __call__(self, order_ids: Sequence[int]) -> None:
        """Lock the rows of these orders until the transaction ends."""


_lock_orders: LockOrders | None = None


def lock_orders_by(lock: LockOrders) -> None:
    """Have `lock` lock orders; `config/wiring` calls this at start."""
    global _lock_orders
    _lock_orders = lock


def lock_orders(order_ids: Sequence[int]) -> None:
    """Lock orders before their requests and findings, so that an answer and an amendment never wait for each other in a ring."""
    if _lock_orders is None:
        raise RuntimeError("nobody was named who locks orders")
    _lock_orders(order_ids)


class OpenTotals(Protocol):
    """Knows what open orders come to."""

    def __call__(
        self, customer_ids: Collection[int], *, except_orders: Collection[int] = ()
    ) -> Mapping[tuple[int, str], Decimal]:
        """The totals of each customer's open orders, by customer and currency, without some orders."""


_open_totals: OpenTotals | None = None


def ask_open_totals_of(source: OpenTotals) -> None:
    """Have `source` say what customers owe; `config/wiring` calls this at start."""
    global _open_totals
    _open_totals = source


def open_totals(
    customer_ids: Collection[int], *, except_orders: Collection[int] = ()
) -> Mapping[tuple[int, str], Decimal]:
    """What the open orders of these customers come to, by customer and currency."""
    if _open_totals is None:
        raise RuntimeError("nobody was named who knows what customers owe")
    return _open_totals(customer_ids, except_orders=except_orders)


class Surroundings(Protocol):
    """What is known around a message that is read."""

    @property
    def now(self) -> datetime:
        """When it reached us."""

    @property
    def currency(self) -> str:
        """In which currency the house sells, where no item says it."""

    @property
    def own_addresses(self) -> Collection[str]:
        """The addresses under which the house itself writes and is written to."""

    def items(self, codes: Sequence[str]) -> Mapping[str, ItemCard]:
        """The items that can be ordered, by these codes."""

    def sender(self, address: str) -> Known:
        """What is on record of an address."""

    def is_reference(self, text: str) -> bool:
        """Whether this is a reference that the house has given."""


class MailReader(Protocol):
    """Reads messages that people write. Pure; never raises for what it was sent."""

    def asks(self, raw: bytes) -> Asking:
        """What it wants to know before it reads."""

    def read(self, raw: bytes, around: Surroundings) -> MailReading:
        """What a message asks of us, what is certain in it, and every reason to have a person look at it."""

    def words(self, raw: bytes) -> MailWords:
        """What the person says, without what is quoted below it."""


class AddressBook(Protocol):
    """Knows where the orders of customers went."""

    def __call__(self, customer_ids: Collection[int]) -> Mapping[int, Sequence[Address]]:
        """The addresses of each customer's last orders, each once."""


_mail_reader: MailReader | None = None
_address_book: AddressBook | None = None


def read_mail_with(reader: MailReader) -> None:
    """Have `reader` read messages; `config/wiring` calls this at start."""
    global _mail_reader
    _mail_reader = reader


def mail_reader() -> MailReader:
    """Who reads messages."""
    if _mail_reader is None:
        raise RuntimeError("nobody was named who reads messages")
    return _mail_reader


def ask_addresses_of(source: AddressBook) -> None:
    """Have `source` say where orders went; `config/wiring` calls this at start."""
    global _address_book
    _address_book = source


def addresses_of(customer_ids: Collection[int]) -> Mapping[int, Sequence[Address]]:
    """The addresses of each customer's last orders."""
    if _address_book is None:
        raise RuntimeError("nobody was named who knows where orders went")
    return _address_book(customer_ids)
