"""Signing in as a customer does, with the code from the message."""

import re
from datetime import UTC, datetime

from django.test import Client

from milepost.ground.access import codes, links
from milepost.ground.access.models import SignIn
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as messages
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.reactions.letters import compose

ADA = "ada@okafor.example"


def send_messages() -> None:
    """What the worker does with whatever is due."""
    sender = MailboxSender(
        keep=notices.keep_in_mailbox, which=messages.kept_in_mailbox, clock=lambda: datetime.now(UTC), sent_from="shop@example.org"
    )  # fmt: skip
    while notices.send_due(now=datetime.now(UTC), sender=sender, compose=compose).total:
        pass


def code_for(email: str) -> str:
    """The code in the last message to this address; empty where none came."""
    send_messages()
    texts = [m.text for m in messages.mailbox() if m.address == email and "code to sign in" in m.subject]
    found = re.search(r"^\s+(\d{6})$", texts[0], re.MULTILINE) if texts else None
    return found[1] if found else ""


def signed_in(email: str = ADA) -> Client:
    """A browser in which the customer has signed in."""
    client = Client()
    client.post("/shop/sign-in/", {"email": email})
    response = client.post("/shop/sign-in/code/", {"code": code_for(email)})
    assert response.status_code == 302
    return client


def opened(order_id: int) -> tuple[Client, str]:
    """A browser in which the order's tracking link was opened by a code, and the address of its page."""
    client, where = Client(), f"/t/{links.make('track', order_id, now=datetime.now(UTC))}/"
    client.post(f"{where}code/", {"do": "ask", "channel": "email"})
    number = SignIn.objects.filter(order_id=order_id).latest("pk").pk
    response = client.post(f"{where}code/", {"do": "open", "code": codes.asked([number])[number].code})
    assert response.status_code == 302
    return client, where
