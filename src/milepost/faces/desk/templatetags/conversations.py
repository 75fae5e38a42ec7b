"""The forms of a log, for pages that show what was said and have no form of their own."""

from django import forms, template

from milepost.faces.desk.care.conversation_forms import Call, Note

register = template.Library()


@register.simple_tag
def log_forms() -> dict[str, forms.Form]:
    """An empty call and an empty note."""
    return {"call": Call(auto_id="log-call-%s"), "note": Note(auto_id="log-note-%s")}
