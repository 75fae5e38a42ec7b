"""From rows to order requests: rows with the same order number are one order."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.inboxes.csv_orders.cells import Unreadable, value_of
from milepost.plugs.inboxes.csv_orders.columns import COLUMNS, REQUIRED
from milepost.plugs.inboxes.csv_orders.table import Row, Table, table
from milepost.way.intake.words import Address, Draft, FormColumn, Incoming, LineDraft, OrderSheet, StatedPromise

Values = Mapping[str, Any]
_OF_ORDER = tuple(column.name for column in COLUMNS if column.of == "order")


@dataclass(slots=True)
class _Gathered:
    """The rows of one order, as far as they were read."""

    number: str
    values: dict[str, Any] = field(default_factory=dict)
    first_said: dict[str, int] = field(default_factory=dict)
    lines: list[LineDraft] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class CsvOrders:
    """Reads CSV files of orders. `currency` is that of orders that name none."""

    name = "csv"

    def __init__(self, *, currency: str) -> None:
        self._currency = currency

    def columns(self) -> list[FormColumn]:
        """What may stand in the file."""
        return [FormColumn(column.name, column.required, column.says) for column in COLUMNS]

    def read(self, body: bytes) -> OrderSheet:
        """The order requests of a file; refusals point at its lines."""
        try:
            sheet = table(body)
        except Refused as refused:
            return OrderSheet(refusals=refused.refusals)
        gathered, nameless = _gather(sheet)
        good = [order for order in gathered if not order.refusals]
        return OrderSheet(
            incoming=tuple(self._incoming(place, order, sheet) for place, order in enumerate(good)),
            refusals=tuple(_by_line([*nameless, *(refusal for order in gathered for refusal in order.refusals)])),
            orders=len(gathered), rows=len(sheet.rows), columns=tuple(column.name for column in sheet.columns),
            encoding=sheet.encoding, delimiter=sheet.delimiter,
        )  # fmt: skip

    def _incoming(self, place: int, order: _Gathered, sheet: Table) -> Incoming:
        return Incoming(
            draft=_draft(order, self._currency), raw=_original(order.rows, sheet), content_type="text/csv", index=place,
            origins={"order": order.number, "rows": [row.number for row in order.rows]},
        )  # fmt: skip


def _by_line(refusals: list[Refusal]) -> list[Refusal]:
    return sorted(refusals, key=lambda refusal: refusal.index or 0)


def _gather(sheet: Table) -> tuple[list[_Gathered], list[Refusal]]:
    orders: dict[str, _Gathered] = {}
    nameless: list[Refusal] = []
    for row in sheet.rows:
        values, refusals = _read_row(row, sheet)
        number = str(values.get("order") or "")
        if not number:
            nameless += refusals
            continue
        order = orders.setdefault(number, _Gathered(number))
        order.rows.append(row)
        order.refusals += [*refusals, *_disagreements(order, values, row.number)]
        if not refusals:
            order.lines.append(_line(values))
    return list(orders.values()), nameless


def _read_row(row: Row, sheet: Table) -> tuple[dict[str, Any], list[Refusal]]:
    if len(row.cells) != len(sheet.columns):
        return _numbered(row, sheet), [_wrong_width(row, sheet)]
    values: dict[str, Any] = {}
    refusals = []
    for column, text in zip(sheet.columns, row.cells, strict=True):
        try:
            values[column.name] = value_of(text, column, comma_is_decimal=sheet.delimiter != ",")
        except Unreadable as unreadable:
            refusals.append(unreadable.refusal.at(index=row.number))
    told = {refusal.field for refusal in refusals}
    refusals += [
        Refusal(code="cell_missing", says="The column {column} is empty.", do="Fill it in.", field=column.name, index=row.number,
                values={"column": column.name})
        for column in REQUIRED if values.get(column.name) is None and column.name not in told
    ]  # fmt: skip
    return values, refusals


def _numbered(row: Row, sheet: Table) -> dict[str, Any]:
    """Only the order's number of a row that is too short or too long, so that its order is refused as a whole."""
    place = next(place for place, column in enumerate(sheet.columns) if column.name == "order")
    return {"order": row.cells[place]} if place < len(row.cells) else {}


def _wrong_width(row: Row, sheet: Table) -> Refusal:
    return Refusal(
        code="wrong_width", says="The row has {found} cells, the heading {wanted}.",
        do="Look for a missing or extra “{delimiter}”, or put the cell in quotation marks.", index=row.number,
        values={"found": len(row.cells), "wanted": len(sheet.columns), "delimiter": sheet.delimiter},
    )  # fmt: skip


def _disagreements(order: _Gathered, values: Values, line: int) -> Iterator[Refusal]:
    """What a row says of its order must be empty or the same as on the rows before."""
    for name in _OF_ORDER:
        value = values.get(name)
        if value is None:
            continue
        if name in order.values and order.values[name] != value:
            yield Refusal(
                code="rows_disagree", says="Order {order} has another {column} on line {first}.",
                do="Write the same on all its rows, or only on the first.", field=name, index=line,
                values={"order": order.number, "column": name, "first": order.first_said[name]},
            )  # fmt: skip
        order.values.setdefault(name, value)
        order.first_said.setdefault(name, line)


def _line(values: Values) -> LineDraft:
    return LineDraft(
        code=values["item"], quantity=values["quantity"], price=values.get("price"), unit=values.get("unit") or "",
        instructions=values.get("line_instructions") or "",
    )  # fmt: skip


def _draft(order: _Gathered, currency: str) -> Draft:
    said = order.values
    promised_on = cast(date | None, said.get("promised_on"))
    return Draft(
        customer=CustomerDraft(
            external_ref=said.get("customer_ref", ""), name=said.get("customer_name") or said.get("ship_to_name", ""),
            email=said.get("customer_email", ""), phone=said.get("customer_phone", ""), language=said.get("language", ""),
            zone=said.get("zone", ""),
        ),
        ship_to=_address(said), lines=tuple(order.lines), currency=said.get("currency", currency), external_ref=order.number,
        po_number=said.get("po_number", ""), payment_reference=said.get("payment_reference", ""),
        payment_amount=said.get("payment_amount"), payment_pending=said.get("payment_pending", False),
        freight=said.get("freight", Decimal(0)), instructions=said.get("instructions", ""), service=said.get("service", ""),
        zone=said.get("zone", ""), promised=StatedPromise(latest_on=promised_on) if promised_on else None,
    )  # fmt: skip


def _address(said: Values) -> Address:
    street = "\n".join(said[name] for name in ("street", "street_2") if name in said)
    names = ("company", "postal_code", "city", "region", "country")
    return Address(
        name=said.get("ship_to_name") or said.get("customer_name", ""), street=street,
        **{name: said.get(name, "") for name in names},
    )  # fmt: skip


def _original(rows: Sequence[Row], sheet: Table) -> bytes:
    """The order's own part of the file, with its heading: the raw original that its request keeps (REC-1)."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=sheet.delimiter, lineterminator="\r\n")
    writer.writerow(sheet.heading)
    writer.writerows(row.cells for row in rows)
    return text.getvalue().encode()
