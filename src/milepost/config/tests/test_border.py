"""Who asks, where proxies stand in front of us."""

from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from milepost.config.border import BehindProxies


def who_asks(said: str | None) -> str:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.META["REMOTE_ADDR"])

    headers = {} if said is None else {"X-Forwarded-For": said}
    return BehindProxies(answer)(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers)).text


@pytest.mark.clause("OPS-1")
@pytest.mark.parametrize(
    ("proxies", "said", "who"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (2, "203.0.113.7", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "somebody", "10.0.0.1"),
    ],
)
def test_who_asks_is_whom_the_outermost_of_our_proxies_saw(
    proxies: int, said: str | None, who: str, settings: Any
) -> None:
    settings.PROXIES = proxies
    assert who_asks(said) == who


def test_nobody_is_believed_where_no_proxy_is_ours(settings: Any) -> None:
    settings.PROXIES = 0
    with pytest.raises(MiddlewareNotUsed):
        who_asks("203.0.113.7")
