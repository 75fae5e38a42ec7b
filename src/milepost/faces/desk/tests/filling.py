"""A browser without scripts: reads the fields of a form from its page, so that a test can fill them in and press a button."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Form(HTMLParser):
    """The fields of the form with this id, as a browser would send them."""

    def __init__(self, page: str, form_id: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._id, self._inside, self._select, self._text = form_id, False, "", ""
        self._options: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = told.get("id") == self._id
        if not self._inside:
            return
        if tag == "input" and "name" in told and (told.get("type") != "checkbox" or "checked" in told):
            self._add(told["name"], told.get("value", "on" if told.get("type") == "checkbox" else ""))
        if tag == "select":
            self._select, self._options = told["name"], []
        if tag == "option" and self._select:
            self._options.append((told.get("value", ""), "selected" in told))
        if tag == "textarea":
            self._text = told["name"]
            self._add(self._text, "")

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            self._add(self._select, chosen[-1])
            self._select = ""
        if tag == "textarea" and self._text:
            self.fields[self._text][-1] = self.fields[self._text][-1].removeprefix("\n").replace("\n", "\r\n")
            self._text = ""

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


class Draft:
    """A draft that somebody writes on the desk."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.answer: Any = client.get(address)
        self._read()

    def _read(self) -> None:
        self.fields = Form(self.answer.text, "draft").fields

    def press(self, do: str, **more: Any) -> Any:
        """Press a button; the page that comes is the one to go on with."""
        self.answer = self.client.post(self.address, {**self.fields, **more, "do": do})
        if self.answer.status_code != 302:
            self._read()
        return self.answer

    def name(self, ending: str) -> str:
        """The one field whose name ends so."""
        (found,) = self.names(ending)
        return found

    def names(self, ending: str) -> list[str]:
        """The fields whose names end so."""
        return [name for name in self.fields if name.endswith(ending)]

    def type(self, ending: str, *values: str) -> None:
        """Fill in the field whose name ends so."""
        self.fields[self.name(ending)] = list(values)

    def errors(self) -> Iterator[str]:
        """The fields that are marked as wrong."""
        page = self.answer.text
        for piece in page.split('aria-invalid="true"')[:-1]:
            yield piece.rpartition('name="')[2].partition('"')[0]
