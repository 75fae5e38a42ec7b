"""What a verb for many rows has to be told, and how each is called on the desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk.forms import CANCEL_REASONS, NO_ORDER, carrier_choices, in_words
from milepost.ground.access.words import ROLES
from milepost.ground.parties import queries as parties
from milepost.overview.bulk.verbs import VERBS, BulkVerb
from milepost.way.orders.words import HoldKind

LABELS: Mapping[tuple[str, str], Any] = {
    ("orders", "confirm"): _("Confirm"),
    ("orders", "release"): _("Release a hold"),
    ("orders", "hold"): _("Put on hold"),
    ("orders", "pick"): _("Pick"),
    ("orders", "take"): _("Take their duties"),
    ("orders", "hand_over"): _("Hand their duties over"),
    ("orders", "accept"): _("Record acceptance"),
    ("orders", "close"): _("Close"),
    ("orders", "cancel"): _("Cancel"),
    ("shipments", "ship"): _("Hand over"),
    ("requests", "discard"): _("Discard: they are no orders"),
    ("messages", "send_again"): _("Send again"),
    ("messages", "mark_as_sent"): _("Mark as sent"),
}
DANGER = frozenset({("orders", "cancel"), ("requests", "discard")})


def _long(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), help_text=help_text)


FIELDS: Mapping[str, Any] = {
    "kind": lambda: forms.ChoiceField(
        label=_("Which hold"), choices=[(kind.value, in_words(kind)) for kind in HoldKind]
    ),
    "outcome": lambda: _long(_("How it was settled"), _("It stays on record with each order.")),
    "reason": lambda: _long(_("Why"), _("It stays on record with each row.")),
    "reason_code": lambda: forms.ChoiceField(label=_("Why"), choices=CANCEL_REASONS),
    "no_order": lambda: forms.ChoiceField(label=_("Why"), choices=NO_ORDER),
    "carrier": lambda: forms.ChoiceField(
        label=_("Carrier"),
        choices=carrier_choices(parties.carriers().values()),
        help_text=_("Each parcel gets a number of ours; where the carrier gave numbers, ship on the order's page."),
    ),
    "role": lambda: forms.ChoiceField(label=_("To whom"), choices=list(ROLES.items())),
}


class Telling(forms.Form):
    """The fields that a verb needs, and an optional note for all others."""

    def __init__(self, *args: Any, verb: BulkVerb, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in verb.needs:
            self.fields[name] = FIELDS[name]()
        if not {"reason", "outcome"} & set(verb.needs):
            self.fields["reason"] = forms.CharField(label=_("Note"), max_length=300, required=False)

    def values(self) -> dict[str, str]:
        """What was said, as text."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def verbs_for(listing: str, may: Any) -> list[tuple[BulkVerb, Any]]:
    """The verbs of a list that somebody may say, with their names on the desk."""
    return [(verb, LABELS[listing, verb.name]) for verb in VERBS if verb.listing == listing and may(verb.permission)]
