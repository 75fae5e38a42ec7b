"""API keys."""

from datetime import UTC, datetime

import pytest

from milepost.ground.access import commands, queries
from milepost.ground.access.models import ApiKey
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

pytestmark = pytest.mark.django_db
ACT = Act.now("staff:1", channel="desk", now=datetime(2026, 3, 2, 9, tzinfo=UTC))


def test_a_key_opens_its_scopes_and_its_plain_text_is_kept_nowhere(django_assert_num_queries):
    granted = commands.grant_key("Web shop", ["orders:write", "orders:read"], act=ACT)
    with django_assert_num_queries(1):
        card = queries.key_behind(granted.plain)
    assert card is not None
    assert (card.id, card.name, card.scopes) == (granted.id, "Web shop", {"orders:write", "orders:read"})
    row = ApiKey.objects.get()
    assert granted.plain not in str(vars(row))
    assert granted.plain.split("_", 2)[2] not in str(vars(row))


@pytest.mark.parametrize("spoil", [
    lambda plain: plain[:-1] + ("A" if plain[-1] != "A" else "B"),
    lambda plain: plain[:-1],
    lambda plain: plain.upper(),
    lambda plain: "xx" + plain[2:],
    lambda plain: "",
    lambda plain: "mp_",
    lambda plain: plain + "\x00" * 500,
])  # fmt: skip
def test_a_key_that_is_only_nearly_right_opens_nothing(spoil):
    granted = commands.grant_key("Web shop", ["orders:write"], act=ACT)
    assert queries.key_behind(spoil(granted.plain)) is None


def test_a_revoked_key_opens_nothing_and_revoking_twice_is_no_mistake():
    granted = commands.grant_key("Web shop", ["orders:write"], act=ACT)
    commands.revoke_key(granted.id, act=ACT)
    commands.revoke_key(granted.id, act=ACT)
    assert queries.key_behind(granted.plain) is None
    assert [(key.name, key.revoked_at) for key in queries.keys()]  # noqa: SIM118 no dict == [("Web shop", ACT.at)]


def test_unknown_scopes_and_keys_are_refused():
    with pytest.raises(Refused, match="no scope orders:eat"):
        commands.grant_key("Web shop", ["orders:eat"], act=ACT)
    with pytest.raises(Refused, match="no such key"):
        commands.revoke_key(12345, act=ACT)
