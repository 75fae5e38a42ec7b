"""Every address and operation, tried as each role, nobody, a customer and with each scope: who comes in is who the tables name.

The addresses come from the resolver and the API itself, so that a new one is tried at once; where nobody has said who may come in,
the first test says what to add. Each try is taken back, so that one does not stand in the way of the next.
"""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from milepost.config import doors
from milepost.config.doors import Door, Operation, Route
from milepost.faces.desk.order.verbs import VERBS
from milepost.faces.desk.staff.permission_table import SAYS
from milepost.faces.desk.who import OWN
from milepost.ground.access import codes, links
from milepost.ground.access import commands as access
from milepost.ground.access.models import Staff
from milepost.ground.access.rules import code_of
from milepost.ground.access.words import CHANGES_NOTHING, PERMISSIONS, ROLES, SCOPES
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ROL-1")]

SIGN_IN = "/accounts/login/"
SAMPLES = {"reference": "M000-000-000", "verb": "pick", "form": "csv", "listing": "orders", "doing": "closing"}
ROUTES = doors.routes()
OF_STAFF = [route for route in ROUTES if route.reads]
OPERATIONS = doors.operations()


def test_it_is_said_of_every_address_who_may_come_in() -> None:
    unsaid = [route.name for route in ROUTES if not route.is_known]
    assert unsaid == [], "name a permission with @who.needs(…), or add the name to OTHERS in config/doors.py"
    assert [one.name for one in OPERATIONS if one.scope not in SCOPES] == [], "give the operation an ApiKey(scope)"


def test_no_name_stands_in_the_tables_that_is_no_address() -> None:
    named = {name for names in doors.OTHERS.values() for name in names} | doors.PERSONAL
    known = {route.name for route in ROUTES}
    assert named <= known | {one.name for one in OPERATIONS}


def test_every_permission_of_every_page_stands_in_the_table_and_has_its_sentence() -> None:
    asked = {one for route in OF_STAFF for one in (route.reads, route.acts)} | {verb.permission for verb in VERBS}
    assert asked - {OWN} <= PERMISSIONS.keys()
    assert SAYS.keys() == PERMISSIONS.keys(), "say in faces/desk/staff/permission_table.py what it lets somebody do"


def test_reading_and_acting_are_apart() -> None:
    """What is posted to asks a permission that acts, but for what one has seen oneself."""
    both = [
        route.name
        for route in OF_STAFF
        if changes_nothing(route.acts) and route.name not in doors.PERSONAL and takes_posts(route)
    ]
    assert both == ["desk:act_on"], "give it acts=…: (of an order, each verb names its own)"


def takes_posts(route: Route) -> bool:
    """Whether the view takes more than GET, asked with a method that decides before anything else is looked at."""
    client = Client(raise_request_exception=False)
    client.force_login(member("administrator"))
    with transaction.atomic():
        answer = client.post(address(route))
        transaction.set_rollback(True)
    return answer.status_code != 405


def changes_nothing(permission: str) -> bool:
    return permission.endswith(".read") or permission in CHANGES_NOTHING


def test_the_auditor_reads_all_and_does_nothing() -> None:
    for name, roles in PERMISSIONS.items():
        assert ("auditor" in roles) == changes_nothing(name), name


def address(route: Route, **samples: object) -> str:
    """The route spelt with values that lead nowhere, or with these."""
    values = {}
    for name, converter in route.pattern.pattern.converters.items():
        kind = type(converter).__name__
        usual = UUID(int=1) if kind == "UUIDConverter" else 987_654_321 if kind == "IntConverter" else "nothing"
        values[name] = samples.get(
            name, SAMPLES.get(name, usual) if kind not in {"UUIDConverter", "IntConverter"} else usual
        )
    if "(?P<" in route.spelt:
        values = {"uidb36": "1", "key": "x-y"}
    return reverse(route.name, kwargs=values)


def member(role: str) -> Staff:
    email = f"{role or 'nobody'}@milepost.example"
    access_act = cast.SHOP
    found = Staff.objects.filter(email=email).first()
    if found is None:
        number = access.join(email=email, name=role or "Newcomer", roles=[role] if role else [], act=access_act)
        found = Staff.objects.get(pk=number)
    return found


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are worked out and not drawn: who may see them is decided by then, and it takes a third of the time."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_args, **_more: "")


