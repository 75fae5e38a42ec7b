"""A list as a file: all rows that match, read page by page, and on record before the first leaves."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milepost.faces.desk import who
from milepost.faces.desk.exports.tables import Value, csv_lines
from milepost.faces.desk.lists.tools import listing_named
from milepost.faces.desk.lists.words import Column, Listing
from milepost.ground.access import exports

ROWS_AT_ONCE = 1000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@who.needs("lists.export")
@require_safe
def export(request: HttpRequest, listing: str, form: str) -> HttpResponse:
    """All rows of a list that match its search, as CSV or XLSX."""
    if form not in ("csv", "xlsx"):
        raise Http404
    shown = listing_named(listing)
    who.require(request, shown.permission)
    search = shown.cleaned(request.GET)
    exports.begin(listing, form=form, narrowed_by=sorted(search), staff_id=who.staff(request).pk, act=who.act(request))
    return _as_csv(request, shown, search) if form == "csv" else _as_workbook(request, shown, search)


def _as_csv(request: HttpRequest, listing: Listing, search: Mapping[str, str]) -> HttpResponse:
    lines = _lines(_Read(request, listing, search))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(listing)}.csv"'
    response.headers["X-Accel-Buffering"] = "no"
    return cast(HttpResponse, response)


def _lines(read: "_Read") -> Iterator[str]:
    with timezone.override(settings.HOME_ZONE), read:
        yield from csv_lines(read.head(), read, timezone.get_current_timezone())


def _as_workbook(request: HttpRequest, listing: Listing, search: Mapping[str, str]) -> HttpResponse:
    """Refuses `too_many_rows` past what the format takes; the file goes when it is sent."""
    from milepost.faces.desk.exports.workbooks import workbook

    with _Read(request, listing, search) as read:
        file = workbook(str(listing.title), read.head(), read, timezone.get_current_timezone())
    sent = FileResponse(file, as_attachment=True, filename=f"{_name(listing)}.xlsx", content_type=XLSX)
    return cast(HttpResponse, sent)


def _name(listing: Listing) -> str:
    return f"{listing.name}-{timezone.localtime():%Y-%m-%d-%H%M}"


class _Read:
    """The rows of a list as cells, a page at a time, so that no more than one page lies in memory; how many went is on record."""

    def __init__(self, request: HttpRequest, listing: Listing, search: Mapping[str, str]) -> None:
        self.request, self.listing, self.search = request, listing, search
        self.count, self.whole = 0, False

    def head(self) -> list[str]:
        """The names of the columns."""
        return [str(column.label) for column in self.listing.columns]

    def __iter__(self) -> Iterator[list[Value]]:
        after = ""
        while True:
            page = self.listing.page(self.search, after, ROWS_AT_ONCE)
            for row in page.rows:
                self.count += 1
                yield [_cell(column, row) for column in self.listing.columns]
            if not page.next:
                self.whole = True
                return
            after = page.next

    def __enter__(self) -> "_Read":
        return self

    def __exit__(self, *error: object) -> None:
        staff_id, act = who.staff(self.request).pk, who.act(self.request)
        exports.end(self.listing.name, rows=self.count, whole=self.whole, staff_id=staff_id, act=act)


def _cell(column: Column, row: Any) -> Value:
    value: Value = column.text(row) if column.value is None else column.value(row)
    return value
