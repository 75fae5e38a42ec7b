"""Who gives and who gets: "we send 5 x AB-12" is a return or an offer, however harmless its words are."""

from collections.abc import Sequence

from milepost.plugs.inboxes.mail.tokens import Kind, Token
from milepost.plugs.inboxes.mail.vocabulary import vocabulary


def given_by_us(found: Sequence[Token]) -> list[Token]:
    """The verbs of sending whose subject is the writer; none in a stretch that asks or says who gets the goods."""
    words = vocabulary().giving
    given: list[Token] = []
    for stretch in _stretches(found):
        told = {token.low for token in stretch}
        verbs = [token for token in stretch if token.low in words["verbs"]]
        asks = told & (words["getting"] | vocabulary().questions["please"])
        if verbs and told & words["givers"] and not asks:
            given += verbs
        else:
            given += [verb for verb in verbs if _is_subject_near(stretch, stretch.index(verb))]
    return given


def _is_subject_near(found: Sequence[Token], verb: int) -> bool:
    """Whether the writer stands right before the verb, perhaps with "can" or "would like to" between."""
    words = vocabulary().giving
    at = verb - 1
    while at >= 0 and found[at].low in words["between"]:
        at -= 1
    return at >= 0 and found[at].low in words["givers"]


def _stretches(found: Sequence[Token]) -> list[list[Token]]:
    """The sentences of a line."""
    stretches: list[list[Token]] = [[]]
    for token in found:
        if token.kind == Kind.MARK and token.text in ".!?;:":
            stretches.append([])
        else:
            stretches[-1].append(token)
    return stretches
