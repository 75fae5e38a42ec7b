"""Read parties: customers, suppliers and carriers as cards."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from django.db import connection

from milepost.ground.journal.search import by_words
from milepost.ground.parties.models import Carrier, ChannelStop, Consent, Customer, Supplier
from milepost.ground.parties.rules import address_key, dialled, is_same_address
from milepost.ground.parties.words import (
    CarrierCard,
    ConsentClass,
    Consents,
    ConsentSource,
    CustomerCard,
    StopReason,
    SupplierCard,
)
from milepost.ground.parties.words import ChannelStop as ChannelStopCard
from milepost.ground.parties.words import Consent as ConsentCard
from milepost.kernel.search import has_all, is_like, likeness, words_in

FIELDS = ("id", "external_ref", "name", "email", "phone", "language", "zone", "blocked_because")
CARRIER = ("id", "code", "name", "in_house", "tracking_url", "phone", "active")
SUPPLIER = ("id", "code", "name", "email", "phone", "language", "zone", "active")


def cards(customer_ids: Sequence[int]) -> dict[int, CustomerCard]:
    """Customers by id. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, [sorted(set(customer_ids))])
        return {row[0]: CustomerCard(**dict(zip(_ROW, row, strict=True))) for row in cursor.fetchall()}


_ROW = (*FIELDS, "blocked", "credit_limit", "credit_currency")
_CARDS = """
SELECT id, external_ref, name, email, phone, language, zone, blocked_because, blocked_at IS NOT NULL, credit_limit,
    credit_currency
FROM parties_customer WHERE id = ANY(%s::bigint[])
"""


def search(text: str, *, limit: int = 50, after: int = 0) -> list[CustomerCard]:
    """Customers whose reference, e-mail address or phone number is this, oldest first; `after` is the last id seen."""
    plain = text.strip()
    rows = Customer.objects.none()
    if plain:
        rows = (
            Customer.objects.filter(external_ref=plain).exclude(external_ref="")
            | Customer.objects.filter(email=plain.lower()).exclude(email="")
            | Customer.objects.filter(phone=plain).exclude(phone="")
        )  # fmt: skip
    found = rows.filter(pk__gt=after).order_by("pk").values(*FIELDS, "blocked_at")[:limit]
    return [CustomerCard(blocked=row.pop("blocked_at") is not None, **row) for row in found]


ALIKE = "0.35"
"""How much of a word must be like one of theirs for a typo to be forgiven (pg_trgm's word similarity)."""
LEAST_LETTERS = 2


def look_up(text: str, *, limit: int = 8) -> list[CustomerCard]:
    """Customers by what somebody types: part of a phone number, words of name or e-mail address, or the shop's reference.

    A number is found however it is dialled and written. Words may be half typed and stand in any order, without accents;
    only where nobody has them all, words that are alike are taken for them. Of very many the first are ranked. Four
    statements at most.
    """
    number, words, reference = dialled(text), words_in(text), text.strip()[:100]
    with by_words(ALIKE):
        if number:
            return _found(_LOOK_UP.format(match=_HAS_NUMBER, rank=_ENDS_WITH), [number, reference, number, limit])
        if sum(map(len, words)) < LEAST_LETTERS:
            return _found(_LOOK_UP.format(match="false", rank="1"), [reference, limit])
        exact = _LOOK_UP.format(match=has_all("words", words), rank=_BEGINS_WITH)
        alike = _ALIKE.format(match=is_like("words", words), rank=likeness("words", words))
        return _found(exact, [*words, reference, text.strip(), limit]) or _found(alike, [*words, *words, limit])


def words_of(text: str) -> list[str]:
    """The words by which a customer is asked for; none where too little was typed."""
    words = words_in(text)
    return words if sum(map(len, words)) >= LEAST_LETTERS else []