def tried(client: Client, method: str, where: str, **more: object) -> HttpResponse:
    """The answer, with what was done taken back, here and in the browser."""
    cookies = client.cookies.output()
    with transaction.atomic():
        answer: HttpResponse = client.generic(method, where, **more)  # type: ignore[assignment]
        transaction.set_rollback(True)
    if client.cookies.output() != cookies:
        client.cookies = SimpleCookie(cookies.replace("Set-Cookie: ", ""))
    return answer


def came_in(answer: HttpResponse, where: str) -> bool:
    assert answer.status_code < 500, (where, answer.status_code)
    sent_away = answer.status_code == 302 and answer.headers["Location"].startswith((SIGN_IN, "/shop/sign-in/"))
    return answer.status_code not in {401, 403} and not sent_away


def asked_of(route: Route, method: str) -> str:
    if route.name == "desk:act_on" and method == "POST":
        return next(verb.permission for verb in VERBS if verb.name == SAMPLES["verb"])
    return route.reads if method == "GET" else route.acts


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_role_comes_in_where_the_table_says_and_nowhere_else(role: str, undrawn: None) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(member(role))
    wrong = []
    for route in OF_STAFF:
        for method in ("GET", "POST"):
            permission = asked_of(route, method)
            may = permission == OWN or role in PERMISSIONS[permission]
            if came_in(tried(client, method, address(route)), route.name) != may:
                wrong.append((route.name, method, permission))
    assert wrong == [], str(wrong)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_each_verb_of_an_order_is_refused_to_roles_without_its_permission(verb) -> None:
    cast.stocked()
    cast.ordered()
    reference = reference_of_first_order()
    for role in ROLES:
        client = Client()
        client.force_login(member(role))
        answer = tried(client, "POST", f"/desk/orders/{reference}/{verb.name}/")
        may = role in PERMISSIONS[verb.permission] & PERMISSIONS["orders.read"]
        assert (answer.status_code != 403) == may, role


def reference_of_first_order() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM orders_order LIMIT 1")
        return str(cursor.fetchone()[0])


def test_nobody_is_sent_to_sign_in_by_every_page_of_staff() -> None:
    client = Client()
    for route in [*OF_STAFF, *(one for one in ROUTES if one.door is Door.STAFF)]:
        for method in ("GET", "POST"):
            answer = tried(client, method, address(route))
            to = answer.headers.get("Location", "")
            assert to.startswith(SIGN_IN) or answer.status_code == 403, (route.name, answer.status_code, to)


def test_everybody_comes_in_where_it_says_everybody() -> None:
    for route in (one for one in ROUTES if one.door is Door.EVERYBODY):
        answer = tried(Client(raise_request_exception=False), "GET", address(route))
        assert answer.status_code in {200, 301, 302, 304, 404, 405}, (route.name, answer.status_code)


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_pages_of_customers_are_closed_to_staff_whatever_their_role(role: str, undrawn: None) -> None:
    client = Client()
    client.force_login(member(role))
    for route in (one for one in ROUTES if one.door is Door.CUSTOMER):
        for method in ("GET", "POST"):
            answer = tried(client, method, address(route))
            assert not came_in(answer, route.name) or answer.status_code == 405, (route.name, method)


