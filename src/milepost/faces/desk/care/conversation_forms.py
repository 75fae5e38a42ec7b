"""What staff fill in about a conversation: an answer, a note, what came of a call, to whom it goes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milepost.faces.desk.people import People
from milepost.ground.access.words import ROLES
from milepost.way.care.words import LONGEST, Channel, Direction, Outcome

BY = ((Channel.PHONE, _("By phone")), (Channel.IN_PERSON, _("In person")), (Channel.SMS, _("By text message")))
WAYS = ((Direction.IN, _("They came to us")), (Direction.OUT, _("We went to them")))
CAME_OF_IT = (
    (Outcome.SETTLED, _("All is answered")),
    (Outcome.NEEDS_ANSWER, _("They wait for our answer")),
    (Outcome.NOT_REACHED, _("Nobody was reached")),
    (Outcome.LEFT_WORD, _("Word was left for them")),
)


def _words(label: Any, rows: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}))


class Answer(forms.Form):
    """Our words, and whether we ask something in them."""

    words = _words(_("Answer"), 5)
    waits = forms.BooleanField(label=_("It asks something: the conversation then waits for them"), required=False)


class Note(forms.Form):
    """For us alone."""

    words = _words(_("Note for us alone"), 2)


class Call(forms.Form):
    """A call or a talk, and what came of it."""

    channel = forms.ChoiceField(label=_("How"), choices=BY)
    direction = forms.ChoiceField(label=_("Who began"), choices=WAYS)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=CAME_OF_IT)
    words = _words(_("What was said"), 3)


class HandOver(forms.Form):
    """To a role, or to one of us."""

    to = forms.ChoiceField(label=_("To"))

    def __init__(self, *args: Any, named: People | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(f"role:{role}", label) for role, label in ROLES.items() if role not in ("auditor", "driver")]
        staff = [(key, name) for key, name in (named.names if named else {}).items() if key.startswith("staff:")]
        self.fields["to"].choices = [(_("Roles"), roles), (_("People"), staff)]  # type: ignore[attr-defined]
