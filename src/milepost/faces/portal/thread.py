"""What was said on the tracking page, as its reader may see it: staff answer it from the desk (`talking` takes the words).

Whoever has the link reads it, so it holds what was said here and nothing of mails and calls (TRK-3). Words are shown as they are:
no link in them leads anywhere, and nothing is interpreted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from milepost.faces.portal.masking import without_who
from milepost.ground.access import queries as access
from milepost.ground.procedures import queries as procedures
from milepost.way.care import queries
from milepost.way.care.words import Channel, InteractionCard, Topic
from milepost.way.orders.queries import Contact
from milepost.way.orders.words import OrderCard

TOPICS = (
    ("", _("Something else")),
    (Topic.STATUS, _("Where is my order?")),
    (Topic.CHANGE, _("Change something")),
    (Topic.CANCELLATION, _("Cancel the order")),
    (Topic.COMPLAINT, _("Something is wrong")),
    (Topic.INVOICE, _("Payment and invoice")),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `by` is the first name of one of us; empty for the customer."""

    by: str
    ours: bool
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What was said on the page. `due_at`: by when we answer, where something waits; `hours` is what we promise otherwise."""

    said: tuple[Said, ...] = ()
    due_at: datetime | None = None
    hours: str = ""
    is_here: bool = False
    is_typing: bool = False

    def etag(self) -> str:
        """Changes when anything shown does."""
        return f'"{sha256(repr((self, get_language())).encode()).hexdigest()[:32]}"'

    @property
    def sending(self) -> str:
        """Names the next message, so that sending it twice is one message."""
        return str(uuid4())

    @property
    def topics(self) -> tuple[tuple[str, object], ...]:
        """What a first message may be about."""
        return TOPICS


def thread_of(order_id: int, *, now: datetime, shown: Callable[[str], str] = str) -> Thread:
    """The thread of an order, its words as this reader is `shown` them. Four statements; one where nothing was said yet."""
    policy = procedures.book().inquiries
    hours = policy.hours_for(Channel.PORTAL, Topic.QUESTION).normalize()
    said = queries.on_page(order_id)
    if not said:
        return Thread(hours=f"{hours:f}")
    card = queries.conversation(said[-1].conversation_id)
    key = queries.of_staff_key(said[-1].conversation_id)
    seen = queries.presence([key]).get(key)
    here = seen is not None and seen.is_here(now, policy.here_seconds)
    return Thread(
        said=_said(said, shown), due_at=card.due_at if card else None, hours=f"{hours:f}", is_here=here,
        is_typing=here and seen is not None and seen.is_typing(now),
    )  # fmt: skip


def _said(cards: list[InteractionCard], shown: Callable[[str], str]) -> tuple[Said, ...]:
    names = {card.id: card.name for card in access.staff(active_only=False)}
    return tuple(Said(_by(card, names), card.is_ours, card.at, shown(card.words)) for card in cards)


def _by(card: InteractionCard, names: dict[int, str]) -> str:
    if not card.is_ours:
        return ""
    name = names.get(card.staff_id or 0, "").split()
    return name[0] if name else str(settings.BRAND)


def words_for(order: Contact | OrderCard, *, is_open: bool) -> Callable[[str], str]:
    """How what people wrote is shown: as it is to who opened the link, to all others without the order's names and street."""
    name = order.name if isinstance(order, Contact) else order.contact_name
    return str if is_open else lambda words: without_who(words, order.ship_to, name)
