"""Verbs of intake."""

from milepost.way.intake.commands.files import keep_file, take_in
from milepost.way.intake.commands.receive import receive
from milepost.way.intake.commands.refuse import keep_refused
from milepost.way.intake.commands.settle import settle

__all__ = ["keep_file", "keep_refused", "receive", "settle", "take_in"]
