"""Search by words as people type them: pure pieces of statements over `milepost_plain` (decision 0012).

A column is searched by the words that were typed, in any order and half typed; where nothing has them all, by words that are
alike (pg_trgm), so that typos are forgiven.
"""

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
SHORT = 3
"""A shorter word is looked for at the beginning of words only, or everything would have it."""


def words_in(text: str, most: int = 6) -> list[str]:
    """The words in what was typed, in small letters, without punctuation, each once."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))[:most]


def has_all(plain: str, words: Sequence[str]) -> str:
    """A condition: the text `plain`, which begins with a blank, has each of the words. One value a word.

    What is looked for is reckoned once, in a query of its own, and not for each row.
    """
    return " AND ".join(
        f"{plain} LIKE (SELECT '%%{' ' if len(word) < SHORT else ''}' || milepost_plain(%s) || '%%')" for word in words
    )


def is_like(plain: str, words: Sequence[str]) -> str:
    """A condition: the text has a word like each of the words, by the threshold of the transaction. One value a word."""
    return " AND ".join([f"{plain} %%> (SELECT milepost_plain(%s))"] * len(words))


def likeness(plain: str, words: Sequence[str]) -> str:
    """How like the words the text is: the likeness of the word that is least so. One value a word."""
    each = ", ".join([f"word_similarity((SELECT milepost_plain(%s)), {plain})"] * len(words))
    return f"least({each})"
