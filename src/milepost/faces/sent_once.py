"""A form that people send is carried out once: its token and what became of it stand in one transaction with the effect.

A double click, a reload or a way back in the browser is answered by what the first sending did, as calls of the API are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import orjson

from milepost.ground import journal
from milepost.ground.access import commands, queries
from milepost.ground.access.commands import Overtaken
from milepost.ground.access.words import StoredAnswer
from milepost.kernel.refusals import Refused

PEOPLE = 0
"""Stands where the number of an API key stands for machines; keys are numbered from 1."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a form. `again`: it had been sent before; `changed`: it now says something else, which nobody reads."""

    answer: str
    again: bool = False
    changed: bool = False


def once(effect: Callable[[], str], *, sender: str, token: UUID, body: bytes, now: datetime) -> Sent:
    """Carry out the effect of a form at most once for each sender and token, however often and concurrently it is sent.

    The first answer stands, also for another body: whoever sends a form twice means one thing. What is refused leaves nothing
    behind, so the form may be corrected and sent again.
    """
    key, mark = f"form:{sender}:{token}", sha256(token.bytes).digest()
    digest = sha256(body).hexdigest()
    before = queries.replayed(PEOPLE, key, mark)
    if before is None:
        try:
            with journal.together():
                answer = effect()
                content = orjson.dumps({"answer": answer, "digest": digest})
                stored = StoredAnswer(status=201, content_type="application/json", response=content)
                commands.remember(PEOPLE, key, mark, stored, now=now)
            return Sent(answer)
        except (Overtaken, Refused):
            before = queries.replayed(PEOPLE, key, mark)
            if before is None:
                raise
    first = orjson.loads(before.response)
    return Sent(first["answer"], again=True, changed=first["digest"] != digest)
