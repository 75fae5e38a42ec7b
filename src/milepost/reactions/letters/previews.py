"""A template as it would be sent: any version, on a real order, on every channel, before it is signed (REV-1, NTF-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures import variables
from milepost.ground.procedures.proof import template_faults
from milepost.ground.procedures.rules import compile_mjml, read, read_template
from milepost.ground.procedures.words import DocumentCard, TemplateSheet, TemplateVersion
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.sms import Segments, measure
from milepost.reactions.letters import ledger, proofreading, rereading
from milepost.reactions.letters.rendering import CannotRender, render, render_for
from milepost.reactions.letters.rereading import READ_AGAIN
from milepost.reactions.letters.wording import context_of

NO_DOCUMENT = Refusal(code="no_document", says="There is no such template.", do="Look at the list.", status=404)
NO_ORDER = Refusal(
    code="no_order", says="There is no such order.", do="Choose another order to show it on.", status=404
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A letter in all its forms. `faults` are what would be refused at publishing or at sending; what cannot be written is
    empty."""

    name: str
    version: int
    language: str
    subject: str = ""
    html: str = ""
    text: str = ""
    sms: str = ""
    segments: Segments | None = None
    phone: str = ""
    faults: tuple[str, ...] = ()


def preview(document_id: int, order_id: int | None = None, *, now: datetime) -> Preview:
    """One version of a template, drafted or in force, on an order as it stands, or on examples. Refuses `no_document`,
    `no_order` and what cannot be read as a template."""
    card = procedures.document(document_id)
    if card is None or card.kind != "template":
        raise Refused(NO_DOCUMENT)
    return preview_of(card, card.body, order_id, now=now)


def preview_of(card: DocumentCard, body: Mapping[str, Any], order_id: int | None = None, *, now: datetime) -> Preview:
    """The same of what somebody is about to write instead of a version, before it is kept."""
    sheet: TemplateSheet = read("template", body)
    html = sheet.html or compile_mjml(sheet.mjml)
    faults = [refusal.sentence for refusal in template_faults(sheet, html)]
    template = read_template(card.name, card.version, {**body, "html": html})
    about = ledger.read([order_id], now=now, asked=[order_id]) if order_id is not None else {}
    if order_id is not None and order_id not in about:
        raise Refused(NO_ORDER)
    return _shown(card, template, about.get(order_id or 0), faults, now)


def _shown(
    card: DocumentCard, template: TemplateVersion, account: ledger.Account | None, faults: list[str], now: datetime
) -> Preview:
    declared = {name: variables.VOCABULARY.get(name, kind) for name, kind in template.variables.items()}
    examples = {name: variables.example(kind) for name, kind in declared.items() if kind in variables.TYPES}
    words: Mapping[str, Any] = examples
    if account is not None:
        words = {**examples, **context_of(account, procedures.book(), language=template.language, now=now)}
    forms: dict[str, Any] = {}
    try:
        forms["subject"], forms["text"], forms["html"] = render(template, words)
        if account is not None:
            _read_again(template, account, forms, now)
    except CannotRender as wrong:
        faults.append(str(wrong))
    for channel, source in (("sms", template.sms), ("phone", template.phone)):
        try:
            forms[channel] = render_for(channel, template, words)[1] if source else ""
        except CannotRender as wrong:
            faults.append(f"{channel}: {wrong}")
    return Preview(
        name=card.name, version=card.version, language=template.language, **forms, faults=tuple(dict.fromkeys(faults)),
        segments=measure(forms["sms"]) if forms.get("sms") else None,
    )  # fmt: skip


def _read_again(template: TemplateVersion, account: ledger.Account, forms: Mapping[str, str], now: datetime) -> None:
    """As before sending, so that what would be stopped there is seen here."""
    subject, text, html = forms["subject"], forms["text"], forms["html"]
    proofreading.check(template.name, account, subject=subject, text=text, html=html)
    if template.name in READ_AGAIN:
        rereading.reread(
            template.name, account, account.order, account.standing, procedures.book(), subject=subject,
            text=text, html=html, address=account.order.email, language=template.language, now=now,
        )  # fmt: skip
