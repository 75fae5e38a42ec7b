"""Row ids lie in the order in which they were made."""

from milepost.kernel.ids import new_id


def test_ids_of_one_process_rise_and_are_of_version_seven() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert {one.version for one in made} == {7}
