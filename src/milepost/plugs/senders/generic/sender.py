"""Hand SMS to the provider that is described, and ask it by our reference where it can be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from urllib.parse import quote

import httpx

from milepost.ground.notices.words import Answer, Message, Outcome, Question, Result
from milepost.plugs.senders import calls
from milepost.plugs.senders.generic.shape import Shape, at, filled
from milepost.plugs.senders.texts import TextSender

ABSENT = 404


@dataclass(frozen=True, kw_only=True)
class GenericSender(TextSender):
    """Serves SMS by a provider that is described; whether and how it can be asked stands in its description."""

    shape: Shape

    @property
    def name(self) -> str:
        """As its description has it."""
        return self.shape.name

    def ask(self, questions: Sequence[Question]) -> Mapping[str, Answer]:
        """Whether it has each message, where its description says how it is asked."""
        return super().ask(questions) if self.shape.lookup_url else self.lookup([one.reference for one in questions])

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(headers=dict(self.shape.headers), timeout=calls.TIMEOUT, transport=self.transport)

    def _say(self, message: Message) -> Outcome:
        values = {
            "to": self._to(message.letter.address), "text": message.letter.text,
            "sender": self.sent_from, "reference": message.reference,
        }  # fmt: skip
        body = filled(self.shape.body, values)
        try:
            answer = (
                self._client.post(self.shape.url, data=body)
                if self.shape.form
                else self._client.post(self.shape.url, json=body)
            )
        except httpx.HTTPError as error:
            return calls.broken(error)
        return self._outcome(answer)

    def _outcome(self, answer: httpx.Response) -> Outcome:
        try:
            said = answer.json()
        except ValueError:
            said = None
        code, foreign_id = at(self.shape.code_at, said), at(self.shape.id_at, said)
        if code and code in self.shape.never_codes:
            return Outcome(result=Result.REFUSED, detail=f"{answer.status_code} {code}", stops=True)
        outcome = calls.by_status(answer.status_code, code if code.isascii() else "")
        if outcome is not None:
            return outcome
        if foreign_id:
            return Outcome(result=Result.SENT, detail=str(answer.status_code), foreign_id=foreign_id)
        return Outcome(result=Result.UNKNOWN, detail="its answer made no sense")

    def _answer(self, question: Question) -> Answer:
        try:
            answer = self._client.get(self.shape.lookup_url.replace("{reference}", quote(question.reference)))
            if answer.status_code == ABSENT:
                settled = question.asked_at - question.handed_at > timedelta(minutes=self.shape.settled_minutes)
                return Answer.ABSENT if settled else Answer.NOT_YET
            answer.raise_for_status()
            return Answer.FOUND if at(self.shape.found_at, answer.json()) else Answer.NOT_YET
        except (httpx.HTTPError, ValueError):
            return Answer.NOT_YET
