"""Hand SMS to Twilio, and ask it about those whose answer never came.

Twilio knows no reference of ours: it is asked for the messages to that number since then, and they are told by their words. A
message that it has taken is in its list at once; one that is not there after a while was never taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import httpx

from milepost.ground.notices.words import Answer, Message, Outcome, Question, Result
from milepost.plugs.senders import calls
from milepost.plugs.senders.texts import TextSender
from milepost.plugs.senders.twilio import codes

API = "https://api.twilio.com"
SETTLED = timedelta(minutes=3)
SLACK = timedelta(minutes=2)  # between Twilio's clock and ours
PAGE = 200


@dataclass(frozen=True, kw_only=True)
class TwilioSender(TextSender):
    """`sent_from` may be the id of a messaging service (MG…) too. `receipts_url` is where Twilio says what became of a message."""

    account: str
    token: str = field(repr=False)
    receipts_url: str
    api: str = API
    name: str = "twilio"

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.api}/2010-04-01/Accounts/{self.account}", auth=(self.account, self.token),
            timeout=calls.TIMEOUT, transport=self.transport,
        )  # fmt: skip

    def _say(self, message: Message) -> Outcome:
        whence = "MessagingServiceSid" if self.sent_from.startswith("MG") else "From"
        fields = {
            "To": self._to(message.letter.address), whence: self.sent_from,
            "Body": message.letter.text,
            "StatusCallback": f"{self.receipts_url}?{urlencode({'reference': message.reference})}",
        }  # fmt: skip
        try:
            answer = self._client.post("/Messages.json", data=fields)
        except httpx.HTTPError as error:
            return calls.broken(error)
        return _outcome(answer)

    def _answer(self, question: Question) -> Answer:
        try:
            found = any(_is_it(one, question) for one in self._sent_to(question))
        except (httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError):
            return Answer.NOT_YET
        if found:
            return Answer.FOUND
        return Answer.ABSENT if question.asked_at - question.handed_at > SETTLED else Answer.NOT_YET

    def _sent_to(self, question: Question) -> Iterator[Mapping[str, Any]]:
        """All messages to the number since the day; by the day, because Twilio filters by no finer measure for sure."""
        number = self._to(question.address)
        day = (question.handed_at - SLACK).astimezone(UTC).date().isoformat()
        path = f"/Messages.json?{urlencode({'To': number, 'DateSent>': day, 'PageSize': PAGE})}"
        while path:
            answer = self._client.get(path)
            answer.raise_for_status()
            page = answer.json()
            yield from page["messages"]
            path = f"{self.api}{page['next_page_uri']}" if page.get("next_page_uri") else ""


def _is_it(sent: Mapping[str, Any], question: Question) -> bool:
    if sent["body"] != question.text or sent.get("direction") == "inbound":
        return False
    made: datetime = parsedate_to_datetime(sent["date_created"])
    return made >= question.handed_at - SLACK


def _outcome(answer: httpx.Response) -> Outcome:
    try:
        said = answer.json()
        code, sid = said.get("code"), said.get("sid")
    except (ValueError, AttributeError):
        said, code, sid = {}, None, None
    if isinstance(code, int) and code in codes.AT_SENDING:
        result, stops = codes.AT_SENDING[code]
        return Outcome(result=result, detail=f"{answer.status_code} {code}", stops=stops)
    outcome = calls.by_status(answer.status_code, str(code or ""))
    if outcome is not None:
        return outcome
    if isinstance(sid, str) and sid:
        return Outcome(result=Result.SENT, detail=str(said.get("status") or ""), foreign_id=sid)
    return Outcome(result=Result.UNKNOWN, detail="its answer made no sense")
