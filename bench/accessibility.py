"""Every page that links lead to in a running Milepost with the demo company, as axe-core sees it.

    python bench/accessibility.py [--url http://127.0.0.1:8000]

As an administrator through the desk and the mailbox, as a customer through the tracking page and what hangs on it: one page of each
address, on a desktop in light and on a phone in dark. Writes docs/accessibility.md; exits with 1 where anything is found.

Needs playwright, axe-playwright-python and Chromium.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Error, Page, sync_playwright

from bench.screenshots import COLOURS, FLAGS, SCREENS, signed_in, tracking_link

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOK = """async (wanted) => {
  const answer = await axe.run(document, {runOnly: {type: "tag", values: wanted}, resultTypes: ["violations"]});
  const found = answer.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 160)}`);
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth) found.push(`wider than the screen: ${width}`);
  return found;
}"""
MOST = 90
OURS = ("/desk", "/mailbox", "/t/", "/track", "/shop", "/accounts")
INTRODUCTION = """\
# Accessibility

axe-core {version} on every page that links lead to in the demo company, on a desktop (1200 px, light) and a phone (390 px,
dark), by the rules for WCAG 2.0 to 2.2, A and AA, and its best practices. Drawn by `python bench/accessibility.py`. The tests in
`tests/browser` ask axe-core too, and try keyboard, focus and reading without scripts.

{pages} pages, {findings} findings.

| page | findings |
|---|---|
"""
ONE_OF_MANY = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\bM[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\b|(?<=/)\d+(?=/)|(?<=/t/)[^/]+(?=/)"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000", type=lambda url: url.rstrip("/"))
    parser.add_argument("--email", default="ivo@milepost.example")
    parser.add_argument("--password", default="milepost-demo")
    parser.add_argument("--all", action="store_true", help="each screen in light and in dark")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    found: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        every = [(screen, colours) for screen in SCREENS for colours in COLOURS]
        for screen, colours in every if asked.all else every[:: len(every) - 1]:
            for path, flaws in _seen(browser, asked, screen, colours, axe):
                found.setdefault(path, []).extend(f"{screen}, {colours}: {flaw}" for flaw in flaws)
        browser.close()
    Path("docs/accessibility.md").write_text(_report(found, axe), encoding="utf-8")
    for path, flaws in found.items():
        for flaw in flaws:
            print(f"{path}  {flaw}")
    print(f"{len(found)} pages, {sum(map(len, found.values()))} findings")
    return 1 if any(found.values()) else 0


def _seen(
    browser: Browser, asked: argparse.Namespace, screen: str, colours: str, axe: str
) -> Iterator[tuple[str, list[str]]]:
    page = signed_in(browser, asked.url, asked.email, asked.password, SCREENS[screen], colours)
    customers = tracking_link(page, asked.url)
    yield from _walked(page, asked.url, ["/desk/", "/mailbox/", "/accounts/password/change/"], axe)
    alone = browser.new_context(viewport=SCREENS[screen], color_scheme=colours, locale="en-GB").new_page()
    yield from _walked(alone, asked.url, [urlsplit(customers).path, "/track/", "/shop/", "/accounts/login/"], axe)
    page.context.close()
    alone.context.close()


def _walked(page: Page, url: str, begin: list[str], axe: str) -> Iterator[tuple[str, list[str]]]:
    """Each address that links lead to once, from these on: what axe finds there."""
    known, ahead = {_kind(path) for path in begin}, list(begin)
    while ahead and len(known) <= MOST:
        path = ahead.pop(0)
        try:
            answer = page.goto(url + path)
        except Error:
            continue  # a file that is downloaded
        if answer is None or "text/html" not in answer.headers.get("content-type", "") or answer.status >= 400:
            if answer is not None and answer.status >= 400:
                yield _kind(path), [f"answered {answer.status}"]
            continue
        page.evaluate(axe)
        yield _kind(path), page.evaluate(LOOK, RULES)
        for link in page.eval_on_selector_all(
            "main a[href], nav a[href], footer a[href]", "all => all.map((one) => one.href)"
        ):
            onward = urlsplit(urljoin(url + path, link))
            if (
                f"{onward.scheme}://{onward.netloc}" == url
                and _is_page(onward.path)
                and _kind(onward.path) not in known
            ):
                known.add(_kind(onward.path))
                ahead.append(onward.path + (f"?{onward.query}" if onward.query else ""))


def _is_page(path: str) -> bool:
    return path.startswith(OURS) and "/logout" not in path and "." not in path.rsplit("/", 1)[-1]


def _kind(path: str) -> str:
    """The address without whose it is."""
    return ONE_OF_MANY.sub("…", path.partition("?")[0])


def _report(found: dict[str, list[str]], axe: str) -> str:
    version = re.search(r"axe v([\d.]+)", axe)
    told = INTRODUCTION.format(
        version=version[1] if version else "", pages=len(found), findings=sum(map(len, found.values()))
    )
    return told + "".join(f"| `{path}` | {'; '.join(flaws) or 'none'} |\n" for path, flaws in sorted(found.items()))


if __name__ == "__main__":
    sys.exit(main())
