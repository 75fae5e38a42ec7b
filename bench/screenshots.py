"""Pictures of the key pages of a running Milepost with the demo company, for the documentation.

    python bench/screenshots.py [--url http://127.0.0.1:8000] [--folder docs/screenshots]

Needs playwright and Chromium (/usr/bin/chromium, or --chromium PATH).
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE = {"width": 1200, "height": 860}, {"width": 390, "height": 844}
SCREENS = {"desktop": DESKTOP, "phone": PHONE}
COLOURS = ("light", "dark")
KEY_PAGES = (
    "my-desk", "orders", "order", "conversation", "phone-order", "exceptions", "communication-matrix", "message",
    "tracking-out-for-delivery", "tracking-delivered",
)  # fmt: skip
"""Each is taken on a desktop and on a phone, in light and in dark; docs/pages.md shows all of them."""


def main() -> None:
    """Take them all."""
    asked = _arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        for name, picture in _all(browser, asked):
            path = asked.folder / f"{name}.png"
            path.write_bytes(picture)
            print(f"{path}  {len(picture) // 1000} kB")
        browser.close()
    (asked.folder.parent / "pages.md").write_text(_gallery(asked.folder.name), encoding="utf-8")


def _all(browser: Browser, asked: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    """Each picture with its name."""
    for screen, viewport in SCREENS.items():
        for colours in COLOURS:
            page = signed_in(browser, asked.url, asked.email, asked.password, viewport, colours)
            for name in KEY_PAGES:
                _open(page, asked.url, name)
                yield f"{name}-{screen}-{colours}", page.screenshot()
            page.context.close()
    yield from _others(signed_in(browser, asked.url, asked.email, asked.password, DESKTOP, "light"), asked.url)


def _open(page: Page, url: str, name: str) -> None:
    """Go to a key page and have it show something."""
    if name == "my-desk":
        page.goto(f"{url}/desk/")
    elif name == "orders":
        page.goto(f"{url}/desk/orders/?show=all&q=candle")
    elif name == "order":
        page.goto(url + _order_in(page, url, "in_transit"))
    elif name == "conversation":
        page.goto(f"{url}/desk/conversations/")
        page.locator("main tbody a").first.click()
        page.get_by_role("log").wait_for()
    elif name == "phone-order":
        page.goto(f"{url}/desk/orders/new/")
        _typed(page, "okafor", "candle", "2", "pot", "1")
    elif name == "exceptions":
        page.goto(f"{url}/desk/lists/exceptions/")
    elif name == "communication-matrix":
        page.goto(f"{url}/desk/procedures/")
        page.get_by_role("link", name="Communication matrix").first.click()
    elif name == "message":
        page.goto(f"{url}/mailbox/")
        page.get_by_role("link", name="is on its way").first.click()
    else:
        page.goto(tracking_link(page, url, name.removeprefix("tracking-").replace("-", "_")))
    page.wait_for_load_state("load")
    page.wait_for_timeout(300)


def _others(page: Page, url: str) -> Iterator[tuple[str, bytes]]:
    """What the README shows besides."""
    page.goto(url + _order_in(page, url, "received") + "questions/")
    yield "questions", page.screenshot()
    for language, said in (("de", "ist bestätigt"), ("ar", "تم تأكيد طلبكم")):
        page.goto(f"{url}/mailbox/")
        while not page.get_by_role("link", name=said).count():
            page.get_by_role("link", name="Older").click()
        page.get_by_role("link", name=said).first.click()
        page.wait_for_load_state("networkidle")
        yield f"letter-{language}", page.screenshot()


def _gallery(folder: str) -> str:
    """The page that shows every picture."""
    lines = [
        "# What people see", "",
        "Taken of the demo company by `python bench/screenshots.py`: ten pages on a desktop and on a phone, in light and in dark.",
    ]  # fmt: skip
    for name in KEY_PAGES:
        lines += [
            "", f"## {name.replace('-', ' ').capitalize()}", "", "| | light | dark |", "|---|---|---|",
            *(
                f"| {screen} | " + " | ".join(f"![{name}, {screen}, {c}]({folder}/{name}-{screen}-{c}.png)" for c in COLOURS) + " |"
                for screen in SCREENS
            ),
        ]  # fmt: skip
    return "\n".join([*lines, ""])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000", type=lambda url: url.rstrip("/"))
    parser.add_argument("--folder", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--email", default="mona@milepost.example")
    parser.add_argument("--password", default="milepost-demo")
    return parser.parse_args()


def signed_in(browser: Browser, url: str, email: str, password: str, viewport: dict[str, int], colours: str) -> Page:
    """My desk of somebody who has signed in."""
    page = browser.new_context(viewport=viewport, color_scheme=colours, locale="en-GB").new_page()
    page.goto(f"{url}/desk/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="My desk").wait_for()
    return page


def _order_in(page: Page, url: str, stage: str) -> str:
    page.goto(f"{url}/desk/orders/?show=all&state={stage}")
    return str(page.locator("td a.code").first.get_attribute("href"))


def _typed(page: Page, who: str, *goods: str) -> None:
    """What a clerk types while somebody is on the phone: a customer, then items and quantities in turn."""
    _chosen(page, who)
    for item, quantity in zip(goods[::2], goods[1::2], strict=True):
        _chosen(page, item)
        page.keyboard.type(quantity)
        for _ in range(3):  # over price and instructions to the next line
            page.keyboard.press("Enter")
    page.wait_for_timeout(1000)


def _chosen(page: Page, word: str) -> None:
    page.keyboard.type(word, delay=20)
    page.locator("[role=option]:visible").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)


def tracking_link(page: Page, url: str, stage: str = "out_for_delivery") -> str:
    """The customer's page of an order in this stage; `page` is of somebody who has signed in on the desk."""
    page.goto(url + _order_in(page, url, stage))
    return url + str(page.get_by_role("link", name="The customer’s page").first.get_attribute("href"))


if __name__ == "__main__":
    main()
