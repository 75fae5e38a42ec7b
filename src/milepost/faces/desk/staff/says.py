"""The sentence of a change to somebody's access, with roles as people call them."""

from django.utils.translation import gettext as _

from milepost.ground.access.words import ROLES
from milepost.ground.journal.queries import Told
from milepost.kernel.facts import sentence


def says(told: Told) -> str:
    """What happened, in one sentence."""
    named = {
        field: ", ".join(str(_(ROLES[role])) if role in ROLES else str(role) for role in value) or "–"
        for field, value in told.data.items()
        if isinstance(value, list)
    }
    return sentence(told.kind, told.data | named)
