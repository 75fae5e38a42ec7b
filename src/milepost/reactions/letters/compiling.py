"""The gettext catalogues of the letters: `milepost words` brings them up to date and compiles them.

Sentences are found in the code (`say("...")`, `later("...")`, `say.plural("one", "many", n)`) and in the parts of letters
(`{% say "..." %}`). What is new stands in each catalogue without translation, and what is gone is gone. Needs no gettext of the
system.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    return read(CATALOGUES / f"{language}.po", language)


def read(path: Path, language: str) -> Catalog:
    """A catalogue as it stands in its file; an empty one where there is none yet."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(known: Catalog, said: Iterable[Sentence], *, of: str) -> Catalog:
    """The catalogue with all that is said now, and nothing else."""
    fresh = Catalog(
        locale=known.locale, project="Milepost", version=of, copyright_holder="The Milepost authors", charset="utf-8",
        header_comment=f"# Words of the {of}.", fuzzy=False,
    )  # fmt: skip
    fresh.creation_date, fresh.revision_date = known.creation_date, known.creation_date
    for sentence in said:
        old = known.get(sentence[0] if isinstance(sentence, tuple) else sentence)
        fresh.add(sentence, old.string if old else None)
    return fresh


def compiled(book: Catalog) -> bytes:
    """A catalogue as the machine reads it."""
    made = io.BytesIO()
    write_mo(made, book)
    return made.getvalue()


def bring_up_to_date() -> dict[str, int]:
    """Renew the letters' catalogues and compile them; how many sentences of each language are without translation."""
    return keep(sentences(), lambda language: CATALOGUES / f"{language}.po", of="letters")


def keep(said: Sequence[Sentence], where: Callable[[str], Path], *, of: str) -> dict[str, int]:
    """Renew the catalogues that stand at these places and compile them beside."""
    lacking = {}
    for language in TRANSLATED:
        path = where(language)
        book = renewed(read(path, language), said, of=of)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, book, width=120, sort_output=True, no_location=True)
        path.with_suffix(".mo").write_bytes(compiled(read(path, language)))
        lacking[language] = sum(not message.string for message in book if message.id)
    return lacking
