"""The page of the rooms names every fact that can happen."""

from pathlib import Path

from milepost.kernel.facts import kinds

ROOMS = (Path(__file__).parents[2] / "docs" / "rooms.md").read_text(encoding="utf-8")


def test_every_fact_is_named_on_the_page_of_the_rooms() -> None:
    told = {name for name, kind in kinds().items() if kind.says and ".tests." not in kind.__module__}
    assert "OrderPlaced" in told
    assert sorted(name for name in told if name not in ROOMS) == []
