"""Telephone numbers as providers of SMS want them."""

import phonenumbers

from milepost.ground.notices.words import Message, Outcome, Result

NOT_A_NUMBER = Outcome(result=Result.REFUSED, detail="not a telephone number", stops=True)


def e164(number: str, *, country: str) -> str | None:
    """The number with its country's prefix (E.164), or None where it is none. `country` is the home of numbers without prefix."""
    try:
        read = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(read):
        return None
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def flaw(message: Message, *, country: str) -> Outcome | None:
    """Why a message cannot be handed to any provider, or None."""
    if e164(message.letter.address, country=country) is None:
        return NOT_A_NUMBER
    return None if message.letter.text.strip() else Outcome(result=Result.REFUSED, detail="no words")
