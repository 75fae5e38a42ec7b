"""The message thread on the tracking page, as a customer meets it with and without scripts."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from milepost.ground.access import commands as access
from milepost.ground.access import links
from milepost.ground.duties.models import Duty
from milepost.kernel.acts import Act
from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.words import Channel, Direction, Inquiry, Logged, Reply, State, Topic
from tests import cast

pytestmark = pytest.mark.django_db
LIVE = {"X-Milepost-Talk": "read"}


def act() -> Act:
    return Act.now("key:1", channel="api", now=timezone.now())


@pytest.fixture
def order_id() -> int:
    cast.stocked()
    return cast.ordered(act=act())[0]


@pytest.fixture
def page(order_id: int) -> str:
    return f"/t/{links.make('track', order_id, now=timezone.now())}/"


def answer(talk: UUID, words: str = "On Friday.", name: str = "Mona Meyer") -> None:
    staff = access.join(email=f"{uuid4()}@milepost.example", name=name, roles=["customer_service"], act=act())
    mona = Act.now(f"staff:{staff}", channel="desk", now=timezone.now())
    care.answer([Reply(conversation_id=talk, words=words)], act=mona)


@pytest.mark.clause("INQ-3", "INQ-4")
def test_a_message_is_sent_without_scripts_and_answered_on_the_page(order_id: int, page: str) -> None:
    client = Client()
    assert "within 2 working hours" in client.get(page).text
    answered = client.post(f"{page}messages/", {"words": "Where is it?", "topic": "status", "sending": str(uuid4())})
    assert answered.headers["Location"] == f"{page}#messages"
    (said,) = queries.on_page(order_id)
    assert (said.words, said.channel, said.actor) == ("Where is it?", "portal", "customer")
    assert queries.conversation(said.conversation_id).topic == Topic.STATUS
    assert Duty.objects.filter(kind="answer_inquiry", order_id=order_id, closed_at=None).exists()
    assert "We answer by" in client.get(page).text
    answer(said.conversation_id)
    shown = client.get(page).text
    assert "On Friday." in shown
    assert "Mona" in shown
    assert "Meyer" not in shown, "customers know us by our first names"


def test_the_same_form_sent_twice_is_one_message_and_other_words_are_another(order_id: int, page: str) -> None:
    client, name = Client(), str(uuid4())
    for words in ("Hello?", "Hello?", "Is anybody there?"):
        client.post(f"{page}messages/", {"words": words, "sending": name})
    assert [one.words for one in queries.on_page(order_id)] == ["Hello?", "Is anybody there?"]


@pytest.mark.parametrize(("words", "status", "says"), [("  ", 422, "no words"), ("x" * 2001, 413, "too long")])
def test_what_cannot_be_sent_comes_back_with_what_was_typed(page: str, words: str, status: int, says: str) -> None:
    refused = Client().post(f"{page}messages/", {"words": words})
    assert (refused.status_code, says in refused.text) == (status, True)
    assert words.strip() in refused.text
    live = Client().post(f"{page}messages/", {"words": words}, headers=LIVE)
    assert (live.status_code, says in live.text, "<html" in live.text) == (status, True, False)


def test_too_many_messages_in_an_hour_are_refused_kindly(order_id: int, page: str) -> None:
    earlier = Act.now("customer", channel="portal", now=timezone.now() - timedelta(minutes=5))
    care.receive([Inquiry(channel=Channel.PORTAL, words="?", order_id=order_id) for _ in range(20)], act=earlier)
    refused = Client().post(f"{page}messages/", {"words": "And another"})
    assert refused.status_code == 429
    assert "many messages in a short time" in refused.text
    assert "And another" in refused.text


@pytest.mark.clause("TRK-3")
def test_the_link_shows_nothing_of_mails_calls_and_notes_and_interprets_nothing(order_id: int, page: str) -> None:
    client = Client()
    client.post(f"{page}messages/", {"words": "<b>Hi</b> https://evil.example/"})
    care.receive([Inquiry(channel=Channel.EMAIL, words="I live in Lindenstraße", order_id=order_id)], act=act())
    care.log(
        [Logged(channel=Channel.PHONE, direction=Direction.IN, words="Called at home", order_id=order_id)], act=act()
    )
    care.log([Logged(channel=Channel.NOTE, direction=Direction.NOTE, words="Difficult", order_id=order_id)], act=act())
    shown = client.get(page).text
    for private in ("Lindenstraße", "Called at home", "Difficult", "<b>Hi</b>", 'href="https://evil.example'):
        assert private not in shown
    assert "&lt;b&gt;Hi&lt;/b&gt; https://evil.example/" in shown


def test_the_open_page_asks_for_news_and_is_told_only_what_is_new(order_id: int, page: str) -> None:
    client = Client()
    client.post(f"{page}messages/", {"words": "Hello?"})
    (said,) = queries.on_page(order_id)
    first = client.get(f"{page}messages/?typing=1", headers=LIVE)
    assert "<html" not in first.text
    etag = first.headers["ETag"]
    assert client.get(f"{page}messages/", headers={**LIVE, "If-None-Match": etag}).status_code == 304
    assert queries.presence([queries.of_order_key(order_id)])
    answer(said.conversation_id)
    news = client.get(f"{page}messages/", headers={"X-Milepost-Talk": "there", "If-None-Match": etag})
    assert "On Friday." in news.text
    assert queries.on_page(order_id)[-1].read_at is None, "it stands below what they look at"
    client.get(f"{page}messages/", headers=LIVE)
    assert queries.on_page(order_id)[-1].read_at is not None
    care.look_in(queries.of_staff_key(said.conversation_id), typing=True, now=timezone.now())
    assert "One of us is writing" in client.get(f"{page}messages/", headers=LIVE).text


def test_a_page_that_a_machine_opens_has_read_nothing(order_id: int, page: str) -> None:
    client = Client()
    client.post(f"{page}messages/", {"words": "Hello?"})
    answer(queries.on_page(order_id)[0].conversation_id)
    client.get(page)
    assert client.get(f"{page}messages/").headers["Location"] == f"{page}#messages"
    assert queries.on_page(order_id)[-1].read_at is None


def test_wrong_links_are_all_answered_alike_and_take_no_message(order_id: int, page: str) -> None:
    for token in ("nonsense", page.split("/")[2][:-1]):
        assert Client().post(f"/t/{token}/messages/", {"words": "Hello?"}).status_code == 404
        assert Client().get(f"/t/{token}/messages/", headers=LIVE).status_code == 404
    assert queries.on_page(order_id) == []


def test_a_closed_conversation_goes_on_when_they_write_again(order_id: int, page: str) -> None:
    client = Client()
    client.post(f"{page}messages/", {"words": "Hello?"})
    talk = queries.on_page(order_id)[0].conversation_id
    care.close([talk], act=act())
    client.post(f"{page}messages/", {"words": "One more thing."})
    assert {one.conversation_id for one in queries.on_page(order_id)} == {talk}
    assert queries.conversation(talk).state == State.OPEN
