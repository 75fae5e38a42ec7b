"""What staff fill in when they put off, hand over or close duties."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk.forms import CloseDuty, Instant, SnoozeDuty
from milepost.ground.access import queries as access
from milepost.ground.access.words import ROLES, StaffCard
from milepost.ground.duties.words import DutyCard
from milepost.kernel.refusals import Refusal, Refused

NOT_OF_TEAM = Refusal(
    code="not_of_team", says="{name} does not work in {role}, so the duty would lie on no desk of theirs.",
    do="Hand it to a team of theirs, or choose somebody of this team.", field="to",
)  # fmt: skip
MORNING = time(9)


class HandOver(forms.Form):
    """To which team or person, with a word for them."""

    to = forms.ChoiceField(label=_("To"))
    reason = forms.CharField(label=_("A word for them"), max_length=300, required=False)

    def __init__(self, *args: Any, staff: Sequence[StaffCard] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = {str(card.id): card for card in (access.staff() if staff is None else staff) if card.roles}
        people = [(f"person:{key}", card.name or card.email) for key, card in self.staff.items()]
        teams = [(f"role:{role}", name) for role, name in ROLES.items()]
        choices = [("", "–"), (_("Teams"), teams), (_("People"), people)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def person(self) -> StaffCard | None:
        """The person who was chosen, if it was one."""
        kind, _colon, which = self.cleaned_data["to"].partition(":")
        return self.staff[which] if kind == "person" else None

    def role_for(self, duties: Sequence[DutyCard]) -> str | None:
        """On which desk they lie then: that of the team, or where they lie now. Refuses `not_of_team`."""
        person = self.person()
        if person is None:
            return str(self.cleaned_data["to"].partition(":")[2])
        others = [duty.role for duty in duties if duty.role not in person.roles and "administrator" not in person.roles]
        if others:
            values = {"name": person.name or person.email, "role": ROLES.get(others[0], others[0])}
            raise Refused(Refusal(**{**_fields(NOT_OF_TEAM), "values": values}))
        return None


def _fields(refusal: Refusal) -> dict[str, Any]:
    return {"code": refusal.code, "says": refusal.says, "do": refusal.do, "field": refusal.field}


class Settled(CloseDuty):
    """How a duty was settled that no verb of the order settles."""


class Several(HandOver):
    """Words for what is done with several duties at once; each button needs some of them, and asks for what is missing."""

    until = Instant(label=_("Wait until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="several-%s", **kwargs)
        self.fields["to"].required = False
        self.fields["reason"].label = _("Why, or a word for them")


def empty(duty_key: str, now: datetime, staff: Sequence[StaffCard] | None = None) -> dict[str, forms.Form]:
    """The forms of a duty as they stand before anybody types, by the name of what they do."""
    return {
        "hand_over": HandOver(auto_id=f"hand_over-{duty_key}-%s", staff=staff),
        "snooze": SnoozeDuty(auto_id=f"snooze-{duty_key}-%s", initial={"until": tomorrow_morning(now)}),
        "close": Settled(auto_id=f"close-{duty_key}-%s"),
    }


def tomorrow_morning(now: datetime) -> datetime:
    """When people mostly want to see again what they put off."""
    day = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, MORNING))
