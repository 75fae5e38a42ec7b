"""A real browser: Debian's Chromium, driven by playwright; where there is none, these tests are skipped."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]
expect.set_options(timeout=15_000)  # two cores are shared by three tests and their browsers


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium is installed")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps a loop in this thread until the very end
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages of their own browsers; in the end none has complained (scripts, styles, policy, missing files)."""
    contexts, complaints = [], []

    def open_page(viewport: dict[str, int], **options: object) -> Page:
        context = browser.new_context(viewport=viewport, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if _complains(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _complains(said: ConsoleMessage) -> bool:
    """A refusal that a page tells its reader (409) is no flaw of the page, though the browser writes it down as one."""
    return said.type == "error" and "status of 409" not in said.text


def signed_in(page: Page, url: str, email: str, password: str) -> Page:
    """Sign in as people do."""
    page.goto(f"{url}/desk/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="My desk").wait_for()
    return page


def flaws(page: Page, *, contrast: bool = True) -> list[str]:
    """What a reader with a screen reader, a keyboard or a small screen would stumble over on this page.

    Our own rules, and axe-core's for WCAG 2.2 A and AA. Contrast is most of the work: a test that opens many pages of the
    same pieces leaves it to /desk/look/, which shows each piece, and to one page of them.
    """
    own: list[str] = page.evaluate(
        """() => {
          const flaws = [];
          for (const what of ["main", "h1", "a.skip"])
            if (document.querySelectorAll(what).length !== 1) flaws.push(`not one ${what}`);
          if (!document.documentElement.lang) flaws.push("no language");
          for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
            if (!field.labels.length) flaws.push(`no label: ${field.name}`);
          for (const one of document.querySelectorAll("button, a"))
            if (!one.textContent.trim() && !one.getAttribute("aria-label")) flaws.push(`no name: ${one.outerHTML}`);
          for (const image of document.querySelectorAll("img:not([alt]), iframe:not([title])")) flaws.push(image.outerHTML);
          const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
          for (const id of ids.filter((id, place) => ids.indexOf(id) !== place)) flaws.push(`twice: #${id}`);
          for (const label of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
            for (const id of (label.getAttribute("aria-labelledby") || label.getAttribute("aria-describedby")).split(" "))
              if (!document.getElementById(id)) flaws.push(`points nowhere: ${id}`);
          let level = 0;
          for (const heading of document.querySelectorAll("h1, h2, h3")) {
            const now = Number(heading.tagName[1]);
            if (now > level + 1) flaws.push(`skips a level: ${heading.textContent}`);
            level = now;
          }
          const width = document.documentElement.scrollWidth;
          if (width > window.innerWidth) flaws.push(`wider than the screen: ${width}`);
          return flaws;
        }"""
    )
    return own + axe(page, contrast=contrast)


@cache
def _axe_core() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def axe(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and its best practices: the rule, what it says, and the pieces of the page."""
    page.evaluate(_axe_core())
    found: list[str] = page.evaluate(
        """async (contrast) => {
          const wanted = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
          const rules = {"color-contrast": {enabled: contrast}};
          const answer = await axe.run(document, {runOnly: {type: "tag", values: wanted}, resultTypes: ["violations"], rules});
          const pieces = (one) => one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ");
          return answer.violations.map((one) => `${one.id}: ${one.help}: ${pieces(one)}`);
        }""",
        contrast,
    )
    return found
