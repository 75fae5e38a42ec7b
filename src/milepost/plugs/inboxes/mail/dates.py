"""Days as people write them. A day that can be read in two ways is none."""

import re
from datetime import date, timedelta

from milepost.plugs.inboxes.mail.vocabulary import vocabulary

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|º|er)?\s+(?:de\s+)?([^\W\d_]+)\.?\s+(?:de\s+)?(\d{4})")
NAMED_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
FURTHEST = timedelta(days=730)


def day_in(text: str, today: date) -> date | None:
    """The day that a text names, whole; None where it is none, in doubt, past or far off."""
    found = _day(text.strip().rstrip(".").strip())
    return found if found and today <= found <= today + FURTHEST else None


def _day(text: str) -> date | None:
    if match := ISO.fullmatch(text):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if match := DOTTED.fullmatch(text):
        year = int(match[3])
        return _made(year + 2000 if year < 100 else year, int(match[2]), int(match[1]))
    if match := SLASHED.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if first > 12 >= second or first == second:
            return _made(int(match[3]), second, first)
        return _made(int(match[3]), first, second) if second > 12 >= first else None
    if match := NAMED.fullmatch(text):
        return _made(int(match[3]), vocabulary().months.get(match[2].casefold(), 0), int(match[1]))
    if match := NAMED_FIRST.fullmatch(text):
        return _made(int(match[3]), vocabulary().months.get(match[1].casefold(), 0), int(match[2]))
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
