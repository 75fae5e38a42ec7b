"""The corpus of mail: nothing is ever wrongly accepted, and most of what may be accepted is (docs/mail.md has the figures)."""

import pytest

from tests.corpus.reading import PARTS, messages, score


@pytest.mark.clause("VER-1", "VER-3")
@pytest.mark.parametrize("part", PARTS)
def test_no_message_is_accepted_that_a_careful_clerk_would_look_at(part: str):
    assert score(part).wrongly_accepted == []


@pytest.mark.parametrize(
    ("part", "fields", "accepted", "kinds"),
    [("tuned", 0.93, 0.9, 0.97), ("held_out", 0.9, 0.85, 0.95), ("unseen", 0.75, 0.4, 0.92)],
)
def test_most_is_read_and_most_of_what_may_be_accepted_is(part: str, fields: float, accepted: float, kinds: float):
    found = score(part)
    assert found.exact / found.fields >= fields
    assert found.accepted / found.acceptable >= accepted
    assert found.right_kind / found.messages >= kinds


def test_the_corpus_is_large_and_as_much_was_held_out_as_tuned_on():
    sizes = {part: len(list(messages(part))) for part in PARTS}
    assert sum(sizes.values()) >= 350
    assert 0.45 <= sizes["held_out"] / (sizes["held_out"] + sizes["tuned"]) <= 0.55
    assert len({message.name for part in PARTS for message in messages(part)}) == sum(sizes.values())
