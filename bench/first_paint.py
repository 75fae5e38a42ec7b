"""How soon a customer sees the tracking page: first contentful paint in headless Chromium, with nothing in its cache.

    python -m bench.first_paint
    python -m bench.first_paint --page http://127.0.0.1:8000/t/TOKEN/     of a Milepost that runs already

Each look has a browser context of its own, so that nothing is cached and no connection is open; the page is that of an order with a
parcel that has been scanned six times, a map and a brand's colours. Once more with the processor slowed down four times, as a phone
in the middle of the range has it (for information). Exit code 1 where the median is 500 ms or more.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from bench import shop
from bench.load import drive, post
from bench.serving import own_house, table
from bench.tracking import shipped, story

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
MOST_MS, SLOWER = 500.0, 4
PAINT = """() => new Promise((told) => {
  const answered = () => performance.getEntriesByType("navigation")[0].responseStart;
  const painted = (entries) => entries.find((one) => one.name === "first-contentful-paint");
  const look = (entries) => { const one = painted(entries); if (one) told([one.startTime, answered()]); };
  new PerformanceObserver((list) => look(list.getEntries())).observe({type: "paint", buffered: true});
})"""
BARE = "data:text/html,<!doctype html><h1>A page with nothing but this</h1>"
"""What the browser takes for itself on this machine, at this moment."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--looks", type=int, default=40, help="how often it is looked at (default: %(default)s)")
    parser.add_argument("--page", help="the address of a tracking page of a Milepost that runs already")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    with _page(asked.page) as page, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        looks(browser, page, 3)
        usual, bare = looks(browser, page, asked.looks), looks(browser, BARE, asked.looks)
        slowed = looks(browser, page, asked.looks, slower=SLOWER)
        browser.close()
    lines = [
        ("first contentful paint", _told([paint for paint, _ in usual])),
        ("of it, until the first byte", _told([byte for _, byte in usual])),
        (f"slowed down {SLOWER} times", _told([paint for paint, _ in slowed])),
        ("a bare page, in this run", _told([paint for paint, _ in bare])),
    ]
    table(f"The tracking page with a cold cache, {asked.looks} looks", lines)
    return 1 if statistics.median(paint for paint, _ in usual) >= MOST_MS else 0


@contextmanager
def _page(known: str | None) -> Iterator[str]:
    """The address of a page with everything on it."""
    if known:
        yield known
        return
    with own_house(MILEPOST_BRAND_ACCENT="#8a1c4a") as house:
        shop.furnish(house)
        scans = story(shipped(house, 20))
        calls = [
            post(house, "/tracking/events", {"events": part}, key=f"scan-{n}") for n, part in enumerate(scans[:-1])
        ]
        drive(house, calls, clients=1).must_be(200, 201)
        yield house.url + house.tracking_page()


def looks(browser: Browser, page: str, count: int, *, slower: int = 1) -> list[tuple[float, float]]:
    """Milliseconds until something of the page was painted, and until its first byte came, each time in a context of its own."""
    found = []
    for _ in range(count):
        context = browser.new_context(viewport=PHONE)
        tab = context.new_page()
        if slower > 1:
            context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        answer = tab.goto(page)
        if answer is not None and answer.status != 200:
            raise SystemExit(f"{page} is not there.")
        paint, byte = tab.evaluate(PAINT)
        found.append((float(paint), float(byte)))
        context.close()
    return found


def _told(found: list[float]) -> str:
    ordered = sorted(found)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return f"median {statistics.median(found):.0f} ms, 95 of 100 within {p95:.0f} ms, worst {ordered[-1]:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
