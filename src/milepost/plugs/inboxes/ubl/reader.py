"""Orders in UBL, by themselves or in a transport envelope, read from XML that may come from anybody."""

from collections.abc import Iterator, Sequence

from milepost.kernel.refusals import Refusal
from milepost.plugs.inboxes.edi.drafting import incoming, refusal, too_long, wrong_lines, wrong_sums
from milepost.plugs.inboxes.edi.safe_xml import Node, NotXml, tree
from milepost.plugs.inboxes.ubl import order
from milepost.way.intake.words import AS_IT_STANDS, Exchange, FormColumn, Layout, OrderSheet

FORM, CONTENT_TYPE = "ubl", "application/xml"
ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
_LOOKED_AT = 4096


class UblOrders:
    """Reads UBL's Order. `currency` is that of orders that name none."""

    name, content_type = FORM, CONTENT_TYPE

    def __init__(self, *, currency: str) -> None:
        self._currency = currency

    def knows(self, body: bytes) -> bool:
        """Whether it looks like XML; which XML it is shows when it is read."""
        head = body[:_LOOKED_AT].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        return head.startswith((b"<?xml", b"<!--", b"<!DOCTYPE")) or (head.startswith(b"<") and b"xmlns" in head)

    def columns(self) -> Sequence[FormColumn]:
        """Nothing: machines write it."""
        return ()

    def read(self, body: bytes, layout: Layout = AS_IT_STANDS) -> OrderSheet:
        """The order of the document; refusals point at lines of the text."""
        try:
            root = tree(body)
        except NotXml as error:
            return OrderSheet(form=FORM, refusals=(_not_xml(str(error)),))
        found = list(orders_in(root))
        if len(found) != 1:
            return OrderSheet(form=FORM, refusals=(_no_order(root, len(found)),))
        read_ = order.read(found[0])
        reasons = read_.refusals or [*wrong_lines(read_), *wrong_sums(read_), *too_long(read_)]
        one = (
            () if reasons else (incoming(read_, raw=body, content_type=CONTENT_TYPE, currency=self._currency, index=0),)
        )
        return OrderSheet(
            incoming=one, refusals=tuple(reasons), orders=1, rows=len(read_.lines), form=FORM, encoding="utf-8",
            exchange=Exchange(sender=sender_of(found[0]), number=_number(found[0])),
        )  # fmt: skip


def orders_in(root: Node) -> Iterator[Node]:
    """The document itself, or the orders within its envelope."""
    waiting = [root]
    while waiting:
        node = waiting.pop(0)
        if node.name == "Order" and node.space == ORDER:
            yield node
        else:
            waiting += [child for child in node.children if child.children]


def sender_of(node: Node) -> str:
    """By which number the buyer is known to whoever carries documents."""
    party = node.one("BuyerCustomerParty", "Party")
    if party is None:
        return ""
    endpoint = party.one("EndpointID") or party.one("PartyIdentification", "ID")
    scheme = endpoint.attributes.get("schemeID", "") if endpoint else ""
    said = " ".join(endpoint.text.split()) if endpoint else party.says("PartyName", "Name")
    return f"{scheme}:{said}" if scheme else said


def _number(node: Node) -> str:
    """What makes it the same document when it comes again: its number, its day, and its own id where it has one."""
    return "/".join(text for text in (node.says("ID"), node.says("IssueDate"), node.says("UUID")) if text)


def _not_xml(why: str) -> Refusal:
    return refusal("bad_xml", "The document is not read: {why}.", "Ask the sender for the order as plain UBL.", why=why)


def _no_order(root: Node, count: int) -> Refusal:
    if count:
        return refusal("several_orders", "The envelope holds {count} orders.", "Send each by itself.", count=count)
    return refusal(
        "not_an_order", "The document is a {kind}, not an order of UBL 2.", "Nothing else is read here.", named=root.name[:80],
        kind=root.name[:80],
    )  # fmt: skip
