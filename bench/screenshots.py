"""Pictures of the key pages of a running Milepost with the demo company, for the documentation.

    python bench/screenshots.py [--url http://127.0.0.1:8000] [--folder docs/screenshots]

Needs playwright and Chromium (/usr/bin/chromium, or --chromium PATH).
"""

import argparse
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE = {"width": 1200, "height": 860}, {"width": 390, "height": 844}
ORDERS_FILE = (
    "order;item;quantity;customer_name;customer_email;street;postal_code;city;country\n"
    "WEB-1001;POT-24;2;Ada Okafor;ada.okafor@post.example;Ufer 1;10115;Berlin;DE\n"
    "WEB-1001;CANDLE-3;1;;;;;;\n"
    "WEB-1002;NO-SUCH;1;Bruno Keller;bruno.keller@post.example;Hof 2;20095;Hamburg;DE\n"
    "WEB-1003;POT-24;two;Chiara Conti;chiara.conti@post.example;Via Roma 3;20121;Milano;IT\n"
)


def main() -> None:
    """Take them all."""
    asked = _arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        for name, picture in take(browser, asked.url, asked.email, asked.password):
            path = asked.folder / f"{name}.png"
            path.write_bytes(picture)
            print(f"{path}  {len(picture) // 1000} kB")
        browser.close()


def take(browser: Browser, url: str, email: str, password: str):
    """Each picture with its name."""
    page = _signed_in(browser, url, email, password, DESKTOP, "light")
    yield "my-desk", page.screenshot()
    page.goto(f"{url}/desk/orders/?show=all")
    yield "orders", page.screenshot()
    by_stage = {
        stage: _order_in(page, url, stage) for stage in ("in_transit", "out_for_delivery", "delivered", "confirmed")
    }
    page.goto(url + by_stage["in_transit"])
    yield "order", page.screenshot()
    page.goto(f"{url}/desk/orders/import/")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "orders.csv", "mimeType": "text/csv", "buffer": ORDERS_FILE.encode()}
    )
    page.get_by_role("button", name="Check the file").click()
    yield "import", page.screenshot()
    page.goto(f"{url}/desk/orders/new/")
    _typed(page, "okafor", "candle", "2", "pot", "1")
    yield "phone-order", page.screenshot(full_page=True)
    page.goto(url + _order_in(page, url, "received") + "questions/")
    yield "questions", page.screenshot()
    page.goto(f"{url}/mailbox/")
    page.get_by_role("link", name="is on its way").first.click()
    page.wait_for_load_state("networkidle")
    yield "message", page.screenshot()
    for language, said in (("de", "ist bestätigt"), ("ar", "تم تأكيد طلبكم")):
        page.goto(f"{url}/mailbox/")
        while not page.get_by_role("link", name=said).count():
            page.get_by_role("link", name="Older").click()
        page.get_by_role("link", name=said).first.click()
        page.wait_for_load_state("networkidle")
        yield f"letter-{language}", page.screenshot()
    links = {stage: _tracking_link(page, url, where) for stage, where in by_stage.items()}
    dark = _signed_in(browser, url, email, password, DESKTOP, "dark")
    dark.goto(url + by_stage["delivered"])
    yield "order-dark", dark.screenshot()
    narrow = _signed_in(browser, url, email, password, PHONE, "light")
    yield "my-desk-phone", narrow.screenshot()
    for stage, colours in (("out_for_delivery", "light"), ("delivered", "light"), ("confirmed", "dark")):
        phone = browser.new_context(viewport=PHONE, color_scheme=colours, device_scale_factor=1.5).new_page()
        phone.goto(links[stage])
        yield f"tracking-{stage.replace('_', '-')}", phone.screenshot()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000", type=lambda url: url.rstrip("/"))
    parser.add_argument("--folder", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--email", default="mona@milepost.example")
    parser.add_argument("--password", default="milepost-demo")
    return parser.parse_args()


def _signed_in(browser: Browser, url: str, email: str, password: str, viewport: dict[str, int], colours: str) -> Page:
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


def _tracking_link(page: Page, url: str, where: str) -> str:
    page.goto(url + where)
    return url + str(page.get_by_role("link", name="The customer’s page").get_attribute("href"))


if __name__ == "__main__":
    main()
