"""Whom an actor's id means: facts know nobody's name, pages do."""

from collections.abc import Mapping
from dataclasses import dataclass

from milepost.ground.access import queries as access

_OTHERS = {"customer": "Customer", "system": "Milepost"}


@dataclass(frozen=True, slots=True)
class People:
    """Names of staff and of API keys, by their actor ids."""

    names: Mapping[str, str]

    def name(self, actor: str) -> str:
        """A name for an actor; of one that is gone its id."""
        kind, _, which = actor.partition(":")
        if kind == "carrier":
            return f"Carrier {which}".strip()
        return self.names.get(actor) or _OTHERS.get(kind) or actor or "–"

    def staff_name(self, staff_id: int | None) -> str:
        """The name of a member of staff, or nothing."""
        return "" if staff_id is None else self.name(f"staff:{staff_id}")


def people() -> People:
    """Everybody by name. Two statements."""
    names = {card.actor: card.name or card.email for card in access.staff(active_only=False)}
    return People(names | {f"key:{key.id}": f"{key.name} (API)" for key in access.keys()})  # noqa: SIM118 keys of the API
