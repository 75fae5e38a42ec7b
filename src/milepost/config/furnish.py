"""What a database needs beside its tables before the house can work in it: partitions ahead and the default procedures."""

from datetime import datetime

from milepost.ground.journal.partitions import keep_partitions, partitioned_tables
from milepost.ground.procedures.commands import install_defaults
from milepost.kernel.acts import Act


def furnish(*, now: datetime) -> None:
    """Keep partitions ready and publish shipped procedures where none are; safe to repeat."""
    for table in partitioned_tables():
        keep_partitions(table, now=now)
    install_defaults(act=Act.now("system:install", channel="install", now=now, reason="shipped with this version"))
