"""Things that are made when they are first asked for something, so that a process loads only what it uses."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar, cast

Thing = TypeVar("Thing")


def lately(make: Callable[[], Thing], **known: object) -> Thing:
    """Stands for what `make` returns, which is made at the first question that `known` does not answer."""
    return cast(Thing, _Lately(make, known))


def found(path: str) -> Any:
    """What a path as `package.module:name` names; its module is loaded now."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


class _Lately:
    def __init__(self, make: Callable[[], Any], known: dict[str, object]) -> None:
        self.__dict__.update(known, _make=make)

    def __getattr__(self, name: str) -> Any:
        """Asked only for what is not known: make the thing, and answer from it."""
        thing = self.__dict__.get("_thing")
        if thing is None:
            thing = self.__dict__["_thing"] = self.__dict__["_make"]()
        return getattr(thing, name)
