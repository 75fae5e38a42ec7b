"""What links need from outside: somebody who looks at pages."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from milepost.way.tracking.links.words import LookedAt


class LinkChecker(Protocol):
    """Looks at pages as a reader would, politely, and never into our own network."""

    def look(self, urls: Sequence[str]) -> Mapping[str, LookedAt]:
        """What was found at each address; every address given is answered."""
        ...


_checkers: list[LinkChecker] = []


def use(checker: LinkChecker | None) -> None:
    """Have `checker` look at links; `config/wiring` calls this at start. Without one none are built, and nobody waits."""
    _checkers[:] = [checker] if checker else []


def checker() -> LinkChecker | None:
    """Who looks at links, or None."""
    return _checkers[0] if _checkers else None
