"""Django's `migrate`, after which the database is furnished as well: a bare schema is not a house."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.commands import migrate

from milepost.config.furnish import furnish


class Command(migrate.Command):
    """Migrate, then furnish."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's; nothing is furnished when only a plan was asked for or an app was singled out."""
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"] or options["app_label"]):
            furnish(now=datetime.now(UTC))
