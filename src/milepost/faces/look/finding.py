"""The list of items that are found while somebody types in a row; desk and portal each ask at an address of their own."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from milepost.ground.catalog import queries as catalog

_LIST = re.compile(r"list-\d{1,4}")


def found_items(request: HttpRequest) -> HttpResponse:
    """Options for the list that asked, by the words in its row's field."""
    text = next((str(value) for name, value in request.GET.items() if name.endswith("-item")), "")[:200]
    asking = request.headers.get("HX-Target", "")
    return render(
        request,
        "look/found_items.html",
        {
            "items": catalog.look_up(text), "asked": text.strip(),
            "list": asking if _LIST.fullmatch(asking) else "list",
        },
    )  # fmt: skip
