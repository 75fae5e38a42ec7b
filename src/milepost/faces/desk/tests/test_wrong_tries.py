"""Wrong passwords close sign-in for a while: alike for everybody, told with its time, opened by IT support, on record."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.access import commands as access
from milepost.ground.access.models import SignInTries
from milepost.ground.journal.queries import story

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ROL-1")]
MONA, PASSWORD = "mona@milepost.example", "seven-green-apples"
CLOSED = "is closed for 15 minutes. IT support can open it sooner"


@pytest.fixture
def mona_id(db: None) -> int:
    return access.join(email=MONA, name="Mona", roles=["customer_service"], password=PASSWORD, act=now())


def tried(password: str = "guess", *, email: str = MONA) -> str:
    return str(
        Client().post("/accounts/login/", {"login": email, "password": password, "next": "/desk/me/"}, follow=True).text
    )


def test_the_fifth_wrong_try_closes_sign_in_and_then_the_right_password_is_refused_too(mona_id: int) -> None:
    assert all(CLOSED not in tried() for _ in range(4))
    assert CLOSED in tried()
    assert CLOSED in tried(PASSWORD)
    assert [told.kind for told in story(mona_id, stream="staff")] == ["StaffJoined", "SignInLocked"]


def test_it_opens_by_itself_when_the_stated_time_is_over(mona_id: int) -> None:
    for _ in range(5):
        tried()
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    with time_machine.travel(later, tick=False):
        assert CLOSED not in tried()
        assert "How I sign in" in tried(PASSWORD)


def test_known_and_unknown_addresses_are_told_the_same_and_counted_the_same(mona_id: int) -> None:
    said = {}
    for email in (MONA, "nobody@milepost.example", "MONA@milepost.example "):
        SignInTries.objects.all().delete()
        said[email] = [notices(tried(email=email)) for _ in range(6)]
    assert len({str(one) for one in said.values()}) == 1
    assert [told.kind for told in story(0, stream="staff")] == ["SignInLocked"]


def notices(page: str) -> str:
    return page[page.index('role="alert"') :].partition("</div>")[0]


def test_what_was_typed_is_kept_nowhere(mona_id: int) -> None:
    tried(email="my-secret-password@milepost.example")
    row = SignInTries.objects.get()
    assert b"secret" not in bytes(row.digest)
    assert len(bytes(row.digest)) == 32


def test_the_right_password_forgets_earlier_slips(mona_id: int) -> None:
    for _ in range(4):
        tried()
    assert "How I sign in" in tried(PASSWORD)
    assert not SignInTries.objects.exists()


def test_slow_slips_never_close_it(mona_id: int) -> None:
    for hours in range(8):
        with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
            assert CLOSED not in tried()


def test_it_support_opens_it_and_both_see_it_on_record(mona_id: int, signed_in: SignedIn) -> None:
    for _ in range(5):
        tried()
    ivo = signed_in("it_support", name="Ivo")
    assert "closed until" in ivo.get("/desk/access/").text
    where = f"/desk/access/people/{mona_id}/"
    assert signed_in("auditor", name="Ida").post(where + "opening/").status_code == 403
    ivo.post(where + "opening/")
    assert "How I sign in" in tried(PASSWORD)
    assert "opened again" in ivo.get(where).text


def test_a_place_that_tries_many_addresses_is_stopped(db: None) -> None:
    client = Client()
    statuses = [
        client.post("/accounts/login/", {"login": f"one{n}@milepost.example", "password": "x"}).status_code
        for n in range(31)
    ]
    assert statuses == [200] * 30 + [429]
    assert "Wait a minute" in client.post("/accounts/login/", {"login": MONA, "password": "x"}).text
