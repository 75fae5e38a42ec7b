"""The corpus of mail: nothing is ever wrongly accepted, and most of what may be accepted is (docs/mail.md has the figures)."""

import pytest

from tests.corpus.reading import HALVES, messages, score


@pytest.mark.clause("VER-1", "VER-3")
@pytest.mark.parametrize("half", HALVES)
def test_no_message_is_accepted_that_a_careful_clerk_would_look_at(half: str):
    assert score(half).wrongly_accepted == []


@pytest.mark.parametrize(
    ("half", "fields", "accepted", "kinds"), [("tuned", 0.93, 0.9, 0.97), ("held_out", 0.9, 0.85, 0.95)]
)
def test_most_is_read_and_most_of_what_may_be_accepted_is(half: str, fields: float, accepted: float, kinds: float):
    found = score(half)
    assert found.exact / found.fields >= fields
    assert found.accepted / found.acceptable >= accepted
    assert found.right_kind / found.messages >= kinds


def test_the_corpus_is_large_and_half_of_it_is_held_out():
    sizes = {half: len(list(messages(half))) for half in HALVES}
    assert sum(sizes.values()) >= 200
    assert 0.45 <= sizes["held_out"] / sum(sizes.values()) <= 0.55
    assert len({message.name for half in HALVES for message in messages(half)}) == sum(sizes.values())
