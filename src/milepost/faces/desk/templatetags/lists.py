"""What the one template of all lists needs: a value by its name, a cell of a row."""

from collections.abc import Mapping
from typing import Any

from django import template

from milepost.faces.desk.lists.words import Column

register = template.Library()


@register.filter
def of(search: Mapping[str, str], key: str) -> str:
    """What was searched by this name; nothing where it was not."""
    return search.get(key, "")


@register.filter
def text_of(column: Column, row: Any) -> str:
    """What the column says of the row."""
    return column.text(row)
