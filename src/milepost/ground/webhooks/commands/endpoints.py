"""Open, pause, resume and close subscriptions, and renew their secrets."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.ground.webhooks import rules
from milepost.ground.webhooks.facts import EndpointOpened, EndpointPaused, EndpointResumed, SecretRotated
from milepost.ground.webhooks.models import Delivery, Endpoint
from milepost.ground.webhooks.words import EndpointDraft, OpenedEndpoint, Standing, State
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refused, refuse_any
from milepost.kernel.texts import printable


def open_endpoints(drafts: Sequence[EndpointDraft], *, known: Collection[str], act: Act) -> list[OpenedEndpoint]:
    """Tell these addresses of what happens from now on. Each secret is in the answer and nowhere else.

    Refuses, by index, `bad_address` and `unknown_type`.
    """
    trusted = settings.TRUSTED_HOSTS
    refuse_any(
        refusal.at(index=index)
        for index, draft in enumerate(drafts)
        for refusal in rules.refusals(draft, known=known, trusted=trusted)
    )
    rows = [
        Endpoint(
            id=new_id(), url=draft.url, name=printable(draft.name, 100), types=sorted(set(draft.types)), opened_at=act.at
        )
        for draft in drafts
    ]  # fmt: skip
    with journal.together():
        journal.insert(rows)
        journal.record([EndpointOpened(endpoint_id=row.id, types=tuple(row.types)) for row in rows], act=act)
    return [OpenedEndpoint(id=row.id, secret=_secret(row.id, 1)) for row in rows]


def rotate(endpoint_id: UUID, *, act: Act) -> OpenedEndpoint:
    """Give a subscription a new secret; the former one signs beside it for as long as the procedure says.

    Refuses `no_subscription`.
    """
    until = act.at + timedelta(hours=procedures.book().webhooks.rotation_hours)
    with journal.together():
        row = _locked(endpoint_id)
        row.generation, row.former_until = row.generation + 1, until
        row.save(update_fields=["generation", "former_until"])
        journal.record([SecretRotated(endpoint_id=row.id, generation=row.generation)], act=act)
    return OpenedEndpoint(id=row.id, secret=_secret(row.id, row.generation))


def pause(endpoint_id: UUID, *, act: Act) -> None:
    """Tell it nothing for the time being; what happens meanwhile waits. Refuses `no_subscription`."""
    with journal.together():
        row = _locked(endpoint_id)
        if row.standing == Standing.ACTIVE:
            stop([row.id], Standing.PAUSED, act=act)


def resume(endpoint_id: UUID, *, act: Act) -> None:
    """Tell it again, at once of all that waits and of what its failing has stopped. Refuses `no_subscription`."""
    with journal.together():
        row = _locked(endpoint_id)
        if row.standing == Standing.ACTIVE:
            return
        Endpoint.objects.filter(id=row.id).update(standing=Standing.ACTIVE, failing_since=None)
        waiting = Delivery.objects.filter(endpoint_id=row.id, state__in=[State.DUE, State.DROPPED])
        waiting.update(state=State.DUE, due_at=act.at, failures=0)
        journal.record([EndpointResumed(endpoint_id=row.id)], act=act)


def close(endpoint_id: UUID, *, act: Act) -> None:
    """Tell it nothing any more. Refuses `no_subscription`."""
    with journal.together():
        stop([_locked(endpoint_id).id], Standing.GONE, act=act)


def stop(endpoint_ids: Sequence[UUID], standing: Standing, *, act: Act) -> None:
    """These endpoints are told nothing; what was on its way to one that is gone is dropped. Two statements and the journal's."""
    with connection.cursor() as cursor:
        cursor.execute(_STOP, [standing.value, list(endpoint_ids), standing.value])
        stopped = [endpoint for (endpoint,) in cursor.fetchall()]
    if standing is Standing.GONE:
        on_their_way = Delivery.objects.filter(endpoint_id__in=stopped, state=State.DUE)
        on_their_way.update(state=State.DROPPED, due_at=None)
    journal.record([EndpointPaused(endpoint_id=one, standing=standing.value) for one in stopped], act=act)


_STOP = """
UPDATE webhooks_endpoint SET standing = %s WHERE id = ANY(%b::uuid[]) AND standing <> %s RETURNING id
"""


def _locked(endpoint_id: UUID) -> Endpoint:
    row = Endpoint.objects.select_for_update().filter(id=endpoint_id).first()
    if row is None:
        raise Refused(replace(rules.NO_ENDPOINT))
    return row


def _secret(endpoint_id: UUID, generation: int) -> str:
    return rules.spelt(rules.secret(settings.SECRET_KEY.encode(), endpoint_id, generation))