def customer() -> Client:
    """Ada, who signed in by the code that was sent to her."""
    client = Client()
    cast.stocked()
    cast.ordered()
    client.post("/shop/sign-in/", {"email": "ada@okafor.example"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM access_sign_in")
        (number,) = cursor.fetchone()
    answer = client.post("/shop/sign-in/code/", {"code": code_of(number, codes._secret())})
    assert answer.status_code == 302
    return client


def test_a_customer_comes_in_at_customers_pages_and_at_no_page_of_staff_or_machines() -> None:
    client = customer()
    for route in (one for one in ROUTES if one.door is Door.CUSTOMER):
        assert came_in(tried(client, "GET", address(route)), route.name), route.name
    for route in OF_STAFF:
        assert not came_in(tried(client, "GET", address(route)), route.name), route.name
    for one in OPERATIONS:
        assert called(client, one, "").status_code == 401, one


FORGED = "A" * 39


def test_a_forged_link_leads_nowhere_and_looks_like_any_other_wherever_it_is_tried() -> None:
    answers = {}
    for route in (one for one in ROUTES if one.door is Door.LINK):
        for token in (FORGED, "x", "B" * 44):
            for method in ("GET", "POST"):
                answer = tried(Client(raise_request_exception=False), method, address(route, token=token, number=1))
                if answer.status_code != 405:
                    answers[route.name, token, method] = answer.status_code
    assert set(answers.values()) == {404}, {key: status for key, status in answers.items() if status != 404}


PURPOSE = {"portal:alternatives": "alternatives", "portal:questions": "questions", "portal:feedback_page": "feedback"}


def test_the_right_link_opens_its_own_pages_and_one_of_another_purpose_does_not() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    purposes = ("track", "alternatives", "questions", "feedback")
    tokens = {purpose: links.make(purpose, order_id, now=timezone.now()) for purpose in purposes}
    client = Client(raise_request_exception=False)
    for route in (one for one in ROUTES if one.door is Door.LINK):
        wanted = PURPOSE.get(route.name, "track")
        if route.name in {"portal:unsubscribe", "portal:preferences", "portal:preferences_browser"}:
            continue  # links of a message and of a customer: tried beside their pages
        for purpose, token in tokens.items():
            answer = tried(client, "GET", address(route, token=token, number=1))
            if purpose != wanted:
                assert answer.status_code in {404, 405}, (route.name, purpose)
    assert client.get(f"/t/{tokens['track']}/").status_code == 200


def test_peers_who_do_not_sign_are_refused() -> None:
    for route in (one for one in ROUTES if one.door is Door.SIGNATURE):
        where = address(route, source="twilio", provider="mailgun")
        answer = tried(
            Client(raise_request_exception=False), "POST", where, data=b"{}", content_type="application/json"
        )
        assert answer.status_code in {400, 401, 403, 404, 405}, (route.name, answer.status_code)


def called(client: Client, one: Operation, key: str) -> HttpResponse:
    where = one.spelt
    for name in ("reference", "document_id", "answer_id", "number"):
        where = where.replace(f"{{{name}}}", str(UUID(int=1)) if name.endswith("_id") else "M000-000-000")
    headers = {"Idempotency-Key": "walk"} | ({"Authorization": f"Bearer {key}"} if key else {})
    return tried(client, one.method, where, data=b"{}", content_type="application/json", headers=headers)


@pytest.fixture
def keys() -> dict[str, str]:
    """A key of each scope, and one that has none."""
    granted = {scope: access.grant_key(scope, [scope], act=cast.SHOP).plain for scope in SCOPES}
    return granted | {"": access.grant_key("none", [], act=cast.SHOP).plain}


def test_each_operation_of_the_api_opens_to_its_scope_alone(keys: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)
    wrong = []
    for one in OPERATIONS:
        for scope, key in keys.items():
            answer = called(client, one, key)
            assert answer.status_code < 500, (one.name, scope)
            if (answer.status_code not in {401, 403}) != (scope == one.scope):
                wrong.append((one.name, scope, answer.status_code))
    assert wrong == []


def test_without_a_key_the_api_answers_nobody_not_even_staff() -> None:
    boss = Client(raise_request_exception=False)
    boss.force_login(member("administrator"))
    for one in OPERATIONS:
        for client in (Client(raise_request_exception=False), boss):
            assert called(client, one, "").status_code == 401, one.name
            assert called(client, one, "mp_0123456789_forged").status_code == 401, one.name


def everything() -> Iterator[tuple[str, int, str]]:
    """Every table with how many rows it has, and what is in them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I', relname) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            if table not in {"django_session", "access_cache"}:
                cursor.execute(
                    f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
                )
                yield (table, *cursor.fetchone())


def test_the_auditor_is_refused_at_everything_that_changes_something_and_no_byte_changes() -> None:
    cast.stocked()
    cast.ordered()
    client = Client(raise_request_exception=False)
    client.force_login(member("auditor"))
    reference = reference_of_first_order()
    before = {table: rest for table, *rest in everything()}
    for route in OF_STAFF:
        if route.reads == OWN or route.name in doors.PERSONAL:
            continue
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for verb in VERBS if route.name == "desk:act_on" else (None,):
                samples = {"reference": reference} | ({"verb": verb.name} if verb else {})
                answer = client.generic(method, address(route, **samples))
                assert answer.status_code in {403, 405}, (route.name, method, answer.status_code)
    assert {table: rest for table, *rest in everything()} == before
