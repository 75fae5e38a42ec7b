"""Reads the corpus, and holds what the reader of mail makes of it against the labels."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from milepost.ground.catalog.words import ItemCard
from milepost.ground.parties.words import CustomerCard
from milepost.plugs.inboxes.mail import MailReader
from milepost.way.intake.reading import Known, MailKind, MailReading, Sure
from milepost.way.intake.words import Address

HERE = Path(__file__).parent
PARTS = ("tuned", "held_out", "unseen")
ADDED = (
    ("mime-version", "MIME-Version: 1.0"),
    ("content-type", "Content-Type: text/plain; charset=utf-8"),
    ("date", "Date: Mon, 16 Nov 2026 09:00:00 +0000"),
    ("message-id", "Message-ID: <{number}@corpus.example>"),
)


@dataclass(frozen=True)
class Message:
    """One message with what a careful clerk would make of it."""

    part: str
    name: str
    raw: bytes
    labels: Mapping[str, str]

    @property
    def may_be_accepted(self) -> bool:
        return self.labels["accept"] == "yes"

    @property
    def fields(self) -> dict[str, str]:
        """The labelled fields; `?` for what the message does not say for sure."""
        found = {name: self.labels[name] for name in ("po", "wanted", "to") if name in self.labels}
        for place, line in enumerate(filter(None, map(str.strip, self.labels.get("lines", "").split(";")))):
            code, _, quantity = line.rpartition(" * ")
            found[f"{place}.code"], found[f"{place}.quantity"] = code, quantity
        return found


@dataclass
class Shop:
    """The shop of `world.toml`, as the reader sees it."""

    now: datetime
    own_addresses: Sequence[str]
    cards: Mapping[str, ItemCard]
    senders: Mapping[str, Known]
    currency: str = "EUR"

    def items(self, codes: Sequence[str]) -> Mapping[str, ItemCard]:
        return {code: self.cards[code] for code in codes if code in self.cards}

    def sender(self, address: str) -> Known:
        return self.senders.get(address, Known())

    def is_reference(self, text: str) -> bool:
        return False


def shop() -> Shop:
    data = tomllib.loads((HERE / "world.toml").read_text(encoding="utf-8"))
    cards = {
        code: ItemCard(id=number, code=code, name=name, unit=unit, price=Decimal(price), currency="EUR")
        for number, (code, (name, unit, price)) in enumerate(data["items"].items(), start=1)
    }
    senders = {one["email"]: _sender(number, one) for number, one in enumerate(data["customers"], start=1)}
    return Shop(datetime.fromisoformat(data["now"]), data["own_addresses"], cards, senders)


def _sender(number: int, one: Mapping[str, object]) -> Known:
    addresses = [str(text).split("|") for text in one["ship_to"]]  # type: ignore[attr-defined]
    names = ("name", "company", "street", "postal_code", "city", "region", "country")
    blocked = bool(one.get("blocked"))
    return Known(
        customer=CustomerCard(
            id=number, external_ref="", name=str(one["name"]), email=str(one["email"]), phone="",
            language=str(one.get("language", "")),
            zone="", blocked=blocked, blocked_because="open invoices" if blocked else "",
        ),
        addresses=tuple(Address(**dict(zip(names, parts, strict=True))) for parts in addresses),
    )  # fmt: skip


def messages(part: str) -> Iterator[Message]:
    for file in sorted((HERE / part).glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        for number, one in enumerate(re.split(r"^=== ", text, flags=re.MULTILINE)[1:]):
            head, _, message = one.partition("\n---\n")
            name, *labels = head.splitlines()
            said = dict(line.split(": ", 1) for line in labels if line)
            yield Message(part, f"{file.stem}: {name}", _raw(message, f"{file.stem}-{number}"), said)


def _raw(message: str, number: str) -> bytes:
    head, _, body = message.partition("\n\n")
    present = {line.partition(":")[0].lower() for line in head.splitlines()}
    missing = [line.format(number=number) for name, line in ADDED if name not in present]
    encoding = (
        []
        if "content-transfer-encoding" in present or "multipart" in head.lower()
        else ["Content-Transfer-Encoding: 8bit"]
    )
    return "\r\n".join([*head.splitlines(), *missing, *encoding, "", *body.split("\n")]).encode()


@dataclass
class Score:
    """How the reader did on one part of the corpus."""

    messages: int = 0
    right_kind: int = 0
    fields: int = 0
    exact: int = 0
    wrong_fields: list[str] = field(default_factory=list)
    acceptable: int = 0
    accepted: int = 0
    wrongly_accepted: list[str] = field(default_factory=list)
    wrong_kind: list[str] = field(default_factory=list)
    not_accepted: list[str] = field(default_factory=list)


def score(part: str) -> Score:
    reader, world, result = MailReader(), shop(), Score()
    for message in messages(part):
        _judge(message, reader.read(message.raw, world), result)
    return result


def accepted(reading: MailReading) -> bool:
    return reading.kind == MailKind.ORDER and not reading.doubts


def read_fields(reading: MailReading) -> dict[str, str]:
    """What was filled in for certain, in the words of the labels."""
    draft = reading.draft
    if draft is None:
        return {}
    found: dict[str, str] = {}
    sure = {name for name, one in reading.origins.items() if one.sure == Sure.CERTAIN}
    for place, line in enumerate(draft.lines):
        found[f"{place}.code"] = line.code if f"lines.{place}.code" in sure else "?"
        found[f"{place}.quantity"] = f"{line.quantity.normalize():f}" if f"lines.{place}.quantity" in sure else "?"
    if "po_number" in sure:
        found["po"] = draft.po_number
    if "wanted_on" in sure:
        found["wanted"] = reading.origins["wanted_on"].text
    if reading.origins.get("ship_to.street") and reading.origins["ship_to.street"].source == "body":
        to = draft.ship_to
        found["to"] = f"{to.street}|{to.postal_code}|{to.city}|{to.country}"
    return found


def _judge(message: Message, reading: MailReading, result: Score) -> None:
    result.messages += 1
    right = reading.kind == message.labels["kind"]
    result.right_kind += right
    if not right:
        result.wrong_kind.append(f"{message.name}: {reading.kind} {reading.topic}")
    wanted, got = message.fields, read_fields(reading)
    for name, value in wanted.items():
        result.fields += 1
        result.exact += got.get(name, "?") == value
        if got.get(name, "?") not in ("?", value):
            result.wrong_fields.append(f"{message.name}: {name} is {value}, read {got[name]}")
    result.wrong_fields += [
        f"{message.name}: {name} was not said, read {got[name]}"
        for name in got.keys() - wanted.keys()
        if got[name] != "?"
    ]
    result.acceptable += message.may_be_accepted
    if accepted(reading):
        result.accepted += 1
        if not message.may_be_accepted or got != wanted:
            result.wrongly_accepted.append(f"{message.name}: {got}")
    elif message.may_be_accepted:
        result.not_accepted.append(f"{message.name}: {[(d.code, d.text) for d in reading.doubts]} {reading.kind} {got}")
