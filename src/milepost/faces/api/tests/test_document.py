"""The OpenAPI document: complete, shown without third parties, and obeyed by what is served whatever is sent."""

from itertools import count
from typing import Any

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from milepost.config.wsgi import application
from milepost.faces.api.api import api
from milepost.faces.api.tests.conftest import an_order, furnish_shop, make_caller
from milepost.plugs.carriers.easypost import EasyPost
from milepost.way.tracking import ports

_numbers = count(1)


@pytest.mark.django_db
def test_the_document_is_openapi_3_1_and_shown_without_a_request_to_others(client):
    assert client.get("/api/openapi.json").json()["openapi"].startswith("3.1")
    page = client.get("/api/docs").content.decode()
    assert "swagger" in page
    assert "https://" not in page


def test_everything_in_the_document_is_described():
    document = api.get_openapi_schema(path_prefix="/api/")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (method, path)
            assert operation["tags"], (method, path)
    undescribed = [name for name, shape in document["components"]["schemas"].items() if not shape.get("description")]
    assert undescribed == ["State", "Kind", "Cause"] or not undescribed


def knowing(*, references: list[str]) -> dict[str, Any]:
    """The document, with codes, orders and currencies that there are beside those that there are not, so that what is sent
    comes further than to the first check."""
    document: dict[str, Any] = orjson.loads(
        orjson.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str, option=orjson.OPT_NON_STR_KEYS)
    )
    shapes = document["components"]["schemas"]
    for shape in shapes.values():
        properties = shape.get("properties", {})
        if "order" in properties and "title" in properties["order"]:
            properties["order"] = {"enum": [*references, "NOPE"]}
        if "currency" in properties:
            properties["currency"] = {"enum": ["EUR", "USD"]}
    for name in ("LineIn", "StockReceiptIn", "SupplyIn", "StandInsIn"):
        shapes[name]["properties"]["code"] = {"enum": ["TEA-100", "CUP-2", "USD-1", "NOPE"]}
    for path, methods in document["paths"].items():
        if "{reference}" in path:
            methods["get"]["parameters"][0]["schema"] = {"enum": [*references, "NOPE"]}
    shapes["HoldReleaseIn"]["properties"]["kind"] = {"enum": ["payment", "price", "manual"]}
    shapes["OrderIn"]["properties"]["zone"] = {"enum": ["Europe/Berlin", "Asia/Kathmandu", "Nowhere/Atall"]}
    return document


REFERENCES = ["SHOP-IN-STOCK", "SHOP-ON-HOLD", "SHOP-SHIPPED", "SHOP-DELIVERED"]
schema = schemathesis.openapi.from_dict(knowing(references=REFERENCES))
schema.app = application


@pytest.fixture
def caller(transactional_db, monkeypatch):
    """A key with every scope, and orders in several stages."""
    monkeypatch.setitem(ports._sources, "easypost", EasyPost(secret="secret"))
    furnish_shop()
    caller = make_caller()
    for name in REFERENCES:
        hold = {"payment": {"pending": True}} if name == "SHOP-ON-HOLD" else {}
        assert caller.post("orders", an_order(external_ref=name, **hold)).status_code == 201
    boxes = [{"order": name, "carrier": "own"} for name in REFERENCES[2:]]
    assert caller.post("shipments", {"shipments": boxes}).status_code == 200
    event = {"order": REFERENCES[3], "code": "delivered", "happened_at": "2026-01-01T00:00:00Z"}
    caller.post("tracking/events", {"events": [event]})
    return caller


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_answered_as_documented_and_never_by_a_server_error(case, caller):
    headers = {"Authorization": f"Bearer {caller.plain}"}
    if "Idempotency-Key" in (case.headers or {}):
        headers["Idempotency-Key"] = f"fuzz-{next(_numbers)}"
    case.call_and_validate(
        headers=headers, checks=[not_a_server_error, response_schema_conformance, status_code_conformance]
    )