def having(text: str, *, limit: int) -> list[int]:
    """The ids of customers who have this number, this reference of the shop, or all words of name and address; in no order.

    No more than `limit` are read of those who match, so who asks for one more than they can use knows that there are too many.
    One statement on the index of words, with its settings three.
    """
    number, words = dialled(text), words_of(text)
    match = _HAS_NUMBER if number else has_all("words", words) or "false"
    with by_words(ALIKE):
        return _ids(_HAVING.format(match=match), [*([number] if number else words), limit, text.strip()[:100]])


def most_have(text: str) -> bool:
    """Whether most of the newest customers have all these words, so that the index of words is no short way. One statement."""
    words = [] if dialled(text) else words_of(text)
    return (
        bool(words) and len(_ids(_NEWEST_HAVING.format(match=has_all("words", words)), [NEWEST, *words])) > NEWEST // 2
    )


def alike(text: str, *, limit: int) -> list[int]:
    """The ids of customers whose name or address has words like these, the likest. One statement, with its settings three."""
    words = [] if dialled(text) else words_of(text)
    if not words:
        return []
    statement = _LIKEST.format(match=is_like("words", words), rank=likeness("words", words))
    with by_words(ALIKE):
        return _ids(statement, [*words, *words, limit])


NEWEST = 200
_NEWEST_HAVING = "SELECT id FROM (SELECT * FROM parties_customer ORDER BY id DESC LIMIT %s) AS c WHERE {match}"


