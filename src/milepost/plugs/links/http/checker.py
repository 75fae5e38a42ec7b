"""Look at tracking pages as a reader's browser would, on a guarded line, few at a time."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from milepost.plugs.http import Forbidden, client
from milepost.way.tracking.links.words import Look, LookedAt

TIMEOUT = 10.0
AT_ONCE = 8
MOST_REDIRECTS = 5
AGENT = "Mozilla/5.0 (compatible; Milepost link check)"
GONE = frozenset({404, 410})
KEEPS_ROBOTS_OUT = frozenset({401, 403, 405, 406, 429, 451, 999})
"""The page is there, but not for programs; a reader will see it."""


@dataclass(frozen=True, slots=True)
class HttpLinks:
    """Looks over HTTP; `allowed` are hosts inside our own network that the installation trusts ("127.0.0.1:8099")."""

    allowed: frozenset[str] = frozenset()
    line: Callable[[], httpx.Client] | None = field(default=None, repr=False)

    def look(self, urls: Sequence[str]) -> Mapping[str, LookedAt]:
        """What was found at each address."""
        wanted = list(dict.fromkeys(urls))
        if not wanted:
            return {}
        with self._line() as line, ThreadPoolExecutor(min(AT_ONCE, len(wanted)), thread_name_prefix="links") as pool:
            return dict(zip(wanted, pool.map(lambda url: _look(line, url), wanted), strict=True))

    def _line(self) -> httpx.Client:
        return self.line() if self.line else client(timeout=TIMEOUT, allowed=self.allowed)


def _look(line: httpx.Client, url: str) -> LookedAt:
    """Follow redirects one by one, each on the guarded line; the page itself is not read."""
    here = url
    try:
        for _ in range(MOST_REDIRECTS + 1):
            with line.stream("GET", here, headers={"user-agent": AGENT, "accept": "text/html,*/*;q=0.5"}) as answer:
                if not answer.has_redirect_location:
                    return _verdict(url, here, answer.status_code)
                here = str(httpx.URL(here).join(answer.headers["location"]))
    except Forbidden:
        return LookedAt(look=Look.GONE, detail="it leads where nobody may be sent")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
        return LookedAt(look=Look.GONE, detail="it is no address")
    except httpx.HTTPError as trouble:
        return LookedAt(look=Look.UNSURE, detail=f"nobody answers ({type(trouble).__name__})")
    return LookedAt(look=Look.GONE, detail="it is redirected without end")


def _verdict(asked: str, reached: str, status: int) -> LookedAt:
    if status in GONE:
        return LookedAt(look=Look.GONE, detail=f"the page is not there ({status})")
    if status in KEEPS_ROBOTS_OUT:
        return LookedAt(look=Look.ALIVE, detail=f"the page keeps programs out ({status})")
    if status >= 400:
        return LookedAt(look=Look.UNSURE, detail=f"the page is in trouble ({status})")
    if _is_front_page(asked, reached):
        return LookedAt(look=Look.GONE, detail="it is redirected to the front page")
    return LookedAt(look=Look.ALIVE, detail=str(status))


def _is_front_page(asked: str, reached: str) -> bool:
    """A dead deep link is often redirected to the carrier's front page, which looks alive."""
    before, after = urlsplit(asked), urlsplit(reached)
    return bool(before.path.strip("/")) and not (after.path.strip("/") or after.query or after.fragment)
