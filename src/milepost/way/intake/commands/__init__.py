"""Verbs of intake."""

from milepost.way.intake.commands.answer import answer
from milepost.way.intake.commands.ask import ask, chase
from milepost.way.intake.commands.complete import complete, discard
from milepost.way.intake.commands.documents import keep_document, keep_unread, take_documents
from milepost.way.intake.commands.files import keep_file, read_again, take_in
from milepost.way.intake.commands.forms import drop_form, forget_forms, keep_form
from milepost.way.intake.commands.layouts import remember_layout
from milepost.way.intake.commands.let_repeat import let_repeat
from milepost.way.intake.commands.mail import take_mail
from milepost.way.intake.commands.numbers import remember_numbers
from milepost.way.intake.commands.open import keep_open
from milepost.way.intake.commands.receive import receive
from milepost.way.intake.commands.refuse import keep_refused
from milepost.way.intake.commands.restate import restate
from milepost.way.intake.commands.settle import settle
from milepost.way.intake.commands.verify_again import verify_again

__all__ = [
    "answer", "ask", "chase", "complete", "discard", "drop_form", "forget_forms", "keep_document", "keep_file",
    "keep_form", "keep_open", "keep_refused", "keep_unread", "let_repeat", "read_again", "receive",
    "remember_layout", "remember_numbers", "restate", "settle", "take_documents", "take_in", "take_mail",
    "verify_again",
]  # fmt: skip
