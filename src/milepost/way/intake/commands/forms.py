"""Verbs on forms that people have half filled in: keep one for later, drop it, forget what nobody came back to."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from milepost.kernel.acts import Act
from milepost.kernel.facts import canonical
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake.models import TypedForm

MOST_FORMS = 20
TOO_MANY_FORMS = Refusal(
    code="too_many_forms", says="{most} half-typed orders are kept already.", do="Finish or discard one of them first.",
    status=409, values={"most": MOST_FORMS},
)  # fmt: skip


def keep_form(token: UUID, form: Mapping[str, str], *, act: Act) -> None:
    """Keep what the actor has typed so far under the form's token, over what was kept before; nobody else sees it.

    Refuses `too_many_forms`. Two statements. It is no fact: nothing has happened yet.
    """
    others = TypedForm.objects.filter(owner=act.actor).exclude(id=token)
    if others.count() >= MOST_FORMS:
        raise Refused(TOO_MANY_FORMS)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [token, act.actor, canonical(dict(form)).decode(), act.at])


_KEEP = """
INSERT INTO intake_typed_form AS f (id, owner, form, kept_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (id) DO UPDATE SET form = excluded.form, kept_at = excluded.kept_at
WHERE f.owner = excluded.owner AND f.kept_at <= excluded.kept_at
"""


def drop_form(token: UUID, *, act: Act) -> None:
    """Forget a form of the actor: it was sent, or will not be."""
    TypedForm.objects.filter(id=token, owner=act.actor).delete()


def forget_forms(before: datetime) -> int:
    """Delete forms that were last touched before an instant. Returns how many."""
    return TypedForm.objects.filter(kept_at__lt=before).delete()[0]
