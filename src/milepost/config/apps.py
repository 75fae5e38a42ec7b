"""At start: register what follows from facts and which plugs stand behind the ports."""

from django.apps import AppConfig


class Config(AppConfig):
    """The top of the house."""

    name = "milepost.config"
    label = "config"

    def ready(self) -> None:
        """Wire the house together."""
        from milepost.config.wiring import wire

        wire()
