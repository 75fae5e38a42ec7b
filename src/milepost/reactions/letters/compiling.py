"""The gettext catalogues of the letters: `milepost words` brings them up to date and compiles them.

Sentences are found in the code (`say("...")`, `later("...")`, `say.plural("one", "many", n)`) and in the parts of letters
(`{% say "..." %}`). What is new stands in each catalogue without translation, and what is gone is gone. Needs no gettext of the
system.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from milepost.ground.procedures.templating import PARTS
from milepost.reactions.letters.tongues import CATALOGUES, LANGUAGES

HERE = Path(__file__).parent
KEYWORDS = {"say": None, "later": None, "plural": (1, 2)}
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
_SAID = re.compile(r'{% say "([^"]+)" %}')
Sentence = str | tuple[str, str]


def sentences() -> list[Sentence]:
    """All that is said in code and parts, each once; two forms where it is counted."""
    return sorted(dict.fromkeys([*_in_code(), *_in_parts()]), key=str)


def _in_code() -> Iterator[Sentence]:
    for path in sorted(HERE.glob("*.py")):
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            yield (message[0], message[1]) if isinstance(message, tuple) else message


def _in_parts() -> Iterator[Sentence]:
    for path in sorted(PARTS.iterdir()):
        yield from _SAID.findall(path.read_text(encoding="utf-8"))


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands in its file."""
    path = CATALOGUES / f"{language}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Catalog:
    """The catalogue with all that is said now, and nothing else."""
    known, fresh = catalogue(language), Catalog(
        locale=language, project="Milepost", version="letters", copyright_holder="The Milepost authors", charset="utf-8",
        header_comment="# Words that letters put together in code.", fuzzy=False,
    )  # fmt: skip
    fresh.creation_date, fresh.revision_date = known.creation_date, known.creation_date
    for sentence in sentences():
        old = known.get(sentence[0] if isinstance(sentence, tuple) else sentence)
        fresh.add(sentence, old.string if old else None)
    return fresh


def compiled(book: Catalog) -> bytes:
    """A catalogue as the machine reads it."""
    made = io.BytesIO()
    write_mo(made, book)
    return made.getvalue()


def bring_up_to_date() -> dict[str, int]:
    """Renew all catalogues and compile them; how many sentences of each language are without translation."""
    lacking = {}
    for language in TRANSLATED:
        book = renewed(language)
        with (CATALOGUES / f"{language}.po").open("wb") as file:
            write_po(file, book, width=120, sort_output=True, no_location=True)
        (CATALOGUES / f"{language}.mo").write_bytes(compiled(catalogue(language)))
        lacking[language] = sum(not message.string for message in book if message.id)
    return lacking
