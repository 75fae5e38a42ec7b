"""From tables to order requests: rows with the same order number are one order."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.inboxes.tables import text_file, workbook
from milepost.plugs.inboxes.tables.cells import Cell, Unreadable, value_of
from milepost.plugs.inboxes.tables.columns import COLUMNS, REQUIRED, Column
from milepost.plugs.inboxes.tables.grid import Grid, Row, refusal
from milepost.plugs.inboxes.tables.heading import ORDER, Head, head_of, headings, said, wrong_columns
from milepost.way.intake.reading import Origin, origins_json
from milepost.way.intake.words import (
    AS_IT_STANDS,
    Address,
    Ask,
    Draft,
    FormColumn,
    Incoming,
    Layout,
    LineDraft,
    OrderSheet,
    StatedPromise,
)

Values = Mapping[str, Any]
_OF_ORDER = tuple(column.name for column in COLUMNS if column.of == "order")
_CHOICES = {"numbers": (",", "."), "days": ("dmy", "mdy")}
_BINARY = (b"ISA", b"UNA", b"UNB", b"<", b"%PDF", b"{")


@dataclass(slots=True)
class _Gathered:
    """The rows of one order, as far as they were read."""

    number: str
    values: dict[str, Any] = field(default_factory=dict)
    first_said: dict[str, int] = field(default_factory=dict)
    lines: list[LineDraft] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class _Tables:
    """What both forms have in common. `currency` is that of orders that name none."""

    name = ""

    def __init__(self, *, currency: str) -> None:
        self._currency = currency

    def columns(self) -> list[FormColumn]:
        """What may stand in the file."""
        return [FormColumn(column.name, column.required, column.says) for column in COLUMNS]

    def grids(self, body: bytes) -> list[Grid]:
        """The tables in the file."""
        raise NotImplementedError

    def read(self, body: bytes, layout: Layout = AS_IT_STANDS) -> OrderSheet:
        """The order requests of a file; refusals point at its lines."""
        try:
            found = [(grid, head_of(grid, layout)) for grid in self.grids(body)]
        except Refused as refused:
            return OrderSheet(form=self.name, refusals=refused.refusals)
        chosen = [pair for pair in found if pair[0].sheet == layout.sheet] if layout.sheet else found
        readable = [pair for pair in chosen if not list(wrong_columns(pair[1])) and pair[1].rows]
        if len(readable) > 1:
            return self._which_sheet(readable)
        return self._sheet(*(readable or chosen or found)[0])

    def _which_sheet(self, several: Sequence[tuple[Grid, Head]]) -> OrderSheet:
        names = tuple(grid.sheet for grid, _ in several)
        reason = refusal(
            "several_sheets",
            "Several sheets hold orders: {names}.",
            "Say which one, or send one of them.",
            names=", ".join(names),
        )
        asks = (Ask(what="sheet", choices=names, text=names[0]),)
        return OrderSheet(form=self.name, refusals=(reason,), asks=asks, headings=headings(several[0][1]))

    def _sheet(self, grid: Grid, head: Head) -> OrderSheet:
        wrong = [*wrong_columns(head), *_above(head)]
        if wrong:
            return OrderSheet(
                form=self.name,
                refusals=tuple(wrong),
                headings=headings(head),
                encoding=grid.encoding,
                delimiter=grid.delimiter,
            )
        if not head.rows:
            return OrderSheet(
                form=self.name,
                refusals=(
                    refusal("no_rows", "The file has a heading but no rows.", "Add a row for each line of an order."),
                ),
            )
        gathered, nameless, asks = _gather(grid, head)
        good = [order for order in gathered if not order.refusals]
        stated = _stated(head)
        return OrderSheet(
            incoming=tuple(self._incoming(place, order, grid, head, stated) for place, order in enumerate(good)),
            refusals=tuple(_by_line([*nameless, *(refusal for order in gathered for refusal in order.refusals)])),
            orders=len(gathered), rows=len(head.rows), columns=tuple(column.name for column in head.columns if column),
            encoding=grid.encoding, delimiter=grid.delimiter, form=self.name, asks=asks, headings=headings(head),
        )  # fmt: skip

    def _incoming(self, place: int, order: _Gathered, grid: Grid, head: Head, stated: Mapping[str, Any]) -> Incoming:
        return Incoming(
            draft=_draft(order, self._currency), raw=_original(order.rows, grid, head), content_type="text/csv", index=place,
            origins={**stated, "order": order.number, "rows": [row.number for row in order.rows]},
            their_numbers=tuple((line.code,) for line in order.lines),
        )  # fmt: skip


def _stated(head: Head) -> dict[str, Any]:
    """Which column each field was read from; the same for all orders of a file."""
    columns = zip(head.keys, head.columns, strict=True)
    return origins_json(
        {
            name: Origin(source="mapping" if text in head.layout.columns else f"column:{text}")
            for text, column in columns
            if column and (name := _FIELDS.get(column.name))
        }
    )


_FIELDS = {
    "order": "external_ref", "item": "lines.code", "quantity": "lines.quantity", "price": "lines.price", "po_number": "po_number",
    "customer_name": "customer.name", "customer_email": "customer.email", "customer_phone": "customer.phone",
    "customer_ref": "customer.external_ref", "street": "ship_to.street", "postal_code": "ship_to.postal_code",
    "city": "ship_to.city",
    "country": "ship_to.country", "currency": "currency",
}  # fmt: skip
"""Which field of a request a column fills, for the record of where it came from."""


class CsvOrders(_Tables):
    """Reads text files: comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252."""

    name, content_type = "csv", "text/csv"

    def knows(self, body: bytes) -> bool:
        """Whether it is text in rows, and nothing that others know."""
        if body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_BINARY) or workbook.is_workbook(body):
            return False
        try:
            text, _ = text_file.decoded(body[:20_000] if body[:2] in (b"\xff\xfe", b"\xfe\xff") else body)
        except Refused:
            return False
        first = next((line for line in text.splitlines() if line.strip()), "")
        return any(mark in first for mark in text_file.DELIMITERS) or first.lower().startswith("sep=")

    def grids(self, body: bytes) -> list[Grid]:
        """The one table of the file."""
        return [text_file.grid(body)]


class WorkbookOrders(_Tables):
    """Reads workbooks: the sheet that holds orders, whichever it is."""

    name, content_type = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def knows(self, body: bytes) -> bool:
        """Whether it looks like a workbook."""
        return workbook.is_workbook(body)

    def grids(self, body: bytes) -> list[Grid]:
        """The sheets that can be seen."""
        return workbook.grids(body)


def _above(head: Head) -> Iterator[Refusal]:
    """What stands above the heading may say something of the orders; a person looks once, then it is passed over."""
    if head.above and not head.layout.columns:
        yield refusal(
            "text_above", "Above the heading stands: {text}.", "Say once what the columns mean, and that it may be passed over.",
            at=head.row.number, text=" / ".join(head.above)[:200],
        )  # fmt: skip


def _by_line(refusals: list[Refusal]) -> list[Refusal]:
    return sorted(refusals, key=lambda refusal: refusal.index or 0)


def _gather(grid: Grid, head: Head) -> tuple[list[_Gathered], list[Refusal], tuple[Ask, ...]]:
    orders: dict[str, _Gathered] = {}
    nameless: list[Refusal] = []
    asks: dict[str, Ask] = {}
    for row in head.rows:
        values, refusals = _read_row(row, grid, head, asks)
        number = str(values.get(ORDER) or "") or (head.layout.label or "1" if head.layout.whole else "")
        if not number:
            nameless += refusals
            continue
        order = orders.setdefault(number, _Gathered(number))
        order.rows.append(row)
        order.refusals += [*refusals, *_disagreements(order, values, row.number)]
        if not refusals:
            order.lines.append(_line(values))
    return list(orders.values()), nameless, tuple(asks.values())


def _read_row(row: Row, grid: Grid, head: Head, asks: dict[str, Ask]) -> tuple[dict[str, Any], list[Refusal]]:
    if not grid.sheet and len(row.cells) != len(head.keys):
        return _numbered(row, head), [_wrong_width(row, grid, head)]
    values: dict[str, Any] = {}
    refusals = [_hidden(row)] if row.hidden else []
    for column, cell in _cells(row, grid, head):
        try:
            values[column.name] = value_of(cell, column, comma_is_decimal=grid.comma_is_decimal, layout=head.layout)
        except Unreadable as unreadable:
            refusals.append(unreadable.refusal.at(index=row.number))
            if unreadable.ask:
                asks.setdefault(
                    unreadable.ask, Ask(what=unreadable.ask, choices=_CHOICES[unreadable.ask], text=said(cell))
                )
    told = {refusal.field for refusal in refusals}
    refusals += [
        Refusal(code="cell_missing", says="The column {column} is empty.", do="Fill it in.", field=column.name, index=row.number,
                values={"column": column.name})
        for column in REQUIRED
        if values.get(column.name) is None and column.name not in told and not (head.layout.whole and column.name == ORDER)
    ]  # fmt: skip
    return values, refusals


def _cells(row: Row, grid: Grid, head: Head) -> Iterator[tuple[Column, Cell]]:
    """The cells of a row with what they mean. What is said of the order in merged cells is said on each of their rows."""
    for place, column in enumerate(head.columns):
        if column is not None:
            cell = row.cells[place] if place < len(row.cells) else ""
            if cell == "" and column.of == "order":
                cell = grid.shared.get((row.number, place), "")
            yield column, cell


def _hidden(row: Row) -> Refusal:
    return refusal(
        "row_hidden",
        "The row is hidden in the workbook.",
        "Show it or delete it; it is not clear whether it was meant.",
        at=row.number,
    )


def _numbered(row: Row, head: Head) -> dict[str, Any]:
    """Only the order's number of a row that is too short or too long, so that its order is refused as a whole."""
    place = next(
        (place for place, column in enumerate(head.columns) if column and column.name == ORDER), len(row.cells)
    )
    return {ORDER: row.cells[place]} if place < len(row.cells) else {}


