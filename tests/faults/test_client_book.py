"""The checker of the exactly-once runs can fail: each rule is shown books that break it, beside books that keep it."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bench.book import BATCH, ORDERS, Answer, Call, Found, Mail, faults, mail_faults

pytestmark = pytest.mark.clause("REC-2")

REUSED = Answer(422, False, json.dumps({"errors": [{"code": "key_reused"}]}).encode())


def placed(*pairs: tuple[str, str], batch: bool = False) -> bytes:
    told = [{"external_ref": tag, "reference": reference} for tag, reference in pairs]
    return json.dumps({"accepted": told} if batch else told[0]).encode()


def call(key: str, *tags: str, path: str = ORDERS, wanted: int = 1, answers: tuple[Answer, ...] = ()) -> Call:
    return Call(key, path, tags, b"POST\r\n\r\n{}", wanted, list(answers))


class Books:
    """One order that was answered twice, two in a batch call, and a key that was used again for another order."""

    def __init__(self) -> None:
        ada, both = placed(("ada", "A-1")), placed(("bruno", "B-1"), ("chiara", "C-1"), batch=True)
        self.ada = call("k1", "ada", wanted=2, answers=(Answer(201, False, ada), Answer(201, True, ada)))
        self.batch = call("k2", "bruno", "chiara", path=BATCH, answers=(Answer(200, True, both),))
        self.other = call("k1", "ada-other", answers=(REUSED,))
        self.orders = [("ada", "A-1"), ("bruno", "B-1"), ("chiara", "C-1")]
        self.stored = {"k1": ada, "k2": both}

    def faults(self) -> list[str]:
        return faults([self.ada, self.batch, self.other], Found(self.orders, self.stored))


def test_books_that_agree_are_without_fault():
    assert Books().faults() == []


def lost(books: Books) -> None:
    books.orders.remove(("chiara", "C-1"))


def twice(books: Books) -> None:
    books.orders.append(("ada", "A-2"))


def same_reference(books: Books) -> None:
    books.orders[1] = ("bruno", "A-1")


def another_reference(books: Books) -> None:
    books.orders[0] = ("ada", "A-9")


def nobody_was_told(books: Books) -> None:
    books.orders.append(("dora", "D-1"))


def effect_of_the_refused(books: Books) -> None:
    books.orders.append(("ada-other", "A-2"))


def one_byte_more(books: Books) -> None:
    books.ada.answers[1] = Answer(201, True, books.ada.answers[0].body + b" ")


def carried_out_anew(books: Books) -> None:
    books.ada.answers[1] = books.ada.answers[0]


def unanswered(books: Books) -> None:
    books.ada.answers.pop()


def both_bodies(books: Books) -> None:
    books.other.answers[0] = Answer(201, False, placed(("ada-other", "A-2")))


def neither_body(books: Books) -> None:
    books.ada.answers[:] = [REUSED, REUSED]


def refused_otherwise(books: Books) -> None:
    books.other.answers[0] = Answer(422, False, json.dumps({"errors": [{"code": "unknown_item"}]}).encode())


def now_and_then(books: Books) -> None:
    books.ada.answers[1] = REUSED


def half_a_batch(books: Books) -> None:
    half = placed(("bruno", "B-1"), batch=True)
    books.batch.answers[0], books.stored["k2"] = Answer(200, False, half), half
    books.orders.pop()


def not_stored(books: Books) -> None:
    del books.stored["k2"]


def stored_otherwise(books: Books) -> None:
    books.stored["k1"] = b"{}"


def stored_for_nobody(books: Books) -> None:
    books.stored["k9"] = b"{}"


@pytest.mark.parametrize(
    ("seed", "told"),
    [
        (lost, "chiara: answered as C-1, but there is no such order"),
        (twice, "ada: placed 2 times"),
        (same_reference, "A-1: the reference of 2 orders"),
        (another_reference, "ada: answered as A-1, but kept as A-9"),
        (nobody_was_told, "dora: an order that nobody was told of"),
        (effect_of_the_refused, "ada-other: an order that nobody was told of"),
        (one_byte_more, "k1: its repetitions were answered with other bytes"),
        (carried_out_anew, "k1: carried out anew for a repetition"),
        (unanswered, "k1: 1 of 2 sendings were answered"),
        (both_bodies, "k1: 2 of its 2 bodies were carried out"),
        (neither_body, "k1: 0 of its 2 bodies were carried out"),
        (refused_otherwise, "k1: answered 422"),
        (now_and_then, "k1: answered differently, [201, 422]"),
        (half_a_batch, "chiara: its call was carried out, but no order was answered"),
        (not_stored, "k2: the stored answer is not the one that was given"),
        (stored_otherwise, "k1: the stored answer is not the one that was given"),
        (stored_for_nobody, "k9: an answer is stored for a key that nobody used"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_seeded_fault_is_found(seed: Callable[[Books], None], told: str):
    books = Books()
    seed(books)
    assert [fault for fault in books.faults() if fault.startswith(told)], books.faults()


GOOD_MAIL = Mail(
    notices={
        "m1": ("sent", "1", "acknowledgement"),
        "m2": ("sent", "1", "receipt_note"),
        "m3": ("unknown", "2", "acknowledgement"),
    },
    arrived=Counter(["m1", "m2", "m3"]),
    asked_about={"m3"},
)


def test_mail_that_arrived_once_is_without_fault_and_what_nobody_knows_is_asked_about():
    assert mail_faults(GOOD_MAIL, orders=2) == []
    assert mail_faults(replace(GOOD_MAIL, arrived=Counter(["m1", "m2"])), orders=2) == []


@pytest.mark.parametrize(
    ("seeded", "told"),
    [
        ({"arrived": Counter(["m1", "m1", "m2"])}, "message m1 arrived 2 times"),
        ({"arrived": Counter(["m1", "m2", "m9"])}, "message m9 arrived, but nobody planned it"),
        ({"arrived": Counter(["m1"])}, "receipt_note of order 1 counts as sent, but never arrived"),
        ({"asked_about": set()}, "acknowledgement of order 2 is unknown, but no duty asks about it"),
        ({"asked_about": {"m1", "m3"}}, "acknowledgement of order 1 is sent, but a duty asks about it"),
        ({"notices": {"m1": ("planned", "1", "acknowledgement")}}, "acknowledgement of order 1 arrived, but counts as planned"),
        ({"notices": {"m4": ("planned", "1", "acknowledgement")}}, "1 acknowledgements are planned"),
        ({"notices": {"m4": ("failed", "2", "acknowledgement")}}, "1 acknowledgements are failed"),
        (
            {"notices": {"m4": ("sent", "1", "acknowledgement")}, "arrived": Counter(["m1", "m4"])},
            "order 1 was acknowledged 2 times",
        ),
        ({"notices": {"m3": ("sent", "1", "acknowledgement")}}, "1 of 2 orders have an acknowledgement"),
    ],
)  # fmt: skip
def test_a_seeded_fault_of_the_mail_is_found(seeded: dict[str, Any], told: str):
    mail = replace(GOOD_MAIL, **{**seeded, "notices": {**GOOD_MAIL.notices, **seeded.get("notices", {})}})
    found = mail_faults(mail, orders=2)
    assert [fault for fault in found if fault.startswith(told)], found


def test_what_waits_for_a_lease_to_pass_is_no_fault_while_nobody_waited_for_it():
    mail = replace(
        GOOD_MAIL, notices={**GOOD_MAIL.notices, "m3": ("sending", "2", "acknowledgement")}, asked_about=set()
    )
    assert mail_faults(replace(mail, waited=False), orders=2) == []
    assert mail_faults(mail, orders=2) == ["1 acknowledgements are sending"]
