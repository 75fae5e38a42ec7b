"""Keeping what somebody wrote: as a new version, or in the draft that they go on with; and what it would change (REV-1)."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4

import orjson
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk import who
from milepost.faces.desk.procedures.drafting.changes import source_of
from milepost.faces.sent_once import once
from milepost.ground.procedures import commands, queries
from milepost.ground.procedures.proof import template_faults
from milepost.ground.procedures.rules import compile_mjml, read
from milepost.ground.procedures.words import DocumentCard, DocumentDraft
from milepost.kernel.refusals import Refusal, Refused

TEMPLATE = "template"
NOTHING_CHANGED = Refusal(
    code="nothing_changed", says="It says what the version before it says.", do="Change something, or keep that one.",
    field="text", status=422,
)  # fmt: skip


class Noting(forms.Form):
    """What changes, and why; the token under which the form is sent once; what the draft said when it was opened."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    order = forms.CharField(
        required=False, max_length=100, label=_("Order reference"), help_text=_("Empty: shown on examples.")
    )
    note = forms.CharField(label=_("What changes, and why"), max_length=1000)


class Writing(Noting):
    """A new version as text."""

    text = forms.CharField(
        label=_("The document (TOML)"), max_length=200_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false", "autocapitalize": "off", "class": "source"}),
    )  # fmt: skip


def begun_with(request: HttpRequest, base: DocumentCard) -> dict[str, Any]:
    """The first values of a form's own fields."""
    return {"token": uuid4(), "seen": stamp(base), "note": base.note if is_own_draft(request, base) else ""}


def stamp(base: DocumentCard) -> str:
    """What a draft said when its form was opened, in few characters."""
    return sha256(orjson.dumps(base.body, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def is_own_draft(request: HttpRequest, base: DocumentCard) -> bool:
    """Whether it is a draft that this person goes on with."""
    return base.state == "draft" and base.author == who.staff(request).actor


def record_of(base: DocumentCard) -> Any:
    """What a version says. Refuses what can no longer be read."""
    return read(base.kind, source_of(base.body))


def kept(request: HttpRequest, base: DocumentCard, body: Mapping[str, Any], form: forms.Form) -> int:
    """Keep a body: in the draft that one goes on with, or as a new version. Refuses `nothing_changed`, and what the commands do."""
    said = form.cleaned_data
    act = who.act(request, reason=said["note"])
    if is_own_draft(request, base):
        if said["seen"] and said["seen"] != stamp(base):
            raise Refused(commands.WRITTEN_SINCE)
        commands.rewrite(base.id, body, act=act, seen=base.body, note=said["note"])
        return base.id
    if _says_the_same(base, body):
        raise Refused(NOTHING_CHANGED)
    draft = DocumentDraft(kind=base.kind, name=base.name, body=body, note=said["note"])
    sending = once(
        lambda: str(commands.draft([draft], act=act)[0]), sender=act.actor, token=said["token"] or uuid4(),
        body=orjson.dumps(body, option=orjson.OPT_SORT_KEYS), now=act.at,
    )  # fmt: skip
    return int(sending.answer)


def _says_the_same(base: DocumentCard, body: Mapping[str, Any]) -> bool:
    sheet = read(base.kind, body)
    try:
        return bool(sheet == record_of(base))
    except Refused:
        return False


def faults(base: DocumentCard, body: Mapping[str, Any]) -> Iterator[Refusal]:
    """What would be refused if a body that can be read were published."""
    if base.kind != TEMPLATE:
        yield from queries.what_if(base.kind, base.name, body)
        return
    try:
        html = compile_mjml(body["mjml"])
    except Refused as refused:
        yield from refused.refusals
        return
    yield from template_faults(read(base.kind, body), html)
