"""What an address with https asks of sign-in, and what a demo on one machine does not."""

import subprocess
import sys
from pathlib import Path

import pytest

from milepost.config import environment

SAYS = "from milepost.config import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, *sorted(s.MFA_ROLES))"
"""Cookies for https alone, and the roles that must have a second factor."""


def said(tmp_path: Path, **environ: str) -> str:
    settled = {"MILEPOST_VAR": str(tmp_path), "DATABASE_URL": "postgresql:///x", **environ}
    return subprocess.run(
        [sys.executable, "-c", SAYS], env=settled, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.clause("ROL-1")
def test_with_https_cookies_travel_by_https_alone_and_those_who_manage_need_a_second_factor(tmp_path: Path) -> None:
    assert said(tmp_path, MILEPOST_URL="https://orders.example") == "True True administrator it_support management"
    assert said(tmp_path, MILEPOST_URL="https://orders.example", MILEPOST_MFA_ROLES="none") == "True True"


def test_a_demo_on_one_machine_asks_it_of_nobody_unless_told_to(tmp_path: Path) -> None:
    assert said(tmp_path) == "False False"
    assert said(tmp_path, MILEPOST_MFA_ROLES="logistics, driver") == "False False driver logistics"


def test_a_role_that_there_is_not_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILEPOST_MFA_ROLES", "boss")
    with pytest.raises(environment.Misunderstood, match="boss"):
        environment.roles("MILEPOST_MFA_ROLES", "none")
