"""What is made late is made once, and only when it is needed."""

from dataclasses import dataclass

import pytest

from milepost.kernel.lately import found, lately


@dataclass(frozen=True)
class Thing:
    """Something that costs to be made."""

    name: str = "thing"

    def says(self) -> str:
        return "made"


def test_it_is_made_once_at_the_first_question_that_is_not_known() -> None:
    made: list[Thing] = []

    def make() -> Thing:
        made.append(Thing())
        return made[-1]

    thing = lately(make, name="thing")
    assert (thing.name, made) == ("thing", [])
    assert (thing.says(), thing.says(), len(made)) == ("made", "made", 1)
    with pytest.raises(AttributeError):
        thing.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_a_path_is_found() -> None:
    assert found("decimal:Decimal").__name__ == "Decimal"
