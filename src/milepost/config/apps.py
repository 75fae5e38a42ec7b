"""At start: register what follows from facts and which plugs stand behind the ports."""

from typing import ClassVar

from django.apps import AppConfig


class Config(AppConfig):
    """The top of the house."""

    name = "milepost.config"
    label = "config"

    wires: ClassVar[bool] = True
    """False in a process that only looks whether the database is up to date: half of a start is loading what acts."""

    def ready(self) -> None:
        """Wire the house together."""
        if self.wires:
            from milepost.config.wiring import wire

            wire()
