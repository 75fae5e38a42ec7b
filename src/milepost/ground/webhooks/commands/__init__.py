"""Verbs of webhooks out."""

from milepost.ground.webhooks.commands.announce import announce, plan_news
from milepost.ground.webhooks.commands.endpoints import close, open_endpoints, pause, resume, rotate
from milepost.ground.webhooks.commands.forget import forget
from milepost.ground.webhooks.commands.replay import replay
from milepost.ground.webhooks.commands.send import send_due

__all__ = [
    "announce",
    "close",
    "forget",
    "open_endpoints",
    "pause",
    "plan_news",
    "replay",
    "resume",
    "rotate",
    "send_due",
]
