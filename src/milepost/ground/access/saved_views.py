"""Saved views: a list's search and filters under a name, kept for oneself or shared with a role; a list may open with one.

They are how somebody likes to look at things, not what happened, so nothing of them stands in the journal.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from milepost.ground.access.models import FirstView, SavedView
from milepost.ground.access.words import ROLES
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused, refuse_any

MOST_VIEWS = 40
LONGEST_NAME, LONGEST_QUERY = 60, 2000
SHARES_WITH_ALL = frozenset({"administrator", "management"})
"""Who may share a view with roles that are not theirs."""

NO_VIEW = Refusal(code="no_view", says="There is no such view of yours.", do="Look at the list again.", status=404)
NO_NAME = Refusal(
    code="no_name", says="A view needs a name of at most {most} characters.", do="Give it a short name.", field="name",
    values={"most": LONGEST_NAME},
)  # fmt: skip
NAME_TAKEN = Refusal(
    code="name_taken", says="You keep a view of this name for this list already.",
    do="Choose another name, or remove the old view first.", status=409, field="name",
)  # fmt: skip
TOO_MANY_VIEWS = Refusal(
    code="too_many_views", says="You keep {most} views of this list; that is as many as there may be.",
    do="Remove one that you no longer use.", status=409, values={"most": MOST_VIEWS},
)  # fmt: skip
TOO_LONG = Refusal(
    code="view_too_long", says="This search is too long to be kept.", do="Narrow it by fewer words.", field="query"
)
NOT_YOUR_ROLE = Refusal(
    code="not_your_role", says="You can share a view with roles that are yours: {roles}.",
    do="Choose one of them, or keep the view for yourself.", field="role",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewCard:
    """A saved view as a list shows it; `role` is empty for what is not shared, `is_first` of the reader."""

    id: UUID
    listing: str
    name: str
    query: str
    role: str
    owner: str
    is_mine: bool
    is_first: bool


def views_of(staff_id: int, roles: Collection[str], listing: str) -> list[ViewCard]:
    """The views of a list that somebody sees: their own, then those shared with their roles, each by name. One statement."""
    first = FirstView.objects.filter(staff_id=staff_id, view_id=OuterRef("pk"))
    rows = _seen(staff_id, roles, listing).annotate(is_first=Exists(first)).order_by("name", "id")
    cards = [
        ViewCard(
            id=key, listing=listing, name=name, query=query, role=role, owner=owner, is_mine=whose == staff_id, is_first=opens
        )
        for key, name, query, role, opens, whose, owner in rows.values_list(
            "id", "name", "query", "role", "is_first", "staff_id", "staff__name"
        )
    ]  # fmt: skip
    return sorted(cards, key=lambda card: not card.is_mine)


def may_share_with(roles: Collection[str]) -> list[str]:
    """The roles with which somebody of these roles may share a view."""
    return [role for role in ROLES if role in roles or not SHARES_WITH_ALL.isdisjoint(roles)]


def keep(
    listing: str, name: str, query: str, *, staff_id: int, roles: Collection[str], role: str = "", act: Act
) -> UUID:
    """Keep a search under a name. Refuses `no_name`, `view_too_long`, `not_your_role`, `name_taken`, `too_many_views`."""
    refuse_any(_wrong(name, query, role, roles))
    row = SavedView(
        id=new_id(), staff_id=staff_id, listing=listing, name=name.strip(), query=query, role=role, kept_at=act.at
    )
    with transaction.atomic():
        if SavedView.objects.filter(staff_id=staff_id, listing=listing).count() >= MOST_VIEWS:
            raise Refused(TOO_MANY_VIEWS)
        _write(row, new=True)
    return row.id


def change(
    view_id: UUID, *, staff_id: int, roles: Collection[str], name: str, query: str | None = None, role: str, act: Act
) -> None:
    """Give one's own view another name, another search (None: it keeps its own), or share it with another role.

    Refuses `no_view`, and what `keep` refuses.
    """
    with transaction.atomic():
        row = _mine(view_id, staff_id)
        refuse_any(_wrong(name, query or "", role, roles))
        row.name, row.role, row.query, row.kept_at = name.strip(), role, row.query if query is None else query, act.at
        _write(row)


def remove(view_id: UUID, *, staff_id: int, act: Act) -> None:
    """Remove one's own view, for all with whom it was shared. Refuses `no_view`."""
    with transaction.atomic():
        _mine(view_id, staff_id).delete()


def put_first(listing: str, view_id: UUID | None, *, staff_id: int, roles: Collection[str], act: Act) -> None:
    """From now on the list opens with this view, one's own or one that is shared with one; None: as it opens for everybody.

    Refuses `no_view`.
    """
    with transaction.atomic():
        FirstView.objects.filter(staff_id=staff_id, listing=listing).delete()
        if view_id is None:
            return
        if not _seen(staff_id, roles, listing).filter(pk=view_id).exists():
            raise Refused(NO_VIEW)
        FirstView.objects.create(staff_id=staff_id, listing=listing, view_id=view_id)


def _seen(staff_id: int, roles: Collection[str], listing: str) -> QuerySet[SavedView]:
    shared = Q(role__in=sorted(roles)) & ~Q(role="")
    return SavedView.objects.filter(Q(staff_id=staff_id) | shared, listing=listing)


def _mine(view_id: UUID, staff_id: int) -> SavedView:
    row = SavedView.objects.select_for_update().filter(pk=view_id, staff_id=staff_id).first()
    if row is None:
        raise Refused(NO_VIEW)
    return row


def _write(row: SavedView, *, new: bool = False) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=new)
    except IntegrityError as taken:
        raise Refused(NAME_TAKEN) from taken


def _wrong(name: str, query: str, role: str, roles: Collection[str]) -> list[Refusal]:
    named = 0 < len(name.strip()) <= LONGEST_NAME and name.isprintable()
    shared = role == "" or role in may_share_with(roles)
    found = (
        (NO_NAME, not named), (TOO_LONG, len(query) > LONGEST_QUERY or "\x00" in query), (_not_theirs(roles), not shared)
    )  # fmt: skip
    return [refusal for refusal, wrong in found if wrong]


def _not_theirs(roles: Collection[str]) -> Refusal:
    return replace(NOT_YOUR_ROLE, values={"roles": ", ".join(ROLES[role] for role in may_share_with(roles)) or "–"})
