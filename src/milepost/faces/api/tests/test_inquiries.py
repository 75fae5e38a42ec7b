"""Inquiries over the API: handed in once, told with their answers."""

from uuid import UUID

import pytest

from milepost.faces.api.tests.conftest import an_order, now_act
from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.words import Channel, Direction, Logged, Reply

pytestmark = pytest.mark.django_db


@pytest.mark.clause("INQ-3")
def test_what_is_handed_in_opens_the_orders_conversation_and_is_told_with_its_answer(shop):
    order = shop.post("orders", an_order()).told["reference"]
    told = shop.post("inquiries", {"inquiries": [{"order": order, "words": "Where is it?", "topic": "status"}]})
    assert told.status_code == 201
    (one,) = told.told["inquiries"]
    assert one["answer_by"]
    talk = UUID(one["conversation"])
    care.answer([Reply(conversation_id=talk, words="On Friday.")], act=now_act())
    care.log(
        [Logged(channel=Channel.NOTE, direction=Direction.NOTE, words="ours", conversation_id=talk)], act=now_act()
    )
    (found,) = shop.get(f"orders/{order}/conversations").told["conversations"]
    assert (found["id"], found["state"], found["topic"], found["answer_by"]) == (str(talk), "answered", "status", None)
    assert [(said["direction"], said["words"]) for said in found["interactions"]] == [
        ("in", "Where is it?"),
        ("out", "On Friday."),
    ]


def test_the_same_call_again_is_answered_from_the_first_and_asks_nothing_twice(shop):
    order = shop.post("orders", an_order()).told["reference"]
    body = {"inquiries": [{"order": order, "channel": "phone", "words": "Hello?"}]}
    first = shop.post("inquiries", body, key="once")
    assert shop.post("inquiries", body, key="once").told == first.told
    assert len(queries.thread(UUID(first.told["inquiries"][0]["conversation"]))) == 1


def test_unknown_orders_and_empty_words_are_refused_with_their_place(shop):
    order = shop.post("orders", an_order()).told["reference"]
    entries = [{"order": order, "words": "?"}, {"order": "nobody", "words": "?"}]
    refused = shop.post("inquiries", {"inquiries": entries})
    assert (refused.status_code, refused.told["errors"][0]["index"]) == (404, 1)
    assert shop.post("inquiries", {"inquiries": [{"order": order, "words": "  "}]}).status_code == 422
    assert shop.get("orders/nobody/conversations").status_code == 404
    assert shop.get(f"orders/{order}/conversations").told["conversations"] == []
