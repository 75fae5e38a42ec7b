"""Before a template is signed: does it name only what there is? (NTF-3, REV-1)"""

from collections.abc import Iterator

from milepost.ground.procedures.templating import BadTemplate, Form, compile_text
from milepost.ground.procedures.variables import ANY, TYPES, VOCABULARY
from milepost.ground.procedures.words import TemplateSheet
from milepost.kernel.refusals import Refusal


def template_faults(sheet: TemplateSheet, html: str) -> Iterator[Refusal]:
    """Each place of a template that cannot be written: a tag that is none, a variable that nobody supplies or that is of
    another type, one that it names without declaring it."""
    yield from _declared_wrongly(sheet)
    forms = (("subject", sheet.subject), ("text", sheet.text), ("sms", sheet.sms), ("phone", sheet.phone))
    for field, source in forms:
        yield from _text_faults(field, source, Form(html=False, language=sheet.language), sheet)
    yield from _text_faults("mjml", html, Form(html=True, language=sheet.language), sheet)


def _declared_wrongly(sheet: TemplateSheet) -> Iterator[Refusal]:
    for name, kind in sheet.typed.items():
        if name not in VOCABULARY:
            yield _refusal(
                "no_variable", "No letter is written with {name}.", "variables",
                do="Known: {known}.", name=name, known=", ".join(sorted(VOCABULARY)),
            )  # fmt: skip
        elif kind != ANY and kind not in TYPES:
            yield _refusal(
                "no_type", "There is no type {kind}, which {name} should be of.", "variables",
                do="Known: {known}.", name=name, kind=kind, known=", ".join(sorted(TYPES)),
            )  # fmt: skip
        elif kind not in (ANY, VOCABULARY[name]):
            yield _refusal(
                "other_type", "{name} is of type {known}, not {kind}.", "variables",
                do="Declare it as {known}.", name=name, kind=kind, known=VOCABULARY[name],
            )  # fmt: skip


def _text_faults(field: str, source: str, form: Form, sheet: TemplateSheet) -> Iterator[Refusal]:
    types = {name: VOCABULARY.get(name, ANY) if kind == ANY else kind for name, kind in sheet.typed.items()}
    try:
        unknown = compile_text(source, form, types).unknown
    except BadTemplate as wrong:
        yield _refusal(
            "bad_template", "The {field} cannot be read: {reason}.", field, do="Correct it.", reason=str(wrong)
        )
        return
    for name in sorted(unknown):
        yield _refusal(
            "undeclared", "The {field} names {name}, which is not among the template's variables.", field,
            do="Declare it with its type, or take it out.", name=name,
        )  # fmt: skip


def _refusal(code: str, says: str, field: str, *, do: str, **values: str) -> Refusal:
    return Refusal(code=code, says=says, do=do, field=field, values={"field": field, **values})