def _wrong_width(row: Row, grid: Grid, head: Head) -> Refusal:
    return Refusal(
        code="wrong_width", says="The row has {found} cells, the heading {wanted}.",
        do="Look for a missing or extra “{delimiter}”, or put the cell in quotation marks.", index=row.number,
        values={"found": len(row.cells), "wanted": len(head.keys), "delimiter": grid.delimiter},
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
        ship_to=_address(said), lines=tuple(order.lines), currency=said.get("currency", currency),
        external_ref=str(said.get("order", "")), po_number=said.get("po_number", ""),
        payment_reference=said.get("payment_reference", ""), payment_amount=said.get("payment_amount"),
        payment_pending=said.get("payment_pending", False), freight=said.get("freight", Decimal(0)),
        instructions=said.get("instructions", ""), service=said.get("service", ""), zone=said.get("zone", ""),
        promised=StatedPromise(latest_on=promised_on) if promised_on else None,
    )  # fmt: skip


def _address(said: Values) -> Address:
    street = "\n".join(said[name] for name in ("street", "street_2") if said.get(name))
    names = ("company", "postal_code", "city", "region", "country")
    return Address(
        name=said.get("ship_to_name") or said.get("customer_name", ""), street=street,
        **{name: said.get(name, "") for name in names},
    )  # fmt: skip


def _original(rows: Sequence[Row], grid: Grid, head: Head) -> bytes:
    """The order's own part of the file, with its heading: the raw original that its request keeps (REC-1)."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=grid.delimiter or ",", lineterminator="\r\n")
    writer.writerow(head.texts)
    writer.writerows([said(cell) for cell in row.cells] for row in rows)
    return text.getvalue().encode()
