"""Keyboard shortcuts: a page that lists them, for who has no scripts or wants to read them in peace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from milepost.faces.desk import who


@who.needs("duties.read")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """All shortcuts of the desk."""
    return render(request, "desk/keys.html")
