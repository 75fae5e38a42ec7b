"""The command line: one file per group of commands; each command is a function of its arguments that gives the exit code.

A file here is found by its `add`, which puts its parsers among the commands of `milepost`. See `config/main.py`.
"""

import argparse
from typing import Protocol, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Group(Protocol):
    """What a file of this folder offers."""

    def add(self, commands: Commands) -> None:
        """Add the parsers of this group."""
