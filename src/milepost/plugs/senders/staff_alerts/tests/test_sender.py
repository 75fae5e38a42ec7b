"""Alerts to staff by the services of their choice."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from milepost.ground.notices.words import Letter, Message, Outcome, Result
from milepost.plugs.senders.staff_alerts import StaffAlertSender
from milepost.plugs.senders.webpush.tests.test_sender import Books

pytestmark = pytest.mark.clause("NTF-5")


@pytest.fixture
def chat() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A chat that takes what is posted to it, and refuses at /full."""
    got: list[dict[str, str]] = []

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not self.path.startswith("/full"):
                got.append(json.loads(body))
            self.send_response(500 if self.path.startswith("/full") else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Chat)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


def alert(*urls: str, role: str = "it_support") -> Outcome:
    letter = Letter(
        address=f"role:{role}",
        name="",
        subject="Milepost: R-1",
        text="Duty it_repair escalated.\nhttps://x.example/desk/",
        html="",
    )
    books = Books()
    StaffAlertSender(services={"it_support": urls}).send([Message(reference="r", lane=0, letter=letter)], books)
    return books.told["r"]


def test_the_words_reach_the_service_of_the_role(chat):
    url, got = chat
    assert alert(f"{url}/room") == Outcome(result=Result.SENT)
    assert [(one["title"], one["message"]) for one in got] == [
        ("Milepost: R-1", "Duty it_repair escalated.\nhttps://x.example/desk/")
    ]


def test_it_is_out_when_one_of_several_has_it_and_says_how_many(chat):
    url, got = chat
    assert alert(f"{url}/full", f"{url}/room") == Outcome(result=Result.SENT, detail="1 of 2 services took it")
    assert len(got) == 1


def test_where_none_takes_it_it_is_tried_again_later(chat):
    assert alert(f"{chat[0]}/full").result is Result.DEFERRED


def test_an_address_that_nobody_can_read_fails_at_once_and_no_secret_is_told():
    outcome = alert("nonsense-with-secret")
    assert outcome == Outcome(result=Result.REFUSED, detail="no address of a service can be read")


def test_a_role_without_services_is_told_so(chat):
    assert alert(f"{chat[0]}/room", role="management").result is Result.REFUSED
