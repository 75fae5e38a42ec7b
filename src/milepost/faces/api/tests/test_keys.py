"""Keys and scopes: nobody without a key, nothing beyond its scopes."""

import pytest

from milepost.faces.api.api import api
from milepost.faces.api.keys import ApiKey
from milepost.faces.api.tests.conftest import Caller, an_order, now_act
from milepost.ground.access.commands import grant_key, revoke_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("plain", ["", "mp_x_y", "mp_", "é", "x" * 5000, "mp_0000000000_" + "a" * 43])
def test_without_a_valid_key_nothing_is_answered(shop, plain):
    nobody = Caller(plain)
    for answer in (
        nobody.get("orders"),
        nobody.get("orders/X/status"),
        nobody.get("kpis"),
        nobody.post("orders", an_order()),
    ):
        assert (answer.status_code, answer.told["errors"][0]["code"]) == (401, "key_missing")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_is_worth_nothing_at_once(shop):
    granted = grant_key(name="gone", scopes=["orders:read"], act=now_act())
    caller = Caller(granted.plain)
    reference = shop.post("orders", an_order()).told["reference"]
    assert caller.get(f"orders/{reference}/status").status_code == 200
    revoke_key(granted.id, act=now_act())
    assert caller.get(f"orders/{reference}/status").status_code == 401
    assert caller.get("orders").status_code == 401


def endpoints():
    """Every operation of the API but the webhook, with the scope that it needs."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                scope = next(
                    (auth.scope for auth in operation.auth_callbacks if isinstance(auth, ApiKey)), "orders:read"
                )
                if "webhooks" not in path:
                    yield operation.methods[0], path.lstrip("/"), scope


@pytest.mark.parametrize(("method", "path", "scope"), sorted(endpoints()))
def test_an_endpoint_is_closed_to_keys_without_its_scope(shop, caller_with, method, path, scope):
    others = {"orders:write", "orders:read", "catalog:write", "stock:write", "tracking:write", "insight:read"} - {scope}
    caller = caller_with(*others, *(["fulfilment:write"] if scope != "fulfilment:write" else []), "backfill")
    path = path.replace("{reference}", "M000")
    answer = caller.get(path) if method == "GET" else caller.post(path, {})
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (403, "scope_missing")
    assert scope in answer.told["errors"][0]["sentence"]
