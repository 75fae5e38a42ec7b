"""Who may sign in, and what they may do."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from milepost.ground.access import commands, queries
from milepost.ground.access.models import Staff
from milepost.ground.access.words import CHANGES_NOTHING, EVERYBODY, PERMISSIONS, ROLES, may, permissions_of
from milepost.ground.journal.queries import story
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

ACT = Act.now("staff:1", channel="desk", now=datetime(2026, 3, 2, 9, tzinfo=UTC))


def mona(**more) -> int:
    return commands.join(email="Mona@Example.org", name="Mona Weiss", roles=["customer_service"], act=ACT, **more)


@pytest.mark.clause("ROL-1")
def test_the_auditor_reads_all_and_changes_nothing():
    held = set(permissions_of(["auditor"]))
    assert {name for name in PERMISSIONS if name.endswith(".read")} | CHANGES_NOTHING == held


@pytest.mark.clause("ROL-1")
def test_each_role_has_work_of_its_own_and_nobody_holds_a_permission_that_no_role_has():
    assert all(roles <= EVERYBODY for roles in PERMISSIONS.values())
    assert all(any(True for _ in permissions_of([role])) for role in ROLES)
    assert may(["fulfilment"], "fulfilment.pack")
    assert not may(["customer_service"], "fulfilment.pack")
    assert may(["customer_service", "fulfilment"], "fulfilment.pack")


def test_a_permission_that_is_not_in_the_table_is_a_mistake_and_not_a_no():
    with pytest.raises(KeyError):
        may(["management"], "orders.eat")


@pytest.mark.django_db
def test_staff_sign_in_with_their_e_mail_in_any_case_and_their_password():
    mona(password="correct horse battery")
    request = RequestFactory().post("/")
    for email in ("mona@example.org", "MONA@example.org"):
        signed_in = authenticate(request, email=email, password="correct horse battery")
        assert isinstance(signed_in, Staff)
        assert signed_in.may("orders.read")
    assert authenticate(request, email="mona@example.org", password="wrong") is None


@pytest.mark.django_db
def test_who_has_left_can_neither_sign_in_nor_do_anything():
    staff_id = mona(password="correct horse battery")
    commands.leave(staff_id, act=ACT)
    assert authenticate(RequestFactory().post("/"), email="mona@example.org", password="correct horse battery") is None
    assert not Staff.objects.get(pk=staff_id).may("orders.read")
    assert queries.staff() == []
    commands.come_back(staff_id, act=ACT)
    assert [card.email for card in queries.staff()] == ["mona@example.org"]


@pytest.mark.django_db
def test_without_a_password_nobody_signs_in():
    mona()
    assert authenticate(RequestFactory().post("/"), email="mona@example.org", password="") is None


@pytest.mark.django_db
def test_two_people_cannot_share_an_e_mail_address():
    mona()
    with pytest.raises(Refused) as refused:
        mona()
    assert refused.value.refusals[0].code == "email_taken"
    assert refused.value.status == 409


@pytest.mark.django_db
def test_unknown_roles_are_refused_all_at_once():
    with pytest.raises(Refused) as refused:
        commands.join(email="ivo@example.org", name="Ivo", roles=["king", "it_support", "queen"], act=ACT)
    assert [refusal.values["name"] for refusal in refused.value.refusals] == ["king", "queen"]
    assert Staff.objects.count() == 0


@pytest.mark.django_db
def test_the_last_administrator_stays_one():
    max_id = commands.join(email="max@example.org", name="Max", roles=["administrator"], act=ACT)
    with pytest.raises(Refused, match="Nobody else"):
        commands.leave(max_id, act=ACT)
    with pytest.raises(Refused, match="Nobody else"):
        commands.set_roles(max_id, ["management"], act=ACT)
    commands.join(email="ivo@example.org", name="Ivo", roles=["administrator"], act=ACT)
    commands.set_roles(max_id, ["management"], act=ACT)
    assert Staff.objects.get(pk=max_id).roles == ["management"]


@pytest.mark.django_db
@pytest.mark.clause("RECD-2")
def test_what_happens_to_staff_is_told_without_names():
    staff_id = mona()
    commands.set_roles(staff_id, ["management"], act=ACT)
    told = story(staff_id, stream="staff")
    assert [fact.kind for fact in told] == ["StaffJoined", "RolesChanged"]
    assert "Mona" not in str([fact.data for fact in told])
