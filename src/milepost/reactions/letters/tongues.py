"""Tongues: how a language says days, numbers and sums, and the words that are put together in code (NTF-6).

Days and numbers are as the Unicode Common Locale Data Repository has them, by Babel; words and their plurals stand in gettext
catalogues. A tongue is loaded when the first letter in it is written. Digits are the European ones in every language, so that
numbers read as they stand on parcels and invoices.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

CATALOGUES = Path(__file__).parent / "catalogues"
LANGUAGES = ("en", "de", "es", "fr", "pt", "ar")
PATTERNS = {
    "en": "EEEE, d MMMM y",
    "de": "EEEE, d. MMMM y",
    "es": "EEEE, d 'de' MMMM 'de' y",
    "fr": "EEEE d MMMM y",
    "pt": "d 'de' MMMM 'de' y (EEEE)",
    "ar": "EEEE، d MMMM y",
}
"""CLDR's full dates, but for English, where the day comes first for all the world, and Portuguese, where the weekday has a gender
that "on" would have to agree with."""
GROUPS_FROM = {"es": 5}
"""From how many digits on the whole part of a number is grouped, where it is not from four on (CLDR: minimumGroupingDigits)."""


def later(sentence: str) -> str:
    """Marks a sentence that a tongue says when the letter is written."""
    return sentence


@lru_cache(maxsize=64)
def tongue(language: str) -> "Tongue":
    """The tongue of a language, or of its main language, or English."""
    main = language.replace("_", "-").lower().partition("-")[0]
    return _loaded(main if main in LANGUAGES else "en")


@lru_cache(maxsize=len(LANGUAGES))
def _loaded(language: str) -> "Tongue":
    return Tongue(language)


class Tongue:
    """One language. Called with a sentence in English it says it in its own."""

    def __init__(self, language: str) -> None:
        from babel import Locale  # a letter in this language is being written: 40 ms once

        self.language = language
        self._locale = Locale.parse(language)
        symbols = self._locale.number_symbols["latn"]
        self.decimal, self.group = str(symbols["decimal"]), str(symbols["group"])
        self._points = str.maketrans({".": self.decimal, ",": self.group})
        self._groups_from = GROUPS_FROM.get(language, 4)
        self._catalogue = _catalogue(language)
        self.day: Callable[[date], str] = lru_cache(maxsize=1024)(self._day)
        self.money: Callable[[Decimal, str], str] = lru_cache(maxsize=4096)(self._money)

    def __call__(self, sentence: str) -> str:
        return self._catalogue.gettext(sentence) if sentence else ""

    def plural(self, one: str, many: str, count: int) -> str:
        """The form of a sentence for a number, which stands in it as {count}."""
        return self._catalogue.ngettext(one, many, count).format(count=self.number(Decimal(count)))

    def _day(self, day: date) -> str:
        from babel.dates import format_date

        return format_date(day, PATTERNS[self.language], locale=self._locale)

    def weekdays(self) -> frozenset[str]:
        """The names of the weekdays as they stand in its days."""
        return frozenset(self._locale.days["format"]["wide"].values())

    def months(self) -> frozenset[str]:
        """The names of the months as they stand in its days."""
        return frozenset(self._locale.months["format"]["wide"].values())

    def country(self, code: str) -> str:
        """The name of a country by its code (ISO 3166-1 alpha-2)."""
        return str(self._locale.territories.get(code, code))

    def number(self, amount: Decimal, places: int | None = None) -> str:
        """A number with as many places as it has, or as many as are asked for."""
        written = f"{amount:,f}" if places is None else f"{amount:,.{places}f}"
        whole = written.partition(".")[0].replace(",", "").lstrip("-")
        if len(whole) < self._groups_from:
            written = written.replace(",", "")
        return written.translate(self._points)

    def _money(self, amount: Decimal, currency: str) -> str:
        """1,234.50 EUR; a price of more than two decimals keeps them. The code of ISO 4217 names a currency without doubt."""
        cents = amount.quantize(_CENTS)
        places = 2 if cents == amount else -int(amount.normalize().as_tuple().exponent)
        return f"{self.number(amount, places)} {currency}"


_CENTS = Decimal("0.01")


def _catalogue(language: str) -> NullTranslations:
    path = CATALOGUES / f"{language}.mo"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)
