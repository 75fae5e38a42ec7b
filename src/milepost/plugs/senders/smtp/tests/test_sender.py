"""The SMTP sender against a real server that can be told how to behave."""

import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from milepost.ground.notices.words import Answer, Letter, Message, Outcome, Result
from milepost.plugs.senders.smtp import SmtpSender
from milepost.plugs.senders.tests.books import NOW, Books


class Server:
    """Accepts mail; `says` maps a recipient's local part to (place, answer)."""

    def __init__(self) -> None:
        self.port = 0
        self.box: list[tuple[str, bytes]] = []
        self.says: dict[str, tuple[str, str]] = {}

    def _answer(self, place: str, address: str) -> str | None:
        where, answer = self.says.get(address.partition("@")[0], ("", ""))
        return answer if where == place else None

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self._answer("rcpt", address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self._answer("data", envelope.rcpt_tos[0])
        if answer == "drop":
            server.transport.close()
            return "250 never heard"
        if not answer:
            self.box.append((envelope.rcpt_tos[0], envelope.content))
        return answer or "250 Taken"


@pytest.fixture
def server() -> Iterator[Server]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sender(port: int, **changes) -> SmtpSender:
    values = {"url": f"smtp://127.0.0.1:{port}", "connections": 1, "timeout": 5} | changes
    return SmtpSender(
        sent_from="orders@shop.example", brand="Shop", reply_to="help@shop.example", clock=lambda: NOW, **values
    )


def message(name: str, lane: int = 1, text: str = "Hi.\n") -> Message:
    letter = Letter(address=f"{name}@example.org", name="", subject=f"For {name}", text=text, html="<p>Hi.</p>")
    return Message(reference=name, lane=lane, letter=letter)


def test_messages_arrive_whole_and_are_told_one_by_one(server: Server):
    books = Books()
    sender(server.port).send([message("ada", text="one\n.\n..two\n"), message("bruno")], books)
    assert books.results == {"ada": Result.SENT, "bruno": Result.SENT}
    assert [to for to, _ in server.box] == ["ada@example.org", "bruno@example.org"]
    assert b"\r\none\r\n.\r\n..two\r\n" in server.box[0][1]


def test_several_connections_keep_the_messages_of_one_lane_in_order(server: Server):
    messages = [message(f"m{number}x{lane}", lane) for number in range(5) for lane in range(8)]
    books = Books()
    sender(server.port, connections=4).send(messages, books)
    assert set(books.results.values()) == {Result.SENT}
    for lane in range(8):
        assert [to for to, _ in server.box if to.endswith(f"x{lane}@example.org")] == [
            f"m{number}x{lane}@example.org" for number in range(5)
        ]


def test_a_refusal_now_or_for_good_concerns_its_message_alone(server: Server):
    server.says = {"later": ("rcpt", "451 4.3.0 Busy"), "never": ("rcpt", "550 5.1.1 <never@example.org> unknown"),
                   "spam": ("data", "554 5.7.1 no")}  # fmt: skip
    books = Books()
    sender(server.port).send([message("later"), message("never"), message("spam"), message("ada")], books)
    assert books.results == {
        "later": Result.DEFERRED, "never": Result.REFUSED, "spam": Result.REFUSED, "ada": Result.SENT,
    }  # fmt: skip
    assert books.told["never"].detail == "550 5.1.1"


def test_what_is_no_address_is_refused_without_asking_the_server(server: Server):
    books = Books()
    wrong = Letter(address="nobody", name="", subject="x", text="x", html="x")
    sender(server.port).send([Message(reference="wrong", lane=1, letter=wrong), message("ada")], books)
    assert books.results == {"wrong": Result.REFUSED, "ada": Result.SENT}
    assert books.handed == ["ada"]


def test_only_the_message_whose_answer_never_came_is_in_doubt(server: Server):
    server.says = {"bruno": ("data", "drop")}
    books = Books()
    sender(server.port).send([message("ada"), message("bruno"), message("chiara")], books)
    assert books.results == {"ada": Result.SENT, "bruno": Result.UNKNOWN, "chiara": Result.SENT}
    assert sender(server.port).lookup(["bruno"]) == {"bruno": Answer.CANNOT_TELL}


def test_a_message_that_another_worker_has_is_dropped_before_its_last_line(server: Server):
    books = Books(lost=frozenset({"ada"}))
    sender(server.port).send([message("ada"), message("bruno")], books)
    assert books.results == {"bruno": Result.SENT}
    assert [to for to, _ in server.box] == ["bruno@example.org"]


def test_a_server_that_is_not_there_is_told_without_handing_over():
    books = Books()
    sender(free_port()).send([message("ada"), message("bruno")], books)
    assert (set(books.results.values()), books.handed) == ({Result.UNREACHABLE}, [])


def test_a_message_that_makes_the_server_hang_up_does_not_stop_the_others(server: Server):
    server.says = {"bruno": ("rcpt", "421 4.3.2 Go away")}
    books = Books()
    sender(server.port).send([message("bruno"), message("ada")], books)
    assert books.results == {"bruno": Result.DEFERRED, "ada": Result.SENT}


def test_a_server_that_always_hangs_up_counts_as_absent(server: Server):
    names = ["ada", "bruno", "chiara"]
    server.says = dict.fromkeys(names, ("rcpt", "421 4.3.2 Go away"))
    books = Books()
    sender(server.port).send([message(name) for name in names], books)
    assert list(books.results.values()) == [Result.DEFERRED, Result.UNREACHABLE, Result.UNREACHABLE]


def test_a_password_is_never_said_on_an_open_line_and_never_shown(server: Server):
    books = Books()
    careful = sender(server.port, url=f"smtp://ada:secret@127.0.0.1:{server.port}")
    careful.send([message("ada")], books)
    assert books.told["ada"] == Outcome(result=Result.UNREACHABLE, detail="SMTPNotSupportedError")
    assert "secret" not in repr(careful)


def test_an_address_of_other_letters_needs_a_server_that_takes_them(server: Server):
    letter = Letter(address="josé@example.org", name="José", subject="Olá", text="Olá\n", html="<p>Olá</p>")
    jose, books = Message(reference="jose", lane=1, letter=letter), Books()
    sender(server.port).send([jose], books)
    assert (books.results, server.box[0][0]) == ({"jose": Result.SENT}, "josé@example.org")
    plain = Controller(Server(), hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
    plain.start()
    sender(plain.port).send([jose, message("ada")], books)
    plain.stop()
    assert books.results == {"jose": Result.REFUSED, "ada": Result.SENT}
