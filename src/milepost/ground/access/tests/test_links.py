"""Signed links."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.ground.access import links
from milepost.ground.access.rules import LinkClaim, open_link, seal_link
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACT = Act.now("staff:1", channel="desk", now=NOW)
SECRET = b"a secret of the tests"


@given(st.binary(max_size=50) | st.text(max_size=50).map(str.encode))
def test_no_made_up_token_is_ours(noise):
    assert open_link(noise.decode("latin-1"), SECRET) is None


@given(st.integers(0, 2**63 - 1), st.integers(0, 65535), st.dates(date(2026, 1, 1), date(2100, 1, 1)))
def test_a_token_says_what_was_sealed_and_shows_nothing(order_id, generation, expires_on):
    claim = LinkClaim(1, order_id, generation, expires_on)
    token = seal_link(claim, SECRET)
    assert open_link(token, SECRET) == claim
    assert open_link(token, b"another secret") is None
    assert len(token) == 39


@given(st.integers(0, 38), st.sampled_from("abcXYZ019-_"))
def test_a_token_with_any_other_character_is_not_ours(place, character):
    token = seal_link(LinkClaim(1, 7, 0, date(2026, 9, 1)), SECRET)
    forged = token[:place] + character + token[place + 1 :]
    assert (open_link(forged, SECRET) is None) == (forged != token)


def test_neighbouring_orders_have_tokens_without_likeness():
    one, two = (seal_link(LinkClaim(1, number, 0, date(2026, 9, 1)), SECRET) for number in (7, 8))
    assert sum(a == b for a, b in zip(one, two, strict=True)) < 12


@pytest.mark.django_db
@pytest.mark.clause("TRK-3")
def test_a_link_opens_its_order_until_it_expires(django_assert_num_queries):
    with django_assert_num_queries(0):
        token = links.make("track", 7, now=NOW, fresh=True)
    assert links.make("track", 7, now=NOW) == token
    with django_assert_num_queries(1):
        assert links.open(token, "track", now=NOW + timedelta(days=180)) == 7
    with pytest.raises(Refused) as refused:
        links.open(token, "track", now=NOW + timedelta(days=181))
    assert (refused.value.refusals[0].code, refused.value.status) == ("link_unknown", 404)


@pytest.mark.django_db
def test_forged_revoked_and_misused_links_are_refused_alike(django_assert_num_queries):
    revoked, other = links.make("track", 7, now=NOW), links.make("track", 8, now=NOW)
    links.revoke(7, "track", act=ACT)
    for token, purpose in (
        (revoked, "track"),
        (other, "feedback"),
        ("no token at all", "track"),
        ("", "track"),
        ("é" * 39, "track"),
    ):
        with django_assert_num_queries(1), pytest.raises(Refused) as refused:
            links.open(token, purpose, now=NOW)
        assert (refused.value.refusals[0].code, refused.value.status) == ("link_unknown", 404)
    assert links.open(other, "track", now=NOW) == 8


@pytest.mark.django_db
def test_after_revoking_a_new_link_opens_and_stays_revocable():
    for _ in range(2):
        links.revoke(7, "track", act=ACT)
        token = links.make("track", 7, now=NOW)
        assert links.open(token, "track", now=NOW) == 7
        assert links.make_all("track", [7, 8], now=NOW)[7] == token
    feedback = links.make("feedback", 7, now=NOW)
    links.revoke(7, "track", act=ACT)
    assert links.open(feedback, "feedback", now=NOW) == 7
