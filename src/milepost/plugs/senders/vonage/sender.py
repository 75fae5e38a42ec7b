"""Hand SMS to Vonage's Messages API, and ask its reports about those whose answer never came.

Our reference goes with each message (`client_ref`) and comes back in statuses and reports. Reports find what was taken; that a
message is not in them proves nothing, so Vonage never says that it does not have one.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

import httpx

from milepost.ground.notices.words import Answer, Message, Outcome, Question, Result
from milepost.plugs.senders import calls
from milepost.plugs.senders.texts import TextSender

API, REPORTS = "https://api.nexmo.com", "https://api.nexmo.com/v2/reports/records"
SLACK = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class VonageSender(TextSender):
    """Statuses come to the webhook of the application or account, or to `receipts_url`."""

    key: str
    secret: str = field(repr=False)
    receipts_url: str = ""
    name: str = "vonage"

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(auth=(self.key, self.secret), timeout=calls.TIMEOUT, transport=self.transport)

    def _say(self, message: Message) -> Outcome:
        body = {
            "message_type": "text", "channel": "sms", "client_ref": message.reference, "text": message.letter.text,
            "to": self._to(message.letter.address).lstrip("+"),
            "from": self.sent_from.lstrip("+"), **({"webhook_url": self.receipts_url} if self.receipts_url else {}),
        }  # fmt: skip
        try:
            answer = self._client.post(f"{API}/v1/messages", json=body)
        except httpx.HTTPError as error:
            return calls.broken(error)
        return _outcome(answer)

    def _answer(self, question: Question) -> Answer:
        asked = {
            "account_id": self.key, "product": "MESSAGES", "direction": "outbound", "client_ref": question.reference,
            "date_start": _written(question.handed_at - SLACK), "date_end": _written(question.asked_at + SLACK),
        }  # fmt: skip
        try:
            answer = self._client.get(REPORTS, params=asked)
            answer.raise_for_status()
            found = any(one.get("client_ref") == question.reference for one in answer.json()["records"])
        except (httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError):
            return Answer.NOT_YET
        return Answer.FOUND if found else Answer.NOT_YET


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _outcome(answer: httpx.Response) -> Outcome:
    try:
        said = answer.json()
        title, uuid = str(said.get("title") or "") if answer.is_error else "", said.get("message_uuid")
    except (ValueError, AttributeError):
        title, uuid = "", None
    outcome = calls.by_status(answer.status_code, title if title.isascii() else "")
    if outcome is not None:
        return outcome
    if isinstance(uuid, str) and uuid:
        return Outcome(result=Result.SENT, detail=str(answer.status_code), foreign_id=uuid)
    return Outcome(result=Result.UNKNOWN, detail="its answer made no sense")
