"""What a message that is perhaps no order is about."""

from collections.abc import Sequence

from milepost.plugs.inboxes.mail.phrases import phrases
from milepost.plugs.inboxes.mail.tokens import Kind, Token
from milepost.plugs.inboxes.mail.vocabulary import vocabulary


def topic_of(found: Sequence[Token]) -> str:
    """The first topic that the words name, or nothing."""
    known = vocabulary().topics
    words = [token for token in found if token.kind == Kind.WORD]
    for phrase in phrases(words, frozenset(known)):
        if phrase.text in known:
            return known[phrase.text]
    return ""


def speaks_of_order(found: Sequence[Token]) -> bool:
    """Whether any word says that something is ordered, in any language."""
    known = vocabulary().all_of("order")
    words = [token for token in found if token.kind == Kind.WORD]
    return any(phrase.text in known for phrase in phrases(words, known))
