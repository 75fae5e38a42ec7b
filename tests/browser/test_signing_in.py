"""Staff sign in, in a real browser: app, recovery codes, passkeys, too many wrong tries, a role that must have more."""

import re
import time
from datetime import UTC, datetime

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.kernel.acts import Act
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.clause("ROL-1")]
PASSWORD = "seven-green-apples"
MAX = "max@milepost.example"
OPEN = (
    "accounts/password/reset/", "accounts/password/reset/done/", "accounts/password/reset/key/1-x/", "accounts/inactive/",
    "accounts/signup/",
)  # fmt: skip
CLOSED = (
    "accounts/password/change/", "accounts/2fa/recovery-codes/", "accounts/2fa/recovery-codes/generate/",
    "accounts/reauthenticate/", "accounts/2fa/reauthenticate/", "desk/access/", "desk/access/roles/",
)  # fmt: skip


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


def hire(role: str = "management") -> None:
    access.join(email=MAX, name="Max", roles=[role], password=PASSWORD, act=now())


def give_password(page: Page, url: str, password: str = PASSWORD, to: str = "/desk/me/") -> None:
    page.goto(f"{url}/accounts/login/?next={to}")
    page.get_by_label("E-mail").fill(MAX)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def set_up_app(page: Page) -> tuple[str, list[str]]:
    """Set up an authenticator app from the account; its secret and the recovery codes."""
    page.get_by_role("link", name="Set up an authenticator app").click()
    expect(page.get_by_role("img", name=re.compile("Code to scan"))).to_be_visible()
    secret = page.locator("code.secret").inner_text()
    assert flaws(page) == []
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert flaws(page) == []
    return secret, page.locator("ul.codes li").all_inner_texts()


def a_key(page: Page) -> None:
    """A passkey in the browser itself, as Chromium plays one for tests."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_an_authenticator_app_and_then_a_recovery_code(
    live_server: LiveServer, opened: OpenPage, screen: dict[str, int]
) -> None:
    hire()
    page = opened(screen)
    give_password(page, live_server.url)
    assert flaws(page) == []
    _secret, codes = set_up_app(page)
    assert len(codes) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 left")).to_be_visible()
    assert flaws(page) == []
    other = opened(screen)
    give_password(other, live_server.url)
    expect(other.get_by_role("heading", level=1)).to_have_text("One more step")
    assert flaws(other) == []
    other.get_by_label("Code").fill("000000")
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_text("That is not right")).to_be_visible()
    assert flaws(other) == []
    other.get_by_label("Code").fill(codes[0])
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_text("9 left")).to_be_visible()


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_a_passkey_is_added_signs_in_alone_is_named_and_removed(
    live_server: LiveServer, opened: OpenPage, screen: dict[str, int]
) -> None:
    hire("fulfilment")
    page = opened(screen)
    a_key(page)
    give_password(page, live_server.url)
    page.get_by_role("link", name="Add a passkey").click()
    assert flaws(page) == []
    page.get_by_label("What you call it").fill("My phone")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("cell", name="Passkey: My phone")).to_be_visible()
    page.goto(f"{live_server.url}/accounts/logout/")
    assert flaws(page) == []
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/accounts/login/?next=/desk/me/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    page.get_by_role("link", name="Name My phone").click()
    assert flaws(page) == []
    page.get_by_label("Name").fill("Old phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old phone").click()
    assert flaws(page) == []
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("Passkey: Old phone")).not_to_be_visible()


def test_a_passkey_is_the_second_step_after_the_password(live_server: LiveServer, opened: OpenPage) -> None:
    hire("fulfilment")
    page = opened(DESK)
    a_key(page)
    give_password(page, live_server.url)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Sign in with it alone").uncheck()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="I have kept them").wait_for()
    page.context.clear_cookies()
    give_password(page, live_server.url)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")


def test_where_no_passkey_answers_the_page_says_so_in_words(live_server: LiveServer, opened: OpenPage) -> None:
    page = opened(PHONE)
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))")
    page.goto(f"{live_server.url}/accounts/login/")
    assert flaws(page) == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("did not work")
    assert flaws(page) == []


@pytest.mark.parametrize("scripted", [True, False])
def test_too_many_wrong_tries_are_told_with_their_time(
    live_server: LiveServer, opened: OpenPage, scripted: bool
) -> None:
    hire()
    page = opened(PHONE, java_script_enabled=scripted)
    for _ in range(5):
        give_password(page, live_server.url, "guess")
    expect(page.get_by_role("alert").first).to_contain_text("closed for 15 minutes")
    give_password(page, live_server.url)
    expect(page.get_by_role("alert").first).to_contain_text("closed for 15 minutes")
    if scripted:
        assert flaws(page) == []


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_a_role_that_must_have_a_second_factor_sets_it_up_before_anything_else(
    live_server: LiveServer, opened: OpenPage, screen: dict[str, int], settings
) -> None:
    settings.MFA_ROLES = frozenset({"management"})
    hire()
    page = opened(screen)
    give_password(page, live_server.url, to="/desk/procedures/")
    page.goto(f"{live_server.url}/desk/procedures/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    assert flaws(page) == []
    set_up_app(page)
    page.get_by_role("link", name="I have kept them").click()
    page.goto(f"{live_server.url}/desk/procedures/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Procedures")
    page.goto(f"{live_server.url}/accounts/2fa/totp/deactivate/")
    expect(page.get_by_text("Your role needs a second factor")).to_be_visible()
    assert flaws(page) == []


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_every_other_page_of_the_account_is_without_flaw(
    live_server: LiveServer, opened: OpenPage, screen: dict[str, int]
) -> None:
    hire("administrator")
    page = opened(screen)
    for where in OPEN:
        page.goto(f"{live_server.url}/{where}")
        assert flaws(page) == [], where
    give_password(page, live_server.url)
    set_up_app(page)
    for where in CLOSED:
        page.goto(f"{live_server.url}/{where}")
        assert flaws(page) == [], where
    page.goto(f"{live_server.url}/desk/access/")
    page.get_by_role("table").get_by_role("link", name="Max").click()
    expect(page.get_by_role("heading", name="How they sign in")).to_be_visible()
    assert flaws(page) == []