def _ids(statement: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return [number for (number,) in cursor.fetchall()]


_LIKEST = """
SELECT id FROM (
    SELECT *, max(rank) OVER () AS best
    FROM (SELECT id, {rank} AS rank FROM parties_customer WHERE {match} LIMIT 1000) AS ranked
) AS c WHERE rank >= 0.8 * best ORDER BY rank DESC, id LIMIT %s
"""
_HAVING = """
(SELECT id FROM parties_customer WHERE {match} LIMIT %s)
UNION SELECT id FROM parties_customer WHERE external_ref = %s AND external_ref <> ''
"""


def with_email(email: str) -> list[CustomerCard]:
    """All customers with this e-mail address, in the order in which they came to us. One statement on its index."""
    return with_emails([email]).get(email.strip().lower(), [])


def with_emails(emails: Sequence[str]) -> dict[str, list[CustomerCard]]:
    """All customers with these e-mail addresses, in the order in which they came to us. One statement on its index."""
    found: dict[str, list[CustomerCard]] = {}
    wanted = sorted({email.strip().lower() for email in emails} - {""})
    rows = Customer.objects.filter(email__in=wanted).exclude(email="").order_by("pk")
    for row in rows.values(*FIELDS, "blocked_at"):
        card = CustomerCard(blocked=row.pop("blocked_at") is not None, **row)
        found.setdefault(card.email, []).append(card)
    return found


def with_references(references: Sequence[str]) -> dict[str, CustomerCard]:
    """Customers by the numbers under which others know them; unknown ones are left out. One statement on its index."""
    wanted = sorted({text.strip() for text in references} - {""})
    if not wanted:
        return {}
    rows = Customer.objects.filter(external_ref__in=wanted).exclude(external_ref="").values(*FIELDS, "blocked_at")
    cards = [CustomerCard(blocked=row.pop("blocked_at") is not None, **row) for row in rows]
    return {card.external_ref: card for card in cards}


def _found(statement: str, values: Sequence[Any]) -> list[CustomerCard]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return [CustomerCard(**dict(zip((*FIELDS, "blocked"), row, strict=True))) for row in cursor.fetchall()]


_HAS_NUMBER = "milepost_digits(phone) LIKE '%%' || %s || '%%'"
_ENDS_WITH = "milepost_digits(phone) LIKE '%%' || %s"
_BEGINS_WITH = "words LIKE ' ' || milepost_plain(%s) || '%%'"
_CARD = "id, external_ref, name, email, phone, language, zone, blocked_because, blocked_at IS NOT NULL AS blocked"
_LOOK_UP = f"""
SELECT {_CARD} FROM (
    SELECT * FROM parties_customer WHERE {{match}} OR external_ref = %s AND external_ref <> '' LIMIT 300
) AS c ORDER BY {{rank}} DESC, name, id LIMIT %s
"""  # noqa: S608 our own names
_ALIKE = f"""
SELECT {_CARD} FROM (
    SELECT *, max(rank) OVER () AS best
    FROM (SELECT *, {{rank}} AS rank FROM parties_customer WHERE {{match}} LIMIT 2000) AS ranked
) AS c WHERE rank >= 0.8 * best ORDER BY rank DESC, name, id LIMIT %s
"""  # noqa: S608 our own names


def carriers() -> dict[str, CarrierCard]:
    """All carriers by code. One statement."""
    return {row["code"]: CarrierCard(**row) for row in Carrier.objects.order_by("code").values(*CARRIER)}


def suppliers() -> dict[str, SupplierCard]:
    """All suppliers by code. One statement."""
    return {row["code"]: SupplierCard(**row) for row in Supplier.objects.order_by("code").values(*SUPPLIER)}


def consents(customer_ids: Collection[int]) -> dict[int, Consents]:
    """What each of these customers has said last of each class on each channel; everybody asked for is in it. One statement."""
    said: dict[int, dict[tuple[str, str], ConsentCard]] = {customer_id: {} for customer_id in customer_ids}
    rows = Consent.objects.filter(customer_id__in=list(said)).order_by("customer_id", "consent_class", "channel", "-id")
    for row in rows.distinct("customer_id", "consent_class", "channel") if said else ():
        said[row.customer_id][row.consent_class, row.channel] = _consent(row)
    return {customer_id: Consents(said=of_theirs) for customer_id, of_theirs in said.items()}


def consent_history(customer_id: int, *, limit: int = 200) -> list[ConsentCard]:
    """All that a customer ever said of what they want to hear, newest first. One statement."""
    return [_consent(row) for row in Consent.objects.filter(customer_id=customer_id).order_by("-id")[:limit]]


def _consent(row: Consent) -> ConsentCard:
    return ConsentCard(
        customer_id=row.customer_id, consent_class=ConsentClass(row.consent_class), channel=row.channel, given=row.given,
        source=ConsentSource(row.source), wording_version=row.wording_version, at=row.at, by=row.by,
    )  # fmt: skip


def open_stops(addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], ChannelStopCard]:
    """Of these (channel, address) those to which nothing more goes, with the stop, the oldest where there are several. One
    statement; a phone number is found however it is written."""
    keys = {(channel, address): address_key(channel, address) for channel, address in addresses}
    wanted = sorted({(channel, key) for (channel, _), key in keys.items() if key})
    if not wanted:
        return {}
    stopped: dict[tuple[str, str], list[ChannelStop]] = defaultdict(list)
    channels, texts = zip(*wanted, strict=True)
    for row in ChannelStop.objects.raw(_STOPPED, [list(channels), list(texts)]):
        stopped[row.channel, row.key].append(row)
    found: dict[tuple[str, str], ChannelStopCard] = {}
    for (channel, address), key in keys.items():
        same = (row for row in stopped.get((channel, key), ()) if is_same_address(channel, row.address, address))
        first = next(same, None)
        if first is not None:
            found[channel, address] = _stop(first)
    return found


_STOPPED = """
SELECT s.* FROM unnest(%b::text[], %b::text[]) AS w(channel, key)
JOIN parties_channel_stop s ON s.channel = w.channel AND s.key = w.key AND s.lifted_at IS NULL ORDER BY s.id
"""


def stops(*, limit: int = 50, before: int = 0) -> list[ChannelStopCard]:
    """The addresses to which nothing more goes, newest first; `before` is the last id seen. One statement."""
    rows = ChannelStop.objects.filter(lifted_at=None)
    if before:
        rows = rows.filter(pk__lt=before)
    return [_stop(row) for row in rows.order_by("-id")[:limit]]


def _stop(row: ChannelStop) -> ChannelStopCard:
    values = {one.name: getattr(row, one.name) for one in fields(ChannelStopCard)}
    return ChannelStopCard(**{**values, "reason": StopReason(row.reason)})
