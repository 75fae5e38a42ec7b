"""Bulk on the desk: the verb and its words, what it would do, its progress, what became of each row."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from milepost.faces.desk import who
from milepost.faces.desk.bulk.forms import DANGER, LABELS, Telling, verbs_for
from milepost.faces.desk.exports.tables import csv_lines
from milepost.faces.desk.forms import first_errors
from milepost.faces.desk.lists.tools import listing_named, searched
from milepost.faces.desk.people import people
from milepost.kernel.refusals import Refusal, Refused
from milepost.overview.bulk import commands, queries
from milepost.overview.bulk.verbs import BY_NAME, BulkVerb
from milepost.overview.bulk.words import AT_ONCE, MOST_ROWS, RunCard, State, Wish

ROWS_AT_ONCE = 1000


@who.needs("lists.bulk")
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """What I have prepared and done lately."""
    mine = queries.runs_of(who.staff(request).actor)
    return render(request, "desk/bulk_runs.html", {"rows": [(run, LABELS[run.listing, run.verb]) for run in mine]})


@who.needs("lists.bulk")
@require_POST
def new(request: HttpRequest, listing: str) -> HttpResponse:
    """A verb for the ticked rows, or for all that match: what it needs is asked, then it is tried."""
    verb = BY_NAME.get((listing, request.POST.get("verb", "")))
    if verb is None:
        raise Http404
    who.require(request, verb.permission)
    asked = "told" in request.POST
    form = Telling(request.POST if asked else None, verb=verb)
    if not asked and verb.needs:
        return _ask(request, verb, form)
    if asked and not form.is_valid():
        return _ask(request, verb, form, tuple(first_errors(form)), 422)
    try:
        run_id = commands.prepare(_wish(request, verb, form.values() if asked else {}), act=who.act(request))
    except Refused as refused:
        return _ask(request, verb, form, refused.refusals, refused.status)
    commands.carry_on(run_id, now=timezone.now)
    return redirect("desk:bulk", run_id)


def _wish(request: HttpRequest, verb: BulkVerb, values: dict[str, str]) -> Wish:
    everything = request.POST.get("all") == "1"
    return Wish(
        listing=verb.listing, verb=verb.name, values=values, keys=[] if everything else _keys(request),
        search=searched(listing_named(verb.listing), request.POST.get("query", "")) if everything else None,
    )  # fmt: skip


def _keys(request: HttpRequest) -> list[str]:
    return request.POST.getlist("chosen")[: MOST_ROWS + 1]


def _ask(
    request: HttpRequest, verb: BulkVerb, form: Telling, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    everything = request.POST.get("all") == "1"
    return render(
        request,
        "desk/bulk_new.html",
        {
            "verb": verb, "title": LABELS[verb.listing, verb.name], "listing": listing_named(verb.listing),
            "form": form, "refusals": refusals, "everything": everything,
            "keys": [] if everything else _keys(request), "query": request.POST.get("query", "")[:4000], "status": status,
        },
        status=status,
    )  # fmt: skip


@who.needs("orders.read")
@require_safe
def one(request: HttpRequest, run_id: int) -> HttpResponse:
    """What a run would do, how far it is, or what became of it."""
    return render(request, "desk/bulk.html", _shown(request, _run(run_id)))


@who.needs("orders.read")
@require_safe
def standing(request: HttpRequest, run_id: int) -> HttpResponse:
    """The piece of a run's page that looks after itself; unchanged since the last look: 304."""
    run = _run(run_id)
    etag = f'"{sha256(repr(run).encode()).hexdigest()[:16]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = render(request, "desk/bulk_standing.html", _shown(request, run))
    response.headers["ETag"] = etag
    return response


def _shown(request: HttpRequest, run: RunCard) -> dict[str, Any]:
    me, verb = who.staff(request), BY_NAME[run.listing, run.verb]
    mine = run.actor == me.actor
    through, of = run.worked
    return {
        "run": run, "label": LABELS[run.listing, run.verb], "by": people().name(run.actor), "through": through, "of": of,
        "reasons": queries.reasons(run.id) if run.refused else [], "danger": (run.listing, run.verb) in DANGER,
        "may_start": mine and run.state == State.TRIED and run.would > 0 and me.may("lists.bulk") and me.may(verb.permission),
        "may_stop": (run.at_work or run.state == State.TRIED) and me.may("lists.bulk") and me.may(verb.permission),
        "facts": [(_plainly(kind), count) for kind, count in run.facts.items()], "is_short": run.total <= AT_ONCE,
        "about_orders": run.listing == "orders", "listing": listing_named(run.listing),
    }  # fmt: skip


def _plainly(kind: str) -> str:
    """The name of a fact as words."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind).capitalize()


@who.needs("lists.bulk")
@require_POST
def start(request: HttpRequest, run_id: int) -> HttpResponse:
    """Have it done, as it was looked at."""
    return _say(request, run_id, commands.start)


@who.needs("lists.bulk")
@require_POST
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Do nothing more of it."""
    return _say(request, run_id, commands.stop)


def _say(request: HttpRequest, run_id: int, command: Any) -> HttpResponse:
    run = _run(run_id)
    who.require(request, BY_NAME[run.listing, run.verb].permission)
    try:
        command(run_id, act=who.act(request))
    except Refused as refused:
        shown = {**_shown(request, _run(run_id)), "refusals": refused.refusals}
        return render(request, "desk/bulk.html", shown, status=refused.status)
    commands.carry_on(run_id, now=timezone.now)
    return redirect("desk:bulk", run_id)


@who.needs("orders.read")
@require_safe
def rows(request: HttpRequest, run_id: int) -> HttpResponse:
    """Each row with what became of it, as CSV."""
    run = _run(run_id)
    head = ["Row", "Stands", "Why not", "What to do"]
    lines = csv_lines(head, _all_rows(run), timezone.get_current_timezone())
    name = f"{run.listing}-{run.verb}-{run.id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)  # type: ignore[return-value]


def _all_rows(run: RunCard) -> Iterator[list[str]]:
    after = 0
    while found := queries.rows(run.id, after=after, limit=ROWS_AT_ONCE):
        for row in found:
            yield [row.label, row.standing.value, row.says, row.do]
        after = found[-1].place


def _run(run_id: int) -> RunCard:
    run = queries.run(run_id) if run_id < 2**63 else None
    if run is None:
        raise Http404
    return run


def offered(request: HttpRequest, listing: str) -> list[Any]:
    """The verbs that the reader may say to many rows of a list, with their names."""
    me = who.staff(request)
    return verbs_for(listing, me.may) if me.may("lists.bulk") else []
